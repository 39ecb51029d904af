"""The objective, term by term, of a finished plan: what reports show and what plans are compared by.

Plain array code, kept apart from the kernels, which fold the same terms into costs per area.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from renomap.grouping.dense import dense
from renomap.grouping.walking import longest_walks
from renomap.model.problem import NO_AREA, TERMS, Floats, Problem

Numbers = npt.NDArray[Any]

DEFAULT_WALK_M = 1000.0


def terms(problem: Problem, labels: Numbers, *, undersized: Collection[int] = ()) -> dict[str, float]:
    """The terms of design section 4.3 for a plan, each 0..1 and 1 = best; all of them, weighted or not.

    Parameters
    ----------
    problem : Problem
    labels : (n,) int
        Area of each unit, -1 = none. Units without area take no part, except that their links count as cut.
    undersized : labels
        Areas declared undersized: no part of the terms that are means over areas (target, community, walk).

    Returns
    -------
    dict
        A value per term; a term without data (no attributes, no previous scheme...) is 1.
    """
    numbers, at = dense(labels[labels >= 0])
    area = np.full(len(labels), NO_AREA, dtype=np.int64)
    area[labels >= 0] = at
    areas = len(numbers)
    if areas == 0:
        return dict.fromkeys(TERMS, 0.0)
    counted = ~np.isin(numbers, list(undersized))
    if not counted.any():
        counted[:] = True
    means = {name: measure(problem, area, areas)[counted].mean() for name, measure in _MEANS.items()}
    sums = {name: measure(problem, area, areas) for name, measure in _SUMS.items()}
    return {name: float(np.clip({**means, **sums}[name], 0.0, 1.0)) for name in TERMS}


def objective(weights: Mapping[str, float], values: Mapping[str, float]) -> float:
    """The weighted sum of the terms; weights sum to 1, so it is 0..1."""
    return float(sum(weight * values.get(term, 0.0) for term, weight in weights.items()))


def _compactness(problem: Problem, labels: Numbers, areas: int) -> float:
    total = problem.frontage.sum()
    cut = _is_cut(problem, labels)
    return 1.0 - problem.frontage[cut].sum() / total if total > 0 else 1.0


def _is_cut(problem: Problem, labels: Numbers) -> Numbers:
    one, two = labels[problem.a], labels[problem.b]
    return np.asarray((one != two) | (one < 0))


def _target(problem: Problem, labels: Numbers, areas: int) -> Floats:
    target = problem.target
    capacity = problem.capacity(target.capacity) if target else None
    if target is None or capacity is None:
        return np.ones(areas)
    inside = labels >= 0
    size = np.bincount(labels[inside], capacity.known[inside], minlength=areas)
    return np.asarray(1.0 - np.abs(size / target.value - 1.0))


def within_squares(problem: Problem, labels: Numbers, areas: int) -> float:
    """Sum of squared distances of the units' attributes from the mean of their area."""
    inside = labels >= 0
    x = problem.attributes[inside]
    where = labels[inside]
    count = np.maximum(np.bincount(where, minlength=areas), 1)
    within = 0.0
    for column in x.T:
        mean = np.bincount(where, column, minlength=areas) / count
        within += float(((column - mean[where]) ** 2).sum())
    return within


def _similarity(problem: Problem, labels: Numbers, areas: int) -> float:
    x = problem.attributes
    total = float(((x - x.mean(axis=0)) ** 2).sum()) if x.size else 0.0
    return 1.0 - within_squares(problem, labels, areas) / total if total > 0 else 1.0


