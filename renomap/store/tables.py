"""Layers as tables of a GeoPackage that other programs read, and back without loss."""

from __future__ import annotations

import os
import tempfile
import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyogrio
import shapely

from renomap.store.coding import decode, decode_series, encode, encode_array

#: Column names that GeoPackage itself needs, compared without regard to case as SQLite does.
_TAKEN: Final = ("fid", "geom", "rowid", "ogc_fid")
_GEOMETRY: Final = "geom"
#: The temporary file is synced once, when it is whole; a wait for the disk after every table takes longer.
QUICK: Final = {"OGR_SQLITE_SYNCHRONOUS": "OFF"}


def write_table(frame: gpd.GeoDataFrame, path: Path, table: str) -> dict[str, Any]:
    """Add the frame to the GeoPackage as ``table`` and return what ``read_table`` needs besides.

    Labels become feature ids. Numbers, flags and texts become columns; a column of any other kind is shown
    there as text and kept exactly in the returned JSON values. Raises what pyogrio raises.
    """
    columns, shown = columns_of(frame)
    shapes = np.asarray(frame.geometry.array, dtype=object)
    kind, singles = _geometry_type(shapes, frame.index)
    shown.insert(0, "fid", frame.index.to_numpy())
    shown = gpd.GeoDataFrame(shown, geometry=gpd.GeoSeries(shapes, crs=frame.crs))
    options = {"GEOMETRY_NAME": _GEOMETRY}
    multi = singles is not None
    with reachable(path) as place:
        pyogrio.set_gdal_config_options(QUICK)
        pyogrio.write_dataframe(
            shown, place, layer=table, driver="GPKG", append=place.exists(), geometry_type=kind,
            promote_to_multi=multi, layer_options=options,
        )  # fmt: skip
    ascending = frame.index.is_monotonic_increasing
    return {
        "columns": columns,
        "geometry": frame.active_geometry_name,
        "singles": None if singles is None else singles.tolist(),
        "index_name": encode(frame.index.name),
        "order": None if ascending else frame.index.tolist(),
    }


def read_table(path: Path, table: str, about: Mapping[str, Any], crs: str) -> gpd.GeoDataFrame:
    """The frame that ``write_table`` was given, with what another program has changed in the table since."""
    with reachable(path) as place, warnings.catch_warnings():
        # GDAL warns of what does not matter here, such as a table that another program has removed.
        warnings.simplefilter("ignore")
        raw = pyogrio.read_dataframe(place, layer=table, fid_as_index=True)
    raw.index = pd.Index(raw.index.to_numpy(dtype=np.int64), name=decode(about["index_name"]))
    if about["order"] is not None and set(about["order"]) == set(raw.index):
        raw = raw.loc[about["order"]]
    names, series = [], []
    for column in about["columns"]:
        names.append(decode(column["name"]))
        if column["stored"] is None:
            series.append(_geometries(raw, about))
        elif "exact" in column:
            labels = pd.Index(column["labels"], dtype="int64")
            series.append(decode_series(column["exact"], labels).reindex(raw.index))
        else:
            series.append(restored(raw[column["stored"]], column["dtype"]))
    frame = pd.DataFrame(dict(enumerate(series)), index=raw.index)
    frame.columns = pd.Index(names)
    return gpd.GeoDataFrame(frame).set_geometry(about["geometry"]).set_crs(crs, allow_override=True)


@contextmanager
def reachable(path: Path) -> Iterator[Path]:
    """The same file under a name that pyogrio 0.13 does not take apart.

    It sees an archive in ``!`` and drops what follows ``;``, but not behind a Windows drive letter.
    """
    if os.name == "nt" or not set("!;") & set(str(path)):
        yield path
        return
    with tempfile.TemporaryDirectory() as folder:
        if path.exists():
            place = Path(folder) / "project.gpkg"
            place.symlink_to(path)
        else:
            link = Path(folder) / "folder"
            link.symlink_to(path.parent, target_is_directory=True)
            place = link / path.name
        yield place


