"""One pack of the sample town: consent, costs, ledger and lists computed again from its workbook alone."""

from __future__ import annotations

import math
from pathlib import Path

import geopandas as gpd
import pandas as pd
import printed
import pytest
import recompute_programme as programme
from recompute import Handed, Tally, cell, consent_of_area, opened, thresholds

CONSENT = {"met": "达到", "not_met": "未达到", "to_check": "待核"}


@pytest.fixture(scope="module")
def handed(sample: Path) -> Handed:
    return opened(sample / "pack-changsha", "changsha")


@pytest.fixture(scope="module")
def books(handed: Handed) -> dict[str, list[programme.Row]]:
    return programme.sheets_of(handed.folder)


def test_consent_of_areas_and_gates_by_the_workbook_alone(
    handed: Handed, books: dict[str, list[programme.Row]]
) -> None:
    """Of members by the last round of sheet 8; of areas in sheet 1, as k of n in sheet 4b, and in GeoJSON."""
    members, tally = programme.consent_of_members(handed.folder, thresholds(handed.preset)), Tally(0, [])
    for _, one in members.iterrows():
        tally.same(one["name"], one["printed"], CONSENT[one["verdict"]])
    steps = {row["编号"]: row for row in books["4b"]}
    (title,) = [name for name in books["4b"][0] if name.startswith("意愿征求")]
    for row in books["1"][:-1]:
        own = members[members["area"] == row["编号"]]["verdict"]
        verdict, met = consent_of_area(list(own)), int((own == "met").sum())
        (printed_verdict,) = [value for name, value in row.items() if name.startswith("意愿结论")]
        tally.same((row["片区"], "sheet"), printed_verdict, CONSENT[verdict])
        tally.same((row["片区"], "GeoJSON"), handed.areas.at[row["编号"], "consent"], verdict)
        gate = {"met": "已办", "not_met": f"未办 {met}/{len(own)}", "to_check": f"待核 {met}/{len(own)}"}
        tally.same((row["片区"], "gate"), steps[row["编号"]][title], gate[verdict])
    print(f"consent: {tally.compared} compared, {len(tally.differences)} differ")
    assert tally.compared > 150
    assert tally.differences == []


def test_costs_are_the_works_of_the_workbook(handed: Handed, books: dict[str, list[programme.Row]]) -> None:
    """Rows are quantity times price, items the sum of rows, projects the sum of items, down to the yuan.

    A later sum of all works, such as a contract, is spread over the items: it is what the sheets state.
    """
    tally = Tally(0, [])
    for row in books["6b"]:
        for title, amount in zip(
            ("投资下限(万元)", "投资上限(万元)"), programme.cost_of_work(row), strict=True
        ):
            if not math.isnan(amount):
                tally.same((row["小区"], row["改造内容"]), programme.yuan(row[title]), amount, 0)
    for line in books["7a"]:
        own = [one for one in books["6b"] if all(one[n] == line[n] for n in ("编号", "改造内容"))]
        counted = [one for one in own if one["进度"] != "取消" and one["留改拆增"] != "留"]
        if counted and line["造价阶段"] == "估算":
            amounts = [programme.yuan(one["投资上限(万元)"]) for one in counted]
            known = [amount for amount in amounts if not math.isnan(amount)]
            tally.same(
                (line["项目"], line["改造内容"], "rows"), line["造价已知项"], f"{len(known)}/{len(own)}"
            )
            least = sum(known) if known else math.nan
            most = math.nan if len(known) < len(amounts) else least
            tally.same((line["项目"], line["改造内容"]), programme.yuan(line["投资下限(万元)"]), least, 0)
            tally.same((line["项目"], line["改造内容"]), programme.yuan(line["投资上限(万元)"]), most, 0)
    for row in books["7b"][:-1]:
        lines = [one for one in books["7a"] if one["编号"] == row["编号"]]
        most = sum(programme.yuan(one["投资上限(万元)"]) for one in lines) if lines else math.nan
        tally.same((row["项目"], "most"), programme.yuan(row["投资上限(万元)"]), most, 0)
        tally.same((row["项目"], "GeoJSON"), handed.areas.at[row["编号"], "cost_high"], most, 0)
    print(f"costs: {tally.compared} compared, {len(tally.differences)} differ")
    assert tally.compared > 300
    assert tally.differences == []


