"""The range line of an area (片区范围线): closed, round all members, along what a planner would draw it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from renomap.ground.faces import GRID_M, FaceSetting, best_ground
from renomap.ground.land import STREET_M, TakenGround, Town
from renomap.ground.pieces import attached, closed, opened, polygons
from renomap.model.links import USER
from renomap.model.overlay import NOWHERE
from renomap.model.scheme import UNASSIGNED

#: Width of the strip that joins members over a bridge or by the user's word: about that of a street bridge,
#: chosen here, without a source.
CORRIDOR_M = 12.0
#: Notches and spikes narrower than twice this are straightened.
NOTCH_M = 6.0
#: Territories that share less border than this do not hang together on the map.
WAIST_M = 6.0
#: A barrier with this share of its surface inside a range ends there: the line goes round it, not over it.
ENDS_INSIDE = 0.9
#: What happens further from the members than this does not matter to a line.
REACH_M = 60.0
#: Corners that turn by less than this are none: the line passed the end of another there.
STRAIGHT_M = 0.001
#: Right angles are kept.
CORNERS = {"join_style": "mitre", "mitre_limit": 3.0}
#: A notch that is filled, and a spike that is cut, has at least this surface.
SPECK_M2 = 1.0

Shapes = npt.NDArray[np.object_]
Positions = npt.NDArray[np.intp]


def range_line(town: Town, area: int, before: TakenGround) -> tuple[shapely.Geometry, bool]:
    """The range of one area, and whether a strip over a crossing or by the user's word is part of it.

    It encloses all members and nothing of another area's, in one piece without holes where they hang
    together. It runs along the edge of a street, a bank, a railway, a wall or an administrative line within
    the gap, along compounds, and straight over open ground; pockets that the members surround are inside,
    whole compounds that are in no area among them. It crosses no barrier and, with ``within``, no
    administrative line, but for members' land and strips over crossings that join members. ``before`` is
    ground that is taken.
    """
    core = held(town, area)
    if core.is_empty:
        return core, False
    site = _site(town, area, core, before)
    whole = best_ground(site.setting)
    whole = _tidy(whole, site)
    whole = attached(whole, site.setting.land)
    corridor = False
    if shapely.get_num_geometries(whole) > 1:
        whole, corridor = _with_corridors(town, area, whole, site)
    whole = shapely.simplify(_without_holes(whole, site), STRAIGHT_M)
    return polygons(shapely.difference(whole, shapely.union_all(site.taken), grid_size=GRID_M)), corridor


def land_line(town: Town, area: int, before: TakenGround) -> shapely.Geometry:
    """The edge of the members' own land: where a range line cannot be computed, this stands instead."""
    land = shapely.union_all(town.land[town.area == area], grid_size=GRID_M)
    taken = shapely.union_all(before.near(land), grid_size=GRID_M)
    return polygons(shapely.difference(land, taken, grid_size=GRID_M))


@dataclass(frozen=True)
class _Site:
    """The ground round an area: what it may have, and what it must leave."""

    setting: FaceSetting
    taken: list[shapely.Geometry]
    foreign: list[shapely.Geometry]  # ground of other areas, drawn or still to be drawn
    owned: list[shapely.Geometry]  # of it, what they have in any case
    hard: Shapes


def held(town: Town, area: int) -> shapely.Geometry:
    """Members' own land, the ground between them that nobody else is near, and strips between corners: it is
    theirs in any case.
    """
    if area in town.held:
        return town.held[area]
    members = np.flatnonzero(town.area == area)
    land = _own_land(town, members)
    near = closed(land, town.gap_m / 2 + 1.0, **CORNERS)
    between = shapely.intersection(near, shapely.coverage_union_all(town.ground[members]))
    bridged = [_between(town, a, b) for a, b in _gaps(town, area)]
    if bridged:
        wide = shapely.union_all(bridged)
        others = np.setdiff1d(town.tree.query(wide), members)
        walls = town.hard[town.hard_tree.query(wide)]
        wide = shapely.difference(wide, shapely.union_all([*town.ground[others], *walls]))
        between = shapely.union_all([between, _in_administration(town, members, wide)])
    whole = polygons(shapely.union_all([land, between], grid_size=GRID_M))
    town.held[area] = _over_corners(town, area, members, whole)
    return town.held[area]


