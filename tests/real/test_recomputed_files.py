"""One pack of the sample town: community verdicts computed again, and the same numbers in every file."""

from __future__ import annotations

import math
import re
from html import unescape
from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd
import pypdfium2
import pytest
from recompute import Handed, Tally, cell, community_verdict, in_print, opened

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


def test_pages_and_web_map_print_the_totals(handed: Handed) -> None:
    document, tally = pypdfium2.PdfDocument(handed.folder / "report.pdf"), Tally(0, [])
    text = "".join(page.get_textpage().get_text_range() for page in document)
    paper = re.sub(r"\s+", "", text)
    web = unescape((handed.folder / "map.html").read_text("utf-8"))
    for area, row in handed.areas.iterrows():
        homes = in_print(row["households"])
        tally.same((area, "page", homes), homes in paper, True)
        tally.same((area, "page", "ha"), in_print(row["area_ha"], 2) in paper, True)
        tally.same((area, "web", homes), homes in web or homes.replace(",", "") in web, True)
        tally.same((area, "web", "name"), str(row["name"]) in web, True)
    print(f"report and web map: {tally.compared} compared, {len(tally.differences)} differ")
    assert tally.differences == []
