"""Integrity: whether the tables of a project file are still those that were written."""

from __future__ import annotations

import hashlib
import marshal
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

#: Form of the values that are digested: the last one that does not depend on how objects are shared.
_FORM: Final = 2
_ROWS_AT_ONCE: Final = 1000
#: Digest of a table that is not there or cannot be read.
UNREADABLE: Final = ""


@dataclass(frozen=True)
class Fingerprint:
    """What a project file held at one moment.

    Parameters
    ----------
    mark : str
        Of the saved state, see ``projectfile.saved_mark``.
    tables : Mapping
        Name of each layer's table -> digest of its rows; empty for files of earlier programs.
    place : tuple of int
        Inode, size and time of the file: where they are the same, nobody has written.
    """

    mark: str
    tables: Mapping[str, str]
    place: tuple[int, int, int]

    def same_state(self, other: Fingerprint) -> bool:
        """Whether both tell of the same contents, wherever and whenever they were written."""
        return (self.mark, self.tables) == (other.mark, other.tables)


def place_of(path: Path) -> tuple[int, int, int]:
    """Inode, size and time of last writing of a file; OSError where there is none."""
    there = path.stat()
    return there.st_ino, there.st_size, there.st_mtime_ns


def digests(path: Path, tables: Iterable[str]) -> dict[str, str]:
    """Digest of the rows of each table, ``UNREADABLE`` where SQLite cannot give them."""
    with closing(sqlite3.connect(path)) as connection:
        connection.text_factory = (
            bytes  # a damaged text is no text any more, and its digest must still differ
        )
        return {table: _digest(connection, table) for table in tables}


def _digest(connection: sqlite3.Connection, table: str) -> str:
    digest = hashlib.sha256()
    quoted = table.replace('"', '""')
    try:
        cursor = connection.execute(f'SELECT * FROM "{quoted}" ORDER BY rowid')
        digest.update(repr([column[0] for column in cursor.description]).encode())
        while rows := cursor.fetchmany(_ROWS_AT_ONCE):
            for row in rows:
                digest.update(marshal.dumps(row, _FORM))
    except sqlite3.Error:
        return UNREADABLE
    return digest.hexdigest()
