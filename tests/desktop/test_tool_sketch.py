"""What a sketch would change is told, hatched and equal to the full count before it is finished."""

from __future__ import annotations

import numpy as np
import pytest
from desk import EAST, NORTH, STEP, Desk, town
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from renomap.desktop.canvas.previewer import Preview
from renomap.editing import findings

CTRL = Qt.KeyboardModifier.ControlModifier


def at(desk: Desk, x: float, y: float) -> QPointF:
    return QPointF(desk.canvas.pixel(EAST + x * STEP, NORTH + y * STEP))


def hover(desk: Desk, x: float, y: float, keys: Qt.KeyboardModifier = CTRL) -> None:
    port, none = desk.canvas.viewport(), Qt.MouseButton.NoButton
    spot = at(desk, x, y)
    event = QMouseEvent(QEvent.Type.MouseMove, spot, port.mapToGlobal(spot), none, none, keys)
    QApplication.sendEvent(port, event)


def click(desk: Desk, x: float, y: float, keys: Qt.KeyboardModifier = CTRL) -> None:
    QTest.mouseClick(desk.canvas.viewport(), Qt.MouseButton.LeftButton, keys, at(desk, x, y).toPoint())


def use(desk: Desk, tool: str, area: int | None) -> list[Preview]:
    desk.open(town())
    desk.session.document.select((), area)
    QTest.qWait(10)
    desk.window.actions_.by_code[tool].trigger()
    desk.canvas.setFocus()
    QTest.qWait(20)
    told: list[Preview] = []
    desk.canvas.previewed.connect(lambda value: told.append(value) if value else None)
    return told


def answered(desk: Desk, told: list[Preview]) -> Preview:
    told.clear()
    desk.until(lambda: bool(told))
    return told[-1]


def areas_of(desk: Desk) -> list[int]:
    return desk.session.document.project.schemes[0].assignment.tolist()


def test_numbers_before_the_end_are_those_after_it(desk: Desk) -> None:
    told = use(desk, "draw", None)
    for x, y in ((0.9, -0.1), (3.0, -0.1), (3.0, 0.95)):
        click(desk, x, y)
    hover(desk, 0.9, 0.95)
    early = answered(desk, told)
    flows = {flow.area: flow for flow in early.context.flows(early.effect, early.after)}
    assert flows[3].households == pytest.approx(203)
    assert flows[1].households == pytest.approx(-101)
    assert flows[2].households == pytest.approx(-102)
    assert "+203" in desk.window.live.text.text()
    assert desk.canvas.overlay.names("stroke-")
    click(desk, 0.9, 0.95)
    QTest.keyClick(desk.canvas, Qt.Key.Key_Return)
    desk.settle()
    assert not desk.canvas.overlay.names("stroke-")
    plan = desk.session.planner.plan
    for area, flow in flows.items():
        for item in flow.facilities:
            final = plan.areas.at[area, f"{item.key}_deficit"]
            assert item.after == pytest.approx(final) if item.after is not None else np.isnan(final)


def test_what_a_boundary_would_tear_is_hatched_and_the_planner_may_insist(desk: Desk) -> None:
    told = use(desk, "draw", 2)
    ring = ((-0.05, 0.98), (4.1, 0.98), (4.1, 1.95), (-0.05, 1.95))  # the middle row goes to area 2
    for x, y in ring[:3]:
        click(desk, x, y)
    hover(desk, *ring[3])
    early = answered(desk, told)
    assert findings.TORN in {item.code for item in early.effect.findings}
    assert desk.canvas.overlay.shown("broken")
    assert "不连续" in desk.window.status.message.text()
    click(desk, *ring[3])
    QTest.keyClick(desk.canvas, Qt.Key.Key_Return)
    desk.settle()
    assert not desk.canvas.overlay.shown("broken")
    assert areas_of(desk) == [1, 1, 0, 0, 2, 2, 2, 2, 1, 1, 0, 0]
    torn = [item for item in desk.session.planner.problems if item.code == findings.TORN]
    assert torn
    assert torn[0].fix is not None


def test_a_line_that_crosses_itself_is_refused_on_the_way(desk: Desk) -> None:
    told = use(desk, "draw", None)
    for x, y in ((0.5, 0.5), (2.5, 0.5), (2.5, 1.5)):
        click(desk, x, y)
    hover(desk, 1.5, 0.2)
    early = answered(desk, told)
    assert early.fault is not None
    assert early.fault.code == "editing.self-crossing"
    assert "自相交" in desk.window.status.message.text()
    assert "自相交" in desk.window.live.text.text()
    assert "长度" in desk.window.live.text.text()


