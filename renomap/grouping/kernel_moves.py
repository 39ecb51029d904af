"""The search itself: cut two areas anew, move a node across a border, swap two nodes; downhill with some chance uphill."""

from __future__ import annotations

import math

from renomap.grouping.compiled import compiled
from renomap.grouping.kernel_lookup import looked_up_cost
from renomap.grouping.kernel_state import (
    F8,
    I8,
    U8,
    Areas,
    Graph,
    Ground,
    Rules,
    Work,
    add_node,
    below,
    clear_area,
    cost_of_sums,
    drop_node,
    gather,
    release,
    uniform,
)
from renomap.grouping.kernel_trees import cheapest_cut, draw_tree, mark_subtree, sum_borders, sum_subtrees


@compiled
def cost_of_area(rules: Rules, ground: Ground, areas: Areas, work: Work, area: int) -> float:
    """The full cost of an area as it stands."""
    cost = cost_of_sums(rules, areas.sums, area)
    if rules.looked_up:
        k = gather(areas, area, work, 0)
        cost += looked_up_cost(rules, ground, work, work.members, k)
        release(work, k)
    return cost


@compiled
def cost_all(rules: Rules, ground: Ground, areas: Areas, work: Work) -> None:
    """Refresh the cost of every area (after loading or a change of rules)."""
    for area in range(areas.used[0]):
        areas.cost[area] = cost_of_area(rules, ground, areas, work, area) if areas.size[area] > 0 else 0.0


@compiled
def total_cost(graph: Graph, rules: Rules, areas: Areas) -> float:
    """Cost of the whole plan: all areas and all borders, less what parted pairs earn."""
    total = 0.0
    for area in range(areas.used[0]):
        if areas.size[area] > 0:
            total += areas.cost[area]
    for node in range(len(areas.label)):
        for e in range(graph.start[node], graph.start[node + 1]):
            if graph.to[e] > node and areas.label[graph.to[e]] != areas.label[node]:
                total += graph.border[e]
        for e in range(graph.apart_start[node], graph.apart_start[node + 1]):
            if graph.apart_to[e] > node and areas.label[graph.apart_to[e]] != areas.label[node]:
                total -= rules.penalty
    return total


@compiled
def _border_between(graph: Graph, rules: Rules, areas: Areas, work: Work, k: int) -> float:
    """Border cost between the two areas whose nodes are gathered, as they are now."""
    cost = 0.0
    for i in range(k):
        node = work.members[i]
        for e in range(graph.start[node], graph.start[node + 1]):
            other = graph.to[e]
            if work.place[other] > i and areas.label[other] != areas.label[node]:
                cost += graph.border[e]
        for e in range(graph.apart_start[node], graph.apart_start[node + 1]):
            other = graph.apart_to[e]
            if work.place[other] > i and areas.label[other] != areas.label[node]:
                cost -= rules.penalty
    return cost


@compiled
def assign_sides(areas: Areas, features: F8, work: Work, k: int, zero: int, one: int) -> None:
    """Give the gathered nodes of side 0 and 1 to two areas, which are emptied before."""
    clear_area(areas, zero)
    clear_area(areas, one)
    for i in range(k):
        add_node(areas, features, work.members[i], one if work.side[i] == 1 else zero)


@compiled
def _cost_of_side(rules: Rules, ground: Ground, work: Work, k: int, side: int, row: int) -> float:
    """Full cost of one side of a proposed cut, its sums being in ``work.sub[row]``."""
    cost = cost_of_sums(rules, work.sub, row)
    if rules.looked_up:
        n = 0
        for i in range(k):
            if work.side[i] == side:
                work.queue[n] = work.members[i]
                n += 1
        cost += looked_up_cost(rules, ground, work, work.queue, n)
    return cost


@compiled
def recut(
    graph: Graph,
    features: F8,
    ground: Ground,
    rules: Rules,
    areas: Areas,
    work: Work,
    one: int,
    two: int,
    temperature: float,
    chance: U8,
) -> bool:
    """Draw a tree over two adjacent areas and cut it at its cheapest place; keep that if chance allows."""
    k = gather(areas, two, work, gather(areas, one, work, 0))
    accepted = False
    deep = 0.3 if uniform(chance) < 0.5 else 0.0
    if draw_tree(graph, work, k, below(chance, k), chance, deep, True) == k:
        sum_subtrees(features, work, k)
        sum_borders(graph, rules, work, k)
        cut, cost = cheapest_cut(rules, work, k)
        now = areas.cost[one] + areas.cost[two]
        if rules.border or len(graph.apart_to) > 0:
            now += _border_between(graph, rules, areas, work, k)
        # every looked-up cost is >= 0, so a cut that is too dear without it need not be looked up
        allowed = now - temperature * math.log(1.0 - uniform(chance))
        if cut >= 0 and cost <= allowed:
            mark_subtree(work, k, cut)
            root = work.order[0]
            for c in range(work.sub.shape[1]):
                work.sub[k, c] = work.sub[root, c] - work.sub[cut, c]
            cost_one = _cost_of_side(rules, ground, work, k, 1, cut)
            cost_zero = _cost_of_side(rules, ground, work, k, 0, k)
            if work.value[cut] + cost_one + cost_zero <= allowed:
                assign_sides(areas, features, work, k, one, two)
                areas.cost[one], areas.cost[two] = cost_zero, cost_one
                accepted = True
    release(work, k)
    return accepted


