"""Values as JSON and back without loss: what the project file's rows and the journal's lines are made of."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from enum import StrEnum
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pandas.api.extensions import ExtensionArray

from renomap.model.change import Address, ChangeSet, Rows, Swap
from renomap.model.layer import Layer
from renomap.model.note import Note, Severity
from renomap.model.programme import Programme
from renomap.model.roles import Role
from renomap.model.scheme import Scheme
from renomap.model.settings import GroupSettings, RunFigures
from renomap.model.standard import MeetingValue
from renomap.model.version import Version
from renomap.store.earlier import areas_of_now, scheme_of_now

TAG: Final = "$"

_CLASSES: Final[dict[str, type[Any]]] = {
    item.__name__: item
    for item in (GroupSettings, Layer, MeetingValue, Note, Programme, Rows, RunFigures, Scheme, Swap, Version)
}
_ENUMS: Final[dict[str, type[StrEnum]]] = {item.__name__: item for item in (Role, Severity)}


def encode(value: Any) -> Any:
    """The value as strict JSON can carry it; ``decode`` gives it back equal.

    Knows plain values, tuples, numpy scalars, frames and Series (with dtypes, NaN, None, geometry and
    coordinate system), and the model's own types. Raises TypeError for anything else.
    """
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, StrEnum):
        return {TAG: type(value).__name__, "v": value.value}
    if isinstance(value, str):
        return str(value)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else {TAG: "float", "v": repr(float(value))}
    if isinstance(value, np.generic):
        return encode(value.item())
    if isinstance(value, Mapping):
        return _encode_mapping(value)
    if isinstance(value, tuple):
        return {TAG: "tuple", "v": [encode(item) for item in value]}
    if isinstance(value, list):
        return [encode(item) for item in value]
    if isinstance(value, pd.DataFrame | pd.Series):
        return _encode_frame(value)
    if is_dataclass(value) and type(value).__name__ in _CLASSES:
        kept = (item.name for item in fields(value) if item.metadata.get("stored", True))
        inner = {name: encode(getattr(value, name)) for name in kept}
        return {TAG: type(value).__name__, "v": inner}
    raise TypeError(f"{type(value).__name__} has no place in a project")


def decode(data: Any) -> Any:
    """The value that ``encode`` was given. Raises KeyError or ValueError where the data are not its work."""
    if isinstance(data, list):
        return [decode(item) for item in data]
    if not isinstance(data, dict):
        return data
    tag = data.get(TAG)
    if tag is None:
        return {key: decode(item) for key, item in data.items()}
    if tag == "float":
        return float(data["v"])
    if tag == "tuple":
        return tuple(decode(item) for item in data["v"])
    if tag == "dict":
        return {decode(key): decode(item) for key, item in data["v"]}
    if tag == "frame":
        return _decode_frame(data)
    if tag in _ENUMS:
        return _ENUMS[tag](data["v"])
    known = {item.name for item in fields(_CLASSES[tag])}
    made = _CLASSES[tag](**{name: decode(item) for name, item in data["v"].items() if name in known})
    return scheme_of_now(made) if isinstance(made, Scheme) else made


def encode_change(change: ChangeSet) -> dict[str, Any]:
    """A change as JSON values."""
    steps = [[*address, encode(step)] for address, step in change.steps.items()]
    return {"code": change.code, "params": encode(dict(change.params)), "steps": steps}


def decode_change(data: Mapping[str, Any]) -> ChangeSet:
    """The change that ``encode_change`` was given."""
    steps = {Address(part, key, name): decode(step) for part, key, name, step in data["steps"]}
    return ChangeSet(data["code"], steps, decode(data["params"]))


def encode_array(array: ExtensionArray | np.ndarray[Any, Any]) -> dict[str, Any]:
    """One column or index: its dtype and its values in order."""
    if type(array) is pd.arrays.NumpyExtensionArray:
        array = array.to_numpy()
    dtype = array.dtype
    coded: dict[str, Any] = {"dtype": str(dtype)}
    if str(dtype) == "geometry":
        shapes = np.asarray(array, dtype=object)
        coded["values"] = [None if shape is None else shapely.to_wkb(shape, hex=True) for shape in shapes]
    elif isinstance(array, pd.Categorical):
        coded["dtype"] = "category"
        coded["values"] = array.codes.tolist()
        coded["categories"] = encode_array(array.categories.array)
        coded["ordered"] = bool(array.ordered)
    elif dtype.kind in "mM":
        coded["values"] = pd.Series(array).astype("int64").tolist()
    elif isinstance(dtype, np.dtype) and dtype.kind == "f":
        coded["values"] = [_float(value) for value in np.asarray(array).tolist()]
    elif isinstance(dtype, np.dtype) and dtype.kind in "biu":
        coded["values"] = np.asarray(array).tolist()
    elif dtype.kind == "O" and isinstance(dtype, np.dtype):
        coded["values"] = [encode(value) for value in array]
    else:  # texts and nullable numbers of pandas: one kind of missing value each
        missing = pd.isna(array)
        coded["values"] = [None if gone else encode(v) for v, gone in zip(array, missing, strict=True)]
    return coded


def decode_series(coded: Mapping[str, Any], index: Any, name: Any = None) -> Any:
    """The array as a Series of just its dtype; pandas would make texts of objects that happen to be texts."""
    array = decode_array(coded)
    return pd.Series(array, index=index, name=name, dtype=array.dtype)


def decode_array(coded: Mapping[str, Any]) -> Any:
    """The array that ``encode_array`` was given (numpy or extension array of the same dtype)."""
    dtype, values = coded["dtype"], coded["values"]
    if dtype == "geometry":
        return gpd.array.from_wkb(
            np.array([None if v is None else bytes.fromhex(v) for v in values], dtype=object)
        )
    if dtype == "category":
        categories = pd.Index(decode_array(coded["categories"]))
        return pd.Categorical.from_codes(values, categories=categories, ordered=coded["ordered"])
    if dtype == "object":
        array = np.empty(len(values), dtype=object)
        array[:] = [decode(value) for value in values]
        return array
    if dtype.startswith(("datetime64", "timedelta64")):
        return pd.Series(values, dtype="int64").astype(dtype).array
    if dtype.startswith("float"):
        return np.array([np.nan if v is None else float(v) for v in values], dtype=dtype)
    if dtype.startswith(("int", "uint")) or dtype == "bool":
        return np.array(values, dtype=dtype)
    if dtype == "str":
        return pd.array(values, dtype=pd.StringDtype(na_value=np.nan))
    return pd.array(values, dtype=dtype)


def _float(value: float) -> float | str | None:
    if math.isfinite(value):
        return value
    return None if math.isnan(value) else repr(value)


def _encode_mapping(value: Mapping[Any, Any]) -> dict[str, Any]:
    if all(isinstance(key, str) for key in value) and TAG not in value:
        return {str(key): encode(item) for key, item in value.items()}
    return {TAG: "dict", "v": [[encode(key), encode(item)] for key, item in value.items()]}


def _encode_frame(frame: pd.DataFrame | pd.Series[Any]) -> dict[str, Any]:
    series = isinstance(frame, pd.Series)
    columns: Sequence[Any] = [frame.name] if isinstance(frame, pd.Series) else list(frame.columns)
    arrays = (
        [frame.array]
        if isinstance(frame, pd.Series)
        else [frame.iloc[:, i].array for i in range(len(columns))]
    )
    coded: dict[str, Any] = {
        TAG: "frame",
        "kind": "series" if series else "frame",
        "index": encode_array(frame.index.array),
        "index_name": encode(frame.index.name),
        "columns": [[encode(name), encode_array(a)] for name, a in zip(columns, arrays, strict=True)],
    }
    if isinstance(frame, gpd.GeoDataFrame):
        coded["kind"] = "map"
        coded["geometry"] = frame.active_geometry_name
    crs = getattr(frame, "crs", None)
    if crs is not None:
        coded["crs"] = crs_text(crs)
    return coded


def _decode_frame(data: Mapping[str, Any]) -> Any:
    labels = decode_array(data["index"])
    index = pd.Index(labels, name=decode(data["index_name"]), dtype=labels.dtype)
    columns = [(decode(name), coded) for name, coded in data["columns"]]
    if data["kind"] == "series":
        ((name, coded),) = columns
        return decode_series(coded, index, name)
    frame = pd.DataFrame(
        {i: decode_series(coded, index) for i, (_, coded) in enumerate(columns)}, index=index
    )
    frame.columns = pd.Index([name for name, _ in columns])
    frame = areas_of_now(frame)
    if data["kind"] != "map":
        return frame
    located = gpd.GeoDataFrame(frame)
    if data["geometry"] is not None:
        located = located.set_geometry(data["geometry"])
        if "crs" in data:
            located = located.set_crs(data["crs"], allow_override=True)
    return located


def crs_text(crs: Any) -> str:
    """A text from which pyproj makes an equal coordinate system: the code where there is one, else WKT."""
    authority = crs.to_authority(min_confidence=100)
    if authority is not None:
        code = ":".join(authority)
        if type(crs)(code) == crs:
            return code
    return str(crs.to_wkt())
