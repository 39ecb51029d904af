"""What the engine promises beside the tables of the neutral bench, measured one by one.

    PYTHONPATH=BENCH:CHECKOUT python CHECKOUT/benchmarks/bench_promises.py [NAME...]

NAME is one of the functions below; all of them without a name. BENCH is the folder of the neutral bench with
its instances; peers are used where they are installed. Loading kernels is done before, as imports are. The
time of an answer counts from the moment somebody else asks for it, on a machine that may be busy: processor
seconds stand beside.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from typing import Any

import bench_engine
import engines
import numpy as np
from common import load
from evaluate import evaluate

from renomap.errors import Cancelled, RenomapError
from renomap.grouping import feasibility, search
from renomap.model.feedback import Silent
from renomap.model.problem import MOST, Capacity, Problem, Target

INSTANCES = ("georgia", "lacity", "fr32", "blocks_10k")
PEERS = ("pygeoda.maxp_greedy(99)", "spopt.maxp(1,1)")


def grid(side: int, **given: Any) -> Problem:
    """Street blocks without streets: a square of side x side units of 100 households, 100 m apart."""
    at = np.arange(side * side).reshape(side, side)
    a = np.concatenate([at[:, :-1].ravel(), at[:-1].ravel()])
    b = np.concatenate([at[:, 1:].ravel(), at[1:].ravel()])
    order, m, n = np.lexsort((b, a)), len(a), side * side
    sizes = given.pop("sizes", np.full(n, 100.0))
    bounds = given.pop("bounds", (500.0, 2000.0))
    made = Problem(
        keys=np.arange(n, dtype=np.int64),
        a=a[order].astype(np.int32),
        b=b[order].astype(np.int32),
        frontage=np.full(m, 80.0),
        crossing=np.zeros(m),
        length=np.full(m, 100.0),
        usable=np.ones(m, dtype=bool),
        capacities=(Capacity("households", sizes, *bounds), Capacity("count", np.ones(n), 2.0, 30.0)),
        target=Target("households", 1000.0),
        weights={"compactness": 0.5, "target": 0.5},
    )
    return replace(made, **given)


def most_areas() -> None:
    """Areas at half, the whole and twice the threshold, with the peers' counts and seconds."""
    for name in INSTANCES:
        o = load(name)
        usual = o.L
        for factor in (0.5, 1.0, 2.0):
            o.L = usual * factor
            seconds, labels = timed("renomap", o, 1)
            told = evaluate(o, labels, o.L)
            wrong = told["under"] + told["noncontig"] + told["unassigned"]
            line = f"{name:12} L x {factor:<4} renomap {told['p']:6,} in {seconds:6.2f} s, {wrong} wrong"
            quick, quick_labels = timed("renomap.quick", o, 1)
            for peer in PEERS:
                took, theirs = timed(peer, o, 1) if peer in engines.ENG and o.n < 5000 else (np.nan, None)
                if theirs is None:
                    continue
                count = int(np.max(theirs)) + 1
                sooner = took / quick if int(np.max(quick_labels)) + 1 > count else np.nan
                line += f"; {peer} {count:,} in {took:.2f} s ({sooner:.0f} x sooner)"
            print(line, flush=True)


def timed(engine: str, o: Any, seed: int) -> tuple[float, np.ndarray | None]:
    try:
        prep, solve = engines.ENG[engine]
        state = prep(o)
        began = time.perf_counter()
        labels = solve(o, state, None, o.L, None, seed)
    except Exception as fault:  # peers fail in their own ways
        print(f"  {engine}: {type(fault).__name__}: {fault}")
        return np.nan, None
    return time.perf_counter() - began, np.asarray(labels)


