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
from renomap.grouping.arrays import Arrays
from renomap.grouping.dense import by_first, dense
from renomap.grouping.feasibility import Forecast, ideal_counts
from renomap.grouping.kernels import mend as kernel_mend
from renomap.grouping.kernels import moves as kernel_moves
from renomap.grouping.kernels.state import load_labels
from renomap.model.feedback import Feedback
from renomap.model.problem import AUTO, MOST, Flags, Floats, Ints, Partial, Problem

#: A kernel is called for about this long before the user is asked.
SLICE_SECONDS = 0.008

#: Costs that differ by less than this are equal: sums of the same numbers in another order.
ROUNDING = 1e-12

#: Weights of the terms that are means over areas.
MEAN_WEIGHTS = ("target_weight", "community_weight", "walk_weight")

#: Between two plans that are shown on the way.
OFFER_SECONDS = 0.25


class Stopped(Exception):
    """The time is up or the user cancelled, and there is a plan to return."""


@dataclass
class Clock:
    """Cuts long kernels into slices and looks up between them; the slices do not change what is computed.

    Once ``over`` nobody is asked any more: what is left to do is to hand over the plan.
    """

    feedback: Feedback
    deadline: float | None
    have_plan: bool = False
    over: bool = False

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
        if self.over:
            return
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
    """The best plan so far, piece by piece: pieces do not meet, so the best of each make the best plan.

    Per piece the legal areas, the nodes in illegal ones, how far the number of areas is off the wish, and the
    cost; the labels of all nodes.
    """

    areas: Ints
    outside: Ints
    off: Floats
    cost: Floats
    label: Ints

    def better(self, other: Best) -> Flags:
        """The pieces in which this plan is better: fewer nodes outside, then less off, then cheaper."""
        cheaper = self.cost < other.cost - ROUNDING
        nearer = (self.off < other.off) | ((self.off == other.off) & cheaper)
        return np.asarray((self.outside < other.outside) | ((self.outside == other.outside) & nearer))


