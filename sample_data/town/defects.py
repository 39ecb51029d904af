"""Puts the usual geometry defects into the layer of neighbourhoods, few and known."""

from __future__ import annotations

import numpy as np
import shapely
from shapely import STRtree
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import substring

from .parcels import Cuts


def spoil(shapes: list[Polygon], cuts: Cuts) -> tuple[list[Polygon], Polygon]:
    """Return the shapes with one overlap and one self-intersection, and a sliver between two of them.

    The overlap is 0.7 m deep along a shared seam; the self-intersection is a loop at one edge of the
    seventh-largest shape; the sliver lies free in a seam and covers less than 20 m2.
    """
    made = list(shapes)
    pairs = _seam_pairs(shapes, cuts)
    seam, i, j = max(
        (p for p in pairs if shapes[p[1]].distance(shapes[p[2]]) < 0.4), key=lambda p: p[0].length
    )
    gap = shapes[i].distance(shapes[j])
    strip = made[j].intersection(seam.buffer(gap / 2 + 0.7, cap_style="flat"))
    made[i] = _largest(shapely.union_all([made[i], strip, seam.buffer(gap / 2 + 0.02, cap_style="flat")]))
    used = {i, j}
    wide = max(
        (p for p in pairs if shapes[p[1]].distance(shapes[p[2]]) > 1.2 and not used & {p[1], p[2]}),
        key=lambda p: p[0].length,
    )
    used |= {wide[1], wide[2]}
    order = sorted((k for k in range(len(shapes)) if k not in used), key=lambda k: -shapes[k].area)
    made[order[6]] = _looped(made[order[6]])
    middle = wide[0].length / 2
    thin = substring(wide[0], middle - 14.0, middle + 14.0)
    return made, thin.buffer(0.3, cap_style="flat")


def _seam_pairs(shapes: list[Polygon], cuts: Cuts) -> list[tuple[LineString, int, int]]:
    """Seams that have exactly one shape on either side of their middle."""
    tree = STRtree(shapes)
    pairs = []
    for line, width in cuts.seams:
        middle = line.interpolate(0.5, normalized=True)
        near = sorted(tree.query(middle.buffer(width / 2 + 0.5), predicate="intersects").tolist())
        if len(near) == 2:
            pairs.append((line, near[0], near[1]))
    return pairs


def _largest(geometry: BaseGeometry) -> Polygon:
    part = max(getattr(geometry, "geoms", [geometry]), key=lambda part: float(part.area))
    return Polygon(part.exterior)


def _looped(shape: Polygon) -> Polygon:
    """Swap two points in the middle of the longest edge, so that the ring crosses itself there."""
    ring = shapely.get_coordinates(shape.exterior)
    edges = np.diff(ring, axis=0)
    k = int(np.argmax(np.hypot(*edges.T)))
    way = edges[k] / np.hypot(*edges[k])
    inward = np.array([-way[1], way[0]]) * (1.0 if shape.exterior.is_ccw else -1.0)
    middle = (ring[k] + ring[k + 1]) / 2
    loop = [middle + way * 3.0 + inward * 1.2, middle - way * 3.0 + inward * 1.2]
    return Polygon(np.vstack([ring[: k + 1], loop, ring[k + 1 :]]))
