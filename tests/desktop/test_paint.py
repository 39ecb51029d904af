"""The brush on the real window: what it takes, what it tells on the way, what it leaves behind."""

from __future__ import annotations

import numpy as np
import pytest
from desk import EAST, NORTH, STEP, Desk, town
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from renomap.deficits.areas import assess_areas
from renomap.desktop.canvas.previewer import Preview
from renomap.desktop.verbs import areas, edit
from renomap.editing import areas as whole_areas
from renomap.model.scheme import UNASSIGNED


def areas_of(desk: Desk) -> list[int]:
    return desk.session.document.project.schemes[0].assignment.tolist()


def use(desk: Desk, tool: str, area: int | None) -> None:
    desk.open(town())
    desk.window.actions_.by_code[tool].trigger()
    desk.session.document.select((), area)


def test_a_stroke_is_one_step(desk: Desk) -> None:
    use(desk, "paint", 1)
    assert areas_of(desk) == [1, 1, 2, 2] * 3
    desk.drag(desk.place(2), desk.place(6), desk.place(10))
    assert areas_of(desk) == [1, 1, 1, 2] * 3
    assert desk.session.document.undo_stack.count() == 1
    edit.undo(desk.window.desk)
    assert areas_of(desk) == [1, 1, 2, 2] * 3
    desk.settle()


def test_strokes_do_not_wait_for_the_plan(desk: Desk) -> None:
    use(desk, "paint", 1)
    for fid in (2, 6, 10):
        desk.drag(desk.place(fid), desk.place(fid))
    assert areas_of(desk) == [1, 1, 1, 2] * 3
    assert desk.canvas.overlay.names("kept-")
    desk.settle()
    assert not desk.canvas.overlay.names("kept-")


def test_numbers_answer_on_the_way_and_are_those_of_a_full_count(desk: Desk) -> None:
    use(desk, "paint", 1)
    told: list[Preview] = []
    desk.canvas.previewed.connect(lambda value: told.append(value) if value else None)
    desk.drag(desk.place(2), desk.place(6), release=False)
    context, effect = told[-1].context, told[-1].effect
    assert effect.fids == (2, 6)
    flows = {flow.area: flow for flow in context.flows(effect)}
    assert flows[1].households == pytest.approx(102 + 106)
    assert flows[2].households == pytest.approx(-208)
    assert flows[1].area_ha == pytest.approx(2.0)
    assert desk.window.live.isVisible()
    assert "西片区" in desk.window.live.text.text()
    assert "+208" in desk.window.live.text.text()
    assert desk.window.facts.live.isVisible()
    assert "+208" in desk.window.facts.live.text()
    QTest.mouseRelease(desk.canvas.viewport(), Qt.MouseButton.LeftButton, pos=desk.place(6))
    assert not desk.window.live.isVisible()
    assert not desk.window.facts.live.isVisible()
    desk.settle()
    plan = desk.session.planner.plan
    for area, flow in flows.items():
        for item in flow.facilities:
            final = plan.areas.at[area, f"{item.key}_deficit"]
            assert item.after == pytest.approx(final) if item.after is not None else np.isnan(final)


def test_a_followed_context_equals_a_fresh_one(desk: Desk) -> None:
    use(desk, "paint", 1)
    desk.drag(desk.place(2), desk.place(2))
    desk.drag(desk.place(7), desk.place(7))
    followed = desk.session.planner.context
    desk.settle()
    fresh = desk.session.planner.context
    assert followed is not fresh
    assert followed.labels.tolist() == fresh.labels.tolist()
    assert followed.counted.frame().equals(fresh.counted.frame())
    outlines = fresh.plan.areas.geometry
    assert assess_areas(followed.inputs, followed.assignment, outlines).areas.equals(
        assess_areas(fresh.inputs, fresh.assignment, outlines).areas
    )


def test_what_would_tear_is_hatched_before_the_release(desk: Desk) -> None:
    use(desk, "paint", 2)
    desk.drag(desk.place(4), desk.place(5), release=False)
    assert desk.canvas.overlay.shown("broken")
    assert "⚠" in desk.window.live.text.text()
    QTest.keyPress(desk.canvas, Qt.Key.Key_Escape)
    assert not desk.canvas.overlay.shown("broken")
    assert not desk.window.live.isVisible()
    QTest.mouseRelease(desk.canvas.viewport(), Qt.MouseButton.LeftButton, pos=desk.place(5))
    assert areas_of(desk) == [1, 1, 2, 2] * 3


def test_the_right_button_and_the_eraser_take_out(desk: Desk) -> None:
    use(desk, "paint", 1)
    desk.drag(desk.place(0), desk.place(0), button=Qt.MouseButton.RightButton)
    desk.window.actions_.by_code["erase"].trigger()
    desk.drag(desk.place(4), desk.place(4))
    assert areas_of(desk)[:5] == [0, 1, 2, 2, 0]
    desk.settle()


