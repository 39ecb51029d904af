"""What an area costs that no sum can tell: links needed, the longest walk, communities, the previous scheme.

Called for the few candidates that the sums let pass, on areas of a few dozen units: O(k) to O(k^3) in the units.
"""

from __future__ import annotations

import numpy as np

from renomap.grouping.compiled import compiled
from renomap.grouping.kernel_state import F8, I4, TOLERANCE, Ground, Rules, Work


@compiled
def expand(ground: Ground, work: Work, nodes: I4, n_nodes: int) -> int:
    """Write the units of the nodes to ``work.units`` with their places; returns how many."""
    k = 0
    for i in range(n_nodes):
        for at in range(ground.node_start[nodes[i]], ground.node_start[nodes[i] + 1]):
            unit = ground.node_unit[at]
            work.units[k] = unit
            work.unit_place[unit] = k
            k += 1
    return k


@compiled
def _root(group: I4, i: int) -> int:
    while group[i] != i:
        group[i] = group[group[i]]
        i = group[i]
    return i


@compiled
def needed_crossings(ground: Ground, work: Work, k: int) -> float:
    """Cost of the cheapest links that hold the units together: a minimum spanning tree by crossing cost.

    Most links cost nothing, so free links are joined first and the few dear ones are picked by repeated search.
    """
    group = work.group
    for i in range(k):
        group[i] = i
    groups = k
    for i in range(k):
        unit = work.units[i]
        for e in range(ground.start[unit], ground.start[unit + 1]):
            j = work.unit_place[ground.to[e]]
            if j > i and ground.crossing[e] <= 0.0:
                p, q = _root(group, i), _root(group, j)
                if p != q:
                    group[q] = p
                    groups -= 1
    cost = 0.0
    while groups > 1:
        best, best_i, best_j = np.inf, -1, -1
        for i in range(k):
            unit = work.units[i]
            for e in range(ground.start[unit], ground.start[unit + 1]):
                j = work.unit_place[ground.to[e]]
                if j > i and 0.0 < ground.crossing[e] < best and _root(group, i) != _root(group, j):
                    best, best_i, best_j = ground.crossing[e], i, j
        if best_i < 0:
            break
        group[_root(group, best_j)] = _root(group, best_i)
        groups -= 1
        cost += best
    return cost


@compiled
def farthest(ground: Ground, work: Work, k: int, source: int) -> int:
    """Walking distances from a unit to all others over their links into ``work.far``; returns the farthest.

    Dijkstra without a heap: areas are small.
    """
    far, done = work.far, work.group
    for i in range(k):
        far[i] = np.inf
        done[i] = 0
    far[source] = 0.0
    last = source
    for _ in range(k):
        i, least = -1, np.inf
        for j in range(k):
            if done[j] == 0 and far[j] < least:
                i, least = j, far[j]
        if i < 0:
            break
        done[i] = 1
        last = i
        unit = work.units[i]
        for e in range(ground.start[unit], ground.start[unit + 1]):
            j = work.unit_place[ground.to[e]]
            if j >= 0 and far[i] + ground.length[e] < far[j]:
                far[j] = far[i] + ground.length[e]
    return last


@compiled
def longest_walk(ground: Ground, work: Work, k: int, limit: float) -> float:
    """The longest shortest path between two of the units, exact up to ``limit``; beyond it at least a lower bound."""
    if k <= 1:
        return 0.0
    end = farthest(ground, work, k, 0)
    longest = 0.0
    for turn in range(k):
        # the far end of the first walk goes first: where a walk is too long, that one mostly tells
        source = end if turn == 0 else turn - 1
        last = farthest(ground, work, k, source)
        longest = max(longest, work.far[last])
        if longest > limit + TOLERANCE:
            break
    return longest


@compiled
def _walk_fits(ground: Ground, work: Work, k: int, limit: float) -> bool:
    """Whether two walks from one unit already prove that no walk is longer than the limit."""
    last = farthest(ground, work, k, 0)
    return 2.0 * work.far[last] <= limit + TOLERANCE


@compiled
def _largest_share(kind: I4, weight: F8, weighted: bool, work: Work, k: int) -> tuple[float, float]:
    """The largest total of one kind among the units, and the total of all; kind -1 counts only in the total."""
    total, largest = 0.0, 0.0
    for i in range(k):
        unit = work.units[i]
        w = weight[unit] if weighted else 1.0
        total += w
        if kind[unit] >= 0:
            work.tally[kind[unit]] += w
            largest = max(largest, work.tally[kind[unit]])
    for i in range(k):
        if kind[work.units[i]] >= 0:
            work.tally[kind[work.units[i]]] = 0.0
    return largest, total


@compiled
def looked_up_cost(rules: Rules, ground: Ground, work: Work, nodes: I4, n_nodes: int) -> float:
    """The part of an area's cost that depends on which units it has, never negative; see ``objective`` for the terms."""
    k = expand(ground, work, nodes, n_nodes)
    cost = 0.0
    if rules.crossing_weight > 0.0:
        cost += rules.crossing_weight * needed_crossings(ground, work, k)
    if rules.walk_max < np.inf or rules.walk_weight > 0.0:
        if rules.walk_weight > 0.0 or not _walk_fits(ground, work, k, rules.walk_max):
            walk = longest_walk(ground, work, k, rules.walk_max)
            cost += rules.walk_weight * walk
            if walk > rules.walk_max + TOLERANCE:
                cost += rules.penalty * (min(walk, 1e9) / rules.walk_max - 1.0)
    if rules.community_weight > 0.0:
        main, total = _largest_share(ground.community, ground.community_weight, True, work, k)
        if total > 0.0:
            cost += rules.community_weight * (1.0 - main / total)
    if rules.stability_weight > 0.0:
        main, total = _largest_share(ground.previous, ground.community_weight, False, work, k)
        cost += rules.stability_weight * (total - main)
    for i in range(k):
        work.unit_place[work.units[i]] = -1
    return cost
