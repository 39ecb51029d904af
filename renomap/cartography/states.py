"""Pens of a width on paper, and painters that are left as they were found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from renomap.cartography.qt import QtCore, QtGui


@contextmanager
def kept_state(painter: QtGui.QPainter) -> Iterator[None]:
    """Restore pen, brush, clip and transform of the painter afterwards, whatever happens."""
    painter.save()
    try:
        yield
    finally:
        painter.restore()


def pen_of(colour: str | None, width_mm: float, mm: float, dash: Sequence[float] = ()) -> QtGui.QPen:
    """A pen ``width_mm`` wide where a millimetre is ``mm`` units of the painter; dashes in mm as well."""
    pen = QtGui.QPen(QtGui.QColor(colour), width_mm * mm)
    pen.setCosmetic(False)
    pen.setJoinStyle(QtCore.Qt.PenJoinStyle.RoundJoin)
    pen.setCapStyle(QtCore.Qt.PenCapStyle.FlatCap if dash else QtCore.Qt.PenCapStyle.RoundCap)
    if dash and width_mm > 0:
        pen.setDashPattern([length / width_mm for length in dash])
    return pen
