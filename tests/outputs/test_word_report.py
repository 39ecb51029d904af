"""The Word file read back: numbers of areas, contents, what is marked as unknown, same bytes twice."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import docx
import pytest
from plan_sample import sample_plan, sample_words

from renomap.errors import RenomapError
from renomap.model.page import Page
from renomap.model.plan import Plan
from renomap.outputs.blocks import CaptionedTable, MapPicture, captions, numbers
from renomap.outputs.chapters import CHAPTERS, chapters
from renomap.outputs.geojson import write_areas
from renomap.outputs.numbers import Figures, at_least
from renomap.outputs.word_report import write_docx

ZH, EN = sample_words("zh"), sample_words("en")


@pytest.fixture(scope="module")
def plan() -> Plan:
    return sample_plan(2, 4, 3)


@pytest.fixture(scope="module")
def path(plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("word") / "方案.docx"
    write_docx(plan, place, ZH, dpi=40.0)
    return place


@pytest.fixture(scope="module")
def document(path: Path) -> Any:
    return docx.Document(str(path))


def _tables(document: Any) -> list[list[list[str]]]:
    return [[[cell.text for cell in row.cells] for row in table.rows] for table in document.tables]


def _of_style(document: Any, start: str) -> list[str]:
    return [line.text for line in document.paragraphs if line.style.name.startswith(start)]


def test_the_numbers_of_every_area_are_those_of_the_geojson(
    document: Any, plan: Plan, tmp_path: Path
) -> None:
    write_areas(plan, tmp_path / "areas.geojson")
    told = {
        feature["properties"]["id"]: feature["properties"]
        for feature in json.loads((tmp_path / "areas.geojson").read_text("utf-8"))["features"]
    }
    assert set(told) == {int(area) for area in plan.areas.index}
    figures, tables = Figures(ZH), _tables(document)
    head = ZH["outputs.col.households"]
    (listed,) = (t for t in tables if head in t[0] and ZH["outputs.col.area-ha"] in t[0])
    at = listed[0].index(head)
    assert {int(row[0]): row[at] for row in listed[1:] if row[0]} == {
        area: figures.number(at_least(one["households"], one["households_known"], one["neighbourhoods"]))
        for area, one in told.items()
    }
    deficits = [t for t in tables if ZH["outputs.col.remedy"] in t[0]]
    assert len(deficits) == len(told)
    for (area, one), table in zip(sorted(told.items()), deficits, strict=True):
        assert len(table) > 1, area
        for row in table[1:]:
            key = next(f.key for f in plan.standard.facilities if row[0].startswith(f.zh))
            if one[f"{key}_known"] is not None and row[3] != ZH["outputs.no-data"]:
                assert row[3] == figures.number(one[f"{key}_supply"]), (area, key)
            # What a number rests on stands in its row.
            assert row[-1], (area, key)


def test_every_table_and_map_of_the_chapters_is_there_with_all_rows(document: Any, plan: Plan) -> None:
    blocks = [block for section in chapters(plan, ZH) for block in section.blocks]
    sheets = [block.content for block in blocks if isinstance(block, CaptionedTable)]
    expected = [1 + len(sheet["rows"]) + ("total" in sheet) for sheet in sheets]
    assert [len(table.rows) for table in document.tables] == expected
    assert len(document.inline_shapes) == sum(isinstance(block, MapPicture) for block in blocks)
    written = [tuple(line.split("  ", 1)) for line in _of_style(document, "Caption")]
    names = {"table": ZH["outputs.chapter.table"], "figure": ZH["outputs.chapter.figure"]}
    assert written == [
        (f"{names[kind]} {n}", " ".join(text.split())) for kind, n, text in captions(chapters(plan, ZH))
    ]


def test_contents_are_the_headings_with_their_numbers(document: Any, plan: Plan) -> None:
    sections = chapters(plan, ZH)
    assert _of_style(document, "Heading 1") + _of_style(document, "Heading 2") == [
        " ".join(one.title.split()) for level in (1, 2) for one in sections if one.level == level
    ]
    entries = [
        line.text.rstrip("\t")
        for line in document.paragraphs
        if line.style.name.startswith("toc") and "\t" in line.text
    ]
    assert entries == [
        f"{number} {one.title}".strip() for number, one in zip(numbers(sections), sections, strict=True)
    ]
    marks = document.element.xpath("//w:bookmarkStart/@w:name")
    fields = document.element.xpath("//w:instrText[contains(., 'PAGEREF')]/text()")
    assert [field.split()[1] for field in fields] == list(marks)


def test_the_unknown_is_marked_and_nothing_invented(document: Any) -> None:
    marked = [run.text for line in document.paragraphs for run in line.runs if run.style.name == "To Fill"]
    places = [text for text in marked if text.startswith("【待补充：")]
    assert len(places) >= 20
    assert any(ZH["outputs.chapter.fill-stability"] in text for text in places)


def test_stamp_language_and_typefaces(path: Path, document: Any, plan: Plan) -> None:
    assert plan.stamp in document.sections[1].header.paragraphs[0].text
    assert document.core_properties.keywords == plan.stamp
    fonts = document.styles["Normal"].element.rPr.rFonts
    assert fonts.xpath("./@w:eastAsia") == ["宋体"]
    assert {bool(one.page_width > one.page_height) for one in document.sections} == {True, False}


def test_settings_and_properties_stand_in_the_order_of_the_format(document: Any) -> None:
    settings = [child.tag.rpartition("}")[2] for child in document.settings.element]
    assert settings.index("updateFields") < settings.index("compat")
    for level in (1, 2):
        names = [child.tag.rpartition("}")[2] for child in document.styles[f"Heading {level}"].element.pPr]
        assert names.index("numPr") < names.index("spacing") < names.index("outlineLvl")


def test_the_same_plan_gives_the_same_bytes(path: Path, plan: Plan, tmp_path: Path) -> None:
    write_docx(plan, tmp_path / "again.docx", ZH, dpi=40.0)
    assert (tmp_path / "again.docx").read_bytes() == path.read_bytes()


def test_chapters_are_chosen_in_their_order(plan: Plan, tmp_path: Path) -> None:
    write_docx(plan, tmp_path / "few.docx", EN, Page(area_pages=False), chosen=("effects", "outline"))
    titles = _of_style(docx.Document(str(tmp_path / "few.docx")), "Heading 1")
    assert titles == [EN["outputs.chapter.effects"], EN["outputs.chapter.outline"]]
    with pytest.raises(RenomapError) as refused:
        chapters(plan, EN, chosen=("weather",))
    assert refused.value.code == "outputs.chapter-unknown"
    assert all(key in refused.value.params["known"] for key in CHAPTERS)
