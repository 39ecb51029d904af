"""The journal: every change on disk at once, so that a killed process costs nothing.

A line is ``checksum json``. The checksum of a line covers that of the line before, so that no line can be
spoilt, missing or doubled without being noticed. What cannot be read is counted, set aside and never
overwritten.
"""

from __future__ import annotations

import datetime as dt
import errno
import json
import os
import shutil
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

from renomap.errors import RenomapError
from renomap.model.change import ChangeSet
from renomap.store.coding import decode_change, encode_change

#: In journals of format 1 each line stands for itself.
FORMAT: Final = 2
ENDING: Final = ".journal"
_DRAFT: Final = ".new"
_SAVING: Final = "saving"
#: Why not all of a journal can be offered.
DAMAGED: Final = "store.journal-damaged"
NEWER: Final = "store.journal-newer"
OTHER_STATE: Final = "store.journal-other-state"
#: What decoding raises where a line is whole and yet not one that this program has written.
_NOT_OURS: Final = (KeyError, ValueError, TypeError, AttributeError, IndexError, RecursionError)


def journal_path(project: Path) -> Path:
    """Where the journal of a project file is: beside it."""
    return project.with_name(project.name + ENDING)


class Journal:
    """An open journal. Lines of ``checksum json``; the first says which saved state the changes start from.

    A line is handed to the operating system before ``append`` returns, so it survives the end of the process;
    ``sync`` makes it survive the end of the machine as well. A line that could not be written whole (full
    disk) is taken back, so that later lines can be read, and written before the next.
    """

    _end: int
    _owed: list[bytes]
    _format: int
    _chain: int

    def __init__(self, path: Path, base: str) -> None:
        """Begin anew at ``path``; ``base`` is what ``projectfile.save`` returned.

        Raises RenomapError ``store.journal-failed`` where the folder cannot be written.
        """
        self.path = path
        try:
            self._file: BinaryIO = path.open("wb", buffering=0)
        except OSError as fault:
            raise _failed(path, fault) from fault
        self._end, self._owed = 0, []
        self._format, self._chain = FORMAT, 0
        self._write({"format": FORMAT, "base": base})

    @classmethod
    def continued(cls, path: Path, base: str, changes: Iterable[ChangeSet]) -> Journal:
        """Begin anew at ``path`` with changes that were made while the state ``base`` was being saved.

        What was at ``path`` is replaced at once: at no moment are these changes in no file.
        """
        draft = path.with_name(path.name + _DRAFT)
        journal = cls(draft, base)
        for change in changes:
            journal.append(change)
        journal.close()
        try:
            os.replace(draft, path)
        except OSError as fault:
            raise _failed(path, fault) from fault
        return cls.resumed(path)

    @classmethod
    def resumed(cls, path: Path) -> Journal:
        """Go on writing where a journal ends, without the line that was cut off."""
        journal = cls.__new__(cls)
        journal.path = path
        try:
            journal._file = path.open("r+b", buffering=0)
            lines = list(_whole_lines(path.read_bytes()))
            whole = sum(len(line.text) + 1 for line in lines)
            journal._format = _format_of(lines) or FORMAT
            journal._chain = lines[-1].checksum if lines else 0
            journal._file.truncate(whole)
            journal._file.seek(whole)
            journal._end, journal._owed = whole, []
        except OSError as fault:
            raise _failed(path, fault) from fault
        return journal

    def append(self, change: ChangeSet) -> None:
        """Write one change down."""
        self._write(encode_change(change))

    def note_saving(self, mark: str) -> None:
        """Write down that all changes so far are in the state ``mark``, which is now being saved.

        If the process ends after the file was replaced, but before a new journal was begun, the changes that
        follow this line are those that the file lacks.
        """
        self._write({_SAVING: mark})

    def sync(self) -> None:
        """Wait until the disk has everything."""
        os.fsync(self._file.fileno())

    def close(self) -> None:
        """Stop writing; the file stays."""
        self._file.close()

    def discard(self) -> None:
        """Stop writing and remove the file: all changes are saved or unwanted."""
        self.close()
        self.path.unlink(missing_ok=True)

    def _write(self, data: Mapping[str, Any]) -> None:
        text = json.dumps(data, allow_nan=False, separators=(",", ":")).encode("ascii")
        self._chain = zlib.crc32(text, self._chain if self._format > 1 else 0)
        self._owed.append(b"%08x %s\n" % (self._chain, text))
        lines = b"".join(self._owed)  # no change may be missing before a later one
        rest = memoryview(lines)
        try:
            if os.fstat(self._file.fileno()).st_nlink == 0:  # the folder was removed under us
                raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
            while rest:
                rest = rest[self._file.write(rest) or 0 :]
        except OSError as fault:
            with suppress(OSError):
                self._file.truncate(self._end)
                self._file.seek(self._end)
            raise _failed(self.path, fault) from fault
        self._end += len(lines)
        self._owed.clear()


