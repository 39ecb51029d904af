"""Tools that change nothing: measure, identify, the eyedropper; and the menu of the map."""

from __future__ import annotations

from dataclasses import replace

import pytest
from desk import STEP, Desk, town
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from renomap.desktop.chrome.mapmenu import MapMenu
from renomap.desktop.verbs import data
from renomap.editing.sketching import ground_length
from renomap.model.scheme import UNASSIGNED

RIGHT = Qt.MouseButton.RightButton


def test_a_length_runs_along_and_stays_to_be_read(desk: Desk) -> None:
    desk.open(town())
    desk.take("measure")
    desk.tap(0.0, 0.0)
    desk.hover(3.0, 0.0)
    assert desk.window.live.isVisible()
    assert "长度" in desk.window.live.text.text()
    desk.tap(3.0, 0.0)
    desk.tap(3.0, 2.0, button=RIGHT)
    tool = desk.window.desk.tools["measure"]
    assert tool.ended
    flat = ground_length(tool.points, "EPSG:4547")
    assert tool.measure(tool.points).length_m == pytest.approx(flat)
    assert flat == pytest.approx(3 * STEP, rel=0.005)
    assert f"{flat:,.1f}" in desk.window.status.message.text()
    assert desk.session.document.undo_stack.count() == 0
    desk.tap(1.0, 1.0)
    assert len(tool.points) == 1
    QTest.keyClick(desk.canvas, Qt.Key.Key_Escape)
    assert tool.points == ()
    assert not desk.window.live.isVisible()
    assert desk.canvas.tool is tool


def test_a_surface_is_that_of_the_ground(desk: Desk) -> None:
    desk.open(town())
    desk.take("measure-area")
    for x, y in ((0, 0), (2, 0), (2, 2), (0, 2)):
        desk.tap(x, y)
    QTest.keyClick(desk.canvas, Qt.Key.Key_Return)
    tool = desk.window.desk.tools["measure-area"]
    assert tool.measure(tool.points).area_m2 == pytest.approx((2 * STEP) ** 2, rel=0.01)
    QTest.keyClick(desk.canvas, Qt.Key.Key_Backspace)
    assert len(tool.points) == 3
    assert not tool.ended


def test_identify_tells_values_and_where_they_come_from(desk: Desk) -> None:
    desk.open(town())
    desk.take("identify")
    before = desk.session.document.selection
    QTest.mouseClick(desk.canvas.viewport(), Qt.MouseButton.LeftButton, pos=desk.place(6))
    text = desk.window.facts.page.toPlainText()
    assert "小区6" in text
    assert "106" in text
    assert "上报" in text
    assert desk.canvas.overlay.shown("identified")
    assert desk.session.document.selection == before
    desk.window.docks.raise_("history")  # the answer would stand behind this tab
    dock = desk.window.docks.by_code["facts"]
    desk.until(lambda: dock.visibleRegion().isEmpty())
    desk.tap(-0.5, -0.5)
    desk.until(lambda: not dock.visibleRegion().isEmpty())
    assert "没有要素" in desk.window.facts.page.toPlainText()
    desk.window.desk.use_tool("select")
    assert not desk.canvas.overlay.shown("identified")
    desk.click(5)
    assert "小区5" in desk.window.facts.page.toPlainText()


def test_a_neighbourhood_without_a_name_is_called_the_same_everywhere(desk: Desk) -> None:
    project = town()
    layer = project.neighbourhoods
    frame = layer.frame.copy()
    frame.loc[6, "name"] = None
    desk.open(project.with_layer(replace(layer, frame=frame)))
    desk.take("identify")
    QTest.mouseClick(desk.canvas.viewport(), Qt.MouseButton.LeftButton, pos=desk.place(6))
    assert "小区 #6" in desk.window.facts.page.toPlainText()
    desk.window.desk.use_tool("select")
    desk.click(6)
    assert "小区 #6" in desk.window.facts.page.toPlainText()
    data.give_value(desk.window.desk, 6, "households", "90")
    assert "小区 #6" in desk.session.document.undo_stack.undoText()
    said = desk.session.speech("editing.cut", name="东片区", unit="outputs.unnamed", fid=6, share=40)
    assert "小区 #6" in said


