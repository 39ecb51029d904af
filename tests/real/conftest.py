"""What the tests of handed-over packs share."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packs of the sample town, one for each preset, made once."""
    folder = tmp_path_factory.mktemp("sample")
    command = [sys.executable, "-m", "renomap", "demo", "--out", str(folder), "--lang", "zh"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder
