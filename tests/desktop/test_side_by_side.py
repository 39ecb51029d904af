"""Two schemes side by side: the maps move as one, a line of the lists is flown to, an area is taken over."""

from __future__ import annotations

from dataclasses import replace

import pytest
from desk import Desk, town
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from renomap.desktop.canvas import twinlegend
from renomap.desktop.dialogs.versions import VersionsDialog
from renomap.desktop.panels.differences import AREAS, MOVED
from renomap.desktop.verbs import versions
from renomap.editing.assign import paint
from renomap.session.comparing import FILE, Source
from renomap.store import projectfile


@pytest.fixture
def compared(desk: Desk) -> Desk:
    """方案一 in the window (0, 1, 4, 5, 8, 9 west) beside 方案二, where 1 is east and 9 in none."""
    project = town()
    scheme = project.schemes[0]
    moved = scheme.assignment.copy()
    moved[[1, 9]] = [2, 0]
    other = replace(scheme, key="s2", title="方案二", assignment=moved)
    desk.open(project.with_scheme(other, active=False))
    assert desk.window.options.isVisible()
    desk.window.actions_.by_code["compare"].trigger()
    wait(desk)
    return desk


def wait(desk: Desk) -> None:
    """Until the comparison is that of the project of now."""
    document, comparing = desk.session.document, desk.session.comparing

    def there() -> bool:
        return comparing.adoption is not None and comparing.adoption.ours.project is document.project

    desk.until(there)


def choose(desk: Desk, code: str, row: int) -> None:
    lists = desk.window.comparison.lists
    view = lists.views[code]
    lists.tabs.setCurrentWidget(view)
    view.setCurrentIndex(view.model().index(row, 0))
    view.clicked.emit(view.currentIndex())


