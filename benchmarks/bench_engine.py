"""The grouping engine as an engine of the neutral bench, for its tasks maxp, pfix and range.

    cd BENCH; EXTRA_ENGINES=bench_engine PYTHONPATH=CHECKOUT:CHECKOUT/benchmarks \
        python run_one.py renomap lacity maxp 1 out.csv

``renomap`` is the setting to judge. ``renomap.quick`` shows how soon a better plan than any peer's is
there, and ``renomap.long`` what more time brings. A setting is one rule for all instances: it looks at the
task and the number of units, never at the instance. Loading the kernels is part of ``prep``, as imports are
for every engine.
"""

from __future__ import annotations

from typing import Any

import engines
import numpy as np

from renomap.grouping import search
from renomap.model.problem import MOST, Capacity, Problem
from renomap.steps import warming

#: Likeness and borders count the same where both bounds and the number are given: GerryChain looks at
#: borders, others at likeness.
RANGE_WEIGHTS = {"similarity": 0.5, "compactness": 0.5}


def problem_of(o: Any, count: int | str, lower: float, upper: float, weights: dict[str, float]) -> Problem:
    """An instance of the bench as a problem: capacities, rook links, z-scores.

    Every link counts the same, since the judge counts the links that are cut, not the metres of border.
    """
    low, high = np.minimum(o.ei, o.ej), np.maximum(o.ei, o.ej)
    order = np.lexsort((high, low))
    m = len(order)
    return Problem(
        keys=np.arange(o.n, dtype=np.int64),
        a=low[order].astype(np.int32),
        b=high[order].astype(np.int32),
        frontage=np.ones(m),
        crossing=np.zeros(m),
        length=np.ones(m),
        usable=np.ones(m, dtype=bool),
        capacities=(Capacity("households", np.asarray(o.cap, dtype=np.float64), lower, upper),),
        count=count,
        weights=weights,
        attributes=np.ascontiguousarray(o.X),
    )


def prep(o: Any) -> None:
    """Load (or compile) all kernels of the search, as the program does in a process beside the window."""
    warming.warm([warming.SEARCH])


def solver(maxp: float, pfix: float, ranged: float) -> Any:
    """An engine with these efforts per kind of task; large maps get less, so that time grows gently."""

    def solve(o: Any, _: None, p: int | None, lower: float, upper: float | None, seed: int) -> np.ndarray:
        if p is None:
            problem = problem_of(o, MOST, lower, np.inf, {"similarity": 1.0})
            effort = maxp * min(1.0, 6_000 / o.n)
        elif upper is None:
            problem = problem_of(o, p, lower, np.inf, {"similarity": 1.0})
            effort = pfix
        else:
            problem = problem_of(o, p, lower, upper, dict(RANGE_WEIGHTS))
            effort = ranged * (min(o.n, 15_000) / 1_000) ** 0.22 * min(1.0, 15_000 / o.n) ** 2
        return np.asarray(search.solve(problem, seed=seed, effort=effort).labels)

    return solve


engines.ENG["renomap"] = (prep, solver(1.0, 0.9, 0.18))
engines.ENG["renomap.quick"] = (prep, solver(0.02, 0.3, 0.05))
engines.ENG["renomap.long"] = (prep, solver(4.0, 6.0, 1.0))
