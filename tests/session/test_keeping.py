"""Nothing is lost: saved, unsaved, killed in between, or held by somebody else."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import astuple, dataclass
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from test_document import areas_of, painted, small_project

from renomap.model.feedback import Feedback
from renomap.session.document import Document
from renomap.session.jobs import JobRunner
from renomap.session.keeping import Keeper
from renomap.store.journal import journal_path, read_journal
from renomap.store.lock import Lock
from renomap.store.projectfile import open_project, save, saved_mark


@dataclass
class Desk:
    document: Document
    runner: JobRunner
    keeper: Keeper

    def paint(self, fid: int, area: int) -> None:
        self.document.apply_project(painted(self.document.project, fid, area), "change.paint")

    def settle(self) -> None:
        """Wait for the journal's thread."""
        self.keeper._writer.submit(lambda: None).result()

    def die(self) -> None:
        """End as a killed process does: no goodbye, but the system takes back the lock."""
        self.settle()
        if self.keeper._journal is not None:
            self.keeper._journal.close()
        if self.keeper._lock is not None:
            os.close(self.keeper._lock._handle)
            self.keeper._lock = None
        self.keeper._journal = None
        self.keeper._home = None


@pytest.fixture
def make_desk(qtbot: QtBot, tmp_path: Path) -> Iterator[Callable[[], Desk]]:
    before = threading.active_count()
    desks: list[Desk] = []

    def make() -> Desk:
        document, runner = Document(), JobRunner()
        desks.append(Desk(document, runner, Keeper(document, runner, tmp_path / "data")))
        return desks[-1]

    yield make
    for desk in desks:
        desk.runner.close()
        desk.keeper.shut()
    assert threading.active_count() == before


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "work").mkdir()
    save(small_project(), tmp_path / "work" / "p.gpkg")
    return tmp_path / "work" / "p.gpkg"


def opened(qtbot: QtBot, desk: Desk, path: Path) -> None:
    with qtbot.waitSignal(desk.keeper.opened):
        desk.keeper.open(path)


def test_saving_writes_and_cleans(qtbot: QtBot, make_desk: Callable[[], Desk], file: Path) -> None:
    desk = make_desk()
    opened(qtbot, desk, file)
    desk.paint(0, 2)
    desk.settle()
    assert len(read_journal(journal_path(file)).changes) == 1
    with qtbot.waitSignal(desk.keeper.saved):
        desk.keeper.save(file)
    desk.settle()
    assert not desk.document.is_changed
    assert open_project(file).schemes[0].assignment.tolist() == [2, 1, 2]
    assert read_journal(journal_path(file)) is None
    desk.keeper.close()
    assert sorted(p.name for p in file.parent.iterdir()) == ["p.bak1.gpkg", "p.gpkg"]


def test_a_killed_process_loses_nothing(qtbot: QtBot, make_desk: Callable[[], Desk], file: Path) -> None:
    first = make_desk()
    opened(qtbot, first, file)
    first.paint(0, 2)
    first.paint(1, 2)
    first.document.undo_stack.undo()
    first.die()
    second = make_desk()
    with qtbot.waitSignal(second.keeper.recovery_offered) as offered:
        second.keeper.open(file)
    assert offered.args == [3]
    with pytest.raises(Exception, match=r"store\.recovery-open"):
        second.paint(2, 1)
    second.die()  # closed without an answer: the offer stays
    third = make_desk()
    with qtbot.waitSignal(third.keeper.recovery_offered):
        third.keeper.open(file)
    third.keeper.accept_recovery()
    assert areas_of(third.document) == [2, 1, 2]
    assert third.document.is_changed
    third.paint(2, 1)
    third.die()
    fourth = make_desk()
    with qtbot.waitSignal(fourth.keeper.recovery_offered) as offered:
        fourth.keeper.open(file)
    assert offered.args == [4]
    fourth.keeper.refuse_recovery()
    assert areas_of(fourth.document) == [1, 1, 2]
    fourth.paint(2, 1)
    fourth.settle()
    assert len(read_journal(journal_path(file)).changes) == 1


