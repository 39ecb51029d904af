"""A skipped test is seen: listed with its reason, and the run fails where the list does not allow it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent
SKIPPED = """
import pytest


@pytest.mark.skip(reason="no such machine here")
def test_elsewhere():
    pass


def test_here():
    pass
"""


@pytest.mark.parametrize(
    ("allowed", "code", "processes"),
    [("test_one.py*  no such machine", 0, ()), ("# none", 1, ("-n", "1"))],
)
def test_a_skip_fails_the_run_unless_the_list_allows_it(
    tmp_path: Path, allowed: str, code: int, processes: tuple[str, ...]
) -> None:
    (tmp_path / "conftest.py").symlink_to(TESTS / "conftest.py")
    (tmp_path / "test_one.py").write_text(SKIPPED, encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    listed = tmp_path / "skips"
    listed.write_text(allowed + "\n", encoding="utf-8")
    environment = {k: v for k, v in os.environ.items() if k != "PYTEST_ADDOPTS"}
    environment |= {"RENOMAP_SKIPS": str(listed), "COLUMNS": "200"}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *processes]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    assert "test_one.py: no such machine here" in done.stdout
    assert "1 passed, 1 skipped" in done.stdout
    assert ("NOT ALLOWED" in done.stdout) == bool(code)
