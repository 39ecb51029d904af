"""Deficits of the areas of one scheme: a cheap function of the inputs, the assignment and the outlines."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from renomap.deficits.balance import AreaSums, Balance, Groups, balance, facts, state_of
from renomap.deficits.communities import area_states, with_areas
from renomap.deficits.inputs import Inputs, own_deficit
from renomap.deficits.rules import (
    DUE,
    NOT_DUE,
    Flags,
    Floats,
    PoolingWay,
    Positions,
    Range,
    is_set,
    pooling,
)
from renomap.deficits.served import newly_served
from renomap.deficits.sharing import NO_AREA, Allotted, Offers, allot, nearby, remaining
from renomap.deficits.sites import Reach, sites
from renomap.deficits.supply import NOBODY
from renomap.deficits.whole import whole_units
from renomap.model.overlay import NOWHERE, holder
from renomap.model.plan import AREA_FACILITY_SUFFIXES
from renomap.model.scheme import UNASSIGNED
from renomap.model.standard import Level, State

SHARED_COLUMNS = ("facility", "area", "source", "fid", "layer", "amount", "distance_m")
BELOW_COLUMNS = ("facility", "street", "population", "need")


@dataclass(frozen=True)
class AreaDeficits:
    """What areas lack.

    How the unknown is kept apart from 0:

    - ``need`` and ``required`` rest on the members whose base is known, like every total of the program;
      ``need_high`` is the most the need can be, NaN = open.
    - ``deficit_low`` is what lacks for sure, whatever the unknown values are, and ``deficit_high`` the most
      that can lack, NaN = open; ``deficit`` is their common value, NaN while they differ. Unknown supply is
      enough for the one and nothing for the other; so are needs, triggers and what others take of a place.
    - While it is unknown whether a facility is due, ``required`` and ``sites`` are NaN, ``deficit_low`` is 0
      and ``deficit_high`` what would lack if it were due.
    - ``alone``, ``served_alone`` and ``deficit_separate`` are NaN unless they are known of every member.
    - Below its trigger nothing is required of the area: ``required``, ``sites`` and the deficits are 0, the
      state says why, and the need is handed up in ``below_trigger``.
    - Where the standard sets no number every figure but the supply is NaN.

    Parameters
    ----------
    areas : DataFrame
        Index ``id``, for each facility the columns of ``model.plan.AREA_FACILITY_SUFFIXES``.
    shared : DataFrame
        ``SHARED_COLUMNS``, a row per place outside an area and area that got some of it.
    below_trigger : DataFrame
        ``BELOW_COLUMNS``, needs handed up, summed by subdistrict (None = unknown).
    communities : DataFrame
        ``communities.COLUMNS``: verdicts of the facilities of level community. Of such a facility an area has
        only ``state``, ``supply`` (inside it) and ``known``: need and deficit are the community's.
    """

    areas: pd.DataFrame
    shared: pd.DataFrame
    below_trigger: pd.DataFrame
    communities: pd.DataFrame


def assess_areas(
    inputs: Inputs,
    assignment: pd.Series[int],
    outlines: gpd.GeoSeries,
    *,
    areas: Collection[int] | None = None,
) -> AreaDeficits:
    """Deficits of areas, all or only those asked for.

    Numbers count whole neighbourhoods by assignment; outlines say only what stands on an area's open ground
    and how far away a shared place is. Asking for some areas gives exactly their rows of the full result.

    Parameters
    ----------
    inputs : Inputs
        From ``inputs.prepare``.
    assignment : Series
        Index fid, value area id, ``UNASSIGNED`` (0) or missing = in no area.
    outlines : GeoSeries
        Index area id (unique); polygons, in the same CRS. Its ids are the areas; an area may be without
        members.
    areas : collection of int, optional
        Ids wanted; None = all.

    Raises
    ------
    ValueError
        If a neighbourhood is assigned to an area without an outline.
    """
    outlines = outlines.sort_index()
    ids = outlines.index.to_numpy(dtype=np.int64)
    groups = Groups(_labels(inputs, assignment, outlines.index), len(ids))
    wanted = np.ones(len(ids), bool) if areas is None else np.isin(ids, list(areas))
    common = facts(inputs, groups)
    ground = _ground(inputs, outlines)
    columns: dict[str, npt.NDArray[Any]] = {}
    shared: list[pd.DataFrame] = []
    below: list[pd.DataFrame] = []
    reach: dict[float | None, Reach] = {}
    asked = np.where(np.isin(groups.labels, np.flatnonzero(wanted)), groups.labels, NO_AREA)
    for f, item in enumerate(inputs.standard.facilities):
        if item.level is Level.COMMUNITY:
            figures = _of_communities(inputs, f, common, ground)
            columns.update({f"{item.key}_{suffix}": figures[suffix][wanted] for suffix in figures})
            continue
        found, gifts, lack, rows = _weigh(inputs, f, common, ground, np.asarray(outlines.values))
        shared.append(_shared(inputs, f, gifts, rows, ids, wanted))
        covered = None
        if pooling(item) is PoolingWay.AREA and is_set(item):
            within = item.radius_m or None  # 0: on the area's own ground, wherever in it
            if within not in reach:
                reach[within] = sites(inputs.points, asked, len(ids), within, inputs.households)
            covered = reach[within]
        figures = _figures(inputs, f, common, found, gifts, lack, covered)
        figures = whole_units(item.unit, figures)
        below.append(_handed_up(inputs, f, groups, (figures["state"] == State.BELOW_TRIGGER.value) & wanted))
        columns.update({f"{item.key}_{suffix}": figures[suffix][wanted] for suffix in AREA_FACILITY_SUFFIXES})
    frame = pd.DataFrame(columns, index=pd.Index(ids[wanted], name="id"))
    told = with_areas(inputs.communities, groups.labels, ids.tolist())
    return AreaDeficits(frame, _stack(shared, SHARED_COLUMNS), _stack(below, BELOW_COLUMNS), told)


def _labels(inputs: Inputs, assignment: pd.Series[int], ids: pd.Index[int]) -> Positions:
    given = assignment.reindex(inputs.fids).fillna(UNASSIGNED).to_numpy(dtype=np.int64)
    labels = ids.get_indexer(pd.Index(given)).astype(np.int64)
    missing = (labels < 0) & (given != UNASSIGNED)
    if missing.any():
        raise ValueError(f"no outline for area {given[missing][0]}")
    return labels


def _ground(inputs: Inputs, outlines: gpd.GeoSeries) -> Positions:
    """Position of the area on whose open ground each place stands, ``NO_AREA`` for the others."""
    places = inputs.supply.places
    area = np.full(len(places.fid), NO_AREA, dtype=np.int64)
    open_ground = np.flatnonzero(places.home == NOBODY)
    label = holder(outlines, gpd.GeoSeries(places.geometry[open_ground], crs=outlines.crs))
    hit = label != NOWHERE
    area[open_ground[hit]] = outlines.index.get_indexer(pd.Index(label[hit]))
    return area


def _weigh(
    inputs: Inputs, f: int, common: AreaSums, ground: Positions, outlines: npt.NDArray[np.object_]
) -> tuple[Balance, Allotted, Range, Positions]:
    """The balance of one facility, what is shared of it, what then lacks, and the rows of the gifts."""
    item = inputs.standard.facilities[f]
    places, groups = inputs.supply.places, common.groups
    rows = places.of(f)
    here = rows[ground[rows] != NO_AREA]
    capacity = places.capacity[here]
    amount = np.zeros(groups.k)
    np.add.at(amount, ground[here], np.nan_to_num(capacity, nan=0.0))
    vague = np.bincount(ground[here[np.isnan(capacity)]], minlength=groups.k) > 0
    own = pooling(item) is PoolingWay.OWN
    # What does not pool counts where it stands; on open ground that is nobody's.
    found = balance(inputs, f, common, amount * (not own), vague & (not own))
    rows = rows[places.shared[rows]] if not own else rows[:0]
    at_home = places.home[rows] != NOBODY
    area = ground[rows].copy()
    area[at_home] = groups.labels[places.home[rows[at_home]]]
    offer = places.capacity[rows].copy()
    low, high = np.nan_to_num(offer, nan=0.0), np.nan_to_num(offer, nan=np.inf, posinf=np.inf)
    if pooling(item) is PoolingWay.LINKED:
        extra, homes = inputs.there(f).less(inputs.needed(f)), places.home[rows[at_home]]
        offer[at_home] = np.minimum(offer[at_home], extra.low[homes])
        low[at_home] = np.minimum(low[at_home], extra.low[homes])
        high[at_home] = np.minimum(high[at_home], extra.high[homes])
    offers = Offers(places.fid[rows], offer, area, places.geometry[rows])
    pairs = nearby(offers, high > 0, found.lack.high > 0, outlines, item.radius_m, inputs.walks)
    gifts = allot(offers, pairs, found.lack_known, found.spare_known)
    return found, gifts, remaining(offers, Range(low, high), pairs, found.lack, found.spare), rows


def _of_communities(
    inputs: Inputs, f: int, common: AreaSums, ground: Positions
) -> dict[str, npt.NDArray[Any]]:
    """All columns of a facility of level community, each (k,): the state of the communities."""
    item, groups, places = inputs.standard.facilities[f], common.groups, inputs.supply.places
    rows = places.of(f)
    here = rows[(ground[rows] != NO_AREA) & (places.home[rows] == NOBODY)]
    open_ground = np.bincount(ground[here], np.nan_to_num(places.capacity[here]), minlength=groups.k).astype(
        np.float64
    )
    known = groups.sum(inputs.supply.known[f])
    supply = groups.sum(inputs.supply.sure[f]) + open_ground
    nothing = np.full(groups.k, np.nan)
    return {
        **dict.fromkeys(AREA_FACILITY_SUFFIXES, nothing),
        "supply": np.where((known == 0) & (supply == 0), np.nan, supply),
        "known": known.astype(np.int64),
        "state": area_states(inputs.communities, item.key, groups.labels, groups.k),
    }


def _figures(
    inputs: Inputs,
    f: int,
    common: AreaSums,
    found: Balance,
    gifts: Allotted,
    lack: Range,
    reach: Reach | None,
) -> dict[str, npt.NDArray[Any]]:
    """All columns of one facility, each (k,)."""
    item = inputs.standard.facilities[f]
    groups = common.groups
    known = inputs.supply.known[f]
    nothing_known = (groups.sum(known) == 0) & (found.sure + gifts.received == 0)
    figures: dict[str, npt.NDArray[Any]] = {
        "need": found.need,
        "need_high": _closed(found.need_high),
        "required": _if_due(found, found.required),
        **_places(found, reach),
        "deficit_low": lack.low,
        "deficit_high": _closed(lack.high),
        "deficit": np.where(lack.settled, lack.high, np.nan),
        "deficit_separate": groups.whole(own_deficit(inputs, f)),
        **_served(inputs, f, common, found),
    }
    blank = (common.members == 0) | (not is_set(item))
    states = state_of(item, found.due, lack, common.members)
    figures["newly_low"], figures["newly_high"] = newly_served(inputs, f, groups, states)
    return {
        **{suffix: np.where(blank, np.nan, values) for suffix, values in figures.items()},
        "supply": np.where(nothing_known, np.nan, found.sure + gifts.received - gifts.given),
        "known": groups.sum(known).astype(np.int64),
        "state": states,
    }


def _places(found: Balance, reach: Reach | None) -> dict[str, Floats]:
    """How many places cover the members and whom one leaves out; NaN for what does not pool by area."""
    if reach is None:
        return dict.fromkeys(("sites_low", "sites_high", "sites", "out_of_reach"), found.need * np.nan)
    return {
        "sites_low": _if_due(found, reach.low),
        "sites_high": _if_due(found, reach.high),
        "sites": _if_due(found, reach.number),
        "out_of_reach": _if_due(found, reach.out_of_reach),
    }


def _if_due(found: Balance, values: Floats) -> Floats:
    """The values where the facility is due, 0 where it is not, NaN where nobody knows."""
    return np.select([found.due == DUE, found.due == NOT_DUE], [values, 0.0], np.nan)


def _closed(high: Floats) -> Floats:
    """An upper end, NaN where it is open."""
    return np.where(np.isinf(high), np.nan, high)


def _served(inputs: Inputs, f: int, common: AreaSums, found: Balance) -> dict[str, Floats]:
    """Members and households that the facility serves without and with pooling."""
    groups, alone = common.groups, inputs.alone[f]
    households = np.where(inputs.households_whole, inputs.households, np.nan)
    by_itself = groups.whole(np.where(alone == 0, 0.0, households * alone))
    everyone = np.where(common.households_known, common.households, np.nan)
    together = np.select([found.due == DUE, found.due == NOT_DUE], [everyone, by_itself], np.nan)
    return {
        "alone": groups.whole(alone),
        "served_alone": by_itself,
        "served_pooled": np.where(np.isnan(inputs.alone[f]).all(), np.nan, together),
    }


def _shared(
    inputs: Inputs, f: int, gifts: Allotted, rows: Positions, ids: Positions, wanted: Flags
) -> pd.DataFrame:
    """What was allotted of one facility, a row per place and area."""
    places = inputs.supply.places
    kept = [gift for gift in gifts.gifts if wanted[gift[1]]]
    at = [int(rows[gift[0]]) for gift in kept]
    return pd.DataFrame(
        {
            "facility": [inputs.standard.facilities[f].key] * len(kept),
            "area": [int(ids[gift[1]]) for gift in kept],
            "source": [places.name[i] for i in at],
            "fid": [int(places.fid[i]) for i in at],
            "layer": [places.layer[i] for i in at],
            "amount": [gift[2] for gift in kept],
            "distance_m": [gift[3] for gift in kept],
        }
    )


def _handed_up(inputs: Inputs, f: int, groups: Groups, below: Flags) -> pd.DataFrame:
    """Population and need of the members of areas below the trigger, summed by subdistrict."""
    members = np.flatnonzero(groups.inside)
    members = members[below[groups.labels[members]]]
    if not len(members):
        return pd.DataFrame()
    rows = pd.DataFrame(
        {
            "street": pd.Series([inputs.street[i] for i in members], dtype=object),
            "population": inputs.population[members],
            "need": inputs.need[f, members],
        }
    )
    sums = rows.groupby("street", dropna=False, sort=True).sum(min_count=1).reset_index()
    sums.insert(0, "facility", inputs.standard.facilities[f].key)
    return sums


def _stack(frames: list[pd.DataFrame], columns: tuple[str, ...]) -> pd.DataFrame:
    filled = [frame for frame in frames if len(frame)]
    if not filled:
        return pd.DataFrame({name: pd.Series(dtype=object) for name in columns})
    stacked = pd.concat(filled, ignore_index=True)
    texts = {name: stacked[name].astype(object) for name in ("source", "street") if name in columns}
    return stacked.assign(**{name: text.where(text.notna(), None) for name, text in texts.items()})
