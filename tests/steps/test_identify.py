"""What lies at a point: the smallest first, every value with its reading."""

from __future__ import annotations

import re
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

import renomap.sources.values as values
from renomap.model.layer import READING_COLUMNS, Layer
from renomap.model.project import Project
from renomap.model.roles import Role
from renomap.steps.identify import identify
from renomap.wording.catalogue import words

CRS = "EPSG:4547"


def layer(key: str, role: Role, rows: dict[str, list[object]], shapes: list[object], **more: object) -> Layer:
    frame = gpd.GeoDataFrame(rows, geometry=shapes, crs=CRS, index=pd.Index(range(1, len(shapes) + 1)))
    return Layer(key, key.title(), role, frame, **more)


READINGS = pd.DataFrame(
    [(1, "year", "90年代", "1990-1999", "decade", "approximate")], columns=READING_COLUMNS
)
PROJECT = Project(
    CRS,
    (
        layer(
            "compounds", Role.NEIGHBOURHOODS,
            {"name": ["甲"], "year_min": [1990.0], "year_max": [1999.0], "households": [None],
             "小区名称": ["甲"], "备注": ["临街"], "空": [None]},
            [shapely.box(0, 0, 100, 100)], source="survey.shp", readings=READINGS,
        ),
        layer("houses", Role.BUILDINGS, {"name": ["1栋"]}, [shapely.box(10, 10, 30, 30)]),
        layer("roads", Role.ROADS, {"name": ["小路"]}, [shapely.LineString([(0, 24), (100, 24)])]),
        layer("places", Role.FACILITIES, {"name": ["站"]}, [shapely.Point(21, 20)]),
    ),
)  # fmt: skip


def test_the_smallest_first() -> None:
    assert [item.layer for item in identify(PROJECT, 20, 20, 5)] == ["places", "roads", "houses", "compounds"]
    assert [item.layer for item in identify(PROJECT, 20, 20, 0.5)] == ["houses", "compounds"]
    assert identify(PROJECT, -3, 50, 5) == ()


def test_values_are_those_known_with_their_reading() -> None:
    (found,) = identify(PROJECT, 80, 80, 1)
    told = {value.field: value for value in found.values}
    assert (found.source, found.name, found.fid) == ("survey.shp", "甲", 1)
    assert set(told) == {"name", "year_min", "year_max", "备注"}
    assert (told["year_min"].raw, told["year_min"].method) == ("90年代", "decade")
    assert told["备注"].is_canonical is False
    assert told["name"].raw is None


def test_every_way_of_reading_has_a_word() -> None:
    source = Path(values.__file__).read_text(encoding="utf-8")
    methods = set(re.findall(r"(?:Value|Years)\([^\n]*?\"([a-z_]+)\", \"", source))
    methods |= set(re.findall(r'method or "([a-z_]+)"', source)) | set(
        re.findall(r'_no_year\("([a-z_]+)"', source)
    )
    methods |= set(re.findall(r'_[A-Z_]+, "[a-z_]+", "([a-z_]+)"\)', source))
    assert {"decade", "excel_serial", "range", "at_least", "unit_suspect"} <= methods
    for language in ("zh", "en"):
        missing = {method for method in methods if f"window.reading.{method}" not in words(language)}
        assert not missing
