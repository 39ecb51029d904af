"""Keeping: open, save, journal, lock and recovery of the open project, so that nothing is ever lost.

A project that was never saved lives in the user's data folder just as a saved one lives in its own: a file, a
journal beside it, a lock. So there is one way to recover, and it does not depend on the user having saved.
"""

from __future__ import annotations

import shutil
import threading
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal

from renomap.errors import RenomapError
from renomap.model.change import ChangeSet
from renomap.model.feedback import Feedback
from renomap.model.project import Project
from renomap.session.document import Document
from renomap.session.jobs import Job, JobRunner
from renomap.store import projectfile
from renomap.store.journal import Journal, Recorded, journal_path, read_journal
from renomap.store.lock import Lock

#: Makes a project from source files: ``steps.import_``, given by the window.
Import = Callable[[Sequence[Path], Feedback], Project]


#: What is imported is kept this much later: Python would draw the first map slower while it writes.
_MAP_FIRST_S: Final = 0.6
_UNSAVED: Final = f"project{projectfile.ENDING}"


@dataclass(frozen=True)
class _Opened:
    project: Project
    home: Path  # the file that the journal belongs to
    path: Path | None  # the file as the user knows it; None while it was never saved
    mark: str | None  # None where the file is still to be written
    recorded: Recorded | None


