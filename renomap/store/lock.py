"""The lock: who opens a project second only reads, and sees who holds it."""

from __future__ import annotations

import datetime as dt
import errno
import json
import os
import platform
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from renomap.errors import RenomapError
from renomap.store.user import user_name

ENDING: Final = ".lock"
#: What the system says where somebody else has the lock; anything else means that it knows no locks there.
_TAKEN: Final = (errno.EAGAIN, errno.EACCES, errno.EDEADLK)
_FAR: Final = 1 << 30  # the locked byte lies behind the text, which others must be able to read on Windows

if sys.platform == "win32":
    import msvcrt

    def _seize(handle: int) -> None:
        os.lseek(handle, _FAR, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _seize(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


class Lock:
    """A held lock. The system lets go of it when the process ends, however it ends; no lock is ever stale."""

    def __init__(self, project: Path) -> None:
        """Take the lock of a project file.

        Raises RenomapError ``store.read-only`` with ``who`` and ``since`` where another process has it,
        ``store.not-writable`` where no file can be made beside the project, and ``store.no-lock`` where the
        system knows no locks there (some shares).
        """
        self.project = project
        self.path = project.with_name(project.name + ENDING)
        while True:
            handle = self._opened()
            try:
                _seize(handle)
            except OSError as fault:
                os.close(handle)
                if fault.errno not in _TAKEN:
                    raise RenomapError("store.no-lock", folder=str(self.path.parent)) from fault
                who, since = self._holder()
                raise RenomapError("store.read-only", who=who, since=since) from fault
            if self._is_current(handle):
                break
            os.close(handle)  # its former holder removed the file while we waited
        self._handle = handle
        note = {"who": _user(), "since": f"{dt.datetime.now():%Y-%m-%d %H:%M}"}
        os.ftruncate(handle, 0)
        os.lseek(handle, 0, os.SEEK_SET)
        os.write(handle, json.dumps(note).encode("ascii"))

    def release(self) -> None:
        """Let go; others may write from now on."""
        if sys.platform != "win32":  # removed while held, so that nobody takes a file that is about to go
            self.path.unlink(missing_ok=True)
            os.close(self._handle)
            return
        os.close(self._handle)
        self.path.unlink(missing_ok=True)

    def _opened(self) -> int:
        try:
            return os.open(self.path, os.O_RDWR | os.O_CREAT, 0o666)
        except OSError as fault:
            raise RenomapError("store.not-writable", folder=str(self.path.parent)) from fault

    def _is_current(self, handle: int) -> bool:
        try:
            there = os.stat(self.path)
        except OSError:
            return False
        return os.path.samestat(os.fstat(handle), there)

    def _holder(self) -> tuple[str, str]:
        try:
            note = json.loads(self.path.read_bytes())
            return str(note["who"]), str(note["since"])
        except (OSError, ValueError, KeyError):
            return "?", "?"


@contextmanager
def held(project: Path) -> Iterator[None]:
    """Hold the lock of a project file, there already or not, while it is read and written.

    Raises RenomapError ``store.in-use`` with ``path``, ``who`` and ``since`` where somebody has it open, and
    those of ``Lock``.
    """
    try:
        lock = Lock(project)
    except RenomapError as fault:
        if fault.code != "store.read-only":
            raise
        raise RenomapError("store.in-use", path=str(project), **fault.params) from fault
    try:
        yield
    finally:
        lock.release()


def _user() -> str:
    return f"{user_name() or '?'} ({platform.node()})"
