"""Right angles of the hand, and lengths and surfaces as they are on the ground."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renomap.editing.sketching import ground_area, ground_length, square

metres = st.floats(-500, 500, allow_nan=False).map(lambda value: round(value, 3))
EAST, NORTH = 500_000.0, 3_100_000.0


def ring(side: float, x: float = EAST, y: float = NORTH) -> list[tuple[float, float]]:
    return [(x, y), (x + side, y), (x + side, y + side), (x, y + side)]


def test_on_the_central_meridian_the_ground_is_the_map() -> None:
    """EPSG:4547 has scale 1 along its central meridian (x = 500 km)."""
    assert ground_length([(EAST, NORTH), (EAST, NORTH + 1000)], "EPSG:4547") == pytest.approx(1000, abs=0.001)
    assert ground_area(ring(100), "EPSG:4547") == pytest.approx(10_000, rel=1e-6)


def test_a_metre_of_the_web_map_is_no_metre() -> None:
    """At latitude phi Mercator stretches by 1 / cos phi: 28.2 degrees north, a map metre is .88 m."""
    x, y = 12_580_000.0, 3_270_000.0
    latitude = math.degrees(2 * math.atan(math.exp(y / 6378137.0)) - math.pi / 2)
    expected = 1000 * math.cos(math.radians(latitude))
    assert ground_length([(x, y), (x + 1000, y)], "EPSG:3857") == pytest.approx(expected, rel=0.004)
    assert ground_area(ring(1000, x, y), "EPSG:3857") < 0.79e6


def test_too_few_points_and_crossed_rings() -> None:
    assert ground_length([(EAST, NORTH)], "EPSG:4547") == 0
    assert ground_area(ring(10)[:2], "EPSG:4547") == 0
    a, b, c, d = ring(10)
    assert math.isnan(ground_area([a, c, b, d], "EPSG:4547"))
    assert ground_area([d, c, b, a], "EPSG:4547") == pytest.approx(100, rel=1e-6)


@given(metres, metres, metres, metres)
def test_a_right_angle_is_one(ax: float, ay: float, tx: float, ty: float) -> None:
    last = (0.0, 0.0)
    x, y = square([(ax, ay), last], (tx, ty))
    size = math.hypot(ax, ay) * math.hypot(x, y)
    cosine = (ax * x + ay * y) / size if size > 1e-3 else 0.0
    assert min(abs(cosine), abs(abs(cosine) - 1)) < 1e-6
    assert math.hypot(x, y) >= math.hypot(tx, ty) / math.sqrt(2) - 1e-6


def test_from_one_point_the_axes_are_east_and_north() -> None:
    assert square([(0, 0)], (10, 3)) == pytest.approx((10, 0))
    assert square([(0, 0)], (2, -30)) == pytest.approx((0, -30))
    assert square([], (2, -30)) == (2, -30)
