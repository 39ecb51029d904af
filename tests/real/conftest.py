"""What the tests of handed-over packs share."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


def _demo(folder: Path, *words: str) -> Path:
    command = [sys.executable, "-m", "renomap", "demo", "--out", str(folder), "--lang", "zh", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pack of the sample town by the rules of Changsha, made once."""
    return _demo(tmp_path_factory.mktemp("sample"), "--preset", "changsha")


@pytest.fixture(scope="session")
def both(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packs of the sample town, one for each preset, the second beside the first."""
    return _demo(tmp_path_factory.mktemp("both"))
