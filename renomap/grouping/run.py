"""One run of the kernels: slices of work between which the user can stop, and the order of the phases."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from renomap.errors import Cancelled
from renomap.grouping import kernel_build as build
from renomap.grouping import kernel_moves as moves
from renomap.grouping.arrays import Arrays, build_arrays, empty_areas, new_work
from renomap.grouping.feasibility import Outlook
from renomap.grouping.kernel_state import load_labels
from renomap.model.feedback import Feedback
from renomap.model.problem import MOST, Flags, Ints, Problem

SLICE_SECONDS = 0.008

#: Steps of annealing per area and unit of effort, and flips per step.
RECUTS_PER_AREA = 300
FLIPS = 8

#: The starting temperature in units of the mean rise of a random flip.
HEAT = 0.6


class Stopped(Exception):
    """The time is up or the user cancelled, and there is a plan to return."""


@dataclass
class Clock:
    """Cuts long kernels into slices and looks up between them. Slices never change what is computed, only when."""

    feedback: Feedback
    deadline: float | None
    have_plan: bool = False

    def slices(self, total: int, first: int = 16) -> Iterator[int]:
        """Sizes that add up to ``total``, each sized to take about ``SLICE_SECONDS``."""
        done, size = 0, first
        while done < total:
            size = min(size, total - done)
            began = time.perf_counter()
            yield size
            took = time.perf_counter() - began
            done += size
            size = max(1, int(size * min(4.0, SLICE_SECONDS / max(took, 1e-5))))
            self.look_up()

    def look_up(self) -> None:
        """Raise ``Stopped`` if it is time, or ``Cancelled`` if there is nothing to return yet."""
        try:
            self.feedback.check()
        except Cancelled:
            if self.have_plan:
                raise Stopped from None
            raise
        if self.have_plan and self.deadline is not None and time.perf_counter() > self.deadline:
            raise Stopped


@dataclass(frozen=True)
class Found:
    """Labels of the units (-1 for those not searched), which of the labels break a rule, and how far the search came."""

    labels: Ints
    illegal: Flags
    sweeps: int
    complete: bool


def seeded(seed: int) -> np.ndarray:
    """State of the generator from any integer: one step of SplitMix64, never zero (Steele, Lea, Flood 2014)."""
    mask = (1 << 64) - 1
    z = (seed * 0x9E3779B97F4A7C15 + 0x9E3779B97F4A7C15) & mask
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & mask
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & mask
    return np.array([(z ^ (z >> 31)) or 1], dtype=np.uint64)


def search(
    problem: Problem,
    outlook: Outlook,
    seed: int,
    effort: float,
    time_limit: float | None,
    feedback: Feedback,
    start: pd.Series[int] | None,
) -> Found:
    """Find a plan for the searched units of a problem; see ``search.solve``."""
    deadline = None if time_limit is None else time.perf_counter() + time_limit
    expected = (
        float(np.maximum(outlook.wanted, 1).sum()) if problem.count != MOST else float(outlook.high.sum())
    )
    arrays = build_arrays(problem, outlook.searched, max(1.0, expected + outlook.locked))
    run = Run(problem, outlook, arrays, seed, effort, Clock(feedback, deadline))
    complete = True
    try:
        run.first_plan()
        run.keep()
        run.improve()
    except Stopped:
        complete = False
    return run.found(complete)


class Run:
    """The state of one search and its phases."""

    def __init__(
        self, problem: Problem, outlook: Outlook, arrays: Arrays, seed: int, effort: float, clock: Clock
    ) -> None:
        self.problem, self.outlook, self.arrays = problem, outlook, arrays
        self.effort, self.clock = effort, clock
        self.areas, self.work, self.chance = empty_areas(arrays), new_work(arrays), seeded(seed)
        self.sweeps = 0
        self.best: tuple[float, float, Ints, int] | None = None
        n = arrays.nodes
        self.area_rank, self.area_order, self.seen = (np.zeros(n, np.int32) for _ in range(3))
        self.legal = np.zeros(n, np.int32)

    # -- first plan -------------------------------------------------------------------------------------

    def first_plan(self) -> None:
        """A plan with the wanted number of areas in every piece, as legal as it can be made."""
        order, parent = self._long_tree()
        if self.problem.count == MOST:
            self._cut(order, parent, np.full(self.arrays.pieces, self._lower()))
            self.clock.have_plan = True
            self._carry_for_most()
        else:
            self._cut_to_count(order, parent)
        self._merge_to_count()
        self._split_to_count()
        self._refresh()
        self.clock.have_plan = True

    def _lower(self) -> float:
        rules = self.arrays.rules
        return float(rules.lower[rules.lead])

    def _long_tree(self) -> tuple[Ints, Ints]:
        graph, n = self.arrays.graph, self.arrays.nodes
        degree = np.diff(graph.start).astype(np.int32)
        order, parent = np.zeros(n, np.int32), np.full(n, -1, np.int32)
        roots = self._roots()
        progress = np.array([0, 0, -1], dtype=np.int64)
        free = degree.copy()
        for size in self.clock.slices(2 * n + 2 * len(roots) + 2, 4096):
            build.long_tree(graph, roots, order, parent, free, progress, size)
        return order, parent

    def _roots(self) -> Ints:
        """A node of each piece where its tree starts: one of its dead ends, the same for every seed."""
        degree = np.diff(self.arrays.graph.start)
        by = np.lexsort((degree, self.arrays.piece))
        first = np.searchsorted(self.arrays.piece[by], np.arange(self.arrays.pieces))
        return by[first].astype(np.int32)

    def _cut(self, order: Ints, parent: Ints, goal: np.ndarray) -> Ints:
        """Cut the tree at a goal per piece, load the parts as areas; returns the parts per piece."""
        arrays = self.arrays
        label, found = np.zeros(arrays.nodes, np.int32), np.zeros(arrays.pieces, np.int32)
        sums = np.zeros((arrays.nodes, len(arrays.rules.lower)))
        parts = build.cut_tree(
            arrays.features,
            order,
            parent,
            arrays.piece,
            goal,
            arrays.rules.lower,
            arrays.rules.lead,
            sums,
            label,
            found,
        )
        load_labels(self.areas, arrays.features, label, parts)
        return found

    def _cut_to_count(self, order: Ints, parent: Ints) -> None:
        """Bisect the goal of every piece until the tree falls into the wanted number of parts, or a few more."""
        arrays, wanted = self.arrays, self.outlook.wanted
        rules = arrays.rules
        total = np.bincount(arrays.piece, arrays.features[:, rules.lead], minlength=arrays.pieces)
        low, high = np.zeros(arrays.pieces), total.copy()
        if rules.similarity_weight > 0 and rules.target_weight == 0 and not rules.border:
            # nothing but likeness is asked for: merging like with like beats cutting to size
            self._cut(order, parent, np.full(arrays.pieces, self._lower()))
            return
        mean = total / np.maximum(wanted, 1)
        low, high = 0.5 * mean, 1.0 * mean
        for _ in range(12):
            goal = (low + high) / 2
            found = self._cut(order, parent, goal)
            low, high = np.where(found >= wanted, goal, low), np.where(found >= wanted, high, goal)
            self.clock.look_up()
        self._cut(order, parent, low)

    def _carry_for_most(self) -> None:
        """Rounds of carrying excess until no plan could have more areas or the effort is spent."""
        rounds = int(40 * self.effort)
        high = int(self.outlook.high.sum())
        for turn in range(rounds):
            if self._count() >= high:
                break
            self._carry(self._lower(), True)
            if turn % 16 == 0:
                self.sweeps += 16

    def _carry(self, goal: float, most: bool) -> None:
        arrays = self.arrays
        roots = self._random_roots()
        reached = build.rank_areas(
            arrays.graph, self.areas, self.work, roots, self.area_rank, self.area_order, self.seen
        )
        done = 0
        for size in self.clock.slices(reached, 64):
            stop = reached - done
            build.carry(
                arrays.graph, arrays.features, arrays.rules, self.areas, self.work, self.chance,
                self.area_rank, self.area_order, self.seen, stop - size, stop, goal, most,
            )  # fmt: skip
            done += size

    def _random_roots(self) -> Ints:
        piece, pieces = self.arrays.piece, self.arrays.pieces
        by = np.argsort(piece, kind="stable")
        size = np.bincount(piece, minlength=pieces)
        first = np.concatenate([[0], np.cumsum(size)[:-1]])
        draw = np.array([moves.uniform(self.chance) for _ in range(pieces)])
        return by[first + (draw * size).astype(np.int64)].astype(np.int32)

    def _count(self) -> int:
        return int((self.areas.size[: self.areas.used[0]] > 0).sum())

    def _count_by_piece(self) -> np.ndarray:
        used = int(self.areas.used[0])
        alive = self.areas.size[:used] > 0
        return np.bincount(self.arrays.piece[self.areas.first[:used][alive]], minlength=self.arrays.pieces)

    def _merge_to_count(self) -> None:
        if self.problem.count == MOST:
            return
        arrays = self.arrays
        excess = np.maximum(self._count_by_piece() - np.maximum(self.outlook.wanted, 1), 0).astype(np.int32)
        partner = np.full(arrays.nodes, -2, np.int32)
        change = np.zeros(arrays.nodes)
        for size in self.clock.slices(int(excess.sum()), 4):
            build.merge_down(
                arrays.graph, arrays.features, arrays.rules, self.areas, self.work, arrays.piece, excess, partner,
                change, size,
            )  # fmt: skip
        self._compact()

    def _compact(self) -> None:
        """Number the areas without holes."""
        label = self.areas.label
        _, dense = np.unique(label, return_inverse=True)
        dense = dense.astype(np.int32)
        load_labels(self.areas, self.arrays.features, dense, int(dense.max()) + 1)

    def _split_to_count(self) -> None:
        """Split the largest areas of the pieces that have too few."""
        if self.problem.count == MOST:
            return
        arrays = self.arrays
        missing = np.maximum(self.outlook.wanted - self._count_by_piece(), 0)
        for piece in np.flatnonzero(missing).tolist():
            for _ in range(int(missing[piece])):
                used = int(self.areas.used[0])
                mine = (self.areas.size[:used] > 1) & (arrays.piece[self.areas.first[:used]] == piece)
                if not mine.any():
                    break
                largest = int(np.argmax(np.where(mine, self.areas.sums[:used, arrays.rules.lead], -1.0)))
                build.split_area(
                    arrays.graph, arrays.features, arrays.ground, arrays.rules, self.areas, self.work, largest, 8,
                    self.chance,
                )  # fmt: skip
                self.clock.look_up()

    # -- improvement ------------------------------------------------------------------------------------

    def _refresh(self) -> None:
        arrays = self.arrays
        self._compact()
        moves.cost_all(arrays.rules, arrays.ground, self.areas, self.work)

    def improve(self) -> None:
        """Anneal; then what is still illegal is split, merged or left over."""
        if self._count() <= 1 and self.arrays.pieces <= 1:
            return
        arrays = self.arrays
        total = int(RECUTS_PER_AREA * self.effort * self._count())
        rise = moves.typical_rise(
            arrays.graph, arrays.features, arrays.rules, self.areas, self.work, self.chance, 2000
        )
        progress = np.zeros(1, np.int64)
        checkpoints = 20
        for _ in range(checkpoints):
            for size in self.clock.slices(max(1, total // checkpoints), 64):
                moves.anneal(
                    arrays.graph, arrays.features, arrays.ground, arrays.rules, self.areas, self.work, self.chance,
                    progress, size, total, HEAT * rise, FLIPS,
                )  # fmt: skip
            self._refresh()
            self.keep()
            self.sweeps += 1

    def keep(self) -> None:
        """Remember the plan if it is the best so far: fewest illegal areas, then most areas, then least cost."""
        arrays = self.arrays
        illegal = build.legality(arrays.rules, arrays.ground, self.areas, self.work, self.legal)
        cost = moves.total_cost(arrays.graph, arrays.rules, self.areas)
        more = -self._count() if self.problem.count == MOST else 0
        rank = (illegal, more, cost)
        if self.best is None or rank < self.best[:3]:
            self.best = (*rank, self.areas.label.copy())
            self.clock.feedback.partial(arrays.spread(self.best[3]))

    def found(self, complete: bool) -> Found:
        """The best plan as labels of units."""
        arrays = self.arrays
        if self.best is None:
            self._refresh()
            self.keep()
        label = self.best[3]
        used = int(label.max()) + 1
        load_labels(self.areas, arrays.features, label, used)
        build.legality(arrays.rules, arrays.ground, self.areas, self.work, self.legal)
        illegal = self.legal[:used] == 0
        return Found(arrays.spread(label), illegal, self.sweeps, complete)
