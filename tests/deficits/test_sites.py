"""Number of sites of a radius."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
import shapely
from deficit_frames import grid, one_area
from hypothesis import given
from hypothesis import strategies as st

from renomap.deficits import standards
from renomap.deficits.assess import assess
from renomap.deficits.covering import least
from renomap.deficits.sites import MANY, Reach, sites


def reach(
    points: list[tuple[float, float]], radius: float | None, households: list[float] | None = None
) -> Reach:
    homes = np.array([100.0] * len(points) if households is None else households)
    return sites(np.array(points, dtype=float), np.zeros(len(points), dtype=np.int64), 1, radius, homes)


def count(points: list[tuple[float, float]], radius: float | None) -> float:
    return float(reach(points, radius).number[0])


@pytest.mark.parametrize(
    ("points", "radius", "needed"),
    [
        ([(0, 0)], 300, 1),
        ([(0, 0), (600, 0)], 300, 1),  # a site half way between, at no member
        ([(0, 0), (601, 0)], 300, 2),
        ([(0, 0), (500, 0), (250, 433)], 300, 1),  # circumradius 288.7
        ([(0, 0), (500, 0), (250, 433), (3000, 0)], 300, 2),  # one place for three, at none of them
        ([(0, 0), (540, 0), (270, 467.65)], 300, 2),  # circumradius 311.8, each pair fits
        ([(x, 0) for x in range(0, 1900, 100)], 300, 3),  # seven to a circle
        ([(0, 0), (2, 0), (90, 0)], 1, 2),  # a circle whose middle lies between two members
        ([(0, 0), (0, 0), (0, 0)], 0, 1),
        ([(0, 0), (1, 0)], 0, 2),
        ([(0, 0), (9000, 0)], None, 1),
    ],
)
def test_sites_by_hand(points: list[tuple[float, float]], radius: float | None, needed: int) -> None:
    assert count(points, radius) == needed


def test_each_area_for_itself() -> None:
    points = np.array([[0, 0], [1000, 0], [0, 0], [10, 0], [5, 5]], dtype=float)
    labels = np.array([1, 1, 0, 0, -1])
    found = sites(points, labels, 3, 300, np.full(5, 10.0))
    np.testing.assert_array_equal(found.number, [1, 2, np.nan])
    np.testing.assert_array_equal(found.out_of_reach, [0, 10, np.nan])


def test_greedy_is_not_enough() -> None:
    """Taking the fullest circle first needs three of 300 m here, two are enough."""
    points = [(0.0, 0.0), (0.0, 1.0), (0.0, 1.0), (0.0, 601.0), (0.0, 601.0), (0.0, 602.0)]
    assert count(points, 150) == count(points, 300) == 2


def test_row_of_ten() -> None:
    """Squares 110 m apart, 990 m from first to last: six to a circle of 300 m, four are out of reach."""
    row = [(110.0 * i, 0.0) for i in range(10)]
    found = reach(row, 300, [151.0] * 10)
    assert (found.low[0], found.high[0], found.out_of_reach[0]) == (2, 2, 4 * 151)


@pytest.mark.parametrize(
    ("households", "left"),
    [
        ([100, 100, 900], 200),  # the best place stands where most live
        ([100, 100, 50], 50),
        ([100, 100, np.nan], np.nan),  # only unknown households are left out
        ([np.nan, 100, 50], 50),  # at least
    ],
)
def test_out_of_reach_by_hand(households: list[float], left: float) -> None:
    found = reach([(0.0, 0.0), (100.0, 0.0), (2000.0, 0.0)], 300, households)
    np.testing.assert_array_equal(found.out_of_reach, [left])


def test_range_where_the_search_ends_early() -> None:
    covers = np.random.default_rng(5).random((40, 60)) < 0.15
    covers[np.arange(40), np.arange(40)] = True
    exact, ended = least(covers), least(covers, branches=2)
    assert exact[0] == exact[1]
    assert ended[0] <= exact[0] <= ended[1]
    assert ended[0] < ended[1]


def exhaustive(points: list[tuple[int, int]], radius: float) -> int:
    """Least number of circles by trying every partition: independent of places and covers."""
    best = len(points)

    def place(i: int, groups: list[list[tuple[int, int]]]) -> None:
        nonlocal best
        if len(groups) >= best:
            return
        if i == len(points):
            best = len(groups)
            return
        for group in groups:
            group.append(points[i])
            if shapely.minimum_bounding_radius(shapely.MultiPoint(group)) <= radius + 1e-3:
                place(i + 1, groups)
            group.pop()
        place(i + 1, [*groups, [points[i]]])

    place(0, [])
    return best


@given(
    st.lists(st.tuples(st.integers(0, 1500), st.integers(0, 1500)), min_size=1, max_size=7),
    st.sampled_from([150, 300, 500]),
)
def test_sites_are_the_least(points: list[tuple[int, int]], radius: int) -> None:
    assert count(points, radius) == exhaustive(points, radius)


@given(
    st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 2000)), min_size=2, max_size=14),
    st.sampled_from([150, 300, 500]),
    st.randoms(use_true_random=False),
)
def test_sites_do_not_depend_on_order_or_place(
    points: list[tuple[int, int]], radius: int, random: Random
) -> None:
    moved = [(x + 400_000.25, y + 3_100_000.5) for x, y in random.sample(points, len(points))]
    one, other = reach(points, radius), reach(moved, radius)
    assert (one.low, one.high, one.out_of_reach) == (other.low, other.high, other.out_of_reach)
    assert count(points[1:], radius) <= count(points, radius)


@given(
    st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 2000)), min_size=1, max_size=12),
    st.sampled_from([150, 300, 500]),
)
def test_sites_bounds(points: list[tuple[int, int]], radius: int) -> None:
    found = count(points, radius)
    assert 1 <= found <= len(set(points))
    assert found >= count(points, 2 * radius)
    # Members farther apart than a circle is wide need a site each.
    apart: list[tuple[int, int]] = []
    for x, y in points:
        if all(np.hypot(x - a, y - b) > 2 * radius for a, b in apart):
            apart.append((x, y))
    assert found >= len(apart)


def test_what_may_stand_anywhere_in_the_area_needs_one_place() -> None:
    """Charging points have a radius of 0 and pool over the area: eight members do not need eight places."""
    frame = grid(8, parking_spaces=[10.0] * 8, chargers=[0.0] * 8)
    row = assess(frame, None, None, *one_area(frame), standards.load("national")).areas.loc[1]
    assert (row["ev_charging_required"], row["ev_charging_sites"], row["ev_charging_out_of_reach"]) == (
        8,
        1,
        0,
    )


@pytest.mark.parametrize(("n", "left"), [(MANY, 90.0), (MANY + 1, np.nan)])
def test_so_many_members_are_covered_exactly_and_more_only_bounded(n: int, left: float) -> None:
    """Two clusters far apart: the smaller one is left out by the best single place."""
    points = [(float(i % 9), 0.0) for i in range(n - 9)] + [(5000.0 + i, 0.0) for i in range(9)]
    found = reach(points, 300, [10.0] * n)
    assert (found.low[0], found.high[0]) == (2, 2)
    assert found.out_of_reach[0] == pytest.approx(left, nan_ok=True)


def test_members_of_a_large_area_that_share_no_circle_are_counted() -> None:
    """Three clusters in a row: the first two, 600 m apart, share a circle of 300 m, the third does not."""
    n = MANY // 3 + 1
    points = [(x, 0.0) for x in (0.0, 600.0, 1201.0) for _ in range(n)]
    found = reach(points, 300)
    assert found.low[0] == 2
    assert found.high[0] >= 2
