"""First plans: a tree with few branches cut from its leaves, excess carried from area to area, areas merged and split."""

from __future__ import annotations

import numpy as np

from renomap.grouping.compiled import compiled
from renomap.grouping.kernel_lookup import expand, longest_walk
from renomap.grouping.kernel_moves import assign_sides, cost_of_area
from renomap.grouping.kernel_state import (
    F8,
    I4,
    I8,
    TOLERANCE,
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
    gather,
    new_area,
    release,
    within_bounds,
)
from renomap.grouping.kernel_trees import (
    cheapest_cut,
    closest_cut,
    draw_tree,
    mark_subtree,
    sum_borders,
    sum_subtrees,
)


@compiled
def long_tree(graph: Graph, roots: I4, order: I4, parent: I4, free: I4, progress: I8, steps: int) -> None:
    """Depth-first tree of every piece that always steps to the neighbour with the fewest unvisited neighbours.

    Such a tree has few branches, and a tree with few branches is cut with little waste. Resumable: ``progress`` holds the nodes
    ordered, the next root, and the node the walk stands at (-1 = take the next root). ``free`` must start as the degrees
    and ends as -1 for every visited node.
    """
    ordered, next_root, here = progress[0], progress[1], progress[2]
    for _ in range(steps):
        if here < 0:
            if next_root >= len(roots):
                break
            here = roots[next_root]
            next_root += 1
            parent[here] = -1
            ordered = _visit(graph, order, free, here, ordered)
            continue
        best, least = -1, np.iinfo(np.int32).max
        for e in range(graph.start[here], graph.start[here + 1]):
            other = graph.to[e]
            if 0 <= free[other] < least:
                best, least = other, free[other]
        if best < 0:
            here = parent[here]
        else:
            parent[best] = here
            here = best
            ordered = _visit(graph, order, free, here, ordered)
    progress[0], progress[1], progress[2] = ordered, next_root, here


@compiled
def _visit(graph: Graph, order: I4, free: I4, node: int, ordered: int) -> int:
    free[node] = -1
    order[ordered] = node
    for e in range(graph.start[node], graph.start[node + 1]):
        if free[graph.to[e]] > 0:
            free[graph.to[e]] -= 1
    return ordered + 1


@compiled
def cut_tree(
    features: F8,
    order: I4,
    parent: I4,
    piece: I4,
    goal: F8,
    lower: F8,
    lead: int,
    sums: F8,
    label: I4,
    found: I4,
) -> int:
    """Cut a forest from its leaves as soon as a subtree reaches ``goal[piece]`` of the lead and all lower bounds.

    On a tree and with lower bounds only this gives the largest number of parts. Fills ``label`` (what is left over at a root
    joins the part cut last below it) and ``found`` (parts per piece); returns the number of parts.
    """
    columns = len(lower)
    for at in range(len(order)):
        node = order[at]
        for c in range(columns):
            sums[node, c] = features[node, c]
    found[:] = 0
    parts = 0
    for at in range(len(order) - 1, -1, -1):
        node = order[at]
        enough = sums[node, lead] >= goal[piece[node]] - TOLERANCE
        for c in range(columns):
            enough = enough and sums[node, c] >= lower[c] - TOLERANCE
        if enough:
            label[node] = parts
            parts += 1
            found[piece[node]] += 1
            continue
        label[node] = -1
        if parent[node] >= 0:
            for c in range(columns):
                sums[parent[node], c] += sums[node, c]
    for at in range(len(order)):
        node = order[at]
        if label[node] < 0 and parent[node] >= 0:
            label[node] = label[parent[node]]
    for at in range(
        len(order) - 1, -1, -1
    ):  # left-overs at the roots are connected: one way out serves them all
        node = order[at]
        up = parent[node]
        if label[node] >= 0 and up >= 0 and label[up] < 0:
            label[up] = label[node]
    return _flood_left_over(order, parent, piece, label, found, parts)


@compiled
def _flood_left_over(order: I4, parent: I4, piece: I4, label: I4, found: I4, parts: int) -> int:
    """Label the rest of each root's left-over like the root; a piece without any part becomes one part."""
    for at in range(len(order)):
        node = order[at]
        if label[node] >= 0:
            continue
        if parent[node] < 0:
            label[node] = parts
            parts += 1
            found[piece[node]] += 1
        else:
            label[node] = label[parent[node]]
    return parts


@compiled
def rank_areas(
    graph: Graph, areas: Areas, work: Work, roots: I4, area_rank: I4, area_order: I4, seen: I4
) -> int:
    """Breadth-first order of the areas from the areas of some root nodes; returns how many were reached.

    ``area_rank`` gets the distance in areas from the root's, ``area_order`` the areas from near to far.
    """
    area_rank[: areas.used[0]] = -1
    seen[: areas.used[0]] = 0
    count = 0
    for r in range(len(roots)):
        area = areas.label[roots[r]]
        if area >= 0 and area_rank[area] < 0:
            area_rank[area] = 0
            area_order[count] = area
            count += 1
    head = 0
    while head < count:
        area = area_order[head]
        head += 1
        node = areas.first[area]
        while node >= 0:
            for e in range(graph.start[node], graph.start[node + 1]):
                other = areas.label[graph.to[e]]
                if other >= 0 and area_rank[other] < 0:
                    area_rank[other] = area_rank[area] + 1
                    area_order[count] = other
                    count += 1
            node = areas.after[node]
    return count