def columns_of(
    frame: pd.DataFrame, taken: Iterable[str] = _TAKEN
) -> tuple[list[dict[str, Any]], pd.DataFrame]:
    """What is known of each column, and the columns as the table shows them, under no name that is taken."""
    about: list[dict[str, Any]] = []
    shown: dict[str, Any] = {}
    names = set(taken)
    geometry = getattr(frame, "active_geometry_name", None)
    for name in frame.columns:
        column = frame[name]
        entry: dict[str, Any] = {"name": encode(name), "dtype": str(column.dtype), "stored": None}
        about.append(entry)
        if name == geometry:
            continue
        entry["stored"] = stored = _free_name(str(name), names)
        native = _native(column)
        if native is None:
            entry["labels"] = frame.index.tolist()
            entry["exact"] = encode_array(column.array)
            native = column.astype(object).map(lambda v: None if _missing(v) else str(v)).to_numpy()
        shown[stored] = native
    return about, pd.DataFrame(shown, index=pd.RangeIndex(len(frame)))


def _free_name(name: str, taken: set[str]) -> str:
    clean = name.replace("\0", "") or "_"
    stored, number = clean, 2
    while stored.casefold() in taken:
        stored, number = f"{clean}_{number}", number + 1
    taken.add(stored.casefold())
    return stored


def _native(column: pd.Series[Any]) -> npt.NDArray[Any] | None:
    """The values as GeoPackage carries them exactly, or None where it cannot."""
    dtype = column.dtype
    if isinstance(dtype, np.dtype) and dtype.kind == "b":
        return column.to_numpy()
    if isinstance(dtype, np.dtype) and dtype.kind in "iu" and dtype != np.uint64:
        return column.to_numpy(dtype=np.int64)
    if isinstance(dtype, np.dtype) and dtype.kind == "f" and dtype.itemsize <= 8:
        numbers = column.to_numpy(dtype=np.float64)
        return None if np.isinf(numbers).any() else numbers
    if str(dtype) not in ("object", "str"):
        return None
    texts = column.to_numpy(dtype=object, copy=True)
    missing = pd.isna(texts) if str(dtype) == "str" else np.array([v is None for v in texts], dtype=bool)
    if not all(type(text) is str and _plain(text) for text in texts[~missing]):
        return None
    texts[missing] = None
    return texts


def _plain(text: str) -> bool:
    return "\0" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)


def _missing(value: Any) -> bool:
    return value is None or value is pd.NA or value is pd.NaT or bool(value != value)


def restored(column: pd.Series[Any], dtype: str) -> pd.Series[Any]:
    """The column as it was before ``columns_of``, but for what another program has changed."""
    if dtype == "object":
        texts = column.to_numpy(dtype=object, copy=True)
        texts[pd.isna(texts)] = None
        return pd.Series(texts, index=column.index, dtype=object)
    if dtype == "str":
        return column.astype("str")
    kind = np.dtype(dtype).kind
    if kind in "biu" and column.isna().any():
        return column  # a cell was emptied in another program: unknown, which this dtype cannot say
    return pd.Series(column.array.astype(np.dtype(dtype)), index=column.index)


def _geometry_type(shapes: npt.NDArray[Any], fids: pd.Index[int]) -> tuple[str, npt.NDArray[np.int64] | None]:
    """The table's type; where single and multi parts mix all become multi, but for the labels returned."""
    names = {str(name) for name in {s.geom_type for s in shapes if s is not None}}
    if any(shapely.has_z(s) for s in shapes[:1] if s is not None) or not names:
        return "Unknown", None
    if len(names) == 1:
        (name,) = names
        return ("Unknown", None) if name == "LinearRing" else (name, None)
    base = {name.removeprefix("Multi") for name in names}
    if len(base) == 1 and names == {*base, *(f"Multi{name}" for name in base)}:
        single = np.array([s is not None and not s.geom_type.startswith("Multi") for s in shapes])
        return f"Multi{base.pop()}", fids.to_numpy(dtype=np.int64)[single]
    return "Unknown", None


def _geometries(raw: gpd.GeoDataFrame, about: Mapping[str, Any]) -> gpd.GeoSeries:
    shapes = raw.geometry.copy()
    if about["singles"] is None:
        return shapes
    known = np.flatnonzero(raw.index.isin(about["singles"]))
    values = np.asarray(shapes.array, dtype=object).copy()
    parts = shapely.get_num_geometries(values[known]) == 1
    values[known[parts]] = shapely.get_geometry(values[known[parts]], 0)
    return gpd.GeoSeries(values, index=raw.index, crs=raw.crs)
