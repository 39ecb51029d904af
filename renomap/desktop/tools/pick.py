"""Eyedropper: the area under the pointer becomes what the brush paints with."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt

from renomap.desktop.canvas.surface import Pointer
from renomap.desktop.canvas.tool import Gesture, Tool
from renomap.desktop.desk import Desk


class PickTool(Tool):
    """One click chooses an area and goes back to the brush."""

    cursor = Qt.CursorShape.PointingHandCursor

    def __init__(self, code: str, then: Callable[[], None]) -> None:
        super().__init__(code)
        self._then = then

    def gesture(self, pointer: Pointer) -> Gesture:
        """A click."""
        while (yield) is not None:
            pass
        self.canvas.pick_area(pointer)
        self._then()


def pick(desk: Desk, code: str) -> Tool:
    """The eyedropper of the window."""
    return PickTool(code, lambda: desk.use_tool(desk.painter))
