"""Toolbox: the tools of the window by code, and what they ask and tell."""

from __future__ import annotations

from renomap.desktop.canvas.livetag import measured_lines
from renomap.desktop.canvas.tool import Measured, Tool
from renomap.desktop.desk import Desk
from renomap.desktop.dialogs.missing import MissingDialog
from renomap.desktop.tools.identify import IdentifyTool
from renomap.desktop.tools.linking import LinkTool
from renomap.desktop.tools.measure import MeasureTool
from renomap.desktop.tools.missing import MissingTool, NewNeighbourhood
from renomap.desktop.tools.paint import PaintTool
from renomap.desktop.tools.pick import PickTool
from renomap.desktop.tools.select import SelectTool
from renomap.desktop.tools.sketch import SketchTool, draw_boundary, reshape_boundary, split_area
from renomap.desktop.tools.vertex import VertexTool
from renomap.desktop.verbs import areas
from renomap.model.waiting import waiting
from renomap.steps.identify import FeatureAtPoint


def make_tools(desk: Desk) -> dict[str, Tool]:
    """Every tool by its code, which is that of its action."""
    session = desk.session

    def measured(values: Measured) -> None:
        desk.status.tell("  ".join(measured_lines(values, session.speech, plain=True)))

    def identified(found: tuple[FeatureAtPoint, ...]) -> None:
        desk.answer(lambda facts: facts.show_found(found))

    def ask_missing() -> NewNeighbourhood | None:
        project = session.document.project
        assert project is not None
        dialog = MissingDialog(session.speech, waiting(project), desk.window)
        taken = dialog.exec() == MissingDialog.DialogCode.Accepted
        answer = dialog.answer
        dialog.deleteLater()
        return answer if taken else None

    tools = (
        SelectTool(session.document),
        SelectTool(session.document, "select-lasso", lasso=True),
        PaintTool(session, "paint"),
        PaintTool(session, "paint-rectangle", "rectangle"),
        PaintTool(session, "paint-lasso", "lasso"),
        PaintTool(session, "erase", erases=True),
        PickTool("pick", lambda: desk.use_tool(desk.painter)),
        SketchTool(session, "draw", draw_boundary, closed=True),
        SketchTool(session, "reshape", reshape_boundary, closed=False),
        SketchTool(session, "split", split_area, closed=False),
        VertexTool(session),
        MissingTool(session, "missing", ask_missing),
        LinkTool(session, "link", lambda one, two: areas.override(desk, one, two, "link")),
        LinkTool(session, "cut", lambda one, two: areas.override(desk, one, two, "cut")),
        MeasureTool(session, "measure", measured, closed=False),
        MeasureTool(session, "measure-area", measured, closed=True),
        IdentifyTool(session, "identify", identified),
    )
    return {tool.code: tool for tool in tools}