def georgia() -> None:
    """Eight areas of at least 300,000: twenty seeds."""
    o = load("georgia")
    bench_engine.prep(o)
    _, solve = engines.ENG["renomap"]
    shares, seconds = [], []
    for seed in range(1, 21):
        began = time.process_time()
        labels = solve(o, None, 8, 300_000, None, seed)
        seconds.append(time.process_time() - began)
        told = evaluate(o, labels, 300_000)
        assert told["under"] == told["noncontig"] == 0
        assert told["p"] == 8
        shares.append(told["within_over_total"])
    print(f"georgia 8 x 300,000: median {np.median(shares):.4f}, best {min(shares):.4f}, "
          f"{np.median(seconds):.3f} processor s (most {max(seconds):.3f})")  # fmt: skip


def feasible() -> None:
    """The judgement before any search at 35,000 units."""
    task = grid(187, sizes=np.random.default_rng(1).uniform(20, 300, 187 * 187))
    for count in (4000, "auto", MOST):
        began = time.perf_counter()
        feasibility.check(replace(task, count=count))
        print(f"feasibility of {len(task):,} units, count {count}: {time.perf_counter() - began:.3f} s")


def hard_input() -> None:
    """Every kind of input that cannot be served, at 5,041 units: what is answered, and when."""
    side = 71
    n = side * side
    column = np.arange(n) % side
    task = grid(side)
    hole = np.full(n, 100.0)
    hole[::97] = np.nan
    whole = {"usable": (column[task.a] % 10 != 9) | (column[task.b] % 10 != 0)}
    lock = np.where(np.isin(np.arange(n), (0, n - 1)), 0, -1).astype(np.int32)
    pair = np.array([[0, 1]], np.int32)
    cases: dict[str, Problem] = {
        "islands": replace(task, usable=np.zeros(len(task.a), bool)),
        "barriers": replace(task, **whole),
        "oversize": grid(side, sizes=np.where(np.arange(n) % 50 == 0, 5000.0, 100.0)),
        "impossible minimum": grid(side, bounds=(1e9, np.inf)),
        "zero capacity": grid(side, sizes=np.zeros(n)),
        "unknown capacity": grid(side, sizes=hole),
        "one unit": grid(1),
        "lock that falls apart": replace(task, fixed=lock),
        "contradictory links": replace(task, together=pair, apart=pair),
        "more areas than units": replace(task, count=n + 1),
        "too few areas": replace(task, count=3),
        "crossed bounds": grid(side, bounds=(2000.0, 500.0)),
    }
    for name, case in cases.items():
        began = time.perf_counter(), time.process_time()
        try:
            result = search.solve(case, effort=0.2)
            loose = f"{len(result.scattered)} scattered, {len(result.undersized)} undersized"
            told = f"{result.areas} areas, {loose}"
        except RenomapError as error:
            told = error.code
        wall, cpu = time.perf_counter() - began[0], time.process_time() - began[1]
        print(f"{name:24} {wall:6.2f} s ({cpu:.2f} processor)  {told}", flush=True)


def same() -> None:
    """Rows in another order, runs repeated, two at a time: the labels by key have to be the same bits."""
    for name in ("georgia", "lacity"):
        o = load(name)
        first = bench_engine.problem_of(o, MOST, o.L, np.inf, {"similarity": 1.0})
        plain = labels_of(first)
        shuffled = labels_of(by_rows(o, np.random.default_rng(5).permutation(o.n)))
        with ThreadPoolExecutor(2) as pool:
            together = pool.map(labels_of, [first, first])
        again = all(np.array_equal(plain, other) for other in (labels_of(first), *together))
        print(f"{name}: repeated and in two threads {again}, rows permuted {np.array_equal(plain, shuffled)}")


def labels_of(task: Problem) -> np.ndarray:
    return np.asarray(task.series(search.solve(task, effort=0.1).labels).sort_index())