def test_rectangle_and_lasso_take_what_they_hold(desk: Desk) -> None:
    use(desk, "paint-rectangle", 1)
    corner = desk.canvas.pixel(EAST + 2 * STEP - 5, NORTH - 5)
    other = desk.canvas.pixel(EAST + 4 * STEP, NORTH + 105)
    desk.drag(corner, QPoint(other.x(), corner.y()), other)
    assert areas_of(desk)[:4] == [1, 1, 1, 1]
    desk.window.actions_.by_code["paint-lasso"].trigger()
    ring = [(1.9, -0.1), (3.0, -0.1), (3.0, 1.0), (1.9, 1.0)]
    stops = [desk.canvas.pixel(EAST + x * STEP, NORTH + y * STEP) for x, y in ring]
    desk.session.document.select((), 2)
    desk.drag(*stops)
    assert areas_of(desk)[:4] == [1, 1, 2, 1]
    desk.settle()


def test_without_a_chosen_area_a_stroke_makes_one(desk: Desk) -> None:
    use(desk, "paint", None)
    desk.drag(desk.place(0), desk.place(4))
    assert areas_of(desk)[:5] == [3, 1, 2, 2, 3]
    assert desk.session.document.selection.area == 3
    desk.settle()
    colours = desk.session.planner.plan.areas["colour"]
    assert colours.is_unique


def test_alt_picks_and_keys_choose(desk: Desk) -> None:
    use(desk, "paint", 1)
    QTest.mouseClick(
        desk.canvas.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.AltModifier, desk.place(3)
    )
    assert desk.session.document.selection.area == 2
    desk.canvas.setFocus()
    QTest.keyClick(desk.canvas, Qt.Key.Key_1)
    assert desk.session.document.selection.area == 1
    size = desk.window.desk.tools["paint"].brush_px
    QTest.keyClick(desk.canvas, Qt.Key.Key_BracketRight)
    assert desk.window.desk.tools["paint"].brush_px > size
    QTest.keyClick(desk.canvas, Qt.Key.Key_N)
    assert desk.session.document.selection.area is None


def test_locked_areas_and_only_unassigned(desk: Desk) -> None:
    use(desk, "paint", 1)
    desk.session.document.apply(whole_areas.lock(desk.session.document.project, 2))
    desk.settle()
    desk.drag(desk.place(2), desk.place(2))
    assert areas_of(desk) == [1, 1, 2, 2] * 3
    desk.session.document.select((), 2)
    desk.drag(desk.place(1), desk.place(1))
    assert areas_of(desk) == [1, 1, 2, 2] * 3
    assert "已锁定" in desk.window.status.message.text()


def test_areas_are_merged_and_dissolved(desk: Desk) -> None:
    desk.open(town())
    desk.session.document.select([0, 3])
    areas.merge(desk.window.desk)
    assert len(set(areas_of(desk))) == 1
    desk.settle()
    desk.session.document.select((), areas_of(desk)[0])
    areas.dissolve(desk.window.desk)
    assert set(areas_of(desk)) == {0}
    desk.settle()


def test_zero_paints_with_no_area_and_any_choice_ends_that(desk: Desk) -> None:
    desk.open(town())
    desk.take("paint", 2)
    QTest.keyClick(desk.canvas, Qt.Key.Key_0)
    assert desk.window.options.target.currentData() == UNASSIGNED
    desk.drag(desk.place(3), desk.place(3))
    assert desk.areas_now[3] == UNASSIGNED
    desk.settle()
    desk.window.actions_.by_code["paint-rectangle"].trigger()
    assert desk.window.options.target.currentData() == UNASSIGNED
    QTest.keyClick(desk.canvas, Qt.Key.Key_1)
    assert desk.window.options.target.currentData() == 1
    desk.drag(desk.spot(2.9, -0.1), desk.spot(4.1, 0.98))
    assert desk.areas_now[3] == 1
    desk.settle()
    desk.take("draw")
    assert desk.window.options.target.findData(UNASSIGNED) < 0


def test_an_area_that_loses_its_last_neighbourhood_lacks_nothing_unknown(desk: Desk) -> None:
    desk.open(town(2, 1))  # one neighbourhood in each area
    desk.take("paint", 2)
    desk.drag(desk.place(0), desk.place(0), release=False)
    gone = desk.window.live.text.text().split("西片区")[1].split("东片区")[0]
    assert "片区内已无小区" in gone
    assert "未知" not in gone
    QTest.keyPress(desk.canvas, Qt.Key.Key_Escape)
    QTest.mouseRelease(desk.canvas.viewport(), Qt.MouseButton.LeftButton, pos=desk.place(0))
