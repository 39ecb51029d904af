"""The line follows the road under the hand; a side is made straight, laid along the road, or derived."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import pytest
import shapely
from desk import EAST, NORTH, STEP, Desk, town
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from renomap.desktop.canvas.previewer import Preview
from renomap.editing.boundaries import reshape
from renomap.model.layer import Layer
from renomap.model.project import Project
from renomap.model.roles import Role

ROAD_Y = -20.0 / STEP  # its northern edge 17 m south of the neighbourhoods


def with_road() -> Project:
    """The town with a residential road 6 m wide south of it, which turns north west of it."""
    line = shapely.LineString([(EAST + 900, NORTH - 20), (EAST - 40, NORTH - 20), (EAST - 40, NORTH + 600)])
    frame = gpd.GeoDataFrame(
        {"name": ["南街"], "road_class": ["residential"], "bridge": [False], "tunnel": [False]},
        geometry=[line],
        crs="EPSG:4547",
    )
    frame.index.name = "fid"
    project = town()
    return replace(project, layers=(*project.layers, Layer("roads", "道路", Role.ROADS, frame)))


@pytest.fixture
def at_work(desk: Desk) -> Desk:
    desk.open(with_road())
    desk.session.settings.snapping = False
    return desk


def outline(desk: Desk, area: int = 1) -> shapely.Geometry:
    desk.settle()
    return desk.session.planner.plan.areas.geometry.loc[area]


def bend_south(desk: Desk, *inner: tuple[float, float]) -> None:
    """The southern boundary of area 1 runs over some places from now on, in metres of the town."""
    document, plan = desk.session.document, desk.session.planner.plan
    x0, y0, x1, _ = outline(desk).bounds
    line = [(x0, y0), *((EAST + x, NORTH + y) for x, y in inner), (x1, y0)]
    document.apply(reshape(document.project, 1, shapely.LineString(line), plan.areas.geometry))
    desk.settle()


def south_of(desk: Desk) -> float:
    return outline(desk).bounds[1] - NORTH


def test_a_traced_line_runs_along_the_road_between_two_clicks(at_work: Desk) -> None:
    bend_south(at_work, (20, -1), (180, -1))
    before = outline(at_work)
    at_work.take("trace", 1)
    at_work.tap(0.4, 0.02)
    at_work.tap(0.4, -0.14)
    at_work.hover(1.5, -0.14)
    assert at_work.canvas.overlay.shown("sketch")
    at_work.tap(1.5, -0.14)
    tool = at_work.window.desk.tools["trace"]
    assert shapely.distance(shapely.LineString(tool.points), shapely.Point(EAST + 100, NORTH - 17)) < 0.01
    count = len(tool.points)
    QTest.keyClick(at_work.canvas, Qt.Key.Key_Backspace)
    assert len(tool.points) < count - 1, "the whole stretch is taken back"
    at_work.tap(1.5, -0.14)
    assert tool.follows
    QTest.keyClick(at_work.canvas, Qt.Key.Key_T)
    assert not tool.follows, "T goes straight again"
    at_work.tap(1.5, 0.02)
    QTest.keyClick(at_work.canvas, Qt.Key.Key_Return)
    after = outline(at_work)
    tool.follows = True
    assert after.area - before.area > (1.5 - 0.4) * STEP * 15
    assert not after.intersects(shapely.Point(EAST + 100, NORTH - 18))


def test_a_side_is_made_straight_by_one_click(at_work: Desk) -> None:
    bend_south(at_work, (40, -12), (60, -5), (120, -5), (150, -14))
    kept = at_work.session.document.undo_stack.count()
    at_work.take("straighten", 1)
    told: list[Preview] = []
    at_work.canvas.previewed.connect(lambda value: told.append(value) if value else None)
    at_work.hover(0.8, -5 / STEP)
    assert at_work.canvas.overlay.shown("side")
    assert at_work.canvas.overlay.shown("side-new")
    at_work.until(lambda: bool(told))
    assert told[-1].fault is None
    before = outline(at_work)
    at_work.tap(0.8, -5 / STEP)
    after = outline(at_work)
    assert after.area > before.area
    south = shapely.get_coordinates(after)[shapely.get_coordinates(after)[:, 1] < NORTH - 1]
    line = shapely.LineString([south[south[:, 0].argmin()], south[south[:, 0].argmax()]])
    assert shapely.distance(line, shapely.points(south)).max() < 0.1, "one straight line"
    assert at_work.session.document.undo_stack.count() == kept + 1
    assert not at_work.canvas.overlay.shown("side")


def test_a_side_is_laid_along_the_road_by_one_click(at_work: Desk) -> None:
    document, plan = at_work.session.document, at_work.session.planner.plan
    line = [(EAST - 30, NORTH - 4), (EAST + 240, NORTH - 4)]
    document.apply(reshape(document.project, 1, shapely.LineString(line), plan.areas.geometry))
    assert south_of(at_work) == pytest.approx(-4, abs=0.01)
    at_work.take("along-road", 1)
    at_work.hover(0.9, -4 / STEP)
    at_work.tap(0.9, -4 / STEP)
    assert south_of(at_work) == pytest.approx(-17, abs=0.01), "the near edge of the road"
    assert outline(at_work).intersection(outline(at_work, 2)).area < 0.01


def test_a_side_goes_back_to_the_derived_line(at_work: Desk) -> None:
    derived = outline(at_work)
    document, plan = at_work.session.document, at_work.session.planner.plan
    line = [(EAST - 30, NORTH - 2), (EAST + 240, NORTH - 2)]
    document.apply(reshape(document.project, 1, shapely.LineString(line), plan.areas.geometry))
    assert outline(at_work).symmetric_difference(derived).area > 1000
    at_work.take("rederive", 1)
    at_work.tap(0.9, -2 / STEP)
    assert outline(at_work).symmetric_difference(derived).area < 5


def test_points_snap_to_the_edge_of_the_road(at_work: Desk) -> None:
    at_work.session.settings.snapping = True
    at_work.take("reshape", 1)
    port, reach = at_work.canvas.viewport(), at_work.canvas.view.resolution
    spot = at_work.canvas.pixel(EAST + 60, NORTH - 17 - 0.4 * reach)
    QTest.mouseClick(port, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, spot)
    (_, y), *_ = at_work.window.desk.tools["reshape"].points
    assert y - NORTH == pytest.approx(-17, abs=0.01)
    at_work.window.desk.tools["reshape"].clear()
