"""GeoJSON and GeoPackage read back by other programs: the same rows, numbers, shapes and names."""

from __future__ import annotations

import json
import re
import sqlite3
import xml.etree.ElementTree as ET
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import shapely
from plan_sample import CRS, HOSTILE, sample_plan

from renomap.model.layer import Layer
from renomap.model.plan import AREA_FACILITY_SUFFIXES, Plan
from renomap.model.roles import Role
from renomap.outputs import geojson, geopackage

NAMES = ("areas.geojson", "members.geojson", "neighbourhoods.geojson", "plan.gpkg")


@pytest.fixture(scope="module")
def plan() -> Plan:
    return sample_plan()


@pytest.fixture(scope="module")
def files(plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("交换 files")
    paths = {name: folder / name for name in NAMES}
    geojson.write_areas(plan, paths["areas.geojson"])
    geojson.write_neighbourhoods(plan, paths["neighbourhoods.geojson"])
    geojson.write_members(plan, paths["members.geojson"])
    geopackage.write(plan, paths["plan.gpkg"])
    return paths


def _json(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text(encoding="utf-8")))


def _coordinates(geometry: dict[str, Any]) -> np.ndarray[Any, Any]:
    return shapely.get_coordinates(shapely.from_geojson(json.dumps(geometry)))


def test_geojson_follows_rfc_7946(files: dict[str, Path], plan: Plan) -> None:
    for name in NAMES[:-1]:
        data = _json(files[name])
        assert data["type"] == "FeatureCollection"
        assert "crs" not in data
        assert data["stamp"] == plan.stamp
        for feature in data["features"]:
            shape = shapely.from_geojson(json.dumps(feature["geometry"]))
            assert shape.is_valid
            for part in shapely.get_parts(shape):
                assert part.exterior.is_ccw
                assert all(not ring.is_ccw for ring in part.interiors)
            xy = _coordinates(feature["geometry"])
            assert ((xy[:, 0] > 112) & (xy[:, 0] < 114) & (xy[:, 1] > 28) & (xy[:, 1] < 29)).all()
            assert (np.round(xy, 7) == xy).all()


def test_a_hole_turns_the_other_way(plan: Plan) -> None:
    ring = (
        shapely.Point(400_000, 3_120_000).buffer(50).difference(shapely.Point(400_000, 3_120_000).buffer(20))
    )
    (turned,) = geojson.geographic(gpd.GeoSeries([ring], crs=CRS))
    assert turned.exterior.is_ccw
    assert not turned.interiors[0].is_ccw


def test_a_border_finer_than_the_last_decimal_stays_a_valid_shape() -> None:
    """Found in outlines of the sample town and of Beijing: mending left a part of one point."""
    fine = [(0.0133, -0.0175), (0.0263, -0.0309), (0.0213, -0.0382), (0.0289, -0.0511), (0.0248, -0.0709)]
    x, y = 400_000.0, 3_120_000.0
    border = [(x, y), *((x + 20 + dx, y + dy) for dx, dy in (*fine, (0.0153, -0.074)))]
    shapes = gpd.GeoSeries([shapely.Polygon([*border, (x + 50, y), (x + 50, y + 50), (x, y + 50)])], crs=CRS)
    (written,) = geojson.geographic(shapes)
    assert written.is_valid
    xy = shapely.get_coordinates(written)
    assert (np.round(xy, 7) == xy).all()
    assert (np.diff(xy, axis=0) != 0).any(axis=1).all()  # no point twice in a row
    assert gpd.GeoSeries([written], crs="EPSG:4326").to_crs(CRS).area[0] == pytest.approx(2500, abs=3)


def test_shapes_come_back_within_two_centimetres(files: dict[str, Path], plan: Plan) -> None:
    back = gpd.read_file(files["areas.geojson"]).to_crs(CRS).set_index("id")
    for area, shape in plan.areas.geometry.items():
        assert shapely.hausdorff_distance(back.geometry[area], shape) < 0.02


def test_outlines_read_back_are_a_coverage(files: dict[str, Path]) -> None:
    for name in ("areas.geojson", "plan.gpkg"):
        back = gpd.read_file(files[name], layer="areas")
        assert len(back) > 3
        assert shapely.coverage_is_valid(back.geometry.to_numpy()), name


