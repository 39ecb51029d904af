"""What is to be done about each deficit (对策): a room at hand, a site to be found, or handed up."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import shapely

from renomap.assets import table
from renomap.model.plan import Plan
from renomap.model.roles import Role
from renomap.model.standard import Facility, Level, State

#: Level whose deficits the subdistrict and the community answer for.
_COMMUNITY = "community"
_SURFACE = "m2"


class Remedy(StrEnum):
    """What is proposed for a deficit."""

    SOLVABLE = "solvable"  # an idle room or site within the radius is large enough
    TO_SITE = "to_site"  # a place must be found
    HANDED_UP = "handed_up"  # the subdistrict (community) provides it
    FEASIBILITY = "feasibility"  # inside buildings; whether it can be built is looked at for each


@dataclass
class _Room:
    name: str
    shape: shapely.Geometry
    area_m2: float
    kinds: frozenset[str]


def remedies(plan: Plan) -> dict[tuple[int, str], tuple[Remedy, str]]:
    """The remedy of each deficit by (area id, facility key), with the name of the room or an empty text.

    Nothing is proposed where nothing lacks or the standard sets no number. A room answers only the whole of
    a deficit at its most (``deficit_high``, closed), within the facility's radius of the outline in a
    straight line, for a use its owner names, and one deficit only: facilities in the standard's order, areas
    by id, the smallest room that is large enough.
    """
    rooms = _rooms(plan)
    found: dict[tuple[int, str], tuple[Remedy, str]] = {}
    for facility in plan.standard.facilities:
        for area, row in plan.areas.iterrows():
            remedy = _remedy(facility, row, rooms)
            if remedy is not None:
                found[int(str(area)), facility.key] = remedy
    return found


def _remedy(facility: Facility, row: Any, rooms: list[_Room]) -> tuple[Remedy, str] | None:
    state = row.get(f"{facility.key}_state")
    if state == State.BELOW_TRIGGER:
        return Remedy.HANDED_UP, ""
    if state not in (State.SHORT, State.UNKNOWN):
        return None
    if facility.level == _COMMUNITY:
        return Remedy.HANDED_UP, ""
    if facility.level is Level.BUILDING:
        return Remedy.FEASIBILITY, ""
    lacking: Any = row.get(f"{facility.key}_deficit_high")
    if lacking is None or math.isnan(lacking) or facility.unit != _SURFACE or not facility.radius_m:
        return Remedy.TO_SITE, ""
    near = [
        room
        for room in rooms
        if facility.key in room.kinds
        and room.area_m2 >= lacking > 0
        and shapely.distance(room.shape, row.geometry) <= facility.radius_m
    ]
    if not near:
        return Remedy.TO_SITE, ""
    room = min(near, key=lambda one: (one.area_m2, one.name))
    rooms.remove(room)
    return Remedy.SOLVABLE, room.name


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
    kinds = table("facility_kinds")["words"].items()
    return frozenset(key for key, words in kinds if key and any(word in usable_for for word in words))
