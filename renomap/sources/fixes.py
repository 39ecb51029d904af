"""Repairs of the defects that ``checks`` finds, each an ordinary change of the layer."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import shapely

from renomap.model.layer import Layer
from renomap.model.note import Note
from renomap.sources.repair import of_dimension

#: What ``params["fix"]`` of a remark may say.
FIXES: tuple[str, ...] = ("cut_overlap", "drop_second")


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
        None where the remark offers no repair, or where it no longer applies.
    """
    fix = note.params.get("fix")
    if fix not in FIXES or len(note.fids) != 2 or not set(note.fids) <= set(layer.frame.index):
        return None
    first, second = note.fids
    frame = _cut(layer.frame, first, second) if fix == "cut_overlap" else _dropped(layer.frame, first, second)
    return None if frame is None else replace(layer, frame=frame, version=layer.version + 1)


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
