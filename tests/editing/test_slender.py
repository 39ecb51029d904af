"""No edit leaves a needle; lines and corners meet the corners that they come near."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import shapely
from editing_town import Town, after, outlines_of, scheme_of
from hypothesis import given, settings
from hypothesis import strategies as st

from renomap.editing import boundaries, splitting, vertices
from renomap.editing.graph import build_graph
from renomap.editing.ground import drawn_boundaries
from renomap.editing.schemes import NewArea
from renomap.editing.slender import CORNER_M, drawn_to_corners, needles
from renomap.errors import RenomapError
from renomap.model.change import ChangeSet
from renomap.model.project import Project

X, Y = 500_000.0, 3_100_000.0
TOWN = Town(shake=0.0)
GRAPH = build_graph(TOWN.links)


def halves() -> Project:
    """Area 1 in the south-west with a drawn boundary of 400 x 300 m."""
    start = TOWN.project()
    area = shapely.box(X, Y, X + 400, Y + 300)
    return after(start, boundaries.draw(start, area, 1, outlines_of(start, TOWN)))


HALVES = halves()
SHOWN = outlines_of(HALVES, TOWN)


def test_a_strip_beside_a_block_is_a_needle_and_an_acute_corner_is_none() -> None:
    block = shapely.box(0, 0, 50, 50)
    assert len(needles(shapely.union(block, shapely.box(50, 10, 83, 10.22)))) == 1
    assert len(needles(shapely.union(block, shapely.box(50, 10, 83, 10.5)))) == 0
    assert len(needles(shapely.Polygon([(0, 0), (60, 0), (60, 10)]))) == 0  # 9.5 degrees
    assert len(needles(shapely.Polygon())) == 0


def test_an_edge_that_is_dragged_out_to_a_needle_is_refused_with_its_length() -> None:
    near_end = (X + 400, Y + 299.7)
    moved = after(HALVES, vertices.add_vertex(HALVES, 1, near_end, near_end, SHOWN))
    with pytest.raises(RenomapError) as caught:
        vertices.move_vertex(moved, 1, near_end, (X + 440, Y + 299.9), outlines_of(moved, TOWN))
    assert caught.value.code == "editing.needle"
    assert caught.value.params["metres"] > 30


def test_a_corner_that_is_let_go_beside_another_comes_to_lie_on_it() -> None:
    to = (X + 0.06, Y + 200 - 0.05)
    changed = after(HALVES, vertices.add_vertex(HALVES, 1, (X, Y + 150), to, SHOWN))
    shape = drawn_boundaries(scheme_of(changed))[1]
    assert shape.equals(drawn_boundaries(scheme_of(HALVES))[1])


def test_a_line_that_passes_a_corner_by_a_hair_goes_through_it() -> None:
    line = shapely.LineString([(X + 400.06, Y - 20), (X + 399.95, Y + 320)])
    through = drawn_to_corners(line, {1: SHOWN.loc[1]})
    assert shapely.distance(through, shapely.Point(X + 400, Y)) == 0
    assert shapely.distance(through, shapely.Point(X + 400, Y + 300)) == 0
    apart = shapely.LineString([(X + 401, Y - 20), (X + 401, Y + 320)])
    assert drawn_to_corners(apart, {1: SHOWN.loc[1]}).equals(apart)


def nearest_corners(shape: shapely.Geometry) -> float:
    """The least distance of two corners of a boundary, metres."""
    places = np.unique(vertices.corners(shape), axis=0)
    tree = shapely.STRtree(shapely.points(places))
    a, b = tree.query(shapely.points(places), "dwithin", CORNER_M)
    away = np.hypot(*(places[a] - places[b]).T)
    return float(away[a != b].min(initial=np.inf))


PLACE = st.tuples(st.floats(-60.0, 460.0), st.floats(-60.0, 360.0))


def edits(at: float, points: list[tuple[float, float]]) -> dict[str, Callable[[], ChangeSet]]:
    """A drag of an edge, a reshape, a split and a boundary drawn through some places."""
    places = [(X + x, Y + y) for x, y in points]
    rim = shapely.line_interpolate_point(shapely.boundary(SHOWN.loc[1]), at, normalized=True)
    line = shapely.LineString(places)
    return {
        "drag": lambda: vertices.add_vertex(HALVES, 1, (rim.x, rim.y), places[0], SHOWN),
        "reshape": lambda: boundaries.reshape(HALVES, 1, line, SHOWN),
        "split": lambda: splitting.split_by_line(HALVES, 1, line, NewArea(), SHOWN, GRAPH),
        "draw": lambda: boundaries.draw(HALVES, shapely.Polygon(places), NewArea(), SHOWN),
    }


@settings(max_examples=30)
@given(st.floats(0.0, 1.0), st.lists(PLACE, min_size=3, max_size=5, unique=True))
def test_no_edit_leaves_a_needle(at: float, points: list[tuple[float, float]]) -> None:
    for make in edits(at, points).values():
        try:
            changed = after(HALVES, make())
        except RenomapError:
            continue
        for shape in drawn_boundaries(scheme_of(changed)).values():
            assert len(needles(shape)) == 0


@settings(max_examples=30)
@given(st.sampled_from([(0.0, 0.0), (400.0, 0.0), (400.0, 300.0), (0.0, 300.0)]), st.floats(-0.09, 0.09))
def test_no_drag_leaves_two_corners_that_a_hand_cannot_tell_apart(
    corner: tuple[float, float], off: float
) -> None:
    to = (X + corner[0] + off / 2, Y + corner[1] + off / 2)
    try:
        changed = after(HALVES, vertices.add_vertex(HALVES, 1, (X + 200, Y), to, SHOWN))
    except RenomapError:
        return
    assert nearest_corners(drawn_boundaries(scheme_of(changed))[1]) >= CORNER_M
