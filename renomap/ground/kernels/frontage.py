"""Kernels of frontage: which stretches of a boundary look at another neighbourhood, exactly, not sampled.

A piece of i's boundary is laid on the x axis and walked along (see ``sight_kernels``). Each stretch with
one nearest side or corner of j is cut where the distance passes the gap, the angle passes 45 degrees, or
the shadow of something in between begins or ends, and the parts between the cuts are judged at their
middle. The result depends on the outlines alone, not on how many vertices they have or where they begin.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from renomap.compiled.decorators import compiled, inlined, inner
from renomap.ground.kernels.cells import collect, covers, sort_few
from renomap.ground.kernels.sight import CORNER, Stretch, facing, foot, nearest, shadow, square, within
from renomap.ground.segments import ROAD, UNIT, WALL, Floats, Grid, Ints, Scene

#: Nearer than this is contact, whatever the angle: there the direction is only rounding.
TOUCH_M = 1e-3
#: Outlines overlap by hairs: a third neighbourhood that covers an end of a sight by less is not in the way.
HAIR_M = 0.05
#: A wall or river drawn this near to a boundary stands on it.
WALL_SLACK_M = 0.5
#: Long sides are treated in pieces, so that few things lie near each.
PIECE_M = 80.0
BLOCKED, OPENED, WALLED = 0, 1, 2


@inner
def _in_any(low: Floats, high: Floats, what: Ints, n: int, kind: int, t: float) -> bool:
    for k in range(n):  # noqa: SIM110 (any() of a generator does not compile)
        if what[k] == kind and low[k] <= t <= high[k]:
            return True
    return False


class Desk(NamedTuple):
    """Room to work in: what was collected, local coordinates, shadows and cuts."""

    seen: Ints
    mark: Ints  # (1,) counts the pieces
    found: Ints
    near: Floats
    who: npt.NDArray[np.int64]
    low: Floats
    high: Floats
    what: Ints
    cuts: Floats
    splits: Floats
    best: Floats  # best[0] length of the longest clear part; [1:5] its middle sight: from x, y to x, y


@inner
def _desk(segments: int, bodies: int) -> Desk:
    return Desk(
        np.full(segments, -1, np.int32),
        np.zeros(1, np.int32),
        np.empty(segments, np.int32),
        np.empty((segments, 4)),
        np.empty((bodies, 3), np.int64),
        np.empty(2 * segments + 16),
        np.empty(2 * segments + 16),
        np.empty(2 * segments + 16, np.int32),
        np.empty(4 * segments + 64),
        np.empty(2 * segments + 2),
        np.zeros(5),
    )


@inner
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


@inner
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
        a, b = shadow(p, seg, way[0], way[1], desk.near[k], begin, end)
        if b - a > 1e-9 and a < hi and b > lo:
            desk.low[shadows], desk.high[shadows] = a, b
            desk.what[shadows] = OPENED if role == ROAD else BLOCKED
            shadows += 1
    return shadows


@inner
def _inside_third(scene: Scene, i: int, j: int, x: float, y: float) -> bool:
    """Whether the ground at a place belongs to a third body that overlaps i."""
    for at in range(scene.over_first[i], scene.over_first[i + 1]):
        body = scene.over[at]
        if body != j and covers(scene, body, x, y):
            return True
    return False


@inner
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
    near_lo, near_hi = within(p, reach * reach, lo, hi)
    if near_lo >= near_hi:
        return 0.0, 0.0
    touch_lo, touch_hi = within(p, TOUCH_M * TOUCH_M, lo, hi)
    face_lo, face_hi, wx, wy = facing(p, seg, near_lo, near_hi)
    if face_lo >= face_hi and touch_lo >= touch_hi:
        return 0.0, 0.0
    gap_lo, gap_hi = within(p, gap * gap, lo, hi)
    far = max(square(p, face_lo), square(p, face_hi)) > gap * gap
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
    m = _cut(desk, shadows, lo, hi, m)
    spans = ((touch_lo, touch_hi), (face_lo, face_hi), (gap_lo, gap_hi))
    return _clear_parts(scene, desk, m, shadows, i, j, p, (wx, wy), spans, frame)


@inlined
def _cut(desk: Desk, shadows: int, lo: float, hi: float, m: int) -> int:
    """Add the ends of the shadows on a stretch to its first m cuts, and sort them; returns how many."""
    cuts = desk.cuts
    for k in range(shadows):
        for t in (desk.low[k], desk.high[k]):
            if lo < t < hi:
                cuts[m] = t
                m += 1
    sort_few(cuts, m)
    return m


@inlined
def _clear_parts(  # type: ignore[no-untyped-def]
    scene: Scene,
    desk: Desk,
    m: int,
    shadows: int,
    i: int,
    j: int,
    p: Stretch,
    way: tuple[float, float],
    spans: tuple[tuple[float, float], tuple[float, float], tuple[float, float]],
    frame: tuple[float, float, float, float],
):
    """Length of the parts between the cuts that are clear, and of those in contact.

    ``spans`` are where the stretch touches j, faces it, and is within the gap.
    """
    (touch_lo, touch_hi), (face_lo, face_hi), (gap_lo, gap_hi) = spans
    cuts = desk.cuts
    seg = desk.near[p.k]
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
        fx, fy = foot(p, seg, way[0], way[1], t) if face_lo < face_hi else (t, 0.0)
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


@inner
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
    m = _cut(desk, shadows, lo, hi, 2)
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


@inner
def _in_sight(desk: Desk, a: int, b: int, length: float, reach: float) -> bool:
    """Whether segments a..b, all of one body, can be looked at from the piece at all."""
    for k in range(a, b):
        x0, y0, x1, y1 = desk.near[k]
        top = max(y0, y1)
        if top < -HAIR_M or min(y0, y1) > reach:
            continue
        spread = max(top, 0.0) + HAIR_M
        if max(x0, x1) >= -spread and min(x0, x1) <= length + spread:
            return True
    return False


@inner
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
):
    """Frontage of one piece of i's boundary towards j: clear length; how much of it is contact or overlap."""
    m = 2
    splits = desk.splits
    splits[0], splits[1] = 0.0, length
    for k in range(a, b):
        xa, ya, xb, yb = desk.near[k]
        if (ya > 0.0) != (yb > 0.0):
            t = xa - ya * (xb - xa) / (yb - ya)
            if 0.0 < t < length:
                splits[m] = t
                m += 1
        if abs(ya) <= TOUCH_M and 0.0 < xa < length:
            splits[m] = xa  # j may leave the axis here without crossing it
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
            stretch = nearest(desk.near, a, b, t, hi)
            end = hi if stretch.hi > hi - 1e-9 else stretch.hi
            more, contact = _measure(scene, desk, n, i, j, stretch, t, end, gap, reach, frame)
            clear += more
            touch += contact
            t = end
    return clear, touch


