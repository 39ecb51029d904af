"""Vector files as they are: shapes, columns under their own names, what system the file claims; nothing
interpreted."""

from __future__ import annotations

import contextlib
import glob
import shutil
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyogrio
import pyproj
import shapely
from pyogrio.errors import CRSError, DataLayerError, DataSourceError, FeatureError, FieldError, GeometryError

from renomap.errors import RenomapError
from renomap.model.feedback import Feedback
from renomap.model.note import Guess, GuessKind, Note, Severity
from renomap.sources import encoding as enc
from renomap.sources import loosejson
from renomap.sources.addresses import file_names, option_of, source_of
from renomap.sources.cells import as_cells
from renomap.sources.containers import DataSet, DataSetKind
from renomap.sources.options import AUTO, ImportOptions

Shapes = npt.NDArray[np.object_]

_READ_ERRORS = (
    DataSourceError,
    DataLayerError,
    FeatureError,
    FieldError,
    GeometryError,
    ValueError,
    RuntimeError,
)
#: Geometry types of WKB that the library does not know (multipatch, curves of unknown kind) come back as
#: nothing.
_DAMAGED = "damaged system"
#: Beginnings of files that hold no data and tell the reader to fetch them elsewhere, lower case.
_POINTERS = (
    b"<ogrvrtdatasource",
    b"<ogrwfsdatasource",
    b"<ogrcswdatasource",
    b"<vrtdataset",
    b"gdal_streamed_alg",
)
_HEAD_BYTES = 65_536
_JSON = (".json", ".geojson")
_OSM_LAYERS = ("points", "lines", "multipolygons")


@dataclass(frozen=True)
class RawLayer:
    """A layer as it came.

    Parameters
    ----------
    title : str
        Name of the layer in its source.
    data_set : DataSet
        Where it came from.
    fields : DataFrame
        Columns under their own (decoded) names; RangeIndex in the order of the file.
    shapes : object array
        One geometry per row, None where there is none; dimension and validity as in the file.
    declared : CRS or None
        What the file claims.
    notes : tuple of Note
        What had to be mended to read it.
    """

    title: str
    data_set: DataSet
    fields: pd.DataFrame
    shapes: Shapes
    declared: pyproj.CRS | None
    notes: tuple[Note, ...] = field(default_factory=tuple)

    @cached_property
    def dimension(self) -> int:
        """0 points, 1 lines, 2 polygons, -1 where no row has a shape."""
        return int(shapely.get_dimensions(self.shapes).max(initial=-1))

    @property
    def is_cad(self) -> bool:
        """Drawings have no system and no degrees."""
        return self.data_set.kind is DataSetKind.CAD


def read_data_set(data_set: DataSet, options: ImportOptions, feedback: Feedback) -> list[RawLayer]:
    """All layers of a vector data set that have shapes.

    Parameters
    ----------
    data_set : DataSet
        From ``containers.find``.
    options : ImportOptions
        ``encoding`` and ``encoding_of`` are used.
    feedback : Feedback
        Asked for cancellation between layers.

    Returns
    -------
    list of RawLayer
        Layers with at least one row. Layers without rows or shapes are left out, with a note on the first
        layer kept.

    Raises
    ------
    RenomapError
        ``sources.points-elsewhere``, ``sources.unreadable`` (with the reader's own words),
        ``sources.layer-empty``, ``sources.no-shapes``.
    """
    if data_set.kind is DataSetKind.PARQUET:
        return [_read_parquet(data_set)]
    _require_data(data_set)
    with _quiet(), _configured(data_set):
        try:
            listed = [str(name) for name, _ in pyogrio.list_layers(data_set.path)]
        except _READ_ERRORS as error:
            if data_set.path.suffix.lower() in _JSON:
                return [_read_loose(data_set, error)]
            raise _unreadable(data_set, error) from None
        if data_set.kind is DataSetKind.OSM:
            listed = [name for name in listed if name in _OSM_LAYERS]
        try:
            return _read_layers(data_set, listed, options, feedback)
        except RenomapError as error:  # among others lists of truth values, which the library cannot return
            if error.code != "sources.unreadable" or data_set.path.suffix.lower() not in _JSON:
                raise
            return [_read_loose(data_set, error)]


