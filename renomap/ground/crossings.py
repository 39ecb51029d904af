"""Ways over and under what is hard: bridges, tunnels, underpasses, gates, and whom they join."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
import shapely.ops

from renomap.ground.barriers import effects

#: A way joins the neighbourhoods that lie this near to it; an assumption of this program, without a source.
NEAR_M = 50.0
#: A crossing point belongs to the nearest barrier this near, and to its parallels of the same kind (second
#: track).
POINT_M = 30.0
#: Ways may start on a barrier: the first metre of the walk does not count as crossing it.
START_M = 1.0
#: Outlines overlap by hairs; a walk that clips a neighbourhood for less is free.
CLIP_M = 0.1

Shapes = npt.NDArray[np.object_]


def collect(things: gpd.GeoDataFrame, points: gpd.GeoDataFrame, hard: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Ways that the layers hold.

    Parameters
    ----------
    things : GeoDataFrame
        All roads, water, railways and barriers as ``barriers.describe`` gives them.
    points : GeoDataFrame
        The crossings layer, described. Gates drawn as points in the barriers layer are added.
    hard : GeoDataFrame
        The hard rows of ``things``.

    Returns
    -------
    GeoDataFrame
        ``kind``, ``name``, ``cost``, ``over`` (bool: a viaduct over open ground; what it was drawn for
        passes above), ``source`` (row of ``things`` of a viaduct, -1 for others); geometry: points and
        lines.
    """
    table = effects("crossings")
    gates = things[(things["kind"] == "gate") & (things.geometry.geom_type == "Point")]
    spots = [points, gates] if len(gates) else [points]
    rows = [_rows(group, group["kind"], -1, False) for group in spots if len(group)]
    lines = shapely.get_dimensions(things.geometry.to_numpy()) == 1
    road = (things["role"] == "roads").to_numpy() & lines
    for kind in ("bridge", "tunnel"):
        pieces = things[road & things[kind].to_numpy(dtype=bool)]
        if len(pieces):
            merged = _merged(pieces)
            rows.append(_rows(merged, pd.Series(kind, index=merged.index), -1, False))
    raised = hard[hard["bridge"].to_numpy(dtype=bool) & hard["role"].isin(["roads", "railways"]).to_numpy()]
    raised = raised[[not _pierced(shape, hard).size for shape in raised.geometry]]
    if len(raised):
        rows.append(_rows(raised, pd.Series("viaduct", index=raised.index), raised.index, True))
    if not rows:
        empty: dict[str, list[object]] = {"kind": [], "name": [], "cost": [], "over": [], "source": []}
        return gpd.GeoDataFrame(empty, geometry=[], crs=things.crs)
    found = gpd.GeoDataFrame(pd.concat(rows, ignore_index=True), crs=things.crs)
    found["cost"] = found["kind"].map(lambda kind: table.get(kind, table["unknown"]).cost)
    return found


def _rows(group: gpd.GeoDataFrame, kind: pd.Series, source: int | pd.Index, over: bool) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"kind": kind.to_numpy(), "name": group["name"].to_numpy(), "over": over, "source": source},
        geometry=group.geometry.to_numpy(),
        crs=group.crs,
    )


