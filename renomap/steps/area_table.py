"""Sums over the members of each area: what is known, and of how many."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from renomap.model.households import LOWER_BOUND, counted_whole
from renomap.model.members import united
from renomap.model.preset import Preset
from renomap.model.scheme import UNASSIGNED
from renomap.outputs.numbers import M2_PER_HA
from renomap.programme import consent

#: Columns that are summed over the members; each gets a count of the members of whom it is known.
SUMMED = ("households", "population", "buildings", "stairwells", "floor_area_m2")


def member_sums(
    neighbourhoods: gpd.GeoDataFrame, ids: pd.Index[int], persons_per_household: float, preset: Preset
) -> pd.DataFrame:
    """A row per area with the plain sums of ``model.plan.Plan.areas``.

    Parameters
    ----------
    neighbourhoods : GeoDataFrame
        Members and others, with ``area_id``; canonical columns.
    ids : Index
        Area ids, the rows of the result in this order.
    persons_per_household : float
        For neighbourhoods whose population is not reported.

    Returns
    -------
    DataFrame
        Sums are of the known values, NaN where none is known; ``<column>_known`` (int64) counts the members
        they are made of. Consent is summed over the members of whom both its numbers are known: asked
        households without a recorded answer are not counted as against, contradicting
        numbers are left out.
    """
    members = neighbourhoods[neighbourhoods["area_id"] != UNASSIGNED]
    by_area = members.groupby("area_id")
    table = pd.DataFrame(index=ids)
    table["neighbourhoods"] = by_area.size().reindex(ids, fill_value=0).astype("int64")
    answered = (
        members["consent_asked"].notna()
        & members["consent_yes"].notna()
        & ~consent.contradicts(members)
        & ~consent.outgrown(members)
    )
    values = members[[*SUMMED, "consent_asked", "consent_yes"]].assign(
        population=residents(members, persons_per_household),
        consent_asked=members["consent_asked"].where(answered),
        consent_yes=members["consent_yes"].where(answered),
        consent_base=members["households"].where(answered),
        consent_no=members.get("consent_no", pd.Series(np.nan, index=members.index)).where(answered),
    )
    summed = values.groupby(members["area_id"])
    for name in values:
        table[name] = summed[name].sum(min_count=1).reindex(ids)
    for name in (*SUMMED, "consent_asked", "consent_yes", "consent_no"):
        table[f"{name}_known"] = summed[name].count().reindex(ids, fill_value=0).astype("int64")
    # A lower bound adds to the sum, but is not known.
    whole = counted_whole(members)
    for name, known in (("households", whole), ("population", whole | members["population"].notna())):
        count = known.groupby(members["area_id"]).sum()
        table[f"{name}_known"] = count.reindex(ids, fill_value=0).astype("int64")
    table["year_min"] = by_area["year_min"].min().reindex(ids)
    table["year_max"] = by_area["year_max"].max().reindex(ids)
    dated = members["year_min"].notna() | members["year_max"].notna()
    table["year_known"] = dated.groupby(members["area_id"]).sum().reindex(ids, fill_value=0).astype("int64")
    for name in ("street", "community"):
        table[name] = _joined(members, name).reindex(ids)
    table["members_ha"] = land_ha(members).reindex(ids)
    flag = np.full(len(ids), "reported", dtype=object)
    for one in ("estimated", LOWER_BOUND):
        of_any = (members["households_flag"] == one).groupby(members["area_id"]).any()
        flag = np.where(of_any.reindex(ids, fill_value=False), one, flag)
    table["households_flag"] = np.where(table["households"].isna(), "unknown", flag)
    for column, key in (("city_subsidy", "city"), ("district_subsidy", "district_min")):
        rate = preset.subsidy.get(key)
        table[column] = np.nan if rate is None else (table["households"] * rate.value).round()
    return table


def land_ha(members: gpd.GeoDataFrame) -> pd.Series[float]:
    """Hectares of the members of each area (index ``area_id``); ground under two members is there once."""
    hectares: pd.Series[float] = united(members.geometry, members["area_id"]).area / M2_PER_HA
    return hectares


def residents(rows: pd.DataFrame, persons_per_household: float) -> pd.Series[float]:
    """Reported population, else households x persons per household; NaN where neither is known."""
    return rows["population"].fillna(rows["households"] * persons_per_household)


def _joined(members: pd.DataFrame, name: str) -> pd.Series[str]:
    """Distinct texts of a column by area, most households first, joined by the enumeration comma.

    Areas where all are unknown do not appear.
    """
    known = members[members[name].notna()]
    texts = known[name].astype(str)
    weight = known["households"].fillna(0.0).groupby([known["area_id"], texts]).sum()
    table = (
        weight.rename("weight")
        .reset_index()
        .sort_values(["area_id", "weight", name], ascending=[True, False, True])
    )
    joined: pd.Series[str] = table.groupby("area_id")[name].agg("、".join).astype(object)
    return joined
