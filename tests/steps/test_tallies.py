"""Unsafe buildings, city spots, heritage and idle rooms of an area, worked by hand."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely import Point, box

from renomap.model.fields import HERITAGE_NONE
from renomap.sources.kinds import heritage
from renomap.steps.tallies import tallies

CRS = "EPSG:4547"


def people() -> gpd.GeoDataFrame:
    nan = np.nan
    rows = {
        "area_id": [1, 1, 1, 2, 2, 3, 0],
        "unsafe_buildings": [2.0, 0.0, nan, 0.0, 0.0, nan, 9.0],
        "city_spots_m2": [120.5, nan, nan, 0.0, 30.0, nan, 9.0],
        "heritage": ["文庙坪历史地段", "文庙坪历史地段", None, "无", HERITAGE_NONE, None, "外"],
    }
    shapes = [box(10 * k, 0, 10 * k + 10, 10) for k in range(7)]
    return gpd.GeoDataFrame(rows, geometry=shapes, crs=CRS, index=pd.RangeIndex(1, 8, name="fid"))


def outlines() -> gpd.GeoSeries:
    shapes = [box(0, 0, 30, 10), box(30, 0, 50, 10), box(50, 0, 60, 10)]
    return gpd.GeoSeries(shapes, crs=CRS, index=pd.Index([1, 2, 3], name="id"))


def test_sums_are_of_the_known_and_unknown_is_not_0() -> None:
    table = tallies(people(), outlines(), None)
    assert table["unsafe_buildings"].tolist()[:2] == [2.0, 0.0]
    assert table["unsafe_buildings_known"].tolist() == [2, 2, 0]
    assert table["city_spots_m2"].tolist()[:2] == [120.5, 30.0]
    assert table["city_spots_m2_known"].tolist() == [1, 2, 0]
    assert table.loc[3, ["unsafe_buildings", "city_spots_m2"]].isna().all()
    assert table["heritage_names"].tolist() == ["文庙坪历史地段", None, None]
    assert table["heritage_known"].tolist() == [2, 2, 0]
    assert table["idle_sites"].isna().all()


def test_a_site_on_two_areas_is_counted_once() -> None:
    points = [Point(5, 5), Point(30, 5), Point(40, 5), Point(500, 5)]
    sites = gpd.GeoDataFrame({"area_m2": [100.0, 50.0, np.nan, 700.0]}, geometry=points, crs=CRS)
    table = tallies(people(), outlines(), sites)
    assert table["idle_sites"].tolist() == [2.0, 1.0, 0.0]
    assert table["idle_sites_m2"].tolist()[0] == 150.0
    assert table["idle_sites_m2"].isna().tolist() == [False, True, True]
    assert table["idle_sites_m2_known"].tolist() == [2.0, 0.0, 0.0]


def test_denied_heritage_is_known_to_be_none_and_silence_is_unknown() -> None:
    told = heritage(pd.Series(["无", "否", " 没有 ", "none", "—", "不详", None, "历史建筑2处"], dtype=object))
    assert told.tolist() == [*[HERITAGE_NONE] * 4, None, None, None, "历史建筑2处"]
