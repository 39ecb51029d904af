"""The hard input matrix: every impossible wish is answered by name, every odd map gets a plan."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest
from engine_cases import grid, plane, problem_of

from renomap.errors import Cancelled, RenomapError
from renomap.grouping import search, verify
from renomap.model.feedback import Silent
from renomap.model.problem import Capacity, Problem, Result


def solved(problem: Problem, **given: object) -> Result:
    began = time.perf_counter()
    search.solve(problem, **{"effort": 0.01, **given})  # compiles
    began = time.perf_counter()
    result = search.solve(problem, **given)
    assert time.perf_counter() - began < 2.0
    flagged = {item.label for item in result.undersized}
    assert verify.violations(problem, result.labels, flagged=flagged) == ()
    return result


def refused(problem: Problem) -> str:
    began = time.perf_counter()
    with pytest.raises(RenomapError) as caught:
        search.solve(problem)
    assert time.perf_counter() - began < 2.0
    return caught.value.code


def test_one_unit_that_meets_the_bounds_is_an_area() -> None:
    assert solved(problem_of([], [], [500], lower=300)).areas == 1


def test_one_unit_below_the_bounds_is_scattered() -> None:
    result = solved(problem_of([], [], [200], lower=300))
    assert (result.areas, len(result.scattered)) == (0, 1)
    assert result.scattered[0].reason.code == "grouping.reason.piece-below"
    assert result.labels.tolist() == [-1]


def test_islands_are_scattered_undersized_or_areas() -> None:
    # a pair of 200, a single 100, a single 400, and a chain of four 200
    result = solved(
        problem_of([0, 4, 5, 6], [1, 5, 6, 7], [100, 100, 100, 400, 200, 200, 200, 200], lower=300)
    )
    assert [item.fid for item in result.scattered] == [102]
    assert [item.fids for item in result.undersized] == [(100, 101)]
    assert result.areas in (2, 3)


def test_a_unit_above_the_maximum_is_set_aside_by_name() -> None:
    result = solved(grid(1, 5, [100, 100, 5000, 100, 100], lower=150, upper=1000))
    assert [(item.fid, item.reason.code) for item in result.scattered] == [(102, "grouping.reason.oversize")]
    assert result.areas == 2


def test_nobody_reaches_the_minimum() -> None:
    result = solved(grid(3, 3, lower=10_000))
    assert result.areas == 0
    assert len(result.undersized) == 1


def test_zero_and_unknown_capacity() -> None:
    result = solved(grid(4, 4, [0, np.nan, 100, 50] * 4, lower=100))
    assert result.areas >= 1
    assert (result.labels >= 0).all()


def test_all_unknown() -> None:
    result = solved(grid(2, 2, [np.nan] * 4, lower=100))
    assert result.undersized[0].reason.code == "grouping.reason.unknown"


@pytest.mark.parametrize("households", [[np.nan] * 6, [20] * 6, [100, 100, 5, 5, 5, 900]])
def test_what_is_left_over_keeps_apart_what_is_to_be_kept_apart(households: list[float]) -> None:
    """As where the rests of two kept areas lie in a piece that no area fits into."""
    given = {"apart": np.array([[0, 4]], np.int32), "together": np.array([[0, 1]], np.int32)}
    result = solved(grid(1, 6, households, lower=300, upper=800, **given))
    assert result.labels[0] == result.labels[1] != result.labels[4]
    assert result.areas == 0


@pytest.mark.parametrize("walk_max", [0.0, np.inf])
def test_a_walk_of_nothing_is_no_division_by_it(walk_max: float) -> None:
    result = solved(grid(2, 3, walk_max=walk_max, weights={"walk": 0.5, "compactness": 0.5}))
    assert all(0 <= value <= 1 for value in result.terms.values())
    assert walk_max > 0 or result.areas == 6


def test_barriers_make_pieces() -> None:
    problem = grid(6, 6, lower=300)
    usable = ~((problem.a // 6 == 2) & (problem.b // 6 == 3))
    result = solved(replace(problem, usable=usable, count="most"))
    rows = np.arange(36) // 6
    assert all(len({row // 3 for row in rows[result.labels == label]}) == 1 for label in range(result.areas))
    assert result.areas == 12


def test_two_thresholds_that_no_whole_number_serves() -> None:
    result = solved(grid(1, 11, [50] * 11, lower=300, upper=500))  # 550: one area is too large, two too small
    assert (result.labels >= 0).sum() + len(result.scattered) == 11
    assert result.areas == 1


@pytest.mark.parametrize(
    ("problem", "code"),
    [
        (grid(3, 3, count=10), "grouping.count-above-units"),
        (grid(3, 3, count=0), "grouping.count-below-one"),
        (grid(3, 3, lower=300, count=4), "grouping.count-above"),
        (grid(1, 3, [np.nan] * 3, lower=300, count=2), "grouping.count-unknown"),
        (grid(3, 3, upper=300, count=2), "grouping.count-below"),
        (problem_of([0], [1], [1, 1, 1], count=1), "grouping.count-below-pieces"),
        (grid(3, 3, lower=300, upper=200), "grouping.bounds-crossed"),
        (
            grid(3, 3, together=np.array([[0, 1], [1, 2]], np.int32), apart=np.array([[0, 2]], np.int32)),
            "grouping.contradiction",
        ),
        (
            grid(3, 3, fixed=np.array([0, 0, 0] + [-1] * 6, np.int32), apart=np.array([[0, 2]], np.int32)),
            "grouping.contradiction",
        ),
        (grid(3, 3, fixed=np.array([0, -1, 0] + [-1] * 6, np.int32)), "grouping.lock-apart"),
        (
            grid(3, 3, fixed=np.array([0, 0] + [-1] * 7, np.int32), together=np.array([[1, 2]], np.int32)),
            "grouping.lock-mixed",
        ),
    ],
)
def test_impossible_wishes_are_named(problem: Problem, code: str) -> None:
    assert refused(problem) == code


def test_a_locked_area_is_kept_and_counts() -> None:
    fixed = np.array([0, 0, 0, 0] + [-1] * 12, np.int32)
    result = solved(grid(4, 4, lower=300, count=4, fixed=fixed))
    assert result.areas == 4
    assert np.flatnonzero(result.labels == result.labels[0]).tolist() == [0, 1, 2, 3]


def test_units_kept_apart_are_apart() -> None:
    result = solved(grid(2, 3, count=2, apart=np.array([[0, 1], [2, 5]], np.int32)))
    assert result.labels[0] != result.labels[1]
    assert result.labels[2] != result.labels[5]


def test_a_second_capacity_binds_too() -> None:
    hectares = Capacity("area_ha", np.full(36, 7.0), 0.0, 30.0)
    result = solved(grid(6, 6, lower=200, upper=10_000, extra=[hectares], count="fewest"))
    assert np.bincount(result.labels).max() <= 4
    assert result.areas == 9


def test_no_walk_is_too_long() -> None:
    result = solved(grid(1, 12, lower=100, walk_max=250.0))
    assert np.bincount(result.labels).max() == 3


class CancelAfter(Silent):
    def __init__(self, calls: int) -> None:
        self.calls, self.answered = calls, 0.0

    def check(self) -> None:
        self.calls -= 1
        if self.calls < 0:
            raise Cancelled


def test_cancel_before_a_plan_is_cancelled_and_after_it_gives_the_plan() -> None:
    problem = plane(400, 1, lower=500.0, weights={"compactness": 1.0})
    search.solve(problem, effort=0.01)
    with pytest.raises(Cancelled):
        search.solve(problem, feedback=CancelAfter(0))
    result = search.solve(problem, effort=100, feedback=CancelAfter(40))
    assert not result.complete
    assert result.areas > 1


def test_a_time_limit_gives_the_best_so_far() -> None:
    problem = plane(400, 1, lower=500.0, weights={"compactness": 1.0})
    search.solve(problem, effort=0.01)
    began = time.perf_counter()
    result = search.solve(problem, effort=1000, time_limit=0.3)
    assert time.perf_counter() - began < 1.0
    assert not result.complete
