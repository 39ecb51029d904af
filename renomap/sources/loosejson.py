"""JSON that is nearly GeoJSON: an array of features or geometries, rings left open, no type at the top."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

_LARGEST = 300 * 1024**2
_KINDS = {"Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon"}


@dataclass(frozen=True)
class Loose:
    """What was found: shapes, their properties, and how many rings were left open."""

    shapes: npt.NDArray[np.object_]
    fields: pd.DataFrame
    closed: int


def read(path: Path) -> Loose | None:
    """The features of a JSON file in any of the loose forms; None where there are none.

    Parameters
    ----------
    path : Path
        File up to 300 MB, UTF-8 or GB18030.

    Returns
    -------
    Loose or None
        Features whose coordinates are not numbers are left out.
    """
    if path.stat().st_size > _LARGEST:
        return None
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("gb18030", errors="replace")
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        return None
    shapes: list[Any] = []
    rows: list[dict[str, Any]] = []
    closed = 0
    for item in _items(content):
        geometry = item.get("geometry", item)
        shape, opened = _shape(geometry)
        if shape is None:
            continue
        closed += opened
        shapes.append(shape)
        properties = item.get("properties")
        rows.append(
            properties
            if isinstance(properties, dict)
            else {key: value for key, value in item.items() if isinstance(value, (str, int, float))}
        )
    if not shapes:
        return None
    array = np.empty(len(shapes), dtype=object)
    array[:] = shapes
    fields = pd.DataFrame([{k: v for k, v in row.items() if k not in ("type", "geometry")} for row in rows])
    return Loose(
        array, fields if len(fields.columns) else pd.DataFrame(index=pd.RangeIndex(len(array))), closed
    )


def _items(content: Any) -> Iterator[dict[str, Any]]:
    if isinstance(content, dict):
        for key in ("features", "data", "items", "result", "records"):
            if isinstance(content.get(key), list):
                content = content[key]
                break
        else:
            content = [content]
    if isinstance(content, list):
        yield from (item for item in content if isinstance(item, dict))


def _shape(geometry: Any) -> tuple[Any, int]:
    """A geometry of a GeoJSON-like object and how many of its rings had to be closed; None where it is
    none."""
    if not isinstance(geometry, dict) or str(geometry.get("type")) not in _KINDS:
        return None, 0
    opened = 0
    coordinates = geometry.get("coordinates")
    if geometry["type"] in ("Polygon", "MultiPolygon") and isinstance(coordinates, list):
        bodies = [coordinates] if geometry["type"] == "Polygon" else coordinates
        for body in bodies:
            for ring in body if isinstance(body, list) else ():
                if isinstance(ring, list) and len(ring) >= 3 and ring[0] != ring[-1]:
                    ring.append(ring[0])
                    opened += 1
    try:
        return shapely.geometry.shape(geometry), opened
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, shapely.errors.ShapelyError):
        return None, 0
