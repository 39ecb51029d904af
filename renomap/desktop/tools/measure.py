"""Measure: lengths and surfaces as they are on the ground; changes nothing."""

from __future__ import annotations

from collections.abc import Callable

import shapely
from PySide6.QtCore import Qt

from renomap.desktop.canvas.livetag import measured_lines
from renomap.desktop.canvas.surface import Pointer
from renomap.desktop.canvas.tool import REMOVING, Gesture, Measured, Tool
from renomap.desktop.desk import Desk
from renomap.desktop.look import SELECTION
from renomap.desktop.tools.points import PointsTool
from renomap.editing.sketching import Place, ground_area, ground_length
from renomap.session.session import Session


class MeasureTool(PointsTool):
    """Points one after the other with running values; double click, Enter or the right button ends.

    ``tell`` is given the values of what was measured, so that they can be read and copied.
    """

    options = frozenset({"snapping"})

    def __init__(
        self, session: Session, code: str, tell: Callable[[Measured], None], *, closed: bool
    ) -> None:
        super().__init__(code)
        self.ended = False
        self._session = session
        self._tell = tell
        self._closed = closed

    @property
    def takes_right(self) -> bool:
        """The right button ends a line that has begun."""
        return bool(self.points) and not self.ended

    def stop(self) -> None:
        """Take the line off the map."""
        self._clear()

    def gesture(self, pointer: Pointer) -> Gesture:
        """A click: one more point; the first after the end begins anew."""
        if pointer.right:
            self._end()
            return
        if self.ended:
            self._clear()
        self.points = (*self.points, self.place(pointer))
        self._show(self.points, pointer)
        while (yield) is not None:
            pass

    def hover(self, pointer: Pointer) -> None:
        """Show how far it would be to here."""
        if self.ended:
            return
        self._show((*self.points, self.place(pointer)), pointer)

    def double(self, pointer: Pointer) -> bool:
        """The second press of a double click ends."""
        self._end()
        return True

    def key(self, key: int) -> bool:
        """Enter ends, Backspace takes a point back, Esc clears."""
        if not self.points:
            return False
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._end()
        elif key in REMOVING:
            self.points, self.ended = self.points[:-1], False
            self._show(self.points, None)
        elif key == Qt.Key.Key_Escape:
            self._clear()
        else:
            return False
        return True

    def measure(self, points: tuple[Place, ...]) -> Measured:
        """Values of a line or ring on the ground."""
        project = self._session.document.project
        assert project is not None
        ring = self._closed and len(points) > 2
        length = ground_length((*points, points[0]) if ring else points, project.crs)
        area = ground_area(points, project.crs) if ring else None
        return Measured(length, area, ground_length(points[-2:], project.crs))

    def _end(self) -> None:
        if len(self.points) < 2 or self.ended:
            return
        self.ended = True
        self.canvas.magnet.mark(None)
        self._show(self.points, None)
        self._tell(self.measure(self.points))

    def _clear(self) -> None:
        self.points, self.ended = (), False
        if self._canvas is not None:
            self.canvas.overlay.clear("measured")
            self.canvas.magnet.mark(None)
            self.canvas.measured.emit(None)

    def _show(self, points: tuple[Place, ...], pointer: Pointer | None) -> None:
        canvas = self.canvas
        if len(points) < 2:
            canvas.overlay.clear("measured")
            canvas.measured.emit(None)
            return
        ring = self._closed and len(points) > 2
        shape = shapely.Polygon(points) if ring else shapely.LineString(points)
        fill = "#28d9480f" if ring else None
        canvas.overlay.show("measured", [shape], stroke=SELECTION, width=2.0, fill=fill, dash=(5, 3), level=9)
        canvas.measured.emit(self.measure(points))
        if pointer is not None:
            canvas.preview_moved.emit(pointer)


def length(desk: Desk, code: str) -> Tool:
    """The tool that measures a line."""
    return _measuring(desk, code, closed=False)


def area(desk: Desk, code: str) -> Tool:
    """The tool that measures an area."""
    return _measuring(desk, code, closed=True)


def _measuring(desk: Desk, code: str, *, closed: bool) -> Tool:
    def told(values: Measured) -> None:
        desk.status.tell("  ".join(measured_lines(values, desk.session.speech, plain=True)))

    return MeasureTool(desk.session, code, told, closed=closed)
