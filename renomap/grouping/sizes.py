"""Sizes of areas: which bounds and which target hold in which piece.

Where the households of a piece are unknown for more than half, its areas are sized by the number of
neighbourhoods.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from renomap.errors import RenomapError
from renomap.model.note import Note, Severity
from renomap.model.preset import Preset
from renomap.model.problem import Capacity, Flags, Floats, Ints, Target

#: Bounds where neither preset nor user sets any; the household band holds the Changsha mean of 1,225. Sources
#: and status, all unverified, stand in resources/presets/national.toml.
DEFAULT_BOUNDS: Final[Mapping[str, float]] = MappingProxyType(
    {"households_min": 300.0, "households_max": 4000.0, "area_ha_max": 60.0, "walk_m_max": 1000.0}
)
#: Neighbourhoods per area where households are unknown for more than half (Changsha mean 8.1, Luoyang
#: 10.2).
COUNT_BOUNDS: Final[Mapping[str, float]] = MappingProxyType({"count_min": 3.0, "count_max": 20.0})
DEFAULT_TARGETS: Final[Mapping[str, float]] = MappingProxyType({"households": 1225.0, "count": 8.0})
BOUND_KEYS: Final = (
    "households_min",
    "households_max",
    "count_min",
    "count_max",
    "population_min",
    "population_max",
    "area_ha_min",
    "area_ha_max",
    "walk_m_max",
)

#: The capacity that sizes go by where pieces differ in it: the share of the target size, whatever that is.
SIZE: Final = "size"


@dataclass(frozen=True)
class Sizes:
    """Capacities with bounds, the size to aim at, which units are counted (n,), and remarks on that.

    ``asked`` (n, t): the share of an area that each unit is under each target, see ``model.problem``.
    """

    capacities: tuple[Capacity, ...]
    target: Target
    by_count: Flags
    asked: Floats
    notes: tuple[Note, ...]


def column(frame: gpd.GeoDataFrame, name: str) -> Floats:
    """A column as float64; NaN where it is missing or no number."""
    if name not in frame:
        return np.full(len(frame), np.nan)
    return np.asarray(pd.to_numeric(frame[name], errors="coerce"), dtype=np.float64)


def limits(preset: Preset, bounds: Mapping[str, float | None], *, by_count: bool = False) -> dict[str, float]:
    """Bounds in force: defaults, overruled by the preset, overruled by the user.

    By count the households of preset and defaults are out.

    Raises
    ------
    RenomapError
        ``grouping.unknown-bound``.
    """
    for key in bounds:
        if key not in BOUND_KEYS:
            raise RenomapError("grouping.unknown-bound", bound=key, known=", ".join(BOUND_KEYS))
    found = {
        **DEFAULT_BOUNDS,
        **{key: bound.value for key, bound in preset.bounds.items() if key in BOUND_KEYS},
    }
    if by_count:
        found = {key: value for key, value in found.items() if not key.startswith("households_")}
        found = {**COUNT_BOUNDS, **found}
    found.update({key: np.nan if value is None else float(value) for key, value in bounds.items()})
    return {key: value for key, value in found.items() if not np.isnan(value)}


def sizes(
    frame: gpd.GeoDataFrame,
    preset: Preset,
    bounds: Mapping[str, float | None],
    piece: Ints,
    population: Floats | None,
    wished: Mapping[str, float] = MappingProxyType({}),
) -> Sizes:
    """How areas are sized, piece by piece.

    Parameters
    ----------
    frame : GeoDataFrame
        Rows of the units, with ``households`` and ``population`` where known.
    preset, bounds
        As in ``problem.build``.
    piece : (n,) int32
        Connected component of each unit over usable links.
    population : (n,) float64 or None
        Overrules the column.
    wished : Mapping
        Targets (``households``, ``count``) that overrule those of the preset.
    """
    households = column(frame, "households")
    values = {
        "households": households,
        "count": np.ones(len(frame)),
        "population": column(frame, "population") if population is None else population,
        "area_ha": shapely.area(np.asarray(frame.geometry.values)) / 10_000.0,
    }
    targets = targets_in_force(preset, wished)
    by_count = mostly_unknown(households, piece)
    plain, counted = (limits(preset, bounds, by_count=flag) for flag in (False, True))
    notes = _notes(households, by_count, piece)
    mostly_no_people = 2 * int(np.isnan(values["population"]).sum()) > len(frame)
    dropped = [key for key in ("population_min", "population_max") if mostly_no_people and key not in bounds]
    if any(key in plain for key in dropped):
        notes.append(Note("grouping.note.population-unknown", {"units": len(frame)}, Severity.WARNING))
    plain, counted = (
        {key: value for key, value in found.items() if key not in dropped} for found in (plain, counted)
    )
    asked = _asked(targets, households, by_count)
    targets = {"count": DEFAULT_TARGETS["count"], **targets}
    own = "households" if "households" in targets else "count"
    if by_count.all() or not by_count.any():
        name, found = ("count", counted) if by_count.all() else (own, plain)
        target = Target(name, targets[name])
        capacities = tuple(_bounded(values, found, name))
    else:
        shares = np.where(by_count, 1.0 / targets["count"], values[own] / targets[own])
        target = Target(SIZE, 1.0)
        capacities = (*_bounded_by_piece(values, plain, counted, by_count), Capacity(SIZE, shares))
    return Sizes(capacities, target, by_count, asked, tuple(notes))


def mostly_unknown(values: Floats, piece: Ints) -> Flags:
    """Units of pieces where more than half of the values are unknown."""
    unknown = np.bincount(piece, np.isnan(values))
    return np.asarray((2 * unknown > np.bincount(piece))[piece])


def _notes(households: Floats, by_count: Flags, piece: Ints) -> list[Note]:
    unknown, units = int(np.isnan(households).sum()), len(households)
    if by_count.all():
        return [Note("grouping.note.by-count", {"unknown": unknown, "units": units}, Severity.WARNING)]
    notes = []
    if by_count.any():
        params = {"pieces": len(np.unique(piece[by_count])), "units": int(by_count.sum())}
        notes.append(Note("grouping.note.by-count-pieces", params, Severity.WARNING))
    here = ~by_count
    unknown = int(np.isnan(households[here]).sum())
    if unknown:
        notes.append(Note("grouping.note.some-unknown", {"unknown": unknown, "units": int(here.sum())}))
    return notes


def _bounded(values: Mapping[str, Floats], found: Mapping[str, float], target: str) -> Iterator[Capacity]:
    for name, of_units in values.items():
        lower, upper = found.get(f"{name}_min"), found.get(f"{name}_max")
        if lower is not None or upper is not None or name == target:
            yield Capacity(name, of_units, lower or 0.0, np.inf if upper is None else upper)


def _bounded_by_piece(
    values: Mapping[str, Floats], plain: Mapping[str, float], counted: Mapping[str, float], by_count: Flags
) -> Iterator[Capacity]:
    """Bounds that differ between the pieces, lower and upper apart.

    A capacity has one bound for all units. Where it is not to bind, each unit counts as the whole lower
    bound, or as nothing against the upper one.
    """
    for name, of_units in values.items():
        for side, nothing in (("min", 0.0), ("max", np.inf)):
            key = f"{name}_{side}"
            for limit in sorted({found.get(key, nothing) for found in (plain, counted)} - {nothing}):
                here = np.where(by_count, counted.get(key) == limit, plain.get(key) == limit)
                neutral = limit if side == "min" else 0.0
                shown = of_units if here.all() else np.where(here, of_units, neutral)
                lower, upper = (limit, np.inf) if side == "min" else (0.0, limit)
                yield Capacity(name, shown, lower, upper, None if here.all() else here)


def targets_in_force(preset: Preset, wished: Mapping[str, float]) -> dict[str, float]:
    """The wished sizes of an area (``households``, ``count``): the preset's, overruled by the user's.

    Raises
    ------
    RenomapError
        ``grouping.unknown-target``, ``grouping.bad-target``.
    """
    for key, value in wished.items():
        if key not in DEFAULT_TARGETS:
            raise RenomapError("grouping.unknown-target", target=key, known=", ".join(DEFAULT_TARGETS))
        if not 0 < value < np.inf:
            raise RenomapError("grouping.bad-target", target=key, value=value)
    stated = {key: bound.value for key, bound in preset.targets.items() if key in DEFAULT_TARGETS}
    return {**(stated or DEFAULT_TARGETS), **wished}


def counts_asked(targets: Mapping[str, float], households: Floats) -> dict[str, float]:
    """How many areas each target asks for; a neighbourhood of unknown households counts as the mean.

    By the number of neighbourhoods alone where households are unknown for more than half.
    """
    by_count = mostly_unknown(households, np.zeros(len(households), dtype=np.int32))
    if by_count.any():
        return {"count": len(households) / targets.get("count", DEFAULT_TARGETS["count"])}
    sums = _asked(targets, households, by_count).sum(axis=0)
    return dict(zip(targets, sums.tolist(), strict=True))


def _asked(targets: Mapping[str, float], households: Floats, by_count: Flags) -> Floats:
    """The share of an area that each unit (n) is under each target (t)."""
    known = households[~np.isnan(households)]
    filled = np.where(np.isnan(households), known.mean() if len(known) else 0.0, households)
    counted = np.full(len(households), 1.0 / targets.get("count", DEFAULT_TARGETS["count"]))
    if "households" in targets:
        by_households = np.where(by_count, counted, filled / targets["households"])
    return np.stack([counted if key == "count" else by_households for key in targets], axis=1)
