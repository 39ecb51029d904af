"""One pack of the sample town: community verdicts computed again, and the same numbers in every file."""

from __future__ import annotations

import math
import re
from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd
import printed
import pytest
from recompute import Handed, Tally, cell, community_verdict, in_print, opened

from renomap.cartography.slide import DEFICITS, deficit_figure, key_figures
from renomap.steps.plan import make_plan
from renomap.store.projectfile import open_project
from renomap.wording.catalogue import words

CONSENT = {"met": "达到", "not_met": "未达到", "to_check": "待核"}
VERDICTS = {"已满足": "met", "有缺口": "short", "待调查": "unknown"}


@pytest.fixture(scope="module")
def handed(sample: Path) -> Handed:
    return opened(sample / "pack-changsha", "changsha", parking={"rate": 0.6, "base": "household"})


def sheet(folder: Path, part: str) -> pd.DataFrame:
    """A sheet of the workbook by a part of its name, as text and numbers."""
    book = openpyxl.load_workbook(folder / "tables.xlsx", data_only=True)
    rows = list(next(one for one in book if part in one.title).iter_rows(values_only=True))
    return pd.DataFrame(rows[1:], columns=list(rows[0]))


def test_verdicts_of_communities(handed: Handed) -> None:
    keys = {rule["zh"]: key for key, rule in handed.rules.items()}
    tally = Tally(0, [])
    for _, row in sheet(handed.folder, "社区级").iterrows():
        key = keys.get(row["设施"])
        if key is not None:
            street = None if row["街道"] == "无数据" else row["街道"]
            verdict = community_verdict(handed, key, street, row["社区"])
            tally.same((row["社区"], key), VERDICTS[row["结论"]], verdict)
    print(f"communities: {tally.compared} compared, {len(tally.differences)} differ")
    assert tally.compared > 100
    assert tally.differences == []


def test_geopackage_holds_what_geojson_holds(handed: Handed) -> None:
    stored, tally = gpd.read_file(handed.folder / "plan.gpkg", layer="areas").set_index("id"), Tally(0, [])
    for column in sorted(set(stored.columns) & set(handed.areas.columns)):
        for area, value in handed.areas[column].items():
            other = stored.at[area, column]
            if isinstance(value, str | bool):
                tally.same((area, column), str(other), str(value))
            elif value is None or isinstance(value, int | float):
                empty = value is None or pd.isna(value)
                tally.same((area, column), other, math.nan if empty else float(value), 1e-3)
    print(f"GeoPackage: {tally.compared} compared, {len(tally.differences)} differ")
    assert tally.compared > 2000
    assert tally.differences == []


def test_sheets_hold_what_geojson_holds(handed: Handed) -> None:
    """Of every area and facility: what is needed, required, lacking at least and at most."""
    keys, tally = {rule["zh"]: key for key, rule in handed.rules.items()}, Tally(0, [])
    columns = {"应配": "required", "缺口下限": "deficit_low", "缺口上限": "deficit_high"}
    for _, row in sheet(handed.folder, "设施缺口表").iterrows():
        key = keys.get(row["设施"])
        if key is None or handed.rules[key]["level"] == "community":
            continue
        area = handed.areas.loc[int(row["编号"])]
        for title, name in columns.items():
            value = row[title] if isinstance(row[title], int | float) else math.nan
            tally.same((row["编号"], key, name), value, cell(area, f"{key}_{name}"))
    print(f"workbook: {tally.compared} compared, {len(tally.differences)} differ")
    assert tally.compared > 300
    assert tally.differences == []


def test_the_web_map_prints_each_figure_in_the_row_of_its_area(handed: Handed) -> None:
    """Figures of an area, and of every facility what is required, what is there and what lacks."""
    plan, tally = printed.web(handed.folder), Tally(0, [])
    areas = {entry["id"]: entry for entry in plan["areas"]}
    names = [re.sub(r" \([^)]*\)$", "", facility["name"]) for facility in plan["facilities"]]
    keys = [next(key for key, rule in handed.rules.items() if rule["zh"] == name) for name in names]
    for area, row in handed.areas.iterrows():
        entry = areas[area]
        facts = dict(entry["figures"])
        city, district = printed.subsidies(row)
        tally.same((area, "name"), entry["name"], row["name"])
        for title, value in (
            ("小区数", in_print(row["neighbourhoods"])),
            ("户数", in_print(row["households"])),
            ("人口", in_print(row["population"])),
            ("片区范围(ha)", in_print(row["area_ha"], 2)),
            ("补助测算(万元)", f"市级 {city}，区级不少于 {district.removeprefix('≥')}"),
        ):
            tally.same((area, title, facts[title]), facts[title].partition("（")[0], value)
        tally.same((area, "consent"), CONSENT[row["consent"]] in facts["征询与同意"], True)
        for key, (required, there, lacking, *_) in zip(keys, entry["deficits"], strict=True):
            if handed.rules[key]["level"] == "community":
                continue
            tally.same((area, key, "required"), required, printed.needed(handed.rules[key], row)[1])
            tally.same((area, key, "supply"), there, printed.figure(cell(row, f"{key}_supply")))
            tally.same((area, key, "lacking"), lacking, printed.lacking(key, row))
    print(f"web map: {tally.compared} compared, {len(tally.differences)} differ")
    assert tally.compared > 800
    assert tally.differences == []


