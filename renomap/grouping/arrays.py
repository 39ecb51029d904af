"""A problem as the records of the kernels: what must stay together contracted, weights folded into costs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from renomap.grouping.dense import by_first
from renomap.grouping.kernels.state import (
    AREA,
    COLUMN,
    EDGE,
    LINK,
    NODE,
    RULE,
    SLOT,
    STEP,
    TOLERANCE,
    UNIT,
    WALK,
    Ground,
    Plan,
    Scratch,
)
from renomap.model.connection import connected
from renomap.model.problem import NO_AREA, Flags, Floats, Ints, Problem

#: A breach of 100 % of one bound weighs as much as this many times everything the objective can gain.
PENALTY = 50.0

#: Where a problem sets no walk, one of this many metres scores 0 in the walk term.
WALK_M = 1000.0


@dataclass(frozen=True)
class Arrays:
    """All that a kernel needs, and how nodes stand for units.

    ``node_of`` (n,) is the node of each unit, -1 for units that are not searched (locked, or unable to join
    any area). ``piece`` (nodes,) numbers the pieces by their first node.
    """

    plan: Plan
    scratch: Scratch
    ground: Ground
    node_of: Ints
    piece: Ints
    pieces: int

    @property
    def nodes(self) -> int:
        """Number of nodes."""
        return len(self.plan.node)

    def spread(self, node_labels: Ints) -> Ints:
        """Labels of nodes as labels of units, -1 for the units that are not searched."""
        labels = np.full(len(self.node_of), NO_AREA, dtype=np.int32)
        searched = self.node_of >= 0
        labels[searched] = node_labels[self.node_of[searched]]
        return labels


def build_arrays(
    problem: Problem,
    groups: Ints,
    searched: Flags,
    areas_expected: float,
    check: Callable[[], None] = lambda: None,
) -> Arrays:
    """Records of the part of a problem that is searched.

    Parameters
    ----------
    problem : Problem
    groups : (n,) int
        Group of each unit under 'together'.
    searched : (n,) bool
        Units that may join an area; whole groups only.
    areas_expected : float
        About how many areas there will be; turns means over areas into costs per area.
    check : callable
        Asked now and then whether to go on.
    """
    node_of = np.full(len(problem), NO_AREA, dtype=np.int32)
    node_of[searched] = by_first(groups[searched])
    nodes = int(node_of.max(initial=-1)) + 1
    features, column = _features(problem, node_of, nodes)
    rule = _rule(problem, column, areas_expected)
    check()
    node, link, piece = _graph(problem, node_of, nodes, features, rule, check)
    check()
    ground = _ground(problem, node_of, node, check)
    check()
    plan = Plan(node, link, features, np.zeros(nodes, AREA), np.zeros_like(features), column, rule)
    scratch = Scratch(
        np.zeros(nodes + 1, SLOT), np.zeros(len(link) + 1, EDGE), np.zeros((nodes + 2, features.shape[1]))
    )
    return Arrays(plan, scratch, ground, node_of, piece, int(piece.max(initial=-1)) + 1)


def connected_parts(arrays: Arrays, label: npt.NDArray[Any]) -> Ints:
    """Labels of nodes so that nodes share one where they did before and are connected by such nodes."""
    node, link = arrays.plan.node, arrays.plan.link
    source = np.repeat(np.arange(arrays.nodes), node["end"] - node["start"])
    holds = np.arange(len(link)) < node["hold"][source]
    same = holds & (label[source] == label[link["to"]])
    return by_first(connected(arrays.nodes, source[same], link["to"][same]))


def _features(problem: Problem, node_of: Ints, nodes: int) -> tuple[Floats, npt.NDArray[Any]]:
    """Feature columns per node, in the order told at ``kernels.state.RULE``, with their bounds."""
    x = problem.attributes
    columns = [capacity.known for capacity in problem.capacities]
    columns += [np.ones(len(problem)), *x.T, (x * x).sum(axis=1) if x.size else np.zeros(len(problem))]
    dues: list[float] = []
    if problem.pooling is not None:
        columns += [np.nan_to_num(problem.pooling.population), *problem.pooling.gain]
        dues = [float(value) for value in problem.pooling.threshold]
    inside = node_of >= 0
    features = np.zeros((nodes, len(columns)))
    for c, values in enumerate(columns):
        features[:, c] = np.bincount(node_of[inside], np.asarray(values)[inside], minlength=nodes)
    column = np.zeros(len(columns), COLUMN)
    for c, capacity in enumerate(problem.capacities):
        column[c]["lower"] = capacity.lower - TOLERANCE if capacity.lower > 0 else -1.0
        column[c]["upper"] = max(capacity.upper, 0.0) + TOLERANCE
    if dues:
        column["due"][-len(dues) :] = dues
    return features, column


def _rule(problem: Problem, column: npt.NDArray[Any], areas_expected: float) -> npt.NDArray[Any]:
    weight = problem.weights.get
    x, target, pooling = problem.attributes, problem.target, problem.pooling
    squares = float(((x - x.mean(axis=0)) ** 2).sum()) if x.size else 0.0
    gain = float(pooling.gain.sum()) if pooling is not None else 0.0
    crossing = float(problem.crossing.sum())
    rule = np.zeros(1, RULE)
    r = rule[0]
    r["target"] = target.value if target else 1.0
    r["target_weight"] = weight("target", 0.0) / areas_expected if target else 0.0
    r["target_column"] = [c.name for c in problem.capacities].index(target.capacity) if target else 0
    r["similarity_weight"] = weight("similarity", 0.0) / squares if squares > 0 else 0.0
    r["pooling_weight"] = weight("pooling", 0.0) / gain if gain > 0 else 0.0
    r["crossing_weight"] = weight("crossings", 0.0) / crossing if crossing > 0 else 0.0
    r["community_weight"] = weight("administrative", 0.0) / areas_expected if len(problem.community) else 0.0
    r["stability_weight"] = weight("stability", 0.0) / len(problem) if len(problem.previous) else 0.0
    r["walk_max"] = problem.walk_max + TOLERANCE
    scale = problem.walk_max if 0 < problem.walk_max < np.inf else WALK_M
    r["walk_weight"] = weight("walk", 0.0) / areas_expected / scale
    r["penalty"] = PENALTY
    r["capacities"] = len(problem.capacities)
    r["attributes"] = x.shape[1] if x.size else 0
    r["gains"] = len(pooling.threshold) if pooling is not None else 0
    lower = [capacity.lower for capacity in problem.capacities]
    r["lead"] = int(np.argmax(np.asarray(lower) > 0)) if lower else 0
    r["border"] = int(weight("compactness", 0.0) > 0 or len(problem.apart) > 0)
    r["looked_up"] = int(
        np.isfinite(problem.walk_max)
        or any(r[f"{term}_weight"] > 0 for term in ("crossing", "community", "stability", "walk"))
    )
    return rule


def _graph(
    problem: Problem,
    node_of: Ints,
    nodes: int,
    features: Floats,
    rule: npt.NDArray[Any],
    check: Callable[[], None],
) -> tuple[npt.NDArray[Any], npt.NDArray[Any], Ints]:
    """Nodes with their rows of links (parallel links added up; pairs to be kept apart last), and pieces."""
    one, two, border, crossing = _links_of_nodes(problem, node_of, nodes)
    check()
    total = float(problem.frontage.sum())
    border *= problem.weights.get("compactness", 0.0) / total if total > 0 else 0.0
    near = _unlikeness(features, rule, one, two) + crossing * float(rule[0]["crossing_weight"]) - border
    piece = by_first(connected(nodes, one, two))
    check()
    apart = node_of[problem.apart]
    apart = apart[(apart >= 0).all(axis=1)] if len(apart) else apart
    a = np.concatenate([one, apart[:, 0]])
    b = np.concatenate([two, apart[:, 1]])
    holds = np.arange(len(a)) < len(one)
    source, target = np.concatenate([a, b]), np.concatenate([b, a])
    order = np.lexsort((target, ~np.concatenate([holds, holds]), source))
    check()
    link = np.zeros(len(source), LINK)
    link["to"] = target[order]
    costs = np.concatenate([border, np.full(len(apart), -PENALTY)])
    link["border"] = np.concatenate([costs, costs])[order]
    unlike = np.concatenate([near, np.zeros(len(apart))])
    link["near"] = np.concatenate([unlike, unlike])[order]
    node = np.zeros(nodes, NODE)
    ends = np.cumsum(np.bincount(source, minlength=nodes))
    node["end"], node["start"] = ends, np.concatenate([[0], ends[:-1]]) if nodes else ends
    node["hold"] = ends - np.bincount(apart.ravel(), minlength=nodes)
    node["label"] = node["place"] = NO_AREA
    return node, link, piece


def _links_of_nodes(problem: Problem, node_of: Ints, nodes: int) -> tuple[Ints, Ints, Floats, Floats]:
    """Usable links between different nodes: ends (small first), frontage and crossing cost added up."""
    i, j = node_of[problem.a], node_of[problem.b]
    inside = problem.usable & (i >= 0) & (j >= 0) & (i != j)
    low, high = np.minimum(i, j)[inside], np.maximum(i, j)[inside]
    pairs, at = np.unique(low.astype(np.int64) * max(nodes, 1) + high, return_inverse=True)
    border = np.bincount(at, problem.frontage[inside], minlength=len(pairs)).astype(np.float64)
    crossing = np.bincount(at, problem.crossing[inside], minlength=len(pairs)).astype(np.float64)
    return (
        (pairs // max(nodes, 1)).astype(np.int32),
        (pairs % max(nodes, 1)).astype(np.int32),
        border,
        crossing,
    )


def _unlikeness(features: Floats, rule: npt.NDArray[Any], one: Ints, two: Ints) -> Floats:
    """What Ward's rule would charge for joining the two ends of each link."""
    count = int(rule[0]["capacities"])
    size = features[:, count]
    mean = features[:, count + 1 : count + 1 + int(rule[0]["attributes"])] / size[:, None]
    distance = ((mean[one] - mean[two]) ** 2).sum(axis=1)
    return np.asarray(
        rule[0]["similarity_weight"] * distance * size[one] * size[two] / (size[one] + size[two])
    )


