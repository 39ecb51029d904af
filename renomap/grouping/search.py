"""The search.

A first plan cut from a long tree, made legal, then improved by re-cutting, moving and swapping.
"""

from __future__ import annotations

import itertools
import time
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from renomap.errors import RenomapError
from renomap.grouping import bound, counts, feasibility, objective, verify
from renomap.grouping.bound import Proof
from renomap.grouping.dense import by_first
from renomap.grouping.feasibility import Forecast, Leftover
from renomap.model.connection import connected
from renomap.model.feedback import Feedback, Silent
from renomap.model.problem import (
    AUTO,
    FEWEST,
    MOST,
    NO_AREA,
    Flags,
    Ints,
    Problem,
    Reason,
    Result,
    Scattered,
    Undersized,
)


def solve(
    problem: Problem,
    *,
    seed: int = 1,
    time_limit: float | None = None,
    feedback: Feedback | None = None,
    start: pd.Series[int] | None = None,
    effort: float = 1.0,
) -> Result:
    """Group the units of a problem into areas.

    The result depends on the problem, the seed, the start and the effort alone, not on the order of rows or
    the speed of the machine; a time limit that strikes or a cancel gives the best plan so far with
    ``complete`` False.

    Parameters
    ----------
    problem : Problem
    seed : int
    time_limit : float, optional
        Seconds after which the search stops; at least one plan is always made.
    feedback : Feedback, optional
        Asked between kernels of at most about 20 ms. Receives a ``Partial`` through ``partial`` whenever a
        plan is better than all before, at most four times a second.
    start : Series, optional
        Index fid, area of each unit (<= 0 or missing = none): a plan to start from. The result is never
        worse than a legal start.
    effort : float
        Scales how long the search improves; time grows in proportion.

    Errors
    ------
    Those of ``feasibility.check``, and ``grouping.count-not-found`` where an exact number is not forbidden
    by any rule but was not reached. ``Cancelled`` if stopped before there was a plan.
    """
    began = time.perf_counter()
    feedback = feedback or Silent()
    forecast = feasibility.check(problem, feedback.check)
    feedback.check()
    if problem.count != AUTO:
        return _answer(problem, forecast, seed, time_limit, feedback, start, effort)

    def attempt(asked: Problem, told: Feedback, rest: float | None) -> Result:
        return _answer(asked, feasibility.check(asked, told.check), seed, rest, told, start, effort)

    found = counts.best_count(problem, forecast, attempt, feedback, time_limit)
    return replace(found, asked=AUTO, seconds=time.perf_counter() - began)


def _answer(
    problem: Problem,
    forecast: Forecast,
    seed: int,
    time_limit: float | None,
    feedback: Feedback,
    start: pd.Series[int] | None,
    effort: float,
) -> Result:
    """The best plan found for a problem, checked."""
    began = time.perf_counter()
    labels = np.full(len(problem), NO_AREA, dtype=np.int32)
    sweeps, complete, proof, illegal = 0, True, None, np.zeros(0, dtype=bool)
    if forecast.pieces:
        from renomap.grouping import improving

        found = improving.search(problem, forecast, seed, effort, time_limit, feedback, start)
        labels, illegal = found.labels, found.illegal
        sweeps, complete, proof = found.sweeps, found.complete, found.proof
    result = _finish(problem, forecast, labels, illegal)
    if start is not None:
        taken = _not_worse(problem, forecast, result, start)
        result, proof = taken, proof if taken is result else None
    result = _bounded(problem, forecast, result, proof)
    seconds = time.perf_counter() - began
    return _checked(problem, replace(result, sweeps=sweeps, complete=complete, seconds=seconds))


def _not_worse(problem: Problem, forecast: Forecast, result: Result, start: pd.Series[int]) -> Result:
    """The start itself, where it is a legal plan that places as many units and scores higher."""
    ids = pd.to_numeric(start.reindex(problem.keys), errors="coerce").fillna(0).to_numpy()
    labels = np.where(forecast.searched & (ids > 0), np.unique(ids, return_inverse=True)[1], NO_AREA)
    if (labels[forecast.searched] < 0).any():
        return result
    own = _finish(problem, forecast, labels.astype(np.int32), np.zeros(0, dtype=bool))
    flagged = {item.label for item in own.undersized}
    if verify.violations(problem, own.labels, flagged=flagged):
        return result
    lost = len(result.scattered) + sum(len(item.fids) for item in result.undersized)
    lost_own = len(own.scattered) + sum(len(item.fids) for item in own.undersized)
    more = own.areas - result.areas if problem.count == MOST else 0
    return own if (lost_own, -more, -own.objective) < (lost, 0, -result.objective) else result


def _bounded(problem: Problem, forecast: Forecast, result: Result, proof: Proof | None) -> Result:
    """The result with the best bound there is."""
    if problem.count in (MOST, FEWEST):
        found = bound.of_count(problem, forecast, result, proof)
    else:
        found = bound.of_objective(problem, forecast, result, proof)
    return replace(result, bound=found.value, gap=found.gap, proof=found.proof)


