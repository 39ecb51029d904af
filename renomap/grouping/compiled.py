"""How kernels are compiled: without the interpreter's lock, and kept on disk wherever there is a place.

Numba is slow to import (about half a second), so modules of kernels, the only ones that import this module,
are imported inside the functions that call them.
"""

from __future__ import annotations

import hashlib
import os
import stat
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar, cast

F = TypeVar("F", bound=Callable[..., Any])


def _candidates() -> Iterator[Path]:
    if sys.platform == "win32":
        home = os.environ.get("LOCALAPPDATA")
    elif sys.platform == "darwin":
        home = str(Path("~/Library/Caches").expanduser())
    else:
        home = os.environ.get("XDG_CACHE_HOME") or str(Path("~/.cache").expanduser())
    if home:
        yield Path(home) / "renomap" / "kernels" / _edition()
    owner = os.getuid() if hasattr(os, "getuid") else 0
    yield Path(tempfile.gettempdir()) / f"renomap-kernels-{owner}" / _edition()


def _edition() -> str:
    """A mark of the kernels' sources.

    Numba renews a kernel when its own file changes, but not when a kernel that it calls does, and an index
    that another edition wrote can name types that are gone.
    """
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*kernel*.py")):
        digest.update(path.read_bytes())
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
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not given and not _is_ours(folder):
                continue
            with tempfile.TemporaryFile(dir=folder):
                return folder
        except (OSError, RuntimeError):
            continue
    return None


_FOLDER = cache_folder()
if _FOLDER is not None:
    os.environ["NUMBA_CACHE_DIR"] = str(_FOLDER)  # read by Numba when it is imported

# Measured: level 1 compiles the search in 32 s instead of 38 and runs it as fast to within 5 %; level 0 runs
# eight times slower. Whoever has set a level keeps it.
os.environ.setdefault("NUMBA_OPT", "1")

import numba  # noqa: E402

if _FOLDER is not None:
    vars(numba.config)["CACHE_DIR"] = str(_FOLDER)  # in case somebody imported Numba before us


def compiled(function: F) -> F:
    """Compile a kernel on its first call, ``nogil``, and keep it on disk where that is possible."""
    return cast(F, numba.njit(nogil=True, cache=_FOLDER is not None)(function))


def inner(function: F) -> F:
    """Compile a function that only kernels call: no door for Python, no file of its own."""
    njit: Any = numba.njit  # its types do not know the two options
    return cast(F, njit(nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True)(function))
