"""The slides read back: numbers of areas, native tables and charts, least size of text, same bytes twice."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pptx
import pytest
from plan_sample import sample_plan, sample_words

from renomap.model.page import Page
from renomap.model.plan import Plan
from renomap.outputs.chart_data import pooling_bars
from renomap.outputs.geojson import write_areas
from renomap.outputs.numbers import Figures, at_least
from renomap.outputs.slides_content import deck
from renomap.outputs.slides_file import write_pptx
from renomap.outputs.theme_maps import DEFICITS, FIRST, chosen, figure_page
from renomap.steps.compare import compare
from renomap.wording.deficits import deficit_heading
from renomap.wording.names import name_and_unit
from renomap.wording.statuses import facility_status

ZH, EN = sample_words("zh"), sample_words("en")
LEAST = 14 * 12700


@pytest.fixture(scope="module")
def plan() -> Plan:
    return sample_plan(2, 4, 3)


@pytest.fixture(scope="module")
def path(plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("slides") / "汇报.pptx"
    write_pptx(plan, place, ZH, dpi=30.0)
    return place


@pytest.fixture(scope="module")
def file(path: Path) -> Any:
    return pptx.Presentation(str(path))


def _rows(shape: Any) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in shape.table.rows]


def _titled(file: Any, title: str) -> list[Any]:
    return [slide for slide in file.slides if slide.shapes.title.text_frame.text == title]


def test_the_table_of_areas_has_the_numbers_of_the_geojson(file: Any, plan: Plan, tmp_path: Path) -> None:
    write_areas(plan, tmp_path / "areas.geojson")
    told = [
        each["properties"] for each in json.loads((tmp_path / "areas.geojson").read_text("utf-8"))["features"]
    ]
    rows: list[list[str]] = []
    for slide in _titled(file, ZH["outputs.report.area-table"]):
        (table,) = (_rows(shape) for shape in slide.shapes if shape.has_table)
        head, rows = table[0], rows + table[1:]
    figures, at = Figures(ZH), head.index(ZH["outputs.col.households"])
    assert [(row[0], row[at]) for row in rows if row[0]] == [
        (
            str(one["id"]),
            figures.number(at_least(one["households"], one["households_known"], one["neighbourhoods"])),
        )
        for one in told
    ]


def test_every_area_has_a_slide_with_a_map_and_what_can_be_drawn(file: Any, plan: Plan) -> None:
    for area in plan.areas.index:
        title = next(one.title for one in deck(plan, ZH).slides if one.picture == ("areas", int(area)))
        (slide,) = _titled(file, title)
        assert sum(shape.shape_type == 13 for shape in slide.shapes) == 1
        bars = pooling_bars(plan, int(area), ZH)
        charts = [shape.chart for shape in slide.shapes if shape.has_chart]
        assert len(charts) == (bars is not None)
        for chart in charts:
            assert tuple(chart.plots[0].categories) == bars.names
            drawn = [(one.name, tuple(one.values)) for one in chart.plots[0].series]
            assert drawn == [(name, values) for name, values in bars.series]
            # What is unknown has no bar, and no bar stands for it.
            assert all(value is not None for _, values in bars.series for value in values)


def test_what_an_area_lacks_is_told_whole(file: Any, plan: Plan) -> None:
    """What does not fit beside the map of an area stands on the slides that follow."""
    for told in (one for one in deck(plan, ZH).slides if one.kind == "area"):
        assert told.table is not None
        follow = ZH["outputs.slides.continued"].replace("{title}", told.title)
        rows: list[list[str]] = []
        for slide in [*_titled(file, told.title), *_titled(file, follow)]:
            rows += next((_rows(shape)[1:] for shape in slide.shapes if shape.has_table), [])
        assert rows == [list(row) for row in told.table["rows"]]


def test_slides_of_deficits_are_called_and_ordered_as_the_pages_of_the_report(plan: Plan) -> None:
    told = deck(plan, ZH)
    figures = Figures(ZH)
    for item in chosen(plan, [DEFICITS], ZH):
        page = figure_page(plan, item, figures)
        (slide,) = (one for one in told.slides if one.picture == (item.theme, None))
        assert slide.title == page["title"]
        assert slide.table is not None
        assert [row[1:] for row in slide.table["rows"]] == [row[2:] for row in page["table"]["rows"]]
    # Of what has a least size, deficits alone are no smaller or greater than that of all together.
    facility = plan.standard.facility("elder_care")
    assert facility is not None
    sized = name_and_unit(facility, ZH)
    rows = [row for one in told.slides if one.kind == "area" and one.table for row in one.table["rows"]]
    assert {row[1] for row in rows if row[0].startswith(sized)} == {"—"}


def test_a_status_stands_beside_every_figure(file: Any, plan: Plan) -> None:
    """Of all areas above the table of a deficit, of one area by its mark, of people below the indicators."""
    for facility in plan.standard.facilities[:FIRST]:
        (slide,) = _titled(file, deficit_heading(facility, ZH))
        texts = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
        assert facility_status(plan, facility, ZH) in texts
    area = int(plan.areas.index[0])
    told = next(one for one in deck(plan, ZH).slides if one.picture == ("areas", area))
    (slide,) = _titled(file, told.title)
    assert told.lines[0].text in [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
    marks = dict(reversed(part.split(" ", 1)) for part in told.lines[0].text.split("；"))
    assert len(marks) > 1
    assert told.table is not None
    of = {name_and_unit(one, ZH): facility_status(plan, one, ZH, area) for one in plan.standard.facilities}
    for row in told.table["rows"]:
        name, mark = row[0].rsplit(" ", 1)
        assert marks[of[name]] == mark
    people = plan.neighbourhoods.assign(households_flag="estimated")
    estimated = deck(dataclasses.replace(plan, neighbourhoods=people), ZH)
    shown = next(one for one in estimated.slides if one.title == ZH["outputs.report.area-table"])
    assert shown.lines[0].text.startswith("户数：含估算")


def test_the_cover_answers_five_questions_or_says_what_is_missing(file: Any) -> None:
    (table,) = (_rows(shape) for shape in file.slides[0].shapes if shape.has_table)
    assert len(table) == 5
    assert all(question and answer for question, answer in table)
    assert any(ZH["outputs.chapter.fill-answer-2"] in answer for _, answer in table)


def test_no_text_is_smaller_than_the_least(file: Any) -> None:
    frames = [shape.text_frame for slide in file.slides for shape in slide.shapes if shape.has_text_frame]
    cells = [
        cell.text_frame
        for slide in file.slides
        for shape in slide.shapes
        if shape.has_table
        for row in shape.table.rows
        for cell in row.cells
    ]
    sizes = [run.font.size for one in (*frames, *cells) for line in one.paragraphs for run in line.runs]
    assert min(size for size in sizes if size is not None) >= LEAST
    charts = [shape.chart for slide in file.slides for shape in slide.shapes if shape.has_chart]
    assert charts
    assert all(chart.font.size >= LEAST for chart in charts)


def test_everything_stands_within_the_slide(file: Any) -> None:
    for slide in file.slides:
        for shape in slide.shapes:
            assert 0 <= shape.left <= file.slide_width - shape.width, shape.name
            assert 0 <= shape.top <= file.slide_height - shape.height, shape.name


def test_the_same_plan_gives_the_same_bytes(path: Path, plan: Plan, tmp_path: Path) -> None:
    write_pptx(plan, tmp_path / "again.pptx", ZH, dpi=30.0)
    assert (tmp_path / "again.pptx").read_bytes() == path.read_bytes()


def test_two_schemes_get_a_slide_that_compares_them(plan: Plan, tmp_path: Path) -> None:
    found = compare(sample_plan(2, 4, 3, seed=5), plan)
    write_pptx(plan, tmp_path / "two.pptx", EN, Page(area_pages=False), dpi=30.0, comparison=found)
    titles = [
        one.shapes.title.text_frame.text for one in pptx.Presentation(str(tmp_path / "two.pptx")).slides
    ]
    assert any(title.startswith(EN["outputs.slides.comparison"].split("{")[0]) for title in titles)
    assert titles[-1] == EN["outputs.slides.next"]
