"""A grid of cells that finds the segments near a place."""

from __future__ import annotations

import numpy as np

from renomap.ground.segments import Floats, Grid

#: More cells than this are never made, however far apart the units lie.
MOST_CELLS = 4_000_000


def grid(segs: Floats, size: float) -> Grid:
    """A grid over segments.

    Parameters
    ----------
    segs : (m, 4) float64
        x0, y0, x1, y1; none gives a grid of one empty cell.
    size : float
        Side of a cell, metres; cells grow beyond it where there would be more than ``MOST_CELLS``.
    """
    from renomap.ground.kernels.cells import fill_cells

    if len(segs) == 0:
        return Grid(0.0, 0.0, size, 1, 1, np.zeros(2, np.int64), np.zeros(0, np.int32))
    low = np.minimum(segs[:, :2], segs[:, 2:]).min(axis=0)
    high = np.maximum(segs[:, :2], segs[:, 2:]).max(axis=0)
    wide, tall = high - low
    while (wide // size + 1) * (tall // size + 1) > MOST_CELLS:
        size *= 1.5
    columns, rows = int(wide // size) + 1, int(tall // size) + 1
    start, items = fill_cells(segs, low[0], low[1], size, columns, rows)
    return Grid(float(low[0]), float(low[1]), size, columns, rows, start, items)
