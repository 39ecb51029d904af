"""Surroundings: what bounds an area on its four sides (四至), and a name that people would use for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from itertools import combinations

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from renomap.assets import table
from renomap.ground.barriers import column
from renomap.ground.barriers import describe as described
from renomap.model.feedback import Feedback, Silent
from renomap.model.overlay import NOWHERE, holder, main_holder

SIDES: Mapping[str, tuple[float, float]] = {
    "north": (0.0, 1.0),
    "south": (0.0, -1.0),
    "east": (1.0, 0.0),
    "west": (-1.0, 0.0),
}
#: An outline runs along a line whose edge is this near: about the setback of a compound.
TOUCH_M = 15.0
#: Looks begin this far inside the outline, which may lie in the middle of a road, and go on as far outside.
BACK_M = 30.0
#: Looks across each side of an area.
LOOKS = 24
#: A line bounds a side if the outline runs along it for this share of the side; the part is said below MOST.
SHARE = 0.25
MOST = 2 / 3
#: Kinds of roads by which nobody describes a place.
UNSPOKEN = ("path", "platform", "construction", "service")

Shapes = npt.NDArray[np.object_]
Floats = npt.NDArray[np.float64]


def describe(
    outlines: gpd.GeoDataFrame,
    roads: gpd.GeoDataFrame | None = None,
    water: gpd.GeoDataFrame | None = None,
    railways: gpd.GeoDataFrame | None = None,
    boundaries: gpd.GeoDataFrame | None = None,
    *,
    kept: Mapping[int, str] | None = None,
    feedback: Feedback | None = None,
) -> pd.DataFrame:
    """What bounds each area to the north, south, east and west, and a proposed name.

    A side is bounded by the named roads, rivers and railways that the outline runs along, longest first,
    each for at least a quarter of the side, with the part where it is less than two thirds; failing that by
    the administrative line that it runs along; else by nothing.

    Parameters
    ----------
    outlines : GeoDataFrame
        Index area id, polygons.
    roads, water, railways, boundaries : GeoDataFrame, optional
        Layers with canonical columns; ``boundaries`` holds polygons with ``name`` and ``level``.
    kept : mapping of int to str, optional
        Areas that have a name, which is proposed again and for no other.
    feedback : Feedback, optional
        Asked before every look and every area whether to go on.

    Returns
    -------
    DataFrame
        Index area id: ``north``, ``south``, ``east``, ``west`` (text, or None = 未定) and ``proposed_name``,
        unique among the areas: the road that bounds most of it, else two such roads, else the community or
        subdistrict that holds it with a number.
    """
    feedback = feedback or Silent()
    ids = outlines.index
    shapes = np.asarray(outlines.geometry.values)
    lines = _named_lines(roads, water, railways)
    admin = _admin(boundaries)
    columns: dict[str, list[str | None]] = {}
    weights: dict[int, dict[str, float]] = {at: {} for at in range(len(ids))}
    for side, direction in SIDES.items():
        looks, area = _looks(shapes, direction, feedback)
        bounds = _along(looks, area, lines, side, len(ids))
        feedback.check()
        borders = _borders(looks, area, admin, direction, len(ids))
        columns[side] = [_said(along) or border for along, border in zip(bounds, borders, strict=True)]
        for at, along in enumerate(bounds):
            for name, _, weight in along[:1]:
                if weight > 0:
                    weights[at][name] = weights[at].get(name, 0.0) + weight
    given = [(kept or {}).get(int(area), "") for area in ids]
    columns["proposed_name"] = [*_names(weights, _home_names(shapes, admin), given)]
    return pd.DataFrame(columns, index=ids, dtype=object)


def _said(along: list[tuple[str, str, float]]) -> str:
    """What runs along one side, as it is written."""
    naming = table("naming")
    return str(naming["and"]).join(
        naming["part"].format(name=name, part=part) if part else name for name, part, _ in along
    )


def _named_lines(*layers: gpd.GeoDataFrame | None) -> gpd.GeoDataFrame:
    """Lines with a name by which a place is described; rivers drawn as polygons count by their banks."""
    rows = [
        described(layer, role) for layer, role in zip(layers, ("roads", "water", "railways"), strict=True)
    ]
    rows = [row[(row["name"] != "") & ~row["kind"].isin(UNSPOKEN) & ~row["tunnel"]] for row in rows]
    rows = [row[row.geometry.geom_type != "Point"] for row in rows if len(row)]
    if not rows:
        return described(None, "roads")
    return gpd.GeoDataFrame(pd.concat(rows, ignore_index=True))


def _admin(boundaries: gpd.GeoDataFrame | None) -> gpd.GeoDataFrame | None:
    """Named administrative polygons of the finest level that there is."""
    if boundaries is None or len(boundaries) == 0:
        return None
    rows = boundaries[boundaries.geometry.geom_type.isin(["Polygon", "MultiPolygon"])]
    names = column(rows, "name")
    level = column(rows, "level")
    rank = level.map({"community": 0, "street": 1, "district": 2}).fillna(3)
    named = names.notna() & (names.astype(str).str.strip() != "")
    keep = named & (rank == rank[named].min())
    found = gpd.GeoDataFrame({"name": names[keep].astype(str)}, geometry=rows.geometry[keep], crs=rows.crs)
    return found.reset_index(drop=True) if len(found) else None


def _looks(
    shapes: Shapes, direction: tuple[float, float], feedback: Feedback
) -> tuple[Shapes, npt.NDArray[np.int64]]:
    """Lines of sight outwards from one side of every area, and the position of the area of each."""
    along = 1 if direction[0] == 0.0 else 0
    outward = direction[along]
    across, edge = [], []
    for shape in shapes:
        feedback.check()
        at, reached = _rim(shape, along, outward)
        across.append(at)
        edge.append(reached)
    area = np.repeat(np.arange(len(shapes)), [len(at) for at in across])
    far = np.concatenate([*edge, np.empty(0)])
    start = np.empty((len(area), 2))
    start[:, 1 - along] = np.concatenate([*across, np.empty(0)])
    stop = start.copy()
    start[:, along] = far - outward * BACK_M
    stop[:, along] = far + outward * BACK_M
    return shapely.linestrings(np.stack([start, stop], axis=1)), area


def _rim(shape: shapely.Geometry, along: int, outward: float) -> tuple[Floats, Floats]:
    """How far an area reaches outwards at evenly spaced places across it."""
    xy, ring = shapely.get_coordinates(shapely.boundary(shapely.get_parts(shape)), return_index=True)
    if len(xy) == 0:
        return np.empty(0), np.empty(0)
    u, v = xy[:, 1 - along], xy[:, along]
    joined = ring[1:] == ring[:-1]
    ua, ub, va, vb = u[:-1][joined], u[1:][joined], v[:-1][joined], v[1:][joined]
    at = u.min() + np.ptp(u) * (np.arange(LOOKS) + 0.5) / LOOKS
    meets = (np.minimum(ua, ub) <= at[:, None]) & (np.maximum(ua, ub) > at[:, None])
    with np.errstate(divide="ignore", invalid="ignore"):
        height = va + (at[:, None] - ua) / (ub - ua) * (vb - va)
    reached = np.where(meets, outward * height, -np.inf).max(axis=1)
    some = np.isfinite(reached)
    return at[some], outward * reached[some]


def _touched(
    looks: Shapes, lines: Shapes, widths: Floats
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], Shapes]:
    """Of each look whose rim a line runs along: its number, the line that is nearest, and where."""
    look, line = shapely.STRtree(lines).query(looks, predicate="intersects")
    rim = shapely.line_interpolate_point(looks[look], BACK_M)
    place = shapely.get_point(shapely.shortest_line(rim, shapely.intersection(looks[look], lines[line])), 1)
    way = np.maximum(shapely.distance(rim, place) - widths[line], 0.0)
    near = np.flatnonzero(way <= TOUCH_M)
    order = near[np.lexsort((line[near], np.round(way[near], 3), look[near]))]
    first = order[np.unique(look[order], return_index=True)[1]]
    return look[first], line[first], place[first]


def _along(
    looks: Shapes, area: npt.NDArray[np.int64], lines: gpd.GeoDataFrame, side: str, areas: int
) -> list[list[tuple[str, str, float]]]:
    """What runs along a side of each area, longest first: name, the part if it is not most of the side, and
    how well it would name the area (0: no road, or one that nobody names a place by)."""
    found: list[list[tuple[str, str, float]]] = [[] for _ in range(areas)]
    if len(lines) == 0 or len(looks) == 0:
        return found
    widths = lines["half_width_m"].to_numpy(float) * (shapely.get_dimensions(lines.geometry.to_numpy()) == 1)
    look, line, _ = _touched(looks, lines.geometry.to_numpy(), widths)
    begin = np.searchsorted(area, area)
    total = np.bincount(area, minlength=areas)
    place = (np.arange(len(area)) - begin + 0.5) / total[area]  # 0..1 from west to east, from south to north
    met = pd.DataFrame(
        {
            "area": area[look],
            "name": lines["name"].to_numpy()[line],
            "fame": _fame(lines)[line],
            "rank": place[look],
        }
    )
    count = met.groupby(["area", "name"], sort=True).agg(
        looks=("fame", "size"), fame=("fame", "max"), rank=("rank", "mean")
    )
    count = count.reset_index()
    count["share"] = count["looks"] / total[count["area"]]
    count = count[count["share"] >= SHARE].sort_values(
        ["area", "share", "name"], ascending=[True, False, True]
    )
    columns = (count[name].to_numpy() for name in ("area", "name", "share", "fame", "rank"))
    for at, name, share, fame, rank in zip(*columns, strict=True):
        part = "" if share >= MOST else _part(side, float(rank))
        found[int(at)].append((str(name), part, float(share * fame)))
    return found


def _part(side: str, rank: float) -> str:
    """Which part of a side lies there: its western, middle or eastern, southern or northern."""
    ends = ("west", "east") if side in ("north", "south") else ("south", "north")
    where = ends[0] if rank < 0.4 else ends[1] if rank > 0.6 else "middle"
    said: str = table("naming")["parts"][where]
    return said


def _fame(lines: gpd.GeoDataFrame) -> Floats:
    """How well each road is known; 0 for what is no road, and for names that no place is called by."""
    naming = table("naming")
    fame = lines["kind"].map(naming["fame"]).fillna(1.0).where(lines["role"] == "roads", 0.0)
    unfit = lines["name"].str.contains("|".join(naming["never"])) | lines["kind"].isin(["motorway", "trunk"])
    return np.asarray(fame.where(~unfit, 0.0), dtype=np.float64)


def _borders(
    looks: Shapes,
    area: npt.NDArray[np.int64],
    admin: gpd.GeoDataFrame | None,
    direction: tuple[float, float],
    areas: int,
) -> list[str | None]:
    """The administrative unit beyond the line that most looks of each area meet, said as its border.

    Where none is known beyond, it is the unit on this side.
    """
    found: list[str | None] = [None] * areas
    if admin is None or len(looks) == 0:
        return found
    look, _, place = _touched(looks, shapely.boundary(admin.geometry.to_numpy()), np.zeros(len(admin)))
    xy = shapely.get_coordinates(place) + 5.0 * np.asarray(direction)
    beyond = holder(admin.geometry, gpd.GeoSeries(shapely.points(xy), crs=admin.crs))
    inside = xy - 10.0 * np.asarray(direction)
    here = holder(admin.geometry, gpd.GeoSeries(shapely.points(inside), crs=admin.crs))
    beyond = np.where(beyond == NOWHERE, here, beyond)
    known = beyond != NOWHERE
    met = pd.DataFrame({"area": area[look][known], "name": admin["name"].to_numpy()[beyond[known]]})
    count = met.value_counts().reset_index(name="looks")
    count = count[count["looks"] >= SHARE * np.bincount(area, minlength=areas)[count["area"]]]
    count = count.sort_values(["area", "looks", "name"], ascending=[True, False, True])
    best = count.drop_duplicates("area")
    for at, name in zip(best["area"], best["name"], strict=True):
        found[int(at)] = table("naming")["border"].format(name=name)
    return found


def _home_names(shapes: Shapes, admin: gpd.GeoDataFrame | None) -> list[str]:
    if admin is None:
        return [""] * len(shapes)
    home, _ = main_holder(admin.geometry, gpd.GeoSeries(shapes, crs=admin.crs))
    return [str(admin["name"].iloc[at]) if at != NOWHERE else "" for at in home]


def _names(weights: Mapping[int, Mapping[str, float]], homes: list[str], given: list[str]) -> list[str]:
    """A name for each area: the one given, or one that no other has, made of its main road, two of its roads,
    or its place with a number."""
    patterns: Mapping[str, str] = table("naming")
    used = set(given) - {""}
    numbers: Counter[str] = Counter()
    names: list[str] = []
    for at, name in enumerate(given):
        if name:
            names.append(name)
            continue
        roads = sorted(weights[at], key=lambda name: (-weights[at][name], name))
        pairs = ["".join(pair) for pair in combinations(roads, 2)]
        choices = (patterns["area"].format(name=name) for name in (*roads, *pairs))
        name = next((choice for choice in choices if choice not in used), "")
        stem = roads[0] if roads else homes[at]
        while not name or name in used:
            numbers[stem] += 1
            name = patterns["numbered" if stem else "unnamed"].format(name=stem, number=numbers[stem])
        used.add(name)
        names.append(name)
    return names
