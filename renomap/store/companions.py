"""Companions: what another program keeps beside a project file, and who has the file open.

SQLite keeps unfinished work in files named after the database (``-wal``, ``-journal``). Whoever opens a
database next to such a file plays it into the database, whatever database that is. So a project file is
replaced only while nobody else has it open and nothing of the kind lies beside it.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Final

from renomap.errors import RenomapError

ENDINGS: Final = ("-wal", "-shm", "-journal")
#: How long a program that is just reading or writing is waited for.
PATIENCE_S: Final = 1.0
_PROCESSES: Final = Path("/proc")
_WRITES: Final = os.O_WRONLY | os.O_RDWR


@contextmanager
def replacing(path: Path) -> Iterator[None]:
    """Hold the file at ``path`` alone while it is replaced.

    What another program has written beside it is brought into it first. After the replacement nothing is left
    beside the file that SQLite would play into it.

    Raises
    ------
    RenomapError
        ``store.held`` with ``who`` where another program has the file open for writing.
    """
    _wait_until_free(path)
    if path.is_file():
        connection = _settled(path)
        if os.name == "nt":  # an open file cannot be replaced there, and nobody else can have it open then
            connection.close()
        with closing(connection):
            yield
    else:
        yield
    for ending in ENDINGS:
        with suppress(OSError):
            _beside(path, ending).unlink(missing_ok=True)


@contextmanager
def reading(path: Path, told: str = "store.busy") -> Iterator[None]:
    """Hold the file readable: another program that is just writing is waited for, and writes no more for now.

    Raises
    ------
    RenomapError
        ``told`` with ``who`` where another program keeps the file to itself.
    """
    connection = sqlite3.connect(path, timeout=PATIENCE_S, isolation_level=None)
    with closing(connection):
        try:
            connection.execute("BEGIN")
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlite3.OperationalError as fault:
            if "locked" in str(fault):
                who = ", ".join(holders(path)) or "?"
                raise RenomapError(told, path=str(path), who=who) from fault
        except (sqlite3.DatabaseError, ValueError):
            pass  # no database, or a damaged one, which whoever reads it finds out
        yield


def holders(path: Path) -> tuple[str, ...]:
    """Names of the other programs that have the file or a companion open for writing, each once.

    Only where the system tells (Linux); elsewhere empty.
    """
    if not _PROCESSES.is_dir():
        return ()
    wanted = set()
    for file in (path, *(_beside(path, ending) for ending in ENDINGS)):
        with suppress(OSError):
            there = file.stat()
            wanted.add((there.st_dev, there.st_ino))
    if not wanted:
        return ()
    found: dict[str, None] = {}
    for process in _PROCESSES.iterdir():
        if process.name.isdigit() and int(process.name) != os.getpid() and _holds(process, wanted):
            found[_title(process)] = None
    return tuple(found)


def _wait_until_free(path: Path) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while who := holders(path):
        if time.monotonic() > deadline:
            raise RenomapError("store.held", path=str(path), who=", ".join(who))
        time.sleep(0.05)


def _settled(path: Path) -> sqlite3.Connection:
    """A connection that alone may write to the database, with nothing beside it.

    Raises RenomapError ``store.held`` where another program has it open.
    """
    connection = sqlite3.connect(path, timeout=PATIENCE_S, isolation_level=None)
    try:
        (mode,) = connection.execute("PRAGMA journal_mode = DELETE").fetchone()
        if mode == "wal":
            raise sqlite3.OperationalError("database is locked")
        connection.execute("BEGIN IMMEDIATE")  # others may still read, nobody may write
    except sqlite3.OperationalError as fault:
        if "locked" in str(fault):
            connection.close()
            who = ", ".join(holders(path)) or "?"
            raise RenomapError("store.held", path=str(path), who=who) from fault
    except sqlite3.DatabaseError:
        pass  # no database: nothing can be played into it
    return connection


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)


def _holds(process: Path, wanted: set[tuple[int, int]]) -> bool:
    try:
        for handle in (process / "fd").iterdir():
            with suppress(OSError):
                there = handle.stat()
                if (there.st_dev, there.st_ino) in wanted and _writes(process, handle.name):
                    return True
    except OSError:  # it has ended, or belongs to somebody else
        return False
    return False


def _writes(process: Path, handle: str) -> bool:
    for line in (process / "fdinfo" / handle).read_text().splitlines():
        if line.startswith("flags:"):
            return bool(int(line.split()[1], 8) & _WRITES)
    return False


def _title(process: Path) -> str:
    with suppress(OSError):
        return f"{(process / 'comm').read_text().strip()} ({process.name})"
    return process.name
