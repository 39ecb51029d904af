"""Onward: search again and again for a better plan, until there can be none, it is stopped, or time is up."""

from __future__ import annotations

import itertools
import time
from dataclasses import replace
from typing import Any, Final

import numpy as np
import pandas as pd

from renomap.errors import Cancelled, RenomapError
from renomap.grouping import search
from renomap.model.feedback import Feedback, Silent
from renomap.model.problem import MOST, Partial, Problem, Result

#: Most work of one round, in units of that of a single search.
MOST_EFFORT: Final = 16.0


def solve_on(
    problem: Problem,
    *,
    seed: int = 1,
    time_limit: float | None = None,
    feedback: Feedback | None = None,
    start: pd.Series[int] | None = None,
    effort: float = 1.0,
) -> Result:
    """Group as ``search.solve`` does, and then go on from the best plan for as long as nobody stops it.

    Rounds take turns: one improves the best plan with more and more work, the next begins anew with another
    seed. A round's plan is taken only where it leaves fewer units out or scores higher.

    Parameters
    ----------
    problem, seed, time_limit, feedback, start, effort
        As in ``search.solve``, whose result the first round is.

    Returns
    -------
    Result
        ``complete`` is False where it was stopped or time was up, and True where there is nothing left to
        look for: the plan is proven optimal, or all pieces are so small that they were solved by tables.

    Raises
    ------
    RenomapError
        Those of ``search.solve``, of the first round alone.
    """
    began = time.perf_counter()
    feedback = feedback or Silent()
    best = search.solve(
        problem, seed=seed, time_limit=time_limit, feedback=feedback, start=start, effort=effort
    )
    for turn in itertools.count(1):
        rest = None if time_limit is None else time_limit - (time.perf_counter() - began)
        if not best.complete or best.proof == "optimal" or best.sweeps == 0:
            break
        if rest is not None and rest <= 0:
            best = replace(best, complete=False)
            break
        found = _round(problem, best, turn, seed, rest, feedback, effort)
        if found is not None and not found.violations and _rank(problem, found) < _rank(problem, best):
            best = found
            feedback.partial(Partial(problem.keys, best.labels))
        best = replace(best, complete=found is not None and found.complete)
    return replace(best, seconds=time.perf_counter() - began)


def _round(
    problem: Problem,
    best: Result,
    turn: int,
    seed: int,
    rest: float | None,
    feedback: Feedback,
    effort: float,
) -> Result | None:
    """Another plan, the best again where none was found; None where it was stopped before there was one."""
    gentle = turn % 2 == 1
    labels = np.asarray(best.labels, dtype=np.int64) + 1
    given: dict[str, Any] = {"start": pd.Series(labels, index=problem.keys)} if gentle else {}
    work = effort * min(MOST_EFFORT, 2.0 ** (turn // 2))
    try:
        return search.solve(
            problem,
            seed=seed + turn,
            time_limit=rest,
            feedback=_Quiet(feedback, turn),
            effort=work,
            **given,
        )
    except Cancelled:
        return None
    except RenomapError:  # an exact number that this round did not find
        return best


def _rank(problem: Problem, plan: Result) -> tuple[int, int, float]:
    """Units in no area or in one that does not fit, then areas where most are wanted, then the score."""
    out = len(plan.scattered) + sum(len(item.fids) for item in plan.undersized)
    return out, -plan.areas if problem.count == MOST else 0, -plan.objective


class _Quiet:
    """Feedback of a round: its plans are shown only once they turn out to be better."""

    def __init__(self, whole: Feedback, turn: int) -> None:
        self._whole, self._turn = whole, turn

    def progress(self, fraction: float, code: str) -> None:
        """Say how far the round is."""
        self._whole.progress(fraction, "grouping.phase.onward")

    def check(self) -> None:
        """Raise ``Cancelled`` if the user wants the whole to stop."""
        self._whole.check()

    def partial(self, value: object) -> None:
        """Show nothing."""
