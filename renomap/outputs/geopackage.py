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
from renomap.outputs.plan_styles import area_style, context_style, members_style, neighbourhood_style

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
STYLE_TABLE = "layer_styles"


def write(plan: Plan, path: Path) -> None:
    """Write ``areas``, ``members`` (their ground), ``neighbourhoods``, the context layers and all styles.

    All layers are in project CRS. A column whose name differs from another only in case gets a number,
    because SQLite knows no case; lists become JSON text. The description of each style carries the plan's
    stamp. Raises the errors of ``atomic.new_file``.
    """
    import pyogrio

    areas, members, people = area_table(plan), members_table(plan), neighbourhood_table(plan)
    styles = [
        ("areas", area_style(areas)),
        ("members", members_style()),
        ("neighbourhoods", neighbourhood_style(areas)),
    ]
    with new_file(path) as draft:
        _write_layer(areas, draft, "areas", surfaces=True)
        _write_layer(members, draft, "members", surfaces=True)
        _write_layer(people, draft, "neighbourhoods", surfaces=True)
        for name, layer in _context(plan):
            _write_layer(layer.frame.reset_index(), draft, name)
            styles.append((name, context_style(layer)))
        table = pd.DataFrame([_style_row(name, qml, plan.stamp) for name, qml in styles])
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