def _crossings(problem: Problem, labels: Numbers, areas: int) -> float:
    """Links needed.

    The cheapest that hold each area together (a minimum spanning forest by cost, Kruskal).
    """
    total = problem.crossing.sum()
    if total <= 0:
        return 1.0
    inside = np.flatnonzero(~_is_cut(problem, labels) & problem.usable)
    inside = inside[np.argsort(problem.crossing[inside], kind="stable")]
    parent = list(range(len(labels)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    needed = 0.0
    for i, j, cost in zip(
        problem.a[inside].tolist(), problem.b[inside].tolist(), problem.crossing[inside].tolist(), strict=True
    ):
        p, q = root(i), root(j)
        if p != q:
            parent[q] = p
            needed += cost
    return 1.0 - needed / float(total)


def _pooling(problem: Problem, labels: Numbers, areas: int) -> float:
    pooling = problem.pooling
    if pooling is None or pooling.gain.sum() <= 0:
        return 1.0
    inside = labels >= 0
    population = np.bincount(labels[inside], np.nan_to_num(pooling.population)[inside], minlength=areas)
    served = 0.0
    for threshold, gain in zip(pooling.threshold, pooling.gain, strict=True):
        due = population >= threshold
        served += float(gain[inside][due[labels[inside]]].sum())
    return served / float(pooling.gain.sum())


def _administrative(problem: Problem, labels: Numbers, areas: int) -> Floats:
    if len(problem.community) != len(labels) or (problem.community < 0).all():
        return np.ones(areas)
    inside = labels >= 0
    where, weight = labels[inside], problem.community_weight[inside]
    kinds = int(problem.community.max()) + 2
    cell = where * kinds + problem.community[inside] + 1
    table = np.bincount(cell, weight, minlength=areas * kinds).reshape(areas, kinds)
    total = table.sum(axis=1)
    main = table[:, 1:].max(axis=1)
    return np.asarray(np.where(total > 0, main / np.where(total > 0, total, 1.0), 1.0))


def _stability(problem: Problem, labels: Numbers, areas: int) -> float:
    """Share of the units that keep their area under the best one-to-one matching of new and old areas."""
    if len(problem.previous) != len(labels):
        return 1.0
    both = (labels >= 0) & (problem.previous >= 0)
    if not both.any():
        return 1.0
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    old = int(problem.previous.max()) + 1
    overlap = coo_matrix(
        (np.ones(both.sum()), (labels[both], problem.previous[both])), shape=(areas, old)
    ).tocsr()
    # a private partner for every new area makes a full matching exist; it is worth next to nothing
    idle = coo_matrix(
        (np.full(areas, 1e-6), (np.arange(areas), old + np.arange(areas))), shape=(areas, old + areas)
    )
    wide = coo_matrix((overlap.tocoo().data, overlap.nonzero()), shape=(areas, old + areas)) + idle
    rows, columns = min_weight_full_bipartite_matching(wide.tocsr(), maximize=True)
    kept = np.asarray(wide.tocsr()[rows, columns]).ravel()
    return float(np.round(kept).sum() / both.sum())


def _walk(problem: Problem, labels: Numbers, areas: int) -> Floats:
    if not np.isfinite(problem.walk_max) and problem.weights.get("walk", 0.0) == 0:
        return np.ones(areas)  # nobody asks, and it is the dearest of the terms
    scale = problem.walk_max if 0 < problem.walk_max < np.inf else DEFAULT_WALK_M
    return np.asarray(1.0 - np.minimum(walks(problem, labels) / scale, 1.0))


def walks(problem: Problem, labels: Numbers) -> Floats:
    """The longest shortest path over links inside each area, in metres, areas in ascending order of label.

    Infinite where an area is not connected, 0 for a single unit.
    """
    numbers, at = dense(labels[labels >= 0])
    area = np.full(len(labels), NO_AREA, dtype=np.int64)
    area[labels >= 0] = at
    usable = problem.usable
    return longest_walks(area, len(numbers), problem.a[usable], problem.b[usable], problem.length[usable])


_Measure = Callable[[Problem, Numbers, int], Any]

#: Terms that are means over areas: a value per area.
_MEANS: dict[str, _Measure] = {"target": _target, "administrative": _administrative, "walk": _walk}

#: Terms of the whole plan.
_SUMS: dict[str, _Measure] = {
    "compactness": _compactness,
    "similarity": _similarity,
    "crossings": _crossings,
    "pooling": _pooling,
    "stability": _stability,
}
