"""KML for globes and phone maps: areas, members' ground and neighbourhoods in colour, with their data."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import shapely

from renomap.cartography.symbols import symbol
from renomap.model.plan import Plan
from renomap.outputs.atomic import new_file
from renomap.outputs.columns import area_table, flat, members_table, neighbourhood_table
from renomap.outputs.field_list import meaning
from renomap.outputs.geojson import geographic
from renomap.outputs.plain_text import clean

SPACE: Final = "http://www.opengis.net/kml/2.2"
#: Opacity of the fills of areas, and width of lines in pixels.
OPACITY, WIDE, NARROW = 0.45, 2.5, 1.0


def write(plan: Plan, path: Path, words: Mapping[str, str]) -> None:
    """Write the three tables of ``columns`` as folders, WGS 84; unknown values are left out.

    Raises the errors of ``atomic.new_file``.
    """
    root = ET.Element("kml", xmlns=SPACE)
    document = ET.SubElement(root, "Document")
    _add(document, "name", plan.project.form.get("title") or words["outputs.report.untitled"])
    _add(document, "description", f"{words['outputs.stamp']} {plan.stamp}")
    line = symbol("area.outline").stroke or ""
    for area, colour in plan.areas["colour"].items():
        _style(document, f"area-{area}", line, WIDE, str(colour))
    _style(document, "members", symbol("area.members").stroke or "", NARROW, None)
    _style(document, "neighbourhood", symbol("neighbourhood.scattered").stroke or "", NARROW, None)
    areas, people = area_table(plan), neighbourhood_table(plan)
    styles = [f"area-{area}" for area in areas["id"]]
    _folder(document, words["maps.legend.outline"], areas, styles, plan, words, shared=True)
    ground = members_table(plan)
    _folder(
        document,
        words["maps.legend.members-ground"],
        ground,
        ["members"] * len(ground),
        plan,
        words,
        shared=True,
    )
    name = words["outputs.format.neighbourhoods"]
    _folder(document, name, people, ["neighbourhood"] * len(people), plan, words)
    with new_file(path) as draft:
        ET.ElementTree(root).write(draft, encoding="utf-8", xml_declaration=True)


def _style(document: ET.Element, key: str, line: str, width: float, fill: str | None) -> None:
    style = ET.SubElement(document, "Style", id=key)
    drawn = ET.SubElement(style, "LineStyle")
    _add(drawn, "color", _colour(line))
    _add(drawn, "width", f"{width:g}")
    filled = ET.SubElement(style, "PolyStyle")
    _add(filled, "color", _colour(fill or "#ffffff", OPACITY if fill else 0.0))
    _add(filled, "fill", "1" if fill else "0")


def _folder(
    document: ET.Element,
    name: str,
    table: gpd.GeoDataFrame,
    styles: list[str],
    plan: Plan,
    words: Mapping[str, str],
    *,
    shared: bool = False,
) -> None:
    folder = ET.SubElement(document, "Folder")
    _add(folder, "name", name)
    shapes = geographic(table.geometry, shared=shared)
    columns = [column for column in table.columns if column != table.geometry.name]
    told = {column: meaning(column, plan, words) for column in columns}
    for row, shape, style in zip(table[columns].to_dict("records"), shapes, styles, strict=True):
        place = ET.SubElement(folder, "Placemark")
        _add(place, "name", flat(row["name"]) or "")
        _add(place, "styleUrl", f"#{style}")
        data = ET.SubElement(place, "ExtendedData")
        for column, value in row.items():
            value = flat(value)
            if value is None or column == "name":
                continue
            item = ET.SubElement(data, "Data", name=clean(str(column)))
            _add(item, "displayName", told[str(column)])
            _add(item, "value", value)
        _shape(place, shape)


def _shape(place: ET.Element, shape: Any) -> None:
    if shape is None or shape.is_empty:
        return
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    within = place if len(parts) == 1 else ET.SubElement(place, "MultiGeometry")
    for part in parts:
        polygon = ET.SubElement(within, "Polygon")
        for kind, ring in (("outer", part.exterior), *(("inner", hole) for hole in part.interiors)):
            boundary = ET.SubElement(ET.SubElement(polygon, f"{kind}BoundaryIs"), "LinearRing")
            _add(boundary, "coordinates", " ".join(f"{x:.7f},{y:.7f}" for x, y in ring.coords))


def _add(parent: ET.Element, tag: str, text: object) -> None:
    ET.SubElement(parent, tag).text = clean(str(text))


def _colour(colour: str, opacity: float = 1.0) -> str:
    """A colour '#rrggbb' as KML writes it: opacity, blue, green, red."""
    digits = colour.lstrip("#")[-6:]
    return f"{round(opacity * 255):02x}{digits[4:6]}{digits[2:4]}{digits[:2]}".lower()
