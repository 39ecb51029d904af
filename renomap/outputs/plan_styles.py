"""How QGIS shows each layer of a GeoPackage: the symbols of the maps, for every role and kind of shape."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import geopandas as gpd
import shapely

from renomap.cartography.ground import GREEN, ROAD_CLASSES, road_classes
from renomap.cartography.symbols import Symbol, facility_symbol, symbol, token
from renomap.model.layer import Layer
from renomap.model.roles import Role
from renomap.outputs.qgis_style import Fill, LineClass, Look, Point, categorized, single

#: What QGIS calls the shapes of markers that it has; any other is a circle.
SHAPES: Final[Mapping[str, str]] = {
    "house": "pentagon",
    "block": "square",
    "plus": "cross_fill",
    "triangle": "triangle",
    "diamond": "diamond",
    "tree": "triangle",
    "star": "star",
    "hexagon": "hexagon",
    "gem": "diamond",
    "cross": "cross2",
    "flag": "half_square",
    "glass": "diamond_star",
    "pentagon": "pentagon",
    "down": "triangle",
}
#: Details that small maps leave out.
NEAR: Final = 25_000.0
#: Roads are drawn as wide as on paper at usual scales, mm.
_ROAD_MM: Final = 0.8


def area_style(areas: gpd.GeoDataFrame) -> str:
    """Areas in their colours with the range line round them, and their names."""
    line = symbol("area.outline")
    looks = [
        Fill(
            str(i),
            str(name),
            colour,
            line=str(line.stroke),
            line_mm=line.max_mm,
            opacity=0.55,
            dash="dash dot",
        )
        for i, name, colour in zip(areas["id"], areas["name"], areas["colour"], strict=True)
    ]
    return categorized("id", looks, number=True, label_field="name", label_pt=11.0)


def members_style() -> str:
    """Members' ground as a line."""
    line = symbol("area.members")
    return single(Fill("", "", None, line=str(line.stroke), line_mm=line.stroke_mm, dash="dash"))


def neighbourhood_style(areas: gpd.GeoDataFrame) -> str:
    """Neighbourhoods in the colours of their areas; those in none with a dashed rim."""
    rim = symbol("neighbourhood.member").stroke or ""
    looks = [
        Fill(str(i), str(name), colour, line=rim, line_mm=0.18)
        for i, name, colour in zip(areas["id"], areas["name"], areas["colour"], strict=True)
    ]
    outside = Fill("", "—", token("paper"), line=token("outside"), line_mm=0.18, dash="dash")
    return categorized("area_id", [*looks, outside], number=True, label_field="name", label_pt=7.0)


def context_style(layer: Layer) -> str:
    """The style of a layer that is drawn under the plan; of any role and any shape."""
    column, look_of = _BY_VALUE.get(layer.role, ("", _plain))
    dimension = int(shapely.get_dimensions(layer.frame.geometry.to_numpy()).max(initial=-1))
    most = NEAR if layer.role is Role.BUILDINGS else 0.0
    rest = _look(look_of(""), dimension, layer.role)
    if not column or column not in layer.frame:
        return single(rest, most_scale=most)
    values = sorted({str(value) for value in layer.frame[column].dropna()})
    looks = [_look(look_of(value), dimension, layer.role, value) for value in values]
    return categorized(column, [*looks, rest], most_scale=most)


def _look(item: Symbol, dimension: int, role: Role, value: str = "") -> Look:
    label = value or "—"
    colour = _opaque(item.stroke or item.fill)
    if dimension == 0:
        point = item if item.marker else symbol("facility.other")
        mark = colour if not item.marker else _opaque(item.fill)
        return Point(
            value, label, mark, SHAPES.get(point.marker, "circle"), point.size_mm if item.marker else 2.4
        )
    if dimension == 1:
        dash = "dash" if item.dash else "solid"
        width = _ROAD_MM * item.stroke_mm if role is Role.ROADS else item.stroke_mm
        return LineClass(value, label, colour, width, _opaque(item.casing) if item.casing else None, dash)
    if role is Role.BUILDINGS:
        return Fill(value, label, token("building"), line=token("building-rim"), line_mm=0.08)
    fill = None if item.fill is None and role in (Role.BOUNDARY, Role.HERITAGE, Role.BARRIERS) else item.fill
    line = colour if item.stroke or fill is None else _opaque(fill)
    return Fill(
        value,
        label,
        _opaque(fill) if fill else None,
        line=line,
        line_mm=item.stroke_mm,
        dash="dash" if item.dash else "solid",
    )


def _opaque(colour: str | None) -> str:
    return "#" + (colour or token("text-3")).lstrip("#")[-6:]


def _plain(_: str) -> Symbol:
    return symbol("neighbourhood.scattered")


def _road(value: str) -> Symbol:
    frame = gpd.GeoDataFrame({"road_class": [value]}, geometry=[None])
    return symbol(f"road.{ROAD_CLASSES[int(road_classes(frame)[0])]}")


def _landuse(value: str) -> Symbol:
    return symbol("landuse.green" if any(part in value.lower() for part in GREEN) else "landuse.other")


def _named(name: str) -> Callable[[str], Symbol]:
    return lambda _: symbol(name)


#: The column that tells the classes of a role (empty: none), and the symbol of a value.
_BY_VALUE: Final[Mapping[Role, tuple[str, Callable[[str], Symbol]]]] = {
    Role.ROADS: ("road_class", _road),
    Role.LANDUSE: ("kind", _landuse),
    Role.FACILITIES: ("facility", facility_symbol),
    Role.WATER: ("", _named("water.area")),
    Role.RAILWAYS: ("", _named("railway.underground")),
    Role.BARRIERS: ("", _named("barrier")),
    Role.CROSSINGS: ("", _named("link.crossing")),
    Role.BOUNDARY: ("", _named("boundary")),
    Role.BUILDINGS: ("", _named("building.other")),
    Role.SITES: ("", _named("sites")),
    Role.HERITAGE: ("", _named("heritage")),
}
