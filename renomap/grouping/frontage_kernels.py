"""Kernels of frontage: which stretches of a boundary look at another neighbourhood, exactly, not sampled.

A piece of i's boundary is laid on the x axis, its outside upwards. Walking along it, the nearest point of j
stays on one side or corner of j for a stretch; the square of the distance is a quadratic there. Each
stretch is cut where the distance passes the gap, the angle passes 45 degrees, or the shadow of something in
between begins or ends, and the parts between the cuts are judged at their middle. The result depends on the
outlines alone, not on how many vertices they have or where they begin.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from renomap.grouping.compiled import compiled
from renomap.grouping.segment_kernels import collect, covers, sort_few
from renomap.grouping.segments import ROAD, UNIT, WALL, Floats, Grid, Ints, Scene

#: Nearer than this is contact, whatever the angle: there the direction is only rounding.
TOUCH_M = 1e-3
#: Outlines overlap by hairs: a third neighbourhood that reaches over an end of a sight by less is not in
#: the way.
HAIR_M = 0.05
#: A wall or river drawn this near to a boundary stands on it.
WALL_SLACK_M = 0.5
#: Long sides are treated in pieces, so that few things lie near each.
PIECE_M = 80.0
#: The nearest side is decided this far into a stretch, where two sides no longer tie.
STEP_M = 5e-4
BLOCKED, OPENED, WALLED = 0, 1, 2
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


@compiled
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


@compiled
def _value(p: Stretch, t: float) -> float:
    return (p.q2 * t + p.q1) * t + p.q0


@compiled
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


@compiled
def _nearest(near: Floats, a: int, b: int, t: float, end: float) -> Stretch:
    """The stretch of the least distance at ``t`` among segments a..b; it may end before ``end``."""
    at = min(t + STEP_M, 0.5 * (t + end))
    best = _piece(near[a], a, at, end)
    least = _value(best, at)
    for k in range(a + 1, b):
        piece = _piece(near[k], k, at, end)
        value = _value(piece, at)
        if value < least:
            best, least = piece, value
    hi = best.hi
    for k in range(a, b):
        if k == best.k:
            continue
        lo = at
        while lo < hi:
            piece = _piece(near[k], k, lo + 1e-9, hi)
            probe = min(lo + STEP_M, 0.5 * (lo + piece.hi))
            if _value(piece, probe) < _value(best, probe) - 1e-9:
                hi = lo  # a corner gives way to its side: both curves touch here and do not cross
                break
            below = _falls_below(best, piece, lo, piece.hi)
            if below < piece.hi:
                hi = below
                break
            lo = max(piece.hi, lo + 1e-9)
    return Stretch(best.k, best.kind, best.x, best.y, best.q2, best.q1, best.q0, max(hi, at))


@compiled
def _within(p: Stretch, limit: float, lo: float, hi: float) -> tuple[float, float]:
    """Where on (lo, hi) the square distance is at most ``limit``: one interval, for it is convex."""
    if p.q2 < 1e-14:
        if _value(p, 0.5 * (lo + hi)) <= limit:
            return lo, hi
        return hi, hi
    root = p.q1 * p.q1 - 4.0 * p.q2 * (p.q0 - limit)
    if root <= 0.0:
        return hi, hi
    root = math.sqrt(root)
    a, b = (-p.q1 - root) / (2.0 * p.q2), (-p.q1 + root) / (2.0 * p.q2)
    return min(hi, max(lo, a)), max(lo, min(hi, b))


@compiled
def _facing(p: Stretch, seg: Floats, lo: float, hi: float) -> tuple[float, float, float, float]:
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


@compiled
def _shadow(  # type: ignore[no-untyped-def]
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


@compiled
def _in_any(low: Floats, high: Floats, what: Ints, n: int, kind: int, t: float) -> bool:
    for k in range(n):  # noqa: SIM110 (any() of a generator does not compile)
        if what[k] == kind and low[k] <= t <= high[k]:
            return True
    return False


class Desk(NamedTuple):
    """Room to work in: what was collected, local coordinates, shadows and cuts."""

    seen: Ints
    found: Ints
    near: Floats
    low: Floats
    high: Floats
    what: Ints
    cuts: Floats
    best: Floats  # best[0] length of the longest clear part; [1:5] its middle sight: from x, y to x, y


@compiled
def _wall_shadows(scene: Scene, desk: Desk, n: int, lo: float, hi: float) -> int:
    """Shadows of walls that stand on the boundary itself, for contact and overlap."""
    shadows = 0
    for k in range(n):
        if scene.role[scene.owner[desk.found[k]]] != WALL:
            continue
        xa, ya, xb, yb = desk.near[k]
        s, t = 0.0, 1.0
        for u, v in ((ya + WALL_SLACK_M, yb + WALL_SLACK_M), (WALL_SLACK_M - ya, WALL_SLACK_M - yb)):
            if u < 0.0 and v < 0.0:
                s = 2.0
            elif u < 0.0:
                s = max(s, u / (u - v))
            elif v < 0.0:
                t = min(t, u / (u - v))
        if s < t:
            p, q = xa + s * (xb - xa), xa + t * (xb - xa)
            if min(p, q) < hi and max(p, q) > lo:
                desk.low[shadows], desk.high[shadows] = min(p, q), max(p, q)
                desk.what[shadows] = WALLED
                shadows += 1
    return shadows


@compiled
def _shadows(  # type: ignore[no-untyped-def]
    scene: Scene,
    desk: Desk,
    n: int,
    i: int,
    j: int,
    p: Stretch,
    way: tuple[float, float],
    lo: float,
    hi: float,
    roads: bool,
    shadows: int,
):
    """Shadows of third neighbourhoods, walls and (where they matter) roads on a stretch."""
    seg = desk.near[p.k]
    for k in range(n):
        body = scene.owner[desk.found[k]]
        if body == i or body == j:  # noqa: SIM109 (a tuple is slower in a kernel)
            continue
        role = scene.role[body]
        if role == ROAD and not roads:
            continue
        begin = end = 0.0
        if role == UNIT:
            begin = end = HAIR_M
        elif role == WALL:
            begin = -WALL_SLACK_M
            end = 1e-6 if p.kind == CORNER else -WALL_SLACK_M
        a, b = _shadow(p, seg, way[0], way[1], desk.near[k], begin, end)
        if b - a > 1e-9 and a < hi and b > lo:
            desk.low[shadows], desk.high[shadows] = a, b
            desk.what[shadows] = OPENED if role == ROAD else BLOCKED
            shadows += 1
    return shadows


@compiled
def _foot(p: Stretch, seg: Floats, wx: float, wy: float, t: float) -> tuple[float, float]:
    """Nearest point of j as seen from (t, 0)."""
    if p.kind == CORNER:
        return p.x, p.y
    d = (seg[0] - t) * wx + seg[1] * wy
    return t + d * wx, d * wy


@compiled
def _inside_third(scene: Scene, i: int, j: int, x: float, y: float) -> bool:
    """Whether the ground at a place belongs to a third body that overlaps i."""
    for at in range(scene.over_first[i], scene.over_first[i + 1]):
        body = scene.over[at]
        if body != j and covers(scene, body, x, y):
            return True
    return False


@compiled
def _measure(  # type: ignore[no-untyped-def]
    scene: Scene,
    desk: Desk,
    n: int,
    i: int,
    j: int,
    p: Stretch,
    lo: float,
    hi: float,
    gap: float,
    reach: float,
    frame: tuple[float, float, float, float],
):
    """Length of the clear parts of a stretch, and how much of it is contact."""
    seg = desk.near[p.k]
    near_lo, near_hi = _within(p, reach * reach, lo, hi)
    if near_lo >= near_hi:
        return 0.0, 0.0
    touch_lo, touch_hi = _within(p, TOUCH_M * TOUCH_M, lo, hi)
    face_lo, face_hi, wx, wy = _facing(p, seg, near_lo, near_hi)
    if face_lo >= face_hi and touch_lo >= touch_hi:
        return 0.0, 0.0
    gap_lo, gap_hi = _within(p, gap * gap, lo, hi)
    far = max(_value(p, face_lo), _value(p, face_hi)) > gap * gap
    shadows = 0
    if touch_lo < touch_hi:
        shadows = _wall_shadows(scene, desk, n, touch_lo, touch_hi)
    if face_lo < face_hi:
        shadows = _shadows(scene, desk, n, i, j, p, (wx, wy), face_lo, face_hi, far and reach > gap, shadows)
    cuts = desk.cuts
    m = 0
    for t in (lo, hi, near_lo, near_hi, touch_lo, touch_hi, face_lo, face_hi, gap_lo, gap_hi):
        cuts[m] = t
        m += 1
    for k in range(shadows):
        for t in (desk.low[k], desk.high[k]):
            if lo < t < hi:
                cuts[m] = t
                m += 1
    sort_few(cuts, m)
    clear = contact = 0.0
    for k in range(m - 1):
        length = cuts[k + 1] - cuts[k]
        if length < 1e-9:
            continue
        t = 0.5 * (cuts[k] + cuts[k + 1])
        touching = touch_lo < t < touch_hi
        if touching:
            if _in_any(desk.low, desk.high, desk.what, shadows, WALLED, t):
                continue
        else:
            if not face_lo < t < face_hi or _in_any(desk.low, desk.high, desk.what, shadows, BLOCKED, t):
                continue
            if not gap_lo < t < gap_hi and not _in_any(desk.low, desk.high, desk.what, shadows, OPENED, t):
                continue
        fx, fy = _foot(p, seg, wx, wy, t) if face_lo < face_hi else (t, 0.0)
        if not touching:
            x, y = 0.5 * (t + fx), 0.5 * fy
            if _inside_third(
                scene, i, j, frame[0] + x * frame[2] + y * frame[3], frame[1] + x * frame[3] - y * frame[2]
            ):
                continue
        clear += length
        if touching:
            contact += length
        if length > desk.best[0] + 1e-6:
            desk.best[0] = length
            desk.best[1], desk.best[2], desk.best[3], desk.best[4] = t, 0.0, fx, fy
    return clear, contact


@compiled
def _inside(  # type: ignore[no-untyped-def]
    scene: Scene,
    desk: Desk,
    n: int,
    i: int,
    j: int,
    lo: float,
    hi: float,
    frame: tuple[float, float, float, float],
):
    """Length of a part that lies inside j and is not cut off by a wall on it."""
    shadows = _wall_shadows(scene, desk, n, lo, hi)
    cuts = desk.cuts
    cuts[0], cuts[1] = lo, hi
    m = 2
    for k in range(shadows):
        for t in (desk.low[k], desk.high[k]):
            if lo < t < hi:
                cuts[m] = t
                m += 1
    sort_few(cuts, m)
    total = 0.0
    for k in range(m - 1):
        t = 0.5 * (cuts[k] + cuts[k + 1])
        length = cuts[k + 1] - cuts[k]
        if length > 1e-9 and not _in_any(desk.low, desk.high, desk.what, shadows, WALLED, t):
            total += length
            if length > desk.best[0] + 1e-6:
                desk.best[0] = length
                desk.best[1], desk.best[2], desk.best[3], desk.best[4] = t, 0.0, t, 0.0
    return total


@compiled
def _keep_near(desk: Desk, a: int, b: int, length: float, reach: float) -> bool:
    """Whether segments a..b, all of one body, can be looked at from the piece at all."""
    in_sight = False
    for k in range(a, b):
        x0, y0, x1, y1 = desk.near[k]
        top = max(y0, y1)
        if top < -HAIR_M or min(y0, y1) > reach:
            continue
        spread = max(top, 0.0) + HAIR_M
        if max(x0, x1) >= -spread and min(x0, x1) <= length + spread:
            in_sight = True
            break
    return in_sight


@compiled
def _look(  # type: ignore[no-untyped-def]
    scene: Scene,
    desk: Desk,
    n: int,
    i: int,
    j: int,
    a: int,
    b: int,
    length: float,
    gap: float,
    reach: float,
    frame: tuple[float, float, float, float],
    splits: Floats,
):
    """Frontage of one piece of i's boundary towards j: clear length; how much of it is contact or overlap."""
    m = 2
    splits[0], splits[1] = 0.0, length
    for k in range(a, b):
        xa, ya, xb, yb = desk.near[k]
        if (ya > 0.0) != (yb > 0.0):
            t = xa - ya * (xb - xa) / (yb - ya)
            if 0.0 < t < length:
                splits[m] = t
                m += 1
    sort_few(splits, m)
    clear = touch = 0.0
    for part in range(m - 1):
        lo, hi = splits[part], splits[part + 1]
        if hi - lo < 1e-9:
            continue
        mid = 0.5 * (lo + hi)
        if covers(scene, j, frame[0] + mid * frame[2], frame[1] + mid * frame[3]):
            inside = _inside(scene, desk, n, i, j, lo, hi, frame)
            clear += inside
            touch += inside
            continue
        t = lo
        while t < hi:
            stretch = _nearest(desk.near, a, b, t, hi)
            end = hi if stretch.hi > hi - 1e-9 else stretch.hi
            more, contact = _measure(scene, desk, n, i, j, stretch, t, end, gap, reach, frame)
            clear += more
            touch += contact
            t = end
    return clear, touch


