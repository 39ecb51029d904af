"""By hand and by engine are one thing: every tool says which rule it would break before the release."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from desk import EAST, NORTH, STEP, Desk, town
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from renomap.desktop.canvas.previewer import Preview
from renomap.desktop.verbs import analysis, areas
from renomap.editing import findings
from renomap.model.layer import Layer
from renomap.model.project import Project
from renomap.model.roles import Role


def with_bounds(project: Project, **bounds: float) -> Project:
    scheme = project.scheme
    return project.with_scheme(replace(scheme, settings=replace(scheme.settings, bounds=bounds)))


def with_river(project: Project) -> Project:
    """A river between the second and the third column."""
    x = EAST + 2 * STEP - 5
    line = shapely.LineString([(x, NORTH - 500), (x, NORTH + 900)])
    frame = gpd.GeoDataFrame(
        {"name": ["白沙河"], "kind": ["river"], "width_m": [4.0], "bridge": [False], "tunnel": [False]},
        geometry=[line], crs=project.crs, index=pd.Index([1], name="fid", dtype="int64"),
    )  # fmt: skip
    return project.with_layer(Layer("water", "水系", Role.WATER, frame))


def codes(desk: Desk, told: list[Preview]) -> set[str]:
    desk.until(lambda: bool(told))
    effect = told[-1].effect
    return set() if effect is None else {item.code for item in effect.findings}


def listen(desk: Desk) -> list[Preview]:
    told: list[Preview] = []
    desk.canvas.previewed.connect(lambda value: told.append(value) if value else None)
    return told


@pytest.mark.parametrize("tool", ["paint", "paint-rectangle", "paint-lasso", "erase"])
def test_strokes_that_tear(desk: Desk, tool: str) -> None:
    desk.open(with_bounds(town(), households_min=100.0))
    desk.take(tool, 2)
    told = listen(desk)
    # the middle row of area 1 goes; what is left of it is in two pieces
    stops = [(-0.05, 0.95), (1.95, 0.95), (1.95, 1.95), (-0.05, 1.95)]
    path = [(0.5, 1.5), (1.5, 1.5)] if tool in ("paint", "erase") else stops
    if tool == "paint-rectangle":
        path = [stops[0], stops[2]]
    desk.drag(*(desk.spot(x, y) for x, y in path), release=False)
    assert findings.TORN in codes(desk, told)
    assert desk.canvas.overlay.shown("broken")
    assert "西片区" in desk.window.status.message.text()
    assert "不连续" in desk.window.status.message.text()
    QTest.mouseRelease(desk.canvas.viewport(), Qt.MouseButton.LeftButton, pos=desk.spot(*path[-1]))
    desk.settle()
    assert findings.TORN in {item.code for item in desk.session.planner.problems}
    assert not desk.canvas.overlay.shown("broken")
    fix = next(item.fix for item in desk.session.planner.problems if item.code == findings.TORN)
    analysis.apply_fix(desk.window.desk, fix)
    desk.settle()
    assert findings.TORN not in {item.code for item in desk.session.planner.problems}


def test_bounds_of_size_and_walk(desk: Desk) -> None:
    desk.open(with_bounds(town(), households_min=600.0, households_max=700.0, walk_m_max=450.0))
    desk.take("paint", 1)
    told = listen(desk)
    desk.drag(desk.place(2), desk.place(2), release=False)
    assert codes(desk, told) == {findings.ABOVE, findings.BELOW}
    status = desk.window.status.message.text()
    assert "超过上限" in status
    assert "低于下限" in status
    QTest.keyPress(desk.canvas, Qt.Key.Key_Escape)
    QTest.mouseRelease(desk.canvas.viewport(), Qt.MouseButton.LeftButton, pos=desk.place(2))
    desk.drag(desk.place(2), desk.place(3), release=False)
    assert findings.WALK in codes(desk, told)
    QTest.keyPress(desk.canvas, Qt.Key.Key_Escape)
    QTest.mouseRelease(desk.canvas.viewport(), Qt.MouseButton.LeftButton, pos=desk.place(3))
    assert desk.areas_now == [1, 1, 2, 2] * 3


def test_a_river_is_named(desk: Desk) -> None:
    desk.open(with_bounds(with_river(town()), households_min=0.0))
    desk.take("paint", 1)
    told = listen(desk)
    desk.drag(desk.place(2), desk.place(2), release=False)
    assert findings.TORN_BY in codes(desk, told)
    assert "白沙河" in desk.window.status.message.text()
    QTest.mouseRelease(desk.canvas.viewport(), Qt.MouseButton.LeftButton, pos=desk.place(2))
    desk.settle()
    assert findings.TORN_BY in {item.code for item in desk.session.planner.problems}


def test_what_a_reshape_tells_is_what_it_does(desk: Desk) -> None:
    desk.open(with_bounds(town(), households_min=450.0))
    desk.take("reshape", 1)
    told = listen(desk)
    # a bite out of the south-eastern corner of area 1
    for x, y in ((2.3, 1.96), (0.96, 1.96)):
        desk.tap(x, y)
    desk.hover(0.96, -0.4)
    desk.until(lambda: bool(told) and told[-1].effect is not None and bool(told[-1].effect.fids))
    assert findings.BELOW in codes(desk, told)
    early = told[-1].effect
    before = desk.areas_now
    desk.tap(0.96, -0.4)
    QTest.keyClick(desk.canvas, Qt.Key.Key_Return)
    after = desk.areas_now
    moved = {fid: after[fid] for fid in range(12) if after[fid] != before[fid]}
    assert moved
    assert moved == dict(zip(early.fids, early.to, strict=True))
    desk.settle()
    assert findings.BELOW in {item.code for item in desk.session.planner.problems}


def test_a_merger_is_foreseen_while_its_action_is_hovered(desk: Desk) -> None:
    desk.open(with_bounds(town(), households_min=100.0, households_max=900.0))
    desk.session.document.select([0, 3])
    QTest.qWait(20)
    told = listen(desk)
    desk.window.actions_.by_code["merge"].hover()
    assert codes(desk, told) == {findings.ABOVE}
    assert "超过上限" in desk.window.status.message.text()
    assert "+" in desk.window.live.text.text()
    desk.window.actions_.by_code["rename"].hover()
    assert not desk.window.live.isVisible()
    assert not desk.canvas.overlay.names("stroke-")
    assert desk.areas_now == [1, 1, 2, 2] * 3


def test_pages_walk_the_areas(desk: Desk) -> None:
    desk.open(town())
    areas.next_area(desk.window.desk)
    assert desk.session.document.selection.area == 1
    areas.next_area(desk.window.desk)
    assert desk.session.document.selection.area == 2
    areas.next_area(desk.window.desk)
    assert desk.session.document.selection.area == 1
    areas.last_area(desk.window.desk)
    assert desk.session.document.selection.area == 2
