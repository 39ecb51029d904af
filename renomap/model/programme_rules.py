"""Rules of a city's programme: gates, votes, funding sources and works, each with its source and status."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from renomap.model.preset import Bound
from renomap.model.standard import Status


class Before(StrEnum):
    """The step that a gate guards: into the reserve pool, a year's plan, work on site, the hand-over."""

    POOL = "pool"
    ANNUAL = "annual"
    SITE = "site"
    ACCEPTED = "accepted"


class Needs(StrEnum):
    """Which facts open a gate."""

    FIELDS = "fields"  # columns of the neighbourhood that must be filled in
    UPKEEP = "upkeep"  # columns of the table ``upkeep`` that must be filled in
    LIST = "list"  # the neighbourhood has reached a stage, ``names[0]``
    CONSENT = "consent"  # the verdict of ``programme.consent``
    EVENTS = "events"  # a passed event in each round
    ACCEPTANCE = "acceptance"  # passed by professionals, and by residents where a share is set


class SourceKind(StrEnum):
    """How money may be used."""

    TIED = "tied"  # only for the items or categories that its row names
    SUBSIDY = "subsidy"  # so many yuan a household; basic items first
    FREE = "free"  # what is left, in the order of the file
    FINANCING = "financing"  # has to be paid back: never closes the gap without financing


class Payer(StrEnum):
    """Who money is from, as a leader asks for it: 财政, 专营等单位, 居民, 融资."""

    FISCAL = "fiscal"
    COMPANIES = "companies"
    RESIDENTS = "residents"
    FINANCING = "financing"


class WorkLayer(StrEnum):
    """Where a work is done; what is underground comes before what is on the ground."""

    UNDERGROUND = "underground"
    BUILDING = "building"
    GROUND = "ground"
    FACILITY = "facility"


@dataclass(frozen=True)
class Gate:
    """What must be settled before a step. ``scope``: 'neighbourhood' (done if done for every member of the
    project) or 'project'. ``names``: the columns, or the stage, that ``needs`` speaks of. ``bodies``: who
    decides in each round, as far as a source says. ``waivable``: may be passed over with a reason.
    """

    key: str
    zh: str
    en: str
    scope: str
    needs: Needs
    before: Before
    source: str
    status: Status
    names: tuple[str, ...] = ()
    rounds: int = 1
    bodies: tuple[str, ...] = ()
    bodies_status: Status | None = None
    waivable: bool = False
    note: str = ""


@dataclass(frozen=True)
class Procedure:
    """A line of the checklist 前期手续: listed, never in the way. ``before``: the step it belongs to."""

    key: str
    zh: str
    en: str
    before: Before
    source: str
    status: Status


@dataclass(frozen=True)
class Vote:
    """A matter on which owners vote; ``share`` of those taking part must be in favour, and where
    ``more_than`` is set, more than that share. ``taking_part`` is the share of all owners that must vote.
    """

    key: str
    zh: str
    en: str
    taking_part: str  # a fraction such as '2/3', exact
    share: str
    more_than: bool
    source: str
    status: Status


@dataclass(frozen=True)
class FundingSource:
    """Where money comes from. ``code``: of the national statistics, '' where none is known. ``may_pay``:
    items that a source is said to pay for; offered as its scope, never assumed.
    """

    key: str
    zh: str
    en: str
    kind: SourceKind
    payer: Payer
    source: str
    status: Status
    code: str = ""


@dataclass(frozen=True)
class Department:
    """A department with money of its own. ``may_pay``: keys of items that it might pay for; offered as the
    scope of its money, never assumed.
    """

    key: str
    zh: str
    en: str
    may_pay: tuple[str, ...]
    source: str
    status: Status


@dataclass(frozen=True)
class WorkItem:
    """A line of the catalogue of works; prices are never part of it.

    ``quantity``: 'deficit' (of ``facility``), 'field' (the column ``column`` of the neighbourhood) or
    'typed'. ``dig``: the ground is opened. ``code``: of the statistics, '' where none.
    """

    key: str
    zh: str
    en: str
    category: str
    layer: WorkLayer
    dig: bool
    unit: str
    quantity: str
    source: str
    status: Status
    facility: str = ""
    column: str = ""
    code: str = ""


@dataclass(frozen=True)
class AddOn:
    """A cost on top of the works of a project, such as 预备费: ``share`` of them; None = set by nobody."""

    key: str
    zh: str
    en: str
    share: float | None
    source: str
    status: Status


@dataclass(frozen=True)
class Indicator:
    """A line of a check-up list. ``level``: city | block | neighbourhood | housing (城区, 街区, 小区, 住房).
    ``base``: of the national list; None where no source says.
    """

    key: str
    zh: str
    en: str
    level: str
    unit: str
    source: str
    status: Status
    base: bool | None = None
    code: str = ""


@dataclass(frozen=True)
class Factor:
    """A factor of the order of projects: its value counts nothing at ``zero``, all of ``weight`` at ``full``
    (which may be the smaller one). The weights of all factors add up to 1.
    """

    key: str
    zh: str
    en: str
    weight: float
    zero: float
    full: float
    source: str
    status: Status


@dataclass(frozen=True)
class Rules:
    """All rules of one city's programme.

    ``in_order``: gates may only be passed in the order of the file; else the order is free across gates and
    checked within the rounds of one. ``satisfied_min``: share of satisfied answers that acceptance takes;
    None = the city sets none. ``demolished_max``, ``rebuilt_max``: share of floor area taken down, and
    rebuilt per taken down, above which a warning is given. ``subsidised_elevators``,
    ``subsidised_rebuild``: whether the subsidy per household may pay for elevators, and goes to rebuilding
    at all. ``factors``: by which projects are ranked. ``first_year``, ``last_year``: of the plan;
    ``discount``: what a year later counts. ``addons``: costs on top of works. ``stale_days``: after so many
    days a report of progress is old.
    """

    key: str
    zh: str
    en: str
    gates: tuple[Gate, ...]
    sources: tuple[FundingSource, ...]
    items: tuple[WorkItem, ...]
    departments: tuple[Department, ...] = ()
    procedures: tuple[Procedure, ...] = ()
    votes: tuple[Vote, ...] = ()
    in_order: bool = False
    satisfied_min: Bound | None = None
    demolished_max: Bound | None = None
    rebuilt_max: Bound | None = None
    subsidised_elevators: bool = False
    subsidised_rebuild: bool = False
    factors: tuple[Factor, ...] = ()
    addons: tuple[AddOn, ...] = ()
    first_year: Bound | None = None
    last_year: Bound | None = None
    discount: Bound | None = None
    stale_days: Bound | None = None
    note: str = ""

    @property
    def years(self) -> tuple[int, ...]:
        """Years of the plan, none where the rules name none."""
        if self.first_year is None or self.last_year is None:
            return ()
        return tuple(range(int(self.first_year.value), int(self.last_year.value) + 1))

    @cached_property
    def order(self) -> dict[str, int]:
        """Places of the items in the catalogue, by key."""
        return {item.key: nth for nth, item in enumerate(self.items)}

    def gate(self, key: str) -> Gate | None:
        """The gate of that key, or None."""
        return next((one for one in self.gates if one.key == key), None)

    def item(self, key: str) -> WorkItem | None:
        """The item of that key, or None."""
        nth = self.order.get(key)
        return None if nth is None else self.items[nth]

    def addon(self, key: str) -> AddOn | None:
        """The cost on top of works of that key, or None."""
        return next((one for one in self.addons if one.key == key), None)

    def source(self, key: str) -> FundingSource | None:
        """The funding source of that key, or None."""
        return next((one for one in self.sources if one.key == key), None)
