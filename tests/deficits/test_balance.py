"""Sums over the members of areas: what is unknown stays unknown, an area without members has nothing."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from renomap.deficits.balance import Groups

NAN = np.nan


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
