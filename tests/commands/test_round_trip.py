"""Our own areas edited in another program and imported again, through the commands."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from renomap.__main__ import main
from renomap.deficits import standards
from renomap.model.feedback import Silent
from renomap.session.importing import read_offer
from renomap.sources.options import ImportOptions
from renomap.store import projectfile

EAST, NORTH = 395_000.0, 3_121_000.0


def survey(path: Path) -> Path:
    """Six by four neighbourhoods of 100 m, 12 m between them."""
    shapes = [shapely.box(x, y, x + 100, y + 100) for y in _steps(NORTH, 4) for x in _steps(EAST, 6)]
    names = [f"小区{number}" for number in range(24)]
    columns = {"小区名称": names, "户数": [150] * 24, "建成年代": [1990] * 24}
    gpd.GeoDataFrame(columns, geometry=shapes, crs="EPSG:4547").to_file(path, layer="小区")
    return path


def _steps(start: float, count: int) -> list[float]:
    return [start + 112.0 * i for i in range(count)]


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A project with a scheme, and its areas as GeoJSON."""
    folder = tmp_path_factory.mktemp("round")
    project, areas = folder / "p.gpkg", folder / "areas.geojson"
    assert main(["group", str(survey(folder / "s.gpkg")), "-o", str(project), "--areas", "3"]) == 0
    assert main(["export", str(project), "-o", str(areas)]) == 0
    return project, areas


