"""The views that were shown before: one step back, and forward again."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from renomap.desktop.canvas.mapcanvas import MapCanvas

#: A view counts when nothing moved it for so long; what is passed on the way is not kept.
REST_MS: Final = 350
KEPT: Final = 100
Place = tuple[tuple[float, float], float]  # centre, metres per pixel


class ViewTrail(QObject):
    """Remembers where the map was."""

    changed = Signal()

    def __init__(self, canvas: MapCanvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._places: list[Place] = []
        self._at = -1
        self._rest = QTimer(self, interval=REST_MS, singleShot=True)
        self._rest.timeout.connect(self.keep)
        canvas.view_changed.connect(self._rest.start)

    @property
    def has_back(self) -> bool:
        """Whether there is a view before this one."""
        return self._at > 0 or (self._at == 0 and self._place() != self._places[0])

    @property
    def has_forward(self) -> bool:
        """Whether a step back was made that can be taken again."""
        return self._at + 1 < len(self._places)

    def forget(self) -> None:
        """Another project: begin anew."""
        self._rest.stop()
        self._places, self._at = [], -1
        self.changed.emit()

    def keep(self) -> None:
        """Take the view of now as a step."""
        self._rest.stop()
        place = self._place()
        if self._canvas.picture is None or (self._at >= 0 and place == self._places[self._at]):
            return
        self._places = [*self._places[: self._at + 1], place][-KEPT:]
        self._at = len(self._places) - 1
        self.changed.emit()

    def step(self, by: int) -> None:
        """Show the view before (-1) or after (1)."""
        self.keep()
        if 0 <= self._at + by < len(self._places):
            self._at += by
            centre, resolution = self._places[self._at]
            self._canvas.show_view(replace(self._canvas.view, centre=centre, resolution=resolution))
            self.changed.emit()

    def _place(self) -> Place:
        return (self._canvas.view.centre, self._canvas.view.resolution)
