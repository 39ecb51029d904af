"""Who is in charge (国企包片, 责任人): companies with their areas, and projects that lack somebody."""

from __future__ import annotations

from typing import Final

import pandas as pd

#: Columns of a project that somebody has to be named in before it goes on site.
NEEDED: Final = ("company", "person", "phone")


def by_company(projects: pd.DataFrame, numbers: pd.DataFrame, of: str = "company") -> pd.DataFrame:
    """Households and costs of each company, or with ``of='person'`` of each person in charge.

    Parameters
    ----------
    projects : DataFrame
        Projects that run, with their column ``of`` (None: nobody is named); index as that of ``numbers``.
    numbers : DataFrame
        ``households``, ``cost_low``, ``cost_high``; NaN unknown.

    Returns
    -------
    DataFrame, index that column, sorted, '' for those without one last
        ``projects``, ``households`` and ``cost`` (sums of what is known, NaN of nothing), each with
        ``_known``, of how many projects.
    """
    values = numbers.reindex(projects.index)
    named = projects[of].fillna("")
    out = pd.DataFrame({"projects": named.groupby(named).size()})
    for name, column in (("households", "households"), ("cost", "cost_high")):
        grouped = values[column].groupby(named)
        out[name], out[f"{name}_known"] = grouped.sum(min_count=1), grouped.count()
    order = sorted(out.index, key=lambda one: (one == "", one))
    return out.loc[order]


def lacking(projects: pd.DataFrame) -> pd.DataFrame:
    """Projects without company, person or telephone: index as given, ``lacks`` a tuple of columns."""
    lacks = [
        tuple(name for name in NEEDED if not isinstance(row[name], str))
        for row in projects[list(NEEDED)].to_dict("records")
    ]
    out = pd.DataFrame({"lacks": pd.Series(lacks, index=projects.index, dtype=object)})
    return out[out["lacks"].map(len) > 0]
