"""Which project in which year (分期): the most sure benefit that the caps of the years can bear.

What leaders have fixed stays; urgent projects come first; the rest is an integer program, solved exactly or
with the gap it still has. ``phasing_check`` goes over the result with code of its own.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from renomap.linear import new_program, solver
from renomap.programme.budget import Budget

#: Why a project has no year, the first that is true.
REASONS: Final = ("gates", "cost", "households", "money", "no_room", "displaced")
#: Two plans whose benefits differ by less are equally good.
EQUAL: Final = 0.005
#: Money is in this many yuan inside the program, for even numbers.
_SCALE: Final = 10_000.0
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Candidate:
    """A project that may get a year; unknown is NaN.

    ``cost`` in yuan; ``score`` the sure one, 0 to 100; ``earliest``: the year in which its gates are passed;
    ``fixed``: the year that somebody chose, NaN = none; ``urgent``: has to be solved by a date; ``uses``:
    yuan of every source that has a cap; ``least``: yuan that a fixed project of unknown cost takes at least.
    """

    key: int
    cost: float
    score: float
    households: float
    earliest: float
    fixed: float = math.nan
    urgent: bool = False
    uses: Mapping[str, float] = field(default_factory=dict)
    least: float = 0.0

    @property
    def movable(self) -> bool:
        """Whether its year is the solver's to choose."""
        return math.isnan(self.fixed) and not self.urgent


@dataclass(frozen=True)
class Unplaced:
    """A project without a year and the first reason: one of ``REASONS``.

    ``year`` and ``short`` (yuan): the year that lacks least, and how much, where there is no room;
    ``by``: who stands in that year instead, where it was displaced.
    """

    key: int
    why: str
    year: int = 0
    short: float = 0.0
    by: tuple[int, ...] = ()


@dataclass(frozen=True)
class Phasing:
    """Years of projects. ``bound``: no plan has a benefit above; equal to ``benefit`` where ``proven``.

    ``over``: (year, source or '', yuan above the cap) that fixed or urgent projects make.
    """

    years: Mapping[int, int]
    benefit: float
    bound: float
    unplaced: tuple[Unplaced, ...]
    over: tuple[tuple[int, str, float], ...]

    @property
    def proven(self) -> bool:
        """Whether no plan can be better."""
        return self.bound - self.benefit <= EQUAL

    @property
    def gap(self) -> float:
        """By what share a better plan could be better."""
        return max(0.0, self.bound - self.benefit) / self.bound if self.bound > 0 else 0.0


def phase(candidates: Iterable[Candidate], budget: Budget, *, time_limit: float = 10.0) -> Phasing:
    """Give projects their years.

    Parameters
    ----------
    candidates : iterable of Candidate
        Keys are unique; the order does not matter.
    budget : Budget
        Years and their limits.
    time_limit : float
        Seconds; after them the best so far is returned with its bound.

    Returns
    -------
    Phasing
        Benefit = sum of ``score * households * discount ** (year - first year)`` over what has a year. Of
        equally good plans the one that is earlier in all, then the one in which smaller keys come earlier.
    """
    rows = {one.key: one for one in sorted(candidates, key=lambda one: one.key)}
    settled = _placed_first(rows, budget)
    free = [one for one in rows.values() if _free(one, budget) and one.key not in settled]
    chosen, bound = _solved(free, budget, _Room(rows, budget, settled), time_limit)
    years = settled | chosen
    worth = {key: _worth(rows[key], budget, year) for key, year in years.items()}
    benefit = math.fsum(worth.values())
    bound += math.fsum(worth[key] for key in settled)
    unplaced = tuple(_why(one, rows, budget, years) for key, one in rows.items() if key not in years)
    over = _Room(rows, budget, years).over()
    return Phasing(dict(sorted(years.items())), benefit, max(benefit, bound), unplaced, over)


