"""Rows of a spreadsheet find their neighbourhood, building, area or project, or are named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from programme_town import make_town

from renomap.errors import RenomapError
from renomap.model.project import Project
from renomap.steps.import_table import TakenRows, import_table


def book(path: Path, *cells: tuple[Any, ...]) -> Path:
    workbook = openpyxl.Workbook()
    for row in cells:
        workbook.active.append(row)
    workbook.save(path)
    return path


def taken(project: Project, path: Path, table: str) -> TakenRows:
    return import_table(project, path, "", table, by="王工")


def test_works_of_neighbourhoods_and_buildings(tmp_path: Path) -> None:
    path = book(
        tmp_path / "w.xlsx",
        ("小区", "楼号", "改造内容", "投资（万元）"),
        ("甲里", "2号楼", "屋面防水", 12), ("CS002", None, "老旧管网", 30), ("甲里小区", "9栋", "外墙", 5),
        ("癸里小区", None, "外墙", 5), ("甲里小区", None, "外墙", 7),
    )  # fmt: skip
    project = make_town()
    done = taken(project, path, "works")
    works = done.project.programme.works
    assert works[["fid", "building", "item", "cost"]].to_dict("list") == {
        "fid": [1, 1], "building": [2, 0], "item": ["roof", "wall"], "cost": [120000.0, 70000.0],
    }  # fmt: skip
    assert works["origin"].tolist() == ["imported"] * 2
    unmatched = [note.params["row"] for note in done.notes if note.code == "steps.programme-unmatched"]
    assert unmatched == [3, 4, 5]
    again = taken(done.project, path, "works")
    assert again.added == 0
    assert again.project.programme.works.equals(works)


def test_an_area_gets_a_project_and_a_step_its_members(tmp_path: Path) -> None:
    path = book(
        tmp_path / "e.xlsx",
        ("片区", "事项", "日期", "结果", "评审单位"),
        ("甲里片区", "评审", "2026.3.1", "通过", "区住建局"), ("1", "公示", "2026年4月", None, None),
    )  # fmt: skip
    done = taken(make_town(), path, "events")
    programme = done.project.programme
    assert programme.projects[["scheme", "area", "name", "members"]].to_dict("records") == [
        {"scheme": "s1", "area": 1, "name": "甲里片区", "members": "1 2 3 4 5 6 7 8"}
    ]
    assert programme.events["project"].tolist() == [1, 1]
    assert programme.events["households"].tolist() == [1208.0, 1208.0]
    assert programme.events["body"].tolist() == ["区住建局", None]


def test_projects_are_filled_in_not_doubled(tmp_path: Path) -> None:
    first = book(tmp_path / "a.xlsx", ("片区", "项目编号", "实施主体"), ("甲里片区", "XM-01", "城投集团"))
    second = book(tmp_path / "b.xlsx", ("项目编号", "责任人", "联系电话"), ("XM-01", "李工", 13800000000))
    done = taken(taken(make_town(), first, "projects").project, second, "projects")
    (row,) = done.project.programme.projects.to_dict("records")
    assert (row["code"], row["company"], row["person"], row["phone"]) == (
        "XM-01",
        "城投集团",
        "李工",
        "13800000000",
    )
    assert (done.added, done.changed) == (0, 1)


def test_lists_leave_a_history(tmp_path: Path) -> None:
    first = book(
        tmp_path / "a.xlsx",
        ("小区名称", "阶段", "计划年度"),
        ("甲里小区", "储备库", None),
        ("乙里小区", "年度计划", 2027),
    )
    second = book(
        tmp_path / "b.xlsx",
        ("小区名称", "阶段", "计划年度"),
        ("甲里小区", "年度计划", 2027),
        ("乙里小区", "年度计划", 2027),
    )
    done = taken(taken(make_town(), first, "units").project, second, "units")
    programme = done.project.programme
    assert programme.units[["fid", "stage", "year"]].to_dict("list") == {
        "fid": [1, 2], "stage": ["annual", "annual"], "year": [2027.0, 2027.0],
    }  # fmt: skip
    assert programme.history[["fid", "from_stage", "to_stage", "by"]].values.tolist() == [
        [1, "survey", "pool", "王工"], [2, "survey", "annual", "王工"], [1, "pool", "annual", "王工"],
    ]  # fmt: skip


def test_a_table_of_something_else_is_refused(tmp_path: Path) -> None:
    path = book(tmp_path / "x.xlsx", ("天气", "心情"), ("晴", "好"))
    with pytest.raises(RenomapError) as caught:
        taken(make_town(), path, "funds")
    assert caught.value.code == "sources.programme-no-header"


def test_a_ledger_of_moves_is_made_again_in_its_order(tmp_path: Path) -> None:
    path = book(
        tmp_path / "h.xlsx",
        ("小区名称", "调整日期", "阶段", "计划年度", "原因", "经办人"),
        ("甲里小区", "2026-01-15", "年度计划", 2026, "区计划下达", "区更新办"),
        ("甲里小区", "2025-12-05", "储备库", None, "体检完成", "区更新办"),
        ("乙里小区", "2025-12-05", None, None, "看过", None),
    )
    done = taken(make_town(), path, "history")
    programme = done.project.programme
    assert programme.history[["at", "by", "from_stage", "to_stage", "reason"]].values.tolist() == [
        ["2025-12-05", "区更新办", "survey", "pool", "体检完成"],
        ["2026-01-15", "区更新办", "pool", "annual", "区计划下达"],
    ]
    assert programme.units[["fid", "stage", "year"]].values.tolist() == [[1, "annual", 2026.0]]
    assert taken(done.project, path, "history").added == 0


def test_what_an_estimate_goes_by_is_any_text(tmp_path: Path) -> None:
    path = book(tmp_path / "e.xlsx", ("片区", "总投资(万元)", "依据"), ("甲里片区", 100, "参照中央公园项目"))
    done = taken(make_town(), path, "estimates")
    assert done.project.programme.estimates["source"].tolist() == ["参照中央公园项目"]
    assert not [note for note in done.notes if note.code == "sources.programme-words"]
