"""Every area that a small piece can hold, what each costs, and how to find the best set of them.

A set of nodes is a number whose bit i stands for the i-th node of the piece.
"""

from __future__ import annotations

import numpy as np

from renomap.compiled.decorators import compiled, inner
from renomap.grouping.kernels.lookup import expand, forget, looked_up_cost, walk_fits
from renomap.grouping.kernels.state import F8, I4, I8, Ground, Plan, above_lower, cost_of_sums


@inner
def _lowest(s: int) -> int:
    i = 0
    while (s >> i) & 1 == 0:
        i += 1
    return i


@inner
def _joined(plan: Plan, members: I4, border: F8, old: int, i: int, sums: F8, inside: F8, row: int) -> bool:
    """Sums and inner borders of the set of row-1 with node i, into ``row``; whether upper bounds are kept."""
    for c in range(sums.shape[1]):
        sums[row, c] = sums[row - 1, c] + plan.features[members[i], c]
    inside[row] = inside[row - 1]
    for j in range(len(members)):
        if (old >> j) & 1:
            inside[row] += border[i, j]
    for c in range(plan.rule[0].capacities):  # noqa: SIM110 - kernels have no generators
        if sums[row, c] > plan.column[c].upper:
            return False
    return True


@compiled
def find_areas(
    plan: Plan,
    members: I4,
    near: I8,
    hostile: I8,
    border: F8,
    stack: I8,
    sums: F8,
    inside: F8,
    at: I8,
    sets: I8,
    cost: F8,
    steps: int,
) -> int:
    """Go on listing the connected sets of the members that keep the bounds, each once, with their costs.

    ``near[i]`` are the neighbours of i, ``hostile[i]`` those that can share no area with it. Costs are those
    that sums tell, with borders inside the set taken off, so that the costs of all areas of a partition add
    up to its cost less a constant. ``at`` holds depth, next root and number of sets found; the rows of
    ``stack`` are set, nodes to be tried, nodes decided against. A set grows from its lowest node; a node
    that has been tried at a place is decided against in what follows there (Wernicke 2006).

    Returns 0 for more to do, 1 for done, 2 for no more room.
    """
    depth, root, found = at[0], at[1], at[2]
    status = 0
    for _ in range(steps):
        if depth == 0:
            if root == len(members):
                status = 1
                break
            i, old, untried, against = root, 0, 0, (1 << root) - 1
            root += 1
        else:
            untried = stack[depth, 1]
            if untried == 0:
                depth -= 1
                continue
            i, old, against = _lowest(untried), stack[depth, 0], stack[depth, 2]
            untried ^= 1 << i
            stack[depth, 1], stack[depth, 2] = untried, against | (1 << i)
            if hostile[i] & old:
                continue
        if not _joined(plan, members, border, old, i, sums, inside, depth + 1):
            continue
        depth += 1
        new = old | (1 << i)
        stack[depth, 0], stack[depth, 1], stack[depth, 2] = (
            new,
            (untried | near[i]) & ~against & ~new,
            against,
        )
        if above_lower(plan.column, plan.rule, sums, depth):
            if found == len(sets):
                status = 2
                break
            sets[found] = new
            cost[found] = cost_of_sums(plan.column, plan.rule, sums, depth) - inside[depth]
            found += 1
    at[0], at[1], at[2] = depth, root, found
    return status


@compiled
def look_up(plan: Plan, ground: Ground, members: I4, sets: I8, cost: F8, first: int, stop: int) -> None:
    """Add to the costs of some sets what sums cannot tell; infinite where a walk is too long."""
    for k in range(first, stop):
        units = 0
        for i in range(len(members)):
            if (sets[k] >> i) & 1:
                units = expand(plan.node, ground, members[i], units)
        if walk_fits(ground, units, plan.rule[0].walk_max):
            cost[k] += looked_up_cost(plan.rule, ground, units)
        else:
            cost[k] = np.inf
        forget(ground, units)


@compiled
def best_partitions(cost: F8, best: F8, choice: I8) -> None:
    """The cheapest partition of every set into one more area than before.

    ``best[s]`` holds on entry the cost of the best partition of set s into some number of areas and on return
    that into one more; ``choice[s]`` the area of it that holds the first member of s. The first member is in
    exactly one area of any partition, so only sets with it are tried: 3^n / 2 steps in all.
    """
    before = best.copy()
    for s in range(len(cost)):
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


@compiled
def spare_costs(sets: I8, cost: F8, low: F8, high: F8, bits: int, spare: F8, first: int, stop: int) -> None:
    """What each of some sets costs beyond the prices of its members.

    ``low[s]`` is the price of the members among the first ``bits`` nodes, ``high`` that of the others.
    """
    mask = (1 << bits) - 1
    for k in range(first, stop):
        spare[k] = cost[k] - low[sets[k] & mask] - high[sets[k] >> bits]


@compiled
def cover(
    sets: I8,
    spare: F8,
    start: I8,
    everything: int,
    count: int,
    row: I8,
    spent: F8,
    best: I8,
    least: F8,
    steps: int,
) -> bool:
    """Go on looking for disjoint sets that make up everything and cost least; True when all were looked at.

    Sets are ordered by their lowest node (from ``start[i]`` those of node i) and then by cost, so that the
    first set that is too dear ends its group. ``count`` sets, or any number if it is -1. ``row[d]`` holds set
    at hand, what is covered before it and the group; ``row[0, 3]`` the depth. ``best`` holds in front how
    many sets the best cover has and then which; ``least[0]`` what a better one must stay below.
    """
    depth = row[0, 3]
    for _ in range(steps):
        if depth < 0:
            break
        k = row[depth, 0]
        if k >= start[row[depth, 2] + 1] or spent[depth] + spare[k] >= least[0] or depth == count:
            depth -= 1
            continue
        row[depth, 0] = k + 1
        covered = row[depth, 1]
        if sets[k] & covered:
            continue
        covered |= sets[k]
        if covered == everything:
            if count < 0 or depth + 1 == count:
                least[0] = spent[depth] + spare[k]
                best[0] = depth + 1
                for d in range(depth + 1):
                    best[1 + d] = row[d, 0] - 1
            continue
        group = _lowest(everything & ~covered)
        spent[depth + 1] = spent[depth] + spare[k]
        depth += 1
        row[depth, 0], row[depth, 1], row[depth, 2] = start[group], covered, group
    row[0, 3] = depth
    return bool(depth < 0)