def test_the_report_prints_each_figure_in_the_row_of_its_area(handed: Handed) -> None:
    """Table 1 by its lines, and of every area the rows of its table of facilities."""
    every, tally = printed.pages(handed.folder), Tally(0, [])
    lines = [line for page in every if "片区一览表" in page[0] for line in page]
    names = {int(str(number)): str(name) for number, name in handed.areas["name"].items()}
    for number, row in handed.areas.iterrows():
        area = int(str(number))
        cells = printed.row_of(lines, area, names).split(" ")
        partly = "≥" if row["households_known"] < row["neighbourhoods"] else ""
        for name, value in (
            ("households", partly + in_print(row["households"])),
            ("known", f"{row['households_known']}/{row['neighbourhoods']}"),
            ("ha", in_print(row["area_ha"], 2)),
            ("city", printed.subsidies(row)[0]),
            ("district", printed.subsidies(row)[1]),
            ("consent", CONSENT[row["consent"]]),
        ):
            tally.same((area, name, value), value in cells, True)
        text = printed.sheet_of(every, area)
        for key, rule in handed.rules.items():
            if rule["level"] == "community":
                continue
            known, members = str(row[f"{key}_known"]).split(" of ")
            row_cells = (
                *printed.needed(rule, row),
                printed.figure(cell(row, f"{key}_supply")),
                f"{known}/{members}",
                printed.lacking(key, row),
            )
            tally.same((area, key, row_cells), printed.stands_in_row(text, rule["zh"], row_cells), True)
    print(f"report: {tally.compared} compared, {len(tally.differences)} differ")
    assert tally.compared > 300
    assert tally.differences == []


def test_the_first_sheet_holds_what_geojson_holds(handed: Handed) -> None:
    """Households, subsidies with their sign and status, shares and verdict of consent; the sums below."""
    tally = Tally(0, [])
    book = openpyxl.load_workbook(handed.folder / "tables.xlsx", data_only=True)
    page = next(one for one in book if "片区一览表" in one.title)
    at = {cell.value: cell.column for cell in page[1]}
    (verdict,) = [title for title in at if title.startswith("意愿结论")]
    partly = handed.areas["households_known"] < handed.areas["neighbourhoods"]
    for r, (area, row) in enumerate(handed.areas.iterrows(), start=2):
        for title, name, unit in (
            ("户数", "households", 1),
            ("片区范围(ha)", "area_ha", 1),
            ("市补测算(万元)", "city_subsidy", 10_000),
            ("区补测算（不低于，万元）", "district_subsidy", 10_000),
        ):
            tally.same((area, name), page.cell(r, at[title]).value, cell(row, name) / unit, 1e-3)
        for title in ("户数", "市补测算(万元)", "区补测算（不低于，万元）"):
            sign = page.cell(r, at[title]).number_format.startswith('"≥"')
            tally.same((area, title, "sign"), sign, bool(partly[area]))
        guessed = handed.members(int(str(area)))["households_flag"].eq("estimated").any()
        tally.same((area, "status"), "估算" in page.cell(r, at["补助取值"]).value, bool(guessed))
        tally.same((area, "verdict"), page.cell(r, at[verdict]).value, CONSENT[row["consent"]])
    last = page.max_row
    total = handed.areas["city_subsidy"].sum() / 10_000
    tally.same("total", page.cell(last, at["市补测算(万元)"]).value, total, 1e-3)
    sign = page.cell(last, at["市补测算(万元)"]).number_format.startswith('"≥"')
    tally.same("total sign", sign, bool(partly.any()))
    print(f"first sheet: {tally.compared} compared, {len(tally.differences)} differ")
    assert tally.compared > 100
    assert tally.differences == []


def test_slides_say_what_geojson_holds(handed: Handed) -> None:
    """The texts that are drawn on the slide of each area: key figures, and the first deficits."""
    plan, catalogue, tally = (
        make_plan(open_project(handed.folder.parent / "town.gpkg")),
        words("zh"),
        Tally(0, []),
    )
    for number, row in handed.areas.iterrows():
        area = int(str(number))
        told = {item.title: item.value for item in key_figures(plan, area, catalogue)}
        for name, value in (
            ("households", in_print(row["households"])),
            ("neighbourhoods", in_print(row["neighbourhoods"])),
            ("population", in_print(row["population"])),
            ("land", in_print(row["area_ha"], 2)),
        ):
            tally.same(
                (area, name), told[catalogue[f"maps.slide.{name}"]].replace(",", ""), value.replace(",", "")
            )
        for facility in plan.standard.facilities[:DEFICITS]:
            said = deficit_figure(plan.areas.loc[area], facility, catalogue)[0]
            tally.same(
                (area, facility.key),
                said.replace(",", ""),
                printed.lacking(facility.key, row).replace(",", ""),
            )
    print(f"slides: {tally.compared} compared, {len(tally.differences)} differ")
    assert tally.compared > 50
    assert tally.differences == []
