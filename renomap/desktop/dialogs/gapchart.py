"""The chart of the gap: how many pieces and scattered neighbourhoods a gap leaves; a click chooses one."""

from __future__ import annotations

import pandas as pd
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from renomap.desktop.look import ACCENT, FAINT, INK, LINE
from renomap.session.speech import Speech

_SCATTERED = "#d9a441"
_TOP, _FOOT, _SIDE = 30, 40, 10


class GapChart(QWidget):
    """Two bars for each gap, with their numbers, so that it also reads without colour."""

    chosen = Signal(float)

    def __init__(self, speech: Speech, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._speech = speech
        self._rows = pd.DataFrame({"gap_m": [], "links": [], "pieces": [], "scattered": []})
        self.gap_m = 30.0
        self.setMinimumSize(330, 190)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(speech("window.group.chart"))

    def set_rows(self, rows: pd.DataFrame) -> None:
        """Show what ``grouping.gaps.gap_chart`` gave."""
        self._rows = rows
        self.update()

    def set_gap(self, gap_m: float) -> None:
        """Mark the gap that is chosen."""
        self.gap_m = gap_m
        self.update()

    def bar_box(self, row: int) -> QRectF:
        """The ground of one gap's bars."""
        width = (self.width() - 2 * _SIDE) / max(len(self._rows), 1)
        return QRectF(_SIDE + row * width, _TOP, width, self.height() - _TOP - _FOOT)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        for row in range(len(self._rows)):
            box = self.bar_box(row)
            if box.left() <= event.position().x() < box.right():
                self._choose(row)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None or self._rows.empty:
            event.ignore()
            return
        nearest = int((self._rows["gap_m"] - self.gap_m).abs().argmin())
        self._choose(min(max(nearest + step, 0), len(self._rows) - 1))

    def _choose(self, row: int) -> None:
        self.set_gap(float(self._rows["gap_m"].iloc[row]))
        self.chosen.emit(self.gap_m)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_legend(painter)
        if self._rows.empty:
            painter.setPen(QColor(FAINT))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._speech("window.group.counting"))
            painter.end()
            return
        most = max(1, int(self._rows[["pieces", "scattered"]].to_numpy().max()))
        table = self._rows[["gap_m", "pieces", "scattered"]].to_numpy(dtype=float).tolist()
        for at, (gap_m, pieces, scattered) in enumerate(table):
            self._paint_gap(painter, self.bar_box(at), gap_m, round(pieces), round(scattered), most)
        foot = QRectF(0, self.height() - 18, self.width(), 18)
        painter.setPen(QColor(FAINT))
        painter.drawText(foot, Qt.AlignmentFlag.AlignCenter, self._speech("window.group.gap-axis"))
        painter.end()

    def _paint_legend(self, painter: QPainter) -> None:
        x = float(_SIDE)
        for colour, code in ((ACCENT, "window.group.pieces"), (_SCATTERED, "window.group.scattered")):
            painter.fillRect(QRectF(x, 9, 10, 10), QColor(colour))
            painter.setPen(QColor(INK))
            text = self._speech(code)
            painter.drawText(QPointF(x + 15, 19), text)
            x += 30 + painter.fontMetrics().horizontalAdvance(text)

    def _paint_gap(
        self, painter: QPainter, box: QRectF, gap_m: float, pieces: int, scattered: int, most: int
    ) -> None:
        if abs(gap_m - self.gap_m) < 0.01:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor("#e1edf6"))
            painter.drawRoundedRect(box.adjusted(1, -4, -1, 20), 4, 4)
        width = min(15.0, box.width() / 2 - 4)
        for side, (value, colour) in enumerate(((pieces, ACCENT), (scattered, _SCATTERED))):
            height = (box.height() - 18) * value / most
            x = box.center().x() - width - 1 + side * (width + 2)
            painter.fillRect(QRectF(x, box.bottom() - height, width, height), QColor(colour))
            painter.setPen(QColor(INK))
            above = QRectF(x - 10, box.bottom() - height - 16, width + 20, 15)
            painter.drawText(above, Qt.AlignmentFlag.AlignCenter, str(value))
        painter.setPen(QPen(QColor(LINE)))
        painter.drawLine(box.bottomLeft(), box.bottomRight())
        painter.setPen(QColor(INK))
        under = QRectF(box.left(), box.bottom() + 2, box.width(), 16)
        painter.drawText(under, Qt.AlignmentFlag.AlignCenter, f"{gap_m:g}")
