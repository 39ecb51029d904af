"""Sums of an area are sums of what is known, with their count; nothing known is unknown, not 0."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry import box

from renomap.model.fields import COLUMNS, NUMBER
from renomap.model.preset import Bound, Preset
from renomap.model.roles import Role
from renomap.model.standard import Status
from renomap.steps.area_table import member_sums

PRESET = Preset(
    "p", "p", "p", "national", {}, {}, None, None, subsidy={"city": Bound(6000, "newspaper", Status.VERIFIED)}
)


def _frame(rows: list[dict[str, object]]) -> gpd.GeoDataFrame:
    shapes = [box(i * 100, 0, i * 100 + 100, 100) for i in range(len(rows))]
    empty = {name: np.nan if kind == NUMBER else None for name, kind in COLUMNS[Role.NEIGHBOURHOODS].items()}
    frame = gpd.GeoDataFrame([empty | row for row in rows], geometry=shapes, crs="EPSG:4547")
    frame.index = frame.index.astype("int64").rename("fid") + 1
    return frame


def test_sums_by_hand() -> None:
    rows = _frame(
        [
            {"area_id": 1, "households": 151.0, "community": "甲", "consent_asked": 140.0}
            | {"consent_yes": 121.0},
            {"area_id": 1, "households": np.nan, "community": "乙"},
            {"area_id": 1, "households": 100.0, "population": 250.0, "community": "乙", "consent_asked": 90.0}
            | {"buildings": 3.0},
            {"area_id": 2, "households": np.nan},
            {"area_id": 0, "households": 999.0},
        ]
    )
    table = member_sums(rows, pd.Index([1, 2, 3], name="id"), 3.2, PRESET)
    assert table["neighbourhoods"].tolist() == [3, 1, 0]
    assert table.loc[1, "households"] == 251
    assert table["households_known"].tolist() == [2, 0, 0]
    assert np.isnan(table.loc[2, "households"])
    assert table.loc[1, "population"] == 151 * 3.2 + 250  # reported where reported, else 3.2 a household
    assert table.loc[1, "members_ha"] == 3.0
    assert table.loc[1, "community"] == "甲、乙"
    assert table["population_known"].tolist() == [2, 0, 0]
    assert (table.loc[1, "buildings"], table.loc[1, "buildings_known"]) == (3, 1)
    # 90 households were asked, but what they said is not recorded: they are not 90 votes against.
    assert (table.loc[1, "consent_asked"], table.loc[1, "consent_yes"]) == (140, 121)
    assert (table.loc[1, "consent_base"], table.loc[1, "consent_asked_known"]) == (151, 1)
    assert table.loc[1, "city_subsidy"] == 251 * 6000
    assert np.isnan(table.loc[2, "city_subsidy"])
    assert table["district_subsidy"].isna().all()
