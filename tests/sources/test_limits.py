"""What is huge or hostile is read or refused within 1.5 GB, and can be stopped on the way."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely

from renomap.errors import Cancelled
from renomap.sources.options import ImportOptions
from renomap.sources.reading import read

MOST_MB = 1536
#: Reads the paths in a process of its own and tells what came out and how much memory it took at most.
READER = """
import json, resource, sys
from pathlib import Path
from renomap.errors import RenomapError
from renomap.steps.check import check
from renomap.steps.import_ import import_sources

told = {}
try:
    project = import_sources([Path(name) for name in sys.argv[1:]])
    told["rows"] = [len(layer.frame) for layer in project.layers]
    told["waiting"] = len(project.meta.get("waiting", ()))
    told["problems"] = len(check(project))
except RenomapError as error:
    told["code"] = error.code
# of this program alone; getrusage also counts what the process had before it became this program
status = Path("/proc/self/status")
if status.exists():
    peak = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    told["mb"] = int(peak.split()[1]) / 1024
else:
    told["mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps(told))
"""
WORKBOOK = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/'
    'vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="a" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
    'officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r='
    '"http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>'
    '<sheet name="清单" sheetId="1" r:id="a"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
    'relationships"><Relationship Id="a" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}


def outcome(*paths: Path) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-c", READER, *map(str, paths)],
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    told: dict[str, Any] = json.loads(done.stdout)
    assert told["mb"] < MOST_MB
    return told


def cell(value: object) -> str:
    if isinstance(value, str):
        return f'<c t="inlineStr"><is><t>{value}</t></is></c>'
    return f"<c><v>{value}</v></c>"


def book(path: Path, rows: int, *, filler: int = 0) -> Path:
    """A workbook of that many neighbourhoods, and ``filler`` MB of blanks inside the sheet."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, text in WORKBOOK.items():
            archive.writestr(name, text)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            head = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
            head += f'<dimension ref="A1:D{rows + 1}"/><sheetData>'
            sheet.write(head.encode())
            sheet.write(
                ("<row>" + "".join(map(cell, ("小区名称", "街道", "户数", "建成年代"))) + "</row>").encode()
            )
            for start in range(0, rows, 10_000):
                part = (
                    "<row>" + "".join(map(cell, (f"第{i}苑", f"{i % 40}街道", i % 900, 1985))) + "</row>"
                    for i in range(start, min(start + 10_000, rows))
                )
                sheet.write("".join(part).encode())
            for _ in range(filler):
                sheet.write(b" " * 1024**2)
            sheet.write(b"</sheetData></worksheet>")
    return path


@pytest.mark.parametrize("rows", [20_000, pytest.param(200_000, marks=pytest.mark.long)])
def test_a_workbook_of_many_rows(tmp_path: Path, rows: int) -> None:
    told = outcome(book(tmp_path / "a.xlsx", rows))
    assert (told["rows"], told["waiting"]) == ([], rows)


class Stopped:
    """The user stops as soon as rows are being read."""

    def __init__(self) -> None:
        self.said: list[tuple[float, str]] = []

    def progress(self, fraction: float, code: str) -> None:
        self.said.append((fraction, code))

    def check(self) -> None:
        if sum(code == "sources.progress-rows" for _, code in self.said) >= 3:
            raise Cancelled

    def partial(self, value: object) -> None:
        """Nothing is shown."""


def test_a_long_workbook_tells_its_progress_and_stops(tmp_path: Path) -> None:
    feedback = Stopped()
    with pytest.raises(Cancelled):
        read([book(tmp_path / "a.xlsx", 20_000)], ImportOptions(), feedback)
    assert [code for _, code in feedback.said][-1] == "sources.progress-rows"
    fractions = [fraction for fraction, _ in feedback.said]
    assert fractions == sorted(fractions)


def test_a_workbook_that_is_a_bomb(tmp_path: Path) -> None:
    assert outcome(book(tmp_path / "a.xlsx", 3, filler=300))["code"] == "sources.archive-too-large"


def test_an_archive_that_is_a_bomb(tmp_path: Path) -> None:
    with (
        zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("小区.geojson", "w") as entry,
    ):
        for _ in range(400):
            entry.write(b" " * 1024**2)
    told = outcome(tmp_path / "a.zip")
    assert told["code"] == "sources.archive-too-large"
    assert told["mb"] < 400


@pytest.mark.parametrize("name", ["../a.geojson", "b/../../a.geojson", "/tmp/a.geojson", "C:\\a.geojson"])
def test_an_entry_never_leaves_the_archive(tmp_path: Path, name: str) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(name, '{"type": "FeatureCollection", "features": []}')
    assert outcome(tmp_path / "a.zip")["code"] == "sources.archive-unsafe"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.zip"]


def test_a_polygon_of_a_million_corners(tmp_path: Path) -> None:
    angle = np.linspace(0, 2 * np.pi, 1_000_000, endpoint=False)
    radius = 200 + 3 * np.sin(5_000 * angle)
    star = shapely.polygons(
        np.column_stack([395_000 + radius * np.cos(angle), 3_121_000 + radius * np.sin(angle)])
    )
    beside = shapely.box(395_300, 3_121_000, 395_400, 3_121_100)
    table = gpd.GeoDataFrame({"小区名称": ["星苑", "方苑"]}, geometry=[star, beside], crs="EPSG:4547")
    table.to_file(tmp_path / "a.gpkg", layer="小区")
    told = outcome(tmp_path / "a.gpkg")
    assert told["rows"] == [2]
