"""A standard: what a neighbourhood or an area should have, each number with its source and status."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from renomap.tables import TomlTable, choice_of

#: What a facility or a work is for: 基础, 完善, 提升, in the order in which it is due.
CATEGORIES: Final = ("basic", "better", "upgrade")

WORKS: Final = "works"
DISTRICT: Final = "district"
CONSENT: Final = "consent"
CAP: Final = "cap"
CAPACITY: Final = "capacity"
WEIGHT: Final = "weight"
#: ``site.FACILITY=M2``: floor or land for one unit of what is not counted in m2.
SITE: Final = "site"
ADDON: Final = "addon"
REACH: Final = "reach"
#: First words of values of the meeting that speak of the programme and not of a facility.
PROGRAMME_VALUES: Final = (WORKS, DISTRICT, CONSENT, CAP, CAPACITY, WEIGHT, SITE, ADDON, REACH)


class Status(StrEnum):
    """How far a number has been checked; printed beside it."""

    VERIFIED = "verified"
    PARTLY = "partly"
    EXAMPLE = "example"
    ABSENT = "verified-as-absent"
    UNVERIFIED = "unverified"
    MEETING = "meeting"  # 暂定值，待会议确认


def status_of(table: TomlTable, found: Mapping[str, Any], **where: Any) -> Status:
    """The status of a number in a table; refused where it is missing (``deficits.table-choice``)."""
    return Status(choice_of(table, found, "status", [item.value for item in Status], **where))


class Level(StrEnum):
    """Where a need arises and can be met."""

    BUILDING = "building"
    NEIGHBOURHOOD = "neighbourhood"
    AREA = "area"
    COMMUNITY = "community"  # 社区: judged on all its residents, whatever area they are in


class State(StrEnum):
    """What is to be said of a facility in an area."""

    MET = "met"
    SHORT = "short"
    UNKNOWN = "unknown"
    NOT_SET = "not_set"
    BELOW_TRIGGER = "below_trigger"


@dataclass(frozen=True)
class Facility:
    """One line of a standard.

    ``need`` of a unit is ``rate * base / rate_per``; ``base`` is household, person, car, stairwell, parking
    (spaces supplied), neighbourhood, area or community. ``rate`` None means the standard sets no number,
    unless ``min_size`` is set and base is neighbourhood, area or community (at least one of that size in
    each). ``trigger``
    holds thresholds such as ``{"population_min": 5000}``; empty means always. ``radius_m`` is straight-line;
    None = no limit set.
    """

    key: str
    zh: str
    en: str
    unit: str
    base: str
    rate: float | None
    rate_per: float
    min_size: float | None
    trigger: Mapping[str, float]
    supply_field: str
    radius_m: float | None
    level: Level
    category: str  # basic | better | upgrade = 基础 | 完善 | 提升
    source: str
    clause: str
    status: Status
    pooled: bool = True  # False: cannot be shared between neighbourhoods (elevators)
    linked: bool = False  # pooled only between members linked within radius_m (parking)


@dataclass(frozen=True)
class MeetingValue:
    """A value set for the meeting: ``facility.key = value``, who and when, printed beside each number."""

    facility: str
    key: str
    value: str
    by: str
    at: str  # ISO date and time


@dataclass(frozen=True)
class Standard:
    """A set of facilities, in the order of reports: elevators, parking and elderly care first."""

    key: str
    zh: str
    en: str
    edition: str
    persons_per_household: float
    persons_source: str
    persons_status: Status
    facilities: tuple[Facility, ...]
    note: str = ""
    meeting: tuple[MeetingValue, ...] = field(default_factory=tuple)

    def facility(self, key: str) -> Facility | None:
        """The facility of that key, or None."""
        return next((item for item in self.facilities if item.key == key), None)