def _merged(pieces: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Pieces that follow one another as one line; its name is the first that a piece has."""
    shapes = pieces.geometry.to_numpy()
    chains = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(shapes)))
    tree = shapely.STRtree(shapely.line_interpolate_point(shapes, 0.5, normalized=True))
    chain, piece = tree.query(chains, predicate="dwithin", distance=1e-6)
    names = np.full(len(chains), "", dtype=object)
    for c, p in sorted(zip(chain, piece, strict=True), reverse=True):
        names[c] = pieces["name"].iloc[p] or names[c]
    return gpd.GeoDataFrame({"name": names}, geometry=chains, crs=pieces.crs)


def _pierced(line: shapely.Geometry, hard: gpd.GeoDataFrame) -> npt.NDArray[np.intp]:
    """Hard things that a line crosses between its ends."""
    length = shapely.length(line)
    if length <= 2 * START_M:
        return np.empty(0, np.intp)
    ends = shapely.line_interpolate_point(line, [0.0, length])
    inner = shapely.difference(line, shapely.union_all(shapely.buffer(ends, START_M)))
    shapes = hard.geometry.to_numpy()
    met = np.flatnonzero(shapely.intersects(shapes, inner))
    # what runs along under the same line is the line itself or its other carriageway, not something beneath
    along = shapely.length(shapely.intersection(shapes[met], line))
    flat = shapely.get_dimensions(shapes[met]) == 1
    beneath: npt.NDArray[np.intp] = met[~(flat & (along > START_M))]
    return beneath


@dataclass(frozen=True)
class _Town:
    """Units and barriers, with their trees."""

    units: Shapes
    hard: Shapes
    unit_tree: shapely.STRtree
    hard_tree: shapely.STRtree

    def clear(self, walk: shapely.Geometry, free: set[int], ends: tuple[int, ...]) -> bool:
        """Whether a walk crosses no barrier but the free ones, and no neighbourhood but those at its ends."""
        if shapely.length(walk) <= START_M:
            return True
        begun = shapely.ops.substring(walk, START_M, shapely.length(walk))
        met = self.hard_tree.query(begun, predicate="intersects")
        if any(int(k) not in free for k in met):
            return False
        others = [k for k in self.unit_tree.query(walk, predicate="intersects") if int(k) not in ends]
        return (
            not len(others)
            or float(shapely.length(shapely.intersection(self.units[others], walk)).max()) < CLIP_M
        )

    def reached(self, mouth: shapely.Geometry, free: set[int]) -> dict[int, shapely.Geometry]:
        """Units that can be walked to from a place within the distance, each with the walk."""
        near = np.sort(self.unit_tree.query(mouth, predicate="dwithin", distance=NEAR_M))
        walks = {int(k): shapely.shortest_line(mouth, self.units[k]) for k in near}
        return {k: walk for k, walk in walks.items() if self.clear(walk, free, (k,))}


def joins(units: Shapes, passages: gpd.GeoDataFrame, hard: gpd.GeoDataFrame) -> pd.DataFrame:
    """Pairs of neighbourhoods that a way joins across something hard.

    A bridge or tunnel joins those within 50 m of one of its sides to those of the other, a point those that
    it connects across the barrier it lies on; the walk to the way crosses no other barrier and no third
    neighbourhood.

    Parameters
    ----------
    units : object array (n,)
        Polygons.
    passages, hard : GeoDataFrame
        As in ``Ground``.

    Returns
    -------
    DataFrame
        ``a < b`` (positions), ``cost``, ``via`` (name of the barrier, else of the way, else ''), ``path``
        (the walk as a line); one row a pair, the least costly way, sorted by pair.
    """
    found: list[tuple[int, int, float, str, shapely.Geometry]] = []
    if len(passages) and len(units):
        shapes = hard.geometry.to_numpy()
        town = _Town(units, shapes, shapely.STRtree(units), shapely.STRtree(shapes))
        near = np.unique(town.unit_tree.query(passages.geometry.to_numpy(), "dwithin", NEAR_M)[0])
        for at in near:
            row = passages.iloc[at]
            if row["over"]:
                found += _beneath(town, row)
            elif row.geometry.geom_type == "Point":
                found += _through(town, row, hard)
            else:
                found += _along(town, row, hard)
    pairs = pd.DataFrame(found, columns=["a", "b", "cost", "via", "path"])
    pairs["length"] = shapely.length(pairs["path"].to_numpy(dtype=object))
    pairs = pairs.sort_values(["a", "b", "cost", "length", "via"], kind="stable")
    pairs = pairs.drop_duplicates(["a", "b"]).drop(columns="length").reset_index(drop=True)
    return pairs.astype({"a": np.int32, "b": np.int32, "cost": np.float64})


Found = Iterator[tuple[int, int, float, str, shapely.Geometry]]


def _along(town: _Town, way: pd.Series, hard: gpd.GeoDataFrame) -> Found:
    """Whom a bridge or tunnel piece joins: those at its two ends, before and after all that it crosses."""
    line = way.geometry
    crossed = _pierced(line, hard)
    if len(crossed) == 0:
        return
    met = shapely.intersection(line, shapely.union_all(town.hard[crossed]))
    places = shapely.line_locate_point(line, shapely.points(shapely.get_coordinates(met)))
    begin, end = float(places.min()), float(places.max())
    mouths = [
        shapely.ops.substring(line, 0.0, max(begin - START_M, 0.0)),
        shapely.ops.substring(line, min(end + START_M, line.length), line.length),
    ]
    sides = []
    for mouth in mouths:
        inside = {
            int(k) for k in crossed if shapely.intersects(town.hard[k], shapely.get_point(mouth, 0) or mouth)
        }
        sides.append(town.reached(mouth, inside))
    via = _name(way, hard, crossed)
    for u, out in sides[0].items():
        for v, back in sides[1].items():
            if u == v or u in sides[1] or v in sides[0]:
                continue
            here, there = shapely.get_point(out, 0), shapely.get_point(back, 0)
            middle = shapely.ops.substring(line, line.project(here), line.project(there))
            walk = _chain(shapely.reverse(out), middle, back)
            yield min(u, v), max(u, v), float(way["cost"]), via, walk


def _through(town: _Town, way: pd.Series, hard: gpd.GeoDataFrame) -> Found:
    """Whom a crossing point joins: those on different sides of the barrier that it lies on."""
    spot = way.geometry
    near = np.sort(town.hard_tree.query(spot, predicate="dwithin", distance=POINT_M))
    if len(near) == 0:
        return
    first = near[int(np.argmin(shapely.distance(town.hard[near], spot)))]
    same = (hard["role"] == hard["role"].iloc[first]) & (hard["kind"] == hard["kind"].iloc[first])
    crossed = near[same.to_numpy()[near]]
    walks = town.reached(spot, {int(k) for k in crossed})
    anchors = {k: _anchor(town.units[k], spot) for k in walks}
    via = _name(way, hard, crossed)
    for u in walks:
        for v in walks:
            if u < v and _apart(town.hard[crossed], anchors[u], anchors[v]):
                walk = _chain(shapely.reverse(walks[u]), walks[v])
                yield u, v, float(way["cost"]), via, walk


def _beneath(town: _Town, way: pd.Series) -> Found:
    """Whom the open ground under a viaduct joins: those that face each other below it."""
    near = np.sort(town.unit_tree.query(way.geometry, predicate="dwithin", distance=NEAR_M))
    for at, u in enumerate(near):
        for v in near[at + 1 :]:
            walk = shapely.shortest_line(town.units[u], town.units[v])
            if not 0 < shapely.length(walk) <= 2 * NEAR_M or not shapely.intersects(walk, way.geometry):
                continue
            if town.clear(walk, set(), (int(u), int(v))):
                yield int(u), int(v), float(way["cost"]), str(way["name"]), walk


def _anchor(unit: shapely.Geometry, spot: shapely.Geometry) -> shapely.Geometry:
    """A place well inside a unit, near the crossing: on its boundary a wall could stand."""
    core = shapely.buffer(unit, -2.0)
    if core.is_empty:
        return shapely.point_on_surface(unit)
    return shapely.get_point(shapely.shortest_line(core, spot), 0)


def _apart(barriers: Shapes, a: shapely.Geometry, b: shapely.Geometry) -> bool:
    """Whether two places lie on different sides: an odd number of passes of a line, or water in between."""
    straight = shapely.linestrings([(a.x, a.y), (b.x, b.y)])
    met = shapely.intersection(barriers, straight)
    flat = shapely.get_dimensions(barriers) == 1
    passes = np.array([shapely.get_num_geometries(each) if not each.is_empty else 0 for each in met])
    return bool(np.any(np.where(flat, passes % 2 == 1, shapely.length(met) > START_M)))


def _name(way: pd.Series, hard: gpd.GeoDataFrame, crossed: npt.NDArray[np.intp]) -> str:
    """The barrier's name, which is what a planner asks for; else the way's own."""
    names = [name for name in hard["name"].iloc[crossed] if name]
    return str(names[0] if names else way["name"])


def _chain(*lines: shapely.Geometry) -> shapely.Geometry:
    """Lines and points joined end to end."""
    return shapely.linestrings(np.concatenate([shapely.get_coordinates(line) for line in lines]))
