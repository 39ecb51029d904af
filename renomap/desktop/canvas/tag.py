"""A small tag that stands beside the pointer, inside the map, and never takes the mouse."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout

from renomap.desktop.canvas.surface import Pointer, Surface

_AWAY_PX: Final = 18
_EDGE_PX: Final = 2


class PointerTag(QFrame):
    """Hidden until there is something to say in ``text``."""

    def __init__(self, canvas: Surface) -> None:
        super().__init__(canvas.viewport())
        self._canvas = canvas
        self.setObjectName("hoverTag")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.text = QLabel()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(9, 6, 9, 6)
        layout.addWidget(self.text)
        self.hide()

    def put_beside(self, pointer: Pointer) -> None:
        """Stand to the lower right of the pointer, or where there is room."""
        room = self._canvas.viewport().size()
        right = pointer.px + _AWAY_PX
        x = right if right + self.width() < room.width() else pointer.px - _AWAY_PX - self.width()
        y = min(pointer.py + _AWAY_PX, room.height() - self.height() - 2 * _EDGE_PX)
        self.move(round(max(x, _EDGE_PX)), round(max(y, _EDGE_PX)))
