"""Ways along roads: over the bridge, through the gate, and unknown where no road leads."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely import LineString, Point, box

from renomap.ground.barriers import describe
from renomap.ground.links import collect
from renomap.ground.walking import WalkingNetwork, network

CRS = "EPSG:4547"


def frame(shapes: list[shapely.Geometry], **columns: list[object]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS)


def town(
    *bridges: LineString,
    crossings: list[shapely.Geometry] | None = None,
    through: bool = False,
    far: bool = False,
) -> WalkingNetwork:
    """Streets along y = 0 and y = 100, a river along y = 50 between; ``through``: a lane along x = 50
    over the river that is no bridge."""
    lines = [LineString([(0, 0), (1000, 0)]), LineString([(0, 100), (1000, 100)])]
    lines += [LineString([(50, 0), (50, 100)])] * through
    lines += [LineString([(300, 200), (500, 200)])] * far
    rows = frame(
        [*lines, *bridges],
        road_class=["residential"] * (len(lines) + len(bridges)),
        bridge=["no"] * len(lines) + ["yes"] * len(bridges),
    )
    water = frame([LineString([(-100, 50), (1100, 50)])], kind=["river"])
    points = None if crossings is None else frame(crossings, kind=["gate"] * len(crossings))
    return network(describe(rows, "roads"), collect(roads=rows, water=water, crossings=points))


def ways(
    net: WalkingNetwork, place: shapely.Geometry, *areas: shapely.Geometry, limit: float = 2000
) -> list[float]:
    found = net.metres(np.array([place], dtype=object), np.array(areas, dtype=object), limit)
    return [float(value) for value in found[0]]


BRIDGE = LineString([(400, 0), (400, 100)])


def test_over_the_bridge_and_not_over_the_river() -> None:
    """From (100, -10) to an area beyond the river: 10 + 300 + 100 + 100; straight it is 145."""
    area = box(200, 95, 300, 150)
    assert ways(town(BRIDGE), Point(100, -10), area) == pytest.approx([10 + 300 + 100 + 100])
    assert ways(town(), Point(100, -10), area) == [np.inf]
    assert ways(town(through=True), Point(100, -10), area) == [np.inf], (
        "a lane that is no bridge ends at the bank"
    )
    assert ways(town(BRIDGE), Point(100, -10), area, limit=500) == [np.inf]


def test_a_crossing_point_lets_the_lane_through() -> None:
    area = box(200, 95, 300, 150)
    found = ways(town(through=True, crossings=[Point(52, 48)]), Point(100, -10), area)
    assert found == pytest.approx([10 + 50 + 100 + 150])


def test_along_one_street_touching_and_unknown() -> None:
    net = town(BRIDGE)
    assert ways(net, Point(100, -10), box(160, -5, 200, 20)) == pytest.approx([70.0])
    assert ways(net, Point(100, -10), box(90, -20, 200, 20)) == [0.0]
    no_road = ways(net, Point(100, -10), box(100, -900, 200, -700))
    assert np.isnan(no_road).all(), "no road leads there: unknown, not far"
    assert np.isnan(ways(net, Point(0, -101), box(0, 0, 1, 1))).all()
    behind = ways(net, Point(500, 55), box(0, -5, 10, 5))
    assert behind == pytest.approx([45 + 100 + 100 + 390]), "the nearer street is beyond the river"


def test_a_bridge_passes_over_the_street_that_it_crosses() -> None:
    """The bridge goes on to y = 200 over the street at y = 100: who is on it cannot step down."""
    over = LineString([(400, 0), (400, 200)])
    net = town(over, far=True)
    assert ways(net, Point(400, 210), box(300, -5, 310, 5)) == pytest.approx([10 + 200 + 90])
    assert ways(net, Point(400, 210), box(390, 90, 395, 99.9)) == [np.inf]


def test_a_close_that_comes_back_to_itself_is_walked_both_ways() -> None:
    """A stem of 100 m and a ring of 400 m: half way round is 200 m on either side."""
    close = LineString([(0, 0), (100, 0), (200, 0), (200, 100), (100, 100), (100, 0)])
    net = network(describe(frame([close]), "roads"), collect(roads=frame([close])))
    assert ways(net, Point(0, 0), box(195, 95, 205, 105)) == pytest.approx([100 + 195])
    assert ways(net, Point(0, 0), box(95, 45, 105, 55)) == pytest.approx([100 + 45])


def test_without_roads_every_way_is_unknown() -> None:
    net = network(describe(None, "roads"), collect())
    far, touching = ways(net, Point(0, 0), box(10, 0, 20, 10), box(-5, -5, 5, 5))
    assert np.isnan(far)
    assert touching == 0.0


def test_what_a_walk_reaches_is_as_long_as_the_roads_in_it() -> None:
    """From (400, -10), 150 m: 10 to the street, 140 along it on both sides, 100 over the bridge and 40 each
    way."""
    reached = town(BRIDGE).reached(Point(400, -10), 150.0)
    assert shapely.length(reached) == pytest.approx(2 * 140 + 100 + 2 * 40)
    assert reached.bounds == pytest.approx((260.0, 0.0, 540.0, 100.0))
    amid = town(BRIDGE).reached(Point(700, -10), 150.0)
    assert amid.bounds == pytest.approx((560.0, 0.0, 840.0, 0.0))
    assert town(BRIDGE).reached(Point(400, -900), 150.0).is_empty
