"""What a planner may choose when grouping."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class GroupOptions:
    """Choices for one run of the engine; None = as the preset says.

    ``areas`` is a count or ``auto``, ``most``, ``fewest``. ``bounds`` overrides bounds of the preset by
    key, see
    ``model.preset.Preset``. ``within`` as in ``steps.within.resolve_within``.
    """

    preset: str | None = None
    areas: int | str = "auto"
    bounds: Mapping[str, float] = field(default_factory=dict)
    gap_m: float | None = None
    within: str | None = None
    weights: Mapping[str, float] = field(default_factory=dict)
    seed: int = 1
    time_limit: float | None = None
    title: str | None = None
