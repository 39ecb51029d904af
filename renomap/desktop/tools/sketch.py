"""Sketch: draw a boundary, reshape it by a line, split by a line; click by click, snapping, never lost."""

from __future__ import annotations

from collections.abc import Callable

import shapely
from PySide6.QtCore import Qt
from PySide6.QtGui import QUndoCommand

from renomap.desktop.canvas.magnet import SNAP_PX
from renomap.desktop.canvas.surface import Pointer
from renomap.desktop.canvas.tool import REMOVING, Gesture, Measured, Tool
from renomap.desktop.desk import Desk
from renomap.desktop.look import ACCENT, SELECTION
from renomap.desktop.tools.points import PointsTool
from renomap.editing.boundaries import draw, reshape
from renomap.editing.schemes import NewArea
from renomap.editing.splitting import split_by_line
from renomap.editing.tracing import Place
from renomap.errors import RenomapError
from renomap.model.change import ChangeSet
from renomap.session.guides import lines_of
from renomap.session.schemes import free_colour
from renomap.session.session import Session
from renomap.session.stroke_context import StrokeContext

Points = tuple[tuple[float, float], ...]
#: What is done with a finished sketch: context, points, area that is chosen, a new area's looks.
Finish = Callable[[StrokeContext, Points, int | None, NewArea], ChangeSet]


def draw_boundary(context: StrokeContext, points: Points, area: int | None, new: NewArea) -> ChangeSet:
    """The boundary of the chosen area, or of a new one where none is chosen; members follow."""
    ring = shapely.Polygon(points) if len(points) > 2 else shapely.Polygon()
    target = new if area is None else area
    return draw(context.project, ring, target, context.plan.areas.geometry, may_join=context.may_join)


def reshape_boundary(context: StrokeContext, points: Points, area: int | None, new: NewArea) -> ChangeSet:
    """A stretch of the chosen area's boundary runs along the line from now on."""
    line, outlines = _line(points), context.plan.areas.geometry
    return reshape(context.project, _chosen(area), line, outlines, may_join=context.may_join)


def split_area(context: StrokeContext, points: Points, area: int | None, new: NewArea) -> ChangeSet:
    """The chosen area falls into two along the line."""
    return split_by_line(
        context.project, _chosen(area), _line(points), new, context.plan.areas.geometry, context.graph
    )


