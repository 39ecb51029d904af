"""Select: click one, Shift adds, Ctrl toggles, a drag is a box."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shapely
from PySide6.QtCore import Qt

from renomap.desktop.look import ACCENT
from renomap.desktop.tools.base import Gesture, Pointer
from renomap.session.document import Document

if TYPE_CHECKING:
    from renomap.desktop.canvas import MapCanvas


class SelectTool:
    """Chooses neighbourhoods.

    A box from left to right takes what is inside, from right to left what it meets, as in CAD.
    """

    code = "select"
    cursor = Qt.CursorShape.ArrowCursor

    def __init__(self, document: Document) -> None:
        self._document = document
        self._canvas: MapCanvas | None = None

    def start(self, canvas: MapCanvas) -> None:
        """Work on this map."""
        self._canvas = canvas

    def stop(self) -> None:
        """Nothing is left half-done."""

    def hover(self, pointer: Pointer) -> None:
        """The map shows what is under the pointer."""

    def key(self, key: int) -> bool:
        """Esc clears the selection."""
        if key == Qt.Key.Key_Escape and self._document.selection.fids:
            self._document.select()
            return True
        return False

    def gesture(self, pointer: Pointer) -> Gesture:
        """A click, or a box once the pointer has moved."""
        canvas = self._canvas
        assert canvas is not None
        at = pointer
        dragged = False
        while (moved := (yield)) is not None:
            at = moved
            dragged = dragged or at.far_from(pointer)
            if dragged:
                box = _box(pointer, at)
                dash = () if at.x >= pointer.x else (4, 3)
                canvas.overlay.show(
                    "box", [box], stroke=ACCENT, width=1.2, fill="#201b6ca8", dash=dash, level=9
                )
        canvas.overlay.clear("box")
        if dragged:
            found = canvas.index.in_box(_box(pointer, at), inside=at.x >= pointer.x)
        else:
            fid = canvas.index.at(pointer.x, pointer.y)
            found = frozenset() if fid is None else frozenset({fid})
        self._take(found, pointer, clicked=not dragged)

    def _take(self, found: frozenset[int], pointer: Pointer, *, clicked: bool) -> None:
        document, canvas = self._document, self._canvas
        assert canvas is not None
        chosen = document.selection.fids
        if pointer.shift:
            found = chosen | found
        elif pointer.ctrl:
            found = chosen ^ found
        area = canvas.index.area_of(found)
        if clicked and not found and not pointer.shift and not pointer.ctrl:
            area = canvas.index.area_at(pointer.x, pointer.y)
        document.select(found, area)


def _box(a: Pointer, b: Pointer) -> shapely.Polygon:
    return shapely.box(min(a.x, b.x), min(a.y, b.y), max(a.x, b.x), max(a.y, b.y))