def test_an_unsaved_project_is_found_again(qtbot: QtBot, make_desk: Callable[[], Desk]) -> None:
    first = make_desk()
    with qtbot.waitSignal(first.keeper.opened):
        first.keeper.import_files([], lambda paths, feedback: small_project())
    assert first.document.path is None
    first.paint(0, 2)
    assert make_desk().keeper.left_behind() == ()
    first.die()
    second = make_desk()
    ((home, saved, _, steps),) = [astuple(one) for one in second.keeper.left_behind()]
    assert (saved, steps) == (False, 1)
    with qtbot.waitSignal(second.keeper.recovery_offered):
        second.keeper.open(home)
    second.keeper.accept_recovery()
    assert areas_of(second.document) == [2, 1, 2]
    assert second.document.path is None


def test_saving_an_unsaved_project_leaves_nothing_behind(
    qtbot: QtBot, make_desk: Callable[[], Desk], tmp_path: Path
) -> None:
    desk = make_desk()
    with qtbot.waitSignal(desk.keeper.opened):
        desk.keeper.import_files([], lambda paths, feedback: small_project())
    desk.paint(0, 2)
    with qtbot.waitSignal(desk.keeper.saved):
        desk.keeper.save(tmp_path / "new.gpkg")
    desk.settle()
    assert list((tmp_path / "data" / "unsaved").iterdir()) == []
    assert desk.document.path == tmp_path / "new.gpkg"


def test_what_is_done_while_saving_is_in_the_new_journal(
    qtbot: QtBot, make_desk: Callable[[], Desk], file: Path
) -> None:
    desk = make_desk()
    opened(qtbot, desk, file)
    desk.paint(0, 2)
    with qtbot.waitSignal(desk.keeper.saved):
        desk.keeper.save(file)
        desk.paint(1, 2)
    assert desk.document.is_changed
    desk.die()
    again = make_desk()
    with qtbot.waitSignal(again.keeper.recovery_offered) as offered:
        again.keeper.open(file)
    assert offered.args == [1]
    again.keeper.accept_recovery()
    assert areas_of(again.document) == [2, 2, 2]


def test_the_second_only_reads_and_sees_who(qtbot: QtBot, make_desk: Callable[[], Desk], file: Path) -> None:
    other = Lock(file)
    desk = make_desk()
    opened(qtbot, desk, file)
    assert desk.document.holder.code == "store.read-only"
    with pytest.raises(Exception, match=r"store\.read-only"):
        desk.paint(0, 2)
    with pytest.raises(Exception, match=r"store\.read-only"):
        desk.keeper.save(file)
    copy = file.with_name("mine.gpkg")
    with qtbot.waitSignal(desk.keeper.saved):
        desk.keeper.save(copy)
    desk.paint(0, 2)
    assert areas_of(desk.document) == [2, 1, 2]
    other.release()


def test_killed_between_the_file_and_its_new_journal(
    qtbot: QtBot, make_desk: Callable[[], Desk], file: Path
) -> None:
    """The file is the new one already, the journal still the old: what was done since is not lost."""
    desk = make_desk()
    opened(qtbot, desk, file)
    desk.paint(0, 2)
    before = saved_mark(file)
    desk.keeper.save(file)
    desk.paint(1, 2)
    desk.settle()
    while saved_mark(file) == before:
        pass  # without the window's loop the keeper never hears that the file is written
    desk.runner.close()
    desk.die()
    again = make_desk()
    with qtbot.waitSignal(again.keeper.recovery_offered) as offered:
        again.keeper.open(file)
    assert offered.args == [1]
    assert areas_of(again.document) == [2, 1, 2]
    again.keeper.accept_recovery()
    assert areas_of(again.document) == [2, 2, 2]


def test_a_stopped_save_gives_the_lock_back(qtbot: QtBot, make_desk: Callable[[], Desk], file: Path) -> None:
    desk = make_desk()
    opened(qtbot, desk, file)
    copy = file.with_name("copy.gpkg")
    with qtbot.waitSignal(desk.runner.ended):
        desk.keeper.save(copy)
        desk.runner.cancel_all()
    Lock(copy).release()
    assert desk.keeper._home == file


def test_saving_twice_in_a_row_is_one_s_own_right(
    qtbot: QtBot, make_desk: Callable[[], Desk], tmp_path: Path
) -> None:
    """The first save to a new file is still on its way when the hand asks again."""
    desk = make_desk()
    with qtbot.waitSignal(desk.keeper.opened):
        desk.keeper.import_files([], lambda paths, feedback: small_project())
    desk.keeper.save(tmp_path / "new.gpkg")
    desk.paint(0, 2)
    with qtbot.waitSignal(desk.keeper.saved):
        desk.keeper.save(tmp_path / "new.gpkg")
    assert not desk.document.is_changed
    assert areas_of(desk.document) == open_project(tmp_path / "new.gpkg").schemes[0].assignment.tolist()
    desk.keeper.close()
    Lock(tmp_path / "new.gpkg").release()