@inner
def _lay_out(
    scene: Scene,
    grid: Grid,
    desk: Desk,
    piece: tuple[float, float, float, float],
    length: float,
    reach: float,
) -> int:
    """Collect all that can be seen from a piece, or stand in between, in its local coordinates."""
    x0, y0, ux, uy = piece
    x1, y1 = x0 + ux * length, y0 + uy * length
    desk.mark[0] += 1
    n = collect(
        grid,
        scene.segs,
        min(x0, x1) - reach,
        min(y0, y1) - reach,
        max(x0, x1) + reach,
        max(y0, y1) + reach,
        desk.seen,
        desk.mark[0],
        desk.found,
    )
    for k in range(n):
        seg = scene.segs[desk.found[k]]
        for at in (0, 2):
            px, py = seg[at] - x0, seg[at + 1] - y0
            desk.near[k, at] = px * ux + py * uy
            desk.near[k, at + 1] = px * uy - py * ux
    return n


@inner
def _partners(
    scene: Scene,
    desk: Desk,
    n: int,
    i: int,
    piece: tuple[float, float, float, float],
    length: float,
    reach: float,
) -> int:
    """Other units that the piece may look at or lie in, as rows (body, first, last) of ``desk.who``."""
    count = 0
    a = 0
    while a < n:
        body = scene.owner[desk.found[a]]
        b = a + 1
        while b < n and scene.owner[desk.found[b]] == body:
            b += 1
        if body != i and scene.role[body] == UNIT and _in_sight(desk, a, b, length, reach):
            desk.who[count, 0], desk.who[count, 1], desk.who[count, 2] = body, a, b
            count += 1
        a = b
    in_sight = count
    x, y = piece[0] + 0.5 * length * piece[2], piece[1] + 0.5 * length * piece[3]
    for at in range(scene.over_first[i], scene.over_first[i + 1]):
        body = scene.over[at]
        if scene.role[body] != UNIT or not covers(scene, body, x, y):
            continue
        known = False
        for k in range(in_sight):
            known = known or desk.who[k, 0] == body
        if not known:  # the piece lies inside, with no side of that unit in front of it
            desk.who[count, 0], desk.who[count, 1], desk.who[count, 2] = body, 0, 0
            count += 1
    return count


