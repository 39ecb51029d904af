"""A stroke while the button is down: what it takes, changes and would break."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from renomap.editing import rules as area_rules
from renomap.editing.findings import OVER_CROSSING, Finding
from renomap.editing.graph import Graph, pieces, stays_whole
from renomap.editing.rules import AreaRules
from renomap.editing.tally import Tally
from renomap.model.scheme import UNASSIGNED

#: The walk inside larger areas is judged after the release: every pair of members takes too long for a hand.
WALKED: Final = 60


@dataclass(frozen=True)
class StrokeEffect:
    """What a stroke means so far.

    Parameters
    ----------
    fids : tuple of int
        Neighbourhoods taken since the stroke began, in order: what ``assign.paint`` is given.
    to : tuple of int
        The area that each of them goes to, 0 = none.
    areas : tuple of int
        Areas that gain or lose, the target first; 0 (none) is not among them.
    before, after : Tally
        Totals when the stroke began and now; ``before.change(after, area, name)`` is the number at the
        cursor.
    findings : tuple of Finding
        Rules that the stroke breaks and that held before it.
    """

    fids: tuple[int, ...]
    to: tuple[int, ...]
    areas: tuple[int, ...]
    before: Tally
    after: Tally
    findings: tuple[Finding, ...]


class Stroke:
    """One stroke of the brush. Not a value: it lives from press to release and never touches the project.

    The cost of ``touch`` depends on the units touched and on the areas they leave or join, not on how many
    other areas there are.

    Parameters
    ----------
    graph : Graph
    labels : (n,) int64
        Area id per position when the stroke begins (``graph.labels(scheme.assignment)``).
    target : int
        Area painted with, 0 = the eraser. A new area takes the id that it will have.
    counted : Tally
        Totals when the stroke begins.
    rules : AreaRules
    locked : frozenset of int
        Areas that give nothing away. A locked target takes nothing.
    only_unassigned : bool
        Take only neighbourhoods that are in no area.
    """

    def __init__(
        self,
        graph: Graph,
        labels: npt.NDArray[np.int64],
        target: int,
        counted: Tally,
        rules: AreaRules | None = None,
        *,
        locked: frozenset[int] = frozenset(),
        only_unassigned: bool = False,
    ) -> None:
        self._graph = graph
        self._first = labels
        self._labels: list[int] = labels.tolist()
        self._now = labels.copy()
        self._target = target
        self._rules = rules or AreaRules()
        self._closed = locked | {target}
        self._only_unassigned = only_unassigned
        self._stuck = target in locked
        self._before = self._after = counted
        self._taken: dict[int, int] = {}  # position -> area it came from, in the order of the stroke
        self._parts: dict[int, tuple[int, int]] = {}  # pieces of an area when the stroke began
        self._torn: dict[int, tuple[Finding, ...]] = {}
        self._far: dict[int, bool] = {}  # whether walks in an area were too long when the stroke began

    def touch(self, fids: Iterable[int]) -> StrokeEffect:
        """Take what the brush has reached; what was taken before, is locked or is unknown is passed over."""
        fresh = [] if self._stuck else self._free(self._graph.positions(fids).tolist())
        if fresh:
            units = np.array(fresh, dtype=np.intp)
            came_from = self._now[units].copy()
            self._after = self._after.moved(units, came_from, self._target)
            for unit, area in zip(fresh, came_from.tolist(), strict=True):
                self._taken[unit] = area
                self._labels[unit] = self._target
            self._now[units] = self._target
            for area in sorted(set(came_from.tolist()) - {UNASSIGNED}):
                self._look_at_loser(area, [unit for unit in fresh if self._taken[unit] == area])
            if self._target != UNASSIGNED:
                self._look_at_target(fresh)
        return self.effect()

    def effect(self) -> StrokeEffect:
        """What the stroke means so far."""
        areas = tuple(dict.fromkeys([self._target, *sorted(set(self._taken.values()))]))
        areas = tuple(area for area in areas if area != UNASSIGNED) if self._taken else ()
        fids = tuple(int(self._graph.fids[unit]) for unit in self._taken)
        torn = [finding for area in areas for finding in self._torn.get(area, ())]
        to = (self._target,) * len(fids)
        held = area_rules.newly_broken_sizes(self._rules, self._before, self._after, areas)
        return StrokeEffect(fids, to, areas, self._before, self._after, (*torn, *held, *self._walks(areas)))

    def _free(self, units: Iterable[int]) -> list[int]:
        fresh = []
        for unit in dict.fromkeys(units):
            area = self._labels[unit]
            if area not in self._closed and not (self._only_unassigned and area != UNASSIGNED):
                fresh.append(unit)
        return fresh

    def _look_at_loser(self, area: int, gone: list[int]) -> None:
        whole = self._parts_before(area)[1] == 1 and not self._torn.get(area)
        if whole and stays_whole(self._graph.plain, self._labels, area, gone):
            return
        self._report(area)

    def _look_at_target(self, fresh: list[int]) -> None:
        """Whole before, it is whole now if every piece of what is new lies beside an earlier member."""
        new = set(fresh)
        near, labels, target = self._graph.plain, self._labels, self._target
        whole = self._parts_before(target)[1] <= 1 and not self._torn.get(target)
        if whole and all(
            any(labels[j] == target and j not in new for i in piece for j in near[i])
            for piece in pieces(near, new)
        ):
            return
        self._report(target)

    def _report(self, area: int) -> None:
        members = np.flatnonzero(self._now == area).tolist()
        found = area_rules.connection(self._graph, self._rules, area, members)
        pieces_before, banks_before = self._parts_before(area)
        self._torn[area] = tuple(
            item
            for item in found
            if item.params["parts"] > max(1, banks_before if item.code == OVER_CROSSING else pieces_before)
        )

    def _parts_before(self, area: int) -> tuple[int, int]:
        """Pieces of an area, and pieces without crossings, when the stroke began: these it did not tear."""
        if area not in self._parts:
            members = np.flatnonzero(self._first == area).tolist()
            banks = len(pieces(self._graph.plain, members))
            whole = banks < 2 or self._graph.plain is self._graph.near
            self._parts[area] = (banks if whole else len(pieces(self._graph.near, members)), banks)
        return self._parts[area]

    def _walks(self, areas: Iterable[int]) -> Iterable[Finding]:
        for area in areas:
            if self._before.count(area) and max(self._before.count(area), self._after.count(area)) <= WALKED:
                if area not in self._far:
                    old = np.flatnonzero(self._first == area).tolist()
                    self._far[area] = bool(area_rules.walk(self._graph, self._rules, area, old))
                if not self._far[area]:
                    new = np.flatnonzero(self._now == area).tolist()
                    yield from area_rules.walk(self._graph, self._rules, area, new)


def foresee(
    graph: Graph,
    labels: npt.NDArray[np.int64],
    wanted: npt.NDArray[np.int64],
    counted: Tally,
    rules: AreaRules,
    target: int = UNASSIGNED,
) -> StrokeEffect:
    """What a change of areas means, before it is made: that of a finished sketch, of a merger, of a fix.

    Parameters
    ----------
    labels, wanted : (n,) int64
        Area id per position now and afterwards (``graph.labels``), 0 = none.
    counted : Tally
        Totals now.
    target : int
        The area that comes first in ``areas``; 0 = in the order of their ids.
    """
    moved = np.flatnonzero(labels != wanted)
    after = counted.moved(moved, labels[moved], wanted[moved])
    concerned = {*labels[moved].tolist(), *wanted[moved].tolist()} - {UNASSIGNED}
    areas = tuple(sorted(concerned, key=lambda area: (area != target, area)))
    found: list[Finding] = []
    for area in areas:
        old, new = (np.flatnonzero(at == area).tolist() for at in (labels, wanted))
        held = {item.code for item in _judged(graph, rules, area, old)}
        found += [item for item in _judged(graph, rules, area, new) if item.code not in held]
    sizes = area_rules.newly_broken_sizes(rules, counted, after, areas)
    fids = tuple(graph.fids[moved].tolist())
    return StrokeEffect(fids, tuple(wanted[moved].tolist()), areas, counted, after, (*found, *sizes))


def _judged(graph: Graph, rules: AreaRules, area: int, units: list[int]) -> tuple[Finding, ...]:
    if not units:
        return ()
    torn = area_rules.connection(graph, rules, area, units)
    return torn if len(units) > WALKED else (*torn, *area_rules.walk(graph, rules, area, units))
