"""Furniture of the map in the window: legend, scale bar and north arrow, drawn as on paper."""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QToolButton, QWidget

from renomap.cartography.furniture import draw_north_arrow, draw_scale_bar, scale_bar
from renomap.cartography.legend import Groups, draw_legend, legend_height, legend_width
from renomap.cartography.pencil import Pencil, Rect
from renomap.desktop.canvas.mapcanvas import MapCanvas
from renomap.desktop.canvas.rendering import Picture
from renomap.session.session import Session
from renomap.session.settings import AUTOMATIC, FOLDED, OPEN

_EDGE = 10
_LEGEND_MM = 50.0
_MARGIN_MM = 3.0
_TITLE_PT = 8.0
_BAR_MM = 32.0
#: A legend that covers a larger share of the map is folded unless the user has opened it.
MOST_COVERED = 0.18


class Legend(QFrame):
    """What the colours mean, only for what is in view; stands in the lower right corner.

    A button in its corner folds it. Until the user has folded or opened it, it is open where it leaves most
    of the map in sight.
    """

    def __init__(self, session: Session, canvas: MapCanvas) -> None:
        super().__init__(canvas.viewport())
        self._session = session
        self._canvas = canvas
        self._groups: Groups = []
        self._wanted = True
        self._wide_mm = self._head_mm = 0.0
        self._dpi = float(self.logicalDpiX())
        self.setObjectName("legend")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
        self.fold = QToolButton(canvas.viewport())
        self.fold.setObjectName("fold")
        self.fold.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.fold.setCursor(Qt.CursorShape.PointingHandCursor)
        self.fold.clicked.connect(self._on_fold)
        self.fold.hide()
        canvas.furniture += [self, self.fold]
        canvas.pictured.connect(self._on_pictured)
        canvas.view_changed.connect(self.place)
        session.speech.changed.connect(self.place)

    def set_magnification(self, factor: float) -> None:
        """Draw everything larger, or as on paper (1)."""
        self._dpi = self.logicalDpiX() * factor
        self._on_pictured(self._canvas.picture)

    def set_wanted(self, wanted: bool) -> None:
        """Show it, or never."""
        self._wanted = wanted
        self._on_pictured(self._canvas.picture)

    @property
    def is_folded(self) -> bool:
        """Whether only its button is to be seen."""
        chosen, room = self._session.settings.legend, self._canvas.viewport().size()
        if chosen != AUTOMATIC:
            return chosen == FOLDED
        covered = self.width() * self.height()
        return covered > MOST_COVERED * room.width() * room.height()

    def place(self) -> None:
        """Stand in the corner of the map as it is now, above what stands there already."""
        room, button = self._canvas.viewport().size(), self.fold
        say = self._session.speech
        button.setText(say("window.legend.open") if self.isHidden() else "×")
        button.setToolTip(say("window.legend.open-tip" if self.isHidden() else "window.legend.fold-tip"))
        button.adjustSize()
        piece = button if self.isHidden() else self
        foot = room.height() - _EDGE
        for other in self._canvas.furniture:
            inside = not other.isHidden() and other not in (self, button)
            if inside and other.geometry().right() + _EDGE > room.width() - piece.width() - _EDGE:
                foot = min(foot, other.y() - _EDGE)
        piece.move(room.width() - piece.width() - _EDGE, foot - piece.height())
        if piece is self:
            button.move(self.geometry().right() - button.width() - 2, self.y() + 3)
            button.raise_()

    def _on_fold(self) -> None:
        self._session.settings.legend = FOLDED if not self.isHidden() else OPEN
        self._on_pictured(self._canvas.picture)
        self._canvas.show_view(self._canvas.view)  # labels come to where it was, or make room

    def _on_pictured(self, picture: Picture | None) -> None:
        if picture is None or not self._wanted:
            self.hide()
            self.fold.hide()
            return
        self._groups = picture.legend
        mm = self._dpi / 25.4
        room = self._canvas.viewport().height() / mm - 24
        pencil = Pencil(QPainter(), self._dpi)  # measures without a page
        wide, beside = self._widths(pencil, mm)
        self._wide_mm = min(wide + 2 * _MARGIN_MM + 1, _LEGEND_MM)
        # A title that leaves no room beside it stands below the button that folds.
        self._head_mm = 0.0 if beside <= _LEGEND_MM - 2 * _MARGIN_MM - 1 else self.fold.height() / mm
        height = legend_height(pencil, self._groups, self._page(room), columns=1) + 2 * _MARGIN_MM
        height += self._head_mm
        self.resize(QSize(ceil(self._wide_mm * mm), ceil(min(height, room) * mm)))
        there = bool(self._groups) and room > 30
        self.setVisible(there and not self.is_folded)
        self.fold.setVisible(bool(self._groups))
        self.place()
        self.update()

    def _widths(self, pencil: Pencil, mm: float) -> tuple[float, float]:
        """Widths in mm of all that is written, and of the first title with the fold button beside it."""
        if not self._groups:
            return 0.0, 0.0
        title = pencil.width(self._groups[0][0], _TITLE_PT, True)
        beside = title + self.fold.sizeHint().width() / mm
        return max(legend_width(pencil, self._groups, pt=_TITLE_PT), beside), beside

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        at = self._page(self.height() / self._dpi * 25.4)
        draw_legend(Pencil(painter, self._dpi), self._groups, at, columns=1)
        painter.end()

    def _page(self, height_mm: float) -> Rect:
        return Rect(0, self._head_mm, self._wide_mm, height_mm - self._head_mm).inset(_MARGIN_MM)


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
        self.resize(round(52 * mm), round(13 * mm))
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
