"""Corners of boundaries on the real window: moved, put in, removed, with the neighbour along."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from desk import EAST, NORTH, STEP, Desk, town
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from renomap.desktop.canvas.previewer import Preview
from renomap.desktop.verbs import edit
from renomap.editing import areas as whole_areas
from renomap.editing.vertices import corners


def outline(desk: Desk, area: int) -> shapely.Geometry:
    desk.settle()
    return desk.session.planner.plan.areas.geometry.loc[area]


def border_corner(desk: Desk) -> tuple[float, float]:
    """A corner that both areas share, in steps of a neighbourhood."""
    shared = outline(desk, 1).boundary.intersection(outline(desk, 2).boundary)
    both = [
        place for place in corners(outline(desk, 1)).tolist() if shapely.Point(place).distance(shared) < 0.01
    ]
    x, y = min(both, key=lambda place: abs(place[1] - NORTH - STEP))
    return (x - EAST) / STEP, (y - NORTH) / STEP


def held_at(desk: Desk, x: float, y: float) -> bool:
    return any(np.hypot(*(corners(outline(desk, 1)) - (EAST + x * STEP, NORTH + y * STEP)).T) < 1.0)


@pytest.fixture
def at_work(desk: Desk) -> Desk:
    desk.open(town())
    desk.take("vertex", 1)
    desk.session.settings.snapping = False
    return desk


def test_handles_stand_on_the_chosen_area_only(at_work: Desk) -> None:
    assert at_work.canvas.overlay.shown("handles")
    at_work.session.document.select()
    assert not at_work.canvas.overlay.shown("handles")
    at_work.tap(0.5, 0.5)
    assert at_work.session.document.selection.area == 1
    assert at_work.canvas.overlay.shown("handles")
    at_work.window.desk.use_tool("select")
    assert not at_work.canvas.overlay.shown("handles")


def test_a_drag_moves_the_border_of_both(at_work: Desk) -> None:
    x, y = border_corner(at_work)
    before = [outline(at_work, area).area for area in (1, 2)]
    at_work.drag(at_work.spot(x, y), at_work.spot(x + 0.1, y), at_work.spot(x + 0.25, y))
    at_work.settle()
    after = [outline(at_work, area) for area in (1, 2)]
    assert after[0].area > before[0]
    both = shapely.union_all(after)  # the corner ends their border, so that the outer line bends with it
    assert both.area == pytest.approx(sum(shape.area for shape in after), abs=0.01)
    assert both.area == pytest.approx(sum(before), rel=0.001)
    assert isinstance(both, shapely.Polygon)
    assert not len(both.interiors)
    assert after[0].intersection(after[1]).area < 0.01
    assert at_work.session.document.undo_stack.count() == 1
    assert list(at_work.session.planner.plan.areas["kind"]) == ["drawn", "drawn"]
    edit.undo(at_work.window.desk)
    assert outline(at_work, 1).area == pytest.approx(before[0], abs=0.01)


def test_numbers_and_the_new_line_are_seen_on_the_way(at_work: Desk) -> None:
    x, y = border_corner(at_work)
    told: list[Preview] = []
    at_work.canvas.previewed.connect(lambda value: told.append(value) if value else None)
    stops = [at_work.spot(x + 0.3 * k, y) for k in (1, 2, 3)]
    at_work.drag(at_work.spot(x, y), *stops, release=False)
    at_work.until(lambda: bool(told))
    assert at_work.canvas.overlay.shown("previewer-lines")
    assert at_work.canvas.overlay.shown("arms")
    assert "面积" in at_work.window.live.text.text()
    QTest.keyPress(at_work.canvas, Qt.Key.Key_Escape)
    assert not at_work.canvas.overlay.shown("previewer-lines")
    QTest.mouseRelease(at_work.canvas.viewport(), Qt.MouseButton.LeftButton, pos=stops[-1])
    assert at_work.session.document.undo_stack.count() == 0


def test_a_click_takes_up_and_the_next_puts_down(at_work: Desk) -> None:
    x, y = border_corner(at_work)
    at_work.tap(x, y, Qt.KeyboardModifier.NoModifier)
    assert at_work.session.document.undo_stack.count() == 0
    at_work.hover(x - 0.2, y)
    at_work.tap(x - 0.2, y)
    assert at_work.session.document.undo_stack.count() == 1
    at_work.settle()
    assert held_at(at_work, x - 0.2, y)


def test_esc_puts_back_what_was_taken_up(at_work: Desk) -> None:
    x, y = border_corner(at_work)
    at_work.tap(x, y)
    QTest.keyClick(at_work.canvas, Qt.Key.Key_Escape)
    at_work.hover(x - 0.2, y)
    assert at_work.session.document.undo_stack.count() == 0
    assert at_work.canvas.tool.code == "vertex"


def test_the_line_gives_a_corner_and_del_takes_it(at_work: Desk) -> None:
    at_work.canvas.zoom(2.0)
    at_work.canvas.fit((EAST - 60, NORTH - 60, EAST + 150, NORTH + 150))
    at_work.settle()
    south = outline(at_work, 1).bounds[1]
    y = (south - NORTH) / STEP
    before = len(corners(outline(at_work, 1)))
    at_work.drag(at_work.spot(0.5, y), at_work.spot(0.5, y - 0.1), at_work.spot(0.5, y - 0.2))
    at_work.settle()
    assert held_at(at_work, 0.5, y - 0.2)
    assert len(corners(outline(at_work, 1))) > before - 3
    at_work.hover(0.5, y - 0.2)
    QTest.keyClick(at_work.canvas, Qt.Key.Key_Delete)
    at_work.settle()
    assert not held_at(at_work, 0.5, y - 0.2)
    assert at_work.session.document.undo_stack.count() == 2


def test_a_locked_neighbour_is_told(at_work: Desk) -> None:
    at_work.session.document.apply(whole_areas.lock(at_work.session.document.project, 2))
    x, y = border_corner(at_work)
    at_work.drag(at_work.spot(x, y), at_work.spot(x + 0.1, y), at_work.spot(x + 0.25, y))
    assert "已锁定" in at_work.window.status.message.text()
    assert at_work.session.document.undo_stack.count() == 1


def test_corners_snap_to_others_but_not_to_their_own_line(at_work: Desk) -> None:
    at_work.session.settings.snapping = True
    x, y = border_corner(at_work)
    free = Qt.KeyboardModifier.NoModifier
    at_work.tap(x, y, free)
    at_work.hover(2.0 + 0.02, 1.0 - 0.02, free)  # near the corner of the neighbourhood at (2, 1)
    at_work.tap(2.0 + 0.02, 1.0 - 0.02, free)
    at_work.settle()
    assert held_at(at_work, 2.0, 1.0)
