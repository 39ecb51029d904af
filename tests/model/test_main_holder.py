"""Which polygon holds most of a body: by surface, not by a single point of it."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely

from renomap.model.overlay import NOWHERE, holder, main_holder


def test_a_long_body_belongs_where_most_of_it_lies() -> None:
    """A comb: its middle stands in B, most of its surface in A."""
    units = gpd.GeoSeries([shapely.box(0, 0, 100, 100), shapely.box(100, 0, 200, 100)], index=[7, 9])
    comb = shapely.union_all(
        [shapely.box(0, 0, 90, 25), shapely.box(85, 0, 95, 60), shapely.box(90, 28, 180, 34)]
    )
    labels, shares = main_holder(units, gpd.GeoSeries([comb]))
    assert holder(units, gpd.GeoSeries([comb]))[0] == 9  # why a point does not do
    assert labels[0] == 7
    inside = shapely.area(shapely.intersection(comb, units[7])) / shapely.area(comb)
    assert shares[0] == inside
    assert inside > 0.5


def test_equal_parts_go_to_the_smaller_label_and_nothing_to_nobody() -> None:
    units = gpd.GeoSeries([shapely.box(0, 0, 10, 10), shapely.box(10, 0, 20, 10)], index=[5, 3])
    bodies = gpd.GeoSeries([shapely.box(5, 0, 15, 10), shapely.box(50, 0, 60, 10), shapely.Polygon(), None])
    labels, shares = main_holder(units, bodies)
    assert labels.tolist() == [3, NOWHERE, NOWHERE, NOWHERE]
    assert np.array_equal(shares, [0.5, 0.0, 0.0, 0.0])
    assert main_holder(units.iloc[:0], bodies)[0].tolist() == [NOWHERE] * 4
