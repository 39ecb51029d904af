"""First plans.

A tree with few branches cut from its leaves, excess carried from area to area, like merged with like.
"""

from __future__ import annotations

import numpy as np

from renomap.compiled.decorators import compiled, inner
from renomap.grouping.kernels.moves import assign_sides, holds_without, touches
from renomap.grouping.kernels.state import (
    F8,
    I4,
    I8,
    TOLERANCE,
    U8,
    Plan,
    Records,
    Scratch,
    above_lower,
    add_node,
    below,
    clear_area,
    cost_of_sums,
    gather,
    move_node,
    new_area,
    release,
)
from renomap.grouping.kernels.trees import closest_cut, draw_tree, mark_subtree, sum_subtrees


@compiled
def long_tree(
    node: Records, link: Records, roots: I4, order: I4, parent: I4, free: I4, progress: I8, steps: int
) -> None:
    """Depth-first tree of every piece that always steps to the neighbour with the fewest unvisited
    neighbours.

    Such a tree has few branches, and a tree with few branches is cut with little waste. Resumable:
    ``progress`` holds the nodes ordered, the next root, and the node the walk stands at (-1 = take the next
    root). ``free`` starts as the degrees and ends as -1 for every visited node.
    """
    ordered, next_root, here = progress[0], progress[1], progress[2]
    for _ in range(steps):
        best, least = -1, np.iinfo(np.int32).max
        if here < 0:
            if next_root >= len(roots):
                break
            best = roots[next_root]
            next_root += 1
        else:
            for e in range(node[here].start, node[here].hold):
                other = link[e].to
                if 0 <= free[other] < least:
                    best, least = other, free[other]
        if best < 0:
            here = parent[here]
            continue
        parent[best] = here
        here = best
        free[here] = -1
        order[ordered] = here
        ordered += 1
        for e in range(node[here].start, node[here].hold):
            if free[link[e].to] > 0:
                free[link[e].to] -= 1
    progress[0], progress[1], progress[2] = ordered, next_root, here


@inner
def _is_enough(plan: Plan, sums: F8, i: int, goal: float) -> bool:
    """Whether the subtree of a node reaches the goal of the lead and all lower bounds."""
    enough: bool = sums[i, plan.rule[0].lead] >= goal
    for c in range(plan.rule[0].capacities):
        enough = enough and sums[i, c] >= plan.column[c].lower
    return enough


@compiled
def cut_tree(plan: Plan, order: I4, parent: I4, piece: I4, goal: F8, sums: F8, label: I4, found: I4) -> int:
    """Cut a forest from its leaves as soon as a subtree reaches ``goal[piece]`` of the lead and all lower
    bounds.

    On a tree and with lower bounds only this gives the largest number of parts. Fills ``label`` (what is
    left over at a root joins a part cut below it) and ``found`` (parts per piece); returns the number of
    parts.
    """
    sums[:, :] = plan.features[:, : plan.rule[0].capacities]
    found[:] = 0
    parts = 0
    for at in range(len(order) - 1, -1, -1):
        i = order[at]
        label[i] = -1
        if _is_enough(plan, sums, i, goal[piece[i]]):
            label[i] = parts
            parts += 1
            found[piece[i]] += 1
        elif parent[i] >= 0:
            for c in range(plan.rule[0].capacities):
                sums[parent[i], c] += sums[i, c]
    for at in range(len(order)):
        i = order[at]
        if label[i] < 0 and parent[i] >= 0:
            label[i] = label[parent[i]]
    for at in range(len(order) - 1, -1, -1):  # what is left over at a root is given to parts below it
        i = order[at]
        if label[i] >= 0 and parent[i] >= 0 and label[parent[i]] < 0:
            label[parent[i]] = label[i]
    for at in range(len(order)):
        i = order[at]
        if label[i] < 0 and parent[i] >= 0:
            label[i] = label[parent[i]]
        elif label[i] < 0:  # a piece that reaches no goal becomes one part
            label[i] = parts
            parts += 1
            found[piece[i]] += 1
    return parts


