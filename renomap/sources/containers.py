"""What lies behind a path: data sets in files, folders, archives and geodatabases, unpacked safely.

Nothing is ever written beside the user's files: archives, files whose name the reader cannot take and
shapefiles that need mending are copied to a working folder first.
"""

from __future__ import annotations

import os
import shutil
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePosixPath

from renomap.errors import RenomapError
from renomap.model.feedback import Feedback


class DataSetKind(StrEnum):
    """How a data set is read."""

    VECTOR = "vector"
    SHAPEFILE = "shapefile"
    CAD = "cad"
    OSM = "osm"
    PARQUET = "parquet"
    WORKBOOK = "workbook"
    TABLE = "table"


_KINDS: dict[str, DataSetKind] = {
    ".shp": DataSetKind.SHAPEFILE,
    ".dxf": DataSetKind.CAD,
    ".osm": DataSetKind.OSM,
    ".pbf": DataSetKind.OSM,
    ".parquet": DataSetKind.PARQUET,
    ".geoparquet": DataSetKind.PARQUET,
    ".xlsx": DataSetKind.WORKBOOK,
    ".xlsm": DataSetKind.WORKBOOK,
    ".xls": DataSetKind.WORKBOOK,
    ".xlsb": DataSetKind.WORKBOOK,
    ".et": DataSetKind.WORKBOOK,
    ".ods": DataSetKind.WORKBOOK,
    ".csv": DataSetKind.TABLE,
    ".tsv": DataSetKind.TABLE,
    **dict.fromkeys(
        (
            ".gpkg",
            ".geojson",
            ".json",
            ".geojsonl",
            ".kml",
            ".fgb",
            ".gml",
            ".tab",
            ".mif",
            ".gdb",
            ".sqlite",
            ".topojson",
        ),
        DataSetKind.VECTOR,
    ),
}
_ARCHIVES = (".zip", ".kmz")
#: Formats that are often sent and not read, each with the sentence that says what to do instead.
_REFUSED = {
    ".dwg": "sources.dwg",
    ".rar": "sources.archive-kind",
    ".7z": "sources.archive-kind",
    ".mdb": "sources.mdb",
}
_SHAPE_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
#: Ending -> the endings of the files that it only accompanies.
_COMPANIONS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(
        (".dbf", ".shx", ".prj", ".cpg", ".sbn", ".sbx", ".qix", ".qpj", ".fix", ".ain", ".aih", ".atx"),
        (".shp",),
    ),
    **dict.fromkeys((".dat", ".id", ".map", ".ind"), (".tab",)),
    ".mid": (".mif",),
    **dict.fromkeys((".qml", ".qmd", ".sld", ".lyr"), (".shp", ".gpkg", ".geojson")),
}

_MOST_BYTES = 4 * 1024**3
_MOST_ENTRIES = 20_000
#: Text and coordinates rarely shrink below a fiftieth; a bomb shrinks to a thousandth.
WORST_RATIO = 200
RATIO_FROM = 50 * 1024**2
_DEEPEST = 3
#: What the library raises on a damaged archive.
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    RuntimeError,
    ValueError,
    LookupError,
)


@dataclass(frozen=True)
class DataSet:
    """Something that can be opened.

    ``path`` is where it is read, ``name`` what the user calls it (the file name), ``stem`` its title,
    ``given`` the path the user gave. ``missing`` names the companions of a shapefile that are not there
    (``.shx``, ``.dbf``, ``.prj``).
    """

    path: Path
    name: str
    stem: str
    kind: DataSetKind
    given: Path
    missing: tuple[str, ...] = ()


def table_file(path: Path) -> DataSet:
    """A workbook or CSV file that is named as the inventory.

    Raises
    ------
    RenomapError
        ``sources.file-missing``, ``sources.inventory-kind``, or that of a kind refused with advice.
    """
    if not path.is_file():
        raise RenomapError("sources.file-missing", path=str(path))
    kind = DataSetKind.TABLE if _ending(path) == ".txt" else _KINDS.get(_ending(path))
    if kind not in (DataSetKind.WORKBOOK, DataSetKind.TABLE):
        raise RenomapError(_REFUSED.get(_ending(path), "sources.inventory-kind"), name=path.name)
    return DataSet(path, path.name, path.stem, kind, path)