def test_areas_edited_elsewhere_come_back_as_a_scheme(
    exported: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, areas = exported
    project = tmp_path / "p.gpkg"
    project.write_bytes(source.read_bytes())
    before = projectfile.open_project(project)
    table = gpd.read_file(areas)
    assert sorted(table["id"]) == [1, 2, 3]

    # as in QGIS: another order, a new name, one area without its westernmost column
    edited = table.to_crs("EPSG:4547").sort_values("id", ascending=False).reset_index(drop=True)
    edited.loc[edited["id"] == 2, "name"] = "河东片区"
    ground = edited.set_index("id").geometry
    west = shapely.box(*ground.loc[1].bounds[:2], ground.loc[1].bounds[0] + 110, ground.loc[1].bounds[3])
    edited.loc[edited["id"] == 1, "geometry"] = shapely.difference(ground.loc[1], west)
    drawn = edited.set_index("id").geometry
    back = tmp_path / "areas.geojson"
    edited.to_crs("EPSG:4326").to_file(back, driver="GeoJSON", COORDINATE_PRECISION=9, RFC7946="YES")

    capsys.readouterr()
    assert main(["import", str(back), "-o", str(project), "--update", "--json"]) == 0
    codes = {note["code"] for note in json.loads(capsys.readouterr().out)["notes"]}
    assert not any(code.startswith("sources.update-") for code in codes)  # no neighbourhood changed
    after = projectfile.open_project(project)
    assert len(after.schemes) == len(before.schemes) + 1
    scheme, old = after.scheme, before.scheme
    assert scheme is not None
    assert old is not None
    assert scheme.areas.index.tolist() == [1, 2, 3]
    assert scheme.areas["name"].tolist() == [
        "河东片区" if number == 2 else old.areas.at[number, "name"] for number in (1, 2, 3)
    ]
    assert scheme.areas["colour"].tolist() == old.areas["colour"].tolist()
    assert set(scheme.areas["kind"]) == {"drawn"}
    for number in (1, 2, 3):
        away = shapely.hausdorff_distance(scheme.areas.geometry.loc[number], drawn.loc[number])
        assert away < 0.01
    units = after.neighbourhoods
    assert units is not None
    inside = units.frame.geometry.intersection(drawn.loc[1]).area / units.frame.area
    lost = old.assignment.index[(old.assignment == 1) & (inside < 0.5)]
    assert 0 < len(lost) < (old.assignment == 1).sum()
    expected = old.assignment.copy()
    expected.loc[lost] = 0
    assert scheme.assignment.to_dict() == expected.to_dict()
    assert after.schemes[0].assignment.to_dict() == before.schemes[0].assignment.to_dict()


def test_areas_beside_the_survey_make_a_plan_at_once(exported: tuple[Path, Path], tmp_path: Path) -> None:
    source, areas = exported
    project = tmp_path / "new.gpkg"
    assert main(["import", str(source.parent / "s.gpkg"), str(areas), "-o", str(project)]) == 0
    scheme, old = projectfile.open_project(project).scheme, projectfile.open_project(source).scheme
    assert scheme is not None
    assert old is not None
    assert scheme.assignment.to_dict() == old.assignment.to_dict()
    assert scheme.areas["name"].tolist() == old.areas["name"].tolist()


def test_deficits_are_told_as_ranges_with_units_in_words(
    exported: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = tmp_path / "p.gpkg"
    project.write_bytes(exported[0].read_bytes())
    arguments = ["deficits", str(project), "--set", "parking.rate=0.6/household"]
    assert main([*arguments, "--json"]) == 0
    told = {item["key"]: item for item in json.loads(capsys.readouterr().out)["facilities"]}
    # 24 x 150 x 0.6 = 2,160 spaces, of which nobody knows how many there are
    assert {name: told["parking"][name] for name in ("deficit", "deficit_low", "deficit_high", "known")} == {
        "deficit": None,
        "deficit_low": 0.0,
        "deficit_high": 2160.0,
        "known": 0,
    }
    assert told["parking"]["states"] == {"unknown": 3}
    assert main([*arguments, "--lang", "zh"]) == 0
    assert "  机动车停车位：至多 2,160 个（待调查 3）\n" in capsys.readouterr().out
    assert main([*arguments, "--lang", "en"]) == 0
    said = capsys.readouterr().out
    assert "  Parking spaces: at most 2,160 spaces (to be surveyed 3)\n" in said
    assert standards.load(projectfile.open_project(project).standard).en in said  # its name, not its key


def test_sizes_are_right_at_once_by_command_and_by_window(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two neighbourhoods of 100 households lie apart, one of them unknown in another pair."""
    shapes = [shapely.box(x, y, x + 100, y + 100) for y in _steps(NORTH, 2) for x in _steps(EAST, 4)]
    shapes += [shapely.box(x, NORTH + 900, x + 100, NORTH + 1000) for x in _steps(EAST, 2)]
    shapes += [shapely.box(x, NORTH - 900, x + 100, NORTH - 800) for x in _steps(EAST, 3)]
    households = [150.0] * 8 + [100.0] * 2 + [90.0, 90.0, None]
    columns = {"小区名称": [f"小区{i}" for i in range(13)], "户数": households, "建成年代": [1990] * 13}
    survey_path, project, areas = tmp_path / "s.gpkg", tmp_path / "p.gpkg", tmp_path / "a.geojson"
    gpd.GeoDataFrame(columns, geometry=shapes, crs="EPSG:4547").to_file(survey_path, layer="小区")
    assert main(["group", str(survey_path), "-o", str(project), "--preset", "national"]) == 0
    assert main(["export", str(project), "-o", str(areas)]) == 0
    first = gpd.read_file(areas).set_index("id")["size_flag"].to_dict()
    assert sorted(str(flag) for flag in first.values() if isinstance(flag, str)) == ["to_check", "undersized"]

    offer = read_offer([areas], ImportOptions(), projectfile.open_project(project), Silent())
    assert offer.project is not None
    assert offer.project.scheme is not None
    kept = {area: flag for area, flag in first.items() if isinstance(flag, str)}
    assert offer.project.scheme.areas["size_flag"].dropna().to_dict() == kept

    capsys.readouterr()
    assert main(["import", str(areas), "-o", str(project), "--update", "--json"]) == 0
    codes = {note["code"] for note in json.loads(capsys.readouterr().out)["notes"]}
    assert "sources.no-neighbourhoods" not in codes
    assert {note.code for note in offer.notes}.isdisjoint({"sources.no-neighbourhoods"})
    again = tmp_path / "again.geojson"
    assert main(["export", str(project), "-o", str(again)]) == 0
    back = gpd.read_file(again).set_index("id")
    assert {area: flag for area, flag in back["size_flag"].items() if isinstance(flag, str)} == kept