def _require_data(data_set: DataSet) -> None:
    """Refuse a file that only points at data elsewhere, whatever its ending."""
    if not data_set.path.is_file():
        return
    with data_set.path.open("rb") as file:
        head = file.read(_HEAD_BYTES).lower()
    if any(pointer in head for pointer in _POINTERS):
        raise RenomapError("sources.points-elsewhere", name=data_set.name)


def _read_layers(
    data_set: DataSet, listed: list[str], options: ImportOptions, feedback: Feedback
) -> list[RawLayer]:
    layers: list[RawLayer] = []
    failures: list[Note] = []
    first_error: RenomapError | None = None
    for name in listed:
        feedback.check()
        try:
            layer = _read_layer(data_set, name, options)
        except RenomapError as error:
            first_error = first_error or error
            failures.append(Note(error.code + "-note", error.params, Severity.WARNING, layer=name))
            continue
        layers.append(layer)
    if not layers:
        raise first_error or RenomapError("sources.no-shapes", name=data_set.name)
    return [replace(layers[0], notes=(*layers[0].notes, *failures)), *layers[1:]]


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """The reader warns of unclosed rings, measures and times; what matters of it is said by our own notes."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@contextlib.contextmanager
def _configured(data_set: DataSet) -> Iterator[None]:
    options: dict[str, Any] = {}
    if ".shx" in data_set.missing:
        options["SHAPE_RESTORE_SHX"] = "YES"  # writes beside the file, which is our copy
    if data_set.kind is DataSetKind.CAD:
        options["DXF_ENCODING"] = enc.LOSSLESS  # the code page of a drawing lies as often as a .cpg
    if data_set.kind is DataSetKind.OSM:
        options["OSM_USE_CUSTOM_INDEXING"] = "NO"  # else files whose node ids do not rise are refused
    pyogrio.set_gdal_config_options(options)
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options(dict.fromkeys(options))


def _unreadable(data_set: DataSet, error: Exception) -> RenomapError:
    reason = str(error).replace(str(data_set.path), data_set.name).split(";")[0].strip()
    return RenomapError("sources.unreadable", name=data_set.name, reason=reason[:200])


def _read_layer(data_set: DataSet, name: str, options: ImportOptions) -> RawLayer:
    by_bytes = data_set.kind in (DataSetKind.SHAPEFILE, DataSetKind.CAD)
    try:
        meta, wkb, columns = _raw(
            data_set.path, name, enc.LOSSLESS if data_set.kind is DataSetKind.SHAPEFILE else None
        )
    except UnicodeDecodeError:
        by_bytes = True
        try:
            meta, wkb, columns = _raw(data_set.path, name, enc.LOSSLESS)
        except (UnicodeDecodeError, *_READ_ERRORS) as error:
            raise _unreadable(data_set, error) from None
    except _READ_ERRORS as error:
        raise _unreadable(data_set, error) from None
    title = (
        data_set.stem
        if data_set.kind is DataSetKind.SHAPEFILE or _is_the_only(data_set, name)
        else name.strip()
    )
    if wkb is None:
        raise RenomapError("sources.no-shapes", name=title)
    if len(wkb) == 0:
        raise RenomapError("sources.layer-empty", name=title)
    shapes, notes = _shapes(wkb, title)
    names = [str(each) for each in meta["fields"]]
    wanted = option_of(options.encoding_of, file_names(data_set), options.encoding)
    if by_bytes or wanted != AUTO:
        names, columns, note = _decoded(data_set, title, names, columns, wanted, by_bytes)
        notes += [note] if note else []
    names = _unique(names)
    kinds = meta.get("ogr_subtypes", ())
    nested = frozenset(name for name, kind in zip(names, kinds, strict=False) if kind == "OFSTJSON")
    fields = as_cells(pd.DataFrame(dict(zip(names, columns, strict=True))), nested)
    if not len(fields.columns):
        fields = pd.DataFrame(index=pd.RangeIndex(len(shapes)))
    if _DAMAGED in meta:
        params = {"name": data_set.name, "part": ".prj"}
        notes.append(Note("sources.prj-damaged", params, Severity.WARNING, layer=title))
    for part in set(data_set.missing) & {".shx", ".dbf"}:
        params = {"name": data_set.name, "part": part}
        notes.append(Note(f"sources.missing-{part[1:]}", params, Severity.WARNING, layer=title))
    return RawLayer(title, data_set, fields, shapes, _declared(meta.get("crs")), tuple(notes))


def _is_the_only(data_set: DataSet, name: str) -> bool:
    """A copy read under a working name shows that name as its layer."""
    return name == data_set.path.stem and data_set.path.stem != data_set.stem


def _raw(path: Path, layer: str, encoding: str | None) -> tuple[dict[str, Any], Any, list[Any]]:
    try:
        meta, _, wkb, columns = pyogrio.raw.read(
            path, layer=layer, encoding=encoding, datetime_as_string=True
        )
    except (CRSError, UnboundLocalError):  # the second is a fault of the library with such systems
        if path.suffix.lower() != ".shp" or not path.with_suffix(".prj").exists():
            raise RuntimeError("the coordinate system is damaged") from None
        with tempfile.TemporaryDirectory(prefix="renomap-", ignore_cleanup_errors=True) as work:
            for part in path.parent.glob(f"{glob.escape(path.stem)}.*"):
                if part.suffix.lower() in (".shp", ".shx", ".dbf", ".cpg"):
                    shutil.copyfile(part, Path(work) / part.name)
            meta, wkb, columns = _raw(Path(work) / path.name, layer, encoding)
        return meta | {_DAMAGED: True}, wkb, columns
    return meta, wkb, list(columns)


def _declared(text: str | None) -> pyproj.CRS | None:
    if not text:
        return None
    try:
        return pyproj.CRS.from_user_input(text)
    except pyproj.exceptions.CRSError:
        return None


def _shapes(wkb: npt.NDArray[np.object_], title: str) -> tuple[Shapes, list[Note]]:
    """Geometries of a column of WKB; rings that do not close are closed, what cannot be read is None."""
    shapes: Shapes = shapely.from_wkb(wkb, on_invalid="ignore")
    broken = np.flatnonzero(shapely.is_missing(shapes) & pd.notna(wkb))
    mended: list[int] = []
    lost: list[int] = []
    for i in broken:
        try:
            shapes[i] = shapely.from_wkb(wkb[i], on_invalid="fix")
        except shapely.errors.GEOSException:
            shapes[i] = None
        (lost if shapes[i] is None else mended).append(int(i) + 1)
    notes = []
    solids = [row for row in lost if _is_solid(wkb[row - 1])]
    other = sorted(set(lost) - set(solids))
    said = (
        ("sources.ring-closed", mended),
        ("sources.shape-solid", solids),
        ("sources.shape-unreadable", other),
    )
    for code, rows in said:
        if rows:
            notes.append(Note(code, {"count": len(rows)}, Severity.WARNING, layer=title, fids=tuple(rows)))
    return shapes, notes


def _is_solid(wkb: bytes) -> bool:
    """A surface in space (multipatch): polyhedral surface, TIN or triangle, by itself or in a collection."""
    for at in (0, 9):
        kind = int.from_bytes(wkb[at + 1 : at + 5], "little" if wkb[at] else "big") & 0x0FFFFFFF
        if kind % 1000 in (15, 16, 17):
            return True
        if kind % 1000 != 7 or len(wkb) < 14:
            return False
    return False


def _decoded(
    data_set: DataSet,
    title: str,
    names: list[str],
    columns: list[Any],
    wanted: str,
    by_bytes: bool,
) -> tuple[list[str], list[Any], Note | None]:
    texts = [i for i, column in enumerate(columns) if column.dtype == object]
    values = {value for i in texts for value in columns[i] if isinstance(value, str)}
    source = enc.LOSSLESS if by_bytes else enc.UTF8
    chunks = [value.encode(source) for value in {*names, *values} if not by_bytes or enc.is_lossless(value)]
    if wanted == AUTO:
        found = enc.detect(chunks, _label(data_set))
    else:
        plain = all(chunk.isascii() for chunk in chunks)
        found = enc.Encoding(enc.known_encoding(wanted), 1.0, ascii=plain)
    if found.ascii:
        return names, columns, None
    if by_bytes:
        new_names = [enc.decode(name.encode(enc.LOSSLESS), found.name) for name in names]
        for i in texts:
            columns[i] = np.array(enc.decode_all(columns[i], found.name), dtype=object)
        names = new_names
    samples = samples_of(names, [columns[i] for i in texts])
    return names, columns, encoding_note(data_set, title, found, samples)


def encoding_note(data_set: DataSet, title: str, found: enc.Encoding, samples: list[str]) -> Note:
    """The remark that texts were decoded, with samples that show whether rightly."""
    choices = tuple(dict.fromkeys((found.name, *enc.USUAL)))
    guess = Guess(GuessKind.ENCODING, source_of(data_set), "", "", found.name, choices, open=True)
    option = guess.hint("NAME")
    params = {"layer": title, "encoding": found.name, "samples": samples, "overrule": option}
    return Note(
        "sources.encoding", params, Severity.GUESS, title, confidence=found.confidence, guesses=(guess,)
    )


def samples_of(names: Sequence[str], columns: Sequence[Any], most: int = 10) -> list[str]:
    """Up to ten texts that show whether the decoding is right: names of columns, then values."""
    shown = [name for name in names if not name.isascii()][:4]
    for column in columns:
        for value in column:
            if isinstance(value, str) and not value.isascii() and value not in shown:
                shown.append(value[:24])
                if len(shown) >= most:
                    return shown
            if len(shown) >= most:
                break
    return shown


def _label(data_set: DataSet) -> str | None:
    """What the files of a shapefile claim about their encoding."""
    cpg: str | None = None
    language = 0
    for ending in (".cpg", ".CPG"):
        path = data_set.path.with_suffix(ending)
        if path.is_file():
            cpg = path.read_text(encoding="ascii", errors="ignore")[:40]
    for ending in (".dbf", ".DBF"):
        path = data_set.path.with_suffix(ending)
        if path.is_file():
            head = path.open("rb").read(32)
            language = head[29] if len(head) == 32 else 0
    return enc.label_encoding(cpg, language)


def _unique(names: list[str]) -> list[str]:
    """Column names that differ, also for programs that do not tell upper from lower case."""
    seen: set[str] = set()
    out = []
    for position, name in enumerate(names):
        base = name.strip().strip("\ufeff") or f"field{position + 1}"
        new, number = base, 1
        while new.casefold() in seen:
            number += 1
            new = f"{base}_{number}"
        seen.add(new.casefold())
        out.append(new)
    return out


def _read_loose(data_set: DataSet, error: Exception) -> RawLayer:
    found = loosejson.read(data_set.path)
    if found is None:
        raise (error if isinstance(error, RenomapError) else _unreadable(data_set, error)) from None
    if len(found.shapes) == 0:
        raise RenomapError("sources.layer-empty", name=data_set.name)
    params = {"layer": data_set.stem, "count": len(found.shapes), "closed": found.closed}
    note = Note("sources.loose-json", params, Severity.GUESS, layer=data_set.stem, confidence=0.9)
    return RawLayer(data_set.stem, data_set, as_cells(found.fields), found.shapes, None, (note,))


def _read_parquet(data_set: DataSet) -> RawLayer:
    import geopandas as gpd

    try:
        frame = gpd.read_parquet(data_set.path)
    except ImportError:
        raise RenomapError("sources.parquet", name=data_set.name) from None
    except (ValueError, OSError) as error:
        raise _unreadable(data_set, error) from None
    if frame.empty:
        raise RenomapError("sources.layer-empty", name=data_set.name)
    shapes = np.asarray(frame.geometry.values, dtype=object)
    fields = pd.DataFrame(frame.drop(columns=frame.geometry.name)).reset_index(drop=True)
    return RawLayer(data_set.stem, data_set, as_cells(fields), shapes, frame.crs)


def split_by_dimension(layer: RawLayer) -> list[RawLayer]:
    """One layer per dimension of shape: a file that mixes points, lines and polygons is several layers to a
    planner.

    Collections go where their highest dimension is; rows without shape stay with the first layer. The layer
    with the highest dimension keeps the title, the others are called ``<title>_lines`` and
    ``<title>_points``.
    """
    dimensions = shapely.get_dimensions(layer.shapes)
    present = sorted({int(each) for each in dimensions if each >= 0}, reverse=True)
    if len(present) < 2:
        return [layer]
    parts = []
    for number, dimension in enumerate(present):
        rows = (dimensions == dimension) | ((dimensions < 0) & (number == 0))
        title = layer.title if number == 0 else f"{layer.title}_{('points', 'lines', 'polygons')[dimension]}"
        fields = layer.fields.loc[rows].reset_index(drop=True)
        notes = layer.notes if number == 0 else ()
        parts.append(replace(layer, title=title, fields=fields, shapes=layer.shapes[rows], notes=notes))
    return parts
