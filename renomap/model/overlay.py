"""Which polygon holds a thing: the one spatial join that several rooms need."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

NOWHERE = -1


def holder(polygons: gpd.GeoSeries, things: gpd.GeoSeries) -> npt.NDArray[np.int64]:
    """The polygon that holds most of each thing.

    A thing belongs to the polygon that covers its representative point (of a point: itself). A polygon whose
    point none covers belongs to the one with the largest share of it, if that is more than half. Ties go to
    the smaller index label.

    Parameters
    ----------
    polygons : GeoSeries
        Polygons, int64 index.
    things : GeoSeries
        Points, lines or polygons in the same CRS.

    Returns
    -------
    int64 array, one value per thing
        Index label of the polygon, or ``NOWHERE``. Empty input gives an empty array.
    """
    labels = np.full(len(things), NOWHERE, dtype=np.int64)
    if len(polygons) == 0 or len(things) == 0:
        return labels
    keys = polygons.index.to_numpy(dtype=np.int64)
    shapes = np.asarray(polygons.values)
    tree = shapely.STRtree(shapes)
    points = shapely.point_on_surface(np.asarray(things.values))
    thing, polygon = tree.query(points, predicate="intersects")
    order = np.lexsort((keys[polygon], thing))[::-1]
    labels[thing[order]] = keys[polygon[order]]
    rest = np.flatnonzero(labels == NOWHERE)
    bodies = np.asarray(things.values)[rest]
    solid = shapely.area(bodies) > 0
    rest, bodies = rest[solid], bodies[solid]
    thing, polygon = tree.query(bodies, predicate="intersects")
    if len(thing):
        common = shapely.area(shapely.intersection(bodies[thing], shapes[polygon]))
        share = common / shapely.area(bodies[thing])
        order = np.lexsort((keys[polygon], -share, thing))
        best = order[share[order] > 0.5][::-1]  # of several for one thing the last written stays
        labels[rest[thing[best]]] = keys[polygon[best]]
    return labels


def main_holder(
    polygons: gpd.GeoSeries, bodies: gpd.GeoSeries
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """The polygon that holds the largest part of each body's surface, and that part.

    For bodies as large as what may hold them, of which a single point says little.

    Parameters
    ----------
    polygons : GeoSeries
        Polygons, int64 index.
    bodies : GeoSeries
        Polygons in the same CRS.

    Returns
    -------
    labels : int64 array, one value per body
        Index label of the polygon, the smaller where two hold the same; ``NOWHERE`` where none holds any.
    shares : float array
        Part of the body's surface that lies in it, 0..1.
    """
    labels = np.full(len(bodies), NOWHERE, dtype=np.int64)
    shares = np.zeros(len(bodies))
    if len(polygons) == 0 or len(bodies) == 0:
        return labels, shares
    keys = polygons.index.to_numpy(dtype=np.int64)
    shapes, solids = np.asarray(polygons.values), np.asarray(bodies.values)
    body, polygon = shapely.STRtree(shapes).query(solids, predicate="intersects")
    surface = shapely.area(solids)
    body, polygon = body[surface[body] > 0], polygon[surface[body] > 0]
    share = shapely.area(shapely.intersection(solids[body], shapes[polygon])) / surface[body]
    body, polygon, share = body[share > 0], polygon[share > 0], share[share > 0]
    order = np.lexsort((-keys[polygon], share, body))  # the last of a body is its best
    labels[body[order]] = keys[polygon[order]]
    shares[body[order]] = share[order]
    return labels, shares