class _Room:
    """What is left of every limit once projects have their years; negative where a limit is broken."""

    def __init__(self, rows: Mapping[int, Candidate], budget: Budget, years: Mapping[int, int]) -> None:
        self.caps = dict(budget.caps)
        self.by_source = dict(budget.source_caps)
        self.most = dict(budget.most)
        for key, year in years.items():
            self.take(rows[key], year)

    def take(self, one: Candidate, year: int) -> None:
        """A project gets that year; of what is unknown only the least is taken."""
        if year in self.caps:
            self.caps[year] -= one.least if math.isnan(one.cost) else one.cost
        if year in self.most:
            self.most[year] -= 1
        for its, source in self.by_source:
            if its == year and not math.isnan(one.uses[source]):
                self.by_source[its, source] -= one.uses[source]

    def short(self, one: Candidate, year: int) -> float:
        """Yuan by which a project does not fit into a year; 0 where it does, infinite where it is full."""
        if self.most.get(year, 1) < 1:
            return math.inf
        lacks = [one.cost - self.caps.get(year, math.inf)]
        lacks += [one.uses[source] - left for (its, source), left in self.by_source.items() if its == year]
        return max(0.0, *lacks)

    def over(self) -> tuple[tuple[int, str, float], ...]:
        """Limits on money that are broken, by year."""
        found = [(year, "", -left) for year, left in self.caps.items() if left < 0]
        found += [(year, source, -left) for (year, source), left in self.by_source.items() if left < 0]
        return tuple(sorted(found))


def _free(one: Candidate, budget: Budget) -> bool:
    """Whether a project can be given a year at all: what has to be known is, and its gates will be passed."""
    needed = (one.cost, one.households, one.earliest, *(one.uses[name] for _, name in budget.source_caps))
    return not any(map(math.isnan, needed)) and one.earliest <= max(budget.years, default=0)


def _allowed(one: Candidate, budget: Budget) -> list[int]:
    return [year for year in budget.years if year >= one.earliest]


def _placed_first(rows: Mapping[int, Candidate], budget: Budget) -> dict[int, int]:
    """Years that are fixed, then those of urgent projects: the first with room, else the earliest allowed."""
    years = {key: int(one.fixed) for key, one in rows.items() if not math.isnan(one.fixed)}
    urgent = [one for one in rows.values() if one.urgent and one.key not in years and _free(one, budget)]
    room = _Room(rows, budget, years)
    for one in sorted(urgent, key=lambda one: (-one.score, one.key)):
        allowed = _allowed(one, budget)
        years[one.key] = next((year for year in allowed if room.short(one, year) == 0), allowed[0])
        room.take(one, years[one.key])
    return years


def _worth(one: Candidate, budget: Budget, year: int) -> float:
    """The benefit of a project in a year; nothing where its households are not known."""
    if math.isnan(one.households):
        return 0.0
    return one.score * one.households * budget.discount ** (year - budget.years[0])


def _solved(
    free: Sequence[Candidate], budget: Budget, room: _Room, time_limit: float
) -> tuple[dict[int, int], float]:
    """The best years of the free projects within what is left, and a bound on their benefit."""
    pairs = [(one, year) for one in free for year in _allowed(one, budget) if room.short(one, year) == 0]
    if not pairs:
        return {}, 0.0
    library: Any = solver()
    if library is None:
        raise RuntimeError("highspy is not installed")
    program = new_program(mip_rel_gap=0.0, mip_abs_gap=EQUAL / 2, presolve="on", time_limit=time_limit)
    program.changeObjectiveSense(library.ObjSense.kMaximize)
    worth = np.array([_worth(one, budget, year) for one, year in pairs])
    for nth, each in enumerate(worth):
        program.addCol(each, 0.0, 1.0, 0, np.zeros(0, np.int32), np.zeros(0))
        program.changeColIntegrality(nth, library.HighsVarType.kInteger)
    _limit(program, pairs, room)
    program.run()
    best = np.array(program.getSolution().col_value)
    bound = float(program.getInfo().mip_dual_bound)
    if len(best) != len(pairs):
        return {}, bound
    best = np.round(best)
    if bound - best @ worth <= EQUAL:
        best = _earliest(program, pairs, worth, best, budget)
    return {one.key: year for (one, year), taken in zip(pairs, best, strict=True) if taken > 0.5}, bound


