"""Files on the window: nothing is taken before the planner has seen the guesses; each can be overruled."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import openpyxl
import pytest
import shapely
from desk import Desk, town
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox

from renomap.desktop.dialogs.guesses import DECISION, SAMPLES, SURE
from renomap.desktop.dialogs.importing import ImportDialog
from renomap.desktop.verbs import areas, file
from renomap.model.note import GuessKind
from renomap.model.roles import Role
from renomap.store.projectfile import save


@pytest.fixture
def survey(tmp_path: Path) -> Path:
    """The town's neighbourhoods as a survey hands them over, and houses beside them."""
    frame = town(areas=False).layers[0].frame
    shapes = gpd.GeoDataFrame(
        {"小区名称": frame["name"], "户数": frame["households"], "代码": [f"C{i}" for i in frame.index]},
        geometry=frame.geometry, crs=frame.crs,
    )  # fmt: skip
    path = tmp_path / "普查.gpkg"
    shapes.to_file(path, layer="小区")
    houses = gpd.GeoDataFrame(
        {"层数": [6] * len(frame)}, geometry=frame.geometry.centroid.buffer(8), crs=frame.crs
    )
    houses.to_file(path, layer="楼栋")
    return path


def shown(desk: Desk) -> ImportDialog:
    dialog = next(each for each in desk.window.findChildren(ImportDialog) if each.isVisible())
    desk.until(lambda: not desk.session.runner.jobs)
    return dialog


def test_nothing_is_taken_before_it_is_accepted(desk: Desk, survey: Path) -> None:
    file.open_paths(desk.window.desk, [survey])
    dialog = shown(desk)
    assert desk.session.document.project is None
    assert dialog.guesses.topLevelItemCount() >= 2
    role = dialog.guesses.row(GuessKind.ROLE, "小区")
    assert "小区" in role.text(DECISION)
    assert role.text(2).endswith("%")
    field = dialog.guesses.row(GuessKind.FIELD, "户数")
    dialog.guesses.setCurrentItem(field)
    assert "户数" in dialog._evidence.text()
    assert "--field" not in dialog._evidence.text()
    assert "--" not in dialog.page.toPlainText()
    dialog.reject()
    assert desk.session.document.project is None
    assert desk.session.document.path is None


def test_a_guess_is_overruled_by_reading_again(desk: Desk, survey: Path) -> None:
    file.open_paths(desk.window.desk, [survey])
    dialog = shown(desk)
    dialog.guesses.decide(dialog.guesses.row(GuessKind.ROLE, "楼栋"), "none")
    dialog.guesses.decide(dialog.guesses.row(GuessKind.FIELD, "户数"), "none")
    assert not dialog._accept.isEnabled()
    assert dialog.again.isEnabled()
    dialog.accept()
    assert desk.session.document.project is None
    dialog.again.click()
    desk.until(lambda: not desk.session.runner.jobs)
    assert dialog.guesses.row(GuessKind.FIELD, "户数").text(2) == "已更正"
    dialog.accept()
    desk.until(lambda: desk.session.document.project is not None)
    desk.settle()
    project = desk.session.document.project
    assert [layer.role for layer in project.layers] == [Role.NEIGHBOURHOODS]
    assert project.layers[0].frame["households"].isna().all()


def test_an_answer_can_be_taken_back(desk: Desk, survey: Path) -> None:
    file.open_paths(desk.window.desk, [survey])
    dialog = shown(desk)
    dialog.guesses.decide(dialog.guesses.row(GuessKind.ROLE, "楼栋"), "reference")
    dialog.read()
    desk.until(lambda: not desk.session.runner.jobs)
    dialog.guesses.decide(dialog.guesses.row(GuessKind.ROLE, "楼栋"), "auto")
    dialog.read()
    desk.until(lambda: not desk.session.runner.jobs)
    assert {layer.role for layer in dialog.offer.project.layers} == {Role.NEIGHBOURHOODS, Role.BUILDINGS}
    assert dialog.guesses.row(GuessKind.ROLE, "楼栋").text(2).endswith("%")
    dialog.reject()