@compiled
def _nearer_area(
    graph: Graph, areas: Areas, area: int, skip: int, area_rank: I4, seen: I4
) -> tuple[int, int]:
    """The adjacent area nearest to the root that is still to be served, and a node of ``area`` that touches it."""
    best, gate, least = -1, -1, np.iinfo(np.int32).max
    node = areas.first[area]
    while node >= 0:
        for e in range(graph.start[node], graph.start[node + 1]):
            other = areas.label[graph.to[e]]
            if (
                other >= 0
                and other != area
                and other != skip
                and seen[other] == 0
                and area_rank[other] < least
            ):
                best, gate, least = other, node, area_rank[other]
        node = areas.after[node]
    return best, gate


@compiled
def carry(
    graph: Graph,
    features: F8,
    rules: Rules,
    areas: Areas,
    work: Work,
    chance: U8,
    area_rank: I4,
    area_order: I4,
    seen: I4,
    start: int,
    stop: int,
    goal: float,
    most: bool,
) -> int:
    """Carry excess towards the roots: serve areas ``stop-1`` down to ``start`` of ``area_order``; returns areas gained.

    Each is joined with an area nearer to the root, a random tree is drawn from a node of that one which touches the way
    on, and the subtree closest to ``goal`` stays behind; the rest, which can still hand on, takes the excess. ``most``: a
    rest of twice the goal is cut into more areas. Otherwise the count stays (exact number of areas).
    """
    gained = 0
    for at in range(stop - 1, start - 1, -1):
        area = area_order[at]
        seen[area] = 1
        if areas.size[area] == 0:
            continue
        near, _ = _nearer_area(graph, areas, area, -1, area_rank, seen)
        if near < 0:
            continue
        _, gate = _nearer_area(graph, areas, near, area, area_rank, seen)
        if most and areas.sums[area, rules.lead] + areas.sums[near, rules.lead] < 2.0 * goal - TOLERANCE:
            continue
        k = gather(areas, near, work, gather(areas, area, work, 0))
        root = work.place[gate] if gate >= 0 else below(chance, k)
        deep = 0.7 if below(chance, 2) == 0 else 0.0
        if draw_tree(graph, work, k, root, chance, deep, False) == k:
            sum_subtrees(features, work, k)
            cut, distance = closest_cut(rules, work, k, goal, most)
            if cut >= 0 and (distance <= abs(areas.sums[area, rules.lead] - goal) or not most):
                mark_subtree(work, k, cut)
                assign_sides(areas, features, work, k, near, area)
        release(work, k)
        if most:
            gained += _peel(graph, features, rules, areas, work, chance, near, gate, area_rank, seen, goal)
    return gained


@compiled
def _peel(
    graph: Graph,
    features: F8,
    rules: Rules,
    areas: Areas,
    work: Work,
    chance: U8,
    area: int,
    gate: int,
    area_rank: I4,
    seen: I4,
    goal: float,
) -> int:
    """Cut further areas off one that holds twice the goal; tries three trees each; returns areas gained."""
    gained, tries = 0, 0
    while areas.sums[area, rules.lead] >= 2.0 * goal - TOLERANCE and tries < 3:
        k = gather(areas, area, work, 0)
        root = work.place[gate] if gate >= 0 and work.place[gate] >= 0 else below(chance, k)
        deep = 0.7 if tries != 1 else 0.0
        if draw_tree(graph, work, k, root, chance, deep, False) == k:
            sum_subtrees(features, work, k)
            cut, _ = closest_cut(rules, work, k, goal, True)
            extra = new_area(areas) if cut >= 0 else -1
            if extra >= 0:
                mark_subtree(work, k, cut)
                assign_sides(areas, features, work, k, area, extra)
                area_rank[extra] = area_rank[area] + 1
                seen[extra] = 1
                gained += 1
                tries = -1
        release(work, k)
        tries += 1
    return gained


@compiled
def split_area(
    graph: Graph,
    features: F8,
    ground: Ground,
    rules: Rules,
    areas: Areas,
    work: Work,
    area: int,
    tries: int,
    chance: U8,
) -> int:
    """Cut an area in two at the cheapest of ``tries`` trees; returns the number of the new area or -1."""
    if areas.size[area] < 2:
        return -1
    k = gather(areas, area, work, 0)
    best = np.inf
    for turn in range(tries):
        if draw_tree(graph, work, k, below(chance, k), chance, 0.5 if turn % 2 else 0.0, True) < k:
            break
        sum_subtrees(features, work, k)
        sum_borders(graph, rules, work, k)
        cut, cost = cheapest_cut(rules, work, k)
        if cost < best:
            best = cost
            mark_subtree(work, k, cut)
            work.queue[:k] = work.side[:k]
    extra = new_area(areas) if best < np.inf else -1
    if extra >= 0:
        work.side[:k] = work.queue[:k]
        assign_sides(areas, features, work, k, area, extra)
    release(work, k)
    if extra >= 0:
        areas.cost[area] = cost_of_area(rules, ground, areas, work, area)
        areas.cost[extra] = cost_of_area(rules, ground, areas, work, extra)
    return extra


