"""What a project file holds is made fit to work with: its tables are open to other programs."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from renomap.model.fields import COLUMNS, LARGEST, NUMBER
from renomap.model.layer import Layer
from renomap.model.note import Note, Severity
from renomap.model.repair import FARTHEST_M, repair, valid
from renomap.model.roles import Role
from renomap.model.scheme import UNASSIGNED, Scheme

Shapes = npt.NDArray[np.object_]


def admitted(layer: Layer) -> tuple[Layer, tuple[Note, ...]]:
    """The layer as ``model.layer`` promises it, and what had to be done for that.

    The layer itself where nothing was wrong. Else shapes are two-dimensional, valid, of the dimension that
    most of the layer has, and rows without one are left out; numbers that cannot be are unknown.
    """
    frame, remarks = _with_possible_numbers(layer)
    shapes: Shapes = np.asarray(frame.geometry.array, dtype=object)
    if _is_fit(shapes, layer.role):
        return (layer if frame is layer.frame else replace(layer, frame=frame)), tuple(remarks)
    shapes = shapely.force_2d(shapes)
    fids = frame.index.to_numpy(dtype=np.int64)
    if layer.role is Role.REFERENCE:  # only looked at, and the one layer in which kinds of shapes may mix
        keep = np.flatnonzero(_has_place(shapes))
        shapes = shapes[keep]
    else:
        mended = repair(shapes, fids, layer.title, _dimension(shapes))
        keep, shapes = mended.keep, mended.shapes
        remarks += mended.notes
    frame = frame.iloc[keep].set_geometry(gpd.GeoSeries(shapes, index=frame.index[keep], crs=frame.crs))
    return replace(layer, frame=frame), tuple(remarks)


def with_columns_of_now(layer: Layer) -> Layer:
    """The layer of neighbourhoods with the columns that came after its file was written, all unknown."""
    lacking = [name for name in COLUMNS[layer.role] if name not in layer.frame.columns]
    if layer.role is not Role.NEIGHBOURHOODS or not lacking:
        return layer
    rows = len(layer.frame)
    unknown = {
        name: np.full(rows, np.nan)
        if COLUMNS[layer.role][name] == NUMBER
        else pd.Series([None] * rows, index=layer.frame.index, dtype=object)
        for name in lacking
    }
    return replace(layer, frame=layer.frame.assign(**unknown))


def aligned(scheme: Scheme, neighbourhoods: Layer | None) -> Scheme:
    """The scheme with an assignment for just the neighbourhoods there are; new ones are in no area."""
    fids = scheme.assignment.index if neighbourhoods is None else neighbourhoods.frame.index
    if scheme.assignment.index.equals(fids):
        return scheme
    return replace(scheme, assignment=scheme.assignment.reindex(fids, fill_value=UNASSIGNED))


def _with_possible_numbers(layer: Layer) -> tuple[gpd.GeoDataFrame, list[Note]]:
    frame, remarks = layer.frame, []
    for name, kind in COLUMNS[layer.role].items():
        if kind != NUMBER or name not in frame.columns or frame[name].dtype.kind != "f":
            continue
        wrong = np.abs(frame[name].to_numpy()) > LARGEST
        if wrong.any():
            frame = frame.assign(**{name: frame[name].mask(wrong)})
            fids = tuple(int(fid) for fid in frame.index[wrong])
            told = {"count": len(fids), "field": f"field.{name}"}
            remarks.append(
                Note("store.number-impossible", told, Severity.WARNING, layer=layer.title, fids=fids)
            )
    return frame, remarks


def _is_fit(shapes: Shapes, role: Role) -> bool:
    if not len(shapes):
        return True
    if shapely.has_z(shapes).any() or not _has_place(shapes).all():
        return False
    if role is Role.REFERENCE:
        return True
    if (shapely.get_type_id(shapes) == shapely.GeometryType.GEOMETRYCOLLECTION).any():
        return False
    whole = (np.abs(shapely.bounds(shapes)) <= FARTHEST_M).all() and valid(shapes).all()
    return bool(whole and len(np.unique(shapely.get_dimensions(shapes))) == 1)


def _has_place(shapes: Shapes) -> npt.NDArray[np.bool_]:
    """Which shapes are somewhere: none for a shape that is missing, empty or has a coordinate that is no
    number."""
    finite: npt.NDArray[np.bool_] = np.isfinite(shapely.bounds(shapes)).all(axis=1)
    return finite


def _dimension(shapes: Shapes) -> int:
    """What most of the shapes are made of."""
    found = shapely.get_dimensions(shapes[~shapely.is_missing(shapes) & ~shapely.is_empty(shapes)])
    return int(np.bincount(found, minlength=3).argmax()) if len(found) else 2
