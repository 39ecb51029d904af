"""Random spanning trees of one or two areas, and the judgement of every cut that a tree offers.

A spanning tree of k nodes has k - 1 links; cutting one splits the nodes into two connected parts. Sums of the
subtrees tell what each of these splits would cost in O(k), so one tree is worth k - 1 proposals.
"""

from __future__ import annotations

import numpy as np

from renomap.grouping.compiled import compiled
from renomap.grouping.kernel_state import (
    F8,
    U8,
    Graph,
    Rules,
    Work,
    above_lower,
    below,
    cost_of_sums,
    uniform,
)


@compiled
def draw_tree(graph: Graph, work: Work, k: int, root: int, chance: U8, deep: float, picky: bool) -> int:
    """A random spanning tree of the k gathered nodes from ``root`` (all places, not nodes); returns the nodes reached.

    Grows from a frontier of links. With probability ``deep`` the newest links go first, which gives long paths
    and so many evenly spread cuts; else any link does, which gives round parts. ``picky`` takes the better of two links by
    ``near``. Writes ``order`` (parents before children), ``parent`` and ``depth``.
    """
    for i in range(k):
        work.rank[i] = -1
    work.rank[root], work.order[0], work.parent[root], work.depth[root] = 0, root, -1, 0
    reached, frontier, newest = 1, 0, root
    while True:
        if newest >= 0:
            node = work.members[newest]
            for e in range(graph.start[node], graph.start[node + 1]):
                place = work.place[graph.to[e]]
                if place >= 0 and work.rank[place] < 0:
                    work.edge[frontier], work.origin[frontier] = e, newest
                    frontier += 1
            newest = -1
        if frontier == 0:
            return reached
        if deep > 0.0 and uniform(chance) < deep:
            pick = frontier - 1 - below(chance, min(frontier, 3))
        else:
            pick = below(chance, frontier)
            if picky:
                other = below(chance, frontier)
                if graph.near[work.edge[other]] < graph.near[work.edge[pick]]:
                    pick = other
        place, origin = work.place[graph.to[work.edge[pick]]], work.origin[pick]
        frontier -= 1
        work.edge[pick], work.origin[pick] = work.edge[frontier], work.origin[frontier]
        if work.rank[place] < 0:
            work.rank[place], work.order[reached] = reached, place
            work.parent[place], work.depth[place] = origin, work.depth[origin] + 1
            reached += 1
            newest = place


@compiled
def sum_subtrees(features: F8, work: Work, k: int) -> None:
    """Sums of the features over the subtree of each place into ``work.sub``; row k is left free for complements."""
    columns = features.shape[1]
    for i in range(k):
        node = work.members[i]
        for c in range(columns):
            work.sub[i, c] = features[node, c]
    for at in range(k - 1, 0, -1):
        i = work.order[at]
        up = work.parent[i]
        for c in range(columns):
            work.sub[up, c] += work.sub[i, c]


@compiled
def _meet(work: Work, i: int, j: int) -> int:
    """The lowest common ancestor of two places."""
    while i != j:
        if work.depth[i] >= work.depth[j]:
            i = work.parent[i]
        else:
            j = work.parent[j]
    return i


@compiled
def sum_borders(graph: Graph, rules: Rules, work: Work, k: int) -> None:
    """Into ``work.value``: the border that cutting above each place would make, less the penalty of pairs it parts.

    A link counts for the places below its ends up to where these meet: +w at both ends, -2w at the meeting
    place, then summed over subtrees.
    """
    for i in range(k):
        work.value[i] = 0.0
    if not rules.border and len(graph.apart_to) == 0:
        return
    for i in range(k):
        node = work.members[i]
        for e in range(graph.start[node], graph.start[node + 1]):
            j = work.place[graph.to[e]]
            if j > i:
                weight = graph.border[e]
                work.value[i] += weight
                work.value[j] += weight
                work.value[_meet(work, i, j)] -= 2.0 * weight
        for e in range(graph.apart_start[node], graph.apart_start[node + 1]):
            j = work.place[graph.apart_to[e]]
            if j > i:
                work.value[i] -= rules.penalty
                work.value[j] -= rules.penalty
                work.value[_meet(work, i, j)] += 2.0 * rules.penalty
    for at in range(k - 1, 0, -1):
        i = work.order[at]
        work.value[work.parent[i]] += work.value[i]


@compiled
def complement(work: Work, root: int, i: int, k: int) -> None:
    """Sums of everything outside the subtree of i into row k of ``work.sub``."""
    for c in range(work.sub.shape[1]):
        work.sub[k, c] = work.sub[root, c] - work.sub[i, c]


@compiled
def cheapest_cut(rules: Rules, work: Work, k: int) -> tuple[int, float]:
    """The place above which cutting is cheapest (two areas and the border between them) and that cost."""
    root = work.order[0]
    best, least = -1, np.inf
    for at in range(1, k):
        i = work.order[at]
        cost = work.value[i] + cost_of_sums(rules, work.sub, i)
        if cost < least or rules.penalty > 0.0:
            complement(work, root, i, k)
            cost += cost_of_sums(rules, work.sub, k)
            if cost < least:
                best, least = i, cost
    return best, least


@compiled
def closest_cut(rules: Rules, work: Work, k: int, goal: float, most: bool) -> tuple[int, float]:
    """The subtree whose lead capacity is closest to ``goal`` and the distance; -1 if none will do.

    ``most``: the subtree must reach every lower bound and exceed none of the upper ones that its rest could take over,
    and the rest must reach the lower bounds too. Otherwise both need only be there.
    """
    root = work.order[0]
    best, least = -1, np.inf
    for at in range(1, k):
        i = work.order[at]
        distance = abs(work.sub[i, rules.lead] - goal)
        if distance >= least:
            continue
        if most:
            if not above_lower(rules, work.sub, i):
                continue
            complement(work, root, i, k)
            if not above_lower(rules, work.sub, k):
                continue
        best, least = i, distance
    return best, least


@compiled
def mark_subtree(work: Work, k: int, cut: int) -> None:
    """``work.side`` = 1 for the places in the subtree of ``cut``, 0 for the rest."""
    for i in range(k):
        work.side[i] = 0
    work.side[cut] = 1
    for at in range(work.rank[cut] + 1, k):
        i = work.order[at]
        if work.side[work.parent[i]] == 1:
            work.side[i] = 1
