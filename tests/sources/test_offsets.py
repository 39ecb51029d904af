from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from renomap.sources import offsets

METRE = 1 / 111_320.0
POINTS = st.lists(st.tuples(st.floats(73.6, 134.9), st.floats(18.2, 53.4)), min_size=1)


@settings(max_examples=60)
@given(
    st.sampled_from(["gcj02", "bd09"]),
    POINTS,
)
def test_the_inverse_comes_back_to_a_centimetre(frame: str, points: list[tuple[float, float]]) -> None:
    lon, lat = np.array(points).T
    forward = offsets.wgs84_to_gcj02 if frame == "gcj02" else offsets.wgs84_to_bd09
    back = offsets.to_wgs84(frame, *forward(lon, lat))
    assert np.hypot(back[0] - lon, back[1] - lat).max() < 0.01 * METRE


def test_known_points() -> None:
    """Shanghai, Shenzhen, Beijing: test vectors published with eviltransform (lat, lon; shifted)."""
    known = [
        (31.1774276, 121.5272106, 31.17530398364597, 121.531541859215),
        (22.543847, 113.912316, 22.540796131694766, 113.9171764808363),
        (39.911954, 116.377817, 39.91334545536069, 116.38404722455657),
    ]
    lat, lon, gcj_lat, gcj_lon = np.array(known).T
    found = offsets.wgs84_to_gcj02(lon, lat)
    assert np.hypot(found[0] - gcj_lon, found[1] - gcj_lat).max() < 0.01 * METRE


def test_abroad_nothing_moves() -> None:
    lon, lat = np.array([-0.12, 151.2]), np.array([51.5, -33.9])
    for forward in (offsets.wgs84_to_gcj02, offsets.wgs84_to_bd09):
        assert np.array_equal(forward(lon, lat)[0], lon)
        assert np.array_equal(forward(lon, lat)[1], lat)


def test_nothing_to_move_is_nothing_moved() -> None:
    lon, lat = offsets.to_wgs84("bd09", np.empty(0), np.empty(0))
    assert len(lon) == len(lat) == 0


def test_misfit_finds_the_version_that_cuts_no_building() -> None:
    """Blocks of 90 m with nine buildings each, and the same blocks 45 m away, which cut the middle column."""
    blocks = np.array(
        [shapely.box(120 * i, 120 * j, 120 * i + 90, 120 * j + 90) for i in range(8) for j in range(8)]
    )
    houses = np.array(
        [
            shapely.box(
                120 * i + 5 + 30 * a, 120 * j + 5 + 30 * b, 120 * i + 25 + 30 * a, 120 * j + 25 + 30 * b
            )
            for i in range(8)
            for j in range(8)
            for a in range(3)
            for b in range(3)
        ]
    )
    moved = shapely.transform(blocks, lambda xy: xy + np.array([45.0, 17.0]))
    found = offsets.misfit({"": moved, "gcj02": blocks, "bd09": moved}, houses)
    assert (found.frame, found.clear) == ("gcj02", True)
    assert found.scores["gcj02"] == 0
    assert found.offset_m == pytest.approx(np.hypot(45, 17))
    assert found.residual_m == 0
    assert not offsets.misfit({"": blocks, "gcj02": moved, "bd09": moved}, houses).clear
