"""The attribute table on the real window: one selection with the map, sums, edits as undo steps."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from desk import Desk, town
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from renomap.desktop.panels.table import TablePanel
from renomap.desktop.panels.table_columns import NEIGHBOURHOODS, sheet_of
from renomap.desktop.panels.table_model import TableModel
from renomap.model.project import Project


@pytest.fixture
def table(desk: Desk) -> TablePanel:
    """The table of a town in which the households of one neighbourhood and all populations are unknown."""
    desk.open(with_gaps(town()))
    desk.window.actions_.by_code["table"].trigger()
    QApplication.processEvents()
    return desk.window.table


def with_gaps(project: Project) -> Project:
    layer = project.layers[0]
    frame = layer.frame.copy()
    frame["households"] = frame["households"].where(frame.index != 4)
    frame["street"] = ["甲街道" if fid < 6 else "乙街道" for fid in frame.index]
    return project.with_layer(replace(layer, frame=frame))


def column(table: TablePanel, key: str) -> int:
    return [c.key for c in table.model.columns].index(key)


def texts(table: TablePanel, key: str) -> list[str]:
    at = column(table, key)
    return [table.model.index(row, at).data() for row in range(table.model.rowCount())]


def choose(table: TablePanel, *rows: int) -> None:
    flags = QItemSelectionModel.SelectionFlag
    table.table.selectionModel().clear()
    for row in rows:
        table.table.selectionModel().select(table.model.index(row, 0), flags.Select | flags.Rows)


def test_columns_speak_the_readers_words_and_unknown_is_no_number(desk: Desk, table: TablePanel) -> None:
    titles = [c.title for c in table.model.columns]
    assert titles[:7] == ["名称", "所属片区", "划入情况", "纳入资格", "户数", "建成年代", "用地（公顷）"]
    assert texts(table, "households")[4] == "—"
    assert texts(table, "households")[3] == "103"
    assert texts(table, "land_ha")[0] == "1.00"
    right = Qt.AlignmentFlag.AlignRight
    assert table.model.index(0, column(table, "households")).data(Qt.ItemDataRole.TextAlignmentRole) & right
    assert "population" not in [c.key for c in table.model.columns]
    table.all_columns.setChecked(True)
    assert set(texts(table, "population")) == {"—"}


@pytest.mark.parametrize("order", [Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder])
def test_sorting_leaves_the_unknown_last(table: TablePanel, order: Qt.SortOrder) -> None:
    table.table.sortByColumn(column(table, "households"), order)
    seen = texts(table, "households")
    numbers = [int(text) for text in seen[:-1]]
    assert seen[-1] == "—"
    assert numbers == sorted(numbers, reverse=order == Qt.SortOrder.DescendingOrder)


def test_rows_and_map_are_one_selection(desk: Desk, table: TablePanel) -> None:
    table.table.sortByColumn(column(table, "households"), Qt.SortOrder.DescendingOrder)
    choose(table, 0, 2)
    assert desk.session.document.selection.fids == {11, 9}
    assert desk.canvas.overlay.shown("chosen")
    desk.click(1)
    chosen = table.table.selectionModel().selectedRows()
    assert [table.model.id_at(index.row()) for index in chosen] == [1]
    table.table.sortByColumn(column(table, "name"), Qt.SortOrder.AscendingOrder)
    chosen = table.table.selectionModel().selectedRows()
    assert [table.model.id_at(index.row()) for index in chosen] == [1]


def test_the_status_bar_sums_what_is_known(desk: Desk, table: TablePanel) -> None:
    choose(table, 3, 4)
    told = desk.window.status._chosen.text()
    assert "2 个小区" in told
    assert "103" in told
    assert "1" in told.split("103")[1]  # of how many it is known
    assert "2.00 公顷" in told


def test_sifting_by_text_area_and_selection(desk: Desk, table: TablePanel) -> None:
    table.search.setText("乙街道")
    desk.until(lambda: table.model.rowCount() == 6)
    table.search.setText("乙街道 小区7")
    desk.until(lambda: table.model.rowCount() == 1)
    table.search.clear()
    desk.until(lambda: table.model.rowCount() == 12)
    for code, rows in ((1, 6), ("unassigned", 0), ("selected", 0), ("all", 12)):
        table.show_only.setCurrentIndex(table.show_only.findData(code))
        table.show_only.activated.emit(table.show_only.currentIndex())
        assert table.model.rowCount() == rows
    table.show_only.setCurrentIndex(table.show_only.findData("selected"))
    desk.click(5)
    assert texts(table, "name") == ["小区5"]


def test_a_double_click_goes_there(desk: Desk, table: TablePanel) -> None:
    table.table.setCurrentIndex(table.model.index(7, 0))
    table.table.doubleClicked.emit(table.model.index(7, 0))
    shape = desk.session.planner.plan.neighbourhoods.geometry.loc[7]
    assert desk.canvas.view.centre == pytest.approx((shape.centroid.x, shape.centroid.y))
    desk.settle()


def edit(desk: Desk, table: TablePanel, row: int, key: str, text: str) -> None:
    """Type into a cell as a hand does."""
    index = table.model.index(row, column(table, key))
    table.table.setCurrentIndex(index)
    table.table.setFocus()
    table.table.edit(index)
    field = table.table.findChild(QLineEdit)
    assert field is not None
    field.selectAll()
    field.insert(text)  # as an input method does
    QTest.keyClick(field, Qt.Key.Key_Return)
    QApplication.processEvents()


def test_a_typed_value_is_an_undo_step_and_marked(desk: Desk, table: TablePanel) -> None:
    edit(desk, table, 4, "households", "约300")
    assert texts(table, "households")[4] == "约300"  # until the plan answers
    desk.settle()
    layer = desk.session.document.project.neighbourhoods
    assert layer.frame.at[4, "households"] == 300.0
    assert layer.frame.at[4, "households_flag"] == "approximate"
    cell = table.model.index(4, column(table, "households"))
    assert cell.data() == "300"
    assert "人工填写：约300" in cell.data(Qt.ItemDataRole.ToolTipRole)
    assert desk.session.document.undo_stack.undoText() == "修改“小区4”的户数"
    desk.session.document.undo_stack.undo()
    desk.settle()
    assert np.isnan(desk.session.document.project.neighbourhoods.frame.at[4, "households"])
    assert texts(table, "households")[4] == "—"


def test_what_cannot_be_read_is_a_sentence_and_no_change(desk: Desk, table: TablePanel) -> None:
    project = desk.session.document.project
    edit(desk, table, 3, "households", "很多")
    (fault,) = desk.faults
    assert fault.code == "steps.value-unreadable"
    desk.faults.clear()
    assert desk.session.document.project is project
    assert texts(table, "households")[3] == "103"


def test_letters_typed_into_a_cell_do_not_change_the_tool(desk: Desk, table: TablePanel) -> None:
    index = table.model.index(0, column(table, "name"))
    table.table.setCurrentIndex(index)
    table.table.setFocus()
    QTest.keyClick(table.table, Qt.Key.Key_B)
    assert desk.canvas.tool.code == "select"
    field = table.table.findChild(QLineEdit)
    assert field is not None
    QTest.keyClick(field, Qt.Key.Key_Escape)


def test_copied_rows_paste_into_a_spreadsheet(desk: Desk, table: TablePanel) -> None:
    choose(table, 3, 4)
    table.copy_rows()
    lines = [line.split("\t") for line in QApplication.clipboard().text().split("\n")]
    at = column(table, "households")
    assert lines[0][at] == "户数"
    assert [line[at] for line in lines[1:]] == ["103", ""]


def test_areas_and_other_layers_have_tables_too(desk: Desk, table: TablePanel) -> None:
    table.subject.setCurrentIndex(table.subject.findData("areas"))
    table.subject.activated.emit(table.subject.currentIndex())
    assert texts(table, "name") == ["西片区", "东片区"]
    choose(table, 1)
    assert desk.session.document.selection.area == 2
    edit(desk, table, 1, "name", "江边片区")
    desk.settle()
    assert desk.session.document.project.scheme.areas.at[2, "name"] == "江边片区"


def test_a_closed_table_costs_nothing(desk: Desk) -> None:
    desk.open(town())
    assert desk.window.table.model.rowCount() == 0
    desk.window.actions_.by_code["table"].trigger()
    QApplication.processEvents()
    assert desk.window.table.model.rowCount() == 12


def test_five_thousand_rows_at_once(desk: Desk) -> None:
    desk.open(town())
    plan = desk.session.planner.plan
    rows = plan.neighbourhoods.iloc[np.arange(5_000) % 12]
    rows = rows.set_index(pd.RangeIndex(5_000, name="fid"))
    rows["households"] = np.arange(5_000.0)
    plan = replace(plan, neighbourhoods=rows)
    started = time.perf_counter()
    sheet = sheet_of(plan, NEIGHBOURHOODS, desk.session.speech)
    model = TableModel()
    model.set_sheet(sheet, sheet.columns, {})
    model.sort([c.key for c in sheet.columns].index("households"), Qt.SortOrder.DescendingOrder)
    model.sift("小区11", None)
    done = time.perf_counter()
    assert model.rowCount() == 416
    assert model.id_at(0) == 4_991
    assert done - started < 1.0  # 0.07 s measured alone; generous, since machines are shared
