"""Placing labels: each where it belongs, none over another, the same plan always the same way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import atan2, degrees, hypot

import numpy as np
import shapely

from renomap.cartography.board import Board, Box, turned_box
from renomap.cartography.fonts import text_width
from renomap.cartography.layers import Label, MarkerLayer
from renomap.cartography.markers import marker_places
from renomap.model.feedback import Feedback
from renomap.model.mapview import MapView

LINE_HEIGHT = 1.22  # of the font size
ROOM_SHARE = 1.06  # a name may be this much wider than the thing it names
#: Ways to set the title of an area: size, and the most of the area's width and height it may take.
TITLE_SIZES = ((1.0, 0.7), (0.7, 1.35))
REPEAT_MM = 90.0  # the same name is not repeated nearer than this
LINE_ENDS = (0.5, 0.35, 0.65, 0.2, 0.8)
MOST_MARKS = 400
#: Moves to try, in widths and heights of the label.
SHIFTS = ((0.0, 0.0), (0.0, -0.55), (0.0, 0.55), (-0.3, 0.0), (0.3, 0.0), (0.0, -1.1), (0.0, 1.1))
SHIFTS_IN_ROOM = SHIFTS[:3]
LEAST_SHOWN = 1.5  # an area of which less than this of its name's ground shows is not named
BEND = 0.45  # a text along a line may leave the line by this share of its size
UPRIGHT_ABOVE = 50.0  # degrees from which Chinese text runs down a line instead of along it
CJK_FROM = 0x2E80


@dataclass(frozen=True)
class Placed:
    """A label with its place on the picture.

    ``lines`` are (text, size in px, x, y) of the left end of each baseline before the turn by ``angle``
    degrees (clockwise) around ``centre``; ``box`` are the corners of what the label covers, in pixels.
    """

    label: Label
    lines: tuple[tuple[str, float, float, float], ...]
    centre: tuple[float, float]
    angle: float
    box: Box


def place_labels(
    labels: Sequence[Label],
    view: MapView,
    feedback: Feedback,
    avoid: Sequence[tuple[float, float, float, float]] = (),
    marks: MarkerLayer | None = None,
) -> list[Placed]:
    """Places for as many labels as fit.

    Labels are taken by rank and key; each gets the first of its places where it lies within the picture and
    covers neither an earlier label, nor a box of ``avoid`` (left, top, right, bottom; pixels), nor a marker.
    A label that fits nowhere is left out.
    """
    board = Board(view.size, avoid, _marked(marks, view))
    placed: list[Placed] = []
    spoken: dict[str, list[tuple[float, float]]] = defaultdict(list)
    xmin, ymin, xmax, ymax = view.extent
    for number, label in enumerate(sorted(labels, key=lambda item: (item.rank, item.key))):
        if number % 64 == 0:
            feedback.check()
        if label.max_scale and view.scale > label.max_scale:
            continue
        if label.line is None and label.body is None:
            x, y = label.spots[0] if label.spots else (np.nan, np.nan)
            if not (xmin <= x <= xmax and ymin <= y <= ymax):
                continue
        found = _first_free(label, view, spoken[label.text], board)
        if found is not None:
            board.take(found.box)
            placed.append(found)
            spoken[label.text].append(found.centre)
    return placed


def _first_free(
    label: Label, view: MapView, before: Sequence[tuple[float, float]], board: Board
) -> Placed | None:
    """The best place that is free; an area's title covers markers before it gives way to its number."""
    if not label.short:
        return next((c for c in _candidates(label, view, before) if board.free(c.box)), None)
    for block in _blocks(label, view):
        ways = list(_around(label, block, view))
        for over_marks in (False, True):
            found = next((c for c in ways if board.free(c.box, over_marks=over_marks)), None)
            if found is not None:
                return found
    return None


def _marked(marks: MarkerLayer | None, view: MapView) -> list[tuple[float, float, float, float]]:
    """Boxes of the markers in the picture; none where there are so many that no name would be left."""
    if marks is None:
        return []
    rows, places, sizes = marker_places(marks, view)
    if len(rows) > MOST_MARKS:
        return []
    half = sizes[:, None] / 2
    return [tuple(row) for row in np.hstack([places - half, places + half]).tolist()]


def _candidates(label: Label, view: MapView, before: Sequence[tuple[float, float]]) -> Iterator[Placed]:
    if label.line is not None:
        yield from _along(label, view, before)
        return
    for block in _blocks(label, view):
        yield from _around(label, block, view)


def _around(label: Label, block: Sequence[tuple[str, float]], view: MapView) -> Iterator[Placed]:
    """Places of a block on and about the label's spots; a name in its own room moves up or down only."""
    width, height = _extent(block, label.bold)
    for x, y in _spots(label, view):
        px, py = view.to_screen(x, y)
        for dx, dy in SHIFTS if label.room_m is None else SHIFTS_IN_ROOM:
            yield _standing(label, block, px + dx * width, py + dy * height, width, height)


def _spots(label: Label, view: MapView) -> list[tuple[float, float]]:
    """The label's spots within the picture, and where its body is cut, a point in the part that shows."""
    xmin, ymin, xmax, ymax = view.extent
    inside = [(x, y) for x, y in label.spots if xmin <= x <= xmax and ymin <= y <= ymax]
    if label.body is None:
        return inside
    bounds = shapely.bounds(label.body)
    if bounds[0] >= xmin and bounds[1] >= ymin and bounds[2] <= xmax and bounds[3] <= ymax:
        return inside
    shown = shapely.clip_by_rect(label.body, xmin, ymin, xmax, ymax)
    em = label.pt * view.px_per_pt * view.resolution
    if shown.area < len(label.text) * em * em * LEAST_SHOWN:
        return []
    point = shapely.point_on_surface(shown)
    return [*inside, (float(point.x), float(point.y))]


