"""How many areas: the number that leaves the fewest units out and then scores highest, found by trying.

A number of areas is wished for by each target; the search begins near their geometric mean and then answers
the numbers around its best one as if they had been asked for, until none of them is better.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import numpy as np

from renomap.errors import Cancelled, RenomapError
from renomap.grouping import bound, objective
from renomap.grouping.bound import EXACT
from renomap.grouping.feasibility import Forecast
from renomap.grouping.problem import target_for
from renomap.model.feedback import Feedback
from renomap.model.problem import Partial, Problem, Result

#: Numbers of areas this far from the best are tried.
WINDOW: Final = 3
#: Units up to which numbers around the best are tried: each trial takes as long as the first attempt, some
#: seconds there. A larger problem is left to the first attempt.
LARGEST: Final = 1_500
#: Units of all trials together, a minute or two of work: nearly three windows of the largest.
WORK: Final = 30_000

#: Answers a problem, stopped after so many seconds (None = when it is done).
Attempt = Callable[[Problem, Feedback, float | None], Result]


def best_count(
    problem: Problem,
    forecast: Forecast,
    attempt: Attempt,
    feedback: Feedback,
    time_limit: float | None = None,
) -> Result:
    """The best answer to a problem whose number of areas is free.

    The first attempt leaves the number to the search, with areas as large as the wished number makes them.
    Then exact numbers are tried, the nearest to the best first, until all within ``WINDOW`` of it have been
    or ``WORK`` is used up (above ``LARGEST`` units nothing is tried). Of two answers the better leaves fewer
    units out, then scores higher, each against the size that its own number of areas implies.

    Raises
    ------
    Cancelled
        If stopped before there was a plan; later the best so far is returned, ``complete`` False.
    """
    deadline = None if time_limit is None else time.perf_counter() + time_limit
    wanted = max(1, int(np.maximum(forecast.wanted, 1).sum()) + forecast.locked)
    first = replace(problem, target=_implied(problem, wanted))
    best = _scored(problem, forecast, attempt(first, _Share(feedback, 0.0, 0.5, shows=True), time_limit))
    tried: dict[int, Result | None] = {}
    left = WORK // max(1, len(problem))
    if len(problem) > LARGEST or not best.complete or not forecast.pieces:
        return best
    while left > 0 and (count := _next(best.areas, wanted, tried)) is not None:
        feedback.progress(0.5 + 0.5 * len(tried) / (len(tried) + 2 * WINDOW), "grouping.phase.counts")
        rest = None if deadline is None else deadline - time.perf_counter()
        if rest is not None and rest <= 0:
            return replace(best, complete=False)
        try:
            found = _asked(problem, count, attempt, feedback, rest)
        except Cancelled:
            return replace(best, complete=False)
        tried[count] = found
        left -= 1
        if found is not None and not found.violations and _rank(found) < _rank(best):
            best = found
            feedback.partial(Partial(problem.keys, best.labels))
        if found is not None and not found.complete:
            return replace(best, complete=False)
    return _proven(best, tried.get(best.areas))


def _asked(
    problem: Problem, count: int, attempt: Attempt, feedback: Feedback, rest: float | None
) -> Result | None:
    """The answer where that number is asked for; None where it cannot be."""
    asked = replace(problem, count=count, target=_implied(problem, count))
    try:
        return attempt(asked, _Share(feedback, 0.5, 1.0), rest)
    except Cancelled:
        raise
    except RenomapError:
        return None


def _implied(problem: Problem, count: int) -> Any:
    return problem.target and target_for(count, problem.target, problem.capacities)


def _scored(problem: Problem, forecast: Forecast, found: Result) -> Result:
    """The result against the size that its own number of areas implies, which takes its proof away."""
    same = replace(problem, target=_implied(problem, found.areas)) if found.areas else problem
    values = objective.terms(same, found.labels, undersized=[item.label for item in found.undersized])
    score = objective.objective(problem.weights, values)
    if score == found.objective:
        return replace(found, violations=())
    told = replace(found, terms=values, objective=score, violations=())
    most = bound.of_objective(same, forecast, told, None)
    return replace(told, bound=most.value, gap=most.gap, proof=most.proof)


def _next(best: int, wanted: int, tried: dict[int, Result | None]) -> int | None:
    """The number to try next: within the window, not tried, nearest to the best, then to the wished one."""
    near = (best + step for step in range(-WINDOW, WINDOW + 1))
    free = [count for count in near if count > 0 and count not in tried]
    return min(free, key=lambda count: (abs(count - best), abs(count - wanted), count), default=None)


def _rank(found: Result) -> tuple[int, float]:
    """Units in no area or in one that does not fit, then the score; less is better."""
    out = len(found.scattered) + sum(len(item.fids) for item in found.undersized)
    return out, -found.objective


def _proven(best: Result, same: Result | None) -> Result:
    """The best with what has been proven of all plans with as many areas."""
    if same is None or same.bound is None or best is same:
        return best
    gap = max(0.0, same.bound - best.objective) / best.objective if best.objective > 0 else np.inf
    return replace(best, bound=same.bound, gap=float(gap), proof="optimal" if gap <= EXACT else "bound")


class _Share:
    """Part of the progress. Only the first attempt shows what it finds; later ones have to be better."""

    def __init__(self, whole: Feedback, begin: float, end: float, *, shows: bool = False) -> None:
        self._whole, self._begin, self._end, self._shows = whole, begin, end, shows

    def progress(self, fraction: float, code: str) -> None:
        if self._shows:
            self._whole.progress(self._begin + fraction * (self._end - self._begin), code)

    def check(self) -> None:
        self._whole.check()

    def partial(self, value: object) -> None:
        if self._shows:
            self._whole.partial(value)
