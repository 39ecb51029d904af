"""One GeoPackage with all layers of a plan in project coordinates and the styles QGIS shows them with."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import pandas as pd

from renomap.model.layer import Layer
from renomap.model.plan import Plan
from renomap.model.roles import Role
from renomap.outputs.atomic import new_file
from renomap.outputs.columns import area_table, flat, members_table, neighbourhood_table, typed
from renomap.outputs.qgis_style import Fill, categorized, single_fill, single_line

#: Roles that are drawn under the plan and travel with it.
CONTEXT: tuple[Role, ...] = (
    Role.ROADS,
    Role.WATER,
    Role.RAILWAYS,
    Role.BARRIERS,
    Role.CROSSINGS,
    Role.BOUNDARY,
    Role.BUILDINGS,
    Role.FACILITIES,
    Role.SITES,
    Role.LANDUSE,
    Role.HERITAGE,
)
#: Colours of printed plans: domain practice for roads, water and railways.
LINES: dict[Role, tuple[str, float]] = {
    Role.ROADS: ("#b5b5b5", 0.5),
    Role.WATER: ("#7fb4dd", 0.6),
    Role.RAILWAYS: ("#404040", 0.4),
    Role.BARRIERS: ("#8c510a", 0.4),
    Role.BOUNDARY: ("#7a5c99", 0.4),
}
FILLS: dict[Role, Fill] = {
    Role.WATER: Fill("", "", "#bbd9ef", line="#7fb4dd"),
    Role.BUILDINGS: Fill("", "", "#f7e7c6", line="#8c8c8c", line_mm=0.1),
    Role.BOUNDARY: Fill("", "", None, line="#7a5c99", line_mm=0.4, dash="dash"),
    Role.ROADS: Fill("", "", "#ffffff", line="#b5b5b5"),
}
AREA_LINE = "#c8161d"
MEMBERS = Fill("", "", None, line="#7a2a86", line_mm=0.28, dash="dash")
STYLE_TABLE = "layer_styles"


def write(plan: Plan, path: Path) -> None:
    """Write ``areas``, ``members`` (their ground), ``neighbourhoods``, the context layers and all styles.

    All layers are in project CRS. A column whose name differs from another only in case gets a number,
    because SQLite knows no case; lists become JSON text. The description of each style carries the plan's
    stamp. Raises the errors of ``atomic.new_file``.
    """
    import pyogrio

    areas, members, people = area_table(plan), members_table(plan), neighbourhood_table(plan)
    styles: list[tuple[str, str | None]] = [
        ("areas", _area_style(areas)),
        ("members", single_fill(MEMBERS)),
        ("neighbourhoods", _neighbourhood_style(areas)),
    ]
    with new_file(path) as draft:
        _write_layer(areas, draft, "areas", surfaces=True)
        _write_layer(members, draft, "members", surfaces=True)
        _write_layer(people, draft, "neighbourhoods", surfaces=True)
        for name, layer in _context(plan):
            _write_layer(layer.frame.reset_index(), draft, name)
            styles.append((name, _context_style(layer)))
        table = pd.DataFrame([_style_row(name, qml, plan.stamp) for name, qml in styles if qml])
        pyogrio.write_dataframe(
            table, draft, layer=STYLE_TABLE, driver="GPKG", append=True, layer_options={"FID": "id"}
        )
        with closing(sqlite3.connect(draft)) as file, file:
            # The standard asks for milliseconds, which the library leaves out where they are 0.
            file.execute(
                f"UPDATE {STYLE_TABLE} SET update_time = strftime('%Y-%m-%dT%H:%M:%fZ', update_time)"
            )


def _context(plan: Plan) -> Iterator[tuple[str, Layer]]:
    taken = {"areas", "members", "neighbourhoods", STYLE_TABLE}
    for layer in plan.project.layers:
        if layer.role not in CONTEXT:
            continue
        name, number = layer.key, 2
        while name.lower() in taken:
            name, number = f"{layer.key}_{number}", number + 1
        taken.add(name.lower())
        yield name, layer


def _write_layer(table: gpd.GeoDataFrame, draft: Path, name: str, *, surfaces: bool = False) -> None:
    import pyogrio

    frame = table.copy()
    for column in frame.columns:
        if column != frame.geometry.name and frame[column].dtype == object:
            frame[column] = typed([flat(value) for value in frame[column]])
    frame.columns = pd.Index(_distinct(list(frame.columns), frame.geometry.name))
    pyogrio.write_dataframe(
        frame,
        draft,
        layer=name,
        driver="GPKG",
        append=draft.exists(),
        geometry_type="MultiPolygon" if surfaces else None,
        promote_to_multi=True,
        layer_options={"FID": "ogc_fid", "GEOMETRY_NAME": "geom"},
    )


def _distinct(names: list[str], geometry: str) -> list[str]:
    taken = {"ogc_fid", "geom"}
    result = []
    for name in names:
        if name == geometry:
            result.append(name)
            continue
        candidate, number = str(name), 2
        while candidate.lower() in taken:
            candidate, number = f"{name}_{number}", number + 1
        taken.add(candidate.lower())
        result.append(candidate)
    return result


def _area_style(areas: gpd.GeoDataFrame) -> str:
    fills = [
        Fill(str(i), str(name), colour, line=AREA_LINE, line_mm=0.7, opacity=0.55)
        for i, name, colour in zip(areas["id"], areas["name"], areas["colour"], strict=True)
    ]
    return categorized("id", fills, label_field="name", label_pt=11.0)


def _neighbourhood_style(areas: gpd.GeoDataFrame) -> str:
    fills = [
        Fill(str(i), str(name), colour)
        for i, name, colour in zip(areas["id"], areas["name"], areas["colour"], strict=True)
    ]
    return categorized("area_id", [*fills, Fill("", "—", "#e6e6e6")], label_field="name", label_pt=7.0)


def _context_style(layer: Layer) -> str | None:
    kinds = set(layer.frame.geom_type)
    if kinds <= {"Polygon", "MultiPolygon"} and layer.role in FILLS:
        return single_fill(FILLS[layer.role])
    if kinds <= {"LineString", "MultiLineString"} and layer.role in LINES:
        return single_line(*LINES[layer.role])
    return None


def _style_row(name: str, qml: str, stamp: str) -> dict[str, object]:
    return {
        "f_table_catalog": "",
        "f_table_schema": "",
        "f_table_name": name,
        "f_geometry_column": "geom",
        "styleName": name,
        "styleQML": qml,
        "styleSLD": "",
        "useAsDefault": True,
        "description": stamp,
        "owner": "renomap",
        "ui": None,
        "update_time": pd.Timestamp.now(tz="UTC").floor("s"),
    }
