"""Lines that follow a street between two places, and sides of a boundary that are drawn anew."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from renomap.editing.sides import along_road, as_derived, side_at, straightened
from renomap.editing.tracing import ON_LINE_M, Ways

CROSSING = shapely.buffer(
    np.array([shapely.LineString([(0, 0), (400, 0)]), shapely.LineString([(200, -300), (200, 300)])]),
    6.0,
    cap_style="square",
)
WAYS = Ways(CROSSING, np.array([shapely.LineString([(0, 80), (150, 130), (400, 80)])]))
NONE = Ways(np.empty(0, dtype=object), np.empty(0, dtype=object))


def test_the_line_turns_the_corner_with_the_street():
    way = WAYS.trace((40.0, 8.0), (192.0, 140.0))
    assert way[0] == (40.0, 8.0)
    assert way[-1] == (192.0, 140.0)
    line = shapely.LineString(way)
    assert shapely.LineString(way[1:-1]).hausdorff_distance(
        shapely.LineString([(40, 6), (194, 6), (194, 140)])
    ) == pytest.approx(0, abs=0.01)
    assert line.length == pytest.approx(2 + 154 + 134 + 2, abs=0.01)


def test_the_line_goes_on_across_the_mouth_of_a_street():
    way = shapely.LineString(WAYS.trace((40.0, 7.0), (360.0, 7.0)))
    assert way.length == pytest.approx(322, abs=0.01)
    assert shapely.distance(way, shapely.Point(200, 6)) < 0.01


def test_a_border_is_followed_as_well():
    way = shapely.LineString(WAYS.trace((20.0, 90.0), (380.0, 86.0)))
    assert shapely.distance(way, shapely.Point(150, 130)) < 0.01


@pytest.mark.parametrize("ways", [WAYS, NONE])
def test_where_nothing_leads_the_line_is_straight(ways):
    assert ways.trace((40.0, 190.0), (90.0, 250.0)) == ((40.0, 190.0), (90.0, 250.0))


def test_no_long_way_round():
    """Two places across a street 12 m wide: its edges lead round its end only."""
    road = Ways(
        shapely.buffer(np.array([shapely.LineString([(0, 0), (300, 0)])]), 6.0, cap_style="flat"), NONE.lines
    )
    assert road.trace((150.0, 7.0), (150.0, -7.0)) == ((150.0, 7.0), (150.0, -7.0))


@given(st.floats(0, 400), st.floats(-40, 40), st.floats(0, 400), st.floats(-40, 40))
def test_a_trace_begins_and_ends_where_the_hand_is_and_else_lies_on_a_line(x, y, u, v):
    way = WAYS.trace((x, y), (u, v))
    assert (way[0], way[-1]) == ((x, y), (u, v))
    edges = shapely.union_all([shapely.boundary(shapely.union_all(CROSSING)), *WAYS.lines])
    assert all(shapely.distance(shapely.Point(place), edges) < 0.01 for place in way[1:-1])
    if len(way) > 2:
        assert max(shapely.distance(shapely.Point(p), edges) for p in (way[0], way[-1])) <= ON_LINE_M


JAGGED = shapely.Polygon(
    [(0, 0), (40, 0), (40, 6), (80, 6), (80, 0), (200, 0), (200, 100), (110, 108), (0, 100)]
)


def test_a_side_runs_from_turn_to_turn_over_its_jogs():
    south = side_at(JAGGED, (100, -9))
    assert shapely.get_coordinates(south).tolist() == [[0, 0], [40, 0], [40, 6], [80, 6], [80, 0], [200, 0]]
    assert shapely.get_coordinates(side_at(JAGGED, (90, 130))).tolist() == [[200, 100], [110, 108], [0, 100]]
    assert shapely.get_coordinates(straightened(south)).tolist() == [[0, 0], [200, 0]]


def test_a_side_goes_to_the_road_that_is_near():
    block = shapely.box(0, 18, 180, 90)
    moved = along_road(side_at(block, (90, 10)), WAYS)
    assert shapely.get_coordinates(moved).tolist() == [[0, 18], [0, 6], [180, 6], [180, 18]]


@pytest.mark.parametrize("at", [(100, -9), (210, 50), (90, 130), (-5, 50)])
def test_a_side_comes_back_to_the_derived_line_whatever_side_it_is(at):
    derived = shapely.box(-10, -10, 210, 115)
    line = as_derived(side_at(JAGGED, at), derived)
    assert line.is_simple
    inner = shapely.LineString(shapely.get_coordinates(line)[1:-1])
    assert shapely.covers(shapely.buffer(derived.boundary, 0.01), inner)
    assert inner.length < derived.length / 2, "not the way round the other sides"
