"""Facilities of level community: judged once for each 社区 on its residents and all that it has."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from renomap.deficits.columns import numbers, texts
from renomap.deficits.meeting import residents_complete
from renomap.deficits.rules import DUE, NOT_DUE, Flags, Floats, Positions, due, is_set, minimum, shortfall
from renomap.deficits.supply import NOBODY, Supply
from renomap.model.overlay import NOWHERE, holder
from renomap.model.standard import Facility, Level, Standard, State

COLUMNS: Final = (
    "facility", "community", "street", "neighbourhoods", "population", "population_known",
    "given_population", "required", "supply", "supply_known", "deficit_low", "deficit_high", "deficit",
    "state", "areas",
)  # fmt: skip
#: Position of a neighbourhood of which no community is known.
NONE: Final = -1
#: Reach of a place on open ground where the standard sets no radius and no boundary of communities is
#: loaded: the walk of the five-minute living circle (GB 50180-2018).
NEAR_M: Final = 300.0

Keys = tuple[tuple[str | None, str], ...]


@dataclass(frozen=True)
class Residents:
    """Who lives in c communities.

    Parameters
    ----------
    of : int64 (n,)
        Position of each neighbourhood's community in ``keys``, ``NONE`` = unknown.
    keys : tuple of (street, community)
        In order of their names; street None = unknown.
    members, known : float (c,)
        Neighbourhoods of the survey, and those of them whose population is known.
    population : float (c,)
        Sum of what is known: a lower bound, for the survey holds old neighbourhoods only.
    given : float (c,)
        All residents, as a column or a boundary layer states them; NaN = not given.
    elderly_share : float (c,)
        NaN unless all residents and their elderly are known.
    whole : bool (c,)
        Whether ``total`` is all there are.
    """

    of: Positions
    keys: Keys
    members: Floats
    known: Floats
    population: Floats
    given: Floats
    elderly_share: Floats
    whole: Flags

    @property
    def total(self) -> Floats:
        """Residents that are certain: what is given, or the survey's sum where that is more."""
        return np.fmax(self.population, self.given)


@dataclass(frozen=True)
class Communities:
    """Verdicts per community; they depend on no division into areas.

    Parameters
    ----------
    of : int64 (n,)
        Position of each neighbourhood's community, ``NONE`` = unknown.
    keys : tuple of (street, community)
    frame : DataFrame
        ``COLUMNS`` without ``areas``: for each facility of level community, in the standard's order, a row
        per community in the order of ``keys``.
    states : mapping of facility key to object (c,)
        The column ``state`` again, for quick look-up.
    """

    of: Positions
    keys: Keys
    frame: pd.DataFrame
    states: dict[str, npt.NDArray[np.object_]] = field(default_factory=dict)


def judge_communities(
    rows: gpd.GeoDataFrame,
    population: Floats,
    there: Supply,
    standard: Standard,
    boundaries: gpd.GeoDataFrame | None = None,
) -> Communities:
    """Need against supply of every community for each facility of level community.

    - Residents: all neighbourhoods of the survey in the community, in an area or not. The sum of those that
      were counted (persons taken from households are an estimate) is a lower bound: where it reaches the
      trigger the facility is due; where not, nobody knows, unless the community's population is given or the
      survey is declared to hold all residents.
    - Supply: columns of all its neighbourhoods and the places that stand in it: by the neighbourhood they
      stand in, else by the community's boundary, else by the nearest neighbourhood within the radius
      (``NEAR_M`` where the standard sets none).
    - Supply is known where that of every surveyed neighbourhood is. What stands in the rest of the community
      is known only as far as the layers hold it, so sentences name survey and layers as their ground.

    Parameters
    ----------
    rows : GeoDataFrame
        n neighbourhoods in order of fid; columns ``street``, ``community``, ``community_population`` and
        ``elderly`` where known.
    population : float (n,)
        Persons, counted or taken from households; NaN = unknown. The latter count only where the survey is
        declared to hold all residents.
    there : Supply
        Of the same rows and the same standard.
    standard : Standard
        With the values of the meeting.
    boundaries : GeoDataFrame, optional
        Polygons in the same CRS with ``name``, ``level`` and, if there, ``population``; only those of level
        ``community`` count.

    Returns
    -------
    Communities
        Empty where the standard has no such facility or no neighbourhood names its community. ``required``
        is NaN while it is unknown whether the facility is due and 0 below the trigger; ``deficit`` NaN while
        the range is open.
    """
    asked = [f for f, item in enumerate(standard.facilities) if item.level is Level.COMMUNITY]
    lines = _of_level(boundaries)
    if not asked:
        return Communities(np.full(len(rows), NONE, dtype=np.int64), (), _frame([]))
    of, keys = _membership(rows, lines)
    homes = _homes(rows, of, keys, lines)
    people = _residents(rows, population, of, keys, _given(rows, of, keys, lines, homes), standard)
    found: list[pd.DataFrame] = []
    states: dict[str, npt.NDArray[np.object_]] = {}
    for f in asked:
        item = standard.facilities[f]
        sure, vague = _supply(rows, there, f, item, people, lines, homes)
        table = _judged(item, people, sure, vague, _count(there.known[f], people))
        states[item.key] = table["state"].to_numpy(dtype=object)
        found.append(table)
    return Communities(of, keys, _frame(found), states)