def find(paths: Sequence[Path], work: Path, feedback: Feedback) -> list[DataSet]:
    """All data sets behind the paths, in the order given, files of a folder by name.

    Parameters
    ----------
    paths : sequence of Path
        Files, folders, archives.
    work : Path
        An existing empty folder for copies; the caller removes it.
    feedback : Feedback
        Asked for cancellation between files.

    Raises
    ------
    RenomapError
        ``sources.file-missing``, ``sources.folder-empty``, ``sources.unknown-format``,
        ``sources.archive-damaged``, ``sources.archive-unsafe``, ``sources.archive-too-large``,
        ``sources.archive-locked``, ``sources.lone-dbf`` and those of formats that are refused with advice.
    """
    found: list[DataSet] = []
    chosen = _without_companions(paths)
    for path in chosen:
        found += _behind(path, path, work, feedback, depth=0)
    # Two parts of a shapefile without its .shp among them mean the same one.
    return list({str(each.path): each for each in reversed(found)}.values())[::-1]


def _without_companions(paths: Sequence[Path]) -> list[Path]:
    """The paths without repeats and without the files that only accompany another of them, as all parts of a
    shapefile are selected together."""
    chosen = dict.fromkeys(paths)
    named = {str(path).casefold() for path in chosen}

    def accompanies(path: Path) -> bool:
        if path.name.casefold().endswith(".shp.xml"):
            return str(path)[:-4].casefold() in named
        whole = (str(path.with_suffix(ending)).casefold() for ending in _COMPANIONS.get(_ending(path), ()))
        return any(each in named for each in whole)

    return [path for path in chosen if not path.name or not accompanies(path)]


def _behind(path: Path, given: Path, work: Path, feedback: Feedback, depth: int) -> list[DataSet]:
    feedback.check()
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):
        raise RenomapError("sources.file-missing", path=str(path)) from None
    ending = _ending(path)
    if stat.S_ISDIR(mode):
        if ending == ".gdb":
            return [DataSet(path, path.name, path.stem, DataSetKind.VECTOR, given)]
        return _in_folder(path, given, work, feedback, depth)
    if not stat.S_ISREG(mode):
        raise RenomapError("sources.not-a-file", path=str(path))
    if path.stat().st_size == 0:
        raise RenomapError("sources.file-empty", name=path.name)
    if ending in _ARCHIVES:
        return _in_archive(path, given, work, feedback, depth)
    if ending in _REFUSED:
        raise RenomapError(_REFUSED[ending], name=path.name)
    if ending in (".dbf", ".shx", ".prj", ".cpg"):
        return _companion(path, given, work)
    kind = _KINDS.get(ending)
    if ending == ".txt" and depth == 0 and path == given:  # in a folder it is nearly always a letter
        kind = DataSetKind.TABLE
    if kind is None:
        raise RenomapError(
            "sources.unknown-format", name=path.name, known=" ".join(sorted({*_KINDS, *_ARCHIVES}))
        )
    return [_data_set(path, given, kind, work)]


def _ending(path: Path) -> str:
    return path.suffix.lower()


def _companion(path: Path, given: Path, work: Path) -> list[DataSet]:
    shape = _sibling(path, ".shp")
    if shape is None:
        raise RenomapError("sources.lone-dbf", name=path.name, wanted=f"{path.stem}.shp")
    return [_data_set(shape, given, DataSetKind.SHAPEFILE, work)]


def _sibling(path: Path, ending: str) -> Path | None:
    for candidate in (path.with_suffix(ending), path.with_suffix(ending.upper())):
        if candidate.is_file():
            return candidate
    return None


def _data_set(path: Path, given: Path, kind: DataSetKind, work: Path) -> DataSet:
    stem = path.name[: -len(path.suffix)] if path.suffix else path.name
    if stem.lower().endswith(".osm"):
        stem = stem[:-4]
    missing: tuple[str, ...] = ()
    if kind is DataSetKind.SHAPEFILE:
        missing = tuple(part for part in _SHAPE_PARTS if _sibling(path, part) is None)
    at = path
    if kind is DataSetKind.VECTOR and _keeps_a_log(path):
        at = _copied(path, kind, work)
    # The reader takes "!" and the like for parts of an archive's address, and would write a lost .shx beside
    # the file.
    if ".shx" in missing or any(char in str(path) for char in "!?*|") or "://" in str(path):
        at = _copied(path, kind, work)
    return DataSet(at, path.name, stem, kind, given, missing)


def _keeps_a_log(path: Path) -> bool:
    """Whether a database has changes beside it, or would get files beside it when it is opened: even to be
    read it must be opened as a copy, else the reader writes into the user's file."""
    if path.suffix.lower() not in (".gpkg", ".sqlite") or not path.is_file():
        return False
    with path.open("rb") as file:
        head = file.read(20)
    beside = any(path.with_name(path.name + log).is_file() for log in ("-wal", "-journal"))
    return beside or (head.startswith(b"SQLite format 3") and head[18:20] == b"\2\2")


