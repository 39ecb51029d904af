"""Writing a project file from the command line while nobody else has it open or has changed it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from renomap.errors import RenomapError
from renomap.store import projectfile
from renomap.store.integrity import Fingerprint
from renomap.store.journal import journal_path, read_journal
from renomap.store.lock import held


@contextmanager
def writing(path: Path, *, update: bool) -> Iterator[Fingerprint | None]:
    """Hold a project file while it is written; what it held before is what is expected there at the end.

    Parameters
    ----------
    update : bool
        Whether the project is read from that very file. Then nobody may have changed it meanwhile; otherwise
        whatever is there is replaced, as other programs do with a named output.

    Raises
    ------
    RenomapError
        ``store.in-use`` where a window has the file open, ``store.unanswered`` where a window was killed and
        its last changes still wait to be recovered, those of ``store.lock.Lock``.
    """
    path = path.resolve()
    with held(path):
        waiting = read_journal(journal_path(path), projectfile.saved_mark(path)) if path.is_file() else None
        if waiting is not None and waiting.changes:
            raise RenomapError("store.unanswered", path=str(path), count=waiting.total)
        yield projectfile.fingerprint(path) if update and path.is_file() else None
