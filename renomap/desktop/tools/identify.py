"""Identify: what lies at a point, in all layers, with where its values come from; changes nothing."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt

from renomap.desktop.canvas.surface import Pointer
from renomap.desktop.canvas.tool import Gesture, Tool
from renomap.desktop.desk import Desk
from renomap.session.session import Session
from renomap.steps.identify import FeatureAtPoint, identify

#: How near a point or line has to be to be meant (pixels).
REACH_PX = 6.0


class IdentifyTool(Tool):
    """A click tells everything that is there to ``tell``, and marks it on the map."""

    cursor = Qt.CursorShape.WhatsThisCursor

    def __init__(
        self, session: Session, code: str, tell: Callable[[tuple[FeatureAtPoint, ...]], None]
    ) -> None:
        super().__init__(code)
        self._session = session
        self._tell = tell

    def stop(self) -> None:
        """Take the marks off the map."""
        if self._canvas is not None:
            self.canvas.overlay.clear("identified")

    def gesture(self, pointer: Pointer) -> Gesture:
        """A click."""
        while (yield) is not None:
            pass
        project = self._session.document.project
        if project is None:
            return
        reach = REACH_PX * self.canvas.view.resolution
        found = identify(project, pointer.x, pointer.y, reach)
        shapes = [item.shape for item in found]
        self.canvas.overlay.show("identified", shapes, stroke="#7048e8", width=2.0, level=7)
        self._tell(found)


def identifying(desk: Desk, code: str) -> Tool:
    """The tool that shows on a page of facts what lies under the pointer."""

    def found(features: tuple[FeatureAtPoint, ...]) -> None:
        desk.answer(lambda facts: facts.show_found(features))

    return IdentifyTool(desk.session, code, found)