def test_enter_opens_the_list_of_answers(desk: Desk, survey: Path) -> None:
    file.open_paths(desk.window.desk, [survey])
    dialog = shown(desk)
    dialog.guesses.setCurrentItem(dialog.guesses.row(GuessKind.ROLE, "楼栋"))
    dialog.guesses.setFocus()
    QTest.keyClick(dialog.guesses, Qt.Key.Key_Return)
    (box,) = dialog.guesses.viewport().findChildren(QComboBox)
    QApplication.processEvents()
    box.hidePopup()
    box.setCurrentIndex(box.findData("reference"))
    box.activated.emit(box.currentIndex())
    QApplication.processEvents()
    assert dialog.options.roles
    assert not dialog._accept.isEnabled()
    dialog.reject()


def test_a_corrected_survey_joins_as_one_step(desk: Desk, survey: Path, tmp_path: Path) -> None:
    desk.open(town())
    before = desk.session.document.project
    frame = gpd.read_file(survey, layer="小区").iloc[1:].copy()
    frame.loc[2, "小区名称"] = "新名小区"
    frame.loc[3, "户数"] = 500
    corrected = tmp_path / "复核.gpkg"
    frame.to_file(corrected, layer="小区")
    file.import_paths(desk.window.desk, [corrected], joins=True)
    dialog = shown(desk)
    assert dialog.tabs.isTabVisible(2)
    heads = [dialog.changes.topLevelItem(at).text(0) for at in range(dialog.changes.topLevelItemCount())]
    assert "移除 1 个小区" in heads
    assert "更名 1 个小区" in heads
    assert desk.session.document.project is before
    dialog.accept()
    desk.settle()
    after = desk.session.document.project
    assert len(after.neighbourhoods.frame) == 11
    assert after.neighbourhoods.frame.loc[3, "households"] == 500
    assert after.scheme.assignment[3] == before.scheme.assignment[3]
    assert desk.session.document.undo_stack.count() == 1
    assert "复核.gpkg" in desk.session.document.undo_stack.undoText()
    desk.session.document.undo_stack.undo()
    assert desk.session.document.project.neighbourhoods.frame.equals(before.neighbourhoods.frame)
    desk.settle()


def test_an_inventory_joins_the_open_project(desk: Desk, tmp_path: Path) -> None:
    desk.open(town())
    book = openpyxl.Workbook()
    book.active.append(["小区名称", "户数", "停车位"])
    for at in range(12):
        book.active.append([f"小区{at}", 700 + at, 30])
    path = tmp_path / "台账.xlsx"
    book.save(path)
    file.open_paths(desk.window.desk, [path], joins=True)
    dialog = shown(desk)
    assert dialog.joins
    dialog.accept()
    desk.settle()
    frame = desk.session.document.project.neighbourhoods.frame
    assert frame["households"].tolist() == [700.0 + at for at in range(12)]
    assert frame["parking_spaces"].tolist() == [30.0] * 12


def test_the_target_can_be_changed_and_is_read_again(desk: Desk, survey: Path) -> None:
    desk.open(town())
    file.import_paths(desk.window.desk, [survey], joins=True)
    dialog = shown(desk)
    assert dialog.offer.base is desk.session.document.project
    dialog.as_new.setChecked(True)
    desk.until(lambda: not desk.session.runner.jobs)
    assert dialog.offer.base is None
    assert not dialog.tabs.isTabVisible(2)
    dialog.reject()


def test_a_project_that_went_on_meanwhile_is_joined_anew(desk: Desk, survey: Path) -> None:
    desk.open(town())
    file.import_paths(desk.window.desk, [survey], joins=True)
    dialog = shown(desk)
    areas.copy_scheme(desk.window.desk)
    dialog.accept()
    assert dialog.isVisible()
    desk.until(lambda: not desk.session.runner.jobs and dialog.offer is not None)
    dialog.accept()
    assert len(desk.session.document.project.schemes) == 2
    assert desk.session.document.undo_stack.count() == 2
    desk.settle()


def test_a_question_is_asked_and_answered(desk: Desk, tmp_path: Path) -> None:
    frame = town(areas=False).layers[0].frame[["name", "geometry"]]
    path = tmp_path / "无坐标系.shp"
    frame.to_file(path)
    path.with_suffix(".prj").unlink()
    file.open_paths(desk.window.desk, [path])
    dialog = shown(desk)
    if dialog.offer is None:
        pytest.fail(dialog._told.text())
    question = dialog.offer.question
    assert question is not None
    assert not dialog._accept.isEnabled()
    row = dialog.guesses.row(question.guess.kind, "")
    dialog.guesses.decide(row, "EPSG:4547")
    dialog.again.click()
    desk.until(lambda: not desk.session.runner.jobs)
    assert dialog.offer.project.crs == "EPSG:4547"
    dialog.reject()


