"""What the kernels share: the records they work on, chance, and the cost of an area.

A *node* is what the search moves: a unit, or several that must stay together. An area is a doubly linked
list of nodes with the sums of its members' features, so that moving a node costs no more than its features.

The state is a handful of record arrays, not one array per field: every array that is handed to a compiled
function costs two atomic counts of references, and a move that takes 100 ns cannot pay for fifty of them.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from renomap.compiled.decorators import compiled, inner

Records = npt.NDArray[Any]
F8 = npt.NDArray[np.float64]
I4 = npt.NDArray[np.int32]
I8 = npt.NDArray[np.int64]
U8 = npt.NDArray[np.uint64]

#: Sums of hectares are not exact in floating point: bounds are kept to this.
TOLERANCE = 1e-6

#: Any breach of a bound counts at least as one of this share, so that few areas break rules rather than
#: many a little.
STEP_OF_BREACH = 0.02

#: A node: its area and place in the area's list, its rows of links and units, and scratch. Links ``start``
#: to ``hold`` hold areas together; those from ``hold`` to ``end`` are pairs to be kept apart.
NODE = np.dtype(
    [
        ("label", "i4"),
        ("after", "i4"),
        ("before", "i4"),
        ("start", "i4"),
        ("hold", "i4"),
        ("end", "i4"),
        ("unit", "i4"),  # first row of its units
        ("units", "i4"),  # how many
        ("place", "i4"),  # position in the set at hand, -1 = not in it
        ("mark", "i4"),
    ],
    align=True,
)
#: A link: the node at the other end, what cutting it costs (a pair to be kept apart earns the penalty), and
#: how unlike its ends are.
LINK = np.dtype([("border", "f8"), ("near", "f8"), ("to", "i4")], align=True)
#: An area; it exists where ``size`` > 0.
AREA = np.dtype([("cost", "f8"), ("size", "i4"), ("first", "i4")], align=True)
#: A feature: bounds of a capacity, or the population from which a gain is due.
COLUMN = np.dtype([("lower", "f8"), ("upper", "f8"), ("due", "f8")], align=True)
#: Weights and places of the features: capacities, count of units, attributes, sum of squares, population,
#: gains.
RULE = np.dtype(
    [
        ("target", "f8"),
        ("target_weight", "f8"),
        ("similarity_weight", "f8"),
        ("pooling_weight", "f8"),
        ("crossing_weight", "f8"),
        ("community_weight", "f8"),
        ("stability_weight", "f8"),
        ("walk_weight", "f8"),
        ("walk_max", "f8"),
        ("penalty", "f8"),
        ("capacities", "i4"),
        ("attributes", "i4"),
        ("gains", "i4"),
        ("lead", "i4"),
        ("target_column", "i4"),
        ("border", "i4"),  # 1 = links have border costs or pairs are to be kept apart
        ("looked_up", "i4"),  # 1 = some costs cannot be told from sums
        ("used", "i4"),  # areas numbered so far
        ("mark", "i4"),
    ],
    align=True,
)
#: Scratch per place of the set at hand: its tree and the judgement of each cut.
SLOT = np.dtype(
    [
        ("value", "f8"),
        ("member", "i4"),
        ("rank", "i4"),
        ("order", "i4"),
        ("parent", "i4"),
        ("depth", "i4"),
        ("side", "i4"),
        ("best_side", "i4"),
        ("queue", "i4"),
    ],
    align=True,
)
#: Scratch of a growing tree: links on the frontier and where they start.
EDGE = np.dtype([("link", "i4"), ("origin", "i4")], align=True)
#: A unit: its rows of walking links, community, previous area; ``place`` is scratch.
UNIT = np.dtype(
    [
        ("weight", "f8"),
        ("start", "i4"),
        ("end", "i4"),
        ("community", "i4"),
        ("previous", "i4"),
        ("place", "i4"),
        ("of_node", "i4"),  # row k: the unit in the k-th place when units are sorted by node
    ],
    align=True,
)
#: A walking link between units.
WALK = np.dtype([("length", "f8"), ("crossing", "f8"), ("to", "i4")], align=True)
#: Scratch per unit of the area at hand, and per community or previous area (``tally``).
STEP = np.dtype([("far", "f8"), ("most", "f8"), ("tally", "f8"), ("unit", "i4"), ("group", "i4")], align=True)


class Plan(NamedTuple):
    """The plan under construction and the rules it is judged by: all that a move by sums needs."""

    node: Records
    link: Records
    features: F8
    area: Records
    sums: F8
    column: Records
    rule: Records


class Scratch(NamedTuple):
    """Working space for trees; the last two rows of ``sub`` are free for complements and shifted sums."""

    slot: Records
    edge: Records
    sub: F8


class Ground(NamedTuple):
    """What must be looked up unit by unit."""

    unit: Records
    walk: Records
    step: Records


@compiled
def uniform(chance: U8) -> float:
    """A number in [0, 1) from an xorshift64* generator whose whole state is ``chance[0]`` (Vigna 2016)."""
    x = chance[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    chance[0] = x
    drawn: float = ((x * np.uint64(2685821657736338717)) >> np.uint64(11)) * (1.0 / 9007199254740992.0)
    return drawn


@inner
def below(chance: U8, n: int) -> int:
    """An integer in 0 .. n-1."""
    return int(uniform(chance) * n)


@inner
def cost_of_sums(column: Records, rule: Records, sums: F8, row: int) -> float:
    """What an area with these sums costs: target, similarity, pooling, and the penalty of broken bounds."""
    broken = 0.0
    r = rule[0]
    for c in range(r.capacities):
        total = sums[row, c]
        if total < column[c].lower:
            broken += STEP_OF_BREACH + (column[c].lower - total) / column[c].lower
        elif total > column[c].upper:
            broken += STEP_OF_BREACH + (total - column[c].upper) / column[c].upper
    cost: float = r.penalty * broken
    if r.target_weight > 0.0:
        cost += r.target_weight * abs(sums[row, r.target_column] / r.target - 1.0)
    squares = r.capacities + 1 + r.attributes
    if r.similarity_weight > 0.0:
        apart = 0.0
        for d in range(r.capacities + 1, squares):
            apart += sums[row, d] * sums[row, d]
        cost += r.similarity_weight * (sums[row, squares] - apart / sums[row, r.capacities])
    if r.pooling_weight > 0.0:
        for g in range(squares + 2, squares + 2 + r.gains):
            if sums[row, squares + 1] < column[g].due:
                cost += r.pooling_weight * sums[row, g]
    return cost


@inner
def within_bounds(column: Records, rule: Records, sums: F8, row: int) -> bool:
    """Whether these sums keep every bound."""
    for c in range(rule[0].capacities):
        if sums[row, c] < column[c].lower or sums[row, c] > column[c].upper:
            return False
    return True


@inner
def above_lower(column: Records, rule: Records, sums: F8, row: int) -> bool:
    """Whether these sums reach every lower bound."""
    for c in range(rule[0].capacities):  # noqa: SIM110 - kernels have no generators
        if sums[row, c] < column[c].lower:
            return False
    return True


@inner
def add_node(plan: Plan, i: int, area: int) -> None:
    """Put a node that is in no area into one."""
    head = plan.area[area].first
    plan.node[i].after = head
    plan.node[i].before = -1
    if head >= 0:
        plan.node[head].before = i
    plan.area[area].first = i
    plan.node[i].label = area
    plan.area[area].size += 1
    for c in range(plan.features.shape[1]):
        plan.sums[area, c] += plan.features[i, c]


@inner
def drop_node(plan: Plan, i: int) -> None:
    """Take a node out of its area."""
    area = plan.node[i].label
    before, after = plan.node[i].before, plan.node[i].after
    if before >= 0:
        plan.node[before].after = after
    else:
        plan.area[area].first = after
    if after >= 0:
        plan.node[after].before = before
    plan.node[i].label = -1
    plan.area[area].size -= 1
    for c in range(plan.features.shape[1]):
        plan.sums[area, c] -= plan.features[i, c]


@inner
def move_node(plan: Plan, i: int, area: int) -> None:
    """Move a node from its area to another."""
    drop_node(plan, i)
    add_node(plan, i, area)


@inner
def clear_area(plan: Plan, area: int) -> None:
    """Make an area empty; its nodes keep a stale label until they are added elsewhere."""
    plan.area[area].first = -1
    plan.area[area].size = 0
    plan.area[area].cost = 0.0
    for c in range(plan.sums.shape[1]):
        plan.sums[area, c] = 0.0


@inner
def new_area(plan: Plan) -> int:
    """The number of a fresh, empty area. There is one, as there is room for an area per node."""
    number = plan.rule[0].used
    if number < len(plan.area):
        plan.rule[0].used = number + 1
    else:
        number = 0
        while plan.area[number].size > 0:
            number += 1
    clear_area(plan, number)
    return int(number)


@compiled
def load_labels(plan: Plan, labels: I4, used: int) -> None:
    """Start from these labels (0 .. used-1, -1 = none)."""
    plan.rule[0].used = used
    for area in range(used):
        clear_area(plan, area)
    for i in range(len(labels)):
        plan.node[i].label = -1
        if labels[i] >= 0:
            add_node(plan, i, labels[i])


@inner
def gather(plan: Plan, slot: Records, area: int, k: int) -> int:
    """Append the nodes of an area to the set at hand from position k; returns the new length."""
    i = plan.area[area].first
    while i >= 0:
        slot[k].member = i
        plan.node[i].place = k
        k += 1
        i = plan.node[i].after
    return k


@inner
def release(plan: Plan, slot: Records, k: int) -> None:
    """Forget the set at hand."""
    for i in range(k):
        plan.node[slot[i].member].place = -1
