"""A corrected survey comes in: every decision stays, exactly the planted differences are listed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from survey_files import frame, square

from renomap.model.change import apply, difference
from renomap.model.layer import Layer
from renomap.model.project import Project
from renomap.model.roles import Role
from renomap.model.scheme import Scheme
from renomap.sources.addresses import ColumnOptions
from renomap.sources.canonical import canonical
from renomap.sources.options import ImportOptions
from renomap.sources.reading import Reading, read
from renomap.sources.schemes import scheme_of
from renomap.sources.update import match_rows, update

COUNT = 40


def units(shapes: list, **columns: object) -> Layer:
    """A layer of neighbourhoods with these columns, fids from 1."""
    fids = np.arange(1, len(shapes) + 1, dtype=np.int64)
    fields = pd.DataFrame(columns, index=pd.RangeIndex(len(shapes)))
    parsed = canonical(fields, fids, Role.NEIGHBOURHOODS, ColumnOptions(), "小区")
    return Layer(
        "neighbourhoods",
        "小区",
        Role.NEIGHBOURHOODS,
        gpd.GeoDataFrame(parsed.frame, geometry=shapes, crs="EPSG:4547"),
    )


def survey() -> Layer:
    shapes = [square(i % 8, i // 8) for i in range(COUNT)]
    return units(shapes, name=[f"小区{i}" for i in range(COUNT)], households=[100 + i for i in range(COUNT)])


@pytest.fixture
def project() -> Project:
    layer = survey()
    drawn = layer.frame.iloc[[0]].copy()
    drawn.index = pd.Index([90], name="fid")
    drawn["name"], drawn["origin"], drawn["households"] = "补绘一号", "drawn", np.nan
    drawn.geometry = [square(12, 12)]
    layer = replace(layer, frame=gpd.GeoDataFrame(pd.concat([layer.frame, drawn]), crs="EPSG:4547"))
    fids = layer.frame.index
    assignment = pd.Series([1 + i % 4 for i in range(len(fids))], index=fids, dtype="int64")
    areas = gpd.GeoDataFrame(
        {
            "name": list("甲乙丙丁"),
            "colour": ["#111111"] * 4,
            "locked": [True, False, False, False],
            "kind": ["drawn", "derived", "derived", "derived"],
            "status": "",
            "note": "",
            "size_flag": None,
        },
        geometry=[square(0).buffer(500), None, None, None],
        index=pd.Index([1, 2, 3, 4], name="id"),
        crs="EPSG:4547",
    )
    links = pd.DataFrame(
        {"a": [1, 2], "b": [2, 40], "action": ["link", "cut"], "reason": ["有通道", "有围墙"]}
    )
    scheme = Scheme("s1", "方案一", assignment, areas, links)
    return Project("EPSG:4547", (layer,), (scheme,), "s1")


def corrected() -> tuple[Layer, dict[str, set[int]]]:
    """The next survey in another row order: four rows each renamed, moved, gone, new, with other values."""
    table = survey().frame
    table.loc[1:4, "name"] = [f"新名{i}" for i in range(4)]
    moved = [shapely.affinity.translate(shape, 0, 30) for shape in table.geometry.loc[5:8]]
    table.loc[5:8, "geometry"] = moved
    table.loc[13:16, "households"] += 7
    table = table.drop(index=range(9, 13))
    fresh = units(
        [square(20 + i) for i in range(4)], name=[f"新建{i}" for i in range(4)], households=[50] * 4
    )
    table = pd.concat([table, fresh.frame]).sample(frac=1, random_state=3)
    table.index = pd.Index(range(1, len(table) + 1), name="fid", dtype="int64")
    planted = {
        "renamed": {1, 2, 3, 4},
        "moved": {5, 6, 7, 8},
        "removed": {9, 10, 11, 12},
        "added": {91, 92, 93, 94},
        "changed": {13, 14, 15, 16},
        "kept": {90},
    }
    return replace(survey(), frame=gpd.GeoDataFrame(table, crs="EPSG:4547")), planted


def test_exactly_the_planted_differences_are_listed(project: Project) -> None:
    layer, planted = corrected()
    result = update(project, Reading((layer,), "EPSG:4547", ()))
    found = {kind: set(rows["fid"]) for kind, rows in result.changes.groupby("kind")}
    assert found == planted
    assert {note.code for note in result.notes} == {f"sources.update-{kind}" for kind in planted}
    changed = result.changes[result.changes["kind"] == "changed"]
    assert (changed["after"] - changed["before"]).tolist() == [7.0] * 4


def test_every_decision_stays(project: Project) -> None:
    layer, planted = corrected()
    after = update(project, Reading((layer,), "EPSG:4547", ())).project
    old, new = project.scheme, after.scheme
    assert old is not None
    assert new is not None
    kept = old.assignment.index.difference(list(planted["removed"]))
    assert new.assignment.loc[kept].equals(old.assignment.loc[kept])
    assert (new.assignment.loc[list(planted["added"])] == 0).all()
    assert not new.assignment.index.isin(list(planted["removed"])).any()
    pd.testing.assert_frame_equal(pd.DataFrame(new.areas), pd.DataFrame(old.areas))
    assert new.overrides.to_dict("list") == old.overrides.to_dict("list")
    units_after = after.neighbourhoods
    assert units_after is not None
    assert units_after.frame.index.equals(new.assignment.index)
    assert units_after.frame.loc[90, "name"] == "补绘一号"
    assert units_after.version == 1


def test_it_is_one_undoable_change(project: Project) -> None:
    layer, _ = corrected()
    after = update(project, Reading((layer,), "EPSG:4547", ())).project
    step = difference(project, after, "change.import")
    back = apply(apply(project, step), step.inverse)
    assert back.neighbourhoods is not None
    assert project.neighbourhoods is not None
    pd.testing.assert_frame_equal(
        pd.DataFrame(back.neighbourhoods.frame), pd.DataFrame(project.neighbourhoods.frame)
    )


def test_the_same_survey_again_changes_nothing(project: Project) -> None:
    result = update(project, Reading((survey(),), "EPSG:4547", ()))
    assert set(result.changes["kind"]) == {"kept"}
    assert result.project.neighbourhoods is not None
    assert project.neighbourhoods is not None
    pd.testing.assert_frame_equal(
        pd.DataFrame(result.project.neighbourhoods.frame), pd.DataFrame(project.neighbourhoods.frame)
    )


def test_what_the_new_survey_does_not_ask_stays(project: Project) -> None:
    """Boundaries without any value: households of the inventory are kept."""
    bare = units([square(i % 8, i // 8) for i in range(COUNT)], name=[f"小区{i}" for i in range(COUNT)])
    after = update(project, Reading((bare,), "EPSG:4547", ())).project.neighbourhoods
    assert after is not None
    assert after.frame.loc[1, "households"] == 100
    assert after.frame.loc[1, "households_flag"] == "reported"


def test_rows_are_matched_by_code_before_all_else() -> None:
    old = units([square(0), square(1)], code=["A", "B"], name=["甲", "乙"]).frame
    new = units([square(1), square(5)], code=["A", "B"], name=["乙", "甲"]).frame
    assert match_rows(old, new) == {1: 1, 2: 2}


def test_two_of_one_name_prove_nothing() -> None:
    old = units([square(0), square(1)], name=["甲", "甲"]).frame
    new = units([square(7), square(8)], name=["甲", "甲"]).frame
    assert match_rows(old, new) == {}


def areas_layer(**columns: object) -> Layer:
    shapes = [shapely.union_all([square(0), square(1)]).convex_hull, square(5, 5), square(2).buffer(-30)]
    return Layer("areas_imported", "片区", Role.AREAS, frame(shapes, **columns))


def test_a_layer_of_areas_becomes_a_scheme() -> None:
    table = survey().frame
    scheme, notes = scheme_of(
        areas_layer(id=[7.0, 3.0, 9.0], name=["甲片区", "空片区", None], colour=["#aabbcc", None, "red"]),
        table,
        "k",
    )
    assert scheme.areas.index.tolist() == [3, 7, 9]
    assert scheme.areas["name"].tolist() == ["空片区", "甲片区", ""]
    assert scheme.areas["colour"].tolist() == ["", "#aabbcc", ""]
    assert scheme.areas["kind"].eq("drawn").all()
    assert scheme.areas.geometry.loc[7].equals(areas_layer(id=[1, 2, 3], name="x").frame.geometry.iloc[0])
    assert scheme.assignment.loc[[1, 2]].tolist() == [7, 7]
    assert scheme.assignment.index.equals(table.index)
    assert {note.code for note in notes} == {"sources.areas-cut", "sources.areas-empty"}


def test_areas_drawn_elsewhere_come_back_as_a_scheme_of_the_project(project: Project) -> None:
    layer = areas_layer(id=[1.0, 2.0, 3.0], name=["甲", "乙", "丙"])
    after = update(project, Reading((layer,), "EPSG:4547", ())).project
    assert [scheme.title for scheme in after.schemes] == ["方案一", "片区"]
    assert after.active == "imported_1"
    assert after.layers_of(Role.AREAS) == ()
    assert after.schemes[0] is project.schemes[0]


def test_a_table_alone_is_joined_to_the_project(project: Project, tmp_path: Path) -> None:
    table = tmp_path / "清单.csv"
    table.write_text("小区名称,户数,电梯数\n小区3,140,2\n湖滨公馆,5,1\n", encoding="utf-8")
    reading = read([table], ImportOptions(joins_project=True))
    assert reading.layers == ()
    assert reading.unplaced["name"].tolist() == ["小区3", "湖滨公馆"]
    result = update(project, reading)
    rows = result.changes[["kind", "fid", "field", "after"]].values.tolist()
    assert rows == [["changed", 4, "households", 140.0], ["changed", 4, "elevators", 2.0]]
    assert result.unplaced["name"].tolist() == ["湖滨公馆"]


def test_a_project_without_a_column_of_later_versions_takes_in_areas(project: Project) -> None:
    old = project.neighbourhoods
    assert old is not None
    earlier = project.with_layer(replace(old, frame=old.frame.drop(columns="community_population")))
    layer = areas_layer(id=[1.0, 2.0, 3.0], name=["甲", "乙", "丙"])
    result = update(earlier, Reading((layer,), "EPSG:4547", ()))
    assert result.project.active == "imported_1"
    assert len(result.changes) == 0
