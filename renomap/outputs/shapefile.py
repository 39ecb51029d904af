"""Shapefiles for programs that read nothing newer: short names of fields, UTF-8, and a list of the fields."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pandas as pd

from renomap.model.plan import Plan
from renomap.outputs.atomic import new_files
from renomap.outputs.columns import area_table, flat, members_table, neighbourhood_table, typed
from renomap.outputs.field_list import field_list, held, short_names

#: Bytes of a text in a field.
MOST_BYTES: Final = 254
#: Ending of the list of fields, which stands beside the file: ``areas_fields.txt`` beside ``areas.shp``.
LIST: Final = "_fields.txt"
TABLES: Final = {"areas": area_table, "members": members_table, "neighbourhoods": neighbourhood_table}


def write(plan: Plan, path: Path, words: Mapping[str, str], layer: str) -> None:
    """Write the parts of a shapefile in project CRS, a ``.cpg`` that says UTF-8, and the list of its fields.

    ``layer`` is a key of ``TABLES``. All parts are there or none. Raises the errors of ``atomic.new_file``.
    """
    import pyogrio

    table = TABLES[layer](plan)
    names = short_names(held(table, plan), plan)
    with new_files(path) as draft:
        pyogrio.write_dataframe(
            _storable(table, names), draft, driver="ESRI Shapefile", encoding="UTF-8", geometry_type="Polygon"
        )
        told = field_list(names, path.name, plan, words)
        # Windows' editor needs the byte order mark to read Chinese.
        draft.with_name(f"{draft.stem}{LIST}").write_text(told, encoding="utf-8-sig", newline="")


def _storable(table: gpd.GeoDataFrame, names: Mapping[str, str]) -> gpd.GeoDataFrame:
    """The table with those names; lists are JSON texts, texts are cut to what a field holds."""
    columns: dict[str, Any] = {}
    for column, name in names.items():
        values = table[column]
        if values.dtype == object:
            values = typed([_cut(flat(value)) for value in values])
        elif values.dtype == bool:
            values = values.astype("int32")
        columns[name] = values.to_numpy() if not isinstance(values.dtype, pd.Int64Dtype) else values.array
    return gpd.GeoDataFrame(columns, geometry=table.geometry.to_numpy(), crs=table.crs)


def _cut(value: object) -> object:
    if not isinstance(value, str):
        return value
    return value.encode("utf-8", errors="replace")[:MOST_BYTES].decode("utf-8", errors="ignore")
