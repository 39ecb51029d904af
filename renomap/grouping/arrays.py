"""A problem as the arrays of the kernels: what must stay together contracted, weights folded into costs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from renomap.grouping.kernel_state import Areas, Graph, Ground, Rules, Work
from renomap.model.problem import NO_AREA, Flags, Floats, Ints, Problem

#: A breach of 100 % of one bound weighs as much as this many times everything the objective can gain.
PENALTY = 50.0


@dataclass(frozen=True)
class Arrays:
    """All that a kernel needs, and how nodes stand for units.

    ``node_of`` (n,) is the node of each unit, -1 for units that are not searched (locked, or unable to join
    any area). ``piece`` (nodes,) numbers the pieces; pieces are numbered by their first node.
    """

    graph: Graph
    ground: Ground
    rules: Rules
    features: Floats
    node_of: Ints
    piece: Ints
    pieces: int

    @property
    def nodes(self) -> int:
        """Number of nodes."""
        return len(self.features)

    def spread(self, node_labels: Ints) -> Ints:
        """Labels of nodes as labels of units, -1 for the units that are not searched."""
        labels = np.full(len(self.node_of), NO_AREA, dtype=np.int32)
        searched = self.node_of >= 0
        labels[searched] = node_labels[self.node_of[searched]]
        return labels


def group_of_units(problem: Problem) -> Ints:
    """Number of the must-stay-together group of each unit, by first unit: 0.. without holes."""
    n = len(problem)
    pairs = problem.together
    _, groups = connected_components(
        coo_matrix((np.ones(len(pairs), np.int8), (pairs[:, 0], pairs[:, 1])), shape=(n, n)), directed=False
    )
    return _by_first(groups)


def _by_first(numbers: Ints) -> Ints:
    """Renumber so that numbers appear in ascending order of their first occurrence."""
    _, first, inverse = np.unique(numbers, return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.int32)
    rank[np.argsort(first, kind="stable")] = np.arange(len(first), dtype=np.int32)
    return rank[inverse.ravel()]


def _rows(n: int, a: Ints, b: Ints, *values: Floats) -> tuple[np.ndarray, ...]:
    """Compressed rows of undirected links: start, to and the values, each link from both ends, rows sorted."""
    source = np.concatenate([a, b])
    target = np.concatenate([b, a]).astype(np.int32)
    order = np.lexsort((target, source))
    start = np.zeros(n + 1, dtype=np.int64)
    np.cumsum(np.bincount(source, minlength=n), out=start[1:])
    return (start, target[order], *(np.concatenate([v, v])[order].astype(np.float64) for v in values))


def build_arrays(problem: Problem, searched: Flags, areas_expected: float) -> Arrays:
    """Arrays of the part of a problem that is searched.

    Parameters
    ----------
    problem : Problem
    searched : (n,) bool
        Units that may join an area; whole must-stay-together groups only.
    areas_expected : float
        About how many areas there will be; turns means over areas into costs per area.
    """
    n = len(problem)
    groups = group_of_units(problem)
    node_of = np.full(n, NO_AREA, dtype=np.int32)
    node_of[searched] = _by_first(groups[searched]) if searched.any() else 0
    nodes = int(node_of.max(initial=-1)) + 1
    features, squares = _features(problem, searched, node_of, nodes)
    rules = _rules(problem, searched, areas_expected, squares)
    graph, piece = _graph(problem, node_of, nodes, features, rules)
    ground = _ground(problem, searched, node_of, nodes)
    pieces = int(piece.max(initial=-1)) + 1
    return Arrays(graph, ground, rules, features, node_of, piece, pieces)


def _sum_by_node(node_of: Ints, nodes: int, values: Floats) -> Floats:
    inside = node_of >= 0
    return np.bincount(node_of[inside], values[inside], minlength=nodes)


def _features(problem: Problem, searched: Flags, node_of: Ints, nodes: int) -> tuple[Floats, float]:
    """Feature columns per node (see ``kernel_state.Rules``) and the total sum of squares of the attributes."""
    x = problem.attributes
    columns = [capacity.known for capacity in problem.capacities]
    columns += [np.ones(len(problem)), *x.T, (x * x).sum(axis=1) if x.size else np.zeros(len(problem))]
    if problem.pooling is not None:
        columns += [np.nan_to_num(problem.pooling.population), *problem.pooling.gain]
    summed = [_sum_by_node(node_of, nodes, np.asarray(column, dtype=np.float64)) for column in columns]
    total = float(((x - x.mean(axis=0)) ** 2).sum()) if x.size else 0.0
    return np.ascontiguousarray(np.stack(summed, axis=1)) if nodes else np.zeros((0, len(columns))), total


def _rules(problem: Problem, searched: Flags, areas_expected: float, squares: float) -> Rules:
    weights = problem.weights
    names = [capacity.name for capacity in problem.capacities]
    lower = np.array([capacity.lower for capacity in problem.capacities], dtype=np.float64)
    upper = np.array([capacity.upper for capacity in problem.capacities], dtype=np.float64)
    target = problem.target
    pooling = problem.pooling
    gain = float(pooling.gain.sum()) if pooling is not None else 0.0
    crossing = float(problem.crossing.sum())
    lead = int(np.argmax(lower > 0)) if (lower > 0).any() else 0
    return Rules(
        lower=lower,
        upper=upper,
        lead=lead,
        target_column=names.index(target.capacity) if target else 0,
        target=float(target.value) if target else 1.0,
        target_weight=weights.get("target", 0.0) / areas_expected if target else 0.0,
        attributes=problem.attributes.shape[1] if problem.attributes.size else 0,
        similarity_weight=weights.get("similarity", 0.0) / squares if squares > 0 else 0.0,
        threshold=np.asarray(pooling.threshold, np.float64) if pooling is not None else np.zeros(0),
        pooling_weight=weights.get("pooling", 0.0) / gain if gain > 0 else 0.0,
        border=bool(weights.get("compactness", 0.0) > 0),
        looked_up=bool(
            np.isfinite(problem.walk_max)
            or any(
                weights.get(term, 0.0) > 0 for term in ("crossings", "administrative", "stability", "walk")
            )
        ),
        walk_max=float(problem.walk_max),
        walk_weight=weights.get("walk", 0.0) / areas_expected / walk_scale(problem),
        crossing_weight=weights.get("crossings", 0.0) / crossing if crossing > 0 else 0.0,
        community_weight=weights.get("administrative", 0.0) / areas_expected,
        stability_weight=weights.get("stability", 0.0) / max(1, len(problem)),
        penalty=PENALTY,
    )


def walk_scale(problem: Problem) -> float:
    """The walk that scores 0 in the walk term: the limit, or 1,000 m where there is none."""
    return problem.walk_max if np.isfinite(problem.walk_max) else 1000.0


def _graph(problem: Problem, node_of: Ints, nodes: int, features: Floats, rules: Rules) -> tuple[Graph, Ints]:
    """Links between nodes (parallel ones added up) and the pieces they leave."""
    i, j = node_of[problem.a], node_of[problem.b]
    inside = problem.usable & (i >= 0) & (j >= 0) & (i != j)
    low, high = np.minimum(i, j)[inside], np.maximum(i, j)[inside]
    code = low.astype(np.int64) * max(nodes, 1) + high
    unique, at = np.unique(code, return_inverse=True)
    one, two = (unique // max(nodes, 1)).astype(np.int32), (unique % max(nodes, 1)).astype(np.int32)
    total = float(problem.frontage.sum())
    scale = problem.weights.get("compactness", 0.0) / total if total > 0 else 0.0
    border = np.bincount(at, problem.frontage[inside] * scale, minlength=len(unique))
    crossing = np.bincount(at, problem.crossing[inside] * rules.crossing_weight, minlength=len(unique))
    near = _unlikeness(features, rules, one, two) + crossing - border
    _, piece = connected_components(
        coo_matrix((np.ones(len(one), np.int8), (one, two)), shape=(nodes, nodes)), directed=False
    )
    apart = node_of[problem.apart]
    apart = apart[(apart >= 0).all(axis=1)] if len(apart) else apart
    start, to, border_rows, near_rows = _rows(nodes, one, two, border, near)
    apart_start, apart_to = _rows(nodes, apart[:, 0], apart[:, 1])
    return Graph(start, to, border_rows, near_rows, apart_start, apart_to), _by_first(piece)


def _unlikeness(features: Floats, rules: Rules, one: Ints, two: Ints) -> Floats:
    """What Ward's rule would charge for joining the two ends of each link."""
    first = len(rules.lower) + 1
    size = features[:, len(rules.lower)]
    mean = features[:, first : first + rules.attributes] / size[:, None]
    distance = ((mean[one] - mean[two]) ** 2).sum(axis=1)
    return rules.similarity_weight * distance * size[one] * size[two] / (size[one] + size[two])


