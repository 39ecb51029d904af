"""One project, one GeoPackage: written whole, replaced at once, three previous kept beside it."""

from __future__ import annotations

import errno
import hashlib
import json
import mmap
import os
import shutil
import sqlite3
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, FieldError, GeometryError
from pyproj.exceptions import CRSError
from shapely.errors import ShapelyError

from renomap import __version__
from renomap.errors import RenomapError
from renomap.model.feedback import Feedback, Silent
from renomap.model.layer import Layer
from renomap.model.note import Note, Severity
from renomap.model.project import Project
from renomap.model.scheme import UNASSIGNED, Scheme
from renomap.model.version import Version
from renomap.store import companions, integrity
from renomap.store.admission import admitted, aligned, with_columns_of_now
from renomap.store.coding import decode, encode
from renomap.store.drafts import draft_name, sweep
from renomap.store.integrity import Fingerprint
from renomap.store.programme import PREFIX, read_programme, write_programme
from renomap.store.tables import read_table, write_table

#: Version of the file's own rows; a program refuses files of a version above its own.
FORMAT: Final = 2
KEPT: Final = 3
ENDING: Final = ".gpkg"
ROWS: Final = "renomap_rows"
AREAS: Final = "areas"
#: Kind of the rows that tell of the tables of the programme, and of those that tell of layers.
PROGRAMME: Final = "programme"
_WITH_TABLES: Final = ("layer", PROGRAMME)
#: Remark on a file whose tables are not those that were written; not saved with the project.
CHANGED_OUTSIDE: Final = "store.changed-outside"

Rows = list[tuple[str, str, Any]]  # kind, key, value

#: From the version a file has to a function that brings its rows to the next version.
MIGRATIONS: Final[dict[int, Callable[[Rows], Rows]]] = {
    1: list,  # without a programme: none is written, and what is not there is empty
}

_FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_FAULTS = (OSError, sqlite3.Error, DataSourceError, DataLayerError, FeatureError, FieldError, GeometryError)
#: What reading raises where the file is not, or not any more, what ``save`` has written.
_DAMAGE = (*_FAULTS, ShapelyError, CRSError, KeyError, ValueError, TypeError, IndexError, RecursionError)


def new_mark() -> str:
    """A mark that no saved state has had."""
    return uuid.uuid4().hex


def save(
    project: Project,
    path: Path,
    *,
    areas: gpd.GeoDataFrame | None = None,
    feedback: Feedback | None = None,
    mark: str | None = None,
    expected: Fingerprint | None = None,
) -> str:
    """Write the project to ``path``; until the last moment the file there stays what it was.

    Layers become tables that other programs open; all else goes as JSON into the table ``renomap_rows``.
    ``areas`` (index id, outlines and figures of the active scheme) is written for other programs and ignored
    on load; by default the union of each area's members. Up to three previous files stay beside as
    ``NAME.bak1.gpkg`` (the newest) to ``bak3``.

    ``expected`` is what the file held when the project was read from it: a file that another program has
    changed or replaced since is not overwritten (None overwrites whatever is there).

    Returns the mark of this saved state (``mark`` where it was chosen before), see ``saved_mark``.

    Raises RenomapError ``store.changed-on-disk``, ``store.held`` (another program has the file open),
    ``store.wrong-ending``, ``store.is-a-folder``, ``store.folder-missing``,
    ``store.not-writable``, ``store.disk-full`` or ``store.write-failed``; nothing is left half-written.
    """
    said = feedback or Silent()
    path = _checked(path)
    _require_unchanged(path, expected)
    temporary = path.with_name(draft_name(ENDING))
    try:
        with _faults_of_writing(path):
            mark = mark or new_mark()
            rows = _write_layers(project, temporary, areas, said)
            _write_rows(rows, temporary, mark)
            _verify(project, rows, temporary)
            _sync(temporary)
            said.check()
            with companions.replacing(path):
                _require_unchanged(path, expected)
                _keep_previous(path)
                os.replace(temporary, path)
            _sync(path.parent)
    finally:
        for leftover in path.parent.glob(f"{temporary.name}*") if path.parent.is_dir() else ():
            leftover.unlink(missing_ok=True)
    sweep(path.parent)
    return mark


def fingerprint(path: Path, *, recorded: bool = False) -> Fingerprint | None:
    """What the file holds now; None where it is no project.

    ``recorded`` takes the digests that were written with the file instead of computing them from its tables.
    Raises RenomapError ``store.busy`` where another program is writing it.
    """
    if not path.is_file():
        return None
    with companions.reading(path):
        return _fingerprint(path, recorded)


