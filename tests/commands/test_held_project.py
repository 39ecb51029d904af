"""Commands that write a project file that somebody else has open, or that was left with unsaved changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from renomap.__main__ import main
from renomap.model.change import difference
from renomap.steps.demo import sample_project
from renomap.store.journal import Journal, journal_path, read_journal
from renomap.store.lock import Lock
from renomap.store.projectfile import open_project, save, saved_mark


@pytest.fixture(scope="module")
def grouped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("held")
    save(sample_project(), folder / "town.gpkg")
    assert main(["group", str(folder / "town.gpkg"), "-o", str(folder / "p.gpkg")]) == 0
    return folder / "p.gpkg"


def writers(path: Path) -> list[list[str]]:
    return [
        ["deficits", str(path), "--set", "parking.rate=0.6/household"],
        ["group", str(path), "-o", str(path), "--title", "again"],
        ["import", str(path.parent / "town.gpkg"), "-o", str(path)],
    ]


@pytest.mark.parametrize("nth", range(3))
def test_a_project_that_a_window_holds_is_not_written(
    grouped: Path, nth: int, capsys: pytest.CaptureFixture[str]
) -> None:
    before = grouped.read_bytes()
    lock = Lock(grouped)
    try:
        assert main(writers(grouped)[nth]) == 2
    finally:
        lock.release()
    told = capsys.readouterr().err
    assert "p.gpkg" in told
    assert told.count("\n") == 1
    assert grouped.read_bytes() == before
    assert not grouped.with_name("p.gpkg.lock").exists()


def test_reading_and_another_output_stay_possible(grouped: Path, tmp_path: Path) -> None:
    lock = Lock(grouped)
    try:
        assert main(["deficits", str(grouped)]) == 0
        assert main(["group", str(grouped), "-o", str(tmp_path / "other.gpkg")]) == 0
    finally:
        lock.release()
    assert len(open_project(tmp_path / "other.gpkg").schemes) == 2


def test_changes_that_wait_to_be_recovered_are_not_dropped(
    grouped: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = open_project(grouped)
    journal = Journal(journal_path(grouped), saved_mark(grouped) or "")
    journal.append(difference(project, project.with_scheme(project.schemes[0]), "change.paint"))
    journal.close()
    before = grouped.read_bytes()
    assert main(writers(grouped)[0]) == 2
    assert "1" in capsys.readouterr().err
    assert grouped.read_bytes() == before
    assert read_journal(journal_path(grouped), saved_mark(grouped)) is not None
    journal_path(grouped).unlink()
