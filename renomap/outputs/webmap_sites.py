"""Idle rooms and ground on the web map: where each stands, its sign, and the row of table 5 in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import pandas as pd

from renomap.cartography.markers import svg_path
from renomap.cartography.symbols import symbol
from renomap.model.plan import Plan
from renomap.model.roles import Role
from renomap.outputs.geojson import degrees
from renomap.outputs.numbers import Figures, missing
from renomap.outputs.tally_tables import sites

#: 10 cm.
DECIMALS = 6


def web_sites(plan: Plan, words: Mapping[str, str]) -> dict[str, Any] | None:
    """Legend, sign and places of the sites; None where the survey has none.

    A place has ``at`` (latitude and longitude in degrees of a point inside it), ``name`` and ``lines``: the
    other cells of its row with their heads.
    """
    layers = plan.project.layers_of(Role.SITES)
    shapes = [layer.frame.geometry for layer in layers if len(layer.frame)]
    if not shapes:
        return None
    table, figures, sign = sites(plan, words), Figures(words), symbol("sites")
    inside = gpd.GeoSeries(pd.concat(shapes, ignore_index=True), crs=shapes[0].crs).representative_point()
    places = []
    for cells, row, point in zip(table.texts(figures), table.rows, degrees(inside), strict=True):
        if point is None or point.is_empty:
            continue
        lines = [
            f"{column.title}{words['outputs.colon']}{text}"
            for column, text in zip(table.columns[1:], cells[1:], strict=True)
        ]
        name = words["outputs.web.unnamed-site"] if missing(row[0]) else cells[0]
        at = [round(point.y, DECIMALS), round(point.x, DECIMALS)]
        places.append({"at": at, "name": name, "lines": lines})
    return {
        "text": words["maps.legend.sites"],
        "path": svg_path(sign.marker or ""),
        "colour": "#" + (sign.fill or "#6d1f7a").lstrip("#")[-6:],
        "places": places,
    }
