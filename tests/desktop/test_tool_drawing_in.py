"""Neighbourhoods that the survey lacks, and links by hand, on the real window."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from desk import Desk, town
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from renomap.desktop.dialogs.missing import MissingDialog, NewNeighbourhood
from renomap.desktop.verbs import data, edit
from renomap.model.waiting import waiting, with_waiting
from renomap.store.user import user_name

RING = ((4.1, 0.0), (5.0, 0.0), (5.0, 0.9), (3.5, 0.9), (3.5, 0.0))


def answer(name: str, households: int | None) -> None:
    """Fill in the dialog as soon as it stands."""

    def fill() -> None:
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, MissingDialog):
            QTimer.singleShot(20, fill)
            return
        dialog.name.setCurrentText(name)
        if households is not None:
            dialog.unknown.click()
            dialog.households.setValue(households)
        dialog.accept()

    QTimer.singleShot(20, fill)


def outline(desk: Desk) -> None:
    for x, y in RING[:-1]:
        desk.tap(x, y)
    desk.tap(*RING[-1])


def unlocked(desk: Desk) -> None:
    desk.open(town(5, 3))
    desk.canvas.zoom(0.7)
    desk.settle()
    assert not desk.window.actions_.by_code["missing"].isEnabled()
    desk.window.actions_.by_code["unlock-neighbourhoods"].trigger()
    desk.settle()
    QTest.qWait(10)
    assert desk.window.actions_.by_code["unlock-neighbourhoods"].isChecked()


RING_EAST = tuple((x + 1.0, y) for x, y in RING)


def test_a_missing_neighbourhood_is_drawn_named_and_flagged(desk: Desk) -> None:
    unlocked(desk)
    desk.take("missing")
    for x, y in RING_EAST:
        desk.tap(x, y)
    desk.hover(4.6, 0.1)
    assert desk.canvas.overlay.shown("free-ground")
    steps = desk.session.document.undo_stack.count()
    answer("漏登小区", None)
    QTest.keyClick(desk.canvas, Qt.Key.Key_Return)
    layer = desk.session.document.project.neighbourhoods
    row = layer.frame.loc[15]
    assert (row["name"], row["origin"], row["households_flag"]) == ("漏登小区", "drawn", "unknown")
    assert np.isnan(row["households"])
    others = layer.frame.geometry.drop(index=15).union_all()
    assert row.geometry.intersection(others).area < 0.01
    assert desk.session.document.undo_stack.count() == steps + 1
    desk.settle()
    desk.window.desk.use_tool("select")
    desk.session.document.select([15])
    QTest.qWait(20)
    assert desk.window.actions_.by_code["remove-missing"].isEnabled()
    edit.undo(desk.window.desk)
    assert 15 not in desk.session.document.project.neighbourhoods.frame.index
    assert len(desk.window.desk.tools["missing"].points) == 5
    desk.settle()


def test_known_households_count_and_the_drawn_one_can_be_removed(desk: Desk) -> None:
    unlocked(desk)
    desk.take("missing")
    for x, y in RING_EAST:
        desk.tap(x, y)
    answer("新村", 80)
    QTest.keyClick(desk.canvas, Qt.Key.Key_Return)
    row = desk.session.document.project.neighbourhoods.frame.loc[15]
    assert (row["households"], row["households_flag"]) == (80.0, "reported")
    desk.settle()
    desk.session.document.select([15])
    data.remove_missing(desk.window.desk)
    assert 15 not in desk.session.document.project.neighbourhoods.frame.index
    desk.settle()


def test_what_is_covered_is_refused_and_a_change_of_mind_keeps_the_sketch(desk: Desk) -> None:
    unlocked(desk)
    desk.take("missing")
    for x, y in ((0.1, 0.1), (0.8, 0.1), (0.8, 0.8), (0.1, 0.8)):
        desk.tap(x, y)
    QTest.keyClick(desk.canvas, Qt.Key.Key_Return)
    assert "已有小区" in desk.window.status.message.text()
    assert len(desk.window.desk.tools["missing"].points) == 4

    QTest.keyClick(desk.canvas, Qt.Key.Key_Escape)
    for x, y in RING_EAST:
        desk.tap(x, y)

    def reject() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, MissingDialog):
            dialog.reject()
        else:
            QTimer.singleShot(20, reject)

    QTimer.singleShot(20, reject)
    QTest.keyClick(desk.canvas, Qt.Key.Key_Return)
    assert len(desk.window.desk.tools["missing"].points) == 5
    assert len(desk.session.document.project.neighbourhoods.frame) == 15


def test_a_waiting_name_brings_what_is_known_of_it(desk: Desk) -> None:
    rows = pd.DataFrame({"name": ["砖瓦厂宿舍"], "households": [66.0], "file": ["a.xlsx"], "row": [5]})
    project = with_waiting(town(5, 3), rows)
    layer = replace(project.neighbourhoods, locked=False)
    desk.open(project.with_layer(layer))
    desk.canvas.zoom(0.7)
    desk.settle()
    desk.take("missing")
    for x, y in RING_EAST:
        desk.tap(x, y)
    answer("砖瓦厂宿舍", None)
    QTest.keyClick(desk.canvas, Qt.Key.Key_Return)
    project = desk.session.document.project
    row = project.neighbourhoods.frame.loc[15]
    assert (row["name"], row["households"], row["origin"]) == ("砖瓦厂宿舍", 66.0, "drawn")
    assert waiting(project).empty
    desk.settle()
    edit.undo(desk.window.desk)
    assert len(waiting(desk.session.document.project)) == 1
    desk.settle()


def test_the_dialog_knows_who_waits(desk: Desk) -> None:
    rows = pd.DataFrame({"name": ["甲", None]}, index=[7, 8])
    dialog = MissingDialog(desk.session.speech, rows, desk.window)
    dialog.name.setCurrentText("甲")
    assert dialog.answer == NewNeighbourhood("甲", row=7)
    assert not dialog.unknown.isEnabled()
    dialog.name.setCurrentText("乙")
    assert dialog.answer == NewNeighbourhood("乙")
    dialog.unknown.click()
    dialog.households.setValue(12)
    assert dialog.answer == NewNeighbourhood("乙", 12.0)
    dialog.deleteLater()


def test_a_disc_that_is_chosen_gets_its_boundary(desk: Desk) -> None:
    project = town()
    layer = project.neighbourhoods
    frame = layer.frame.copy()
    frame.loc[3, "origin"] = "placed"
    desk.open(project.with_layer(replace(layer, frame=frame, locked=False)))
    desk.session.document.select([3])
    QTest.qWait(10)
    desk.window.actions_.by_code["missing"].trigger()
    desk.canvas.setFocus()
    for x, y in ((2.95, 0.0), (3.7, 0.0), (3.7, 0.5), (2.95, 0.5)):
        desk.tap(x, y)
    QTest.keyClick(desk.canvas, Qt.Key.Key_Return)
    row = desk.session.document.project.neighbourhoods.frame.loc[3]
    assert row["origin"] == "drawn"
    assert row["households"] == 103.0
    assert row.geometry.area == pytest.approx(0.75 * 0.5 * 110**2, rel=0.03)
    desk.settle()


@pytest.mark.parametrize(("code", "change"), [("cut", -1), ("link", 1)])
def test_two_clicks_and_a_reason(desk: Desk, code: str, change: int) -> None:
    desk.open(town())
    pair = (0, 1) if code == "cut" else (0, 2)
    links = len(desk.session.planner.plan.links)
    desk.take(code)
    assert desk.session.shown.has("links")
    for fid in pair:
        desk.click(fid)
        QTest.qWait(5)
    assert f"小区{pair[0]}" in desk.answer("人行桥")
    desk.settle()
    overrides = desk.session.document.project.schemes[0].overrides
    assert overrides[["a", "b", "action", "reason"]].to_numpy().tolist() == [[*pair, code, "人行桥"]]
    assert overrides["by"].tolist() == [user_name()]
    assert overrides["at"].tolist() == [dt.date.today().isoformat()]
    assert len(desk.session.planner.plan.links) == links + change
    desk.window.desk.use_tool("select")
    assert not desk.session.shown.has("links")
    desk.settle()


def test_a_chosen_pair_is_asked_about_at_once(desk: Desk) -> None:
    desk.open(town())
    desk.session.document.select([0, 1])
    QTest.qWait(10)
    desk.window.actions_.by_code["cut"].trigger()
    desk.answer("围墙")
    assert len(desk.session.document.project.schemes[0].overrides) == 1
    desk.settle()


def test_a_reason_is_asked_for_and_esc_lets_go(desk: Desk) -> None:
    desk.open(town())
    desk.take("link")
    desk.click(0)
    desk.hover(2.5, 0.5)
    assert desk.canvas.overlay.shown("pair-line")
    QTest.keyClick(desk.canvas, Qt.Key.Key_Escape)
    assert not desk.canvas.overlay.shown("pair-line")
    assert desk.canvas.tool.code == "link"
    desk.click(0)
    desk.click(2)
    desk.answer("  ")
    assert [fault.code for fault in desk.faults] == ["editing.reason-missing"]
    desk.faults.clear()
    desk.settle()
