"""Sketch: draw a boundary, reshape it by a line, split by a line; click by click, snapping, never lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import shapely
from PySide6.QtCore import Qt
from PySide6.QtGui import QUndoCommand

from renomap.desktop.look import ACCENT, SELECTION
from renomap.desktop.tools.base import Gesture, Pointer
from renomap.editing.boundaries import draw, reshape
from renomap.editing.schemes import NewArea
from renomap.editing.snapping import VERTEX, Snap, Snapper
from renomap.editing.splitting import split_by_line
from renomap.errors import RenomapError
from renomap.model.change import ChangeSet
from renomap.session.easel import Easel
from renomap.session.session import Session

if TYPE_CHECKING:
    from renomap.desktop.canvas import MapCanvas

SNAP_PX: Final = 12.0
Points = tuple[tuple[float, float], ...]
#: What is done with a finished sketch: easel, points, area that is chosen, a new area's looks.
Finish = Callable[[Easel, Points, int | None, NewArea], ChangeSet]


def draw_boundary(easel: Easel, points: Points, area: int | None, new: NewArea) -> ChangeSet:
    """The boundary of the chosen area, or of a new one where none is chosen; members follow."""
    may_join = easel.plan.neighbourhoods["fate"] != "excluded"
    ring = shapely.Polygon(points) if len(points) > 2 else shapely.Polygon()
    target = new if area is None else area
    return draw(easel.project, ring, target, easel.plan.areas.geometry, may_join=may_join)


def reshape_boundary(easel: Easel, points: Points, area: int | None, new: NewArea) -> ChangeSet:
    """A stretch of the chosen area's boundary runs along the line from now on."""
    may_join = easel.plan.neighbourhoods["fate"] != "excluded"
    line, outlines = _line(points), easel.plan.areas.geometry
    return reshape(easel.project, _chosen(area), line, outlines, may_join=may_join)


def split_area(easel: Easel, points: Points, area: int | None, new: NewArea) -> ChangeSet:
    """The chosen area falls into two along the line."""
    return split_by_line(
        easel.project, _chosen(area), _line(points), new, easel.plan.areas.geometry, easel.graph
    )


