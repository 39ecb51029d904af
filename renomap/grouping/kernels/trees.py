"""Random spanning trees of one or two areas, and the judgement of every cut that a tree offers.

A spanning tree of k nodes has k - 1 links; cutting one splits the nodes into two connected parts. Sums of
the subtrees tell what each of these splits would cost in O(k), so one tree is worth k - 1 proposals.
"""

from __future__ import annotations

import numpy as np

from renomap.compiled.decorators import inner
from renomap.grouping.kernels.state import (
    U8,
    Plan,
    Records,
    Scratch,
    above_lower,
    below,
    cost_of_sums,
    uniform,
)


@inner
def draw_tree(
    node: Records,
    link: Records,
    slot: Records,
    edge: Records,
    k: int,
    root: int,
    chance: U8,
    deep: float,
    picky: bool,
) -> int:
    """A random spanning tree of the k nodes at hand from the place ``root``; returns the nodes reached.

    Grows from a frontier of links. With probability ``deep`` the newest links go first, which gives long
    paths and so many evenly spread cuts; else any link does, which gives round parts. ``picky`` takes the
    better of two links by ``near``. Writes ``order`` (parents before children), ``rank`` in that order,
    ``parent`` and ``depth``.
    """
    for i in range(k):
        slot[i].rank = -1
    slot[root].rank, slot[0].order, slot[root].parent, slot[root].depth = 0, root, -1, 0
    reached, frontier, newest = 1, 0, root
    while reached < k:
        if newest >= 0:
            here = node[slot[newest].member]
            for e in range(here.start, here.hold):
                place = node[link[e].to].place
                if place >= 0 and slot[place].rank < 0:
                    edge[frontier].link, edge[frontier].origin = e, newest
                    frontier += 1
            newest = -1
        if frontier == 0:
            break
        if deep > 0.0 and uniform(chance) < deep:
            pick = frontier - 1 - below(chance, min(frontier, 3))
        else:
            pick = below(chance, frontier)
            if picky:
                other = below(chance, frontier)
                if link[edge[other].link].near < link[edge[pick].link].near:
                    pick = other
        place, origin = node[link[edge[pick].link].to].place, edge[pick].origin
        frontier -= 1
        edge[pick].link, edge[pick].origin = edge[frontier].link, edge[frontier].origin
        if slot[place].rank < 0:
            slot[place].rank, slot[reached].order = reached, place
            slot[place].parent, slot[place].depth = origin, slot[origin].depth + 1
            reached += 1
            newest = place
    return reached


@inner
def sum_subtrees(plan: Plan, slot: Records, sub: np.ndarray, k: int) -> None:
    """Sums of the features over the subtree of each place into ``sub``."""
    columns = plan.features.shape[1]
    for i in range(k):
        for c in range(columns):
            sub[i, c] = plan.features[slot[i].member, c]
    for at in range(k - 1, 0, -1):
        i = slot[at].order
        up = slot[i].parent
        for c in range(columns):
            sub[up, c] += sub[i, c]


@inner
def sum_borders(node: Records, link: Records, slot: Records, k: int) -> None:
    """Into ``value``: the border that cutting above each place would make, less the penalty of pairs it
    parts.

    A link counts for the places below its ends up to where these meet: +w at both ends, -2w at the meeting
    place, then summed over subtrees.
    """
    for i in range(k):
        slot[i].value = 0.0
    for i in range(k):
        here = node[slot[i].member]
        for e in range(here.start, here.end):
            j = node[link[e].to].place
            if j > i:
                weight = link[e].border
                slot[i].value += weight
                slot[j].value += weight
                p, q = i, j
                while p != q:
                    if slot[p].depth >= slot[q].depth:
                        p = slot[p].parent
                    else:
                        q = slot[q].parent
                slot[p].value -= 2.0 * weight
    for at in range(k - 1, 0, -1):
        i = slot[at].order
        slot[slot[i].parent].value += slot[i].value


@inner
def complement(sub: np.ndarray, root: int, i: int, k: int) -> None:
    """Sums of everything outside the subtree of i into row k of ``sub``."""
    for c in range(sub.shape[1]):
        sub[k, c] = sub[root, c] - sub[i, c]


@inner
def cheapest_cut(plan: Plan, scratch: Scratch, k: int) -> tuple[int, float]:
    """The place above which cutting is cheapest (two areas and the border between them) and that cost."""
    slot, _, sub = scratch
    root = slot[0].order
    best, least = -1, np.inf
    for at in range(1, k):
        i = slot[at].order
        cost = cost_of_sums(plan.column, plan.rule, sub, i) + slot[i].value
        complement(sub, root, i, k)
        cost += cost_of_sums(plan.column, plan.rule, sub, k)
        if cost < least:
            best, least = i, cost
    return best, least


@inner
def closest_cut(plan: Plan, scratch: Scratch, k: int, goal: float, legal: bool) -> tuple[int, float]:
    """The subtree whose lead capacity is closest to ``goal``, and how far from it; -1 if none will do.

    ``legal``: both the subtree and its rest must reach every lower bound.
    """
    slot, _, sub = scratch
    root, lead = slot[0].order, plan.rule[0].lead
    best, least = -1, np.inf
    for at in range(1, k):
        i = slot[at].order
        distance = abs(sub[i, lead] - goal)
        if distance >= least:
            continue
        if legal:
            if not above_lower(plan.column, plan.rule, sub, i):
                continue
            complement(sub, root, i, k)
            if not above_lower(plan.column, plan.rule, sub, k):
                continue
        best, least = i, distance
    return best, least


@inner
def mark_subtree(slot: Records, k: int, cut: int) -> None:
    """``side`` = 1 for the places in the subtree of ``cut``, 0 for the rest."""
    for i in range(k):
        slot[i].side = 0
    slot[cut].side = 1
    for at in range(slot[cut].rank + 1, k):
        i = slot[at].order
        if slot[slot[i].parent].side == 1:
            slot[i].side = 1
