"""Draw the boundary of a neighbourhood that an inventory lists: it waits for one, or is shown as a disc."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely import Geometry

from renomap.editing.boundaries import checked_outline
from renomap.editing.missing import DRAWN, draw_neighbourhood
from renomap.errors import RenomapError
from renomap.model.change import ChangeSet, apply, difference
from renomap.model.fields import COLUMNS, NUMBER, PLACED
from renomap.model.layer import Layer
from renomap.model.project import Project
from renomap.model.roles import Role
from renomap.model.waiting import waiting, without_waiting


def draw_waiting(project: Project, row: int, outline: Geometry) -> ChangeSet:
    """Draw the boundary of a neighbourhood that waits for one; its values come along and it waits no more.

    Parameters
    ----------
    row : int
        Its ``id`` in ``model.waiting.waiting``.
    outline : Polygon in project coordinates

    Errors
    ------
    ``editing.not-waiting``, and those of ``missing.draw_neighbourhood``. A project without neighbourhoods
    gets a layer for them.
    """
    rows = waiting(project)
    if row not in rows.index:
        raise RenomapError("editing.not-waiting", row=row)
    entry = rows.loc[row]
    name = str(entry["name"] or row)
    known = [column for column in COLUMNS[Role.NEIGHBOURHOODS] if column in rows and column != "origin"]
    values: dict[str, Any] = {column: entry[column] for column in known if not pd.isna(entry[column])}
    ready = project if project.neighbourhoods is not None else project.with_layer(_no_neighbourhoods(project))
    drawn = apply(ready, draw_neighbourhood(ready, outline, name, values))
    return difference(project, without_waiting(drawn, [row]), "editing.step-missing", name=name)


def outline_placed(project: Project, fid: int, outline: Geometry) -> ChangeSet:
    """Draw the boundary of a neighbourhood that stands as a disc; it keeps its values and its area.

    Errors
    ------
    ``editing.no-neighbourhood``, ``editing.not-placed``, ``editing.too-few-points``,
    ``editing.self-crossing``, ``editing.too-small``.
    """
    layer = project.neighbourhoods
    if layer is None or fid not in layer.frame.index:
        raise RenomapError("editing.no-neighbourhood", fid=fid)
    name = str(layer.frame.at[fid, "name"] or fid)
    if layer.frame.at[fid, "origin"] != PLACED:
        raise RenomapError("editing.not-placed", name=name)
    frame = layer.frame.copy()
    shapes = frame.geometry.copy()
    shapes.loc[fid] = checked_outline(outline)
    frame = frame.set_geometry(shapes)
    frame.loc[fid, "origin"] = DRAWN
    after = project.with_layer(replace(layer, frame=frame))
    return difference(project, after, "editing.step-outline", name=name, fid=fid)


def _no_neighbourhoods(project: Project) -> Layer:
    """An open layer of neighbourhoods without a row."""
    index = pd.Index([], name="fid", dtype="int64")
    columns = {
        name: pd.Series([], index=index, dtype=np.float64 if kind == NUMBER else object)
        for name, kind in COLUMNS[Role.NEIGHBOURHOODS].items()
    }
    frame = gpd.GeoDataFrame(columns, index=index, geometry=gpd.GeoSeries([], index=index), crs=project.crs)
    key = Role.NEIGHBOURHOODS.value
    return Layer(key, key, Role.NEIGHBOURHOODS, frame, locked=False)
