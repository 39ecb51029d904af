"""Names on the map: which text stands where it may, before any is placed."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from renomap.cartography.layers import FloatArray, IntArray, Label
from renomap.cartography.symbols import token
from renomap.model.derived import once
from renomap.model.plan import Plan

#: Ranks: lower ones are placed first and push the others away.
AREA_RANK, OTHER_AREA_RANK, ROAD_RANK, WATER_RANK, MEMBER_RANK, OUTSIDE_RANK = 0, 5, 10, 18, 20, 30
AREA_RED = token("boundary-text")
ROAD_MAIN = 3  # index of the secondary class: from here on a road is named at every scale


def area_labels(plan: Plan, figures: Mapping[int, str], area: int | None) -> list[Label]:
    """Name and figure of every area, big; those of other areas small and grey on the sheet of one."""
    areas = plan.areas
    if not len(areas):
        return []
    spots = once(areas, "label spots", lambda: [_spots(shape) for shape in areas.geometry.values])
    labels = []
    # The larger come first; they can spare the room least of all.
    bodies = np.asarray(areas.geometry.values)
    names, keys = areas["name"].tolist(), areas.index.tolist()
    order = np.lexsort((areas.index.to_numpy(), -shapely.area(bodies)))
    for place, i in enumerate(order):
        key, name, where = keys[i], names[i], spots[i]
        own = area is None or key == area
        labels.append(
            Label(
                text=_text(name) or str(key),
                second=figures.get(int(key), "") if own else "",
                short=str(key),
                pt=12.0 if own else 9.0,
                second_pt=9.0,
                rank=AREA_RANK if own else OTHER_AREA_RANK,
                key=place,
                spots=where,
                bold=own,
                colour=AREA_RED if own else token("text-3"),
                halo_mm=0.6,
                body=bodies[i],
            )
        )
    return labels


def _spots(shape: shapely.Geometry) -> tuple[tuple[float, float], ...]:
    """The middle of the widest place of the largest part, then a point well inside every other large part."""
    parts = sorted(shapely.get_parts(shape), key=lambda part: -part.area)
    if not parts:
        return ()
    circle = shapely.maximum_inscribed_circle(parts[0], tolerance=max(1.0, parts[0].length / 500))
    points = [shapely.get_point(circle, 0), *(shapely.point_on_surface(part) for part in parts[:3])]
    return tuple((float(p.x), float(p.y)) for p in points)


def neighbourhood_labels(plan: Plan, area: int | None) -> list[Label]:
    """Names of neighbourhoods, small, only where they have room; members of the sheet's area first."""
    frame = plan.neighbourhoods
    if not len(frame) or "name" not in frame:
        return []
    places, room = places_of(frame)
    member = frame["area_id"].to_numpy() if "area_id" in frame else np.zeros(len(frame), dtype=np.int64)
    own = member > 0 if area is None else member == area
    size = room[:, 0] * room[:, 1]
    # Within a rank the larger come first, since they have room; ties by fid.
    order = np.lexsort((frame.index.to_numpy(), -size))
    names, numbers = frame["name"].tolist(), frame.index.tolist()
    labels = []
    for place, i in enumerate(order):
        # On the sheet of an area its nameless members carry the number that the tables give them.
        text = _text(names[i]) or (f"#{numbers[i]}" if area is not None and own[i] else "")
        if text:
            labels.append(
                Label(
                    text=text,
                    pt=6.5,
                    rank=MEMBER_RANK if own[i] else OUTSIDE_RANK,
                    key=place,
                    spots=((float(places[i, 0]), float(places[i, 1])),),
                    colour=token("ink") if own[i] else token("text-3"),
                    room_m=(float(room[i, 0]), float(room[i, 1])),
                )
            )
    return labels


def places_of(frame: gpd.GeoDataFrame) -> tuple[FloatArray, FloatArray]:
    """A point inside each neighbourhood (its centroid if it can), and width and height of its box."""
    return once(frame, "label places", lambda: _places(frame))


def _places(frame: gpd.GeoDataFrame) -> tuple[FloatArray, FloatArray]:
    shapes = np.asarray(frame.geometry.values)
    centre = shapely.centroid(shapes)
    inside = shapely.contains_properly(shapes, centre)
    points = np.where(inside, centre, shapely.point_on_surface(shapes))
    bounds = shapely.bounds(shapes)
    return shapely.get_coordinates(points), bounds[:, 2:] - bounds[:, :2]


