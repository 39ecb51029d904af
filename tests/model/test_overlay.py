"""Which polygon holds a thing: points, lines and polygons that lie on a border, and ties."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from shapely import Geometry

from renomap.model.overlay import NOWHERE, holder

EAST, WEST = shapely.box(10, 0, 20, 10), shapely.box(0, 0, 10, 10)
#: Two arms joined by a bar.
HOOK = shapely.Polygon([(0, 0), (30, 0), (30, 10), (28, 10), (28, 4), (2, 4), (2, 10), (0, 10)])


def held(thing: Geometry, polygons: dict[int, Geometry]) -> int:
    series = gpd.GeoSeries(list(polygons.values()), index=pd.Index(list(polygons), dtype="int64"))
    return int(holder(series, gpd.GeoSeries([thing]))[0])


@pytest.mark.parametrize(
    ("thing", "label"),
    [
        (shapely.Point(3, 3), 2),
        (shapely.Point(10, 3), 1),  # on the border: the smaller label
        (shapely.Point(3, 30), NOWHERE),
        (shapely.LineString([(2, 5), (6, 5)]), 2),
        (shapely.LineString([(12, 5), (12, 9), (40, 9)]), 1),
        (shapely.box(8, 2, 14, 4), 1),
        (shapely.box(50, 50, 51, 51), NOWHERE),
    ],
)
def test_of_two_side_by_side(thing: Geometry, label: int) -> None:
    assert held(thing, {2: WEST, 1: EAST}) == label
    assert held(thing, {1: EAST, 2: WEST}) == label


def test_where_nobody_covers_the_point_the_larger_share_decides() -> None:
    point = shapely.point_on_surface(HOOK)
    hole = point.buffer(1.0)
    some = HOOK.buffer(1).difference(hole)
    less = some.difference(shapely.box(0, 0, 1, 1))
    assert shapely.area(shapely.intersection(HOOK, some)) > shapely.area(shapely.intersection(HOOK, less))
    for better, worse in ((1, 2), (2, 1)):
        assert held(HOOK, {better: some, worse: less}) == better
        assert held(HOOK, {worse: less, better: some}) == better
    assert held(HOOK, {3: some, 2: some}) == held(HOOK, {2: some, 3: some}) == 2
    half = shapely.intersection(HOOK, shapely.box(0, 0, 10, 10)).difference(hole)
    assert held(HOOK, {1: half}) == NOWHERE


def test_nothing_holds_nothing() -> None:
    empty = gpd.GeoSeries([])
    assert holder(empty, empty).tolist() == []
    assert holder(empty, gpd.GeoSeries([shapely.Point(0, 0)])).tolist() == [NOWHERE]
