"""Why a unit or an area is as it is: the legal moves, what they would change, and what forbids the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from renomap.errors import RenomapError
from renomap.grouping import objective, verify
from renomap.model.feedback import Feedback, Silent
from renomap.model.problem import NO_AREA, Ints, Problem, Violation


@dataclass(frozen=True)
class Move:
    """What would happen if units changed area.

    ``to`` is the label of the receiving area, -1 = an area of its own (or, for an area, dissolved).
    ``change`` holds the difference per weighted term (positive = better), ``total`` the difference of the
    objective. ``broken`` is empty for a legal move; else the rules that forbid it.
    """

    fids: tuple[int, ...]
    to: int
    change: Mapping[str, float]
    total: float
    broken: tuple[Violation, ...]

    @property
    def legal(self) -> bool:
        """Whether the move breaks no rule."""
        return not self.broken


@dataclass(frozen=True)
class UnitExplained:
    """Where a unit is, and every other area it touches, best legal move first."""

    fid: int
    label: int
    moves: tuple[Move, ...]


@dataclass(frozen=True)
class Binding:
    """A bound of an area and how near it is: ``value`` of capacity ``name`` (or walk) against ``limit``.

    ``slack`` in its unit.
    """

    name: str
    side: str  # lower | upper
    value: float
    limit: float
    slack: float


@dataclass(frozen=True)
class AreaExplained:
    """What holds an area where it is.

    ``bindings`` are its bounds, tightest (relative to the limit) first. ``isolated`` is True where no
    usable link leads out of it; ``barred`` lists the units outside that a link reaches which may not be
    used (administrative line, too long). ``swaps`` holds the best exchange of one unit with each
    neighbouring area, best first.
    """

    label: int
    bindings: tuple[Binding, ...]
    isolated: bool
    barred: tuple[int, ...]
    swaps: tuple[Move, ...]


def unit(problem: Problem, labels: Ints, fid: int) -> UnitExplained:
    """Every move of a unit to an area it touches, with its effect term by term or the rules that forbid it.

    Errors
    ------
    ``grouping.unknown-unit`` if the fid is not in the problem.
    """
    at = _position(problem, fid)
    labels = np.asarray(labels)
    home = int(labels[at])
    group = _kept_with(problem, at)
    targets = sorted(_areas_touched(problem, labels, group) - {home})
    if (labels == home).sum() > len(group) and home >= 0:
        targets.append(NO_AREA)
    before = objective.terms(problem, labels)
    known = _broken_keys(problem, labels)
    moves = []
    for to in targets:
        after = labels.copy()
        after[group] = to if to >= 0 else int(labels.max()) + 1
        moves.append(_judged(problem, after, group, to, before, known))
    return UnitExplained(fid, home, tuple(sorted(moves, key=_preference)))


def area(
    problem: Problem, labels: Ints, label: int, *, swaps: bool = True, feedback: Feedback | None = None
) -> AreaExplained:
    """The bounds that bind an area, what isolates it, and its best swap with each neighbour.

    ``feedback`` is told how far the search for swaps is, and can stop it.

    Errors
    ------
    ``grouping.unknown-area`` if no unit carries the label.
    """
    labels = np.asarray(labels)
    units = np.flatnonzero(labels == label).astype(np.int32)
    if len(units) == 0:
        raise RenomapError("grouping.unknown-area", label=label)
    neighbours = sorted(_areas_touched(problem, labels, units) - {label})
    leaving = (labels[problem.a] == label) != (labels[problem.b] == label)
    out = np.where(labels[problem.a] == label, problem.b, problem.a)
    barred = np.unique(out[leaving & ~problem.usable])
    return AreaExplained(
        label,
        _bindings(problem, labels, units, label),
        not bool((leaving & problem.usable).any()),
        tuple(int(problem.keys[i]) for i in barred),
        tuple(_best_swaps(problem, labels, label, neighbours, feedback or Silent())) if swaps else (),
    )


def _position(problem: Problem, fid: int) -> int:
    at = int(np.searchsorted(problem.keys, fid))
    if at >= len(problem) or problem.keys[at] != fid:
        raise RenomapError("grouping.unknown-unit", fid=fid)
    return at


def _kept_with(problem: Problem, at: int) -> Ints:
    """The units that must move together with a unit, itself included."""
    group = {at}
    pairs = problem.together.tolist()
    grown = True
    while grown:
        grown = False
        for i, j in pairs:
            if (i in group) != (j in group):
                group |= {i, j}
                grown = True
    return np.array(sorted(group), dtype=np.int32)


def _areas_touched(problem: Problem, labels: Ints, units: Ints) -> set[int]:
    touching = np.isin(problem.a, units) | np.isin(problem.b, units)
    touching &= problem.usable
    found = np.concatenate([labels[problem.a[touching]], labels[problem.b[touching]]])
    return {int(label) for label in found if label >= 0}


def _broken_keys(problem: Problem, labels: Ints) -> set[tuple[str, int]]:
    return {(item.rule, item.label) for item in verify.violations(problem, labels)}


def _judged(
    problem: Problem,
    after: Ints,
    units: Ints,
    to: int,
    before: Mapping[str, float],
    known: set[tuple[str, int]],
) -> Move:
    """A changed plan against the present one; rules that were broken before are not held against it."""
    values = objective.terms(problem, after)
    change = {term: values[term] - before[term] for term in problem.weights}
    broken = tuple(item for item in verify.violations(problem, after) if (item.rule, item.label) not in known)
    total = sum(problem.weights[term] * value for term, value in change.items())
    return Move(tuple(int(problem.keys[i]) for i in units), to, change, float(total), broken)


def _preference(move: Move) -> tuple[bool, float, int]:
    return (not move.legal, -move.total, move.to)


def _bindings(problem: Problem, labels: Ints, units: Ints, label: int) -> tuple[Binding, ...]:
    found = []
    for capacity in problem.capacities:
        if capacity.binds is not None and not capacity.binds[units].any():
            continue
        total = float(capacity.known[units].sum())
        if capacity.lower > 0:
            found.append(Binding(capacity.name, "lower", total, capacity.lower, total - capacity.lower))
        if np.isfinite(capacity.upper):
            found.append(Binding(capacity.name, "upper", total, capacity.upper, capacity.upper - total))
    if np.isfinite(problem.walk_max):
        alone = np.where(labels == label, 0, NO_AREA)
        walk = float(objective.walks(problem, alone)[0])
        found.append(Binding("walk", "upper", walk, problem.walk_max, problem.walk_max - walk))
    return tuple(sorted(found, key=lambda item: item.slack / max(item.limit, 1e-9)))


def _best_swaps(
    problem: Problem, labels: Ints, label: int, neighbours: list[int], feedback: Feedback
) -> list[Move]:
    """For each neighbouring area the legal exchange of one border unit each that gains most, if any."""
    before = objective.terms(problem, labels)
    known = _broken_keys(problem, labels)
    best = []
    for number, other in enumerate(neighbours):
        feedback.progress(number / len(neighbours), "job.why")
        inner, outer = (
            _border_units(problem, labels, label, other),
            _border_units(problem, labels, other, label),
        )
        moves = []
        for i in inner:
            for j in outer:
                feedback.check()
                after = labels.copy()
                after[i], after[j] = other, label
                moves.append(_judged(problem, after, np.array([i, j]), other, before, known))
        legal = [move for move in moves if move.legal]
        if legal:
            best.append(min(legal, key=_preference))
    return sorted(best, key=_preference)


def _border_units(problem: Problem, labels: Ints, inside: int, outside: int) -> list[int]:
    one, two = labels[problem.a], labels[problem.b]
    units = np.concatenate(
        [
            problem.a[problem.usable & (one == inside) & (two == outside)],
            problem.b[problem.usable & (two == inside) & (one == outside)],
        ]
    )
    return [int(i) for i in np.unique(units) if len(_kept_with(problem, int(i))) == 1]
