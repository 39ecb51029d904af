"""Order on site: underground before ground, dug once, and done within the year it was begun."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from renomap.model.dates import Interval, interval
from renomap.model.programme_columns import WorkStatus
from renomap.model.programme_rules import Rules, WorkLayer

#: Days between digs of one year above which they are told to be done in one.
FAR_DAYS: Final = 60


@dataclass(frozen=True)
class OnSite:
    """Something about the order of works in one neighbourhood.

    ``kind``: 'underground_first' (ground works begin before underground ones end), 'dug_twice' (in two
    years), 'dig_together' (apart in one year), 'over_the_year', 'end_before_start', 'to_check' (months leave
    it open). ``first`` and ``second`` are ids of works, ``second`` 0 where one row is meant.
    """

    kind: str
    fid: int
    first: int
    second: int = 0


#: How bad each kind is.
SEVERITY: Final = {
    "end_before_start": "error",
    "underground_first": "error",
    "dug_twice": "error",
    "over_the_year": "warning",
    "dig_together": "hint",
    "to_check": "hint",
}


def out_of_order(works: pd.DataFrame, rules: Rules) -> tuple[OnSite, ...]:
    """What is out of order on site, by neighbourhood.

    Works without dates are not judged; a typed year counts where there are no dates.

    Parameters
    ----------
    works : DataFrame
        Table ``works``; dropped rows are left out.
    """
    rows = works[(works["status"] != WorkStatus.DROPPED) & (works["fid"] > 0)]
    dated = rows[rows[["start", "end", "year"]].notna().any(axis=1)]
    names = ["fid", "building", "item", "start", "end", "year"]
    by_fid: dict[int, list[_Work]] = {}
    items = {item.key: item for item in rules.items}
    for key, fid, building, item, start, end, year in zip(
        dated.index, *(dated[n] for n in names), strict=True
    ):
        found = items.get(str(item))
        if found is not None:
            begins, ends = interval(start), interval(end)
            work = _Work(int(str(key)), int(building), found.layer, found.dig, begins, ends, year)
            by_fid.setdefault(int(fid), []).append(work)
    out: list[OnSite] = []
    for fid, there in sorted(by_fid.items()):
        out += [OnSite(kind, fid, *ids) for kind, *ids in _own(there)]
        out += [OnSite(kind, fid, *ids) for kind, *ids in _underground(there)]
        out += [OnSite(kind, fid, *ids) for kind, *ids in _digs(there)]
    return tuple(out)


def apart_in_area(works: pd.DataFrame, rules: Rules, area_of: pd.Series[int]) -> dict[int, tuple[int, ...]]:
    """Areas whose neighbourhoods get underground works in different years (连片改管), with these years.

    Years within one neighbourhood are told by ``out_of_order``.
    """
    below = {item.key for item in rules.items if item.layer is WorkLayer.UNDERGROUND}
    rows = works[(works["status"] != WorkStatus.DROPPED) & works["item"].isin(below)]
    begun = pd.to_numeric(rows["start"].str[:4], errors="coerce")
    years: dict[int, dict[int, set[int]]] = {}
    begun, areas = begun.fillna(rows["year"]), rows["fid"].map(area_of)
    for fid, year, area in zip(rows["fid"].tolist(), begun.tolist(), areas.tolist(), strict=True):
        if not (np.isnan(area) or np.isnan(year)):
            years.setdefault(int(area), {}).setdefault(int(fid), set()).add(int(year))
    found = {}
    for area, by_fid in sorted(years.items()):
        every = set().union(*by_fid.values())
        if len(by_fid) > 1 and len(every) > 1:
            found[area] = tuple(sorted(every))
    return found


@dataclass(frozen=True)
class _Work:
    id: int
    building: int
    layer: WorkLayer
    dig: bool
    start: Interval | None
    end: Interval | None
    typed_year: float

    @property
    def year(self) -> int | None:
        """The year in which it begins."""
        if self.start is not None:
            return self.start.first.year
        return None if np.isnan(self.typed_year) else int(self.typed_year)


_Found = Iterable[tuple[Any, ...]]


def _own(works: list[_Work]) -> _Found:
    for work in works:
        if work.start is None or work.end is None:
            continue
        if work.end.last < work.start.first:
            yield "end_before_start", work.id
        elif work.end.first.year != work.start.first.year:
            yield "over_the_year", work.id


def _underground(works: list[_Work]) -> _Found:
    below = [work for work in works if work.layer is WorkLayer.UNDERGROUND and work.end is not None]
    above = [work for work in works if work.layer is WorkLayer.GROUND and work.start is not None]
    for ground in above:
        for pipes in below:
            assert ground.start is not None
            assert pipes.end is not None
            if ground.start.last < pipes.end.first:
                yield "underground_first", ground.id, pipes.id
            elif ground.start.first < pipes.end.last:
                yield "to_check", ground.id, pipes.id


def _digs(works: list[_Work]) -> _Found:
    digs = sorted((work for work in works if work.dig and work.year is not None), key=lambda one: one.id)
    for nth, one in enumerate(digs):
        for other in digs[nth + 1 :]:
            if one.building and other.building and one.building != other.building:
                continue  # the pits of two buildings are two places
            if one.year != other.year:
                yield "dug_twice", one.id, other.id
            elif _apart(one, other) or _apart(other, one):
                yield "dig_together", one.id, other.id


def _apart(one: _Work, other: _Work) -> bool:
    if one.end is None or other.start is None:
        return False
    return (other.start.first - one.end.last).days > FAR_DAYS
