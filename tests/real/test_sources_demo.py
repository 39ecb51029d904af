"""Reading the real surveys: counts, names, systems, shifts and joins, against the truth beside them."""

from __future__ import annotations

import os
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from renomap.model.roles import Role
from renomap.sources.checks import check
from renomap.sources.options import ImportOptions
from renomap.sources.reading import Reading, read

DATA = os.environ.get("RENOMAP_REAL_DATA")
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(DATA is None, reason="RENOMAP_REAL_DATA names no folder of real data"),
]

DEMO = "cn_beijing/beijing_dongzhimen_demo.gpkg"
WITHOUT_COMPOUNDS = {"beijing_dongzhimen_demo.gpkg:compounds": "none"}


def reading_of(*names: str, **options: object) -> Reading:
    return read([Path(str(DATA)) / name for name in names], ImportOptions(**options))  # type: ignore[arg-type]


def layer_of(reading: Reading, role: Role) -> gpd.GeoDataFrame:
    return next(layer.frame for layer in reading.layers if layer.role is role)


def test_the_demo_of_beijing() -> None:
    reading = reading_of(DEMO, fields={"buildings.floors_src_height": "floors"})
    assert reading.crs == "EPSG:4548"
    assert [(layer.title, layer.role, len(layer.frame)) for layer in reading.layers] == [
        ("compounds", Role.NEIGHBOURHOODS, 263),
        ("buildings", Role.BUILDINGS, 5442),
        ("subdistricts", Role.BOUNDARY, 17),
    ]
    units = layer_of(reading, Role.NEIGHBOURHOODS)
    assert units["name"].notna().sum() == 93
    assert (units["households_flag"] == "estimated").sum() == 163
    assert units["households"].isna().sum() == 100
    assert units["street"].isna().all()
    assert layer_of(reading, Role.BOUNDARY)["level"].eq("street").all()


def test_households_of_the_demo_computed_again() -> None:
    """Sum of footprint x storeys / 74 over buildings whose inner point is inside, by geopandas alone."""
    path = Path(str(DATA)) / DEMO
    compounds = gpd.read_file(path, layer="compounds").to_crs("EPSG:4548")
    buildings = gpd.read_file(path, layer="buildings").to_crs("EPSG:4548")
    buildings["floor_area"] = buildings.area * buildings["floors_src_height"]
    points = buildings.set_geometry(buildings.representative_point())
    joined = gpd.sjoin(points, compounds, predicate="within")
    expected = (joined.groupby("index_right")["floor_area"].sum() / 74).round()
    units = layer_of(reading_of(DEMO, fields={"buildings.floors_src_height": "floors"}), Role.NEIGHBOURHOODS)
    found = units["households"].dropna()
    found.index -= 1
    both = found.to_frame("found").join(expected.rename("expected"), how="inner")
    assert len(both) >= 155
    assert (both["found"] - both["expected"]).abs().median() == 0
    assert ((both["found"] - both["expected"]).abs() <= 0.05 * both["expected"]).mean() > 0.95


def test_gcj02_that_claims_wgs84_is_recognised_by_the_buildings() -> None:
    name = "derived_crs_encoding/bj_compounds_gcj02_claims_wgs84.geojson"
    reading = reading_of(name, DEMO, roles=WITHOUT_COMPOUNDS)
    note = next(note for note in reading.notes if note.code == "sources.shift-found")
    assert note.params["frame"] == "GCJ-02"
    assert 500 < note.params["offset_m"] < 650
    assert error_against_truth(reading) < 0.5


@pytest.mark.parametrize("options", [{"crs": "bd09"}, {}])
def test_the_unclosed_bd09_array(options: dict[str, str]) -> None:
    name = "cn_beijing/beijing_compounds_bd09_unclosed_rings.json"
    sources = (name,) if options else (name, DEMO)
    reading = reading_of(*sources, **options, **({} if options else {"roles": WITHOUT_COMPOUNDS}))
    assert len(layer_of(reading, Role.NEIGHBOURHOODS)) == 263
    assert error_against_truth(reading) < 0.5


def error_against_truth(reading: Reading) -> float:
    """Median distance (m) of the centres from those of the demo, row by row."""
    truth = layer_of(reading_of(DEMO), Role.NEIGHBOURHOODS)
    found = layer_of(reading, Role.NEIGHBOURHOODS)
    distance = shapely.distance(truth.centroid.to_numpy(), found.centroid.to_numpy())
    return float(np.median(distance))


