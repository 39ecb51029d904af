"""What a tool is: a gesture from press to release, told what the pointer does, in map coordinates."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import Qt

from renomap.desktop.canvas.magnet import Magnet
from renomap.desktop.canvas.previewer import Previewer
from renomap.desktop.canvas.surface import Pointer, Surface

#: Keys that take back or remove what a tool has made.
REMOVING = frozenset({Qt.Key.Key_Delete, Qt.Key.Key_Backspace})


@dataclass(frozen=True)
class Measured:
    """What is told of a line or ring beside the pointer: all of it, and the last stretch."""

    length_m: float
    area_m2: float | None = None
    last_m: float | None = None


#: Yields for every move and is sent the pointer; ends when the button was released (``None`` is sent).
Gesture = Generator[None, "Pointer | None", None]


class ToolSurface(Surface, Protocol):
    """The map, seen from a tool: with what its points snap to and what tells the outcome of a gesture."""

    @property
    def magnet(self) -> Magnet:
        """What points snap to."""

    @property
    def previewer(self) -> Previewer:
        """What shows a change before it is made."""

    def set_tool(self, tool: Tool) -> None:
        """Let this tool have the left button."""


class Tool:
    """One tool: what mouse and keyboard do on the map while it is chosen. Without more it does nothing.

    ``code`` names it, its action and its help in the status line.
    """

    cursor: Qt.CursorShape = Qt.CursorShape.CrossCursor
    #: Which of ``desktop.chrome.options.OPTIONS`` the bar shows for the tool.
    options: frozenset[str] = frozenset()

    def __init__(self, code: str) -> None:
        self.code = code
        self._canvas: ToolSurface | None = None

    @property
    def canvas(self) -> ToolSurface:
        """The map that the tool works on; it has been started there."""
        assert self._canvas is not None
        return self._canvas

    @property
    def takes_right(self) -> bool:
        """Whether the right button is the tool's now; if not, it opens the menu of the map."""
        return False

    @property
    def is_busy(self) -> bool:
        """Whether something is half-done that a tag about what lies there would disturb."""
        return False

    @property
    def own_keys(self) -> frozenset[Qt.Key]:
        """Keys that are the tool's now, even where they are the shortcut of an action."""
        return frozenset()

    def start(self, canvas: ToolSurface) -> None:
        """The tool was chosen."""
        self._canvas = canvas

    def stop(self) -> None:
        """Another tool was chosen: take everything off the map."""

    def gesture(self, pointer: Pointer) -> Gesture:
        """What a press, its moves and its release do. The state of a gesture lives in its local variables."""
        yield from ()

    def refresh(self) -> None:
        """What is chosen or shown on the map is another."""

    def hover(self, pointer: Pointer) -> None:
        """The pointer moved without a button."""

    def key(self, key: int) -> bool:
        """A key was pressed on the map; whether the tool took it."""
        return False

    def turn(self, pointer: Pointer, steps: float) -> bool:
        """The wheel was turned (> 0 = away from the user); whether the tool took it."""
        return False

    def double(self, pointer: Pointer) -> bool:
        """A double click; False = its second press is like any other."""
        return False
