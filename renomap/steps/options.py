"""What a planner may choose when grouping."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

#: What a run may change; see ``GroupOptions.only``.
SELECTED: Final = "selected"
UNASSIGNED_ONLY: Final = "unassigned"
EVERYTHING: Final = "everything"
ONLY: Final = (SELECTED, UNASSIGNED_ONLY, EVERYTHING)


@dataclass(frozen=True)
class GroupOptions:
    """Choices for one run of the engine; None = as the preset says.

    Parameters
    ----------
    areas : int or str
        A count, or ``auto``, ``most``, ``fewest``. With ``only`` it counts the areas among the neighbourhoods
        that take part; else locked areas count, too.
    bounds : Mapping
        Overrides bounds of the preset by key, see ``model.preset.Preset``; None = no such bound.
    within : str or None
        As in ``steps.within.resolve_within``.
    weights : Mapping
        Weight (>= 0) per term of ``model.problem.TERMS``; overrides the preset's term by term, and all are
        rescaled to sum to 1.
    targets : Mapping
        Wished size of an area in ``households`` or ``count`` (neighbourhoods); overrides the preset's one by
        one.
    only : str or None
        None: all neighbourhoods outside the locked areas of the active scheme, whose areas stay as they are.
        ``selected``: the neighbourhoods ``fids`` are shared out anew among themselves and the rests of the
        areas they are taken from; all others stay in their areas. ``unassigned``: neighbourhoods in no area;
        all areas stay. ``everything``: locked areas are given up, too. What stays keeps its number, name,
        colour, lock and drawn boundary.
    fids : tuple of int
        The selection of ``only="selected"``; members of locked areas stay where they are.
    warm : bool or None
        Start from the areas of the active scheme, which the result is then never worse than; None = where a
        selection is shared out anew.
    onward : bool
        Go on looking for a better plan until stopped, out of time, or at the best there can be.
    """

    preset: str | None = None
    areas: int | str = "auto"
    bounds: Mapping[str, float | None] = field(default_factory=dict)
    gap_m: float | None = None
    within: str | None = None
    weights: Mapping[str, float] = field(default_factory=dict)
    seed: int = 1
    time_limit: float | None = None
    title: str | None = None
    targets: Mapping[str, float] = field(default_factory=dict)
    only: str | None = None
    fids: tuple[int, ...] = ()
    warm: bool | None = None
    onward: bool = False
