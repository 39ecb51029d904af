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
#: An edge belongs to a side if it faces within 50 degrees of it: a diagonal one belongs to two sides.
STEEP = float(np.tan(np.radians(50.0)))
#: Jogs of the outline below this do not change which way it faces.
JOG_M = 3.0
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

    A side is what of the outline faces that way. It is bounded by the named roads, rivers and railways that
    the outline runs along, and where there are none by administrative lines, longest first, each for at least
    a quarter of the side, with the part where it is less than two thirds; else by nothing.

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
        looks, area, place = _looks(shapes, direction, feedback)
        met = _met(looks, lines)
        feedback.check()
        rest = np.setdiff1d(np.arange(len(looks)), met["look"])
        met = pd.concat([met, _borders(looks[rest], rest, admin, direction)], ignore_index=True)
        bounds = _along(met, area, place, side, len(ids))
        columns[side] = [_said(along) or None for along in bounds]
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
) -> tuple[Shapes, npt.NDArray[np.int64], Floats]:
    """Lines of sight outwards from one side of every area, the position of the area of each, and where along
    the side it is (0 to 1, from west to east or from south to north)."""
    along = 1 if direction[0] == 0.0 else 0
    outward = direction[along]
    rims = []
    for shape in shapes:
        feedback.check()
        rims.append(_rim(shape, along, outward))
    area = np.repeat(np.arange(len(shapes)), [len(at) for at, _ in rims])
    far = np.concatenate([*(reached for _, reached in rims), np.empty(0)])
    start = np.empty((len(area), 2))
    start[:, 1 - along] = np.concatenate([*(at for at, _ in rims), np.empty(0)])
    stop = start.copy()
    start[:, along] = far - outward * BACK_M
    stop[:, along] = far + outward * BACK_M
    place = [(np.arange(len(at)) + 0.5) / len(at) for at, _ in rims]
    looks = shapely.linestrings(np.stack([start, stop], axis=1))
    return looks, area, np.concatenate([*place, np.empty(0)])


def _rim(shape: shapely.Geometry, along: int, outward: float) -> tuple[Floats, Floats]:
    """How far an area reaches outwards at evenly spaced places across it, where its edge faces that side."""
    edges = shapely.boundary(shapely.get_parts(shapely.simplify(shape, JOG_M)))
    xy, ring = shapely.get_coordinates(edges, return_index=True)
    if len(xy) == 0:
        return np.empty(0), np.empty(0)
    u, v = xy[:, 1 - along], xy[:, along]
    joined = ring[1:] == ring[:-1]
    ua, ub, va, vb = u[:-1][joined], u[1:][joined], v[:-1][joined], v[1:][joined]
    at = u.min() + np.ptp(u) * (np.arange(LOOKS) + 0.5) / LOOKS
    meets = (np.minimum(ua, ub) <= at[:, None]) & (np.maximum(ua, ub) > at[:, None])
    with np.errstate(divide="ignore", invalid="ignore"):
        height = va + (at[:, None] - ua) / (ub - ua) * (vb - va)
    height = np.where(meets, outward * height, -np.inf)
    edge = np.argmax(height, axis=1)
    reached = height[np.arange(LOOKS), edge]
    some = np.isfinite(reached)
    facing = some & (np.abs(vb - va)[edge] <= STEEP * np.abs(ub - ua)[edge])
    some = facing if facing.any() else some
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


def _met(looks: Shapes, lines: gpd.GeoDataFrame) -> pd.DataFrame:
    """The named line that the rim runs along at each look: ``look`` (its number), ``name``, ``fame``."""
    if len(lines) == 0 or len(looks) == 0:
        return pd.DataFrame({"look": np.empty(0, np.int64), "name": [], "fame": np.empty(0)})
    widths = lines["half_width_m"].to_numpy(float) * (shapely.get_dimensions(lines.geometry.to_numpy()) == 1)
    look, line, _ = _touched(looks, lines.geometry.to_numpy(), widths)
    return pd.DataFrame({"look": look, "name": lines["name"].to_numpy()[line], "fame": _fame(lines)[line]})


def _along(
    met: pd.DataFrame, area: npt.NDArray[np.int64], place: Floats, side: str, areas: int
) -> list[list[tuple[str, str, float]]]:
    """What runs along a side of each area, longest first: name, the part if it is not most of the side, and
    how well it would name the area (0: no road, or one that nobody names a place by)."""
    found: list[list[tuple[str, str, float]]] = [[] for _ in range(areas)]
    look = met["look"].to_numpy(dtype=np.int64)
    met = met.assign(area=area[look], place=place[look])
    total = np.bincount(area, minlength=areas)
    rows = []
    for _, group in met.groupby(["area", "name"], sort=True):
        at = int(group["area"].iloc[0])
        share = len(group) / float(total[at])
        if share >= SHARE:
            rows.append((share, str(group["name"].iloc[0]), at, group))
    for share, name, at, group in sorted(rows, key=lambda row: (-row[0], row[1])):
        part = "" if share >= MOST else _part(side, group["place"].to_numpy())
        found[at].append((name, part, share * float(group["fame"].max())))
    return found


def _part(side: str, place: Floats) -> str:
    """Which part of a side lies there: its western, middle or eastern, southern or northern, or both ends."""
    ends = ("west", "east") if side in ("north", "south") else ("south", "north")
    said: dict[str, str] = table("naming")["parts"]
    thirds = np.histogram(place, [0.0, 1 / 3, 2 / 3, 1.0])[0]
    if thirds[1] < thirds[0] and thirds[1] < thirds[2]:
        return str(table("naming")["ends"]).join((said[ends[0]][:1], said[ends[1]]))
    rank = float(place.mean())
    return said[ends[0] if rank < 0.4 else ends[1] if rank > 0.6 else "middle"]


def _fame(lines: gpd.GeoDataFrame) -> Floats:
    """How well each road is known; 0 for what is no road, and for names that no place is called by."""
    naming = table("naming")
    fame = lines["kind"].map(naming["fame"]).fillna(1.0).where(lines["role"] == "roads", 0.0)
    unfit = lines["name"].str.contains("|".join(naming["never"])) | lines["kind"].isin(["motorway", "trunk"])
    return np.asarray(fame.where(~unfit, 0.0), dtype=np.float64)


def _borders(
    looks: Shapes,
    number: npt.NDArray[np.int64],
    admin: gpd.GeoDataFrame | None,
    direction: tuple[float, float],
) -> pd.DataFrame:
    """The administrative line that the rim runs along at each look, as in ``_met``: said as the border of the
    unit beyond it, of the unit on this side where none is known beyond."""
    if admin is None or len(looks) == 0:
        return pd.DataFrame({"look": np.empty(0, np.int64), "name": [], "fame": np.empty(0)})
    look, _, place = _touched(looks, shapely.boundary(admin.geometry.to_numpy()), np.zeros(len(admin)))
    xy = shapely.get_coordinates(place) + 5.0 * np.asarray(direction)
    beyond = holder(admin.geometry, gpd.GeoSeries(shapely.points(xy), crs=admin.crs))
    inside = xy - 10.0 * np.asarray(direction)
    here = holder(admin.geometry, gpd.GeoSeries(shapely.points(inside), crs=admin.crs))
    beyond = np.where(beyond == NOWHERE, here, beyond)
    known = beyond != NOWHERE
    pattern: str = table("naming")["border"]
    names = [pattern.format(name=name) for name in admin["name"].to_numpy()[beyond[known]]]
    return pd.DataFrame({"look": number[look[known]], "name": names, "fame": 0.0})


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
