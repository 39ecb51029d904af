"""What is taken on a picture: turned boxes, and whether another still fits between them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from math import cos, radians, sin

CELL_PX = 96.0  # boxes are kept by cells of this size, so that only near ones are compared
PADDING_EM = 0.12

Corner = tuple[float, float]
#: Corners of a rectangle in turn, in pixels.
Box = tuple[Corner, Corner, Corner, Corner]
#: Left, top, right, bottom in pixels.
Upright = tuple[float, float, float, float]


def turned_box(px: float, py: float, width: float, height: float, angle: float, size: float) -> Box:
    """The box of a text around (px, py), turned clockwise by ``angle`` degrees; ``size`` is its font size."""
    w, h = width / 2 + PADDING_EM * size, height / 2
    c, s = cos(radians(angle)), sin(radians(angle))
    a, b, p, q = ((px + x * c - y * s, py + x * s + y * c) for x, y in ((-w, -h), (w, -h), (w, h), (-w, h)))
    return (a, b, p, q)


class Board:
    """The boxes taken so far.

    Parameters
    ----------
    size : (float, float)
        Width and height of the picture.
    avoid : iterable of Upright
        Taken from the beginning.
    marks : iterable of Upright
        Taken as well, but only for those who do not ask to lie over marks.
    """

    def __init__(self, size: tuple[float, float], avoid: Iterable[Upright], marks: Iterable[Upright]) -> None:
        self._size = size
        self._taken: dict[tuple[int, int], list[Box]] = defaultdict(list)
        self._marks: dict[tuple[int, int], list[Box]] = defaultdict(list)
        for kept, cells in ((avoid, self._taken), (marks, self._marks)):
            for left, top, right, bottom in kept:
                box = ((left, top), (right, top), (right, bottom), (left, bottom))
                for cell in _covered(box):
                    cells[cell].append(box)

    def free(self, box: Box, *, over_marks: bool = False) -> bool:
        """Whether the box lies within the picture and on nothing that is taken."""
        width, height = self._size
        if any(x < 0 or y < 0 or x > width or y > height for x, y in box):
            return False
        boards = (self._taken,) if over_marks else (self._taken, self._marks)
        return not any(
            overlap(box, other) for cell in _covered(box) for cells in boards for other in cells.get(cell, ())
        )

    def take(self, box: Box) -> None:
        """Keep the box from those who come later."""
        for cell in _covered(box):
            self._taken[cell].append(box)


def _covered(box: Box) -> Iterator[tuple[int, int]]:
    xs, ys = [x for x, _ in box], [y for _, y in box]
    for i in range(int(min(xs) // CELL_PX), int(max(xs) // CELL_PX) + 1):
        for j in range(int(min(ys) // CELL_PX), int(max(ys) // CELL_PX) + 1):
            yield (i, j)


def overlap(one: Box, other: Box) -> bool:
    """Whether two turned rectangles share ground: no side of either parts them (separating axes)."""
    for a, b in ((one, other), (other, one)):
        for k in (0, 1):
            nx, ny = a[k + 1][1] - a[k][1], a[k][0] - a[k + 1][0]
            first = [nx * x + ny * y for x, y in a]
            second = [nx * x + ny * y for x, y in b]
            if max(first) <= min(second) or max(second) <= min(first):
                return False
    return True
