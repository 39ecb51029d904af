"""Who is a neighbour of whom on open ground, sampled along boundaries by code of its own.

Frontage is the length of a boundary from which the straight line to the nearest point of the other is short,
looks outward and crosses nobody else; the smaller of both directions. Contact and overlap count in full, so
one that lies in another is its neighbour though the other's boundary looks away. Sampled, it is good to about
a metre: pairs near the least frontage count as doubtful. Roads, water and railways are not known here.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra

GAP_M, LEAST_M, PIECE_M, DOUBT_M = 30.0, 10.0, 0.5, 1.5
STEEPEST = math.cos(math.radians(45.0))


@dataclass(frozen=True)
class Neighbours:
    """Frontage of pairs of fids, metres, and where their representative points are."""

    frontage: dict[tuple[int, int], float]
    points: dict[int, tuple[float, float]]

    def walk(self, members: Iterable[int], least: float) -> float:
        """Longest shortest walk between members over pairs of at least that frontage; inf if torn."""
        order = {fid: i for i, fid in enumerate(members)}
        rows, ends, lengths = [], [], []
        for (one, two), metres in self.frontage.items():
            if one in order and two in order and metres >= least:
                rows.append(order[one])
                ends.append(order[two])
                lengths.append(max(math.dist(self.points[one], self.points[two]), 1e-9))
        size = len(order)
        return float(dijkstra(csr_array((lengths, (rows, ends)), shape=(size, size)), directed=False).max())

    def walks(self, members: Iterable[int]) -> tuple[float, float]:
        """The walk if all doubtful pairs are neighbours, and if none is."""
        own = list(members)
        return self.walk(own, LEAST_M - DOUBT_M), self.walk(own, LEAST_M + DOUBT_M)

    def pieces(self) -> dict[int, int]:
        """Number of the piece that each neighbourhood is in."""
        fids = list(self.points)
        order = {fid: i for i, fid in enumerate(fids)}
        pairs = [pair for pair, metres in self.frontage.items() if metres >= LEAST_M]
        a, b = ([order[pair[end]] for pair in pairs] for end in (0, 1))
        graph = csr_array((np.ones(len(pairs)), (a, b)), shape=(len(fids), len(fids)))
        return dict(zip(fids, connected_components(graph, directed=False)[1].tolist(), strict=True))


def neighbours(units: gpd.GeoDataFrame) -> Neighbours:
    """Of neighbourhoods in metres, those of one subdistrict only (``street``; all where there is none)."""
    shapes = np.asarray(units.geometry.values)
    fids = [int(fid) for fid in units["fid"]]
    streets = [value if isinstance(value, str) else None for value in units["street"]]
    tree = shapely.STRtree(shapes)
    near = defaultdict(list)
    for i, j in tree.query(shapes, predicate="dwithin", distance=GAP_M).T.tolist():
        if i != j and streets[i] == streets[j]:
            near[i].append(j)
    one_way: dict[tuple[int, int], float] = {}
    for i, others in near.items():
        feet, outward, lengths = _pieces(shapes[i])
        for j in others:
            one_way[i, j] = _seen(i, j, feet, outward, lengths, shapes, tree)
    both = {(i, j): min(one_way[i, j], one_way[j, i]) for i, j in one_way if i < j}
    for inner, outer in tree.query(shapes, predicate="within").T.tolist():
        if (inner, outer) in one_way and inner != outer:
            both[min(inner, outer), max(inner, outer)] = one_way[inner, outer]
    middles = units.representative_point()
    return Neighbours(
        {(fids[i], fids[j]): metres for (i, j), metres in both.items() if metres > 0},
        {fid: (point.x, point.y) for fid, point in zip(fids, middles, strict=True)},
    )


def _pieces(shape: shapely.Geometry) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Middles of short pieces of a boundary, their outward directions and lengths."""
    starts, ends = [], []
    for part in shapely.get_parts(shape):
        turned = shapely.orient_polygons(part)  # land on the left of every ring
        for ring in (turned.exterior, *turned.interiors):
            points = shapely.get_coordinates(shapely.segmentize(ring, PIECE_M))
            starts.append(points[:-1])
            ends.append(points[1:])
    a, b = np.concatenate(starts), np.concatenate(ends)
    lengths = np.hypot(*(b - a).T)
    kept = lengths > 0
    a, b, lengths = a[kept], b[kept], lengths[kept]
    outward = np.column_stack([b[:, 1] - a[:, 1], a[:, 0] - b[:, 0]]) / lengths[:, None]
    return (a + b) / 2, outward, lengths


def _seen(
    i: int,
    j: int,
    feet: np.ndarray,
    outward: np.ndarray,
    lengths: np.ndarray,
    shapes: np.ndarray,
    tree: shapely.STRtree,
) -> float:
    """How much of the boundary of ``i`` looks upon ``j``."""
    points = shapely.points(feet)
    apart = shapely.distance(points, shapes[j])
    close = np.flatnonzero(apart <= GAP_M)
    touching = apart[close] < 0.01
    lines = shapely.shortest_line(points[close], shapes[j])
    ends = shapely.get_coordinates(lines).reshape(-1, 2, 2)[:, 1]
    with np.errstate(invalid="ignore", divide="ignore"):
        ahead = ((ends - feet[close]) * outward[close]).sum(axis=1) / apart[close]
    clear = ahead >= STEEPEST - 1e-9
    line, third = tree.query(lines, predicate="crosses")
    clear[line[(third != i) & (third != j)]] = False
    return float(lengths[close][touching | clear].sum())
