"""The legend of two maps side by side: what either shows, and how a neighbourhood that moved is marked."""

from __future__ import annotations

from math import ceil
from typing import Final

from PySide6.QtCore import QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from renomap.cartography.layers import LegendEntry
from renomap.cartography.legend import (
    Groups,
    LegendLine,
    draw_legend,
    legend_height,
    legend_of_all,
    legend_width,
)
from renomap.cartography.pencil import Pencil, Rect
from renomap.cartography.symbols import Symbol
from renomap.desktop.look import LINE

_MARGIN_MM: Final = 3.0
_EDGE: Final = 10
#: A legend that covers a larger share of one of the maps is left out.
_MOST_COVERED: Final = 0.3


def both(legends: list[Groups], moved: str, colour: str) -> Groups:
    """The legend of both maps; ``moved`` is the word for a neighbourhood that is in another area."""
    symbol = Symbol(stroke=colour, stroke_mm=0.5, hatch="diagonal", hatch_colour=colour, hatch_mm=1.2)
    entry = LegendEntry(moved, "", (0,), (symbol,), "polygon")
    groups = legend_of_all(legends)
    return [*groups, ("", [LegendLine(entry, 1, (symbol,))])] if groups else []


def paint(painter: QPainter, groups: Groups, frame: QRectF, dpi: float) -> QRectF | None:
    """Draw it in the lower right corner of a map; the place, or None where it would cover too much of it."""
    if not groups:
        return None
    pencil, mm = Pencil(painter, dpi), dpi / 25.4
    wide = legend_width(pencil, groups) + 2 * _MARGIN_MM + 1
    high = legend_height(pencil, groups, Rect(0, 0, wide, frame.height() / mm).inset(_MARGIN_MM), columns=1)
    size = QSizeF(ceil(wide * mm), ceil((high + 2 * _MARGIN_MM) * mm))
    if size.width() * size.height() > _MOST_COVERED * frame.width() * frame.height():
        return None
    place = QRectF(frame.bottomRight(), size).translated(-size.width() - _EDGE, -size.height() - _EDGE)
    painter.save()
    painter.setPen(QPen(QColor(LINE)))
    painter.setBrush(Qt.GlobalColor.white)
    painter.drawRoundedRect(place, 6, 6)
    painter.translate(place.topLeft())
    draw_legend(pencil, groups, Rect(0, 0, wide, size.height() / mm).inset(_MARGIN_MM), columns=1)
    painter.restore()
    return place
