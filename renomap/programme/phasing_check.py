"""A plan of years gone over by code that shares no rule with the one that made it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from renomap.programme.budget import Budget
from renomap.programme.phasing import Candidate

#: Yuan by which sums may differ in the computer's numbers.
CENT = 0.01


def violations(candidates: Iterable[Candidate], budget: Budget, years: Mapping[int, int]) -> tuple[str, ...]:
    """Every rule that a plan of years breaks, as ``rule: what``; empty for a sound one.

    Parameters
    ----------
    candidates : iterable of Candidate
        As for ``phasing.phase``.
    years : mapping
        Key -> year of what has one.

    Returns
    -------
    tuple of str
        ``unknown`` (a project of unknown cost, households or money was given a year), ``early``, ``year``
        (none of the plan's), ``fixed`` (somebody's choice was changed), ``cap``, ``source`` and ``capacity``
        (broken by other than fixed and urgent projects), ``stranger`` (no candidate).
    """
    table = {one.key: one for one in candidates}
    found = [f"stranger: {key}" for key in years if key not in table]
    for key, one in table.items():
        year = years.get(key)
        if not math.isnan(one.fixed):
            if year != one.fixed:
                found.append(f"fixed: {key}")
            continue
        if year is None:
            continue
        if year not in budget.years:
            found.append(f"year: {key}")
        if not year >= one.earliest:
            found.append(f"early: {key}")
        money = [one.uses[source] for _, source in budget.source_caps]
        if any(math.isnan(value) for value in (one.cost, one.households, *money)):
            found.append(f"unknown: {key}")
    for limit_year, cap in budget.caps.items():
        here = [one for key, one in table.items() if years.get(key) == limit_year]
        found += _above(f"cap: {limit_year}", [(one.cost, one.movable) for one in here], cap)
    for (limit_year, source), cap in budget.source_caps.items():
        here = [one for key, one in table.items() if years.get(key) == limit_year]
        found += _above(f"source: {limit_year}", [(one.uses[source], one.movable) for one in here], cap)
    for limit_year, most in budget.most.items():
        here = [one for key, one in table.items() if years.get(key) == limit_year]
        found += _above(f"capacity: {limit_year}", [(1.0, one.movable) for one in here], most)
    return tuple(found)


def _above(rule: str, amounts: list[tuple[float, bool]], cap: float) -> list[str]:
    """The rule where amounts are above the cap, and not only those that come before all caps."""
    known = [(amount, movable) for amount, movable in amounts if not math.isnan(amount)]
    total = math.fsum(amount for amount, _ in known)
    first = math.fsum(amount for amount, movable in known if not movable)
    return [rule] if total > cap + CENT and total > first + CENT else []
