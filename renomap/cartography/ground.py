"""The ground under a map: the project's layers other than neighbourhoods, classed for drawing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from renomap.cartography.layers import FloatArray, IntArray, LegendEntry, MapLayer, MarkerLayer, ShapeLayer
from renomap.cartography.palettes import UNDRAWN
from renomap.cartography.survey_themes import REACH
from renomap.cartography.symbols import Symbol, facility_symbol, symbol, table
from renomap.cartography.themes import DEFICIT
from renomap.facilities import drawn_as
from renomap.model.derived import once
from renomap.model.plan import Plan
from renomap.model.roles import Role
from renomap.wording.names import facility_name

#: From the least to the greatest; a greater class is drawn over a lesser one.
ROAD_CLASSES: tuple[str, ...] = ("path", "alley", "tertiary", "secondary", "primary", "express")
#: Classes of buildings; a greater one is drawn over a lesser one.
BUILDINGS: tuple[str, ...] = ("other", "unknown", "residential", "unsafe")
GREEN = ("green", "park", "garden", "forest", "wood", "grass", "meadow", "绿", "公园", "林", "草")
UNDERGROUND = ("subway", "underground", "地铁", "地下")
Part = tuple[list[MapLayer], list[LegendEntry]]
BoolArray = npt.NDArray[np.bool_]


def under(plan: Plan, words: Mapping[str, str]) -> Part:
    """Layers below the neighbourhoods, bottom first, and their legend: land use, water."""
    return _together(_landuse(plan, words), _water(plan, words))


def over(plan: Plan, words: Mapping[str, str]) -> Part:
    """Layers above the neighbourhoods: buildings, heritage, boundary, roads, railways, barriers."""
    return _together(
        _buildings(plan, words),
        _simple(plan, Role.HERITAGE, "heritage", words),
        _simple(plan, Role.BOUNDARY, "boundary", words),
        _roads(plan, words),
        _railways(plan, words),
        _simple(plan, Role.BARRIERS, "barrier", words),
    )


def _together(*parts: Part) -> Part:
    return [layer for part in parts for layer in part[0]], [entry for part in parts for entry in part[1]]


def _classed(
    key: str,
    frames: Iterable[tuple[gpd.GeoDataFrame, IntArray]],
    names: Sequence[tuple[str, str, Symbol]],
    shape: str,
) -> Part:
    """Layers of one kind; ``names`` holds text, shape in the legend and symbol of each class."""
    layers: list[MapLayer] = []
    present: set[int] = set()
    symbols = tuple(item[2] for item in names)
    for k, (frame, classes) in enumerate(frames):
        if len(frame):
            layers.append(ShapeLayer(key if k == 0 else f"{key}_{k + 1}", frame, classes, symbols))
            present |= {int(c) for c in np.unique(classes) if c >= 0}
    entries: list[LegendEntry] = []
    for k in sorted(present, reverse=True):
        text, own_shape, style = names[k]
        same = next((i for i, entry in enumerate(entries) if entry.text == text), None)
        if same is None:
            entries.append(LegendEntry(text, key, (k,), (style,), own_shape or shape))
        else:
            old = entries[same]
            entries[same] = LegendEntry(text, key, (*old.classes, k), old.symbols, old.shape)
    return layers, entries


def frames_of(plan: Plan, role: Role) -> list[gpd.GeoDataFrame]:
    """Frames of the visible layers of a role, in project order."""
    return [layer.frame for layer in plan.project.layers_of(role) if layer.visible]


def _texts(frame: gpd.GeoDataFrame, column: str) -> npt.NDArray[Any]:
    if column not in frame:
        return np.full(len(frame), "", dtype=object)
    texts: npt.NDArray[Any] = frame[column].fillna("").astype(str).str.strip().str.lower().to_numpy(object)
    return texts


def _contains(values: npt.NDArray[Any], parts: Sequence[str]) -> BoolArray:
    return np.array([any(part in value for part in parts) for value in values], dtype=bool)


def _landuse(plan: Plan, words: Mapping[str, str]) -> Part:
    names = [(words[f"maps.legend.landuse-{k}"], "", symbol(f"landuse.{k}")) for k in ("other", "green")]
    frames = [
        (frame, _contains(_texts(frame, "kind"), GREEN).astype(np.int64))
        for frame in frames_of(plan, Role.LANDUSE)
    ]
    return _classed("landuse", frames, names, "polygon")


def _water(plan: Plan, words: Mapping[str, str]) -> Part:
    return water(frames_of(plan, Role.WATER), words["maps.legend.water"])


def water(frames: Iterable[gpd.GeoDataFrame], text: str = "") -> Part:
    """Layers of water, lines and surfaces, with their entry of the legend."""
    names = [(text, "line", symbol("water.line")), (text, "polygon", symbol("water.area"))]
    classed = [(frame, (shapely.get_dimensions(_shapes(frame)) == 2).astype(np.int64)) for frame in frames]
    return _classed("water", classed, names, "polygon")


def _buildings(plan: Plan, words: Mapping[str, str]) -> Part:
    names = [(words[f"maps.legend.building-{k}"], "", symbol(f"building.{k}")) for k in BUILDINGS]
    frames = [
        (frame, once(frame, "building classes", partial(_building_classes, frame)))
        for frame in frames_of(plan, Role.BUILDINGS)
    ]
    return _classed("buildings", frames, names, "polygon")


def _building_classes(frame: gpd.GeoDataFrame) -> IntArray:
    use = _texts(frame, "use")
    known = np.where(use == "residential", BUILDINGS.index("residential"), BUILDINGS.index("other"))
    classes: IntArray = np.where(use == "", BUILDINGS.index("unknown"), known).astype(np.int64)
    if "unsafe" in frame:
        unsafe = frame["unsafe"].fillna(False).astype(bool).to_numpy()
        classes[unsafe] = BUILDINGS.index("unsafe")
    return classes


def _roads(plan: Plan, words: Mapping[str, str]) -> Part:
    names = [(words[f"maps.legend.road-{k}"], "", symbol(f"road.{k}")) for k in ROAD_CLASSES]
    frames = []
    for frame in frames_of(plan, Role.ROADS):
        frames.append((frame, road_classes(frame)))
    return _classed("roads", frames, names, "line")


def road_classes(frame: gpd.GeoDataFrame) -> IntArray:
    """Index into ``ROAD_CLASSES`` of each road; a class nobody has heard of is an alley."""
    known = {
        alias: ROAD_CLASSES.index(name)
        for name, aliases in table("map")["road_names"].items()
        for alias in aliases
    }

    def make() -> IntArray:
        alley = ROAD_CLASSES.index("alley")
        return np.array([known.get(value, alley) for value in _texts(frame, "road_class")], dtype=np.int64)

    return once(frame, "road classes", make)


def _railways(plan: Plan, words: Mapping[str, str]) -> Part:
    names = [
        (words["maps.legend.railway-underground"], "", symbol("railway.underground")),
        (words["maps.legend.railway"], "", symbol("railway.line")),
    ]
    frames = []
    for frame in frames_of(plan, Role.RAILWAYS):
        below = _contains(_texts(frame, "kind"), UNDERGROUND)
        if "tunnel" in frame:
            below |= frame["tunnel"].fillna(False).astype(bool).to_numpy()
        frames.append((frame, (~below).astype(np.int64)))
    return _classed("railways", frames, names, "line")


def _simple(plan: Plan, role: Role, name: str, words: Mapping[str, str]) -> Part:
    names = [(words[f"maps.legend.{name}"], "", symbol(name))]
    frames = [(frame, np.zeros(len(frame), dtype=np.int64)) for frame in frames_of(plan, role)]
    return _classed(role.value, frames, names, "polygon" if role is Role.HERITAGE else "line")


def facilities(plan: Plan, words: Mapping[str, str], theme: str) -> Part:
    """Points of supply of all facility layers as one layer of markers, with an entry for each kind.

    The map of areas shows all kinds, that of a deficit or a reach only the facility's own, other maps none.
    """
    kind, _, key = theme.partition(":")
    wanted = key if f"{kind}:" in (DEFICIT, REACH) else None
    frames = [frame for frame in frames_of(plan, Role.FACILITIES) if len(frame)]
    if not frames or (wanted is None and theme != "areas"):
        return [], []
    kinds = np.concatenate([_texts(frame, "facility") for frame in frames])
    keys = sorted(set(kinds))
    classes = np.searchsorted(np.array(keys, dtype=object), kinds).astype(np.int64)
    if wanted is not None:
        classes[kinds != wanted] = UNDRAWN
    points = np.concatenate([_points(frame) for frame in frames])
    sizes = _sizes(np.concatenate([_capacities(frame) for frame in frames]), classes)
    symbols = tuple(facility_symbol(key) for key in keys)
    texts = [_facility_text(plan, key, words) for key in keys]
    entries = []
    for text in dict.fromkeys(texts):
        same = tuple(k for k, value in enumerate(texts) if value == text and wanted in (None, keys[k]))
        if not same:
            continue
        style = symbols[same[0]]
        entries.append(LegendEntry(text, "facilities", same, (style,), "point", counted=True))
    return [MarkerLayer("facilities", points, classes, sizes, symbols)], entries


def sites(plan: Plan, words: Mapping[str, str], theme: str) -> Part:
    """Idle rooms and ground as markers, on the maps where room is looked for."""
    frames = [frame for frame in frames_of(plan, Role.SITES) if len(frame)]
    if not frames or not (theme in ("areas", "sites") or theme.startswith(DEFICIT)):
        return [], []
    points = np.concatenate([_points(frame) for frame in frames])
    classes, style = np.zeros(len(points), dtype=np.int64), symbol("sites")
    entry = LegendEntry(words["maps.legend.sites"], "sites", (0,), (style,), "point", counted=True)
    return [MarkerLayer("sites", points, classes, np.ones(len(points)), (style,))], [entry]


def _facility_text(plan: Plan, key: str, words: Mapping[str, str]) -> str:
    facility = plan.standard.facility(key)
    if facility is not None:
        return facility_name(facility, words)
    drawn = drawn_as(key)
    return words["maps.facility.other" if drawn is None else f"maps.facility.{drawn.key}"]


def _points(frame: gpd.GeoDataFrame) -> FloatArray:
    def make() -> FloatArray:
        coordinates: FloatArray = shapely.get_coordinates(shapely.point_on_surface(_shapes(frame)))
        return coordinates

    return once(frame, "points", make)


def _shapes(frame: gpd.GeoDataFrame) -> npt.NDArray[np.object_]:
    return np.asarray(frame.geometry.values, dtype=object)


def _capacities(frame: gpd.GeoDataFrame) -> FloatArray:
    if "capacity" not in frame:
        return np.full(len(frame), np.nan)
    capacities: FloatArray = pd.to_numeric(frame["capacity"]).to_numpy(dtype=np.float64)
    return capacities


def _sizes(capacity: FloatArray, classes: IntArray) -> FloatArray:
    """0.8 to 1.3 times the symbol by rank of capacity within the kind; unknown capacity is the plain size."""
    rank = pd.Series(capacity).groupby(classes).rank(pct=True).to_numpy(dtype=np.float64)
    return np.where(np.isnan(rank), 1.0, 0.8 + 0.5 * np.nan_to_num(rank))