def test_the_same_file_opened_anew_is_still_ours(
    qtbot: QtBot, make_desk: Callable[[], Desk], file: Path
) -> None:
    desk = make_desk()
    opened(qtbot, desk, file)
    desk.paint(0, 2)
    opened(qtbot, desk, file)  # the question whether to keep the change has been answered: no
    assert desk.document.holder is None
    assert desk.keeper.offer is None
    assert areas_of(desk.document) == [1, 1, 2]
    desk.paint(1, 2)
    desk.settle()
    assert len(read_journal(journal_path(file)).changes) == 1


def test_a_file_that_was_on_its_way_when_another_was_opened_is_free(
    qtbot: QtBot, make_desk: Callable[[], Desk], file: Path
) -> None:
    other = file.with_name("other.gpkg")
    save(small_project(), other)
    desk = make_desk()
    load, ready, go = desk.keeper._load, threading.Event(), threading.Event()

    def slow(path: Path, feedback: Feedback) -> object:
        found = load(path, feedback)
        if path == file:
            ready.set()
            go.wait(10)
        return found

    desk.keeper._load = slow  # type: ignore[method-assign, assignment]
    desk.keeper.open(file)
    assert ready.wait(10)
    desk.keeper.open(other)
    go.set()
    qtbot.waitUntil(lambda: desk.document.path == other and not desk.runner.jobs)
    Lock(file).release()
    opened(qtbot, desk, file)
    assert desk.document.holder is None


def test_a_file_changed_by_another_program_is_not_overwritten_unasked(
    qtbot: QtBot, make_desk: Callable[[], Desk], file: Path
) -> None:
    desk = make_desk()
    opened(qtbot, desk, file)
    desk.paint(0, 2)
    with closing(sqlite3.connect(file)) as connection, connection:
        _without_triggers(connection)
        connection.execute("UPDATE compounds SET name = '别名'")
    with qtbot.waitSignal(desk.keeper.save_refused) as refused:
        desk.keeper.save(file)
    assert (refused.args[0], refused.args[1].code) == (file, "store.changed-on-disk")
    assert open_project(file).neighbourhoods.frame["name"].iloc[0] == "别名"
    with qtbot.waitSignal(desk.keeper.saved):
        desk.keeper.save(file, overwrite=True)
    assert open_project(file).schemes[0].assignment.tolist() == [2, 1, 2]
    with qtbot.waitSignal(desk.keeper.saved):  # what we have written ourselves is no stranger's
        desk.keeper.save(file)


def test_saving_twice_in_a_row_is_not_taken_for_another_s_change(
    qtbot: QtBot, make_desk: Callable[[], Desk], file: Path
) -> None:
    desk = make_desk()
    opened(qtbot, desk, file)
    before = saved_mark(file)
    desk.paint(0, 2)
    desk.keeper.save(file)
    while saved_mark(file) == before:
        pass  # written, but the keeper has not heard of it
    desk.paint(1, 2)
    with qtbot.waitSignal(desk.keeper.saved):
        desk.keeper.save(file)
    assert open_project(file).schemes[0].assignment.tolist() == [2, 2, 2]


def test_what_was_changed_outside_is_noticed_at_opening(
    qtbot: QtBot, make_desk: Callable[[], Desk], file: Path
) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        _without_triggers(connection)
        connection.execute("UPDATE compounds SET households = 7777 WHERE fid = 0")
    desk = make_desk()
    with qtbot.waitSignal(desk.keeper.noticed) as noticed:
        desk.keeper.open(file)
    assert noticed.args[0].code == "store.changed-outside"
    assert not desk.document.is_changed
    desk.paint(0, 2)
    with qtbot.waitSignal(desk.keeper.saved):  # it was taken over knowingly
        desk.keeper.save(file)
    assert open_project(file).notes == small_project().notes


