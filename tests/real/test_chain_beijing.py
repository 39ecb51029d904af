"""The whole chain on real compounds, judged by code that knows nothing of the package.

Commands run as a user runs them; what they wrote is read back with other libraries and computed again.
"""

from __future__ import annotations

import json
import math
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pypdfium2
import pytest
import shapely

DATA = os.environ.get("RENOMAP_REAL_DATA")
pytestmark = [
    pytest.mark.skipif(DATA is None, reason="RENOMAP_REAL_DATA names no folder of real data"),
    pytest.mark.long,
]

GAP_M = 30.0
FIRST_THREE = ("elevator", "parking", "elder_care")


def run(*words: object) -> dict[str, Any]:
    """Run a command with ``--json``; what it printed."""
    command = [sys.executable, "-m", "renomap", *(str(word) for word in words), "--json", "--lang", "zh"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@dataclass(frozen=True)
class Chain:
    """What the chain left on the disk, read with other libraries."""

    project: Path
    pack: Path
    grouped: dict[str, Any]
    areas: gpd.GeoDataFrame
    units: gpd.GeoDataFrame
    metres: gpd.GeoSeries
    report: dict[str, Any]
    pdf: list[str]


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Chain:
    folder = tmp_path_factory.mktemp("chain")
    project, pack = folder / "p.gpkg", folder / "pack"
    source = Path(str(DATA)) / "cn_beijing" / "beijing_dongzhimen_demo.gpkg"
    run("import", source, "-o", project, "--field", "buildings.floors_src_height=floors")
    grouped = run("group", project, "-o", project, "--preset", "changsha", "--within", "subdistricts.乡")
    run("deficits", project, "--set", "parking.rate=0.6/household")
    run("pack", project, "-o", pack, "--no-area-pages")
    report = run("report", project, "-o", folder / "report.pdf")
    units = gpd.read_file(pack / "neighbourhoods.geojson")
    # In project coordinates: GeoJSON rounds to 7 decimals, a centimetre along every border.
    plane = gpd.read_file(pack / "plan.gpkg", layer="neighbourhoods").set_index("fid")
    land = plane.geometry.loc[units["fid"]].reset_index(drop=True)
    document = pypdfium2.PdfDocument(folder / "report.pdf")
    text = [document[i].get_textpage().get_text_range() for i in range(len(document))]
    return Chain(
        project,
        pack,
        grouped,
        gpd.read_file(pack / "areas.geojson"),
        units,
        land,
        report,
        text,
    )


def plain(text: str) -> str:
    """Text without white space and line breaks, as PDF extraction scatters them."""
    return re.sub(r"\s+", "", text)


def members(chain: Chain, area: int) -> pd.DataFrame:
    return chain.units[chain.units["area_id"] == area]


def test_the_engine_reports_no_broken_rule(chain: Chain) -> None:
    assert chain.grouped["violations"] == 0
    flags = chain.areas["size_flag"]
    assert chain.grouped["undersized"] == (flags == "undersized").sum()
    assert chain.grouped["oversized"] == (flags == "oversized").sum()
    assert chain.grouped["areas"] == (~flags.isin(["undersized", "oversized", "to_check"])).sum() > 5
    assert chain.grouped["assigned"] == int(chain.units["area_id"].notna().sum())
    told = sum(chain.grouped[name] for name in ("assigned", "scattered", "excluded"))
    assert told == len(chain.units) == 263


def test_every_area_is_connected_over_gaps(chain: Chain) -> None:
    for area in chain.areas["id"]:
        shapes = list(chain.metres[members(chain, area).index])
        reached, waiting = {0}, [0]
        while waiting:
            here = shapes[waiting.pop()]
            near = {
                i
                for i, shape in enumerate(shapes)
                if i not in reached and here.distance(shape) <= GAP_M + 0.01
            }
            reached |= near
            waiting += sorted(near)
        assert len(reached) == len(shapes), area


def test_no_area_crosses_a_subdistrict(chain: Chain) -> None:
    streets = gpd.read_file(
        Path(str(DATA)) / "cn_beijing" / "beijing_dongzhimen_demo.gpkg", layer="subdistricts"
    ).to_crs("EPSG:4548")
    own = []
    for shape in chain.metres:
        shares = streets.geometry.intersection(shape).area
        own.append(streets["乡"].iloc[int(np.argmax(shares))])
    table = pd.Series(own, index=chain.units.index)
    for area in chain.areas["id"]:
        assert table[members(chain, area).index].nunique() == 1, area


def test_every_household_is_counted_once(chain: Chain) -> None:
    inside = chain.units[chain.units["area_id"].notna()]
    assert math.isclose(chain.areas["households"].sum(), inside["households"].sum(), abs_tol=0.01)
    assert chain.areas["households_known"].sum() == inside["households"].notna().sum()
    assert chain.areas["neighbourhoods"].sum() == len(inside)
    assert chain.units["households"].isna().sum() == 100  # compounds without a building are unknown, not 0
    assert not (chain.units["households"] == 0).any()
    for _, row in chain.areas.iterrows():
        known = members(chain, row["id"])["households"].dropna()
        if known.empty:
            assert pd.isna(row["households"])
        else:
            assert math.isclose(row["households"], known.sum(), abs_tol=0.01)


def test_deficits_follow_from_the_neighbourhoods(chain: Chain) -> None:
    """elder_care of Changsha: 20 m2 a hundred households, at least 300 m2; parking as the meeting set it."""
    for _, row in chain.areas.iterrows():
        own = members(chain, row["id"])
        homes = own["households"].dropna()
        if homes.empty:
            assert pd.isna(row["elder_care_need"])
            continue
        need = 20 * homes.sum() / 100
        assert math.isclose(row["elder_care_need"], need, abs_tol=0.01)
        assert math.isclose(row["elder_care_need"], own["elder_care_need"].sum(), abs_tol=0.01)
        assert math.isclose(row["elder_care_required"], max(need, 300), abs_tol=0.01)
        large = own["households"] >= 1500
        whole = own["households"].notna() & (own["households_flag"] != "lower_bound")
        alone = large.sum() if (large | whole).all() else math.nan
        assert row["elder_care_alone"] == pytest.approx(alone, nan_ok=True)
        everybody = homes.sum() if whole.all() else math.nan
        assert row["elder_care_served_pooled"] == pytest.approx(everybody, abs=0.01, nan_ok=True)
        assert row["parking_need"] == math.ceil(round(0.6 * homes.sum(), 6)), "spaces are whole"
        # Nobody surveyed what is there: supply is unknown, so the deficit is a range and not a number.
        assert row["elder_care_known"] == f"0 of {len(own)}"
        assert row["elder_care_deficit_low"] == 0
        most = max(need, 300) if whole.all() else math.nan
        assert row["elder_care_deficit_high"] == pytest.approx(most, abs=0.01, nan_ok=True)
        assert pd.isna(row["elder_care_deficit"])
        assert row["elder_care_state"] == "unknown"
    for key in FIRST_THREE:
        assert chain.areas[f"{key}_deficit_low"].notna().any()
        assert chain.areas[f"{key}_deficit_high"].notna().any()


def test_outlines_do_not_overlap_and_hold_their_members(chain: Chain) -> None:
    outlines = gpd.read_file(chain.pack / "plan.gpkg", layer="areas").set_index("id").geometry
    outlines = outlines.loc[chain.areas["id"]]
    a, b = shapely.STRtree(outlines.values).query(outlines.values, predicate="intersects")
    for i, j in zip(a, b, strict=True):
        if i < j:
            assert outlines.iloc[i].intersection(outlines.iloc[j]).area < 0.01
    for outline, (_, row) in zip(outlines, chain.areas.iterrows(), strict=True):
        land = shapely.union_all(chain.metres[members(chain, row["id"]).index].values)
        others = shapely.union_all(chain.metres[chain.units["area_id"] != row["id"]].values)
        assert land.difference(outline).difference(others).area < 1.0
        assert math.isclose(row["area_ha"], outline.area / 1e4, rel_tol=1e-3)


def _shown(value: float, decimals: int = 0) -> str:
    """A number as people read it: half away from zero, thousands grouped."""
    if pd.isna(value):
        return ""
    factor = 10**decimals
    return f"{math.floor(abs(value) * factor + 0.5) / factor:,.{decimals}f}"


def test_the_workbook_says_the_same(chain: Chain) -> None:
    book = openpyxl.load_workbook(chain.pack / "tables.xlsx", data_only=True)
    rows = {str(sheet.title): list(sheet.iter_rows(values_only=True)) for sheet in book}
    title, table = next((name, cells) for name, cells in rows.items() if "片区一览" in name)
    head = next(i for i, cells in enumerate(table) if "户数" in cells)
    columns = {name: i for i, name in enumerate(table[head]) if name}
    number = columns["编号"]
    found = {cells[number]: cells for cells in table[head + 1 :] if isinstance(cells[number], int)}
    assert set(found) == set(chain.areas["id"]), title
    for _, row in chain.areas.iterrows():
        cells = found[row["id"]]
        assert cells[columns["小区数"]] == row["neighbourhoods"]
        if pd.isna(row["households"]):
            assert not isinstance(cells[columns["户数"]], int | float)
        else:
            assert cells[columns["户数"]] == pytest.approx(row["households"], abs=0.51)
        assert cells[columns["片区范围(ha)"]] == pytest.approx(row["area_ha"], abs=0.01)
    _, deficits = next((name, cells) for name, cells in rows.items() if "设施缺口" in name)
    head = next(i for i, cells in enumerate(deficits) if "设施" in cells)
    columns = {name: i for i, name in enumerate(deficits[head]) if name}
    care = [cells for cells in deficits[head + 1 :] if str(cells[columns["设施"]]).startswith("老年服务站")]
    need = {cells[columns["编号"]]: cells[columns["需求"]] for cells in care}
    for _, row in chain.areas.iterrows():
        if pd.notna(row["elder_care_need"]):
            assert need[row["id"]] == pytest.approx(row["elder_care_need"], abs=0.51)


def test_names_and_numbers_are_in_the_report(chain: Chain) -> None:
    whole = plain("".join(chain.pdf))
    for name in chain.areas["name"]:
        assert plain(name) in whole, name
    for name in chain.units["name"].dropna():
        assert plain(name) in whole, name
    for _, row in chain.areas.iterrows():
        if pd.notna(row["households"]):
            assert _shown(row["households"]) in whole
        assert _shown(row["area_ha"], 2) in whole


def test_each_area_page_holds_exactly_its_rows(chain: Chain) -> None:
    told = chain.report
    assert told["pages"] == len(chain.pdf)
    assert {int(area) for area in told["area_pages"]} == set(chain.areas["id"])
    named = chain.units[chain.units["name"].notna()]
    once = named[~named["name"].duplicated(keep=False)]
    for area, pages in told["area_pages"].items():
        text = plain("".join(chain.pdf[page - 1] for page in pages))
        own = once[once["area_id"] == int(area)]
        missing = [name for name in own["name"] if plain(name) not in text]
        assert not missing, (area, missing)
        row = chain.areas.set_index("id").loc[int(area)]
        assert plain(row["name"]) in text
        told_anyway = "".join(
            [*own["name"], *map(str, row[["name", "street", "north", "south", "east", "west"]])]
        )
        others = once[(once["area_id"] != int(area)) & (once["name"].str.len() > 3)]
        foreign = [name for name in others["name"] if plain(name) in text and name not in told_anyway]
        assert not foreign, (area, foreign)
    all_pages = [page for pages in told["area_pages"].values() for page in pages]
    assert len(all_pages) == len(set(all_pages))


def test_the_web_map_says_the_same_and_asks_for_nothing(chain: Chain) -> None:
    page = (chain.pack / "map.html").read_text(encoding="utf-8")
    for _, row in chain.areas.iterrows():
        assert row["name"] in page
    loaded = r"""(?:\bsrc\s*=|<link[^>]*href\s*=|url\()\s*["']?https?://"""
    assert not re.search(loaded, page)


def test_all_files_carry_one_stamp(chain: Chain) -> None:
    stamp = json.loads((chain.pack / "areas.geojson").read_text(encoding="utf-8"))["stamp"]
    assert re.fullmatch(r"\d{8}-\d{4}-[0-9a-f]{8}", stamp)
    assert json.loads((chain.pack / "neighbourhoods.geojson").read_text(encoding="utf-8"))["stamp"] == stamp
    document = pypdfium2.PdfDocument(chain.pack / "report.pdf")
    assert stamp in plain(document[0].get_textpage().get_text_range())
    assert stamp in (chain.pack / "map.html").read_text(encoding="utf-8")
    book = openpyxl.load_workbook(chain.pack / "tables.xlsx", data_only=True)
    cells = (cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row)
    assert any(stamp in str(cell) for cell in cells)