def texts(desk: Desk, code: str) -> list[list[str]]:
    model = desk.window.comparison.lists.views[code].model()
    return [
        [model.data(model.index(row, column)) for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def test_what_differs_is_listed_and_both_maps_fly_there(compared: Desk) -> None:
    page = compared.window.comparison
    assert page.isVisible()
    assert not compared.window.docks.by_code["areas"].isVisible()
    assert not compared.window.options.isVisible()
    assert texts(compared, MOVED) == [
        ["小区1", "101", "西片区", "东片区"],
        ["小区9", "109", "西片区", "未划入"],
    ]
    assert [row[0] for row in texts(compared, AREAS)] == ["调整", "调整"]
    before = page.maps.view
    choose(compared, MOVED, 1)
    assert compared.session.document.selection.fids == {9}
    assert page.maps.view.resolution < before.resolution
    choose(compared, AREAS, 1)
    assert compared.session.document.selection.area == 2
    assert all(not side.marks["area"].isEmpty() for side in page.maps.sides)


def test_the_two_maps_have_one_view_one_hover_and_one_choice(compared: Desk) -> None:
    maps = compared.window.comparison.maps
    right = QPoint(round(maps.width() * 0.75), maps.height() // 2)
    before = maps.view.resolution
    wheel = QWheelEvent(
        QPointF(right), QPointF(maps.mapToGlobal(right)), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(maps, wheel)
    assert maps.view.resolution == pytest.approx(before / 1.25)
    maps.fit()
    assert compared.session.planner.plan is not None
    middle = compared.session.planner.plan.neighbourhoods.geometry[6].centroid
    x, y = maps.view.to_screen(middle.x, middle.y)
    for left in (0.0, maps._frames()[1][1]):
        at = QPoint(round(left + x), round(y))
        QTest.mouseMove(maps, at)
        compared.until(lambda: all(not side.marks["hover"].isEmpty() for side in maps.sides))
        compared.session.document.select()
        QTest.mouseClick(maps, Qt.MouseButton.LeftButton, pos=at)
        assert compared.session.document.selection.fids == {6}
    compared.window.comparison.swipe.setChecked(True)
    assert maps.view.size[0] == maps.width()
    start = QPoint(maps.width() // 2, maps.height() // 2)
    QTest.mousePress(maps, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(maps, start + QPoint(100, 0))
    QTest.mouseRelease(maps, Qt.MouseButton.LeftButton, pos=start + QPoint(100, 0))
    assert maps.bar == pytest.approx((start.x() + 100) / maps.width(), abs=0.01)


def test_taking_over_is_one_step_and_leaving_brings_everything_back(compared: Desk) -> None:
    document, lists = compared.session.document, compared.window.comparison.lists
    assert document.project is not None
    before = document.project.schemes[0].assignment
    choose(compared, AREAS, 1)
    lists.adopt.click()
    wait(compared)
    assert document.undo_stack.count() == 1
    assert document.project.schemes[0].assignment[1] == 2
    assert [row[0] for row in texts(compared, MOVED)] == ["小区9"]
    choose(compared, MOVED, 0)
    lists.adopt.click()
    wait(compared)
    assert texts(compared, MOVED) == []
    assert not lists.adopt.isEnabled()
    document.undo_stack.undo()
    document.undo_stack.undo()
    assert document.project.schemes[0].assignment.equals(before)
    QTest.keyClick(compared.window.comparison, Qt.Key.Key_Escape)
    compared.settle()
    assert compared.canvas.isVisible()
    assert compared.window.docks.by_code["areas"].isVisible()
    assert compared.window.options.isVisible()


def test_another_file_and_one_that_is_no_project(compared: Desk, tmp_path) -> None:  # type: ignore[no-untyped-def]
    project = compared.session.document.project
    assert project is not None
    path = tmp_path / "五月.gpkg"
    projectfile.save(replace(project, active="s2"), path)
    comparing = compared.session.comparing
    comparing.start(Source(FILE, str(path)))
    wait(compared)
    assert comparing.adoption is not None
    assert comparing.adoption.found.two == "五月：方案二"
    comparing.start(Source(FILE, str(tmp_path / "none.gpkg")))
    while not compared.faults:
        QTest.qWait(5)
    assert [type(fault).__name__ for fault in compared.faults] == ["RenomapError"]
    compared.faults.clear()
    assert comparing.source is None
    assert compared.canvas.isVisible()


def test_what_has_changed_since_a_version_and_back_to_it(desk: Desk) -> None:
    desk.open(town())
    window, document = desk.window, desk.session.document
    window.desk.ask_text = lambda title, question, text, then: then("五月会议")  # type: ignore[method-assign]
    window.actions_.by_code["keep-version"].trigger()
    assert document.project is not None
    kept = document.project.schemes[0]
    document.apply(paint(document.project, [1], 2))
    desk.settle()
    window.actions_.by_code["versions"].trigger()
    dialog = next(each for each in window.findChildren(VersionsDialog) if each.isVisible())
    assert dialog.list.topLevelItem(0).text(1) == "五月会议"
    dialog.compare.click()
    wait(desk)
    assert window.comparison.other.currentText().startswith("五月会议（")
    assert texts(desk, MOVED) == [["小区1", "101", "东片区", "西片区"]]
    steps = document.undo_stack.index()
    versions.go_back(window.desk, "version_1")
    wait(desk)
    assert document.undo_stack.index() == steps + 1
    assert document.project.schemes[0].assignment.equals(kept.assignment)
    assert texts(desk, MOVED) == []
    assert len(document.project.versions) == 2


def test_one_legend_names_what_either_map_shows_once_and_what_moved(compared: Desk) -> None:
    maps = compared.window.comparison.maps
    compared.until(lambda: all(side.picture is not None for side in maps.sides))
    legends = [side.picture.legend for side in maps.sides]
    groups = twinlegend.both(legends, "归属变化的小区", "#7a1fa2")
    texts = [line.text for _, lines in groups for line in lines]
    assert len(texts) == len(set(texts))
    assert texts[-1] == "归属变化的小区"
    assert not any("(" in text for text in texts)  # counts are of one map
    assert {line.entry.text for legend in legends for _, lines in legend for line in lines} <= set(texts)
    maps.grab()
    place = maps.legend_place
    assert place is None or maps.rect().contains(place.toRect())
    assert twinlegend.both([], "归属变化的小区", "#7a1fa2") == []
