"""Jobs end on the main thread, are stopped at a word and leave no thread behind."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from renomap.errors import RenomapError
from renomap.session.jobs import JobFeedback, JobRunner


@pytest.fixture
def runner(qtbot: QtBot) -> Iterator[JobRunner]:
    before = threading.active_count()
    runner = JobRunner()
    yield runner
    runner.close()
    assert threading.active_count() == before


def test_the_result_comes_on_the_main_thread(qtbot: QtBot, runner: JobRunner) -> None:
    got: list[Any] = []

    def work(feedback: JobFeedback) -> str:
        feedback.progress(0.5, "job.save")
        return threading.current_thread().name

    heard: list[tuple[float, str]] = []
    listen = runner.started.connect
    listen(lambda job: job.progressed.connect(lambda fraction, code: heard.append((fraction, code))))
    runner.start("job.save", work, lambda name: got.extend([name, threading.current_thread()]))
    qtbot.waitUntil(lambda: bool(got))
    assert got[0].startswith("renomap-job")
    assert got[1] is threading.main_thread()
    assert heard == [(0.5, "job.save")]
    assert runner.jobs == ()


def test_a_stopped_job_calls_nobody(qtbot: QtBot, runner: JobRunner) -> None:
    called: list[Any] = []

    def work(feedback: JobFeedback) -> None:
        while True:
            feedback.check()
            time.sleep(0.001)

    job = runner.start("job.group", work, called.append, failed=called.append)
    start = time.perf_counter()
    with qtbot.waitSignal(runner.ended):
        job.cancel()
    assert time.perf_counter() - start < 0.5
    assert called == []


def test_a_newer_job_of_the_same_kind_replaces_the_older(qtbot: QtBot, runner: JobRunner) -> None:
    done: list[int] = []

    def wait(feedback: JobFeedback) -> int:
        for _ in range(100):
            feedback.check()
            time.sleep(0.005)
        return 1

    runner.start("job.plan", wait, done.append, key="plan")
    runner.start("job.plan", lambda _: 2, done.append, key="plan")
    qtbot.waitUntil(lambda: runner.jobs == ())
    assert done == [2]


def test_faults_are_told(qtbot: QtBot, runner: JobRunner) -> None:
    def fail(feedback: JobFeedback) -> None:
        raise RenomapError("store.file-missing", path="x")

    with qtbot.waitSignal(runner.failed) as heard:
        runner.start("job.open", fail, lambda _: None)
    assert heard.args[1].code == "store.file-missing"


def test_partial_results_are_shown(qtbot: QtBot, runner: JobRunner) -> None:
    seen: list[int] = []
    gate = threading.Event()

    def work(feedback: JobFeedback) -> None:
        gate.wait()
        for value in range(3):
            feedback.partial(value)

    job = runner.start("job.group", work, lambda _: None)
    job.partly_done.connect(seen.append)
    gate.set()
    qtbot.waitUntil(lambda: seen == [0, 1, 2])
