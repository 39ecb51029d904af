"""What a plan says of idle rooms and of what areas lack, as the choice of rooms wants it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
import pandas as pd
import shapely

from renomap.errors import RenomapError
from renomap.facilities import FacilityKind, facility_kinds
from renomap.model.derived import once
from renomap.model.plan import Plan
from renomap.model.programme_columns import SiteDecision
from renomap.model.project import Project
from renomap.model.roles import Role
from renomap.model.standard import SITE, Facility, Level, MeetingValue
from renomap.programme.siting import Floats, IdleSite, Lack, Pairing, Siting, choose, paired, pairings

#: Units that are surfaces, and the one of which a place of any size is one.
_SURFACES: Final = ("m2", "m2_land")
_PLACE: Final = "site"
#: A facility of this unit is a condition of a neighbourhood: no room answers it.
_CONDITION: Final = "neighbourhood"
#: Columns of a facility that are read of the areas.
_FIGURES: Final = ("deficit_low", "deficit_high", "required", "supply")
#: Words that say that a room is in use.
_IN_USE: Final = ("在用", "使用中", "正常使用", "已利用", "in use")


def siting_of(plan: Plan) -> Siting:
    """The rooms to propose for what the areas of a plan lack, with what was decided before.

    Computed once for a plan. An accepted room stays taken, unless its neighbourhood is in no area now.

    Raises
    ------
    RuntimeError
        The solver of integer programs is not installed.
    """
    return once(plan, "siting", lambda: _siting(plan))


def pairs_of(plan: Plan) -> tuple[Pairing, ...]:
    """All pairs of a room and a lack, without a choice; what was accepted is one in any case."""
    return once(plan, "pairs of rooms", lambda: _pairs(plan))


def lacks_of(plan: Plan) -> tuple[Lack, ...]:
    """What the areas lack, for sure or perhaps, of facilities that are judged for areas.

    Facilities without a radius are left out: nothing says how far a room may be away. So are those judged
    for neighbourhoods, buildings and communities, which are not the area's to provide.
    """
    each = m2_each(plan.project.meeting)
    wanted = [
        facility
        for facility in plan.standard.facilities
        if facility.level is Level.AREA and facility.radius_m is not None and facility.unit != _CONDITION
    ]
    names = [f"{facility.key}_{suffix}" for facility in wanted for suffix in _FIGURES]
    rows = plan.areas.reindex(columns=["households", *names]).to_dict("list")
    ids = [int(str(area)) for area in plan.areas.index]
    found = []
    for facility in wanted:
        for n, area in enumerate(ids):
            row = {name: _number(rows[f"{facility.key}_{name}"][n]) for name in _FIGURES}
            lack = _lack(facility, area, row | {"households": _number(rows["households"][n])}, each)
            if lack is not None:
                found.append(lack)
    return tuple(found)


def idle_sites(project: Project) -> tuple[tuple[IdleSite, ...], list[shapely.Geometry]]:
    """All rooms and pieces of land of the project, and where they are, in the order of their layers."""
    found, shapes = [], []
    for layer in project.layers_of(Role.SITES):
        frame = layer.frame
        for number, row in zip(frame.index, frame.to_dict("records"), strict=True):
            told = _text(row.get("state"))
            found.append(
                IdleSite(
                    layer.key,
                    int(str(number)),
                    _surface(row.get("area_m2")),
                    uses_of(row.get("usable_for")),
                    _text(row.get("name")),
                    not any(word in told for word in _IN_USE),
                    row.get("divisible") in (True,),  # a blank is no
                )
            )
            shapes.append(row[frame.geometry.name])
    return tuple(found), shapes


def uses_of(text: object) -> frozenset[str] | None:
    """Keys of the facilities that a text such as ``养老、便民商业`` names; None where it names none.

    >>> sorted(uses_of("社区食堂、养老") or ())
    ['canteen', 'elder_care']
    """
    if not isinstance(text, str):
        return None
    kinds = facility_kinds().values()
    named = frozenset(kind.key for kind in kinds if any(word in text for word in _words(kind)))
    return named or None


def m2_each(values: Sequence[MeetingValue]) -> Mapping[str, float]:
    """Floor or land for one unit by facility, as set for the meeting; the program knows of none.

    Raises
    ------
    RenomapError
        ``programme.set-site``: no number above 0.

    >>> m2_each([MeetingValue("site", "parking", "30", "王工", "2026-11-30")])
    {'parking': 30.0}
    """
    found = {}
    for value in values:
        if value.facility != SITE:
            continue
        try:
            number = float(value.value.removesuffix("m2"))
        except ValueError:
            number = 0.0
        if not 0 < number < 1e6:
            raise RenomapError("programme.set-site", key=f"{SITE}.{value.key}", value=value.value)
        found[value.key] = number
    return found


def decided(plan: Plan) -> pd.DataFrame:
    """The last decision on each room, facility and area, with ``area`` as the neighbourhood is in now.

    What was taken for a neighbourhood that is in no area has area 0.
    """
    rows = plan.project.programme.siting
    area = rows["fid"].map(plan.neighbourhoods["area_id"]).fillna(0).astype(np.int64)
    return rows.assign(area=area).drop_duplicates(["layer", "site", "facility", "area"], keep="last")


def decisions(plan: Plan, pairs: Sequence[Pairing]) -> dict[int, dict[str, Any]]:
    """By position of a pair, the row of the table ``siting`` that decided it, with its ``id``."""
    at = {_place(pair): n for n, pair in enumerate(pairs)}
    found = {}
    for label, row in decided(plan).to_dict("index").items():
        n = at.get((str(row["layer"]), int(row["site"]), str(row["facility"]), int(row["area"])))
        if n is not None:
            found[n] = {str(name): value for name, value in row.items()} | {"id": int(str(label))}
    return found


def answered(plan: Plan) -> dict[tuple[int, str], str]:
    """Names of the rooms, proposed or accepted, by area id and facility where they cover all that lacks."""
    found = siting_of(plan)
    names: dict[tuple[int, str], list[str]] = {}
    whole = {found.lacks[n] for n in found.met}
    for n in (*found.accepted, *found.proposed):
        site, lack = found.pairs[n].site, found.pairs[n].lack
        if lack in whole:
            names.setdefault((lack.area, lack.facility), []).append(site.name or str(site.number))
    return {place: "、".join(each) for place, each in names.items()}


def planned(plan: Plan) -> frozenset[tuple[int, str]]:
    """Area id and facility of the lacks that accepted rooms alone cover whole."""
    found = siting_of(plan)
    lacks = {(found.lacks[n].area, found.lacks[n].facility) for n in found.met}

    def places(chosen: Sequence[int]) -> set[tuple[int, str]]:
        return {(found.pairs[n].lack.area, found.pairs[n].lack.facility) for n in chosen}

    return frozenset((lacks & places(found.accepted)) - places(found.proposed))


def _siting(plan: Plan) -> Siting:
    pairs = pairs_of(plan)
    known = decisions(plan, pairs)
    accepted = [n for n, row in known.items() if row["decision"] == SiteDecision.ACCEPTED]
    refused = {n for n, row in known.items() if row["decision"] == SiteDecision.REFUSED}
    return choose(pairs, accepted, refused)


def _pairs(plan: Plan) -> tuple[Pairing, ...]:
    sites, shapes = idle_sites(plan.project)
    lacks = lacks_of(plan) if sites else ()
    pairs = pairings(sites, lacks, _metres(shapes, lacks, plan))
    return (*pairs, *_kept(plan, pairs, sites, shapes))


def _kept(
    plan: Plan, pairs: Sequence[Pairing], sites: Sequence[IdleSite], shapes: Sequence[shapely.Geometry]
) -> list[Pairing]:
    """What was accepted and is no pair any more, since nothing lacks now, or areas or values have changed.

    Nothing is told of a room that is gone, and of a neighbourhood that is in no area now.
    """
    rows, known = decided(plan), {_place(pair) for pair in pairs}
    place_of = {(site.layer, site.number): n for n, site in enumerate(sites)}
    lacks = {(pair.lack.area, pair.lack.facility): pair.lack for pair in pairs}
    found = []
    for row in rows[rows["decision"] == SiteDecision.ACCEPTED].to_dict("records"):
        layer, number, area = str(row["layer"]), int(row["site"]), int(row["area"])
        facility, n = plan.standard.facility(str(row["facility"])), place_of.get((layer, number))
        if n is None or facility is None or area not in plan.areas.index:
            continue
        if (layer, number, facility.key, area) in known:
            continue
        nothing = Lack(facility.key, area, 0.0, 0.0, math.nan, facility.radius_m or 0.0)
        lack = lacks.get((area, facility.key), nothing)
        metres = _metres([shapes[n]], [replace(lack, area=area)], plan)[0, 0]
        found.append(paired(sites[n], lack, float(metres) if math.isfinite(metres) else math.nan))
    return found


def _metres(shapes: Sequence[shapely.Geometry], lacks: Sequence[Lack], plan: Plan) -> Floats:
    """From each site to the outline of each lack's area: 0 inside, infinite out of reach, NaN unknown.

    In straight lines, or along the roads where the plan has ways; a way that nobody knows is unknown only
    within the radius.
    """
    if not shapes or not lacks:
        return np.zeros((len(shapes), len(lacks)))
    ids = sorted({lack.area for lack in lacks})
    places = np.asarray(shapes, dtype=object)
    lines = np.asarray(plan.areas.geometry.loc[ids].values, dtype=object)
    apart: Floats = np.nan_to_num(shapely.distance(places[:, None], lines[None, :]), nan=np.inf)
    if plan.walks is not None:
        widest = max(lack.radius_m for lack in lacks)
        drawn = np.flatnonzero([shape is not None for shape in shapes])
        walked = np.full(apart.shape, np.inf)
        walked[drawn] = plan.walks.metres(places[drawn], lines, widest)
    else:
        walked = apart
    column = {area: n for n, area in enumerate(ids)}
    chosen = [column[lack.area] for lack in lacks]
    walked, apart = walked[:, chosen], apart[:, chosen]
    # No way is shorter than the straight line.
    too_far = apart > np.array([lack.radius_m for lack in lacks])
    return np.where(np.isnan(walked) & too_far, np.inf, walked)


def _lack(facility: Facility, area: int, row: Mapping[str, float], each: Mapping[str, float]) -> Lack | None:
    low, high, required = row["deficit_low"], row["deficit_high"], row["required"]
    if math.isnan(low) or high <= 0:  # no number is set, or nothing lacks
        return None
    sure, least = max(0.0, low), row["supply"]
    # What lacks for sure is required less what is there at most.
    there = required - sure if sure > 0 and not math.isnan(required) else math.inf
    return Lack(
        facility=facility.key,
        area=area,
        low=sure,
        high=math.inf if math.isnan(high) else high,
        households=row["households"],
        radius_m=float(facility.radius_m or 0.0),
        supply_low=0.0 if math.isnan(least) else least,
        supply_high=there,
        min_size=facility.min_size or 0.0,
        m2_each=_each(facility, each),
    )


def _each(facility: Facility, each: Mapping[str, float]) -> float:
    if facility.unit in _SURFACES:
        return 1.0
    return 0.0 if facility.unit == _PLACE else each.get(facility.key, math.nan)


def _words(kind: FacilityKind) -> set[str]:
    """What people call a facility: words in names, and its own names."""
    named = (*kind.words, *kind.names.values(), *kind.short_names.values(), *kind.map_names.values())
    return {word for word in named if word}


def _place(pair: Pairing) -> tuple[str, int, str, int]:
    return pair.site.layer, pair.site.number, pair.lack.facility, pair.lack.area


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _surface(value: object) -> float:
    number = _number(value)
    return number if number > 0 else math.nan


def _number(value: Any) -> float:
    return math.nan if value is None or value is pd.NA else float(value)
