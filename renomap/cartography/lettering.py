"""Drawing text as outlines with a halo, and labels quickly again where they have been drawn before."""

from __future__ import annotations

from functools import lru_cache
from math import ceil, floor

from renomap.cartography.fonts import text_path
from renomap.cartography.labels import Placed
from renomap.cartography.qt import QtCore, QtGui
from renomap.cartography.states import kept_state
from renomap.model.mapview import MapView

#: Larger labels are rare and are drawn anew each time.
STAMP_PIXELS = 40_000
_Line = tuple[str, float, float, float]


def draw_text(
    painter: QtGui.QPainter,
    text: str,
    x: float,
    y: float,
    size_px: float,
    *,
    colour: str = "#222222",
    bold: bool = False,
    halo: tuple[str, float] | None = None,
) -> None:
    """A line of text as outlines, its baseline from (x, y), with a halo of (colour, width in px) around it.

    Outlines, not characters: Qt writes Chinese text into PDFs in a way that cannot be searched.
    """
    path = text_path(text, bold, size_px)
    with kept_state(painter):
        painter.translate(x, y)
        if halo is not None and halo[1] > 0:
            pen = QtGui.QPen(QtGui.QColor(halo[0]), 2 * halo[1])
            pen.setJoinStyle(QtCore.Qt.PenJoinStyle.RoundJoin)
            painter.strokePath(path, pen)
        painter.fillPath(path, QtGui.QColor(colour))


def draw_label(painter: QtGui.QPainter, view: MapView, placed: Placed) -> None:
    """A placed label. On pictures upright labels are kept as small pictures at whole pixels.

    A halo costs a fifth of a millisecond, a kept picture a hundredth of that (measured).
    """
    label = placed.label
    halo = (label.halo, round(label.halo_mm * view.px_per_mm, 3))
    cx, cy = placed.centre
    lines = tuple((text, size, round(x - cx, 2), round(y - cy, 2)) for text, size, x, y in placed.lines)
    if placed.angle == 0.0 and _takes_pictures(painter):
        w, h = placed.box[2][0] - placed.box[0][0], placed.box[2][1] - placed.box[0][1]
        if w * h <= STAMP_PIXELS:
            image, left, top = _stamp(lines, label.colour, label.bold, halo, ceil(w), ceil(h))
            painter.drawImage(QtCore.QPoint(round(cx) + left, round(cy) + top), image)
            return
    with kept_state(painter):
        painter.translate(cx, cy)
        painter.rotate(placed.angle)
        _draw_lines(painter, lines, label.colour, label.bold, halo)


def _takes_pictures(painter: QtGui.QPainter) -> bool:
    """Whether a small picture can stand for a drawing: on pictures, pixel by pixel."""
    turn = painter.transform()
    raster = painter.paintEngine().type() == QtGui.QPaintEngine.Type.Raster
    return raster and not turn.isScaling() and not turn.isRotating()


def _draw_lines(
    painter: QtGui.QPainter, lines: tuple[_Line, ...], colour: str, bold: bool, halo: tuple[str, float]
) -> None:
    for text, size, x, y in lines:
        draw_text(painter, text, x, y, size, colour=colour, bold=bold, halo=halo)


@lru_cache(maxsize=4096)
def _stamp(
    lines: tuple[_Line, ...], colour: str, bold: bool, halo: tuple[str, float], width: int, height: int
) -> tuple[QtGui.QImage, int, int]:
    """The label as a picture, and where its top left lies from the label's centre."""
    margin = ceil(halo[1]) + 2
    left, top = floor(-width / 2) - margin, floor(-height / 2) - margin
    size = QtCore.QSize(width + 2 * margin + 1, height + 2 * margin + 1)
    image = QtGui.QImage(size, QtGui.QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(QtCore.Qt.GlobalColor.transparent)
    painter = QtGui.QPainter(image)
    try:
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        painter.translate(-left, -top)
        _draw_lines(painter, lines, colour, bold, halo)
    finally:
        painter.end()
    return image, left, top
