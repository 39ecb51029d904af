"""Bad input: one plain sentence, exit code 2, nothing written."""

from __future__ import annotations

import os
from pathlib import Path

import geopandas as gpd
import pytest
from shapely.geometry import Point, box

from renomap.__main__ import main
from renomap.assets import sample


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample town, imported once."""
    path = tmp_path_factory.mktemp("town") / "town.gpkg"
    assert main(["import", str(sample("town.gpkg")), "-o", str(path)]) == 0
    return path


def refused(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    """Run a command that must be refused; the sentence on standard error."""
    capsys.readouterr()
    assert main([str(item) for item in arguments]) == 2
    printed = capsys.readouterr()
    sentence = printed.err.strip()
    assert sentence
    assert "\n" not in sentence
    assert "Traceback" not in printed.err
    assert "{" not in sentence.replace("{0}", ""), f"an unfilled placeholder: {sentence}"
    assert printed.out == ""
    return sentence


def _polygons(path: Path, crs: str | None, n: int = 3) -> Path:
    shapes = [box(i * 100, 0, i * 100 + 90, 80) for i in range(n)]
    frame = gpd.GeoDataFrame({"name": [f"n{i}" for i in range(n)]}, geometry=shapes, crs=crs)
    frame.to_file(path)
    return path


def test_a_missing_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "p.gpkg"
    assert "nowhere.shp" in refused(capsys, "import", tmp_path / "nowhere.shp", "-o", out)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.filterwarnings("ignore")
def test_an_empty_layer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "empty.gpkg"
    gpd.GeoDataFrame({"name": []}, geometry=[], crs="EPSG:4547").to_file(source, geometry_type="Polygon")
    refused(capsys, "import", source, "-o", tmp_path / "p.gpkg")
    assert not (tmp_path / "p.gpkg").exists()


def test_points_are_no_neighbourhoods(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "points.gpkg"
    places = [Point(400000 + i, 3120000) for i in range(5)]
    gpd.GeoDataFrame({"name": list("abcde")}, geometry=places, crs="EPSG:4547").to_file(source)
    refused(capsys, "import", source, "-o", tmp_path / "p.gpkg")
    assert not (tmp_path / "p.gpkg").exists()


def test_numbers_that_say_no_zone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "metres.geojson"
    shapes = [box(400000 + i * 100, 3120000, 400090 + i * 100, 3120080) for i in range(3)]
    frame = gpd.GeoDataFrame({"name": list("abc")}, geometry=shapes, crs="EPSG:4547")
    frame.to_file(source.with_suffix(".shp"))
    source.with_suffix(".prj").unlink()
    told = refused(capsys, "import", source.with_suffix(".shp"), "-o", tmp_path / "p.gpkg")
    assert "--near" in told or "--crs" in told


def test_a_folder_with_nothing_in_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "nothing").mkdir()
    refused(capsys, "import", tmp_path / "nothing", "-o", tmp_path / "p.gpkg")


def test_a_text_file_named_shp(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "survey.shp"
    source.write_text("this is a letter, not a map", encoding="utf-8")
    assert "survey.shp" in refused(capsys, "import", source, "-o", tmp_path / "p.gpkg")
    assert not (tmp_path / "p.gpkg").exists()


@pytest.mark.parametrize(
    ("options", "word"),
    [
        (["--areas", "100000"], "100000"),
        (["--areas", "0"], "0"),
        (["--areas", "some"], "some"),
        (["--min-households", "900", "--max-households", "300"], "900"),
        (["--preset", "atlantis"], "atlantis"),
        (["--within", "province"], "province"),
        (["--within", "nowhere.name"], "nowhere"),
        (["--gap", "-5"], "-5"),
        (["--weight", "beauty=1"], "beauty"),
        (["--weight", "target"], "target"),
        (["--max-ha", "-1"], "-1"),
        (["--max-ha", "nan"], "nan"),
        (["--max-households", "inf"], "inf"),
        (["--max-walk", "0"], "walk"),
        (["--max-count", "0"], "count"),
        (["--gap", "nan"], "nan"),
        (["--gap", "wide"], "wide"),
        (["--weight", "target=inf"], "inf"),
        (["--seed", "one"], "one"),
        (["--time-limit", "-1"], "-1"),
        (["--time-limit", "nan"], "nan"),
    ],
)
def test_grouping_refuses(
    town: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], word: str
) -> None:
    out = tmp_path / "out.gpkg"
    assert word in refused(capsys, "group", town, "-o", out, *options)
    assert not out.exists()


@pytest.mark.parametrize(
    ("options", "word"),
    [
        (["--standard", "mars"], "mars"),
        (["--set", "parking.rate"], "parking.rate"),
        (["--set", "heliport.rate=1"], "heliport"),
        (["--set", "parking.colour=1"], "colour"),
        (["--set", "parking.rate=many"], "many"),
        (["-o", "table.odt"], "table.odt"),
    ],
)
def test_deficits_refuse(
    town: Path, capsys: pytest.CaptureFixture[str], options: list[str], word: str
) -> None:
    before = town.read_bytes()
    assert word in refused(capsys, "deficits", town, *options)
    assert town.read_bytes() == before


@pytest.mark.parametrize("ending", [".fgb", ".dwg", ""])
def test_export_refuses_what_it_cannot_write(
    town: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], ending: str
) -> None:
    refused(capsys, "export", town, "-o", tmp_path / f"out{ending}")
    assert list(tmp_path.iterdir()) == []


def test_nothing_that_is_read_is_written_over(
    town: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    survey = _polygons(tmp_path / "survey.gpkg", "EPSG:4547")
    before = {path: path.read_bytes() for path in (town, survey)}
    out = tmp_path / "out.gpkg"
    refused(capsys, "import", survey, "-o", survey)
    refused(capsys, "group", survey, "-o", survey)
    refused(capsys, "group", town, "-o", out, "--labels", town)
    refused(capsys, "group", town, "-o", out, "--labels", out)
    refused(capsys, "export", town, "-o", town)
    refused(capsys, "export", town, "-o", tmp_path / ".." / town.parent.name / town.name)
    assert {path: path.read_bytes() for path in before} == before
    assert [item.name for item in tmp_path.iterdir()] == ["survey.gpkg"]


@pytest.mark.parametrize("name", ["x" * 300, "a\0b"])
def test_a_name_no_file_can_have(
    town: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    told = refused(capsys, "group", town, "-o", tmp_path / f"{name}.gpkg")
    assert len(told) < 200
    refused(capsys, "export", town, "-o", tmp_path / f"{name}.csv")
    refused(capsys, "pack", town, "-o", tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_an_output_that_is_a_folder_or_has_another_ending(
    town: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "folder.csv").mkdir()
    refused(capsys, "group", town, "-o", tmp_path / "out.gpkg", "--labels", tmp_path / "folder.csv")
    refused(capsys, "export", town, "-o", tmp_path / "folder.csv")
    assert ".pdf" in refused(capsys, "report", town, "-o", tmp_path / "report.txt")
    assert ".gpkg" in refused(capsys, "group", town, "-o", tmp_path / "out.shp")
    assert [item.name for item in tmp_path.iterdir()] == ["folder.csv"]


def test_a_project_without_areas(town: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    refused(capsys, "deficits", town)
    refused(capsys, "deficits", town, "-o", tmp_path / "table.xlsx")
    refused(capsys, "report", town, "-o", tmp_path / "report.pdf")
    refused(capsys, "pack", town, "-o", tmp_path / "pack")
    assert list(tmp_path.iterdir()) == []


def test_sentences_are_in_the_language_that_was_asked_for(
    town: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = refused(capsys, "group", town, "-o", "x.gpkg", "--gap", "wide", "--lang", "zh")
    assert "数字" in told
    assert "argument" not in told


def test_a_missing_output_folder(town: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    missing = tmp_path / "missing"
    assert "missing" in refused(capsys, "group", town, "-o", missing / "out.gpkg")
    assert "missing" in refused(capsys, "pack", town, "-o", missing / "pack")
    assert not missing.exists()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser writes anywhere")
def test_an_unwritable_output_folder(town: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tmp_path.chmod(0o500)
    try:
        refused(capsys, "group", town, "-o", tmp_path / "out.gpkg")
    finally:
        tmp_path.chmod(0o700)


def test_unknown_words_of_the_command_line(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    refused(capsys, "group", town, "-o", "x.gpkg", "--colour", "red")
    refused(capsys, "import", sample("town.gpkg"), "-o", "x.gpkg", "--role", "roads")
    refused(capsys, "import", sample("town.gpkg"), "-o", "x.gpkg", "--role", "town:roads=castles")
    refused(capsys, "import", sample("town.gpkg"), "-o", "x.gpkg", "--encoding", "klingon")
    refused(capsys, "import", sample("town.gpkg"), "-o", "x.gpkg", "--near", "here")
    refused(capsys, "no-such-file.gpkg")
    assert not Path("x.gpkg").exists()


def test_a_file_that_is_no_project(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = _polygons(tmp_path / "plain.gpkg", "EPSG:4547")
    refused(capsys, "report", source, "-o", tmp_path / "r.pdf")
    refused(capsys, "pack", tmp_path / "missing.gpkg", "-o", tmp_path / "pack")
    assert sorted(item.name for item in tmp_path.iterdir()) == ["plain.gpkg"]


@pytest.mark.parametrize("name", ["", " ", "x" * 300, "a\0b"])
def test_a_name_that_names_nothing_is_refused_where_it_stands(
    town: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    """An empty one is a variable that a script has not set; as a path it would mean the current folder."""
    out = tmp_path / "out.gpkg"
    for line in (
        ["check", name],
        ["deficits", name],
        ["export", name, "-o", tmp_path / "a.geojson"],
        ["import", name, "-o", out],
        ["import", sample("town.gpkg"), "-o", out, "--inventory", name],
        ["group", town, "-o", name],
        ["report", town, "-o", name],
        ["demo", "--out", name],
    ):
        refused(capsys, *line)
    if name.strip():
        refused(capsys, "deficits", town, "--standard", name)
        refused(capsys, "group", town, "-o", out, "--preset", name)
        refused(capsys, name)
    assert list(tmp_path.iterdir()) == []


def test_what_a_sentence_quotes_stays_on_its_line(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for quoted in ("a\nb", "a\r\x1b[31mb", "\u2028", "y" * 5000):
        told = refused(capsys, "deficits", town, "--set", f"{quoted}=1")
        assert told.isprintable()
        assert len(told) < 900


def test_bytes_that_are_no_text_are_no_system(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    refused(capsys, "import", sample("town.gpkg"), "-o", tmp_path / "p.gpkg", "--crs", "\udcff")
    assert list(tmp_path.iterdir()) == []