def test_areas_carry_the_columns_of_the_design(files: dict[str, Path], plan: Plan) -> None:
    features = _json(files["areas.geojson"])["features"]
    assert [feature["id"] for feature in features] == plan.areas.index.tolist()
    wanted = {
        "id",
        "name",
        "neighbourhoods",
        "households",
        "households_known",
        "population",
        "area_ha",
        "members_ha",
        "enclosed",
    }
    wanted |= {
        "colour",
        "size_flag",
        "size_rule",
        "size_value",
        "size_bound",
        "north",
        "south",
        "east",
        "west",
    }
    wanted |= {f"{f.key}_{s}" for f in plan.standard.facilities for s in AREA_FACILITY_SUFFIXES}
    for feature in features:
        values = feature["properties"]
        assert wanted <= values.keys()
        row = plan.areas.loc[feature["id"]]
        assert values["households"] == row["households"]
        assert values["elder_care_deficit_high"] == pytest.approx(row["elder_care_deficit_high"], abs=1e-4)
        assert values["parking_need"] is None  # not set is null, never 0
        assert values["parking_state"] == "not_set"
        assert values["nursery_supply"] is None
    assert features[1]["properties"]["south"] is None


def test_neighbourhoods_carry_their_fields_and_fate(files: dict[str, Path], plan: Plan) -> None:
    features = _json(files["neighbourhoods.geojson"])["features"]
    assert [feature["id"] for feature in features] == plan.neighbourhoods.index.tolist()
    first, last = features[0]["properties"], features[-1]["properties"]
    assert first["name"] == HOSTILE[0]
    assert (first["name"], first["Name"], first["列表"]) == (HOSTILE[0], "原名0", [1, 2])
    assert first["备注"] == "2024-12-31T00:00:00"
    assert first["area_id"] == 1
    assert last["area_id"] is None
    assert last["fate"] in ("scattered", "excluded", "unassigned")
    unknown = features[3]["properties"]
    assert unknown["households"] is None
    assert unknown["households_flag"] == "unknown"
    assert {"elevator_need", "elevator_supply", "elevator_deficit", "eligibility"} <= first.keys()


def test_no_areas_give_an_empty_collection(tmp_path: Path) -> None:
    plan = sample_plan(0, 0, 3)
    geojson.write_areas(plan, tmp_path / "a.geojson")
    assert _json(tmp_path / "a.geojson")["features"] == []
    geopackage.write(plan, tmp_path / "p.gpkg")
    assert len(gpd.read_file(tmp_path / "p.gpkg", layer="neighbourhoods")) == 3


def test_the_geopackage_holds_everything_in_project_coordinates(files: dict[str, Path], plan: Plan) -> None:
    names = {name for name, _ in pyogrio.list_layers(files["plan.gpkg"])}
    assert names == {"areas", "members", "neighbourhoods", "roads", "layer_styles"}
    areas = gpd.read_file(files["plan.gpkg"], layer="areas").set_index("id")
    people = gpd.read_file(files["plan.gpkg"], layer="neighbourhoods").set_index("fid")
    assert areas.crs == plan.areas.crs
    for area, shape in plan.areas.geometry.items():
        assert shapely.hausdorff_distance(areas.geometry[area], shape) < 1e-5
        assert areas.geometry[area].area == pytest.approx(shape.area, rel=1e-6)
    assert np.allclose(areas.area, plan.areas.area)
    assert people["name"].tolist() == plan.neighbourhoods["name"].tolist()
    assert people["Name_2"].tolist() == plan.neighbourhoods["Name"].tolist()  # SQLite knows no case
    assert people["households"].isna().tolist() == plan.neighbourhoods["households"].isna().tolist()


def test_the_members_ground_stands_beside_the_range_line(files: dict[str, Path], plan: Plan) -> None:
    """Read back: a coverage in both files, of the surface that the plan tells."""
    read = gpd.read_file(files["plan.gpkg"], layer="members").set_index("id")
    told = gpd.read_file(files["members.geojson"]).set_index("id")
    assert read["name"].tolist() == told["name"].tolist() == plan.areas["name"].tolist()
    for frame in (read, told):
        assert shapely.coverage_is_valid(frame.geometry[frame.geometry.notna()].to_numpy())
    for area in plan.areas.index:
        rows = plan.neighbourhoods[plan.neighbourhoods["area_id"] == area]
        assert read.geometry[area].area == pytest.approx(shapely.union_all(rows.geometry.to_numpy()).area)


