"""Keys and clicks faster than the window: what has gone meanwhile is told, never a fault."""

from __future__ import annotations

import pytest
from desk import Desk, town
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from renomap.desktop.action_table import ROWS
from renomap.errors import RenomapError


def test_an_action_whose_reason_has_come_up_since_says_so(desk: Desk) -> None:
    """Del struck twice: the second comes before the action was looked at again."""
    desk.open(town())
    desk.session.document.select((), 1)
    desk.window.actions_.refresh()
    dissolve = desk.window.actions_.by_code["dissolve"]
    dissolve.trigger()
    dissolve.trigger()
    assert desk.window.status.message.text() == desk.session.speech("window.reason.no-area")
    assert desk.session.document.undo_stack.index() == 1
    assert not dissolve.isEnabled()


def test_no_action_stumbles_over_a_plan_of_a_moment_ago(desk: Desk) -> None:
    """Another scheme without the chosen area is active, the plan and the picture are still the old one's."""
    skipped = {"quit", "close", "open", "sample", "preview", "page", "meeting", "standard"}
    skipped |= {"keys", "about", "diagnosis"}
    for row in ROWS:
        if row.code in skipped or row.menu in ("file", "report"):
            continue
        if row.code in (
            "import-data",
            "import-report",
            "add-underlay",
            "add-tiles",
            "group",
            "copy-map",
            "compare-file",
            "programme-import",
        ):  # they ask something first
            continue
        if desk.session.document.project is None:
            desk.open(town())
        desk.session.document.select((6,), 2)
        desk.window.actions_.refresh()
        desk.window.actions_.by_code["new-scheme"].trigger()
        desk.window.actions_.by_code[row.code].trigger()
        while desk.session.document.undo_stack.canUndo():
            desk.session.document.undo_stack.undo()
        assert desk.faults == []
    desk.settle()


@pytest.mark.parametrize("keys", ["dissolve", "undo"])
def test_a_stroke_ends_where_the_project_changes_under_it(desk: Desk, keys: str) -> None:
    """The area that is painted with goes while the button is held: nobody may belong to it afterwards."""
    desk.open(town())
    desk.take("paint", 2)
    if keys == "undo":
        desk.window.actions_.by_code["lock"].trigger()
        desk.window.actions_.by_code["lock"].trigger()
        desk.settle()
    desk.drag(desk.place(0), desk.place(4), release=False)
    steps = desk.session.document.undo_stack.index()
    desk.window.actions_.by_code[keys].trigger()
    before = desk.session.document.project
    QTest.mouseRelease(desk.canvas.viewport(), Qt.MouseButton.LeftButton, pos=desk.place(5))
    assert desk.session.document.project is before
    assert desk.session.document.undo_stack.index() == steps + (1 if keys == "dissolve" else -1)
    assert not desk.canvas.overlay.shown("reach")
    desk.settle()


def test_areas_are_merged_as_they_are_now(desk: Desk) -> None:
    """What was done a moment ago is in no plan yet; a merger of the plan's project would undo half of it."""
    desk.open(town())
    desk.session.document.select((0, 3), 1)
    desk.window.actions_.refresh()
    desk.window.actions_.by_code["dissolve"].trigger()
    desk.session.document.select((0, 3))
    desk.window.actions_.by_code["merge"].trigger()
    assert [fault.code for fault in desk.faults if isinstance(fault, RenomapError)] == ["editing.no-area"]
    desk.faults.clear()
    desk.session.document.undo_stack.undo()
    desk.settle()
    assert sorted(set(desk.areas_now)) == [1, 2]
