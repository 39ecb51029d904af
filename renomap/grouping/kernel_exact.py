"""The best partition of a small piece, by looking at every set of its nodes once."""

from __future__ import annotations

import numpy as np

from renomap.grouping.compiled import compiled, inner
from renomap.grouping.kernel_lookup import expand, forget, looked_up_cost, walk_fits
from renomap.grouping.kernel_state import F8, I4, I8, Ground, Plan, cost_of_sums, within_bounds


@compiled
def cost_of_sets(
    plan: Plan, ground: Ground, sub: F8, members: I4, near: I8, cost: F8, first: int, stop: int
) -> None:
    """Cost of the sets ``first`` .. ``stop``-1 of the members as an area, infinite where they are no legal
    area.

    A set is a number whose bit i stands for ``members[i]``. ``near[i]`` is the set of neighbours of i.
    Borders inside the set are taken off, so that the costs of all areas of a partition add up to its cost
    less a constant.
    """
    for s in range(first, stop):
        cost[s] = np.inf
        if not _connected(near, s):
            continue
        for c in range(sub.shape[1]):
            sub[0, c] = 0.0
        units = 0
        for i in range(len(members)):
            if (s >> i) & 1:
                plan.node[members[i]].place = i
                units = expand(plan.node, ground, members[i], units)
                for c in range(sub.shape[1]):
                    sub[0, c] += plan.features[members[i], c]
        inside, legal = 0.0, within_bounds(plan.column, plan.rule, sub, 0)
        for i in range(len(members)):
            if (s >> i) & 1:
                here = plan.node[members[i]]
                for e in range(here.start, here.end):
                    if plan.node[plan.link[e].to].place > i:
                        inside += plan.link[e].border
                        legal = legal and e < here.hold
        legal = legal and walk_fits(ground, units, plan.rule[0].walk_max)
        if legal:
            cost[s] = cost_of_sums(plan.column, plan.rule, sub, 0) - inside
            if plan.rule[0].looked_up == 1:
                cost[s] += looked_up_cost(plan.rule, ground, units)
        forget(ground, units)
        for i in range(len(members)):
            plan.node[members[i]].place = -1


@inner
def _connected(near: I8, s: int) -> bool:
    reached = s & -s
    grown = reached
    while grown != 0:
        i = 0
        while (grown >> i) & 1 == 0:
            i += 1
        grown &= ~(1 << i)
        new = near[i] & s & ~reached
        reached |= new
        grown |= new
    return bool(reached == s)


@compiled
def best_partitions(cost: F8, best: F8, choice: I8, count: int) -> None:
    """The cheapest partition of every set into ``count`` areas, given those into ``count`` - 1.

    ``best[s]`` holds on entry the cost of the best partition of set s into count-1 areas and on return that
    into count; ``choice[s]`` the area of it that holds the first member of s. The first member is in
    exactly one area of any partition, so only sets with it are tried: 3^n / 2 steps in all.
    """
    n_sets = len(cost)
    before = best.copy()
    for s in range(n_sets):
        best[s], choice[s] = np.inf, 0
        if s == 0:
            continue
        first = s & -s
        rest = s ^ first
        part = rest
        while True:
            area = part | first
            if cost[area] < np.inf and before[s ^ area] + cost[area] < best[s]:
                best[s], choice[s] = before[s ^ area] + cost[area], area
            if part == 0:
                break
            part = (part - 1) & rest
