"""Draw a neighbourhood that the survey lacks (补绘): an outline, then its name and households."""

from __future__ import annotations

from collections.abc import Callable

import shapely

from renomap.desktop.canvas.surface import Pointer
from renomap.desktop.canvas.tool import Tool
from renomap.desktop.desk import Desk
from renomap.desktop.dialogs.missing import MissingDialog, NewNeighbourhood
from renomap.desktop.tools.sketch import Points, SketchTool
from renomap.editing.missing import draw_neighbourhood, free_ground
from renomap.editing.schemes import NewArea
from renomap.editing.waiting import draw_waiting, outline_placed
from renomap.errors import RenomapError
from renomap.model.change import ChangeSet
from renomap.model.fields import PLACED
from renomap.model.project import Project
from renomap.model.waiting import waiting
from renomap.session.session import Session
from renomap.session.stroke_context import StrokeContext

#: Asks what was drawn; None = the planner thought better of it.
Ask = Callable[[], NewNeighbourhood | None]


class MissingTool(SketchTool):
    """An outline like any other; what of it lies in other neighbourhoods is left to them, and shown so.

    Where one that stands as a disc is chosen, the outline is its boundary.
    """

    options = frozenset({"snapping"})

    def __init__(self, session: Session, code: str, ask: Ask) -> None:
        super().__init__(session, code, _foretold, closed=True)
        self._ask = ask

    def _finished(self, context: StrokeContext) -> ChangeSet | None:
        """Refuse what cannot be drawn, ask, and add it. Without an answer the sketch stays."""
        project, ring = context.project, _outline(self.points)
        disc = _chosen_disc(project, self._session.document.selection.fids)
        if disc is not None:
            return outline_placed(project, disc, ring)
        _foretold(context, self.points, None, NewArea())
        told = self._ask()
        if told is None:
            return None
        if told.row is not None:
            return draw_waiting(project, told.row, ring)
        values = {} if told.households is None else {"households": told.households}
        return draw_neighbourhood(project, ring, told.name, values)

    def _show(self, pointer: Pointer | None) -> None:
        super()._show(pointer)
        canvas, context = self.canvas, self._session.planner.context
        points = self.points if pointer is None else (*self.points, self.place(pointer))
        ring, layer = _outline(points), None if context is None else context.project.neighbourhoods
        canvas.overlay.clear("free-ground")
        if layer is None or len(points) < 3 or not ring.is_valid:
            return
        try:
            free = free_ground(layer.frame, ring)
        except RenomapError:
            return  # told by the previewer
        canvas.overlay.show("free-ground", [free], stroke="#2f855a", width=2.0, fill="#502f855a", level=8)

    def _clean(self) -> None:
        super()._clean()
        if self._canvas is not None:
            self._canvas.overlay.clear("free-ground")


def _outline(points: Points) -> shapely.Polygon:
    return shapely.Polygon(points) if len(points) > 2 else shapely.Polygon()


def _foretold(context: StrokeContext, points: Points, area: int | None, new: NewArea) -> ChangeSet:
    """Whether it can be drawn; what it is called is asked at the end."""
    return draw_neighbourhood(context.project, _outline(points), "")


def _chosen_disc(project: Project, fids: frozenset[int]) -> int | None:
    layer = project.neighbourhoods
    if layer is None or len(fids) != 1:
        return None
    (fid,) = fids
    return fid if layer.frame["origin"].get(fid) == PLACED else None


def missing(desk: Desk, code: str) -> Tool:
    """The tool that draws a neighbourhood which no data has; a dialog asks what it is."""

    def ask() -> NewNeighbourhood | None:
        project = desk.session.document.project
        assert project is not None
        dialog = MissingDialog(desk.session.speech, waiting(project), desk.window)
        taken = dialog.exec() == MissingDialog.DialogCode.Accepted
        answer = dialog.answer
        dialog.deleteLater()
        return answer if taken else None

    return MissingTool(desk.session, code, ask)
