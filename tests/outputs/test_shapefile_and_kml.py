"""Shapefiles and KML read back by GDAL: row by row what the tables say; whole or not there."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import shapely
from plan_sample import HOSTILE, sample_plan, sample_words

from renomap.model.plan import AREA_FACILITY_SUFFIXES, Plan
from renomap.outputs import kml, shapefile
from renomap.outputs.atomic import new_files
from renomap.outputs.columns import AREA_COLUMNS, MEMBERS_COLUMNS, NEIGHBOURHOOD_COLUMNS, PROGRAMME_COLUMNS
from renomap.outputs.field_list import KEPT, SUFFIXES, held, short_names

WORDS = sample_words("zh")


@pytest.fixture(scope="module")
def plan() -> Plan:
    return sample_plan()


@pytest.fixture(scope="module")
def folder(plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("交换")
    for layer in shapefile.TABLES:
        shapefile.write(plan, place / f"{layer}.shp", WORDS, layer)
    kml.write(plan, place / "图.kml", WORDS)
    return place


@pytest.mark.parametrize("layer", list(shapefile.TABLES))
def test_a_shapefile_holds_every_row_and_value(folder: Path, plan: Plan, layer: str) -> None:
    table = shapefile.TABLES[layer](plan)
    read = gpd.read_file(folder / f"{layer}.shp")
    names = short_names(held(table, plan), plan)
    assert set(table.columns) - set(names) <= {"geometry", *_left_out(plan)}
    assert read.crs.to_epsg() == table.crs.to_epsg()
    assert list(read.columns) == [*names.values(), "geometry"]
    assert (folder / f"{layer}.cpg").read_text() == "UTF-8"
    for column, name in names.items():
        if pd.api.types.is_numeric_dtype(table[column]) and table[column].dtype != bool:
            told = table[column].astype(float).to_numpy()
            assert read[name].to_numpy(dtype=float) == pytest.approx(told, nan_ok=True), column
    for shape, wanted in zip(read.geometry, table.geometry, strict=True):
        assert (shape is None) == (wanted is None)
        assert shape is None or shapely.hausdorff_distance(shape, wanted) < 1e-6


def _left_out(plan: Plan) -> set[str]:
    rest = set(AREA_FACILITY_SUFFIXES) - set(KEPT)
    return {f"{facility.key}_{suffix}" for facility in plan.standard.facilities for suffix in rest}


def test_a_table_of_very_many_columns_keeps_254(plan: Plan) -> None:
    """Columns without any value go first, then the last ones."""
    wide = pd.DataFrame({f"c{k}": [None if k % 2 else k] for k in range(400)})
    kept = held(wide, plan)
    assert kept == [f"c{k}" for k in range(0, 400, 2)]
    assert len(held(pd.DataFrame({f"c{k}": [k] for k in range(400)}), plan)) == 254


def test_names_are_short_and_texts_are_whole_characters(folder: Path, plan: Plan) -> None:
    read = gpd.read_file(folder / "neighbourhoods.shp")
    assert read["name"].tolist()[:4] == [name.encode()[:254].decode(errors="ignore") for name in HOSTILE[:4]]
    for layer in shapefile.TABLES:
        names = [name for name in gpd.read_file(folder / f"{layer}.shp").columns if name != "geometry"]
        assert all(name.isascii() and len(name) <= 10 for name in names)
        assert len({name.lower() for name in names}) == len(names)


def test_the_list_of_fields_says_what_each_means(folder: Path) -> None:
    text = (folder / "areas_fields.txt").read_text(encoding="utf-8-sig")
    rows = [line.split("\t") for line in text.splitlines()[3:]]
    fields = dict(zip((row[0] for row in rows), rows, strict=True))
    columns = [name for name in gpd.read_file(folder / "areas.shp").columns if name != "geometry"]
    assert [row[0] for row in rows[1:]] == columns
    assert fields["members_ha"] == ["members_ha", "members_ha", "实施范围面积（公顷）"]
    assert fields["elderc_dfh"][1] == "elder_care_deficit_high"
    assert "老年服务站（日间照料中心）：缺口上限（m²）" in text
    assert WORDS["outputs.fields.passed"] not in text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_column_has_a_meaning(language: str) -> None:
    words = sample_words(language)
    columns = {*AREA_COLUMNS, *MEMBERS_COLUMNS, *NEIGHBOURHOOD_COLUMNS, *PROGRAMME_COLUMNS, "id", "fid"}
    assert all(words[f"outputs.column.{column}"] for column in columns)
    assert set(AREA_FACILITY_SUFFIXES) == set(SUFFIXES)
    assert all(words[f"outputs.suffix.{suffix}"] for suffix in AREA_FACILITY_SUFFIXES)


def test_kml_holds_every_row_and_value(folder: Path, plan: Plan) -> None:
    path = folder / "图.kml"
    layers = [name for name, _ in pyogrio.list_layers(path)]
    assert layers == ["片区范围线", "实施范围线", "小区"]
    for layer, of in zip(layers, shapefile.TABLES, strict=True):
        table, read = shapefile.TABLES[of](plan), gpd.read_file(path, layer=layer)
        assert len(read) == len(table)
        key = table.columns[0]
        assert read[key].astype(int).tolist() == table[key].tolist()
        told = pd.to_numeric(read["households"]).to_numpy(dtype=float)
        assert told == pytest.approx(table["households"].to_numpy(dtype=float), nan_ok=True)
        wanted = table.to_crs("EPSG:4326").geometry
        for shape, exact in zip(read.geometry, wanted, strict=True):
            assert shapely.hausdorff_distance(shapely.force_2d(shape), exact) < 2e-7
    areas = gpd.read_file(path, layer=layers[0]).geometry.to_numpy()
    assert shapely.coverage_is_valid(shapely.force_2d(areas))


def test_parts_come_together_or_not_at_all(tmp_path: Path) -> None:
    """A fault in the block, or a part that cannot be moved, leaves what was there."""

    def parts(text: str, fault: bool = False) -> None:
        with new_files(tmp_path / "a.shp") as draft:
            for ending in (".dbf", ".shp"):
                draft.with_suffix(ending).write_text(text)
            if fault:
                raise KeyError(text)

    parts("old")
    with pytest.raises(KeyError):
        parts("half", fault=True)
    (tmp_path / "a.shp").unlink()
    (tmp_path / "a.shp").mkdir()
    with pytest.raises(Exception, match="is-folder"):
        parts("new")
    (tmp_path / "a.shp").rmdir()
    assert (tmp_path / "a.dbf").read_text() == "old"
    parts("new")
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"a.dbf": "new", "a.shp": "new"}