@dataclass(frozen=True)
class _Draft:
    """Labels with the left-overs placed.

    Which labels are undersized and which units scattered, with reasons.
    """

    labels: Ints
    undersized: dict[int, Reason]
    scattered: dict[int, Reason]


def _finish(problem: Problem, forecast: Forecast, labels: Ints, illegal: Flags) -> Result:
    draft = _place_leftovers(problem, forecast, labels, illegal)
    numbers = _number_by_first(draft.labels)
    renumber = {old: int(numbers[np.argmax(draft.labels == old)]) for old in draft.undersized}
    values = objective.terms(problem, numbers, undersized=[renumber[old] for old in draft.undersized])
    undersized = tuple(
        Undersized(label, tuple(int(problem.keys[i]) for i in np.flatnonzero(numbers == label)), reason)
        for label, reason in sorted((renumber[old], reason) for old, reason in draft.undersized.items())
    )
    scattered = tuple(
        Scattered(int(problem.keys[unit]), reason) for unit, reason in sorted(draft.scattered.items())
    )
    areas = int(numbers.max(initial=-1)) + 1 - len(undersized)
    return Result(
        labels=numbers,
        areas=areas,
        terms=values,
        objective=objective.objective(problem.weights, values),
        scattered=scattered,
        undersized=undersized,
        pieces=forecast.pieces + len(forecast.leftovers),
        notes=problem.notes,
        asked=problem.count,
    )


def _place_leftovers(problem: Problem, forecast: Forecast, labels: Ints, illegal: Flags) -> _Draft:
    """Add locked areas and left-overs to the labels of the search."""
    labels = labels.copy()
    leftovers = list(forecast.leftovers)
    for label in np.flatnonzero(illegal).tolist():
        units = np.flatnonzero(labels == label).astype(np.int32)
        labels[units] = NO_AREA
        leftovers.append(Leftover(units, _why_illegal(problem, units)))
    fresh = int(labels.max(initial=-1)) + 1
    if forecast.locked:
        inside = problem.fixed >= 0
        labels[inside] = problem.fixed[inside] + fresh
        fresh = int(labels.max()) + 1
    undersized: dict[int, Reason] = {}
    scattered: dict[int, Reason] = {}
    for leftover in itertools.chain.from_iterable(_kept_apart(problem, item) for item in leftovers):
        if len(leftover.units) == 1:
            scattered[int(leftover.units[0])] = leftover.reason
        else:
            labels[leftover.units] = fresh
            undersized[fresh] = leftover.reason
            fresh += 1
    return _Draft(labels, undersized, scattered)


def _kept_apart(problem: Problem, leftover: Leftover) -> list[Leftover]:
    """A left-over without two units that are to be kept apart: their groups each, and what joins the rest."""
    inside = np.zeros(len(problem), dtype=bool)
    inside[leftover.units] = True
    pairs = problem.apart[inside[problem.apart].all(axis=1)]
    if not len(pairs):
        return [leftover]
    groups = feasibility.must_groups(problem)
    part = np.where(np.isin(groups, groups[pairs]), groups, -1)
    a, b = problem.a, problem.b
    held = problem.usable & inside[a] & inside[b] & (part[a] == part[b])
    piece = connected(len(problem), a[held], b[held])
    numbers = np.unique(piece[inside])
    return [
        Leftover(np.flatnonzero(inside & (piece == number)).astype(np.int32), leftover.reason)
        for number in numbers
    ]


def _why_illegal(problem: Problem, units: Ints) -> Reason:
    """The rule that an area left over by the search breaks."""
    for capacity in problem.capacities:
        total = float(capacity.known[units].sum())
        params = {
            "capacity": f"grouping.capacity.{capacity.name}",
            "total": round(total, 1),
            "units": len(units),
        }
        if total < capacity.lower - feasibility.SLACK:
            return Reason("grouping.reason.residue-below", {**params, "lower": capacity.lower})
        if total > capacity.upper + feasibility.SLACK:
            return Reason("grouping.reason.residue-above", {**params, "upper": capacity.upper})
    return Reason("grouping.reason.residue-walk", {"upper": problem.walk_max, "units": len(units)})


def _number_by_first(labels: Ints) -> Ints:
    """Areas numbered 0.. in the order of their first unit; -1 stays."""
    numbers = np.full(len(labels), NO_AREA, dtype=np.int32)
    inside = labels >= 0
    numbers[inside] = by_first(labels[inside])
    return numbers


def _checked(problem: Problem, result: Result) -> Result:
    """The result, after independent verification. A missed exact number is told to the user.

    All else is a bug.
    """
    flagged = {item.label for item in result.undersized}
    found = verify.violations(problem, result.labels, flagged=flagged)
    missed = [item for item in found if item.rule == "count"]
    if missed and result.complete:
        raise RenomapError("grouping.count-not-found", count=problem.count, found=result.areas)
    other = [item for item in found if item.rule != "count"]
    if other:
        raise AssertionError(f"the search broke its own rules: {other[:3]}")
    return replace(result, violations=tuple(missed))
