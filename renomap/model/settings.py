"""What made the areas of a scheme: the choices of the run, what it found, or where areas were read from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Final


@dataclass(frozen=True)
class RunFigures:
    """What a run of the search found.

    ``areas`` counts the areas among the neighbourhoods that took part; ``objective``, ``bound`` and ``gap``
    are None where unknown; ``terms`` holds the unweighed terms of the objective; ``proof`` says how sure the
    result is; not ``complete``: stopped early; ``made``: ISO date and time.
    """

    areas: int
    objective: float | None = None
    terms: Mapping[str, float | None] = field(default_factory=dict)
    proof: str = ""
    bound: float | None = None
    gap: float | None = None
    complete: bool = True
    made: str = ""


@dataclass(frozen=True)
class GroupSettings:
    """What decides the areas of a scheme; ``GroupSettings()`` is a scheme that was made by hand.

    Parameters
    ----------
    preset : str or None
        A shipped preset by name or the text of the user's own; None: the project's.
    areas : int or str
        A count, or ``auto``, ``most``, ``fewest``.
    bounds : Mapping
        Bounds of sizes by key of ``model.preset.Preset``, in their units.
    given : tuple of str or None
        Which bounds were given for this run instead of the preset's; a key that ``bounds`` lacks was
        switched off. None: all of ``bounds``.
    gap_m : float or None
        Widest gap of neighbours in metres; None: the preset's.
    within : str or None
        What an area may not leave, as in ``steps.within.resolve_within``.
    targets, weights : Mapping
        Wished sizes and weights of the terms, as in ``steps.options.GroupOptions``.
    seed, time_limit, only
        As in ``steps.options.GroupOptions``.
    result : RunFigures or None
        What the search found; None: areas that no run made.
    scattered : Mapping
        Neighbourhood (its ``fid`` as text) -> ``code`` and ``params`` of why no legal area can hold it.
    source, layer : str
        File and layer that areas were read from; empty where they were not.
    """

    preset: str | None = None
    areas: int | str = "auto"
    bounds: Mapping[str, float] = field(default_factory=dict)
    given: tuple[str, ...] | None = None
    gap_m: float | None = None
    within: str | None = None
    targets: Mapping[str, float] = field(default_factory=dict)
    weights: Mapping[str, float] = field(default_factory=dict)
    seed: int = 1
    time_limit: float | None = None
    only: str | None = None
    result: RunFigures | None = None
    scattered: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    source: str = ""
    layer: str = ""

    @property
    def given_bounds(self) -> dict[str, float | None]:
        """The bounds that bind instead of the preset's, None where one was switched off.

        >>> GroupSettings(bounds={"count_max": 9.0}, given=("area_ha_max", "count_max")).given_bounds
        {'area_ha_max': None, 'count_max': 9.0}
        >>> GroupSettings(bounds={"count_max": 9.0}).given_bounds
        {'count_max': 9.0}
        """
        keys = tuple(self.bounds) if self.given is None else self.given
        return {key: self.bounds.get(key) for key in keys}

    def over(self, usual: GroupSettings) -> GroupSettings:
        """These settings, with what they leave open as in ``usual``."""
        said = {name: value for name, value in vars(self).items() if value != getattr(BY_HAND, name)}
        return replace(usual, **said)


#: A scheme that nothing but hands made.
BY_HAND = GroupSettings()


def settings_of_mapping(told: Mapping[str, Any]) -> GroupSettings:
    """The settings that a file of an earlier version keeps as a plain mapping.

    Keys of no meaning and values of another kind are left out: the choice is then as nobody made it.

    >>> found = settings_of_mapping({"preset": "changsha", "gap_m": 30, "bounds": [1, 2], "gap": 3})
    >>> found == GroupSettings(preset="changsha", gap_m=30)
    True
    """
    kept = {key: told[key] for key, kinds in _KINDS.items() if isinstance(told.get(key), kinds)}
    if "given" in kept:
        kept["given"] = tuple(kept["given"])
    if "result" in kept:
        figures = {item.name for item in fields(RunFigures)}
        kept["result"] = RunFigures(**{key: value for key, value in kept["result"].items() if key in figures})
    return GroupSettings(**kept)


_KINDS: Final[Mapping[str, tuple[type, ...]]] = {
    "preset": (str,),
    "areas": (int, str),
    "bounds": (dict,),
    "given": (list, tuple),
    "gap_m": (int, float),
    "within": (str,),
    "targets": (dict,),
    "weights": (dict,),
    "seed": (int,),
    "time_limit": (int, float),
    "only": (str,),
    "result": (dict,),
    "scattered": (dict,),
    "source": (str,),
    "layer": (str,),
}
