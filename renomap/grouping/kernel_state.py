"""What the kernels share: the arrays they work on, chance, and the cost of an area.

Everything is a NamedTuple of arrays, made once by ``grouping.arrays`` and handed to every kernel. A *node* is what the
search moves: a unit, or several that must stay together. An area is a doubly linked list of nodes with the sums
of its members' features, so that moving a node is O(features).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from renomap.grouping.compiled import compiled

F8 = npt.NDArray[np.float64]
I4 = npt.NDArray[np.int32]
I8 = npt.NDArray[np.int64]
U8 = npt.NDArray[np.uint64]

#: Slack in comparing sums with bounds: sums of hectares are not exact in floating point.
TOLERANCE = 1e-6


class Graph(NamedTuple):
    """Links between nodes as compressed rows; every link is there from both ends.

    ``border`` is what cutting a link costs in the objective; ``near`` is small where the two ends should stay
    together (trees prefer it). ``apart`` holds the pairs that must not share an area, from both ends.
    """

    start: I8
    to: I4
    border: F8
    near: F8
    apart_start: I8
    apart_to: I4


class Ground(NamedTuple):
    """What must be looked up unit by unit: links of units, walking distances, communities, the previous scheme."""

    node_start: I8
    node_unit: I4
    start: I8
    to: I4
    crossing: F8
    length: F8
    community: I4
    community_weight: F8
    previous: I4


class Rules(NamedTuple):
    """Bounds and weights. Columns of the features: capacities, count of units, attributes, squares, population, gains."""

    lower: F8
    upper: F8
    lead: int
    target_column: int
    target: float
    target_weight: float
    attributes: int
    similarity_weight: float
    threshold: F8
    pooling_weight: float
    border: bool
    looked_up: bool
    walk_max: float
    walk_weight: float
    crossing_weight: float
    community_weight: float
    stability_weight: float
    penalty: float


class Areas(NamedTuple):
    """The plan under construction. Area k exists where ``size[k] > 0``; ``used[0]`` areas have been numbered."""

    label: I4
    first: I4
    after: I4
    before: I4
    size: I4
    sums: F8
    cost: F8
    used: I8


class Work(NamedTuple):
    """Scratch space, allocated once: -1 in ``place`` means 'not in the set at hand'."""

    members: I4
    place: I4
    rank: I4
    order: I4
    parent: I4
    depth: I4
    sub: F8
    value: F8
    edge: I8
    origin: I4
    side: I4
    units: I4
    unit_place: I4
    far: F8
    group: I4
    tally: F8
    mark: I8
    queue: I4


@compiled
def uniform(chance: U8) -> float:
    """A number in [0, 1) from an xorshift64* generator whose whole state is ``chance[0]`` (Vigna 2016)."""
    x = chance[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    chance[0] = x
    return float((x * np.uint64(2685821657736338717)) >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@compiled
def below(chance: U8, n: int) -> int:
    """An integer in 0 .. n-1."""
    return int(uniform(chance) * n)


@compiled
def cost_of_sums(rules: Rules, sums: F8, row: int) -> float:
    """What an area with these sums costs: target, similarity, pooling, and the penalty of broken bounds."""
    broken = 0.0
    for c in range(len(rules.lower)):
        total = sums[row, c]
        if total < rules.lower[c] - TOLERANCE:
            broken += (rules.lower[c] - total) / rules.lower[c]
        elif total > rules.upper[c] + TOLERANCE:
            broken += (total - rules.upper[c]) / max(rules.upper[c], TOLERANCE)
    cost = rules.penalty * broken
    if rules.target_weight > 0.0:
        cost += rules.target_weight * abs(sums[row, rules.target_column] / rules.target - 1.0)
    count_column = len(rules.lower)
    squares = count_column + 1 + rules.attributes
    if rules.similarity_weight > 0.0:
        within = sums[row, squares]
        for d in range(count_column + 1, squares):
            within -= sums[row, d] * sums[row, d] / sums[row, count_column]
        cost += rules.similarity_weight * within
    if rules.pooling_weight > 0.0:
        for f in range(len(rules.threshold)):
            if sums[row, squares + 1] < rules.threshold[f]:
                cost += rules.pooling_weight * sums[row, squares + 2 + f]
    return cost


@compiled
def within_bounds(rules: Rules, sums: F8, row: int) -> bool:
    """Whether these sums keep every bound."""
    for c in range(len(rules.lower)):
        if sums[row, c] < rules.lower[c] - TOLERANCE or sums[row, c] > rules.upper[c] + TOLERANCE:
            return False
    return True


@compiled
def above_lower(rules: Rules, sums: F8, row: int) -> bool:
    """Whether these sums reach every lower bound."""
    for c in range(len(rules.lower)):
        if sums[row, c] < rules.lower[c] - TOLERANCE:
            return False
    return True


@compiled
def add_node(areas: Areas, features: F8, node: int, area: int) -> None:
    """Put a node that is in no area into one."""
    head = areas.first[area]
    areas.after[node] = head
    areas.before[node] = -1
    if head >= 0:
        areas.before[head] = node
    areas.first[area] = node
    areas.label[node] = area
    areas.size[area] += 1
    for c in range(features.shape[1]):
        areas.sums[area, c] += features[node, c]


@compiled
def drop_node(areas: Areas, features: F8, node: int) -> None:
    """Take a node out of its area."""
    area = areas.label[node]
    before, after = areas.before[node], areas.after[node]
    if before >= 0:
        areas.after[before] = after
    else:
        areas.first[area] = after
    if after >= 0:
        areas.before[after] = before
    areas.label[node] = -1
    areas.size[area] -= 1
    for c in range(features.shape[1]):
        areas.sums[area, c] -= features[node, c]


@compiled
def clear_area(areas: Areas, area: int) -> None:
    """Make an area empty; its nodes keep a stale label until they are added elsewhere."""
    areas.first[area] = -1
    areas.size[area] = 0
    areas.cost[area] = 0.0
    areas.sums[area, :] = 0.0


@compiled
def new_area(areas: Areas) -> int:
    """The number of a fresh, empty area, or -1 where the arrays are full."""
    number = areas.used[0]
    if number >= len(areas.size):
        return -1
    areas.used[0] = number + 1
    clear_area(areas, number)
    return int(number)


@compiled
def load_labels(areas: Areas, features: F8, labels: I4, used: int) -> None:
    """Start from these labels (0 .. used-1, -1 = none)."""
    areas.used[0] = used
    for area in range(used):
        clear_area(areas, area)
    for node in range(len(labels)):
        areas.label[node] = -1
        if labels[node] >= 0:
            add_node(areas, features, node, labels[node])


@compiled
def gather(areas: Areas, area: int, work: Work, k: int) -> int:
    """Append the nodes of an area to ``work.members`` from position k; returns the new length."""
    node = areas.first[area]
    while node >= 0:
        work.members[k] = node
        work.place[node] = k
        k += 1
        node = areas.after[node]
    return k


@compiled
def release(work: Work, k: int) -> None:
    """Forget the k gathered nodes."""
    for i in range(k):
        work.place[work.members[i]] = -1
