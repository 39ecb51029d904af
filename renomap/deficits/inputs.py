"""What is known of each neighbourhood before any area is drawn: computed once, used by every stroke after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import shapely

from renomap.deficits import stairwells
from renomap.deficits.columns import numbers, texts
from renomap.deficits.rules import (
    ALMOST,
    DUE,
    FLOORS_MIN,
    NOT_DUE,
    Flags,
    Floats,
    Pooling,
    Positions,
    due,
    is_set,
    minimum,
    pooling,
    shortfall,
)
from renomap.deficits.supply import Supply, supply
from renomap.model.links import Links
from renomap.model.note import Note, Severity
from renomap.model.standard import Facility, Standard

Pairs = tuple[Positions, Positions]

#: Farther apart than any two places of a country: stands for "no radius set".
ANYWHERE_M: Final = 1e7


@dataclass(frozen=True)
class Inputs:
    """n neighbourhoods in order of fid against f lines of a standard.

    Parameters
    ----------
    fids : int64 (n,)
        Sorted, so that no sum depends on the order of rows.
    need : float (f, n)
        ``rate * base / rate_per``; NaN where the base is unknown, the standard sets no number, or the need is
        the area's.
    whole : bool (f, n)
        Whether ``need`` is all of it; False where it is unknown or a part of it is.
    alone : float (f, n)
        1 where the neighbourhood by itself reaches trigger and minimum size, 0 where not, NaN where that is
        unknown or there is nothing to reach.
    supply : Supply
        What there is.
    population : float (n,)
        Reported, else households times persons per household.
    points : float (n, 2)
        Representative points in metres.
    pairs : Mapping
        For each linked facility (by position) the pairs of neighbourhoods that may share.
    """

    standard: Standard
    fids: Positions
    street: tuple[str | None, ...]
    households: Floats
    population: Floats
    elderly: Floats
    need: Floats
    whole: Flags
    alone: Floats
    supply: Supply
    points: Floats
    pairs: Mapping[int, Pairs]
    notes: tuple[Note, ...]


def share(part: Floats, whole: Floats) -> Floats:
    """``part / whole``, NaN where the whole is 0 or unknown."""
    ratio: Floats = np.divide(part, whole, out=np.full(len(whole), np.nan), where=whole > 0)
    return ratio


def prepare(
    neighbourhoods: gpd.GeoDataFrame,
    buildings: gpd.GeoDataFrame | None,
    facilities: gpd.GeoDataFrame | None,
    standard: Standard,
    links: Links | None = None,
    *,
    stairwell_m: float = stairwells.STAIRWELL_M,
) -> Inputs:
    """Need and supply of each neighbourhood against a standard.

    Parameters
    ----------
    neighbourhoods : GeoDataFrame
        Index ``fid`` (unique), polygons in metres, canonical columns; a missing column is unknown.
    buildings, facilities : GeoDataFrame or None
        Layers of those roles in the same CRS; None = not loaded.
    standard : Standard
        With the values of the meeting in it.
    links : Links or None
        Who may share parking; without it, whoever lies within the radius.
    stairwell_m : float
        Metres of building per stairwell where neither inventory nor building states them.

    Returns
    -------
    Inputs, of length 0 for an empty frame
    """
    rows = neighbourhoods.sort_index()
    households = numbers(rows, "households")
    reported = numbers(rows, "population")
    population = np.where(np.isnan(reported), households * standard.persons_per_household, reported)
    elderly = numbers(rows, "elderly")
    found = stairwells.blocks(rows, buildings, stairwell_m)
    there = supply(rows, facilities, standard, _stairwells(rows, found, _floors_min(standard)).equipped)
    bases = {
        "household": households,
        "person": population,
        "car": numbers(rows, "cars"),
        "parking": _parking(rows, standard, there),
        "neighbourhood": np.ones(len(rows)),
    }
    need, whole, guessed = _needs(rows, standard, bases, found)
    fids = rows.index.to_numpy(dtype=np.int64)
    return Inputs(
        standard=standard,
        fids=fids,
        street=tuple(texts(rows, "street")),
        households=households,
        population=population,
        elderly=elderly,
        need=need,
        whole=whole,
        alone=_alone(standard, need, whole, population, share(elderly, population)),
        supply=there,
        points=shapely.get_coordinates(rows.representative_point().values).reshape(-1, 2),
        pairs=_pairs(rows, standard, links),
        notes=(*_estimated(fids, guessed, stairwell_m), *there.notes),
    )


def own_deficit(inputs: Inputs, f: int) -> Floats:
    """What each neighbourhood (n,) lacks of facility ``f`` by its own need and supply; NaN where unknown.

    Known supply that covers the need is enough to say 0, even if there may be more of it.
    """
    need, sure = inputs.need[f], inputs.supply.sure[f]
    certain = inputs.whole[f] & (inputs.supply.known[f] | (shortfall(need, sure) == 0))
    return np.where(certain, shortfall(need, sure), np.nan)


def _needs(
    rows: gpd.GeoDataFrame, standard: Standard, bases: Mapping[str, Floats], found: stairwells.Blocks
) -> tuple[Floats, Flags, Flags]:
    """``need`` and ``whole`` (f, n), and where stairwells of a set facility had to be guessed (n,)."""
    need = np.full((len(standard.facilities), len(rows)), np.nan)
    whole = np.zeros(need.shape, dtype=bool)
    guessed = np.zeros(len(rows), dtype=bool)
    for f, item in enumerate(standard.facilities):
        if item.base == "stairwell":
            wells = _stairwells(rows, found, item.trigger.get(FLOORS_MIN, 0.0))
            need[f], whole[f] = _rated(item, wells.count), wells.whole
            guessed |= wells.guessed & is_set(item)
        elif item.base == "area":
            whole[f] = True  # nothing of it depends on a neighbourhood
        else:
            need[f] = _rated(item, bases[item.base])
            whole[f] = ~np.isnan(need[f])
    return need, whole, guessed


def _stairwells(rows: gpd.GeoDataFrame, found: stairwells.Blocks, floors_min: float) -> stairwells.Stairwells:
    return stairwells.count(numbers(rows, "stairwells"), numbers(rows, "floors"), found, floors_min)


def _floors_min(standard: Standard) -> float:
    """Storeys from which elevators are counted: those of the line whose supply they are."""
    elevators = (item for item in standard.facilities if item.supply_field == "elevators")
    return next((item.trigger.get(FLOORS_MIN, 0.0) for item in elevators), 0.0)


def _rated(facility: Facility, base: Floats) -> Floats:
    """Need of each neighbourhood; without a rate, one of the minimum size where that is per neighbourhood."""
    if facility.rate is not None:
        return facility.rate * base / facility.rate_per
    return base * facility.min_size if is_set(facility) and facility.min_size else np.full(len(base), np.nan)


def _parking(rows: gpd.GeoDataFrame, standard: Standard, there: Supply) -> Floats:
    """Parking spaces of each neighbourhood: the supply of that line, else the survey's column."""
    for f, item in enumerate(standard.facilities):
        if item.supply_field == "parking_spaces":
            return np.where(there.known[f], there.sure[f], np.nan)
    return numbers(rows, "parking_spaces")


