"""Where compiled kernels are kept on disk; asked before the slow compiler is imported.

A folder an edition: machine code fits one text of the kernels, one Python, one Numba and one kind of machine.
A program that was packed with its kernels compiled carries the folder of its edition beside this module, in
``shipped``; it is copied to where the user's own kernels are kept, so nobody compiles what has come along.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.metadata
import os
import shutil
import stat
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

#: Kernels that came with the program, a folder an edition.
SHIPPED = Path(__file__).with_name("shipped")
#: The folder of all editions in the user's cache.
_KERNELS = "kernels"
#: An edition that was not asked for in two months belongs to a program that is gone.
UNUSED_SECONDS = 60 * 86_400.0


def _candidates() -> Iterator[Path]:
    if sys.platform == "win32":
        home = os.environ.get("LOCALAPPDATA")
    elif sys.platform == "darwin":
        home = str(Path("~/Library/Caches").expanduser())
    else:
        home = os.environ.get("XDG_CACHE_HOME") or str(Path("~/.cache").expanduser())
    if home:
        yield Path(home) / "renomap" / _KERNELS / edition()
    owner = os.getuid() if hasattr(os, "getuid") else 0
    yield Path(tempfile.gettempdir()) / f"renomap-kernels-{owner}" / edition()


@functools.cache
def edition() -> str:
    """What machine code of the kernels depends on, as 12 hexadecimal digits.

    Every text of a kernel is in it, for Numba renews a kernel when its own file changes, but not when a
    kernel that it calls does, and an index that another edition wrote can name types that are gone.
    """
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parents[1].glob("*/kernels/*.py")):
        digest.update(path.read_bytes())
    digest.update(Path(__file__).with_name("decorators.py").read_bytes())
    about = (sys.implementation.cache_tag, importlib.metadata.version("numba"), sysconfig.get_platform())
    digest.update(repr(about).encode())
    return digest.hexdigest()[:12]


def _is_ours(folder: Path) -> bool:
    """Whether nobody else can plant files there: a cached kernel is code that will be run."""
    if not hasattr(os, "getuid"):
        return True
    found = folder.stat()
    return found.st_uid == os.getuid() and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def cache_folder() -> Path | None:
    """The first place where kernels can be kept: NUMBA_CACHE_DIR, the user's cache, temp; else None.

    Tried by writing: Numba raises when a function is decorated if its cache cannot be written.
    """
    given = os.environ.get("NUMBA_CACHE_DIR")
    for folder in [Path(given)] if given else _candidates():
        try:
            is_new = not folder.exists()
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not given and not _is_ours(folder):
                continue
            with tempfile.TemporaryFile(dir=folder):
                pass
            os.utime(folder)  # it is in use
            if is_new and not given:
                _forget_old(folder)
            _take_shipped(folder)
            return folder
        except (OSError, RuntimeError):
            continue
    return None


def _forget_old(folder: Path) -> None:
    """Remove the other editions beside a new one that nobody has used for long."""
    for other in folder.parent.iterdir():
        if other != folder and other.is_dir() and time.time() - other.stat().st_mtime > UNUSED_SECONDS:
            shutil.rmtree(other, ignore_errors=True)


def _take_shipped(folder: Path) -> None:
    """Copy the kernels that came with the program, unless they are there.

    Each file is complete or absent, and an index comes after what it lists: another process may be reading.
    """
    source = SHIPPED / edition()
    if not source.is_dir():
        return
    order = {".nbc": 0, ".nbi": 1}  # machine code, its index; the marks of the rooms last
    files = (path for path in source.rglob("*") if path.is_file())
    for path in sorted(files, key=lambda path: (order.get(path.suffix, 2), path)):
        target = folder / path.relative_to(source)
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            draft = target.with_name(f"{target.name}.{os.getpid()}")
            shutil.copyfile(path, draft)
            draft.replace(target)