@dataclass
class Run:
    """The state of one search. Phases are functions on it: ``first_plan``, ``mending`` and ``improving``.

    ``expected`` is the number of areas for which costs stand for means over areas; ``solved`` (pieces,) marks
    pieces of which no better plan exists under these costs.
    """

    problem: Problem
    forecast: Forecast
    arrays: Arrays
    chance: npt.NDArray[np.uint64]
    effort: float
    clock: Clock
    expected: float
    sweeps: int = 0
    best: Best | None = None
    offered: float = -math.inf
    legal: Ints = field(init=False)
    solved: Flags = field(init=False)

    def __post_init__(self) -> None:
        self.legal = np.full(self.arrays.nodes, -1, np.int32)
        self.solved = np.zeros(self.arrays.pieces, dtype=bool)

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
        return self.problem.count - self.forecast.locked if isinstance(self.problem.count, int) else None

    def is_met(self) -> bool:
        """Whether the best plan has the exact number of areas that is wanted."""
        return self.best is not None and int(self.best.areas.sum()) == self.wanted()

    def goal(self) -> tuple[Ints, Floats]:
        """The number of areas to aim at in each piece, and which one would be ideal if parts could be.

        Of two numbers that are as near, the larger is the nearer.
        """
        forecast, count = self.forecast, self.problem.count
        wanted = forecast.high if count == MOST else forecast.wanted
        ideal = ideal_counts(self.problem, forecast) if count == AUTO else wanted
        return wanted, ideal + 1e-6

    def load(self, label: Ints) -> None:
        """Put the plan with these labels of nodes in place of the present one, costs refreshed."""
        numbers, at = dense(label)
        load_labels(self.arrays.plan, at.astype(np.int32), len(numbers))
        self.clock.look_up()
        kernel_moves.cost_all(self.arrays.plan, self.arrays.ground)
        self.clock.look_up()

    def refresh(self) -> None:
        """Number the areas without holes and refresh sums and costs, which drift in long runs."""
        self.load(self.arrays.plan.node["label"].copy())

    def illegal(self) -> Ints:
        """The areas that break a rule now."""
        kernel_mend.legality(self.arrays.plan, self.arrays.ground, self.legal)
        return np.flatnonzero(self.legal[: self.used] == 0).astype(np.int32)

    def to_mend(self) -> Ints:
        """The areas that break a rule and may be made legal: in a piece that is solved nothing more can."""
        illegal = self.illegal()
        first = self.arrays.plan.area["first"][illegal]
        return np.asarray(illegal[~self.solved[self.arrays.piece[first]]])

    def expect(self, areas: float) -> None:
        """Make costs stand for means over that number of areas; what was solved may not be any more."""
        rule = self.arrays.plan.rule[0]
        for name in MEAN_WEIGHTS:
            rule[name] *= self.expected / areas
        self.expected = areas
        self.solved[:] = False
        self.refresh()
        if self.best is not None:
            label = self.arrays.plan.node["label"].copy()
            self.load(self.best.label)
            self.best = self._standing()
            self.load(label)

    def has_means(self) -> bool:
        """Whether anything is weighed as a mean over areas."""
        return any(self.arrays.plan.rule[0][name] > 0 for name in MEAN_WEIGHTS)

    def keep(self) -> None:
        """Remember what is the best so far.

        An exact number of areas is wanted of the plan as a whole: there, pieces are exchanged one by one
        only for such as have as many areas.
        """
        now, wanted = self._standing(), self.wanted()
        if self.best is None or (wanted is not None and _rank(now, wanted) < _rank(self.best, wanted)):
            self.best = now
        else:
            better = now.better(self.best)
            if wanted is not None:
                better &= now.areas == self.best.areas
            if not better.any():
                return
            self.best = self._mixed(now, self.best, better)
        self._offer()

    def take(self) -> None:
        """Remember the plan, whatever it costs, unless it has more nodes in illegal areas than the best."""
        if self.wanted() is not None:
            self.keep()
            return
        now = self._standing()
        if self.best is None or now.outside.sum() <= self.best.outside.sum():
            self.best = now
            self._offer()

    def _offer(self) -> None:
        """Show the best plan so far to whoever listens, a few times a second at most."""
        assert self.best is not None
        now = time.perf_counter()
        if now < self.offered + OFFER_SECONDS:
            return
        self.offered = now
        searched = self.arrays.node_of >= 0
        labels = by_first(self.best.label)[self.arrays.node_of[searched]]
        self.clock.feedback.partial(Partial(self.problem.keys[searched], labels))

    def _standing(self) -> Best:
        """The plan at hand as it would be remembered."""
        plan, pieces = self.arrays.plan, self.arrays.pieces
        kernel_mend.legality(plan, self.arrays.ground, self.legal)
        self.clock.look_up()
        areas, outside = np.zeros(pieces, np.int32), np.zeros(pieces, np.int32)
        cost = np.zeros(pieces)
        kernel_moves.standing(plan, self.arrays.piece, self.legal, cost, areas, outside)
        self.clock.look_up()
        off = np.abs(areas - self.goal()[1])
        return Best(areas, outside, off, cost, plan.node["label"].copy())

    def _mixed(self, now: Best, then: Best, better: Flags) -> Best:
        """The pieces of ``now`` where it is better, of ``then`` elsewhere."""
        label = np.where(better[self.arrays.piece], now.label, then.label + len(now.label))
        return Best(
            np.where(better, now.areas, then.areas),
            np.where(better, now.outside, then.outside),
            np.where(better, now.off, then.off),
            np.where(better, now.cost, then.cost),
            by_first(label),
        )


def _rank(plan: Best, wanted: int) -> tuple[int, int, float]:
    """How good a plan is as a whole where an exact number of areas is wanted; less is better."""
    return abs(int(plan.areas.sum()) - wanted), int(plan.outside.sum()), float(plan.cost.sum())
