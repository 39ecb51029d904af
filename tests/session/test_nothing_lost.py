"""Window, command line and another program on one file, in any order, each killed at any time.

Every change is in the file, a previous file or a journal, or its loss was the user's own decision.
"""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from foreign_writer import ForeignWriter
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from PySide6.QtCore import QCoreApplication
from test_document import small_project
from test_keeping import Desk

from renomap.commands.writing import writing
from renomap.errors import RenomapError
from renomap.model.project import Project
from renomap.session.document import Document
from renomap.session.jobs import JobRunner
from renomap.session.keeping import REFUSALS, Keeper
from renomap.store.companions import ENDINGS
from renomap.store.projectfile import CHANGED_OUTSIDE, open_project, save

WORD = re.compile(r"\b[wcf]\d+\b")
#: What the command line may answer where it does not write.
REFUSED = ("store.in-use", "store.busy", "store.unanswered", "store.held", "store.changed-on-disk")
PATIENCE_S = 20.0


def with_word(project: Project, word: str) -> Project:
    return replace(project, form={**project.form, word: word})


def words_of(project: Project) -> set[str]:
    names = project.layers[0].frame["name"].astype(str)
    return {*project.form, *WORD.findall(" ".join(names))}


def words_in(path: Path) -> set[str]:
    """Words that whoever opens the file next will find: a copy is opened, with what lies beside it."""
    with tempfile.TemporaryDirectory() as place:
        for ending in ("", "-wal", "-journal"):
            file = path.with_name(path.name + ending)
            if file.is_file():
                shutil.copy(file, Path(place) / f"a.gpkg{ending}")
        with closing(sqlite3.connect(Path(place) / "a.gpkg")) as link:
            texts = [text for (text,) in link.execute("SELECT json FROM renomap_rows WHERE kind = 'project'")]
            texts += [name for (name,) in link.execute("SELECT name FROM compounds")]
    return set(WORD.findall(" ".join(texts)))


def words_kept(folder: Path) -> set[str]:
    """Words in any journal and any previous or unsaved file below a folder."""
    found: set[str] = set()
    for file in folder.rglob("*"):
        if ".journal" in file.name and file.is_file():
            found |= set(WORD.findall(file.read_text("ascii", errors="replace")))
        elif file.match("*.bak?.gpkg"):
            found |= words_in(file)
    return found


