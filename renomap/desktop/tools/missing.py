"""Draw a neighbourhood that the survey lacks (补绘): an outline, then its name and households."""

from __future__ import annotations

from collections.abc import Callable

import shapely

from renomap.desktop.tools.base import Pointer
from renomap.desktop.tools.sketch import Points, SketchTool
from renomap.editing.missing import NewNeighbourhood, draw_neighbourhood, free_ground
from renomap.editing.schemes import NewArea
from renomap.errors import RenomapError
from renomap.model.change import ChangeSet
from renomap.session.easel import Easel
from renomap.session.session import Session

#: Asks what the new neighbourhood is called and how many live there; None = the planner thought better of it.
Ask = Callable[[], NewNeighbourhood | None]


class MissingTool(SketchTool):
    """An outline like any other; what of it lies in other neighbourhoods is left to them, and shown so."""

    options = frozenset({"snapping"})

    def __init__(self, session: Session, code: str, ask: Ask) -> None:
        super().__init__(session, code, _drawn, closed=True)
        self._ask = ask

    def finish(self) -> None:
        """Refuse what cannot be drawn, ask, and add it: one undo step. Without an answer the sketch stays."""
        easel, document = self._session.planner.easel, self._session.document
        if not self.points or easel is None or easel.plan.project is not document.project:
            return
        try:
            if document.holder is not None:
                raise document.holder
            _drawn(easel, self.points, None, NewArea())
            told = self._ask()
            if told is None:
                return
            change = draw_neighbourhood(easel.project, _outline(self.points), told)
        except RenomapError as fault:
            self.canvas.refused.emit(fault)
            return
        self._apply(easel, change)

    def _show(self, pointer: Pointer | None) -> None:
        super()._show(pointer)
        canvas, easel = self.canvas, self._session.planner.easel
        points = self.points if pointer is None else (*self.points, self._place(pointer))
        ring, layer = _outline(points), None if easel is None else easel.project.neighbourhoods
        canvas.overlay.clear("free-ground")
        if layer is None or len(points) < 3 or not ring.is_valid:
            return
        try:
            free = free_ground(layer.frame, ring)
        except RenomapError:
            return  # told by the outlook
        canvas.overlay.show("free-ground", [free], stroke="#2f855a", width=2.0, fill="#502f855a", level=8)

    def _clean(self) -> None:
        super()._clean()
        if self._canvas is not None:
            self._canvas.overlay.clear("free-ground")


def _outline(points: Points) -> shapely.Polygon:
    return shapely.Polygon(points) if len(points) > 2 else shapely.Polygon()


def _drawn(easel: Easel, points: Points, area: int | None, new: NewArea) -> ChangeSet:
    """Whether it can be drawn; what it is called is asked at the end."""
    return draw_neighbourhood(easel.project, _outline(points), NewNeighbourhood())