def area_states(found: Communities, key: str, labels: Positions, k: int) -> npt.NDArray[np.object_]:
    """What each of k areas shows of a facility: the state that the communities of its members have together.

    Short if one is short; met, below the trigger or not set if all are; else unknown, as where a member's
    community is unknown or the area has no members.

    Parameters
    ----------
    key : str
        Of a facility of level community.
    labels : int (n,)
        Area 0..k-1 of each neighbourhood, -1 = none.
    """
    result = np.full(k, State.UNKNOWN.value, dtype=object)
    if key not in found.states:
        return result
    inside = labels >= 0
    state = np.append(found.states[key], State.UNKNOWN.value)[found.of]  # NONE takes the last
    members = np.bincount(labels[inside], minlength=k)
    for word in (State.MET, State.BELOW_TRIGGER, State.NOT_SET):
        same = np.bincount(labels[inside & (state == word.value)], minlength=k)
        result[(members > 0) & (same == members)] = word.value
    short = np.bincount(labels[inside & (state == State.SHORT.value)], minlength=k) > 0
    result[short] = State.SHORT.value
    return result


def with_areas(found: Communities, labels: Positions, ids: Collection[int]) -> pd.DataFrame:
    """The verdicts with the areas that have members in each community.

    Parameters
    ----------
    labels : int (n,)
        Position in ``ids`` of each neighbourhood's area, -1 = none.

    Returns
    -------
    DataFrame
        ``COLUMNS``; ``areas`` = tuple of area ids, ascending.
    """
    known = np.array(list(ids), dtype=np.int64)
    touched: list[tuple[int, ...]] = [()] * len(found.keys)
    for at in range(len(found.keys)):
        its = np.unique(labels[(found.of == at) & (labels >= 0)])
        touched[at] = tuple(sorted(int(one) for one in known[its]))
    repeated = touched * len(found.states)
    return found.frame.assign(areas=pd.Series(repeated, index=found.frame.index, dtype=object))


def _of_level(boundaries: gpd.GeoDataFrame | None) -> gpd.GeoDataFrame | None:
    """The polygons of communities that have a name, index 0..p-1; None where there are none."""
    if boundaries is None or "level" not in boundaries or "name" not in boundaries:
        return None
    wanted = (boundaries["level"] == Level.COMMUNITY.value) & boundaries["name"].notna()
    rows = boundaries[wanted & boundaries.geom_type.isin(["Polygon", "MultiPolygon"])]
    return rows.reset_index(drop=True) if len(rows) else None


