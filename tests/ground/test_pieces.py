"""Closings and openings are always shapes that overlays accept; an odd shape stops no plan."""

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from renomap.ground import outline
from renomap.ground.land import Land
from renomap.ground.links import collect, find_links
from renomap.ground.outline import outlines
from renomap.ground.pieces import closed, opened
from renomap.ground.territories import territories

CORNERS = {"join_style": "mitre", "mitre_limit": 3.0}
#: Two compounds of Shanghai whose closing by 16 m with right angles crosses itself (GEOS 3.13).
ODD = shapely.from_wkt(
    "MULTIPOLYGON (((636529.5597379463 3450812.630057555, 636529.9708 3450812.2724,"
    "636530.4849015124 3450811.8252218557, 636553.0733182415 3450792.174681298,"
    "636554.1895234922 3450772.455683486, 636496.7570802262 3450763.319633302,"
    "636491.0796147733 3450810.372678477, 636520.9726062668 3450820.1003367417,"
    "636529.5597379463 3450812.630057555)), ((636569.4751545636 3450809.9786229725,"
    "636531.1070302121 3450811.284073706, 636531.107 3450811.2841, 636530.8089 3450811.5434,"
    "636529.9708 3450812.2724, 636529.4320239471 3450812.741179164,"
    "636529.4078683987 3450812.8172173966, 636529.3474 3450813.0077, 636529.2082 3450813.4458,"
    "636529.2081699986 3450813.4458395713, 636517.4221756605 3450850.5464742724,"
    "636567.1093580936 3450859.612624932, 636569.4751545636 3450809.9786229725)))"
)


def test_a_closing_can_be_overlaid() -> None:
    shape = closed(ODD, 16.0, **CORNERS)
    assert shape.is_valid
    assert shapely.difference(ODD, shapely.buffer(shape, 1e-6)).area < 1e-6
    assert 0 < shape.area - ODD.area < 0.2 * ODD.area


def test_an_opening_can_be_overlaid() -> None:
    shape = opened(ODD, 6.0, **CORNERS)
    assert shape.is_valid
    assert shape.area == pytest.approx(ODD.area, rel=0.01)


def test_closing_and_opening_of_a_square_with_a_notch_and_a_spike() -> None:
    square = shapely.box(0, 0, 50, 50)
    notched = square - shapely.box(20, 40, 24, 50)
    assert closed(notched, 3.0, **CORNERS).equals_exact(square, 1e-9, normalize=True)
    spiked = square | shapely.box(20, 50, 24, 60)
    assert opened(spiked, 3.0, **CORNERS).equals_exact(square, 1e-9, normalize=True)


def test_where_no_line_can_be_computed_the_members_land_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    town = gpd.GeoSeries(
        [shapely.box(0, 0, 50, 50), shapely.box(60, 0, 110, 50), shapely.box(120, 0, 170, 50)],
        index=[1, 2, 3],
        crs="EPSG:4547",
    )
    ground = collect()
    land = Land(town, territories(town, ground), find_links(town, ground), ground)
    usual = outline.range_line

    def odd(*given):
        if given[1] == 1:
            raise shapely.errors.GEOSException("side location conflict")
        return usual(*given)

    monkeypatch.setattr(outline, "range_line", odd)
    drawn = outlines(pd.Series([1, 1, 2], index=[1, 2, 3]), land)
    assert drawn.geometry[1].equals(shapely.union_all(town.loc[[1, 2]].values))
    assert drawn.geometry[2].covers(town.loc[3])
    assert drawn["parts"].to_dict() == {1: 2, 2: 1}
