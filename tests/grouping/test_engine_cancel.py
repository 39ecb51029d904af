"""Stopped at any moment the search says so, or returns a plan that keeps the rules and is told unfinished."""

from __future__ import annotations

import numpy as np
import pytest
from engine_cases import FULL_WEIGHTS, plane

from renomap.errors import Cancelled, RenomapError
from renomap.grouping import search, verify
from renomap.model.feedback import Silent
from renomap.model.problem import AUTO, FEWEST, MOST, Partial, Problem

COUNTS = (AUTO, MOST, FEWEST, 20)


class Impatient(Silent):
    """Cancels at the n-th look, or at the n-th report of progress as the window's jobs do."""

    def __init__(self, looks: int, *, on_progress: bool) -> None:
        self._looks, self._on_progress = looks, on_progress
        self.stopped = False
        self.shown: list[Partial] = []

    def check(self) -> None:
        if not self._on_progress:
            self._count()

    def progress(self, fraction: float, code: str) -> None:
        if self._on_progress:
            self._count()

    def partial(self, value: Partial) -> None:
        self.shown.append(value)

    def _count(self) -> None:
        self._looks -= 1
        if self._looks < 0:
            self.stopped = True
            raise Cancelled


def problem(seed: int) -> Problem:
    return plane(
        60 + 90 * (seed % 2), seed, lower=300.0, upper=4000.0, weights=FULL_WEIGHTS, count=COUNTS[seed % 4]
    )


@pytest.mark.parametrize("seed", range(24))
def test_whenever_it_is_stopped_the_plan_is_valid(seed: int) -> None:
    random = np.random.default_rng(seed)
    task = problem(seed)
    feedback = Impatient(int(random.integers(0, 12 if seed % 3 else 300)), on_progress=seed % 3 == 1)
    try:
        result = search.solve(task, seed=seed, effort=0.3, feedback=feedback)
    except Cancelled:
        assert feedback.stopped
        return
    except RenomapError:  # an exact number that was not found
        assert isinstance(task.count, int)
        return
    assert result.complete != feedback.stopped
    flagged = {item.label for item in result.undersized}
    assert not [
        item for item in verify.violations(task, result.labels, flagged=flagged) if item.rule != "count"
    ]
    covered = int((result.labels >= 0).sum()) + len(result.scattered)
    assert covered == len(task)
    for plan in feedback.shown:
        assert np.isin(plan.fids, task.keys).all()
        assert plan.labels.shape == plan.fids.shape
        first = np.unique(plan.labels, return_index=True)[1]
        assert (np.diff(first) > 0).all()
