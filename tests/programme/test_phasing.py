"""Years of projects: the example of the specification, small cases by brute force, and planted faults."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renomap.errors import RenomapError
from renomap.model.standard import MeetingValue
from renomap.programme import files
from renomap.programme.budget import Budget, budget_of
from renomap.programme.phasing import EQUAL, Candidate, Phasing, phase
from renomap.programme.phasing_check import violations

YEARS = (2026, 2027, 2028)
NAN = math.nan
#: Key: cost, score, households, of the specification.
SIX = {
    1: (600, 70, 1208), 2: (500, 65, 935), 3: (400, 60, 876),
    4: (300, 40, 284), 5: (900, 90, 1469), 6: (NAN, 95, 500),
}  # fmt: skip


def of(rows: Mapping[int, tuple[float, ...]], **changed: dict[int, Any]) -> list[Candidate]:
    made = {key: Candidate(key, *map(float, row), earliest=2026.0) for key, row in rows.items()}
    for name, values in changed.items():
        for key, value in values.items():
            made[key] = replace(made[key], **{name: value})
    return list(made.values())


def with_caps(*caps: float, **more: Any) -> Budget:
    return Budget(YEARS, dict(zip(YEARS, caps, strict=False)), discount=0.9, **more)


def test_the_example_of_the_specification() -> None:
    found = phase(of(SIX), with_caps(1000, 800, 800))
    assert found.years == {1: 2027, 2: 2028, 4: 2028, 5: 2026}
    assert found.benefit == pytest.approx(266_743.35, abs=0.005)
    assert found.proven
    third, sixth = found.unplaced
    assert (third.key, third.why, sixth.key, sixth.why) == (3, "displaced", 6, "cost")
    assert set(third.by) <= set(found.years), "it is said by whom"
    more = phase(of(SIX), with_caps(1000, 900, 800))
    assert more.benefit == pytest.approx(314_538.35, abs=0.005)
    assert (more.years[5], more.years[1], more.years[3]) == (2027, 2026, 2026)
    higher = phase(of(SIX, score={3: 75.0}), with_caps(1000, 800, 800))
    assert higher.years[3] == 2028
    assert 2 not in higher.years
    none = phase(of(SIX), with_caps(0, 0, 0))
    assert none.years == {}
    assert {one.why for one in none.unplaced} == {"no_room", "cost"}
    assert none.unplaced[0].short == 600


def test_what_leaders_fixed_stays_and_what_is_urgent_comes_first() -> None:
    fixed = phase(of(SIX, fixed={3: 2026.0, 6: 2028.0}), with_caps(1000, 800, 800))
    assert (fixed.years[3], fixed.years[6]) == (2026, 2028)
    partly = phase(of(SIX, fixed={6: 2026.0}, least={6: 1200.0}), with_caps(1000, 800, 800))
    assert partly.over == ((2026, "", 200),), "of an unknown cost the least counts"
    assert 2026 not in {year for key, year in partly.years.items() if key != 6}
    urgent = phase(of(SIX, urgent={4: True}), with_caps(1000, 800, 800))
    assert urgent.years[4] == 2026
    above = phase(of(SIX, urgent={5: True}), with_caps(100, 100, 100))
    assert above.years == {5: 2026}
    assert above.over == ((2026, "", 800),), "told, not moved"
    late = phase(of(SIX, earliest={5: 2028.0, 1: NAN}), with_caps(1000, 800, 900))
    assert late.years[5] == 2028
    assert next(one.why for one in late.unplaced if one.key == 1) == "gates"
    assert set(phase(of(SIX), with_caps(most={2026: 1, 2027: 0, 2028: 0})).years) == {5}


def test_money_of_one_source_has_a_cap_of_its_own() -> None:
    used = dict(zip(SIX, (300.0, 100.0, NAN, 50.0, 400.0, 0.0), strict=True))
    table = of(SIX, uses={key: {"district": value} for key, value in used.items()})
    found = phase(table, with_caps(source_caps={(year, "district"): 350 for year in YEARS}))
    assert 5 not in found.years
    assert {one.key: one.why for one in found.unplaced} == {3: "money", 5: "no_room", 6: "cost"}
    assert found.years[1] != found.years[2], "300 and 100 are more than 350"


def _best(rows: list[Candidate], budget: Budget) -> float:
    """By trying every choice; numbers as the definition says them."""
    best = 0.0
    choices = [[None, *(year for year in budget.years if year >= one.earliest)] for one in rows]
    for years in itertools.product(*choices):
        sums = dict.fromkeys(budget.years, 0.0)
        worth = 0.0
        for one, year in zip(rows, years, strict=True):
            if year is not None:
                sums[year] += one.cost
                worth += one.score * one.households * budget.discount ** (year - budget.years[0])
        if all(total <= budget.caps.get(year, math.inf) for year, total in sums.items()):
            best = max(best, worth)
    return best


whole = st.integers(0, 12).map(float)


@pytest.mark.property
@settings(max_examples=40, deadline=None)
@given(
    rows=st.dictionaries(st.integers(1, 9), st.tuples(whole, whole, whole), min_size=1, max_size=5),
    caps=st.lists(whole, min_size=3, max_size=3),
    more=st.integers(0, 10),
    earliest=st.integers(2026, 2028),
)
def test_the_best_of_all_choices(
    rows: dict[int, tuple[float, ...]], caps: list[float], more: int, earliest: int
) -> None:
    table, budget = of(rows, earliest={min(rows): float(earliest)}), with_caps(*caps)
    found = phase(table, budget)
    assert violations(table, budget, found.years) == ()
    assert found.benefit == pytest.approx(_best(table, budget), abs=2 * EQUAL)
    raised = phase(table, with_caps(caps[0], caps[1] + more, caps[2]))
    assert raised.benefit >= found.benefit - 2 * EQUAL, "a higher cap never lowers the benefit"


@pytest.mark.parametrize(
    ("planted", "rule"),
    [
        ({5: 2026, 1: 2026}, "cap"), ({6: 2026}, "unknown"), ({2: 2026}, "early"), ({4: 2031}, "year"),
        ({3: 2027}, "fixed"), ({99: 2026}, "stranger"), ({1: 2027, 4: 2027, 3: 2026}, "capacity"),
    ],
)  # fmt: skip
def test_the_check_finds_every_planted_fault(planted: dict[int, int], rule: str) -> None:
    budget = with_caps(1000, 1000, 800, most={2027: 1})
    table = of(SIX, earliest={2: 2027.0}, fixed={3: 2026.0})
    sound = {3: 2026, 1: 2027}
    assert violations(table, budget, sound) == ()
    assert rule in {text.split(":")[0] for text in violations(table, budget, sound | planted)}


def test_of_equal_plans_the_earlier_one() -> None:
    rows = {1: (10.0, 0.0, 5.0), 2: (10.0, 0.0, 5.0), 3: (10.0, 0.0, 5.0)}
    found: Phasing = phase(of(rows), with_caps(10, 20, 10))
    assert found.years == {1: 2026, 2: 2027, 3: 2027}


def test_a_budget_is_read_as_it_is_spoken() -> None:
    rules = files.load("changsha")

    def read(*pairs: tuple[str, str, str]) -> Budget:
        return budget_of([MeetingValue(*pair, "王工", "2026-11-30") for pair in pairs], rules, YEARS)

    found = read(
        ("cap", "2026", "3,000万元"), ("cap", "2027", "0.3亿"), ("cap", "2026:district", "12000000"),
        ("capacity", "2026", "5"), ("cap", "2027", "none"),
    )  # fmt: skip
    assert found.caps == {2026: 30_000_000}
    assert found.source_caps == {(2026, "district"): 12_000_000}
    assert (found.most, found.unlimited, found.discount) == ({2026: 5}, (2027, 2028), 0.9)
    for wrong in (
        ("cap", "2026", "much"),
        ("cap", "26", "1"),
        ("cap", "2026:x", "1"),
        ("capacity", "2026", "-1"),
    ):
        with pytest.raises(RenomapError):
            read(wrong)