def _ground(problem: Problem, searched: Flags, node_of: Ints, nodes: int) -> Ground:
    n = len(problem)
    units = np.flatnonzero(node_of >= 0)
    order = units[np.argsort(node_of[units], kind="stable")].astype(np.int32)
    node_start = np.zeros(nodes + 1, dtype=np.int64)
    np.cumsum(np.bincount(node_of[units], minlength=nodes), out=node_start[1:])
    inside = problem.usable & searched[problem.a] & searched[problem.b]
    start, to, crossing, length = _rows(
        n, problem.a[inside], problem.b[inside], problem.crossing[inside], problem.length[inside]
    )
    none = np.full(n, -1, dtype=np.int32)
    known = len(problem.community) == n and n > 0
    return Ground(
        node_start,
        order,
        start,
        to,
        crossing,
        length,
        problem.community if known else none,
        problem.community_weight if known else np.ones(n),
        problem.previous if len(problem.previous) == n else none,
    )


def empty_areas(arrays: Arrays) -> Areas:
    """Room for as many areas as there are nodes."""
    n, columns = arrays.features.shape
    return Areas(
        label=np.full(n, -1, np.int32),
        first=np.full(n, -1, np.int32),
        after=np.full(n, -1, np.int32),
        before=np.full(n, -1, np.int32),
        size=np.zeros(n, np.int32),
        sums=np.zeros((n, columns)),
        cost=np.zeros(n),
        used=np.zeros(1, np.int64),
    )


def new_work(arrays: Arrays) -> Work:
    """Scratch space for the kernels."""
    n, columns = arrays.features.shape
    units = len(arrays.node_of)
    links = len(arrays.graph.to)
    kinds = max(int(arrays.ground.community.max(initial=0)), int(arrays.ground.previous.max(initial=0))) + 1

    def ints(size: int) -> Ints:
        return np.zeros(size, dtype=np.int32)

    return Work(
        members=ints(n),
        place=np.full(n, -1, np.int32),
        rank=ints(n),
        order=ints(n),
        parent=ints(n),
        depth=ints(n),
        sub=np.zeros((n + 2, columns)),
        value=np.zeros(n),
        edge=np.zeros(links + 1, np.int64),
        origin=ints(links + 1),
        side=ints(n),
        units=ints(units),
        unit_place=np.full(units, -1, np.int32),
        far=np.zeros(units),
        group=ints(max(units, 1)),
        tally=np.zeros(kinds),
        mark=np.zeros(n + 1, np.int64),
        queue=ints(n),
    )