def test_local_coordinates_are_placed_by_control_points(desk: Desk, tmp_path: Path) -> None:
    frame = town(areas=False).layers[0].frame[["name", "geometry"]]
    local = frame.set_geometry(frame.translate(-399_000.0, -3_099_500.0))
    path = tmp_path / "自定坐标.shp"
    local.to_file(path)
    path.with_suffix(".prj").unlink()
    ends = frame.geometry.centroid.iloc[[0, 3, 11]]
    places = ends.to_crs("EPSG:4490")
    lines = [
        f"{at.x - 399_000.0:.3f},{at.y - 3_099_500.0:.3f},{on.x:.9f},{on.y:.9f}"
        for at, on in zip(ends, places, strict=True)
    ]
    points = tmp_path / "控制点.csv"
    points.write_text("x,y,经度,纬度\n" + "\n".join(lines) + "\n", encoding="utf-8")
    file.open_paths(desk.window.desk, [path])
    dialog = shown(desk)
    question = dialog.offer.question
    assert question is not None
    assert "--control" not in dialog._told.text()
    dialog.guesses.setCurrentItem(dialog.guesses.row(question.guess.kind, ""))
    assert dialog.control.isEnabled()
    dialog.give_control(points)
    assert not dialog._accept.isEnabled()
    dialog.again.click()
    desk.until(lambda: not desk.session.runner.jobs)
    assert dialog.offer is not None, dialog._told.text()
    placed = dialog.offer.project.layers[0].frame.to_crs("EPSG:4547").geometry.centroid
    assert placed.distance(frame.geometry.centroid.set_axis(placed.index)).max() < 0.5
    dialog.reject()


