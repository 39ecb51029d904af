"""Number of sites of a radius."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from renomap.deficits.sites import sites


def count(points: list[tuple[float, float]], radius: float | None) -> float:
    return float(sites(np.array(points, dtype=float), np.zeros(len(points), dtype=np.int64), 1, radius)[0])


@pytest.mark.parametrize(
    ("points", "radius", "needed"),
    [
        ([(0, 0)], 300, 1),
        ([(0, 0), (600, 0)], 300, 1),  # a site half way between, at no member
        ([(0, 0), (601, 0)], 300, 2),
        ([(0, 0), (500, 0), (250, 433)], 300, 1),  # circumradius 288.7
        ([(0, 0), (540, 0), (270, 467.65)], 300, 2),  # circumradius 311.8, each pair fits
        ([(x, 0) for x in range(0, 1900, 100)], 300, 3),  # seven to a circle
        ([(0, 0), (0, 0), (0, 0)], 0, 1),
        ([(0, 0), (1, 0)], 0, 2),
        ([(0, 0), (9000, 0)], None, 1),
    ],
)
def test_sites_by_hand(points: list[tuple[float, float]], radius: float | None, needed: int) -> None:
    assert count(points, radius) == needed


def test_each_area_for_itself() -> None:
    points = np.array([[0, 0], [1000, 0], [0, 0], [10, 0], [5, 5]], dtype=float)
    labels = np.array([1, 1, 0, 0, -1])
    np.testing.assert_array_equal(sites(points, labels, 3, 300), [1, 2, np.nan])


@given(
    st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 2000)), min_size=1, max_size=12),
    st.sampled_from([150, 300, 500]),
)
def test_sites_bounds(points: list[tuple[int, int]], radius: int) -> None:
    found = count(points, radius)
    assert 1 <= found <= len(set(points))
    assert found >= count(points, 2 * radius)
    # Members farther apart than a circle is wide need a site each.
    apart: list[tuple[int, int]] = []
    for x, y in points:
        if all(np.hypot(x - a, y - b) > 2 * radius for a, b in apart):
            apart.append((x, y))
    assert found >= len(apart)
