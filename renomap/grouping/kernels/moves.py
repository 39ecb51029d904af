"""The search itself: cut two areas anew, move a node across a border, swap two nodes.

Downhill with some chance uphill.
"""

from __future__ import annotations

import math

from renomap.compiled.decorators import compiled, inner
from renomap.grouping.kernels.lookup import expand, forget, looked_up_cost
from renomap.grouping.kernels.state import (
    F8,
    I4,
    I8,
    U8,
    Ground,
    Plan,
    Records,
    Scratch,
    add_node,
    below,
    clear_area,
    cost_of_sums,
    gather,
    move_node,
    release,
    uniform,
)
from renomap.grouping.kernels.trees import (
    cheapest_cut,
    complement,
    draw_tree,
    mark_subtree,
    sum_borders,
    sum_subtrees,
)


@inner
def cost_of_area(plan: Plan, ground: Ground, area: int) -> float:
    """The full cost of an area as it stands."""
    cost = cost_of_sums(plan.column, plan.rule, plan.sums, area)
    if plan.rule[0].looked_up == 1:
        k = 0
        i = plan.area[area].first
        while i >= 0:
            k = expand(plan.node, ground, i, k)
            i = plan.node[i].after
        cost += looked_up_cost(plan.rule, ground, k)
        forget(ground, k)
    return cost


@compiled
def cost_all(plan: Plan, ground: Ground) -> None:
    """Refresh the cost of every area (after loading, or after work that does not keep count)."""
    for area in range(plan.rule[0].used):
        plan.area[area].cost = cost_of_area(plan, ground, area) if plan.area[area].size > 0 else 0.0


@compiled
def standing(plan: Plan, piece: I4, legal: I4, cost: F8, areas: I4, outside: I4) -> None:
    """Per piece: cost of areas and borders (less what parted pairs earn), legal areas, nodes in others."""
    cost[:], areas[:], outside[:] = 0.0, 0, 0
    for area in range(plan.rule[0].used):
        if plan.area[area].size > 0:
            here = piece[plan.area[area].first]
            cost[here] += plan.area[area].cost
            if legal[area] == 1:
                areas[here] += 1
            else:
                outside[here] += plan.area[area].size
    for i in range(len(plan.node)):
        for e in range(plan.node[i].start, plan.node[i].end):
            other = plan.link[e].to
            if other > i and plan.node[other].label != plan.node[i].label:
                cost[piece[i]] += plan.link[e].border


@inner
def _border_between(node: Records, link: Records, slot: Records, k: int) -> float:
    """Border cost between the two areas whose nodes are at hand, as they are now."""
    cost = 0.0
    for i in range(k):
        here = node[slot[i].member]
        for e in range(here.start, here.end):
            other = node[link[e].to]
            if other.place > i and other.label != here.label:
                cost += link[e].border
    return cost


@inner
def assign_sides(plan: Plan, slot: Records, k: int, zero: int, one: int) -> None:
    """Give the nodes at hand of side 0 and 1 to two areas, which are emptied before."""
    clear_area(plan, zero)
    clear_area(plan, one)
    for i in range(k):
        add_node(plan, slot[i].member, one if slot[i].side == 1 else zero)


@inner
def cost_of_side(plan: Plan, ground: Ground, scratch: Scratch, k: int, side: int, row: int) -> float:
    """Full cost of one side of a proposed cut, its sums being in ``sub[row]``."""
    cost = cost_of_sums(plan.column, plan.rule, scratch.sub, row)
    if plan.rule[0].looked_up == 1:
        units = 0
        for i in range(k):
            if scratch.slot[i].side == side:
                units = expand(plan.node, ground, scratch.slot[i].member, units)
        cost += looked_up_cost(plan.rule, ground, units)
        forget(ground, units)
    return cost


@inner
def recut(
    plan: Plan, ground: Ground, scratch: Scratch, one: int, two: int, temperature: float, chance: U8
) -> bool:
    """Draw a tree over two adjacent areas and cut it at its cheapest place; keep that if chance allows."""
    slot, edge, sub = scratch
    k = gather(plan, slot, two, gather(plan, slot, one, 0))
    accepted = False
    deep = 0.3 if uniform(chance) < 0.5 else 0.0
    if draw_tree(plan.node, plan.link, slot, edge, k, below(chance, k), chance, deep, True) == k:
        sum_subtrees(plan, slot, sub, k)
        now = plan.area[one].cost + plan.area[two].cost
        if plan.rule[0].border == 1:
            sum_borders(plan.node, plan.link, slot, k)
            now += _border_between(plan.node, plan.link, slot, k)
        else:
            for i in range(k):
                slot[i].value = 0.0
        cut, cost = cheapest_cut(plan, scratch, k)
        # every looked-up cost is >= 0, so a cut that is too dear without it need not be looked up
        allowed = now - temperature * math.log(1.0 - uniform(chance))
        if cut >= 0 and cost <= allowed:
            mark_subtree(slot, k, cut)
            complement(sub, slot[0].order, cut, k)
            cost_one = cost_of_side(plan, ground, scratch, k, 1, cut)
            cost_zero = cost_of_side(plan, ground, scratch, k, 0, k)
            if slot[cut].value + cost_one + cost_zero <= allowed:
                assign_sides(plan, slot, k, one, two)
                plan.area[one].cost, plan.area[two].cost = cost_zero, cost_one
                accepted = True
    release(plan, slot, k)
    return accepted