def _fingerprint(path: Path, recorded: bool) -> Fingerprint | None:
    try:
        place = integrity.place_of(path)
        stamp = _stamp(_read_rows(path))
        tables = {str(name): str(digest) for name, digest in stamp.get("tables", {}).items()}
        if not recorded:
            tables = integrity.digests(path, tables)
        return Fingerprint(str(stamp.get("mark", "")), tables, place)
    except _DAMAGE:
        return None


def saved_mark(path: Path) -> str | None:
    """What tells this saved state of the file from every other; None where it is not a project."""
    query = f"SELECT json FROM {ROWS} WHERE kind = 'format'"
    try:
        with closing(_connect(path)) as connection:
            found = connection.execute(query).fetchone()
        stamp = {} if found is None else json.loads(found[0])
        return str(stamp["mark"]) if "mark" in stamp else None
    except _DAMAGE:
        return None


def is_project(path: Path) -> bool:
    """Whether the file is one that ``save`` has written (of whatever version), being written or not."""
    try:
        with closing(_connect(path)) as connection:
            return _has_rows(connection)
    except sqlite3.OperationalError as fault:
        return "locked" in str(fault) and _looks_like_one(path)
    except (OSError, sqlite3.Error, ValueError):  # a text that is no text any more
        return False


def _looks_like_one(path: Path) -> bool:
    """The same from the bytes of the file: while another program writes, SQLite cannot make sense of it."""
    with path.open("rb") as file, closing(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)) as content:
        return content.find(ROWS.encode()) >= 0


def open_project(path: Path, *, feedback: Feedback | None = None) -> Project:
    """The project in the file, equal to the one that was saved.

    What another program has changed in the tables since is taken over; shapes that nothing could be computed
    with are mended or left out, which the project's notes say.

    Raises RenomapError ``store.file-missing``, ``store.not-readable``, ``store.not-a-project`` (the caller
    may import it then), ``store.busy`` (another program is writing it), ``store.newer`` or ``store.damaged``.
    """
    said = feedback or Silent()
    if not path.is_file():
        raise RenomapError("store.file-missing", path=str(path))
    if not os.access(path, os.R_OK):
        raise RenomapError("store.not-readable", path=str(path))
    with companions.reading(path):
        return _opened(path, said)


def _opened(path: Path, said: Feedback) -> Project:
    if not is_project(path):
        # A file with previous versions beside it was a project before something happened to it.
        code = "store.damaged" if previous(path) else "store.not-a-project"
        raise RenomapError(code, path=str(path))
    try:
        rows = _migrated(_read_rows(path), path)
        project = _assembled(rows, path, said)
        changed = _changed_outside(rows, path)
        return project if changed is None else replace(project, notes=(*project.notes, changed))
    except RenomapError:
        raise
    except _DAMAGE as fault:
        raise RenomapError("store.damaged", path=str(path)) from fault


def previous(path: Path) -> tuple[Path, ...]:
    """The previous versions that are kept of a project file, newest first."""
    return tuple(old for old in (_previous(path, n) for n in range(1, KEPT + 1)) if old.is_file())


def _require_unchanged(path: Path, expected: Fingerprint | None) -> None:
    """Refuse to overwrite a file that does not hold any more what was read from it."""
    if expected is None or (path.is_file() and integrity.place_of(path) == expected.place):
        return
    now = None
    if path.is_file():
        with companions.reading(path, "store.held"):
            now = fingerprint(path)
    if now is None or not now.same_state(expected):
        raise RenomapError("store.changed-on-disk", path=str(path))


def _checked(path: Path) -> Path:
    path = path.expanduser()
    if path.is_dir():
        raise RenomapError("store.is-a-folder", path=str(path))
    if path.suffix.lower() != ENDING:
        raise RenomapError("store.wrong-ending", path=str(path))
    path = path.resolve()  # a link stays a link; its target is replaced
    if not path.parent.is_dir():
        raise RenomapError("store.folder-missing", folder=str(path.parent))
    return path


@contextmanager
def _faults_of_writing(path: Path) -> Iterator[None]:
    try:
        yield
    except _FAULTS as fault:
        folder = path.parent
        number = fault.errno if isinstance(fault, OSError) else None
        full = "full" in str(fault).lower() or number in _FULL
        if not folder.is_dir():
            raise RenomapError("store.folder-missing", folder=str(folder)) from fault
        if full or _has_no_room(folder):
            raise RenomapError("store.disk-full", path=str(path)) from fault
        if number in (errno.EACCES, errno.EPERM, errno.EROFS) or not os.access(folder, os.W_OK):
            raise RenomapError("store.not-writable", folder=str(folder)) from fault
        raise RenomapError("store.write-failed", path=str(path), reason=str(fault)) from fault


