"""Every rule of a problem, checked on a finished plan by code that shares nothing with the search.

``search.solve`` hands over no result that breaks one. ``steps.figures.group_figures`` checks the scheme again
and tells the number of broken rules, which ``renomap group`` prints as ``violations``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from renomap.grouping.dense import dense
from renomap.grouping.walking import longest_walks
from renomap.model.problem import Flags, Problem, Violation

Numbers = npt.NDArray[Any]

#: Sums of hectares are not exact; a bound is broken beyond this.
SLACK = 1e-6


def violations(
    problem: Problem, labels: Numbers, *, flagged: Collection[int] = (), count: bool = True
) -> tuple[Violation, ...]:
    """All rules that a plan breaks; an empty tuple is a legal plan.

    Parameters
    ----------
    problem : Problem
    labels : (n,) int
        Area of each unit in the order of ``problem.keys``; -1 = scattered.
    flagged : labels of areas declared undersized
        They need not keep bounds, but must be connected, keep the pairs, and touch no area that could take
        them in whole.
    count : bool
        Also check that an exact number of areas is met.

    Returns
    -------
    tuple of Violation
        Rules: ``labels``, ``connected``, ``below``, ``above``, ``walk``, ``together``, ``apart``,
        ``locked``, ``count``, ``left_over`` (a scattered unit or undersized area that a neighbouring area
        could take in).
    """
    labels = np.asarray(labels)
    if labels.shape != problem.keys.shape or not np.issubdtype(labels.dtype, np.integer):
        return (Violation("labels"),)
    if len(labels) == 0:
        return ()
    plan = _read(problem, labels, flagged)
    found = [*_pairs(plan), *_locks(plan), *_torn(plan), *_bounds(plan), *_walks(plan), *_left_over(plan)]
    legal = int((~plan.is_flagged).sum())
    if count and isinstance(problem.count, int) and legal != problem.count:
        found.append(Violation("count", params={"areas": legal, "wanted": problem.count}))
    return tuple(found)


@dataclass(frozen=True)
class _Plan:
    """A plan read area by area.

    ``numbers[k]`` is the label of area k, ``area`` (n,) the area of each unit (-1 none).
    """

    problem: Problem
    numbers: Numbers
    area: Numbers
    is_flagged: Flags
    is_locked: Flags

    def units(self, area: int) -> Numbers:
        return np.flatnonzero(self.area == area).astype(np.int32)

    def fids(self, units: Numbers) -> tuple[int, ...]:
        return tuple(int(self.problem.keys[unit]) for unit in units)

    def totals(self, values: Numbers) -> Numbers:
        inside = self.area >= 0
        return np.bincount(self.area[inside], np.nan_to_num(values[inside]), minlength=len(self.numbers))


def _read(problem: Problem, labels: Numbers, flagged: Collection[int]) -> _Plan:
    numbers, at = dense(labels[labels >= 0])
    area = np.full(len(labels), -1, dtype=np.int64)
    area[labels >= 0] = at
    is_locked = np.zeros(len(numbers), dtype=bool)
    if len(problem.fixed):
        is_locked[np.unique(area[(problem.fixed >= 0) & (area >= 0)])] = True
    return _Plan(problem, numbers, area, np.isin(numbers, list(flagged)), is_locked)


def _pairs(plan: _Plan) -> Iterator[Violation]:
    rules: tuple[tuple[str, Numbers, Callable[[int, int], bool]], ...] = (
        ("together", plan.problem.together, lambda one, two: one != two),
        ("apart", plan.problem.apart, lambda one, two: one == two and one >= 0),
    )
    for rule, pairs, broken in rules:
        for i, j in pairs.tolist():
            if broken(int(plan.area[i]), int(plan.area[j])):
                yield Violation(rule, fids=plan.fids(np.array([i, j])))


def _locks(plan: _Plan) -> Iterator[Violation]:
    """A locked area must be an area again, with the same units and no other."""
    fixed = plan.problem.fixed
    for lock in np.unique(fixed[fixed >= 0]).tolist() if len(fixed) else []:
        units = np.flatnonzero(fixed == lock)
        area = int(plan.area[units[0]])
        if area < 0 or not np.array_equal(plan.units(area), units):
            yield Violation("locked", fids=plan.fids(units))


def _torn(plan: _Plan) -> Iterator[Violation]:
    """Areas whose units do not reach each other over usable links between them."""
    problem, area = plan.problem, plan.area
    same = problem.usable & (area[problem.a] == area[problem.b]) & (area[problem.a] >= 0)
    ends = (problem.a[same], problem.b[same])
    n = len(area)
    parts, part = connected_components(
        csr_array((np.ones(same.sum(), np.int8), ends), shape=(n, n)), directed=False
    )
    # links lead within areas only, so a part belongs to one area; several parts of one area tear it
    owner = np.full(parts, -1, dtype=np.int64)
    owner[part] = area
    torn_areas = np.flatnonzero(np.bincount(owner[owner >= 0], minlength=len(plan.numbers)) > 1)
    for torn in torn_areas.tolist():
        yield Violation("connected", int(plan.numbers[torn]), plan.fids(plan.units(torn)))


def _bounds(plan: _Plan) -> Iterator[Violation]:
    judged = ~plan.is_flagged & ~plan.is_locked
    for capacity in plan.problem.capacities:
        totals = plan.totals(capacity.values)
        for rule, broken in (
            ("below", totals < capacity.lower - SLACK),
            ("above", totals > capacity.upper + SLACK),
        ):
            for area in np.flatnonzero(broken & judged).tolist():
                params = {
                    "capacity": capacity.name,
                    "total": float(totals[area]),
                    "lower": capacity.lower,
                    "upper": capacity.upper,
                }
                yield Violation(rule, int(plan.numbers[area]), plan.fids(plan.units(area)), params)


def _walks(plan: _Plan) -> Iterator[Violation]:
    limit = plan.problem.walk_max
    if not np.isfinite(limit):
        return
    walks = _longest(plan, plan.area, len(plan.numbers))
    for area in np.flatnonzero(~plan.is_flagged & ~plan.is_locked & np.isfinite(walks)).tolist():
        if walks[area] > limit + SLACK:
            params = {"walk": float(walks[area]), "upper": limit}
            yield Violation("walk", int(plan.numbers[area]), plan.fids(plan.units(area)), params)


def _longest(plan: _Plan, area: Numbers, areas: int) -> Numbers:
    """The longest walk inside each area over usable links."""
    problem = plan.problem
    usable = problem.usable
    return longest_walks(area, areas, problem.a[usable], problem.b[usable], problem.length[usable])


def _left_over(plan: _Plan) -> Iterator[Violation]:
    """Scattered units and undersized areas that an adjacent area could take in without breaking a rule."""
    problem, area = plan.problem, plan.area
    a, b = problem.a[problem.usable], problem.b[problem.usable]
    loose = (area < 0) | np.append(plan.is_flagged, False)[area]
    touching = loose[a] != loose[b]
    inner, outer = np.where(loose[a], a, b)[touching], np.where(loose[a], b, a)[touching]
    offers = {
        (int(area[i]) if area[i] >= 0 else -1 - int(i), int(area[j]))
        for i, j in zip(inner, outer, strict=True)
    }
    told: set[int] = set()
    for group, host in sorted(offers):
        units = plan.units(group) if group >= 0 else np.array([-1 - group])
        if group not in told and not plan.is_locked[host] and _fits(plan, units, host):
            told.add(group)
            label = int(plan.numbers[group]) if group >= 0 else -1
            yield Violation("left_over", label, plan.fids(units), {"label": int(plan.numbers[host])})


def _fits(plan: _Plan, units: Numbers, host: int) -> bool:
    """Whether an area with these units added breaks nothing."""
    problem = plan.problem
    together = np.union1d(plan.units(host), units)
    for capacity in problem.capacities:
        total = float(np.nansum(capacity.values[together]))
        if not capacity.lower - SLACK <= total <= capacity.upper + SLACK:
            return False
    for i, j in problem.apart.tolist():
        if i in together and j in together:
            return False
    if any((int(i) in units) != (int(j) in units) for i, j in problem.together.tolist()):
        return False
    if not np.isfinite(problem.walk_max):
        return True
    joined = np.full(len(plan.area), -1)
    joined[together] = 0
    return bool(_longest(plan, joined, 1)[0] <= problem.walk_max + SLACK)
