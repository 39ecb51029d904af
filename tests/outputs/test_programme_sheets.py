"""A programme on sheets and pages: recomputed from the workbook alone, and nothing where there is none."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
from plan_sample import sample_plan, sample_words
from shapely import box

from renomap.errors import RenomapError
from renomap.model.layer import Layer
from renomap.model.page import USUAL_PAGE
from renomap.model.plan import Plan
from renomap.model.programme import Programme
from renomap.model.roles import Role
from renomap.model.standard import MeetingValue
from renomap.outputs import programme_money, programme_tables
from renomap.outputs.columns import PROGRAMME_COLUMNS, area_table, neighbourhood_table
from renomap.outputs.geojson import write_areas
from renomap.outputs.numbers import AtLeast, Figures
from renomap.outputs.plain_text import one_line
from renomap.outputs.programme_brief import brief
from renomap.outputs.programme_texts import next_procedure, programme_facts, span, total_span
from renomap.outputs.report import write_pdf
from renomap.outputs.report_content import content
from renomap.outputs.tables import write_programme_csv, write_xlsx
from renomap.outputs.year_columns import caps_text, year_columns, years_table
from renomap.steps.programme import with_programme

ZH = sample_words("zh")
SHEETS = [
    "4b 前期工作推进表",
    "6 项目清单",
    "6b 改造内容",
    "6c 实施主体",
    "6e 实施进度",
    "7a 投资估算",
    "7 资金筹措表",
    "7b 一本账",
    "8 民意征询汇总",
    "9b 计划台账",
]


def with_tables(plan: Plan, **tables: list[dict[str, Any]]) -> Plan:
    programme = Programme(rules="changsha")
    for name, rows in tables.items():
        programme = programme.with_rows(name, rows)
    return with_programme(plan, replace(plan.project, programme=programme))


@pytest.fixture(scope="module")
def plan() -> Plan:
    bare = sample_plan()
    first, second, third = (int(str(area)) for area in bare.areas.index[:3])
    fids = {
        area: int(str(bare.neighbourhoods.index[bare.neighbourhoods["area_id"] == area][0]))
        for area in (first, second, third)
    }
    return with_tables(
        bare,
        projects=[
            {"area": first, "company": "城投", "person": "李"},
            {"area": second, "mode": "rebuild"},
        ],
        works=[
            {"fid": fids[first], "item": "pipes", "cost": 30_000_001},
            {"fid": fids[first], "item": "elevator", "quantity_low": 1, "quantity_high": 3, "price": 600_000},
            {"fid": fids[second], "item": "roof", "cost": 5_000_000},
            {"fid": fids[third], "item": "roof", "quantity": 10},
        ],
        funds=[
            {
                "project": 1,
                "source": "residents",
                "scope": "elevator",
                "planned": 500_000,
                "arranged": 100_000,
            },
            {"project": 1, "source": "special_bonds", "planned": 1_000_000},
            {"project": 2, "source": "owner_units", "planned": 7_000_000},
        ],
        units=[{"fid": fids[first], "stage": "annual", "year": 2027}],
        surveys=[{"fid": fids[first], "kind": "consent", "total": 151, "returned": 80, "yes": 79}],
        demands=[{"fid": fids[first], "item": "roof", "votes": 12}],
    )


@pytest.fixture(scope="module")
def sheets(plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, Any]]]:
    path = tmp_path_factory.mktemp("programme") / "tables.xlsx"
    write_xlsx(plan, path, ZH)
    book = openpyxl.load_workbook(path, data_only=True)
    found = {}
    for sheet in book.worksheets:
        head, *rows = sheet.iter_rows(values_only=True)
        found[sheet.title] = [dict(zip(map(str, head), row, strict=False)) for row in rows]
    return found


def test_the_sheets_of_the_programme_are_there(sheets: dict[str, list[dict[str, Any]]]) -> None:
    assert [name for name in sheets if name in SHEETS] == SHEETS
    empty = programme_tables.history(with_tables(sample_plan(), units=[{"fid": 1}]), ZH)
    assert empty.rows == ()


def test_the_ledger_closes_by_the_workbook_alone(sheets: dict[str, list[dict[str, Any]]]) -> None:
    parts = ("财政(万元)", "专营等单位(万元)", "居民(万元)", "融资(万元)")
    *rows, total = sheets["7b 一本账"]
    known = [row for row in rows if isinstance(row["投资上限(万元)"], (int, float))]
    assert len(known) == 2
    for row in known:
        used = sum(row[name] for name in parts)
        assert round(10_000 * (used + row["缺口（含融资）上限"] - row["投资上限(万元)"])) == 0
        of_row = [one for one in sheets["7 资金筹措表"] if one["项目"] == row["项目"]]
        assert round(10_000 * (sum(one["使用(万元)"] for one in of_row) - used)) == 0
    # What the third costs is unknown: all cost at least what is known, and no most is said.
    assert total["投资下限(万元)"] == pytest.approx(3560.0001)
    assert {total[name] for name in total if name.endswith(("上限", "上限(万元)"))} == {"无数据"}
    works = sheets["6b 改造内容"]
    most = sum(row["投资上限(万元)"] for row in works if isinstance(row["投资上限(万元)"], (int, float)))
    assert most == pytest.approx(sum(row["投资上限(万元)"] for row in known))
    items = [row["投资上限(万元)"] for row in sheets["7a 投资估算"]]
    assert sum(one for one in items if isinstance(one, (int, float))) == pytest.approx(most)
    rebuilt = known[1]
    assert (rebuilt["财政(万元)"], rebuilt["专营等单位(万元)"], rebuilt["结余(万元)"]) == (0, 500, 200)


def test_totals_count_the_known_part_of_a_project_and_no_line_contradicts_another() -> None:
    """1,285.2 万元 in full, at least 1,987.7, and nothing known: at least 3,272.9 everywhere."""
    nan = float("nan")
    rows = pd.DataFrame(
        {"cost_low": [12_852_000.0, 19_877_000.0, nan], "cost_high": [12_852_000.0, nan, nan]},
        index=[5, 6, 8],
    )
    assert total_span(rows, "cost", Figures(ZH)) == "≥3,272.9"
    assert total_span(rows.loc[[5]], "cost", Figures(ZH)) == "1,285.2"
    assert total_span(rows.loc[[8]], "cost", Figures(ZH)) == ZH["outputs.no-data"]
    # A gap of at least nothing is no figure.
    assert span(0.0, None, Figures(ZH)) == ZH["outputs.no-data"]


def test_what_is_built_does_not_come_first(plan: Plan) -> None:
    view = plan.programme
    assert view is not None
    first = view.projects.iloc[:1]
    annual = replace(view, projects=first.assign(stands="annual", year=2027.0))
    assert first["name"].iloc[0] in brief(plan, annual, ZH)[3]["lines"][0]
    built = first.assign(stands="built", year=2026.0)
    told = brief(plan, replace(view, projects=built), ZH)[3]["lines"]
    assert told == [ZH["outputs.programme.years-open"]]


def test_where_no_source_is_stated_nobody_is_said_to_pay_nothing(plan: Plan) -> None:
    view = plan.programme
    assert view is not None
    bare = replace(view, money=view.money.iloc[:0])
    ledger = programme_money.ledger(bare, ZH)
    paid = [ledger.position(name) for name in ("fiscal", "companies", "residents", "financing", "left")]
    assert {row[nth] for row in ledger.rows for nth in paid} == {None}
    assert ZH["outputs.programme.sources-open"] in brief(plan, bare, ZH)[1]["lines"]
    assert ZH["outputs.programme.sources-open"] not in brief(plan, view, ZH)[1]["lines"]


def test_upkeep_stands_by_area_and_every_project_is_some_company_s_or_nobody_s(plan: Plan) -> None:
    people = plan.neighbourhoods
    fids = [int(str(people.index[people["area_id"] == area][0])) for area in (2, 1)]
    out = int(str(people.index[people["area_id"] == 0][0]))
    kept = with_tables(plan, upkeep=[{"fid": fid, "management": "自管"} for fid in (out, *fids)])
    told = programme_tables.upkeep(kept, ZH)
    names = [one_line(name) for name in plan.areas["name"].loc[[1, 2]]]
    assert [one_line(row[1]) for row in told.rows] == [*names, ""]
    view = plan.programme
    assert view is not None
    companies = programme_tables.companies(view, ZH)
    assert sum(row[companies.position("projects")] for row in companies.rows) == len(view.projects)


def test_unknown_costs_have_no_total_and_say_what_lacks(sheets: dict[str, list[dict[str, Any]]]) -> None:
    third = sheets["7b 一本账"][2]
    assert (third["投资上限(万元)"], third["造价已知项"]) == ("无数据", "0/1")
    assert sheets["6b 改造内容"][3]["缺项"] == "单价未填"
    first = sheets["6 项目清单"][0]
    assert (first["投资下限(万元)"], first["户均(万元)"]) == (3060.0001, "无数据")


def test_T02_a_round_prints_both_shares_of_all(sheets: dict[str, list[dict[str, Any]]]) -> None:
    (row,) = sheets["8 民意征询汇总"]
    assert (row["已征询占比"], row["同意占比"]) == (
        pytest.approx(0.5298, abs=5e-5),
        pytest.approx(79 / 151, abs=5e-5),
    )


def test_lists_are_all_there_is(sheets: dict[str, list[dict[str, Any]]], plan: Plan) -> None:
    rows = {row["计划"]: row for row in sheets["9b 计划台账"]}
    counts = [row["小区数"] for name, row in rows.items() if name not in ("合计", "调查小区", "差额")]
    assert sum(counts) == rows["合计"]["小区数"] == rows["调查小区"]["小区数"] == len(plan.neighbourhoods)
    assert rows["差额"]["小区数"] == 0


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_pages_are_set_and_say_what_the_sheets_say(language: str, plan: Plan, tmp_path: Path) -> None:
    words = sample_words(language)
    page = replace(USUAL_PAGE, area_pages=False)
    made = write_pdf(plan, tmp_path / "report.pdf", words, page)
    bare = write_pdf(replace(plan, programme=None), tmp_path / "bare.pdf", words, page)
    assert made.pages >= bare.pages + 4
    told = content(plan, words, area_pages=False)
    (first, second, third) = told["programme_bars"]
    assert [part["kind"] for part in first["parts"]] == ["fiscal", "residents", "financing", "gap"]
    assert sum(part["share"] for part in first["parts"]) == pytest.approx(1)
    assert third["parts"] == []
    assert "≥" not in second["cost"]
    questions = told["programme_brief"]
    assert len(questions) == 5
    assert all(one["lines"] for one in questions), "answered, or said to be not given"
    # 30,000,001 + 600,000 of the first and 5,000,000 of the second; the third is unknown.
    at_least = Figures(words).wan(AtLeast(35_600_001))
    assert any(at_least in line for line in questions[0]["lines"])
    assert "≥" in at_least
    assert "≥" in questions[1]["lines"][0], "the gap of what is not known is not nothing"


def test_other_programs_get_the_figures_of_the_sheets(
    plan: Plan, sheets: dict[str, list[dict[str, Any]]], tmp_path: Path
) -> None:
    path = tmp_path / "areas.geojson"
    write_areas(plan, path)
    areas = [one["properties"] for one in json.loads(path.read_text(encoding="utf-8"))["features"]]
    for told, row in zip(areas, sheets["7b 一本账"], strict=False):
        for name, title in (("cost_high", "投资上限(万元)"), ("financed_high", "缺口（含融资）上限")):
            there = row[title] if isinstance(row[title], (int, float)) else None
            assert told[name] == (None if there is None else pytest.approx(10_000 * there))
    bare = replace(plan, programme=None)
    assert set(area_table(plan).columns) - set(area_table(bare).columns) == set(PROGRAMME_COLUMNS)
    assert set(neighbourhood_table(plan)) - set(neighbourhood_table(bare)) == {
        "plan_stage",
        "plan_progress",
        "plan_year",
    }
    facts = dict(programme_facts(plan, int(str(plan.areas.index[0])), Figures(ZH)))
    assert facts["投资(万元)"] == "3,060.0–3,180.0（估算）"
    assert facts["实施主体、责任人"] == "城投、李"
    assert programme_facts(bare, 1, Figures(ZH)) == []


def test_an_empty_programme_shows_nothing(tmp_path: Path) -> None:
    bare = sample_plan()
    empty = with_programme(bare, bare.project)
    assert empty.programme is None
    assert content(empty, ZH, area_pages=False) == content(bare, ZH, area_pages=False)
    assert not [name for name in content(bare, ZH, area_pages=False) if name.startswith("programme")]


def test_the_summary_says_which_procedure_is_due_next_and_by_whom(plan: Plan) -> None:
    project = int(plan.project.programme.projects.index[0])
    rows = [
        {"project": project, "gate": "tender", "due": "2026-12-20"},
        {"project": project, "gate": "approval", "due": "2026-12-01", "result": "passed"},
        {"project": project, "gate": "budget_review", "due": "2026-12-10", "body": "区财政局"},
    ]
    told = replace(plan.project, programme=plan.project.programme.with_rows("events", rows))
    there = with_programme(plan, told)
    assert there.programme is not None
    text = next_procedure(there, there.programme, project, ZH)
    assert text == "待办手续：财政评审（区财政局、时限 2026-12-10）"
    assert next_procedure(there, there.programme, 0, ZH) == ""
    assert next_procedure(plan, there.programme, project, ZH) == ""


def test_a_building_stands_by_its_name(plan: Plan) -> None:
    named, bare = 7, 8
    shapes = [box(0, 0, 10, 10), box(20, 0, 30, 10)]
    frame = gpd.GeoDataFrame(
        {"name": ["3 栋", None]}, index=[named, bare], geometry=shapes, crs=plan.project.crs
    )
    layer = Layer("buildings", "楼栋", Role.BUILDINGS, frame)
    project = plan.project.with_layer(layer)
    fid = int(plan.neighbourhoods.index[0])
    rows = [{"fid": fid, "building": one} for one in (named, bare, 0)]
    works, problems = ([{**row, **more} for row in rows] for more in ({"item": "roof"}, {"text": "漏水"}))
    told = with_tables(replace(plan, project=project), works=works, problems=problems)
    assert told.programme is not None
    for table in (programme_tables.works(told, told.programme, ZH), programme_tables.problems(told, ZH)):
        nth = [column.key for column in table.columns].index("building")
        assert [row[nth] for row in table.rows] == ["3 栋", str(bare), ""]


def test_the_list_of_projects_as_csv(plan: Plan, tmp_path: Path) -> None:
    path = tmp_path / "projects.csv"
    write_programme_csv(plan, path, ZH)
    with path.open(encoding="utf-8-sig", newline="") as handle:
        rows = list(csv.DictReader(handle))
    assert plan.programme is not None
    assert len(rows) == len(plan.programme.projects)
    assert (rows[0]["投资下限(万元)"], rows[0]["投资上限(万元)"]) == ("3060.0001", "3180.0001")
    assert rows[2]["投资上限(万元)"] == "", "unknown is empty, never 0"
    with pytest.raises(RenomapError):
        write_programme_csv(replace(plan, programme=None), path, ZH)


def test_the_years_with_their_reasons_and_caps(plan: Plan, sheets: dict[str, list[dict[str, Any]]]) -> None:
    assert "6d 年度安排" not in sheets, "members on several lists are of no year yet"
    second, third = (int(str(area)) for area in plan.areas.index[1:3])
    given = [{"area": second, "year": 2026, "fixed": True}, {"area": third, "year": 2026}]
    kept = plan.project.programme
    project = replace(
        plan.project, programme=Programme("changsha", works=kept.works).with_rows("projects", given)
    )
    caps = (MeetingValue("cap", "2026", "400万", "王工", "2026-11-30"),)
    told = with_programme(plan, replace(project, meeting=caps))
    rows = years_table(told, ZH).rows
    assert {row[0] for row in rows} == {2026}
    assert {row[6] for row in rows} == {"人工确定", "拟安排"}
    assert "500.0 万元 / 限 400.0（超出限额）" in caps_text(told, ZH)
    board = {column.year: column for column in year_columns(told, ZH)}
    assert (board[2026].unknown, board[2026].spent, board[2026].cap) == (1, 5_000_000, 4_000_000)
    assert years_table(replace(told, programme=None), ZH).rows == ()
    assert "未核实" in years_table(told, ZH).columns[3].title, "weights that nobody has checked say so"
    assert told.programme is not None
    partly = told.programme.projects.assign(households_known=0)
    vague = replace(told, programme=replace(told.programme, projects=partly))
    counts = {column.year: column.households for column in year_columns(vague, ZH)}
    assert isinstance(counts[2026], AtLeast), "households that are not all known are the least there are"
    assert {type(row[4]) for row in years_table(vague, ZH).rows} == {AtLeast}
