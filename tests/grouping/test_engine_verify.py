"""The judge: every planted violation is caught, and a good plan is left alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from engine_cases import grid

from renomap.grouping import verify
from renomap.model.problem import Ints, Problem

# four rows of four, an area per row, 400 households each
ROWS = np.repeat(np.arange(4, dtype=np.int32), 4)


def rules(problem: Problem, labels: Ints, **given: object) -> list[str]:
    return sorted({item.rule for item in verify.violations(problem, labels, **given)})


def test_a_good_plan_breaks_nothing() -> None:
    problem = grid(4, 4, lower=400, upper=400, count=4, walk_max=300.0)
    assert verify.violations(problem, ROWS) == ()


@pytest.mark.parametrize(
    ("given", "rule"),
    [
        ({"lower": 401}, "below"),
        ({"upper": 399}, "above"),
        ({"walk_max": 299.0}, "walk"),
        ({"count": 3}, "count"),
        ({"together": np.array([[0, 4]], np.int32)}, "together"),
        ({"apart": np.array([[0, 3]], np.int32)}, "apart"),
        ({"fixed": np.array([0, 0, 0, 0, 0] + [-1] * 11, np.int32)}, "locked"),
        ({"fixed": np.array([0, 0, 0] + [-1] * 13, np.int32)}, "locked"),
    ],
)
def test_a_broken_rule_is_named(given: dict[str, object], rule: str) -> None:
    assert rules(grid(4, 4, **given), ROWS) == [rule]


def test_a_torn_area_is_found_even_where_a_link_exists_that_may_not_be_used() -> None:
    problem = grid(4, 4)
    torn = ROWS.copy()
    torn[0], torn[15] = 3, 0
    assert rules(problem, torn) == ["connected"]
    usable = ~((problem.a == 1) & (problem.b == 2))
    assert rules(replace(problem, usable=usable), ROWS) == ["connected"]


def test_a_scattered_unit_that_a_neighbour_could_take_is_left_over() -> None:
    labels = ROWS.copy()
    labels[15] = -1
    assert rules(grid(4, 4, lower=300), labels) == ["left_over"]
    # full neighbours: the third row holds 400 and the rest of the fourth is bound by the upper limit too
    assert rules(grid(4, 4, lower=300, upper=300), labels) == ["above"]


def test_an_undersized_area_must_be_declared_and_unable_to_join() -> None:
    labels = ROWS.copy()
    problem = grid(4, 4, lower=500)
    assert rules(problem, labels, flagged=[0, 1, 2, 3]) == []
    labels[4:] = 1
    assert rules(problem, labels) == ["below"]
    assert rules(problem, labels, flagged=[0]) == ["left_over"]


def test_labels_that_do_not_fit_are_refused() -> None:
    assert rules(grid(2, 2), np.zeros(3, np.int32)) == ["labels"]
    assert rules(grid(2, 2), np.zeros(4)) == ["labels"]
