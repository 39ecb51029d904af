"""Progress (实施进度): how far works are, item by item, and at which stage places and projects stand.

Amounts of different items are never added: metres of pipe and lifts make no common percentage.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

import numpy as np
import pandas as pd

from renomap.model.dates import interval
from renomap.model.programme_columns import Stage, WorkStatus

NOT_BEGUN: Final = "not_begun"  # 未启动
PREPARING: Final = "preparing"  # 前期
BUILDING: Final = "building"  # 施工
BUILT: Final = "built"  # 完工
ACCEPTED: Final = "accepted"  # 已验收
UNKNOWN: Final = "unknown"
STAGES: Final = (NOT_BEGUN, PREPARING, BUILDING, BUILT, ACCEPTED, UNKNOWN)
#: What a list says of the works where no row of works does.
_OF_LIST: Final = {
    Stage.POOL.value: PREPARING,
    Stage.ANNUAL.value: PREPARING,
    Stage.BUILDING.value: BUILDING,
    Stage.BUILT.value: BUILT,
    Stage.HANDED_OVER.value: ACCEPTED,
}
SUMS: Final = ("planned_low", "planned_high", "done_low", "done_high")


def of_rows(works: pd.DataFrame) -> pd.DataFrame:
    """What is planned and done of every row of works that is not dropped.

    A row that is done and does not say how much is done in full; one that is planned has nothing done; else
    an amount not told lies between nothing and all.

    Parameters
    ----------
    works : DataFrame
        Table ``works``.

    Returns
    -------
    DataFrame, index as that of the rows kept
        ``fid``, ``item``, ``unit``, ``planned_low``, ``planned_high``, ``done_low``, ``done_high`` (in its
        unit; NaN unknown) and ``state``: 'waiting', 'going', 'finished', None where nothing tells.
    """
    rows = works[works["status"] != WorkStatus.DROPPED]
    out = rows[["fid", "item", "unit"]].copy()
    for end in ("low", "high"):
        out[f"planned_{end}"] = rows["quantity"].fillna(rows[f"quantity_{end}"])
    done, status = rows["done_quantity"], rows["status"]
    least = done.where(done.notna(), 0.0).where(
        done.notna() | (status != WorkStatus.DONE), out["planned_low"]
    )
    most = done.where(done.notna(), out["planned_high"]).where(
        done.notna() | (status != WorkStatus.PLANNED), 0.0
    )
    out["done_low"], out["done_high"] = least, most
    state = status.map(
        {WorkStatus.PLANNED: "waiting", WorkStatus.ONGOING: "going", WorkStatus.DONE: "finished"}
    ).astype(object)
    told = pd.Series([None] * len(rows), index=rows.index, dtype=object)
    told = told.mask(done > 0, "going").mask(done >= out["planned_high"], "finished")
    state = state.where(state.notna(), told)
    out["state"] = state.where(state.notna(), None)
    return out


def by_item(rows: pd.DataFrame, area_of: pd.Series[int]) -> pd.DataFrame:
    """Done against planned for each item of each area.

    Parameters
    ----------
    rows : DataFrame
        Of ``of_rows``.
    area_of : Series
        Fid -> area.

    Returns
    -------
    DataFrame, index 0..n-1, by area and item
        ``area``, ``item``, ``unit`` ('' unknown); the sums ``SUMS`` (NaN where one row is unknown), ``rows``,
        ``finished``; ``share_low`` and ``share_high`` of what is planned (NaN unknown).

    >>> from renomap.model.programme import frame_of
    >>> pipes = [{"fid": 1, "item": "pipes", "quantity": 4, "done_quantity": 1, "status": "ongoing"}]
    >>> found = by_item(of_rows(frame_of("works", pipes)), pd.Series({1: 7}))
    >>> float(found.at[0, "share_low"])
    0.25
    """
    placed = rows.assign(area=rows["fid"].map(area_of), unit=rows["unit"].fillna(""))
    placed["is_finished"] = placed["state"] == "finished"
    placed = placed.dropna(subset=["area", "item"]).astype({"area": np.int64})
    grouped = placed.groupby(["area", "item", "unit"], sort=True)
    out = pd.DataFrame({name: grouped[name].sum(min_count=1) for name in SUMS})
    for name in SUMS:
        out[name] = out[name].where(grouped[name].count() == grouped.size())
    out["rows"] = grouped.size()
    out["finished"] = grouped["is_finished"].sum()
    known = out["planned_low"] > 0
    low = out["done_low"] / out["planned_high"]
    high = (out["done_high"] / out["planned_low"]).clip(upper=low.clip(lower=1.0))
    out["share_low"], out["share_high"] = low.where(known), high.where(known)
    return out.reset_index().astype({"rows": np.int64, "finished": np.int64})


def stages(
    rows: pd.DataFrame, group: pd.Series[int], where: pd.Series[str], index: pd.Index[int]
) -> pd.Series[str]:
    """The stage (挂图作战) of each group of neighbourhoods, by its works, else by its lists.

    Parameters
    ----------
    rows : DataFrame
        Of ``of_rows``.
    group : Series
        Fid -> group: an area, or the fid itself.
    where : Series
        Fid -> a ``Stage``, of those on a list alone: what is on none has nothing to say.
    index : Index
        The groups.

    Returns
    -------
    Series, index ``index``, of ``STAGES``
        'unknown' where works do not tell, or neither works nor a list are there; never guessed from dates
        that were planned.
    """
    states = rows["state"].fillna("").groupby(rows["fid"].map(group)).agg(frozenset).to_dict()
    members = where.groupby(group.reindex(where.index)).agg(list).to_dict()
    sizes = group.value_counts().to_dict()
    found = [
        _stage(states.get(key, frozenset()), [*members.get(key, ())], int(sizes.get(key, 0)))
        for key in index.tolist()
    ]
    return pd.Series(found, index=index, dtype=object)


def stale(reported_on: str | None, on: dt.date, days: float) -> bool | None:
    """Whether the last report is more than so many days old (未更新); None where none was made.

    A month counts as its last day.

    >>> [stale("2026-09-01", dt.date(2026, 10, day), 45) for day in (16, 17)]
    [False, True]
    """
    told = interval(reported_on)
    return None if told is None else (on - told.last).days > days


def _stage(states: frozenset[str], lists: list[str], members: int) -> str:
    if len(lists) == members > 0 and all(one == Stage.HANDED_OVER for one in lists):
        return ACCEPTED
    if not states:
        return _by_lists(lists, members)
    if "going" in states or {"waiting", "finished"} <= states:
        return BUILDING
    if "" in states:
        return UNKNOWN
    if states == {"finished"}:
        return BUILT
    return PREPARING if any(one in _OF_LIST for one in lists) else NOT_BEGUN


def _by_lists(lists: list[str], members: int) -> str:
    """What lists say where works do not: the same of every member, building where some are ahead."""
    told = {_OF_LIST.get(one, NOT_BEGUN) for one in lists}
    if not told or len(lists) < members:
        return BUILDING if BUILDING in told else UNKNOWN
    if len(told) == 1:
        return told.pop()
    return BUILDING if told & {BUILDING, BUILT, ACCEPTED} else PREPARING
