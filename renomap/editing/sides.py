"""Sides of a boundary, from turn to turn, and what one may become: straight, along a road, derived."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import shapely
from shapely import Geometry

from renomap.editing.tracing import Place, Ways

#: Jogs of a boundary below this are no turns: the notch that a range line fills.
JOG_M: Final = 12.0
#: A turn of less than this, in degrees, is a bend of one side.
TURN: Final = 40.0


def side_at(boundary: Geometry, at: Place) -> Geometry:
    """The side of a boundary that is nearest to a place.

    A side runs from one turn of the boundary to the next; bends and jogs of up to 12 m are part of it.

    Parameters
    ----------
    boundary : Polygon or MultiPolygon, metres, not empty

    Returns
    -------
    LineString
        The corners of the boundary from turn to turn, in its order.

    Examples
    --------
    >>> side_at(shapely.box(0, 0, 100, 60), (50, 65)).wkt
    'LINESTRING (100 60, 0 60)'
    """
    rings = shapely.get_rings(shapely.get_parts(boundary))
    spot = shapely.Point(at)
    ring = rings[int(np.argmin(shapely.distance(rings, spot)))]
    ring = ring if shapely.is_ccw(ring) else shapely.reverse(ring)
    xy = shapely.get_coordinates(ring)[:-1]
    turns = _turns(ring, xy)
    stretches = [_stretch(xy, one, other) for one, other in zip(turns, np.roll(turns, -1), strict=True)]
    sides = np.array([shapely.LineString(stretch) for stretch in stretches], dtype=object)
    return sides[int(np.argmin(shapely.distance(sides, spot)))]


def straightened(side: Geometry) -> Geometry:
    """The straight line between the ends of a side."""
    return shapely.LineString(shapely.get_coordinates(side)[[0, -1]])


def along_road(side: Geometry, ways: Ways) -> Geometry:
    """A side moved to what the ways have between its ends; straight where they have nothing."""
    ends = shapely.get_coordinates(side)[[0, -1]].tolist()
    return shapely.LineString(ways.trace(tuple(ends[0]), tuple(ends[1])))


def as_derived(side: Geometry, derived: Geometry) -> Geometry:
    """A side as the derived line runs there: its stretch between the places nearest to the ends.

    ``derived`` is a Polygon or MultiPolygon; of its two stretches the one more like the side is taken.
    """
    ends = shapely.get_coordinates(side)[[0, -1]]
    rings = shapely.get_rings(shapely.get_parts(derived))
    middle = shapely.line_interpolate_point(side, 0.5, normalized=True)
    ring = rings[int(np.argmin(shapely.distance(rings, middle)))]
    one, other = (float(shapely.line_locate_point(ring, shapely.Point(end))) for end in ends)
    low, high = sorted((one, other))
    between = [_cut(ring, low, high)]
    round_about = [_cut(ring, high, float(shapely.length(ring))), _cut(ring, 0.0, low)]
    found = []
    for parts in (between, round_about):
        xy = np.concatenate([shapely.get_coordinates(part) for part in parts])
        xy = xy[::-1] if one > other and parts is between else xy
        xy = xy[::-1] if one < other and parts is round_about else xy
        found.append(shapely.LineString(np.concatenate([ends[:1], xy, ends[1:]])))
    best = min(found, key=lambda line: float(shapely.hausdorff_distance(line, side)))
    return shapely.remove_repeated_points(best, 0.001)


def _turns(ring: Geometry, xy: npt.NDArray[np.float64]) -> npt.NDArray[np.intp]:
    """Positions of the corners where a ring turns; of one that turns nowhere or once, its opposite ends."""
    coarse = shapely.get_coordinates(shapely.simplify(shapely.Polygon(ring), JOG_M).exterior)[:-1]
    if len(coarse) < 3:
        coarse = xy
    come, go = coarse - np.roll(coarse, 1, axis=0), np.roll(coarse, -1, axis=0) - coarse
    angle = np.degrees(np.arctan2(come[:, 0] * go[:, 1] - come[:, 1] * go[:, 0], (come * go).sum(axis=1)))
    kept = coarse[np.abs(angle) >= TURN]
    if len(kept) < 2:
        kept = coarse[[0, len(coarse) // 2]]
    at = [int(np.argmin(np.hypot(*(xy - place).T))) for place in kept]
    return np.unique(np.array(at, dtype=np.intp))


def _stretch(xy: npt.NDArray[np.float64], one: int, other: int) -> npt.NDArray[np.float64]:
    """Corners from one position to another, on past the first if need be."""
    return xy[one : other + 1] if one < other else np.concatenate([xy[one:], xy[: other + 1]])


def _cut(ring: Geometry, low: float, high: float) -> Geometry:
    """What of a line lies between two distances from its start."""
    xy = shapely.get_coordinates(ring)
    met = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(xy, axis=0).T))])
    ends = shapely.get_coordinates(shapely.line_interpolate_point(ring, [low, high]))
    return shapely.LineString(np.concatenate([ends[:1], xy[(met > low) & (met < high)], ends[1:]]))