class Keeper(QObject):
    """Where the open project is kept. All signals come on the main thread."""

    opened = Signal()
    saved = Signal(object)
    recovery_offered = Signal(int)
    recovery_answered = Signal()
    journal_failed = Signal(object)

    def __init__(self, document: Document, runner: JobRunner, data_folder: Path) -> None:
        super().__init__(document)
        self._document = document
        self._runner = runner
        self._unsaved = data_folder / "unsaved"
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="renomap-journal")
        self._home: Path | None = None
        self._lock: Lock | None = None
        self._journal: Journal | None = None
        self._since_save: list[ChangeSet] = []
        self._borrowed: dict[Job, Lock] = {}
        self._closing = threading.Event()
        self.offer: Recorded | None = None
        document.changed.connect(self._on_changed)
        runner.ended.connect(self._on_job_ended)

    def left_behind(self) -> tuple[Path, ...]:
        """Projects never saved whose process has ended, the newest first; open them as files."""
        found = []
        for home in self._unsaved.glob(f"*/{_UNSAVED}"):
            try:
                Lock(home).release()
                found.append((home.stat().st_mtime, home))
            except (RenomapError, FileNotFoundError):
                continue  # open in another window, or saved and gone at this moment
        return tuple(home for _, home in sorted(found, reverse=True))

    def open(self, path: Path) -> None:
        """Open a project file in the background."""
        self._runner.start(
            "job.open", lambda feedback: self._load(path, feedback), self._on_opened, key="open"
        )

    def import_files(self, paths: Sequence[Path], read: Import) -> None:
        """Make a new, unsaved project from source files in the background."""

        def work(feedback: Feedback) -> _Opened:
            return self._keep_unsaved(read(paths, feedback))

        self._runner.start("job.import", work, self._on_opened, key="open")

    def save(self, path: Path) -> None:
        """Write the project in the background; ``saved`` tells the path.

        Raises RenomapError ``store.read-only`` at once where somebody else has that file open.
        """
        project, index = self._document.project, self._document.undo_stack.index()
        assert project is not None
        path = path.resolve()
        lock = self._lock_of(path)
        mark = projectfile.new_mark()
        self._since_save = []
        self._in_writer(lambda: self._journal.note_saving(mark) if self._journal is not None else None)

        def failed(error: Exception) -> None:
            if lock is not None and lock is not self._lock:
                lock.release()
            self._runner.failed.emit(job, error)

        job = self._runner.start(
            "job.save",
            lambda feedback: projectfile.save(project, path, feedback=feedback, mark=mark),
            lambda mark: self._on_saved(path, index, mark, lock),
            failed=failed,
            key="save",
        )
        if lock is not self._lock:
            self._borrowed[job] = lock

    def accept_recovery(self) -> None:
        """Do again what the journal has, each change an undo step; go on with the same journal."""
        offer, self.offer = self.offer, None
        assert offer is not None
        assert self._home is not None
        self._document.holder = None
        for change in offer.changes:
            self._document.apply(change)
        home = self._home
        self._in_writer(lambda: self._begin(Journal.resumed(journal_path(home))))
        self.recovery_answered.emit()

    def refuse_recovery(self) -> None:
        """Forget what the journal has."""
        offer, self.offer = self.offer, None
        assert offer is not None
        assert self._home is not None
        self._document.holder = None
        home = self._home
        self._in_writer(lambda: self._begin(Journal(journal_path(home), offer.base)))
        self.recovery_answered.emit()

    def close(self) -> None:
        """Let go of the project: what is not saved now is not wanted, unless a recovery was not answered."""
        for job in self._runner.jobs:
            if job.key == "save":
                job.cancel()  # it would end in another project
        self._in_writer(self._end)
        self._writer.submit(lambda: None).result()
        if self._lock is not None:
            self._lock.release()
            self._lock = None
        if self._home is not None and self._document.path is None and self.offer is None:
            shutil.rmtree(self._home.parent, ignore_errors=True)
        self._home = None

    def shut(self) -> None:
        """Close and end the thread."""
        self._closing.set()
        self.close()
        self._writer.shutdown()

    def _load(self, path: Path, feedback: Feedback) -> _Opened:
        path = path.resolve()
        unsaved = self._unsaved.resolve() in path.parents
        project = projectfile.open_project(path, feedback=feedback)
        mark = projectfile.saved_mark(path) or ""
        # A journal of an older state of the file has nothing to offer: its changes are saved.
        recorded = read_journal(journal_path(path), mark)
        return _Opened(project, path, None if unsaved else path, mark, recorded)

    def _keep_unsaved(self, project: Project) -> _Opened:
        home = self._unsaved / uuid.uuid4().hex[:12] / _UNSAVED
        try:
            home.parent.mkdir(parents=True, exist_ok=True)
        except OSError as fault:
            raise RenomapError("store.not-writable", folder=str(home.parent)) from fault
        return _Opened(project, home, None, None, None)

    def _on_opened(self, opened: _Opened) -> None:
        """The lock is taken here: a job that was stopped would keep it, and the same file opened anew would
        find it held by this very window."""
        unwanted = opened.home == self._home and self.offer is None  # what its journal has was just refused
        self.close()
        recorded, holder = None if unwanted else opened.recorded, None
        try:
            self._lock = Lock(opened.home)
        except RenomapError as fault:
            recorded, holder = None, fault if fault.code == "store.read-only" else None
        self._home, self._since_save, self.offer = opened.home, [], recorded
        if recorded is not None:
            holder = RenomapError("store.recovery-open", count=len(recorded.changes))
        elif self._lock is not None:
            self._in_writer(lambda: self._begin_first(opened))
        self._document.replace(opened.project, opened.path, holder)
        self.opened.emit()
        if recorded is not None:
            self.recovery_offered.emit(len(recorded.changes))

    def _on_saved(self, path: Path, index: int, mark: str, lock: Lock | None) -> None:
        since, old_home, old_path = list(self._since_save), self._home, self._document.path
        old_lock = self._lock

        def begin() -> None:
            self._succeed(path, mark, since)
            if old_lock is not None and old_lock is not lock:
                old_lock.release()
            if old_home is not None and old_path is None:
                shutil.rmtree(old_home.parent, ignore_errors=True)

        self._in_writer(begin)
        self._home, self._lock = path, lock
        self._document.holder = None
        self._document.mark_saved(path, index)
        self.saved.emit(path)

    def _lock_of(self, path: Path) -> Lock:
        """The lock of a file: the one we hold, that of a save to it which is on its way, or a new one."""
        if self._lock is not None and path == self._home:
            return self._lock
        for job, lock in self._borrowed.items():
            if lock.project == path:
                del self._borrowed[job]
                return lock
        return Lock(path)

    def _on_job_ended(self, job: Job) -> None:
        """A save that was stopped needs the lock of its file no longer."""
        lock = self._borrowed.pop(job, None)
        if lock is not None and job.stopping and lock is not self._lock:
            lock.release()

    def _on_changed(self, change: ChangeSet) -> None:
        self._since_save.append(change)

        def append() -> None:
            if self._journal is not None:
                self._journal.append(change)

        if self.offer is None:
            self._in_writer(append)

    def _succeed(self, path: Path, mark: str, since: list[ChangeSet]) -> None:
        """A journal of what was done since the save takes the old one's place, which stays if that fails."""
        old, self._journal = self._journal, None
        if old is not None:
            old.close()
        try:
            self._begin(Journal.continued(journal_path(path), mark, since))
        except RenomapError:
            if old is not None:
                self._begin(Journal.resumed(old.path))
            raise
        if old is not None and old.path != journal_path(path):
            old.path.unlink(missing_ok=True)

    def _begin_first(self, opened: _Opened) -> None:
        """A journal for what was opened; what was imported is written first, while the map is drawn already.

        Whatever is done meanwhile waits in this thread's queue.
        """
        if opened.mark is None:
            self._closing.wait(_MAP_FIRST_S)
        mark = opened.mark or projectfile.save(opened.project, opened.home)
        self._begin(Journal(journal_path(opened.home), mark))

    def _begin(self, journal: Journal) -> None:
        self._journal = journal

    def _end(self) -> None:
        if self._journal is not None:
            self._journal.discard()
            self._journal = None

    def _in_writer(self, step: Callable[[], None]) -> None:
        """All that touches the journal's file happens in one thread, in the order it was asked for."""

        def guarded() -> None:
            try:
                step()
            except RenomapError as fault:
                self.journal_failed.emit(fault)

        self._writer.submit(guarded)
