"""A picture in 256 colours: grounds exact, everything else near, the same every time."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from renomap.cartography.few_colours import COLOURS, in_few_colours


def _pixels(rgb: NDArray[np.int64]) -> NDArray[np.uint32]:
    value = 0xFF000000 | rgb[..., 0] << 16 | rgb[..., 1] << 8 | rgb[..., 2]
    return np.asarray(value, dtype=np.uint32)


def _farthest(rgb: NDArray[np.int64]) -> int:
    places, palette = in_few_colours(_pixels(rgb))
    assert places.shape == rgb.shape[:2]
    assert len(palette) <= COLOURS
    return int(np.abs(palette[places].astype(int) - rgb).max())


def test_pale_land_and_white_roads_stay_two_colours() -> None:
    rgb = np.full((60, 90, 3), 255)
    rgb[:, 30:60] = (0xF6, 0xF6, 0xF3)
    rgb[:, 60:] = np.random.default_rng(1).integers(0, 256, (60, 30, 3))  # far more colours than places
    places, palette = in_few_colours(_pixels(rgb))
    assert palette[places[5, 5]].tolist() == [255, 255, 255]
    assert palette[places[5, 45]].tolist() == [0xF6, 0xF6, 0xF3]


def test_a_few_colours_stay_as_they_are() -> None:
    rgb = np.array([(0, 0, 0), (255, 255, 255), (200, 22, 29), (123, 45, 67)])[
        np.arange(36).reshape(6, 6) // 9
    ]
    assert _farthest(np.repeat(np.repeat(rgb, 3, axis=0), 3, axis=1)) == 0


@pytest.mark.parametrize("seed", [1, 2])
def test_edges_between_colours_stay_near(seed: int) -> None:
    draw = np.random.default_rng(seed)
    ends = draw.integers(0, 256, (12, 2, 1, 3))
    shares = np.linspace(0, 1, 100)[None, :, None]
    ramps = np.rint(ends[:, 0] * (1 - shares) + ends[:, 1] * shares).astype(np.int64)
    # As at the edges on a map: most pixels are of the plain colours.
    assert _farthest(np.concatenate([np.repeat(ends[:, 0], 400, axis=1), ramps], axis=1)) <= 24


def test_one_picture_gives_one_palette() -> None:
    rgb = np.random.default_rng(3).integers(0, 256, (80, 80, 3))
    one, two = in_few_colours(_pixels(rgb)), in_few_colours(_pixels(rgb.copy()))
    assert (one[0] == two[0]).all()
    assert (one[1] == two[1]).all()
