"""A process killed in the middle of filling in a programme: every change it had noted is found again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from test_document import small_project

from renomap.model.change import apply
from renomap.store.journal import journal_path, read_journal
from renomap.store.projectfile import open_project, save, saved_mark

NOTED = 9


def test_a_kill_while_a_programme_is_filled_in_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "p.gpkg"
    save(small_project(), path)
    writer = Path(__file__).with_name("programme_writer.py")
    command = [sys.executable, str(writer), str(path), str(tmp_path / "data")]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        for said in process.stdout:
            if int(said) >= NOTED:
                process.send_signal(signal.SIGKILL)
                break
    recorded = read_journal(journal_path(path), saved_mark(path))
    assert recorded is not None
    assert len(recorded.changes) >= NOTED
    project = open_project(path)
    for change in recorded.changes:
        project = apply(project, change)
    works = project.programme.works
    costs = works["cost"].dropna().tolist()
    assert costs == [1000.0 * (2 * k + 1) for k in range(len(costs))]
    assert len(costs) >= NOTED // 2
    assert works["quantity"].tolist() == [float(2 * k) for k in range(len(works))]
