"""Making a plan legal.

Areas that break a rule are cut, merged, re-cut with their neighbours, or given away node by node.
"""

from __future__ import annotations

import numpy as np

from renomap.compiled.decorators import compiled, inner
from renomap.grouping.kernels.build import merge_cost, merge_into
from renomap.grouping.kernels.lookup import expand, forget, walk_fits
from renomap.grouping.kernels.moves import assign_sides, cost_of_area, cost_of_side, recut, touches
from renomap.grouping.kernels.state import (
    I4,
    U8,
    Ground,
    Plan,
    Scratch,
    add_node,
    below,
    clear_area,
    gather,
    move_node,
    new_area,
    release,
    within_bounds,
)
from renomap.grouping.kernels.trees import (
    cheapest_cut,
    complement,
    draw_tree,
    mark_subtree,
    sum_borders,
    sum_subtrees,
)


@compiled
def is_legal(plan: Plan, ground: Ground, area: int) -> bool:
    """Whether an area keeps its bounds, the pairs that must be apart, and the longest walk."""
    if not within_bounds(plan.column, plan.rule, plan.sums, area):
        return False
    node = plan.node
    units = 0
    good = True
    i = plan.area[area].first
    while i >= 0:
        for e in range(node[i].hold, node[i].end):
            good = good and node[plan.link[e].to].label != area
        i = node[i].after
    if good and plan.rule[0].walk_max < np.inf:
        i = plan.area[area].first
        while i >= 0:
            units = expand(node, ground, i, units)
            i = node[i].after
        good = walk_fits(ground, units, plan.rule[0].walk_max)
        forget(ground, units)
    return good


@compiled
def legality(plan: Plan, ground: Ground, legal: I4) -> int:
    """``legal[area]`` = 1 or 0 for every area that exists (-1 for the others).

    Returns the nodes in illegal ones.
    """
    nodes = 0
    for area in range(plan.rule[0].used):
        legal[area] = -1
        if plan.area[area].size > 0:
            legal[area] = 1 if is_legal(plan, ground, area) else 0
            nodes += plan.area[area].size * (1 - legal[area])
    return nodes


@compiled
def split_area(plan: Plan, ground: Ground, scratch: Scratch, area: int, tries: int, chance: U8) -> int:
    """Cut an area in two at the cheapest cut of ``tries`` trees; returns the number of the new area or -1."""
    if plan.area[area].size < 2:
        return -1
    slot, edge, sub = scratch
    k = gather(plan, slot, area, 0)
    best = np.inf
    for turn in range(tries):
        deep = 0.5 if turn % 2 == 1 else 0.0
        if draw_tree(plan.node, plan.link, slot, edge, k, below(chance, k), chance, deep, turn % 4 < 2) < k:
            break
        sum_subtrees(plan, slot, sub, k)
        sum_borders(plan.node, plan.link, slot, k)
        cut, cost = cheapest_cut(plan, scratch, k)
        if cut < 0 or cost >= best:
            continue
        mark_subtree(slot, k, cut)
        if plan.rule[0].looked_up == 1:
            complement(sub, slot[0].order, cut, k)
            cost = slot[cut].value + cost_of_side(plan, ground, scratch, k, 1, cut)
            cost += cost_of_side(plan, ground, scratch, k, 0, k)
        if cost < best:
            best = cost
            for i in range(k):
                slot[i].best_side = slot[i].side
    extra = new_area(plan) if best < np.inf else -1
    if extra >= 0:
        for i in range(k):
            slot[i].side = slot[i].best_side
        assign_sides(plan, slot, k, area, extra)
    release(plan, slot, k)
    if extra >= 0:
        plan.area[area].cost = cost_of_area(plan, ground, area)
        plan.area[extra].cost = cost_of_area(plan, ground, extra)
    return extra


@compiled
def unsplit(plan: Plan, ground: Ground, area: int, extra: int) -> None:
    """Take back a split, unless the parts have moved apart since."""
    adjacent = False
    i = plan.area[extra].first
    while i >= 0:
        adjacent = adjacent or touches(plan.node, plan.link, i, area)
        i = plan.node[i].after
    if adjacent:
        merge_into(plan, area, extra)
        plan.area[area].cost = cost_of_area(plan, ground, area)