@compiled
def rank_areas(plan: Plan, roots: I4, area_rank: I4, area_order: I4, seen: I4) -> int:
    """Breadth-first order of the areas from the areas of some root nodes; returns how many were reached.

    ``area_rank`` gets the distance in areas from the root's, ``area_order`` the areas from near to far.
    """
    node, link = plan.node, plan.link
    area_rank[: plan.rule[0].used] = -1
    seen[: plan.rule[0].used] = 0
    count = 0
    for r in range(len(roots)):
        area = node[roots[r]].label
        if area >= 0 and area_rank[area] < 0:
            area_rank[area] = 0
            area_order[count] = area
            count += 1
    head = 0
    while head < count:
        area = area_order[head]
        head += 1
        i = plan.area[area].first
        while i >= 0:
            for e in range(node[i].start, node[i].hold):
                other = node[link[e].to].label
                if other >= 0 and area_rank[other] < 0:
                    area_rank[other] = area_rank[area] + 1
                    area_order[count] = other
                    count += 1
            i = node[i].after
    return count


@inner
def _way_on(plan: Plan, area: int, skip: int, area_rank: I4, seen: I4) -> tuple[int, int]:
    """The adjacent area nearest to the root not served yet, and a node of ``area`` that touches it."""
    node, link = plan.node, plan.link
    best, gate, least = -1, -1, np.iinfo(np.int32).max
    i = plan.area[area].first
    while i >= 0:
        for e in range(node[i].start, node[i].hold):
            other = node[link[e].to].label
            if other < 0 or other == area or other == skip:  # noqa: SIM109
                continue
            if seen[other] == 1:
                continue
            if area_rank[other] < least:
                best, gate, least = other, i, area_rank[other]
        i = node[i].after
    return best, gate


@inner
def _hand_on(
    plan: Plan, scratch: Scratch, chance: U8, area: int, near: int, gate: int, goal: float, most: bool
) -> None:
    """Cut two adjacent areas anew so that ``area`` comes close to a goal and ``near``, keeping its gate,
    takes
    the rest.

    The tree is drawn from the gate, a node that touches the way on, so that the rest can hand on in its turn.
    """
    slot, edge, sub = scratch
    k = gather(plan, slot, near, gather(plan, slot, area, 0))
    root = plan.node[gate].place if gate >= 0 else below(chance, k)
    deep = 0.7 if below(chance, 2) == 0 else 0.0
    if draw_tree(plan.node, plan.link, slot, edge, k, root, chance, deep, False) == k:
        sum_subtrees(plan, slot, sub, k)
        cut, distance = closest_cut(plan, scratch, k, goal, most)
        if cut >= 0 and distance <= abs(plan.sums[area, plan.rule[0].lead] - goal):
            mark_subtree(slot, k, cut)
            assign_sides(plan, slot, k, near, area)
    release(plan, slot, k)


@inner
def _best_exchange(plan: Plan, area: int, near: int, gate: int, limit: float) -> tuple[float, int, int]:
    """The exchange that takes most of the lead from an area, up to a limit.

    Returns how much, the node given to ``near``, and the node taken for it (-1 none); the node given is -1
    where there is no exchange.
    """
    node, link, lead = plan.node, plan.link, plan.rule[0].lead
    best, give, take = 0.0, -1, -1
    i = plan.area[area].first
    while i >= 0:
        if plan.features[i, lead] > best and touches(node, link, i, near):
            if plan.features[i, lead] <= limit:
                best, give, take = plan.features[i, lead], i, -1
            for e in range(node[i].start, node[i].hold):
                j = link[e].to
                gain = plan.features[i, lead] - plan.features[j, lead]
                if node[j].label == near and j != gate and best < gain <= limit:
                    best, give, take = gain, i, j
        i = node[i].after
    return best, give, take


