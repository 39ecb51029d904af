"""How far one walks along the roads, over bridges and through gates: ways between places and areas.

Roads that are drawn as crossing each other meet, but for bridges and tunnels, which meet others at their
ends only. What is hard for walkers (water, railways, walls, expressways) is crossed on a bridge, in a tunnel
or at a point of the crossings layer, nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from shapely.ops import substring

from renomap.ground.links import Ground
from renomap.model.derived import once

#: Ends of roads that lie this near to another road join it: surveys are drawn to a few decimetres.
SNAP_M: Final = 0.5
#: A place is reached from a road this near to it; without one its way is unknown. An assumption.
ACCESS_M: Final = 100.0
#: A crossing point opens what is hard this near to it, as it does for links (``crossings.POINT_M``).
OPEN_M: Final = 30.0
#: Banks are drawn a little wider than bridges are long.
BANK_M: Final = 5.0
#: A road that is farther than the nearest by no more leads to an area too; the way counts from its far end.
BESIDE_M: Final = 10.0
#: Half of the gap that is left in a road where it may not cross.
CUT_M: Final = 1.0
#: Nobody walks along these; expressways are hard to cross, too.
_EXPRESS: Final = ("motorway", "trunk")
_NOT_WALKED: Final = (*_EXPRESS, "construction", "platform")
#: Places whose ways are looked for at a time: a row of distances to every corner for each.
_AT_ONCE: Final = 64

#: Shapes whose meetings with the roads are kept.
_MOST_KEPT: Final = 20_000
_NAMES: Final = ("shape", "stretch", "first_m", "last_m", "access_m")

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Shapes = npt.NDArray[np.object_]
_NONE: Final[Ints] = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True)
class Entries:
    """Where shapes (n,) meet the roads: for each meeting the shape, the stretch of road, the first and the
    last metre of it that is met, and the way there from the shape."""

    shape: Ints
    stretch: Ints
    first_m: Floats
    last_m: Floats
    access_m: Floats


@dataclass(frozen=True)
class WalkingNetwork:
    """Stretches of road between corners.

    Parameters
    ----------
    stretches : array of LineString (m,)
    ends : int (m, 2)
        Corners at the start and the end of each.
    raised : bool (m,)
        Bridges and tunnels: nobody steps off them but at their ends.
    corners : int
        How many there are.
    hard : array of shapes
        What the way from a road to a place may not cross.
    """

    stretches: Shapes
    ends: Ints
    raised: npt.NDArray[np.bool_]
    corners: int
    hard: Shapes

    def metres(self, places: Shapes, outlines: Shapes, limit_m: float) -> Floats:
        """Ways from places to outlines.

        Parameters
        ----------
        places, outlines : arrays of shapes (p,), (k,)
            In the CRS of the roads, metres.
        limit_m : float
            Longer ways are not looked for.

        Returns
        -------
        float (p, k)
            0 where the two touch, infinite where the way is longer than the limit or there is none, NaN
            where no road leads to the place or the outline, so that nobody knows.
        """
        found = np.full((len(places), len(outlines)), np.inf)
        starts, goals = self._entries(places), self._entries(outlines)
        for begin in range(0, len(places), _AT_ONCE):
            chosen = np.arange(begin, min(begin + _AT_ONCE, len(places)))
            found[chosen] = self._ways(starts, goals, chosen, len(outlines), limit_m)
        found[found > limit_m] = np.inf
        found[~np.isin(np.arange(len(places)), starts.shape)] = np.nan
        found[:, ~np.isin(np.arange(len(outlines)), goals.shape)] = np.nan
        at, to = shapely.STRtree(outlines).query(places, predicate="intersects")
        found[at, to] = 0.0
        return found

    def reached(self, place: shapely.Geometry, limit_m: float) -> shapely.Geometry:
        """All roads within that walk of a place, as lines; empty where no road leads to it."""
        starts = self._entries(np.array([place], dtype=object))
        first, last = self._to_corners(starts, np.zeros(1, dtype=np.int64), limit_m)[0][self.ends].T
        length = shapely.length(self.stretches)
        rest = limit_m - starts.access_m
        own = np.column_stack([starts.first_m - rest, starts.last_m + rest])
        pieces = [
            substring(self.stretches[n], max(low, 0.0), min(high, length[n]))
            for n, (low, high) in zip(starts.stretch, own, strict=True)
            if high >= low
        ]
        for n in np.flatnonzero(np.minimum(first, last) < limit_m):
            ahead, back = max(limit_m - first[n], 0.0), max(limit_m - last[n], 0.0)
            if ahead + back >= length[n]:
                pieces.append(self.stretches[n])
                continue
            spans = ((0.0, ahead), (length[n] - back, length[n]))
            pieces += [substring(self.stretches[n], *span) for span in spans if span[1] > span[0]]
        return shapely.union_all(pieces)

    def _to_corners(self, starts: Entries, chosen: Ints, limit_m: float) -> Floats:
        """Ways from the chosen places (c,), numbered one after the other, to all corners."""
        from scipy.sparse import coo_matrix
        from scipy.sparse.csgraph import dijkstra

        length = shapely.length(self.stretches)
        mine = np.isin(starts.shape, chosen)
        place, at = starts.shape[mine] - chosen[0], starts.stretch[mine]
        access = starts.access_m[mine]
        to_ends = (access + starts.first_m[mine], access + length[at] - starts.last_m[mine])
        rows = np.concatenate([self.ends[:, 0], *(self.corners + place for _ in to_ends)])
        columns = np.concatenate([self.ends[:, 1], self.ends[at, 0], self.ends[at, 1]])
        # A way of no length is one all the same: a zero in a sparse matrix would be none.
        metres = np.maximum(np.concatenate([length, *to_ends]), 1e-9)
        size = self.corners + len(chosen)
        graph = _least(coo_matrix((metres, (rows, columns)), shape=(size, size)))
        from_places = self.corners + np.arange(len(chosen))
        ways = dijkstra(graph, directed=False, indices=from_places, limit=limit_m)
        return np.asarray(ways[:, : self.corners], dtype=np.float64)

    def _ways(self, starts: Entries, goals: Entries, chosen: Ints, k: int, limit_m: float) -> Floats:
        ways, length = self._to_corners(starts, chosen, limit_m), shapely.length(self.stretches)
        mine = np.isin(starts.shape, chosen)
        place, at = starts.shape[mine] - chosen[0], starts.stretch[mine]
        access = starts.access_m[mine]
        found = np.full((len(chosen), k), np.inf)
        from_start = ways[:, self.ends[goals.stretch, 0]] + goals.first_m
        from_end = ways[:, self.ends[goals.stretch, 1]] + length[goals.stretch] - goals.last_m
        best = np.minimum(from_start, from_end) + goals.access_m
        for row, values in enumerate(best):
            np.minimum.at(found[row], goals.shape, values)
        # Both on one stretch: along it, without coming to a corner.
        order = np.argsort(goals.stretch, kind="stable")
        low, high = (np.searchsorted(goals.stretch[order], at, side) for side in ("left", "right"))
        for n in np.flatnonzero(high > low):
            same, i = order[low[n] : high[n]], np.flatnonzero(mine)[n]
            before, behind = goals.first_m[same] - starts.last_m[i], starts.first_m[i] - goals.last_m[same]
            along = np.maximum(np.maximum(before, behind), 0.0) + access[n] + goals.access_m[same]
            np.minimum.at(found[place[n]], goals.shape[same], along)
        return found

    def _entries(self, shapes: Shapes) -> Entries:
        """Where shapes meet the roads; of shapes that were asked before, such as all but the one or two areas
        that a stroke changes, it is known."""
        known: dict[shapely.Geometry, Entries] = once(self, "entries", dict)
        new = np.array([shape for shape in dict.fromkeys(shapes) if shape not in known], dtype=object)
        if len(known) + len(new) > _MOST_KEPT:
            known.clear()
            new = np.array(list(dict.fromkeys(shapes)), dtype=object)
        if len(new):
            found = self._found(new)
            known.update({shape: _of(found, n) for n, shape in enumerate(new)})
        each = [known[shape] for shape in shapes]
        counts = np.array([len(one.shape) for one in each], dtype=np.int64)
        return replace(_joint(*each), shape=np.repeat(np.arange(len(shapes)), counts))

    def _found(self, shapes: Shapes) -> Entries:
        level = np.flatnonzero(~self.raised)
        tree = once(self, "level", lambda: shapely.STRtree(self.stretches[level]))
        at, on = tree.query(shapes, predicate="intersects")
        met = self._met(shapes, at, level[on], shapes)
        alone = np.setdiff1d(np.arange(len(shapes)), at)
        near, road = tree.query(shapes[alone], predicate="dwithin", distance=ACCESS_M)
        near, road = alone[near], level[road]
        ways = shapely.shortest_line(shapes[near], self.stretches[road])
        metres = shapely.length(ways)
        order = np.lexsort((road, metres))
        order = order[~self._blocked(ways[order])]
        order = order[np.unique(near[order], return_index=True)[1]]  # the nearest that is free
        spot = shapely.line_locate_point(self.stretches[road[order]], shapely.get_point(ways[order], -1))
        single = Entries(near[order], road[order], spot, spot, metres[order])
        # Ground is entered wherever a road passes about as near as the nearest.
        wide = single.shape[shapely.get_dimensions(shapes[single.shape]) == 2]
        around = np.full(len(shapes), None, dtype=object)
        reach = metres[order][np.isin(single.shape, wide)] + BESIDE_M
        around[wide] = shapely.buffer(shapes[wide], reach)
        beside, by = tree.query(around[wide], predicate="intersects")
        return _joint(met, single, self._met(around, wide[beside], level[by], shapes))

    def _met(self, around: Shapes, at: Ints, on: Ints, shapes: Shapes) -> Entries:
        """Parts of stretches inside what is around shapes, as far from the shape as their farther end."""
        inside = shapely.intersection(self.stretches[on], around[at])
        parts, which = shapely.get_parts(inside, return_index=True)
        free = ~self._blocked(shapely.shortest_line(shapes[at[which]], parts))
        parts, shape, stretch = parts[free], at[which[free]], on[which[free]]
        first, last = self._along(parts, stretch)
        corners, of = shapely.get_coordinates(parts, return_index=True)
        access = np.zeros(len(parts))
        np.maximum.at(access, of, shapely.distance(shapely.points(corners), shapes[shape[of]]))
        return Entries(shape, stretch, first, last, access)

    def _along(self, met: Shapes, stretch: Ints) -> tuple[Floats, Floats]:
        """First and last metre of each stretch that a part of it covers."""
        corners, which = shapely.get_coordinates(met, return_index=True)
        spots = shapely.line_locate_point(self.stretches[stretch[which]], shapely.points(corners))
        first, last = np.full(len(met), np.inf), np.full(len(met), -np.inf)
        np.minimum.at(first, which, spots)
        np.maximum.at(last, which, spots)
        return first, last

    def _blocked(self, ways: Shapes) -> npt.NDArray[np.bool_]:
        """Which ways to a road cross something hard; their first metre may lie on a wall."""
        if not len(ways):
            return np.zeros(0, dtype=bool)
        length = shapely.length(ways)
        begin = shapely.line_interpolate_point(ways, np.minimum(CUT_M, length))
        trimmed = shapely.linestrings(
            np.stack(
                [shapely.get_coordinates(begin), shapely.get_coordinates(shapely.get_point(ways, -1))], 1
            )
        )
        blocked = np.zeros(len(ways), dtype=bool)
        hard = once(self, "hard", lambda: shapely.STRtree(self.hard))
        blocked[hard.query(trimmed, predicate="intersects")[0]] = True
        blocked[length <= CUT_M] = False
        return blocked


def _joint(*entries: Entries) -> Entries:
    """All of them, one after the other."""
    if not entries:
        return Entries(_NONE, _NONE, _NONE.astype(float), _NONE.astype(float), _NONE.astype(float))
    return Entries(*(np.concatenate([getattr(each, name) for each in entries]) for name in _NAMES))


def _of(entries: Entries, shape: int) -> Entries:
    """Those of one shape."""
    mine = entries.shape == shape
    return Entries(*(getattr(entries, name)[mine] for name in _NAMES))


def network(roads: gpd.GeoDataFrame, ground: Ground) -> WalkingNetwork:
    """The roads that one may walk along, cut where nothing leads over what is hard.

    Parameters
    ----------
    roads : GeoDataFrame
        The roads as ``barriers.describe`` gives them.
    ground : Ground
        Of the same layers, in the same CRS.
    """
    lines = roads[(shapely.get_dimensions(roads.geometry.to_numpy()) == 1) & ~roads["kind"].isin(_NOT_WALKED)]
    raised = lines["bridge"].to_numpy(dtype=bool) | lines["tunnel"].to_numpy(dtype=bool)
    shapes = lines.geometry.to_numpy()
    barred = (ground.hard["role"] != "roads") | ground.hard["kind"].isin(_EXPRESS)
    hard = ground.hard.geometry.to_numpy()[barred.to_numpy(dtype=bool)]
    spots = ground.passages.geometry.to_numpy()
    spots = spots[shapely.get_dimensions(spots) == 0]
    flat = _opened(shapes[~raised], hard, spots, shapes[raised])
    return _noded(np.concatenate([flat, _links(flat, hard, spots)]), shapes[raised], hard)


def _opened(flat: Shapes, hard: Shapes, spots: Shapes, decks: Shapes) -> Shapes:
    """Roads with a gap wherever they cross what is hard away from crossings and from ends of bridges."""
    road, barrier = shapely.STRtree(hard).query(flat, predicate="intersects")
    parts, which = shapely.get_parts(shapely.intersection(flat[road], hard[barrier]), return_index=True)
    free = np.zeros(len(parts), dtype=bool)
    banks = shapely.boundary(decks)
    for open_at, metres in ((spots, OPEN_M), (banks, BANK_M)):
        free[shapely.STRtree(open_at).query(parts, predicate="dwithin", distance=metres)[0]] = True
    cut = flat.copy()
    shut, of = shapely.buffer(parts[~free], CUT_M), road[which[~free]]
    for n in np.unique(of):
        cut[n] = shapely.difference(flat[n], shapely.union_all(shut[of == n]))
    winding = np.flatnonzero(~shapely.is_simple(cut))
    cut[winding] = shapely.node(cut[winding])  # a road that comes back to itself has a corner there
    found: Shapes = shapely.get_parts(cut)
    return np.asarray(found[shapely.length(found) > 0], dtype=object)


def _links(flat: Shapes, hard: Shapes, spots: Shapes) -> Shapes:
    """Ways between a crossing and the roads about it, where no road is drawn through it."""
    at, road = shapely.STRtree(flat).query(spots, predicate="dwithin", distance=OPEN_M)
    ways = shapely.shortest_line(spots[at], flat[road])
    ways_at, barrier = shapely.STRtree(hard).query(ways, predicate="intersects")
    own = shapely.dwithin(spots[at[ways_at]], hard[barrier], OPEN_M)
    shut = np.unique(ways_at[~own])
    keep = np.setdiff1d(np.flatnonzero(shapely.length(ways) > SNAP_M), shut)
    return np.asarray(ways[keep], dtype=object)


def _noded(flat: Shapes, decks: Shapes, hard: Shapes) -> WalkingNetwork:
    lines = np.concatenate([flat, decks])
    if not len(lines):
        nothing = np.zeros((0, 2), dtype=np.int64)
        return WalkingNetwork(lines, nothing, np.zeros(0, dtype=bool), 0, hard)
    tree = shapely.STRtree(flat)
    one, two = tree.query(flat, predicate="intersects")
    one, two = one[one < two], two[one < two]
    corners, which = shapely.get_coordinates(shapely.intersection(flat[one], flat[two]), return_index=True)
    tips = shapely.get_point(np.repeat(lines, 2), np.tile([0, -1], len(lines)))
    tip, beside = tree.query(tips, predicate="dwithin", distance=SNAP_M)
    line = np.concatenate([one[which], two[which], beside])
    points = np.concatenate([shapely.points(corners), shapely.points(corners), tips[tip]])
    spot = shapely.line_locate_point(lines[line], points)
    # Of a ring both ends are one point: its length is not found by looking for it.
    own, length = np.arange(len(lines)), shapely.length(lines)
    line = np.concatenate([line, own, own])
    spot = np.concatenate([spot, np.zeros(len(lines)), length])
    order = np.lexsort((spot, line))
    line, spot = line[order], spot[order]
    follows = (line[1:] == line[:-1]) & (spot[1:] - spot[:-1] > 1e-6)
    keep = np.concatenate([[True], (line[1:] != line[:-1]) | follows])
    line, spot = line[keep], spot[keep]
    first = np.flatnonzero(line[1:] == line[:-1])
    of = line[first]
    stretches = _between(lines[of], spot[first], spot[first + 1])
    corner = _joined(shapely.line_interpolate_point(lines[line], spot))
    ends = np.stack([corner[first], corner[first + 1]], axis=1)
    return WalkingNetwork(stretches, ends, of >= len(flat), int(corner.max(initial=-1)) + 1, hard)


def _between(lines: Shapes, low: Floats, high: Floats) -> Shapes:
    whole = (low <= 0) & (high >= shapely.length(lines) - 1e-9)
    pieces = [
        line if every else substring(line, start, end)
        for line, every, start, end in zip(lines, whole, low, high, strict=True)
    ]
    return np.array(pieces, dtype=object)


def _joined(points: Shapes) -> Ints:
    """Number of the corner that each point is: those within ``SNAP_M`` of each other are one."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    a, b = shapely.STRtree(points).query(points, predicate="dwithin", distance=SNAP_M)
    near = coo_matrix((np.ones(len(a), dtype=np.int8), (a, b)), shape=(len(points), len(points)))
    return np.asarray(connected_components(near, directed=False)[1], dtype=np.int64)


def _least(graph: object) -> object:
    """The matrix with the shortest of several ways between two corners, not their sum."""
    from scipy.sparse import csr_matrix

    made: csr_matrix = graph
    rows, columns = np.minimum(made.row, made.col), np.maximum(made.row, made.col)
    order = np.lexsort((made.data, columns, rows))
    rows, columns, data = rows[order], columns[order], made.data[order]
    first = np.ones(len(rows), dtype=bool)
    first[1:] = (rows[1:] != rows[:-1]) | (columns[1:] != columns[:-1])
    return csr_matrix((data[first], (rows[first], columns[first])), shape=made.shape)
