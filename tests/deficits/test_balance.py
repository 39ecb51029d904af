"""Sums over the members of areas: what is unknown stays unknown, an area without members has nothing."""

from dataclasses import replace

import numpy as np
import pytest
from deficit_frames import grid, line_of, one_area, per_area
from numpy.testing import assert_array_equal

from renomap.deficits import standards
from renomap.deficits.assess import assess
from renomap.deficits.balance import Groups, balance, facts
from renomap.deficits.inputs import prepare

NAN = np.nan
NATIONAL = standards.load("national")


@pytest.fixture
def groups() -> Groups:
    """Area 0 has rows 0 and 2, area 1 row 3, area 2 none; row 1 is in no area."""
    return Groups(labels=np.array([0, -1, 0, 1]), k=3)


def test_a_sum_counts_what_is_known_of_the_members(groups: Groups) -> None:
    assert_array_equal(groups.sum(np.array([1.0, 100.0, NAN, 5.0])), [1.0, 5.0, 0.0])


def test_a_whole_sum_needs_every_member_and_at_least_one(groups: Groups) -> None:
    assert_array_equal(groups.whole(np.array([1.0, NAN, 2.0, 5.0])), [3.0, 5.0, NAN])
    assert_array_equal(groups.whole(np.array([1.0, 7.0, NAN, 0.0])), [NAN, 0.0, NAN])


def test_a_total_needs_one_known_member(groups: Groups) -> None:
    assert_array_equal(groups.total(np.array([NAN, 7.0, 2.0, NAN])), [2.0, NAN, NAN])
    assert_array_equal(groups.total(np.array([0.0, 7.0, NAN, 0.0])), [0.0, 0.0, NAN])


def test_an_open_end_keeps_a_sum_open(groups: Groups) -> None:
    assert_array_equal(groups.add(np.array([1.0, np.inf, np.inf, 2.0])), [np.inf, 2.0, 0.0])


def test_a_flag_of_an_area_is_that_of_every_member(groups: Groups) -> None:
    assert_array_equal(groups.every(np.array([True, False, False, True])), [False, True, True])


@pytest.mark.parametrize(
    ("population", "elderly", "share"),
    [
        ([300.0, 300.0], [60.0, 30.0], 0.15),
        ([300.0, NAN], [60.0, 30.0], NAN),  # of unknown persons 30 are no share
        ([300.0, 300.0], [60.0, NAN], NAN),
    ],
)
def test_a_share_of_the_elderly_needs_both_of_every_member(
    population: list[float], elderly: list[float], share: float
) -> None:
    inputs = prepare(grid(2, population=population, elderly=elderly), None, None, NATIONAL)
    assert_array_equal(facts(inputs, Groups(np.zeros(2, np.int64), 1)).elderly_share, [share])


@pytest.mark.parametrize(("population", "spare"), [(6000.0, 380.0), (4000.0, 500.0), (NAN, 0.0)])
def test_nothing_is_to_spare_while_it_may_be_due(population: float, spare: float) -> None:
    """500 m² where 120 are required from 5,000 persons on."""
    standard = per_area(NATIONAL)
    frame = grid(1, population=[population], clinic_m2=500.0)
    inputs, f = prepare(frame, None, None, standard), line_of(standard, "clinic")
    common = facts(inputs, Groups(np.zeros(1, np.int64), 1))
    found = balance(inputs, f, common, np.zeros(1), np.zeros(1, bool))
    assert_array_equal(found.spare_known, [spare])


def test_one_that_has_less_than_it_needs_is_served_anew() -> None:
    """Due from 1,000 persons, 15 m² per 100 households, at least 10. The first has 12 of 15, no trigger."""
    changed = tuple(
        replace(item, rate=0.15, rate_per=1.0, min_size=10.0, trigger={"population_min": 1000.0})
        if item.key == "elder_care"
        else item
        for item in NATIONAL.facilities
    )
    frame = grid(2, households=[100.0, 300.0], population=[320.0, 960.0], elder_m2=[12.0, 0.0])
    found = assess(frame, None, None, *one_area(frame), replace(NATIONAL, facilities=changed))
    assert found.areas.loc[1, "elder_care_newly_low"] == 400
