"""What works bring in a year beside what they cost (收益搭配): by project, so that profitable and other works
can be put together."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from renomap.model.programme_columns import WorkStatus

COLUMNS: Final = ("income", "income_known", "yield_low", "yield_high")


def of_areas(
    works: pd.DataFrame, area_of: pd.Series[int], costs: pd.DataFrame, keys: pd.Index[int]
) -> pd.DataFrame:
    """Yearly income of each project, and its share of the cost.

    Parameters
    ----------
    works : DataFrame
        The table ``works``; what was dropped brings nothing.
    area_of : Series
        Fid -> key of the project.
    costs : DataFrame, index ``keys``
        ``cost_low``, ``cost_high`` in yuan; NaN unknown or open.
    keys : Index

    Returns
    -------
    DataFrame, index ``keys``
        ``income`` (yuan a year of the rows that say one, NaN where none does), ``income_known`` (how many
        do), ``yield_low`` (that income by the highest cost; NaN where either is unknown) and ``yield_high``
        (by the lowest cost; NaN unless every row says its income, for another could bring more).

    >>> rows = pd.DataFrame({"fid": [1, 1], "annual_income": [60_000.0, 0.0], "status": None})
    >>> cost = pd.DataFrame({"cost_low": [1e6], "cost_high": [1.2e6]}, index=[7])
    >>> of_areas(rows, pd.Series({1: 7}), cost, cost.index).iloc[0].tolist()
    [60000.0, 2.0, 0.05, 0.06]
    """
    running = works[works["status"] != WorkStatus.DROPPED]
    grouped = running["annual_income"].groupby(running["fid"].map(area_of))
    out = pd.DataFrame({"income": grouped.sum(min_count=1).reindex(keys)})
    out["income_known"] = grouped.count().reindex(keys, fill_value=0)
    every = (grouped.size() == grouped.count()).reindex(keys, fill_value=False)
    priced = costs.reindex(keys)
    out["yield_low"] = _share(out["income"], priced["cost_high"])
    out["yield_high"] = _share(out["income"], priced["cost_low"]).where(every)
    return out


def _share(income: pd.Series[float], cost: pd.Series[float]) -> pd.Series[float]:
    return income / cost.where(cost > 0, np.nan)