@inner
def _trim(plan: Plan, scratch: Scratch, area: int, near: int, gate: int, goal: float) -> None:
    """Bring an area closer to the goal by its best exchange with ``near``: a node given, or one for a smaller
    one.

    Finer than any cut of a tree; tried on the three most promising exchanges.
    """
    node, link = plan.node, plan.link
    excess = plan.sums[area, plan.rule[0].lead] - goal
    limit = excess + TOLERANCE
    for _ in range(3):
        best, give, take = _best_exchange(plan, area, near, gate, limit)
        if give < 0 or plan.area[area].size < 2:
            return
        limit = best - TOLERANCE  # if this one fails, only smaller ones are left
        if not holds_without(node, link, plan.rule, scratch.slot, give):
            continue
        move_node(plan, give, near)
        if take < 0:
            if above_lower(plan.column, plan.rule, plan.sums, area):
                return
        elif touches(node, link, take, area) and holds_without(node, link, plan.rule, scratch.slot, take):
            move_node(plan, take, area)
            reached = above_lower(plan.column, plan.rule, plan.sums, area)
            if reached and above_lower(plan.column, plan.rule, plan.sums, near):
                return
            move_node(plan, take, near)
        move_node(plan, give, area)


@compiled
def carry(
    plan: Plan,
    scratch: Scratch,
    chance: U8,
    area_rank: I4,
    area_order: I4,
    seen: I4,
    start: int,
    stop: int,
    goal: float,
) -> int:
    """Carry excess towards the roots: serve areas ``stop-1`` down to ``start`` of ``area_order``; returns
    areas gained.

    Each area keeps as little above ``goal`` as a random tree allows and hands the rest to one nearer to the
    root; where two goals have come together, another area is cut off.
    """
    gained, lead = 0, plan.rule[0].lead
    for at in range(stop - 1, start - 1, -1):
        area = area_order[at]
        seen[area] = 1
        near, _ = _way_on(plan, area, -1, area_rank, seen)
        if near < 0:
            continue
        _, gate = _way_on(plan, near, area, area_rank, seen)
        _hand_on(plan, scratch, chance, area, near, gate, goal, True)
        if plan.sums[area, lead] > goal:
            _trim(plan, scratch, area, near, gate, goal)
        if plan.sums[near, lead] >= 2.0 * goal:
            gained += _peel(plan, scratch, chance, near, gate, area_rank, seen, goal)
    return gained


@compiled
def level(
    plan: Plan,
    scratch: Scratch,
    chance: U8,
    area_rank: I4,
    area_order: I4,
    seen: I4,
    start: int,
    stop: int,
    piece: I4,
    left: F8,
) -> None:
    """Level the areas of each piece: serve areas ``stop-1`` down to ``start``, each aiming at the mean of
    those not yet served.

    ``left[piece]`` holds the lead capacity and the number of areas still to be served, so that errors do
    not add up.
    """
    lead = plan.rule[0].lead
    for at in range(stop - 1, start - 1, -1):
        area = area_order[at]
        seen[area] = 1
        here = piece[plan.area[area].first]
        near, _ = _way_on(plan, area, -1, area_rank, seen)
        if near >= 0:
            _, gate = _way_on(plan, near, area, area_rank, seen)
            _hand_on(plan, scratch, chance, area, near, gate, left[here, 0] / left[here, 1], False)
        left[here, 0] -= plan.sums[area, lead]
        left[here, 1] -= 1.0


