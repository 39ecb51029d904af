"""The whole way from files to layers, and every answer to bad input."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
import shapely
from survey_files import frame, shapefile, square, write

from renomap.errors import RenomapError
from renomap.model.fields import COLUMNS, FLAG, NUMBER
from renomap.model.layer import READING_COLUMNS
from renomap.model.roles import Role
from renomap.sources.options import ImportOptions
from renomap.sources.reading import read
from renomap.wording.catalogue import error_sentence, note_sentence, words


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """Three neighbourhoods, the first two with buildings, and a road."""
    blocks = [square(0), square(1), square(2)]
    houses = [shapely.box(x, 3_121_010, x + 20, 3_121_040) for x in (395_010, 395_050, 395_130, 395_170)]
    return write(
        tmp_path / "town.gpkg",
        {
            "小区": frame(
                blocks,
                小区名称=["甲苑", "乙苑", None],
                建成年代=["90年代", "1998", "2003年"],
                户数=[None, "约60户", None],
            ),
            "建筑": frame(houses, 层数=[6, 5, 6, 0], 用途=["住宅", "商业", "住宅", "住宅"]),
            "道路": frame(
                [shapely.LineString([(395_110, 3_120_990), (395_110, 3_121_200)])], 等级=["次干路"], 桥=["否"]
            ),
        },
    )


def test_a_town(town: Path) -> None:
    reading = read([town])
    by_role = {layer.role: layer for layer in reading.layers}
    assert set(by_role) == {Role.NEIGHBOURHOODS, Role.BUILDINGS, Role.ROADS}
    units = by_role[Role.NEIGHBOURHOODS].frame
    # 甲苑: one dwelling of 20 x 30 m and 6 storeys = 3,600 m2 / 74 = 48.6; the shop does not count
    assert units["households"].tolist()[:2] == [49.0, 60.0]
    assert np.isnan(units["households"].iloc[2])
    assert units["households_flag"].tolist() == ["estimated", "approximate", "unknown"]
    assert units["year_min"].tolist() == [1990, 1998, 2003]
    assert units["year_max"].tolist() == [1999, 1998, 2003]
    assert units["name"].tolist() == ["甲苑", "乙苑", None]
    assert units["origin"].tolist() == ["survey"] * 3
    assert by_role[Role.ROADS].frame["road_class"].tolist() == ["secondary"]
    assert by_role[Role.ROADS].frame["bridge"].tolist() == [False]
    assert by_role[Role.BUILDINGS].frame["use"].tolist() == [
        "residential",
        "other",
        "residential",
        "residential",
    ]
    assert np.isnan(by_role[Role.BUILDINGS].frame["floors"].iloc[3])


def test_layers_keep_the_contract(town: Path) -> None:
    reading = read([town])
    assert len({layer.key for layer in reading.layers}) == len(reading.layers)
    for layer in reading.layers:
        assert layer.key.isascii()
        assert layer.frame.crs.to_string() == reading.crs
        assert layer.frame.index.dtype == np.int64
        assert layer.frame.index.is_unique
        assert layer.frame.index.name == "fid"
        assert layer.frame.geometry.is_valid.all()
        assert not layer.frame.geometry.has_z.any()
        assert tuple(layer.readings.columns) == READING_COLUMNS
        assert len({str(name).casefold() for name in layer.frame.columns}) == len(layer.frame.columns)
        for name, kind in COLUMNS[layer.role].items():
            expected = {NUMBER: "float64", FLAG: "bool"}.get(kind, "object")
            assert layer.frame[name].dtype == expected, name
            if expected == "object":
                assert all(value is None or isinstance(value, str) for value in layer.frame[name])


def test_readings_tell_raw_value_method_and_flag(town: Path) -> None:
    readings = read([town]).layers[0].readings
    assert readings.to_dict("records") == [
        {
            "fid": 1,
            "field": "year",
            "raw": "90年代",
            "value": "1990-1999",
            "method": "decade",
            "flag": "approximate",
        },
        {
            "fid": 2,
            "field": "households",
            "raw": "约60户",
            "value": 60.0,
            "method": "about",
            "flag": "approximate",
        },
    ]


def test_every_remark_has_a_sentence_in_both_languages(town: Path) -> None:
    for language in ("en", "zh"):
        catalogue = words(language)
        for note in read([town]).notes:
            said = note_sentence(catalogue, note)
            assert said != note.code
            assert "{" not in said


def test_fields_by_the_user(tmp_path: Path) -> None:
    layers = {"小区": frame([square(0)]), "建筑": frame([square(0, size=20)], src_height=[6])}
    path = write(tmp_path / "a.gpkg", layers)
    for key in ("src_height", "建筑.src_height"):
        reading = read([path], ImportOptions(fields={key: "floors"}))
        assert reading.layers[1].frame["floors"].tolist() == [6.0]
        assert reading.layers[0].frame["households_flag"].tolist() == ["estimated"]


@pytest.mark.parametrize(
    ("fields", "code"),
    [({"height": "floors"}, "sources.unknown-field"), ({"户数": "storeys"}, "sources.unknown-canonical")],
)
def test_fields_nobody_has(town: Path, fields: dict[str, str], code: str) -> None:
    with pytest.raises(RenomapError) as raised:
        read([town], ImportOptions(fields=fields))
    assert raised.value.code == code


def inventory(path: Path, rows: list[list[object]]) -> Path:
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.active.append(row)
    workbook.save(path)
    return path


def test_an_inventory_fills_what_the_map_lacks(town: Path, tmp_path: Path) -> None:
    table = inventory(
        tmp_path / "清单.xlsx",
        [
            ["小区名称", "户数", "建筑面积(万㎡)", "停车位", "责任人"],
            ["甲 苑", 120, "0.9", "无", "王工"],
            ["丁苑", 5, "", "", ""],
        ],
    )
    reading = read([town], ImportOptions(inventory=table))
    units = reading.layers[0].frame
    first = units.loc[1]
    assert (first["households"], first["households_flag"]) == (120.0, "reported")
    assert (first["floor_area_m2"], first["parking_spaces"]) == (9000.0, 0.0)
    assert first["name"] == "甲苑"
    assert first["责任人"] == "王工"
    assert units.loc[2, "households"] == 60.0
    assert np.isnan(units.loc[2, "parking_spaces"])
    assert reading.unplaced["name"].tolist() == ["丁苑"]
    counts = next(note for note in reading.notes if note.code == "sources.inventory-joined").params
    assert (counts["matched"], counts["unmatched"], counts["without"]) == (1, 1, 2)


def test_a_workbook_among_the_paths_is_an_inventory(town: Path, tmp_path: Path) -> None:
    table = inventory(tmp_path / "清单.xlsx", [["小区名称", "户数"], ["甲苑", 120]])
    assert read([town, table]).layers[0].frame.loc[1, "households"] == 120.0
    alone = read([table])
    assert alone.layers == ()
    assert alone.unplaced["name"].tolist() == ["甲苑"]


def test_a_shift_that_no_file_admits_is_found_by_the_buildings(tmp_path: Path) -> None:
    from renomap.sources.offsets import wgs84_to_gcj02

    blocks = [square(i, j, 90, 30) for i in range(8) for j in range(8)]
    houses = [
        shapely.box(
            b.bounds[0] + 4 + 29 * i,
            b.bounds[1] + 4 + 29 * j,
            b.bounds[0] + 25 + 29 * i,
            b.bounds[1] + 25 + 29 * j,
        )
        for b in blocks
        for i in range(3)
        for j in range(3)
    ]
    degrees = frame(blocks).to_crs("EPSG:4326")
    degrees.geometry = shapely.transform(
        degrees.geometry.values, lambda xy: np.column_stack(wgs84_to_gcj02(xy[:, 0], xy[:, 1]))
    )
    degrees.to_file(tmp_path / "小区.geojson", driver="GeoJSON", COORDINATE_PRECISION=9)
    reading = read([tmp_path / "小区.geojson", write(tmp_path / "建筑.gpkg", {"建筑": frame(houses)})])
    note = next(note for note in reading.notes if note.code == "sources.shift-found")
    assert note.params["frame"] == "GCJ-02"
    away = reading.layers[0].frame.geometry.iloc[0].hausdorff_distance(blocks[0])
    assert away < 0.02


def test_json_that_is_nearly_geojson(tmp_path: Path) -> None:
    ring = [[112.90, 28.20], [112.91, 28.20], [112.91, 28.21], [112.90, 28.21]]
    path = tmp_path / "小区.json"
    path.write_text(
        json.dumps([{"geometry": {"type": "Polygon", "coordinates": [ring]}, "properties": {"name": "甲苑"}}])
    )
    reading = read([path])
    assert reading.layers[0].frame["name"].tolist() == ["甲苑"]
    assert next(note for note in reading.notes if note.code == "sources.loose-json").params["closed"] == 1


def test_rows_keep_their_place_in_the_source(tmp_path: Path) -> None:
    """fid = row + 1, also where rows are left out: labels are written in the order of the file."""
    reading = read([shapefile(tmp_path / "小区.shp", [square(0), shapely.Polygon(), square(2)])])
    assert reading.layers[0].frame.index.tolist() == [1, 3]


def test_names_stay_texts_whatever_they_contain(tmp_path: Path) -> None:
    names = ["=1+1", "<img src=x onerror=alert(1)>", "甲\x00苑\r\n", "+86", "@甲"]
    path = tmp_path / "小区.geojson"
    features = [
        {
            "type": "Feature",
            "properties": {"name": name},
            "geometry": shapely.geometry.mapping(
                shapely.box(112.9 + i / 100, 28.2, 112.905 + i / 100, 28.205)
            ),
        }
        for i, name in enumerate(names)
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    assert read([path]).layers[0].frame["name"].tolist() == [
        "=1+1",
        "<img src=x onerror=alert(1)>",
        "甲",
        "+86",
        "@甲",
    ]


def test_mixed_shapes_are_one_layer_per_dimension(tmp_path: Path) -> None:
    shapes = [
        square(0),
        shapely.LineString([(395_000, 3_121_000), (395_100, 3_121_000)]),
        shapely.Point(395_000, 3_121_000),
    ]
    path = tmp_path / "小区.geojson"
    frame(shapes).to_crs("EPSG:4326").to_file(path, driver="GeoJSON")
    assert [layer.title for layer in read([path]).layers] == ["小区", "小区_lines", "小区_points"]


def test_points_alone_are_no_neighbourhoods(tmp_path: Path) -> None:
    path = write(tmp_path / "a.gpkg", {"小区": frame([shapely.Point(395_000, 3_121_000)])})
    with pytest.raises(RenomapError) as raised:
        read([path])
    assert raised.value.code == "sources.only-points"
    assert "polygons" in error_sentence(words("en"), raised.value)
    assert len(read([path], ImportOptions(joins_project=True)).layers) == 1


def test_an_empty_layer_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "a.gpkg", {"小区": frame([square(0)]).iloc[:0]})
    with pytest.raises(RenomapError) as raised:
        read([path])
    assert raised.value.code == "sources.layer-empty"


def test_nothing_of_the_users_is_changed(town: Path) -> None:
    before = {path: path.stat().st_size for path in town.parent.iterdir()}
    read([town])
    assert {path: path.stat().st_size for path in town.parent.iterdir()} == before


def test_the_same_input_twice_gives_the_same_layers(town: Path) -> None:
    first, second = read([town]), read([town])
    assert [note.code for note in first.notes] == [note.code for note in second.notes]
    for a, b in zip(first.layers, second.layers, strict=True):
        pd.testing.assert_frame_equal(pd.DataFrame(a.frame), pd.DataFrame(b.frame))