@pytest.mark.parametrize("spoilt", [2, 4])
def test_a_damaged_journal_offers_what_is_left_and_is_set_aside(
    qtbot: QtBot, make_desk: Callable[[], Desk], file: Path, spoilt: int
) -> None:
    first = make_desk()
    opened(qtbot, first, file)
    for fid, area in ((0, 2), (1, 2), (2, 1), (0, 1), (1, 1)):
        first.paint(fid, area)
    first.die()
    lines = journal_path(file).read_bytes().split(b"\n")
    lines[spoilt] = lines[spoilt][:40] + b"#" + lines[spoilt][41:]
    journal_path(file).write_bytes(b"\n".join(lines))
    second = make_desk()
    with qtbot.waitSignal(second.keeper.recovery_offered):
        second.keeper.open(file)
    offer = second.keeper.offer
    assert (len(offer.changes), offer.total) == (spoilt - 1, 5)
    with qtbot.waitSignal(second.keeper.noticed) as noticed:
        second.keeper.accept_recovery()
    assert noticed.args[0].params == {"count": spoilt - 1, "total": 5}
    second.settle()
    assert len(read_journal(journal_path(file)).changes) == spoilt - 1
    (aside,) = file.parent.glob("p.gpkg.journal-*")
    assert aside.read_bytes() == b"\n".join(lines)


def test_a_journal_of_another_state_is_set_aside_and_told(
    qtbot: QtBot, make_desk: Callable[[], Desk], file: Path
) -> None:
    first = make_desk()
    opened(qtbot, first, file)
    first.paint(0, 2)
    first.die()
    save(small_project(), file)  # somebody has restored a backup
    second = make_desk()
    with qtbot.waitSignal(second.keeper.noticed) as noticed:
        second.keeper.open(file)
    second.settle()
    assert (noticed.args[0].code, noticed.args[0].params["total"]) == ("store.journal-other-state", 1)
    assert len(list(file.parent.glob("p.gpkg.journal-*"))) == 1
    second.paint(0, 2)
    second.settle()
    assert len(read_journal(journal_path(file)).changes) == 1


def test_where_no_lock_can_be_made_the_journal_is_in_the_user_s_folder(
    qtbot: QtBot, make_desk: Callable[[], Desk], file: Path, tmp_path: Path
) -> None:
    (file.parent / "p.gpkg.lock").mkdir()
    first = make_desk()
    with qtbot.waitSignal(first.keeper.noticed) as noticed:
        first.keeper.open(file)
    assert noticed.args[0].code == "store.sheltered"
    first.paint(0, 2)
    assert make_desk().keeper.left_behind() == ()
    first.die()
    second = make_desk()
    ((path, saved, _, steps),) = [astuple(one) for one in second.keeper.left_behind()]
    assert (path, saved, steps) == (file, True, 1)
    with qtbot.waitSignal(second.keeper.recovery_offered):
        second.keeper.open(file)
    second.keeper.accept_recovery()
    assert areas_of(second.document) == [2, 1, 2]


def test_a_saved_project_whose_window_was_killed_is_found_again(
    qtbot: QtBot, make_desk: Callable[[], Desk], file: Path
) -> None:
    first = make_desk()
    opened(qtbot, first, file)
    first.paint(0, 2)
    first.die()
    second = make_desk()
    assert [(one.path, one.saved, one.steps) for one in second.keeper.left_behind()] == [(file, True, 1)]
    with qtbot.waitSignal(second.keeper.recovery_offered):
        second.keeper.open(file)
    second.keeper.refuse_recovery()
    second.keeper.close()
    assert second.keeper.left_behind() == ()


def test_an_import_that_was_never_saved_is_something_to_save(
    qtbot: QtBot, make_desk: Callable[[], Desk], tmp_path: Path
) -> None:
    desk = make_desk()
    with qtbot.waitSignal(desk.keeper.opened):
        desk.keeper.import_files([], lambda paths, feedback: small_project())
    assert desk.document.is_changed
    desk.paint(0, 2)
    assert desk.document.steps_to_save == 1
    with qtbot.waitSignal(desk.keeper.saved):
        desk.keeper.save(tmp_path / "new.gpkg")
    assert not desk.document.is_changed
    desk.paint(1, 2)
    assert desk.document.steps_to_save == 1
    sample = make_desk()
    with qtbot.waitSignal(sample.keeper.opened):
        sample.keeper.import_files([], lambda paths, feedback: small_project(), precious=False)
    assert not sample.document.is_changed


def _without_triggers(connection: sqlite3.Connection) -> None:
    """SQLite itself lacks the functions that keep the spatial index of a GeoPackage."""
    query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    for (name,) in connection.execute(query).fetchall():
        connection.execute(f'DROP TRIGGER "{name}"')