@inner
def _peel(
    plan: Plan, scratch: Scratch, chance: U8, area: int, gate: int, area_rank: I4, seen: I4, goal: float
) -> int:
    """Cut further areas off one that holds twice the goal; tries three trees for each.

    Returns areas gained.
    """
    gained, tries = 0, 0
    slot, edge, sub = scratch
    while plan.sums[area, plan.rule[0].lead] >= 2.0 * goal and tries < 3:
        k = gather(plan, slot, area, 0)
        root = plan.node[gate].place if gate >= 0 and plan.node[gate].place >= 0 else below(chance, k)
        deep = 0.7 if tries != 1 else 0.0
        tries += 1
        if draw_tree(plan.node, plan.link, slot, edge, k, root, chance, deep, False) == k:
            sum_subtrees(plan, slot, sub, k)
            cut, _ = closest_cut(plan, scratch, k, goal, True)
            extra = new_area(plan) if cut >= 0 else -1
            if extra >= 0:
                mark_subtree(slot, k, cut)
                assign_sides(plan, slot, k, area, extra)
                area_rank[extra] = area_rank[area] + 1
                seen[extra] = 1
                gained += 1
                tries = 0
        release(plan, slot, k)
    return gained


@inner
def merge_cost(plan: Plan, sub: F8, one: int, two: int) -> float:
    """What merging two adjacent areas adds to the cost by sums and borders."""
    node, link = plan.node, plan.link
    row = sub.shape[0] - 1
    for c in range(sub.shape[1]):
        sub[row, c] = plan.sums[one, c] + plan.sums[two, c]
    change = cost_of_sums(plan.column, plan.rule, sub, row)
    change -= cost_of_sums(plan.column, plan.rule, plan.sums, one)
    change -= cost_of_sums(plan.column, plan.rule, plan.sums, two)
    if plan.rule[0].border == 1:
        small, large = (one, two) if plan.area[one].size <= plan.area[two].size else (two, one)
        i = plan.area[small].first
        while i >= 0:
            for e in range(node[i].start, node[i].end):
                if node[link[e].to].label == large:
                    change -= link[e].border
            i = node[i].after
    return change


@inner
def _best_partner(plan: Plan, sub: F8, area: int) -> tuple[int, float]:
    """The adjacent area that is cheapest to merge with, and the change in cost; -1 where there is none."""
    node, link = plan.node, plan.link
    best, least, last = -1, np.inf, -1
    i = plan.area[area].first
    while i >= 0:
        for e in range(node[i].start, node[i].hold):
            other = node[link[e].to].label
            if other >= 0 and other != area and other != last and other != best:
                last = other
                change = merge_cost(plan, sub, area, other)
                if change < least or (change == least and other < best):
                    best, least = other, change
        i = node[i].after
    return best, least


@inner
def merge_into(plan: Plan, one: int, two: int) -> None:
    """Add all nodes of area ``two`` to area ``one``; ``two`` becomes empty. The cost is not refreshed."""
    i = plan.area[two].first
    while i >= 0:
        after = plan.node[i].after
        add_node(plan, i, one)
        i = after
    clear_area(plan, two)


@compiled
def merge_down(plan: Plan, sub: F8, piece: I4, excess: I4, partner: I4, change: F8, steps: int) -> int:
    """Merge the cheapest pair of adjacent areas in every piece with an ``excess`` of areas, ``steps`` times
    at
    most.

    Ward's rule under the costs of this problem. ``partner`` and ``change`` remember the best partner of
    every area (-2 = to be looked up) between calls. Returns the merges done.
    """
    node, link, area_of = plan.node, plan.link, plan.area
    for step in range(steps):
        best, least = -1, np.inf
        for area in range(plan.rule[0].used):
            if area_of[area].size == 0 or excess[piece[area_of[area].first]] <= 0:
                continue
            if partner[area] == -2:
                partner[area], change[area] = _best_partner(plan, sub, area)
            if partner[area] >= 0 and change[area] < least:
                best, least = area, change[area]
        if best < 0:
            return step
        excess[piece[area_of[best].first]] -= 1
        merge_into(plan, best, partner[best])
        partner[best] = -2
        i = area_of[best].first
        while i >= 0:
            for e in range(node[i].start, node[i].hold):
                if node[link[e].to].label >= 0:
                    partner[node[link[e].to].label] = -2
            i = node[i].after
    return steps