def _over_corners(town: Town, area: int, members: Positions, whole: shapely.Geometry) -> shapely.Geometry:
    """With a strip between two corners that only open ground parts, whoever it is nearest to.

    Without it the outline that is drawn first could take the only way between them. The narrowest gap is
    first; of two faces nobody can say where the strip would be, so they get none here.
    """
    inside, links = town.inside(area), town.links
    ends = np.sort(links.fids[np.column_stack([links.a, links.b])[inside]], axis=1)
    for k in inside[np.lexsort((ends[:, 1], ends[:, 0], links.gap_m[inside]))]:
        a, b = int(links.a[k]), int(links.b[k])
        parts = shapely.get_parts(whole)
        if len(parts) == 1:
            break
        if links.kind[k] == USER or (a, b) in town.paths:
            continue
        path, back = shapely.shortest_line(town.land[[a, b]], town.land[[b, a]])
        at_a, at_b = (np.flatnonzero(shapely.intersects(parts, town.land[u])) for u in (a, b))
        if np.intersect1d(at_a, at_b).size or not shapely.equals_exact(path, shapely.reverse(back), GRID_M):
            continue
        strip = _strip(path)
        others = np.setdiff1d(town.tree.query(strip), members)
        walls = town.hard[town.hard_tree.query(strip)]
        strip = shapely.difference(strip, shapely.union_all([*town.land[others], *walls]))
        strip = _in_administration(town, members, strip)
        joined = polygons(shapely.union_all([whole, strip], grid_size=GRID_M))
        if shapely.get_num_geometries(joined) < len(parts):
            whole = joined
    return whole


def _strip(path: shapely.Geometry) -> shapely.Geometry:
    return shapely.buffer(path, CORRIDOR_M / 2, cap_style="square")


def _own_land(town: Town, members: Positions) -> shapely.Geometry:
    return shapely.union_all(shapely.intersection(town.land[members], town.ground[members]))


def _gaps(town: Town, area: int) -> Iterator[tuple[int, int]]:
    """Linked members whose territories do not share enough border to hang together."""
    for k in town.inside(area):
        a, b = int(town.links.a[k]), int(town.links.b[k])
        if town.links.kind[k] == USER or (a, b) in town.paths or town.links.gap_m[k] == 0:
            continue
        if shapely.length(shapely.intersection(town.ground[a], town.ground[b])) < WAIST_M:
            yield a, b


def _between(town: Town, a: int, b: int) -> shapely.Geometry:
    """The ground between two faces: what a closing as wide as their gap fills."""
    both = shapely.union_all(town.land[[a, b]])
    radius = shapely.distance(town.land[a], town.land[b]) / 2 + 1.0
    near = shapely.intersection(*shapely.buffer(town.land[[a, b]], 2 * radius))
    return shapely.intersection(closed(both, radius, quad_segs=6), near)


def _in_administration(town: Town, members: Positions, shape: shapely.Geometry) -> shapely.Geometry:
    """What of a shape lies in the administrative units of the members; all, where one has none."""
    homes = np.unique(town.home[members])
    if len(town.admin) == 0 or (homes == NOWHERE).any():
        return shape
    return shapely.intersection(shape, shapely.union_all(town.admin[homes]))


def _site(town: Town, area: int, core: shapely.Geometry, before: TakenGround) -> _Site:
    members = np.flatnonzero(town.area == area)
    window = shapely.buffer(shapely.convex_hull(core), max(town.gap_m, CORRIDOR_M), quad_segs=2)
    near = np.sort(town.tree.query(window, predicate="intersects"))
    others = near[(town.area[near] != area) & (town.area[near] != UNASSIGNED)]
    taken = before.near(window)
    owned = [*(held(town, int(k)) for k in np.unique(town.area[others])), *taken]
    foreign = [*town.ground[others], *owned]
    hard = town.hard[np.sort(town.hard_tree.query(window, predicate="intersects"))]
    hard = hard[~_inside(hard, shapely.buffer(core, CORRIDOR_M, join_style="mitre"))]
    domain = shapely.difference(window, shapely.union_all([*foreign, *hard]))
    domain = _in_administration(town, members, domain)
    loose = near[town.area[near] == UNASSIGNED]
    compounds = shapely.difference(town.land[loose], core)
    compounds = compounds[shapely.area(compounds) > SPECK_M2]
    free = _inside(compounds, domain, 0.999)
    left = shapely.union_all(compounds[~free])
    domain = shapely.difference(domain, left)
    streets = town.streets[np.sort(town.street_tree.query(window, predicate="intersects"))]
    street = polygons(shapely.simplify(shapely.union_all(streets), STREET_M))
    setting = FaceSetting(
        _own_land(town, members),
        core,
        polygons(shapely.union_all([domain, core], grid_size=GRID_M)),
        compounds[free],
        street,
        shapely.union_all([*town.land[others], *hard]),
        left,
        window,
        town.gap_m,
    )
    return _Site(setting, taken, foreign, owned, hard)