def _limit(program: Any, pairs: Sequence[tuple[Candidate, int]], room: _Room) -> None:
    """Rows of the program: one year a project, no year above what is left of it."""

    def row(columns: Sequence[int], values: Sequence[float], most: float) -> None:
        index, numbers = np.array(columns, np.int32), np.array(values, dtype=np.float64)
        program.addRow(-np.inf, most, len(columns), index, numbers)

    of_key: dict[int, list[int]] = {}
    of_year: dict[int, list[int]] = {}
    for nth, (one, year) in enumerate(pairs):
        of_key.setdefault(one.key, []).append(nth)
        of_year.setdefault(year, []).append(nth)
    for columns in of_key.values():
        row(columns, [1.0] * len(columns), 1.0)
    for year, columns in of_year.items():
        here = [pairs[nth][0] for nth in columns]
        if year in room.caps:
            row(columns, [one.cost / _SCALE for one in here], room.caps[year] / _SCALE)
        if year in room.most:
            row(columns, [1.0] * len(columns), room.most[year])
        for (its, source), left in room.by_source.items():
            if its == year:
                row(columns, [one.uses[source] / _SCALE for one in here], left / _SCALE)


def _earliest(
    program: Any, pairs: Sequence[tuple[Candidate, int]], worth: Floats, best: Floats, budget: Budget
) -> Floats:
    """Of the plans as good as that one, the earliest in all, then with smaller keys earlier."""
    keys = sorted({one.key for one, _ in pairs})
    rank = {key: len(keys) - nth for nth, key in enumerate(keys)}  # the smallest key weighs most
    small = 1.0 / ((len(budget.years) + 1) * len(keys) * (len(keys) + 1))
    last = budget.years[-1] + 1
    gain = np.array([(last - year) * (1.0 + small * rank[one.key]) for one, year in pairs])
    index = np.arange(len(pairs), dtype=np.int32)
    program.addRow(float(best @ worth) - EQUAL, np.inf, len(pairs), index, worth)
    program.changeColsCost(len(pairs), index, gain)
    program.setOptionValue("mip_abs_gap", small / 4)
    program.run()
    found = np.array(program.getSolution().col_value)
    good = len(found) == len(best) and found @ worth >= best @ worth - 2 * EQUAL
    return np.round(found) if good else best


def _why(one: Candidate, rows: Mapping[int, Candidate], budget: Budget, years: Mapping[int, int]) -> Unplaced:
    """The first true reason why a project has no year."""
    if math.isnan(one.earliest) or one.earliest > budget.years[-1]:
        return Unplaced(one.key, "gates")
    if math.isnan(one.cost) or math.isnan(one.households):
        return Unplaced(one.key, "cost" if math.isnan(one.cost) else "households")
    if not _free(one, budget):
        return Unplaced(one.key, "money")
    settled = {key: year for key, year in years.items() if not rows[key].movable}
    alone, full = _Room(rows, budget, settled), _Room(rows, budget, years)
    lacks = {year: alone.short(one, year) for year in _allowed(one, budget)}
    nearest = min(lacks, key=lambda year: (lacks[year], year))
    if lacks[nearest] > 0:
        return Unplaced(one.key, "no_room", nearest, lacks[nearest])
    fits = [year for year, short in lacks.items() if short == 0]
    year = min(fits, key=lambda year: (full.short(one, year), year))
    others = tuple(key for key, its in years.items() if its == year and rows[key].movable)
    return Unplaced(one.key, "displaced", year, full.short(one, year), others)
