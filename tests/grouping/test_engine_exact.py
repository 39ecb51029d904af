"""The exact search against brute force, and bounds that are never on the wrong side."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from engine_cases import FULL_WEIGHTS, plane

from renomap.errors import RenomapError
from renomap.grouping import objective, search, verify
from renomap.model.problem import Problem, Target


def partitions(n: int, count: int) -> list[np.ndarray]:
    """All ways to put n units into exactly ``count`` areas, as restricted growth strings."""
    found = []
    for tail in itertools.product(range(count), repeat=n - 1):
        labels, most, fits = [0], 0, True
        for label in tail:
            if label > most + 1:
                fits = False
                break
            most = max(most, label)
            labels.append(label)
        if fits and most == count - 1:
            found.append(np.array(labels, dtype=np.int32))
    return found


def best_by_force(task: Problem, count: int) -> float | None:
    """The best objective of all legal partitions into ``count`` areas."""
    legal = [labels for labels in partitions(len(task), count) if not verify.violations(task, labels)]
    values = [objective.objective(task.weights, objective.terms(task, labels)) for labels in legal]
    return max(values, default=None)


@pytest.mark.parametrize("seed", range(20))
def test_small_pieces_are_solved_as_brute_force_does(seed: int) -> None:
    n, count = 4 + seed % 5, 2 + seed % 3
    task = plane(n, seed, lower=150.0 if seed % 2 else 0.0, upper=1500.0, weights=FULL_WEIGHTS, count=count)
    total = task.capacities[0].known.sum()
    task = replace(
        task, walk_max=900.0 if seed % 4 == 0 else np.inf, target=Target("households", total / count)
    )
    best = best_by_force(task, count)
    try:
        result = search.solve(task, effort=0.02)
    except RenomapError:
        assert best is None
        return
    if result.scattered or result.undersized:
        return
    assert best is not None
    assert result.bound is not None
    assert result.bound >= best - 1e-9
    if result.proof == "optimal":
        assert result.objective == pytest.approx(best, abs=1e-9)
    elif result.pieces == 1:  # solved, but sizes so far off are possible that their term stops at 0
        assert task.capacities[0].lower == 0
        assert result.objective == pytest.approx(best, abs=1e-9)


@pytest.mark.parametrize("seed", range(8))
def test_the_bound_on_most_areas_holds(seed: int) -> None:
    task = plane(4 + seed % 5, seed, lower=250.0, weights={"compactness": 1.0}, count="most")
    most = max((k for k in range(1, len(task) + 1) if best_by_force(task, k) is not None), default=0)
    result = search.solve(task, effort=0.5)
    assert result.bound is not None
    assert result.areas <= most <= result.bound or result.scattered or result.undersized
    if not (result.scattered or result.undersized):
        assert result.areas == most