def _inside(shapes: Shapes, whole: shapely.Geometry, share: float = ENDS_INSIDE) -> npt.NDArray[np.bool_]:
    """Which shapes lie, but for the rest of that share, inside another."""
    if len(shapes) == 0:
        return np.empty(0, dtype=bool)
    inside: npt.NDArray[np.bool_] = shapely.area(shapely.intersection(shapes, whole)) >= share * shapely.area(
        shapes
    )
    return inside


def _tidy(whole: shapely.Geometry, site: _Site) -> shapely.Geometry:
    """Without narrow notches and spikes, as far as the ground allows."""
    setting = site.setting
    room = shapely.difference(setting.domain, shapely.union_all(setting.compounds))
    notches = shapely.intersection(closed(whole, NOTCH_M, **CORNERS), room)
    whole = polygons(shapely.union_all([whole, notches], grid_size=GRID_M))
    keep = shapely.union_all([opened(whole, NOTCH_M, **CORNERS), setting.core, *setting.compounds])
    spikes = shapely.get_parts(polygons(shapely.difference(whole, keep)))
    spikes = spikes[shapely.area(spikes) > SPECK_M2]
    if len(spikes) == 0:
        return whole
    return polygons(shapely.difference(whole, shapely.union_all(spikes), grid_size=GRID_M))


def _without_holes(whole: shapely.Geometry, site: _Site) -> shapely.Geometry:
    """Without holes, but for those where another area is, or a barrier that goes on outside."""
    filled = []
    for part in shapely.get_parts(whole):
        for ring in part.interiors:
            hole = shapely.Polygon(ring)
            if shapely.union_all(shapely.intersection(site.foreign, hole)).area > SPECK_M2:
                continue
            met = site.hard[shapely.intersects(site.hard, hole)]
            if _inside(met, shapely.Polygon(part.exterior)).all():
                filled.append(hole)
    return polygons(shapely.union_all([whole, *filled])) if filled else whole


def _with_corridors(
    town: Town, area: int, whole: shapely.Geometry, site: _Site
) -> tuple[shapely.Geometry, bool]:
    """Parts joined along the links that lead over crossings, the least costly first.

    Where that leaves parts, as between two corners that the open ground of a third lies between, along links
    over what other areas do not have in any case.
    """
    inside = town.inside(area)
    inside = inside[np.lexsort((town.links.gap_m[inside], town.links.cost[inside]))]
    used = False
    for avoided in (site.foreign, site.owned):
        left = shapely.union_all([*avoided, *site.setting.compounds])
        whole, more = _joined(town, whole, inside, left)
        used = used or more
    return whole, used


def _joined(
    town: Town, whole: shapely.Geometry, inside: Positions, left: shapely.Geometry
) -> tuple[shapely.Geometry, bool]:
    """Parts joined by strips along links, as far as the strips keep off ``left``."""
    used = False
    for k in inside:
        a, b = int(town.links.a[k]), int(town.links.b[k])
        parts = shapely.get_parts(whole)
        if len(parts) == 1:
            break
        at_a, at_b = (np.flatnonzero(shapely.intersects(parts, town.land[u])) for u in (a, b))
        if np.intersect1d(at_a, at_b).size:
            continue
        path = town.paths.get((a, b)) or shapely.shortest_line(town.land[a], town.land[b])
        strip = shapely.difference(_strip(path), left)
        joined = polygons(shapely.union_all([whole, strip]))
        if shapely.get_num_geometries(joined) < len(parts):
            whole, used = joined, True
    return whole, used