def _membership(rows: gpd.GeoDataFrame, lines: gpd.GeoDataFrame | None) -> tuple[Positions, Keys]:
    """The community of each neighbourhood: as the survey says, else by the polygon that holds it.

    Where the street is unknown the community is the one of that name, if only one street has it: it would be
    judged twice otherwise, once with all its members but one.
    """
    names, streets = texts(rows, "community"), texts(rows, "street")
    if lines is not None:
        held = holder(lines.geometry, rows.geometry)
        drawn = [None if at == NOWHERE else str(lines["name"].iloc[at]) for at in held]
        names = [name or other for name, other in zip(names, drawn, strict=True)]
    streets_of: dict[str, set[str]] = {}
    for street, name in zip(streets, names, strict=True):
        if name and street:
            streets_of.setdefault(name, set()).add(street)

    def home(street: str | None, name: str) -> tuple[str | None, str]:
        known = streets_of.get(name, set())
        return (next(iter(known)), name) if street is None and len(known) == 1 else (street, name)

    pairs = [
        None if name is None else home(street, name) for street, name in zip(streets, names, strict=True)
    ]
    keys = tuple(sorted({pair for pair in pairs if pair}, key=lambda pair: (pair[0] or "", pair[1])))
    at = {pair: i for i, pair in enumerate(keys)}
    of = np.array([NONE if pair is None else at[pair] for pair in pairs], dtype=np.int64)
    return of, keys


def _homes(rows: gpd.GeoDataFrame, of: Positions, keys: Keys, lines: gpd.GeoDataFrame | None) -> Positions:
    """The community that each polygon is: of its name, with most members in it; ``NONE`` where none has."""
    if lines is None:
        return np.zeros(0, dtype=np.int64)
    held = holder(lines.geometry, rows.geometry)
    homes = np.full(len(lines), NONE, dtype=np.int64)
    for p, name in enumerate(lines["name"]):
        named = [at for at in of[(held == p) & (of != NONE)] if keys[at][1] == name]
        if named:
            homes[p] = np.bincount(named).argmax()
    return homes


def _given(
    rows: gpd.GeoDataFrame, of: Positions, keys: Keys, lines: gpd.GeoDataFrame | None, homes: Positions
) -> Floats:
    """Population of each community as stated: by the survey, else by its polygon.

    Rows of a community that state different numbers state none.
    """
    stated = numbers(rows, "community_population")
    given = np.full(len(keys), np.nan)
    drawn = numbers(lines, "population") if lines is not None else np.zeros(0)
    for at in range(len(keys)):
        told = np.unique(stated[(of == at) & ~np.isnan(stated)])
        if len(told) == 1:
            given[at] = told[0]
        elif not len(told) and (homes == at).any():
            given[at] = drawn[homes == at].sum()  # of several polygons: NaN unless all state it
    return given


def _residents(
    rows: gpd.GeoDataFrame, population: Floats, of: Positions, keys: Keys, given: Floats, standard: Standard
) -> Residents:
    c, inside = len(keys), of != NONE

    def total(values: Floats) -> Floats:
        return np.bincount(of[inside], np.nan_to_num(values[inside]), minlength=c).astype(np.float64)

    members = total(np.ones(len(rows)))
    elderly = numbers(rows, "elderly")
    complete = residents_complete(standard)
    # Persons taken from households are no lower bound: they may be fewer than that.
    counted = population if complete else numbers(rows, "population")
    known = total((~np.isnan(counted)).astype(np.float64))
    everyone = complete & (known == members)
    aged = everyone & (total((~np.isnan(elderly)).astype(np.float64)) == members)
    people = total(counted)
    share = np.divide(total(elderly), people, out=np.full(c, np.nan), where=aged & (people > 0))
    return Residents(of, keys, members, known, people, given, share, everyone | ~np.isnan(given))


def _count(flags: Flags, people: Residents) -> Floats:
    inside = people.of != NONE
    return np.bincount(people.of[inside & flags], minlength=len(people.keys)).astype(np.float64)


