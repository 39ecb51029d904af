"""The journal: every change on disk at once, so that a killed process costs nothing."""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

from renomap.errors import RenomapError
from renomap.model.change import ChangeSet
from renomap.store.coding import decode_change, encode_change

FORMAT: Final = 1
ENDING: Final = ".journal"


def journal_path(project: Path) -> Path:
    """Where the journal of a project file is: beside it."""
    return project.with_name(project.name + ENDING)


class Journal:
    """An open journal. Lines of ``checksum json``; the first says which saved state the changes start from.

    A line is handed to the operating system before ``append`` returns, so it survives the end of the process;
    ``sync`` makes it survive the end of the machine as well.
    """

    def __init__(self, path: Path, base: str) -> None:
        """Begin anew at ``path``; ``base`` is what ``projectfile.save`` returned.

        Raises RenomapError ``store.journal-failed`` where the folder cannot be written.
        """
        self.path = path
        try:
            self._file: BinaryIO = path.open("wb", buffering=0)
        except OSError as fault:
            raise _failed(path, fault) from fault
        self._write({"format": FORMAT, "base": base})

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
        except OSError as fault:
            raise _failed(path, fault) from fault
        return journal

    def append(self, change: ChangeSet) -> None:
        """Write one change down."""
        self._write(encode_change(change))

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
        line = memoryview(b"%08x %s\n" % (zlib.crc32(text), text))
        try:
            while line:
                line = line[self._file.write(line) or 0 :]
        except OSError as fault:
            raise _failed(self.path, fault) from fault


@dataclass(frozen=True)
class Recorded:
    """What a journal says: the saved state it starts from and the changes since, the oldest first."""

    base: str
    changes: tuple[ChangeSet, ...]


def read_journal(path: Path) -> Recorded | None:
    """What can be read of a journal, up to the first broken line; None where there is nothing to recover."""
    try:
        data = path.read_bytes()
    except OSError:
        return None
    entries = [entry for _, entry in _whole_lines(data)]
    if not entries or entries[0].get("format") != FORMAT:
        return None
    changes = tuple(decode_change(entry) for entry in entries[1:])
    return Recorded(str(entries[0]["base"]), changes) if changes else None


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
