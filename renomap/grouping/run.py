"""One run of the search.

Its state, the slices of work between which it can be stopped, and the best plan so far.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from renomap.errors import Cancelled
from renomap.grouping import kernel_mend, kernel_moves
from renomap.grouping.arrays import Arrays, number_by_first
from renomap.grouping.feasibility import Outlook
from renomap.grouping.kernel_state import load_labels
from renomap.model.feedback import Feedback
from renomap.model.problem import MOST, Flags, Ints, Partial, Problem

#: A kernel is called for about this long before the user is asked.
SLICE_SECONDS = 0.008

#: Between two plans that are shown on the way.
OFFER_SECONDS = 0.25


class Stopped(Exception):
    """The time is up or the user cancelled, and there is a plan to return."""


@dataclass
class Clock:
    """Cuts long kernels into slices and looks up between them; the slices do not change what is computed."""

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


def seeded(seed: int) -> npt.NDArray[np.uint64]:
    """State of the generator from any integer.

    One step of SplitMix64, never zero (Steele, Lea, Flood 2014).
    """
    mask = (1 << 64) - 1
    z = (seed * 0x9E3779B97F4A7C15 + 0x9E3779B97F4A7C15) & mask
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & mask
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & mask
    return np.array([(z ^ (z >> 31)) or 1], dtype=np.uint64)


@dataclass
class Best:
    """The best plan so far.

    Nodes in illegal areas, areas above or below the wish, cost, labels of the nodes.
    """

    rank: tuple[int, int, float]
    label: Ints


@dataclass
class Run:
    """The state of one search. Phases are functions on it: ``first_plan``, ``mending`` and ``improving``."""

    problem: Problem
    outlook: Outlook
    arrays: Arrays
    chance: npt.NDArray[np.uint64]
    effort: float
    clock: Clock
    sweeps: int = 0
    best: Best | None = None
    offered: float = -math.inf
    legal: Ints = field(init=False)

    def __post_init__(self) -> None:
        self.legal = np.full(self.arrays.nodes, -1, np.int32)

    @property
    def used(self) -> int:
        """Areas numbered so far, empty ones included."""
        return int(self.arrays.plan.rule[0]["used"])

    @property
    def alive(self) -> Flags:
        """Which of the numbered areas exist."""
        return np.asarray(self.arrays.plan.area["size"][: self.used] > 0)

    def count(self) -> int:
        """Number of areas."""
        return int(self.alive.sum())

    def count_by_piece(self) -> npt.NDArray[np.int64]:
        """Number of areas in each piece."""
        first = self.arrays.plan.area["first"][: self.used][self.alive]
        return np.bincount(self.arrays.piece[first], minlength=self.arrays.pieces)

    def wanted(self) -> int | None:
        """The exact number of areas to be found, without the locked ones; None where it is free."""
        return self.problem.count - self.outlook.locked if isinstance(self.problem.count, int) else None

    def load(self, label: Ints) -> None:
        """Put the plan with these labels of nodes in place of the present one, costs refreshed."""
        _, dense = np.unique(label, return_inverse=True)
        load_labels(self.arrays.plan, dense.astype(np.int32).ravel(), int(dense.max()) + 1)
        kernel_moves.cost_all(self.arrays.plan, self.arrays.ground)

    def refresh(self) -> None:
        """Number the areas without holes and refresh sums and costs, which drift in long runs."""
        self.load(self.arrays.plan.node["label"].copy())

    def illegal(self) -> Ints:
        """The areas that break a rule now."""
        kernel_mend.legality(self.arrays.plan, self.arrays.ground, self.legal)
        return np.flatnonzero(self.legal[: self.used] == 0).astype(np.int32)

    def keep(self) -> None:
        """Remember the plan if it is the best so far.

        Least nodes in illegal areas, then the count, then cost.
        """
        rank = self._rank()
        if self.best is None or rank < self.best.rank:
            self._remember(rank)

    def take(self) -> None:
        """Remember the plan, whatever it costs, unless it has more nodes in illegal areas than the best."""
        rank = self._rank()
        if self.wanted() is not None:
            self.keep()
        elif self.best is None or rank[0] <= self.best.rank[0]:
            self._remember(rank)

    def _rank(self) -> tuple[int, int, float]:
        outside = kernel_mend.legality(self.arrays.plan, self.arrays.ground, self.legal)
        cost = kernel_moves.total_cost(self.arrays.plan)
        legal = int((self.legal[: self.used] == 1).sum())
        wanted = self.wanted()
        off = -legal if self.problem.count == MOST else abs(legal - wanted) if wanted is not None else 0
        return (off, outside, cost) if wanted is not None else (outside, off, cost)

    def _remember(self, rank: tuple[int, int, float]) -> None:
        self.best = Best(rank, self.arrays.plan.node["label"].copy())
        self._offer()

    def _offer(self) -> None:
        """Show the best plan so far to whoever listens, a few times a second at most."""
        assert self.best is not None
        now = time.perf_counter()
        if now < self.offered + OFFER_SECONDS:
            return
        self.offered = now
        searched = self.arrays.node_of >= 0
        labels = number_by_first(self.best.label)[self.arrays.node_of[searched]]
        self.clock.feedback.partial(Partial(self.problem.keys[searched], labels))