def test_four_street_files_are_one() -> None:
    """Three without a question, the fourth with --near: identical names, fields and, within 1 m, shapes."""
    folders = (
        "4490_gbk_cpg",
        "4548_gbk_ldid_nocpg",
        "xian80_2384_gbk_wrong_cpg_utf8",
        "4548_gbk_nocpg_noldid_noprj",
    )
    frames = []
    for folder in folders:
        near = (116.4, 39.9) if folder.endswith("noprj") else None
        reading = reading_of(f"derived_crs_encoding/bj_streets_{folder}/街道边界.shp", near=near)
        assert reading.crs == "EPSG:4548"
        frames.append(reading.layers[0].frame)
    for frame in frames[1:]:
        assert list(frame.columns) == list(frames[0].columns)
        assert frame["name"].tolist() == frames[0]["name"].tolist()
        away = shapely.hausdorff_distance(frame.geometry.to_numpy(), frames[0].geometry.to_numpy())
        assert away.max() < 1.0


def test_the_inventory_of_shanghai() -> None:
    reading = reading_of(
        "cn_shanghai/shanghai_west_compounds_named.gpkg",
        inventory=Path(str(DATA)) / "xlsx/shanghai_west_compounds_inventory_derived.xlsx",
    )
    counts = next(note.params for note in reading.notes if note.code == "sources.inventory-joined")
    assert (counts["rows"], counts["matched"], counts["without"]) == (955, 955, 1259)
    assert (counts["ambiguous"], counts["unmatched"]) == (0, 0)
    units = layer_of(reading, Role.NEIGHBOURHOODS)
    joined = units[units["land_area_m2"].notna()]
    assert len(joined) == 955
    # the sheet's areas were measured on the same polygons: a wrong partner would show
    assert (joined["land_area_m2"] / joined.area).between(0.97, 1.03).all()


@pytest.mark.parametrize(
    ("name", "roles"),
    [
        (
            "cn_beijing/haidian_tsinghua_demo.gpkg",
            {
                "buildings": Role.BUILDINGS,
                "residential_areas": Role.NEIGHBOURHOODS,
                "landuse": Role.LANDUSE,
                "water": Role.WATER,
                "roads": Role.ROADS,
                "railways": Role.RAILWAYS,
                "waterways": Role.WATER,
                "poi": Role.FACILITIES,
                "compounds_mapv": Role.REFERENCE,
                "subdistricts": Role.BOUNDARY,
            },
        ),
        (
            "cn_shanghai/shanghai_west_compounds_named.gpkg",
            {"compounds": Role.NEIGHBOURHOODS, "price_points": Role.REFERENCE},
        ),
        ("cn_beijing/beijing_compounds_all_wgs84.gpkg", {"compounds": Role.NEIGHBOURHOODS}),
        ("cn_guixi/guixi_demo.gpkg", {"roads": Role.ROADS, "waterways": Role.WATER, "poi": Role.FACILITIES}),
    ],
)
def test_roles_of_the_demos(name: str, roles: dict[str, Role]) -> None:
    found = {layer.title: layer.role for layer in reading_of(name).layers}
    assert {title: found[title] for title in roles} == roles


def test_kinds_of_the_demo_of_guixi() -> None:
    by_title = {layer.title: layer.frame for layer in reading_of("cn_guixi/guixi_demo.gpkg").layers}
    classes = by_title["roads"]["road_class"].value_counts().to_dict()
    # highway: 44 secondary + 4 secondary_link; 28 tertiary + 17 unclassified
    assert (classes["primary"], classes["secondary"], classes["tertiary"]) == (17, 48, 45)
    assert by_title["roads"]["bridge"].sum() == 16
    assert by_title["railways"]["kind"].value_counts().to_dict() == {"rail": 38, "disused": 1}
    assert by_title["waterways"]["kind"].value_counts().to_dict() == {"river": 4, "canal": 1}


def test_defects_of_real_compounds_are_found() -> None:
    notes = check(reading_of("cn_beijing/beijing_compounds_all_wgs84.gpkg").layers)
    overlaps = [note for note in notes if note.code == "sources.check-overlap"]
    assert len(overlaps) == 22
    assert sum(note.severity == "error" for note in overlaps) == 3
