"""Trace: the way between two places along edges of streets, banks, railways, borders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely
from shapely import Geometry

#: A place is on a line if it is this near to it, metres: about the width of a street with its verges.
ON_LINE_M: Final = 30.0
#: A way longer than this many times the straight line, and ASTRAY_M more, is none that a planner means.
ASTRAY: Final = 2.5
ASTRAY_M: Final = 60.0
#: Ways may lead this far beside the straight line, metres, or half its length where that is more.
ASIDE_M: Final = 120.0
#: The mouth of a street is at most this wide, metres.
MOUTH_M: Final = 45.0
#: Lines meet on this grid; bends of less than SMOOTH_M are none, metres.
GRID_M: Final = 0.001
SMOOTH_M: Final = 0.3
#: Where a line turns by less than this, in degrees, it bends: no corner to snap to.
BEND: Final = 30.0

Place = tuple[float, float]
Shapes = npt.NDArray[np.object_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Ways:
    """What a boundary may follow.

    Parameters
    ----------
    grounds : array of polygons, metres
        Streets and barriers with their width: their common edge is followed.
    lines : array of lines or polygons, metres
        What is followed itself: administrative lines, borders of areas.
    """

    grounds: Shapes
    lines: Shapes

    def trace(self, start: Place, stop: Place) -> tuple[Place, ...]:
        """From place to place along the lines; straight where none leads there without a long way round.

        Returns
        -------
        tuple of (x, y)
            ``start``, the corners on the way, ``stop``.
        """
        straight = shapely.LineString([start, stop])
        net = self._net(shapely.buffer(straight, max(ASIDE_M, straight.length / 2), quad_segs=2))
        way = None if net is None or straight.length < SMOOTH_M else _way(net, start, stop)
        if way is None or way.length > ASTRAY * straight.length + ASTRAY_M:
            return start, stop
        return start, *_places(shapely.simplify(way, SMOOTH_M)), stop

    def near(self, place: Place, reach_m: float) -> tuple[Place, bool] | None:
        """The nearest corner of the lines within reach and True, else the nearest place on them and False."""
        spot = shapely.Point(place)
        net = self._net(shapely.buffer(spot, 2 * reach_m, quad_segs=2))
        if net is None:
            return None
        corners = shapely.MultiPoint(net.xy[_turning(net)])
        for lines, is_corner in (
            (corners, True),
            (shapely.MultiLineString(list(net.tree.geometries)), False),
        ):
            foot = shapely.shortest_line(lines, spot)
            if foot is not None and foot.length <= reach_m:
                return _places(foot)[0], is_corner
        return None

    def _net(self, window: Geometry) -> _Net | None:
        """All lines in a window, parted where they meet."""
        grounds = self.grounds[self._trees[0].query(window)]
        lines = self.lines[self._trees[1].query(window)]
        over = shapely.union_all(grounds)
        edges = [shapely.boundary(over), *_curves(lines)]
        met = shapely.union_all(shapely.intersection(edges, window), grid_size=GRID_M)
        curves = shapely.get_parts(met)
        curves = curves[shapely.get_dimensions(curves) == 1]
        return _Net.of(curves, shapely.buffer(over, GRID_M)) if len(curves) else None

    @cached_property
    def _trees(self) -> tuple[shapely.STRtree, shapely.STRtree]:
        return shapely.STRtree(self.grounds), shapely.STRtree(self.lines)


@dataclass(frozen=True, eq=False)
class _Net:
    """Places and the straight pieces between them."""

    xy: Floats
    ends: Ints  # (n, 2), positions in ``xy``
    tree: shapely.STRtree  # of the pieces
    over: Geometry  # streets and barriers: a line goes on over the mouth of one

    @classmethod
    def of(cls, curves: Shapes, over: Geometry) -> _Net:
        places, curve = shapely.get_coordinates(curves, return_index=True)
        keys = np.round(places / GRID_M).astype(np.int64)
        _, first, spot = np.unique(keys, axis=0, return_index=True, return_inverse=True)
        xy, spot = places[first], spot.reshape(-1)
        joined = curve[1:] == curve[:-1]
        ends = np.stack([spot[:-1][joined], spot[1:][joined]], axis=1).astype(np.int64)
        ends = ends[ends[:, 0] != ends[:, 1]]
        return cls(xy, ends, shapely.STRtree(shapely.linestrings(xy[ends])), over)


def _mouths(net: _Net) -> Ints:
    """Pairs of corners between which a line goes on over the mouth of a street."""
    at = _turning(net)
    spots = shapely.points(net.xy[at])
    one, other = at[shapely.STRtree(spots).query(spots, predicate="dwithin", distance=MOUTH_M)]
    pairs: Ints = np.stack([one, other], axis=1)[one < other]
    shapely.prepare(net.over)
    over: Ints = pairs[shapely.covers(net.over, shapely.linestrings(net.xy[pairs]))]
    return over


def _turning(net: _Net) -> Ints:
    """Positions of places where lines meet or turn by more than a bend of a curve."""
    way = net.xy[net.ends[:, 1]] - net.xy[net.ends[:, 0]]
    turn = np.degrees(np.arctan2(way[:, 1], way[:, 0])) % 180.0
    place, count = np.unique(net.ends, return_counts=True)
    low, high = np.full(len(net.xy), 180.0), np.zeros(len(net.xy))
    for end in (0, 1):
        np.minimum.at(low, net.ends[:, end], turn)
        np.maximum.at(high, net.ends[:, end], turn)
    apart = np.minimum(high - low, 180.0 - (high - low))[place]
    found: Ints = place[(count > 2) | ((count == 2) & (apart > BEND))]
    return found


def _curves(shapes: Shapes) -> Shapes:
    """Lines as they are, of polygons the edge."""
    curves: Shapes = np.where(shapely.get_dimensions(shapes) == 2, shapely.boundary(shapes), shapes)
    return curves


def _way(net: _Net, start: Place, stop: Place) -> Geometry | None:
    """The shortest way along the net from where one place is nearest to it to where the other is."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import dijkstra

    spots = shapely.points(np.array([start, stop]))
    (_, piece), away = net.tree.query_nearest(spots, return_distance=True, all_matches=False)
    if (away > ON_LINE_M).any():
        return None
    feet = shapely.get_coordinates(shapely.shortest_line(net.tree.geometries[piece], spots))[::2]
    n = len(net.xy)
    xy = np.concatenate([net.xy, feet])
    tied = np.column_stack([np.repeat([n, n + 1], 2), net.ends[piece].reshape(-1)])
    direct = [[n, n + 1]] if piece[0] == piece[1] else np.empty((0, 2), int)
    ends = np.concatenate([net.ends, _mouths(net), tied, direct])
    # a foot on a corner is no distance away from it, which a sparse matrix would read as no tie at all
    length = np.maximum(np.hypot(*(xy[ends[:, 0]] - xy[ends[:, 1]]).T), GRID_M)
    graph = coo_array((length, (ends[:, 0], ends[:, 1])), shape=(n + 2, n + 2)).tocsr()
    reached, before = dijkstra(graph, directed=False, indices=n, return_predecessors=True)
    if not np.isfinite(reached[n + 1]):
        return None
    steps = [n + 1]
    while steps[-1] != n:
        steps.append(int(before[steps[-1]]))
    return shapely.LineString(xy[steps[::-1]])


def _places(line: Geometry) -> Sequence[Place]:
    return [(float(x), float(y)) for x, y in shapely.get_coordinates(line)]
