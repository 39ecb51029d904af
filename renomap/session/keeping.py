"""Keeping: open, save, journal, lock and recovery of the open project, so that nothing is ever lost.

A project that was never saved lives in the user's data folder just as a saved one lives in its own: a file, a
journal beside it, a lock. So there is one way to recover, and it does not depend on the user having saved.

After a crash the lock is free and the journal still there: opening the file reads it, ``recovery_offered``
asks the user, and ``accept_recovery`` does its changes again, each as one undo step.
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
from renomap.model.change import ChangeSet, apply
from renomap.model.feedback import Feedback
from renomap.model.note import Note, Severity
from renomap.model.project import Project
from renomap.session.document import Document
from renomap.session.jobs import Job, JobRunner
from renomap.session.unfinished import UNSAVED, OpenFiles, Unfinished
from renomap.store import projectfile
from renomap.store.integrity import Fingerprint
from renomap.store.journal import ENDING, Journal, Recorded, journal_path, read_journal, set_aside
from renomap.store.lock import Lock

#: Makes a project from source files: ``steps.import_``, given by the window.
Import = Callable[[Sequence[Path], Feedback], Project]


#: What is imported is kept this much later: Python would draw the first map slower while it writes.
_MAP_FIRST_S: Final = 0.6
#: Faults of a save that the user decides about.
REFUSALS: Final = ("store.changed-on-disk", "store.held")


@dataclass(frozen=True)
class _Opened:
    project: Project
    home: Path  # the file that the journal belongs to
    path: Path | None  # the file as the user knows it; None while it was never saved
    mark: str | None  # None where the file is still to be written
    recorded: Recorded | None
    journal: Path  # where that was read
    held: Fingerprint | None  # what the file held when it was read
    fresh: bool = False  # whether the project itself is in no file of the user's and would be missed


class Keeper(QObject):
    """Where the open project is kept. All signals come on the main thread."""

    opened = Signal()
    saved = Signal(object)
    save_refused = Signal(object, object, object)
    noticed = Signal(object)
    recovery_offered = Signal(int)
    recovery_answered = Signal()
    journal_failed = Signal(object)

    def __init__(self, document: Document, runner: JobRunner, data_folder: Path) -> None:
        super().__init__(document)
        self._document = document
        self._runner = runner
        self._files = OpenFiles(data_folder)
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="renomap-journal")
        self._home: Path | None = None
        self._lock: Lock | None = None
        self._journal: Journal | None = None
        self._journal_at: Path | None = None
        self._recorded_at: Path | None = None
        self._held: Fingerprint | None = None
        self._marks: set[str] = set()
        self._since_save: list[ChangeSet] = []
        self._borrowed: dict[Job, Lock] = {}
        self._closing = threading.Event()
        self.offer: Recorded | None = None
        document.changed.connect(self._on_changed)
        runner.ended.connect(self._on_job_ended)

    def left_behind(self) -> tuple[Unfinished, ...]:
        """Projects whose window ended without saving, the last edited first; open them as files."""
        return self._files.unfinished()

    def open(self, path: Path) -> None:
        """Open a project file in the background."""
        self._runner.start(
            "job.open", lambda feedback: self._load(path, feedback), self._on_opened, key="open"
        )

    def import_files(self, paths: Sequence[Path], read: Import, *, precious: bool = True) -> None:
        """Make a new, unsaved project from source files in the background.

        ``precious`` says whether it would be missed, and closing it unsaved has to be asked for.
        """

        def work(feedback: Feedback) -> _Opened:
            return self._keep_unsaved(read(paths, feedback), precious)

        self._runner.start("job.import", work, self._on_opened, key="open")

    def save(self, path: Path, *, overwrite: bool = False, then: Callable[[], object] | None = None) -> None:
        """Write the project in the background; ``saved`` tells the path, and ``then`` is called after it.

        ``save_refused`` tells path, error and ``then`` where the file has changed since it was opened, unless
        ``overwrite``, or where another program has it open. Raises RenomapError ``store.read-only`` at once
        where another window has that file open.
        """
        project, index = self._document.project, self._document.undo_stack.index()
        assert project is not None
        path = path.resolve()
        lock, _ = self._lock_of(path)
        mark = projectfile.new_mark()
        expected = self._held if path == self._home and not overwrite else None
        self._marks.add(mark)
        self._since_save = []
        self._in_writer(lambda: self._journal.note_saving(mark) if self._journal is not None else None)

        def work(feedback: Feedback) -> Fingerprint | None:
            known = self._as_we_left_it(path, expected)
            projectfile.save(project, path, feedback=feedback, mark=mark, expected=known)
            return projectfile.fingerprint(path, recorded=True)

        def done(held: Fingerprint | None) -> None:
            self._on_saved(path, index, mark, lock, held)
            if then is not None:
                then()

        def failed(error: Exception) -> None:
            if lock is not None and lock is not self._lock:
                lock.release()
            if isinstance(error, RenomapError) and error.code in REFUSALS:
                self.save_refused.emit(path, error, then)
            else:
                self._runner.failed.emit(job, error)

        job = self._runner.start(
            "job.save",
            work,
            done,
            failed=failed,
            key="save",
        )
        if lock is not None and lock is not self._lock:
            self._borrowed[job] = lock

    def accept_recovery(self) -> None:
        """Do again what the journal has, each change an undo step; go on with a journal of these.

        What cannot be done again stays in a journal that is set aside, which ``noticed`` tells.
        """
        offer, self.offer = self.offer, None
        assert offer is not None
        self._document.holder = None
        done = []
        for change in offer.changes:
            if not self._can_apply(change):
                break
            self._document.apply(change)
            done.append(change)
        whole = len(done) == offer.total
        self._in_writer(lambda: self._go_on(offer.base, done, whole=whole))
        if not whole:
            self._notice("store.journal-partly", count=len(done), total=offer.total)
        self.recovery_answered.emit()

    def refuse_recovery(self) -> None:
        """Go on without what the journal has; a damaged one is set aside all the same."""
        offer, self.offer = self.offer, None
        assert offer is not None
        self._document.holder = None
        self._in_writer(lambda: self._go_on(offer.base, [], whole=offer.fault is None))
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
        if self._home is not None and self.offer is None and self._document.holder is None:
            self._files.forget(self._home)
        self._home = self._journal_at = self._recorded_at = self._held = None

    def shut(self) -> None:
        """Close and end the thread."""
        self._closing.set()
        self.close()
        self._writer.shutdown()

    def _load(self, path: Path, feedback: Feedback) -> _Opened:
        path = path.resolve()
        unsaved = self._files.unsaved.resolve() in path.parents
        project = projectfile.open_project(path, feedback=feedback)
        untouched = all(note.code != projectfile.CHANGED_OUTSIDE for note in project.notes)
        held = projectfile.fingerprint(path, recorded=untouched)
        mark = held.mark if held is not None else ""
        journal = journal_path(path)
        recorded = read_journal(journal, mark)
        if recorded is None:
            sheltered = self._files.shelter(path).with_suffix(ENDING)
            recorded = read_journal(sheltered, mark)
            journal = sheltered if recorded is not None else journal
        return _Opened(project, path, None if unsaved else path, mark, recorded, journal, held, unsaved)

    def _keep_unsaved(self, project: Project, precious: bool) -> _Opened:
        home = self._files.unsaved / uuid.uuid4().hex[:12] / UNSAVED
        try:
            home.parent.mkdir(parents=True, exist_ok=True)
        except OSError as fault:
            raise RenomapError("store.not-writable", folder=str(home.parent)) from fault
        return _Opened(project, home, None, None, None, journal_path(home), None, precious)

    def _on_opened(self, opened: _Opened) -> None:
        """The lock is taken here: a job that was stopped would keep it, and the same file opened anew would
        find it held by this very window."""
        unwanted = opened.home == self._home and self.offer is None  # what its journal has was just refused
        self.close()
        recorded = None if unwanted else opened.recorded
        holder: RenomapError | None = None
        try:
            self._lock, self._journal_at = self._lock_of(opened.home)
        except RenomapError as fault:
            recorded, holder = None, fault if fault.code == "store.read-only" else None
        self._home, self._since_save, self._held = opened.home, [], opened.held
        self._recorded_at = opened.journal
        lost = recorded if recorded is not None and not recorded.changes else None
        self.offer = recorded if lost is None else None
        if self.offer is not None:
            holder = RenomapError("store.recovery-open", count=len(self.offer.changes))
        elif self._lock is not None:
            self._in_writer(lambda: self._begin_first(opened, aside=lost is not None))
        self._document.replace(opened.project, opened.path, holder, fresh=opened.fresh)
        self.opened.emit()
        if self._lock is not None and opened.path is not None:
            self._files.note(opened.path)
        self._tell(opened, lost)
        if self.offer is not None:
            self.recovery_offered.emit(len(self.offer.changes))

    def _tell(self, opened: _Opened, lost: Recorded | None) -> None:
        """Notices of what was found while opening; nothing of it stops the work."""
        for note in opened.project.notes:
            if note.code == projectfile.CHANGED_OUTSIDE:
                self.noticed.emit(note)
        if lost is not None and lost.fault is not None:
            self._notice(lost.fault, total=lost.total, folder=str(opened.journal.parent))
        if self._lock is None and self._document.holder is None:
            self._notice("store.no-journal", folder=str(opened.home.parent))
        elif self._journal_at not in (None, journal_path(opened.home)):
            self._notice("store.sheltered", folder=str(opened.home.parent))

    def _notice(self, code: str, **params: str | int) -> None:
        self.noticed.emit(Note(code, params, Severity.WARNING))

    def _on_saved(
        self, path: Path, index: int, mark: str, lock: Lock | None, held: Fingerprint | None
    ) -> None:
        since, old_home, old_path = list(self._since_save), self._home, self._document.path
        old_lock = self._lock
        place = self._journal_at if path == old_home and self._journal_at is not None else journal_path(path)

        def begin() -> None:
            self._succeed(place, mark, since)
            if old_lock is not None and old_lock is not lock:
                old_lock.release()
            if old_home is not None and old_path is None:
                shutil.rmtree(old_home.parent, ignore_errors=True)

        if path != old_home:
            self._journal_at = journal_path(path)
        self._in_writer(begin)
        if old_path is not None and old_path != path:
            self._files.forget(old_path)
        self._files.note(path)
        self._home, self._lock, self._held = path, lock, held
        self._document.holder = None
        self._document.mark_saved(path, index)
        self.saved.emit(path)

    def _lock_of(self, path: Path) -> tuple[Lock, Path]:
        """The lock of a file and where its journal is.

        It is the lock we hold, that of a save to it which is on its way, or a new one. Where none can be made
        beside the file, lock and journal are in the user's own folder. Raises RenomapError
        ``store.read-only`` where somebody else has the file open, ``store.not-writable`` where not even that
        folder can be written.
        """
        if self._lock is not None and path == self._home and self._journal_at is not None:
            return self._lock, self._journal_at
        for job, lock in self._borrowed.items():
            if lock.project == path:
                del self._borrowed[job]
                return lock, journal_path(path)
        try:
            return Lock(path), journal_path(path)
        except RenomapError as fault:
            if fault.code == "store.read-only":
                raise
        shelter = self._files.shelter(path)
        return Lock(shelter), shelter.with_suffix(ENDING)

    def _as_we_left_it(self, path: Path, expected: Fingerprint | None) -> Fingerprint | None:
        """What the file is expected to hold: a save of ours that was stopped may be in it already."""
        if expected is None or projectfile.saved_mark(path) not in self._marks:
            return expected
        now, written = projectfile.fingerprint(path), projectfile.fingerprint(path, recorded=True)
        return now if now is not None and written is not None and now.same_state(written) else expected

    def _can_apply(self, change: ChangeSet) -> bool:
        """Whether a change of the journal fits the project: a whole line may still be of another."""
        assert self._document.project is not None
        try:
            apply(self._document.project, change)
        except (KeyError, ValueError, TypeError, AttributeError, IndexError):
            return False
        return True

    def _go_on(self, base: str, changes: list[ChangeSet], *, whole: bool) -> None:
        """A journal with these changes; the one they were read from is set aside unless it holds no more."""
        assert self._recorded_at is not None
        assert self._journal_at is not None
        if not whole:
            set_aside(self._recorded_at, copy=True)
        self._begin(Journal.continued(self._journal_at, base, changes))

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

    def _succeed(self, place: Path, mark: str, since: list[ChangeSet]) -> None:
        """A journal of what was done since the save takes the old one's place, which stays if that fails."""
        old, self._journal = self._journal, None
        if old is not None:
            old.close()
        try:
            self._begin(Journal.continued(place, mark, since))
        except RenomapError:
            if old is not None:
                self._begin(Journal.resumed(old.path))
            raise
        if old is not None and old.path != place:
            old.path.unlink(missing_ok=True)

    def _begin_first(self, opened: _Opened, *, aside: bool) -> None:
        """A journal for what was opened; what was imported is written first, while the map is drawn already.

        Whatever is done meanwhile waits in this thread's queue. ``aside`` keeps a journal of which nothing
        can be offered under another name.
        """
        if aside:
            set_aside(opened.journal)
        if opened.mark is None:
            self._closing.wait(_MAP_FIRST_S)
        mark = opened.mark or projectfile.save(opened.project, opened.home)
        assert self._journal_at is not None
        self._begin(Journal(self._journal_at, mark))

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