class SketchTool(PointsTool):
    """Points one after the other: double click, Enter or the right button finishes, Backspace takes one back.

    Shift turns at right angles, Ctrl suspends snapping. T lets the line follow the road, bank or
    border between two points, or go straight again. Esc drops the sketch, which is an undo step; undoing a
    finished sketch opens it again at its last point. What it would change is shown while it is drawn.
    """

    options = frozenset({"target", "snapping"})

    def __init__(
        self, session: Session, code: str, finish: Finish, *, closed: bool, follows: bool = False
    ) -> None:
        super().__init__(code)
        self.closed = closed
        self.follows = follows
        self._before: tuple[int, ...] = ()  # number of points before each click
        self._session = session
        self._finish = finish

    def stop(self) -> None:
        """Leave the map; the points stay for the next time."""
        self._clean()

    def gesture(self, pointer: Pointer) -> Gesture:
        """A click: one more point, or the end with the right button."""
        if pointer.right:
            self.finish()
            return
        at = self.place(pointer)
        yield
        if self.closed and len(self.points) > 2 and self._near_first(at):
            self.points = (*self.points, *self._way(self.points[0])[:-1])
            self.finish()
            return
        self._before = (*self._before, len(self.points))
        self.points = (*self.points, *self._way(at))
        self._show(pointer)
        while (yield) is not None:
            pass

    def hover(self, pointer: Pointer) -> None:
        """Show where the next point would be."""
        self._show(pointer)

    def double(self, pointer: Pointer) -> bool:
        """The first press of a double click was a point; the second ends the sketch."""
        self.finish()
        return True

    def key(self, key: int) -> bool:
        """Enter finishes, Backspace takes a point back, Esc drops the sketch as an undo step."""
        if not self.points:
            return False
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.finish()
        elif key == Qt.Key.Key_T:
            self.follows = not self.follows
            self._show(None)
        elif key in REMOVING:
            keep = self._before[-1] if self._before else len(self.points) - 1
            self.points, self._before = self.points[:keep], self._before[:-1]
            self._show(None)
        elif key == Qt.Key.Key_Escape:
            self._session.document.undo_stack.push(
                DropSketch(self, self._session.speech("change.drop-sketch"))
            )
        else:
            return False
        return True

    @property
    def own_keys(self) -> frozenset[Qt.Key]:
        """Del takes a point back and T follows or goes straight, while there are any."""
        return super().own_keys | ({Qt.Key.Key_T} if self.points else set())

    def _way(self, at: Place) -> Points:
        """The points from the last one to a place: along the lines near them while the tool follows."""
        context = self._session.planner.context
        if not self.follows or not self.points or context is None:
            return (at,)
        return lines_of(context).trace(self.points[-1], at)[1:]

    def finish(self) -> None:
        """Make the change. What the rules refuse keeps the sketch, so that a point can be mended."""
        context, document = self._session.planner.context, self._session.document
        if not self.points or context is None or context.plan.project is not document.project:
            return
        try:
            if document.holder is not None:
                raise document.holder
            change = self._finished(context)
        except RenomapError as fault:
            self.canvas.refused.emit(fault)
            return
        if change is not None:
            self._apply(context, change)

    def restore(self, points: Points) -> None:
        """Go on with a sketch that was dropped or finished."""
        self.points, self._before = points, ()
        if self._canvas is not None:
            self._canvas.set_tool(self)
            self._show(None)

    def clear(self) -> None:
        """No points."""
        self.points = self._before = ()
        self._clean()

    def _finished(self, context: StrokeContext) -> ChangeSet | None:
        """The change of the finished sketch; None where the planner thought better of it."""
        return self._change(context, self.points)

    def _change(self, context: StrokeContext, points: Points) -> ChangeSet:
        area = self._session.document.selection.area
        new = NewArea("", free_colour(context.project, [] if area is None else [area]))
        return self._finish(context, points, area, new)

    def _apply(self, context: StrokeContext, change: ChangeSet) -> None:
        """The change and the end of the sketch as one undo step; a new area is chosen."""
        document = self._session.document
        before = set(context.plan.areas.index)
        self.canvas.previewer.keep()
        document.undo_stack.beginMacro(self._session.speech(change.code, **change.params))
        document.undo_stack.push(DropSketch(self, ""))
        document.apply(change)
        document.undo_stack.endMacro()
        scheme = document.project.scheme if document.project is not None else None
        made = set() if scheme is None else set(scheme.areas.index) - before
        if self.closed and made:
            document.select((), made.pop())

    def _near_first(self, at: tuple[float, float]) -> bool:
        x, y = self.points[0]
        reach = SNAP_PX * self.canvas.view.resolution
        return abs(at[0] - x) < reach and abs(at[1] - y) < reach

    def _show(self, pointer: Pointer | None) -> None:
        canvas, overlay = self.canvas, self.canvas.overlay
        at = None if pointer is None else self.place(pointer)
        points = self.points if at is None else (*self.points, *self._way(at))
        half = 4.0 * canvas.view.resolution
        marks = [shapely.box(x - half, y - half, x + half, y + half) for x, y in self.points]
        overlay.show("corners", marks, stroke=ACCENT, width=1.2, fill="#ffffff", level=9)
        if len(points) < 2:
            overlay.clear("sketch")
            canvas.measured.emit(None)
            canvas.previewer.clear()
            return
        line = shapely.LineString(points)
        closed = self.closed and len(points) > 2
        shape = shapely.Polygon(points) if closed else line
        crossed = not shapely.is_simple(line)
        stroke, fill = (SELECTION, "#30d9480f") if crossed else (ACCENT, "#301b6ca8")
        overlay.show("sketch", [shape], stroke=stroke, width=2.0, fill=fill if closed else None, level=8)
        if pointer is None:
            return
        metres = line.length + (shapely.LineString([points[-1], points[0]]).length if closed else 0.0)
        last = shapely.LineString(points[-2:]).length
        canvas.measured.emit(Measured(metres, abs(shapely.area(shape)) if closed else None, last))
        canvas.preview_moved.emit(pointer)
        if self.points:
            canvas.previewer.ask(lambda context: self._foreseen(context, points), pointer)

    def _foreseen(self, context: StrokeContext, points: Points) -> ChangeSet:
        """What the sketch would change if it ended here; one that crosses itself can only be taken back."""
        if not shapely.is_simple(shapely.LineString(points)):
            raise RenomapError("editing.self-crossing")
        return self._change(context, points)

    def _clean(self) -> None:
        if self._canvas is not None:
            for name in ("sketch", "corners"):
                self._canvas.overlay.clear(name)
            self._canvas.magnet.mark(None)
            self._canvas.measured.emit(None)
            self._canvas.previewer.clear()


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


def drawing(desk: Desk, code: str) -> Tool:
    """The tool that draws the boundary of an area."""
    return SketchTool(desk.session, code, draw_boundary, closed=True)


def reshaping(desk: Desk, code: str) -> Tool:
    """The tool that leads a boundary along another line."""
    return SketchTool(desk.session, code, reshape_boundary, closed=False)


def tracing(desk: Desk, code: str) -> Tool:
    """The tool that leads a boundary along the roads and borders between the clicks."""
    return SketchTool(desk.session, code, reshape_boundary, closed=False, follows=True)


def splitting(desk: Desk, code: str) -> Tool:
    """The tool that splits an area by a line."""
    return SketchTool(desk.session, code, split_area, closed=False)
