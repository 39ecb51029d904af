"""The dock of the programme: an invitation first, then tables that are typed into and pasted to."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from desk import Desk, town
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMessageBox

from renomap.desktop.panels.programme import ProgrammePanel
from renomap.desktop.panels.programme_model import NEW
from renomap.errors import RenomapError
from renomap.model.programme_columns import Stage
from renomap.model.project import Project

KEPT = Qt.ItemDataRole.EditRole


def without_fid_0(project: Project) -> Project:
    """The town with ids from 1 on, as imports give them."""
    (layer,), (scheme,) = project.layers, project.schemes
    frame = layer.frame.set_axis(layer.frame.index + 1)
    assignment = scheme.assignment.set_axis(frame.index)
    return replace(
        project, layers=(replace(layer, frame=frame),), schemes=(replace(scheme, assignment=assignment),)
    )


@pytest.fixture
def dock(desk: Desk) -> ProgrammePanel:
    desk.open(without_fid_0(town()))
    desk.session.document.select((), 1)
    desk.window.actions_.by_code["programme-works"].trigger()
    return desk.window.programme


def put(dock: ProgrammePanel, row: int, column: str, text: str) -> None:
    at = dock.model.index(row, dock.model.columns.index(column))
    dock.model.setData(at, text, KEPT)


def seen(dock: ProgrammePanel, row: int, column: str) -> str:
    return dock.model.text(row, dock.model.columns.index(column))


def test_an_empty_programme_invites(dock: ProgrammePanel) -> None:
    assert dock.isVisible()
    assert dock.import_.isVisible()
    dock.start.click()
    assert not dock.import_.isVisible()
    assert dock.view.isVisible()
    assert dock.model.label_at(0) == NEW


def test_each_cell_is_one_step_that_is_undone(desk: Desk, dock: ProgrammePanel) -> None:
    document = desk.session.document
    dock.begin()
    put(dock, 0, "fid", "小区1")
    put(dock, 0, "item", "屋面")
    put(dock, 0, "cost", "27.3万元")
    assert [seen(dock, 0, name) for name in ("fid", "item", "cost")] == ["小区1", "屋面防水", "273,000"]
    assert document.undo_stack.count() == 3
    document.undo_stack.undo()
    assert seen(dock, 0, "cost") == ""
    document.undo_stack.undo()
    document.undo_stack.undo()
    assert document.project is not None
    assert not document.project.programme


def test_money_of_an_area_makes_its_project_and_is_counted(desk: Desk, dock: ProgrammePanel) -> None:
    dock.begin()
    put(dock, 0, "fid", "小区1")
    put(dock, 0, "item", "屋面")
    put(dock, 0, "cost", "5,000,000")
    dock.turn_to("money")
    put(dock, 0, "source", "居民")
    put(dock, 0, "planned", "120万元")
    assert (seen(dock, 0, "source"), seen(dock, 0, "planned")) == ("居民出资", "1,200,000")
    desk.settle()
    assert "500.00" in dock.text.text()
    project = desk.session.document.project
    assert project is not None
    assert (
        project.programme.projects[["scheme", "area"]].values.tolist() == [["s", 1]]
        or len(project.programme.projects) == 1
    )
    dock.removed.emit((1,))
    assert not len(desk.session.document.project.programme.funds)


def test_a_table_with_its_header_is_pasted(desk: Desk, dock: ProgrammePanel) -> None:
    dock.begin()
    QGuiApplication.clipboard().setText(
        "小区\t改造内容\t投资（万元）\t开工日期\n小区1\t屋面\t27.3\t2026年5月\n小区5\t管网\t120\t2026.3.1\n不存在\t外墙\t1\t\n"
    )
    dock.paste()
    project = desk.session.document.project
    assert project is not None
    assert project.programme.works[["item", "cost", "start"]].values.tolist() == [
        ["roof", 273000.0, "2026-05"], ["pipes", 1200000.0, "2026-03-01"],
    ]  # fmt: skip
    (box,) = desk.window.findChildren(QMessageBox)
    assert "不存在" in box.informativeText()
    box.close()


def test_a_block_is_laid_over_cells_and_new_rows(desk: Desk, dock: ProgrammePanel) -> None:
    dock.begin()
    put(dock, 0, "fid", "小区1")
    QGuiApplication.clipboard().setText("小区1\t\t屋面\n小区5\t\t外墙\n")
    dock.view.setCurrentIndex(dock.model.index(0, 0))
    dock.paste()
    assert [seen(dock, row, "item") for row in (0, 1)] == ["屋面防水", "外墙修缮与保温"]
    assert desk.session.document.undo_stack.count() == 2


def test_what_cannot_be_read_is_refused_and_nothing_changes(desk: Desk, dock: ProgrammePanel) -> None:
    dock.begin()
    put(dock, 0, "fid", "无此小区")
    put(dock, 0, "start", "很快")
    put(dock, 0, "start", "2026-05")
    told = [getattr(fault, "code", fault) for fault in desk.faults]
    desk.faults.clear()
    assert told == ["steps.programme-no-name", "steps.programme-unreadable", "steps.programme-no-tie"]
    assert desk.session.document.undo_stack.count() == 0


def test_the_former_project_is_of_no_matter(desk: Desk, dock: ProgrammePanel, tmp_path: Path) -> None:
    dock.begin()
    desk.open(town())
    assert dock.import_.isVisibleTo(dock)


def test_a_step_keeps_who_and_when_and_its_turn(desk: Desk, dock: ProgrammePanel) -> None:
    dock.turn_to("gates")
    dock.begin()
    put(dock, 0, "gate", "公示")
    put(dock, 0, "round", "2")
    put(dock, 0, "start", "2026-03-05")
    put(dock, 0, "result", "通过")
    (fault,) = desk.faults
    desk.faults.clear()
    assert isinstance(fault, RenomapError)
    assert fault.code == "programme.before-nothing"
    put(dock, 0, "round", "1")
    put(dock, 0, "result", "通过")
    put(dock, 1, "gate", "公示")
    put(dock, 1, "round", "2")
    put(dock, 1, "start", "2026-03-01")
    put(dock, 1, "result", "通过")
    (fault,) = desk.faults
    desk.faults.clear()
    assert isinstance(fault, RenomapError)
    assert fault.code == "programme.out-of-turn"
    put(dock, 1, "start", "2026-03-12")
    put(dock, 1, "result", "通过")
    project = desk.session.document.project
    assert project is not None
    rows = project.programme.events
    assert rows["result"].tolist() == ["passed", "passed"]
    assert rows["by"].notna().all()
    assert (rows["at"] == date.today().isoformat()).all()
    assert rows["members"].notna().all()
    stamp = dock.model.index(0, dock.model.columns.index("by"))
    assert not dock.model.flags(stamp) & Qt.ItemFlag.ItemIsEditable


def test_the_gates_are_told_before_a_move_is_made(desk: Desk, dock: ProgrammePanel) -> None:
    dock.turn_to("gates")
    dock.begin()
    desk.session.document.select((1,), None)
    bar, document = dock.moving, desk.session.document
    bar.stage.setCurrentIndex(list(Stage).index(Stage.POOL))
    desk.settle()
    assert not bar.button.isEnabled()
    assert "体检" in bar.told.text()
    project = document.project
    assert project is not None
    layer = project.layers[0]
    checked = layer.frame.assign(checkup_date="2026-01")
    desk.open(replace(project, layers=(replace(layer, frame=checked),)))
    dock.begin()
    document.select((1,), None)
    desk.settle()
    assert bar.button.isEnabled()
    bar.reason.setText("会议研究")
    bar.button.click()
    assert bar.reason.text() == "", "of this move, not of the next one"
    desk.settle()
    assert not bar.button.isEnabled(), "it stands there"
    assert "已在" in bar.told.text()
    assert document.project is not None
    programme = document.project.programme
    assert programme.units[["fid", "stage"]].values.tolist() == [[1, "pool"]]
    assert programme.history["by"].notna().all()
    bar.stage.setCurrentIndex(list(Stage).index(Stage.SURVEY))
    assert not bar.button.isEnabled(), "nothing is known yet of the project after the move"
    desk.settle()
    assert not bar.button.isEnabled(), "a step back needs a reason"
    bar.reason.setText("资金未落实")
    assert bar.button.isEnabled()
    document.undo_stack.undo()
    assert not len(document.project.programme.history)


def test_the_list_of_areas_shows_how_far_they_are(desk: Desk, dock: ProgrammePanel) -> None:
    model = desk.window.areas.model
    before = model.columnCount()
    dock.begin()
    put(dock, 0, "fid", "小区1")
    put(dock, 0, "item", "屋面")
    desk.settle()
    assert model.columnCount() == before + 1
    dot = model.index(0, 2)
    assert model.data(dot).startswith("– 0/")
    assert "开工前待办" in model.data(dot, Qt.ItemDataRole.ToolTipRole)


def test_the_page_of_acceptance_tells_what_is_done_and_what_is_against_it(
    desk: Desk, dock: ProgrammePanel
) -> None:
    dock.begin()
    put(dock, 0, "fid", "小区1")
    put(dock, 0, "item", "屋面")
    put(dock, 0, "quantity", "300")
    put(dock, 0, "status", "施工")
    put(dock, 0, "done_quantity", "120")
    desk.window.actions_.by_code["programme-acceptance"].trigger()
    desk.settle()
    assert dock.page == "acceptance"
    assert "120 / 300" in dock.text.text()
    assert "施工" in dock.text.text()
    assert "未设标准" in dock.text.text(), "the city sets no share: shown and not judged"
