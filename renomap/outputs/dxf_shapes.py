"""Shapes in a drawing: rings, lines, hatches and markers, each with the number of the thing it belongs to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import shapely

from renomap.cartography.markers import SHAPES
from renomap.cartography.symbols import facility_symbol, symbol

if TYPE_CHECKING:
    from ezdxf.document import Drawing
    from ezdxf.layouts import Modelspace

#: Under this name each boundary and neighbourhood carries its number.
APP_ID: Final = "RENOMAP"
#: Text style of all texts, the usual name of a style for Chinese; the typeface comes with Windows.
TEXT_STYLE, TYPEFACE, TYPEFACE_FILE = "HZ", "SimHei", "simhei.ttf"
#: Width of a wide and of a narrow letter as shares of its height.
WIDE, NARROW = 1.05, 0.6
#: A marker is a square from -1 to 1.
_SITE: Final = "RENOMAP_SITE"
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")


def draw_shape(
    space: Modelspace, shape: shapely.Geometry | None, layer: str, number: int | None = None
) -> None:
    """A geometry as closed rings, open lines and points on a layer; nothing for None and what is empty.

    ``number`` goes with every ring as extended data: of which thing it is, so that several rings stay one.
    """
    if shape is None or shape.is_empty:
        return
    for part in shapely.get_parts(shapely.force_2d(shape)):
        if part.geom_type == "Point":
            space.add_point((part.x, part.y), dxfattribs={"layer": layer})
            continue
        closed = part.geom_type == "Polygon"
        for ring in rings(part) if closed else [shapely.get_coordinates(part)]:
            line = space.add_lwpolyline(ring, format="xy", close=closed, dxfattribs={"layer": layer})
            if number is not None:
                line.set_xdata(APP_ID, [(1071, int(number))])


def rings(polygon: shapely.Polygon) -> Iterator[Any]:
    """Corners of the outer ring and of each hole, the first not repeated at the end."""
    for ring in (polygon.exterior, *polygon.interiors):
        yield shapely.get_coordinates(ring)[:-1]


def draw_fill(
    space: Modelspace, shape: shapely.Geometry | None, layer: str, colour: str, share: float
) -> None:
    """A solid hatch of polygons with their holes, in a colour '#rrggbb' that lets ``share`` shine through."""
    for hatch, part in _hatches(space, shape, layer):
        hatch.set_solid_fill()
        hatch.rgb = tuple(int(colour.lstrip("#")[k : k + 2], 16) for k in (0, 2, 4))
        hatch.transparency = share
        _bound(hatch, part)


def draw_pattern(space: Modelspace, shape: shapely.Geometry | None, layer: str, spacing: float) -> None:
    """Lines at 45° over polygons with their holes, ``spacing`` apart in the unit of the drawing."""
    for hatch, part in _hatches(space, shape, layer):
        hatch.set_pattern_fill(
            "DIAGONAL", definition=[[45.0, (0.0, 0.0), (-spacing * 0.5**0.5, spacing * 0.5**0.5), []]]
        )
        _bound(hatch, part)


def _hatches(
    space: Modelspace, shape: shapely.Geometry | None, layer: str
) -> Iterator[tuple[Any, shapely.Polygon]]:
    if shape is None or shape.is_empty:
        return
    for part in shapely.get_parts(shapely.force_2d(shape)):
        if part.geom_type == "Polygon":
            yield space.add_hatch(dxfattribs={"layer": layer}), part


def _bound(hatch: Any, polygon: shapely.Polygon) -> None:
    for k, ring in enumerate(rings(polygon)):
        hatch.paths.add_polyline_path(ring, is_closed=True, flags=1 if k == 0 else 16)


def marker_block(drawing: Drawing, key: str | None) -> str:
    """Name of the block with the marker of a facility (None: of idle rooms), made where it is not there.

    The block is 2 units wide and has the texts NAME and CAPACITY, which are not shown.
    """
    name = _SITE if key is None else f"RENOMAP_{re.sub(r'[^A-Za-z0-9_]+', '_', key).upper()}"
    if name not in drawing.blocks:
        block = drawing.blocks.new(name)
        look = symbol("sites") if key is None else facility_symbol(key)
        hatch = block.add_hatch(dxfattribs={"layer": "0"})
        hatch.set_solid_fill(color=0)  # as the layer of the insert
        for ring in SHAPES.get(look.marker, SHAPES["disc"]):
            hatch.paths.add_polyline_path([(x, -y) for x, y in ring], is_closed=True, flags=16)
        for tag in ("NAME", "CAPACITY"):
            text = block.add_attdef(
                tag, (0, 0), dxfattribs={"height": 1.0, "style": TEXT_STYLE, "layer": "0"}
            )
            text.is_invisible = True
    return name


def plain(text: object) -> str:
    """A text that a drawing can hold: one line without control characters and codes."""
    return _CONTROL.sub(" ", str(text)).replace("%%", "％％").replace("^", "＾").strip()


def paragraph(lines: list[str]) -> str:
    """Lines as one text of several lines; what would be a code there is written as a sign."""
    told = (plain(line).replace("\\", "\\\\").replace("{", "\\{").replace("}", "\\}") for line in lines)
    return "\\P".join(told)


def width_of(text: str) -> float:
    """Width of a line in heights of its letters, about: drawing programs have typefaces of their own."""
    return sum(WIDE if ord(letter) > 0x2E80 else NARROW for letter in text)


def broken(text: str, room: float) -> list[str]:
    """A text in lines at most ``room`` wide, in heights of its letters; Chinese has no blanks to break at."""
    lines, line = [], ""
    for letter in plain(text):
        if line and width_of(line + letter) > room:
            lines.append(line)
            line = ""
        line += letter
    return [*lines, line]