def by_rows(o: Any, order: np.ndarray) -> Problem:
    """The problem of an instance whose rows stand in another order, keys with them."""
    place = np.argsort(order)
    given = bench_engine.problem_of(o, MOST, o.L, np.inf, {"similarity": 1.0})
    keys, a, b = order.astype(np.int64), place[given.a], place[given.b]
    # a problem stands in the order of its keys: what ``problem.build`` does with the rows of a frame
    back = np.argsort(keys, kind="stable")
    at = np.argsort(back)
    one, two = np.minimum(at[a], at[b]), np.maximum(at[a], at[b])
    links = np.lexsort((two, one))
    (capacity,) = given.capacities
    return replace(
        given,
        keys=keys[back],
        a=one[links].astype(np.int32),
        b=two[links].astype(np.int32),
        frontage=given.frontage[links],
        capacities=(replace(capacity, values=capacity.values[order][back]),),
        attributes=np.ascontiguousarray(given.attributes[order][back]),
    )


class Asked(Silent):
    """Somebody asks to stop after so many seconds."""

    def __init__(self, after: float) -> None:
        self._at = time.perf_counter() + after
        self.asked: tuple[float, float] | None = None

    def check(self) -> None:
        if self.asked is None and time.perf_counter() >= self._at:
            self.asked = self._at, time.thread_time()
        if self.asked is not None:
            raise Cancelled


def blocks_200k() -> list[Problem]:
    """The problem of 200,000 blocks, if they are there."""
    try:
        o = load("blocks_200k")
    except FileNotFoundError:
        print("blocks_200k is not there: synth_blocks.py 200000 DIR, then PEERS_SYN=DIR")
        return []
    return [bench_engine.problem_of(o, MOST, o.L, np.inf, {"similarity": 1.0})]


class Shown(Silent):
    """Notes when a first plan is shown."""

    def __init__(self) -> None:
        self.first: float | None = None

    def partial(self, value: Any) -> None:
        self.first = self.first or time.process_time()


def first_plan() -> None:
    """Processor seconds at 200,000 units until a plan is shown, and until one is verified when time is up."""
    for task in blocks_200k():
        feedback = Shown()
        began = time.process_time()
        result = search.solve(task, effort=0.03, time_limit=0.001, feedback=feedback)
        over = time.process_time() - began
        shown = (feedback.first or np.nan) - began
        print(f"shown after {shown:.2f} s, verified after {over:.2f} s: {result.areas:,} areas, "
              f"at most {result.bound:,.0f} possible")  # fmt: skip


def cancel() -> None:
    """Seconds from the wish to stop to the answer, at ten moments of a run."""
    tasks = [
        ("grid of 3,721", grid(61, sizes=np.random.default_rng(1).uniform(20, 300, 3721), walk_max=1000.0))
    ]
    tasks += [("blocks_200k", task) for task in blocks_200k()]
    for name, task in tasks:
        began = time.perf_counter()
        search.solve(task, effort=0.03)
        whole = time.perf_counter() - began
        waited, worked = [], []
        for k in range(10):
            feedback = Asked(whole * (k + 0.5) / 10)
            with suppress(Cancelled):
                search.solve(task, effort=0.03, feedback=feedback)
            if feedback.asked is not None:
                waited.append(time.perf_counter() - feedback.asked[0])
                worked.append(time.thread_time() - feedback.asked[1])
        print(f"{name}: answered after {np.median(waited):.3f} s (most {max(waited):.3f}), "
              f"of it {max(worked):.3f} processor s at most after the look")  # fmt: skip


def compiling() -> None:
    """Processor seconds of the child that compiles what the search needs into an empty cache."""
    import os
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(
            [sys.executable, "-m", "renomap.steps.warming", "search-is-warm"],
            env={**os.environ, "NUMBA_CACHE_DIR": folder},
            check=True,
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"kernels of the search compiled in {after.ru_utime - before.ru_utime:.1f} processor s")


ALL: dict[str, Callable[[], None]] = {
    item.__name__: item
    for item in (georgia, feasible, hard_input, same, first_plan, cancel, compiling, most_areas)
}


def main() -> None:
    chosen = sys.argv[1:] or list(ALL)
    bench_engine.prep(None)
    for name in chosen:
        print(f"-- {name}: {ALL[name].__doc__}", flush=True)
        ALL[name]()


if __name__ == "__main__":
    main()