@inner
def _is_legal_merged(plan: Plan, ground: Ground, scratch: Scratch, one: int, two: int) -> bool:
    slot, _, sub = scratch
    row = sub.shape[0] - 1
    for c in range(sub.shape[1]):
        sub[row, c] = plan.sums[one, c] + plan.sums[two, c]
    if not within_bounds(plan.column, plan.rule, sub, row):
        return False
    k = gather(plan, slot, two, gather(plan, slot, one, 0))
    good, units = True, 0
    for i in range(k):
        here = slot[i].member
        units = expand(plan.node, ground, here, units)
        for e in range(plan.node[here].hold, plan.node[here].end):
            good = good and plan.node[plan.link[e].to].place < 0
    good = good and walk_fits(ground, units, plan.rule[0].walk_max)
    forget(ground, units)
    release(plan, slot, k)
    return good


@compiled
def merge_if_legal(plan: Plan, ground: Ground, scratch: Scratch, area: int) -> int:
    """Merge an area into the neighbour where that gives a legal area at the least cost; returns it, or -1."""
    best, least = -1, np.inf
    i = plan.area[area].first
    while i >= 0:
        for e in range(plan.node[i].start, plan.node[i].hold):
            other = plan.node[plan.link[e].to].label
            if other >= 0 and other != area and other != best:
                change = merge_cost(plan, scratch.sub, area, other)
                if change < least and _is_legal_merged(plan, ground, scratch, area, other):
                    best, least = other, change
        i = plan.node[i].after
    if best >= 0:
        merge_into(plan, best, area)
        plan.area[best].cost = cost_of_area(plan, ground, best)
    return best


@compiled
def mend_area(plan: Plan, ground: Ground, scratch: Scratch, area: int, tries: int, chance: U8) -> bool:
    """Re-cut an illegal area with random neighbours, never for the worse, until legal or out of tries."""
    for _ in range(tries):
        i = plan.area[area].first
        for _ in range(below(chance, plan.area[area].size)):
            i = plan.node[i].after
        degree = plan.node[i].hold - plan.node[i].start
        if degree == 0:
            continue
        other = plan.node[plan.link[plan.node[i].start + below(chance, degree)].to].label
        if other < 0 or other == area or not recut(plan, ground, scratch, area, other, 0.0, chance):
            continue
        if is_legal(plan, ground, area):
            return True
    return False


@compiled
def give_away(plan: Plan, ground: Ground, scratch: Scratch, area: int) -> int:
    """Hand the nodes of an illegal area to neighbouring legal areas that stay legal; what falls apart becomes
    areas.

    Returns how many nodes found a home. Costs must be refreshed afterwards.
    """
    given = 0
    moved = True
    while moved and plan.area[area].size > 0:
        moved = False
        i = plan.area[area].first
        while i >= 0:
            after = plan.node[i].after
            host = _host(plan, ground, i)
            if host >= 0:
                move_node(plan, i, host)
                plan.area[host].cost = cost_of_area(plan, ground, host)
                given += 1
                moved = True
            i = after
    if given > 0 and plan.area[area].size > 0:
        _fall_apart(plan, scratch, area)
    return given


@inner
def _host(plan: Plan, ground: Ground, i: int) -> int:
    """The neighbouring legal area that takes a node in most cheaply and stays legal, or -1."""
    home = plan.node[i].label
    best, least = -1, np.inf
    for e in range(plan.node[i].start, plan.node[i].hold):
        host = plan.node[plan.link[e].to].label
        if host < 0 or host == home or host == best or not is_legal(plan, ground, host):  # noqa: SIM109
            continue
        before = plan.area[host].cost
        move_node(plan, i, host)
        change = cost_of_area(plan, ground, host) - before
        if change < least and is_legal(plan, ground, host):
            best, least = host, change
        move_node(plan, i, home)
    return best


@inner
def _fall_apart(plan: Plan, scratch: Scratch, area: int) -> None:
    """Make every connected part of a torn area an area of its own; costs must be refreshed afterwards."""
    slot = scratch.slot
    k = gather(plan, slot, area, 0)
    for i in range(k):
        slot[i].side = 0
    clear_area(plan, area)
    number = -1
    for i in range(k):
        if slot[i].side == 1:
            continue
        number = area if number < 0 else new_area(plan)
        slot[0].queue, slot[i].side = i, 1
        head, tail = 0, 1
        while head < tail:
            here = slot[slot[head].queue].member
            add_node(plan, here, number)
            head += 1
            for e in range(plan.node[here].start, plan.node[here].hold):
                j = plan.node[plan.link[e].to].place
                if j >= 0 and slot[j].side == 0:
                    slot[j].side = 1
                    slot[tail].queue = j
                    tail += 1
    release(plan, slot, k)
