"""A preset: how a city delimits its areas."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from renomap.model.standard import Status

#: Metres; no two neighbourhoods farther apart are neighbours, whatever lies between.
WIDEST_GAP_M: Final = 500.0


class Eligibility(StrEnum):
    """Whether a neighbourhood may join an area."""

    ELIGIBLE = "eligible"
    CAPPED = "capped"  # completed 2001-2005: allowed in limited share
    NOT_ELIGIBLE = "not_eligible"
    PENDING = "pending"  # 待核


@dataclass(frozen=True)
class Bound:
    """A lower or upper limit with its provenance."""

    value: float
    source: str
    status: Status


@dataclass(frozen=True)
class Consent:
    """The shares of all households that must have been asked and be in favour; None = not asked for.

    ``rule``: 'each' member of an area must reach them, or all its members in 'sum'.
    """

    asked_min: Bound | None
    yes_min: Bound | None
    rule: str = "each"


@dataclass(frozen=True)
class Preset:
    """Bounds, targets and rules of a city, each with source and status.

    ``bounds`` keys: households_min, households_max, count_min, count_max, population_min, population_max,
    area_ha_max, walk_m_max. ``targets`` keys: households, count (neighbourhoods per area). ``subsidy`` keys:
    city, district_min (integer yuan per household). ``year_max``: completed by then = eligible; up to
    ``year_max_capped`` = capped.
    """

    key: str
    zh: str
    en: str
    standard: str
    bounds: Mapping[str, Bound]
    targets: Mapping[str, Bound]
    year_max: Bound | None
    year_max_capped: Bound | None
    gap_m: float = 30.0
    gap_road_m: float = 60.0
    within: str | None = "street"  # administrative level an area may not leave; None = free
    weights: Mapping[str, float] = field(default_factory=dict)
    consent: Consent | None = None
    subsidy: Mapping[str, Bound] = field(default_factory=dict)
    join_capped: bool = False
    note: str = ""
    programme: str = "national"  # key of the shipped rules of the programme

    @property
    def joining(self) -> tuple[Eligibility, ...]:
        """Classes that may join an area: eligible and 待核, and the capped years where the preset says so."""
        always = (Eligibility.ELIGIBLE, Eligibility.PENDING)
        return (*always, Eligibility.CAPPED) if self.join_capped else always
