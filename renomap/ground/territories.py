"""Territories: the open ground around neighbourhoods divided among them, up to barriers and borders."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from renomap.ground.cells import grid
from renomap.ground.frontage import in_order
from renomap.ground.links import Ground
from renomap.ground.segments import areal, scene
from renomap.model.connection import connected
from renomap.model.feedback import Feedback, Silent
from renomap.model.overlay import holder, main_holder

#: All lines are noded on this grid; land and territory agree to it.
PRECISION_M = 1e-4
#: Lines halfway between two neighbourhoods are smoothed by this.
SMOOTH_M = 0.3
#: Quarter circles of offset outlines have this many sides.
ROUND = 6

#: A neighbourhood with this share of its land in a larger one lies inside it.
NESTED_SHARE = 0.95
#: Units that are worked on together, if they come in small pieces.
BATCH = 60
#: Points around the town that let the lines run on.
HORIZON = 32

Shapes = npt.NDArray[np.object_]
Floats = npt.NDArray[np.float64]


def territories(
    neighbourhoods: gpd.GeoSeries,
    ground: Ground,
    *,
    gap_m: float = 30.0,
    within: gpd.GeoSeries | None = None,
    feedback: Feedback | None = None,
) -> gpd.GeoSeries:
    """Each neighbourhood with the open ground that is nearest to it.

    An enclosed tessellation: a territory reaches at most half the gap from the land, stops halfway to the
    next neighbourhood, at hard barriers (their assumed edge) and, with ``within``, at the line of the
    administrative unit that holds most of the land. All lines are noded together and every face between
    them has one owner, so territories share their borders exactly and never overlap.

    Parameters
    ----------
    neighbourhoods : GeoSeries
        Polygons, int64 index ``fid``, project CRS in metres.
    ground : Ground
        From ``ground.collect``.
    gap_m : float
        The gap of the links, metres.
    within : GeoSeries, optional
        Administrative units, polygons.

    Returns
    -------
    GeoSeries
        Index as given; (multi)polygons. A territory holds its neighbourhood's own land, except where the
        land of one that lies inside it, or else of one with a smaller fid, overlaps it. Rows without geometry
        stay empty polygons.
    """
    feedback = feedback or Silent()
    fids = neighbourhoods.index.to_numpy(dtype=np.int64)
    order = in_order(fids)
    land = areal(neighbourhoods.values)[order]
    grown = np.full(len(land), shapely.Polygon(), dtype=object)
    real = np.flatnonzero(~(shapely.is_missing(land) | shapely.is_empty(land)))
    for done, batch in _batches(land[real], gap_m):
        feedback.check()
        feedback.progress(done, "ground.growing")
        grown[real[batch]] = _grow(land[real[batch]], ground, gap_m / 2, within, feedback)
    result = np.empty(len(land), dtype=object)
    result[order] = grown
    return gpd.GeoSeries(result, index=neighbourhoods.index, crs=neighbourhoods.crs)


def _batches(land: Shapes, gap: float) -> Iterator[tuple[float, npt.NDArray[np.intp]]]:
    """Units in sets that do not meet: pieces of the town, small ones together; with the share done before.

    Triangulating 3,700 compounds at once takes three times as long as in batches that fit the cache.
    """
    n = len(land)
    if n == 0:
        return
    a, b = shapely.STRtree(land).query(land, predicate="dwithin", distance=gap)
    piece = connected(n, a, b)
    order = np.argsort(piece, kind="stable")
    ends = np.searchsorted(piece[order], np.arange(piece.max() + 2))
    begin = 0
    for end in ends[1:]:
        if end - begin >= BATCH or end == n:
            yield begin / n, np.sort(order[begin:end])
            begin = end


def hard_zone(ground: Ground) -> Shapes:
    """Hard barriers with their assumed half width: ground that no territory takes."""
    widths = ground.hard["half_width_m"].to_numpy(dtype=float)
    shapes: Shapes = ground.hard.geometry.to_numpy()
    lines = shapely.get_dimensions(shapes) == 1
    zone: Shapes = shapes.copy()
    zone[lines] = shapely.buffer(
        shapes[lines], np.maximum(widths[lines], 0.1), cap_style="flat", quad_segs=ROUND
    )
    return zone


def _grow(
    land: Shapes, ground: Ground, reach: float, within: gpd.GeoSeries | None, feedback: Feedback
) -> Shapes:
    zone = hard_zone(ground)
    zone_tree = shapely.STRtree(zone)
    near = np.unique(zone_tree.query(land, predicate="dwithin", distance=reach)[1])
    lines = [shapely.boundary(land), shapely.boundary(zone[near]), halfway_lines(land, 2 * reach)]
    frame = shapely.box(*shapely.total_bounds(land)).buffer(reach)
    # each by itself, not their union: where two just meet, a line halfway could miss the gore between them
    around = shapely.buffer(land, reach, quad_segs=ROUND)
    if reach > 0:
        lines.append(shapely.boundary(around))
    home = None
    if within is not None and len(within):
        units = np.asarray(within.values)
        home, _ = main_holder(gpd.GeoSeries(units), gpd.GeoSeries(land))
        lines.append(shapely.intersection(shapely.boundary(units), frame))
    feedback.check()
    noded = shapely.union_all(np.concatenate(lines), grid_size=PRECISION_M)
    feedback.check()
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    hard = ground.hard.geometry.to_numpy()[near]
    town = _Town(land, shapely.STRtree(land), shapely.STRtree(around), hard, zone[near], home, within)
    owner = town.owners(faces)
    return _dissolved(faces, owner, land)


def halfway_lines(land: Shapes, gap: float) -> Shapes:
    """Lines halfway between neighbourhoods within ``gap`` of each other, smoothed, that meet at junctions.

    The lines between the cells of a Voronoi diagram of boundary samples, taken from its dual: an edge of
    the triangulation between samples of two units is crossed by the line between the centres of its two
    triangles.
    """
    from scipy.spatial import Delaunay

    from renomap.ground.kernels.territories import sample

    none = np.empty(0, dtype=object)
    if gap <= 0 or len(land) < 2:
        return none
    stage = scene(land, none, none)
    xy, owner = sample(stage, grid(stage.segs, max(20.0, gap)), gap)
    xy, first = np.unique(np.round(xy, 3), axis=0, return_index=True)
    owner = owner[first]
    if len(xy) < 2:
        return none
    xy, owner = np.concatenate([xy, _horizon(xy, gap)]), np.append(owner, np.full(HORIZON, -1, np.int32))
    dual = Delaunay(xy)
    centres = _circumcentres(xy[dual.simplices])
    triangle, side = np.nonzero(dual.neighbors > np.arange(len(dual.simplices))[:, None])
    p, q = dual.simplices[triangle, (side + 1) % 3], dual.simplices[triangle, (side + 2) % 3]
    divides = (owner[p] != owner[q]) & (owner[p] >= 0) & (owner[q] >= 0)
    a = centres[triangle[divides]]
    b = centres[dual.neighbors[triangle, side][divides]]
    pieces = _cut_to(a, b, xy[p[divides]], gap) + np.asarray(stage.origin)
    chains = shapely.line_merge(shapely.multilinestrings(shapely.linestrings(pieces)))
    smooth: Shapes = shapely.simplify(shapely.get_parts(chains), SMOOTH_M)
    return smooth


def _horizon(xy: Floats, gap: float) -> Floats:
    """Points far around all others, so that lines run on beyond the last sample."""
    centre = (xy.min(axis=0) + xy.max(axis=0)) / 2
    radius = np.hypot(*np.ptp(xy, axis=0)) + 20 * gap
    turn = 2 * np.pi * np.arange(HORIZON) / HORIZON
    ring: Floats = centre + radius * np.column_stack([np.cos(turn), np.sin(turn)])
    return ring


def _circumcentres(corners: Floats) -> Floats:
    """Centres of the circles through the corners (k, 3, 2); infinite where the corners lie on a line."""
    origin = corners[:, 0]
    b, c = corners[:, 1] - origin, corners[:, 2] - origin
    twice = 2 * (b[:, 0] * c[:, 1] - b[:, 1] * c[:, 0])
    bb, cc = (b**2).sum(axis=1), (c**2).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        x = (c[:, 1] * bb - b[:, 1] * cc) / twice
        y = (b[:, 0] * cc - c[:, 0] * bb) / twice
    centres: Floats = origin + np.column_stack([x, y])
    return centres


def _cut_to(a: Floats, b: Floats, site: Floats, gap: float) -> Floats:
    """Segments a-b with an end near their site; ends farther away are drawn in along the segment."""
    finite = np.isfinite(a).all(axis=1) & np.isfinite(b).all(axis=1)
    a, b, site = a[finite], b[finite], site[finite]
    swap = np.hypot(*(a - site).T) > np.hypot(*(b - site).T)
    a[swap], b[swap] = b[swap], a[swap]
    keep = (np.hypot(*(a - site).T) <= gap) & (np.hypot(*(a - b).T) > 0)
    a, b = a[keep], b[keep]
    length = np.hypot(*(b - a).T)
    far = length > 2 * gap
    b[far] = a[far] + (b[far] - a[far]) * (2 * gap / length[far])[:, None]
    return np.stack([a, b], axis=1)


@dataclass(frozen=True)
class _Town:
    """Who may own a face: units, what hides them, and whose administrative ground they stand on."""

    land: Shapes
    tree: shapely.STRtree
    around: shapely.STRtree  # the ground in reach of each, bounded by the lines that bound the faces
    hard: Shapes
    zone: Shapes
    home: npt.NDArray[np.int64] | None
    within: gpd.GeoSeries | None

    def owners(self, faces: Shapes) -> npt.NDArray[np.int64]:
        """The unit of each face: whose land it is, else the nearest in reach that nothing hides; else -1."""
        spots = shapely.point_on_surface(faces)
        owner = np.full(len(faces), -1, dtype=np.int64)
        face, unit = self.tree.query(spots, predicate="intersects")
        # where lands overlap, what lies inside another keeps its ground; else the smaller fid, which comes
        # first
        order = np.lexsort((unit, ~_nested(self.land, self.tree)[unit], face))[::-1]
        owner[face[order]] = unit[order]
        open_ground = np.flatnonzero(owner < 0)
        walls = shapely.STRtree(self.zone)
        taken = np.unique(walls.query(spots[open_ground], predicate="intersects")[0])
        open_ground = np.delete(open_ground, taken)
        owner[open_ground] = self._nearest(spots[open_ground])
        return owner

    def _nearest(self, spots: Shapes) -> npt.NDArray[np.int64]:
        spot, unit = self.around.query(spots, predicate="intersects")
        if self.home is not None:
            units = np.asarray(self.within.values) if self.within is not None else np.empty(0, dtype=object)
            ground = holder(gpd.GeoSeries(units), gpd.GeoSeries(spots))
            same = ground[spot] == self.home[unit]
            spot, unit = spot[same], unit[same]
        sight = shapely.shortest_line(spots[spot], self.land[unit])
        hidden = np.unique(shapely.STRtree(self.hard).query(sight, predicate="intersects")[0])
        seen = np.ones(len(spot), dtype=bool)
        seen[hidden] = False
        spot, unit, sight = spot[seen], unit[seen], sight[seen]
        order = np.lexsort((unit, np.round(shapely.length(sight), 3), spot))[::-1]
        owner = np.full(len(spots), -1, dtype=np.int64)
        owner[spot[order]] = unit[order]
        return owner


def _nested(land: Shapes, tree: shapely.STRtree) -> npt.NDArray[np.bool_]:
    """Which neighbourhoods lie, but for a hair, inside a larger one."""
    area = shapely.area(land)
    inner, outer = tree.query(land, predicate="intersects")
    larger = area[outer] > area[inner]
    inner, outer = inner[larger], outer[larger]
    share = shapely.area(shapely.intersection(land[inner], land[outer])) / area[inner]
    nested = np.zeros(len(land), dtype=bool)
    nested[inner[share > NESTED_SHARE]] = True
    return nested


def _dissolved(faces: Shapes, owner: npt.NDArray[np.int64], land: Shapes) -> Shapes:
    """Faces of each unit as one shape; what does not hang together with its land is given up."""
    owned = np.flatnonzero(owner >= 0)
    owned = owned[np.argsort(owner[owned], kind="stable")]
    bounds = np.searchsorted(owner[owned], np.arange(len(land) + 1))
    grown = np.empty(len(land), dtype=object)
    for unit in range(len(land)):
        shape = shapely.coverage_union_all(faces[owned[bounds[unit] : bounds[unit + 1]]])
        parts = shapely.get_parts(shape)
        if len(parts) > 1:
            parts = parts[shapely.intersects(parts, land[unit])]
            shape = parts[0] if len(parts) == 1 else shapely.multipolygons(parts)
        grown[unit] = shape if shape.geom_type in ("Polygon", "MultiPolygon") else shapely.Polygon()
    return grown
