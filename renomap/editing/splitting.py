"""Split an area by a line: each member follows the side that holds most of it."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from shapely import Geometry

from renomap.editing.areas import leaving_part
from renomap.editing.boundaries import LEAST_SHARED_M, checked_line
from renomap.editing.coverage import REACH_M, Claim, net, united
from renomap.editing.graph import Graph
from renomap.editing.ground import boundaries, resettle, shares
from renomap.editing.schemes import (
    DRAWN,
    NewArea,
    active_scheme,
    area_name,
    change,
    free_area_id,
    members,
    require_open,
    with_area,
    with_members,
)
from renomap.editing.slender import drawn_to_corners, require_broad
from renomap.errors import RenomapError
from renomap.model.change import ChangeSet
from renomap.model.project import Project


def split_by_line(
    project: Project, area: int, line: Geometry, new: NewArea, outlines: gpd.GeoSeries, graph: Graph
) -> ChangeSet:
    """Split an area along a line that crosses its boundary.

    Members go to the side that holds most of their surface; the side with more households keeps the id. A
    derived area stays derived: its outline follows the members. Of a drawn area the boundary itself is cut.

    Parameters
    ----------
    line : LineString in project coordinates
    new : dresses the part with the new id
    outlines : GeoSeries, index area id, boundaries as they are shown now
    graph : links; each part has to be in one piece

    Errors
    ------
    ``editing.line-misses``, ``editing.split-all``, ``editing.split-torn``, ``editing.split-parts`` (the
    boundary falls into more than two), ``editing.needle``, ``editing.too-few-points``,
    ``editing.locked``, ``editing.no-area``.
    """
    scheme = active_scheme(project)
    require_open(scheme, [area])
    layer = project.neighbourhoods
    current = boundaries(scheme, outlines)
    name = area_name(scheme, area)
    if area not in current or layer is None:
        raise RenomapError("editing.line-misses", name=name)
    sides = cut_in_two(current[area], drawn_to_corners(checked_line(line), current))
    if sides is None:
        raise RenomapError("editing.line-misses", name=name)
    own = members(scheme, area)
    held = shares(layer.frame.geometry, own, dict(enumerate(sides))).to_numpy()
    first = np.asarray(held[:, 0] >= held[:, 1])
    outside = np.asarray(~held.any(axis=1))
    if outside.any():
        first[outside] = _nearer_first(layer.frame.geometry, own[outside], sides)
    leaving = leaving_part(project, graph, area, own[first], own[~first])
    number = free_area_id(scheme)
    after = with_area(scheme, number, new, like=area)
    if scheme.areas.at[area, "kind"] == DRAWN:
        if any(len(shapely.get_parts(side)) > len(shapely.get_parts(current[area])) for side in sides):
            raise RenomapError("editing.split-parts", name=name)
        side = sides[0] if leaving.equals(own[first]) else sides[1]
        claim = Claim(number, side, frozenset({area}))
        after, halves = resettle(after, current, [claim], becoming=[number])
        require_broad(after, current, halves)
    after = with_members(after, leaving, number)
    return change(project, after, "editing.step-split", name=name, count=len(leaving))


def cut_in_two(shape: Geometry, line: Geometry) -> tuple[Geometry, Geometry] | None:
    """The two sides of a polygon along a line; None where the line does not cut it.

    Faces on either side of the line belong to different sides; parts that the line does not reach go with
    the larger one, which comes first.
    """
    faces = net([shape, line])
    faces = faces[shapely.intersects(shape, shapely.point_on_surface(faces))]
    if len(faces) == 0:
        return None
    colour = _coloured(faces, line)
    if not (colour == 1).any():
        return None
    areas = [float(shapely.area(faces[colour == k]).sum()) for k in (0, 1)]
    first = 0 if areas[0] >= areas[1] else 1
    colour[colour < 0] = first
    return united(faces[colour == first]), united(faces[colour == 1 - first])


def _coloured(faces: npt.NDArray[np.object_], line: Geometry) -> npt.NDArray[np.int64]:
    """0 or 1 per face such that faces with the line between them differ; -1 where the line does not reach."""
    band = shapely.buffer(line, REACH_M)
    rims = shapely.intersection(shapely.boundary(faces), band)
    colour = np.full(len(faces), -1)
    order = np.argsort(-shapely.area(faces), kind="stable")
    for seed in order:
        if colour[seed] >= 0 or shapely.length(rims[seed]) <= LEAST_SHARED_M:
            continue
        if not len(_across(rims, int(seed))):
            continue
        colour[seed] = 0
        queue = [int(seed)]
        for face in queue:
            for other in _across(rims, face).tolist():
                if colour[other] < 0:
                    colour[other] = 1 - colour[face]
                    queue.append(other)
    return colour


def _across(rims: npt.NDArray[np.object_], face: int) -> npt.NDArray[np.intp]:
    """Faces that share a stretch of the line with a face; ``rims`` is how each runs along it."""
    shared = shapely.length(shapely.intersection(rims[face], rims))
    shared[face] = 0.0
    return np.flatnonzero(shared > LEAST_SHARED_M)


def _nearer_first(
    neighbourhoods: gpd.GeoSeries, fids: pd.Index[int], sides: tuple[Geometry, Geometry]
) -> npt.NDArray[np.bool_]:
    shapes = neighbourhoods.loc[fids].to_numpy()
    return np.asarray(shapely.distance(shapes, sides[0]) <= shapely.distance(shapes, sides[1]), dtype=bool)
