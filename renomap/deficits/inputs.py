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
from renomap.deficits.communities import Communities, judge_communities
from renomap.deficits.rules import (
    ALMOST,
    DUE,
    FLOORS_MIN,
    NOT_DUE,
    PLACES,
    Flags,
    Floats,
    PoolingWay,
    Positions,
    Range,
    due,
    is_set,
    minimum,
    pooling,
)
from renomap.deficits.supply import Supply, supply
from renomap.model.households import counted_whole
from renomap.model.links import Links
from renomap.model.note import Note, Severity
from renomap.model.reach import Walks
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
        ``rate * base / rate_per`` of what is known of the base, the least it can be; NaN where nothing of it
        is known, the standard sets no number, or the need is the area's.
    need_high : float (f, n)
        The most it can be, inf = open; equal to ``need`` where that is all of it. NaN where the need is the
        area's.
    alone : float (f, n)
        1 where the neighbourhood by itself reaches trigger and minimum size, 0 where not, NaN where that is
        unknown or there is nothing to reach.
    supply : Supply
        What there is.
    households_whole, population_whole : bool (n,)
        Whether ``households`` (``population``) is all of them; False where unknown or a lower bound.
    population : float (n,)
        Reported, else households times persons per household.
    points : float (n, 2)
        Representative points in metres.
    pairs : Mapping
        For each linked facility (by position) the pairs of neighbourhoods that may share.
    communities : Communities
        Verdicts of the facilities of level community; no division into areas changes them.
    walks : Walks or None
        Ways along the roads that decide whom a place serves; None = straight lines.
    """

    standard: Standard
    fids: Positions
    street: tuple[str | None, ...]
    households: Floats
    households_whole: Flags
    population: Floats
    population_whole: Flags
    elderly: Floats
    need: Floats
    need_high: Floats
    alone: Floats
    supply: Supply
    points: Floats
    pairs: Mapping[int, Pairs]
    communities: Communities
    notes: tuple[Note, ...]
    walks: Walks | None = None

    def needed(self, f: int) -> Range:
        """Need of each neighbourhood (n,) of facility ``f``; nothing known is 0 or more."""
        return Range(
            np.nan_to_num(self.need[f], nan=0.0), np.nan_to_num(self.need_high[f], nan=np.inf, posinf=np.inf)
        )

    def there(self, f: int) -> Range:
        """Supply of each neighbourhood (n,) of facility ``f``."""
        sure = self.supply.sure[f]
        return Range(sure, np.where(self.supply.known[f], sure, np.inf))


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
    boundaries: gpd.GeoDataFrame | None = None,
    stairwell_m: float = stairwells.STAIRWELL_M,
    walks: Walks | None = None,
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
    boundaries : GeoDataFrame or None
        Administrative boundaries in the same CRS; those of communities say what stands in them.
    stairwell_m : float
        Metres of building per stairwell where neither inventory nor building states them.
    walks : Walks or None
        As in ``Inputs``.

    Returns
    -------
    Inputs, of length 0 for an empty frame
    """
    rows = neighbourhoods.sort_index()
    households, households_whole = numbers(rows, "households"), counted_whole(rows).to_numpy()
    reported = numbers(rows, "population")
    population = np.where(np.isnan(reported), households * standard.persons_per_household, reported)
    population_whole = ~np.isnan(reported) | households_whole
    elderly = numbers(rows, "elderly")
    found = stairwells.buildings_with_flats(rows, buildings, stairwell_m)
    there = supply(rows, facilities, standard, _stairwells(rows, found, _floors_min(standard)).equipped)
    cars = numbers(rows, "cars")
    bases = {
        "household": (households, households_whole),
        "person": (population, population_whole),
        "car": (cars, ~np.isnan(cars)),
        "parking": _parking(rows, standard, there),
        "neighbourhood": (np.ones(len(rows)), np.ones(len(rows), bool)),
    }
    need, need_high, guessed = _needs(rows, standard, bases, found)
    fids = rows.index.to_numpy(dtype=np.int64)
    return Inputs(
        standard=standard,
        fids=fids,
        street=tuple(texts(rows, "street")),
        households=households,
        households_whole=households_whole,
        population=population,
        population_whole=population_whole,
        elderly=elderly,
        need=need,
        need_high=need_high,
        alone=_alone(standard, need, need_high, population, population_whole, elderly),
        supply=there,
        points=shapely.get_coordinates(rows.representative_point().values).reshape(-1, 2),
        pairs=_pairs(rows, standard, links),
        communities=judge_communities(rows, population, there, standard, boundaries),
        notes=(*_estimated(fids, guessed, stairwell_m), *there.notes),
        walks=walks,
    )


