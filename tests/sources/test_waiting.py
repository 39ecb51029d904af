"""A workbook without a map: a project of discs and of rows that wait, which the next map takes in."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import openpyxl
import pytest
import shapely
from survey_files import ORIGIN, frame, square, write

from renomap.editing.waiting import draw_waiting, outline_placed
from renomap.errors import RenomapError
from renomap.model.change import apply
from renomap.model.note import GuessKind
from renomap.model.roles import Role
from renomap.model.waiting import waiting, with_waiting
from renomap.sources.options import ImportOptions, overrule
from renomap.steps.check import check
from renomap.steps.import_ import import_sources, update_project
from renomap.store import projectfile

PLACES = [
    ["甲苑", 120, 112.94, 28.20, 3.0],
    ["乙苑", 80, 112.95, 28.20, None],
    ["丙苑", None, None, None, None],
]


def book(path: Path, rows: list[list[object]], header: list[str] | None = None) -> Path:
    workbook = openpyxl.Workbook()
    for row in [header or ["小区名称", "户数", "经度", "纬度", "占地面积（公顷）"], *rows]:
        workbook.active.append(row)
    workbook.save(path)
    return path


def test_positions_become_discs_of_the_size_of_the_land(tmp_path: Path) -> None:
    project = import_sources([book(tmp_path / "清单.xlsx", PLACES)])
    units = project.neighbourhoods
    assert units is not None
    assert project.crs == "EPSG:4547"
    assert units.frame["name"].tolist() == ["甲苑", "乙苑"]
    assert set(units.frame["origin"]) == {"placed"}
    assert units.frame["households"].tolist() == [120, 80]
    # 3 ha are a circle of 97.7 m; 80 households x 74 m2 / 1.5 = 3,947 m2 one of 35.4 m (32 corners each)
    radius = [math.sqrt(shape.area / (16 * math.sin(math.pi / 16))) for shape in units.frame.geometry]
    assert radius == pytest.approx([97.7, 35.4], abs=0.1)
    assert waiting(project)["name"].tolist() == ["丙苑"]
    codes = {note.code for note in check(project)}
    assert {"sources.discs", "sources.waiting", "sources.check-placed", "sources.check-waiting"} <= codes


def test_discs_of_near_positions_do_not_overlap(tmp_path: Path) -> None:
    rows = [[f"{i}苑", 500, 112.94 + 0.0003 * i, 28.2, 5.0] for i in range(4)]
    project = import_sources([book(tmp_path / "a.xlsx", rows)])
    shapes = project.layers[0].frame.geometry.to_numpy()
    assert shapely.area(shapely.union_all(shapes)) == pytest.approx(shapely.area(shapes).sum(), rel=1e-6)


def test_positions_of_a_web_map_can_be_said(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", PLACES[:1])
    plain = import_sources([path])
    guess = next(g for n in plain.notes for g in n.guesses if g.kind is GuessKind.CRS)
    moved = import_sources([path], overrule(ImportOptions(), guess, "gcj02"))
    away = (
        plain.layers[0]
        .frame.geometry.iloc[0]
        .centroid.distance(moved.layers[0].frame.geometry.iloc[0].centroid)
    )
    assert 300 < away < 800


def test_a_list_without_positions_opens_saves_and_is_drawn(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", [["甲苑", "约300户"], ["乙苑", 80]], ["小区名称", "户数"])
    project = import_sources([path], ImportOptions(near=(121.4, 31.2)))
    assert (project.layers, project.crs) == ((), "EPSG:4549")
    projectfile.save(project, tmp_path / "p.gpkg")
    project = projectfile.open_project(tmp_path / "p.gpkg")
    rows = waiting(project)
    assert rows[["name", "households", "row"]].to_numpy().tolist() == [["甲苑", 300, 2], ["乙苑", 80, 3]]

    change = draw_waiting(project, int(rows.index[0]), square(0))
    after = apply(project, change)
    unit = after.layers[0].frame.iloc[0]
    assert (unit["name"], unit["households"], unit["households_flag"]) == ("甲苑", 300, "approximate")
    assert unit["origin"] == "drawn"
    assert waiting(after)["name"].tolist() == ["乙苑"]
    assert apply(after, change.inverse) == project
    with pytest.raises(RenomapError) as raised:
        draw_waiting(after, int(rows.index[0]), square(3))
    assert raised.value.code == "editing.not-waiting"
    second = apply(after, draw_waiting(after, int(rows.index[1]), square(3)))
    assert second.layers[0].frame["name"].tolist() == ["甲苑", "乙苑"]
    projectfile.save(second, tmp_path / "q.gpkg")
    assert projectfile.open_project(tmp_path / "q.gpkg").layers[0].frame["households"].tolist() == [300, 80]


def test_a_disc_is_given_its_outline(tmp_path: Path) -> None:
    project = import_sources([book(tmp_path / "a.xlsx", PLACES)])
    after = apply(project, outline_placed(project, 1, square(0)))
    frame_ = after.layers[0].frame
    assert frame_.geometry.loc[1].equals(square(0))
    assert frame_["origin"].tolist() == ["drawn", "placed"]
    assert frame_["households"].tolist() == [120, 80]
    with pytest.raises(RenomapError) as raised:
        outline_placed(after, 1, square(1))
    assert raised.value.code == "editing.not-placed"


def test_the_next_map_takes_discs_and_waiting_rows_in(tmp_path: Path) -> None:
    project = import_sources([book(tmp_path / "a.xlsx", PLACES)])
    shapes = [square(0), square(1), square(2)]
    map_ = write(tmp_path / "m.gpkg", {"小区": frame(shapes, 小区名称=["甲苑", "丙苑", "丁苑"])})
    found = update_project(project, [map_])
    units = found.project.layers[0].frame
    by_name = units.set_index("name")
    assert by_name.index.tolist() == ["甲苑", "乙苑", "丙苑", "丁苑"]
    assert by_name["origin"].tolist() == ["survey", "placed", "survey", "survey"]
    assert by_name.at["甲苑", "households"] == 120
    assert by_name.loc["甲苑", "geometry"].equals(square(0))
    assert waiting(found.project).empty
    assert set(found.changes["kind"]) == {"moved", "added", "kept"}


def test_values_of_a_waiting_row_come_to_its_polygon_and_the_system_to_the_first_map(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", [["甲苑", "约300户"]], ["小区名称", "户数"])
    project = import_sources([path])
    shapes = frame([square(0)], 小区名称=["甲苑"]).to_crs("EPSG:4546")
    found = update_project(project, [write(tmp_path / "m.gpkg", {"小区": shapes})])
    assert found.project.crs == "EPSG:4546"
    unit = found.project.layers[0].frame.iloc[0]
    assert (unit["households"], unit["households_flag"]) == (300, "approximate")
    assert waiting(found.project).empty


def test_rows_without_a_neighbourhood_on_the_map_wait(tmp_path: Path) -> None:
    map_ = write(tmp_path / "m.gpkg", {"小区": frame([square(0)], 小区名称=["甲苑"])})
    project = import_sources([map_, book(tmp_path / "a.xlsx", PLACES)])
    assert waiting(project)["name"].tolist() == ["乙苑", "丙苑"]
    again = update_project(project, [tmp_path / "a.xlsx"]).project
    assert waiting(again)["name"].tolist() == ["乙苑", "丙苑"]  # not listed twice


def test_rows_keep_their_numbers(tmp_path: Path) -> None:
    project = import_sources([book(tmp_path / "a.xlsx", [["甲苑", 1]], ["小区名称", "户数"])])
    rows = waiting(project).assign(row=9)
    assert waiting(with_waiting(project, rows)).index.tolist() == [1, 2]


def test_a_nowhere_position_waits(tmp_path: Path) -> None:
    project = import_sources([book(tmp_path / "a.xlsx", [["甲苑", 1, 0, 0, 1], ["乙苑", 1, 200, 95, 1]])])
    assert project.layers_of(Role.NEIGHBOURHOODS) == ()
    assert waiting(project)["name"].tolist() == ["甲苑", "乙苑"]
    assert np.isfinite(ORIGIN).all()


def test_rows_without_a_shape_wait_whatever_the_container(tmp_path: Path) -> None:
    """Points and outlines alike; one of the same name in a table is the same row; drawn, it waits no more."""
    told = {"小区名称": ["甲苑", "乙苑", "丙苑", None], "户数": [120, 80, 60, 5]}
    points = frame([shapely.Point(*ORIGIN), shapely.Point(), None, None], **told)
    project = import_sources([write(tmp_path / "p.gpkg", {"小区": points})])
    rows = waiting(project)
    assert rows[["name", "households", "row"]].to_numpy().tolist() == [["乙苑", 80, 2], ["丙苑", 60, 3]]
    codes = [note.code for note in project.notes]
    assert "sources.waiting" in codes
    assert "sources.no-shape" in codes  # the fourth has no name to wait under

    outlines = frame([square(0), None, shapely.Polygon(), square(3)], **told)
    map_ = write(tmp_path / "m.gpkg", {"小区": outlines})
    table = book(tmp_path / "a.xlsx", [["乙苑", None, 1998]], ["小区名称", "户数", "建成年份"])
    project = import_sources([map_, table])
    assert "sources.no-shape" not in {note.code for note in project.notes}
    rows = waiting(project)
    assert rows[["name", "households", "households_flag", "year_max"]].fillna(0).to_numpy().tolist() == [
        ["乙苑", 80, "reported", 1998],
        ["丙苑", 60, "reported", 0],
    ]
    projectfile.save(project, tmp_path / "s.gpkg")
    project = projectfile.open_project(tmp_path / "s.gpkg")
    project = project.with_layer(replace(project.layers[0], locked=False))
    project = apply(project, draw_waiting(project, int(rows.index[0]), square(6)))
    again = update_project(project, [map_]).project
    assert waiting(again)["name"].tolist() == ["丙苑"]
    assert again.layers[0].frame["name"].tolist().count("乙苑") == 1