@inner
def holds_without(node: Records, link: Records, rule: Records, slot: Records, i: int) -> bool:
    """Whether the area of a node stays connected without it.

    Its neighbours in the area must reach each other.
    """
    area = node[i].label
    wanted, first = 0, -1
    for e in range(node[i].start, node[i].hold):
        if node[link[e].to].label == area:
            wanted += 1
            first = link[e].to
    if wanted <= 1:
        return True
    rule[0].mark += 2
    to_meet, met_mark = rule[0].mark, rule[0].mark + 1
    for e in range(node[i].start, node[i].hold):
        if node[link[e].to].label == area:
            node[link[e].to].mark = to_meet
    node[i].mark = met_mark
    node[first].mark = met_mark
    slot[0].queue = first
    head, tail, met = 0, 1, 1
    while head < tail:
        here = slot[head].queue
        head += 1
        for e in range(node[here].start, node[here].hold):
            other = link[e].to
            if node[other].label == area and node[other].mark != met_mark:
                if node[other].mark == to_meet:
                    met += 1
                    if met == wanted:
                        return True
                node[other].mark = met_mark
                slot[tail].queue = other
                tail += 1
    return False


@inner
def border_change(node: Records, link: Records, i: int, area: int) -> float:
    """What moving a node to another area adds to the border cost."""
    home = node[i].label
    change = 0.0
    for e in range(node[i].start, node[i].end):
        label = node[link[e].to].label
        if label == home:
            change += link[e].border
        elif label == area:
            change -= link[e].border
    return change


@inner
def cost_with_shift(plan: Plan, sub: F8, area: int, plus: int, minus: int) -> float:
    """Cost by sums of an area with one node more (``plus``) and one less (``minus``); -1 = none."""
    row = sub.shape[0] - 1
    for c in range(sub.shape[1]):
        total = plan.sums[area, c]
        if plus >= 0:
            total += plan.features[plus, c]
        if minus >= 0:
            total -= plan.features[minus, c]
        sub[row, c] = total
    return cost_of_sums(plan.column, plan.rule, sub, row)


@inner
def flip(
    plan: Plan, ground: Ground, scratch: Scratch, i: int, area: int, temperature: float, chance: U8
) -> bool:
    """Move a border node to a neighbouring area if chance allows and its own stays in one piece."""
    home = plan.node[i].label
    if plan.area[home].size <= 1:
        return False
    allowed = plan.area[home].cost + plan.area[area].cost - temperature * math.log(1.0 - uniform(chance))
    if plan.rule[0].border == 1:
        allowed -= border_change(plan.node, plan.link, i, area)
    cost_home = cost_with_shift(plan, scratch.sub, home, -1, i)
    if cost_home > allowed:
        return False
    cost_area = cost_with_shift(plan, scratch.sub, area, i, -1)
    if cost_home + cost_area > allowed:
        return False
    if not holds_without(plan.node, plan.link, plan.rule, scratch.slot, i):
        return False
    move_node(plan, i, area)
    if plan.rule[0].looked_up == 1:
        cost_home = cost_of_area(plan, ground, home)
        cost_area = cost_of_area(plan, ground, area)
        if cost_home + cost_area > allowed:
            move_node(plan, i, home)
            return False
    plan.area[home].cost, plan.area[area].cost = cost_home, cost_area
    return True


@inner
def touches(node: Records, link: Records, i: int, area: int) -> bool:
    """Whether a link that holds leads from a node into an area."""
    for e in range(node[i].start, node[i].hold):  # noqa: SIM110 - kernels have no generators
        if node[link[e].to].label == area:
            return True
    return False


