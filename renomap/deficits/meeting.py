"""Values set for a meeting: ``FACILITY.KEY=VALUE``, with who set them and when."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from renomap.deficits.rules import BASES, FLOORS_MIN, PLACES, TRIGGERS
from renomap.errors import RenomapError
from renomap.model.standard import PROGRAMME_VALUES, Facility, MeetingValue, Standard, Status
from renomap.tables import LARGEST, NONE_WORD, SMALLEST

#: ``survey=complete``: the facility layer lists all there is, so a neighbourhood without an entry has none.
SURVEY: Final = "survey"
COMPLETE: Final = "complete"
#: ``survey.residents=complete``: the survey holds all residents of its communities, so that their sum is the
#: population and not a lower bound. It stands in the place of facility and key, but changes no facility.
RESIDENTS: Final = "residents"
KEYS: Final = ("rate", "min_size", "radius_m", *TRIGGERS, SURVEY)
_BASE_WORDS: Final = {"户": "household", "人": "person", "辆": "car", "车": "car", "单元": "stairwell"}
_RATE = re.compile(r"(?P<rate>[0-9.]+)\s*(?:/\s*(?P<per>[0-9.]*)\s*(?P<base>[^\W\d]+))?")


def parse_meeting(text: str, *, by: str = "", at: str = "") -> MeetingValue:
    """A meeting value from ``FACILITY.KEY=VALUE`` such as ``parking.rate=0.6/household``.

    Only the form is checked; facility, key and value are by ``with_meeting``, which knows the standard.

    Parameters
    ----------
    text : str
        As on the command line.
    by, at : str
        Who set it, and when (ISO date and time); printed beside each number.

    Raises
    ------
    RenomapError
        ``deficits.set-form`` if the text is not of that form.
    """
    left, equals, value = text.partition("=")
    facility, dot, key = left.strip().partition(".")
    if not (equals and dot and facility and key and value.strip()):
        raise RenomapError("deficits.set-form", text=text)
    return MeetingValue(facility=facility, key=key, value=value.strip(), by=by, at=at)


def with_meeting(standard: Standard, values: Sequence[MeetingValue]) -> Standard:
    """The standard with values of the meeting in place of its own.

    A line of which a number changes gets status ``meeting``; a later value of the same facility and key wins.
    ``rate`` takes a base after the slash (``0.6/household``, ``1.1/car``, ``20/100household``; 户, 人, 辆
    too); without one the base stays. ``none`` unsets ``min_size``, ``radius_m`` or a trigger.
    ``FACILITY.survey=complete`` says that the facility layer lists all there is, and
    ``survey.residents=complete`` that the survey holds all residents of its communities.

    Parameters
    ----------
    standard : Standard
        Stays as it is.
    values : sequence of MeetingValue
        In the order in which they were set.

    Raises
    ------
    RenomapError
        ``deficits.set-facility``, ``deficits.set-key`` (both list what there is), ``deficits.set-value``.
    """
    kept: dict[tuple[str, str], MeetingValue] = {}
    facilities = {item.key: item for item in standard.facilities}
    for value in values:
        if value.facility in PROGRAMME_VALUES:
            continue  # read by ``programme.prices`` and ``programme.shares``
        if (value.facility, value.key) == (SURVEY, RESIDENTS):
            if value.value != COMPLETE:
                raise _bad(value)
            kept[SURVEY, RESIDENTS] = value
            continue
        facility = facilities.get(value.facility)
        if facility is None:
            raise RenomapError(
                "deficits.set-facility", facility=value.facility, available=", ".join(facilities)
            )
        if value.key not in KEYS:
            raise RenomapError("deficits.set-key", key=value.key, available=", ".join(KEYS))
        facilities[facility.key] = _with_value(facility, value)
        kept[value.facility, value.key] = value
    earlier = tuple(one for one in standard.meeting if (one.facility, one.key) not in kept)
    return replace(standard, facilities=tuple(facilities.values()), meeting=(*earlier, *kept.values()))


def surveyed(standard: Standard) -> frozenset[str]:
    """Facilities whose layer the meeting has taken as complete."""
    return frozenset(one.facility for one in standard.meeting if one.key == SURVEY)


def residents_complete(standard: Standard) -> bool:
    """Whether the meeting has declared that the survey holds all residents of its communities."""
    return any((one.facility, one.key) == (SURVEY, RESIDENTS) for one in standard.meeting)


def _with_value(facility: Facility, value: MeetingValue) -> Facility:
    if value.key == SURVEY:
        if value.value != COMPLETE:
            raise _bad(value)
        return facility  # says something of the layer; the standard's numbers are as well checked as before
    facility = replace(facility, status=Status.MEETING)
    if value.key == "rate":
        return _with_rate(facility, value)
    number = None if value.value == NONE_WORD else _number(value.value, value)
    if value.key in TRIGGERS:
        if value.key == FLOORS_MIN and facility.base != "stairwell":
            raise _bad(value)
        trigger = {key: old for key, old in facility.trigger.items() if key != value.key}
        return replace(facility, trigger=trigger if number is None else {**trigger, value.key: number})
    if value.key == "min_size":
        return replace(facility, min_size=number or None)
    return replace(facility, radius_m=number)


def _with_rate(facility: Facility, value: MeetingValue) -> Facility:
    match = _RATE.fullmatch(value.value)
    if match is None:
        raise _bad(value)
    rate = _number(match["rate"], value)
    if not match["base"]:
        return replace(facility, rate=rate)
    base = _BASE_WORDS.get(match["base"], match["base"])
    per = _number(match["per"], value) if match["per"] else 1.0
    if base == "area" and facility.base == "community":
        base = facility.base  # set while the standard judged the facility per area
    # What is needed once by a place has no share of a neighbourhood, and a share has none of the place.
    whole = base if base in PLACES else ""
    if base not in BASES or whole != (facility.base if facility.base in PLACES else "") or per == 0:
        raise _bad(value)
    return replace(facility, rate=rate, rate_per=per, base=base)


def _number(text: str, value: MeetingValue) -> float:
    """A number that stands in a value of the meeting, within the limits of a table."""
    try:
        number = float(text)
    except ValueError:
        raise _bad(value) from None
    if not (number == 0 or SMALLEST <= number <= LARGEST):
        raise _bad(value)
    return number


def _bad(value: MeetingValue) -> RenomapError:
    return RenomapError("deficits.set-value", facility=value.facility, key=value.key, value=value.value)
