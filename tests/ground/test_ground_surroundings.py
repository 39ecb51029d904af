"""四至 and proposed names, and the chart of gaps, on towns drawn by hand."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely

from renomap.ground.gaps import GAPS_M, gap_chart
from renomap.ground.links import collect, find_links
from renomap.ground.surroundings import describe

CRS = "EPSG:4547"


def layer(*rows, **columns) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, geometry=list(rows), crs=CRS)


def areas(*shapes) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(geometry=list(shapes), index=np.arange(1, len(shapes) + 1), crs=CRS)


def line(*points):
    return shapely.LineString(points)


ROADS = layer(
    line((-300, 220), (600, 220)),
    line((-300, 330), (600, 330)),
    line((220, -300), (220, 600)),
    line((-20, -300), (-20, 600)),
    line((-300, 190), (600, 190)),
    name=["人民路", "城北路", "曙光路", "韶山路", "绿道"],
    road_class=["primary", "primary", "secondary", "tertiary", "footway"],
)
RIVER = layer(line((-300, -18), (600, -18)), name=["圭塘河"], kind=["river"])


def test_a_side_is_bounded_by_the_nearest_named_line():
    found = describe(areas(shapely.box(0, 0, 200, 200)), ROADS, RIVER, None, None)
    assert found.loc[1, ["north", "south", "east", "west"]].tolist() == [
        "人民路",
        "圭塘河",
        "曙光路",
        "韶山路",
    ]


def test_a_road_under_the_edge_of_the_outline_bounds_it():
    found = describe(areas(shapely.box(-30, 0, 230, 230)), ROADS, RIVER, None, None)
    assert found.loc[1, ["north", "east", "west"]].tolist() == ["人民路", "曙光路", "韶山路"]


def test_what_the_line_does_not_touch_bounds_nothing():
    far = describe(areas(shapely.box(0, 0, 200, 150)), ROADS, RIVER, None, None)
    assert far.loc[1, "north"] is None, "the road is 58 m away"


def test_two_roads_along_a_side_are_said_with_their_parts():
    two = layer(
        line((-10, 210), (125, 210)), line((125, 210), (230, 210)), name=["书院街", "东兴巷"],
        road_class=["tertiary", "residential"],
    )  # fmt: skip
    found = describe(areas(shapely.box(0, 0, 200, 200)), two)
    assert found.loc[1, "north"] == "书院街（西段）、东兴巷（东段）"
    assert found.loc[1, "proposed_name"] == "书院街片区"


def test_a_road_along_a_slanted_side_is_not_on_the_next_side_too():
    slanted = shapely.Polygon([(0, 0), (200, 0), (280, 200), (80, 200)])
    way = layer(line((-8, -30), (92, 220)), name=["斜街"], road_class=["tertiary"])
    assert describe(areas(slanted), way).loc[1, ["north", "south", "west"]].tolist() == [None, None, "斜街"]
    diamond = shapely.Polygon([(0, 100), (100, 200), (200, 100), (100, 0)])
    edge = layer(line((-5, 105), (95, 205)), name=["斜街"], road_class=["tertiary"])
    found = describe(areas(diamond), edge).loc[1, ["north", "south", "east", "west"]].tolist()
    assert found == ["斜街（西段）", None, None, "斜街（北段）"]


def test_a_road_at_both_ends_of_a_side_is_said_so():
    ends = layer(
        line((-10, 210), (75, 210)), line((130, 210), (210, 210)), line((80, 210), (125, 210)),
        name=["前街", "前街", "后巷"], road_class=["tertiary"] * 3,
    )  # fmt: skip
    found = describe(areas(shapely.box(0, 0, 200, 200)), ends)
    assert found.loc[1, "north"] == "前街"
    short = describe(areas(shapely.box(0, 0, 200, 200)), ends.assign(geometry=[
        line((-10, 210), (50, 210)), line((150, 210), (210, 210)), line((60, 210), (135, 210)),
    ]))  # fmt: skip
    assert short.loc[1, "north"] == "前街（西、东段）、后巷（中段）"


def test_a_border_is_said_beside_a_road_that_bounds_the_rest():
    streets = layer(
        shapely.box(-500, -500, 500, 210), shapely.box(-500, 210, 500, 900), name=["东塘街道", "左家塘街道"]
    ).assign(level="street")
    way = layer(line((-10, 205), (80, 205)), name=["前街"], road_class=["tertiary"])
    found = describe(areas(shapely.box(0, 0, 200, 200)), way, None, None, streets)
    assert found.loc[1, "north"] == "左家塘街道界（东段）、前街（西段）"


def test_no_area_is_called_by_an_expressway_or_a_lane():
    ways = layer(
        line((-50, 210), (260, 210)), line((-50, -10), (260, -10)), name=["北环快速路", "朱家巷"],
        road_class=["trunk", "residential"],
    )  # fmt: skip
    found = describe(areas(shapely.box(0, 0, 200, 200)), ways)
    assert found.loc[1, ["north", "south"]].tolist() == ["北环快速路", "朱家巷"]
    assert found.loc[1, "proposed_name"] == "1号片区"


def test_nothing_within_sight_is_none():
    found = describe(areas(shapely.box(3000, 3000, 3200, 3200)), ROADS, RIVER, None, None)
    assert found.loc[1, ["north", "south", "east", "west"]].isna().all()
    assert found.loc[1, "proposed_name"] == "1号片区"


def test_a_line_that_few_looks_meet_bounds_nothing():
    short = layer(line((0, 220), (30, 220)), name=["短巷"], road_class=["tertiary"])
    assert describe(areas(shapely.box(0, 0, 200, 200)), short).loc[1, "north"] is None


def test_administrative_lines_bound_what_nothing_else_bounds():
    streets = layer(
        shapely.box(-500, -500, 500, 210), shapely.box(-500, 210, 500, 900), name=["东塘街道", "左家塘街道"]
    ).assign(level="street")
    found = describe(areas(shapely.box(0, 0, 200, 200)), None, RIVER, None, streets)
    assert found.loc[1, "north"] == "左家塘街道界"
    assert found.loc[1, "south"] == "圭塘河"
    assert found.loc[1, "proposed_name"] == "东塘街道1号片区"


def test_names_are_unique():
    four = [shapely.box(x, y, x + 90, y + 90) for x in (0, 100) for y in (0, 100)]
    found = describe(areas(*four), ROADS, RIVER, None, None)
    assert found["proposed_name"].is_unique
    assert all(name.endswith("片区") for name in found["proposed_name"])


def test_no_areas_no_rows():
    found = describe(areas(), ROADS, RIVER, None, None)
    assert list(found.columns) == ["north", "south", "east", "west", "proposed_name"]
    assert len(found) == 0


def test_the_chart_counts_pieces_and_scattered():
    starts = np.cumsum([0, 50 + 3, 50 + 10, 50 + 25, 50 + 200])
    town = gpd.GeoSeries([shapely.box(x, 0, x + 50, 50) for x in starts], crs=CRS)
    chart = gap_chart(town, collect()).set_index("gap_m")
    assert list(chart.index) == list(GAPS_M)
    assert chart.loc[0.0].tolist() == [0, 0, 5]
    assert chart.loc[5.0].tolist() == [1, 1, 3]
    assert chart.loc[12.0].tolist() == [2, 1, 2]
    assert chart.loc[30.0].tolist() == [3, 1, 1]
    assert chart.loc[120.0].tolist() == [3, 1, 1]


def test_the_chart_agrees_with_a_run():
    town = gpd.GeoSeries([shapely.box(70 * k, 0, 70 * k + 50, 50) for k in range(6)], crs=CRS)
    for gap, links in gap_chart(town, collect(), (12.0, 20.0))[["gap_m", "links"]].itertuples(index=False):
        assert links == len(find_links(town, collect(), gap_m=gap))


def test_the_ground_names_what_a_line_crosses():
    ground = collect(roads=ROADS, water=RIVER)
    assert ground.name_across(line((100, 100), (100, -100))) == "圭塘河"
    assert ground.name_across(line((100, 200), (100, 400))) == "人民路"
    assert ground.name_across(line((100, 10), (100, 20))) == ""


@pytest.mark.parametrize("word", ["主干路", "primary", "PRIMARY_LINK", " 城市主干道 "])
def test_words_of_road_classes_are_understood(word):
    ground = collect(roads=layer(line((0, 0), (9, 9)), name=["路"], road_class=[word]))
    assert len(ground.hard) == 1
