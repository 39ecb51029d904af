"""The list of areas: locks in sight, several rows for merging, a click that always shows the area."""

from __future__ import annotations

from desk import Desk, town
from PySide6.QtCore import QItemSelectionModel, QPoint, Qt
from PySide6.QtTest import QTest

from renomap.desktop.look import LOCKED_SIZE, NUMBERED_SIZE
from renomap.editing.areas import lock


def row(desk: Desk, at: int) -> QPoint:
    table = desk.window.areas.table
    return table.visualRect(table.model().index(at, 0)).center()


def test_a_lock_is_seen_on_list_map_and_facts(desk: Desk) -> None:
    desk.open(town())
    model = desk.window.areas.model
    assert desk.session.document.project is not None

    def mark() -> int:
        icon = model.data(model.index(0, 0), Qt.ItemDataRole.DecorationRole)
        return icon.actualSize(LOCKED_SIZE).width()

    assert mark() == NUMBERED_SIZE.width()
    desk.session.document.apply(lock(desk.session.document.project, 1))
    assert desk.canvas.overlay.shown("padlocks")
    desk.settle()
    assert mark() == LOCKED_SIZE.width()
    desk.session.document.select((), 1)
    told = desk.session.speech("window.areas.locked")
    assert told in desk.window.facts.page.toPlainText()
    desk.session.document.undo_stack.undo()
    assert not desk.canvas.overlay.shown("padlocks")


def test_painting_on_a_locked_area_says_so_before_the_button_is_pressed(desk: Desk) -> None:
    desk.open(town())
    assert desk.session.document.project is not None
    desk.session.document.apply(lock(desk.session.document.project, 1))
    desk.settle()
    desk.take("paint", 2)
    port = desk.canvas.viewport()
    QTest.mouseMove(port, desk.place(0))
    desk.until(lambda: port.cursor().shape() == Qt.CursorShape.ForbiddenCursor)
    assert "西片区" in desk.window.status.message.text()
    QTest.mouseMove(port, desk.place(3))
    desk.until(lambda: port.cursor().shape() != Qt.CursorShape.ForbiddenCursor)
    desk.session.document.undo_stack.undo()
    assert desk.window.status.message.text() == "", "what the warning spoke of is undone"


def test_several_rows_are_merged_from_the_list(desk: Desk) -> None:
    desk.open(town())
    areas, document = desk.window.areas, desk.session.document
    QTest.mouseClick(areas.table.viewport(), Qt.MouseButton.LeftButton, pos=row(desk, 0))
    keys = Qt.KeyboardModifier.ControlModifier
    QTest.mouseClick(areas.table.viewport(), Qt.MouseButton.LeftButton, keys, row(desk, 1))
    assert len(document.selection.fids) == 12
    assert len(areas.table.selectionModel().selectedRows()) == 2
    desk.window.actions_.refresh()
    assert desk.window.actions_.by_code["merge"].isEnabled()
    desk.window.actions_.by_code["merge"].trigger()
    desk.settle()
    assert document.project is not None
    assert document.project.scheme is not None
    assert len(document.project.scheme.areas) == 1
    flags = QItemSelectionModel.SelectionFlag
    areas.table.selectionModel().select(areas.table.model().index(0, 0), flags.ClearAndSelect | flags.Rows)
    assert document.selection.area is not None


def test_a_click_on_the_row_of_the_area_leaves_the_neighbourhood(desk: Desk) -> None:
    desk.open(town())
    desk.click(0)
    assert desk.session.document.selection.fids == {0}
    assert desk.session.document.selection.area == 1
    QTest.mouseClick(desk.window.areas.table.viewport(), Qt.MouseButton.LeftButton, pos=row(desk, 0))
    assert desk.session.document.selection.fids == frozenset()
    assert desk.session.document.selection.area == 1


def test_the_area_that_is_clicked_is_that_of_now(desk: Desk) -> None:
    """The plan is still that of before the undo: its number stands for another area."""
    desk.open(town())
    document = desk.session.document
    document.select((0, 3))
    desk.window.actions_.refresh()
    desk.window.actions_.by_code["merge"].trigger()
    desk.settle()
    document.undo_stack.undo()
    assert not desk.session.planner.is_current
    desk.click(0)
    assert document.selection.area == 1
    desk.window.actions_.refresh()
    desk.window.actions_.by_code["lock"].trigger()
    assert document.project is not None
    assert document.project.scheme is not None
    assert document.project.scheme.areas["locked"].to_dict() == {1: True, 2: False}
