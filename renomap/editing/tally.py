"""Sums per area that follow a stroke by what flows in and out, equal to the last digit to a full recount."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from renomap.errors import RenomapError
from renomap.model.scheme import UNASSIGNED

#: Values are summed as whole millionths: integers add up alike in any order, floating point does not.
STEP: Final = 1e-6
#: Sums stay exact up to 9 x 10^12 units of whatever is counted (int64).
_LARGEST: Final = 9.0e12

Positions = npt.NDArray[np.intp]
Labels = npt.NDArray[np.int64]
Whole = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Amounts:
    """What is counted per neighbourhood, ready to be summed.

    ``rows`` (n, 2 m + 1) int64: m values in millionths (0 where unknown), m flags for wholly known, and a 1.
    """

    names: tuple[str, ...]
    rows: Whole

    def column(self, name: str) -> int:
        """Number of a column. Raises KeyError where it is not counted."""
        try:
            return self.names.index(name)
        except ValueError:
            raise KeyError(name) from None


@dataclass(frozen=True)
class Total:
    """What an area has of something: ``value`` (NaN where nothing is known), wholly ``known`` of ``count``
    members.
    """

    value: float
    known: int
    count: int


@dataclass(frozen=True, eq=False)
class Tally:
    """Sums per area at one moment. A value: ``moved`` makes the next."""

    amounts: Amounts
    sums: Mapping[int, Whole]

    def total(self, area: int, name: str) -> Total:
        """What an area has; an area without members has NaN of everything, known 0 of 0."""
        at, m = self.amounts.column(name), len(self.amounts.names)
        row = self.sums.get(area)
        if row is None:
            return Total(np.nan, 0, 0)
        known = int(row[m + at])
        return Total(float(row[at]) * STEP if known or row[at] else np.nan, known, int(row[-1]))

    def count(self, area: int) -> int:
        """Number of neighbourhoods in an area."""
        row = self.sums.get(area)
        return 0 if row is None else int(row[-1])

    def moved(self, units: Positions, before: Labels, after: Labels | int) -> Tally:
        """The tally after units went from their areas to others.

        Parameters
        ----------
        units : (k,) positions, each at most once
        before, after : (k,) area ids of these units, 0 = none; ``after`` may be one id for all
        """
        if len(units) == 0:
            return self
        sums = dict(self.sums)
        rows = self.amounts.rows[units]
        target = np.broadcast_to(np.asarray(after, dtype=np.int64), before.shape)
        for labels, sign in ((before, -1), (target, 1)):
            for area in np.unique(labels).tolist():
                if area != UNASSIGNED:
                    flow = sign * rows[labels == area].sum(axis=0)
                    sums[area] = sums[area] + flow if area in sums else flow
        return Tally(self.amounts, {area: row for area, row in sums.items() if row[-1]})

    def change(self, later: Tally, area: int, name: str) -> float:
        """By how much a known total changes from this tally to a later one; unknown counts as nothing."""
        at = self.amounts.column(name)
        old, new = self.sums.get(area), later.sums.get(area)
        return float((0 if new is None else new[at]) - (0 if old is None else old[at])) * STEP

    def frame(self) -> pd.DataFrame:
        """All totals: index area id ascending; a column per name, ``<name>_known`` and ``neighbourhoods``."""
        m, ids = len(self.amounts.names), sorted(self.sums)
        rows = np.array([self.sums[area] for area in ids], dtype=np.int64).reshape(len(ids), 2 * m + 1)
        table = pd.DataFrame(index=pd.Index(ids, name="id", dtype="int64"))
        for at, name in enumerate(self.amounts.names):
            table[name] = np.where((rows[:, m + at] > 0) | (rows[:, at] != 0), rows[:, at] * STEP, np.nan)
            table[f"{name}_known"] = rows[:, m + at]
        return table.assign(neighbourhoods=rows[:, -1])


def amounts(
    columns: Mapping[str, npt.NDArray[np.float64]],
    whole: Mapping[str, npt.NDArray[np.bool_]] = MappingProxyType({}),
) -> Amounts:
    """Prepare what is to be counted.

    Parameters
    ----------
    columns : Mapping of name to (n,) float
        At least one column; values per position, NaN = unknown, rounded to millionths.
    whole : Mapping of name to (n,) bool
        Where a value is all there is; a lower bound adds to a total but does not count as known. Columns that
        are not named are whole wherever they are known.

    Errors
    ------
    ``editing.amount-too-large`` where the values of a column are too large to add up exactly.
    """
    names = tuple(columns)
    values = np.array([np.asarray(columns[name], dtype=np.float64) for name in names]).reshape(len(names), -1)
    known = ~np.isnan(values)
    filled = np.where(known, values, 0.0)
    too_large = ~(np.abs(filled).sum(axis=1) < _LARGEST)
    if too_large.any():
        raise RenomapError("editing.amount-too-large", name=names[int(np.argmax(too_large))])
    for at, name in enumerate(names):
        known[at] &= whole.get(name, True)
    millionths = np.rint(filled / STEP).astype(np.int64)
    ones = np.ones((1, values.shape[1]), dtype=np.int64)
    return Amounts(names, np.ascontiguousarray(np.concatenate([millionths, known.astype(np.int64), ones]).T))


def tally(counted: Amounts, labels: Labels) -> Tally:
    """Sums of all areas, from nothing.

    Parameters
    ----------
    counted : Amounts of n units
    labels : (n,) area id per position, 0 = none
    """
    ids, at = np.unique(labels, return_inverse=True)
    sums = np.zeros((len(ids), counted.rows.shape[1]), dtype=np.int64)
    np.add.at(sums, at, counted.rows)
    return Tally(counted, {int(area): row for area, row in zip(ids, sums, strict=True) if area != UNASSIGNED})
