"""One writes, the other reads and sees who; a killed holder blocks nobody."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from renomap.errors import RenomapError
from renomap.store.lock import Lock


def test_the_second_sees_the_first(tmp_path: Path) -> None:
    path = tmp_path / "项目.gpkg"
    first = Lock(path)
    with pytest.raises(RenomapError) as caught:
        Lock(path)
    assert caught.value.code == "store.read-only"
    assert "(" in caught.value.params["who"]
    assert caught.value.params["since"].startswith("20")
    first.release()
    assert list(tmp_path.iterdir()) == []
    Lock(path).release()


def test_a_killed_holder_lets_go(tmp_path: Path) -> None:
    path = tmp_path / "p.gpkg"
    imports = "from pathlib import Path; from renomap.store.lock import Lock"
    script = f"{imports}; lock = Lock(Path({str(path)!r})); print(1, flush=True); input()"
    process = subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    process.stdout.readline()
    with pytest.raises(RenomapError, match=r"store\.read-only"):
        Lock(path)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    Lock(path).release()


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(RenomapError, match=r"store\.not-writable"):
        Lock(tmp_path / "missing" / "p.gpkg")
