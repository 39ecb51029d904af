"""The workbook read back by openpyxl: rows, numbers, texts that stay texts, sums that agree."""

from __future__ import annotations

import csv
import dataclasses
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from plan_sample import HOSTILE, sample_plan, sample_words

from renomap.model.plan import Plan
from renomap.outputs import plan_tables, tables
from renomap.outputs.consent_text import consent_members
from renomap.outputs.numbers import Figures
from renomap.outputs.plain_text import clean

WORDS = sample_words("zh")


@pytest.fixture(scope="module")
def plan() -> Plan:
    return sample_plan()


@pytest.fixture(scope="module")
def path(plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("tables") / "成果.xlsx"
    tables.write_xlsx(plan, file, WORDS)
    return file


def _rows(sheet: Worksheet) -> list[dict[str, Any]]:
    rows = list(sheet.iter_rows(values_only=True))
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


@pytest.fixture(scope="module")
def values(path: Path) -> Any:
    return openpyxl.load_workbook(path, data_only=True)


def test_the_sheets_and_their_frozen_headings(values: Any) -> None:
    assert values.sheetnames == [
        "1 片区一览表",
        "2 小区现状表",
        "3 设施缺口表",
        "3b 小区设施缺口",
        "未纳入片区清单",
        "10 汇总与核对",
        "图表",
    ]
    for sheet in values.worksheets[:-1]:
        assert sheet.freeze_panes[1:] == "2"


def test_area_rows_hold_the_plan_and_a_total_that_adds_up(path: Path, values: Any, plan: Plan) -> None:
    rows = _rows(values["1 片区一览表"])
    assert len(rows) == len(plan.areas) + 1
    for row, (area, truth) in zip(rows, plan.areas.iterrows(), strict=False):
        assert row["编号"] == area
        assert row["片区"] == truth["name"]
        assert row["户数"] == truth["households"]
        assert row["片区范围(ha)"] == pytest.approx(truth["area_ha"], abs=1e-4)
        assert row["市补测算(万元)"] == truth["city_subsidy"] / 10_000
        share = truth["consent_yes"] / truth["consent_asked"]
        assert row["已征询户同意率"] == pytest.approx(share, abs=1e-4)
        # 0.75 of all households, in every member of whom it is known
        assert row["意愿结论（各小区两率均须达到 80%）"] == "未达到"
    formulas = openpyxl.load_workbook(path)["1 片区一览表"]
    last = formulas.max_row
    column = [cell.value for cell in formulas[1]].index("户数") + 1
    assert formulas.cell(last, column).value == f"=SUM(F2:F{last - 1})"
    assert rows[-1]["户数"] == plan.areas["households"].sum()


def test_what_is_the_least_there_can_be_is_a_number_shown_with_its_sign(tmp_path: Path, plan: Plan) -> None:
    """Subsidies of partly known households, in their row and in the sum below; needs likewise."""
    areas = plan.areas.copy()
    for name in ("households", "population", "floor_area_m2"):
        areas[f"{name}_known"] = areas["neighbourhoods"]
        areas.loc[1, f"{name}_known"] -= 1
    areas.loc[1, "elder_care_need_high"] = float("nan")
    people = plan.neighbourhoods.assign(households_flag="estimated")
    file = tmp_path / "least.xlsx"
    tables.write_xlsx(dataclasses.replace(plan, areas=areas, neighbourhoods=people), file, WORDS)
    sheet = openpyxl.load_workbook(file, data_only=True)["1 片区一览表"]
    at = {cell.value: cell.column for cell in sheet[1]}
    for title, plain in (
        ("户数", "#,##0"),
        ("人口", "#,##0"),
        ("建筑面积(万m²)", "#,##0.00"),
        ("市补测算(万元)", "#,##0.0"),
        ("区补测算（不低于，万元）", "#,##0.0"),
    ):
        cells = [sheet.cell(row, at[title]) for row in (2, 3, sheet.max_row)]
        assert all(isinstance(cell.value, int | float) for cell in cells)
        assert [cell.number_format for cell in cells] == [f'"≥"{plain}', plain, f'"≥"{plain}']
    assert [sheet.cell(row, at["补助取值"]).value for row in (2, sheet.max_row)] == ["已核实、含估算"] * 2
    needs = openpyxl.load_workbook(file)["3 设施缺口表"]
    at = {cell.value: cell.column for cell in needs[1]}
    formats = {
        row[at["设施"] - 1].value: row[at["需求"] - 1].number_format
        for row in needs.iter_rows(min_row=2)
        if row[0].value == 1
    }
    assert formats[plan.standard.facility("elder_care").zh] == '"≥"#,##0'
    assert formats[plan.standard.facility("elevator").zh] == "#,##0"


def test_consent_is_printed_as_judged_with_both_shares_of_all_households(tmp_path: Path, plan: Plan) -> None:
    areas = plan.areas.copy()
    areas.loc[1, ["consent_asked", "consent_yes", "consent_asked_share", "consent_yes_share"]] = [
        80,
        79,
        80 / 151,
        79 / 151,
    ]
    areas.loc[[1, 2, 4], "consent"] = ["not_met", "met", "to_check"]
    areas.loc[4, ["consent_yes", "consent_yes_share"]] = float("nan")
    # Not all members of the second were asked: its shares are the least they can be, as on its page.
    areas.loc[2, ["consent_asked_share", "consent_yes_share"]] = float("nan")
    areas.loc[2, ["households", "consent_asked", "consent_yes"]] = [600, 400, 200]
    areas.loc[2, "households_known"] = areas.loc[2, "neighbourhoods"]
    tables.write_xlsx(dataclasses.replace(plan, areas=areas), tmp_path / "t.xlsx", WORDS)
    rows = _rows(openpyxl.load_workbook(tmp_path / "t.xlsx")["1 片区一览表"])
    assert [rows[k]["意愿结论（各小区两率均须达到 80%）"] for k in (0, 1, 3)] == ["未达到", "达到", "待核"]
    assert rows[3]["同意户数"] == "无数据"
    shares = ("征询率（占应征询户数）", "同意率（占应征询户数）", "已征询户同意率")
    assert [rows[0][name] for name in shares] == pytest.approx([0.5298, 0.5232, 0.9875], abs=5e-5)
    assert [rows[1][name] for name in shares[:2]] == [0.6666, 0.3333]


def test_of_members_not_all_asked_the_shares_are_the_least_there_can_be(tmp_path: Path, plan: Plan) -> None:
    """79 of 151 households in favour and one member unknown: at least 52.31 %, rounded down."""
    areas = plan.areas.copy()
    areas["households_known"] = areas["neighbourhoods"]
    told = ["households", "consent_asked", "consent_yes", "consent_asked_share", "consent_yes_share"]
    areas.loc[1, told] = [151, 80, 79, float("nan"), float("nan")]
    tables.write_xlsx(dataclasses.replace(plan, areas=areas), tmp_path / "t.xlsx", WORDS)
    sheet = openpyxl.load_workbook(tmp_path / "t.xlsx")["1 片区一览表"]
    at = {cell.value: cell.column for cell in sheet[1]}
    cells = [sheet.cell(2, at[f"{name}（占应征询户数）"]) for name in ("征询率", "同意率")]
    assert [(cell.value, cell.number_format) for cell in cells] == [
        (0.5298, '"≥"#,##0.00%'),
        (0.5231, '"≥"#,##0.00%'),
    ]


def test_places_of_one_neighbourhood_are_whole(tmp_path: Path, plan: Plan) -> None:
    """Who needs 4.3 places and lacks 1.2 needs 5 and lacks 2; what is surveyed and surfaces stay."""
    people = plan.neighbourhoods.copy()
    first = people.index[0]
    people.loc[first, ["nursery_need", "nursery_supply", "nursery_deficit"]] = [4.3, 3.1, 1.2]
    people.loc[first, "elder_care_need"] = 53.4
    tables.write_xlsx(dataclasses.replace(plan, neighbourhoods=people), tmp_path / "t.xlsx", WORDS)
    row = _rows(openpyxl.load_workbook(tmp_path / "t.xlsx")["3b 小区设施缺口"])[0]
    titles = {key: item.zh for key in ("nursery", "elder_care") if (item := plan.standard.facility(key))}
    told = {key: [row[c] for c in row if c.startswith(title)] for key, title in titles.items()}
    assert told["nursery"] == [5, 3.1, 2]
    assert told["elder_care"][0] == 53.4


def test_where_nothing_is_known_members_are_not_listed_one_by_one(plan: Plan) -> None:
    people = plan.neighbourhoods.assign(eligibility="pending", households=float("nan"), consent="to_check")
    blank = dataclasses.replace(plan, neighbourhoods=people)
    figures, members = Figures(WORDS), int((people["area_id"] == 1).sum())
    every = WORDS["outputs.every-member"].format(count=members)
    assert plan_tables.pending_members(blank, 1, figures) == f"含待核小区：{every}"
    assert consent_members(blank, 1, figures) == f"意愿征询待核：{every}"
    # One of them is settled: the others are named, without a word for households that are not known.
    first = people.index[people["area_id"] == 1][0]
    some = people.assign(eligibility=people["eligibility"].where(people.index != first, "eligible"))
    told = plan_tables.pending_members(dataclasses.replace(plan, neighbourhoods=some), 1, figures)
    assert WORDS["outputs.no-data"] not in told
    assert told.count("、") == members - 2
    assert figures.counted(WORDS["outputs.no-data"], 0, 5) == WORDS["outputs.no-data"]


def test_texts_never_become_formulas(path: Path, plan: Plan) -> None:
    sheet = openpyxl.load_workbook(path)["2 小区现状表"]
    names = [row[1] for row in sheet.iter_rows(min_row=2)]
    assert len(names) == len(plan.neighbourhoods)
    assert all(cell.data_type == "s" for cell in names)
    written = [cell.value for cell in names]
    assert written[: len(HOSTILE)] == [clean(name) for name in HOSTILE]
    assert "\x07" not in written[4]
    assert not any(cell.hyperlink for cell in names)
    assert [cell.value for cell in sheet["C"]][1] == "0001"  # a code keeps its zeros


def test_unknown_is_a_word_in_every_sheet(values: Any, plan: Plan) -> None:
    rows = _rows(values["2 小区现状表"])
    truth = plan.neighbourhoods["households"]
    for row, value in zip(rows, truth, strict=True):
        assert row["户数"] == ("无数据" if value != value else value)
    assert {row["编号"] for row in rows[-6:]} == {None}  # in no area: empty, not unknown


def test_deficits_have_a_row_per_area_and_facility(values: Any, plan: Plan) -> None:
    rows = _rows(values["3 设施缺口表"])
    assert len(rows) == len(plan.areas) * len(plan.standard.facilities)
    first = rows[0]
    assert (first["设施"], first["结论"], first["核实状态"]) == ("加装电梯", "待加装", "部分核实")
    assert first["依据"] == "GB 55038-2025 4.2.4"
    assert first["片区统筹后缺口"] == plan.areas.loc[1, "elevator_deficit"]
    assert rows[1]["结论"] == "标准未设值"
    assert rows[1]["片区统筹后缺口"] == "—"  # not asked for: that is not missing data
    assert rows[2]["片区统筹后缺口"] == "无数据"
    assert "取值 1 处/小区（暂定值，待会议确认，王工，2026-11-20）" in rows[5]["依据"]


def test_the_list_of_who_is_left_out_is_complete_and_gives_reasons(values: Any, plan: Plan) -> None:
    rows = _rows(values["未纳入片区清单"])
    outside = plan.neighbourhoods[plan.neighbourhoods["area_id"] == 0]
    assert len(rows) == len(outside) + int((plan.areas["size_flag"] == "undersized").sum())
    assert {row["要素号"] for row in rows[:-1]} == set(outside.index)
    assert [row["类型"] for row in rows] == ["零星"] * 2 + ["不纳入"] * 2 + ["未划入"] * 2 + ["规模不足"]
    assert rows[0]["原因"] == "30 米内无相邻小区"
    assert rows[-1]["原因"] == "被浏阳河隔断，达不到最小规模"


def test_the_check_sheet_agrees_with_itself(path: Path, values: Any, plan: Plan) -> None:
    sheet, formulas = values["10 汇总与核对"], openpyxl.load_workbook(path)["10 汇总与核对"]
    for r, total in ((2, "neighbourhoods"), (3, "households")):
        inside, outside, summed, whole, difference, verdict = (sheet.cell(r, c).value for c in range(2, 8))
        assert inside + outside == summed == whole == plan.totals[total]
        assert difference == 0
        assert verdict == "一致"
        assert formulas.cell(r, 2).value.startswith("=SUM('1 片区一览表'!")
        assert "'2 小区现状表'!" in formulas.cell(r, 3).value
        assert formulas.cell(r, 4).value == f"=SUM(B{r}:C{r})"
    texts = [cell.value for row in sheet.iter_rows() for cell in row if cell.value]
    assert plan.stamp in texts
    assert "未加载图层 <b>roads</b>，未考虑阻隔。" in texts


def test_the_check_sheet_ends_in_a_verdict_per_community(tmp_path: Path) -> None:
    plan = sample_plan(2, 3, 0)
    facility = plan.standard.facilities[2]
    row = {"facility": facility.key, "community": "井湾社区", "street": "朝晖街道", "neighbourhoods": 2}
    row |= {"population": 5200.0, "population_known": 2, "given_population": float("nan"), "areas": (1,)}
    row |= {"required": 120.0, "supply": 20.0, "supply_known": 2, "state": "short"}
    row |= dict.fromkeys(("deficit_low", "deficit_high", "deficit"), 100.0)
    judged = dataclasses.replace(plan, communities=pd.DataFrame([row]))
    tables.write_xlsx(judged, tmp_path / "t.xlsx", WORDS)
    sheet = openpyxl.load_workbook(tmp_path / "t.xlsx")["10 汇总与核对"]
    rows = [[cell for cell in cells if cell] for cells in sheet.iter_rows(values_only=True)]
    (told,) = [cells for cells in rows if "井湾社区" in cells]
    assert told[:4] == ["朝晖街道", "井湾社区", "2", "≥ 5,200"]
    assert told[4].startswith("有缺口：")
    assert "应配 120" in told[4]


def test_totals_of_what_nobody_knows_are_unknown_and_neither_0_nor_a_fault(tmp_path: Path) -> None:
    plan = sample_plan(2, 3, 2)
    people, areas = plan.neighbourhoods.copy(), plan.areas.copy()
    people["households"] = float("nan")
    areas[["households", "population", "city_subsidy"]] = float("nan")
    totals = {**plan.totals, "households": float("nan"), "households_known": 0}
    nobody = dataclasses.replace(plan, neighbourhoods=people, areas=areas, totals=totals)
    tables.write_xlsx(nobody, tmp_path / "t.xlsx", WORDS)
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    total = _rows(book["1 片区一览表"])[-1]
    assert [total[name] for name in ("户数", "人口", "市补测算(万元)")] == ["无数据"] * 3
    assert total["小区数"] == "=SUM(D2:D3)"
    check = [cell.value for cell in book["10 汇总与核对"][3]]
    assert check == ["户数", *["无数据"] * 6]


def test_what_a_sum_leaves_out_is_said_in_its_row_and_below(values: Any, plan: Plan) -> None:
    """Each seventh neighbourhood of the sample has no population, no floor area and no consent."""
    rows = _rows(values["1 片区一览表"])
    first = plan.areas.loc[1]
    assert (first["neighbourhoods"], first["floor_area_m2_known"], first["buildings_known"]) == (6, 5, 6)
    assert "只计有数据的小区：人口 5/6、建筑面积 5/6、已征询户数 5/6" in rows[0]["备注"]
    known = plan.areas["population_known"].sum()
    assert f"人口 {known}/{plan.areas['neighbourhoods'].sum()}" in rows[-1]["备注"]
    assert rows[-1]["户数已知小区"] == f"{plan.areas['households_known'].sum()}/30"


def test_a_wrong_total_is_called_out(tmp_path: Path, plan: Plan) -> None:
    wrong = dataclasses.replace(plan, totals={**plan.totals, "households": plan.totals["households"] + 7})
    tables.write_xlsx(wrong, tmp_path / "t.xlsx", WORDS)
    sheet = openpyxl.load_workbook(tmp_path / "t.xlsx", data_only=True)["10 汇总与核对"]
    assert sheet.cell(3, 6).value == -7
    assert sheet.cell(3, 7).value == "不一致"


def test_csv_opens_in_excel_and_holds_no_formula(tmp_path: Path, plan: Plan) -> None:
    areas = plan.areas.copy()
    areas.loc[1, "name"] = "=cmd()"
    tables.write_deficits_csv(dataclasses.replace(plan, areas=areas), tmp_path / "缺口.csv", WORDS)
    raw = (tmp_path / "缺口.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(raw.decode("utf-8-sig").splitlines()))
    assert len(rows) == len(areas) * len(plan.standard.facilities)
    assert rows[0]["片区"] == "'=cmd()"
    assert rows[0][next(iter(rows[0]))] == "1"  # the number of an area is no 1.0
    assert rows[1]["需求"] == ""
    assert float(rows[0]["片区统筹后缺口"]) == areas.loc[1, "elevator_deficit"]


def test_csv_of_neighbourhoods_has_a_row_for_each(tmp_path: Path, plan: Plan) -> None:
    tables.write_neighbourhoods_csv(plan, tmp_path / "小区.csv", WORDS)
    text = (tmp_path / "小区.csv").read_text(encoding="utf-8-sig")
    names = [row["小区"].removeprefix("'") for row in csv.DictReader(text.splitlines())]
    assert names == list(plan.neighbourhoods["name"])


def test_english_has_the_same_rows(tmp_path: Path, plan: Plan) -> None:
    tables.write_xlsx(plan, tmp_path / "t.xlsx", sample_words("en"))
    book = openpyxl.load_workbook(tmp_path / "t.xlsx", data_only=True)
    assert book.sheetnames[0] == "1 Areas"
    assert book["3 Facility deficits"].max_row == 1 + len(plan.areas) * len(plan.standard.facilities)


def test_a_plan_without_areas_still_lists_its_neighbourhoods(tmp_path: Path) -> None:
    tables.write_xlsx(sample_plan(0, 0, 4), tmp_path / "t.xlsx", WORDS)
    book = openpyxl.load_workbook(tmp_path / "t.xlsx", data_only=True)
    assert book["1 片区一览表"].max_row == 1
    assert book["2 小区现状表"].max_row == 5
