"""Ground that changes hands: boundaries as faces of one net of lines, so that they cannot overlap or part."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely
from shapely import Geometry, Polygon

from renomap.model.repair import snapped

#: All vertices of drawn boundaries lie on this grid, metres: what is shared is shared to the last digit. A
#: corner put into a side of 400 m moves the side by up to this: on a grid of 1 mm that was 0.09 m2 of ground.
GRID_M: Final = 0.00001
#: Lines nearer than this share a net; lines further apart cannot meet after rounding to the grid.
REACH_M: Final = 0.01
#: Boundaries nobody has.
NOBODY: Final = 0

Boundaries = Mapping[int, Geometry]


@dataclass(frozen=True)
class Claim:
    """Ground that goes to an area (0 = to nobody), from whomever may give it.

    ``only_from`` names the areas (0 = open ground) that give it away; None = every area that is not locked.
    """

    area: int
    ground: Geometry
    only_from: frozenset[int] | None = None


def transfer(
    boundaries: Boundaries, claims: Sequence[Claim], locked: Collection[int] = ()
) -> dict[int, Geometry]:
    """Boundaries after some ground has changed hands.

    Every line of the boundaries and claims is put into one net on the grid. Each face of the net has one
    owner before and one after; a boundary is the union of the faces its area owns. So no two boundaries
    overlap, what one loses another gains to the square millimetre, and neighbours have the same vertices
    along a border, including those that a line of a third one puts there.

    Parameters
    ----------
    boundaries : Mapping of area id to polygon or multipolygon, metres
        All boundaries near the claims that are to keep clear of each other. Where two overlap already, the
        smaller id has the ground.
    claims : sequence of Claim
        Carried out in order.
    locked : area ids
        Neither lose nor gain ground (their borders may get vertices, and move by less than the grid).

    Returns
    -------
    dict
        Area id to polygon or multipolygon for every area with ground, in normal form, vertices on the grid.
        An area that lost all its ground is absent.
    """
    ids = sorted(area for area, shape in boundaries.items() if not shape.is_empty)
    claims = [item for item in claims if not item.ground.is_empty]
    shapes = np.array([boundaries[area] for area in ids], dtype=object)
    faces = net([*shapes, *(item.ground for item in claims)])
    if len(faces) == 0:
        return {}
    points = shapely.point_on_surface(faces)
    owner = np.full(len(faces), NOBODY, dtype=np.int64)
    for area, shape in zip(reversed(ids), reversed(shapes), strict=True):
        owner[_inside(shape, points)] = area
    closed = np.array(sorted(locked), dtype=np.int64)
    for item in claims:
        if item.area in closed:
            continue
        given = _inside(item.ground, points) & ~np.isin(owner, closed)
        if item.only_from is not None:
            given &= np.isin(owner, list(item.only_from))
        owner[given] = item.area
    return {int(area): united(faces[owner == area]) for area in np.unique(owner).tolist() if area != NOBODY}


def noded(shapes: npt.NDArray[np.object_], grid: float) -> npt.NDArray[np.object_]:
    """Polygons as a coverage: a corner of one that lies on a border of another is a vertex of both.

    Without this a shared border parts or overlaps as soon as its ends are projected and rounded.

    Parameters
    ----------
    shapes : array (n,) of polygons and multipolygons, None or empty where there is none
        Any plane coordinates. Ground that two of them claim goes to the earlier one.
    grid : float
        Spacing of the grid that all vertices come to lie on, in the unit of the coordinates. Nothing moves
        by more than it; what is thinner vanishes.

    Returns
    -------
    array (n,)
        In the same order, in normal form; ``shapely.coverage_is_valid`` holds. None stays None; what keeps
        no ground is an empty polygon.
    """
    bodies = np.array(shapes, dtype=object)
    there = np.flatnonzero(~(shapely.is_missing(bodies) | shapely.is_empty(bodies)))
    faces = net(bodies[there], grid)
    face, at = shapely.STRtree(bodies[there]).query(shapely.point_on_surface(faces), predicate="intersects")
    owner = np.full(len(faces), len(there))
    np.minimum.at(owner, face, at)
    for k, i in enumerate(there.tolist()):
        bodies[i] = united(faces[owner == k]) if (owner == k).any() else Polygon()
    return bodies


def net(shapes: Iterable[Geometry], grid: float = GRID_M) -> npt.NDArray[np.object_]:
    """Faces that the lines of polygons and lines enclose together, vertices on the grid."""
    lines = [_lines(shape) for shape in shapes]
    if not lines:
        return np.array([], dtype=object)
    crossed = shapely.union_all(np.array(lines, dtype=object), grid_size=grid)
    return np.asarray(shapely.get_parts(shapely.polygonize(shapely.get_parts(crossed))), dtype=object)


def united(faces: npt.NDArray[np.object_]) -> Geometry:
    """Faces of one net as one polygon or multipolygon in normal form."""
    whole = shapely.coverage_union_all(faces)
    parts = shapely.get_parts(whole)
    return shapely.normalize(parts[0] if len(parts) == 1 else shapely.multipolygons(parts))


def on_grid(shape: Geometry) -> Geometry:
    """A polygon with its vertices on the grid, in normal form; empty where it is thinner than the grid."""
    return shapely.normalize(snapped(np.array([shape], dtype=object), GRID_M)[0])


def near(boundaries: Boundaries, ground: Iterable[Geometry]) -> dict[int, Geometry]:
    """Those boundaries that have to share a net with some ground."""
    things = np.array([shape for shape in ground if not shape.is_empty], dtype=object)
    ids = list(boundaries)
    if len(things) == 0 or not ids:
        return {}
    tree = shapely.STRtree(np.array([boundaries[area] for area in ids], dtype=object))
    _, met = tree.query(things, predicate="dwithin", distance=REACH_M)
    return {ids[k]: boundaries[ids[k]] for k in np.unique(met).tolist()}


def polygonal(shape: Geometry) -> Geometry:
    """The polygons of a geometry, without the lines and points that an overlay may leave beside them."""
    parts = shapely.get_parts(shapely.get_parts(shape))
    return shapely.union_all(parts[shapely.get_dimensions(parts) == 2])


def _lines(shape: Geometry) -> Geometry:
    return shape if shapely.get_dimensions(shape) < 2 else shapely.boundary(shape)


def _inside(shape: Geometry, points: npt.NDArray[np.object_]) -> npt.NDArray[np.bool_]:
    shapely.prepare(shape)
    return np.asarray(shapely.intersects(shape, points), dtype=bool)