def _has_no_room(folder: Path) -> bool:
    """Whether a megabyte more cannot be written: the library calls a used-up quota an I/O fault."""
    probe = folder / draft_name(ENDING)
    try:
        probe.write_bytes(bytes(1_000_000))
    except OSError as fault:
        return fault.errno in _FULL
    finally:
        with suppress(OSError):
            probe.unlink()
    return False


def _write_layers(project: Project, path: Path, areas: gpd.GeoDataFrame | None, said: Feedback) -> Rows:
    rows: Rows = [("project", "", _plain_fields(project))]
    taken = {AREAS, ROWS}
    for number, layer in enumerate(project.layers):
        said.progress(number / (len(project.layers) + 1), "job.save")
        said.check()
        table = _table_name(layer.key, taken)
        about = write_table(layer.frame, path, table)
        without = replace(layer, frame=gpd.GeoDataFrame())
        rows.append(("layer", layer.key, {"table": table, "about": about, "layer": encode(without)}))
    rows.extend(("scheme", scheme.key, encode(scheme)) for scheme in project.schemes)
    rows.extend(("version", version.key, encode(version)) for version in project.versions)
    rows.append(("rules", "", project.programme.rules))
    rows.extend((PROGRAMME, name, about) for name, about in write_programme(project.programme, path))
    write_table(_areas(project) if areas is None else areas, path, AREAS)
    return rows


def _plain_fields(project: Project) -> dict[str, Any]:
    names = ("crs", "active", "preset", "standard", "meeting", "form", "meta")
    lasting = tuple(note for note in project.notes if note.code != CHANGED_OUTSIDE)
    return {name: encode(getattr(project, name)) for name in names} | {"notes": encode(lasting)}


def _table_name(key: str, taken: set[str]) -> str:
    table, number = key, 2
    while table.casefold() in taken or table.casefold().startswith(("gpkg_", "sqlite_", "rtree_", PREFIX)):
        table, number = f"layer_{key}_{number}", number + 1
    taken.add(table.casefold())
    return table


def _areas(project: Project) -> gpd.GeoDataFrame:
    scheme, layer = project.scheme, project.neighbourhoods
    if scheme is None or layer is None:
        empty = pd.Index([], dtype="int64", name="id")
        return gpd.GeoDataFrame({"name": pd.Series(dtype=object)}, geometry=[], crs=project.crs, index=empty)
    table = pd.DataFrame(scheme.areas.drop(columns=scheme.areas.geometry.name))
    members = scheme.assignment[scheme.assignment != UNASSIGNED]
    shapes = layer.frame.geometry.reindex(members.index)
    unions = {area: shapely.union_all(np.asarray(group.array)) for area, group in shapes.groupby(members)}
    outlines = [
        drawn if drawn is not None else unions.get(area) for area, drawn in scheme.areas.geometry.items()
    ]
    return gpd.GeoDataFrame(table, geometry=gpd.GeoSeries(outlines, index=table.index, crs=project.crs))


def _write_rows(rows: Rows, path: Path, mark: str) -> None:
    """Write the rows, first the one that says what made them and by which digest they can be told whole."""
    texts = [(kind, key, json.dumps(value, allow_nan=False)) for kind, key, value in rows]
    tables = integrity.digests(path, [value["table"] for kind, _, value in rows if kind in _WITH_TABLES])
    stamp = {
        "version": FORMAT, "program": __version__, "mark": mark, "digest": _digest(texts), "tables": tables,
    }  # fmt: skip
    texts.insert(0, ("format", "", json.dumps(stamp)))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(
            f"CREATE TABLE {ROWS} (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,"
            " kind TEXT NOT NULL, key TEXT NOT NULL, json TEXT NOT NULL)"
        )
        connection.executemany(
            f"INSERT INTO {ROWS} (kind, key, json) VALUES (?, ?, ?)",
            texts,
        )
        connection.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier) VALUES (?, 'attributes', ?)",
            (ROWS, ROWS),
        )


def _verify(project: Project, rows: Rows, path: Path) -> None:
    """Count what was written: a full disk must not pass for a saved project."""
    lengths = {("layer", layer.key): len(layer.frame) for layer in project.layers}
    lengths |= {(PROGRAMME, name): len(frame) for name, frame in project.programme.tables()}
    wanted = {value["table"]: lengths[kind, key] for kind, key, value in rows if kind in _WITH_TABLES}
    wanted[ROWS] = len(rows) + 1
    with closing(sqlite3.connect(path)) as connection:
        for table, count in wanted.items():
            quoted = table.replace('"', '""')
            (found,) = connection.execute(f'SELECT count(*) FROM "{quoted}"').fetchone()
            if found != count:
                raise OSError(errno.EIO, f"{table}: {found} of {count} rows were written")


