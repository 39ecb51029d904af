"""Full disks, folders that may not be written or go away: the old file stays, a sentence says why."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from desk import Desk, town
from planner_day import state_of
from PySide6.QtWidgets import QApplication

from renomap.desktop.verbs import file
from renomap.errors import RenomapError
from renomap.store.projectfile import open_project, save

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="made with the means of Unix")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder on a disk of 4 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("no small disk can be mounted here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


@contextmanager
def small_files(limit: int) -> Iterator[None]:
    """No file may grow beyond this, as where a share's quota is used up."""
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def opened(desk: Desk, path: Path) -> None:
    """A saved project in the window, with one change that is not saved."""
    save(town(), path)
    file.open_paths(desk.window.desk, [path])
    desk.until(lambda: desk.session.document.project is not None)
    desk.settle()
    change(desk)


def change(desk: Desk) -> None:
    """One neighbourhood goes to the other area."""
    project = desk.session.document.project
    assert project is not None
    scheme = project.schemes[0]
    moved = scheme.assignment.copy()
    moved.iloc[2] = 3 - moved.iloc[2]
    desk.session.document.apply_project(project.with_scheme(replace(scheme, assignment=moved)), "change.test")
    desk.session.keeper._writer.submit(lambda: None).result()


def refused(desk: Desk, spoil: Callable[[], None] = lambda: None) -> RenomapError:
    """Ctrl+S; the fault that the window tells."""
    file.save(desk.window.desk)
    spoil()
    faults = desk.faults
    while not faults:
        QApplication.processEvents()
    (fault,) = faults
    assert isinstance(fault, RenomapError)
    assert "store." not in desk.session.speech.error(fault)  # a sentence, not a code
    faults.clear()
    desk.until(lambda: not desk.session.runner.jobs)
    assert desk.session.document.is_changed
    return fault


def test_a_full_disk(desk: Desk, small_disk: Path) -> None:
    path = small_disk / "项目.gpkg"
    opened(desk, path)
    before = state_of(open_project(path))
    filler = small_disk / "filler"
    with filler.open("wb", buffering=0) as rest:
        while True:
            try:
                rest.write(b"0" * 65_536)
            except OSError:
                break
    assert refused(desk).code == "store.disk-full"
    assert state_of(open_project(path)) == before
    assert sorted(item.name for item in small_disk.iterdir() if item.name.startswith(".")) == []
    desk.window.status.tell("")
    for _ in range(100):  # the journal cannot be written either, which is told and costs nothing
        change(desk)
        QApplication.processEvents()
    assert desk.window.status.message.text()
    filler.unlink()
    change(desk)
    file.save(desk.window.desk)
    desk.until(lambda: not desk.session.document.is_changed)
    project = desk.session.document.project
    assert project is not None
    assert state_of(open_project(path)) == state_of(project)


def test_a_quota_that_is_used_up(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "项目.gpkg"
    opened(desk, path)
    before = state_of(open_project(path))
    with small_files(60_000):
        assert refused(desk).code == "store.disk-full"
    assert state_of(open_project(path)) == before


def test_a_folder_that_may_not_be_written(desk: Desk, small_disk: Path) -> None:
    path = small_disk / "项目.gpkg"
    opened(desk, path)
    before = state_of(open_project(path))
    desk.session.keeper._journal.close()  # an open file would keep the disk from being set read-only
    os.close(desk.session.keeper._lock._handle)
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    assert refused(desk).code == "store.not-writable"
    assert state_of(open_project(path)) == before
    subprocess.run(["mount", "-o", "remount,rw", str(small_disk)], check=True)
    desk.session.keeper._journal = desk.session.keeper._lock = None


def test_a_read_only_folder_can_be_looked_at(desk: Desk, small_disk: Path) -> None:
    path = small_disk / "项目.gpkg"
    save(town(), path)
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    file.open_paths(desk.window.desk, [path])
    desk.until(lambda: desk.session.document.project is not None)
    desk.settle()
    assert not desk.faults


def test_a_folder_removed_while_it_is_saved_to(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "share" / "项目.gpkg"
    path.parent.mkdir()
    opened(desk, path)
    moved = tmp_path / "elsewhere"
    before = state_of(open_project(path))
    fault = refused(desk, lambda: shutil.move(path.parent, moved))
    assert fault.code == "store.folder-missing"
    assert str(path.parent) in desk.session.speech.error(fault)
    assert state_of(open_project(moved / path.name)) == before
    desk.session.keeper.save(tmp_path / "另存.gpkg")  # the work itself is still there
    desk.until(lambda: not desk.session.document.is_changed)
    project = desk.session.document.project
    assert project is not None
    assert state_of(open_project(tmp_path / "另存.gpkg")) == state_of(project)
