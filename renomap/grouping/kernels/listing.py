"""Every legal area that some nodes can hold, listed once each with its cost."""

from __future__ import annotations

import numpy as np

from renomap.compiled.decorators import compiled, inner
from renomap.grouping.kernels.lookup import cost_of_community, cost_of_members, cost_of_walk, expand
from renomap.grouping.kernels.state import F8, I4, I8, Ground, Plan, Records, cost_of_sums, within_bounds

#: Row k: the k-th place on the frontier of the growing set; how far the set of k members has tried the
#: frontier, where it ends for it, and how many units it has; whether place k has been on the frontier, and is
#: in the set.
TRIAL = np.dtype(
    [("frontier", "i4"), ("tried", "i4"), ("end", "i4"), ("units", "i4"), ("seen", "i1"), ("inside", "i1")]
)


@inner
def _fits(plan: Plan, trial: Records, far: F8, sums: F8, border: F8, depth: int, place: int, i: int) -> bool:
    """Whether a node may join the set of ``depth`` members; its sums and inner borders into the next row."""
    row = depth + 1
    for c in range(sums.shape[1]):
        sums[row, c] = sums[depth, c] + plan.features[i, c]
    for c in range(plan.rule[0].capacities):
        if sums[row, c] > plan.column[c].upper:
            return False
    for d in range(depth):
        if far[place, trial[trial[d].tried].frontier] > plan.rule[0].walk_max:
            return False
    border[row] = border[depth]
    for e in range(plan.node[i].start, plan.node[i].end):
        other = plan.node[plan.link[e].to].place
        if other >= 0 and trial[other].inside == 1:
            border[row] += plan.link[e].border
            if e >= plan.node[i].hold:
                return False
    return True


@inner
def _back(trial: Records, ground: Ground, depth: int) -> int:
    """Leave the sets whose frontier has been tried; returns the depth where there is more to try, or 0."""
    while depth > 0 and trial[depth].tried == trial[depth].end:
        for at in range(trial[depth - 1].end, trial[depth].end):
            trial[trial[at].frontier].seen = 0
        for at in range(trial[depth - 1].units, trial[depth].units):
            ground.unit[ground.step[at].unit].place = -1
        depth -= 1
        trial[trial[trial[depth].tried].frontier].inside = 0
        trial[depth].tried += 1
    return depth


@inner
def _walks_with(ground: Ground, walks: F8, k: int) -> float:
    """Walks between units at hand 0..k into ``walks[k + 1]``, from those between 0..k-1; the longest of them.

    The new unit's walks go through its neighbours, and walks between others may now go through it.
    """
    before, after = walks[k], walks[k + 1]
    here = ground.step[k].unit
    for i in range(k):
        after[k, i] = np.inf
    for e in range(ground.unit[here].start, ground.unit[here].end):
        j = ground.unit[ground.walk[e].to].place
        if 0 <= j < k:
            for i in range(k):
                after[k, i] = min(after[k, i], before[j, i] + ground.walk[e].length)
    longest = 0.0
    for i in range(k):
        after[i, k] = after[k, i]
        longest = max(longest, after[k, i])
        for j in range(i):
            walk = min(before[i, j], after[k, i] + after[k, j])
            after[i, j] = walk
            after[j, i] = walk
            longest = max(longest, walk)
    after[k, k] = 0.0
    return longest


@compiled
def list_areas(
    plan: Plan,
    ground: Ground,
    members: I4,
    far: F8,
    trial: Records,
    sums: F8,
    border: F8,
    walks: F8,
    progress: I8,
    start: I8,
    place_of: I4,
    cost: F8,
    mean: F8,
    steps: int,
) -> int:
    """Go on listing the connected legal sets of the members; ``steps`` sets further at most.

    A set grows from its first place by places behind it; what has been tried at one depth is not tried again
    below it, so every connected set is met once (Wernicke 2006). It stops growing where an upper bound is
    broken, or where two members are farther apart than a walk may be even over all members (``far``).
    Borders inside a set are taken off its cost, so that the costs of the areas of a partition add up to that
    of the plan less a constant. ``mean`` gets the part of it that stands for means over areas.

    ``node.place`` holds the places of the members; ``progress`` depth, next root and sets listed;
    ``walks[k]`` is room for walks between k units. Set k is ``place_of[start[k]:start[k+1]]``. Returns 0 for
    more to do, 1 for done, 2 for no more room. Units stay at hand between calls.
    """
    depth, root, listed = progress[0], progress[1], progress[2]
    status = 0
    for _ in range(steps):
        depth = _back(trial, ground, depth)
        if depth == 0 and trial[0].tried == trial[0].end:
            if root == len(members):
                status = 1
                break
            for at in range(len(trial)):
                trial[at].seen = 0
            trial[0].frontier, trial[0].tried, trial[0].end = root, 0, 1
            trial[root].seen = 1
            root += 1
        place = trial[trial[depth].tried].frontier
        i = members[place]
        if not _fits(plan, trial, far, sums, border, depth, place, i):
            trial[depth].tried += 1
            continue
        units = trial[depth].units
        full = listed + 1 == len(start) or start[listed] + depth + 1 > len(place_of)
        if full or units + plan.node[i].units + 1 >= len(walks):
            status = 2
            break
        trial[place].inside = 1
        end = trial[depth].end
        for e in range(plan.node[i].start, plan.node[i].hold):
            other = plan.node[plan.link[e].to].place
            if other >= root and trial[other].seen == 0:
                trial[other].seen = 1
                trial[end].frontier = other
                end += 1
        depth += 1
        trial[depth].tried, trial[depth].end = trial[depth - 1].tried + 1, end
        trial[depth].units = expand(plan.node, ground, i, units)
        longest = 0.0
        for k in range(units, trial[depth].units):
            longest = _walks_with(ground, walks, k)
        if longest <= plan.rule[0].walk_max and within_bounds(plan.column, plan.rule, sums, depth):
            for d in range(depth):
                place_of[start[listed] + d] = trial[trial[d].tried].frontier
            walk = cost_of_walk(plan.rule, longest)
            cost[listed] = cost_of_sums(plan.column, plan.rule, sums, depth) - border[depth]
            cost[listed] += walk + cost_of_members(plan.rule, ground, trial[depth].units)
            size = sums[depth, plan.rule[0].target_column] / plan.rule[0].target
            mean[listed] = walk + cost_of_community(plan.rule, ground, trial[depth].units)
            mean[listed] += plan.rule[0].target_weight * abs(size - 1.0)
            listed += 1
            start[listed] = start[listed - 1] + depth
    progress[0], progress[1], progress[2] = depth, root, listed
    return status
