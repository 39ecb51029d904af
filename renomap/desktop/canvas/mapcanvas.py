"""Canvas: the map in the window. Draws in the background, moves at once, hands gestures to the tool."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from inspect import GEN_RUNNING, getgeneratorstate
from typing import Final, cast

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QEnterEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QGraphicsScene, QGraphicsView, QWidget

from renomap.desktop.canvas.clearview import Box, clear_view
from renomap.desktop.canvas.index import MapIndex
from renomap.desktop.canvas.magnet import Magnet
from renomap.desktop.canvas.overlay import Overlay
from renomap.desktop.canvas.previewer import Previewer
from renomap.desktop.canvas.rendering import Boxes, Picture, Renderer, Wish
from renomap.desktop.canvas.surface import Pointer
from renomap.desktop.canvas.tool import Gesture, Tool
from renomap.desktop.look import FAINT, SELECTION
from renomap.errors import RenomapError
from renomap.model.mapview import MapView
from renomap.model.plan import Plan
from renomap.session.session import Session

ZOOM: Final = 1.25
FINE_ZOOM: Final = 1.05
HOVER_MS: Final = 300
#: Metres per pixel; from a doorstep to a province.
RESOLUTIONS: Final = (0.02, 400.0)
_KEPT: Final = "kept-"
#: What is worked on or shown instead of the map: no label of the map is drawn above it.
_COVERING: Final = ("group-", "handle", "sketch", "measured", "arms")
_PAPER: Final = QColor("#fbfaf7")


class MapCanvas(QGraphicsView):
    """The map. ``view`` is the one truth about what is shown; overlay and picture follow it."""

    view_changed = Signal()
    pointed = Signal(object)
    rested = Signal(object)
    pictured = Signal(object)
    previewed = Signal(object)
    preview_moved = Signal(object)
    stroked = Signal(object)
    refused = Signal(object)
    measured = Signal(object)
    tool_changed = Signal()
    theme_changed = Signal(str)
    tool_left = Signal()
    options_changed = Signal()
    menu_wanted = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.view = MapView((0.0, 0.0), 1.0, (1.0, 1.0))
        self.index = MapIndex(None)
        self.theme = "areas"
        self.furniture: list[QWidget] = []
        self.picture: Picture | None = None
        self._shown: Plan | None = None
        self._fitted = False
        self._magnification = 1.0
        self._tool: Tool | None = None
        self._gesture: Gesture | None = None
        self._pan: QPointF | None = None
        self._space = False
        self.setScene(QGraphicsScene(self))
        self.overlay = Overlay(self.scene())
        self.magnet = Magnet(session, self)
        self.previewer = Previewer(session, self)
        self.setFrameShape(QGraphicsView.Shape.NoFrame)
        for policy in (self.setHorizontalScrollBarPolicy, self.setVerticalScrollBarPolicy):
            policy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.FullViewportUpdate)
        self.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAcceptDrops(False)  # the window takes what is dropped
        self.renderer = Renderer(self)
        self.renderer.drawn.connect(self._on_drawn)
        self._rest = QTimer(self, interval=HOVER_MS, singleShot=True)
        self._rest.timeout.connect(lambda: self.rested.emit(self._last))
        self._last: Pointer | None = None
        session.planner.planned.connect(self._on_planned)
        session.planner.sighted.connect(self._on_sighted)
        session.document.selected.connect(self._show_selection)
        session.document.changed.connect(self._drop_gesture)
        session.document.replaced.connect(self._drop_gesture)
        session.speech.changed.connect(self._draw)
        session.shown.changed.connect(self._draw)
        session.tiles.arrived.connect(self._draw)

    # what is shown

    def set_tool(self, tool: Tool) -> None:
        """Let this tool have the left button."""
        if self._tool is not None:
            self._tool.stop()
        self._tool = tool
        tool.start(self)
        self.viewport().setCursor(tool.cursor)
        self.tool_changed.emit()

    @property
    def tool(self) -> Tool | None:
        """The tool that has the left button."""
        return self._tool

    @property
    def covered(self) -> Boxes:
        """What of the picture the furniture hides, in its pixels."""
        ratio = self.devicePixelRatioF()
        return tuple(
            (x1 * ratio, y1 * ratio, x2 * ratio, y2 * ratio) for x1, y1, x2, y2 in self._furniture_boxes()
        )

    def _furniture_boxes(self) -> Boxes:
        places = [QRectF(piece.geometry()) for piece in self.furniture if not piece.isHidden()]
        return tuple((place.left(), place.top(), place.right(), place.bottom()) for place in places)

    def set_theme(self, theme: str) -> None:
        """Colour the map by another theme."""
        self.theme = theme
        self._draw()
        self.theme_changed.emit(theme)

    def show_view(self, view: MapView) -> None:
        """Show another part of the plane."""
        low, high = RESOLUTIONS
        self.view = replace(view, resolution=min(max(view.resolution, low), high))
        self.overlay.follow(self.view)
        if self._tool is not None:
            self._tool.refresh()
        self.viewport().update()
        self._draw()
        self.view_changed.emit()

    def fit(self, bounds: Iterable[float] | None = None) -> None:
        """Show ``bounds`` (xmin, ymin, xmax, ymax; metres) whole, by default all neighbourhoods."""
        if bounds is None:
            plan = self._shown
            if plan is None or plan.neighbourhoods.empty:
                return
            bounds = plan.neighbourhoods.total_bounds
        xmin, ymin, xmax, ymax = (float(value) for value in bounds)
        self.show_view(self.view.fitted((xmin, ymin, xmax, ymax)))

    def fit_clear(self, shown: Box, kept: Box) -> None:
        """Show ``shown`` whole (xmin, ymin, xmax, ymax; metres), and no furniture on ``kept``."""
        self.show_view(clear_view(self.view, shown, kept, self._furniture_boxes()))

    def set_magnification(self, factor: float) -> None:
        """Draw letters, lines and symbols larger (1 = as on paper), for those who sit far from the screen."""
        self._magnification = factor
        self.show_view(replace(self.view, dpi=self.logicalDpiX() * factor))

    def zoom(self, factor: float, at: QPointF | None = None) -> None:
        """Zoom in (> 1) or out, keeping the map point under ``at`` (by default the middle) where it is."""
        at = at or QPointF(self.view.size[0] / 2, self.view.size[1] / 2)
        low, high = RESOLUTIONS
        factor = min(max(factor, self.view.resolution / high), self.view.resolution / low)
        self.show_view(self.view.zoomed(factor, at.x(), at.y()))

    def pick_area(self, pointer: Pointer) -> None:
        """Choose the area under the pointer: that of the neighbourhood there, else that of the ground."""
        fid = self.index.at(pointer.x, pointer.y)
        document = self._session.document
        area = document.area_of([fid]) if fid is not None else None
        document.select((), area or self.area_at(pointer))

    def area_at(self, pointer: Pointer) -> int | None:
        """The area whose ground is under the pointer; None while the map still shows a former state."""
        is_current = self._session.planner.is_current
        return self.index.area_at(pointer.x, pointer.y) if is_current else None

    def keep_until_drawn(self, name: str) -> None:
        """Leave an overlay on the map until the map itself shows what it stands for."""
        if self.overlay.shown(name):
            self.overlay.rename(name, f"{_KEPT}{len(self.overlay.names(_KEPT))}")

    def close_threads(self) -> None:
        """End the render thread and the gesture that has begun."""
        self._drop_gesture()
        self.renderer.close()

    def _drop_gesture(self) -> None:
        """End a gesture that stands on a project which has changed under it: what it would do was for that.

        The gesture that makes the change is at work just now and ends by itself.
        """
        if self._gesture is not None and getgeneratorstate(self._gesture) != GEN_RUNNING:
            self._gesture.close()
            self._gesture = None

    def _on_planned(self, plan: Plan | None) -> None:
        self.index = MapIndex(plan)
        self._shown = plan
        if plan is None:
            self._fitted, self.picture = False, None
            self.viewport().update()
            self.pictured.emit(None)
            return
        self._draw_new(plan)
        self._show_selection()

    def _on_sighted(self, plan: Plan) -> None:
        self._shown = plan
        self._draw_new(plan)

    def _draw_new(self, plan: Plan) -> None:
        if self._fitted or plan.neighbourhoods.empty:
            self._draw()
            return
        self._fitted = True
        xmin, ymin, _, _ = plan.neighbourhoods.total_bounds
        self.overlay.set_origin(float(xmin), float(ymin))
        self.fit(plan.neighbourhoods.total_bounds)

    def _draw(self) -> None:
        plan = self._shown
        if plan is None or self.viewport().width() < 2:
            return
        ratio = self.devicePixelRatioF()
        size = (round(self.view.size[0] * ratio), round(self.view.size[1] * ratio))
        view = replace(
            self.view, size=size, resolution=self.view.resolution / ratio, dpi=self.view.dpi * ratio
        )
        session = self._session
        self.renderer.want(
            Wish(
                plan,
                self.theme,
                session.speech.words,
                view,
                session.shown.off,
                session.planner.hard,
                self.covered,
            )
        )

    def _on_drawn(self, picture: Picture) -> None:
        if self._shown is not None:
            self.picture = picture
            if picture.plan.project is self._session.document.project:
                for name in self.overlay.names(_KEPT):
                    self.overlay.clear(name)
            self.viewport().update()
            self.pictured.emit(picture)
            if picture.avoid != self.covered:  # the legend of this picture is another: labels make room
                self._draw()

    def _show_selection(self) -> None:
        plan, selection = self._session.planner.plan, self._session.document.selection
        known = [] if plan is None else [fid for fid in selection.fids if fid in plan.neighbourhoods.index]
        if plan is not None and known:
            shapes = plan.neighbourhoods.geometry.loc[known].to_numpy()
            self.overlay.show("chosen", shapes, stroke=SELECTION, width=2.2, fill="#38ff922b", level=5)
        else:
            self.overlay.clear("chosen")
        if plan is not None and selection.area in plan.areas.index:
            shape = [plan.areas.geometry.loc[selection.area]]
            self.overlay.show("area-halo", shape, stroke="#e6ffffff", width=6.0, level=3)
            self.overlay.show("area", shape, stroke=SELECTION, width=3.0, level=4)
        else:
            self.overlay.clear("area-halo")
            self.overlay.clear("area")

        if self._tool is not None:
            self._tool.refresh()

    # painting

    def _draw_image(self, painter: QPainter, picture: Picture, image: QImage) -> None:
        """Draw an image of the picture where the view of now has its ground."""
        drawn = picture.view
        xmin, ymin, xmax, ymax = drawn.extent
        left, top = self.view.to_screen(xmin, ymax)
        right, bottom = self.view.to_screen(xmax, ymin)
        moved = abs(drawn.resolution * self.devicePixelRatioF() / self.view.resolution - 1) > 1e-9
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, moved)
        painter.drawImage(QRectF(left, top, right - left, bottom - top), image)

    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        """The outline of the chosen area hides no label: those under it are drawn once more above it."""
        picture, over = self.picture, self.overlay
        if picture is None or picture.letters is None or not over.shown("area") or over.names(_COVERING):
            return
        painter.save()
        painter.resetTransform()
        painter.setClipRect(over.place("area").adjusted(-4, -4, 4, 4))
        self._draw_image(painter, picture, picture.letters)
        painter.restore()

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        painter.save()
        painter.resetTransform()
        painter.fillRect(self.viewport().rect(), _PAPER)
        if self.picture is not None:
            self._draw_image(painter, self.picture, self.picture.image)
        elif self._session.document.project is not None:
            painter.setPen(QColor(FAINT))
            told = self._session.speech("window.preparing")
            painter.drawText(self.viewport().rect(), Qt.AlignmentFlag.AlignCenter, told)
        painter.restore()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        size = self.viewport().size()
        self.setSceneRect(0, 0, size.width(), size.height())
        sized = replace(
            self.view, size=(size.width(), size.height()), dpi=self.logicalDpiX() * self._magnification
        )
        self.show_view(sized)
        if not self._fitted:
            self.fit()

    # mouse and keyboard

    def wheelEvent(self, event: QWheelEvent) -> None:
        step = FINE_ZOOM if event.modifiers() & Qt.KeyboardModifier.ControlModifier else ZOOM
        turned = (event.angleDelta().y() or event.angleDelta().x()) / 120.0  # Alt turns the wheel sideways
        event.accept()
        if self._tool is None or not self._tool.turn(self._pointer(event), turned):
            self.zoom(step**turned, event.position())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        panning = event.button() == Qt.MouseButton.MiddleButton or self._space
        if panning:
            self._pan = event.position()
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
            return
        if self._tool is None or self._gesture is not None:
            return
        if event.button() == Qt.MouseButton.RightButton and not self._tool.takes_right:
            self.menu_wanted.emit(self._pointer(event))
        elif event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton):
            self._gesture = self._tool.gesture(self._pointer(event))
            self._step(lambda gesture: next(gesture))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        pointer = self._pointer(event)
        if self._pan is not None:
            moved = event.position() - self._pan
            self._pan = event.position()
            x, y = self.view.centre
            step = self.view.resolution
            self.show_view(replace(self.view, centre=(x - moved.x() * step, y + moved.y() * step)))
        elif self._gesture is not None:
            self._send(pointer)
        elif self._tool is not None:
            self._tool.hover(pointer)
            if not self._tool.is_busy:
                self._rest.start()
        self._last = pointer
        self.pointed.emit(pointer)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._pan is not None:
            self._pan = None
            self._show_cursor()
        elif self._gesture is not None:
            self._send(self._pointer(event))
            if self._gesture is not None:
                self._send(None)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """The second press of a double click; a tool that makes nothing of it takes it as a press."""
        left = event.button() == Qt.MouseButton.LeftButton
        if not left or self._tool is None or not self._tool.double(self._pointer(event)):
            self.mousePressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The menu key opens the menu of what is chosen; the right button has done so when it was pressed."""
        event.accept()
        if event.reason() != QContextMenuEvent.Reason.Keyboard:
            return
        plan, chosen = self._session.planner.plan, self._session.document.selection
        x, y = self.view.centre
        known = [] if plan is None else [fid for fid in chosen.fids if fid in plan.neighbourhoods.index]
        if plan is not None and known:
            point = plan.neighbourhoods.geometry.loc[known[0]].representative_point()
            x, y = point.x, point.y
        self.menu_wanted.emit(Pointer(x, y, *self.view.to_screen(x, y)))

    def event(self, event: QEvent) -> bool:
        """A key that is the tool's must not dissolve an area instead of taking back a point."""
        own = frozenset() if self._tool is None else self._tool.own_keys
        asked = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride
        if asked and cast(QKeyEvent, event).key() in own:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = Qt.Key
        if event.key() == keys.Key_Escape and self._gesture is not None:
            self._drop_gesture()
            return
        if event.key() == keys.Key_Space:
            if not event.isAutoRepeat():
                self._space = True
                self._show_cursor()
            return
        if self._tool is not None and self._tool.key(event.key()):
            return
        if event.key() == keys.Key_Escape:
            self.tool_left.emit()
            return
        steps = {keys.Key_Left: (-1, 0), keys.Key_Right: (1, 0), keys.Key_Up: (0, 1), keys.Key_Down: (0, -1)}
        if event.key() in steps:
            across, up = steps[keys(event.key())]
            x, y = self.view.centre
            reach = 0.2 * min(self.view.size) * self.view.resolution
            self.show_view(replace(self.view, centre=(x + across * reach, y + up * reach)))
        elif event.key() in (keys.Key_Plus, keys.Key_Equal):
            self.zoom(ZOOM)
        elif event.key() == keys.Key_Minus:
            self.zoom(1 / ZOOM)
        elif event.key() == keys.Key_Home:
            self.fit()
        else:
            event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._space = False
            self._show_cursor()
        else:
            event.ignore()

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self._rest.start()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._rest.stop()
        self._last = None
        self.rested.emit(None)
        self.pointed.emit(None)

    def _send(self, pointer: Pointer | None) -> None:
        self._step(lambda gesture: gesture.send(pointer))

    def _step(self, go: Callable[[Gesture], None]) -> None:
        """Let the gesture go on; what the world refuses ends it and is told in the status bar."""
        assert self._gesture is not None
        try:
            go(self._gesture)
        except StopIteration:
            self._gesture = None
        except RenomapError as fault:
            self._gesture = None
            self.refused.emit(fault)

    def _show_cursor(self) -> None:
        if self._space:
            self.viewport().setCursor(Qt.CursorShape.OpenHandCursor)
        elif self._tool is not None:
            self.viewport().setCursor(self._tool.cursor)

    def _pointer(self, event: QMouseEvent | QWheelEvent) -> Pointer:
        at, keys = event.position(), event.modifiers()
        x, y = self.view.to_map(at.x(), at.y())
        right = bool(
            event.button() == Qt.MouseButton.RightButton or event.buttons() & Qt.MouseButton.RightButton
        )
        held = Qt.KeyboardModifier
        return Pointer(
            x, y, at.x(), at.y(), bool(keys & held.ShiftModifier), bool(keys & held.ControlModifier),
            bool(keys & held.AltModifier), right,
        )  # fmt: skip

    def pixel(self, x: float, y: float) -> QPoint:
        """Where on the widget a map point is."""
        return QPointF(*self.view.to_screen(x, y)).toPoint()
