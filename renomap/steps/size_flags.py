"""规模: whether each area keeps the bounds on its size, judged on the figures that are printed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from renomap.grouping import sizes
from renomap.grouping.walking import longest_walks
from renomap.model.connection import connected
from renomap.model.households import counted_whole
from renomap.model.links import Links
from renomap.model.preset import Preset
from renomap.model.problem import Floats
from renomap.model.rounding import EXCHANGE_DECIMALS, rounded, written
from renomap.model.scheme import UNASSIGNED, Scheme, SizeFlag
from renomap.steps.area_table import land_ha
from renomap.steps.groundwork import Groundwork

#: Column of the area table that each bound is tested on, and the decimals it is printed with.
FIGURES: Final[Mapping[str, tuple[str, int]]] = {
    "area_ha": ("members_ha", 2),
    "walk_m": ("walk_m", 0),
    "population": ("population", 0),
    "households": ("households", 0),
    "count": ("neighbourhoods", 0),
}


@dataclass(frozen=True)
class _Doubt:
    """A bound that an area breaks, or may break: its key, the value (NaN = unknown) and the limit.

    ``known`` of the ``members`` add to the value; what the others add could still reach a lower bound, or go
    beyond an upper one. ``broken`` is whether the value itself breaks the bound.
    """

    rule: str
    value: float
    bound: float
    known: int
    members: int
    broken: bool

    @property
    def flag(self) -> SizeFlag:
        """Too large, too small, or one of both unless what is unknown says otherwise."""
        if self.rule.endswith("_max"):
            return SizeFlag.OVERSIZED if self.broken else SizeFlag.TO_CHECK
        return SizeFlag.TO_CHECK if self.known < self.members else SizeFlag.UNDERSIZED


def bounds_in_force(scheme: Scheme | None, preset: Preset, *, by_count: bool = False) -> Mapping[str, float]:
    """The bounds that the areas of a scheme are held to, where sizes go by households or by count."""
    return sizes.limits(preset, {} if scheme is None else scheme.settings.given_bounds, by_count=by_count)


def sized_by_count(
    households: pd.Series[float], joins: pd.Series[bool], links: Links, units: pd.Series[Any] | None
) -> pd.Series[bool]:
    """Index as ``households``: neighbourhoods in pieces where households are unknown for more than half.

    Their areas are sized by the number of neighbourhoods; ``units`` is what an area may not leave.
    """
    a, b = _usable(households.index, links, units)[:2]
    may = joins.reindex(households.index).to_numpy(dtype=bool)
    held = may[a] & may[b]
    piece = connected(len(households), a[held], b[held])
    unknown = sizes.mostly_unknown(np.asarray(households, dtype=np.float64), piece)
    return pd.Series(unknown, index=households.index, dtype=bool)


def size_flags(
    ids: pd.Index[int],
    people: gpd.GeoDataFrame,
    joins: pd.Series[bool],
    persons_per_household: float,
    work: Groundwork,
    scheme: Scheme | None,
    preset: Preset,
) -> pd.DataFrame:
    """Which areas are too small, too large or of one neighbourhood.

    Parameters
    ----------
    ids : Index
        Area ids, the rows of the result in this order.
    people : GeoDataFrame, index fid
        Members and others, with ``area_id``; ``households`` and ``population`` where known.
    joins : Series, index as ``people``
        Whether the preset lets a neighbourhood join.
    persons_per_household : float
        For neighbourhoods whose population is not reported, as in ``area_table.member_sums``.

    Returns
    -------
    DataFrame, index ``ids``
        ``size_flag`` (a value of ``SizeFlag`` or None), ``size_rule``, ``size_value``, ``size_bound``,
        ``known`` (how many members are wholly known) and ``neighbourhoods`` (how many there are). An
        upper bound that is broken goes before a lower one: more members would not help. A bound that
        is surely broken goes before one that unknown households or persons decide, and of these a lower one
        that is not yet reached before an upper one that is not yet passed.
    """
    totals = _totals(ids, people, persons_per_household, work)
    by_count = _mostly_by_count(ids, people, joins, work)
    plain, counted = (_judged_bounds(scheme, preset, people, joins, by_count=flag) for flag in (False, True))
    rows: list[tuple[str | None, str | None, float, float, int]] = []
    for row, counts in zip(totals.to_dict("records"), by_count, strict=True):
        doubt = _doubt(row, counted if counts else plain) if row["neighbourhoods"] else None
        flag = None if row["neighbourhoods"] != 1 else SizeFlag.SINGLE.value
        if doubt is None:
            rows.append((flag, None, np.nan, np.nan, 0))
            continue
        rows.append((doubt.flag.value, doubt.rule, doubt.value, doubt.bound, doubt.known))
    columns = ["size_flag", "size_rule", "size_value", "size_bound", "known"]
    table = pd.DataFrame(rows, index=ids, columns=columns, dtype=object)
    table = table.astype({"size_value": float, "size_bound": float, "known": "int64"})
    return table.assign(neighbourhoods=totals["neighbourhoods"])


def size_params(row: Mapping[Any, Any], barrier: str) -> tuple[str, dict[str, Any]]:
    """Code and values of the sentence that says which bound an area breaks, by how much, and what bars it.

    Of a bound that what is unknown decides it says what is known. ``row``: ``size_flag``, ``size_rule``,
    ``size_value``, ``size_bound``, ``known`` and ``neighbourhoods`` of the area. The value is written with as
    many decimals as it takes to tell it from the bound.
    """
    rule, value, bound = str(row["size_rule"]), float(row["size_value"]), float(row["size_bound"])
    name, _, side = rule.rpartition("_")
    partly = int(row["known"]) < int(row["neighbourhoods"])
    open_ = row["size_flag"] == SizeFlag.TO_CHECK
    params = {
        "what": f"size.what.{name}",
        "unit": f"size.unit.{name}",
        "value": _apart(value, bound, FIGURES[name][1]),
        "bound": f"{bound:,.10g}",
        "known": int(row["known"]),
        "neighbourhoods": int(row["neighbourhoods"]),
        "partly": "size.partly" if partly else "",
        "barrier": barrier,
        "cut": "size.cut-off" if barrier else "",
    }
    if np.isnan(value):
        return ("size.unknown-above" if side == "max" else "size.unknown"), params
    if side == "max":
        return ("size.above-known" if open_ else "size.above"), params
    return ("size.below-known" if open_ else "size.below"), params


def _apart(value: float, bound: float, decimals: int) -> str:
    if np.isnan(value):
        return ""
    while value != bound and decimals < EXCHANGE_DECIMALS and float(rounded(value, decimals)) == bound:
        decimals += 1
    return written(value, decimals)


def _judged_bounds(
    scheme: Scheme | None, preset: Preset, people: gpd.GeoDataFrame, joins: pd.Series[bool], *, by_count: bool
) -> Mapping[str, float]:
    """The bounds in force without those on population where it is unknown for most, as in the search."""
    bounds = dict(bounds_in_force(scheme, preset, by_count=by_count))
    told = [~np.isnan(sizes.column(people, name)) for name in ("households", "population")]
    known = (told[0] | told[1])[joins.reindex(people.index).to_numpy(dtype=bool)]
    if 2 * int((~known).sum()) > len(known):
        given = {} if scheme is None else scheme.settings.given_bounds
        for key in {"population_min", "population_max"} - given.keys():
            bounds.pop(key, None)
    return bounds


def _doubt(row: Mapping[Any, Any], bounds: Mapping[str, float]) -> _Doubt | None:
    """The bound to be told of an area, in the order of ``size_flags``; None where it surely keeps all."""
    members = int(row["neighbourhoods"])
    found: list[_Doubt] = []
    for side in ("max", "min"):
        for name, (column, _) in FIGURES.items():
            bound = bounds.get(f"{name}_{side}")
            if bound is None:
                continue
            value, known = float(row[column]), int(row.get(f"{column}_known", members))
            whole = known == members
            if np.isnan(value) and whole:
                continue
            exact = round(value, EXCHANGE_DECIMALS)  # what is unknown breaks nothing by itself
            broken = exact > bound if side == "max" else exact < bound
            short = side == "min" and np.isnan(value)
            if broken or short or (side == "max" and not whole):
                found.append(_Doubt(f"{name}_{side}", value, bound, known, members, broken))

    def order(doubt: _Doubt) -> tuple[bool, bool]:
        open_ = doubt.flag is SizeFlag.TO_CHECK
        return open_, open_ and doubt.rule.endswith("_max")

    return min(found, key=order, default=None)


def _usable(index: pd.Index[int], links: Links, units: pd.Series[Any] | None) -> tuple[Any, Any, Any]:
    """Links that may hold an area together: positions of both ends in ``index``, and which links they are."""
    at = index.get_indexer(pd.Index(links.fids))
    a, b = at[links.a], at[links.b]
    good = (a >= 0) & (b >= 0)
    if units is not None:
        unit = pd.factorize(units.reindex(index).astype(object))[0]
        good &= unit[a] == unit[b]
    return a[good], b[good], np.flatnonzero(good)


def _totals(
    ids: pd.Index[int], people: gpd.GeoDataFrame, persons_per_household: float, work: Groundwork
) -> pd.DataFrame:
    """Sums over the members of each area by the columns of ``FIGURES``, with ``<column>_known``.

    A lower bound of households adds to the sum, but is not known.
    """
    members = people[people["area_id"] != UNASSIGNED]
    households, population = sizes.column(members, "households"), sizes.column(members, "population")
    persons = np.where(np.isnan(population), households * persons_per_household, population)
    values = pd.DataFrame({"households": households, "population": persons}, index=members.index)
    by_area = values.groupby(members["area_id"])
    table = by_area.sum(min_count=1).reindex(ids)
    whole = counted_whole(members)
    flags = pd.DataFrame({"households": whole, "population": whole | ~np.isnan(population)})
    known = flags.groupby(members["area_id"]).sum().reindex(ids, fill_value=0).add_suffix("_known")
    counts = by_area.size().reindex(ids, fill_value=0)
    table = table.join(known).assign(neighbourhoods=counts, walk_m=_walks(ids, people, work))
    return table.assign(members_ha=land_ha(members).reindex(ids))


def _mostly_by_count(
    ids: pd.Index[int], people: gpd.GeoDataFrame, joins: pd.Series[bool], work: Groundwork
) -> pd.Series[bool]:
    households = pd.Series(sizes.column(people, "households"), index=people.index)
    counted = sized_by_count(households, joins, work.links, work.within.units)
    share = counted.groupby(people["area_id"]).mean()
    return share.reindex(ids, fill_value=0.0) > 0.5


def _walks(ids: pd.Index[int], people: gpd.GeoDataFrame, work: Groundwork) -> Floats:
    """The longest walk inside each area, metres; NaN where it is not in one piece."""
    a, b, _ = _usable(people.index, work.links, work.within.units)
    points = people.geometry.representative_point()
    xy = np.stack([points.x.to_numpy(), points.y.to_numpy()], axis=1)
    length = np.hypot(*(xy[a] - xy[b]).T) if len(a) else np.zeros(0)
    held = people["area_id"].where(people["area_id"] != UNASSIGNED)
    found = longest_walks(ids.get_indexer(pd.Index(held)), len(ids), a, b, length)
    return np.where(np.isfinite(found), found, np.nan)
