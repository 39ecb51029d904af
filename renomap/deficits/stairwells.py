"""Stairwells (单元) of tall buildings in a neighbourhood: inventory, then buildings, then an estimate.

The deficit of elevators rests on them. The standard asks for ``rate`` elevators (one, in what is shipped) for
each stairwell of a building of at least ``floors_min`` storeys (``count``). What is there is the survey's
column ``elevators``, or where that is silent the elevators at work in those buildings (``equipped``). A
neighbourhood lacks the rest (``inputs.own_deficit``); an area lacks the sum of what its members lack, since
an elevator serves nobody next door (``balance.balance``, a facility that does not pool).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from renomap.deficits.columns import numbers
from renomap.deficits.rules import Flags, Floats
from renomap.model.overlay import holder

#: Metres of building per stairwell where nothing states the stairwells. Unverified: two flats of about 75 m2
#: share a stairwell, each some 7.5 m wide. A parameter of ``inputs.prepare``; every use of it is flagged.
STAIRWELL_M: Final = 15.0


@dataclass(frozen=True)
class Buildings:
    """Buildings that may hold flats, each in one neighbourhood.

    ``home`` (b,) is the position of the neighbourhood; ``floors``, ``elevators`` NaN where unknown; ``wells``
    is always a number, ``guessed`` where it comes from the building's length.
    """

    home: npt.NDArray[np.int64]
    floors: Floats
    wells: Floats
    guessed: Flags
    elevators: Floats


@dataclass(frozen=True)
class Stairwells:
    """Stairwells of each of n neighbourhoods that a rule counts.

    ``count`` is the least it can be, NaN where nothing is known of it; ``high`` the most, inf = open: the
    stairwells of a building of unknown height may count or not. ``guessed`` where building lengths were
    used; ``equipped`` = elevators at work in those buildings, NaN unless every one of them states it.
    """

    count: Floats
    high: Floats
    guessed: Flags
    equipped: Floats


def buildings_with_flats(
    neighbourhoods: gpd.GeoDataFrame, buildings: gpd.GeoDataFrame | None, stairwell_m: float
) -> Buildings:
    """Buildings inside the neighbourhoods that may hold flats: unknown use counts, other use does not.

    Parameters
    ----------
    neighbourhoods : GeoDataFrame
        ``floors`` of a neighbourhood stands in where a building of it has none.
    buildings : GeoDataFrame or None
        Columns of the role; a building belongs to the neighbourhood that holds most of it.
    stairwell_m : float
        Metres of length per stairwell, for buildings without the number.
    """
    if buildings is None or buildings.empty:
        nothing = np.zeros(0)
        return Buildings(np.zeros(0, np.int64), nothing, nothing, np.zeros(0, bool), nothing)
    if "use" in buildings:
        buildings = buildings[(buildings["use"] != "other").to_numpy(dtype=bool)]
    label = holder(neighbourhoods.geometry, buildings.geometry)
    home = neighbourhoods.index.get_indexer(label)
    buildings, home = buildings[home >= 0], home[home >= 0]
    floors = numbers(buildings, "floors")
    floors = np.where(np.isnan(floors), numbers(neighbourhoods, "floors")[home], floors)
    stated = numbers(buildings, "stairwells")
    guessed = ~(stated > 0)
    return Buildings(
        home=home.astype(np.int64),
        floors=floors,
        wells=np.where(guessed, estimate(np.asarray(buildings.geometry.values), stairwell_m), stated),
        guessed=guessed,
        elevators=numbers(buildings, "elevators"),
    )


def estimate(footprints: npt.NDArray[np.object_], stairwell_m: float) -> Floats:
    """Stairwells from a building's length: whole ones that fit, at least one.

    The length is the longer side of the rectangle with the footprint's area and perimeter. For a
    straight row that is its length; for an L, a U or a closed block it comes within a tenth of the
    length along its middle.

    Parameters
    ----------
    footprints : array of geometries (b,)
        Polygons in metres; what has no area counts one stairwell.
    stairwell_m : float
        Metres per stairwell, > 0.
    """
    half = shapely.length(footprints) / 2
    root = np.sqrt(np.maximum(half**2 - 4 * shapely.area(footprints), 0.0))
    # The 1e-6 keeps a row of exactly four stairwells at four wherever it lies on the plane.
    whole: Floats = np.floor((half + root) / 2 / stairwell_m + 1e-6)
    return np.maximum(whole, 1.0)


def count(inventory: Floats, floors: Floats, found: Buildings, floors_min: float) -> Stairwells:
    """Stairwells in buildings of at least ``floors_min`` storeys.

    The inventory's number wins; where a neighbourhood has both tall and low buildings it is divided between
    them in the proportion of their stairwells. Without it the buildings are added up. Buildings of unknown
    height count as low for the least and as tall for the most. A neighbourhood with neither number nor
    building is unknown and open; one whose storeys nobody states is unknown up to all its stairwells.

    Parameters
    ----------
    inventory, floors : float arrays (n,)
        Stairwells and storeys that the survey states for the neighbourhood, NaN = unknown.
    found : Buildings
        Its buildings.
    floors_min : float
        0 counts every building.
    """
    n = len(inventory)

    def add(of: Flags, weights: Floats | None = None) -> Floats:
        sums: Floats = np.bincount(
            found.home[of], None if weights is None else weights[of], minlength=n
        ).astype(np.float64)
        return sums

    tall = found.floors >= floors_min if floors_min > 0 else np.ones(len(found.home), dtype=bool)
    unsure = np.isnan(found.floors) & ~tall
    in_tall = add(tall, found.wells)
    in_low = add(~tall & ~unsure, found.wells)
    in_doubt = add(unsure, found.wells)
    seen, held = add(~unsure) > 0, np.bincount(found.home, minlength=n) > 0
    stated = np.where(np.isnan(floors), np.nan, floors >= floors_min) if floors_min > 0 else np.ones(n)
    with np.errstate(invalid="ignore"):
        wells = in_tall + in_low + in_doubt
        share = np.where(seen, in_tall / wells, stated)
        most = np.where(held, (in_tall + in_doubt) / wells, np.where(np.isnan(stated), 1.0, stated))
    listed = ~np.isnan(inventory)
    counted = np.where(listed, np.floor(inventory * share + 0.5), np.where(seen, in_tall, np.nan))
    high = np.where(listed, np.floor(inventory * most + 0.5), np.where(held, in_tall + in_doubt, np.inf))
    divided = listed & (share > 0) & (most < 1)
    silent = add(tall & np.isnan(found.elevators)) + add(unsure) > 0
    working = add(tall, np.fmin(found.elevators, found.wells))
    return Stairwells(
        count=counted,
        high=high,
        guessed=divided | (~listed & (add(tall & found.guessed) > 0)),
        equipped=np.where(silent | ~seen, np.nan, working),
    )