@compiled
def frontages(  # type: ignore[no-untyped-def]
    scene: Scene, grid: Grid, begin: int, end: int, gap: float, reach: float
):
    """Frontage of units ``begin`` to ``end`` towards all others, one direction.

    Parameters
    ----------
    scene, grid : Scene, Grid
        All bodies; the grid holds ``scene.segs``.
    gap, reach : float
        Metres; ``reach`` is the gap where a road lies between (equal to ``gap`` where no road is loaded).

    Returns
    -------
    from_unit, to_unit : int32 (k,)
        Bodies, sorted by ``from_unit``, then in order of meeting.
    figures : float64 (k, 7)
        Clear length; how much of it is contact or overlap; length of the longest clear part; its middle sight
        x, y, x, y in the coordinates of the scene.
    """
    total = len(scene.segs)
    bodies = len(scene.role)
    desk = Desk(
        np.full(total, -1, np.int32),
        np.empty(total, np.int32),
        np.empty((total, 4)),
        np.empty(2 * total + 16),
        np.empty(2 * total + 16),
        np.empty(2 * total + 16, np.int32),
        np.empty(4 * total + 64),
        np.zeros(5),
    )
    splits = np.empty(total + 2)
    slot = np.full(bodies, -1, np.int64)
    room = 16 * (end - begin) + 64
    from_unit, to_unit = np.empty(room, np.int32), np.empty(room, np.int32)
    figures = np.zeros((room, 7))
    rows = 0
    mark = 0
    for i in range(begin, end):
        first_row = rows
        for side in range(scene.first[i], scene.first[i + 1]):
            xa, ya, xb, yb = scene.segs[side]
            whole = math.hypot(xb - xa, yb - ya)
            ux, uy = (xb - xa) / whole, (yb - ya) / whole
            pieces = math.ceil(whole / PIECE_M)
            for piece in range(pieces):
                x0, y0 = xa + (xb - xa) * piece / pieces, ya + (yb - ya) * piece / pieces
                length = whole / pieces
                x1, y1 = x0 + ux * length, y0 + uy * length
                # all that can be nearest, or stand in between, lies in the box of what can be seen upwards
                n = collect(
                    grid,
                    scene.segs,
                    min(x0, x1) - reach,
                    min(y0, y1) - reach,
                    max(x0, x1) + reach,
                    max(y0, y1) + reach,
                    desk.seen,
                    mark,
                    desk.found,
                )
                mark += 1
                for k in range(n):
                    seg = scene.segs[desk.found[k]]
                    for at in (0, 2):
                        px, py = seg[at] - x0, seg[at + 1] - y0
                        desk.near[k, at] = px * ux + py * uy
                        desk.near[k, at + 1] = px * uy - py * ux
                a = 0
                while a < n:
                    j = scene.owner[desk.found[a]]
                    b = a + 1
                    while b < n and scene.owner[desk.found[b]] == j:
                        b += 1
                    if j != i and scene.role[j] == UNIT and _keep_near(desk, a, b, length, reach):
                        desk.best[0] = 0.0
                        frame = (x0, y0, ux, uy)
                        clear, touch = _look(scene, desk, n, i, j, a, b, length, gap, reach, frame, splits)
                        if clear > 0.0:
                            row = slot[j]
                            if row < first_row:
                                row = rows
                                slot[j] = row
                                rows += 1
                                if rows > room:
                                    room *= 2
                                    from_unit = np.append(
                                        from_unit, np.empty(room - len(from_unit), np.int32)
                                    )
                                    to_unit = np.append(to_unit, np.empty(room - len(to_unit), np.int32))
                                    figures = np.concatenate((figures, np.zeros((room - len(figures), 7))))
                                from_unit[row], to_unit[row] = i, j
                            figures[row, 0] += clear
                            figures[row, 1] += touch
                            if desk.best[0] > figures[row, 2] + 1e-6:
                                figures[row, 2] = desk.best[0]
                                for at in (1, 3):
                                    px, py = desk.best[at], desk.best[at + 1]
                                    figures[row, at + 2] = x0 + px * ux + py * uy
                                    figures[row, at + 3] = y0 + px * uy - py * ux
                    a = b
    return from_unit[:rows], to_unit[:rows], figures[:rows]
