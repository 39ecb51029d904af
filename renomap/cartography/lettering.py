"""Drawing text as outlines with a halo, and labels quickly again where they have been drawn before."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import ceil, floor

from renomap.cartography.fonts import text_path, whole_path
from renomap.cartography.labels import Placed
from renomap.cartography.qt import QtCore, QtGui
from renomap.cartography.states import kept_state
from renomap.model.mapview import MapView

#: Larger labels are rare and are drawn anew each time.
STAMP_PIXELS = 40_000


@dataclass(frozen=True)
class _Face:
    """How a label looks wherever it stands: lines of (text, size, x, y) from its centre, and its turn."""

    lines: tuple[tuple[str, float, float, float], ...]
    colour: str
    bold: bool
    halo: tuple[str, float]
    angle: float


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
    turn = painter.transform()
    if not (turn.isScaling() or turn.isRotating() or _is_picture(painter)):
        # Whole units of a fine medium: the file gets half as large and nobody sees a difference.
        path = whole_path(text, bold, size_px)
        x, y = round(x + turn.dx()) - turn.dx(), round(y + turn.dy()) - turn.dy()
    with kept_state(painter):
        painter.translate(x, y)
        if halo is not None and halo[1] > 0:
            pen = QtGui.QPen(QtGui.QColor(halo[0]), 2 * halo[1])
            pen.setJoinStyle(QtCore.Qt.PenJoinStyle.RoundJoin)
            painter.strokePath(path, pen)
        painter.fillPath(path, QtGui.QColor(colour))


def draw_label(painter: QtGui.QPainter, view: MapView, placed: Placed) -> None:
    """A placed label. On pictures a label is kept as a small picture that is set at whole pixels.

    A halo costs a fifth of a millisecond, a kept picture a hundredth of that (measured).
    """
    label = placed.label
    cx, cy = placed.centre
    face = _Face(
        tuple((text, size, round(x - cx, 1), round(y - cy, 1)) for text, size, x, y in placed.lines),
        label.colour,
        label.bold,
        (label.halo, round(label.halo_mm * view.px_per_mm, 3)),
        round(placed.angle, 1),
    )
    across = max(x for x, _ in placed.box) - min(x for x, _ in placed.box)
    down = max(y for _, y in placed.box) - min(y for _, y in placed.box)
    if across * down <= STAMP_PIXELS and _takes_pictures(painter):
        image, left, top = _stamp(face, ceil(across), ceil(down))
        painter.drawImage(QtCore.QPoint(round(cx) + left, round(cy) + top), image)
        return
    with kept_state(painter):
        painter.translate(cx, cy)
        _draw_face(painter, face)


def _is_picture(painter: QtGui.QPainter) -> bool:
    return painter.paintEngine().type() == QtGui.QPaintEngine.Type.Raster


def _takes_pictures(painter: QtGui.QPainter) -> bool:
    """Whether a small picture can stand for a drawing: on pictures, pixel by pixel."""
    turn = painter.transform()
    return _is_picture(painter) and not turn.isScaling() and not turn.isRotating()


def _draw_face(painter: QtGui.QPainter, face: _Face) -> None:
    """The label around the painter's origin."""
    painter.rotate(face.angle)
    for text, size, x, y in face.lines:
        draw_text(painter, text, x, y, size, colour=face.colour, bold=face.bold, halo=face.halo)


@lru_cache(maxsize=4096)
def _stamp(face: _Face, width: int, height: int) -> tuple[QtGui.QImage, int, int]:
    """The label as a picture, and where its top left lies from the label's centre."""
    margin = ceil(face.halo[1]) + 2
    left, top = floor(-width / 2) - margin, floor(-height / 2) - margin
    size = QtCore.QSize(width + 2 * margin + 1, height + 2 * margin + 1)
    image = QtGui.QImage(size, QtGui.QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(QtCore.Qt.GlobalColor.transparent)
    painter = QtGui.QPainter(image)
    try:
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        painter.translate(-left, -top)
        _draw_face(painter, face)
    finally:
        painter.end()
    return image, left, top
