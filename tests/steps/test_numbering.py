"""Numbers of areas: what goes on keeps its own, new ones are read off the map like a page."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from renomap.steps.numbering import area_numbers, heirs, reading_order


def series(*values: int) -> pd.Series:
    return pd.Series(values, index=pd.Index(range(1, len(values) + 1), name="fid"), dtype="int64")


NOBODY = series(0, 0, 0, 0, 0, 0)


@pytest.mark.parametrize(
    ("labels", "before", "stays", "found"),
    [
        (series(0, 0, 0, 1, 1, 1), series(5, 5, 7, 7, 7, 5), NOBODY, {0: 5, 1: 7}),
        # label 1 shares more with 5 than with 6, but 0 shares more yet
        (series(0, 0, 0, 1, 1, 1), series(5, 5, 5, 5, 5, 6), NOBODY, {0: 5, 1: 6}),
        (series(0, 0, 0, 0, 1, 1), series(5, 5, 5, 5, 5, 0), NOBODY, {0: 5}),
        # the one whose member must stay in 5 is 5, however few it has of it
        (series(0, 0, 0, 0, 1, 1), series(5, 5, 5, 5, 5, 0), series(0, 0, 0, 0, 5, 0), {1: 5}),
        # ties: the smaller id, then the smaller label
        (series(0, 0, 1, 1, -1, -1), series(8, 9, 8, 9, 8, 9), NOBODY, {0: 8, 1: 9}),
        (series(-1, -1, -1, -1, -1, -1), series(5, 5, 5, 5, 5, 5), NOBODY, {}),
    ],
)
def test_who_carries_on(
    labels: pd.Series, before: pd.Series, stays: pd.Series, found: dict[int, int]
) -> None:
    alike = pd.Series(1.0, index=labels.index)
    assert heirs(labels, before, stays, alike) == found


def test_new_areas_take_the_smallest_free_numbers_in_reading_order() -> None:
    order = {0: 2, 1: 1, 2: 3, 3: 4}
    assert area_numbers(order, {1: 7}, {0, 1, 3}, above=0) == {0: 2, 1: 7, 2: 4, 3: 5}
    assert area_numbers(order, {1: 7}, {0, 1, 3}, above=9) == {0: 10, 1: 7, 2: 11, 3: 12}


def test_a_map_is_read_by_unit_then_from_north_to_south_and_west_to_east() -> None:
    places = [(900, 2000), (100, 2100), (500, 100), (100, 100), (100, 3000), (100, 3000)]
    shapes = [shapely.box(x, y, x + 50, y + 50) for x, y in places]
    rows = gpd.GeoDataFrame(geometry=shapes, crs="EPSG:4547", index=NOBODY.index)
    labels = series(4, 3, 2, 1, 0, -1)
    # 2,000 and 2,100 m north are one line of the page, though the one in the east lies farther south
    assert reading_order(rows, labels, None) == {0: 1, 3: 2, 4: 3, 1: 4, 2: 5}
    units = pd.Series(["甲", "甲", "乙", None, "甲", "甲"], index=rows.index, dtype=object)
    # an unknown unit comes first, then 乙 before 甲 as their characters are numbered
    assert reading_order(rows, labels, units) == {1: 1, 2: 2, 0: 3, 3: 4, 4: 5}
    assert reading_order(rows, series(-1, -1, -1, -1, -1, -1), None) == {}
