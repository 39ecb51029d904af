"""Shared by all tests: no display needed, a seed always counts, skipped tests are listed and counted."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import hypothesis
import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("RENOMAP_LANG", "en")

# Hypothesis draws the same examples every time where CI is set, whatever the seed: here a seed always counts.
# Deadlines and slow examples say something of the machine only.
hypothesis.settings.register_profile(
    "renomap",
    max_examples=50,
    deadline=None,
    derandomize=False,
    print_blob=True,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
# Of tests that set no number of their own: ``--hypothesis-profile long``.
hypothesis.settings.register_profile("long", hypothesis.settings.get_profile("renomap"), max_examples=300)
hypothesis.settings.load_profile("renomap")


@pytest.fixture(scope="session", autouse=True)
def _one_application(qapp: object) -> None:
    """One application for all: drawing would make a smaller one that the window's tests could not use."""


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Where tests run in several processes, two children compile all kernels first unless they are kept.

    Each process and each command would otherwise compile the same for itself: a minute and a half of a core.
    """
    from renomap.compiled.cache import cache_folder
    from renomap.steps.warming import GROUND, SEARCH

    option = session.config.option
    if hasattr(session.config, "workerinput") or (getattr(option, "numprocesses", 0) or 0) < 2:
        return
    folder = cache_folder()
    cold = [mark for mark in (GROUND, SEARCH) if folder is not None and not (folder / mark).exists()]
    command = [sys.executable, "-m", "renomap.steps.warming"]
    for child in [subprocess.Popen([*command, mark]) for mark in cold]:
        child.wait()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test on random examples is a property test: ``-m property`` runs them by themselves."""
    for item in items:
        if getattr(getattr(item, "obj", None), "is_hypothesis_test", False):
            item.add_marker(pytest.mark.property)


def allowed_skips(path: Path) -> list[tuple[str, str]]:
    """Pattern of test ids and words of the reason, of each line that is no comment."""
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    pairs = (line.split(maxsplit=1) for line in lines if line and not line.startswith("#"))
    return [(pattern, reason) for pattern, reason in pairs]


def is_allowed(test: str, reason: str, allowed: list[tuple[str, str]]) -> bool:
    return any(fnmatchcase(test, pattern) and words in reason for pattern, words in allowed)


def _skipped(config: pytest.Config) -> list[tuple[str, str]]:
    """Id and reason of each skipped test."""
    reporter: Any = config.pluginmanager.get_plugin("terminalreporter")
    found = []
    for report in reporter.stats.get("skipped", []) if reporter else []:
        told = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        found.append((report.nodeid, told.removeprefix("Skipped: ")))
    return found


def _too_many(config: pytest.Config) -> list[tuple[str, str]]:
    """Skipped tests that the list named by RENOMAP_SKIPS does not allow; none where no list is named."""
    path = os.environ.get("RENOMAP_SKIPS")
    if not path or hasattr(config, "workerinput"):
        return []
    allowed = allowed_skips(config.rootpath / path)
    return [(test, reason) for test, reason in _skipped(config) if not is_allowed(test, reason, allowed)]


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """How many tests were skipped for which reason, and which of them should have run."""
    found = _skipped(config)
    if not found:
        return
    terminalreporter.section("skipped")
    for (file, reason), count in sorted(Counter((t.split("::")[0], r) for t, r in found).items()):
        terminalreporter.line(f"{count:5d}  {file}: {reason}")
    for test, reason in _too_many(config):
        terminalreporter.line(f"NOT ALLOWED  {test}: {reason}", red=True)


def pytest_sessionfinish(session: pytest.Session) -> None:
    if session.exitstatus == pytest.ExitCode.OK and _too_many(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
