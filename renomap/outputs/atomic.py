"""A result is either complete or not there: write beside the target, then replace it in one step."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from renomap.errors import RenomapError
from renomap.store.drafts import draft_name, sweep

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_DENIED = {errno.EACCES, errno.EPERM, errno.EROFS, errno.EBUSY, errno.ETXTBSY}
_NO_ROOM_BYTES = 65_536


@contextmanager
def new_file(path: Path) -> Iterator[Path]:
    """A place to write a file to; it becomes ``path`` only if the block ends without an error.

    Parameters
    ----------
    path : Path
        Where the file shall be. An existing file is replaced, an existing folder is refused.

    Yields
    ------
    Path
        A file name with the same ending in a temporary folder beside ``path``. The block must create it;
        side files it leaves there (journals of SQLite) are thrown away.

    Raises
    ------
    RenomapError
        ``outputs.no-folder``, ``outputs.is-folder``, ``outputs.not-writable``, ``outputs.disk-full``,
        ``outputs.write-failed``.
    """
    path = _behind_link(path)
    if path.is_dir():
        raise RenomapError("outputs.is-folder", path=str(path))
    with _workshop(path) as shop:
        draft = shop / path.name
        yield draft
        _sync(draft)
        os.replace(draft, path)
        _sync_folder(path.parent)


@contextmanager
def new_files(path: Path) -> Iterator[Path]:
    """A place to write a file of several parts to, such as a shapefile: all appear together or none does.

    Parameters
    ----------
    path : Path
        The file that the parts are named after.

    Yields
    ------
    Path
        A file of the same name in a temporary folder of its own. What the block leaves there goes beside
        ``path``, that file last, and takes the place of what is there under these names.

    Raises
    ------
    RenomapError
        Those of ``new_file``.
    """
    path = _behind_link(path)
    if path.is_dir():
        raise RenomapError("outputs.is-folder", path=str(path))
    with _workshop(path) as shop:
        new, old = shop / "new", shop / "old"
        new.mkdir()
        old.mkdir()
        yield new / path.name
        parts = sorted(new.iterdir(), key=lambda part: part.name == path.name)
        for part in parts:
            _sync(part)
        _exchanged(parts, path.parent, old)
        _sync_folder(path.parent)


def _exchanged(parts: list[Path], folder: Path, old: Path) -> None:
    """Move parts into a folder; where one cannot be moved, all that was there comes back."""
    done: list[Path] = []
    try:
        for part in parts:
            place = folder / part.name
            if place.exists():
                os.replace(place, old / part.name)
            done.append(place)
            os.replace(part, place)
    except OSError:
        for place in done:
            place.unlink(missing_ok=True)
            if (old / place.name).exists():
                os.replace(old / place.name, place)
        raise


@contextmanager
def new_folder(path: Path, own_files: Callable[[Path], Iterable[str] | None]) -> Iterator[Path]:
    """A folder to fill; it becomes ``path`` only if the block ends without an error.

    Parameters
    ----------
    path : Path
        Where the folder shall be.
    own_files : callable
        Given an existing folder, the relative names of the files a former run made there, or None if the
        folder is not ours. A folder of ours is replaced, but files that others put into it move over to the
        new one; a foreign folder that is not empty is refused.

    Yields
    ------
    Path
        An empty folder of the same name in a temporary folder beside ``path``.

    Raises
    ------
    RenomapError
        ``outputs.foreign-folder``, ``outputs.not-a-folder`` and those of ``new_file``.
    """
    path = _behind_link(path)
    if path.exists() and not path.is_dir():
        raise RenomapError("outputs.not-a-folder", path=str(path))
    former = own_files(path) if path.is_dir() else None
    if path.is_dir() and former is None and any(path.iterdir()):
        raise RenomapError("outputs.foreign-folder", path=str(path))
    with _workshop(path) as shop:
        draft = shop / path.name
        draft.mkdir()
        yield draft
        for file in draft.rglob("*"):
            if file.is_file():
                _sync(file)
        if path.is_dir():
            _keep_guests(path, draft, set(former or ()))
            old = shop / "old" / path.name
            old.parent.mkdir()
            os.replace(path, old)
            try:
                os.replace(draft, path)
            except OSError:
                os.replace(old, path)
                raise
        else:
            os.replace(draft, path)
        _sync_folder(path.parent)


def _behind_link(path: Path) -> Path:
    """What a symbolic link leads to, there already or not: the link stays and its target is written."""
    path = Path(path)
    return path.resolve() if path.is_symlink() else path


def _keep_guests(old: Path, new: Path, ours: set[str]) -> None:
    """Copy what is not ours from the old folder to the new one, never over a file of the new run."""
    for file in sorted(old.rglob("*")):
        name = file.relative_to(old).as_posix()
        target = new / name
        if file.is_file() and name not in ours and not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(file, target)


@contextmanager
def _workshop(path: Path) -> Iterator[Path]:
    """A temporary folder on the same file system, with the faults of the world told as sentences."""
    parent = path.absolute().parent
    if not parent.is_dir():
        raise RenomapError("outputs.no-folder", path=str(path), folder=str(parent))
    sweep(parent)
    shop = parent / draft_name()
    try:
        shop.mkdir(mode=0o700)
    except OSError as fault:
        raise _told(fault, path) or fault from fault
    try:
        yield shop
    except RenomapError as told:
        raise _by_final_name(told, shop / path.name, path) from told.__cause__
    except Exception as fault:
        raise _told(fault, path) or fault from fault
    finally:
        shutil.rmtree(shop, ignore_errors=True)


def _by_final_name(told: RenomapError, draft: Path, path: Path) -> RenomapError:
    """The same fault; a file in the temporary folder is called by the name it would have had."""
    place = Path(str(told.params.get("path", "")))
    if not place.is_relative_to(draft):
        return told
    return RenomapError(told.code, **{**told.params, "path": str(path / place.relative_to(draft))})


def _told(fault: Exception, path: Path) -> RenomapError | None:
    """The sentence for a fault of the disk or the folder; None for anything else, which is a bug of ours."""
    from pyogrio.errors import DataSourceError, FeatureError

    code = fault.errno if isinstance(fault, OSError) else None
    if code in _FULL or shutil.disk_usage(path.absolute().parent).free < _NO_ROOM_BYTES:
        return RenomapError("outputs.disk-full", path=str(path))
    if code in _DENIED:
        return RenomapError("outputs.not-writable", path=str(path))
    # GDAL and Typst write the file themselves and say what went wrong in words, without a number.
    if isinstance(fault, DataSourceError | FeatureError) or (isinstance(fault, OSError) and code is None):
        return RenomapError("outputs.write-failed", path=str(path), reason=str(fault))
    return None


def _sync(file: Path) -> None:
    with file.open("rb+") as handle:
        os.fsync(handle.fileno())


def _sync_folder(folder: Path) -> None:
    """Make the renaming itself last; systems that cannot open a folder do it by themselves."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
