"""What was done is on disk at once, and what is broken at the end costs only itself."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
import zlib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_projectfile import make_project, same

from renomap.errors import RenomapError
from renomap.model.change import ChangeSet, apply, difference
from renomap.model.project import Project
from renomap.store.coding import encode_change
from renomap.store.journal import (
    DAMAGED,
    NEWER,
    OTHER_STATE,
    Journal,
    Recorded,
    journal_path,
    read_journal,
    set_aside,
)
from renomap.store.projectfile import save, saved_mark


def paint(project: Project, fid: int, area: int) -> ChangeSet:
    scheme = project.schemes[0]
    assignment = scheme.assignment.copy()
    assignment.loc[fid] = area
    return difference(
        project, project.with_scheme(replace(scheme, assignment=assignment)), "change.paint", n=1
    )


def edits() -> tuple[Project, list[ChangeSet]]:
    project = make_project()
    changes = [paint(project, 7, 2)]
    changes.append(paint(apply(project, changes[0]), 3, 0))
    layer = project.layers[0]
    moved = replace(layer, frame=layer.frame.assign(households=1.0), title="新")
    changes.append(difference(project, project.with_layer(moved), "change.edit"))
    changes.append(difference(project, replace(project, layers=project.layers[:1]), "change.remove-layer"))
    return project, changes


def test_changes_come_back_as_they_were(tmp_path: Path) -> None:
    project, changes = edits()
    journal = Journal(tmp_path / "p.journal", "base")
    for change in changes:
        journal.append(change)
    recorded = read_journal(journal.path)
    assert recorded is not None
    assert recorded.base == "base"
    again = project
    for change, read in zip(changes, recorded.changes, strict=True):
        assert (read.code, dict(read.params)) == (change.code, dict(change.params))
        project, again = apply(project, change), apply(again, read)
        assert same(replace(project, meta={}), replace(again, meta={}))
    journal.discard()
    assert not journal.path.exists()


def test_a_resumed_journal_goes_on_behind_what_was_whole(tmp_path: Path) -> None:
    _, changes = edits()
    journal = Journal(tmp_path / "p.journal", "base")
    for change in changes[:2]:
        journal.append(change)
    journal.close()
    with journal.path.open("ab") as spoilt:
        spoilt.write(b"12345678 {cut")
    resumed = Journal.resumed(journal.path)
    resumed.append(changes[3])
    resumed.close()
    recorded = read_journal(journal.path)
    assert recorded is not None
    assert [change.code for change in recorded.changes] == [changes[i].code for i in (0, 1, 3)]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(share=st.floats(0, 1), byte=st.integers(0, 255))
def test_a_cut_or_spoilt_journal_gives_what_was_whole(tmp_path: Path, share: float, byte: int) -> None:
    _, changes = edits()
    journal = Journal(tmp_path / "p.journal", "base")
    ends = []
    for change in changes:
        journal.append(change)
        ends.append(journal.path.stat().st_size)
    journal.close()
    data = bytearray(journal.path.read_bytes())
    cut = int(share * (len(data) - 1))
    journal.path.write_bytes(data[:cut])
    whole = sum(end <= cut for end in ends)
    recorded = read_journal(journal.path)
    assert len(recorded.changes if recorded else ()) == whole
    if data[cut] != byte and cut < ends[-1]:
        data[cut] = byte
        journal.path.write_bytes(data)
        recorded = read_journal(journal.path)
        assert len(recorded.changes if recorded else ()) <= len(changes) - 1


@pytest.mark.parametrize("how", ["flip", "drop", "double", "junk", "list", "wrong types", "no steps"])
@pytest.mark.parametrize("at", range(5))
def test_damage_is_told_with_what_is_left(tmp_path: Path, how: str, at: int) -> None:
    """Four changes: whatever happens to a line, what precedes it is offered and the rest counted."""
    _, changes = edits()
    journal = Journal(tmp_path / "p.journal", "base")
    for change in changes:
        journal.append(change)
    journal.close()
    lines = journal.path.read_bytes().split(b"\n")[:-1]
    if how == "flip":
        lines[at] = lines[at][:20] + bytes([lines[at][20] ^ 1]) + lines[at][21:]
    elif how == "drop":
        del lines[at]
    elif how == "double":
        lines.insert(at, lines[at])
    elif how == "junk":
        lines[at] = b"\xff\x00junk"
    else:
        texts = {
            "list": b"[1,2]",
            "wrong types": b'{"code":"x","steps":[["a","b","c",{"$":"Swap","v":{}}]],"params":{}}',
            "no steps": b'{"code":"x"}',
        }
        former = int(lines[at - 1][:8], 16) if at else 0
        lines[at] = b"%08x %s" % (zlib.crc32(texts[how], former), texts[how])
    journal.path.write_bytes(b"".join(line + b"\n" for line in lines))
    recorded = read_journal(journal.path, "base")
    if how == "drop" and at == 4:  # the end of a journal can be missing without a trace
        assert recorded is not None
        assert (len(recorded.changes), recorded.total, recorded.fault) == (3, 3, None)
        return
    assert recorded is not None
    readable = max(at - 1, 0) + (how == "double" and at > 0)
    assert len(recorded.changes) == readable
    assert recorded.total == {"drop": 3, "double": 5}.get(how, 4)
    assert recorded.fault in (DAMAGED, OTHER_STATE)


def test_a_journal_of_a_newer_program_is_left_to_it(tmp_path: Path) -> None:
    text = b'{"format":9,"base":"base"}'
    (tmp_path / "p.journal").write_bytes(b"%08x %s\n12345678 {}\n" % (zlib.crc32(text), text))
    assert read_journal(tmp_path / "p.journal", "base") == Recorded("", (), 1, NEWER)


def test_what_is_set_aside_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "p.journal"
    kept = []
    for text in ("one", "two", "three"):
        path.write_text(text)
        kept.append(set_aside(path))
    assert not path.exists()
    assert [place.read_text() for place in kept] == ["one", "two", "three"]
    path.write_text("four")
    assert set_aside(path, copy=True).read_text() == path.read_text()


def test_a_journal_of_the_first_format_is_read_and_continued(tmp_path: Path) -> None:
    """As version 0.1.0 wrote them: each line with a checksum of its own."""
    _, changes = edits()
    entries = [{"format": 1, "base": "base"}, *(encode_change(change) for change in changes[:2])]
    texts = [json.dumps(entry, separators=(",", ":")).encode() for entry in entries]
    path = tmp_path / "p.journal"
    path.write_bytes(b"".join(b"%08x %s\n" % (zlib.crc32(text), text) for text in texts))
    journal = Journal.resumed(path)
    journal.append(changes[2])
    journal.close()
    recorded = read_journal(path, "base")
    assert recorded is not None
    assert [change.code for change in recorded.changes] == [change.code for change in changes[:3]]
    assert recorded.fault is None


def test_a_killed_process_loses_nothing_that_was_appended(tmp_path: Path) -> None:
    script = f"""
        import sys
        sys.path[:0] = {[str(Path(__file__).parent)]!r}
        from pathlib import Path
        from test_journal import *
        project, changes = edits()
        journal = Journal(Path({str(tmp_path / "p.journal")!r}), "base")
        for n in range(100000):
            journal.append(changes[n % 4])
            print(n, flush=True)
    """
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    for _ in range(20):
        process.stdout.readline()
    time.sleep(0.02)
    os.kill(process.pid, signal.SIGKILL)
    said = 20 + len(process.stdout.read().splitlines())
    process.stdout.close()
    process.wait()
    recorded = read_journal(tmp_path / "p.journal")
    assert recorded is not None
    assert said - 1 <= len(recorded.changes) <= said + 1


def test_a_save_gets_a_mark_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "p.gpkg"
    first = save(make_project(), path)
    assert saved_mark(path) == first
    second = save(make_project(), path)
    assert saved_mark(path) == second != first
    assert saved_mark(tmp_path / "none.gpkg") is None
    assert journal_path(path).name == "p.gpkg.journal"


def test_nothing_to_recover_is_none(tmp_path: Path) -> None:
    assert read_journal(tmp_path / "none") is None
    Journal(tmp_path / "empty", "base").close()
    assert read_journal(tmp_path / "empty") is None
    with pytest.raises(RenomapError, match=r"store\.journal-failed"):
        Journal(tmp_path / "missing" / "p", "base")


def test_what_follows_a_save_is_told_from_what_is_in_it(tmp_path: Path) -> None:
    _, changes = edits()
    journal = Journal(tmp_path / "p.journal", "old")
    journal.append(changes[0])
    journal.note_saving("new")
    journal.append(changes[1])
    journal.close()
    everything, since = read_journal(journal.path, "old"), read_journal(journal.path, "new")
    assert everything is not None
    assert since is not None
    assert [change.code for change in everything.changes] == [changes[0].code, changes[1].code]
    assert (since.base, [change.code for change in since.changes]) == ("new", [changes[1].code])
    assert read_journal(journal.path, "another") == Recorded("old", (), 2, OTHER_STATE)


def test_a_journal_after_a_save_replaces_the_old_one_at_once(tmp_path: Path) -> None:
    _, changes = edits()
    path = tmp_path / "p.journal"
    Journal(path, "old").close()
    journal = Journal.continued(path, "new", changes[:2])
    journal.append(changes[2])
    journal.close()
    recorded = read_journal(path, "new")
    assert recorded is not None
    assert [change.code for change in recorded.changes] == [change.code for change in changes[:3]]
    assert [file.name for file in tmp_path.iterdir()] == ["p.journal"]


@pytest.mark.skipif(sys.platform == "win32", reason="no limit of a file's size to run into")
def test_a_full_disk_costs_no_line_once_there_is_room_again(tmp_path: Path) -> None:
    import resource

    _, changes = edits()
    journal = Journal(tmp_path / "p.journal", "base")
    journal.append(changes[0])
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (journal.path.stat().st_size + 40, hard))
    try:
        for change in changes[1:3]:
            with pytest.raises(RenomapError, match=r"store\.journal-failed"):
                journal.append(change)
            recorded = read_journal(journal.path)
            assert recorded is not None
            assert len(recorded.changes) == 1
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    journal.append(changes[3])
    journal.close()
    recorded = read_journal(journal.path)
    assert recorded is not None
    assert [change.code for change in recorded.changes] == [change.code for change in changes]


def test_a_removed_folder_is_told(tmp_path: Path) -> None:
    _, changes = edits()
    (tmp_path / "gone").mkdir()
    journal = Journal(tmp_path / "gone" / "p.journal", "base")
    journal.path.unlink()
    with pytest.raises(RenomapError, match=r"store\.journal-failed"):
        journal.append(changes[0])
    journal.close()
