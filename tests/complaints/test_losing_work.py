"""Complaints 1 to 8: work that is lost. Each test is named after its complaint in docs/complaints.md."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from desk import Desk, town
from planner_day import state_of
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from renomap.desktop.tools.sketch import SketchTool
from renomap.desktop.verbs import file
from renomap.store.journal import journal_path, read_journal
from renomap.store.projectfile import open_project, previous, save

KEYS = {"save": (Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)}


def opened(desk: Desk, path: Path) -> None:
    """A saved town in the window."""
    if not path.exists():
        save(town(), path)
    file.open_paths(desk.window.desk, [path])
    desk.until(lambda: desk.session.document.project is not None)
    desk.settle()


def paint(desk: Desk, fid: int, area: int) -> None:
    """One stroke with the brush."""
    desk.take("paint", area)
    desk.drag(desk.place(fid), desk.place(fid))


def now(desk: Desk) -> str:
    """Hash of what is on the screen."""
    project = desk.session.document.project
    assert project is not None
    return state_of(project)


@contextmanager
def crashed(qtbot: QtBot, folder: Path, home: Path) -> Iterator[Desk]:
    """Another window, over a copy of what was on disk at this moment: all that a crash leaves behind."""
    left = folder / "left"
    if not left.exists():
        shutil.copytree(home, left)
    desk = Desk(left)
    yield desk
    desk.close()


def test_01_one_save_saves_everything(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "项目.gpkg"
    opened(desk, path)
    paint(desk, 2, 1)
    QTest.keyClick(desk.window, *KEYS["save"])
    desk.until(lambda: not desk.session.document.is_changed)
    assert state_of(open_project(path)) == now(desk)  # no second save, no edit session to end
    assert desk.areas_now[2] == 1


def test_02_every_change_is_on_disk_within_two_seconds(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "项目.gpkg"
    opened(desk, path)
    for count, fid in enumerate((2, 6, 10), start=1):
        paint(desk, fid, 1)
        began = time.monotonic()
        while (found := read_journal(journal_path(path))) is None or len(found.changes) < count:
            assert time.monotonic() - began < 2.0


def test_03_esc_does_not_cost_the_sketch(desk: Desk) -> None:
    desk.open(town())
    desk.take("draw")
    for n in range(30):
        desk.tap(0.1 + 0.1 * (n % 10), 0.2 + 0.2 * (n // 10))
    tool = desk.window.desk.tools["draw"]
    assert isinstance(tool, SketchTool)
    before = tool.points
    QTest.keyClick(desk.canvas, Qt.Key.Key_Escape)
    assert tool.points == ()
    desk.window.desk.use_tool("select")
    QTest.keyClick(desk.window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert tool.points == before
    assert len(before) == 30
    assert desk.canvas.tool is tool


def test_04_a_right_click_too_soon_is_taken_back(desk: Desk) -> None:
    desk.open(town())
    desk.take("draw")
    for x, y in ((0.9, -0.1), (3.0, -0.1), (3.0, 0.95), (0.9, 0.95)):
        desk.tap(x, y)
    desk.tap(0.9, 0.95, button=Qt.MouseButton.RightButton)
    tool = desk.window.desk.tools["draw"]
    assert isinstance(tool, SketchTool)
    assert tool.points == ()
    desk.settle()
    QTest.keyClick(desk.window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert len(tool.points) == 4
    assert desk.canvas.tool is tool
    QTest.keyClick(desk.canvas, Qt.Key.Key_Backspace)
    assert len(tool.points) == 3
    desk.settle()


@pytest.mark.skipif(sys.platform == "win32", reason="made with the means of Unix")
def test_05_the_old_file_survives_a_save_that_fails(desk: Desk, tmp_path: Path) -> None:
    import resource

    path = tmp_path / "项目.gpkg"
    opened(desk, path)
    before = now(desk)
    paint(desk, 2, 1)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, hard))
    try:
        file.save(desk.window.desk)
        while not desk.faults:
            QApplication.processEvents()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    desk.faults.clear()
    assert state_of(open_project(path)) == before
    file.save(desk.window.desk)
    desk.until(lambda: not desk.session.document.is_changed)
    assert state_of(open_project(path)) == now(desk)
    assert [state_of(open_project(old)) for old in previous(path)] == [before]


def test_06_the_offer_stays_until_it_is_answered(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "work" / "项目.gpkg"
    path.parent.mkdir()
    opened(desk, path)
    paint(desk, 2, 1)
    desk.session.keeper._writer.submit(lambda: None).result()
    state = now(desk)
    for _ in range(2):  # closed without an answer the first time
        with crashed(qtbot, tmp_path, path.parent) as again:
            opened(again, tmp_path / "left" / path.name)
            assert again.session.keeper.offer is not None
    with crashed(qtbot, tmp_path, path.parent) as again:
        opened(again, tmp_path / "left" / path.name)
        again.session.keeper.accept_recovery()
        assert now(again) == state


def test_07_split_and_merge_keep_ground_and_people(desk: Desk) -> None:
    desk.open(town())
    state = now(desk)
    desk.take("draw", 1)
    for x, y in ((-0.2, -0.2), (1.95, -0.2), (1.95, 2.95), (-0.2, 2.95)):
        desk.tap(x, y)
    QTest.keyClick(desk.canvas, Qt.Key.Key_Return)
    desk.settle()
    before = desk.session.planner.plan
    assert before is not None
    desk.take("split", 1)
    for x, y in ((-0.4, 0.95), (2.2, 0.95)):
        desk.tap(x, y)
    QTest.keyClick(desk.canvas, Qt.Key.Key_Return)
    desk.settle()
    split = desk.session.planner.plan
    assert split is not None
    assert len(split.areas) == len(before.areas) + 1
    desk.session.document.select([0, 4])
    QTest.qWait(10)
    desk.window.actions_.by_code["merge"].trigger()
    desk.settle()
    merged = desk.session.planner.plan
    assert merged is not None
    for plan in (split, merged):
        assert plan.areas.geometry.area.sum() == pytest.approx(before.areas.geometry.area.sum(), abs=0.01)
        for name in ("households", "members_ha", "buildings"):
            assert plan.areas[name].sum() == pytest.approx(before.areas[name].sum(), abs=1e-9)
    assert len(merged.areas) == len(before.areas)
    desk.session.document.undo_stack.setIndex(0)
    assert now(desk) == state
    desk.settle()


def test_08_no_result_is_temporary(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    desk.open(town())  # never saved by anybody
    paint(desk, 2, 1)
    desk.session.keeper._writer.submit(lambda: None).result()
    with crashed(qtbot, tmp_path, tmp_path / "data") as again:
        shutil.copytree(tmp_path / "left", tmp_path / "left" / "data")
        home = again.session.keeper.left_behind()[0].path
        opened(again, home)
        again.session.keeper.accept_recovery()
        assert now(again) == now(desk)
