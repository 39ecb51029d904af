"""Kernels of territories: where the ground between two neighbourhoods has to be divided."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from renomap.compiled.decorators import compiled, inner
from renomap.ground.kernels.cells import collect
from renomap.ground.segments import Grid, Scene

#: Nearer than this there is no ground to divide.
LEAST_M = 0.1
#: Samples stand this far apart at least and at most; between them the width of the ground. Where both sides
#: are straight the line halfway is exact at any distance; around a corner it is off by a few decimetres at
#: most.
CLOSE_M, WIDE_M = 2.0, 12.0
#: Along a straight stretch whose opposite side runs alongside, to this, samples in between say nothing new.
ALONGSIDE_M = 0.3
#: Such a stretch goes without samples for this many widths of the ground, and never more than ``WIDE_M``.
WIDTHS = 4.0


@inner
def _nearest(
    scene: Scene, found: npt.NDArray[np.int32], i: int, px: float, py: float
) -> tuple[float, float, float, int, bool]:
    """Distance, place and side of the nearest of the found sides not of unit ``i``; whether at its corner."""
    best, fx, fy, opposite, corner = math.inf, 0.0, 0.0, -1, False
    for side in found:
        seg = scene.segs[side]
        if scene.owner[side] == i:
            continue
        dx, dy = seg[2] - seg[0], seg[3] - seg[1]
        u = ((px - seg[0]) * dx + (py - seg[1]) * dy) / (dx * dx + dy * dy)
        u = min(1.0, max(0.0, u))
        qx, qy = seg[0] + u * dx, seg[1] + u * dy
        d = (qx - px) ** 2 + (qy - py) ** 2
        if d < best:
            best, fx, fy, opposite, corner = d, qx, qy, side, u <= 0.0 or u >= 1.0
    return math.sqrt(best), fx, fy, opposite, corner


@compiled
def sample(scene: Scene, grid: Grid, gap: float):  # type: ignore[no-untyped-def]
    """Points on boundaries that lie within ``gap`` of another unit, each with its opposite.

    Every point is paired with the nearest point of the other unit, so that the line halfway between two
    straight faces comes out straight.

    Returns
    -------
    xy : float64 (2k, 2)
        Points, coordinates of the scene.
    owner : int32 (2k,)
        The unit of each.
    """
    room = 1024
    xy = np.empty((room, 2))
    owner = np.empty(room, np.int32)
    seen = np.full(len(scene.segs), -1, np.int32)
    found = np.empty(len(scene.segs), np.int32)
    count = 0
    at = 0.0
    for side in range(len(scene.segs)):
        i = scene.owner[side]
        xa, ya, xb, yb = scene.segs[side]
        length = math.hypot(xb - xa, yb - ya)
        n = collect(
            grid,
            scene.segs,
            min(xa, xb) - gap,
            min(ya, yb) - gap,
            max(xa, xb) + gap,
            max(ya, yb) + gap,
            seen,
            side,
            found,
        )
        if side == 0 or scene.owner[side - 1] != i or length > CLOSE_M:
            at = 0.0  # else short sides share their samples
        last_at, last_width, last_seg = 0.0, 0.0, -1  # what the sample before the last one saw
        newest_at, newest_width, newest_seg = 0.0, 0.0, -1
        while at <= length:
            px, py = xa + (xb - xa) * at / length, ya + (yb - ya) * at / length
            best, fx, fy, opposite, corner = _nearest(scene, found[:n], i, px, py)
            if best > gap:
                newest_seg = -1
                at += max(CLOSE_M, min(best - gap, length))
                continue
            if best < LEAST_M:
                newest_seg = -1
            else:
                other = scene.owner[opposite]
                if (
                    not corner
                    and opposite == newest_seg == last_seg
                    and at - last_at <= min(WIDE_M, WIDTHS * best)
                    and abs(best - last_width) <= ALONGSIDE_M
                ):
                    count -= 2  # the newest lies between two that say the same
                else:
                    last_at, last_width, last_seg = newest_at, newest_width, newest_seg
                newest_at, newest_width, newest_seg = at, best, -1 if corner else opposite
                if count + 2 > room:
                    room *= 2
                    xy = np.concatenate((xy, np.empty((room - len(xy), 2))))
                    owner = np.concatenate((owner, np.empty(room - len(owner), np.int32)))
                xy[count, 0], xy[count, 1], owner[count] = px, py, i
                xy[count + 1, 0], xy[count + 1, 1], owner[count + 1] = fx, fy, other
                count += 2
            at += min(WIDE_M, max(CLOSE_M, best))
        at -= length
    return xy[:count], owner[:count]
