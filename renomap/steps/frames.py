"""Frames of a project by role, as the rooms below want them."""

from __future__ import annotations

from functools import partial

import geopandas as gpd
import pandas as pd

from renomap.errors import RenomapError
from renomap.model.derived import Identity, once
from renomap.model.layer import Layer
from renomap.model.project import Project
from renomap.model.roles import Role


def frame_of(project: Project, role: Role) -> gpd.GeoDataFrame | None:
    """All rows of a role in one frame, or None where no layer has the role.

    With one layer the index is its ``fid``; with several it is counted anew. The column ``layer`` names the
    layer's key either way. The same layers give the same object each time, so that what is derived from it
    is derived once, stroke after stroke.
    """
    layers = project.layers_of(role)
    if not layers:
        return None
    frames = [once(layer.frame, f"of layer {layer.key}", partial(_named, layer)) for layer in layers]
    if len(frames) == 1:
        return frames[0]
    joined: dict[tuple[Identity, ...], gpd.GeoDataFrame] = once(frames[0], "joined with other layers", dict)
    key = tuple(Identity(frame) for frame in frames)
    if key not in joined:
        joined.clear()
        joined[key] = _joined(frames)
    return joined[key]


def _joined(frames: list[gpd.GeoDataFrame]) -> gpd.GeoDataFrame:
    rows = pd.concat(frames, ignore_index=True)
    return gpd.GeoDataFrame(rows, geometry=rows.geometry.values, crs=frames[0].crs)


def _named(layer: Layer) -> gpd.GeoDataFrame:
    return layer.frame.assign(layer=layer.key)


def neighbourhood_frame(project: Project) -> gpd.GeoDataFrame:
    """The neighbourhoods of a project.

    Raises
    ------
    RenomapError
        ``steps.no-neighbourhoods`` where there is no such layer or it is empty.
    """
    layer = project.neighbourhoods
    if layer is None or layer.frame.empty:
        raise RenomapError("steps.no-neighbourhoods")
    return layer.frame
