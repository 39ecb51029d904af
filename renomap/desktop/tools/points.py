"""Points: what all tools share that go from point to point until the user ends them."""

from __future__ import annotations

from PySide6.QtCore import Qt

from renomap.desktop.canvas.surface import Pointer
from renomap.desktop.canvas.tool import REMOVING, Tool
from renomap.editing.sketching import Place, square


class PointsTool(Tool):
    """A tool with points under way."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.points: tuple[Place, ...] = ()

    @property
    def takes_right(self) -> bool:
        """The right button ends a line that has begun."""
        return bool(self.points)

    @property
    def own_keys(self) -> frozenset[Qt.Key]:
        """Del takes a point back while there are any."""
        return REMOVING if self.points else frozenset()

    @property
    def is_busy(self) -> bool:
        """No tag about the ground while points are being set."""
        return bool(self.points)

    def place(self, pointer: Pointer) -> Place:
        """Where a point goes: at a right angle with Shift, else to what it snaps to; the mark shows it."""
        if pointer.shift and self.points:
            self.canvas.magnet.mark(None)
            return square(self.points, (pointer.x, pointer.y))
        return self.canvas.magnet.place(pointer)