def test_land_that_two_areas_claim_is_handed_over_once(tmp_path: Path) -> None:
    plan = sample_plan(2, 2, 0)
    shapes = [shapely.box(x, 0, x + 100, 100) for x in (0, 100, 150, 400)]
    people = plan.neighbourhoods.set_geometry(shapes, crs=plan.neighbourhoods.crs)
    people["area_id"] = [1, 1, 2, 2]
    geopackage.write(replace(plan, neighbourhoods=people), tmp_path / "p.gpkg")
    read = gpd.read_file(tmp_path / "p.gpkg", layer="members").geometry
    assert shapely.coverage_is_valid(read.to_numpy())
    assert read.area.tolist() == pytest.approx([20_000, 15_000])


def test_the_time_of_a_style_has_milliseconds(files: dict[str, Path]) -> None:
    with closing(sqlite3.connect(files["plan.gpkg"])) as file:
        times = [time for (time,) in file.execute("SELECT update_time FROM layer_styles")]
    assert times
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", time) for time in times)


def test_qgis_finds_our_colours(files: dict[str, Path], plan: Plan) -> None:
    styles = pyogrio.read_dataframe(files["plan.gpkg"], layer="layer_styles", read_geometry=False)
    assert set(styles["f_table_name"]) == {"areas", "members", "neighbourhoods", "roads"}
    assert (styles["f_geometry_column"] == "geom").all()
    assert (styles["description"] == plan.stamp).all()
    text = styles.set_index("f_table_name")["styleQML"]["areas"]
    renderer = ET.fromstring(text).find("renderer-v2")
    assert renderer is not None
    assert renderer.get("type") == "categorizedSymbol"
    assert renderer.get("attr") == "id"
    categories = {c.get("value"): c for c in renderer.iter("category")}
    fills = {s.get("name"): s for s in renderer.iter("symbol")}
    for area, row in plan.areas.iterrows():
        category = categories[str(area)]
        assert category.get("label") == row["name"]
        options = {
            o.get("name"): o.get("value")
            for o in fills[category.get("symbol")].iter("Option")
            if o.get("name")
        }
        red, green, blue = (int(row["colour"][k : k + 2], 16) for k in (1, 3, 5))
        assert options["color"] == f"{red},{green},{blue},255"


def test_every_layer_has_a_style_for_its_kind_of_shape(tmp_path: Path) -> None:
    """Land use, facilities, crossings, sites and the rest: a symbol of the right type."""
    plan = sample_plan(2, 2, 0)
    point, line, ground = shapely.Point(0, 0), shapely.LineString([(0, 0), (9, 9)]), shapely.box(0, 0, 9, 9)
    kinds = {"Point": "marker", "LineString": "line", "Polygon": "fill"}
    roles = [(role, shape) for role in geopackage.CONTEXT for shape in (point, line, ground)]
    layers = tuple(
        Layer(
            f"l{k}",
            role.value,
            role,
            gpd.GeoDataFrame(
                {"kind": ["park", "x"], "road_class": ["primary", None], "facility": ["elder_care", "new"]},
                geometry=[shape, shape],
                crs=CRS,
            ),
        )
        for k, (role, shape) in enumerate(roles)
    )
    geopackage.write(replace(plan, project=replace(plan.project, layers=layers)), tmp_path / "p.gpkg")
    styles = pyogrio.read_dataframe(tmp_path / "p.gpkg", layer="layer_styles", read_geometry=False)
    names = {name for name, _ in pyogrio.list_layers(tmp_path / "p.gpkg")} - {"layer_styles"}
    assert set(styles["f_table_name"]) == names
    texts = styles.set_index("f_table_name")["styleQML"]
    for k, (_, shape) in enumerate(roles):
        symbols = list(ET.fromstring(texts[f"l{k}"]).iter("symbol"))
        assert {item.get("type") for item in symbols} == {kinds[shape.geom_type]}
    assert "elder_care" in texts[f"l{roles.index((Role.FACILITIES, point))}"]


def test_the_plan_is_not_changed(plan: Plan, tmp_path: Path) -> None:
    before = plan.neighbourhoods.copy(deep=True)
    geojson.write_neighbourhoods(plan, tmp_path / "n.geojson")
    geopackage.write(plan, tmp_path / "p.gpkg")
    assert before.equals(plan.neighbourhoods)
