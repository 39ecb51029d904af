"""Areas chosen from the list of all legal ones: the best plan of a piece, found instead of searched.

Where hectares and walks are bounded, a piece of a hundred neighbourhoods holds a few thousand legal areas.
Which of them cover every node once at least cost is an integer program (Garfinkel and Nemhauser 1969); as
areas are connected sets of a sparse graph, its linear relaxation is nearly always whole. It is solved over
few areas, to which those are added that the prices of the nodes call for; at the end no area that is left
out can be part of a better plan.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from renomap.grouping.arrays import connected_parts
from renomap.grouping.listing import Listing, list_areas
from renomap.grouping.run import Run
from renomap.linear import new_program, solver
from renomap.model.problem import AUTO, Flags, Ints

#: What an area more or less than wished weighs, and a node without area. Costs are scaled so that an area
#: costs about 1, and there are at most some dozens in a piece.
OFF, LEFT = 100.0, 10_000.0
#: What an area more weighs beyond that where one less is nearer to the wish, and the other way round.
SIDE = 30.0
#: Areas that join the relaxation at a time, for each node.
PRICED = 4
#: Rounds of pricing, and of adding what could still matter to the integer program.
ROUNDS, TURNS = 200, 4
#: Areas of an integer program at most, and nodes of its tree.
WHOLE, TREE = 2000, 200
EXACT = 1e-7
#: Areas listed for all pieces together at full effort, some seconds of work, and what effort may make of it.
ROOM = 400_000
EFFORTS = (0.05, 4.0)
#: How the solver says that it holds a solution.
FEASIBLE = 2


@dataclass(frozen=True)
class Choice:
    """Chosen areas of a list, cheapest for their number; ``proven``: no better choice of all exists."""

    areas: npt.NDArray[np.int64]
    proven: bool


def choose_areas(run: Run) -> Flags:
    """Put the best areas of every piece whose legal areas can be listed in place of what it has.

    First as many nodes as can be are covered, then the number of areas is the nearest to the wished that can
    be, then cost decides. Where the number of areas is free, the run is made to expect the number that comes
    of it, so that costs stand for means over the areas there are.

    Returns
    -------
    (pieces,) bool
        The pieces of which no better plan exists.
    """
    arrays = run.arrays
    order = np.argsort(arrays.piece, kind="stable")
    ends = np.searchsorted(arrays.piece[order], np.arange(arrays.pieces + 1))
    members = [order[ends[piece] : ends[piece + 1]].astype(np.int32) for piece in range(arrays.pieces)]
    programs = _programs(run, members)
    areas = run.count_by_piece()
    for piece, program in programs.items():
        areas[piece] = program.count()
    total = max(1, int(areas.sum()) + run.forecast.locked)
    if run.problem.count == AUTO and programs and total != run.expected and run.has_means():
        run.expect(total)
    label = arrays.plan.node["label"].copy()
    proven = np.zeros(arrays.pieces, dtype=bool)
    for piece, program in programs.items():
        run.clock.look_up()
        found = program.best(run.expected)
        if found is not None:
            proven[piece] = found.proven
            label[members[piece]] = _labels(run, program.listing, found, members[piece])
    run.load(connected_parts(arrays, label))
    return proven


def _programs(run: Run, members: list[Ints]) -> dict[int, Program]:
    """The relaxations of the pieces whose areas can be listed, from small to large."""
    found = {}
    wanted, ideal = run.goal()
    room = int(ROOM * np.clip(run.effort, *EFFORTS))
    for piece in sorted(range(len(members)), key=lambda piece: len(members[piece])):
        run.clock.look_up()
        listing = list_areas(run, members[piece]) if room > 0 else None
        if listing is None or len(listing) == 0:
            continue
        if solver() is None:
            break
        room -= len(listing)
        program = Program(listing, int(wanted[piece]), float(ideal[piece]))
        if program.relax():
            found[piece] = program
    return found


def _labels(run: Run, listing: Listing, choice: Choice, members: Ints) -> Ints:
    """Labels of the members that no area of another piece has; those left share one if they may."""
    nodes = run.arrays.nodes
    label = np.full(len(members), nodes + int(members[0]), dtype=np.int32)
    left = np.ones(len(members), dtype=bool)
    for area in choice.areas.tolist():
        inside = listing.place[listing.start[area] : listing.start[area + 1]]
        label[inside] = 2 * nodes + members[inside].min()
        left[inside] = False
    plan = run.arrays.plan
    hostile = [plan.link["to"][row["hold"] : row["end"]] for row in plan.node[members[left]]]
    if hostile and np.isin(np.concatenate(hostile), members[left]).any():
        label[left] = 3 * nodes + members[left]
    return label


class Program:
    """The integer program of a list and its relaxation over the areas that have joined so far.

    Rows: every node in one area or left; areas plus the missing less the too many make the number wanted; at
    least so many nodes left. Columns: each node left, the missing, the too many, areas.
    """

    def __init__(self, listing: Listing, wanted: int, ideal: float) -> None:
        highspy: Any = solver()
        self.listing, self.wanted, self.cost = listing, wanted, listing.cost * listing.expected
        self._joined: list[npt.NDArray[np.int64]] = []
        self._out = np.ones(len(listing), dtype=bool)
        self._left, self._steered = 0, False  # nodes that must be left; whether the number of areas is bound
        self._owner = np.repeat(np.arange(len(listing)), np.diff(listing.start))
        self._library = highspy
        self._highs = new_program(mip_rel_gap=0.0, mip_abs_gap=EXACT, mip_max_nodes=TREE)
        n, none, free = listing.nodes, np.zeros(0, np.int32), highspy.kHighsInf
        for low, high in [(1.0, 1.0)] * n + [(float(wanted), float(wanted)), (0.0, free)]:
            self._highs.addRow(low, high, 0, none, np.zeros(0))
        for i in range(n):
            self._column(LEFT, [i, n + 1], [1.0, 1.0])
        self._column(OFF if ideal < wanted else OFF + SIDE, [n], [1.0])
        self._column(OFF if ideal > wanted else OFF + SIDE, [n], [-1.0])
        self._join(np.argsort(self.cost, kind="stable")[: PRICED * n])

    def _column(self, cost: float, rows: list[int], values: list[float]) -> None:
        free = self._library.kHighsInf
        self._highs.addCol(cost, 0.0, free, len(rows), np.array(rows, np.int32), np.array(values))

    def _join(self, areas: npt.NDArray[np.int64]) -> None:
        """Add areas as columns: a 1 for each of their nodes and for the number of areas."""
        start, m = self.listing.start, len(areas)
        size = start[areas + 1] - start[areas] + 1
        first = np.cumsum(size) - size
        at = np.arange(int(size.sum())) + np.repeat(start[areas] - first, size)
        rows = np.append(self.listing.place, 0)[at]
        rows[first + size - 1] = self.listing.nodes
        zero, free = np.zeros(m), np.full(m, self._library.kHighsInf)
        index, value = rows.astype(np.int32), np.ones(len(rows))
        self._highs.addCols(m, self.cost[areas], zero, free, len(rows), first.astype(np.int32), index, value)
        self._joined.append(areas)
        self._out[areas] = False

    def relax(self) -> bool:
        """Solve the relaxation until nodes left and number of areas are whole; False if that fails."""
        while self._left <= self.listing.nodes:
            if self._priced():
                if not self._rounded():
                    return True
            elif self._steered:
                self._leave(self._left + 1)  # no such number of areas can be, so more nodes must be left
            else:
                return False
        return False

    def count(self) -> int:
        """The number of areas in the relaxation just solved."""
        missing, extra = self._taken()[self.listing.nodes : self.listing.nodes + 2]
        return round(float(self.wanted - missing + extra))

    def left(self) -> bool:
        """Whether the relaxation just solved leaves nodes without area."""
        return bool(self._taken()[: self.listing.nodes].sum() > EXACT)

    def best(self, expected: float) -> Choice | None:
        """The best choice where so many areas are expected in all, None if the solver gives up."""
        if expected != self.listing.expected:
            self.cost = self.listing.costs(expected) * expected
            joined = np.concatenate(self._joined)
            columns = np.arange(len(joined), dtype=np.int32) + self.listing.nodes + 2
            self._highs.changeColsCost(len(columns), columns, self.cost[joined])
            if not self.relax():
                return None
        return self._whole()

    def _priced(self) -> bool:
        """Solve the relaxation over all areas of the list; areas join as prices call for them."""
        for _ in range(ROUNDS):
            if not self._solved():
                return False
            spare = np.where(self._out, self._spare(), 0.0)
            cheap = np.flatnonzero(spare < -EXACT)
            if len(cheap) == 0:
                return True
            self._join(cheap[np.argsort(spare[cheap], kind="stable")[: PRICED * self.listing.nodes]])
        return False

    def _spare(self) -> npt.NDArray[np.float64]:
        """What each area costs beyond the prices of its nodes and of any area."""
        price = np.array(self._highs.getSolution().row_dual)
        nodes = np.bincount(self._owner, price[self.listing.place], minlength=len(self.listing))
        return np.asarray(self.cost - price[self.listing.nodes] - nodes)

    def _solved(self) -> bool:
        status = self._library.HighsModelStatus
        self._highs.run()
        if self._highs.getModelStatus() == status.kUnknown:
            self._highs.clearSolver()  # numerical trouble on the way from the last solution: from nothing
            self._highs.run()
        return bool(self._highs.getModelStatus() == status.kOptimal)

    def _value(self) -> float:
        return float(self._highs.getInfo().objective_function_value)

    def _taken(self) -> npt.NDArray[np.float64]:
        return np.array(self._highs.getSolution().col_value)

    def _rounded(self) -> bool:
        """Demand whole numbers of nodes left and of areas where the relaxation mixes two.

        As leaving weighs most and being off the wanted number next, there is nothing nearer than the mixture,
        so the next whole number away from what is wished holds in all whole choices. Returns whether there
        was something to demand.
        """
        n, taken = self.listing.nodes, self._taken()
        left, missing, extra = float(taken[:n].sum()), float(taken[n]), float(taken[n + 1])
        if left > self._left + EXACT and (self._steered or abs(left - round(left)) > EXACT):
            self._leave(int(np.ceil(left - EXACT)))
            return True
        off = extra - missing
        if abs(off - round(off)) <= EXACT:
            return False
        away, other = (n + 1, n) if off > 0 else (n, n + 1)
        self._highs.changeColBounds(away, float(np.ceil(abs(off))), self._library.kHighsInf)
        self._highs.changeColBounds(other, 0.0, 0.0)
        self._steered = True
        return True

    def _leave(self, nodes: int) -> None:
        """Demand that so many nodes be left, and forget what was demanded of the number of areas."""
        n, free = self.listing.nodes, self._library.kHighsInf
        self._left, self._steered = nodes, False
        self._highs.changeRowBounds(n + 1, float(nodes), free)
        for column in (n, n + 1):
            self._highs.changeColBounds(column, 0.0, free)

    def _whole(self) -> Choice | None:
        """The best whole choice, from the value and the prices of the relaxation just solved."""
        taken, spare, value = self._taken(), self._spare(), self._value()
        if np.abs(taken - np.round(taken)).max() <= EXACT:
            return self._chosen(taken, True)
        best: Choice | None = None
        for _ in range(TURNS):
            columns = np.arange(self.listing.nodes + 2, self._highs.getNumCol(), dtype=np.int32)
            kind = np.full(len(columns), int(self._library.HighsVarType.kInteger), np.uint8)
            self._highs.changeColsIntegrality(len(columns), columns, kind)
            proven = self._solved()
            if self._highs.getInfo().primal_solution_status != FEASIBLE:
                return best
            missing = np.flatnonzero(self._out & (spare < self._value() - value + EXACT))
            best = self._chosen(self._taken(), proven and len(missing) == 0)
            if len(missing) == 0 or len(missing) + len(columns) > WHOLE:
                return best
            self._join(missing)
        return best

    def _chosen(self, taken: npt.NDArray[np.float64], proven: bool) -> Choice:
        return Choice(np.concatenate(self._joined)[taken[self.listing.nodes + 2 :] > 0.5], proven)
