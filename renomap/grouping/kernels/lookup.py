"""What an area costs that no sum can tell: links needed, the longest walk, communities, the previous scheme.

Called for the few candidates that the sums let pass, on areas of a few dozen units: O(k) to O(k^3) in the
units.
"""

from __future__ import annotations

import numpy as np

from renomap.compiled.decorators import inner
from renomap.grouping.kernels.state import STEP_OF_BREACH, Ground, Records


@inner
def expand(node: Records, ground: Ground, i: int, k: int) -> int:
    """Append the units of node i to the units at hand from position k; returns the new length."""
    for at in range(node[i].unit, node[i].unit + node[i].units):
        unit = ground.unit[at].of_node
        ground.step[k].unit = unit
        ground.unit[unit].place = k
        k += 1
    return k


@inner
def forget(ground: Ground, k: int) -> None:
    """Forget the units at hand."""
    for i in range(k):
        ground.unit[ground.step[i].unit].place = -1


@inner
def _root(step: Records, i: int) -> int:
    while step[i].group != i:
        step[i].group = step[step[i].group].group
        i = step[i].group
    return i


@inner
def needed_crossings(ground: Ground, k: int) -> float:
    """Cost of the cheapest links that hold the units together: a minimum spanning tree by crossing cost.

    Most links cost nothing, so free links are joined first and the few dear ones are picked by repeated
    search.
    """
    unit, walk, step = ground
    for i in range(k):
        step[i].group = i
    groups = k
    for i in range(k):
        here = step[i].unit
        for e in range(unit[here].start, unit[here].end):
            j = unit[walk[e].to].place
            if j > i and walk[e].crossing <= 0.0:
                p, q = _root(step, i), _root(step, j)
                if p != q:
                    step[q].group = p
                    groups -= 1
    cost = 0.0
    while groups > 1:
        best, best_i, best_j = np.inf, -1, -1
        for i in range(k):
            here = step[i].unit
            for e in range(unit[here].start, unit[here].end):
                j = unit[walk[e].to].place
                if j > i and 0.0 < walk[e].crossing < best and _root(step, i) != _root(step, j):
                    best, best_i, best_j = walk[e].crossing, i, j
        if best_i < 0:
            break
        step[_root(step, best_j)].group = _root(step, best_i)
        groups -= 1
        cost += best
    return cost


@inner
def farthest(ground: Ground, k: int, source: int) -> int:
    """Walking distances from a unit to all others over their links into ``far``; returns the farthest.

    Dijkstra without a heap: areas are small.
    """
    unit, walk, step = ground
    for i in range(k):
        step[i].far = np.inf
        step[i].group = 0
    step[source].far = 0.0
    last = source
    for _ in range(k):
        i, least = -1, np.inf
        for j in range(k):
            if step[j].group == 0 and step[j].far < least:
                i, least = j, step[j].far
        if i < 0:
            break
        step[i].group = 1
        last = i
        here = step[i].unit
        for e in range(unit[here].start, unit[here].end):
            j = unit[walk[e].to].place
            if j >= 0:
                step[j].far = min(step[j].far, least + walk[e].length)
    return last


@inner
def longest_walk(ground: Ground, k: int, limit: float) -> float:
    """The longest shortest path between two of the units; beyond ``limit`` any proof of that is enough.

    No walk from i is longer than that to a unit whose walks are known and the longest from there: most units
    are out of the question after walks from a few (Takes and Kosters 2011).
    """
    step = ground.step
    for i in range(k):
        step[i].most = np.inf
    longest, source = 0.0, 0
    for turn in range(k):
        last = farthest(ground, k, source)
        far = step[last].far
        longest = max(longest, far)
        if longest > limit:
            break
        for i in range(k):
            step[i].most = min(step[i].most, step[i].far + far)
        step[source].most = 0.0
        if turn == 0:
            source = last  # the far end of the first walk tells most
            continue
        for i in range(k):
            if step[i].most > step[source].most:
                source = i
        if step[source].most <= longest:
            break
    return longest


@inner
def walk_fits(ground: Ground, k: int, limit: float) -> bool:
    """Whether no walk is longer than the limit; often proven by the walks from one unit alone."""
    if k <= 1 or limit == np.inf:
        return True
    last = farthest(ground, k, 0)
    if 2.0 * ground.step[last].far <= limit:
        return True
    return ground.step[last].far <= limit and longest_walk(ground, k, limit) <= limit


@inner
def _outside_main(ground: Ground, k: int, previous: bool) -> tuple[float, float]:
    """Weight of the units outside the main community (or the main previous area, each unit 1), and of all."""
    unit, _, step = ground
    total, largest = 0.0, 0.0
    for i in range(k):
        here = step[i].unit
        kind = unit[here].previous if previous else unit[here].community
        weight = 1.0 if previous else unit[here].weight
        total += weight
        if kind >= 0:
            step[kind].tally += weight
            largest = max(largest, step[kind].tally)
    for i in range(k):
        here = step[i].unit
        kind = unit[here].previous if previous else unit[here].community
        if kind >= 0:
            step[kind].tally = 0.0
    return total - largest, total


@inner
def cost_of_walk(rule: Records, walk: float) -> float:
    """What an area with this longest walk costs, the penalty of too long a walk included."""
    r = rule[0]
    cost: float = r.walk_weight * walk
    if walk > r.walk_max:
        cost += r.penalty * (STEP_OF_BREACH + walk / r.walk_max - 1.0)
    return cost


@inner
def cost_of_community(rule: Records, ground: Ground, k: int) -> float:
    """What the share of the units at hand outside their main community costs."""
    if rule[0].community_weight <= 0.0:
        return 0.0
    outside, total = _outside_main(ground, k, False)
    cost: float = rule[0].community_weight * outside / total if total > 0.0 else 0.0
    return cost


@inner
def cost_of_members(rule: Records, ground: Ground, k: int) -> float:
    """What links needed, communities and previous areas of the units at hand cost."""
    r = rule[0]
    cost = cost_of_community(rule, ground, k)
    if r.crossing_weight > 0.0:
        cost += r.crossing_weight * needed_crossings(ground, k)
    if r.stability_weight > 0.0:
        outside, _ = _outside_main(ground, k, True)
        cost += r.stability_weight * outside
    return cost


@inner
def looked_up_cost(rule: Records, ground: Ground, k: int) -> float:
    """The part of the cost of the units at hand that depends on which they are, never negative.

    See ``objective``.
    """
    cost = cost_of_members(rule, ground, k)
    if rule[0].walk_weight > 0.0:
        cost += cost_of_walk(rule, longest_walk(ground, k, np.inf))
    elif not walk_fits(ground, k, rule[0].walk_max):
        cost += cost_of_walk(rule, longest_walk(ground, k, rule[0].walk_max))
    return cost