def test_a_project_file_opens_without_a_dialog(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "项目.gpkg"
    save(town(), path)
    file.open_paths(desk.window.desk, [path], joins=True)
    desk.until(lambda: desk.session.document.path == path)
    assert desk.window.findChildren(ImportDialog) == []
    desk.settle()


def test_a_read_only_project_takes_nothing_in(desk: Desk, tmp_path: Path, survey: Path) -> None:
    from renomap.store.lock import Lock

    path = tmp_path / "项目.gpkg"
    save(town(), path)
    lock = Lock(path)
    file.open_paths(desk.window.desk, [path])
    desk.until(lambda: desk.session.document.path == path)
    desk.settle()
    assert desk.session.document.holder is not None
    action = desk.window.actions_.by_code["import-data"]
    desk.until(lambda: not action.isEnabled())
    assert str(desk.session.document.holder.params.get("who", "")) in action.toolTip()
    file.import_paths(desk.window.desk, [survey], joins=True)
    dialog = shown(desk)
    assert not dialog.joins
    assert not dialog.as_part.isEnabled()
    dialog.reject()
    lock.release()


def test_a_survey_of_another_place_is_offered_as_a_new_project(desk: Desk, survey: Path) -> None:
    """Joined, it would take every neighbourhood of the open project out of its areas."""
    project = town()
    layer = project.layers[0]
    far = layer.frame.set_geometry(layer.frame.geometry.translate(9_000, 5_000))
    far = far.assign(name=[f"别处{i}" for i in far.index])
    desk.open(project.with_layer(replace(layer, frame=far)))
    file.open_paths(desk.window.desk, [survey], joins=True)
    dialog = shown(desk)
    desk.until(lambda: not dialog.joins and dialog.offer is not None)
    assert dialog.offer is not None
    assert dialog.offer.base is None
    assert desk.session.speech("window.importing.elsewhere") in dialog._told.text()
    dialog.as_part.setChecked(True)  # whoever wants it all the same
    desk.until(lambda: dialog.offer is not None)
    assert dialog.joins
    assert desk.session.speech("window.importing.elsewhere") not in dialog._told.text()
    dialog.reject()


def test_giving_up_the_question_about_unsaved_work_keeps_the_dialog_and_its_corrections(
    desk: Desk, survey: Path
) -> None:
    desk.open(town())
    desk.take("paint", 1)
    desk.drag(desk.place(2), desk.place(2))
    answers = ["stay", "drop"]
    desk.window.desk.ask_unsaved = lambda: answers.pop(0)  # type: ignore[method-assign]
    file.open_paths(desk.window.desk, [survey])
    dialog = next(each for each in desk.window.findChildren(ImportDialog) if each.isVisible())
    desk.until(lambda: dialog.offer is not None and dialog.offer.project is not None)
    before = desk.session.document.project
    dialog.accept()
    assert dialog.isVisible()
    assert desk.session.document.project is before
    dialog.accept()
    assert answers == []
    desk.until(lambda: desk.session.document.project is not before)
    desk.settle()


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """Neighbourhoods whose households stand under a name of nobody, and houses without storeys."""
    frame = town(areas=False).layers[0].frame
    shapes = gpd.GeoDataFrame(
        {"小区名称": frame["name"], "登记": [f"{n:g}户" for n in frame["households"]], "楼龄": "不详"},
        geometry=frame.geometry, crs=frame.crs,
    )  # fmt: skip
    path = tmp_path / "自有.gpkg"
    shapes.to_file(path, layer="小区")
    houses = gpd.GeoDataFrame({"编号": range(len(frame))}, geometry=frame.geometry.centroid, crs=frame.crs)
    houses.geometry = [shapely.box(p.x - 37, p.y - 10, p.x + 37, p.y + 10) for p in houses.geometry]
    houses.to_file(path, layer="楼栋")
    return path


def test_what_is_vital_stands_on_the_first_tab_with_its_remedy(desk: Desk, bare: Path) -> None:
    """Households blank: the strip names them, offers the column with its samples, and takes it at once."""
    file.open_paths(desk.window.desk, [bare])
    dialog = shown(desk)
    assert dialog.tabs.currentIndex() == 0
    assert dialog.vital.isVisible()
    assert "12 个小区中有 12 个户数不详" in dialog.vital.text
    box = dialog.vital.boxes["households"]
    at = next(at for at in range(box.count()) if box.itemText(at).startswith("登记"))
    assert box.itemText(at) == "登记（100户、101户、102户）"
    box.activated.emit(at)
    desk.until(lambda: not desk.session.runner.jobs)
    assert dialog.offer.project.neighbourhoods.frame["households"].tolist() == [100.0 + n for n in range(12)]
    assert "户数不详" not in dialog.vital.text
    assert "建成年代不详" in dialog.vital.text
    dialog.reject()


def test_an_assumption_estimates_households_and_is_taken_back(desk: Desk, bare: Path) -> None:
    """74 m x 20 m of six storeys at 74 m2 a household: 120 in each, flagged; taken back they are unknown."""
    file.open_paths(desk.window.desk, [bare])
    dialog = shown(desk)
    dialog.vital.estimate.click()
    desk.until(lambda: not desk.session.runner.jobs)
    frame = dialog.offer.project.neighbourhoods.frame
    assert set(frame["households"]) == {120.0}
    assert set(frame["households_flag"]) == {"estimated"}
    assert dialog.offer.project.layers[1].frame["floors"].isna().all()
    assert "按 6 层假设" in dialog.page.toPlainText()
    dialog.vital.estimate.click()
    desk.until(lambda: not desk.session.runner.jobs)
    assert dialog.offer.project.neighbourhoods.frame["households"].isna().all()
    dialog.reject()


def test_an_unread_column_shows_samples_and_no_certainty(desk: Desk, bare: Path) -> None:
    file.open_paths(desk.window.desk, [bare])
    dialog = shown(desk)
    row = dialog.guesses.row(GuessKind.FIELD, "登记")
    assert (row.text(DECISION), row.text(SURE), row.text(SAMPLES)) == ("不读取", "", "100户、101户、102户")
    assert dialog.guesses.row(GuessKind.FIELD, "小区名称").text(SURE).endswith("%")
    dialog.reject()


def test_a_long_list_of_answers_is_searched(desk: Desk, bare: Path) -> None:
    """Typing 户数 leaves what holds it; a part of a word decides nothing."""
    file.open_paths(desk.window.desk, [bare])
    dialog = shown(desk)
    tree = dialog.guesses
    tree.setCurrentItem(tree.row(GuessKind.FIELD, "登记"))
    tree.setFocus()
    QTest.keyClick(tree, Qt.Key.Key_Return)
    (box,) = tree.viewport().findChildren(QComboBox)
    assert box.isEditable()
    completer = box.completer()
    completer.setCompletionPrefix("户数")
    found = [completer.completionModel().index(n, 0).data() for n in range(completer.completionCount())]
    assert "户数" in found
    assert all("户数" in each for each in found)
    box.setEditText("户")
    tree.commitData(box)
    assert not dialog.options.fields
    dialog.reject()
