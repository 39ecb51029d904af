"""Lists, objects and other values that no cell holds: read, written and reopened without a change."""

from __future__ import annotations

import datetime
import decimal
import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from renomap.model.project import Project
from renomap.sources.cells import as_cells
from renomap.steps.import_ import import_sources
from renomap.store.projectfile import open_project, save

SQUARE = [[112.9, 28.2], [112.9008, 28.2], [112.9008, 28.2008], [112.9, 28.2]]


def written(path: Path, *properties: dict[str, Any], loose: bool = False) -> Path:
    """Squares with these properties; ``loose`` leaves out what makes it GeoJSON."""
    rows = [
        {
            "type": "Feature",
            "properties": {"小区名称": f"{number}号苑", **each},
            "geometry": {"type": "Polygon", "coordinates": [[[x + number * 0.001, y] for x, y in SQUARE]]},
        }
        for number, each in enumerate(properties)
    ]
    content = rows if loose else {"type": "FeatureCollection", "features": rows}
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return path


def kept(project: Project, path: Path) -> gpd.GeoDataFrame:
    """The frame after it was written and read again, which must not change it."""
    save(project, path)
    [layer] = project.layers
    [back] = open_project(path).layers
    left, right = (pd.DataFrame(each.frame.drop(columns="geometry")) for each in (layer, back))
    pd.testing.assert_frame_equal(right, left)
    assert shapely.equals_exact(back.frame.geometry.values, layer.frame.geometry.values).all()
    return back.frame


CELLS: tuple[tuple[Any, Any], ...] = (
    (["甲", "乙"], '["甲", "乙"]'),
    (["甲"], "甲"),
    ([1, 2], "[1, 2]"),
    ([1.5], 1.5),
    ([1, "甲"], '[1, "甲"]'),
    ([[1], [2]], "[[1], [2]]"),
    ({"a": 1}, '{"a": 1}'),
    ({"a": {"b": [1, None]}}, '{"a": {"b": [1, null]}}'),
    ("甲", "甲"),
    ("[甲", "[甲"),
)
TRUTHS: tuple[tuple[Any, Any], ...] = (([True, False], "[true, false]"), ([True], True))


@pytest.mark.parametrize(("cells", "loose"), [(CELLS, False), (CELLS, True), (TRUTHS, False)])
def test_values_of_a_map(tmp_path: Path, cells: tuple[tuple[Any, Any], ...], loose: bool) -> None:
    told = {f"x{number}": value for number, (value, _) in enumerate(cells)}
    path = written(tmp_path / "a.geojson", told, told, dict.fromkeys(told), loose=loose)
    frame = kept(import_sources([path]), tmp_path / "a.gpkg")
    for number, (_, text) in enumerate(cells):
        assert frame[f"x{number}"].tolist()[:2] == [text, text]
        assert pd.isna(frame[f"x{number}"].iloc[2])


def test_a_number_in_a_list(tmp_path: Path) -> None:
    values = ([120], [120, 80], {"a": 1}, ["约300户"], [""], 7)
    path = written(tmp_path / "a.geojson", *({"户数": value} for value in values))
    frame = kept(import_sources([path]), tmp_path / "a.gpkg")
    known = [120.0, np.nan, np.nan, 300.0, np.nan, 7.0]
    assert frame["households"].tolist() == pytest.approx(known, nan_ok=True)


def test_a_name_and_an_address_in_a_list(tmp_path: Path) -> None:
    told = {"小区名称": ["甲苑"], "地址": ["人民路", "1号"], "建成年代": [1980, 1990], "户数": 5}
    frame = kept(import_sources([written(tmp_path / "a.geojson", told, told)]), tmp_path / "a.gpkg")
    assert frame["name"].tolist() == ["甲苑"] * 2
    assert frame["address"].tolist() == ['["人民路", "1号"]'] * 2
    assert frame["year_min"].tolist() == [1980.0] * 2


def test_values_of_a_parquet_file(tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame(
        {
            "name": ["甲苑", "乙苑"],
            "day": [datetime.date(2020, 1, 2), None],
            "time": [datetime.time(8, 30), None],
            "sum": [decimal.Decimal("1.5"), None],
            "photo": [b"\x00\x01" * 20, b""],
            "tags": [["a", "b"], []],
            "told": [{"a": 1}, None],
        },
        geometry=[shapely.box(i * 110, 0, i * 110 + 100, 100) for i in range(2)],
        crs="EPSG:4547",
    )
    cells = as_cells(pd.DataFrame(frame.drop(columns="geometry")))
    assert cells.iloc[0].tolist() == [
        *("甲苑", "2020-01-02", "08:30:00", 1.5, "0x0001000100010001… (40 B)", '["a", "b"]', '{"a": 1}'),
    ]
    assert cells.iloc[1].tolist() == ["乙苑", None, None, None, None, None, None]


def test_plain_columns_stay_as_they_are() -> None:
    fields = pd.DataFrame({"a": [1, 2], "b": ["x", None], "c": [1.5, np.nan], "d": [True, False]})
    assert as_cells(fields) is fields
