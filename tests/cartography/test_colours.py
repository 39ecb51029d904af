"""Colours of areas: neighbours differ for every eye and in grey, and nothing depends on order."""

from __future__ import annotations

import time
from itertools import combinations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from renomap.cartography.colours import GREY_STEP, PALETTE, area_colours, contrast, lightness


@pytest.mark.parametrize(
    ("colour", "expected"), [("#000000", 0.0), ("#ffffff", 100.0), ("#777777", 50.03), ("#ff0000", 53.24)]
)
def test_lightness_is_cie_l_star(colour: str, expected: float) -> None:
    assert lightness(colour) == pytest.approx(expected, abs=0.02)


def test_palette_has_twelve_colours_that_every_eye_tells_apart() -> None:
    assert len(set(PALETTE)) == 12
    for one, other in combinations(PALETTE, 2):
        grey, least = contrast(one, other)
        assert max(grey, least) >= 7.0, (one, other)


def test_palette_is_light_enough_for_dark_text() -> None:
    assert all(lightness(colour) >= 60 for colour in PALETTE)


def _planar(points: np.ndarray) -> list[tuple[int, int]]:
    """Pairs of neighbouring Voronoi cells: the borders areas have on a map."""
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(points)))
    a, b = shapely.STRtree(cells).query(cells, predicate="touches")
    shared = shapely.length(shapely.intersection(cells[a], cells[b])) > 0
    return [(int(x) + 1, int(y) + 1) for x, y in zip(a[shared], b[shared], strict=True) if x < y]


@settings(max_examples=25, deadline=None)
@given(st.integers(3, 60), st.integers(0, 10_000))
def test_neighbours_differ(count: int, seed: int) -> None:
    pairs = _planar(np.random.default_rng(seed).random((count, 2)) * 1000)
    colours = area_colours(range(1, count + 1), pairs)
    assert list(colours) == list(range(1, count + 1))
    for a, b in pairs:
        grey, least = contrast(colours[a], colours[b])
        assert colours[a] != colours[b]
        assert max(grey, least) >= 7.0


def test_most_neighbours_differ_in_grey_print() -> None:
    pairs = _planar(np.random.default_rng(3).random((150, 2)) * 1000)
    colours = area_colours(range(1, 151), pairs)
    apart = [contrast(colours[a], colours[b])[0] >= GREY_STEP for a, b in pairs]
    assert np.mean(apart) >= 0.85


@settings(max_examples=20, deadline=None)
@given(st.randoms(use_true_random=False))
def test_order_of_ids_and_pairs_does_not_matter(random: object) -> None:
    pairs = [(1, 2), (2, 3), (3, 4), (4, 1), (1, 3), (5, 6)]
    first = area_colours(range(1, 8), pairs)
    ids, other = list(range(1, 8)), [(b, a) for a, b in pairs] + pairs
    random.shuffle(ids)  # type: ignore[attr-defined]
    random.shuffle(other)  # type: ignore[attr-defined]
    again = area_colours(ids, other)
    assert list(again) == ids
    assert {key: again[key] for key in first} == first


def test_existing_colours_are_kept_and_respected() -> None:
    colours = area_colours([1, 2, 3], [(1, 2), (2, 3)], {1: "#123456", 2: None, 3: ""})
    assert colours[1] == "#123456"
    assert colours[2] in PALETTE
    assert colours[3] != colours[2]


def test_no_areas_and_foreign_ids() -> None:
    assert area_colours([], [(1, 2)]) == {}
    assert list(area_colours([4], [(4, 9), (4, 4)])) == [4]


def test_ten_thousand_areas_are_coloured_at_once() -> None:
    side = 100
    at = np.arange(side * side).reshape(side, side)
    across = [(at[:, :-1], at[:, 1:]), (at[:-1], at[1:]), (at[:-1, :-1], at[1:, 1:])]
    pairs = [pair for a, b in across for pair in zip(a.ravel().tolist(), b.ravel().tolist(), strict=True)]
    began = time.process_time()
    colours = area_colours(range(side * side), pairs)
    assert time.process_time() - began < 5.0
    assert all(colours[a] != colours[b] for a, b in pairs)
