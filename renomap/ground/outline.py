"""Outlines: the boundary of each area as a planner would draw it round the territories of its members."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from renomap.ground import crossings
from renomap.ground.links import Ground
from renomap.ground.redrawing import Former, Standing
from renomap.ground.segments import areal
from renomap.ground.territories import hard_zone
from renomap.model.feedback import Feedback, Silent
from renomap.model.links import CROSSING, USER, Links
from renomap.model.overlay import NOWHERE, main_holder
from renomap.model.scheme import UNASSIGNED

#: Width of the strip that joins members over a bridge or by the user's word: about that of a street bridge,
#: chosen here, without a source.
CORRIDOR_M = 12.0
#: Bays narrower than twice this are closed, as far as the ground is nobody else's.
CLOSING_M = 15.0
#: Strips of open ground narrower than twice this are given up.
SLIVER_M = 1.5
#: Holes smaller than this are filled where nobody stands in them.
HOLE_M2 = 1500.0
#: Areas this near to an outline may share its border across a street.
ACROSS_M = 20.0
#: Roads that bound nothing.
INSIDE_ROADS = ("service", "path", "viaduct")
#: Territories that share less border than this do not hang together on the map.
WAIST_M = 6.0

Shapes = npt.NDArray[np.object_]


@dataclass(frozen=True, eq=False)
class Land:
    """The land that areas are drawn on, for one setting of gap and nesting.

    Parameters
    ----------
    neighbourhoods, territories : GeoSeries
        Index ``fid``; see ``territories.territories``.
    links : Links
        Ground contiguity, the user's overrides applied.
    ground : Ground
        From ``links.collect``.
    within : GeoSeries, optional
        The administrative units that ``territories`` was given.
    """

    neighbourhoods: gpd.GeoSeries
    territories: gpd.GeoSeries
    links: Links
    ground: Ground
    within: gpd.GeoSeries | None = None


def outlines(
    assignment: pd.Series[int],
    land: Land,
    *,
    drawn: gpd.GeoSeries | None = None,
    former: Former | None = None,
    feedback: Feedback | None = None,
) -> gpd.GeoDataFrame:
    """The outline of each area: the union of its members' territories, made whole.

    Members that are linked over more ground than territories cover are joined over that ground; members
    that only a crossing or the user's word joins are joined by a strip of 12 m, or the outline has several
    parts. Outlines never overlap, hold their members' land, and leave out hard barriers and, with
    ``land.within``, the ground of other administrative units, except under land of members and strips over a
    bridge. A boundary drawn by hand stands as it is and cuts the derived ones.

    Parameters
    ----------
    assignment : Series
        int64, index ``fid``, the area id or 0.
    drawn : GeoSeries, optional
        Index area id, boundaries drawn by hand; missing and empty ones are derived.
    former : Former, optional
        Outlines drawn before over the same ground; the result is the same with and without them, but only
        what has changed is drawn.

    Returns
    -------
    GeoDataFrame
        Index ``id`` (int64, sorted): geometry (Polygon or MultiPolygon), ``parts`` (int), ``corridor``
        (bool: a strip over a crossing or by the user's word is part of it). Areas without members and
        without a drawn boundary do not appear.
    """
    by_hand = _by_hand(drawn)
    members = assignment[assignment != UNASSIGNED].to_numpy()
    ids = np.unique(np.concatenate([members, [*by_hand]])).astype(np.int64)
    standing = None
    if former is not None:
        hands = _by_hand(former.drawn), by_hand
        shown = land.territories, land.neighbourhoods
        standing = Standing(former, assignment, shown, hands, ACROSS_M + CLOSING_M)
    found = _drawn_in_turn(ids, _Town.of(assignment, land), by_hand, standing, feedback or Silent())
    geometry = [shape for shape, _ in found]
    index = pd.Index(ids, name="id")
    return gpd.GeoDataFrame(
        {
            "parts": np.array([_count(shape) for shape in geometry], dtype=np.int64),
            "corridor": np.array([corridor for _, corridor in found], dtype=bool),
        },
        geometry=gpd.GeoSeries(geometry, crs=land.neighbourhoods.crs, index=index),
        index=index,
    )


def _drawn_in_turn(
    ids: npt.NDArray[np.int64],
    town: _Town,
    by_hand: dict[int, shapely.Geometry],
    standing: Standing | None,
    feedback: Feedback,
) -> list[tuple[shapely.Geometry, bool]]:
    """Outline of each area, and whether a strip is part of it; earlier ones take ground from later ones."""
    found: list[tuple[shapely.Geometry, bool]] = []
    before = _Taken(len(ids))
    taken = shapely.union_all(list(by_hand.values())) if by_hand else shapely.Polygon()
    for done, area in enumerate(ids.tolist()):
        feedback.check()
        feedback.progress(done / len(ids), "ground.outlining")
        if area in by_hand:
            found.append((by_hand[area], False))
            continue
        corridor = False
        shape = None if standing is None else standing.outline(area)
        if shape is None:
            shape, corridor = town.outline(area, before)
            shape = _polygons(shapely.difference(shape, taken)) if by_hand else shape
            if standing is not None:
                standing.redrawn(area, shape)
        found.append((shape, corridor))
        before.add(shape)
    return found


def _by_hand(drawn: gpd.GeoSeries | None) -> dict[int, shapely.Geometry]:
    """Drawn boundaries by area; where two overlap the smaller id keeps the ground."""
    kept: dict[int, shapely.Geometry] = {}
    if drawn is None:
        return kept
    for area, shape in drawn[~(drawn.isna() | drawn.is_empty)].sort_index().items():
        others = shapely.union_all(list(kept.values()))
        kept[int(area)] = _polygons(shapely.difference(shape, others)) if kept else shape
    return kept


class _Taken:
    """Outlines already drawn: ground that later ones cannot have."""

    def __init__(self, room: int) -> None:
        self._shapes = np.empty(room, dtype=object)
        self._boxes = np.full((room, 4), np.nan)
        self._count = 0

    def add(self, shape: shapely.Geometry) -> None:
        """Take the ground of one more outline."""
        self._shapes[self._count] = shape
        self._boxes[self._count] = shapely.bounds(shape)
        self._count += 1

    def near(self, shape: shapely.Geometry) -> Shapes:
        """The outlines whose box meets that of a shape."""
        x0, y0, x1, y1 = shapely.bounds(shape)
        boxes = self._boxes
        meets = (boxes[:, 0] <= x1) & (boxes[:, 2] >= x0) & (boxes[:, 1] <= y1) & (boxes[:, 3] >= y0)
        found: Shapes = self._shapes[meets]
        return found


@dataclass(frozen=True)
class _Town:
    """What outlines are drawn from, by position of the unit."""

    area: npt.NDArray[np.int64]
    land: Shapes
    ground: Shapes  # territories
    links: Links
    tree: shapely.STRtree  # of territories
    hard: Shapes
    hard_tree: shapely.STRtree
    streets: Shapes  # road lines with their assumed width
    street_tree: shapely.STRtree
    home: npt.NDArray[np.int64]
    admin: Shapes
    around: Ground
    paths: dict[tuple[int, int], shapely.Geometry] = field(default_factory=dict)

    @classmethod
    def of(cls, assignment: pd.Series[int], given: Land) -> _Town:
        links, ground, within = given.links, given.ground, given.within
        fids = pd.Index(links.fids)
        land = areal(given.neighbourhoods.reindex(fids).values)
        own = np.asarray(given.territories.reindex(fids).values)
        area = np.asarray(assignment.reindex(fids, fill_value=UNASSIGNED), dtype=np.int64)
        zone = hard_zone(ground)
        admin = np.empty(0, dtype=object) if within is None else np.asarray(within.values)
        home, _ = main_holder(gpd.GeoSeries(admin), gpd.GeoSeries(land))
        streets = _streets(ground)
        trees = shapely.STRtree(own), shapely.STRtree(zone), shapely.STRtree(streets)
        town = cls(area, land, own, links, trees[0], zone, trees[1], streets, trees[2], home, admin, ground)
        inside = area[links.a] == area[links.b]
        if (inside & (area[links.a] != UNASSIGNED) & (links.kind == CROSSING)).any():
            joined = crossings.joins(land, ground.passages, ground.hard)
            pairs = zip(joined["a"], joined["b"], joined["path"], strict=True)
            town.paths.update({(int(a), int(b)): path for a, b, path in pairs})
        return town

    def outline(self, area: int, before: _Taken) -> tuple[shapely.Geometry, bool]:
        """The outline of one area; ``before`` are the outlines already drawn, whose ground is taken."""
        members = np.flatnonzero(self.area == area)
        base = shapely.coverage_union_all(self.ground[members])
        wanted = shapely.buffer(shapely.buffer(base, CLOSING_M, quad_segs=6), -CLOSING_M, quad_segs=6)
        bridged = [self._between(a, b) for a, b in self._gaps(area)]
        wanted = shapely.union_all([wanted, *bridged])
        free = self._free(wanted, members, before)
        whole = _polygons(shapely.union_all([base, _attached(shapely.intersection(wanted, free), base)]))
        whole = self._holes_filled(whole, members, before)
        land = shapely.union_all(self.land[members])
        whole = _without_slivers(self._to_road_edges(whole, area, land), land)
        if len(shapely.get_parts(whole)) == 1:
            return whole, False
        return self._with_corridors(whole, area, members, before)

    def _inside(self, area: int) -> npt.NDArray[np.intp]:
        return np.flatnonzero((self.area[self.links.a] == area) & (self.area[self.links.b] == area))

    def _gaps(self, area: int) -> Iterator[tuple[int, int]]:
        """Linked members whose territories do not share enough border to hang together."""
        for k in self._inside(area):
            a, b = int(self.links.a[k]), int(self.links.b[k])
            if self.links.kind[k] == USER or (a, b) in self.paths or self.links.gap_m[k] == 0:
                continue
            shared = shapely.intersection(self.ground[a], self.ground[b])
            if shapely.length(shared) < WAIST_M:
                yield a, b

    def _between(self, a: int, b: int) -> shapely.Geometry:
        """The ground between two faces: what a closing as wide as their gap fills."""
        both = shapely.union_all(self.land[[a, b]])
        radius = shapely.distance(self.land[a], self.land[b]) / 2 + 1.0
        closed = shapely.buffer(shapely.buffer(both, radius, quad_segs=6), -radius, quad_segs=6)
        near = shapely.intersection(*shapely.buffer(self.land[[a, b]], 2 * radius))
        return shapely.intersection(closed, near)

    def _free(
        self, wanted: shapely.Geometry, members: npt.NDArray[np.intp], before: _Taken
    ) -> shapely.Geometry:
        """The part of the ground wanted that is nobody else's, no barrier, of the right administration."""
        others = np.setdiff1d(self.tree.query(wanted), members)
        walls = self.hard[self.hard_tree.query(wanted)]
        closed = [
            *self.ground[others],
            *walls,
            *before.near(wanted),
        ]
        free = shapely.difference(wanted, shapely.union_all(closed)) if closed else wanted
        homes = np.unique(self.home[members])
        if len(self.admin) and (homes != NOWHERE).all():
            free = shapely.intersection(free, shapely.union_all(self.admin[homes]))
        return free

    def _holes_filled(
        self, whole: shapely.Geometry, members: npt.NDArray[np.intp], before: _Taken
    ) -> shapely.Geometry:
        """Without the small holes in which nobody stands."""
        filled = []
        for part in shapely.get_parts(whole):
            for ring in part.interiors:
                hole = shapely.Polygon(ring)
                if hole.area < HOLE_M2:
                    filled.append(shapely.intersection(hole, self._free(hole, members, before)))
        return _polygons(shapely.union_all([whole, *filled])) if filled else whole

    def _to_road_edges(self, whole: shapely.Geometry, area: int, land: shapely.Geometry) -> shapely.Geometry:
        """The outline drawn back to the near edge of the streets that bound it.

        Ground beyond a street is given up where no member stands there; the street stays where a member or
        another area, which shares the border in its middle, stands on the other side. Left as it is if the
        outline would fall apart.
        """
        streets = self.streets[np.sort(self.street_tree.query(whole, predicate="intersects"))]
        if len(streets) == 0:
            return whole
        street = shapely.union_all(streets)
        pieces = shapely.get_parts(_polygons(shapely.difference(whole, shapely.union_all([street, land]))))
        touch = shapely.length(shapely.intersection(shapely.buffer(pieces, 0.01), shapely.boundary(land)))
        kept = shapely.union_all([land, *pieces[touch > SLIVER_M]])
        near = self.tree.query(whole, predicate="dwithin", distance=ACROSS_M)
        others = near[(self.area[near] != area) & (self.area[near] != UNASSIGNED)]
        both = shapely.union_all([kept, *self.land[others]])
        joined = shapely.buffer(shapely.buffer(both, CLOSING_M, quad_segs=4), -CLOSING_M, quad_segs=4)
        back = _polygons(shapely.intersection(whole, shapely.union_all([joined, kept])))
        return back if len(shapely.get_parts(back)) <= len(shapely.get_parts(whole)) else whole

    def _with_corridors(
        self,
        whole: shapely.Geometry,
        area: int,
        members: npt.NDArray[np.intp],
        before: _Taken,
    ) -> tuple[shapely.Geometry, bool]:
        """Parts joined along the links that lead over crossings, the least costly first."""
        others = np.flatnonzero(self.area != area)
        inside = self._inside(area)
        used = False
        for k in inside[np.lexsort((self.links.gap_m[inside], self.links.cost[inside]))]:
            a, b = int(self.links.a[k]), int(self.links.b[k])
            parts = shapely.get_parts(whole)
            if len(parts) == 1:
                break
            at_a, at_b = (np.flatnonzero(shapely.intersects(parts, self.land[u])) for u in (a, b))
            if np.intersect1d(at_a, at_b).size:
                continue
            path = self.paths.get((a, b)) or shapely.shortest_line(self.land[a], self.land[b])
            strip = shapely.buffer(path, CORRIDOR_M / 2, cap_style="square")
            foreign = others[self._near(strip, others)]
            blocked = [*self.ground[foreign], *before.near(strip)]
            strip = shapely.difference(strip, shapely.union_all(blocked)) if blocked else strip
            joined = _polygons(shapely.union_all([whole, strip]))
            if len(shapely.get_parts(joined)) < len(parts):
                whole, used = joined, True
        return whole, used

    def _near(self, shape: shapely.Geometry, units: npt.NDArray[np.intp]) -> npt.NDArray[np.bool_]:
        return np.isin(units, self.tree.query(shape))


def _polygons(shape: shapely.Geometry) -> shapely.Geometry:
    """Only the areas of what an overlay gave, without specks."""
    parts = shapely.get_parts(shape)
    parts = parts[(shapely.get_dimensions(parts) == 2) & (shapely.area(parts) > 0.01)]
    if len(parts) == 0:
        return shapely.Polygon()
    return parts[0] if len(parts) == 1 else shapely.multipolygons(parts)


def _count(shape: shapely.Geometry) -> int:
    return 0 if shape.is_empty else int(shapely.get_num_geometries(shape))


def _attached(extra: shapely.Geometry, base: shapely.Geometry) -> shapely.Geometry:
    """Those parts of the added ground that share a border with the base, not a corner only."""
    parts = shapely.get_parts(_polygons(extra))
    if len(parts) == 0:
        return shapely.Polygon()
    touch = shapely.length(shapely.intersection(shapely.buffer(parts, 0.01), shapely.boundary(base)))
    return shapely.union_all(parts[touch > SLIVER_M])


def _streets(ground: Ground) -> Shapes:
    """Streets that may bound an area, as wide as they are assumed to be."""
    roads = ground.roads[ground.roads["opens"] & ~ground.roads["kind"].isin(INSIDE_ROADS)]
    widths = roads["half_width_m"].to_numpy(dtype=float)
    streets: Shapes = shapely.buffer(roads.geometry.to_numpy(), widths, cap_style="square")
    return streets


def _without_slivers(whole: shapely.Geometry, land: shapely.Geometry) -> shapely.Geometry:
    """The outline without thin strips and spikes of open ground."""
    joins = {"join_style": "mitre", "mitre_limit": 3.0}
    opened = shapely.buffer(shapely.buffer(whole, -SLIVER_M, **joins), SLIVER_M, **joins)
    spikes = shapely.get_parts(_polygons(shapely.difference(whole, opened)))
    spikes = shapely.get_parts(shapely.union_all(shapely.difference(spikes, land)))
    spikes = spikes[shapely.area(spikes) > 1.0]
    if len(spikes) == 0:
        return whole
    return _polygons(shapely.difference(whole, shapely.union_all(spikes)))
