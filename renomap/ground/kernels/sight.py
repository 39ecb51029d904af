"""Kernels of sights: the nearest point of another outline, as seen while walking along a straight piece.

The piece lies on the x axis, its outside upwards. Walking along it, the nearest point stays on one side or
corner of the other outline for a stretch; the square of the distance is a quadratic there.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from renomap.compiled.decorators import inner
from renomap.ground.segments import Floats

#: The nearest side is decided this far into a stretch, where two sides no longer tie.
STEP_M = 5e-4
CORNER, SIDE = 0, 1


class Stretch(NamedTuple):
    """From ``lo`` to ``hi`` the nearest point of j is on segment ``k``; square distance q2 t2 + q1 t + q0."""

    k: int
    kind: int
    x: float  # the corner, where kind is CORNER
    y: float
    q2: float
    q1: float
    q0: float
    hi: float


@inner
def _piece(seg: Floats, k: int, t: float, end: float) -> Stretch:
    """How the distance from the x axis to one segment runs at ``t``, and until where."""
    xa, ya, xb, yb = seg[0], seg[1], seg[2], seg[3]
    dx, dy = xb - xa, yb - ya
    square = dx * dx + dy * dy
    slope = dx / square
    u = ((t - xa) * dx - ya * dy) / square
    hi = end
    if u < 0.0 or u > 1.0:
        corner = u < 0.0
        if (slope > 1e-12) == corner and abs(slope) > 1e-12:
            bound = 0.0 if corner else 1.0
            hi = min(end, t + (bound - u) / slope)
        x, y = (xa, ya) if corner else (xb, yb)
        return Stretch(k, CORNER, x, y, 1.0, -2.0 * x, x * x + y * y, hi)
    if abs(slope) > 1e-12:
        bound = 1.0 if slope > 0 else 0.0
        hi = min(end, t + (bound - u) / slope)
    length = math.sqrt(square)
    b = dy / length
    a = (ya * dx - xa * dy) / length
    return Stretch(k, SIDE, 0.0, 0.0, b * b, 2.0 * a * b, a * a, hi)


@inner
def square(p: Stretch, t: float) -> float:
    """Square of the distance at ``t``."""
    return (p.q2 * t + p.q1) * t + p.q0


@inner
def _falls_below(p: Stretch, q: Stretch, lo: float, hi: float) -> float:
    """First t in (lo, hi) from which q is less than p; hi if there is none."""
    a, b, c = q.q2 - p.q2, q.q1 - p.q1, q.q0 - p.q0
    if abs(a) < 1e-12:
        if b < -1e-12:
            t = -c / b
            if lo < t < hi:
                return t
        return hi
    root = b * b - 4.0 * a * c
    if root <= 0.0:
        return hi
    root = math.sqrt(root)
    # q - p turns negative at the lesser root of a parabola open above, at the greater of one open below.
    t = (-b - root) / (2.0 * a)
    return t if lo < t < hi else hi


@inner
def _gives_way(best: Stretch, piece: Stretch, seg: Floats) -> bool:
    """Whether a corner gives way to its own side: no foot on a side is farther than the side's end.

    Of a side that is all but square to the axis no sample tells it, for their curves part too slowly.
    """
    if best.kind != CORNER or piece.kind != SIDE:
        return False
    first = seg[0] == best.x and seg[1] == best.y
    return bool(first or (seg[2] == best.x and seg[3] == best.y))


@inner
def nearest(near: Floats, a: int, b: int, t: float, end: float) -> Stretch:
    """The stretch of the least distance at ``t`` among segments a..b; it may end before ``end``."""
    at = min(t + STEP_M, 0.5 * (t + end))
    best = _piece(near[a], a, at, end)
    least = square(best, at)
    for k in range(a + 1, b):
        piece = _piece(near[k], k, at, end)
        here = square(piece, at)
        if here < least:
            best, least = piece, here
    hi = best.hi
    for k in range(a, b):
        if k == best.k:
            continue
        lo = at
        while lo < hi:
            piece = _piece(near[k], k, lo + 1e-9, hi)
            probe = min(lo + STEP_M, 0.5 * (lo + piece.hi))
            if _gives_way(best, piece, near[k]) or square(piece, probe) < square(best, probe) - 1e-9:
                hi = lo  # both curves touch here and do not cross
                break
            below = _falls_below(best, piece, lo, piece.hi)
            if below < piece.hi:
                hi = below
                break
            lo = max(piece.hi, lo + 1e-9)
    return Stretch(best.k, best.kind, best.x, best.y, best.q2, best.q1, best.q0, max(hi, at))


@inner
def within(p: Stretch, limit: float, lo: float, hi: float) -> tuple[float, float]:
    """Where on (lo, hi) the square distance is at most ``limit``: one interval, for it is convex."""
    if p.q2 < 1e-14:
        if square(p, 0.5 * (lo + hi)) <= limit:
            return lo, hi
        return hi, hi
    root = p.q1 * p.q1 - 4.0 * p.q2 * (p.q0 - limit)
    if root <= 0.0:
        return hi, hi
    root = math.sqrt(root)
    a, b = (-p.q1 - root) / (2.0 * p.q2), (-p.q1 + root) / (2.0 * p.q2)
    return min(hi, max(lo, a)), max(lo, min(hi, b))


@inner
def facing(p: Stretch, seg: Floats, lo: float, hi: float) -> tuple[float, float, float, float]:
    """Where on (lo, hi) the way to the nearest point keeps within 45 degrees of straight up.

    Returns the interval and the way to a side as a direction (x, y); of no use for a corner.
    """
    if p.kind == CORNER:
        if p.y <= 0.0:
            return hi, hi, 0.0, 0.0
        return min(hi, max(lo, p.x - p.y - 1e-9)), max(lo, min(hi, p.x + p.y + 1e-9)), 0.0, 0.0
    dx, dy = seg[2] - seg[0], seg[3] - seg[1]
    length = math.hypot(dx, dy)
    mid = 0.5 * (lo + hi)
    side = 1.0 if (mid - seg[0]) * dy + seg[1] * dx > 0.0 else -1.0
    wx, wy = -side * dy / length, side * dx / length
    if wy + 1e-9 >= abs(wx):
        return lo, hi, wx, wy
    return hi, hi, wx, wy


@inner
def shadow(  # type: ignore[no-untyped-def]
    p: Stretch, seg: Floats, wx: float, wy: float, thing: Floats, begin: float, end: float
):
    """The part of the axis from which ``thing`` stands in the way to the nearest point.

    Only what of it lies more than ``begin`` from the axis and more than ``end`` from j counts.
    """
    xa, ya, xb, yb = thing[0], thing[1], thing[2], thing[3]
    if p.kind == CORNER:
        ga, gb = ya - begin, yb - begin
        ha, hb = p.y - end - ya, p.y - end - yb
    else:
        dx, dy = seg[2] - seg[0], seg[3] - seg[1]
        length = math.hypot(dx, dy)
        ga, gb = ya - begin * wy, yb - begin * wy
        # distance to the line of j's side, measured against the way towards it
        ha = (seg[0] - xa) * wx + (seg[1] - ya) * wy - end
        hb = (seg[0] - xb) * wx + (seg[1] - yb) * wy - end
        if length == 0.0:
            return 0.0, 0.0
    s, t = 0.0, 1.0
    for u, v in ((ga, gb), (ha, hb)):
        if u < 0.0 and v < 0.0:
            return 0.0, 0.0
        if u < 0.0:
            s = max(s, u / (u - v))
        elif v < 0.0:
            t = min(t, u / (u - v))
    if s >= t:
        return 0.0, 0.0
    x0, y0 = xa + s * (xb - xa), ya + s * (yb - ya)
    x1, y1 = xa + t * (xb - xa), ya + t * (yb - ya)
    if p.kind == CORNER:
        t0 = p.x + (x0 - p.x) * p.y / max(p.y - y0, 1e-9)
        t1 = p.x + (x1 - p.x) * p.y / max(p.y - y1, 1e-9)
    else:
        t0, t1 = x0 - y0 * wx / wy, x1 - y1 * wx / wy
    return min(t0, t1), max(t0, t1)


@inner
def foot(p: Stretch, seg: Floats, wx: float, wy: float, t: float) -> tuple[float, float]:
    """Nearest point of j as seen from (t, 0)."""
    if p.kind == CORNER:
        return p.x, p.y
    d = (seg[0] - t) * wx + seg[1] * wy
    return t + d * wx, d * wy