def _keep_previous(path: Path) -> None:
    if not path.exists():
        return
    for number in range(KEPT, 1, -1):
        younger = _previous(path, number - 1)
        if younger.exists():
            os.replace(younger, _previous(path, number))
    newest = _previous(path, 1)
    try:
        os.link(path, newest)
    except OSError:  # a file system without hard links, such as FAT or some shares
        shutil.copy2(path, newest)


def _previous(path: Path, number: int) -> Path:
    return path.with_name(f"{path.stem}.bak{number}{ENDING}")


def _sync(path: Path) -> None:
    if path.is_dir() and os.name == "nt":
        return  # Windows cannot open a folder
    handle = os.open(path, os.O_RDONLY if path.is_dir() or os.name != "nt" else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _connect(path: Path) -> sqlite3.Connection:
    if not path.is_file():
        raise FileNotFoundError(path)
    return sqlite3.connect(path, timeout=companions.PATIENCE_S)


def _has_rows(connection: sqlite3.Connection) -> bool:
    query = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = ?"
    return bool(connection.execute(query, (ROWS,)).fetchone()[0])


def _read_rows(path: Path) -> Rows:
    """The rows of a file; ValueError where they are not those that were written."""
    with closing(_connect(path)) as connection:
        found = connection.execute(f"SELECT kind, key, json FROM {ROWS} ORDER BY id").fetchall()
    rows = [(kind, key, json.loads(text)) for kind, key, text in found]
    wanted = _stamp(rows).get("digest")  # none in files of earlier programs
    if wanted is not None and wanted != _digest([row for row in found if row[0] != "format"]):
        raise ValueError("a row is not as it was written")
    return rows


def _digest(texts: Iterable[tuple[str, str, str]]) -> str:
    """Nobody else writes these rows, and a digit that a bad disk has turned is not to be seen otherwise."""
    digest = hashlib.sha256()
    for row in texts:
        digest.update("\0".join(row).encode())
    return digest.hexdigest()


def _stamp(rows: Rows) -> Mapping[str, Any]:
    """The row that says what made the file."""
    for kind, _, value in rows:
        if kind == "format" and isinstance(value, dict):
            return value
    raise ValueError("no row says what made the file")


def _migrated(rows: Rows, path: Path) -> Rows:
    stamp = _stamp(rows)
    version = int(stamp["version"])
    if version > FORMAT:
        raise RenomapError("store.newer", path=str(path), program=str(stamp["program"]), ours=__version__)
    for step in range(version, FORMAT):
        rows = MIGRATIONS[step](rows)
    return rows


def _changed_outside(rows: Rows, path: Path) -> Note | None:
    """The remark that names the layers whose tables are not those that were written; None where all are."""
    written: Mapping[str, str] = _stamp(rows).get("tables", {})
    titles = {value["table"]: decode(value["layer"]).title for kind, _, value in rows if kind == "layer"}
    now = integrity.digests(path, written)
    layers = [titles.get(table, table) for table, digest in written.items() if now[table] != digest]
    if not layers:
        return None
    return Note(CHANGED_OUTSIDE, {"layers": ", ".join(layers)}, Severity.WARNING)


def _assembled(rows: Rows, path: Path, said: Feedback) -> Project:
    (plain,) = [value for kind, _, value in rows if kind == "project"]
    about = {name: decode(value) for name, value in plain.items()}
    former = int(_stamp(rows)["version"]) < FORMAT
    told = [value for kind, _, value in rows if kind == "layer"]
    layers, remarks = [], list(about.pop("notes"))
    for number, entry in enumerate(told):
        said.progress(number / len(told), "job.open")
        said.check()
        layer: Layer = decode(entry["layer"])
        frame = read_table(path, entry["table"], entry["about"], about["crs"])
        layer, mended = admitted(replace(layer, frame=frame))
        layer = with_columns_of_now(layer) if former else layer
        layers.append(layer)
        remarks += mended
    entries = {key: value for kind, key, value in rows if kind == PROGRAMME}
    rules = "".join(value for kind, _, value in rows if kind == "rules")
    programme = read_programme(path, entries, rules)
    project = Project(layers=tuple(layers), notes=tuple(remarks), programme=programme, **about)
    schemes: list[Scheme] = [decode(value) for kind, _, value in rows if kind == "scheme"]
    versions: list[Version] = [decode(value) for kind, _, value in rows if kind == "version"]
    own = tuple(aligned(scheme, project.neighbourhoods) for scheme in schemes)
    return replace(project, schemes=own, versions=tuple(versions))
