"""The facts that projects are ranked by, out of survey, consent, money and what pooling adds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from renomap.model.households import counted_whole
from renomap.model.programme import no_rows
from renomap.model.programme_rules import FundingSource, Payer
from renomap.model.programme_view import ProgrammeView
from renomap.programme import works
from renomap.programme.ranking import ranks, scores

#: The year from which age is counted back: what was built by then may join.
OLD: Final = 2000


@dataclass(frozen=True)
class _Members:
    """Neighbourhoods by the key of their project."""

    people: pd.DataFrame
    key: pd.Series[int]
    keys: pd.Index[int]

    def total(self, values: pd.Series[float]) -> pd.Series[float]:
        """Sums by key; NaN unless known of all."""
        numbers = pd.to_numeric(values.reindex(self.key.index), errors="coerce")
        grouped = numbers.groupby(self.key)
        return grouped.sum().where(grouped.count() == grouped.size()).reindex(self.keys)

    def of(self, column: str) -> pd.Series[float]:
        """``total`` of a column; unknown where the survey has none."""
        if column not in self.people:
            return pd.Series(np.nan, index=self.keys)
        return self.total(self.people[column])


def ranked(view: ProgrammeView, people: pd.DataFrame, areas: pd.DataFrame) -> pd.DataFrame:
    """Scores and places of all projects.

    Parameters
    ----------
    people, areas : DataFrame
        Of the plan.

    Returns
    -------
    DataFrame, index as ``view.projects``
        ``score_low``, ``score_high``, ``known_weight``, ``rank`` (see ``programme.ranking``), and
        ``low:FACTOR``, ``high:FACTOR``, the value of each factor in its own unit.
    """
    low, high = factor_values(view, people, areas)
    found = scores(low, high, view.rules.factors)
    found["rank"] = ranks(found, view.projects["code"])
    return found.join(low.add_prefix("low:")).join(high.add_prefix("high:"))


def factor_values(
    view: ProgrammeView, people: pd.DataFrame, areas: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The least and the most that every factor can be, by project; NaN where nothing bounds it.

    Of a project whose members are not all known only what holds for every one of them is known.
    """
    key = view.neighbourhoods["key"]
    here = _Members(people, key[key != 0].astype(np.int64), view.projects.index)
    households = here.total(people["households"].where(counted_whole(people)))
    low, high = pd.DataFrame(index=here.keys), pd.DataFrame(index=here.keys)

    def exact(name: str, value: pd.Series[float]) -> None:
        low[name] = high[name] = value.replace([np.inf, -np.inf], np.nan)

    exact("hazard", here.of("unsafe_buildings") / here.of("buildings"))
    needy, maybe = _basic(view, here)
    low["basic"], high["basic"] = needy / households, maybe / households
    exact("consent", here.of("consent_yes") / households)
    exact("owner", _planned(view, here.keys) / households)
    low["pooling"], high["pooling"] = (part / households for part in _newly(areas, here.keys))
    exact("funded", _arranged(view, here.keys) / _whole_cost(view))
    counts = here.total(pd.Series(1.0, index=people.index))
    low["age"], high["age"] = (OLD - here.of(name) / counts for name in ("year_max", "year_min"))
    exact("elderly", here.of("elderly") / here.of("population"))
    return low, high


def _basic(view: ProgrammeView, here: _Members) -> tuple[pd.Series[float], pd.Series[float]]:
    """Households with an open basic need: of the neighbourhoods that have one, and that may have one."""
    members = here.people.loc[here.key.index]
    needs = works.not_listed(no_rows("works"), members, view.rules)
    sure = members.index.isin(needs.loc[needs["state"] == "missing", "fid"])
    maybe = members.index.isin(needs["fid"])
    households = members["households"]
    return here.total(households.where(sure, 0.0)), here.total(households.where(maybe, 0.0))


def _planned(view: ProgrammeView, keys: pd.Index[int]) -> pd.Series[float]:
    """Yuan that residents are to pay; unknown where no row says so."""
    return _money(view, keys, "planned", lambda source: source.payer is Payer.RESIDENTS)


def _arranged(view: ProgrammeView, keys: pd.Index[int]) -> pd.Series[float]:
    """Yuan of all sources that are arranged; unknown where no row says so."""
    return _money(view, keys, "arranged", lambda _: True)


def _money(
    view: ProgrammeView, keys: pd.Index[int], column: str, wanted: Callable[[FundingSource], bool]
) -> pd.Series[float]:
    sources = [one.key for one in view.rules.sources if wanted(one)]
    stated = view.money[view.money["source"].isin(sources) & ~view.money["derived"].astype(bool)]
    grouped = stated.groupby("key")[column]
    return grouped.sum().where(grouped.count() == grouped.size()).reindex(keys).astype(float)


def _whole_cost(view: ProgrammeView) -> pd.Series[float]:
    table = view.projects
    return table["cost_high"].where(table["cost_low"] == table["cost_high"])


def _newly(areas: pd.DataFrame, keys: pd.Index[int]) -> tuple[pd.Series[float], pd.Series[float]]:
    """Households that pooling serves newly with some facility: at least those of one, at most all together.

    Nobody in a neighbourhood that is a project by itself.
    """
    least, most = (
        areas[[name for name in areas if str(name).endswith(suffix)]].astype(float).to_numpy()
        for suffix in ("_newly_low", "_newly_high")
    )
    open_ended = (~np.isnan(least) & np.isnan(most)).any(axis=1)
    low = pd.Series(np.nan_to_num(least).max(axis=1, initial=0.0), index=areas.index)
    high = pd.Series(np.where(open_ended, np.nan, np.nansum(most, axis=1)), index=areas.index)
    high = high.clip(upper=areas["households"])
    single = keys < 0
    return low.reindex(keys).where(~single, 0.0), high.reindex(keys).where(~single, 0.0)
