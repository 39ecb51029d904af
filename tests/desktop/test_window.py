"""The hand on the real window: choosing, zooming, dropping, speaking, saving."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest
from desk import EAST, NORTH, STEP, Desk, town
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolButton
from pytestqt.qtbot import QtBot

from renomap.desktop.action_table import ROWS
from renomap.desktop.dialogs.grouping import GroupingDialog
from renomap.desktop.dialogs.importing import ImportDialog
from renomap.desktop.dialogs.report import ImportReport
from renomap.desktop.verbs import analysis, areas, edit, file
from renomap.model.note import Note, Severity
from renomap.store.projectfile import open_project, save
from renomap.wording.catalogue import words


def test_a_click_chooses_on_map_and_in_list(desk: Desk) -> None:
    desk.open(town())
    desk.click(6)
    chosen = desk.session.document.selection
    assert (chosen.fids, chosen.area) == (frozenset({6}), 2)
    rows = desk.window.areas.table.selectionModel().selectedRows()
    assert [index.data() for index in rows] == ["东片区"]
    assert "小区6" in desk.window.facts.page.toPlainText()
    index = desk.window.areas.table.model().index(0, 0)
    desk.window.areas.table.setCurrentIndex(index)
    assert (desk.session.document.selection.fids, desk.session.document.selection.area) == (frozenset(), 1)
    assert desk.canvas.overlay.shown("area")
    assert "西片区" in desk.window.facts.page.toPlainText()


def test_shift_adds_ctrl_toggles_nothing_clears(desk: Desk) -> None:
    desk.open(town())
    desk.click(0)
    desk.click(1, Qt.KeyboardModifier.ShiftModifier)
    desk.click(2, Qt.KeyboardModifier.ControlModifier)
    desk.click(0, Qt.KeyboardModifier.ControlModifier)
    assert desk.session.document.selection.fids == {1, 2}
    QTest.mouseClick(desk.canvas.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(3, 3))
    assert desk.session.document.selection.fids == frozenset()


@pytest.mark.parametrize(("rightwards", "expected"), [(True, {1, 2}), (False, {0, 1, 2, 3})])
def test_a_box_takes_what_is_inside_or_what_it_meets(
    desk: Desk, rightwards: bool, expected: set[int]
) -> None:
    desk.open(town())
    left = desk.canvas.pixel(EAST + 50, NORTH - 20)
    right = desk.canvas.pixel(EAST + 3 * STEP + 50, NORTH + 104)
    start, end = (left, right) if rightwards else (right, left)
    desk.drag(start, QPoint((start.x() + end.x()) // 2, end.y()), end)
    assert desk.session.document.selection.fids == expected
    assert not desk.canvas.overlay.shown("box")


def test_dragging_with_select_changes_nothing(desk: Desk) -> None:
    desk.open(town())
    project = desk.session.document.project
    for fid in range(12):
        desk.drag(desk.place(fid), desk.place((fid + 5) % 12), desk.place((fid + 7) % 12))
    assert desk.session.document.project is project


@pytest.mark.parametrize("notches", [1, -1, 3])
def test_the_wheel_keeps_the_point_under_the_pointer(desk: Desk, notches: int) -> None:
    desk.open(town())
    at = QPointF(173.0, 91.0)
    before = desk.canvas.view.to_map(at.x(), at.y())
    resolution = desk.canvas.view.resolution
    turned = QPoint(0, 120 * notches)
    none = Qt.KeyboardModifier.NoModifier
    event = QWheelEvent(
        at, desk.canvas.viewport().mapToGlobal(at), QPoint(), turned, Qt.MouseButton.NoButton, none,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(desk.canvas.viewport(), event)
    assert desk.canvas.view.to_map(at.x(), at.y()) == pytest.approx(before, abs=1e-6)
    assert desk.canvas.view.resolution == pytest.approx(resolution / 1.25**notches)
    desk.settle()


def test_middle_button_and_space_pan(desk: Desk) -> None:
    desk.open(town())
    for key in (None, Qt.Key.Key_Space):
        x, y = desk.canvas.view.centre
        button = Qt.MouseButton.LeftButton if key else Qt.MouseButton.MiddleButton
        if key:
            desk.canvas.setFocus()
            QTest.keyPress(desk.canvas, key)
        desk.drag(QPoint(200, 200), QPoint(230, 190), QPoint(260, 180), button=button)
        if key:
            QTest.keyRelease(desk.canvas, key)
        step = desk.canvas.view.resolution
        assert desk.canvas.view.centre == pytest.approx((x - 60 * step, y - 20 * step))
    assert desk.session.document.selection.fids == frozenset()


def drop(desk: Desk, *paths: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    event = QDropEvent(
        QPointF(300, 300),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    desk.window.dropEvent(event)


def test_a_dropped_project_opens_and_saves(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "规划 一科" / "项目.gpkg"
    path.parent.mkdir()
    save(town(), path)
    drop(desk, path)
    desk.until(lambda: desk.session.document.project is not None)
    desk.settle()
    assert desk.session.document.path == path
    assert desk.window.windowTitle().startswith("项目.gpkg")
    assert desk.session.settings.recent == [str(path)]
    renamed = desk.session.document.project
    scheme = renamed.schemes[0]
    changed = renamed.with_scheme(replace(scheme, assignment=scheme.assignment.replace(2, 1)))
    desk.session.document.apply_project(changed, "change.test")
    assert desk.window.isWindowModified()
    file.save(desk.window.desk)
    desk.until(lambda: not desk.session.document.is_changed)
    assert set(open_project(path).schemes[0].assignment) == {1}


def test_dropped_source_files_become_an_unsaved_project(desk: Desk, tmp_path: Path) -> None:
    source = tmp_path / "小区.geojson"
    frame = town(areas=False).layers[0].frame[["name", "households", "geometry"]]
    frame.to_crs("EPSG:4326").to_file(source, driver="GeoJSON")
    drop(desk, source)
    desk.take_import()
    desk.until(lambda: desk.session.document.project is not None)
    desk.settle()
    assert len(desk.session.planner.plan.neighbourhoods) == 12
    assert desk.session.document.path is None


def test_a_bad_file_is_a_sentence(desk: Desk, tmp_path: Path) -> None:
    bad = tmp_path / "bad.shp"
    bad.write_text("no shapes", encoding="utf-8")
    drop(desk, bad)
    dialog = desk.window.findChild(ImportDialog)
    desk.until(lambda: not desk.session.runner.jobs)
    assert "bad.shp" in dialog._told.text()
    assert not dialog._accept.isEnabled()
    dialog.reject()


def test_the_language_is_switched_everywhere(desk: Desk) -> None:
    desk.open(town())
    desk.click(6)
    assert desk.window.menuBar().actions()[0].text() == "文件(&F)"
    desk.window.actions_.by_code["english"].trigger()
    desk.settle()
    texts = [action.text() for action in desk.window.menuBar().actions()]
    assert texts[0] == "&File"
    for action in desk.window.actions_.by_code.values():
        assert all(ord(letter) < 0x2E80 for letter in action.text()) or action.text() == "中文"
    assert desk.session.settings.language == "en"
    assert "Neighbourhood" in desk.window.facts.page.toPlainText()
    desk.window.actions_.by_code["chinese"].trigger()
    assert desk.window.windowTitle().startswith("未命名")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_action_has_words_and_a_function(desk: Desk, language: str) -> None:
    for row in ROWS:
        assert f"window.action.{row.code}" in words(language)
        assert callable(row.does)
    codes = {row.code for row in ROWS if isinstance(row.does, partial)}
    assert codes == desk.window.desk.tools.keys()  # each tool has its action, and the other way round


def test_a_disabled_action_says_why(desk: Desk) -> None:
    group = desk.window.actions_.by_code["group"]
    assert not group.isEnabled()
    assert "请先载入小区" in group.toolTip()
    desk.open(town())
    assert group.isEnabled()


def test_grouping_is_one_undo_step(desk: Desk) -> None:
    desk.open(town(areas=False))
    assert desk.session.planner.plan.areas.empty
    dialog = GroupingDialog(desk.session, desk.session.document.project, desk.window)
    dialog.count.setCurrentIndex(dialog.count.findData("exact"))
    dialog.exact.setValue(2)
    dialog.run()
    desk.until(lambda: dialog.found is not None, 200)
    found = dialog.found
    dialog.accept()
    areas.take(desk.window.desk, found.project, found.scheme)
    desk.settle()
    assert desk.session.document.undo_stack.count() == 1
    assert len(desk.session.planner.plan.areas) == 2
    assert "自动划定" in desk.session.document.undo_stack.undoText()
    edit.undo(desk.window.desk)
    desk.settle()
    assert desk.session.planner.plan.areas.empty


def test_the_chart_chooses_the_gap(desk: Desk) -> None:
    desk.open(town(areas=False))
    dialog = GroupingDialog(desk.session, desk.session.document.project, desk.window)
    dialog.show()
    desk.until(lambda: not dialog.chart._rows.empty)
    rows = dialog.chart._rows.set_index("gap_m")
    assert (rows.loc[0, "scattered"], rows.loc[12, "pieces"]) == (12, 1)  # 10 m between the squares
    QTest.mouseClick(dialog.chart, Qt.MouseButton.LeftButton, pos=dialog.chart.bar_box(2).center().toPoint())
    assert dialog.options().gap_m == 12
    dialog.chart.setFocus()
    QTest.keyClick(dialog.chart, Qt.Key.Key_Right)
    assert dialog.options().gap_m == 20
    dialog.reject()


def test_problems_are_walked_and_mended(desk: Desk) -> None:
    project = town()
    scheme = project.schemes[0]
    torn = scheme.assignment.copy()
    torn.loc[0] = 2
    desk.open(project.with_scheme(replace(scheme, assignment=torn)))
    codes = [problem.code for problem in desk.session.planner.problems]
    assert any(code.startswith("editing.torn") for code in codes)
    analysis.next_problem(desk.window.desk)
    assert desk.session.document.selection.fids == {0}
    assert desk.window.problems.fix.isVisible()
    desk.window.problems.fix.click()
    desk.settle()
    assert desk.session.document.project.schemes[0].assignment.loc[0] == 1
    assert not any(problem.code.startswith("editing.torn") for problem in desk.session.planner.problems)


def test_the_import_report_names_layers_and_remarks(desk: Desk) -> None:
    params = {"gap": 30, "gap_road": 60, "frontage": "10"}
    note = Note("steps.gap-used", params, Severity.GUESS, confidence=0.8)
    dialog = ImportReport(replace(town(), notes=(note,)), desk.session.speech, desk.window)
    text = dialog.page.toPlainText()
    assert "EPSG:4547" in text
    assert "小区" in text
    assert "80%" in text


def test_themes_change_the_picture(desk: Desk) -> None:
    desk.open(town())
    pictures = []
    for code in ("areas", "deficit:elder_care", "year", "eligibility"):
        desk.window.bar.themes.setCurrentIndex(desk.window.bar.themes.findData(code))
        desk.window.bar.themes.activated.emit(desk.window.bar.themes.currentIndex())
        desk.settle()
        pictures.append(desk.canvas.picture.image.copy())
    assert all(a != b for a, b in pairwise(pictures))


def test_a_rest_shows_the_tag(desk: Desk) -> None:
    desk.open(town())
    QTest.mouseMove(desk.canvas.viewport(), desk.place(5))
    desk.until(desk.window.hover.isVisible, 5)
    text = desk.window.hover.text.text()
    assert "小区5" in text
    assert "105" in text


def test_closing_the_project_leads_to_the_start_page(desk: Desk, tmp_path: Path) -> None:
    desk.open(town())
    file.close(desk.window.desk)
    assert desk.session.document.project is None
    assert desk.window.start_page.isVisible()
    assert not list((tmp_path / "data" / "unsaved").iterdir())


def test_the_window_fits_a_small_screen_when_it_is_shown(desk: Desk) -> None:
    room = desk.window.screen().availableGeometry()
    desk.window.resize(room.width() + 300, room.height() + 300)
    desk.window.keep_inside()
    assert desk.window.width() < room.width()
    assert desk.window.height() < room.height()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_hides_behind_the_arrow_of_the_toolbar(desk: Desk, language: str) -> None:
    desk.open(town())
    desk.window.desk.speak(language)
    bar = desk.window.bar
    arrow = bar.findChild(QToolButton, "qt_toolbar_ext_button")
    worded = bar.widgetForAction(desk.window.actions_.by_code["pack"])
    for width, says in ((1366, True), (1280, False), (911, False)):
        desk.window.resize(width, 512)
        QTest.qWait(20)
        assert not arrow.isVisible()
        assert bar.themes.geometry().right() < bar.width()
        assert (worded.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonTextBesideIcon) == says
    desk.settle()


def test_a_problem_says_what_to_do_in_the_window_and_not_at_a_command_line(desk: Desk) -> None:
    params = {"layer": "buildings", "overrule": "--field A.B=floors"}
    note = Note("sources.no-storeys", params, Severity.WARNING)
    desk.open(replace(town(), notes=(note,)))
    listed = desk.window.problems.list
    told = [listed.item(row).text() for row in range(listed.count())]
    assert any("重新载入时在“推断与更正”中更正" in text for text in told)
    assert not any("--field" in text for text in told)


def test_the_map_keeps_room_beside_docks_that_a_larger_window_had(desk: Desk) -> None:
    desk.window.resize(1600, 900)
    desk.window.docks.reset()
    desk.window.resize(911, 512)
    desk.open(town())
    assert desk.canvas.width() >= 0.36 * desk.window.width()


def test_a_closed_window_no_longer_listens_to_its_session(qtbot: QtBot, tmp_path: Path) -> None:
    """A slot called on a deleted widget is a traceback on leaving; the session outlives its window."""
    desk = Desk(tmp_path)
    desk.close()
    document = desk.session.document
    document.undo_stack.cleanChanged.emit(False)
    document.named.emit()
    desk.session.keeper.recovery_offered.emit(0)
    assert desk.faults == []
