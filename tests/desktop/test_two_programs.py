"""The window and another program on one file: what the planner sees and decides."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pandas as pd
from desk import Desk, town
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QMessageBox
from pytestqt.qtbot import QtBot

from renomap.desktop.chrome.banner import NoticeBanner
from renomap.desktop.dialogs.overwriting import OverwritingDialog
from renomap.desktop.dialogs.unfinished import UnfinishedDialog
from renomap.desktop.verbs import file
from renomap.session.speech import Speech
from renomap.sources.update import CHANGE_COLUMNS
from renomap.store.journal import journal_path
from renomap.store.projectfile import open_project, save


def other_program(path: Path, statement: str) -> None:
    """Another program changes a table; SQLite itself lacks what keeps the spatial index."""
    with closing(sqlite3.connect(path)) as connection, connection:
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        for (name,) in connection.execute(query).fetchall():
            connection.execute(f'DROP TRIGGER "{name}"')
        connection.execute(statement)


def dialog_of(desk: Desk, kind: type[QDialog]) -> QDialog:
    """The dialog of that kind, as soon as it is there."""
    desk.until(lambda: any(each.isVisible() for each in desk.window.findChildren(kind)))
    return next(each for each in desk.window.findChildren(kind) if each.isVisible())


def photograph(dialog: QDialog, name: str) -> None:
    """Keep a picture where somebody wants to look at it."""
    folder = os.environ.get("RENOMAP_PICTURES")
    if folder:
        QApplication.processEvents()
        dialog.window().grab().save(str(Path(folder) / f"{name}.png"))


def opened(desk: Desk, path: Path) -> None:
    file.open_paths(desk.window.desk, [path])
    desk.until(lambda: desk.session.document.path == path)
    desk.settle()


def test_overwriting_a_changed_file_is_asked_with_its_changes(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "p.gpkg"
    save(town(), path)
    opened(desk, path)
    other_program(path, "UPDATE compounds SET households = 7777 WHERE fid = 3")
    desk.session.document.apply_project(town(areas=False), "change.test")
    file.save(desk.window.desk)
    dialog = dialog_of(desk, OverwritingDialog)
    assert isinstance(dialog, OverwritingDialog)
    branch = dialog.tree.topLevelItem(0)
    cells = [branch.child(0).text(column) for column in range(4)]
    assert cells[0].startswith("小区3")
    assert cells[2:] == ["103", "7,777"]
    photograph(dialog, "overwriting")
    dialog.reject()
    assert open_project(path).neighbourhoods.frame.at[3, "households"] == 7777
    file.save(desk.window.desk)
    dialog = dialog_of(desk, OverwritingDialog)
    assert isinstance(dialog, OverwritingDialog)
    dialog.overwrite.click()
    desk.until(lambda: not desk.session.document.is_changed)
    assert open_project(path).neighbourhoods.frame.at[3, "households"] == 103


def test_where_no_neighbourhood_was_changed_no_empty_list_is_shown(qtbot: QtBot) -> None:
    none = pd.DataFrame(columns=list(CHANGE_COLUMNS))
    dialog = OverwritingDialog(Speech("zh"), Path("p.gpkg"), none)
    qtbot.addWidget(dialog)
    assert not dialog.tree.isVisibleTo(dialog)
    assert any("小区数据与当前项目一致" in label.text() for label in dialog.findChildren(QLabel))


def test_what_was_changed_outside_is_said_above_the_map(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "p.gpkg"
    save(town(), path)
    other_program(path, "UPDATE compounds SET households = 7777 WHERE fid = 3")
    opened(desk, path)
    (banner,) = desk.window.findChildren(NoticeBanner)
    assert banner.isVisible()
    assert "小区" in banner._text.text()
    photograph(banner, "changed-outside")  # type: ignore[arg-type]
    banner.seen.click()
    assert not banner.isVisible()


def test_a_foreign_program_that_holds_the_file_is_named(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "p.gpkg"
    save(town(), path)
    opened(desk, path)
    script = (
        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('PRAGMA journal_mode = WAL');"
        "c.execute('CREATE TABLE notes (x)'); c.commit(); print('ready', flush=True); sys.stdin.readline()"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", script, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert other.stdout is not None
    assert other.stdout.readline() == "ready\n"
    try:
        desk.session.document.apply_project(town(areas=False), "change.test")
        file.save(desk.window.desk)
        box = dialog_of(desk, QMessageBox)
        assert isinstance(box, QMessageBox)
        assert "p.gpkg" in box.text()
        buttons = {button.text(): button for button in box.buttons()}
        assert set(buttons) == {"另存为…", "重试", "取消"}
    finally:
        other.communicate("\n")
    buttons["重试"].click()  # it has gone; the table it made is none of ours
    desk.until(lambda: not desk.session.document.is_changed)
    assert sorted(file.name for file in tmp_path.glob("p.gpkg-*")) == []
    assert open_project(path).schemes == ()


def test_what_a_killed_window_left_is_offered_first(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "p.gpkg"
    save(town(), path)
    opened(desk, path)
    desk.session.document.apply_project(town(areas=False), "change.test")
    keeper = desk.session.keeper
    keeper._writer.submit(lambda: None).result()
    left = journal_path(path).read_bytes()
    note = next((tmp_path / "data" / "open").glob("*.path"))
    kept = note.read_bytes()
    desk.session.document.undo_stack.setClean()
    file.close(desk.window.desk)
    journal_path(path).write_bytes(left)
    note.write_bytes(kept)
    file.begin(desk.window.desk, None)
    dialog = dialog_of(desk, UnfinishedDialog)
    assert isinstance(dialog, UnfinishedDialog)
    assert desk.session.document.project is None
    assert "p" in dialog.list.item(0).text()
    photograph(dialog, "unfinished")
    dialog.now.click()
    desk.until(lambda: desk.session.keeper.offer is not None)
    assert desk.session.document.path == path
    desk.session.keeper.accept_recovery()
    assert desk.session.document.project is not None
    assert desk.session.document.project.schemes == ()
