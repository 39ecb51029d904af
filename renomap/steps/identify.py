"""Identify: everything at a point of the map, each value with what the source said and how it was read."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
import shapely
from shapely import Geometry

from renomap.model.fields import COLUMNS
from renomap.model.layer import Layer
from renomap.model.project import Project
from renomap.model.roles import Role

#: More than these are not told: a list that nobody reads to its end.
MOST: Final = 40


@dataclass(frozen=True)
class ReadValue:
    """One value of a feature.

    ``is_canonical`` says that ``field`` is one of ``model.fields``; else it is a column as it came. ``raw``,
    ``method`` and ``flag`` say how the value was read, None where the source said just that.
    """

    field: str
    value: Any
    is_canonical: bool
    raw: str | None = None
    method: str | None = None
    flag: str | None = None


@dataclass(frozen=True)
class FeatureAtPoint:
    """A feature at the point: its layer, the file it came from, and its values that are known."""

    role: Role
    layer: str
    title: str
    source: str
    fid: int
    name: str
    shape: Geometry
    values: tuple[ReadValue, ...]


def identify(project: Project, x: float, y: float, reach_m: float) -> tuple[FeatureAtPoint, ...]:
    """Features of every layer at a point, the smallest first: points, lines, then surfaces by size.

    Parameters
    ----------
    x, y : project coordinates
    reach_m : metres from which points and lines are meant; surfaces have to hold the point
    """
    spot = shapely.Point(x, y)
    near = shapely.buffer(spot, reach_m)
    found: list[tuple[tuple[int, float], FeatureAtPoint]] = []
    for layer in project.layers:
        frame = layer.frame
        for at in np.sort(frame.sindex.query(near, predicate="intersects")).tolist():
            shape = frame.geometry.iloc[at]
            kind = int(shapely.get_dimensions(shape))
            if kind == 2 and not shapely.intersects(shape, spot):
                continue
            found.append(((kind, float(shapely.area(shape))), _told(layer, at, shape)))
    found.sort(key=lambda item: item[0])
    return tuple(item for _, item in found[:MOST])


def _told(layer: Layer, at: int, shape: Geometry) -> FeatureAtPoint:
    frame = layer.frame
    fid = int(frame.index[at])
    row = frame.drop(columns=frame.geometry.name).iloc[at]
    canonical = COLUMNS.get(layer.role, {})
    readings = _readings(layer, fid)
    known = [name for name in row.index if not _missing(row[name]) or name in readings]
    # a column as it came that says the same as its canonical one tells nothing new
    said = {str(row[name]) for name in known if name in canonical}
    values = [
        ReadValue(str(name), row[name], name in canonical, *readings.get(name, (None, None, None)))
        for name in known
        if name in canonical or str(row[name]) not in said
    ]
    values.sort(key=lambda value: not value.is_canonical)
    name = row.get("name")
    return FeatureAtPoint(
        layer.role, layer.key, layer.title, layer.source, fid,
        "" if _missing(name) else str(name), shape, tuple(values),
    )  # fmt: skip


def _readings(layer: Layer, fid: int) -> dict[Hashable, tuple[str, str, str]]:
    """How values of one row were read, by column; a year stands for both of its bounds."""
    table = layer.readings
    rows = table[table["fid"] == fid]
    found: dict[Hashable, tuple[str, str, str]] = {}
    for item in rows.to_dict("records"):
        said = (str(item["raw"]), str(item["method"]), str(item["flag"]))
        fields = ("year_min", "year_max") if item["field"] == "year" else (item["field"],)
        found |= dict.fromkeys(fields, said)
    return found


def _missing(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip()) or bool(pd.isna(value))
