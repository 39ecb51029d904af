"""Draw a neighbourhood that the survey lacks (补绘), after its layer has been opened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely import Geometry

from renomap.editing.boundaries import LEAST_M2, checked_outline
from renomap.editing.coverage import polygonal
from renomap.errors import RenomapError
from renomap.model.change import ChangeSet, difference
from renomap.model.layer import Layer
from renomap.model.project import Project
from renomap.model.scheme import UNASSIGNED, Scheme

DRAWN: Final = "drawn"


def lock_layer(project: Project, key: str, locked: bool = True) -> ChangeSet:
    """Close or open the padlock of a layer. Raises ValueError where there is no such layer."""
    layer = project.layer(key)
    if layer is None:
        raise ValueError(f"no layer {key!r}")
    code = "editing.step-lock-layer" if locked else "editing.step-unlock-layer"
    after = project.with_layer(replace(layer, locked=locked))
    return difference(project, after, code, layer=layer.title)


def draw_neighbourhood(
    project: Project, outline: Geometry, name: str, values: Mapping[str, Any] | None = None
) -> ChangeSet:
    """Add a neighbourhood; what of the outline lies in others is left to them.

    It is flagged ``origin`` drawn, in no area of any scheme, and everything not given is unknown.

    Parameters
    ----------
    outline : Polygon in project coordinates
    values : canonical columns of neighbourhoods to fill, such as ``{"households": 120.0}``

    Errors
    ------
    ``editing.layer-missing``, ``editing.layer-locked``, ``editing.too-few-points``,
    ``editing.self-crossing``, ``editing.too-small``, ``editing.covered``.
    """
    layer = _open_layer(project)
    shape = free_ground(layer.frame, checked_outline(outline))
    fid = _free_fid(project, layer)
    given = {"name": name.strip() or None, "households_flag": "unknown", "origin": DRAWN} | dict(values or {})
    if values and values.get("households") is not None and "households_flag" not in values:
        given["households_flag"] = "reported"
    frame = _with_row(layer.frame, fid, given, shape)
    after = project.with_layer(replace(layer, frame=frame))
    after = replace(after, schemes=tuple(_with_unit(scheme, fid) for scheme in project.schemes))
    return difference(project, after, "editing.step-missing", name=name.strip() or str(fid), fid=fid)


def remove_neighbourhood(project: Project, fid: int) -> ChangeSet:
    """Remove a neighbourhood that was drawn, from the layer and from every scheme.

    Errors: ``editing.layer-missing``, ``editing.layer-locked``, ``editing.no-neighbourhood``,
    ``editing.not-drawn`` (it comes from the survey).
    """
    layer = _open_layer(project)
    if fid not in layer.frame.index:
        raise RenomapError("editing.no-neighbourhood", fid=fid)
    row = layer.frame.loc[fid]
    name = str(row.get("name") or fid)
    if row.get("origin") != DRAWN:
        raise RenomapError("editing.not-drawn", name=name)
    after = project.with_layer(replace(layer, frame=layer.frame.drop(index=fid)))
    schemes = tuple(
        replace(
            scheme,
            assignment=scheme.assignment.drop(index=fid, errors="ignore"),
            overrides=scheme.overrides[(scheme.overrides[["a", "b"]] != fid).all(axis=1)],
        )
        for scheme in project.schemes
    )
    return difference(project, replace(after, schemes=schemes), "editing.step-remove-missing", name=name)


def _open_layer(project: Project) -> Layer:
    layer = project.neighbourhoods
    if layer is None:
        raise RenomapError("editing.layer-missing")
    if layer.locked:
        raise RenomapError("editing.layer-locked", layer=layer.title)
    return layer


def free_ground(frame: gpd.GeoDataFrame, shape: Geometry) -> Geometry:
    """The largest part of an outline that no neighbourhood covers. Error: ``editing.covered``."""
    met = frame.geometry.to_numpy()[frame.sindex.query(shape, predicate="intersects")]
    left = polygonal(shapely.difference(shape, shapely.union_all(met))) if len(met) else shape
    parts = shapely.get_parts(left)
    if len(parts) == 0 or shapely.area(parts).max() < LEAST_M2:
        raise RenomapError("editing.covered")
    return parts[int(np.argmax(shapely.area(parts)))]


def _free_fid(project: Project, layer: Layer) -> int:
    """A number above all that layer and schemes use."""
    indices = [layer.frame.index, *(scheme.assignment.index for scheme in project.schemes)]
    return 1 + max((int(index.max()) for index in indices if len(index)), default=0)


def _with_row(
    frame: gpd.GeoDataFrame, fid: int, given: Mapping[str, Any], shape: Geometry
) -> gpd.GeoDataFrame:
    """The frame with one more row; columns keep their types where they can hold the unknown."""
    columns: dict[str, Any] = {}
    for name in frame.columns.drop(frame.geometry.name):
        value = given.get(name)
        column = frame[name]
        unknown = np.nan if pd.api.types.is_float_dtype(column.dtype) else None
        new = pd.Series([unknown if value is None else value], index=[fid], dtype=object)
        try:
            columns[name] = pd.concat([column, new.astype(column.dtype)])
        except (TypeError, ValueError):  # a raw column of whole numbers or flags that has no unknown
            columns[name] = pd.concat([column.astype(object), new])
    index = pd.Index([*frame.index, fid], name=frame.index.name, dtype="int64")
    shapes = gpd.GeoSeries([*frame.geometry, shape], index=index, crs=frame.crs)
    table = pd.DataFrame({name: column.array for name, column in columns.items()}, index=index)
    table[frame.geometry.name] = shapes
    table = table[list(frame.columns)]
    return gpd.GeoDataFrame(table, geometry=frame.geometry.name, crs=frame.crs).sort_index()


def _with_unit(scheme: Scheme, fid: int) -> Scheme:
    fresh = pd.Series([UNASSIGNED], index=pd.Index([fid], name=scheme.assignment.index.name), dtype="int64")
    joined = pd.concat([scheme.assignment, fresh]) if len(scheme.assignment) else fresh
    joined.name = scheme.assignment.name
    return replace(scheme, assignment=joined.sort_index())