@compiled
def frontages(  # type: ignore[no-untyped-def]
    scene: Scene, grid: Grid, begin: int, end: int, gap: float, reach: float, room: int
):
    """Frontage of units ``begin`` to ``end`` towards all others, one direction.

    Parameters
    ----------
    scene, grid : Scene, Grid
        All bodies; the grid holds ``scene.segs``.
    gap, reach : float
        Metres; ``reach`` is the gap where a road lies between (equal to ``gap`` where no road is loaded).
    room : int
        Most rows to return.

    Returns
    -------
    from_unit, to_unit : int32 (k,)
        Bodies, sorted by ``from_unit``, then in order of meeting.
    figures : float64 (k, 7)
        Clear length; how much of it is contact or overlap; length of the longest clear part; its middle sight
        x, y, x, y in the coordinates of the scene.
    stopped : int
        ``end``, or less where the room did not suffice; then the rows are of no use.
    """
    desk = _desk(len(scene.segs), len(scene.role))
    slot = np.full(len(scene.role), -1, np.int64)
    from_unit, to_unit = np.empty(room, np.int32), np.empty(room, np.int32)
    figures = np.zeros((room, 7))
    rows = 0
    for i in range(begin, end):
        first_row = rows
        for side in range(scene.first[i], scene.first[i + 1]):
            xa, ya, xb, yb = scene.segs[side]
            whole = math.hypot(xb - xa, yb - ya)
            pieces = math.ceil(whole / PIECE_M)
            length = whole / pieces
            ux, uy = (xb - xa) / whole, (yb - ya) / whole
            for at in range(pieces):
                piece = (xa + ux * length * at, ya + uy * length * at, ux, uy)
                n = _lay_out(scene, grid, desk, piece, length, reach)
                for k in range(_partners(scene, desk, n, i, piece, length, reach)):
                    j, a, b = desk.who[k]
                    desk.best[0] = 0.0
                    clear, touch = _look(scene, desk, n, i, j, a, b, length, gap, reach, piece)
                    if clear <= 0.0:
                        continue
                    if slot[j] < first_row:
                        if rows == room:
                            return from_unit, to_unit, figures, i
                        slot[j] = rows
                        from_unit[rows], to_unit[rows] = i, j
                        rows += 1
                    row = figures[slot[j]]
                    row[0] += clear
                    row[1] += touch
                    if desk.best[0] > row[2] + 1e-6:
                        row[2] = desk.best[0]
                        for end_at in (1, 3):
                            px, py = desk.best[end_at], desk.best[end_at + 1]
                            row[end_at + 2] = piece[0] + px * ux + py * uy
                            row[end_at + 3] = piece[1] + px * uy - py * ux
    return from_unit[:rows], to_unit[:rows], figures[:rows], end