def until(what: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not what():
        QCoreApplication.processEvents()
        assert time.monotonic() < deadline, "nothing happened"
        time.sleep(0.001)


class Office(RuleBasedStateMachine):
    """``made`` are the words that somebody wrote and was not refused, ``given_up`` those that a user let go
    of."""

    def __init__(self) -> None:
        super().__init__()
        self.place = Path(tempfile.mkdtemp(prefix="office-"))
        (self.place / "work").mkdir()
        self.path = self.place / "work" / "p.gpkg"
        save(small_project(), self.path)
        self.copies = [self.place / "copy0.gpkg"]
        shutil.copy(self.path, self.copies[0])
        self.window: Desk | None = None
        self.events: list[str] = []
        self.foreign: ForeignWriter | None = None
        self.count = 0
        self.made: set[str] = set()
        self.given_up: set[str] = set()
        self.pending: set[str] = set()  # in the journal of a killed window that nobody has answered
        self.outside = False  # another program has written since the file was saved

    def word(self, who: str) -> str:
        self.count += 1
        return f"{who}{self.count}"

    # The window.

    @precondition(lambda self: self.window is None)
    @rule(answer=st.sampled_from(["accept", "accept", "refuse", "none"]))
    def open_window(self, answer: str) -> None:
        document, runner = Document(), JobRunner()
        keeper = Keeper(document, runner, self.place / "data")
        self.window, self.events = Desk(document, runner, keeper), []
        keeper.opened.connect(lambda: self.events.append("opened"))
        keeper.saved.connect(lambda _: self.events.append("saved"))
        keeper.noticed.connect(lambda note: self.events.append(note.code))
        keeper.save_refused.connect(lambda _path, error, _then: self.events.append(error.code))
        runner.failed.connect(lambda _job, error: self.events.append(getattr(error, "code", repr(error))))
        before = words_in(self.path)
        keeper.open(self.path)
        until(lambda: bool(self.events))
        assert self.events[0] in ("opened", "store.busy", CHANGED_OUTSIDE), self.events
        if self.events == ["store.busy"]:
            assert self.foreign is not None
            self._leave(killed=False)
            return
        until(lambda: "opened" in self.events)
        assert document.project is not None
        assert words_of(document.project) == before
        assert (CHANGED_OUTSIDE in self.events) == self.outside, self.events
        if self.pending:
            assert keeper.offer is not None or "store.journal-other-state" in self.events, self.events
        if keeper.offer is not None and answer == "accept":
            offered = words_kept_in_offer(keeper)
            keeper.accept_recovery()
            assert offered <= words_of(document.project)
            self.pending = set()
        elif keeper.offer is not None and answer == "refuse":
            self.given_up |= words_kept_in_offer(keeper) - before
            keeper.refuse_recovery()
            self.pending = set()
        elif keeper.offer is None:
            self.pending = set()
        self.window.settle()

    @precondition(lambda self: self.window is not None and self.window.keeper.offer is None)
    @rule()
    def edit(self) -> None:
        assert self.window is not None
        word = self.word("w")
        assert self.window.document.project is not None
        self.window.document.apply_project(with_word(self.window.document.project, word), "change.test")
        self.window.settle()
        self.made.add(word)

    @precondition(lambda self: self.window is not None and self.window.keeper.offer is None)
    @rule(overwrite=st.sampled_from([False, False, True]))
    def save_window(self, overwrite: bool) -> None:
        assert self.window is not None
        assert self.window.document.project is not None
        before, wanted = words_in(self.path), words_of(self.window.document.project)
        self.events.clear()
        self.window.keeper.save(self.path, overwrite=overwrite)
        until(lambda: bool(self.events))
        self.window.settle()
        assert self.events[0] in ("saved", *REFUSALS), self.events
        if self.events[0] != "saved":
            assert words_in(self.path) == before
            return
        assert words_in(self.path) == wanted
        self.outside = False
        if overwrite:
            self.given_up |= before - wanted
        else:
            assert before <= wanted

    @precondition(lambda self: self.window is not None)
    @rule(killed=st.booleans())
    def end_window(self, killed: bool) -> None:
        window = self.window
        assert window is not None
        assert window.document.project is not None
        unsaved = words_of(window.document.project) - words_in(self.path)
        unanswered = window.keeper.offer is not None
        if killed:
            self.pending |= unsaved - self.given_up
        elif not unanswered:
            self.given_up |= unsaved  # it was asked for
        self._leave(killed=killed)

    def _leave(self, *, killed: bool) -> None:
        window, self.window = self.window, None
        assert window is not None
        if killed:
            window.die()
        window.runner.close()
        window.keeper.shut()

    # The command line.

    @rule()
    def command(self) -> None:
        word, before = self.word("c"), words_in(self.path)
        told = ""
        try:
            with writing(self.path, update=True) as expected:
                project = with_word(open_project(self.path), word)
                save(project, self.path, expected=expected)
        except RenomapError as fault:
            told = fault.code
        if told:
            assert told in REFUSED, told
            assert words_in(self.path) == before
            return
        assert self.window is None
        assert words_in(self.path) == {*before, word}
        self.made.add(word)
        self.outside = False

    # Another program.

    @precondition(lambda self: self.foreign is None)
    @rule(mode=st.sampled_from(["WAL", "DELETE"]))
    def open_foreign(self, mode: str) -> None:
        self.foreign = ForeignWriter(self.path, mode)

    @precondition(lambda self: self.foreign is not None and not self.foreign.begun)
    @rule(commits=st.booleans())
    def write_foreign(self, commits: bool) -> None:
        assert self.foreign is not None
        word = self.word("f")
        if not commits:
            self.foreign.begin(word)
        elif self.foreign.write(word):
            self.made.add(word)
            self.outside = True

    @precondition(lambda self: self.foreign is not None and bool(self.foreign.begun))
    @rule()
    def commit_foreign(self) -> None:
        assert self.foreign is not None
        word = self.foreign.begun
        if self.foreign.commit():
            self.made.add(word)
            self.outside = True

    @precondition(lambda self: self.foreign is not None)
    @rule(killed=st.booleans())
    def end_foreign(self, killed: bool) -> None:
        assert self.foreign is not None
        if killed:
            self.foreign.kill()
        else:
            self.foreign.end()
        self.foreign = None

    # Somebody puts another file in the place.

    def is_alone(self) -> bool:
        beside = (self.path.with_name(self.path.name + ending) for ending in ENDINGS)
        return self.foreign is None and not any(file.exists() for file in beside)

    @precondition(is_alone)
    @rule()
    def copy(self) -> None:
        self.copies.append(self.place / f"copy{len(self.copies)}.gpkg")
        shutil.copy(self.path, self.copies[-1])

    @precondition(is_alone)
    @rule(data=st.data())
    def put_back(self, data: st.DataObject) -> None:
        copy = data.draw(st.sampled_from(self.copies))
        self.given_up |= words_in(self.path) - words_in(copy)
        with tempfile.TemporaryDirectory(dir=self.path.parent) as draft:
            shutil.copy(copy, Path(draft) / "a.gpkg")
            os.replace(Path(draft) / "a.gpkg", self.path)
        project = open_project(self.path)
        self.outside = any(note.code == CHANGED_OUTSIDE for note in project.notes)

    @invariant()
    def nothing_is_lost(self) -> None:
        wanted = self.made - self.given_up
        lost = wanted - words_in(self.path) - words_kept(self.place)
        assert not lost, lost

    def teardown(self) -> None:
        if self.foreign is not None:
            self.foreign.kill()
        if self.window is not None:
            self._leave(killed=True)
        shutil.rmtree(self.place, ignore_errors=True)


def words_kept_in_offer(keeper: Keeper) -> set[str]:
    assert keeper.offer is not None
    return set(WORD.findall(" ".join(repr(change) for change in keeper.offer.changes)))


def test_nothing_is_lost_between_three_programs() -> None:
    limits = settings(max_examples=5, stateful_step_count=12, deadline=None, database=None)
    run_state_machine_as_test(Office, settings=limits)


@pytest.mark.long
def test_nothing_is_lost_in_a_long_day() -> None:
    """``RENOMAP_FUZZ_S`` seconds of it, one minute where nothing is said."""
    limits = settings(max_examples=10, stateful_step_count=40, deadline=None, database=None)
    limits = settings(limits, phases=[Phase.generate])  # to make it short would take hours
    end = time.monotonic() + float(os.environ.get("RENOMAP_FUZZ_S", "60"))
    while time.monotonic() < end:
        run_state_machine_as_test(Office, settings=limits)
