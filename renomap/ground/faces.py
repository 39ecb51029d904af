"""Faces: the ground round an area parted by every line its range may run along, and the best choice of them.

What a planner weighs by eye is weighed here as lengths: a line along a street or a compound costs less than
one over open ground, and ground that is not renewed costs by its surface, the less the more of it members
surround. The choice that costs least is a minimum cut between the members' ground and the ground beyond.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

#: Lines are noded on this grid, as territories are.
GRID_M = 1e-4
#: Cost of a metre of line, by what it runs along. Chosen on lines drawn by hand, see the tests.
ALONG_LIMIT = 0.3
ALONG_STREET = 0.35
ALONG_COMPOUND = 0.6
OVER_OPEN = 1.0
#: Cost of a square metre that is not renewed and sees members on half its sides, in metres of line.
BY_SURFACE = 0.009
#: A side that lies this near to the rim of what was looked at is a part of it.
RIM_M = 0.01
#: Bends of the members' ground smaller than this are no corners.
CORNER_M = 1.0
#: Looks from a face, and how far they reach: about a street block.
LOOKS = 16
SIGHT_M = 120.0
#: From faces smaller than this nobody looks: they count as open on half their sides.
LOOK_M2 = 40.0
#: Capacities of the cut are whole numbers: hundredths of a metre of line; TIE is more than any line costs.
SCALE = 100.0
TIE = 10**8

_OUT, _LAND, _STREET, _COMPOUND, _OPEN = range(5)

Shapes = npt.NDArray[np.object_]
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class FaceSetting:
    """What the choice is made from.

    Parameters
    ----------
    land : Geometry
        Members' own land.
    core : Geometry
        Ground that is part of the range whatever it costs; holds ``land``.
    domain : Geometry
        Ground that the area may have; holds ``core``.
    compounds : array of Geometry
        Neighbourhoods of no area, inside the domain: taken whole or left whole.
    street : Geometry
        Streets with their width.
    shut : Geometry
        What closes the view as members do, but counts half: barriers, land of other areas.
    left : Geometry
        Neighbourhoods of no area that are left outside: their edge is that of a compound, no limit.
    window : Geometry
        What was looked at: where the domain ends only because the looking did, nothing runs.
    reach_m : float
        A line looks for an edge to run along as far as this from the members.
    """

    land: shapely.Geometry
    core: shapely.Geometry
    domain: shapely.Geometry
    compounds: Shapes
    street: shapely.Geometry
    shut: shapely.Geometry
    left: shapely.Geometry
    window: shapely.Geometry
    reach_m: float


@dataclass(frozen=True)
class Faces:
    """Faces of the ground: their shapes, what each is, and borders between two of them."""

    shapes: Shapes
    kind: Ints
    compound: Ints  # position of the compound that a face is a part of, or -1
    member: Bools  # part of the core
    a: Ints  # faces on the two sides of a border; b = -1: beyond the domain
    b: Ints
    cost: Floats


def best_ground(setting: FaceSetting) -> shapely.Geometry:
    """The ground of the range: all of the core and what of the domain makes its line good.

    Returns
    -------
    Geometry
        Polygon or MultiPolygon, a union of faces; holds the core to within the grid of 0.1 mm.
    """
    faces = part(setting)
    return shapely.coverage_union_all(faces.shapes[_chosen(faces, setting)])


def part(setting: FaceSetting) -> Faces:
    """The faces between all lines; streets and open ground in triangles, so that lines may run straight."""
    edges = shapely.intersection(shapely.boundary(setting.street), setting.domain)
    whole = [setting.domain, setting.core, setting.land, *setting.compounds]
    lines = [edges, *shapely.boundary(whole), *_plumbs(setting, edges)]
    noded = shapely.union_all(lines, grid_size=GRID_M)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    spots = shapely.point_on_surface(faces)
    kind, compound = _kinds(spots, setting)
    there = kind != _OUT
    faces, spots, kind, compound = faces[there], spots[there], kind[there], compound[there]
    shapely.prepare(setting.core)
    member = shapely.intersects(setting.core, spots)
    loose = np.flatnonzero(((kind == _STREET) | (kind == _OPEN)) & ~member)
    triangles, of = shapely.get_parts(shapely.constrained_delaunay_triangles(faces[loose]), return_index=True)
    source = np.concatenate([np.setdiff1d(np.arange(len(faces)), loose), loose[of]])
    shapes = np.concatenate([np.delete(faces, loose), triangles])
    a, b, length, middle = _borders(shapes)
    kind = kind[source]
    price, beyond, middles = _price(kind, a, b), b < 0, shapely.points(middle)
    for rim, costs in ((setting.left, ALONG_COMPOUND), (setting.window, OVER_OPEN)):
        edge = shapely.boundary(rim)
        shapely.prepare(edge)
        price[beyond & shapely.dwithin(edge, middles, RIM_M)] = costs
    cost = length * price
    return Faces(shapes, kind, compound[source], member[source], a, b, cost)


def _plumbs(setting: FaceSetting, streets: shapely.Geometry) -> Shapes:
    """Lines from the corners of the core straight to the edges near it, where a border may turn."""
    rings = shapely.get_rings(shapely.get_parts(shapely.simplify(setting.core, CORNER_M)))
    corners = shapely.points(np.unique(shapely.get_coordinates(rings), axis=0))
    edges = [edge for edge in (streets, shapely.boundary(setting.domain)) if not edge.is_empty]
    lines = np.concatenate([shapely.shortest_line(corners, edge) for edge in edges])
    length = shapely.length(lines)
    lines = lines[(length > GRID_M) & (length <= setting.reach_m)]
    shapely.prepare(setting.core)
    found: Shapes = lines[~shapely.crosses(setting.core, lines)]
    return found


def _kinds(spots: Shapes, setting: FaceSetting) -> tuple[Ints, Ints]:
    """What each face is, and the compound that it is a part of."""
    for shape in (setting.land, setting.domain, setting.street):
        shapely.prepare(shape)
    kind = np.where(shapely.intersects(setting.domain, spots), _OPEN, _OUT)
    there = kind != _OUT
    kind[there & shapely.intersects(setting.street, spots)] = _STREET
    compound = np.full(len(spots), -1, dtype=np.int64)
    face, at = shapely.STRtree(setting.compounds).query(spots, predicate="intersects")
    compound[face] = at
    compound[~there] = -1
    kind[compound >= 0] = _COMPOUND
    kind[shapely.intersects(setting.land, spots)] = _LAND
    return kind, compound


def _borders(shapes: Shapes) -> tuple[Ints, Ints, Floats, Floats]:
    """Sides of faces: the face on either side (-1: none), the length, and the place of the middle, (n, 2)."""
    rings, face = shapely.get_rings(shapes, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    goes_on = ring[1:] == ring[:-1]
    p, q, owner = xy[:-1][goes_on], xy[1:][goes_on], face[ring[:-1][goes_on]].astype(np.int64)
    ends = np.round(np.concatenate([p, q]) / GRID_M).astype(np.int64)
    _, spot = np.unique(ends[:, 0] * 2**31 + ends[:, 1] - ends[:, 1].min(initial=0), return_inverse=True)
    one, other = spot[: len(p)], spot[len(p) :]
    key = np.minimum(one, other) * (len(spot) + 1) + np.maximum(one, other)
    order = np.lexsort((owner, key))
    key, owner, length, middle = key[order], owner[order], np.hypot(*(q - p).T)[order], (p + q)[order] / 2
    first = np.flatnonzero(np.diff(key, prepend=-1))
    twice = np.diff(np.append(first, len(key))) > 1
    b = np.where(twice, owner[np.minimum(first + 1, len(owner) - 1)], -1)
    return owner[first], b, length[first], middle[first]


def _price(kind: Ints, a: Ints, b: Ints) -> Floats:
    """What a metre costs of a border between two faces."""
    left, right = kind[a], np.where(b >= 0, kind[b], _OUT)
    price = np.full(len(a), OVER_OPEN)
    price[np.isin(left, (_LAND, _COMPOUND)) | np.isin(right, (_LAND, _COMPOUND))] = ALONG_COMPOUND
    price[(left != right) & ((left == _STREET) | (right == _STREET))] = ALONG_STREET
    price[right == _OUT] = ALONG_LIMIT
    return price


def _chosen(faces: Faces, setting: FaceSetting) -> Bools:
    """Which faces the range has: the minimum cut between the members' ground and the ground beyond."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import breadth_first_order, maximum_flow

    n = len(faces.shapes)
    source, sink = n, n + 1
    b = np.where(faces.b >= 0, faces.b, sink)
    member, others = np.flatnonzero(faces.member), np.flatnonzero(~faces.member)
    size = shapely.area(faces.shapes[others])
    surface = size * BY_SURFACE * 4 * (1 - _surrounded(faces.shapes[others], size, setting)) ** 2
    tied = np.flatnonzero(faces.compound >= 0)
    tied = tied[np.argsort(faces.compound[tied], kind="stable")]
    same = faces.compound[tied[1:]] == faces.compound[tied[:-1]]
    one, next_one = tied[:-1][same], tied[1:][same]
    start = np.concatenate([faces.a, b, others, np.full(len(member), source), one, next_one])
    stop = np.concatenate([b, faces.a, np.full(len(others), sink), member, next_one, one])
    weight = np.minimum(np.ceil(np.concatenate([faces.cost, faces.cost, surface]) * SCALE), TIE)
    weight = np.append(weight, np.full(len(start) - len(weight), TIE)).astype(np.int32)
    both = coo_array((weight, (start, stop)), shape=(n + 2, n + 2)).tocsr()
    left = both - maximum_flow(both, source, sink).flow
    left.eliminate_zeros()
    chosen = np.zeros(n + 2, dtype=bool)
    chosen[breadth_first_order(left, source, return_predecessors=False)] = True
    return chosen[:n]


def _surrounded(shapes: Shapes, size: Floats, setting: FaceSetting) -> Floats:
    """Share of the directions in which each face sees members' land; what shuts the view counts half."""
    seen = np.full(len(shapes), 0.5)
    large = np.flatnonzero(size > LOOK_M2)
    turn = 2 * np.pi * (np.arange(LOOKS) + 0.5) / LOOKS
    spots = shapely.get_coordinates(shapely.centroid(shapes[large]))
    far = spots[:, None] + SIGHT_M * np.column_stack([np.cos(turn), np.sin(turn)])
    looks = shapely.linestrings(np.stack([np.broadcast_to(spots[:, None], far.shape), far], axis=2))
    for shape in (setting.land, setting.shut):
        shapely.prepare(shape)
    met = shapely.intersects(setting.land, looks)
    shut = np.zeros(met.shape, dtype=bool)
    shut[~met] = shapely.intersects(setting.shut, looks[~met])
    seen[large] = (met + 0.5 * shut).mean(axis=1)
    return seen