@compiled
def merge_cost(graph: Graph, rules: Rules, areas: Areas, work: Work, one: int, two: int) -> float:
    """What merging two adjacent areas adds to the cost by sums and borders."""
    row = work.sub.shape[0] - 1
    for c in range(areas.sums.shape[1]):
        work.sub[row, c] = areas.sums[one, c] + areas.sums[two, c]
    change = (
        cost_of_sums(rules, work.sub, row)
        - cost_of_sums(rules, areas.sums, one)
        - cost_of_sums(rules, areas.sums, two)
    )
    small, large = (one, two) if areas.size[one] <= areas.size[two] else (two, one)
    node = areas.first[small]
    while node >= 0:
        for e in range(graph.start[node], graph.start[node + 1]):
            if areas.label[graph.to[e]] == large:
                change -= graph.border[e]
        for e in range(graph.apart_start[node], graph.apart_start[node + 1]):
            if areas.label[graph.apart_to[e]] == large:
                change += rules.penalty
        node = areas.after[node]
    return change


@compiled
def best_partner(graph: Graph, rules: Rules, areas: Areas, work: Work, area: int) -> tuple[int, float]:
    """The adjacent area that is cheapest to merge with, and the change in cost; -1 where there is none."""
    best, least = -1, np.inf
    last = -1
    node = areas.first[area]
    while node >= 0:
        for e in range(graph.start[node], graph.start[node + 1]):
            other = areas.label[graph.to[e]]
            if other >= 0 and other != area and other != last and other != best:
                last = other
                change = merge_cost(graph, rules, areas, work, area, other)
                if change < least or (change == least and other < best):
                    best, least = other, change
        node = areas.after[node]
    return best, least


@compiled
def merge_into(areas: Areas, features: F8, one: int, two: int) -> None:
    """Add all nodes of area ``two`` to area ``one``; ``two`` becomes empty."""
    node = areas.first[two]
    while node >= 0:
        after = areas.after[node]
        add_node(areas, features, node, one)
        node = after
    clear_area(areas, two)


@compiled
def merge_down(
    graph: Graph,
    features: F8,
    rules: Rules,
    areas: Areas,
    work: Work,
    piece: I4,
    excess: I4,
    partner: I4,
    change: F8,
    steps: int,
) -> int:
    """Merge the cheapest pair of adjacent areas in every piece with an ``excess`` of areas, ``steps`` times at most.

    Ward's rule under the costs of this problem. ``partner`` and ``change`` remember the best partner of every area
    (-2 = to be looked up) between calls. Returns the merges done; 0 = nothing left to do.
    """
    for step in range(steps):
        best, least = -1, np.inf
        for area in range(areas.used[0]):
            if areas.size[area] == 0 or excess[piece[areas.first[area]]] <= 0:
                continue
            if partner[area] == -2:
                partner[area], change[area] = best_partner(graph, rules, areas, work, area)
            if partner[area] >= 0 and change[area] < least:
                best, least = area, change[area]
        if best < 0:
            return step
        other = partner[best]
        excess[piece[areas.first[best]]] -= 1
        merge_into(areas, features, best, other)
        partner[best] = -2
        node = areas.first[best]
        while node >= 0:
            for e in range(graph.start[node], graph.start[node + 1]):
                if areas.label[graph.to[e]] >= 0:
                    partner[areas.label[graph.to[e]]] = -2
            node = areas.after[node]
    return steps


@compiled
def is_legal(rules: Rules, ground: Ground, areas: Areas, work: Work, area: int) -> bool:
    """Whether an area keeps its bounds and the longest walk."""
    if not within_bounds(rules, areas.sums, area):
        return False
    if rules.walk_max == np.inf:
        return True
    k = gather(areas, area, work, 0)
    units = expand(ground, work, work.members, k)
    release(work, k)
    walk = longest_walk(ground, work, units, rules.walk_max)
    for i in range(units):
        work.unit_place[work.units[i]] = -1
    return walk <= rules.walk_max + TOLERANCE


@compiled
def legality(rules: Rules, ground: Ground, areas: Areas, work: Work, legal: I4) -> int:
    """``legal[area]`` = 1 or 0 for every area that exists (-1 for the others); returns the number of illegal ones."""
    count = 0
    for area in range(areas.used[0]):
        legal[area] = -1
        if areas.size[area] > 0:
            legal[area] = 1 if is_legal(rules, ground, areas, work, area) else 0
            count += 1 - legal[area]
    return count
