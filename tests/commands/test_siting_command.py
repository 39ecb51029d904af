"""``sites`` through the command line: the requirement T10, decisions, and what is saved read back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
import shapely
from test_programme import Run, kept, make_town, run, with_values

from renomap.model.layer import Layer
from renomap.model.roles import Role
from renomap.outputs.data_notes import data_notes
from renomap.outputs.plan_tables import deficits
from renomap.outputs.report_content import content
from renomap.outputs.siting_lines import siting_table
from renomap.outputs.tables import write_xlsx
from renomap.steps.judge import judge_by
from renomap.steps.plan import make_plan
from renomap.store.projectfile import open_project, save
from renomap.wording.catalogue import words

__all__ = ["run"]  # the fixture of the other commands of the programme

#: Right end of the town's only area, which lacks 300 m2 of elderly care, all of it.
EDGE = 500_798.0
CARE = "elder_care"


def town(folder: Path, *rooms: tuple[str, float | None, float, str], **columns: Any) -> Path:
    """The town with rooms: name, m2, metres to the right of the area, use."""
    frame = gpd.GeoDataFrame(
        {
            "name": [row[0] for row in rooms],
            "area_m2": [row[1] for row in rooms],
            "owner": ["区住房保障中心" for _ in rooms],
            "usable_for": [row[3] or None for row in rooms],
            **columns,
        },
        geometry=[shapely.Point(EDGE + row[2], 50) for row in rooms],
        crs="EPSG:4547",
        index=pd.Index(range(1, len(rooms) + 1), name="fid", dtype="int64"),
    )
    made = with_values(make_town(), elder_m2=0.0)
    return kept(made.with_layer(Layer("sites", "存量资源", Role.SITES, frame)), folder)


def care_of(told: dict[str, Any]) -> dict[str, tuple[str, str]]:
    return {one["name"]: (one["verdict"], one["standing"]) for one in told["sites"]}


def test_t10_idle_rooms_within_reach_of_what_lacks(tmp_path: Path, run: Run) -> None:
    path = town(
        tmp_path,
        ("近", 400.0, 200.0, "养老"),
        ("远", 400.0, 800.0, "养老"),
        ("小", 290.0, 100.0, "养老"),
        ("不详", None, 100.0, "养老"),
        ("未填", 400.0, 100.0, ""),
        ("商业", 400.0, 100.0, "便民商业"),
        ("在用", 400.0, 100.0, "养老"),
        state=[*[None] * 6, "在用"],
    )
    before = path.read_bytes()
    code, told, said = run("sites", path)
    assert code == 0, said
    assert path.read_bytes() == before
    assert told["distance"] == "straight"
    care = {"sites": [one for one in told["sites"] if one["facility"] == CARE]}
    assert care_of(care) == {
        "近": ("covers", "proposed"),
        "小": ("too_small", "left"),
        "不详": ("unknown_size", "left"),
        "未填": ("to_check", "left"),
    }
    (near,) = [one for one in told["sites"] if one["name"] == "近"]
    assert (near["deficit_low"], near["deficit_high"], near["distance_m"]) == (300.0, 300.0, 200.0)


def test_what_is_accepted_is_planned_beside_the_deficit(tmp_path: Path, run: Run) -> None:
    path = town(tmp_path, ("近", 400.0, 200.0, "养老"), ("也近", 500.0, 250.0, "养老"))
    lacking = make_plan(open_project(path)).areas["elder_care_deficit"].tolist()
    code, told, said = run("sites", path, "--accept", f"近:1:{CARE}", "--reason", "街道同意")
    assert code == 0, said
    assert care_of(told) == {"近": ("covers", "accepted"), "也近": ("covers", "left")}
    project = open_project(path)
    assert make_plan(project).areas["elder_care_deficit"].tolist() == lacking == [300.0]
    table = deficits(make_plan(project), words("zh"))
    at = table.position("remedy")
    assert "已采纳近（规划供给，不计入现状）" in {row[at] for row in table.rows}
    (row,) = project.programme.siting.to_dict("records")
    assert (row["decision"], row["fid"], row["m2"], row["reason"]) == ("accepted", 1, 400.0, "街道同意")
    work = project.programme.works.loc[row["work"]]
    assert (work["item"], work["action"], work["quantity"]) == (CARE, "alter", 400.0)
    assert work["basis"] == "利用存量资源“近”（区住房保障中心），距片区直线 200 米"
    _, told, _ = run("sites", path, "--withdraw", f"1:1:{CARE}")
    assert care_of(told)["近"] == ("covers", "proposed")
    project = open_project(path)
    assert not len(project.programme.siting)
    assert not len(project.programme.works)


def test_what_is_refused_is_not_proposed_again(tmp_path: Path, run: Run) -> None:
    path = town(tmp_path, ("近", 400.0, 200.0, "养老"), ("也近", 500.0, 250.0, "养老"))
    code, _, said = run("sites", path, "--refuse", f"近:1:{CARE}")
    assert code == 2
    assert "理由" in said
    _, told, _ = run("sites", path, "--refuse", f"近:1:{CARE}", "--reason", "楼梯过陡")
    assert care_of(told) == {"近": ("covers", "refused"), "也近": ("covers", "proposed")}
    assert "楼梯过陡" in next(one["decided"] for one in told["sites"] if one["name"] == "近")
    _, told, _ = run("sites", path, "--accept", f"近:1:{CARE}")
    assert care_of(told)["近"] == ("covers", "accepted"), "the last decision counts"
    assert len(open_project(path).programme.siting) == 1


def test_a_room_is_accepted_once(tmp_path: Path, run: Run) -> None:
    path = town(tmp_path, ("近", 400.0, 200.0, "养老、社区食堂"))
    _, told, _ = run("sites", path, "--accept", f"近:1:{CARE}")
    assert {one["facility"]: one["standing"] for one in told["sites"]} == {
        CARE: "accepted",
        "canteen": "left",
    }
    code, _, said = run("sites", path, "--accept", "近:1:canteen")
    assert code == 2
    assert "已采纳" in said


@pytest.mark.parametrize(
    ("option", "text", "word"),
    [
        ("--accept", "近", "存量资源:片区编号:设施"),
        ("--accept", "近:9:elder_care", "服务半径"),
        ("--set", "parking=很大", "site.parking"),
    ],
)
def test_what_cannot_be_is_refused(tmp_path: Path, run: Run, option: str, text: str, word: str) -> None:
    code, _, said = run("sites", town(tmp_path, ("近", 400.0, 200.0, "养老")), option, text)
    assert code == 2
    assert word in said


def test_what_was_accepted_is_listed_when_nothing_lacks_any_more(tmp_path: Path, run: Run) -> None:
    path = town(tmp_path, ("近", 400.0, 200.0, "养老"))
    run("sites", path, "--accept", f"近:1:{CARE}")
    project = open_project(path)
    save(with_values(project, elder_m2=1000.0), path)
    (one,) = run("sites", path)[1]["sites"]
    assert (one["standing"], one["deficit_high"]) == ("accepted", 0.0)
    _, told, _ = run("sites", path, "--withdraw", f"近:1:{CARE}")
    assert told["sites"] == []
    assert not len(open_project(path).programme.works)


def test_the_workbook_lists_every_room_and_papers_those_that_matter(tmp_path: Path, run: Run) -> None:
    path = town(
        tmp_path, ("近", 400.0, 200.0, "养老"), ("也近", 500.0, 250.0, "养老"), ("小", 90.0, 9.0, "养老")
    )
    set_ = judge_by(open_project(path), None, ["site.parking=30"], by="王工")
    plan = make_plan(set_)
    assert any("车位：每个占用存量面积 30 m²" in note.text for note in data_notes(plan, words("zh")))
    write_xlsx(plan, tmp_path / "p.xlsx", words("zh"))
    sheet = openpyxl.load_workbook(tmp_path / "p.xlsx")["5b 存量资源利用建议"]
    head, *rows = (
        [cell for cell in row if cell is not None] for row in sheet.iter_rows(values_only=True) if any(row)
    )
    assert "直线距离（米）" in head
    listed = {row[1]: (row[0], row[6], row[7]) for row in rows if len(row) > 7}
    assert listed == {
        "近": ("建议", 200, "可补足"),
        "也近": ("备选", 250, "可补足"),
        "小": ("仅列出", 9, "不足最小规模"),
    }
    brief = siting_table(plan, words("zh"), is_brief=True)
    assert {row[1] for row in brief.rows} == {"近", "小"}
    said = content(plan, words("zh"), area_pages=False)
    assert "不是步行距离" in said["siting_note"]
    assert said["siting"]["omitted"] == "", "nobody misses decisions before there is one"