def own_deficit(inputs: Inputs, f: int) -> Floats:
    """What each neighbourhood (n,) lacks of facility ``f`` by its own need and supply; NaN where unknown.

    Known supply that covers the most it can need is enough to say 0, even if there may be more of it.
    """
    lack = inputs.needed(f).less(inputs.there(f))
    return np.where(lack.settled & ~np.isnan(inputs.need_high[f]), lack.high, np.nan)


def _needs(
    rows: gpd.GeoDataFrame,
    standard: Standard,
    bases: Mapping[str, tuple[Floats, Flags]],
    found: stairwells.Buildings,
) -> tuple[Floats, Floats, Flags]:
    """``need`` and ``need_high`` (f, n), and where stairwells of a set facility had to be guessed (n,).

    ``bases`` holds what is known of each base and whether that is all of it.
    """
    need = np.full((len(standard.facilities), len(rows)), np.nan)
    high = np.full(need.shape, np.nan)
    guessed = np.zeros(len(rows), dtype=bool)
    for f, item in enumerate(standard.facilities):
        if item.base == "stairwell":
            wells = _stairwells(rows, found, item.trigger.get(FLOORS_MIN, 0.0))
            need[f], high[f] = _rated(item, wells.count), _rated(item, wells.high)
            guessed |= wells.guessed & is_set(item)
        elif item.base not in PLACES:
            known, whole = bases[item.base]
            need[f] = _rated(item, known)
            high[f] = np.where(whole, need[f], 0.0 if item.rate == 0 else np.inf)
    return need, high, guessed


def _stairwells(
    rows: gpd.GeoDataFrame, found: stairwells.Buildings, floors_min: float
) -> stairwells.Stairwells:
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


def _parking(rows: gpd.GeoDataFrame, standard: Standard, there: Supply) -> tuple[Floats, Flags]:
    """Parking spaces of each neighbourhood, and whether they are all: that line's supply, else the survey."""
    for f, item in enumerate(standard.facilities):
        if item.supply_field == "parking_spaces":
            sure, known = there.sure[f], there.known[f]
            return np.where(known | (sure > 0), sure, np.nan), known
    spaces = numbers(rows, "parking_spaces")
    return spaces, ~np.isnan(spaces)


def _alone(
    standard: Standard,
    need: Floats,
    need_high: Floats,
    population: Floats,
    population_whole: Flags,
    elderly: Floats,
) -> Floats:
    alone = np.full(need.shape, np.nan)
    elderly_share = np.where(population_whole, share(elderly, population), np.nan)
    for f, item in enumerate(standard.facilities):
        if pooling(item) is not PoolingWay.AREA or not is_set(item) or not (item.trigger or item.min_size):
            continue
        state = due(item.trigger, population, population_whole, elderly_share)
        if item.base == "area":
            enough, too_small = np.ones(len(population), bool), np.zeros(len(population), bool)
        else:
            enough = need[f] >= minimum(item) * ALMOST
            too_small = need_high[f] < minimum(item) * ALMOST
        alone[f] = np.select([(state == NOT_DUE) | too_small, (state == DUE) & enough], [0.0, 1.0], np.nan)
    return alone


def _pairs(rows: gpd.GeoDataFrame, standard: Standard, links: Links | None) -> dict[int, Pairs]:
    found: dict[int, Pairs] = {}
    for f, item in enumerate(standard.facilities):
        if pooling(item) is not PoolingWay.LINKED:
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
