"""Drafts: what is being written beside its target, and what a killed process has left of it."""

from __future__ import annotations

import hashlib
import os
import platform
import re
import shutil
import sys
import time
import uuid
from contextlib import suppress
from pathlib import Path
from typing import Final

#: A draft of which nobody can say whether its writer lives is left alone for this long.
STALE_S: Final = 86_400.0
_HEAD: Final = ".renomap-"
_NAMED: Final = re.compile(re.escape(_HEAD) + r"(?P<host>[0-9a-f]{8})-(?P<pid>\d+)-")


def draft_name(ending: str = "") -> str:
    """A hidden name that nothing has, which says on which machine and by which process it is written."""
    return f"{_HEAD}{_host()}-{os.getpid()}-{uuid.uuid4().hex[:12]}{ending}"


def sweep(folder: Path) -> None:
    """Remove the drafts in a folder whose writer was killed; one that cannot be removed stays."""
    for draft in folder.glob(f"{_HEAD}*"):
        with suppress(OSError):
            if not _is_orphan(draft):
                continue
            if draft.is_dir() and not draft.is_symlink():
                shutil.rmtree(draft, ignore_errors=True)
            else:
                draft.unlink()


def _is_orphan(draft: Path) -> bool:
    named = _NAMED.match(draft.name)
    if named and named["host"] == _host() and sys.platform != "win32":  # where the question would end it
        return not _lives(int(named["pid"]))
    return time.time() - draft.stat().st_mtime > STALE_S


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:  # somebody else's
        return True
    return True


def _host() -> str:
    return hashlib.sha256(platform.node().encode()).hexdigest()[:8]
