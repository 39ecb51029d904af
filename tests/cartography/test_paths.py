"""Geometry as painter paths: holes stay open, overlaps are filled, nothing is lost or drawn twice."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from PySide6.QtCore import QPointF
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box

from renomap.cartography.paths import CHUNK, EXACT, SINGLE_LIMIT, Shapes, painter_paths

ALL = (-1e9, -1e9, 1e9, 1e9)


def _one(*shapes: shapely.Geometry | None):  # type: ignore[no-untyped-def]
    array = np.array(shapes, dtype=object)
    return painter_paths(array, np.zeros(len(array), dtype=np.int64), 1, (0.0, 0.0))[0]


@pytest.mark.parametrize("turned", [False, True])
def test_hole_stays_open_whichever_way_the_rings_run(turned: bool) -> None:
    hole = [(4, 4), (6, 4), (6, 6), (4, 6)]
    path = _one(Polygon([(0, 0), (10, 0), (10, 10), (0, 10)], [hole[::-1] if turned else hole]))
    assert path.contains(QPointF(2, 2))
    assert not path.contains(QPointF(5, 5))


def test_overlapping_features_of_a_chunk_are_filled() -> None:
    path = _one(box(0, 0, 6, 6), shapely.reverse(box(4, 4, 10, 10)))
    assert all(path.contains(QPointF(x, x)) for x in (1, 5, 9))


def test_parts_none_and_empties() -> None:
    path = _one(MultiPolygon([box(0, 0, 1, 1), box(5, 5, 6, 6)]), None, Polygon())
    assert path.contains(QPointF(0.5, 0.5))
    assert path.contains(QPointF(5.5, 5.5))
    assert _one(None).isEmpty()
    assert painter_paths(np.zeros(0, dtype=object), np.zeros(0, dtype=np.int64), 0, (0, 0)) == []


def test_line_runs_through_its_vertices() -> None:
    path = _one(LineString([(0, 0), (3, 4), (3, 10)]))
    assert path.length() == pytest.approx(11.0)


def test_lines_and_polygons_of_one_layer_are_both_drawn() -> None:
    shapes = np.array([LineString([(20, 0), (30, 0)]), box(0, 0, 10, 10), LineString([(40, 0), (50, 0)])])
    first, second = painter_paths(shapes, np.array([0, 0, 1]), 2, (0.0, 0.0))
    assert first.elementCount() == 2 + 5
    assert first.contains(QPointF(5, 5))
    assert second.elementCount() == 2


def _grid(count: int) -> np.ndarray:
    k = np.arange(count)
    x, y = 20.0 * (k % 100), 20.0 * (k // 100)
    return shapely.box(x, y, x + 10, y + 10)


@pytest.mark.parametrize("count", [37, SINGLE_LIMIT + 500])
def test_every_feature_is_drawn_once_and_in_order_of_class(count: int) -> None:
    shapes = Shapes(_grid(count))
    classes = np.arange(count) % 3 - 1
    chunks = list(shapes.chunks(classes, ALL, EXACT))
    corners = sum(chunk.path.elementCount() for chunk in chunks)
    assert corners == 5 * int((classes >= 0).sum())
    assert [c.cls for c in chunks] == sorted(c.cls for c in chunks)
    assert max(chunk.path.elementCount() for chunk in chunks) <= 5 * (CHUNK if count > SINGLE_LIMIT else 1)


def test_only_what_meets_the_extent_is_built() -> None:
    shapes = Shapes(_grid(SINGLE_LIMIT + 500))
    near = list(shapes.chunks(np.zeros(len(shapes), dtype=np.int64), (0, 0, 100, 100), EXACT))
    assert 1 <= len(near) <= 6


def test_paths_are_kept_until_the_classes_change() -> None:
    shapes = Shapes(_grid(50))
    first = [c.path for c in shapes.chunks(np.zeros(50, dtype=np.int64), ALL, 1.0)]
    again = [c.path for c in shapes.chunks(np.ones(50, dtype=np.int64), ALL, 1.0)]
    assert all(a is b for a, b in zip(first, again, strict=True))


def test_screen_is_coarser_and_paper_exact() -> None:
    circle = shapely.buffer(Point(0, 0), 100.0, quad_segs=64)
    shapes = Shapes(np.array([circle], dtype=object))
    zero = np.zeros(1, dtype=np.int64)
    exact = next(iter(shapes.chunks(zero, ALL, EXACT))).path
    coarse = next(iter(shapes.chunks(zero, ALL, 4.0))).path
    assert exact.elementCount() == 257
    assert 8 <= coarse.elementCount() < 60


def test_tiny_features_are_boxes_not_holes_in_the_map() -> None:
    shapes = Shapes(np.array([shapely.buffer(Point(5, 5), 1.0)], dtype=object))
    path = next(iter(shapes.chunks(np.zeros(1, dtype=np.int64), ALL, 10.0))).path
    assert path.elementCount() == 5


def test_nothing_is_nothing() -> None:
    shapes = Shapes(np.zeros(0, dtype=object))
    assert list(shapes.chunks(np.zeros(0, dtype=np.int64), ALL, 1.0)) == []
