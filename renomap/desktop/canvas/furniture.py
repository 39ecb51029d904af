"""Furniture of the map in the window: legend, scale bar and north arrow, drawn as on paper."""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QWidget

from renomap.cartography.furniture import draw_north_arrow, draw_scale_bar, scale_bar
from renomap.cartography.legend import Groups, draw_legend, legend_height
from renomap.cartography.pencil import Pencil, Rect
from renomap.desktop.canvas.mapcanvas import MapCanvas
from renomap.desktop.canvas.rendering import Picture
from renomap.session.session import Session

_EDGE = 10
_LEGEND_MM = 50.0
_MARGIN_MM = 3.0
_BAR_MM = 32.0


class Legend(QFrame):
    """What the colours mean, only for what is in view; stands in the lower right corner."""

    def __init__(self, session: Session, canvas: MapCanvas) -> None:
        super().__init__(canvas.viewport())
        self._session = session
        self._canvas = canvas
        self._groups: Groups = []
        self._wanted = True
        self._dpi = float(self.logicalDpiX())
        self.setObjectName("legend")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
        canvas.furniture.append(self)
        canvas.pictured.connect(self._on_pictured)
        canvas.view_changed.connect(self.place)

    def set_magnification(self, factor: float) -> None:
        """Draw everything larger, or as on paper (1)."""
        self._dpi = self.logicalDpiX() * factor
        self._on_pictured(self._canvas.picture)

    def set_wanted(self, wanted: bool) -> None:
        """Show it, or never."""
        self._wanted = wanted
        self._on_pictured(self._canvas.picture)

    def place(self) -> None:
        """Stand in the corner of the map as it is now."""
        room = self._canvas.viewport().size()
        self.move(room.width() - self.width() - _EDGE, room.height() - self.height() - _EDGE)

    def _on_pictured(self, picture: Picture | None) -> None:
        if picture is None or not self._wanted:
            self.hide()
            return
        self._groups = picture.legend
        mm = self._dpi / 25.4
        room = self._canvas.viewport().height() / mm - 24
        pencil = Pencil(QPainter(), self._dpi)  # measures without a page
        height = legend_height(pencil, self._groups, self._page(room), columns=1) + 2 * _MARGIN_MM
        self.resize(QSize(round(_LEGEND_MM * mm), ceil(min(height, room) * mm)))
        self.place()
        self.setVisible(bool(self._groups) and room > 30)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        at = self._page(self.height() / self._dpi * 25.4)
        draw_legend(Pencil(painter, self._dpi), self._groups, at, columns=1)
        painter.end()

    def _page(self, height_mm: float) -> Rect:
        return Rect(0, 0, _LEGEND_MM, height_mm).inset(_MARGIN_MM)


class ScaleMark(QWidget):
    """The scale bar and the north arrow in the lower left corner."""

    def __init__(self, session: Session, canvas: MapCanvas) -> None:
        super().__init__(canvas.viewport())
        self._session = session
        self._canvas = canvas
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._dpi = float(self.logicalDpiX())
        self.set_magnification(1.0)
        self.hide()
        canvas.furniture.append(self)
        canvas.view_changed.connect(self._on_viewed)
        canvas.pictured.connect(lambda _: self._on_viewed())

    def set_magnification(self, factor: float) -> None:
        """Draw everything larger, or as on paper (1)."""
        self._dpi = self.logicalDpiX() * factor
        mm = self._dpi / 25.4
        self.resize(round(58 * mm), round(13 * mm))
        self._on_viewed()

    def _on_viewed(self) -> None:
        self.setVisible(self._canvas.picture is not None)
        self.move(_EDGE, self._canvas.viewport().height() - self.height() - _EDGE)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.GlobalColor.white)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setOpacity(0.92)
        painter.drawRoundedRect(QRectF(self.rect()), 6, 6)
        painter.setOpacity(1.0)
        pencil = Pencil(painter, self._dpi)
        view = self._canvas.view
        draw_north_arrow(pencil, 5.0, 1.4, 10.0)
        draw_scale_bar(pencil, view, scale_bar(pencil, view, _BAR_MM, self._session.speech.words), 11.0, 1.6)
        painter.end()
