"""Which round of asking counts, and what most people ask for: surveys by round, demands by item."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from renomap.model.programme_columns import CountsBy, SurveyKind

#: Columns of a neighbourhood that a round of consent stands for, and where they are in ``surveys``.
CONSENT: Final = {"consent_asked": "returned", "consent_yes": "yes", "consent_no": "no"}
TOP: Final = 5


def latest(surveys: pd.DataFrame, kind: SurveyKind) -> pd.DataFrame:
    """The last round of each neighbourhood, of whole neighbourhoods only.

    The highest round counts, of one round the latest date (a month counts as its first day, no date is the
    earliest), of one date the row entered last.

    Returns
    -------
    DataFrame, index ``fid``
        The columns of ``surveys`` without it.
    """
    of_kind = surveys[(surveys["kind"] == kind) & (surveys["fid"] > 0) & (surveys["building"] == 0)]
    by_date = of_kind.assign(date=of_kind["date"].fillna(""))
    last = by_date.sort_values(["round", "date"], kind="stable").drop_duplicates("fid", keep="last")
    return of_kind.loc[last.index].set_index("fid").sort_index()


def with_consent(rows: pd.DataFrame, surveys: pd.DataFrame) -> pd.DataFrame:
    """Neighbourhoods with the answers of their last round of consent in place of those of the survey.

    What a round does not say is unknown, not what an earlier one said. Rounds that count floor area say
    nothing of households. Rows without a round stay as they are; the frame itself where none has one.
    """
    households = surveys[surveys["counts_by"].isna() | (surveys["counts_by"] == CountsBy.HOUSEHOLDS)]
    found = latest(households, SurveyKind.CONSENT).reindex(rows.index)
    has = found["kind"].notna()
    if not has.any():
        return rows
    changed = {}
    for column, name in CONSENT.items():
        old = rows[column] if column in rows else pd.Series(np.nan, index=rows.index)
        changed[column] = old.where(~has, found[name])
    return rows.assign(**changed)


def most_wanted(demands: pd.DataFrame, area_of: pd.Series[int], top: int = TOP) -> pd.DataFrame:
    """What residents ask for most (需求点单): the ``top`` items of each area by votes.

    Parameters
    ----------
    demands : DataFrame
        Table ``demands``; rows of unknown votes are not counted.
    area_of : Series
        Fid -> area.

    Returns
    -------
    DataFrame, index 0..n-1
        ``area``, ``item``, ``votes``, by area, most votes first, ties by item.
    """
    placed = demands.assign(area=demands["fid"].map(area_of)).dropna(subset=["area", "item", "votes"])
    sums = placed.astype({"area": np.int64}).groupby(["area", "item"])["votes"].sum().reset_index()
    ordered = sums.sort_values(["area", "votes", "item"], ascending=[True, False, True], kind="stable")
    return ordered.groupby("area").head(top).reset_index(drop=True)
