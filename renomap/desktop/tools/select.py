"""Select: click one, Shift adds, Ctrl toggles, a drag is a box or a lasso."""

from __future__ import annotations

import shapely
from PySide6.QtCore import Qt

from renomap.desktop.canvas.surface import Pointer
from renomap.desktop.canvas.tool import Gesture, Tool
from renomap.desktop.desk import Desk
from renomap.desktop.look import ACCENT
from renomap.session.document import Document


class SelectTool(Tool):
    """Chooses neighbourhoods.

    A box from left to right takes what is inside, from right to left what it meets, as in CAD; a lasso takes
    what has its middle inside.
    """

    def __init__(self, document: Document, code: str = "select", *, lasso: bool = False) -> None:
        super().__init__(code)
        self.cursor = Qt.CursorShape.CrossCursor if lasso else Qt.CursorShape.ArrowCursor
        self._document = document
        self._lasso = lasso

    def stop(self) -> None:
        """Take the box off the map."""
        if self._canvas is not None:
            self.canvas.overlay.clear("box")

    def key(self, key: int) -> bool:
        """Esc clears the selection."""
        chosen = self._document.selection
        if key == Qt.Key.Key_Escape and (chosen.fids or chosen.area is not None):
            self._document.select()
            return True
        return False

    def gesture(self, pointer: Pointer) -> Gesture:
        """A click, or a box or lasso once the pointer has moved."""
        path = [pointer]
        dragged = False
        try:
            while (moved := (yield)) is not None:
                path.append(moved)
                dragged = dragged or moved.far_from(pointer)
                if dragged:
                    self._show(path)
        finally:  # also where Esc ends it
            self.canvas.overlay.clear("box")
        index = self.canvas.index
        if dragged and self._lasso:
            found = frozenset(index.touching(_loop(path), whole=True))
        elif dragged:
            found = index.in_box(_box(pointer, path[-1]), inside=path[-1].x >= pointer.x)
        else:
            fid = index.at(pointer.x, pointer.y)
            found = frozenset() if fid is None else frozenset({fid})
        self._take(found, pointer, clicked=not dragged)

    def _show(self, path: list[Pointer]) -> None:
        shape = _loop(path) if self._lasso else _box(path[0], path[-1])
        dash = () if self._lasso or path[-1].x >= path[0].x else (4, 3)
        self.canvas.overlay.show(
            "box", [shape], stroke=ACCENT, width=1.2, fill="#201b6ca8", dash=dash, level=9
        )

    def _take(self, found: frozenset[int], pointer: Pointer, *, clicked: bool) -> None:
        document = self._document
        chosen = document.selection.fids
        if pointer.shift:
            found = chosen | found
        elif pointer.ctrl:
            found = chosen ^ found
        area = document.area_of(found)
        if clicked and not found and not pointer.shift and not pointer.ctrl:
            area = self.canvas.area_at(pointer)
        document.select(found, area)


def _box(a: Pointer, b: Pointer) -> shapely.Polygon:
    return shapely.box(min(a.x, b.x), min(a.y, b.y), max(a.x, b.x), max(a.y, b.y))


def _loop(path: list[Pointer]) -> shapely.Geometry:
    points = [(at.x, at.y) for at in path]
    return shapely.make_valid(shapely.Polygon(points)) if len(points) > 2 else shapely.LineString(points)


def arrow(desk: Desk, code: str) -> Tool:
    """Choosing by a click or a box."""
    return SelectTool(desk.session.document, code)


def lasso(desk: Desk, code: str) -> Tool:
    """Choosing by a line around what is meant."""
    return SelectTool(desk.session.document, code, lasso=True)
