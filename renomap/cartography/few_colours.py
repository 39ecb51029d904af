"""A picture in 256 colours as the eye sees it: the colours of grounds stay exact, rare ones stay near."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

COLOURS = 256
#: Of them, those that most pixels have; the others are chosen so that no colour is far from all.
COMMON = 160
#: Every so many pixels across and down tell which colour of a box is the common one.
STEP = 3
#: Colours are alike that share a box of four levels of red, green and blue.
_BOXES = 1 << 18


def in_few_colours(
    pixels: npt.NDArray[np.uint32],
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]:
    """A picture as places in a palette.

    A palette by averages, as libraries make it, shows pale land and white roads in one colour.

    Parameters
    ----------
    pixels : uint32 array (rows, columns)
        ``0x..RRGGBB``; what stands above the colour is not looked at.

    Returns
    -------
    tuple
        Place of each pixel in the palette, uint8 (rows, columns); the palette, uint8 (k, 3), k <= 256,
        the most common colour first. The same picture always gives the same.
    """
    boxes = _box(pixels)
    counts = np.bincount(boxes.ravel(), minlength=_BOXES)
    held = np.flatnonzero(counts)
    held = held[np.argsort(-counts[held], kind="stable")]
    colours = _colours(pixels, held)
    chosen = np.arange(len(held))
    if len(held) > COLOURS:
        chosen = np.concatenate([chosen[:COMMON], _far_apart(colours)])
    palette = colours[chosen]
    place = np.zeros(_BOXES, dtype=np.uint8)
    place[held] = _nearest(colours, palette)
    return place[boxes], palette.astype(np.uint8)


def _box(pixels: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
    """Which box a colour lies in: six bits of each."""
    return np.asarray(pixels >> 6 & 0x3F000 | pixels >> 4 & 0xFC0 | pixels >> 2 & 0x3F, dtype=np.uint32)


def _colours(pixels: npt.NDArray[np.uint32], held: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
    """The colour that stands for each box: the one most pixels of a sample have, else its middle."""
    seen, often = np.unique(pixels[::STEP, ::STEP] & 0xFFFFFF, return_counts=True)
    seen = seen[np.argsort(often, kind="stable")]
    standing = np.zeros(_BOXES, dtype=np.uint32)
    standing[held] = (held >> 12 & 63) << 18 | (held >> 6 & 63) << 10 | (held & 63) << 2 | 0x020202
    standing[_box(seen)] = seen  # the last written is the most common
    found = standing[held]
    return np.stack([found >> shift & 255 for shift in (16, 8, 0)], axis=1).astype(np.float32)


def _far_apart(colours: npt.NDArray[np.float32]) -> npt.NDArray[np.int64]:
    """Colours behind the common ones, each the farthest from all that are chosen before it."""
    squares = (colours**2).sum(axis=1)
    gap = _away(colours, colours[:COMMON]).min(axis=1)
    taken = []
    for _ in range(COLOURS - COMMON):
        k = int(np.argmax(gap))
        taken.append(k)
        np.minimum(gap, squares + squares[k] - 2 * (colours @ colours[k]), out=gap)
    return np.array(taken, dtype=np.int64)


def _nearest(colours: npt.NDArray[np.float32], palette: npt.NDArray[np.float32]) -> npt.NDArray[np.int64]:
    """Place in the palette of the colour nearest to each."""
    return np.asarray(np.argmin(_away(colours, palette), axis=1), dtype=np.int64)


def _away(colours: npt.NDArray[np.float32], palette: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Squared distance of each colour (rows) to each of the palette."""
    squares = (colours**2).sum(axis=1)[:, None] + (palette**2).sum(axis=1)
    return np.asarray(squares - 2 * (colours @ palette.T), dtype=np.float32)
