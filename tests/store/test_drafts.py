"""What a killed process leaves beside its target goes with the next one that writes there."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from renomap.model.project import Project
from renomap.outputs.atomic import new_file
from renomap.store.drafts import draft_name, sweep
from renomap.store.projectfile import save

KILLED = """
import os, signal, sys
from pathlib import Path
from renomap.model.project import Project
from renomap.outputs import atomic
from renomap.store import projectfile
end = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
projectfile._verify = atomic._sync = end
folder = Path(sys.argv[2])
if sys.argv[1] == "project":
    projectfile.save(Project("EPSG:4547"), folder / "p.gpkg")
else:
    with atomic.new_file(folder / "a.txt") as draft:
        draft.write_text("half")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there a day must pass")
@pytest.mark.parametrize("kind", ["project", "output"])
def test_the_next_run_removes_what_a_killed_one_left(tmp_path: Path, kind: str) -> None:
    run = subprocess.run([sys.executable, "-c", KILLED, kind, str(tmp_path)], check=False)
    assert run.returncode == -9
    assert [item.name[:9] for item in tmp_path.iterdir()] == [".renomap-"]
    if kind == "project":
        with new_file(tmp_path / "a.txt") as draft:
            draft.write_text("whole")
        assert [item.name for item in tmp_path.iterdir()] == ["a.txt"]
    else:
        save(Project("EPSG:4547"), tmp_path / "p.gpkg")
        assert [item.name for item in tmp_path.iterdir()] == ["p.gpkg"]


def test_what_somebody_is_writing_stays(tmp_path: Path) -> None:
    mine, foreign = tmp_path / draft_name(".gpkg"), tmp_path / ".renomap-ffffffff-99999999-0.gpkg"
    mine.touch()
    foreign.mkdir()
    (tmp_path / "p.gpkg").touch()
    sweep(tmp_path)
    assert {item.name for item in tmp_path.iterdir()} == {mine.name, foreign.name, "p.gpkg"}