def _alone(
    standard: Standard, need: Floats, whole: Flags, population: Floats, elderly_share: Floats
) -> Floats:
    alone = np.full(need.shape, np.nan)
    for f, item in enumerate(standard.facilities):
        if pooling(item) is not Pooling.AREA or not is_set(item) or not (item.trigger or item.min_size):
            continue
        state = due(item.trigger, population, ~np.isnan(population), elderly_share)
        if item.base == "area":
            enough, too_small = np.ones(len(population), bool), np.zeros(len(population), bool)
        else:
            enough = need[f] >= minimum(item) * ALMOST
            too_small = whole[f] & ~enough
        alone[f] = np.select([(state == NOT_DUE) | too_small, (state == DUE) & enough], [0.0, 1.0], np.nan)
    return alone


def _pairs(rows: gpd.GeoDataFrame, standard: Standard, links: Links | None) -> dict[int, Pairs]:
    found: dict[int, Pairs] = {}
    for f, item in enumerate(standard.facilities):
        if pooling(item) is not Pooling.LINKED:
            continue
        radius = ANYWHERE_M if item.radius_m is None else item.radius_m
        if links is not None:
            near = links.gap_m <= radius
            a = rows.index.get_indexer(links.fids[links.a[near]])
            b = rows.index.get_indexer(links.fids[links.b[near]])
        else:
            shapes = np.asarray(rows.geometry.values)
            a, b = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=radius)
            a, b = a[a < b], b[a < b]
        here = (a >= 0) & (b >= 0)
        found[f] = (a[here].astype(np.int64), b[here].astype(np.int64))
    return found


def _estimated(fids: Positions, guessed: Flags, stairwell_m: float) -> tuple[Note, ...]:
    if not guessed.any():
        return ()
    params = {"count": int(guessed.sum()), "metres": stairwell_m}
    at = tuple(int(fid) for fid in fids[guessed])
    return (Note("deficits.stairwells-estimated", params, Severity.GUESS, fids=at),)