class SketchTool:
    """Points one after the other: double click, Enter or the right button finishes, Backspace takes one back.

    Esc drops the sketch, which is an undo step; undoing a finished sketch opens it again at its last point.
    """

    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, session: Session, code: str, finish: Finish, *, closed: bool) -> None:
        self.code = code
        self.points: Points = ()
        self._session = session
        self._finish = finish
        self._closed = closed
        self._canvas: MapCanvas | None = None
        self._snapper: tuple[object, Snapper] | None = None

    def start(self, canvas: MapCanvas) -> None:
        """Work on this map."""
        self._canvas = canvas
        self._show(None)

    def stop(self) -> None:
        """Leave the map; the points stay for the next time."""
        self._clean()

    def gesture(self, pointer: Pointer) -> Gesture:
        """A click: one more point, or the end with the right button."""
        if pointer.right:
            self.finish()
            return
        at = self._snapped(pointer)
        yield
        if self.points and self._near_first(at) and len(self.points) > 2 and self._closed:
            self.finish()
            return
        self.points = (
            (*self.points, (at.x, at.y)) if isinstance(at, Snap) else (*self.points, (pointer.x, pointer.y))
        )
        self._show(pointer)
        while (yield) is not None:
            pass

    def hover(self, pointer: Pointer) -> None:
        """Show where the next point would be."""
        self._show(pointer)

    def key(self, key: int) -> bool:
        """Enter finishes, Backspace takes a point back, Esc drops the sketch as an undo step."""
        if not self.points:
            return False
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.finish()
        elif key in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
            self.points = self.points[:-1]
            self._show(None)
        elif key == Qt.Key.Key_Escape:
            self._session.document.undo_stack.push(
                DropSketch(self, self._session.speech("change.drop-sketch"))
            )
        else:
            return False
        return True

    def finish(self) -> None:
        """Make the change. What the rules refuse keeps the sketch, so that a point can be mended."""
        canvas, easel, document = self._canvas, self._session.planner.easel, self._session.document
        assert canvas is not None
        if easel is None or easel.plan.project is not document.project:
            return
        new = NewArea("", canvas.free_colour())
        before = set(easel.plan.areas.index)
        try:
            if document.holder is not None:
                raise document.holder
            change = self._finish(easel, self.points, document.selection.area, new)
        except RenomapError as fault:
            canvas.refused.emit(fault)
            return
        document.undo_stack.beginMacro(self._session.speech(change.code, **change.params))
        document.undo_stack.push(DropSketch(self, ""))
        document.apply(change)
        document.undo_stack.endMacro()
        scheme = document.project.scheme if document.project is not None else None
        made = set() if scheme is None else set(scheme.areas.index) - before
        if self._closed and made:
            document.select((), made.pop())

    def restore(self, points: Points) -> None:
        """Go on with a sketch that was dropped or finished."""
        self.points = points
        if self._canvas is not None:
            self._canvas.set_tool(self)

    def clear(self) -> None:
        """No points."""
        self.points = ()
        self._clean()

    def _snapped(self, pointer: Pointer) -> Snap | Pointer:
        """Where the point goes: a corner or a line within reach, unless Ctrl is held."""
        plan, canvas = self._session.planner.plan, self._canvas
        assert canvas is not None
        if plan is None or pointer.ctrl or not self._session.settings.snapping:
            return pointer
        if self._snapper is None or self._snapper[0] is not plan:
            layers = {"areas": plan.areas.geometry, "neighbourhoods": plan.neighbourhoods.geometry}
            self._snapper = (plan, Snapper(layers))
        found = self._snapper[1].snap(pointer.x, pointer.y, SNAP_PX * canvas.view.resolution)
        return found or pointer

    def _near_first(self, at: Snap | Pointer) -> bool:
        assert self._canvas is not None
        x, y = self.points[0]
        reach = SNAP_PX * self._canvas.view.resolution
        return abs(at.x - x) < reach and abs(at.y - y) < reach

    def _show(self, pointer: Pointer | None) -> None:
        canvas = self._canvas
        assert canvas is not None
        at = None if pointer is None else self._snapped(pointer)
        points = self.points if at is None else (*self.points, (at.x, at.y))
        overlay = canvas.overlay
        if len(points) > 1:
            line = shapely.LineString(points)
            closed = self._closed and len(points) > 2
            shape = shapely.Polygon(points) if closed else line
            fill = "#301b6ca8" if closed else None
            overlay.show("sketch", [shape], stroke=ACCENT, width=2.0, fill=fill, level=8)
            metres = line.length + (shapely.LineString([points[-1], points[0]]).length if closed else 0.0)
            hectares = abs(shapely.area(shape)) / 10_000 if closed else None
            if pointer is not None:
                canvas.measured.emit((metres, hectares))
                canvas.live_moved.emit(pointer)
        else:
            overlay.clear("sketch")
            canvas.measured.emit(None)
        half = 4.0 * canvas.view.resolution
        marks = [shapely.box(x - half, y - half, x + half, y + half) for x, y in self.points]
        overlay.show("corners", marks, stroke=ACCENT, width=1.2, fill="#ffffff", level=9)
        if isinstance(at, Snap):
            reach = 1.6 * half
            ring = shapely.Point(at.x, at.y).buffer(reach, quad_segs=8 if at.kind == VERTEX else 1)
            overlay.show("snap", [ring], stroke=SELECTION, width=2.0, level=9)
        else:
            overlay.clear("snap")

    def _clean(self) -> None:
        if self._canvas is not None:
            for name in ("sketch", "corners", "snap"):
                self._canvas.overlay.clear(name)
            self._canvas.measured.emit(None)


class DropSketch(QUndoCommand):
    """The undo step of a sketch that was given up or has become a change: undoing brings it back."""

    def __init__(self, tool: SketchTool, text: str) -> None:
        super().__init__(text)
        self._tool = tool
        self._points = tool.points

    def redo(self) -> None:
        self._tool.clear()

    def undo(self) -> None:
        self._tool.restore(self._points)


def _line(points: Points) -> shapely.LineString:
    return shapely.LineString(points) if len(points) > 1 else shapely.LineString()


def _chosen(area: int | None) -> int:
    if area is None:
        raise RenomapError("window.reason.no-area")
    return area
