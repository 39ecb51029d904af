"""Leaving with unsaved changes: what was asked for goes on once they are saved, and only then."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from desk import Desk, town
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox

from renomap.desktop.verbs import file
from renomap.store.projectfile import open_project, save


def _opened(desk: Desk, path: Path) -> None:
    save(town(), path)
    file.open_paths(desk.window.desk, [path])
    desk.until(lambda: desk.session.document.path == path)
    desk.settle()


def _paint(desk: Desk) -> None:
    """Put the third neighbourhood into area 1 with the brush."""
    desk.take("paint", 1)
    desk.drag(desk.place(2), desk.place(2))
    assert desk.session.document.is_changed


def _press_enter_on_the_question() -> None:
    """Take the default of the question that comes up next, as a hand does: 保存."""

    def answer() -> None:
        box = QApplication.activeModalWidget()
        if not isinstance(box, QMessageBox):
            QTimer.singleShot(20, answer)
            return
        assert box.defaultButton().text().startswith("保存")
        QTest.keyClick(box.defaultButton(), Qt.Key.Key_Return)

    QTimer.singleShot(0, answer)


def _area_of_the_third(path: Path) -> int:
    scheme = open_project(path).scheme
    assert scheme is not None
    return int(scheme.assignment.iloc[2])


def test_the_window_closes_once_it_has_saved(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "一.gpkg"
    _opened(desk, path)
    _paint(desk)
    _press_enter_on_the_question()
    desk.window.actions_.by_code["quit"].trigger()
    desk.until(lambda: not desk.window.isVisible())
    assert _area_of_the_third(path) == 1


def test_the_second_file_opens_once_the_first_is_saved(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = tmp_path / "一.gpkg", tmp_path / "二.gpkg"
    _opened(desk, first)
    _paint(desk)
    save(town(2, 2), second)
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(second)], ""))
    _press_enter_on_the_question()
    desk.window.actions_.by_code["open"].trigger()
    desk.until(lambda: desk.session.document.path == second)
    desk.settle()
    assert _area_of_the_third(first) == 1
    assert desk.window.isVisible()


def test_a_save_that_is_given_up_leaves_everything(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.open(town())
    _paint(desk)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **__: ("", ""))
    desk.window.desk.ask_unsaved = lambda: "save"  # type: ignore[method-assign]
    desk.window.close()
    assert desk.window.isVisible()
    # a later save is a save and nothing else: what was asked for then is forgotten
    path = tmp_path / "三.gpkg"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **__: (str(path), ""))
    file.save(desk.window.desk)
    desk.until(lambda: not desk.session.document.is_changed)
    desk.until(lambda: not desk.session.runner.jobs)
    assert desk.window.isVisible()


def test_changes_made_while_it_was_saved_are_asked_about_again(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "一.gpkg"
    _opened(desk, path)
    _paint(desk)
    answers = ["stay", "save"]
    desk.window.desk.ask_unsaved = answers.pop  # type: ignore[assignment,method-assign]
    desk.window.close()  # saving goes on in the background
    project = desk.session.document.project
    assert project is not None
    scheme = project.schemes[0]
    moved = scheme.assignment.copy()
    moved.iloc[3] = 1
    desk.session.document.apply_project(project.with_scheme(replace(scheme, assignment=moved)), "change.test")
    desk.until(lambda: not answers)
    assert desk.window.isVisible()
    assert desk.session.document.is_changed


def test_areas_that_were_just_taken_are_being_worked_out(desk: Desk) -> None:
    desk.open(town(areas=False))
    panel, document = desk.window.areas, desk.session.document
    assert "尚未划定片区" in panel._empty.text()
    assert not panel._group.isHidden()
    project, grouped = document.project, town()
    assert project is not None
    assert grouped.scheme is not None
    document.apply_project(project.with_scheme(grouped.scheme), "change.test")
    assert "计算中" in panel._empty.text()
    assert panel._group.isHidden()
    desk.settle()
    assert panel.table.isVisible()
    document.undo_stack.undo()
    desk.settle()
    assert "尚未划定片区" in panel._empty.text()
    document.undo_stack.redo()
    assert "计算中" in panel._empty.text()
    desk.settle()
    assert panel.table.isVisible()
