from __future__ import annotations

import time

import numpy as np
import pandas as pd
import pytest
import shapely

from renomap.model.repair import identical, of_dimension, repair, valid

BOW_TIE = shapely.Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])


def shapes(*items: object) -> np.ndarray:
    out = np.empty(len(items), dtype=object)
    out[:] = items
    return out


def fids(count: int) -> np.ndarray:
    return np.arange(1, count + 1, dtype=np.int64)


def test_a_bow_tie_becomes_two_triangles_and_is_listed() -> None:
    result = repair(shapes(BOW_TIE, shapely.box(0, 0, 1, 1)), fids(2), "小区", 2)
    assert result.shapes[0].is_valid
    assert result.shapes[0].area == pytest.approx(50)
    assert [(note.code, note.fids) for note in result.notes] == [("sources.made-valid", (1,))]


def test_rows_without_shape_go_and_are_listed() -> None:
    given = shapes(
        None, shapely.Polygon(), shapely.box(0, 0, 1, 1), shapely.Polygon([(0, 0), (1, 1), (0, 0)])
    )
    result = repair(given, fids(4), "小区", 2)
    assert result.keep.tolist() == [2]
    assert sorted({fid for note in result.notes for fid in note.fids if note.code == "sources.no-shape"}) == [
        1,
        2,
        4,
    ]


def test_collections_keep_what_fits_the_layer() -> None:
    mixed = shapely.GeometryCollection(
        [shapely.box(0, 0, 1, 1), shapely.Point(5, 5), shapely.box(3, 0, 4, 1)]
    )
    result = repair(shapes(mixed), fids(1), "小区", 2)
    assert result.shapes[0].area == pytest.approx(2)
    assert [note.code for note in result.notes] == ["sources.collection"]


def test_coordinates_off_every_map_are_left_out() -> None:
    wild = shapely.Polygon([(0, 0), (np.inf, 0), (1, 1)])
    result = repair(shapes(wild, shapely.box(0, 0, 1, 1)), fids(2), "小区", 2)
    assert result.keep.tolist() == [1]
    assert [note.code for note in result.notes] == ["sources.coordinates-wild"]


def test_good_shapes_pass_untouched() -> None:
    given = shapes(shapely.box(0, 0, 1, 1), shapely.MultiPolygon([shapely.box(2, 0, 3, 1)]))
    result = repair(given, fids(2), "小区", 2)
    assert result.notes == ()
    assert all(a is b for a, b in zip(result.shapes, given, strict=True))


def test_the_parts_of_one_dimension() -> None:
    nested = shapely.GeometryCollection(
        [shapely.GeometryCollection([shapely.Point(0, 0)]), shapely.box(0, 0, 1, 1)]
    )
    assert of_dimension(nested, 2).equals(shapely.box(0, 0, 1, 1))
    assert of_dimension(nested, 1) is None
    assert of_dimension(None, 2) is None


def test_a_row_is_repeated_only_if_every_column_is() -> None:
    box = shapely.box(0, 0, 1, 1)
    turned = shapely.Polygon([(1, 1), (0, 1), (0, 0), (1, 0)])
    given = shapes(box, turned, box, shapely.box(5, 5, 6, 6))
    table = pd.DataFrame({"name": ["a", "a", "b", "a"]})
    assert identical(given, table).tolist() == [False, True, False, False]


def star(corners: int, *, turned: int = 0) -> shapely.Polygon:
    """A ring of 1 km around a centre, its corners to and fro; of ``turned`` of them two are exchanged."""
    angle = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    radius = 1000 * (1 + 0.1 * np.sin(np.arange(corners)))
    xy = np.column_stack([395_000 + radius * np.cos(angle), 3_121_000 + radius * np.sin(angle)])
    for at in range(turned):
        xy[[100 * at + 5, 100 * at + 9]] = xy[[100 * at + 9, 100 * at + 5]]
    return shapely.polygons(xy)


def test_what_is_valid_is_what_the_library_calls_so() -> None:
    corner = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    given = shapes(star(21_000), star(21_000, turned=1), shapely.box(0, 0, 1, 1), corner, None)
    assert valid(given).tolist() == shapely.is_valid(given).tolist() == [True, False, True, False, False]


def test_an_outline_of_500_000_corners_takes_no_time() -> None:
    given = shapes(star(500_000))
    start = time.process_time()
    assert repair(given, fids(1), "小区", 2).notes == ()
    assert time.process_time() - start < 3.0
