"""Names that look like formulas, markup or control codes reach every output as text, through the commands."""

from __future__ import annotations

import csv
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import openpyxl
import pypdfium2
import pytest
import shapely

from renomap.__main__ import main
from renomap.store import projectfile

HOSTILE = [
    '=HYPERLINK("http://x","甲")',
    "+86苑",
    "-1号院",
    "@SUM(A1)",
    "<b>乙</b>苑",
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(2)</script>",
    "丙\u0007苑\u001b[31m",
    "丁\r\n苑\t东",
    "戊&amp;苑 \"引\" '号'",
    "{{ 己 }} #set page() $x$ *苑*",
    "\u202e庚苑\u200b",
]
#: As the program keeps them: control characters are blanks, invisible marks go, runs of blanks are one.
KEPT = [*HOSTILE[:7], "丙 苑 [31m", "丁 苑 东", *HOSTILE[9:11], "庚苑"]
AREAS = {1: "=1+1|cmd", 2: "@<b>片区</b>"}


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the project and all outputs."""
    folder = tmp_path_factory.mktemp("hostile")
    shapes = [
        shapely.box(x, y, x + 100, y + 100)
        for y in (3_121_000.0, 3_121_112.0)
        for x in (395_000.0 + 112 * i for i in range(6))
    ]
    columns = {"小区名称": HOSTILE, "户数": [300] * 12, "建成年代": [1990] * 12}
    survey = gpd.GeoDataFrame(columns, geometry=shapes, crs="EPSG:4547")
    survey.to_file(folder / "小区.geojson", driver="GeoJSON")
    project = str(folder / "p.gpkg")
    assert main(["import", str(folder / "小区.geojson"), "-o", project]) == 0
    assert main(["group", project, "-o", project, "--areas", "2", "--title", "=1+1"]) == 0
    kept = projectfile.open_project(Path(project))
    [scheme] = kept.schemes
    areas = scheme.areas.assign(name=[AREAS[int(number)] for number in scheme.areas.index])
    projectfile.save(kept.with_scheme(replace(scheme, areas=areas)), Path(project))
    for name in ("areas.geojson", "areas.xlsx", "areas.html", "map.png"):
        assert main(["export", project, "-o", str(folder / name)]) == 0
    for name in ("n.geojson", "n.xlsx"):
        assert main(["export", project, "-o", str(folder / name), "--layer", "neighbourhoods"]) == 0
    assert main(["deficits", project, "-o", str(folder / "d.csv")]) == 0
    assert main(["report", project, "-o", str(folder / "r.pdf"), "--lang", "zh"]) == 0
    return folder


def test_the_project_keeps_them_as_text(chain: Path) -> None:
    units = projectfile.open_project(chain / "p.gpkg").neighbourhoods
    assert units is not None
    assert units.frame["name"].tolist() == KEPT


def test_geojson(chain: Path) -> None:
    features = json.loads((chain / "n.geojson").read_text(encoding="utf-8"))["features"]
    assert sorted(each["properties"]["name"] for each in features) == sorted(KEPT)


def test_workbooks_hold_no_formula_made_of_a_name(chain: Path) -> None:
    cells: set[str] = set()
    for name in ("n.xlsx", "areas.xlsx"):
        book = openpyxl.load_workbook(chain / name)
        for sheet in book:
            for row in sheet.iter_rows():
                for cell in row:
                    if isinstance(cell.value, str):
                        assert cell.data_type != "f" or not any(kept in cell.value for kept in KEPT), (
                            cell.value
                        )
                        cells.add(cell.value)
        with zipfile.ZipFile(chain / name) as archive:
            assert not [entry for entry in archive.namelist() if "externalLink" in entry]
    assert set(KEPT) <= cells


def test_csv_is_not_run_by_a_spreadsheet(chain: Path) -> None:
    with (chain / "d.csv").open(encoding="utf-8-sig", newline="") as table:
        cells = [cell for row in csv.reader(table) for cell in row]
    assert not [
        cell for cell in cells if cell[:1] in ("=", "@", "+") or (cell[:1] == "-" and not _number(cell))
    ]
    for name in AREAS.values():
        assert any(name in cell for cell in cells)


def _number(text: str) -> bool:
    return text.removeprefix("-").replace(".", "", 1).isdecimal()


def test_the_web_map_escapes_them(chain: Path) -> None:
    text = (chain / "areas.html").read_text(encoding="utf-8")
    for danger in ("<img src=x onerror", "</script><script>alert(2)", "<b>乙", "<b>片区"):
        assert danger not in text
    assert "alert(2)" in text  # it is there, as text


def test_the_report_prints_them(chain: Path) -> None:
    document = pypdfium2.PdfDocument(chain / "r.pdf")
    text = "".join(document[i].get_textpage().get_text_range() for i in range(len(document)))
    squeezed = "".join(text.split())
    for name in (*KEPT, *AREAS.values()):
        assert "".join(name.split()) in squeezed, name


def test_the_map_is_drawn(chain: Path) -> None:
    assert (chain / "map.png").stat().st_size > 10_000
