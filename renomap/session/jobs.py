"""Jobs: long work in a thread, its progress and its end told on the main thread, stopped at a word."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from PySide6.QtCore import QObject, Qt, Signal, Slot

from renomap.errors import Cancelled

THREADS: Final = 2
_REPORT_SECONDS: Final = 0.1

Work = Callable[["JobFeedback"], Any]


class Job(QObject):
    """One piece of work. ``key`` names its kind: a newer job of the same key stops the older one."""

    progressed = Signal(float, str)
    partly_done = Signal(object)
    _ended = Signal(object, object)

    def __init__(self, code: str, key: str, parent: QObject) -> None:
        super().__init__(parent)
        self.code = code
        self.key = key
        self._stop = threading.Event()
        self._enough = threading.Event()

    @property
    def stopping(self) -> bool:
        """Whether the job was told to stop; its result is then thrown away."""
        return self._stop.is_set()

    @property
    def ending(self) -> bool:
        """Whether the work shall end, with or without a result."""
        return self._stop.is_set() or self._enough.is_set()

    def cancel(self) -> None:
        """Tell the work to stop at its next ``check``."""
        self._stop.set()

    def finish(self) -> None:
        """Tell the work that it is enough: what it has at its next ``check`` is wanted as its result."""
        self._enough.set()


class JobFeedback:
    """``model.feedback.Feedback`` that speaks for a job, from its thread."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._last = 0.0

    def progress(self, fraction: float, code: str) -> None:
        """Say how far it is; at most ten times a second, so that telling costs nothing."""
        now = time.monotonic()
        if now - self._last >= _REPORT_SECONDS:
            self._last = now
            self._job.progressed.emit(fraction, code)
        self.check()

    def check(self) -> None:
        """Raise ``Cancelled`` if the job was told to stop, or that it is enough."""
        if self._job.ending:
            raise Cancelled

    def partial(self, value: Any) -> None:
        """Show what there is so far."""
        self._job.partly_done.emit(value)


class JobRunner(QObject):
    """Runs jobs and keeps them until they end. All signals and callbacks come on the main thread."""

    started = Signal(Job)
    ended = Signal(Job)
    failed = Signal(Job, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="renomap-job")
        self._jobs: list[Job] = []

    @property
    def jobs(self) -> tuple[Job, ...]:
        """The jobs that have not ended, the oldest first."""
        return tuple(self._jobs)

    def start(
        self,
        code: str,
        work: Work,
        done: Callable[[Any], None],
        *,
        failed: Callable[[Exception], None] | None = None,
        key: str | None = None,
    ) -> Job:
        """Run ``work(feedback)`` in a thread and give what it returns to ``done``.

        ``code`` is the catalogue's word for it. Where the job was told to stop neither ``done`` nor
        ``failed`` is called, whatever the work returned. Without ``failed`` the runner's signal of that name
        is emitted.
        """
        for other in self._jobs:
            if key is not None and other.key == key:
                other.cancel()
        job = Job(code, key or "", self)
        job._ended.connect(
            lambda result, error: self._on_ended(job, result, error, done, failed),
            Qt.ConnectionType.QueuedConnection,
        )
        self._jobs.append(job)
        self.started.emit(job)  # first, so that whoever listens to the job hears all of it
        self._pool.submit(_run, job, work)
        return job

    @Slot()
    def cancel_all(self) -> None:
        """Tell every job to stop."""
        for job in self._jobs:
            job.cancel()

    def close(self) -> None:
        """Stop everything and wait for the threads; afterwards nothing is called back."""
        self.cancel_all()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _on_ended(
        self,
        job: Job,
        result: Any,
        error: Exception | None,
        done: Callable[[Any], None],
        failed: Callable[[Exception], None] | None,
    ) -> None:
        self._jobs.remove(job)
        self.ended.emit(job)
        job.deleteLater()
        if job.stopping or isinstance(error, Cancelled):
            return
        if error is None:
            done(result)
        elif failed is not None:
            failed(error)
        else:
            self.failed.emit(job, error)


def _run(job: Job, work: Work) -> None:
    result, error = None, None
    try:
        if not job.stopping:
            result = work(JobFeedback(job))
    except Exception as fault:
        error = fault
    job._ended.emit(result, error)
