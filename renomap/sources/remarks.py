"""How a check speaks of a neighbourhood: by its name, at its place."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import shapely

from renomap.model.layer import Layer
from renomap.model.note import Note, Severity


def label(frame: gpd.GeoDataFrame, fid: int) -> str:
    """What to call a row in a sentence: its name, else its number."""
    name = frame.at[fid, "name"]
    return str(name) if isinstance(name, str) else f"#{fid}"


def of_row(units: Layer, code: str, severity: Severity, fid: int, **params: Any) -> Note:
    """A remark on one neighbourhood, at its place."""
    shape = units.frame.geometry.loc[fid]
    named = {"name": label(units.frame, fid), **params}
    return Note(f"sources.check-{code}", named, severity, units.title, (fid,), point_of(shape))


def point_of(shape: shapely.Geometry) -> tuple[float, float]:
    """A point inside a shape, to look at."""
    inside = shapely.point_on_surface(shape)
    return float(inside.x), float(inside.y)
