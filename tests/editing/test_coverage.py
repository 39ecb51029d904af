"""Boundaries as a coverage: borders with shared vertices, which projecting and rounding cannot part."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Polygon, box

from renomap.editing.coverage import noded
from renomap.outputs.columns import NODE_GRID_M
from renomap.outputs.geojson import geographic

CRS = "EPSG:4547"
X, Y = 400_000.0, 3_120_000.0


def worst_overlap(shapes: npt.NDArray[np.object_]) -> float:
    """The largest ground that two of the shapes both claim, in the square of their unit."""
    one, two = shapely.STRtree(shapes).query(shapes)
    pairs = one < two
    common = shapely.area(shapely.intersection(shapes[one[pairs]], shapes[two[pairs]]))
    return float(common.max(initial=0.0))


def turned(shapes: list[shapely.Geometry], angle: float) -> npt.NDArray[np.object_]:
    """The shapes turned about a point of the town, so that no border runs along the axes."""
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    moved = shapely.transform(np.array(shapes, dtype=object), lambda xy: xy @ turn.T + [X, Y])
    return np.asarray(moved, dtype=object)


@st.composite
def towns(draw: st.DrawFn) -> npt.NDArray[np.object_]:
    """A partition full of T-junctions: a rectangle cut again and again, faces joined at random.

    Owners are drawn per face, so that gaps, areas of several parts and areas with holes occur.
    """
    faces = [box(0, 0, draw(st.floats(200, 900)), draw(st.floats(200, 900)))]
    for _ in range(draw(st.integers(1, 14))):
        whole = faces.pop(draw(st.integers(0, len(faces) - 1)))
        x1, y1, x2, y2 = whole.bounds
        share = draw(st.floats(0.2, 0.8))
        if x2 - x1 > y2 - y1:
            at = x1 + share * (x2 - x1)
            faces += [box(x1, y1, at, y2), box(at, y1, x2, y2)]
        else:
            at = y1 + share * (y2 - y1)
            faces += [box(x1, y1, x2, at), box(x1, at, x2, y2)]
    owners = draw(st.lists(st.integers(0, 5), min_size=len(faces), max_size=len(faces)))
    pieces = turned(list(faces), draw(st.floats(0, 6.28)))
    kept = [k for k in range(1, 6) if k in owners]
    return np.array([shapely.union_all(pieces[np.array(owners) == k]) for k in kept], dtype=object)


@settings(deadline=None, max_examples=30)
@given(towns())
def test_a_partition_is_a_coverage_before_and_after_projecting_and_rounding(
    shapes: npt.NDArray[np.object_],
) -> None:
    made = noded(shapes, NODE_GRID_M)
    assert shapely.coverage_is_valid(made)
    assert np.all(np.abs(shapely.area(made) - shapely.area(shapes)) <= 1e-6 * shapely.area(shapes))
    for before, after in zip(shapes, made, strict=True):
        border = shapely.boundary(before)
        assert shapely.distance(shapely.points(shapely.get_coordinates(after)), border).max() < 1e-5
    for decimals in (7, 6):
        written = geographic(gpd.GeoSeries(made, crs=CRS), decimals, shared=True)
        assert shapely.coverage_is_valid(written)
        back = gpd.GeoSeries(written, crs="EPSG:4326").to_crs(CRS)
        assert worst_overlap(np.asarray(back.values)) <= 0.01


def test_a_corner_on_a_border_becomes_a_vertex_of_both() -> None:
    """Worked by hand: the border of 100 m gets the corner of its neighbours at 40 m, and nothing else."""
    long, left, right = box(0, 0, 100, 50), box(0, 50, 40, 90), box(40, 50, 100, 90)
    made = noded(np.array([long, left, right], dtype=object), 1e-6)
    assert made[0].equals(Polygon([(0, 0), (100, 0), (100, 50), (40, 50), (0, 50)]))
    assert shapely.get_num_coordinates(made).tolist() == [6, 5, 5]
    assert not shapely.coverage_is_valid(np.array([long, left, right], dtype=object))
    assert shapely.coverage_is_valid(made)


def test_without_shared_vertices_rounding_lets_turned_borders_overlap() -> None:
    """The fault as it was met, so that the property above is known to be able to fail."""
    shapes = turned([box(0, 0, 900, 200), box(0, 200, 333, 400), box(333, 200, 900, 400)], 0.4)
    series = gpd.GeoSeries(shapes, crs=CRS)
    apart = gpd.GeoSeries(geographic(series), crs="EPSG:4326").to_crs(CRS)
    assert worst_overlap(np.asarray(apart.values)) > 0.01


def test_ground_claimed_twice_goes_to_the_earlier_and_nothing_stays_nothing() -> None:
    shapes = np.array([box(0, 0, 10, 10), None, box(5, 0, 20, 10), Polygon()], dtype=object)
    made = noded(shapes, 1e-6)
    assert shapely.area(made[[0, 2]]).tolist() == [100.0, 100.0]
    assert made[1] is None
    assert made[3].is_empty
    assert len(noded(np.array([], dtype=object), 1e-6)) == 0


def test_what_lies_wholly_under_an_earlier_one_is_left_without_ground() -> None:
    made = noded(np.array([box(0, 0, 10, 10), box(2, 2, 4, 4)], dtype=object), 1e-6)
    assert made[0].area == 100.0
    assert made[1].is_empty