def _copied(path: Path, kind: DataSetKind, work: Path) -> Path:
    folder = work / f"copy{len(os.listdir(work))}"
    folder.mkdir()
    parts = [path]
    if kind is DataSetKind.SHAPEFILE:
        parts = [part for part in (_sibling(path, ending) for ending in _SHAPE_PARTS) if part is not None]
    for part in parts:
        shutil.copyfile(part, folder / f"data{part.suffix.lower()}")
    for log in ("-wal", "-journal"):
        beside = path.with_name(path.name + log)
        if beside.is_file():
            shutil.copyfile(beside, folder / f"data{path.suffix.lower()}{log}")
    return folder / f"data{path.suffix.lower()}"


def _in_folder(folder: Path, given: Path, work: Path, feedback: Feedback, depth: int) -> list[DataSet]:
    found: list[DataSet] = []
    for path in _walk(folder, depth=0):
        ending = _ending(path)
        if path.is_dir() or ending in _KINDS or ending in _ARCHIVES:
            found += _behind(path, given, work, feedback, depth)
    if not found:
        raise RenomapError("sources.folder-empty", path=folder.name or str(folder))
    return found


def _walk(folder: Path, depth: int) -> Iterator[Path]:
    """Data files below a folder by name, hidden ones left out; a .gdb folder is one of them."""
    for path in sorted(folder.iterdir()):
        if path.name.startswith((".", "~$", "__MACOSX")) or path.is_symlink():
            continue
        if path.is_dir() and _ending(path) != ".gdb":
            if depth < _DEEPEST:
                yield from _walk(path, depth + 1)
        else:
            yield path


def _in_archive(path: Path, given: Path, work: Path, feedback: Feedback, depth: int) -> list[DataSet]:
    if depth >= _DEEPEST:
        raise RenomapError("sources.archive-unsafe", name=path.name)
    folder = work / f"archive{len(os.listdir(work))}"
    folder.mkdir()
    try:
        with zipfile.ZipFile(path) as archive:
            _unpack(archive, path.name, folder, feedback)
    except _DAMAGE:
        raise RenomapError("sources.archive-damaged", name=path.name) from None
    if not any(folder.iterdir()):
        raise RenomapError("sources.folder-empty", path=path.name)
    try:
        return _in_folder(folder, given, work, feedback, depth + 1)
    except RenomapError as error:
        if error.code == "sources.folder-empty":
            raise RenomapError("sources.folder-empty", path=path.name) from None
        raise


def _unpack(archive: zipfile.ZipFile, name: str, folder: Path, feedback: Feedback) -> None:
    """Unpack into ``folder``, and never outside it, never more than the limits whatever the headers claim."""
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if len(entries) > _MOST_ENTRIES:
        raise RenomapError("sources.archive-too-large", name=name)
    written = 0
    for entry in entries:
        feedback.check()
        parts = PurePosixPath(_entry_name(entry).replace("\\", "/")).parts
        if not parts or ".." in parts or parts[0].startswith("/") or ":" in parts[0]:
            raise RenomapError("sources.archive-unsafe", name=name)
        if entry.flag_bits & 0x1:
            raise RenomapError("sources.archive-locked", name=name)
        if stat.S_ISLNK(entry.external_attr >> 16):
            continue
        target = folder.joinpath(*(_plain(part) for part in parts))
        target.parent.mkdir(parents=True, exist_ok=True)
        written = _pour(archive, entry, target, written, name, feedback)


def _pour(
    archive: zipfile.ZipFile,
    entry: zipfile.ZipInfo,
    target: Path,
    written: int,
    name: str,
    feedback: Feedback,
) -> int:
    size = 0
    with archive.open(entry) as source, target.open("wb") as sink:
        while chunk := source.read(1 << 20):
            feedback.check()
            size += len(chunk)
            bomb = size > RATIO_FROM and size > WORST_RATIO * max(entry.compress_size, 1)
            if bomb or written + size > _MOST_BYTES:
                raise RenomapError("sources.archive-too-large", name=name)
            sink.write(chunk)
    return written + size


def _plain(part: str) -> str:
    """A name every file system takes and the reader does not take for an address."""
    return "".join("_" if char in '<>:"|?*!' or ord(char) < 32 else char for char in part)[:120] or "_"


def _entry_name(entry: zipfile.ZipInfo) -> str:
    """The name of an entry; without the UTF-8 mark it is raw bytes, in China nearly always GBK."""
    if entry.flag_bits & 0x800:
        return entry.filename
    raw = entry.orig_filename.encode("cp437", errors="replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return entry.filename
