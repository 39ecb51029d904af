"""What is to be done about each deficit (对策): a room at hand, a site to be found, or handed up."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import shapely

from renomap.facilities import facility_kinds
from renomap.model.plan import Plan
from renomap.model.roles import Role
from renomap.model.standard import Facility, Level, State

#: Unit of what a neighbourhood has or has not (a company, a passage kept free): no site answers it.
_CONDITION = "neighbourhood"
_SURFACE, _SITE = "m2", "site"


class Remedy(StrEnum):
    """What is proposed for a deficit."""

    SOLVABLE = "solvable"  # an idle room or site within the radius is large enough
    TO_SITE = "to_site"  # a place must be found
    TO_SURVEY = "to_survey"  # whether anything lacks is not known
    WORKS = "works"  # no place lacks; it goes into the works of the neighbourhoods
    HANDED_UP = "handed_up"  # the subdistrict (community) provides it
    FEASIBILITY = "feasibility"  # inside buildings; whether it can be built is looked at for each


@dataclass(frozen=True)
class _Room:
    name: str
    shape: shapely.Geometry
    area_m2: float
    kinds: frozenset[str]


def remedies(plan: Plan) -> dict[tuple[int, str], tuple[Remedy, str]]:
    """The remedy of each deficit by (area id, facility key), with the name of the room or an empty text.

    Nothing is proposed where nothing lacks or the standard sets no number, and no room where it is not
    certain that something lacks. A room answers only the whole of a deficit at its most (``deficit_high``,
    closed; one place of a facility that is counted by places), within the facility's radius of the outline
    in a straight line, for a use its owner names, and one deficit only: facilities in the standard's order,
    then the nearest first (0 m inside the area), area by id, the smallest room that is large enough.
    """
    rooms = _rooms(plan)
    rows = plan.areas.drop(columns="geometry").to_dict("index")
    found: dict[tuple[int, str], tuple[Remedy, str]] = {}
    for facility in plan.standard.facilities:
        told = {int(str(area)): _without_room(facility, row) for area, row in rows.items()}
        sought = [area for area, remedy in told.items() if remedy is Remedy.TO_SITE]
        given = _given(facility, plan, sought, rooms)
        rooms = [room for room in rooms if room not in given.values()]
        for area, remedy in told.items():
            if area in given:
                found[area, facility.key] = Remedy.SOLVABLE, given[area].name
            elif remedy is not None:
                found[area, facility.key] = remedy, ""
    return found


def _without_room(facility: Facility, row: Any) -> Remedy | None:
    """What is proposed while no room is looked for."""
    state = row.get(f"{facility.key}_state")
    if state == State.BELOW_TRIGGER:
        return Remedy.HANDED_UP
    if state not in (State.SHORT, State.UNKNOWN):
        return None
    if facility.level is Level.COMMUNITY:
        return Remedy.HANDED_UP
    if facility.level is Level.BUILDING:
        return Remedy.FEASIBILITY
    if state == State.UNKNOWN:
        return Remedy.TO_SURVEY
    return Remedy.WORKS if facility.unit == _CONDITION else Remedy.TO_SITE


def _given(facility: Facility, plan: Plan, sought: list[int], rooms: list[_Room]) -> dict[int, _Room]:
    """The room of each area that gets one, nearest first."""
    if not facility.radius_m or facility.level is not Level.AREA:
        return {}
    pairs = []
    for area in sought:
        row = plan.areas.loc[area]
        for room in rooms:
            metres = float(shapely.distance(room.shape, row.geometry))
            if metres <= facility.radius_m and _suits(facility, room, row):
                pairs.append((round(metres, 3), area, room.area_m2, room.name, room))
    given: dict[int, _Room] = {}
    for _, area, _, _, room in sorted(pairs, key=lambda pair: pair[:4]):
        if area not in given and room not in given.values():
            given[area] = room
    return given


def _suits(facility: Facility, room: _Room, row: Any) -> bool:
    lacking: Any = row.get(f"{facility.key}_deficit_high")
    if facility.key not in room.kinds or lacking is None or math.isnan(lacking):
        return False
    if facility.unit == _SITE:
        return bool(0 < lacking <= 1)
    return bool(facility.unit == _SURFACE and room.area_m2 >= lacking > 0)


def _rooms(plan: Plan) -> list[_Room]:
    """Idle rooms and sites that have a name, a known surface and a use."""
    rooms = []
    for layer in plan.project.layers_of(Role.SITES):
        frame = layer.frame
        for row in frame.to_dict("records"):
            kinds, surface, name = (
                _kinds(str(row.get("usable_for") or "")),
                row.get("area_m2"),
                row.get("name"),
            )
            if kinds and name and surface is not None and surface > 0:
                rooms.append(_Room(str(name), row[frame.geometry.name], float(surface), kinds))
    return rooms


def _kinds(usable_for: str) -> frozenset[str]:
    """Keys of the facilities that a text such as ``养老、文化活动`` names."""
    kinds = facility_kinds().values()
    return frozenset(kind.key for kind in kinds if any(word in usable_for for word in kind.words))