@inner
def swap(
    plan: Plan, ground: Ground, scratch: Scratch, i: int, j: int, temperature: float, chance: U8
) -> bool:
    """Exchange two nodes of two adjacent areas: what flips cannot do where bounds are tight."""
    home, area = plan.node[i].label, plan.node[j].label
    if plan.area[home].size <= 1 or plan.area[area].size <= 1:
        return False
    allowed = plan.area[home].cost + plan.area[area].cost - temperature * math.log(1.0 - uniform(chance))
    allowed -= border_change(plan.node, plan.link, i, area)
    cost_home = cost_with_shift(plan, scratch.sub, home, j, i)
    cost_area = cost_with_shift(plan, scratch.sub, area, i, j)
    # moving j home gains at most its whole border, twice
    gain = 0.0
    if plan.rule[0].border == 1:
        for e in range(plan.node[j].start, plan.node[j].hold):
            gain += plan.link[e].border
    if cost_home + cost_area > allowed + 2.0 * gain:
        return False
    if not holds_without(plan.node, plan.link, plan.rule, scratch.slot, i):
        return False
    move_node(plan, i, area)
    if touches(plan.node, plan.link, j, home):
        allowed -= border_change(plan.node, plan.link, j, home)
        fits = cost_home + cost_area <= allowed
        if fits and holds_without(plan.node, plan.link, plan.rule, scratch.slot, j):
            move_node(plan, j, home)
            if plan.rule[0].looked_up == 1:
                cost_home = cost_of_area(plan, ground, home)
                cost_area = cost_of_area(plan, ground, area)
            if cost_home + cost_area <= allowed:
                plan.area[home].cost, plan.area[area].cost = cost_home, cost_area
                return True
            move_node(plan, j, area)
    move_node(plan, i, home)
    return False


@inner
def foreign_neighbour(node: Records, link: Records, i: int, chance: U8) -> int:
    """A random neighbouring node in another area, or -1."""
    degree = node[i].hold - node[i].start
    if degree == 0 or node[i].label < 0:
        return -1
    shift = below(chance, degree)
    for turn in range(degree):
        other = link[node[i].start + (shift + turn) % degree].to
        if node[other].label >= 0 and node[other].label != node[i].label:
            return int(other)
    return -1


@inner
def _partner(node: Records, link: Records, j: int, home: int, chance: U8) -> int:
    """A node of the area of j, a few random steps inside it away, that touches ``home``; else j."""
    here = j
    for _ in range(4):
        other = link[node[here].start + below(chance, node[here].hold - node[here].start)].to
        if node[other].label == node[j].label:
            here = other
            if touches(node, link, here, home) and uniform(chance) < 0.5:
                return int(here)
    return j


@compiled
def anneal(
    plan: Plan,
    ground: Ground,
    scratch: Scratch,
    active: I4,
    chance: U8,
    progress: I8,
    steps: int,
    total: int,
    hot: float,
    flips: int,
) -> None:
    """``steps`` further steps of ``total``: in each one recut and some flips and swaps, cooling from ``hot``
    to nothing.

    ``progress[0]`` counts the steps done over all calls, so the result does not depend on how the work is
    cut into calls. The temperature falls quadratically and is 0 for the last tenth.
    """
    for _ in range(steps):
        left = max(0.0, 1.0 - progress[0] / (0.9 * total))
        temperature = hot * left * left
        progress[0] += 1
        for turn in range(flips + 1):
            i = active[below(chance, len(active))]
            j = foreign_neighbour(plan.node, plan.link, i, chance)
            if j < 0:
                continue
            home, area = plan.node[i].label, plan.node[j].label
            if turn == flips:
                recut(plan, ground, scratch, home, area, temperature, chance)
            elif turn % 4 == 3:
                other = _partner(plan.node, plan.link, j, home, chance)
                swap(plan, ground, scratch, i, other, temperature, chance)
            else:
                flip(plan, ground, scratch, i, area, temperature, chance)


@compiled
def typical_rise(plan: Plan, sub: F8, chance: U8, tries: int) -> float:
    """The mean rise in cost by sums of random flips, bounds apart: the yardstick of the temperature."""
    penalty = plan.rule[0].penalty
    plan.rule[0].penalty = 0.0
    total, count = 0.0, 0
    for _ in range(tries):
        i = below(chance, len(plan.node))
        j = foreign_neighbour(plan.node, plan.link, i, chance)
        if j < 0 or plan.area[plan.node[i].label].size <= 1:
            continue
        home, area = plan.node[i].label, plan.node[j].label
        rise = border_change(plan.node, plan.link, i, area)
        rise += cost_with_shift(plan, sub, home, -1, i) + cost_with_shift(plan, sub, area, i, -1)
        rise -= cost_of_sums(plan.column, plan.rule, plan.sums, home)
        rise -= cost_of_sums(plan.column, plan.rule, plan.sums, area)
        if 0.0 < rise < penalty:
            total += rise
            count += 1
    plan.rule[0].penalty = penalty
    return total / count if count > 0 else 0.0