def test_a_split_that_is_refused_is_said_before_the_click(desk: Desk) -> None:
    told = use(desk, "split", 1)
    click(desk, 0.98, -0.4)
    hover(desk, 0.98, 3.5)
    early = answered(desk, told)
    assert early.fault is None
    assert sorted(early.effect.areas) == [1, 3]
    assert "新片区" in desk.window.live.text.text()
    assert "“新片区”" in desk.window.status.message.text() or not early.effect.findings
    assert sorted(early.effect.fids) in ([0, 4, 8], [1, 5, 9])


def test_shift_turns_at_right_angles(desk: Desk) -> None:
    use(desk, "draw", None)
    click(desk, 0.5, 0.5)
    click(desk, 2.0, 0.8, Qt.KeyboardModifier.ShiftModifier)
    first, second = desk.window.desk.tools["draw"].points
    assert second[1] == pytest.approx(first[1])
    assert second[0] == pytest.approx(first[0] + 1.5 * STEP, abs=1.0)


def test_esc_leaves_one_level_at_a_time(desk: Desk) -> None:
    use(desk, "draw", 1)
    click(desk, 0.5, 0.5)
    QTest.keyClick(desk.canvas, Qt.Key.Key_Escape)
    assert desk.window.desk.tools["draw"].points == ()
    assert desk.canvas.tool.code == "draw"
    QTest.keyClick(desk.canvas, Qt.Key.Key_Escape)
    assert desk.canvas.tool.code == "select"
    assert desk.session.document.selection.area == 1
    QTest.keyClick(desk.canvas, Qt.Key.Key_Escape)
    assert desk.session.document.selection.area is None


def test_s_switches_snapping_in_sight(desk: Desk) -> None:
    use(desk, "draw", None)
    bar = desk.window.options
    assert bar.snapping.isVisible()
    assert bar.snapping.isChecked()
    desk.window.actions_.by_code["snapping"].trigger()
    assert not bar.snapping.isChecked()
    click(desk, 0.01, 0.01, Qt.KeyboardModifier.NoModifier)
    assert desk.window.desk.tools["draw"].points[0] != pytest.approx((EAST, NORTH), abs=0.1)
    bar.snapping.click()
    assert desk.session.settings.snapping
    click(desk, 1.01, 0.01, Qt.KeyboardModifier.NoModifier)
    assert desk.window.desk.tools["draw"].points[1] == pytest.approx((EAST + STEP, NORTH), abs=1e-6)


def test_the_bar_shows_what_is_painted_with(desk: Desk) -> None:
    use(desk, "paint", 2)
    bar = desk.window.options
    assert bar.target.currentText() == "东片区"
    assert bar.unassigned.isVisible()
    assert not bar.snapping.isVisible()
    bar.target.setCurrentIndex(0)
    bar.target.activated.emit(0)
    assert desk.session.document.selection.area is None
    size = desk.session.settings.brush_px
    spot = at(desk, 1.5, 1.5)
    port = desk.canvas.viewport()
    before = desk.canvas.view.resolution
    wheel = QWheelEvent(
        spot, port.mapToGlobal(spot), QPointF(0, 0).toPoint(), QPointF(0, 120).toPoint(),
        Qt.MouseButton.NoButton, CTRL, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(port, wheel)
    assert desk.session.settings.brush_px > size
    assert bar.brush.value() == desk.session.settings.brush_px
    assert desk.canvas.view.resolution == before


def test_a_lasso_selects_what_has_its_middle_inside(desk: Desk) -> None:
    use(desk, "select-lasso", None)
    ring = [(-0.1, -0.1), (1.98, -0.1), (1.98, 0.95), (-0.1, 0.95)]
    desk.drag(*(at(desk, x, y).toPoint() for x, y in ring))
    assert desk.session.document.selection.fids == {0, 1}
    assert desk.session.document.selection.area == 1


def test_del_takes_a_point_back_and_leaves_the_area(desk: Desk) -> None:
    use(desk, "reshape", 1)
    click(desk, 0.5, 0.5)
    click(desk, 0.9, 0.5)
    QTest.keyClick(desk.canvas, Qt.Key.Key_Delete)
    assert len(desk.window.desk.tools["reshape"].points) == 1
    assert areas_of(desk) == [1, 1, 2, 2] * 3
