"""Drawing on a sheet in millimetres and points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from renomap.cartography.fonts import shortened, text_width, wrapped
from renomap.cartography.lettering import draw_text
from renomap.cartography.qt import QtCore, QtGui
from renomap.cartography.states import pen_of
from renomap.cartography.symbols import token

INK = token("ink")
GREY = token("text-3")
RULE = token("rule")
LEADING = 1.25  # distance of baselines in font sizes


@dataclass(frozen=True)
class Rect:
    """A rectangle of the sheet in mm."""

    x: float
    y: float
    w: float
    h: float

    def inset(self, mm: float) -> Rect:
        """The rectangle ``mm`` smaller on every side."""
        return Rect(self.x + mm, self.y + mm, self.w - 2 * mm, self.h - 2 * mm)


class Pencil:
    """Draws on a sheet in millimetres and points; a thin hand on a painter."""

    def __init__(self, painter: QtGui.QPainter, dpi: float) -> None:
        self.painter = painter
        self.mm = dpi / 25.4
        self.pt = dpi / 72.0

    def rect(
        self,
        r: Rect,
        *,
        fill: str | None = None,
        stroke: str | None = None,
        width: float = 0.2,
        dash: Sequence[float] = (),
    ) -> None:
        """A box; without a fill what is under it stays."""
        p = self.painter
        p.setBrush(QtGui.QBrush(QtGui.QColor(fill)) if fill else QtCore.Qt.BrushStyle.NoBrush)
        p.setPen(self.pen(stroke, width, dash) if stroke else QtCore.Qt.PenStyle.NoPen)
        p.drawRect(self.box(r))

    def line(
        self,
        x1: float,
        y1: float,
        x2: float,
        y2: float,
        *,
        stroke: str = RULE,
        width: float = 0.2,
        dash: Sequence[float] = (),
    ) -> None:
        """A straight line."""
        pen = self.pen(stroke, width, dash)
        pen.setCapStyle(QtCore.Qt.PenCapStyle.FlatCap)
        self.painter.setPen(pen)
        points = (QtCore.QPointF(x1 * self.mm, y1 * self.mm), QtCore.QPointF(x2 * self.mm, y2 * self.mm))
        self.painter.drawLine(*points)

    def pen(self, stroke: str | None, width: float, dash: Sequence[float] = ()) -> QtGui.QPen:
        """A pen of a width in mm with mitred corners."""
        pen = pen_of(stroke, width, self.mm, dash)
        pen.setJoinStyle(QtCore.Qt.PenJoinStyle.MiterJoin)
        return pen

    def box(self, r: Rect) -> QtCore.QRectF:
        """The rectangle in units of the painter."""
        return QtCore.QRectF(r.x * self.mm, r.y * self.mm, r.w * self.mm, r.h * self.mm)

    def width(self, text: str, pt: float, bold: bool = False) -> float:
        """Width of a text in mm."""
        return text_width(text, bold) * pt * self.pt / self.mm

    def text(
        self,
        text: str,
        x: float,
        y: float,
        pt: float,
        *,
        room: float | None = None,
        align: str = "left",
        colour: str = INK,
        bold: bool = False,
    ) -> None:
        """A line of text whose em box starts at y (mm), shortened to ``room`` mm."""
        if room is not None:
            text = shortened(text, pt * self.pt, room * self.mm, bold)
        if align != "left":
            x -= self.width(text, pt, bold) * (0.5 if align == "middle" else 1.0)
        baseline = y * self.mm + 0.88 * pt * self.pt
        draw_text(self.painter, text, x * self.mm, baseline, pt * self.pt, colour=colour, bold=bold)

    def lines(self, text: str, pt: float, room: float, bold: bool = False) -> list[str]:
        """The text wrapped to ``room`` mm."""
        return wrapped(text, pt * self.pt, room * self.mm, bold)

    def em(self, pt: float) -> float:
        """Height of a Chinese character in mm."""
        return pt * self.pt / self.mm

    def leading(self, pt: float) -> float:
        """Distance of baselines in mm."""
        return self.em(pt) * LEADING
