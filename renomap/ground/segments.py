"""Boundaries as plain segments in arrays that kernels read."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

from renomap.model.vast import vast

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]

UNIT, WALL, ROAD = 0, 1, 2
#: Greatest type number of single geometries (shapely.GeometryType.POLYGON); missing geometry is -1.
SINGLE = 3
COLLECTION = 7


class Scene(NamedTuple):
    """All that stands on the ground, as arrays that kernels read.

    Body ``b`` (units first, then hard barriers, then roads) owns the segments ``first[b]:first[b + 1]``.
    ``segs`` (m, 4) holds x0, y0, x1, y1; the outside of a polygon lies to the right of its segments.
    ``owner`` (m,) is the body of each segment; ``role`` (bodies,) UNIT, WALL or ROAD; ``solid`` says that
    it is a polygon; ``boxes`` (bodies, 4) are xmin, ymin, xmax, ymax. All coordinates count from
    ``origin``, which keeps them exact to well under a micrometre. ``over[over_first[b]:over_first[b + 1]]``
    are the solid bodies whose box meets the box of unit ``b``.
    """

    segs: Floats
    owner: Ints
    first: Ints
    role: npt.NDArray[np.int8]
    solid: npt.NDArray[np.bool_]
    boxes: Floats
    over_first: Ints
    over: Ints
    origin: tuple[float, float]


class Grid(NamedTuple):
    """Cells of ``size`` metres from (x0, y0); cell ``c`` holds ``items[start[c]:start[c + 1]]``."""

    x0: float
    y0: float
    size: float
    columns: int
    rows: int
    start: npt.NDArray[np.int64]
    items: Ints


def areal(shapes: npt.ArrayLike) -> npt.NDArray[np.object_]:
    """Shapes with nothing but their areas: a repaired outline can come with stray lines and points.

    What is vast (``model.vast``) has no ground here: an empty polygon.
    """
    cleaned = np.array(shapes, dtype=object)
    cleaned[vast(cleaned)] = shapely.Polygon()
    for at in np.flatnonzero(shapely.get_type_id(cleaned) == COLLECTION):
        parts = shapely.get_parts(shapely.get_parts(cleaned[at]))
        cleaned[at] = shapely.union_all(parts[shapely.get_dimensions(parts) == 2])
    return cleaned


def boundary_segments(shapes: npt.NDArray[np.object_], origin: tuple[float, float]) -> tuple[Floats, Ints]:
    """Segments of lines and polygons, and which shape each belongs to.

    Rings are turned so that the outside lies to the right, and begun at their least vertex, so that neither
    the direction nor the start of a ring shows in any result. Segments without length are left out.
    """
    # normalize: exterior rings clockwise from the least vertex; reverse puts the outside to the right.
    turned = shapely.reverse(shapely.normalize(shapes))
    parts, of_part = turned, np.arange(len(turned))
    if (shapely.get_type_id(turned) > SINGLE).any():
        parts, of_part = shapely.get_parts(turned, return_index=True)
    area = shapely.get_dimensions(parts) == 2
    rings, of_ring = shapely.get_rings(parts[area], return_index=True)
    lines = shapely.get_dimensions(parts) == 1
    chains = np.concatenate([rings, parts[lines]])
    of_chain = np.concatenate([of_part[area][of_ring], of_part[lines]])
    xy, of_xy = shapely.get_coordinates(chains, return_index=True)
    xy = xy - np.asarray(origin)
    inside = of_xy[1:] == of_xy[:-1]
    segs = np.hstack([xy[:-1], xy[1:]])[inside]
    owner = of_chain[of_xy[:-1][inside]]
    real = (segs[:, 0] != segs[:, 2]) | (segs[:, 1] != segs[:, 3])
    segs, owner = segs[real], owner[real]
    order = np.argsort(owner, kind="stable")
    return np.ascontiguousarray(segs[order]), owner[order].astype(np.int32)


def scene(
    units: npt.NDArray[np.object_], walls: npt.NDArray[np.object_], roads: npt.NDArray[np.object_]
) -> Scene:
    """The scene of units (polygons), hard barriers (lines and polygons) and roads (lines)."""
    shapes = np.concatenate([units, walls, roads])
    boxes = shapely.bounds(shapes)
    known = ~np.isnan(boxes[:, 0])
    least = boxes[known][:, :2].min(axis=0) if known.any() else np.zeros(2)
    origin = (float(least[0]), float(least[1]))
    boxes = boxes - np.asarray(origin * 2)
    segs, owner = boundary_segments(shapes, origin)
    first = np.searchsorted(owner, np.arange(len(shapes) + 1)).astype(np.int32)
    role = np.repeat(np.array([UNIT, WALL, ROAD], np.int8), [len(units), len(walls), len(roads)])
    solid = shapely.get_dimensions(shapes) == 2
    unit, other = shapely.STRtree(shapes[solid]).query(units)
    other = np.flatnonzero(solid)[other]
    apart = other != unit
    order = np.lexsort((other[apart], unit[apart]))
    over, unit = other[apart][order].astype(np.int32), unit[apart][order]
    over_first = np.searchsorted(unit, np.arange(len(units) + 1)).astype(np.int32)
    return Scene(segs, owner, first, role, solid, boxes, over_first, over, origin)
