"""A skipped test is seen: listed with its reason, and the run fails where the list does not allow it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize(
    ("allowed", "code", "processes"),
    [("tests/real/*  RENOMAP_REAL_DATA", 0, ()), ("# none", 1, ("-n", "1"))],
)
def test_a_skip_fails_the_run_unless_the_list_allows_it(
    tmp_path: Path, allowed: str, code: int, processes: tuple[str, ...]
) -> None:
    listed = tmp_path / "skips"
    listed.write_text(allowed + "\n", encoding="utf-8")
    environment = {k: v for k, v in os.environ.items() if k not in ("RENOMAP_REAL_DATA", "PYTEST_ADDOPTS")}
    environment |= {"RENOMAP_SKIPS": str(listed), "COLUMNS": "200"}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *processes]
    done = subprocess.run(
        [*command, "tests/real/test_deficits_beijing.py"],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == code, done.stdout + done.stderr
    assert "tests/real/test_deficits_beijing.py: RENOMAP_REAL_DATA is not set" in done.stdout
    assert ("NOT ALLOWED" in done.stdout) == bool(code)
