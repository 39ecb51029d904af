"""A window for tests; whatever threads it starts must have ended, and nothing may have gone wrong unseen."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from desk import Desk
from pytestqt.qtbot import QtBot


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path) -> Iterator[Desk]:
    before = set(threading.enumerate())
    made = Desk(tmp_path)
    yield made
    made.close()
    left = [
        thread.name for thread in set(threading.enumerate()) - before if thread.name.startswith("renomap")
    ]
    assert left == []
    assert made.faults == []