def _blocks(label: Label, view: MapView) -> list[list[tuple[str, float]]]:
    """The ways to set the label, the best first: lines of (text, size in px)."""
    size = label.pt * view.px_per_pt
    if label.short and label.body is not None:
        return _titles(label, view)
    if label.room_m is None:
        return [[(label.text, size)]]
    room_w = label.room_m[0] / view.resolution * ROOM_SHARE
    room_h = label.room_m[1] / view.resolution * ROOM_SHARE
    for count in (1, 2, 3):
        if count * size * LINE_HEIGHT > room_h or len(label.text) < 3 * (count - 1):
            break
        lines = _parted(label.text, count)
        if max(text_width(line, label.bold) for line in lines) * size <= room_w:
            return [[(line, size) for line in lines]]
    return []


def _titles(label: Label, view: MapView) -> list[list[tuple[str, float]]]:
    """Name with figure, name alone, both smaller, at last the number, as the size of the thing allows."""
    assert label.body is not None
    xmin, ymin, xmax, ymax = shapely.bounds(label.body)
    ways = []
    for size, most in TITLE_SIZES:
        room = ((xmax - xmin) / view.resolution * most, (ymax - ymin) / view.resolution * most)
        first = (label.text, label.pt * size * view.px_per_pt)
        second = (label.second, label.second_pt * size * view.px_per_pt)
        for block in ([first, second], [first]) if label.second else ([first],):
            width, height = _extent(block, label.bold)
            if width <= room[0] and height <= room[1]:
                ways.append(block)
    return [*ways, [(label.short, label.pt * TITLE_SIZES[-1][0] * view.px_per_pt)]]


def _parted(text: str, count: int) -> list[str]:
    """The text in ``count`` lines of about equal length, parted at spaces where there are any."""
    if count == 1:
        return [text]
    words = text.split(" ")
    if len(words) >= count and all(ord(c) < CJK_FROM for c in text):
        cuts = np.array_split(np.arange(len(words)), count)
        return [" ".join(words[i] for i in cut) for cut in cuts]
    cuts = np.array_split(np.arange(len(text)), count)
    return ["".join(text[i] for i in cut).strip() for cut in cuts]


def _extent(block: Sequence[tuple[str, float]], bold: bool) -> tuple[float, float]:
    width = max(text_width(text, bold) * size for text, size in block)
    return width, sum(size * LINE_HEIGHT for _, size in block)


def _standing(
    label: Label, block: Sequence[tuple[str, float]], px: float, py: float, width: float, height: float
) -> Placed:
    lines = []
    top = py - height / 2
    for text, size in block:
        # 0.88 above and 0.12 below the baseline, half of the leading above.
        baseline = top + size * (LINE_HEIGHT - 1.0) / 2 + size * 0.88
        lines.append((text, size, px - text_width(text, label.bold) * size / 2, baseline))
        top += size * LINE_HEIGHT
    return Placed(label, tuple(lines), (px, py), 0.0, turned_box(px, py, width, height, 0.0, block[0][1]))


def _along(label: Label, view: MapView, before: Sequence[tuple[float, float]]) -> Iterator[Placed]:
    """Places along the parts of the line that show, straight text where the line is nearly straight."""
    shown = shapely.clip_by_rect(label.line, *view.extent)
    size = label.pt * view.px_per_pt
    width = text_width(label.text, label.bold) * size
    need = width * view.resolution
    parts = [
        part
        for part in shapely.get_parts(shown)
        if shapely.get_type_id(part) == 1 and part.length >= need * 1.1
    ]
    for part in sorted(parts, key=lambda item: -item.length)[:3]:
        for share in LINE_ENDS:
            middle = share * part.length
            if middle < need / 2 or middle > part.length - need / 2:
                continue
            at = shapely.line_interpolate_point(part, np.linspace(middle - need / 2, middle + need / 2, 7))
            points = [view.to_screen(float(p.x), float(p.y)) for p in at]
            (ax, ay), (bx, by) = points[0], points[-1]
            chord = hypot(bx - ax, by - ay)
            if chord < width * 0.97 or _bend(points) > BEND * size:
                continue
            px, py = points[3]
            if any(hypot(px - x, py - y) < REPEAT_MM * view.px_per_mm for x, y in before):
                continue
            angle = (degrees(atan2(by - ay, bx - ax)) + 90.0) % 180.0 - 90.0
            if abs(angle) > UPRIGHT_ABOVE and label.text and min(map(ord, label.text)) >= CJK_FROM:
                yield _stacked(label, size, px, py, angle)
            else:
                line = (label.text, size, px - width / 2, py + size * 0.38)
                yield Placed(
                    label, (line,), (px, py), angle, turned_box(px, py, width, size * 1.1, angle, size)
                )


def _stacked(label: Label, size: float, px: float, py: float, angle: float) -> Placed:
    """Chinese text down a steep line, its characters upright but for the line's lean."""
    lean = angle - 90.0 if angle > 0 else angle + 90.0
    top = py - size * len(label.text) / 2
    lines = tuple((c, size, px - size / 2, top + size * (k + 0.88)) for k, c in enumerate(label.text))
    return Placed(label, lines, (px, py), lean, turned_box(px, py, size, size * len(label.text), lean, size))


def _bend(points: Sequence[tuple[float, float]]) -> float:
    """Largest distance of the points from the straight line between the first and the last."""
    (ax, ay), (bx, by) = points[0], points[-1]
    length = hypot(bx - ax, by - ay) or 1.0
    return max(abs((bx - ax) * (ay - y) - (ax - x) * (by - ay)) / length for x, y in points)