def _supply(
    rows: gpd.GeoDataFrame,
    there: Supply,
    f: int,
    item: Facility,
    people: Residents,
    lines: gpd.GeoDataFrame | None,
    homes: Positions,
) -> tuple[Floats, Flags]:
    """What is certainly there in each community (c,), and whether a place of unknown capacity is."""
    c, of = len(people.keys), people.of
    inside = of != NONE
    sure = np.bincount(of[inside], there.sure[f][inside], minlength=c).astype(np.float64)
    vague = np.zeros(c, dtype=bool)
    places = there.places
    mine = places.of(f)
    if not len(mine):
        return sure, vague
    shapes = gpd.GeoSeries(places.geometry[mine], crs=rows.crs)
    at_home = places.home[mine] != NOBODY
    counted = np.where(at_home, of[places.home[mine]], NONE)  # what the neighbourhoods' sums hold
    within = rows.index.get_indexer(pd.Index(holder(rows.geometry, shapes))) >= 0
    belongs = counted.copy()
    if lines is not None:
        polygon = holder(lines.geometry, shapes)
        drawn = ~within & (polygon != NOWHERE)
        belongs[drawn] = homes[polygon[drawn]]
        lost = ~at_home & ~drawn
    else:
        lost = ~at_home
    if item.radius_m is None and lost.any():
        belongs[lost] = _nearest(rows, of, np.asarray(shapes.values)[lost])
    capacity = np.nan_to_num(places.capacity[mine])
    for sign, where in ((-1.0, counted), (1.0, belongs)):
        moved = (counted != belongs) & (where != NONE)
        np.add.at(sure, where[moved], sign * capacity[moved])
    vague[belongs[np.isnan(places.capacity[mine]) & (belongs != NONE)]] = True
    return np.where(sure < 0, 0.0, sure), vague


def _nearest(rows: gpd.GeoDataFrame, of: Positions, shapes: npt.NDArray[np.object_]) -> Positions:
    """Community of the nearest neighbourhood within ``NEAR_M`` of each shape, else ``NONE``."""
    found = np.full(len(shapes), NONE, dtype=np.int64)
    tree = shapely.STRtree(np.asarray(rows.geometry.values))
    thing, home = tree.query_nearest(shapes, max_distance=NEAR_M, all_matches=True)
    for i, at in zip(thing[::-1], home[::-1], strict=True):  # of several equally near ones the smallest fid
        found[i] = of[at]
    return found


def _judged(item: Facility, people: Residents, sure: Floats, vague: Flags, known: Floats) -> pd.DataFrame:
    """The rows of one facility."""
    c = len(people.keys)
    rate = np.nan if item.rate is None else item.rate / item.rate_per
    once = np.fmax(rate, minimum(item)) if is_set(item) else np.nan
    state = due(item.trigger, people.total, people.whole, people.elderly_share)
    surveyed = (known == people.members) & ~vague
    high = shortfall(np.full(c, once), sure)
    low = np.where(surveyed, high, 0.0)
    off, on = state == NOT_DUE, state == DUE
    least = np.where(on, low, 0.0)
    words = np.select(
        [np.full(c, not is_set(item)), off, high == 0, on & (low > 0)],
        [State.NOT_SET.value, State.BELOW_TRIGGER.value, State.MET.value, State.SHORT.value],
        State.UNKNOWN.value,
    ).astype(object)
    certain = (high == 0) | (on & surveyed)
    return pd.DataFrame(
        {
            "facility": np.full(c, item.key, dtype=object),
            "community": pd.Series([key[1] for key in people.keys], dtype=object),
            "street": pd.Series([key[0] for key in people.keys], dtype=object),
            "neighbourhoods": people.members.astype(np.int64),
            "population": np.where(people.known > 0, people.population, np.nan),
            "population_known": people.known.astype(np.int64),
            "given_population": people.given,
            "required": np.select([on, off], [np.full(c, once), 0.0], np.nan),
            "supply": np.where((known == 0) & (sure == 0), np.nan, sure),
            "supply_known": known.astype(np.int64),
            "deficit_low": np.where(np.isnan(high), np.nan, least),
            "deficit_high": np.where(off, 0.0, high),
            "deficit": np.where(off, 0.0, np.where(certain, high, np.nan)),
            "state": words,
        }
    )


def _frame(tables: list[pd.DataFrame]) -> pd.DataFrame:
    if not tables:
        return pd.DataFrame({name: pd.Series(dtype=object) for name in COLUMNS if name != "areas"})
    return pd.concat(tables, ignore_index=True)
