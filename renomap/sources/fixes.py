"""Repairs of the defects that ``checks`` finds, each an ordinary change of the layer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import geopandas as gpd
import numpy as np
import shapely

from renomap.model.layer import Layer
from renomap.model.note import Note
from renomap.model.repair import of_dimension

#: What ``params["fix"]`` of a remark may say.
FIXES: tuple[str, ...] = (
    "cut_overlap",
    "drop_second",
    "drop_sliver",
    "make_valid",
    "set_unknown",
    "take_drawn",
)


def fixed(layer: Layer, note: Note) -> Layer | None:
    """The layer with one defect repaired.

    Parameters
    ----------
    layer : Layer
        The layer the remark is about.
    note : Note
        A remark of ``checks.check`` whose ``params["fix"]`` is one of ``FIXES``.

    Returns
    -------
    Layer or None
        ``cut_overlap``: the larger of the two gives up what they share, so that no ground counts twice.
        ``drop_second``: of a place drawn twice the later row goes; what only it knows passes to the first.
        ``drop_sliver``: the row goes. ``make_valid``: the shape is rebuilt. ``set_unknown``: the impossible
        value becomes unknown. ``take_drawn``: the subdistrict or community is that of the map.
        None where the remark offers no repair, or where it no longer applies.
    """
    fix = note.params.get("fix")
    pair = fix in ("cut_overlap", "drop_second")
    if (
        fix not in FIXES
        or len(note.fids) != (2 if pair else 1)
        or not set(note.fids) <= set(layer.frame.index)
    ):
        return None
    if pair:
        first, second = note.fids
        frame = (
            _cut(layer.frame, first, second) if fix == "cut_overlap" else _dropped(layer.frame, first, second)
        )
    else:
        frame = _ALONE[fix](layer.frame, note.fids[0], note)
    return None if frame is None else replace(layer, frame=frame, version=layer.version + 1)


def _without(frame: gpd.GeoDataFrame, fid: int, note: Note) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(frame.drop(index=fid), geometry="geometry", crs=frame.crs)


def _rebuilt(frame: gpd.GeoDataFrame, fid: int, note: Note) -> gpd.GeoDataFrame | None:
    shape = of_dimension(shapely.make_valid(frame.geometry.loc[fid], method="structure"), 2)
    if shape is None or shape.is_empty:
        return None
    shapes = frame.geometry.copy()
    shapes.loc[fid] = shape
    return frame.set_geometry(shapes)


def _unknown_value(frame: gpd.GeoDataFrame, fid: int, note: Note) -> gpd.GeoDataFrame:
    field = str(note.params["field"]).removeprefix("field.")
    out = frame.copy()
    for name in ("year_min", "year_max") if field == "year" else (field,):
        out.loc[fid, name] = np.nan
    if field == "households":
        out.loc[fid, "households_flag"] = "unknown"
    return out


def _as_drawn(frame: gpd.GeoDataFrame, fid: int, note: Note) -> gpd.GeoDataFrame:
    out = frame.copy()
    out.loc[fid, str(note.params["field"]).removeprefix("field.")] = str(note.params["drawn"])
    return out


def _cut(frame: gpd.GeoDataFrame, first: int, second: int) -> gpd.GeoDataFrame | None:
    a, b = frame.geometry.loc[first], frame.geometry.loc[second]
    large, small, fid = (a, b, first) if a.area >= b.area else (b, a, second)
    rest = of_dimension(shapely.difference(large, small), 2)
    if rest is None or rest.is_empty or rest.area >= large.area:
        return None
    shapes = frame.geometry.copy()
    shapes.loc[fid] = rest
    return frame.set_geometry(shapes)


def _dropped(frame: gpd.GeoDataFrame, first: int, second: int) -> gpd.GeoDataFrame:
    out = frame.copy()
    for name in out.columns.drop("geometry"):
        mine, other = out.at[first, name], out.at[second, name]
        if _unknown(mine) and not _unknown(other):
            out.at[first, name] = other
    return gpd.GeoDataFrame(out.drop(index=second), geometry="geometry", crs=frame.crs)


def _unknown(value: object) -> bool:
    return value is None or value == "unknown" or (isinstance(value, float) and value != value)


_ALONE: Mapping[str, Callable[[gpd.GeoDataFrame, int, Note], gpd.GeoDataFrame | None]] = {
    "drop_sliver": _without,
    "make_valid": _rebuilt,
    "set_unknown": _unknown_value,
    "take_drawn": _as_drawn,
}
