"""Reserve pool, annual and longer plans: moves that are refused or recorded, and sums that must close."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

from renomap.errors import RenomapError
from renomap.model.programme import with_rows
from renomap.model.programme_columns import Stage
from renomap.model.programme_rules import Before, Rules

#: Where a neighbourhood can stand in the sums: its stage, and 'long' for a plan of a later year.
LONG: Final = "long"
STANDS: Final = (
    Stage.SURVEY.value,
    Stage.POOL.value,
    Stage.ANNUAL.value,
    LONG,
    Stage.BUILDING.value,
    Stage.BUILT.value,
    Stage.HANDED_OVER.value,
    Stage.EXITED.value,
)
#: What has to be settled before a stage; further on nothing new is asked.
ASKED: Final[Mapping[Stage, Before]] = {
    Stage.POOL: Before.POOL,
    Stage.ANNUAL: Before.ANNUAL,
    Stage.BUILDING: Before.SITE,
    Stage.BUILT: Before.SITE,
    Stage.HANDED_OVER: Before.ACCEPTED,
}
ROLLED: Final = "滚动"
#: The sums of ``identity`` and ``coverage``: a count, households, floor area.
MEASURES: Final = ("households", "floor_area_m2")


def check_move(
    to: Stage,
    year: float,
    was: Stage,
    held_up: pd.DataFrame,
    rules: Rules,
    reason: str | None,
    names: Mapping[int, str],
) -> None:
    """Refuse a move that gates hold up, or that needs a reason or a year.

    Parameters
    ----------
    held_up : DataFrame
        Of ``gates.holding_up`` for ``ASKED[to]``; empty where nothing is asked.
    names : mapping
        Fid -> name, for the sentence.

    Raises
    ------
    RenomapError
        ``programme.move-no-year``, ``programme.move-no-reason`` (a step back, or out),
        ``programme.move-held`` with the gates and the members that hold it up.
    """
    stages = list(Stage)
    back = stages.index(to) < stages.index(was) or to is Stage.EXITED
    if to is Stage.ANNUAL and np.isnan(year):
        raise RenomapError("programme.move-no-year")
    if back and not reason:
        raise RenomapError("programme.move-no-reason")
    if back or not len(held_up):
        return
    gates = {gate.key: gate.zh for gate in rules.gates}
    told = []
    for row in held_up.to_dict("records"):
        members = "、".join(names.get(fid, str(fid)) for fid in row["failing"])
        told.append(f"{gates[row['gate']]}（{members}）" if members else gates[row["gate"]])
    raise RenomapError("programme.move-held", gates="；".join(told))


def moved(
    units: pd.DataFrame,
    history: pd.DataFrame,
    fids: Iterable[int],
    to: Stage,
    year: float,
    *,
    by: str | None,
    at: str,
    reason: str | None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Tables ``units`` and ``history`` with neighbourhoods moved; one row of history for every one that does.

    A neighbourhood that stands there already is not moved. ``year`` NaN = none.
    """
    known = {int(row["fid"]): row for row in units.to_dict("records")}
    rows: list[dict[str, Any]] = []
    new: list[dict[str, Any]] = []
    changed = units.copy()
    for fid in sorted(set(fids)):
        there = known.get(fid)
        was = Stage.SURVEY.value if there is None or there["stage"] is None else str(there["stage"])
        was_year = np.nan if there is None else float(there["year"])
        if was == to and (was_year == year or (np.isnan(was_year) and np.isnan(year))):
            continue
        rows.append(
            {
                "fid": fid,
                "at": at,
                "by": by,
                "from_stage": was,
                "from_year": was_year,
                "to_stage": to.value,
                "to_year": year,
                "reason": reason,
            }
        )
        if there is not None:
            changed.loc[changed["fid"] == fid, ["stage", "year"]] = (to.value, year)
        else:
            new.append({"fid": fid, "stage": to.value, "year": year})
    return with_rows("units", changed, new), with_rows("history", history, rows)


