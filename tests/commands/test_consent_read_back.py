"""Golden numbers of consent from a survey through the commands, read back from every output."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
import pypdfium2
import pytest
import shapely

from renomap.__main__ import main

#: Households, asked, in favour, and by hand: share asked and in favour of all households (%), verdict.
GOLDEN: dict[str, tuple[int, int | None, int | None, str, str, str, str]] = {
    "甲院": (151, 151, 120, "100.00%", "79.47%", "not_met", "未达到"),
    "乙院": (151, 151, 121, "100.00%", "80.13%", "met", "达到"),
    "丙院": (100, 100, 80, "100.00%", "80.00%", "met", "达到"),
    "丁院": (151, 80, 79, "52.98%", "52.32%", "not_met", "未达到"),
    "戊院": (151, 60, 70, "无数据", "无数据", "to_check", "待核"),
    "己院": (151, None, 121, "无数据", "80.13%", "to_check", "待核"),
}
BEHIND = ("意愿征询未达到：甲院、丁院", "意愿征询待核：戊院、己院")


def _survey(path: Path) -> Path:
    features = []
    for k, (name, (households, asked, yes, *_)) in enumerate(GOLDEN.items()):
        x = 395_000.0 + 112 * k
        shape = shapely.box(x, 3_121_000.0, x + 100, 3_121_100.0)
        told = {"小区名称": name, "户数": households, "建成年代": 1990, "征询户数": asked, "同意户数": yes}
        features.append({"type": "Feature", "properties": told, "geometry": shapely.geometry.mapping(shape)})
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4547"}}
    path.write_text(
        json.dumps({"type": "FeatureCollection", "crs": crs, "features": features}, ensure_ascii=False),
        encoding="utf-8",
    )
    return path


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("consent")
    path = folder / "p.gpkg"
    survey = _survey(folder / "小区.geojson")
    assert main(["group", str(survey), "-o", str(path), "--preset", "changsha", "--areas", "1"]) == 0
    return path


def _features(project: Path, layer: str) -> list[dict[str, Any]]:
    out = project.with_name(f"{layer}.geojson")
    assert main(["export", str(project), "-o", str(out), "--layer", layer]) == 0
    return [feature["properties"] for feature in json.loads(out.read_text(encoding="utf-8"))["features"]]


def test_more_in_favour_than_asked_is_an_error(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(project), "--lang", "zh"]) == 1
    assert "戊院：同意户数（70）多于征询户数" in capsys.readouterr().out


def test_geojson_holds_shares_and_verdicts(project: Path) -> None:
    told = {row["name"]: row for row in _features(project, "neighbourhoods")}
    assert {name: told[name]["consent"] for name in GOLDEN} == {name: row[5] for name, row in GOLDEN.items()}
    assert told["甲院"]["consent_yes_share"] == pytest.approx(120 / 151, abs=5e-5)
    assert told["丁院"]["consent_asked_share"] == pytest.approx(80 / 151, abs=5e-5)
    assert told["丁院"]["consent_yes_share"] == pytest.approx(79 / 151, abs=5e-5)
    assert told["戊院"]["consent_yes_share"] is None
    (area,) = _features(project, "areas")
    assert area["consent"] == "not_met"
    assert area["consent_asked_share"] is None  # of two members it is not known
    failing = {row["fid"] for row in told.values() if row["consent"] == "not_met"}
    assert set(_fids(area["consent_failing"])) == failing


def _fids(value: Any) -> list[int]:
    return [int(fid) for fid in value] if isinstance(value, list) else [int(f) for f in str(value).split(",")]


def test_sheets_hold_them(project: Path) -> None:
    out = project.with_name("t.xlsx")
    assert main(["export", str(project), "-o", str(out), "--lang", "zh"]) == 0
    book = openpyxl.load_workbook(out, data_only=True)
    people = _rows(book["2 小区现状表"])
    assert [row["意愿结论（两率均须达到 80%）"] for row in people] == [row[6] for row in GOLDEN.values()]
    shares = ("征询率（占应征询户数）", "同意率（占应征询户数）", "已征询户同意率")
    assert [people[3][name] for name in shares] == pytest.approx([80 / 151, 79 / 151, 79 / 80], abs=1e-4)
    assert [people[4][name] for name in shares] == ["无数据"] * 3
    area = _rows(book["1 片区一览表"])[0]
    assert area["意愿结论（各小区两率均须达到 80%）"] == "未达到"
    assert all(words in area["备注"] for words in BEHIND)


def _rows(sheet: Any) -> list[dict[str, Any]]:
    head, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_report_and_web_map_say_them(project: Path) -> None:
    pdf, html = project.with_name("r.pdf"), project.with_name("m.html")
    assert main(["report", str(project), "-o", str(pdf), "--lang", "zh"]) == 0
    assert main(["export", str(project), "-o", str(html), "--lang", "zh"]) == 0
    document = pypdfium2.PdfDocument(pdf)
    pages = ["".join(page.get_textpage().get_text_bounded().split()) for page in document]
    document.close()
    for text in (pages[1], "".join(pages[2:])):  # table 1 and the sheet of the area
        assert all(words in text for words in BEHIND)
    page = html.read_text(encoding="utf-8")
    assert all(words in page for words in BEHIND)
    for name, (_, _, _, asked, yes, _, verdict) in GOLDEN.items():
        tip = page[page.index(f'"name":"{name}"') :][:400]
        assert f"征询率 {asked}，同意率 {yes}（均以应征询户数为分母）" in tip
        assert f"；{verdict}（要求两率均≥80%）" in tip
