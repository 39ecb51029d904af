"""Going on: never worse than a single search, ended by a stop, by time, or by there being nothing left."""

from __future__ import annotations

import pytest
from engine_cases import FULL_WEIGHTS, plane

from renomap.errors import Cancelled
from renomap.grouping import onward, search, verify
from renomap.model.feedback import Silent
from renomap.model.problem import AUTO, MOST, Problem


def problem(count: int | str, units: int = 60) -> Problem:
    return plane(units, 3, lower=300.0, upper=4000.0, weights=FULL_WEIGHTS, count=count)


class Enough(Silent):
    """Says stop once a second round of going on has begun."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self._last = 0.0
        self.rounds = 0

    def progress(self, fraction: float, code: str) -> None:
        if code == "grouping.phase.onward":
            self.rounds += fraction < self._last or not self.rounds
            self._last = fraction

    def check(self) -> None:
        if self.rounds > 2:
            raise Cancelled


@pytest.mark.parametrize("count", [MOST, 8])
def test_it_goes_on_until_stopped_and_keeps_the_best(count: int | str) -> None:
    task, feedback = problem(count), Enough()
    single = search.solve(task, effort=0.05)
    found = onward.solve_on(task, effort=0.05, feedback=feedback)
    assert feedback.rounds > 2
    assert not found.complete
    assert (found.areas, found.objective) >= (single.areas, single.objective)
    flagged = {item.label for item in found.undersized}
    assert not verify.violations(task, found.labels, flagged=flagged)


def test_time_ends_it() -> None:
    found = onward.solve_on(problem(8), effort=0.05, time_limit=0.5)
    assert not found.complete
    assert found.areas == 8


def test_where_nothing_is_left_to_find_it_ends_by_itself() -> None:
    found = onward.solve_on(problem(AUTO, units=8))
    assert found.complete