def test_the_ledger_is_poured_again_from_the_workbook(
    handed: Handed, books: dict[str, list[programme.Row]]
) -> None:
    """What each source pays, what is left and every gap, by sheets 7 and 7a; in 7b, in GeoJSON the same."""
    tally, modes = Tally(0, []), {row["编号"]: row["方式"] for row in books["6"]}
    for row in books["7b"][:-1]:
        area = row["编号"]
        lines = [one for one in books["7a"] if one["编号"] == area]
        funds = [one for one in books["7"] if one["编号"] == area]
        if lines and funds:
            _same_ledger(handed.areas.loc[area], row, lines, funds, modes[area] == "自主更新", tally)
    print(f"ledger: {tally.compared} compared, {len(tally.differences)} differ")
    assert tally.compared > 120
    assert tally.differences == []


def _same_ledger(
    of_area: pd.Series,
    row: programme.Row,
    lines: list[programme.Row],
    funds: list[programme.Row],
    rebuilt: bool,
    tally: Tally,
) -> None:
    """Of one project: payers and gaps of the ledger, what every source gives, and that it closes."""
    area, homes_open = row["编号"], of_area["households_known"] < of_area["neighbourhoods"]

    def poured(basis: str, most: bool) -> programme.Settled:
        return programme.settle(
            lines, list(programme.pots_of(funds, basis, homes_open)), rebuilt=rebuilt, most=most
        )

    sure, best = poured("计划(万元)", False), poured("计划(万元)", True)
    arranged, arranged_best = poured("落实(万元)", False), poured("落实(万元)", True)
    open_cost = any(math.isnan(programme.yuan(one["投资上限(万元)"])) for one in lines)
    known = any(not math.isnan(programme.yuan(one["投资下限(万元)"])) for one in lines)
    for payer, title in programme.PAYERS.items():
        tally.same((area, payer), programme.yuan(row[title]), sure.payers[payer] if known else math.nan, 0)
    for name, title, least, most in (
        ("gap", "缺口（不含融资）", best.gap, sure.gap),
        ("financed", "缺口（含融资）", best.financed, sure.financed),
        ("", "按落实资金缺口", arranged_best.gap, arranged.gap),
    ):
        low, high = least if known else math.nan, math.nan if open_cost else most
        tally.same((area, title, "low"), programme.yuan(row[f"{title}下限"]), low, 0)
        tally.same((area, title, "high"), programme.yuan(row[f"{title}上限"]), high, 0)
        if name:
            tally.same((area, name, "GeoJSON"), cell(of_area, f"{name}_low"), low, 0)
            tally.same((area, name, "GeoJSON high"), cell(of_area, f"{name}_high"), high, 0)
    for fund, pot in zip(funds, programme.pots_of(funds, "计划(万元)", homes_open), strict=True):
        told = next(one for one in sure.pots if (one.source, one.items) == (pot.source, pot.items))
        if not math.isnan(programme.yuan(fund["使用(万元)"])):
            left = told.least - told.used
            tally.same((area, fund["资金来源"], "used"), programme.yuan(fund["使用(万元)"]), told.used, 0)
            tally.same((area, fund["资金来源"], "left"), programme.yuan(fund["结余(万元)"]), left, 0)
    if known and not open_cost:
        paid = sum(sure.payers.values())
        tally.same((area, "closes"), paid + sure.financed, programme.yuan(row["投资上限(万元)"]), 0)