@compiled
def holds_without(graph: Graph, areas: Areas, work: Work, node: int) -> bool:
    """Whether the area of a node stays connected without it: its neighbours in the area must reach each other."""
    area = areas.label[node]
    wanted, first = 0, -1
    for e in range(graph.start[node], graph.start[node + 1]):
        if areas.label[graph.to[e]] == area:
            wanted += 1
            first = graph.to[e]
    if wanted <= 1:
        return wanted == 1 or areas.size[area] == 1
    stamp = work.mark[len(work.mark) - 1] + 3
    work.mark[len(work.mark) - 1] = stamp
    for e in range(graph.start[node], graph.start[node + 1]):
        if areas.label[graph.to[e]] == area:
            work.mark[graph.to[e]] = stamp  # to be met
    work.mark[node] = stamp + 1
    work.queue[0] = first
    work.mark[first] = stamp + 1  # met
    head, tail, met = 0, 1, 1
    while head < tail:
        here = work.queue[head]
        head += 1
        for e in range(graph.start[here], graph.start[here + 1]):
            other = graph.to[e]
            if areas.label[other] == area and work.mark[other] != stamp + 1:
                if work.mark[other] == stamp:
                    met += 1
                    if met == wanted:
                        return True
                work.mark[other] = stamp + 1
                work.queue[tail] = other
                tail += 1
    return False


@compiled
def _border_change(graph: Graph, rules: Rules, areas: Areas, node: int, area: int) -> float:
    """What moving a node to another area adds to the border cost."""
    home = areas.label[node]
    change = 0.0
    for e in range(graph.start[node], graph.start[node + 1]):
        label = areas.label[graph.to[e]]
        if label == home:
            change += graph.border[e]
        elif label == area:
            change -= graph.border[e]
    for e in range(graph.apart_start[node], graph.apart_start[node + 1]):
        label = areas.label[graph.apart_to[e]]
        if label == home:
            change -= rules.penalty
        elif label == area:
            change += rules.penalty
    return change


@compiled
def _cost_with_shift(
    rules: Rules, features: F8, areas: Areas, work: Work, area: int, plus: int, minus: int
) -> float:
    """Cost by sums of an area with one node more (``plus``) and one less (``minus``); -1 = none."""
    row = work.sub.shape[0] - 1
    for c in range(features.shape[1]):
        total = areas.sums[area, c]
        if plus >= 0:
            total += features[plus, c]
        if minus >= 0:
            total -= features[minus, c]
        work.sub[row, c] = total
    return cost_of_sums(rules, work.sub, row)


@compiled
def _move(areas: Areas, features: F8, node: int, area: int) -> None:
    drop_node(areas, features, node)
    add_node(areas, features, node, area)


@compiled
def flip(
    graph: Graph,
    features: F8,
    ground: Ground,
    rules: Rules,
    areas: Areas,
    work: Work,
    node: int,
    area: int,
    temperature: float,
    chance: U8,
) -> bool:
    """Move a border node to a neighbouring area if chance allows and its own stays in one piece."""
    home = areas.label[node]
    if areas.size[home] <= 1:
        return False
    border = _border_change(graph, rules, areas, node, area)
    cost_home = _cost_with_shift(rules, features, areas, work, home, -1, node)
    cost_area = _cost_with_shift(rules, features, areas, work, area, node, -1)
    now = areas.cost[home] + areas.cost[area]
    allowed = now - temperature * math.log(1.0 - uniform(chance)) - border
    if cost_home + cost_area > allowed or not holds_without(graph, areas, work, node):
        return False
    _move(areas, features, node, area)
    if rules.looked_up:
        cost_home = cost_of_area(rules, ground, areas, work, home)
        cost_area = cost_of_area(rules, ground, areas, work, area)
        if cost_home + cost_area > allowed:
            _move(areas, features, node, home)
            return False
    areas.cost[home], areas.cost[area] = cost_home, cost_area
    return True


