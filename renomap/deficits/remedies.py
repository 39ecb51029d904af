"""What is to be done about each deficit (对策): a room at hand, a site to be found, or handed up."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Any

from renomap.model.plan import Plan
from renomap.model.standard import Facility, Level, State

#: Unit of what a neighbourhood has or has not (a company, a passage kept free): no site answers it.
_CONDITION = "neighbourhood"


class Remedy(StrEnum):
    """What is proposed for a deficit."""

    PLANNED = "planned"  # an idle room has been accepted for it: planned supply, not in the deficit
    SOLVABLE = "solvable"  # an idle room or site within the radius is large enough
    TO_SITE = "to_site"  # a place must be found
    TO_SURVEY = "to_survey"  # whether anything lacks is not known
    WORKS = "works"  # no place lacks; it goes into the works of the neighbourhoods
    HANDED_UP = "handed_up"  # the subdistrict (community) provides it
    FEASIBILITY = "feasibility"  # inside buildings; whether it can be built is looked at for each


def remedies(
    plan: Plan,
    rooms: Mapping[tuple[int, str], str],
    planned: Collection[tuple[int, str]] = (),
) -> dict[tuple[int, str], tuple[Remedy, str]]:
    """The remedy of each deficit by (area id, facility key), with the name of the room or an empty text.

    Nothing is proposed where nothing lacks or the standard sets no number, and no room where it is not
    certain that something lacks; what was accepted is told wherever something may lack.

    Parameters
    ----------
    rooms : Mapping
        Names of the rooms that answer the whole of a deficit, as ``programme.idle_sites.answered`` says.
    planned : collection
        Those of them of which every room has been accepted.
    """
    rows = plan.areas.drop(columns="geometry").to_dict("index")
    found: dict[tuple[int, str], tuple[Remedy, str]] = {}
    for facility in plan.standard.facilities:
        for area, row in rows.items():
            place, remedy = (int(str(area)), facility.key), _without_room(facility, row)
            if remedy is not None and place in planned:
                found[place] = Remedy.PLANNED, rooms[place]
            elif remedy is Remedy.TO_SITE and place in rooms:
                found[place] = Remedy.SOLVABLE, rooms[place]
            elif remedy is not None:
                found[place] = remedy, ""
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
