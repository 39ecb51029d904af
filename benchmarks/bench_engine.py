"""The grouping engine as an engine of the neutral bench, for its tasks maxp, pfix and range.

    cd BENCH; EXTRA_ENGINES=bench_engine PYTHONPATH=CHECKOUT:CHECKOUT/benchmarks \
        python run_one.py renomap lacity maxp 1 out.csv

``renomap`` is the setting to judge. ``renomap.quick`` shows how soon a better plan than any peer's is
there, and ``renomap.long`` what more time brings. A setting is one rule for all instances: it looks at the
task and the number of units, never at the instance. Loading the kernels is part of ``prep``, as imports are
for every engine.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import engines
import numpy as np

from renomap.grouping import search
from renomap.model.problem import MOST, Capacity, Problem

#: Likeness against border length where both bounds and the number are given: GerryChain looks at borders,
#: others at likeness.
RANGE_WEIGHTS = {"similarity": 0.46, "compactness": 0.54}


def problem_of(o: Any, count: int | str, lower: float, upper: float, weights: dict[str, float]) -> Problem:
    """An instance of the bench as a problem: capacities, rook links with their border lengths, z-scores."""
    low, high = np.minimum(o.ei, o.ej), np.maximum(o.ei, o.ej)
    order = np.lexsort((high, low))
    m = len(order)
    return Problem(
        keys=np.arange(o.n, dtype=np.int64),
        a=low[order].astype(np.int32),
        b=high[order].astype(np.int32),
        frontage=np.asarray(o.elen, dtype=np.float64)[order],
        crossing=np.zeros(m),
        length=np.ones(m),
        usable=np.ones(m, dtype=bool),
        capacities=(Capacity("households", np.asarray(o.cap, dtype=np.float64), lower, upper),),
        count=count,
        weights=weights,
        attributes=np.ascontiguousarray(o.X),
    )


def prep(o: Any) -> None:
    """Load (or compile) the kernels with a tiny problem of each kind."""
    ring = np.arange(12)
    tiny = Problem(
        keys=ring.astype(np.int64),
        a=np.append(ring[:-1], 0).astype(np.int32),
        b=np.append(ring[1:], 11).astype(np.int32),
        frontage=np.ones(12),
        crossing=np.zeros(12),
        length=np.ones(12),
        usable=np.ones(12, dtype=bool),
        capacities=(Capacity("households", np.ones(12), 2.0),),
        count=MOST,
        weights=dict(RANGE_WEIGHTS),
        attributes=np.sin(ring)[:, None].astype(float),
    )
    # two rings side by side, large enough that nothing is solved exactly before the search has run
    search.solve(tiny, effort=0.01)
    search.solve(replace(tiny, count=3), effort=0.01)
    search.solve(replace(tiny, count=3, weights={"similarity": 1.0}), effort=0.01)
    bounded = (Capacity("households", np.ones(12), 4.0, 4.0),)
    search.solve(replace(tiny, count=3, capacities=bounded), effort=0.01)


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
            effort = ranged * (min(o.n, 15_000) / 1_000) ** 0.4 * min(1.0, 15_000 / o.n) ** 2
        return np.asarray(search.solve(problem, seed=seed, effort=effort).labels)

    return solve


engines.ENG["renomap"] = (prep, solver(1.0, 0.9, 0.12))
engines.ENG["renomap.quick"] = (prep, solver(0.02, 0.3, 0.05))
engines.ENG["renomap.long"] = (prep, solver(4.0, 6.0, 1.0))
