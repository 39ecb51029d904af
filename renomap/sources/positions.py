"""Positions that a table tells in words: degrees and minutes, both numbers in one column."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from renomap.sources.values import fold

Floats = npt.NDArray[np.float64]

#: Share of the filled cells of a column that must tell a position, and how many cells are tried.
_MOST: Final = 0.8
_TRIED: Final = 200
_PAIR = re.compile(
    r"^[(\[{]?\s{0,3}(-?\d{1,3}\.\d{2,})°?[ew]?\s{0,3}[,;，；、\s]\s{0,3}(-?\d{1,3}\.\d{2,})°?[ns]?\s{0,3}[)\]}]?$",
    re.IGNORECASE,
)
_SHAPE = re.compile(
    r"^\s{0,8}(SRID=\d{1,6};)?\s{0,8}(MULTI)?(POINT|POLYGON|LINESTRING|SURFACE|CURVE)", re.IGNORECASE
)

_ANGLE = re.compile(
    r"^(\d{1,3}(?:\.\d+)?)(?:°|度|:|d)"
    r"(?:(\d{1,2}(?:\.\d+)?)(?:'|′|’|‘|分|:|m)?(?:(\d{1,2}(?:\.\d+)?)(?:′′|''|\"|”|“|秒|s)?)?)?$"
)
_QUARTERS = re.compile(r"^(东经|西经|北纬|南纬|[ewns])|([ewns])$")


@dataclass(frozen=True)
class Spots:
    """Degrees told by one column; NaN where its cell tells none."""

    column: str
    lon: Floats
    lat: Floats


def in_one_column(fields: pd.DataFrame) -> Spots | None:
    """The column that holds both numbers of a position, ``lon,lat`` or ``POINT (lon lat)``; None for none.

    Latitude first is recognised where the first number can only be one: in China longitudes are above 70 and
    latitudes below 55.
    """
    for column in fields.columns:
        cells = fields[column]
        filled = cells[[isinstance(cell, str) and bool(cell.strip()) for cell in cells]]
        if not len(filled):
            continue
        tried = [_pair(cell) for cell in filled.head(_TRIED)]
        if sum(pair is not None for pair in tried) < _MOST * len(tried):
            continue
        pairs = np.array([_pair(cell) or (np.nan, np.nan) for cell in cells], dtype=float)
        first, second = pairs[:, 0], pairs[:, 1]
        if np.nanmax(np.abs(first)) <= 55 and np.nanmin(np.abs(second)) >= 70:
            first, second = second, first
        return Spots(str(column), first, second)
    return None


def _pair(cell: Any) -> tuple[float, float] | None:
    if not isinstance(cell, str):
        return None
    found = _PAIR.match(cell.strip())
    if found:
        x, y = float(found[1]), float(found[2])
    else:
        shape = shape_of(cell)
        if shape is None or shape.geom_type not in ("Point", "MultiPoint") or shape.is_empty:
            return None
        x, y = shape.centroid.x, shape.centroid.y
    return (x, y) if abs(x) <= 180 and abs(y) <= 180 else None


def shape_of(cell: Any) -> shapely.Geometry | None:
    """The shape that a cell tells as text (WKT, with or without SRID); None for any other cell."""
    if not isinstance(cell, str) or not _SHAPE.match(cell[:40]):
        return None
    text = cell.split(";", 1)[1] if cell.lstrip()[:5].upper() == "SRID=" and ";" in cell else cell
    try:
        shape: shapely.Geometry = shapely.from_wkt(text)
    except shapely.errors.GEOSException:
        return None
    return shape


def parse_degrees(raw: Any) -> float | None:
    """Degrees as people write them: ``114°0′1.83″E``, ``东经114度``, ``114,000509``; None for all else."""
    if not isinstance(raw, str):
        return None
    text = fold(raw)
    quarter = "".join(found.group() for found in _QUARTERS.finditer(text))
    text = _QUARTERS.sub("", text).strip()
    sign = -1.0 if any(mark in quarter for mark in ("西", "南", "w", "s")) else 1.0
    if re.fullmatch(r"\d{1,3}[.,]\d+", text):
        return sign * float(text.replace(",", "."))
    found = _ANGLE.match(text)
    if found is None:
        return None
    degrees, minutes, seconds = (float(part) if part else 0.0 for part in found.groups())
    if minutes >= 60 or seconds >= 60:
        return None
    return sign * (degrees + minutes / 60 + seconds / 3600)
