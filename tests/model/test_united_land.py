"""The land of the members of each area as one shape: rows in any order, members without a shape, nobody."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from renomap.model.members import united


def test_ground_of_two_members_is_there_once_and_owners_ascend() -> None:
    land = gpd.GeoSeries(
        [shapely.box(0, 0, 10, 10), shapely.box(50, 0, 60, 10), None, shapely.box(5, 0, 15, 10)],
        index=[7, 3, 9, 1],
        crs="EPSG:4547",
    )
    found = united(land, pd.Series([4, 2, 2, 4], index=land.index, name="area_id"))
    assert found.index.tolist() == [2, 4]
    assert found.crs == land.crs
    assert found.area.tolist() == [100.0, 150.0]  # 2 x 100 less the 50 that both have


def test_without_members_there_is_nothing() -> None:
    found = united(gpd.GeoSeries([], crs="EPSG:4547"), pd.Series([], dtype=np.int64))
    assert len(found) == 0
    assert found.area.sum() == 0
