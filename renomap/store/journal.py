"""The journal: every change on disk at once, so that a killed process costs nothing."""

from __future__ import annotations

import errno
import json
import os
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

from renomap.errors import RenomapError
from renomap.model.change import ChangeSet
from renomap.store.coding import decode_change, encode_change

FORMAT: Final = 1
ENDING: Final = ".journal"
_DRAFT: Final = ".new"
_SAVING: Final = "saving"


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
            whole = sum(len(line) + 1 for line, _ in _whole_lines(path.read_bytes()))
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
        self._owed.append(b"%08x %s\n" % (zlib.crc32(text), text))
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
    """What a journal says: the saved state it starts from and the changes since, the oldest first."""

    base: str
    changes: tuple[ChangeSet, ...]


def read_journal(path: Path, mark: str | None = None) -> Recorded | None:
    """What can be read of a journal, up to the first broken line; None where there is nothing to recover.

    ``mark`` (of the saved state that is in the file) asks for the changes since that state alone; None where
    the journal does not know it: its changes belong to another state and are saved.
    """
    try:
        data = path.read_bytes()
    except OSError:
        return None
    entries = [entry for _, entry in _whole_lines(data)]
    if not entries or entries[0].get("format") != FORMAT:
        return None
    base, since = str(entries[0]["base"]), 1
    if mark is not None and mark != base:
        saved = [at for at, entry in enumerate(entries) if entry.get(_SAVING) == mark]
        if not saved:
            return None
        base, since = mark, saved[-1] + 1
    changes = tuple(decode_change(entry) for entry in entries[since:] if _SAVING not in entry)
    return Recorded(base, changes) if changes else None


def _whole_lines(data: bytes) -> Iterator[tuple[bytes, dict[str, Any]]]:
    for line in data.split(b"\n")[:-1]:  # what follows the last end of line was cut off
        entry = _parsed(line)
        if entry is None:
            return
        yield line, entry


def _parsed(line: bytes) -> dict[str, Any] | None:
    checksum, _, text = line.partition(b" ")
    if checksum != b"%08x" % zlib.crc32(text):
        return None
    entry: dict[str, Any] = json.loads(text)
    return entry


def _failed(path: Path, fault: OSError) -> RenomapError:
    return RenomapError("store.journal-failed", folder=str(path.parent), reason=fault.strerror or str(fault))