def test_the_eyedropper_gives_the_hand_back_to_the_brush(desk: Desk) -> None:
    desk.open(town())
    desk.take("paint-rectangle", 1)
    desk.take("pick", 1)
    QTest.mouseClick(desk.canvas.viewport(), Qt.MouseButton.LeftButton, pos=desk.place(3))
    assert desk.session.document.selection.area == 2
    assert desk.canvas.tool.code == "paint-rectangle"


def menu_at(desk: Desk, fid: int) -> dict[str, object]:
    """The menu of the map by its words, without showing it."""
    point = desk.place(fid)
    pointer = []
    desk.canvas.menu_wanted.disconnect()
    desk.canvas.menu_wanted.connect(pointer.append)
    QTest.mouseClick(desk.canvas.viewport(), RIGHT, pos=point)
    menu = MapMenu(desk.window.desk, desk.window.actions_, pointer[0])
    found = {action.text(): action for action in menu.actions()}
    puts = next(action for action in menu.actions() if action.menu() is not None)
    return found | {f"put/{action.text()}": action for action in puts.menu().actions()} | {"menu": menu}


def test_the_menu_is_about_what_is_under_the_pointer(desk: Desk) -> None:
    desk.open(town())
    found = menu_at(desk, 1)
    assert desk.session.document.selection.fids == {1}
    assert {"小区1", "西片区", "缩放到片区", "重命名片区…", "锁定 / 解锁片区"} <= found.keys()
    assert not found["put/西片区"].isEnabled()
    found["put/东片区"].trigger()
    assert desk.areas_now[1] == 2
    desk.settle()
    menu_at(desk, 1)["put/移出片区"].trigger()
    assert desk.areas_now[1] == UNASSIGNED
    desk.settle()
    menu_at(desk, 0)["put/新片区"].trigger()
    assert desk.areas_now[0] == 3
    desk.settle()


def test_the_menu_keeps_several_that_are_chosen(desk: Desk) -> None:
    desk.open(town())
    desk.session.document.select([0, 1, 4])
    found = menu_at(desk, 4)
    assert desk.session.document.selection.fids == {0, 1, 4}
    found["put/东片区"].trigger()
    assert [desk.areas_now[fid] for fid in (0, 1, 4)] == [2, 2, 2]
    desk.settle()


def test_the_right_button_ends_a_sketch_and_opens_no_menu(desk: Desk) -> None:
    desk.open(town())
    desk.take("draw")
    wanted = []
    desk.canvas.menu_wanted.disconnect()
    desk.canvas.menu_wanted.connect(wanted.append)
    desk.tap(0.5, 0.5)
    desk.tap(0.9, 0.9, button=RIGHT)
    assert not wanted
    QTest.keyClick(desk.canvas, Qt.Key.Key_Escape)
    desk.tap(0.9, 0.9, button=RIGHT)
    assert wanted


def test_the_menu_opens_on_the_window(desk: Desk) -> None:
    desk.open(town())
    seen: list[str] = []

    def close() -> None:
        popup = QApplication.activePopupWidget()
        if popup is not None:
            seen.extend(action.text() for action in popup.actions())
            popup.close()

    QTimer.singleShot(200, close)
    QTest.mouseClick(desk.canvas.viewport(), RIGHT, pos=desk.place(2))
    desk.until(lambda: bool(seen))
    assert "小区2" in seen


def test_the_menu_key_opens_the_menu_of_what_is_chosen(desk: Desk) -> None:
    desk.open(town())
    desk.session.document.select([6])
    wanted = []
    desk.canvas.menu_wanted.disconnect()
    desk.canvas.menu_wanted.connect(wanted.append)
    middle = QPoint(5, 5)
    reason = QContextMenuEvent.Reason
    QApplication.sendEvent(desk.canvas.viewport(), QContextMenuEvent(reason.Mouse, middle, middle))
    assert not wanted
    QApplication.sendEvent(desk.canvas.viewport(), QContextMenuEvent(reason.Keyboard, middle, middle))
    assert desk.canvas.index.at(wanted[0].x, wanted[0].y) == 6
