"""Kernels of the grid of segments: filling its cells, and collecting what lies in a box."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from renomap.compiled.decorators import compiled, inner
from renomap.ground.segments import Floats, Grid, Ints, Scene


@inner
def _row_span(seg: Floats, y0: float, size: float, row: int) -> tuple[float, float]:
    """From where to where in x the segment runs within a row of cells."""
    xa, ya, xb, yb = seg[0], seg[1], seg[2], seg[3]
    low, high = y0 + row * size, y0 + (row + 1) * size
    if ya == yb:
        return min(xa, xb), max(xa, xb)
    s = min(1.0, max(0.0, (low - ya) / (yb - ya)))
    t = min(1.0, max(0.0, (high - ya) / (yb - ya)))
    p, q = xa + s * (xb - xa), xa + t * (xb - xa)
    return min(p, q), max(p, q)


@compiled
def fill_cells(  # type: ignore[no-untyped-def]
    segs: Floats, x0: float, y0: float, size: float, columns: int, rows: int
):
    """Start of each cell (cells + 1,) and the segments in it, by rising number."""
    start = np.zeros(columns * rows + 1, np.int64)
    items = np.empty(0, np.int32)
    for fill in range(2):
        if fill == 1:
            for c in range(columns * rows):
                start[c + 1] += start[c]
            items = np.empty(start[columns * rows], np.int32)
            at = start[:-1].copy()
        for k in range(len(segs)):
            seg = segs[k]
            low = int((min(seg[1], seg[3]) - y0) // size)
            high = int((max(seg[1], seg[3]) - y0) // size)
            for row in range(max(0, low), min(rows - 1, high) + 1):
                left, right = _row_span(seg, y0, size, row)
                for col in range(
                    max(0, int((left - x0) // size)), min(columns - 1, int((right - x0) // size)) + 1
                ):
                    cell = row * columns + col
                    if fill == 0:
                        start[cell + 1] += 1
                    else:
                        items[at[cell]] = k
                        at[cell] += 1
    return start, items


@inner
def sort_few(values: npt.NDArray[Any], n: int) -> None:
    """Sort the first ``n`` values in place (Shell's sort: they are few, and it compiles in no time)."""
    step = n // 2
    while step > 0:
        for k in range(step, n):
            value = values[k]
            at = k
            while at >= step and values[at - step] > value:
                values[at] = values[at - step]
                at -= step
            values[at] = value
        step //= 2


@inner
def collect(
    grid: Grid, segs: Floats, x0: float, y0: float, x1: float, y1: float, seen: Ints, mark: int, found: Ints
) -> int:
    """Put the segments whose box meets a box into ``found``, by rising number; returns how many.

    ``seen`` (m,) remembers the last ``mark`` that met a segment, so that none is taken twice.
    """
    n = 0
    left = max(0, int((x0 - grid.x0) // grid.size))
    right = min(grid.columns - 1, int((x1 - grid.x0) // grid.size))
    low = max(0, int((y0 - grid.y0) // grid.size))
    high = min(grid.rows - 1, int((y1 - grid.y0) // grid.size))
    for row in range(low, high + 1):
        for col in range(left, right + 1):
            cell = row * grid.columns + col
            for at in range(grid.start[cell], grid.start[cell + 1]):
                k = grid.items[at]
                if seen[k] == mark:
                    continue
                seen[k] = mark
                if (
                    min(segs[k, 0], segs[k, 2]) <= x1
                    and max(segs[k, 0], segs[k, 2]) >= x0
                    and min(segs[k, 1], segs[k, 3]) <= y1
                    and max(segs[k, 1], segs[k, 3]) >= y0
                ):
                    found[n] = k
                    n += 1
    sort_few(found, n)
    return n


@inner
def covers(scene: Scene, body: int, x: float, y: float) -> bool:
    """Whether a solid body holds a point, by the number of its segments to the right of the point."""
    box = scene.boxes[body]
    if x < box[0] or y < box[1] or x > box[2] or y > box[3]:
        return False
    odd = False
    for k in range(scene.first[body], scene.first[body + 1]):
        xa, ya, xb, yb = scene.segs[k]
        if (ya > y) != (yb > y) and x < xa + (y - ya) / (yb - ya) * (xb - xa):
            odd = not odd
    return odd
