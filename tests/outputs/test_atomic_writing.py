"""A file is complete or not there; the world's faults are sentences; what is not ours is not deleted."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from pyogrio.errors import DataSourceError

from renomap.errors import RenomapError
from renomap.outputs.atomic import new_file, new_folder
from renomap.wording.catalogue import words


def _left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def _half_a_file(target: Path) -> None:
    with new_file(target) as draft:
        draft.write_text("half")
        raise KeyError("a bug of ours stays what it is")


def test_a_file_replaces_the_old_one_only_when_complete(tmp_path: Path) -> None:
    target = tmp_path / "表 一.txt"
    target.write_text("old")
    with pytest.raises(KeyError):
        _half_a_file(target)
    assert target.read_text() == "old"
    assert _left(tmp_path) == [target.name]
    with new_file(target) as draft:
        assert draft.suffix == ".txt"
        draft.write_text("new")
        draft.with_suffix(".journal").write_text("side file")
    assert target.read_text() == "new"
    assert _left(tmp_path) == [target.name]


@pytest.mark.parametrize(
    ("name", "code"), [("missing/out.txt", "outputs.no-folder"), ("folder", "outputs.is-folder")]
)
def test_a_wrong_place_is_refused_before_any_work(tmp_path: Path, name: str, code: str) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(RenomapError) as fault, new_file(tmp_path / name):
        raise AssertionError("must not be entered")
    assert fault.value.code == code
    assert code in words("en")
    assert _left(tmp_path) == ["folder"]


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder_is_a_sentence(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(RenomapError) as fault, new_file(tmp_path / "x.txt"):
        pass
    tmp_path.chmod(0o700)
    assert fault.value.code == "outputs.not-writable"


@pytest.mark.skipif(os.name != "posix", reason="limits of a process are a thing of POSIX")
def test_a_full_disk_is_a_sentence_and_leaves_the_old_file(tmp_path: Path) -> None:
    """A limit on the size of files stands for the full disk: the writing itself fails."""
    target = tmp_path / "big.bin"
    target.write_bytes(b"old")
    code = f"""
import resource, signal
from pathlib import Path
from renomap.errors import RenomapError
from renomap.outputs.atomic import new_file
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
try:
    with new_file(Path({str(target)!r})) as draft:
        draft.write_bytes(bytes(100_000))
except RenomapError as fault:
    print(fault.code)
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "outputs.disk-full"
    assert target.read_bytes() == b"old"
    assert _left(tmp_path) == ["big.bin"]


def _fill(folder: Path, name: str) -> None:
    (folder / name).write_text(name)


def test_a_folder_of_ours_is_replaced_and_guests_stay(tmp_path: Path) -> None:
    target = tmp_path / "pack"
    with new_folder(target, lambda _: None) as draft:
        _fill(draft, "a.txt")
        _fill(draft, "b.txt")
    (target / "会议记录.docx").write_text("mine")
    (target / "sub").mkdir()
    (target / "sub" / "note.txt").write_text("mine too")
    with new_folder(target, lambda _: {"a.txt", "b.txt"}) as draft:
        _fill(draft, "a.txt")
    assert _left(target) == ["a.txt", "sub", "会议记录.docx"]
    assert (target / "sub" / "note.txt").read_text() == "mine too"
    assert _left(tmp_path) == ["pack"]


def test_a_foreign_folder_is_refused_and_an_empty_one_taken(tmp_path: Path) -> None:
    foreign, empty = tmp_path / "foreign", tmp_path / "empty"
    foreign.mkdir()
    empty.mkdir()
    _fill(foreign, "thesis.docx")
    with pytest.raises(RenomapError) as fault, new_folder(foreign, lambda _: None):
        raise AssertionError("must not be entered")
    assert fault.value.code == "outputs.foreign-folder"
    with new_folder(empty, lambda _: None) as draft:
        _fill(draft, "a.txt")
    assert _left(empty) == ["a.txt"]


def _half_a_folder(target: Path) -> None:
    with new_folder(target, lambda _: {"a.txt"}) as draft:
        _fill(draft, "b.txt")
        raise ZeroDivisionError


def test_a_failing_run_leaves_the_old_folder(tmp_path: Path) -> None:
    target = tmp_path / "pack"
    with new_folder(target, lambda _: None) as draft:
        _fill(draft, "a.txt")
    with pytest.raises(ZeroDivisionError):
        _half_a_folder(target)
    assert _left(target) == ["a.txt"]
    assert _left(tmp_path) == ["pack"]


def test_a_fault_within_a_folder_is_told_by_the_name_the_file_would_have(tmp_path: Path) -> None:
    target = tmp_path / "pack"
    with pytest.raises(RenomapError) as fault, new_folder(target, lambda _: None) as draft:
        raise RenomapError("outputs.disk-full", path=str(draft / "slides" / "area-01.png"))
    assert fault.value.params["path"] == str(target / "slides" / "area-01.png")
    assert _left(tmp_path) == []


@pytest.mark.parametrize(
    "fault", [DataSourceError("Failed to commit"), OSError("File too large (os error 27)")]
)
def test_what_a_library_says_of_the_disk_is_a_sentence(tmp_path: Path, fault: Exception) -> None:
    with pytest.raises(RenomapError) as told, new_file(tmp_path / "x.gpkg"):
        raise fault
    assert told.value.code == "outputs.write-failed"
    assert told.value.params["reason"] == str(fault)
    assert _left(tmp_path) == []