def test_every_neighbourhood_is_in_one_list(handed: Handed, books: dict[str, list[programme.Row]]) -> None:
    """Sheet 9b from the last move of each neighbourhood (9c) and the survey (2), and from GeoJSON."""
    stages = {row["小区"]: row["现阶段"] for row in books["9c"]}
    survey, tally = books["2"], Tally(0, [])
    frame = pd.DataFrame(
        {
            "stage": [stages.get(row["小区"], "摸底") for row in survey],
            "户数": [programme.told(row["户数"]) for row in survey],
            "建筑面积(m²)": [programme.told(row["建筑面积(m²)"]) for row in survey],
        }
    )
    told = gpd.read_file(handed.folder / "neighbourhoods.geojson").fillna({"plan_stage": "survey"})
    counts = told.groupby("plan_stage").size()
    *lists, total, surveyed, difference = books["9b"]
    for row in lists:
        own = frame[frame["stage"] == row["计划"]]
        tally.same((row["计划"], "count"), row["小区数"], len(own))
        tally.same((row["计划"], "GeoJSON"), row["小区数"], int(counts.get(programme.STAGES[row["计划"]], 0)))
        for name, known in (("户数", "户数已知小区"), ("建筑面积(m²)", "面积已知小区")):
            whole = own[name].sum() if own[name].notna().any() or own.empty else math.nan
            tally.same((row["计划"], name), programme.told(row[name]), whole, 0.5)
            if name != "户数":  # lower bounds are counted as not known
                tally.same((row["计划"], known), row[known], int(own[name].notna().sum()))
    for name in ("小区数", "户数", "建筑面积(m²)"):
        whole = sum(0 if math.isnan(programme.told(row[name])) else row[name] for row in lists)
        tally.same((name, "sum"), total[name], whole)
        tally.same(
            (name, "survey"), surveyed[name], len(frame) if name == "小区数" else frame[name].sum(), 0.5
        )
        tally.same((name, "difference"), difference[name], 0)
    print(f"lists: {tally.compared} compared, {len(tally.differences)} differ")
    assert tally.compared > 40
    assert tally.differences == []


def test_ledger_and_gates_stand_in_report_and_web_map(
    handed: Handed, books: dict[str, list[programme.Row]]
) -> None:
    """Rows of sheets 4b, 6, 7b and 7 as they are printed, and of each area in its part of the web map."""
    every, tally = printed.pages(handed.folder), Tally(0, [])
    pages = {
        title: [line for page in every if page and page[0].startswith(title) for line in page]
        for title in ("前期工作推进表", "项目清单", "投资估算与资金筹措")
    }
    entries = {entry["id"]: dict(entry["figures"]) for entry in printed.web(handed.folder)["areas"]}
    lines = {row["编号"]: row for row in books["7b"][:-1]}
    for project, steps in zip(books["6"], books["4b"], strict=True):
        area, name, row = project["编号"], project["项目"], lines[project["编号"]]
        figures = entries[area]
        tally.same((area, "stage"), figures["阶段"], project["阶段"])
        tally.same((area, "gates"), figures["前置条件"], project["前置条件"])
        for title, start in (("前期工作推进表", steps), ("项目清单", project)):
            front = f"{area} {name} {start['阶段']} "
            found = [line for line in pages[title] if line.startswith(front)]
            tally.same((area, title), len(found), 1)
            tally.same((area, title, "gates"), start["前置条件"] in " ".join(found).split(" "), True)
        spans = {
            "投资": [row["投资下限(万元)"], row["投资上限(万元)"]],
            "缺口（不含融资": [row["缺口（不含融资）下限"], row["缺口（不含融资）上限"]],
            "缺口（含融资": [row["缺口（含融资）下限"], row["缺口（含融资）上限"]],
        }
        for title, (low, high) in spans.items():
            (figure,) = [value for key, value in figures.items() if key.startswith(title)]
            if isinstance(low, int | float):
                tally.same((area, title), figure.partition("（")[0], programme.span(low, high))
        if row["造价已知项"] is None:
            continue
        paid = [row[title] for title in programme.PAYERS.values()]
        gaps = [value for bounds in spans.values() for value in programme.bounds(*bounds)]
        arranged = programme.bounds(row["按落实资金缺口下限"], row["按落实资金缺口上限"])
        level = [row["造价阶段"]] if row["造价阶段"] else []
        cells = [*gaps[:2], *level, row["造价已知项"], *map(programme.wan, paid), *gaps[2:], *arranged]
        line = " ".join([str(area), name, *cells, programme.wan(row["结余(万元)"])])
        tally.same((area, "ledger", line), line in pages["投资估算与资金筹措"], True)
    for fund in books["7"]:
        amounts = [
            programme.wan(fund[f"{title}(万元)"]) for title in ("计划", "落实", "到位", "使用", "结余")
        ]
        if lines[fund["编号"]]["造价已知项"] is not None:
            tied = [fund["限定用途"]] if fund["限定用途"] else []
            line = " ".join([str(fund["编号"]), fund["项目"], fund["资金来源"], *tied, *amounts])
            stands = any(one.startswith(line) for one in pages["投资估算与资金筹措"])
            tally.same((fund["编号"], line), stands, True)
    print(f"printed programme: {tally.compared} compared, {len(tally.differences)} differ")
    assert tally.compared > 130
    assert tally.differences == []
