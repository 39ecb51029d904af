"""Another program's unfinished work beside the project file does not find its way into what is saved."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from test_projectfile import make_project

from renomap.errors import RenomapError
from renomap.store import companions
from renomap.store.companions import holders
from renomap.store.projectfile import fingerprint, is_project, open_project, save

#: Another program changes every household and is killed before it has finished.
WAL = """
import os, signal, sqlite3, sys
c = sqlite3.connect(sys.argv[1])
for (name,) in c.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
    c.execute(f'DROP TRIGGER "{name}"')
c.commit()
c.execute("PRAGMA journal_mode = WAL")
c.execute("PRAGMA wal_autocheckpoint = 0")
c.execute("UPDATE compounds SET households = 7777")
c.commit()
os.kill(os.getpid(), signal.SIGKILL)
"""
HOT = """
import os, signal, sqlite3, sys
c = sqlite3.connect(sys.argv[1])
c.execute("PRAGMA cache_size = 1")
for (name,) in c.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
    c.execute(f'DROP TRIGGER "{name}"')
c.commit()
c.execute("BEGIN IMMEDIATE")
c.execute("UPDATE compounds SET households = 9999")
c.execute("CREATE TABLE junk AS WITH RECURSIVE n(i) AS"
          " (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4000)"
          " SELECT i, hex(randomblob(200)) AS x FROM n")
os.kill(os.getpid(), signal.SIGKILL)
"""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")


def killed(script: str, path: Path) -> None:
    subprocess.run([sys.executable, "-c", script, str(path)], check=False)


@pytest.mark.parametrize(("script", "ending"), [(WAL, "-wal"), (HOT, "-journal")])
def test_what_a_killed_program_left_is_not_played_into_the_new_file(
    tmp_path: Path, script: str, ending: str
) -> None:
    path = tmp_path / "p.gpkg"
    project = make_project()
    save(project, path)
    killed(script, path)
    assert (tmp_path / f"p.gpkg{ending}").exists()
    save(project, path)
    assert not list(tmp_path.glob("p.gpkg-*"))
    again = open_project(path)
    assert again.layers[0].frame["households"].equals(project.layers[0].frame["households"])
    assert again.notes == project.notes
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_what_another_program_has_finished_is_not_overwritten_unasked(tmp_path: Path) -> None:
    path = tmp_path / "p.gpkg"
    save(make_project(), path)
    before = fingerprint(path)
    killed(WAL, path)
    with pytest.raises(RenomapError, match=r"store\.changed-on-disk"):
        save(make_project(), path, expected=before)
    assert set(open_project(path).layers[0].frame["households"]) == {7777.0}


def test_what_another_program_has_not_finished_is_taken_back(tmp_path: Path) -> None:
    path = tmp_path / "p.gpkg"
    save(make_project(), path)
    before = fingerprint(path)
    killed(HOT, path)
    save(make_project(), path, expected=before)
    assert not list(tmp_path.glob("p.gpkg-*"))


def test_companions_without_a_file_are_removed(tmp_path: Path) -> None:
    path = tmp_path / "p.gpkg"
    save(make_project(), path)
    killed(WAL, path)
    path.unlink()
    save(make_project(), path)
    assert not list(tmp_path.glob("p.gpkg-*"))
    assert open_project(path).notes == make_project().notes


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="the system does not tell who has a file open")
def test_who_has_the_file_open_is_named(tmp_path: Path) -> None:
    path = tmp_path / "p.gpkg"
    save(make_project(), path)
    assert holders(path) == ()
    script = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('PRAGMA user_version');"
    other = subprocess.Popen(
        [sys.executable, "-c", script + "print(1, flush=True); input()", str(path)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert other.stdout is not None
    other.stdout.readline()
    (name,) = holders(path)
    assert str(other.pid) in name
    with pytest.raises(RenomapError) as caught:
        save(make_project(), path)
    assert (caught.value.code, caught.value.params["who"]) == ("store.held", name)
    other.communicate("\n")
    save(make_project(), path)


@pytest.mark.parametrize("seed", range(8))
def test_a_flipped_bit_in_a_table_is_told(tmp_path: Path, seed: int) -> None:
    """Whatever a bad disk turns: the file does not open, or says so, or reads exactly as it was saved."""
    import numpy as np

    path = tmp_path / "p.gpkg"
    project = make_project()
    save(project, path)
    plain = open_project(path)
    data = bytearray(path.read_bytes())
    chance = np.random.default_rng(seed)
    for _ in range(12):
        at, bit = int(chance.integers(len(data))), int(chance.integers(8))
        data[at] ^= 1 << bit
        path.write_bytes(data)
        data[at] ^= 1 << bit
        try:
            now = open_project(path)
        except RenomapError:
            continue
        if now.notes == plain.notes:
            for one, other in zip(now.layers, plain.layers, strict=True):
                assert one.frame.drop(columns="geometry").equals(other.frame.drop(columns="geometry"))
                assert (one.frame.geometry.to_wkb() == other.frame.geometry.to_wkb()).all()


def test_a_file_that_is_being_written_is_busy_and_not_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor is it taken for a source file, to be imported anew."""
    monkeypatch.setattr(companions, "PATIENCE_S", 0.1)
    path = tmp_path / "p.gpkg"
    save(make_project(), path)
    held = fingerprint(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA cache_size = 1")  # what is unfinished is in the file, not in its memory
        other.execute("BEGIN IMMEDIATE")
        for (name,) in other.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            other.execute(f'DROP TRIGGER "{name}"')
        other.execute("CREATE TABLE much AS SELECT zeroblob(300000) AS x")
        assert is_project(path)
        for read in (open_project, fingerprint):
            with pytest.raises(RenomapError) as told:
                read(path)
            assert told.value.code == "store.busy"
            assert told.value.params["path"] == str(path)
        with pytest.raises(RenomapError) as told:
            save(make_project(), path, expected=replace(held, place=(0, 0, 0)))
        assert told.value.code == "store.held"
        other.execute("ROLLBACK")
    assert held.same_state(fingerprint(path))
