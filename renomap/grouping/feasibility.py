"""What can be said before any search.

Units no area can take, pieces no count can serve, wishes that contradict.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from renomap.errors import RenomapError
from renomap.model.connection import connected
from renomap.model.problem import (
    AUTO,
    FEWEST,
    MOST,
    NO_AREA,
    Flags,
    Ints,
    Problem,
    Reason,
)

Numbers = npt.NDArray[Any]

SLACK = 1e-6


@dataclass(frozen=True)
class Leftover:
    """Units that no legal area can take in, and why. One unit = scattered, more = one undersized area."""

    units: Ints
    reason: Reason


@dataclass(frozen=True)
class Forecast:
    """What the search is asked for, and what it need not try.

    Parameters
    ----------
    searched : (n,) bool
        Units the search has to place; the others are locked or in ``leftovers``.
    piece : (n,) int32
        Piece of each searched unit, numbered by first unit; -1 for the others.
    low, high : (pieces,) int64
        No plan has fewer or more areas than these. ``high`` is a valid upper bound, not always reachable.
    wanted : (pieces,) int64
        Areas to look for; -1 = as many as can be ('most').
    locked : int
        Number of locked areas.
    """

    searched: Flags
    piece: Ints
    low: Numbers
    high: Numbers
    wanted: Numbers
    leftovers: tuple[Leftover, ...]
    locked: int

    @property
    def pieces(self) -> int:
        """Number of pieces the search has to serve."""
        return len(self.low)


def check(problem: Problem, look: Callable[[], None] = lambda: None) -> Forecast:
    """Judge a problem before the search; ``look`` is called now and then, to ask whether to go on.

    Errors
    ------
    ``grouping.bounds-crossed`` a minimum above its maximum; ``grouping.contradiction`` units to be kept
    both together and apart; ``grouping.together-unreachable`` units to be kept together that no usable links
    between them join; ``grouping.lock-apart`` a locked area that is not connected;
    ``grouping.lock-mixed`` a wish that ties a locked unit to others; ``grouping.count-...`` an exact number
    that cannot be, with the rule that forbids it.
    """
    _refuse_crossed_bounds(problem)
    groups = must_groups(problem)
    look()
    _refuse_contradictions(problem, groups)
    _refuse_torn_groups(problem, groups)
    locked = _refuse_torn_locks(problem)
    free = np.ones(len(problem), dtype=bool) if len(problem.fixed) == 0 else problem.fixed < 0
    free, oversize = _set_aside_oversize(problem, groups, free)
    look()
    piece, low, high = _pieces(problem, groups, free, look)
    hopeless = high < 1
    leftovers = [*oversize, *_hopeless(problem, piece, np.flatnonzero(hopeless))]
    searched = free & (piece >= 0) & ~np.append(hopeless, True)[piece]
    rank = np.cumsum(~hopeless) - 1
    piece = np.where(searched, np.append(rank, 0)[piece], NO_AREA).astype(np.int32)
    low, high = low[~hopeless], high[~hopeless]
    forecast = Forecast(searched, piece, low, high, high, tuple(leftovers), locked)
    return replace(forecast, wanted=_wanted(problem, forecast))


def must_groups(problem: Problem) -> Ints:
    """Group of each unit under 'together', numbered arbitrarily."""
    return connected(len(problem), problem.together[:, 0], problem.together[:, 1])


def _refuse_crossed_bounds(problem: Problem) -> None:
    everybody = np.ones(len(problem), dtype=bool)
    for one, other in itertools.product(problem.capacities, repeat=2):
        if one.name != other.name or one.lower <= other.upper:
            continue
        binds = [everybody if item.binds is None else item.binds for item in (one, other)]
        if (binds[0] & binds[1]).any():
            raise RenomapError(
                "grouping.bounds-crossed",
                capacity=f"grouping.capacity.{one.name}",
                lower=_round(one.lower),
                upper=_round(other.upper),
            )


def _refuse_contradictions(problem: Problem, groups: Ints) -> None:
    fixed = problem.fixed
    for i, j in problem.apart.tolist():
        locked_in_one = len(fixed) > 0 and fixed[i] == fixed[j] >= 0
        if groups[i] == groups[j] or locked_in_one:
            raise RenomapError("grouping.contradiction", one=int(problem.keys[i]), two=int(problem.keys[j]))


def _refuse_torn_groups(problem: Problem, groups: Ints) -> None:
    if len(problem.together) == 0:
        return
    same = problem.usable & (groups[problem.a] == groups[problem.b])
    part = connected(len(problem), problem.a[same], problem.b[same])
    for i, j in problem.together.tolist():
        if part[i] != part[j]:
            raise RenomapError(
                "grouping.together-unreachable", one=int(problem.keys[i]), two=int(problem.keys[j])
            )


def _refuse_torn_locks(problem: Problem) -> int:
    """Number of locked areas, after checking that each is connected and tied to nothing outside it."""
    fixed = problem.fixed
    if len(fixed) == 0 or (fixed < 0).all():
        return 0
    same = problem.usable & (fixed[problem.a] == fixed[problem.b]) & (fixed[problem.a] >= 0)
    part = connected(len(problem), problem.a[same], problem.b[same])
    inside = np.flatnonzero(fixed >= 0)
    found = np.unique(np.stack([fixed[inside], part[inside]], axis=1), axis=0)[:, 0]
    torn = np.flatnonzero(np.bincount(found) > 1)
    if len(torn):
        units = np.flatnonzero(fixed == torn[0])
        away = units[part[units] != part[units[0]]][0]
        raise RenomapError(
            "grouping.lock-apart", one=int(problem.keys[units[0]]), two=int(problem.keys[away])
        )
    for i, j in problem.together.tolist():
        if fixed[i] != fixed[j]:
            raise RenomapError("grouping.lock-mixed", one=int(problem.keys[i]), two=int(problem.keys[j]))
    return len(np.unique(fixed[inside]))


def _set_aside_oversize(problem: Problem, groups: Ints, free: Flags) -> tuple[Flags, list[Leftover]]:
    """Units (or groups kept together) that exceed an upper bound by themselves."""
    leftovers = []
    free = free.copy()
    for capacity in problem.capacities:
        if not np.isfinite(capacity.upper):
            continue
        total = np.bincount(groups, capacity.known)[groups]
        for first in np.flatnonzero(free & (total > capacity.upper + SLACK)).tolist():
            if not free[first]:
                continue
            units = np.flatnonzero(groups == groups[first]).astype(np.int32)
            free[units] = False
            params = {
                "capacity": f"grouping.capacity.{capacity.name}",
                "total": _round(total[first]),
                "upper": _round(capacity.upper),
            }
            leftovers.append(Leftover(units, Reason("grouping.reason.oversize", params)))
    return free, leftovers


def _round(value: float) -> float | int:
    """A number for a sentence: whole where it is whole, else one decimal."""
    return int(value) if float(value).is_integer() else round(float(value), 1)


def _pieces(
    problem: Problem, groups: Ints, free: Flags, look: Callable[[], None]
) -> tuple[Ints, Numbers, Numbers]:
    """Pieces of the free units, by first unit, with the least and the largest number of areas of each."""
    inside = problem.usable & free[problem.a] & free[problem.b]
    pairs = problem.together
    a = np.concatenate([problem.a[inside], pairs[:, 0]])
    b = np.concatenate([problem.b[inside], pairs[:, 1]])
    raw = connected(len(problem), a, b)
    piece = np.full(len(problem), NO_AREA, dtype=np.int32)
    units = np.flatnonzero(free)
    numbers, first, at = np.unique(raw[units], return_index=True, return_inverse=True)
    rank = np.empty(len(numbers), dtype=np.int32)
    rank[np.argsort(first, kind="stable")] = np.arange(len(numbers), dtype=np.int32)
    piece[units] = rank[at.ravel()]
    look()
    count = len(numbers)
    nodes = np.bincount(piece[units], 1.0 / np.bincount(groups)[groups[units]], minlength=count)
    low = np.ones(count, dtype=np.int64)
    high = np.round(nodes).astype(np.int64)
    for capacity in problem.capacities:
        total = np.bincount(piece[units], capacity.known[units], minlength=count)
        if np.isfinite(capacity.upper) and capacity.upper > 0:
            low = np.maximum(low, np.ceil((total - SLACK) / capacity.upper).astype(np.int64))
        if capacity.lower > 0:
            look()
            high = np.minimum(
                high, _most_areas(problem, groups, free, piece, capacity.known, capacity.lower, count)
            )
    return piece, low, high


def _most_areas(
    problem: Problem, groups: Ints, free: Flags, piece: Ints, values: Numbers, lower: float, count: int
) -> Numbers:
    """A valid upper bound per piece on the areas of at least ``lower``.

    An area either holds a unit (or group) that reaches the bound alone, or lies inside one component of
    what remains without those, and such a component holds at most the whole number of times its total
    contains the bound.
    """
    total = np.bincount(groups, values)[groups]
    large = free & (total >= lower - SLACK)
    _, first_of_group = np.unique(groups, return_index=True)
    once = np.zeros(len(problem), dtype=bool)
    once[first_of_group] = True
    most = np.bincount(piece[large & once], minlength=count).astype(np.int64)
    small = free & ~large
    inside = problem.usable & small[problem.a] & small[problem.b]
    pairs = (
        problem.together[small[problem.together].all(axis=1)] if len(problem.together) else problem.together
    )
    part = connected(
        len(problem),
        np.concatenate([problem.a[inside], pairs[:, 0]]),
        np.concatenate([problem.b[inside], pairs[:, 1]]),
    )
    units = np.flatnonzero(small)
    sums = np.bincount(part[units], values[units])
    parts, where = np.unique(part[units], return_index=True)
    np.add.at(most, piece[units[where]], np.floor((sums[parts] + SLACK) / lower).astype(np.int64))
    return most


def _hopeless(problem: Problem, piece: Ints, numbers: Numbers) -> list[Leftover]:
    """Pieces that hold no legal area because they are too small for a lower bound."""
    leftovers = []
    for number in numbers.tolist():
        units = np.flatnonzero(piece == number).astype(np.int32)
        leftovers.append(Leftover(units, _why_hopeless(problem, units)))
    return leftovers


def _why_hopeless(problem: Problem, units: Ints) -> Reason:
    for capacity in problem.capacities:
        total = float(capacity.known[units].sum())
        if total < capacity.lower - SLACK:
            params = {
                "capacity": f"grouping.capacity.{capacity.name}",
                "total": _round(total),
                "lower": _round(capacity.lower),
                "units": len(units),
            }
            if np.isnan(capacity.values[units]).all():
                return Reason("grouping.reason.unknown", params)
            return Reason("grouping.reason.piece-below", params)
    return Reason("grouping.reason.piece-below", {"units": len(units)})


def _wanted(problem: Problem, forecast: Forecast) -> Numbers:
    """Areas to look for in each piece."""
    low, high = forecast.low, np.maximum(forecast.low, forecast.high)
    high = np.where(forecast.high < forecast.low, np.maximum(1, forecast.high), high)
    if problem.count == MOST:
        return np.full(forecast.pieces, -1, dtype=np.int64)
    if problem.count == FEWEST:
        return np.asarray(np.minimum(low, high))
    ideal = ideal_counts(problem, forecast)
    wanted = np.clip(np.maximum(1, np.floor(ideal + 0.5)), np.minimum(low, high), high).astype(np.int64)
    if problem.count == AUTO:
        return wanted
    return _exactly(problem, forecast, int(problem.count), _by_target(problem, forecast))


def ideal_counts(problem: Problem, forecast: Forecast) -> Numbers:
    """Areas of each piece that are wished for: the geometric mean of what each target asks for.

    With one target the size of the piece divided by it; without, the middle of the first bounds.
    """
    if problem.asked.size:
        return _mean_asked(problem, forecast)
    return _by_target(problem, forecast)


def _mean_asked(problem: Problem, forecast: Forecast) -> Numbers:
    inside = forecast.piece >= 0
    where = forecast.piece[inside]
    sums = [np.bincount(where, share[inside], minlength=forecast.pieces) for share in problem.asked.T]
    return np.asarray(np.exp(np.mean(np.log(np.maximum(sums, 1e-9)), axis=0)))


def _by_target(problem: Problem, forecast: Forecast) -> Numbers:
    capacity = problem.capacity(problem.target.capacity) if problem.target else None
    if problem.target is None or capacity is None:
        return np.asarray(np.sqrt(forecast.low * np.maximum(forecast.low, forecast.high)), dtype=float)
    inside = forecast.piece >= 0
    total = np.bincount(forecast.piece[inside], capacity.known[inside], minlength=forecast.pieces)
    return np.asarray(total / problem.target.value)


def _exactly(problem: Problem, forecast: Forecast, count: int, ideal: Numbers) -> Numbers:
    """An exact number shared out over the pieces in proportion to their ideal counts (Webster's rule)."""
    wanted = count - forecast.locked
    low, high = forecast.low, forecast.high
    least, most = int(np.minimum(low, high).sum()), int(high.sum())
    if wanted < max(least, 1 if forecast.pieces else 0) or wanted > most:
        raise _impossible_count(problem, forecast, count, least + forecast.locked, most + forecast.locked)
    if forecast.pieces == 0:
        return np.zeros(0, dtype=np.int64)
    share = np.minimum(low, high).astype(np.int64)
    scale = wanted / max(float(ideal.sum()), 1e-9)
    while int(share.sum()) < wanted:
        # the piece whose areas would otherwise be the largest gets the next one; ties go to the first
        hunger = np.where(share < high, ideal * scale / (share + 0.5), -1.0)
        share[int(np.argmax(hunger))] += 1
    return np.asarray(share)


def _impossible_count(
    problem: Problem, forecast: Forecast, count: int, least: int, most: int
) -> RenomapError:
    """Name the rule that makes an exact number impossible."""
    if count < 1:
        return RenomapError("grouping.count-below-one", count=count)
    if count > len(problem):
        return RenomapError("grouping.count-above-units", count=count, units=len(problem))
    if count > most:
        binding = min(
            (c for c in problem.capacities if c.lower > 0),
            key=lambda c: float(c.known[forecast.searched].sum()) / c.lower,
            default=None,
        )
        if binding is None:
            return RenomapError("grouping.count-above-units", count=count, units=most)
        params = {
            "count": count,
            "most": most,
            "capacity": f"grouping.capacity.{binding.name}",
            "lower": _round(binding.lower),
        }
        told = np.isfinite(binding.values)
        if told.all():
            return RenomapError("grouping.count-above", **params)
        known, units = int(told.sum()), len(told)
        return RenomapError("grouping.count-unknown", known=known, units=units, **params)
    binding = max(
        (c for c in problem.capacities if np.isfinite(c.upper)),
        key=lambda c: float(c.known[forecast.searched].sum()) / max(c.upper, SLACK),
        default=None,
    )
    pieces = forecast.pieces + forecast.locked
    if binding is None or least <= pieces:
        return RenomapError("grouping.count-below-pieces", count=count, pieces=least)
    return RenomapError(
        "grouping.count-below",
        count=count,
        least=least,
        capacity=f"grouping.capacity.{binding.name}",
        upper=_round(binding.upper),
    )