def rolled(
    units: pd.DataFrame, history: pd.DataFrame, closed: int, *, by: str | None, at: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Tables with what was not finished in the year that is closed moved to the next one; what was stays."""
    late = units["stage"].isin([Stage.ANNUAL.value, Stage.BUILDING.value]) & (units["year"] == closed)
    for stage in (Stage.ANNUAL, Stage.BUILDING):
        fids = units.loc[late & (units["stage"] == stage), "fid"]
        units, history = moved(units, history, fids, stage, float(closed + 1), by=by, at=at, reason=ROLLED)
    return units, history


def stands(units: pd.DataFrame, fids: pd.Index[int], year: int | None) -> pd.Series[str]:
    """Where each neighbourhood stands, one of ``STANDS``; without ``year`` no plan is a longer one."""
    known = units.drop_duplicates("fid", keep="last").set_index("fid").reindex(fids)
    stage = known["stage"].astype(object).where(known["stage"].notna(), Stage.SURVEY.value)
    if year is None:
        return stage
    return stage.where((stage != Stage.ANNUAL) | ~(known["year"] > year), LONG)


def identity(where: pd.Series[str], numbers: pd.DataFrame) -> pd.DataFrame:
    """Sums of every list, and that they are all there is.

    Parameters
    ----------
    where : Series
        Of ``stands``, index fid.
    numbers : DataFrame
        ``households`` and ``floor_area_m2`` by fid; NaN unknown.

    Returns
    -------
    DataFrame, index ``STANDS`` and 'sum', 'all', 'difference'
        ``neighbourhoods`` and, for both measures, the sum of what is known (NaN where nothing is, 0 of
        nobody) and ``<measure>_known``, of how many. 'all' is summed from the survey by itself;
        'difference' is 0 where lists are complete and hold nothing twice.
    """
    values = numbers.reindex(where.index)
    grouped = values.groupby(where)
    out = pd.DataFrame(index=pd.Index(STANDS))
    out["neighbourhoods"] = grouped.size().reindex(STANDS, fill_value=0)
    for name in MEASURES:
        out[name] = grouped[name].sum(min_count=1).reindex(STANDS).where(out["neighbourhoods"] > 0, 0.0)
        out[f"{name}_known"] = grouped[name].count().reindex(STANDS, fill_value=0)
    out.loc["sum"] = out.sum(min_count=1)
    every = [number for name in MEASURES for number in _both(numbers, name)]
    out.loc["all"] = [float(len(numbers)), *every]
    out.loc["difference"] = out.loc["all"].fillna(0) - out.loc["sum"].fillna(0)
    return out


def coverage(eligible: pd.Series[bool], included: pd.Series[bool], numbers: pd.DataFrame) -> pd.DataFrame:
    """How much of what is eligible is on a list (应纳尽纳), by count and by floor area apart.

    Returns
    -------
    DataFrame, index 'neighbourhoods', 'households', 'floor_area_m2'
        ``eligible``, ``included`` (sums of what is known), ``known``, ``of`` and ``share`` (NaN where
        nothing is eligible; of a measure, unless it is known of every eligible one).

    >>> eligible = pd.Series(True, index=range(177))
    >>> numbers = pd.DataFrame({"households": 1.0, "floor_area_m2": 1.0}, index=eligible.index)
    >>> float(coverage(eligible, eligible & (eligible.index < 108), numbers).at["neighbourhoods", "share"])
    0.6101694915254238
    """
    of = int(eligible.sum())
    rows = {"neighbourhoods": (float(of), float((eligible & included).sum()), of, of)}
    for name in MEASURES:
        values = numbers[name].reindex(eligible.index)
        known = int(values[eligible].notna().sum())
        rows[name] = (float(values[eligible].sum()), float(values[eligible & included].sum()), known, of)
    out = pd.DataFrame.from_dict(rows, orient="index", columns=["eligible", "included", "known", "of"])
    whole = (out["known"] == out["of"]) & (out["eligible"] > 0)
    out["share"] = (out["included"] / out["eligible"]).where(whole)
    return out


def _both(numbers: pd.DataFrame, name: str) -> tuple[float, float]:
    return float(numbers[name].sum(min_count=1)), float(numbers[name].count())
