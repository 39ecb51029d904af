"""Names of files on the command line: what could not be read or written is refused before any work."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from renomap.errors import RenomapError


def place(text: str) -> Path:
    """The path that a word of the command line names; it need not be there.

    Raises
    ------
    RenomapError
        ``commands.empty-name`` (a variable of a script that was not set would mean the current folder),
        ``commands.no-name`` where the system takes it for no name, ``store.not-readable``.
    """
    if not text.strip():
        raise RenomapError("commands.empty-name")
    path = Path(text)
    try:
        path.resolve()  # unlike the question whether it exists, it does not keep back what is wrong
        path.exists()
    except PermissionError as error:
        raise RenomapError("store.not-readable", path=text) from error
    except (OSError, ValueError) as error:
        raise RenomapError("commands.no-name", path=_shown(path)) from error
    return path


def require_file(path: Path, inputs: Sequence[Path] = (), endings: Sequence[str] = ()) -> None:
    """Refuse a file that cannot be written, or that would replace what the command reads.

    Parameters
    ----------
    path : Path
        The file that will be written.
    inputs : sequence of Path
        Files the command reads (or writes besides) and must not lose.
    endings : sequence of str
        Endings that are allowed, lower case; any where empty.

    Raises
    ------
    RenomapError
        ``commands.no-name``, ``commands.folder-missing``, ``commands.folder-unwritable``,
        ``outputs.is-folder``, ``commands.wrong-ending``, ``commands.over-input``.
    """
    require_folder(path)
    if path.is_dir():
        raise RenomapError("outputs.is-folder", path=str(path))
    if endings and path.suffix.lower() not in endings:
        raise RenomapError("commands.wrong-ending", path=str(path), endings=", ".join(endings))
    for other in inputs:
        if same_file(path, other):
            raise RenomapError("commands.over-input", path=str(path))


def require_folder(path: Path) -> None:
    """Refuse a path whose folder is not there or may not be written to, or that is no name at all."""
    try:
        folder = path.resolve().parent
        path.is_dir()  # asks the system, which knows what it takes for a name
    except (OSError, ValueError) as error:
        raise RenomapError("commands.no-name", path=_shown(path)) from error
    if not folder.is_dir():
        raise RenomapError("commands.folder-missing", folder=str(folder))
    if not os.access(folder, os.W_OK):
        raise RenomapError("commands.folder-unwritable", folder=str(folder))


def same_file(one: Path, other: Path) -> bool:
    """Whether two names are of the same file; they need not be there."""
    if one.exists() and other.exists():
        return one.samefile(other)
    return one.resolve() == other.resolve()


def _shown(path: Path) -> str:
    """The name in a sentence of readable length, without characters that no screen shows."""
    text = "".join(sign if sign.isprintable() else "?" for sign in str(path))
    return text if len(text) <= 60 else f"{text[:57]}..."