def line_labels(frame: gpd.GeoDataFrame, classes: IntArray) -> list[Label]:
    """Names of roads along the roads; pieces of one name are joined first."""
    return once(frame, "road labels", lambda: _line_labels(frame, classes))


def _line_labels(frame: gpd.GeoDataFrame, classes: IntArray) -> list[Label]:
    if "name" not in frame:
        return []
    table = pd.DataFrame({"name": [_text(v) for v in frame["name"]], "class": classes})
    shapes = np.asarray(frame.geometry.values)
    labels = []
    for number, (name, rows) in enumerate(table[table["name"] != ""].groupby("name", sort=True)):
        cls = int(rows["class"].max())
        for part in _joined(shapes[rows.index.to_numpy()]):
            labels.append(
                Label(
                    text=str(name),
                    pt=8.0 if cls >= ROAD_MAIN + 1 else (7.0 if cls >= ROAD_MAIN else 6.0),
                    rank=ROAD_RANK - cls,
                    key=number,
                    line=part,
                    colour=token("text-2"),
                    halo=token("road"),
                    halo_mm=0.25,
                    max_scale=0.0 if cls >= ROAD_MAIN else 12000.0,
                )
            )
    return labels


def _joined(shapes: npt.NDArray[np.object_]) -> list[shapely.LineString]:
    """Lines of one name joined into as few as possible, the longest first, at most eight."""
    merged = shapely.line_merge(shapely.union_all(shapes))
    parts = [part for part in shapely.get_parts(merged) if shapely.get_type_id(part) == 1]
    return sorted(parts, key=lambda part: (-part.length, part.wkb))[:8]


def water_labels(frame: gpd.GeoDataFrame) -> list[Label]:
    """Names of rivers along them, of lakes within them."""
    return once(frame, "water labels", lambda: _water_labels(frame))


def _water_labels(frame: gpd.GeoDataFrame) -> list[Label]:
    if "name" not in frame:
        return []
    labels = []
    for number, (name, shape) in enumerate(zip(frame["name"], frame.geometry.values, strict=True)):
        text = _text(name)
        if not text:
            continue
        line = _axis(shape)
        labels.append(
            Label(
                text=text,
                pt=8.0,
                rank=WATER_RANK,
                key=number,
                spots=() if line is not None else _spots(shape),
                line=line,
                colour=token("water-text"),
                halo=token("water"),
                halo_mm=0.25,
            )
        )
    return labels


def _axis(shape: shapely.Geometry) -> shapely.LineString | None:
    """A line along which a long water can be named; None for a round one."""
    if shapely.get_dimensions(shape) == 1:
        joined = _joined(np.array([shape], dtype=object))
        return joined[0] if joined else None
    box = shapely.get_coordinates(shapely.oriented_envelope(shape))
    if len(box) < 5:
        return None
    a, b = np.hypot(*(box[1] - box[0])), np.hypot(*(box[2] - box[1]))
    if max(a, b) < 3 * min(a, b):
        return None
    first, last = (
        ((box[0] + box[3]) / 2, (box[1] + box[2]) / 2)
        if a > b
        else ((box[0] + box[1]) / 2, (box[2] + box[3]) / 2)
    )
    # Middles of cross-sections follow a bending river better than the axis of its box.
    side = np.array([-(last - first)[1], (last - first)[0]]) / max(a, b) * min(a, b)
    middles = []
    for share in np.linspace(0.05, 0.95, 19):
        at = first + (last - first) * share
        cut = shapely.intersection(shape, shapely.LineString([at - side, at + side]))
        widest = max(shapely.get_parts(cut), key=lambda part: part.length, default=None)
        if widest is not None and widest.length > 0:
            middles.append(shapely.get_coordinates(shapely.centroid(widest))[0])
    return shapely.LineString(middles) if len(middles) > 1 else None


def _text(value: object) -> str:
    """The printable text of a name; '' for none. Control characters would be drawn as boxes."""
    if value is None or value != value:
        return ""
    return " ".join("".join(c if c.isprintable() else " " for c in str(value)).split())
