"""Sketches on the real window: what they change, and that no slip of the hand costs them."""

from __future__ import annotations

import pytest
from desk import EAST, NORTH, STEP, Desk, town
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from renomap.desktop.verbs import edit


def spot(desk: Desk, x: float, y: float) -> QPoint:
    """A place of the town in steps of a neighbourhood."""
    return desk.canvas.pixel(EAST + x * STEP, NORTH + y * STEP)


def sketch(desk: Desk, *places: tuple[float, float]) -> None:
    for x, y in places:
        QTest.mouseClick(
            desk.canvas.viewport(),
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.ControlModifier,
            spot(desk, x, y),
        )


def areas_of(desk: Desk) -> list[int]:
    return desk.session.document.project.schemes[0].assignment.tolist()


def use(desk: Desk, tool: str, area: int | None) -> None:
    desk.open(town())
    desk.session.document.select((), area)
    QTest.qWait(10)
    desk.window.actions_.by_code[tool].trigger()
    desk.canvas.setFocus()


RING = ((0.9, -0.1), (3.0, -0.1), (3.0, 0.95), (0.9, 0.95))


def test_a_drawn_boundary_takes_its_members(desk: Desk) -> None:
    use(desk, "draw", None)
    sketch(desk, *RING)
    QTest.keyClick(desk.canvas, Qt.Key.Key_Return)
    assert areas_of(desk)[:4] == [1, 3, 3, 2]
    desk.settle()
    plan = desk.session.planner.plan
    assert plan.areas.at[3, "kind"] == "drawn"
    assert desk.session.document.selection.area == 3
    shapes = plan.areas.geometry
    assert shapes[3].intersection(shapes[1]).area < 0.01


def test_undo_of_a_finished_sketch_opens_it_again(desk: Desk) -> None:
    use(desk, "draw", None)
    sketch(desk, *RING)
    QTest.keyClick(desk.canvas, Qt.Key.Key_Return)
    desk.settle()
    desk.window.desk.use_tool("select")
    edit.undo(desk.window.desk)
    tool = desk.window.desk.tools["draw"]
    assert areas_of(desk)[:4] == [1, 1, 2, 2]
    assert desk.canvas.tool is tool
    assert len(tool.points) == 4
    QTest.keyClick(desk.canvas, Qt.Key.Key_Backspace)
    assert len(tool.points) == 3
    desk.settle()


def test_esc_is_an_undo_step(desk: Desk) -> None:
    use(desk, "draw", None)
    for n in range(30):
        sketch(desk, (0.1 + 0.1 * (n % 10), 0.2 + 0.2 * (n // 10)))
    tool = desk.window.desk.tools["draw"]
    assert len(tool.points) == 30
    QTest.keyClick(desk.canvas, Qt.Key.Key_Escape)
    assert tool.points == ()
    desk.window.desk.use_tool("select")
    edit.undo(desk.window.desk)
    assert len(tool.points) == 30
    assert desk.canvas.tool is tool


def test_a_refused_sketch_stays(desk: Desk) -> None:
    use(desk, "split", 1)
    sketch(desk, (-0.5, -0.5), (-0.4, 3.5))
    QTest.keyClick(desk.canvas, Qt.Key.Key_Return)
    assert len(desk.window.desk.tools["split"].points) == 2
    assert "没有切过" in desk.window.status.message.text()
    assert areas_of(desk) == [1, 1, 2, 2] * 3


@pytest.mark.parametrize("end", ["double", "right", "enter"])
def test_a_line_splits_an_area(desk: Desk, end: str) -> None:
    use(desk, "split", 1)
    sketch(desk, (-0.4, 0.95), (1.98, 0.95))
    last = spot(desk, 1.98, 0.95)
    if end == "double":
        QTest.mouseDClick(desk.canvas.viewport(), Qt.MouseButton.LeftButton, pos=last)
    elif end == "right":
        QTest.mouseClick(desk.canvas.viewport(), Qt.MouseButton.RightButton, pos=last)
    else:
        QTest.keyClick(desk.canvas, Qt.Key.Key_Return)
    assert areas_of(desk)[:6] == [3, 3, 2, 2, 1, 1]
    desk.settle()


def test_points_snap_to_corners_unless_ctrl_is_held(desk: Desk) -> None:
    use(desk, "draw", None)
    corner = desk.canvas.pixel(EAST, NORTH) + QPoint(4, 3)
    QTest.mouseClick(desk.canvas.viewport(), Qt.MouseButton.LeftButton, pos=corner)
    tool = desk.window.desk.tools["draw"]
    assert tool.points[0] == pytest.approx((EAST, NORTH))
    QTest.mouseClick(
        desk.canvas.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier, corner
    )
    assert tool.points[1] != pytest.approx((EAST, NORTH), abs=0.1)
