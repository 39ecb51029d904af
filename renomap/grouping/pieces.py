"""The best partition of one small piece: all areas it can hold, and the cheapest set of them that covers it.

A dozen nodes are solved by a table over all sets. Beyond that a linear relaxation over all areas prices the
nodes; what an area costs beyond the prices of its nodes is never negative, and only areas whose spare cost
fits between the relaxation and the best partition known can be part of a better one (Garfinkel and Nemhauser
1969, Optimal political districting, with the pricing of Mehrotra, Johnson and Nemhauser 1998).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import dijkstra

from renomap.grouping.kernels import exact as kernel
from renomap.grouping.run import Run
from renomap.linear import new_program, solver
from renomap.model.problem import FEWEST, MOST, Ints

Sets = npt.NDArray[np.int64]
Numbers = npt.NDArray[Any]

#: Nodes of the largest piece that is tried, and of the largest that is solved by a table over all sets.
LARGEST: Final = 25
TABLE: Final = 12

#: What an area more or less weighs where the number of areas comes first; costs of plans are about 1.
FIRST: Final = 100.0
#: What leaving a node uncovered costs the relaxation.
MISSING: Final = 10_000.0
EXACT: Final = 1e-9

#: Areas that join the relaxation at a time, for each lowest node; rounds of that; areas that are searched.
PRICED, ROUNDS, CANDIDATES = 16, 100, 300_000
#: So few areas are searched rather than priced further.
FEW = 100_000
#: Nodes whose prices are added up in one table, those of the others in another.
HALF: Final = 13
#: Spare costs searched first; five times as much each time nothing is found.
WIDTH = 0.002


class Spent(Exception):
    """The work that was allowed is done."""


@dataclass
class Allowance:
    """Work that the exact search may still do, counted in sets looked at, so that no clock decides."""

    left: int

    def spend(self, sets: int) -> None:
        """Take off some work; raises ``Spent`` when there is none left."""
        self.left -= sets
        if self.left < 0:
            raise Spent


@dataclass(frozen=True)
class BestPartition:
    """The best partition of a piece found.

    ``areas`` are sets, empty where none was found. ``cost`` is their cost, ``bound`` what no partition can
    cost less than; ``proven`` says that there is no better one (where ``areas`` is empty: none at all).
    """

    areas: tuple[int, ...]
    cost: float
    bound: float
    proven: bool


@dataclass
class Piece:
    """A piece and all its areas; ``cost`` holds what sums tell, and all of it where ``known``."""

    run: Run
    members: Ints
    sets: Sets
    cost: Numbers
    known: npt.NDArray[np.bool_]
    allowance: Allowance
    _tables: list[tuple[Numbers, Sets]] = field(default_factory=list)

    def best(self, count: int | str, incumbent: tuple[int, ...] = ()) -> BestPartition:
        """The cheapest partition into ``count`` areas; for 'most' and 'fewest' the number comes first.

        ``incumbent`` is a legal one, as sets.
        """
        if len(self.sets) == 0:
            return BestPartition((), np.inf, np.inf, True)
        if len(self.members) <= TABLE:
            return self._from_tables(count)
        try:
            if solver() is None and count != 2:
                raise Spent
            return self._in_two(incumbent) if count == 2 else self._from_relaxation(count, incumbent)
        except Spent:
            return BestPartition(incumbent, self._cost_of(incumbent) if incumbent else np.inf, -np.inf, False)

    def learn(self, which: Sets) -> None:
        """Look up what sums cannot tell of some areas."""
        new = which[~self.known[which]]
        if len(new) == 0:
            return
        sets, cost = self.sets[new], self.cost[new]
        if self.run.arrays.plan.rule[0]["looked_up"]:
            self.allowance.spend(200 * len(new))
            done = 0
            for size in self.run.clock.slices(len(new), 64):
                plan, ground = self.run.arrays.plan, self.run.arrays.ground
                kernel.look_up(plan, ground, self.members, sets, cost, done, done + size)
                done += size
        self.cost[new] = cost
        self.known[new] = True

    def _cost_of(self, areas: tuple[int, ...]) -> float:
        which = self._which(areas)
        self.learn(which)
        return float(self.cost[which].sum())

    def _which(self, areas: tuple[int, ...]) -> Sets:
        return np.flatnonzero(np.isin(self.sets, np.array(areas, np.int64)))

    def _from_tables(self, count: int | str) -> BestPartition:
        whole = (1 << len(self.members)) - 1
        for tables in self._grown_tables(count):
            if isinstance(count, int) and len(tables) < count:
                continue
            total = float(tables[-1][0][whole])
            if total < np.inf:
                return BestPartition(_read(tables, whole), total, total, True)
        return BestPartition((), np.inf, np.inf, True)

    def _grown_tables(self, count: int | str) -> Iterator[list[tuple[Numbers, Sets]]]:
        """Tables for more and more areas, and down again from all of them for 'most'."""
        most = count if isinstance(count, int) else len(self.members)
        if not self._tables:
            self.learn(np.arange(len(self.sets)))
            self._tables = [(np.where(np.arange(1 << len(self.members)) == 0, 0.0, np.inf), self.sets[:0])]
        full = np.full(1 << len(self.members), np.inf)
        full[self.sets] = self.cost
        for areas in range(1, most + 1):
            if areas == len(self._tables):
                best, choice = self._tables[-1][0].copy(), np.zeros(len(full), np.int64)
                kernel.best_partitions(full, best, choice)
                self._tables.append((best, choice))
            if count != MOST:
                yield self._tables[1 : areas + 1]
        if count == MOST:
            for areas in range(most, 0, -1):
                yield self._tables[1 : areas + 1]

    def _in_two(self, incumbent: tuple[int, ...]) -> BestPartition:
        """The cheapest partition into two areas: every area with the first node has one counterpart."""
        whole = (1 << len(self.members)) - 1
        order = np.argsort(self.sets)
        ordered = self.sets[order]
        one = np.flatnonzero(self.sets & 1)
        at = np.minimum(np.searchsorted(ordered, whole ^ self.sets[one]), len(ordered) - 1)
        there = ordered[at] == whole ^ self.sets[one]
        one, two = one[there], order[at[there]]
        total = self.cost[one] + self.cost[two]
        by_cost = np.argsort(total, kind="stable")
        best, least = incumbent, self._cost_of(incumbent) if incumbent else np.inf
        for k in by_cost.tolist():
            if total[k] >= least:
                break
            self.learn(np.array([one[k], two[k]]))
            cost = float(self.cost[one[k]] + self.cost[two[k]])
            if cost < least:
                best, least = (int(self.sets[one[k]]), int(self.sets[two[k]])), cost
        return BestPartition(best, least, least, True)

    def _from_relaxation(self, count: int | str, incumbent: tuple[int, ...]) -> BestPartition:
        each = {MOST: -FIRST, FEWEST: FIRST}.get(str(count), 0.0)
        wanted = count if isinstance(count, int) else -1
        known = self._cost_of(incumbent) + each * len(incumbent) if incumbent else np.inf
        value, spare = self._relaxed(wanted, each, known, self._which(incumbent))
        if value > MISSING / 2:
            return BestPartition((), np.inf, np.inf, True)
        width = WIDTH
        try:
            while known - value > EXACT:
                found = self._searched(wanted, spare, min(width, known - value))
                if found:
                    incumbent, known = found, self._cost_of(found) + each * len(found)
                if found or width >= known - value:
                    break
                if width > MISSING:
                    return BestPartition((), np.inf, np.inf, True)
                width *= 5.0
        except Spent:
            bound = value if each == 0.0 else -np.inf
            return BestPartition(incumbent, known - each * len(incumbent), bound, False)
        cost = known - each * len(incumbent)
        return BestPartition(incumbent, cost, cost, True)

    def _relaxed(self, count: int, each: float, known: float, incumbent: Sets) -> tuple[float, Numbers]:
        """A value below that of every partition, and what every area costs beyond prices that prove it.

        Areas are priced at a mean of the newest prices and the best so far, which swing less (Wentges 1997).
        Ends early when few areas fit between the value and the cost of the partition known.
        """
        n = len(self.members)
        master = _Master(n, count)
        master.add(self.sets[incumbent], self.cost[incumbent] + each)
        spare, priced = np.zeros(len(self.sets)), np.isin(np.arange(len(self.sets)), incumbent)
        best_value, best_price, newest = -np.inf, np.zeros(n + 1), True
        for _ in range(ROUNDS):
            self.run.clock.look_up()
            value, price = master.solve()
            if not newest and value <= MISSING / 2:
                price = (price + best_price) / 2
            self._spare(price, each, spare)
            least = min(0.0, float(spare.min()))
            # prices that leave nothing below 0: areas are so many, or have each a node at least
            price[n if count >= 0 else slice(0, n)] += least
            proven = float(price[:n].sum() + max(count, 0) * price[n])
            few = np.count_nonzero(spare - least < known - proven) <= FEW
            if proven > best_value:
                best_value, best_price = proven, price
            if few or best_value >= known - EXACT or self.allowance.left < len(spare):
                break
            cheap = np.flatnonzero((spare < -EXACT) & ~priced)
            if len(cheap) == 0 and newest:
                break
            newest = len(cheap) == 0
            if len(cheap):
                cheap = _spread(self.sets[cheap], spare[cheap], cheap)
                self.learn(cheap)
                priced[cheap] = True
                cheap = cheap[self.cost[cheap] < np.inf]
                master.add(self.sets[cheap], self.cost[cheap] + each)
        self._spare(best_price, each, spare)
        return best_value, spare

    def _spare(self, price: Numbers, each: float, spare: Numbers) -> None:
        self.allowance.spend(len(self.sets))
        n = len(self.members)
        low, high = _prices_of_sets(price[:HALF]), _prices_of_sets(price[HALF:n])
        low += price[n] - each
        done = 0
        for size in self.run.clock.slices(len(self.sets), 262_144):
            kernel.spare_costs(self.sets, self.cost, low, high, HALF, spare, done, done + size)
            done += size

    def _searched(self, count: int, spare: Numbers, least: float) -> tuple[int, ...] | None:
        """The cheapest cover that costs less than ``least`` beyond the prices, if any."""
        fitting = np.flatnonzero(spare < least)
        before = self.cost[fitting]
        if len(fitting) > CANDIDATES:
            raise Spent
        self.learn(fitting)
        spare[fitting] += self.cost[fitting] - before
        fitting = fitting[spare[fitting] < least]
        sets = self.sets[fitting]
        lowest = np.log2(sets & -sets).astype(np.int64)
        order = np.lexsort((sets, spare[fitting], lowest))
        sets, ordered = sets[order], spare[fitting][order]
        n = len(self.members)
        start = np.searchsorted(lowest[order], np.arange(n + 1))
        row, spent, best = np.zeros((n + 2, 4), np.int64), np.zeros(n + 2), np.zeros(n + 1, np.int64)
        row[0, 0] = start[0]
        limit = np.array([least])
        everything = (1 << n) - 1
        for size in self.run.clock.slices(self.allowance.left, 65_536):
            self.allowance.spend(size)
            if kernel.cover(sets, ordered, start, everything, count, row, spent, best, limit, size):
                break
        else:
            raise Spent
        return tuple(sets[best[1 : best[0] + 1]].tolist()) if best[0] else None


class _Master:
    """The linear relaxation over the areas priced so far: each node covered once, so many areas."""

    def __init__(self, nodes: int, count: int) -> None:
        highspy: Any = solver()
        self._highs = new_program(primal_feasibility_tolerance=EXACT, dual_feasibility_tolerance=EXACT)
        self._infinite = highspy.kHighsInf
        self._solved = highspy.HighsModelStatus.kOptimal
        self._nodes = nodes
        none, empty = np.zeros(0, np.int32), np.zeros(0)
        for _ in range(nodes):
            self._highs.addRow(1.0, 1.0, 0, none, empty)
        low, high = (float(count), float(count)) if count >= 0 else (-self._infinite, self._infinite)
        self._highs.addRow(low, high, 0, none, empty)
        self._columns(np.eye(nodes + 1, dtype=bool), np.full(nodes + 1, MISSING))

    def add(self, sets: Sets, cost: Numbers) -> None:
        """Add areas."""
        inside = (sets[:, None] >> np.arange(self._nodes)) & 1 == 1
        self._columns(np.hstack([inside, np.ones((len(sets), 1), bool)]), cost)

    def _columns(self, inside: npt.NDArray[np.bool_], cost: Numbers) -> None:
        rows = np.nonzero(inside)[1].astype(np.int32)
        starts = np.concatenate([[0], np.cumsum(inside.sum(axis=1))[:-1]]).astype(np.int32)
        m = len(cost)
        zero, most = np.zeros(m), np.full(m, self._infinite)
        self._highs.addCols(
            m, np.asarray(cost, float), zero, most, len(rows), starts, rows, np.ones(len(rows))
        )

    def solve(self) -> tuple[float, Numbers]:
        """Value, and the price of each node and, last, of any area."""
        self._highs.run()
        if self._highs.getModelStatus() != self._solved:
            raise Spent
        prices = np.array(self._highs.getSolution().row_dual, dtype=np.float64)
        return float(self._highs.getInfo().objective_function_value), prices


def list_areas(run: Run, members: Ints, allowance: Allowance, room: int) -> Piece | None:
    """All areas that a piece can hold by its sums; None where there are more than ``room``."""
    plan, n = run.arrays.plan, len(members)
    near, hostile, border = _relations(run, members)
    stack = np.zeros((n + 2, 3), np.int64)
    sums, inside = np.zeros((n + 2, plan.features.shape[1])), np.zeros(n + 2)
    at = np.zeros(3, np.int64)
    room = min(room, (1 << n) - 1)
    sets, cost = np.zeros(room, np.int64), np.zeros(room)
    for size in run.clock.slices(1 << 62, 4096):
        status = kernel.find_areas(
            plan, members, near, hostile, border, stack, sums, inside, at, sets, cost, size
        )
        if status:
            break
    found = int(at[2])
    allowance.left -= found
    if status == 2 or allowance.left < 0:
        return None
    known = np.zeros(found, dtype=bool)
    return Piece(run, members, sets[:found].copy(), cost[:found].copy(), known, allowance)


def _relations(run: Run, members: Ints) -> tuple[Sets, Sets, Numbers]:
    """Neighbours of each node, nodes it can share no area with, and what its borders cost if cut."""
    plan, n = run.arrays.plan, len(members)
    place = {int(node): i for i, node in enumerate(members)}
    near, hostile, border = np.zeros(n, np.int64), np.zeros(n, np.int64), np.zeros((n, n))
    for i, node in enumerate(members.tolist()):
        here = plan.node[node]
        for e in range(int(here["start"]), int(here["end"])):
            j = place.get(int(plan.link[e]["to"]))
            if j is None:
                continue
            if e < here["hold"]:
                near[i] |= 1 << j
                border[i, j] = plan.link[e]["border"]
            else:
                hostile[i] |= 1 << j
    for i, j in _too_far(run, members):
        hostile[i] |= 1 << j
    return near, hostile, border


def _too_far(run: Run, members: Ints) -> list[tuple[int, int]]:
    """Nodes with units that no way through the piece brings within the walk allowed."""
    limit = float(run.arrays.plan.rule[0]["walk_max"])
    if not np.isfinite(limit):
        return []
    ground, node_of = run.arrays.ground, run.arrays.node_of
    units = np.flatnonzero(np.isin(node_of, members))
    place = np.full(len(node_of), -1)
    place[units] = np.arange(len(units))
    rows = [np.arange(ground.unit[u]["start"], ground.unit[u]["end"]) for u in units]
    source = np.repeat(np.arange(len(units)), [len(row) for row in rows])
    links = np.concatenate(rows) if rows else np.zeros(0, int)
    target = place[ground.walk["to"][links]]
    length = np.maximum(ground.walk["length"][links], 1e-9)
    matrix = coo_matrix((length, (source, target)), (len(units), len(units))).tocsr()
    far = np.argwhere(dijkstra(matrix, directed=False) > limit)
    of = np.searchsorted(members, node_of[units])
    return sorted({(int(of[u]), int(of[v])) for u, v in far if of[u] != of[v]})


def _spread(sets: Sets, spare: Numbers, which: Sets) -> Sets:
    """The cheapest few for each lowest node, so that prices move everywhere at once."""
    lowest = sets & -sets
    order = np.lexsort((sets, spare, lowest))
    group = lowest[order]
    first = np.searchsorted(group, group)
    return np.sort(which[order[np.arange(len(order)) - first < PRICED]])


def _prices_of_sets(price: Numbers) -> Numbers:
    """The sum of prices for every set."""
    total = np.zeros(1)
    for each in price:
        total = np.concatenate([total, total + each])
    return total


def _read(tables: list[tuple[Numbers, Sets]], whole: int) -> tuple[int, ...]:
    areas, rest = [], whole
    for _, choice in reversed(tables):
        areas.append(int(choice[rest]))
        rest ^= areas[-1]
    return tuple(areas)
