"""Two maps that move as one: beside each other, or one under the other with a bar to draw it away."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

import geopandas as gpd
import numpy as np
import shapely
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from renomap.cartography.paths import painter_paths
from renomap.desktop.canvas import twinlegend
from renomap.desktop.canvas.index import MapIndex
from renomap.desktop.canvas.mapcanvas import RESOLUTIONS, ZOOM
from renomap.desktop.canvas.rendering import Picture, Renderer, Wish
from renomap.desktop.canvas.surface import CLICK_PX
from renomap.desktop.look import GROUND, INK, LINE, SELECTION
from renomap.model.mapview import MapView
from renomap.model.plan import Plan
from renomap.session.session import Session

#: Between two maps, and how near to the bar a press takes hold of it (pixels).
GAP: Final = 3
GRIP: Final = 6
_MARGIN: Final = 1.12
#: Ground that is shown at least, metres.
LEAST_SHOWN_M: Final = 400.0
_PAPER: Final = QColor("#fbfaf7")
_MOVED: Final = "#7a1fa2"

#: What lies on the maps: colour of the line, width, colour of the surface, pattern.
_MARKS: Final = {
    "moved": (_MOVED, 1.6, "#507a1fa2", Qt.BrushStyle.BDiagPattern),
    "area": (SELECTION, 3.0, None, Qt.BrushStyle.NoBrush),
    "chosen": (SELECTION, 2.2, "#38ff922b", Qt.BrushStyle.SolidPattern),
    "hover": ("#333f4b", 2.0, None, Qt.BrushStyle.NoBrush),
}


class Side:
    """One of the maps: its plan, what was drawn of it and what lies on it."""

    def __init__(self, parent: TwinMap) -> None:
        self.renderer = Renderer(parent)
        self.plan: Plan | None = None
        self.index = MapIndex(None)
        self.picture: Picture | None = None
        self.marks: dict[str, QPainterPath] = {}


class TwinMap(QWidget):
    """``ours`` on the left and ``theirs`` on the right; one view, one hover, one choice for both.

    ``clicked`` tells the neighbourhood that was clicked, or None, and whether it was on the right;
    ``hovered`` the one under the pointer, or None.
    """

    clicked = Signal(object, bool)
    hovered = Signal(object)
    swiped = Signal(float)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.view = MapView((0.0, 0.0), 1.0, (1.0, 1.0))
        self.theme = "areas"
        self.swipes = False
        self.bar = 0.5
        self.sides = (Side(self), Side(self))
        self._origin = (0.0, 0.0)
        self._fitted = False
        self._hand: QPointF | None = None
        self._pressed: QPointF | None = None
        self._on_bar = False
        self._under: int | None = None
        self.legend_place: QRectF | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        for side in self.sides:
            side.renderer.drawn.connect(lambda picture, side=side: self._on_drawn(side, picture))
        session.speech.changed.connect(self._draw)

    # what is shown

    def show_plans(self, ours: Plan | None, theirs: Plan | None) -> None:
        """Show two plans; None shows nothing. The view stays if there was one."""
        for side, plan in zip(self.sides, (ours, theirs), strict=True):
            if plan is not side.plan:
                side.plan, side.index, side.picture = plan, MapIndex(plan), None
        if ours is None or theirs is None:
            self._fitted = False
            for side in self.sides:
                side.marks.clear()
        elif not self._fitted and not ours.neighbourhoods.empty:
            xmin, ymin, _, _ = ours.neighbourhoods.total_bounds
            self._origin = (float(xmin), float(ymin))
            self._fitted = True
            self.fit()
        self._draw()

    def mark(self, name: str, left: Iterable[object], right: Iterable[object]) -> None:
        """Let shapes lie on the maps under one of the names of ``_MARKS``."""
        for side, shapes in zip(self.sides, (left, right), strict=True):
            array = np.array([*shapes, None], dtype=object)[:-1]
            (side.marks[name],) = painter_paths(array, np.zeros(len(array), dtype=np.int64), 1, self._origin)
        self.update()

    def mark_neighbourhoods(self, name: str, fids: Iterable[int]) -> None:
        """Let neighbourhoods be marked on both maps."""
        wanted = list(fids)
        both = [_shapes(side.plan, wanted) for side in self.sides]
        self.mark(name, both[0], both[1])

    def set_theme(self, theme: str) -> None:
        """Colour both maps by another theme."""
        self.theme = theme
        self._draw()

    def set_swipes(self, swipes: bool) -> None:
        """One map with a bar instead of two, or two again."""
        self.swipes = swipes
        self._resize()

    def set_magnification(self, factor: float) -> None:
        """Letters and lines so much larger than on paper."""
        self._show_view(replace(self.view, dpi=self.logicalDpiX() * factor))

    def fit(self, bounds: Iterable[float] | None = None) -> None:
        """Show ``bounds`` (xmin, ymin, xmax, ymax; metres) with a little around, by default everything."""
        plan = self.sides[0].plan
        if bounds is None:
            if plan is None or plan.neighbourhoods.empty:
                return
            bounds = plan.neighbourhoods.total_bounds
        xmin, ymin, xmax, ymax = (float(value) for value in bounds)
        x, y = (xmin + xmax) / 2, (ymin + ymax) / 2
        # one small neighbourhood without anything around it tells nobody where it is
        wide, high = (_MARGIN * max(side, LEAST_SHOWN_M) / 2 for side in (xmax - xmin, ymax - ymin))
        self._show_view(self.view.fitted((x - wide, y - high, x + wide, y + high)))

    def zoom(self, factor: float, at: QPointF | None = None) -> None:
        """Nearer (> 1) or further, keeping what is under ``at`` (pixels of one map) where it is."""
        at = at or QPointF(self.view.size[0] / 2, self.view.size[1] / 2)
        low, high = RESOLUTIONS
        factor = min(max(factor, self.view.resolution / high), self.view.resolution / low)
        self._show_view(self.view.zoomed(factor, at.x(), at.y()))

    def close_threads(self) -> None:
        """End the render threads."""
        for side in self.sides:
            side.renderer.close()

    def _show_view(self, view: MapView) -> None:
        low, high = RESOLUTIONS
        self.view = replace(view, resolution=min(max(view.resolution, low), high))
        self._draw()

    def _draw(self) -> None:
        self.update()
        if self.width() < 4 or not self.isVisible():
            return
        ratio = self.devicePixelRatioF()
        size = (round(self.view.size[0] * ratio), round(self.view.size[1] * ratio))
        view = replace(
            self.view, size=size, resolution=self.view.resolution / ratio, dpi=self.view.dpi * ratio
        )
        session = self._session
        for side in self.sides:
            if side.plan is not None:
                side.renderer.want(Wish(side.plan, self.theme, session.speech.words, view, session.shown.off))

    def _on_drawn(self, side: Side, picture: Picture) -> None:
        if picture.plan is side.plan:
            side.picture = picture
            self.update()

    def _frames(self) -> tuple[tuple[QRectF, float], tuple[QRectF, float]]:
        """Of each map the part of the widget that it has, and where its left edge would be."""
        wide, high = float(self.width()), float(self.height())
        if self.swipes:
            at = round(self.bar * wide)
            return (QRectF(0, 0, at, high), 0.0), (QRectF(at, 0, wide - at, high), 0.0)
        half = self.view.size[0]
        return (QRectF(0, 0, half, high), 0.0), (QRectF(half + GAP, 0, half, high), half + GAP)

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), QColor(LINE))
        for side, (frame, left) in zip(self.sides, self._frames(), strict=True):
            painter.save()
            painter.setClipRect(frame)
            painter.fillRect(frame, _PAPER)
            painter.translate(left, 0.0)
            self._paint_side(painter, side)
            painter.restore()
            self._paint_title(painter, side, frame)
        if self.swipes:
            self._paint_bar(painter)
        legends = [side.picture.legend for side in self.sides if side.picture is not None]
        groups = twinlegend.both(legends, self._session.speech("window.compare.moved-mark"), _MOVED)
        self.legend_place = twinlegend.paint(painter, groups, self._frames()[1][0], self.view.dpi)
        painter.end()

    def _paint_side(self, painter: QPainter, side: Side) -> None:
        if side.picture is None:
            return
        drawn = side.picture.view
        xmin, ymin, xmax, ymax = drawn.extent
        x1, y1 = self.view.to_screen(xmin, ymax)
        x2, y2 = self.view.to_screen(xmax, ymin)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(QRectF(x1, y1, x2 - x1, y2 - y1), side.picture.image)
        x, y = self.view.to_screen(*self._origin)
        shift = QTransform(1 / self.view.resolution, 0, 0, -1 / self.view.resolution, x, y)
        for name, (stroke, width, fill, pattern) in _MARKS.items():
            path = side.marks.get(name)
            if path is None or path.isEmpty():
                continue
            painter.setPen(QPen(QColor(stroke), width))
            painter.setBrush(Qt.BrushStyle.NoBrush if fill is None else QBrush(QColor(fill), pattern))
            painter.drawPath(shift.map(path))

    def _paint_title(self, painter: QPainter, side: Side, frame: QRectF) -> None:
        """Which of the two it is, on the outer top corner."""
        scheme = None if side.plan is None else side.plan.scheme
        if scheme is None or frame.width() < 40:
            return
        title = painter.fontMetrics().elidedText(
            scheme.title, Qt.TextElideMode.ElideRight, int(frame.width() - 36)
        )
        room = QRectF(painter.fontMetrics().boundingRect(title)).adjusted(-8, -4, 10, 4)
        left = side is self.sides[0]
        room.moveTo(frame.left() + 8 if left else frame.right() - room.width() - 8, 8)
        painter.setPen(QPen(QColor(LINE), 1))
        painter.setBrush(QColor(255, 255, 255, 235))
        painter.drawRoundedRect(room, 5, 5)
        painter.setPen(QColor(INK))
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, title)

    def _paint_bar(self, painter: QPainter) -> None:
        at = round(self.bar * self.width())
        painter.fillRect(QRectF(at - 1.5, 0, 3, self.height()), QColor(INK))
        grip = QRectF(at - 9, self.height() / 2 - 16, 18, 32)
        painter.setPen(QPen(QColor(INK), 1.5))
        painter.setBrush(QColor(GROUND))
        painter.drawRoundedRect(grip, 6, 6)
        for step in (-3, 3):
            painter.drawLine(QPointF(at + step, grip.top() + 9), QPointF(at + step, grip.bottom() - 9))

    # mouse

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._resize()

    def showEvent(self, event: QEvent) -> None:
        self._draw()

    def _resize(self) -> None:
        wide = self.width() if self.swipes else (self.width() - GAP) // 2
        self._show_view(replace(self.view, size=(max(wide, 1), max(self.height(), 1))))

    def _place(self, at: QPointF) -> tuple[QPointF, bool]:
        """Where that is on its map, and whether it is the right one."""
        (_, _), (right, left_edge) = self._frames()
        on_right = at.x() >= right.left()
        return (QPointF(at.x() - left_edge, at.y()) if on_right else at), on_right

    def _is_bar(self, at: QPointF) -> bool:
        return self.swipes and abs(at.x() - self.bar * self.width()) <= GRIP

    def _fid(self, at: QPointF) -> int | None:
        local, on_right = self._place(at)
        return self.sides[on_right].index.at(*self.view.to_map(local.x(), local.y()))

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = (event.angleDelta().y() or event.angleDelta().x()) / 120.0
        self.zoom(ZOOM**turned, self._place(event.position())[0])
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._on_bar = self._is_bar(event.position())
        self._hand = self._pressed = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        if self._hand is None:
            self.setCursor(Qt.CursorShape.SplitHCursor if self._is_bar(at) else Qt.CursorShape.ArrowCursor)
            self._hover(self._fid(at))
        elif self._on_bar:
            self.bar = min(max(at.x() / max(self.width(), 1), 0.02), 0.98)
            self.swiped.emit(self.bar)
            self.update()
        else:
            moved, self._hand = at - self._hand, at
            x, y = self.view.centre
            step = self.view.resolution
            self._show_view(replace(self.view, centre=(x - moved.x() * step, y + moved.y() * step)))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._hand = self._pressed, None
        if pressed is None or self._on_bar:
            return
        moved = event.position() - pressed
        if max(abs(moved.x()), abs(moved.y())) < CLICK_PX:
            self.clicked.emit(self._fid(event.position()), self._place(event.position())[1])

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(None)

    def _hover(self, fid: int | None) -> None:
        if fid != self._under:
            self._under = fid
            self.mark_neighbourhoods("hover", [] if fid is None else [fid])
            self.hovered.emit(fid)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = Qt.Key
        steps = {keys.Key_Left: (-1, 0), keys.Key_Right: (1, 0), keys.Key_Up: (0, 1), keys.Key_Down: (0, -1)}
        if event.key() in steps:
            across, up = steps[keys(event.key())]
            x, y = self.view.centre
            reach = 0.2 * min(self.view.size) * self.view.resolution
            self._show_view(replace(self.view, centre=(x + across * reach, y + up * reach)))
        elif event.key() in (keys.Key_Plus, keys.Key_Equal):
            self.zoom(ZOOM)
        elif event.key() == keys.Key_Minus:
            self.zoom(1 / ZOOM)
        elif event.key() == keys.Key_Home:
            self.fit()
        else:
            event.ignore()


def _shapes(plan: Plan | None, fids: list[int]) -> list[shapely.Geometry]:
    if plan is None or not fids:
        return []
    rows: gpd.GeoSeries = plan.neighbourhoods.geometry
    return list(rows.loc[rows.index.intersection(fids)])
