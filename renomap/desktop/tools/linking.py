"""Link and cut: click two neighbourhoods, give the reason; who is whose neighbour is shown meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import shapely
from PySide6.QtCore import Qt, QTimer

from renomap.desktop.canvas.surface import Pointer
from renomap.desktop.canvas.tool import Gesture, Tool, ToolSurface
from renomap.desktop.desk import Desk
from renomap.desktop.look import ACCENT, SELECTION
from renomap.desktop.verbs import areas
from renomap.session.session import Session

#: Layers of the map that show who is whose neighbour.
_SHOWN: Final = ("links", "cuts")
_OVERLAYS: Final = ("pair-first", "pair-second", "pair-line")


class LinkTool(Tool):
    """The first click takes one neighbourhood, the second the other; ``ask`` asks for the reason and acts.

    Where two are chosen already when the tool is taken up, it asks at once.
    """

    cursor = Qt.CursorShape.PointingHandCursor

    def __init__(self, session: Session, code: str, ask: Callable[[int, int], None]) -> None:
        super().__init__(code)
        self._session = session
        self._ask = ask
        self._first: int | None = None
        self._was_hidden: tuple[str, ...] = ()

    def start(self, canvas: ToolSurface) -> None:
        """Show the links; ask at once where a pair is chosen."""
        super().start(canvas)
        shown = self._session.shown
        self._was_hidden = tuple(key for key in _SHOWN if not shown.has(key))
        shown.put(True, *self._was_hidden)
        pair = sorted(self._session.document.selection.fids)
        if len(pair) == 2:
            QTimer.singleShot(0, self.canvas.viewport(), lambda: self._ask(*pair))

    def stop(self) -> None:
        """Links go if they came with the tool."""
        self._session.shown.put(False, *self._was_hidden)
        self._was_hidden = ()
        self._forget()

    def key(self, key: int) -> bool:
        """Esc lets go of the first neighbourhood."""
        if key == Qt.Key.Key_Escape and self._first is not None:
            self._forget()
            return True
        return False

    def hover(self, pointer: Pointer) -> None:
        """Show what would be taken, and the line to it."""
        fid = self.canvas.index.at(pointer.x, pointer.y)
        self._mark("pair-second", fid if fid != self._first else None)
        if self._first is None:
            return
        shape = self._shape(self._first)
        if shape is not None:
            start = shapely.point_on_surface(shape)
            line = shapely.LineString([start, (pointer.x, pointer.y)])
            colour = SELECTION if self.code == "cut" else ACCENT
            self.canvas.overlay.show("pair-line", [line], stroke=colour, width=2.0, dash=(4, 3), level=8)

    def gesture(self, pointer: Pointer) -> Gesture:
        """A click: the first, or the second and the question."""
        while (yield) is not None:
            pass
        fid = self.canvas.index.at(pointer.x, pointer.y)
        if fid is None or fid == self._first:
            self._forget()
        elif self._first is None:
            self._first = fid
            self._mark("pair-first", fid)
        else:
            one, two = sorted((self._first, fid))
            self._forget()
            self._ask(one, two)

    def _forget(self) -> None:
        self._first = None
        if self._canvas is not None:
            for name in _OVERLAYS:
                self.canvas.overlay.clear(name)

    def _mark(self, name: str, fid: int | None) -> None:
        shape = None if fid is None else self._shape(fid)
        if shape is None:
            self.canvas.overlay.clear(name)
        else:
            self.canvas.overlay.show(name, [shape], stroke=ACCENT, width=2.4, fill="#301b6ca8", level=7)

    def _shape(self, fid: int) -> shapely.Geometry | None:
        plan = self._session.planner.plan
        return (
            None
            if plan is None or fid not in plan.neighbourhoods.index
            else plan.neighbourhoods.at[fid, "geometry"]
        )


def linking(desk: Desk, code: str) -> Tool:
    """The tool that links (``link``) or parts (``cut``) two neighbourhoods; the reason is asked for."""
    return LinkTool(desk.session, code, lambda one, two: areas.override(desk, one, two, code))
