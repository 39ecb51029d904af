"""Where compiled kernels are kept on disk; asked before the slow compiler is imported."""

from __future__ import annotations

import hashlib
import os
import stat
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path


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
    for path in sorted(Path(__file__).parents[1].glob("*/kernels/*.py")):
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
