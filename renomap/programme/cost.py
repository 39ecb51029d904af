"""What works cost (投资估算): rows, then items of an area, then areas; a range where not known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from renomap.model.programme_columns import CostLevel, WorkStatus

#: How an amount was found, the earliest first; a later one takes the place of an earlier one.
LEVELS: Final = tuple(level.value for level in CostLevel)
#: Item of the line that holds what an estimate of all works says beyond the items listed.
NOT_ITEMISED: Final = ""
#: Yuan per household between which renewals have been found to lie; outside, a figure is looked at again.
#: Not verified: calculated from four totals of 47,588 to 72,952.
USUAL_PER_HOUSEHOLD: Final = (10_000.0, 150_000.0)
Floats = npt.NDArray[np.float64]


def of_rows(works: pd.DataFrame, prices: Mapping[str, float]) -> pd.DataFrame:
    """The cost of every row of works.

    Typed cost first; else quantity (or its range) times price, the row's own or the one set for the meeting.
    A row of unknown quantity or price costs an unknown amount, never nothing.

    Parameters
    ----------
    works : DataFrame
        Table ``works``; rows that are dropped, or keep what is there, are in no sum.
    prices : mapping
        Yuan per unit by item, set for the meeting.

    Returns
    -------
    DataFrame, index as given without rows that are in no sum
        ``fid``, ``item``, ``low``, ``high`` (whole yuan; NaN unknown), ``level`` (place in ``LEVELS``) and
        ``lacks`` ('quantity', 'price' or None).

    >>> frame = pd.DataFrame({"fid": [1], "item": ["elevator"], "quantity_low": [61], "quantity_high": [114]})
    >>> of_rows(frame, {"elevator": 600_000}).loc[0, ["low", "high"]].tolist()
    [36600000.0, 68400000.0]
    """
    counted = _column(works, "status") != WorkStatus.DROPPED
    counted &= _column(works, "action") != "keep"
    rows = works[counted]
    quantity = _number(rows, "quantity")
    least = np.where(np.isnan(quantity), _number(rows, "quantity_low"), quantity)
    most = np.where(np.isnan(quantity), _number(rows, "quantity_high"), quantity)
    set_price = rows["item"].map(prices).to_numpy(dtype=np.float64)
    own_price = _number(rows, "price")
    price = np.where(np.isnan(own_price), set_price, own_price)
    typed = _number(rows, "cost")
    low = np.where(np.isnan(typed), np.round(least * price), typed)
    high = np.where(np.isnan(typed), np.round(most * price), typed)
    lacks = pd.Series(np.where(np.isnan(price), "price", "quantity"), index=rows.index, dtype=object)
    lacks = lacks.where(np.isnan(high), None)
    level = _column(rows, "level").map({name: nth for nth, name in enumerate(LEVELS)})
    return pd.DataFrame(
        {
            "fid": rows["fid"],
            "item": rows["item"],
            "low": low,
            "high": high,
            "level": level.fillna(LEVELS.index(CostLevel.ESTIMATE)).astype(np.int64),
            "lacks": lacks,
        },
        index=rows.index,
    )


def of_estimates(estimates: pd.DataFrame, bases: pd.DataFrame) -> pd.DataFrame:
    """Estimates with their amounts: as typed, or rate times the households or floor area they are of.

    Parameters
    ----------
    estimates : DataFrame
        Table ``estimates`` with ``key``, the area or neighbourhood that each is of.
    bases : DataFrame
        ``households`` and ``floor_area_m2`` by that key; NaN unless known of all members.

    Returns
    -------
    DataFrame
        As given, with ``amount`` (whole yuan; NaN where the base is unknown) and ``level`` as in ``LEVELS``.
    """
    out = estimates.copy()
    amount = _number(out, "amount")
    for base in ("households", "floor_area_m2"):
        of_it = (_column(out, "per") == base).to_numpy()
        per = out["key"].map(bases[base]).to_numpy(dtype=np.float64)
        amount = np.where(np.isnan(amount) & of_it, np.round(_number(out, "rate") * per), amount)
    out["amount"] = amount
    out["level"] = _column(out, "level").map({name: nth for nth, name in enumerate(LEVELS)}).fillna(0)
    return out


def lines(
    rows: pd.DataFrame,
    area_of: pd.Series[int],
    estimates: pd.DataFrame,
    order: Mapping[str, int],
    addons: Mapping[str, float] | None = None,
) -> pd.DataFrame:
    """Costs by area and item.

    An estimate takes the place of rows that are of an earlier level, or not all known: of one row, of one
    item, or of all works. Of all works, it is spread over the items if it is of a later level; else what it
    says beyond the items is a line of its own, ``NOT_ITEMISED``.

    Parameters
    ----------
    rows : DataFrame
        Of ``of_rows``.
    area_of : Series
        Fid -> area; rows of other neighbourhoods are in no line.
    estimates : DataFrame
        Of ``of_estimates``, with ``area`` (one of ``area_of``) and ``fid`` (0 = of the whole area); ``work``
        0 = of no single row, ``item`` None = of all works.
    order : mapping
        Place of each item in the catalogue.
    addons : mapping, optional
        Shares of what the items of an area come to, that are paid on top of them; by key. An estimate of all
        works of an area holds them already.

    Returns
    -------
    DataFrame, index 0..n-1, by area and place in the catalogue
        ``area``, ``item``, ``low`` (sum of what is known; 0 of nothing), ``high`` (NaN if any is unknown),
        ``rows``, ``known`` (rows with a cost), ``level``.
    """
    here = rows[rows["fid"].isin(area_of.index)]
    usable = estimates[estimates["amount"].notna()].sort_values(["level", "date"], kind="stable")
    here = _with_single_rows(here.rename(columns={"fid": "area"}), usable[usable["work"] > 0])
    usable = usable[usable["work"] == 0]
    own = usable["fid"] > 0
    of_each = _with_estimates(_summed(here), usable[own].assign(area=usable["fid"]))
    of_each = of_each.assign(area=of_each["area"].map(area_of).astype(np.int64))
    grouped = of_each.groupby(["area", "item"], sort=False)
    together = grouped[["low", "rows", "known"]].sum()
    together["high"] = grouped["high"].sum().where(grouped["high"].count() == grouped.size())
    together["level"] = grouped["level"].min()
    found = together.reset_index()[list(of_each.columns)]
    of_all = usable["item"].isna()
    found = _with_items(found, usable[~own & ~of_all])
    found = _with_totals(_with_addons(found, addons or {}), usable[~own & of_all])
    last = len(order)
    place = found["item"].map({**order, NOT_ITEMISED: last + 1}).fillna(last)
    found = found.assign(place=place).sort_values(["area", "place", "item"], kind="stable")
    return found.drop(columns="place").reset_index(drop=True)


def of_areas(found: pd.DataFrame, areas: pd.Index[int]) -> pd.DataFrame:
    """Costs of areas.

    Returns
    -------
    DataFrame, index ``areas``
        ``cost_low`` (sum of what is known), ``cost_high`` (NaN if any is unknown; both NaN where no work is
        listed), ``cost_known`` and ``cost_items`` (rows), ``cost_level`` (the earliest level in the sum, or
        None).
    """
    grouped = found.groupby("area")
    out = pd.DataFrame(index=areas)
    out["cost_low"] = grouped["low"].sum().reindex(areas)
    out["cost_high"] = grouped["high"].sum(min_count=1).where(grouped["high"].count() == grouped.size())
    out["cost_high"] = out["cost_high"].reindex(areas)
    for name, column in (("cost_known", "known"), ("cost_items", "rows")):
        out[name] = grouped[column].sum().reindex(areas, fill_value=0).astype(np.int64)
    out.loc[out["cost_known"] == 0, "cost_low"] = np.nan
    level = found[found["known"] > 0].groupby("area")["level"].min().reindex(areas)
    out["cost_level"] = level.map(dict(enumerate(LEVELS))).astype(object).where(level.notna(), None)
    return out


def spread(total: int, weights: Floats) -> Floats:
    """A whole sum spread in proportion to weights, in whole yuan that add up to it; ties to the first.

    >>> spread(10, np.array([1.0, 1.0, 1.0])).tolist()
    [4.0, 3.0, 3.0]
    """
    exact = weights * (total / weights.sum())
    parts = np.floor(exact)
    short = int(total - parts.sum())
    parts[np.argsort(parts - exact, kind="stable")[:short]] += 1
    return np.asarray(parts)


def _summed(placed: pd.DataFrame) -> pd.DataFrame:
    grouped = placed.groupby(["area", "item"], sort=False)
    found = grouped.agg(
        low=("low", "sum"), high=("high", "sum"), rows=("level", "size"), known=("high", "count")
    )
    found["level"] = grouped["level"].min()
    found["high"] = found["high"].where(found["rows"] == found["known"])
    return found.reset_index()


def _with_addons(found: pd.DataFrame, addons: Mapping[str, float]) -> pd.DataFrame:
    """Lines with the costs on top of the items of each area, as shares of their sums."""
    grouped = found[found["item"] != NOT_ITEMISED].groupby("area")
    sums = grouped.agg(low=("low", "sum"), level=("level", "min"))
    sums["high"] = grouped["high"].sum().where(grouped["high"].count() == grouped.size())
    parts = [found]
    for key, share in addons.items():
        part = sums.assign(item=key, rows=1, known=sums["high"].notna().astype(np.int64))
        part[["low", "high"]] = (sums[["low", "high"]] * share).round()
        parts.append(part.reset_index()[list(found.columns)])
    return pd.concat(parts, ignore_index=True) if len(sums) and addons else found


def _with_estimates(found: pd.DataFrame, estimates: pd.DataFrame) -> pd.DataFrame:
    of_all = estimates["item"].isna()
    return _with_totals(_with_items(found, estimates[~of_all]), estimates[of_all])


def _with_single_rows(placed: pd.DataFrame, estimates: pd.DataFrame) -> pd.DataFrame:
    latest = estimates.drop_duplicates("work", keep="last").set_index("work").reindex(placed.index)
    takes = latest["amount"].notna() & (placed["high"].isna() | (latest["level"] >= placed["level"]))
    changed = {name: placed[name].where(~takes, latest["amount"]) for name in ("low", "high")}
    level = placed["level"].astype(float).where(~takes, latest["level"]).astype(np.int64)
    return placed.assign(**changed, level=level)


def _with_items(found: pd.DataFrame, estimates: pd.DataFrame) -> pd.DataFrame:
    """Lines with the estimates of single items, each of the latest level there is, in place of theirs."""
    if not len(estimates):
        return found
    sums = estimates.groupby(["area", "item", "level"])["amount"].sum().reset_index()
    latest = sums.drop_duplicates(["area", "item"], keep="last")
    both = found.merge(latest, how="outer", on=["area", "item"], suffixes=("", "_new"))
    takes = both["amount"].notna() & (both["high"].isna() | (both["level_new"] >= both["level"]))
    rows = both["rows"].fillna(1)
    out = both[["area", "item"]].assign(
        low=both["low"].where(~takes, both["amount"]),
        high=both["high"].where(~takes, both["amount"]),
        rows=rows,
        known=both["known"].where(~takes, rows),
        level=both["level"].astype(float).where(~takes, both["level_new"]),
    )
    return out.astype({"area": np.int64, "rows": np.int64, "known": np.int64, "level": np.int64})


def _with_totals(found: pd.DataFrame, estimates: pd.DataFrame) -> pd.DataFrame:
    """Lines with the estimates of all works of an area, of the latest level there is."""
    sums = estimates.groupby(["area", "level"])["amount"].sum().reset_index()
    latest = sums.drop_duplicates("area", keep="last")
    touched = found["area"].isin(latest["area"])
    parts, there = [found[~touched]], dict(tuple(found[touched].groupby("area")))
    for one in latest.to_dict("records"):
        area, level, amount = int(one["area"]), int(one["level"]), float(one["amount"])
        own = there.get(area, found.iloc[:0])
        known, complete = float(own["low"].sum()), bool(own["high"].notna().all())
        later = bool((own["level"] < level).any())
        if len(own) and ((complete and not later) or (not complete and amount < known)):
            parts.append(own)  # of all works, yet less than a part of them: the works say more
        elif len(own) and complete and known > 0:
            share = spread(int(amount), own["low"].to_numpy())
            parts.append(own.assign(low=share, high=share, level=level))
        else:  # what has no cost of its own is part of the rest
            rest = max(0.0, amount - known)
            line = {"area": area, "item": NOT_ITEMISED, "low": rest, "high": rest, "rows": 1, "known": 1}
            parts.append(own.assign(high=own["low"], known=own["rows"]))
            parts.append(pd.DataFrame([{**line, "level": level}]))
    kept = [part for part in parts if len(part)]
    return pd.concat(kept, ignore_index=True)[list(found.columns)] if kept else found


def _column(frame: pd.DataFrame, name: str) -> pd.Series[str]:
    if name in frame:
        return frame[name]
    return pd.Series([None] * len(frame), index=frame.index, dtype=object)


def _number(frame: pd.DataFrame, name: str) -> Floats:
    if name not in frame:
        return np.full(len(frame), np.nan)
    return frame[name].to_numpy(dtype=np.float64, na_value=np.nan)
