"""Unfinished: projects that a window has open, so that the next start finds those whose window was killed."""

from __future__ import annotations

import datetime as dt
import hashlib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from renomap.errors import RenomapError
from renomap.store import projectfile
from renomap.store.journal import ENDING, journal_path, read_journal
from renomap.store.lock import Lock

UNSAVED: Final = f"project{projectfile.ENDING}"
_NOTE: Final = ".path"


@dataclass(frozen=True)
class Unfinished:
    """A project whose window ended without saving.

    ``path`` opens it; ``saved`` says whether the user has given it that name; ``last`` is the time of the
    last edit; ``steps`` how many changes are in no file.
    """

    path: Path
    saved: bool
    last: dt.datetime
    steps: int


class OpenFiles:
    """Notes in the user's data folder of the project files that are open.

    The folder also shelters locks and journals of files beside which nothing can be written.
    """

    def __init__(self, data_folder: Path) -> None:
        self.unsaved = data_folder / "unsaved"
        self._folder = data_folder / "open"

    def shelter(self, path: Path) -> Path:
        """What lock and journal of a project file are named after where they cannot be beside it.

        Raises RenomapError ``store.not-writable`` where the data folder cannot be made.
        """
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as fault:
            raise RenomapError("store.not-writable", folder=str(self._folder)) from fault
        return self._folder / hashlib.sha256(str(path).encode(errors="surrogatepass")).hexdigest()[:16]

    def note(self, path: Path) -> None:
        """Write down that a project file is open."""
        with suppress(OSError, RenomapError):  # without it only the offer at the next start is missing
            note = self.shelter(path).with_suffix(_NOTE)
            note.write_text(str(path), encoding="utf-8", errors="surrogatepass")

    def forget(self, path: Path) -> None:
        """Write down that a project file was closed properly."""
        with suppress(OSError, RenomapError):
            self.shelter(path).with_suffix(_NOTE).unlink(missing_ok=True)

    def unfinished(self) -> tuple[Unfinished, ...]:
        """What killed windows have left, the last edited first, without what another window has open."""
        found = [self._never_saved(home) for home in self.unsaved.glob(f"*/{UNSAVED}")]
        found += [self._noted(note) for note in self._folder.glob(f"*{_NOTE}")]
        left = (one for one in found if one is not None)
        return tuple(sorted(left, key=lambda one: one.last, reverse=True))

    def _never_saved(self, home: Path) -> Unfinished | None:
        try:
            Lock(home).release()
            recorded = read_journal(journal_path(home), projectfile.saved_mark(home))
            last = max(file.stat().st_mtime for file in (home, journal_path(home)) if file.exists())
        except (RenomapError, OSError, ValueError):
            return None  # open in another window, or saved and gone at this moment
        steps = recorded.total if recorded is not None else 0
        return Unfinished(home, False, dt.datetime.fromtimestamp(last), steps)

    def _noted(self, note: Path) -> Unfinished | None:
        try:
            path = Path(note.read_text(encoding="utf-8", errors="surrogatepass"))
            if self._is_open(path):
                return None
            mark = projectfile.saved_mark(path)
            for journal in (journal_path(path), self.shelter(path).with_suffix(ENDING)):
                # Without a mark the file is damaged or being written: then all of the journal counts.
                recorded = read_journal(journal, mark) if path.is_file() else None
                if recorded is not None:
                    last = dt.datetime.fromtimestamp(journal.stat().st_mtime)
                    return Unfinished(path, True, last, recorded.total)
            if mark is not None:
                note.unlink()
        except (RenomapError, OSError, ValueError):
            pass
        return None

    def _is_open(self, path: Path) -> bool:
        for place in (path, self.shelter(path)):
            try:
                Lock(place).release()
            except RenomapError as fault:
                if fault.code == "store.read-only":
                    return True
        return False
