"""The projects of the town's invented programme, what is wrong with them, and what the check-up found."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from .survey import Compound, Value

#: How far a project is; each has done all that the ones before it have.
POOL, LISTED, PREPARED, BUILDING, DONE = range(5)


@dataclass(frozen=True)
class Case:
    """A project: its number, members (codes), planned year, how far it is, and who carries it out."""

    code: str
    members: tuple[str, ...]
    year: int
    state: int
    company: str | None
    person: str | None
    phone: str | None
    designer: str | None
    mode: str = "整治"


def _codes(text: str) -> tuple[str, ...]:
    return tuple(f"CD{each}" for each in text.split())


CASES: Final = (
    Case("XM-2026-01", _codes("07001 07002 07003 07005"), 2026, BUILDING, "城东建设投资集团(示例)", "周工",
         "0731-00000001", "陈设计师"),
    Case("XM-2026-02", _codes("02001 02002 02003 02004 02005 02006 02007 02008 02009 02010 02012"), 2026,
         PREPARED, "城东建设投资集团(示例)", "吴工", "0731-00000002", "陈设计师"),
    Case("XM-2026-03", _codes("03002 03003 03007 03010 03011"), 2026, PREPARED, "城东城市更新公司(示例)",
         "郑工", "0731-00000003", "何设计师"),
    Case("XM-2026-04", _codes("06002 06003"), 2026, DONE, "城东城市更新公司(示例)", "王工", "0731-00000004",
         "何设计师"),
    Case("XM-2027-01", _codes("04001 04005 04007 04008 04009 04010 04012"), 2027, LISTED,
         "城东水务集团(示例)", "冯工", None, None),
    Case("XM-2027-02", _codes("09001 09002 09003 09004 09005 10001 10002 10004 10005"), 2027, POOL,
         None, None, None, None),
    Case("XM-2028-01", _codes("12004 12005 12006 12007 12010 12011"), 2028, POOL, None, None, None, None),
    Case("XM-2028-02", _codes("02011 02013 02015 02018"), 2028, LISTED, "城东城市更新公司(示例)", "褚工",
         "0731-00000008", "何设计师", "自主更新"),
)  # fmt: skip
BY_MEMBER: Final = {member: case for case in CASES for member in case.members}

#: Members of projects that were never checked, and two whose residents did not agree.
UNCHECKED: Final = ("CD12007",)
UNWILLING: Final = ("CD09003", "CD10002")
#: Was in the reserve pool and left it.
GIVEN_UP: Final = "CD05004"
#: Paving before pipes; trenches of two years; an item twice; no roof listed though it leaks.
PAVED_FIRST, DUG_TWICE, TWICE, FORGOTTEN = "CD03002", "CD02004", "CD02005", "CD03010"
#: Houses of it are taken down.
REBUILT: Final = "CD02013"


def there(cases: Iterable[Case], codes: Container[str]) -> list[Case]:
    """The projects with those of their members that the town has; those with none are left out."""
    kept = [replace(case, members=tuple(code for code in case.members if code in codes)) for case in cases]
    return [case for case in kept if case.members]


def checkup(compound: Compound, rng: np.random.Generator) -> dict[str, Value]:
    """Date and findings of the check-up of a neighbourhood; all unknown where there was none."""
    floor, land = int(compound.facts["总建筑面积(㎡)"] or 0), int(compound.facts["用地面积(㎡)"] or 0)
    old = compound.year < 1990
    day = f"2025-{int(rng.integers(8, 12)):02d}-{int(rng.integers(1, 29)):02d}"
    found: dict[str, Value] = {
        "体检日期": day,
        "老化管线(km)": round(compound.households * rng.uniform(0.002, 0.005), 2) if old else 0.0,
        "屋面渗漏(㎡)": round(floor * rng.uniform(0.05, 0.14), -1) if old or rng.random() < 0.4 else 0,
        "外墙破损(㎡)": round(floor * rng.uniform(0.1, 0.3), -1) if old else 0,
        "道路破损(㎡)": round(land * rng.uniform(0.08, 0.2), -1),
    }
    missed = rng.random() < 0.1
    if compound.code in UNCHECKED or (missed and compound.code not in BY_MEMBER):
        return dict.fromkeys(found)
    return found
