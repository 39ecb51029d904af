"""What a map of a theme shows: the plan's layers from the ground up, their legend and their labels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from renomap.cartography.layers import (
    IntArray,
    LabelLayer,
    LegendEntry,
    LegendGroup,
    MapContent,
    MapLayer,
    MarkerLayer,
    ShapeLayer,
    once,
)
from renomap.cartography.naming import area_labels, line_labels, neighbourhood_labels, water_labels
from renomap.cartography.symbols import Symbol, symbol, table
from renomap.cartography.themes import AREA_FILLS, NEIGHBOURHOODS, Theme, facility_name, theme_of
from renomap.errors import RenomapError
from renomap.model.plan import Plan
from renomap.model.roles import Role
from renomap.model.words import sentence

#: From the least to the greatest; a greater class is drawn over a lesser one.
ROAD_CLASSES: tuple[str, ...] = ("path", "alley", "tertiary", "secondary", "primary", "express")
GREEN = ("green", "park", "garden", "forest", "wood", "grass", "meadow", "绿", "公园", "林", "草")
UNDERGROUND = ("subway", "underground", "地铁", "地下")


def map_content(
    plan: Plan, theme: str, words: Mapping[str, str], *, area: int | None = None, by: str = "area"
) -> MapContent:
    """Everything a map of the plan shows in a theme.

    Parameters
    ----------
    plan : Plan
        Layers and areas may be missing or empty; values may be unknown.
    theme : str
        'areas', 'deficit:<facility>', 'year' or 'eligibility'.
    words : mapping of code to sentence
        The catalogue of the language the map is written in.
    area : int, optional
        The area the sheet is about: it is shown whole, the others step back.
    by : str
        'area' or 'neighbourhood': whose deficit a deficit theme shows.

    Returns
    -------
    MapContent
        Layers from the bottom: landuse, water, area_fills, neighbourhoods, buildings, heritage, boundary, roads,
        railways, barriers, outlines, facilities, labels; those without rows are left out (labels never).

    Raises
    ------
    RenomapError
        ``maps.theme-unknown``, ``maps.facility-unknown``, ``maps.area-unknown``.
    """
    if area is not None and area not in plan.areas.index:
        raise RenomapError("maps.area-unknown", area=area)
    decided = theme_of(plan, theme, words, area=area, by=by)
    layers: list[MapLayer] = []
    ground: list[LegendEntry] = []
    for part, entries in (_landuse(plan, words), _water(plan, words)):
        layers += part
        ground += entries
    layers += _theme_layers(plan, decided)
    for part, entries in (
        _buildings(plan, words),
        _simple(plan, Role.HERITAGE, "heritage", words),
        _simple(plan, Role.BOUNDARY, "boundary", words),
        _roads(plan, words),
        _railways(plan, words),
        _simple(plan, Role.BARRIERS, "barrier", words),
    ):
        layers += part
        ground += entries
    outlines, lines = _outlines(plan, words, area)
    layers += outlines
    markers, points = _facilities(plan, words)
    layers += markers
    layers.append(_labels(plan, decided, area))
    groups = [
        *decided.groups,
        LegendGroup(words["maps.legend.areas"], tuple(lines)),
        LegendGroup(words["maps.legend.facilities"], tuple(points)),
        LegendGroup(words["maps.legend.ground"], tuple(ground)),
    ]
    return MapContent(
        theme,
        tuple(layers),
        tuple(group for group in groups if group.entries),
        decided.heading,
        _bounds(plan, area),
        tuple(_remarks(plan, words)),
        area,
    )


Part = tuple[list[MapLayer], list[LegendEntry]]


def _theme_layers(plan: Plan, theme: Theme) -> list[MapLayer]:
    layers: list[MapLayer] = []
    if theme.fill_classes is not None and len(plan.areas):
        layers.append(ShapeLayer(AREA_FILLS, plan.areas, theme.fill_classes, theme.fill_symbols))
    if len(plan.neighbourhoods):
        layers.append(ShapeLayer(NEIGHBOURHOODS, plan.neighbourhoods, theme.classes, theme.symbols))
    return layers


def _classed(
    key: str,
    frames: Iterable[tuple[gpd.GeoDataFrame, IntArray]],
    names: Sequence[tuple[str, str, Symbol]],
    shape: str,
) -> Part:
    """Layers of one kind of thing; ``names`` gives the text, the shape in the legend and the symbol of each class."""
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


def _frames(plan: Plan, role: Role) -> list[gpd.GeoDataFrame]:
    return [layer.frame for layer in plan.project.layers_of(role) if layer.visible]


def _texts(frame: gpd.GeoDataFrame, column: str) -> npt.NDArray[Any]:
    if column not in frame:
        return np.full(len(frame), "", dtype=object)
    return frame[column].fillna("").astype(str).str.strip().str.lower().to_numpy(dtype=object)


def _contains(values: npt.NDArray[Any], parts: Sequence[str]) -> npt.NDArray[np.bool_]:
    return np.array([any(part in value for part in parts) for value in values], dtype=bool)


def _landuse(plan: Plan, words: Mapping[str, str]) -> Part:
    names = [(words[f"maps.legend.landuse-{k}"], "", symbol(f"landuse.{k}")) for k in ("other", "green")]
    frames = [
        (frame, _contains(_texts(frame, "kind"), GREEN).astype(np.int64))
        for frame in _frames(plan, Role.LANDUSE)
    ]
    return _classed("landuse", frames, names, "polygon")


def _water(plan: Plan, words: Mapping[str, str]) -> Part:
    text = words["maps.legend.water"]
    names = [(text, "line", symbol("water.line")), (text, "polygon", symbol("water.area"))]
    frames = []
    for frame in _frames(plan, Role.WATER):
        areal = shapely.get_dimensions(np.asarray(frame.geometry.values)) == 2
        frames.append((frame, areal.astype(np.int64)))
    return _classed("water", frames, names, "polygon")


def _buildings(plan: Plan, words: Mapping[str, str]) -> Part:
    kinds = ("other", "residential", "unsafe")
    names = [(words[f"maps.legend.building-{k}"], "", symbol(f"building.{k}")) for k in kinds]
    frames = []
    for frame in _frames(plan, Role.BUILDINGS):
        classes = once(frame, "building classes", lambda frame=frame: _building_classes(frame))
        frames.append((frame, classes))
    return _classed("buildings", frames, names, "polygon")


def _building_classes(frame: gpd.GeoDataFrame) -> IntArray:
    classes = (_texts(frame, "use") == "residential").astype(np.int64)
    if "unsafe" in frame:
        classes[frame["unsafe"].fillna(False).astype(bool).to_numpy()] = 2
    return classes


def _roads(plan: Plan, words: Mapping[str, str]) -> Part:
    names = [(words[f"maps.legend.road-{k}"], "", symbol(f"road.{k}")) for k in ROAD_CLASSES]
    frames = []
    for frame in _frames(plan, Role.ROADS):
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
    for frame in _frames(plan, Role.RAILWAYS):
        below = _contains(_texts(frame, "kind"), UNDERGROUND)
        if "tunnel" in frame:
            below |= frame["tunnel"].fillna(False).astype(bool).to_numpy()
        frames.append((frame, (~below).astype(np.int64)))
    return _classed("railways", frames, names, "line")


def _simple(plan: Plan, role: Role, name: str, words: Mapping[str, str]) -> Part:
    names = [(words[f"maps.legend.{name}"], "", symbol(name))]
    frames = [(frame, np.zeros(len(frame), dtype=np.int64)) for frame in _frames(plan, role)]
    return _classed(role.value, frames, names, "polygon" if role is Role.HERITAGE else "line")


def _outlines(
    plan: Plan, words: Mapping[str, str], area: int | None
) -> tuple[list[MapLayer], list[LegendEntry]]:
    if not len(plan.areas):
        return [], []
    lines = once(plan.areas, f"outlines {area}", lambda: _boundary_lines(plan.areas, area))
    codes = ("outline-elsewhere", "outline", "undersized")
    symbols = (symbol("area.elsewhere"), symbol("area.outline"), symbol("area.undersized"))
    classes = lines["class"].to_numpy(dtype=np.int64)
    layer = ShapeLayer("outlines", lines, classes, symbols)
    entries = [
        LegendEntry(words[f"maps.legend.{codes[k]}"], "outlines", (k,), (symbols[k],), "line")
        for k in (1, 2, 0)
        if (classes == k).any()
    ]
    return [layer], entries


def _boundary_lines(areas: gpd.GeoDataFrame, area: int | None) -> gpd.GeoDataFrame:
    """Boundaries as lines that are drawn once, so that the dashes of two areas do not fill each other's gaps.

    Class 1 are the outlines of the sheet's area or, without one, of all areas; 2 those of undersized areas that
    no other area shares; 0 the outlines of the other areas.
    """
    shapes = np.asarray(areas.geometry.values)
    small = (
        areas["undersized"].fillna(False).astype(bool).to_numpy()
        if "undersized" in areas
        else np.zeros(len(areas))
    )
    level = np.where(small.astype(bool), 2, 1)
    if area is not None:
        level = np.where(areas.index.to_numpy() == area, level, 0)
    taken: Any = shapely.MultiLineString()
    rows, classes = [], []
    for cls in (1, 2, 0):
        merged = shapely.union_all(shapely.boundary(shapes[level == cls]))
        lines = shapely.line_merge(shapely.difference(merged, shapely.buffer(taken, 0.05)))
        parts = [part for part in shapely.get_parts(lines) if shapely.get_type_id(part) == 1]
        rows += parts
        classes += [cls] * len(parts)
        taken = shapely.union(taken, merged)
    return gpd.GeoDataFrame({"class": classes}, geometry=rows, crs=areas.crs)


def _facilities(plan: Plan, words: Mapping[str, str]) -> tuple[list[MapLayer], list[LegendEntry]]:
    layers: list[MapLayer] = []
    entries: list[LegendEntry] = []
    for frame in _frames(plan, Role.FACILITIES):
        kinds = _texts(frame, "facility")
        keys = sorted(set(kinds))
        names = [_facility_symbol(key) for key in keys]
        texts = [_facility_text(plan, key, words) for key in keys]
        layer_key = "facilities" if not layers else f"facilities_{len(layers) + 1}"
        points = once(frame, "points", lambda frame=frame: _points(frame))
        classes = np.searchsorted(np.array(keys, dtype=object), kinds).astype(np.int64)
        sizes = _sizes(frame, classes)
        layers.append(
            MarkerLayer(layer_key, points, classes, sizes, tuple(symbol(f"facility.{n}") for n in names))
        )
        for text in dict.fromkeys(texts):
            same = tuple(k for k, value in enumerate(texts) if value == text)
            entries.append(
                LegendEntry(
                    text, layer_key, same, (symbol(f"facility.{names[same[0]]}"),), "point", counted=True
                )
            )
    return layers, entries


def _facility_symbol(key: str) -> str:
    styles = table("map")
    if key in styles["facility"]:
        return key
    return next((name for name, keys in styles["facility_names"].items() if key in keys), "other")


def _facility_text(plan: Plan, key: str, words: Mapping[str, str]) -> str:
    facility = plan.standard.facility(key)
    return words["maps.legend.facility-other"] if facility is None else facility_name(facility, words)


def _points(frame: gpd.GeoDataFrame) -> npt.NDArray[np.float64]:
    return shapely.get_coordinates(shapely.point_on_surface(np.asarray(frame.geometry.values)))


def _sizes(frame: gpd.GeoDataFrame, classes: IntArray) -> npt.NDArray[np.float64]:
    """0.8 to 1.3 times the symbol by rank of capacity within the kind; unknown capacity is the plain size."""
    capacity = (
        pd.to_numeric(frame["capacity"]) if "capacity" in frame else pd.Series(np.nan, index=frame.index)
    )
    rank = capacity.groupby(classes).rank(pct=True).to_numpy(dtype=np.float64)
    return np.where(np.isnan(rank), 1.0, 0.8 + 0.5 * np.nan_to_num(rank))


def _labels(plan: Plan, theme: Theme, area: int | None) -> LabelLayer:
    labels = [
        *area_labels(plan, theme.figures, area),
        *neighbourhood_labels(plan, area),
        *(label for frame in _frames(plan, Role.ROADS) for label in line_labels(frame, road_classes(frame))),
        *(label for frame in _frames(plan, Role.WATER) for label in water_labels(frame)),
    ]
    return LabelLayer("labels", tuple(labels))


def _bounds(plan: Plan, area: int | None) -> tuple[float, float, float, float]:
    if area is not None:
        shapes: Any = plan.areas.geometry.loc[[area]]
    elif len(plan.neighbourhoods):
        shapes = plan.neighbourhoods.geometry
    else:
        shapes = gpd.GeoSeries([layer.frame.union_all() for layer in plan.project.layers if len(layer.frame)])
    xmin, ymin, xmax, ymax = (
        (float(v) for v in shapes.total_bounds) if len(shapes) else (0.0, 0.0, 1000.0, 1000.0)
    )
    return (xmin, ymin, xmax, ymax)


def _remarks(plan: Plan, words: Mapping[str, str]) -> list[str]:
    missing = [
        words[f"maps.missing.{role.value}"]
        for role in (Role.ROADS, Role.WATER, Role.RAILWAYS)
        if not any(len(layer.frame) for layer in plan.project.layers_of(role))
    ]
    if not missing:
        return []
    return [sentence(words, "maps.missing", {"layers": words["maps.missing.joiner"].join(missing)})]
