"""Territories and outlines: whole, apart from each other, and on the right side of what divides."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st
from shapely import affinity

from renomap.ground.land import Land
from renomap.ground.links import collect, find_links
from renomap.ground.outline import outlines
from renomap.ground.range_line import CORRIDOR_M
from renomap.ground.redrawing import Former
from renomap.ground.territories import territories

CRS = "EPSG:4547"
SMALL_M2 = 0.01
STREETS = gpd.GeoDataFrame(
    {"name": ["横街", "竖街"], "road_class": ["residential", "tertiary"]},
    geometry=[shapely.LineString([(-50, 78), (300, 84)]), shapely.LineString([(84, -50), (76, 300)])],
    crs=CRS,
)


def layer(*rows, **columns) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, geometry=list(rows), crs=CRS)


def units(*shapes) -> gpd.GeoSeries:
    return gpd.GeoSeries(list(shapes), index=np.arange(1, len(shapes) + 1), crs=CRS)


def most_overlap(shapes) -> float:
    shapes = np.asarray(shapes)
    a, b = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    both = shapely.intersection(shapes[a[a < b]], shapes[b[a < b]])
    return float(shapely.area(both).max()) if len(both) else 0.0


@st.composite
def towns(draw):
    """Neighbourhoods on a crooked grid with lanes of 2 to 34 m, some of them overlapping by a little."""
    shapes = []
    for row in range(draw(st.integers(1, 3))):
        for column in range(draw(st.integers(1, 3))):
            x, y = 80 * column + draw(st.integers(-3, 12)), 80 * row + draw(st.integers(-3, 12))
            shape = shapely.box(x, y, x + draw(st.integers(46, 83)), y + draw(st.integers(46, 83)))
            shapes.append(affinity.rotate(shape, draw(st.integers(-8, 8))))
    return units(*shapes)


#: Ground between three units that none of them reaches: 1.6 m2 of it went to the first.
GORE = units(
    shapely.box(0, 0, 65, 67),
    affinity.rotate(shapely.box(0, 80, 52, 126), 1),
    shapely.box(81, 92, 127, 138),
    shapely.box(160, 80, 206, 126),
)


@settings(max_examples=15, deadline=None)
@given(towns(), st.sampled_from([5.0, 30.0, 60.0]))
@example(GORE, 30.0)
def test_territories_share_the_ground(town, gap):
    grown = territories(town, collect(), gap_m=gap)
    assert list(grown.index) == list(town.index)
    assert grown.is_valid.all()
    assert most_overlap(grown) < SMALL_M2
    for fid in town.index:
        land = town[fid].difference(shapely.union_all(town[town.index < fid].values))
        assert land.difference(grown[fid]).area < 0.1
        assert grown[fid].difference(town[fid].buffer(gap / 2 + 0.01)).area < 0.1
    every = shapely.union_all(shapely.buffer(town.values, gap / 2 - 0.2, quad_segs=4))
    assert every.difference(shapely.union_all(grown.values).buffer(0.3)).area < 1.0


#: The open ground of the third lies between the corners of the fourth and the sixth, which make an area.
CORNERS = units(
    shapely.box(0, 0, 46, 46),
    shapely.box(0, 80, 46, 126),
    shapely.box(80, 80, 135, 132),
    shapely.box(160, 78, 206, 124),
    shapely.box(0, 160, 46, 206),
    shapely.box(80, 160, 136, 206),
)
#: The first area, drawn first, could take the open ground between the corners of the third and the fifth.
TAKEN_FIRST = units(
    shapely.box(0, 0, 46, 46),
    shapely.Polygon([(137.12, 2.49), (132.67, 53.3), (77.88, 48.51), (82.33, -2.3)]),
    shapely.box(160, 0, 206, 54),
    shapely.box(0, 80, 46, 126),
    shapely.Polygon([(124.76, 78.83), (127.17, 124.76), (81.24, 127.17), (78.83, 81.24)]),
)


@settings(max_examples=15, deadline=None)
@given(towns(), st.integers(1, 4), st.sampled_from([30.0, 50.0]))
@example(CORNERS, 2, 50.0)
@example(TAKEN_FIRST, 2, 50.0)
def test_outlines_are_whole_and_apart(town, areas, gap):
    ground = collect()
    links = find_links(town, ground, gap_m=gap)
    assignment = _areas(links, areas)
    drawn = outlines(assignment, Land(town, territories(town, ground, gap_m=gap), links, ground))
    assert most_overlap(drawn.geometry) < SMALL_M2
    assert (drawn["parts"] == 1).all(), "members that a gap joins make one polygon"
    assert drawn.is_valid.all()
    for area, shape in drawn.geometry.items():
        members = town[assignment == area]
        others = shapely.union_all(town[assignment != area].values)
        assert shapely.union_all(members.values).difference(others).difference(shape).area < 0.2


def _areas(links, most) -> pd.Series:
    """Connected areas by walking the links, three units each, at most ``most`` of them."""
    area = np.zeros(len(links.fids), dtype=np.int64)
    ends = np.column_stack([links.a, links.b])
    for key in range(1, most + 1):
        free = np.flatnonzero(area == 0)
        if not len(free):
            break
        area[free[0]] = key
        for _ in range(2):
            reach = ends[(area[ends] == key).any(axis=1)].ravel()
            reach = reach[area[reach] == 0]
            area[reach[:1]] = key
    return pd.Series(area, index=links.fids)


@settings(max_examples=15, deadline=None)
@given(towns(), st.integers(2, 5), st.data())
def test_outlines_that_stand_come_out_the_same(town, areas, data):
    """What is drawn from the former outlines is what is drawn from nothing, stroke after stroke."""
    ground = collect(roads=STREETS)
    links = find_links(town, ground, gap_m=30.0)
    grown = territories(town, ground, gap_m=30.0)
    land = Land(town, grown, links, ground)
    assignment, former, hand = _areas(links, areas), None, None
    for _ in range(3):
        again = outlines(assignment, land, drawn=hand, former=former)
        fresh = outlines(assignment, land, drawn=hand)
        # a boundary drawn far away turns the order of the corners, not the shape
        one, two = (shapely.normalize(drawn.geometry.values) for drawn in (again, fresh))
        assert shapely.equals_exact(one, two, 1e-9).all()
        assert again.drop(columns="geometry").equals(fresh.drop(columns="geometry"))
        former = Former(assignment, again, hand)
        fids = data.draw(st.lists(st.sampled_from(list(town.index)), max_size=2))
        assignment = assignment.copy()
        assignment.loc[fids] = data.draw(st.integers(0, areas))
        x = data.draw(st.sampled_from([None, 0, 100]))
        hand = None if x is None else gpd.GeoSeries([shapely.box(x, 0, x + 90, 70)], index=[9], crs=CRS)


def draw(town, ground, assignment, **more):
    links = find_links(town, ground, overrides=more.pop("overrides", None))
    within = more.pop("within", None)
    land = Land(town, territories(town, ground, within=within), links, ground, within)
    return outlines(pd.Series(assignment, index=town.index), land, **more)


A, B = shapely.box(0, 0, 60, 60), shapely.box(84, 0, 144, 60)
RIVER = layer(shapely.LineString([(72, -200), (72, 260)]), name=["圭塘河"], kind=["river"], width_m=[12.0])


def test_an_arterial_stops_territories_and_outlines():
    arterial = layer(shapely.LineString([(72, -200), (72, 260)]), name=["人民路"], road_class=["primary"])
    ground = collect(roads=arterial)
    grown = territories(units(A, B), ground)
    assert shapely.distance(grown[1], arterial.geometry[0]) > 5
    drawn = draw(units(A, B), ground, [1, 1])
    assert drawn.loc[1, "parts"] == 2
    assert not drawn.loc[1, "corridor"]


def test_a_bridge_makes_a_corridor():
    bridge = layer(
        shapely.LineString([(62, 70), (82, 70)]), name=["石桥"], road_class=["residential"], bridge=[True]
    )
    ground = collect(roads=bridge, water=RIVER)
    drawn = draw(units(A, B), ground, [1, 1])
    assert drawn.loc[1, "parts"] == 1
    assert drawn.loc[1, "corridor"]
    over_water = shapely.box(66, -200, 78, 260).intersection(drawn.geometry[1])
    assert over_water.area == pytest.approx(CORRIDOR_M * 12, rel=0.05)


def test_a_users_link_makes_a_corridor_or_the_outline_says_it_has_parts():
    far = shapely.box(200, 0, 260, 60)
    link = pd.DataFrame({"a": [1], "b": [2], "action": ["link"], "reason": ["通道"]})
    drawn = draw(units(A, far), collect(), [1, 1], overrides=link)
    assert (drawn.loc[1, "parts"], drawn.loc[1, "corridor"]) == (1, True)
    between = shapely.box(100, -300, 160, 300)
    drawn = draw(units(A, far, between), collect(), [1, 1, 2], overrides=link)
    assert (drawn.loc[1, "parts"], drawn.loc[1, "corridor"]) == (2, False)
    assert most_overlap(drawn.geometry) < SMALL_M2


def test_members_across_a_wide_road_are_one_polygon():
    road = layer(shapely.LineString([(85, -200), (85, 260)]), name=["城南路"], road_class=["secondary"])
    far = shapely.box(110, 0, 170, 60)
    drawn = draw(units(A, far), collect(roads=road), [1, 1])
    assert (drawn.loc[1, "parts"], drawn.loc[1, "corridor"]) == (1, False)
    assert shapely.box(60, 10, 110, 50).difference(drawn.geometry[1]).area < SMALL_M2


def test_administrative_lines_are_kept():
    within = gpd.GeoSeries(
        [shapely.box(-500, -500, 66, 500), shapely.box(66, -500, 700, 500)],
        index=["甲街道", "乙街道"],
        crs=CRS,
    )
    near = shapely.box(68, 0, 128, 60)
    drawn = draw(units(A, near), collect(), [1, 2], within=within)
    assert drawn.geometry[1].difference(within["甲街道"]).area < SMALL_M2
    assert drawn.geometry[2].difference(within["乙街道"]).area < SMALL_M2


def test_a_street_bounds_the_outline():
    road = layer(shapely.LineString([(-100, 70), (300, 70)]), name=["书院街"], road_class=["residential"])
    drawn = draw(units(A, shapely.box(66, 0, 126, 60)), collect(roads=road), [1, 1])
    assert drawn.geometry[1].bounds[3] == pytest.approx(67, abs=0.1), "the near edge, 3 m from the middle"


def test_a_boundary_drawn_by_hand_cuts_the_derived_ones():
    hand = gpd.GeoSeries([shapely.box(-10, -10, 80, 80), None], index=[1, 2], crs=CRS)
    drawn = draw(units(A, shapely.box(66, 0, 126, 60)), collect(), [1, 2], drawn=hand)
    assert drawn.geometry[1].equals(hand[1])
    assert most_overlap(drawn.geometry) < SMALL_M2


def test_what_lies_inside_another_keeps_its_ground():
    town = units(shapely.box(0, 0, 200, 200), shapely.box(80, 80, 120, 120))
    grown = territories(town, collect())
    assert grown[2].area == pytest.approx(1600, abs=1)
    assert most_overlap(grown) < SMALL_M2


def test_empty_input():
    none = gpd.GeoSeries([], index=np.array([], dtype=np.int64), crs=CRS)
    assert len(territories(none, collect())) == 0
    town = units(A, B)
    drawn = draw(town, collect(), [0, 0])
    assert len(drawn) == 0
    assert list(drawn.columns) == ["parts", "corridor", "geometry"]


def test_row_order_does_not_show():
    town = units(A, shapely.box(55, -5, 115, 70), shapely.box(0, 68, 50, 120))
    plain = territories(town, collect())
    turned = territories(town.iloc[::-1], collect())
    assert all(plain[fid].equals(turned[fid]) for fid in town.index)


TOWN = Path(__file__).parent.parent / "data" / "town_of_pairs"


def test_the_town_of_pairs_has_territories_and_outlines():
    read = {path.stem: gpd.read_file(path) for path in sorted(TOWN.glob("*.geojson"))}
    town = read["neighbourhoods"].set_index("fid").geometry
    ground = collect(*(read[name] for name in ("roads", "water", "railways", "barriers", "crossings")))
    links = find_links(town, ground)
    grown = territories(town, ground)
    assert most_overlap(grown) < SMALL_M2
    cases = pd.Series(pd.factorize(read["neighbourhoods"]["case"])[0] + 1, index=town.index)
    drawn = outlines(cases, Land(town, grown, links, ground))
    assert most_overlap(drawn.geometry) < SMALL_M2
    joined = cases[cases.duplicated(keep=False)].unique()
    apart = drawn.loc[joined][drawn.loc[joined, "parts"] > 1].index
    linked = {int(cases[links.fids[a]]) for a in links.a}
    several = cases.value_counts()
    assert all(area not in linked or several[area] > 2 for area in apart)
