"""A thousand random graphs of up to 14 units: exact search equals brute force, no bound on the wrong side."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from brute_force import Everything
from engine_cases import FULL_WEIGHTS, plane

from renomap.errors import RenomapError
from renomap.grouping import objective, search, verify
from renomap.grouping.problem import target_for
from renomap.model.problem import AUTO, FEWEST, MOST, Problem, Result, Target

SIZES = (4, 5, 6, 7, 8, 9, 10, 7, 8, 6, 9, 5, 8, 10, 7, 11, 6, 12, 9, 13, 8, 14)
GRAPHS = 1000
PARTS = 20


def random_task(seed: int) -> Problem:
    """A plane graph with random bounds, walk, pairs, lines that may not be crossed, weights and count."""
    random = np.random.default_rng(seed)
    n = SIZES[seed % len(SIZES)]
    task = plane(n, seed, weights=FULL_WEIGHTS)
    total = float(task.capacities[0].known.sum())
    count = int(random.integers(1, max(2, n // 2) + 1))
    mean = total / count
    households = replace(
        task.capacities[0],
        lower=float(random.choice([0.0, 0.3, 0.6, 0.8])) * mean,
        upper=float(random.choice([np.inf, 2.5, 1.6, 1.3])) * mean,
    )
    draw = random.dirichlet(np.ones(len(FULL_WEIGHTS)))
    weights = dict(zip(FULL_WEIGHTS, draw.tolist(), strict=True)) if seed % 3 else FULL_WEIGHTS
    pairs = random.permutation(n)[:4].reshape(2, 2).astype(np.int32)
    usable = task.usable & (random.random(len(task.a)) > 0.05 * (seed % 5 == 0))
    linked = random.permutation(np.flatnonzero(usable))[:1]
    return replace(
        task,
        capacities=(households,),
        walk_max=float(random.choice([np.inf, np.inf, 900.0, 600.0])),
        usable=usable,
        count=(count, AUTO, count, MOST, count, FEWEST)[seed % 6],
        target=Target("households", mean),
        weights=weights,
        together=np.stack([task.a, task.b], axis=1)[linked] if seed % 7 == 0 else task.together,
        apart=np.sort(pairs[:1], axis=1) if seed % 8 == 0 else task.apart,
    )


def score(task: Problem, labels: np.ndarray) -> float:
    return objective.objective(task.weights, objective.terms(task, labels))


#: Parts that every run checks; the others take minutes. One graph of part 1 takes as long as all of these.
QUICK_PARTS = (0, 2, 3)


@pytest.mark.parametrize(
    "part",
    [part if part in QUICK_PARTS else pytest.param(part, marks=pytest.mark.long) for part in range(PARTS)],
)
def test_exact_search_equals_brute_force(part: int) -> None:
    proven = 0
    for seed in range(part, GRAPHS, PARTS):
        task = random_task(seed)
        everything = Everything(task)
        try:
            result = search.solve(task, effort=0.01)
        except RenomapError:
            result = None
        if result is None:
            assert task.count not in everything.counts(), seed
            continue
        assert result.bound is not None
        assert result.complete
        if result.scattered or result.undersized:
            continue  # then no plan takes everybody in, or the search has not found it: nothing to compare
        proven += result.proof == "optimal"
        (compare_counts if task.count in (MOST, FEWEST) else compare_scores)(seed, task, result, everything)
    assert proven > 0.2 * GRAPHS / PARTS


def compare_counts(seed: int, task: Problem, result: Result, everything: Everything) -> None:
    counts = everything.counts()
    best = max(counts) if task.count == MOST else min(counts)
    assert result.bound is not None
    assert result.bound >= best if task.count == MOST else result.bound <= best, seed
    if result.proof == "optimal":
        assert result.areas == best, seed


def compare_scores(seed: int, task: Problem, result: Result, everything: Everything) -> None:
    count = task.count
    if count == AUTO:
        # the answer is one to the question for that many areas, of the size that the number implies
        count = result.areas
        target = task.target and target_for(count, task.target, task.capacities)
        task = replace(task, target=target)
        everything = Everything(task)
    assert isinstance(count, int)
    best, labels = everything.best(count)
    assert not verify.violations(replace(task, count=count), labels)
    assert result.bound is not None
    assert result.bound >= score(task, labels) - 1e-9, seed
    if result.proof == "optimal":
        assert result.objective >= best - 1e-9, seed
        assert result.objective >= score(task, labels) - 1e-9, seed
    if result.pieces == 1 and task.usable.all():
        assert result.objective >= min(best, score(task, labels)) - 1e-9, seed