@dataclass(frozen=True)
class Recorded:
    """What a journal says of the work that is in no file.

    Parameters
    ----------
    base : str
        Mark of the saved state that the changes start from; empty where it cannot be read.
    changes : tuple of ChangeSet
        Those that can be read, the oldest first, none missing in between.
    total : int
        How many the journal had, as far as that can be counted.
    fault : str or None
        ``DAMAGED``, ``NEWER`` (written by a newer program) or ``OTHER_STATE`` (made from another state than
        the one in the file, which somebody has replaced); None where ``changes`` are all there were.
    """

    base: str
    changes: tuple[ChangeSet, ...]
    total: int
    fault: str | None = None


def read_journal(path: Path, mark: str | None = None) -> Recorded | None:
    """What a journal has to offer; None where there is nothing.

    ``mark`` (of the saved state that is in the file) asks for the changes since that state alone.
    """
    try:
        data = path.read_bytes()
    except OSError:
        return None
    written = data.split(b"\n")
    written = written if written[-1] else written[:-1]  # the last line may have been cut off
    lines = list(_whole_lines(data))
    if not lines:
        return Recorded("", (), len(written) - 1, DAMAGED) if len(written) > 1 else None
    head, rest = lines[0].entry, written[1:]
    if isinstance(head.get("format"), int) and head["format"] > FORMAT:
        return _all_but_readable("", rest, NEWER)
    base, since = str(head.get("base")), 1
    if mark is not None and mark != base:
        saved = [at for at, line in enumerate(lines) if line.entry.get(_SAVING) == mark]
        if not saved:
            return _all_but_readable(base, rest, OTHER_STATE)
        base, since = mark, saved[-1] + 1
    changes: list[ChangeSet] = []
    for line in lines[since:]:
        if _SAVING in line.entry:
            continue
        try:
            changes.append(decode_change(line.entry))
        except _NOT_OURS:
            break
    total = _count(written[since:])
    if not total:
        return None
    return Recorded(base, tuple(changes), total, None if len(changes) == total else DAMAGED)


def set_aside(path: Path, *, copy: bool = False) -> Path:
    """Keep a journal under a name of its own, with the time in it; nothing that is there is overwritten.

    Raises RenomapError ``store.journal-failed`` where that cannot be written.
    """
    stem = f"{path.name}-{dt.datetime.now():%Y%m%d-%H%M%S}"
    place, number = path.with_name(stem), 2
    while place.exists():
        place, number = path.with_name(f"{stem}-{number}"), number + 1
    try:
        if copy:
            shutil.copy2(path, place)
        else:
            path.rename(place)
    except OSError as fault:
        raise _failed(path, fault) from fault
    return place


@dataclass(frozen=True)
class _Line:
    text: bytes
    checksum: int
    entry: dict[str, Any]


def _all_but_readable(base: str, written: list[bytes], fault: str) -> Recorded | None:
    total = _count(written)
    return Recorded(base, (), total, fault) if total else None


def _count(written: list[bytes]) -> int:
    """Lines that are changes, or were before something happened to them."""
    mark = b'{"%s":' % _SAVING.encode()
    return sum(not line[9:].startswith(mark) for line in written)


def _whole_lines(data: bytes) -> Iterator[_Line]:
    """The lines up to the first that is broken, cut off, or does not follow the one before."""
    chained, checksum = True, 0
    for number, line in enumerate(data.split(b"\n")[:-1]):
        told, _, text = line.partition(b" ")
        checksum = zlib.crc32(text, checksum if chained else 0)
        if told != b"%08x" % checksum:
            return
        try:
            entry = json.loads(text)
        except (ValueError, RecursionError):
            return
        if not isinstance(entry, dict):
            return
        if number == 0:
            chained = entry.get("format") != 1
        yield _Line(line, checksum, entry)


def _format_of(lines: list[_Line]) -> int | None:
    found = lines[0].entry.get("format") if lines else None
    return found if isinstance(found, int) else None


def _failed(path: Path, fault: OSError) -> RenomapError:
    return RenomapError("store.journal-failed", folder=str(path.parent), reason=fault.strerror or str(fault))
