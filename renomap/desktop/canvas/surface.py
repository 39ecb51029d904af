"""Surface: what a tool, the magnet and the tags may use of the map, and where the pointer is on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import SignalInstance
from PySide6.QtWidgets import QWidget

from renomap.desktop.canvas.index import MapIndex
from renomap.desktop.canvas.overlay import Overlay
from renomap.model.mapview import MapView

#: A drag shorter than this is a click (pixels).
CLICK_PX = 5.0


@dataclass(frozen=True)
class Pointer:
    """Where the pointer is: map metres and pixels, with the keys that are held."""

    x: float
    y: float
    px: float
    py: float
    shift: bool = False
    ctrl: bool = False
    alt: bool = False
    right: bool = False

    def far_from(self, other: Pointer) -> bool:
        """Whether this is a drag from there, not a click."""
        return max(abs(self.px - other.px), abs(self.py - other.py)) >= CLICK_PX


class Surface(Protocol):
    """The map, seen from what lies on it.

    ``previewed`` gives what a gesture would change (``Preview``, or None), ``preview_moved`` the pointer
    beside which it is shown, ``measured`` length and surface of a sketch (``Measured`` or None), ``stroked``
    what a stroke has taken (``StrokeEffect``), ``refused`` the error that ended a gesture.
    """

    @property
    def view(self) -> MapView:
        """What part of the plane is shown."""

    @property
    def index(self) -> MapIndex:
        """Neighbourhoods and areas by place."""

    @property
    def overlay(self) -> Overlay:
        """Shapes that lie on the map until they are cleared."""

    @property
    def previewed(self) -> SignalInstance: ...
    @property
    def preview_moved(self) -> SignalInstance: ...
    @property
    def measured(self) -> SignalInstance: ...
    @property
    def stroked(self) -> SignalInstance: ...
    @property
    def refused(self) -> SignalInstance: ...
    @property
    def options_changed(self) -> SignalInstance: ...

    def viewport(self) -> QWidget:
        """The widget that is drawn on."""

    def pick_area(self, pointer: Pointer) -> None:
        """Choose the area under the pointer."""

    def area_at(self, pointer: Pointer) -> int | None:
        """The area whose ground is under the pointer."""

    def keep_until_drawn(self, name: str) -> None:
        """Leave an overlay on the map until the map itself shows what it stands for."""