def _ground(problem: Problem, node_of: Ints, node: npt.NDArray[Any], check: Callable[[], None]) -> Ground:
    """Units with their walking links; writes into ``node`` where its units stand."""
    n = len(problem)
    inside = problem.usable & (node_of[problem.a] >= 0) & (node_of[problem.b] >= 0)
    a, b = problem.a[inside], problem.b[inside]
    source, target = np.concatenate([a, b]), np.concatenate([b, a])
    order = np.lexsort((target, source))
    check()
    walk = np.zeros(len(source), WALK)
    walk["to"] = target[order]
    walk["length"] = np.concatenate([problem.length[inside]] * 2)[order]
    walk["crossing"] = np.concatenate([problem.crossing[inside]] * 2)[order]
    check()
    unit = np.zeros(n, UNIT)
    ends = np.cumsum(np.bincount(source, minlength=n))
    unit["end"], unit["start"] = ends, np.concatenate([[0], ends[:-1]])
    unit["community"] = problem.community if len(problem.community) else NO_AREA
    unit["weight"] = problem.community_weight if len(problem.community_weight) else 1.0
    unit["previous"] = problem.previous if len(problem.previous) else NO_AREA
    unit["place"] = NO_AREA
    members = np.flatnonzero(node_of >= 0)
    members = members[np.argsort(node_of[members], kind="stable")]
    unit["of_node"][: len(members)] = members
    node["units"] = np.bincount(node_of[members], minlength=len(node))
    node["unit"] = np.cumsum(node["units"]) - node["units"]
    kinds = max(int(unit["community"].max(initial=0)), int(unit["previous"].max(initial=0))) + 1
    return Ground(unit, walk, np.zeros(max(n, kinds) + 1, STEP))