@compiled
def swap(
    graph: Graph,
    features: F8,
    ground: Ground,
    rules: Rules,
    areas: Areas,
    work: Work,
    node: int,
    other: int,
    temperature: float,
    chance: U8,
) -> bool:
    """Exchange two border nodes of two adjacent areas: what flips cannot do where bounds are tight."""
    home, area = areas.label[node], areas.label[other]
    if areas.size[home] <= 1 or areas.size[area] <= 1:
        return False
    now = areas.cost[home] + areas.cost[area]
    allowed = now - temperature * math.log(1.0 - uniform(chance))
    cost_home = _cost_with_shift(rules, features, areas, work, home, other, node)
    cost_area = _cost_with_shift(rules, features, areas, work, area, node, other)
    if not rules.border and cost_home + cost_area > allowed:
        return False
    border = _border_change(graph, rules, areas, node, area)
    if not holds_without(graph, areas, work, node):
        return False
    _move(areas, features, node, area)
    border += _border_change(graph, rules, areas, other, home)
    good = border + cost_home + cost_area <= allowed and _touches(graph, areas, other, home)
    if good and holds_without(graph, areas, work, other):
        _move(areas, features, other, home)
        if rules.looked_up:
            cost_home = cost_of_area(rules, ground, areas, work, home)
            cost_area = cost_of_area(rules, ground, areas, work, area)
        if border + cost_home + cost_area <= allowed:
            areas.cost[home], areas.cost[area] = cost_home, cost_area
            return True
        _move(areas, features, other, area)
    _move(areas, features, node, home)
    return False


@compiled
def _touches(graph: Graph, areas: Areas, node: int, area: int) -> bool:
    for e in range(graph.start[node], graph.start[node + 1]):
        if areas.label[graph.to[e]] == area:
            return True
    return False


@compiled
def _neighbour_area(graph: Graph, areas: Areas, node: int, chance: U8) -> int:
    """A random neighbouring node in another area, or -1."""
    degree = graph.start[node + 1] - graph.start[node]
    if degree == 0 or areas.label[node] < 0:
        return -1
    shift = below(chance, degree)
    for step in range(degree):
        other = graph.to[graph.start[node] + (shift + step) % degree]
        if areas.label[other] >= 0 and areas.label[other] != areas.label[node]:
            return int(other)
    return -1


@compiled
def anneal(
    graph: Graph,
    features: F8,
    ground: Ground,
    rules: Rules,
    areas: Areas,
    work: Work,
    chance: U8,
    progress: I8,
    steps: int,
    total: int,
    hot: float,
    flips: int,
) -> None:
    """``steps`` further steps of ``total``: in each one recut and some flips, cooling from ``hot`` to nothing.

    ``progress[0]`` counts the steps done over all calls, so the result does not depend on how the work is cut
    into calls. The temperature falls quadratically and is 0 for the last tenth.
    """
    n = len(areas.label)
    for _ in range(steps):
        left = max(0.0, 1.0 - progress[0] / (0.9 * total))
        temperature = hot * left * left
        progress[0] += 1
        for turn in range(flips + 1):
            node = below(chance, n)
            other = _neighbour_area(graph, areas, node, chance)
            if other < 0:
                continue
            if turn == flips:
                recut(
                    graph,
                    features,
                    ground,
                    rules,
                    areas,
                    work,
                    areas.label[node],
                    areas.label[other],
                    temperature,
                    chance,
                )
            elif turn % 4 == 3:
                partner = _random_member_at(
                    graph, areas, areas.label[other], areas.label[node], other, chance
                )
                swap(graph, features, ground, rules, areas, work, node, partner, temperature, chance)
            else:
                flip(
                    graph, features, ground, rules, areas, work, node, areas.label[other], temperature, chance
                )


@compiled
def _random_member_at(graph: Graph, areas: Areas, area: int, home: int, start: int, chance: U8) -> int:
    """A node of ``area`` near its border with ``home``: a few random steps inside it from ``start``."""
    here = start
    for _ in range(3):
        degree = graph.start[here + 1] - graph.start[here]
        other = graph.to[graph.start[here] + below(chance, degree)]
        if areas.label[other] == area:
            here = other
            if uniform(chance) < 0.5 and _touches(graph, areas, here, home):
                break
    return int(here)


@compiled
def typical_rise(
    graph: Graph, features: F8, rules: Rules, areas: Areas, work: Work, chance: U8, tries: int
) -> float:
    """The mean rise in cost of random flips that break no bound: the yardstick of the temperature."""
    n = len(areas.label)
    total, count = 0.0, 0
    for _ in range(tries):
        node = below(chance, n)
        other = _neighbour_area(graph, areas, node, chance)
        if other < 0 or areas.size[areas.label[node]] <= 1:
            continue
        home, area = areas.label[node], areas.label[other]
        rise = _border_change(graph, rules, areas, node, area)
        rise += _cost_with_shift(rules, features, areas, work, home, -1, node)
        rise += _cost_with_shift(rules, features, areas, work, area, node, -1)
        rise -= cost_of_sums(rules, areas.sums, home) + cost_of_sums(rules, areas.sums, area)
        if 0.0 < rise < 0.01 * rules.penalty:
            total += rise
            count += 1
    return total / count if count > 0 else 0.0


@compiled
def unhappy(rules: Rules, areas: Areas) -> int:
    """How many areas carry a penalty."""
    count = 0
    for area in range(areas.used[0]):
        if areas.size[area] > 0 and areas.cost[area] >= 0.001 * rules.penalty:
            count += 1
    return count
