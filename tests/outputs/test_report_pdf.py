"""The report read back through pypdfium2: its text is searchable, complete, each page holds its own rows."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pypdfium2
import pytest
from plan_sample import HOSTILE, sample_plan, sample_standard, sample_words

from renomap.cartography.fonts import legible
from renomap.errors import RenomapError
from renomap.model.page import Page
from renomap.model.plan import Plan
from renomap.outputs import report
from renomap.outputs.numbers import Figures
from renomap.outputs.report import ReportResult
from renomap.outputs.report_layout import PAPERS, fit, lines, table_height


def squeezed(text: str) -> str:
    """Without white space and control characters, as printed: a name may be wrapped in a narrow column."""
    return legible(re.sub(r"[\s\x00-\x1f\ufffe]", "", text))


def page_texts(path: Path) -> list[str]:
    document = pypdfium2.PdfDocument(path)
    texts = []
    for page in document:
        reader = page.get_textpage()
        texts.append(squeezed(reader.get_text_range()))
        reader.close()
        page.close()
    document.close()
    return texts


@pytest.fixture(scope="module")
def plan() -> Plan:
    return sample_plan(3, 4, 6, first=30)


@pytest.fixture(scope="module")
def made(plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> tuple[ReportResult, list[str]]:
    path = tmp_path_factory.mktemp("report") / "报告.pdf"
    result = report.write_pdf(plan, path, sample_words("zh"))
    return result, page_texts(path)


def test_pages_are_counted_and_named(made: tuple[ReportResult, list[str]], plan: Plan) -> None:
    result, texts = made
    assert result.pages == len(texts)
    assert list(result.area_pages) == plan.areas.index.tolist()
    for k, text in enumerate(texts, start=1):
        assert plan.stamp in text
        assert f"第{k}页共{len(texts)}页" in text
        assert "征求意见稿" in text


def test_each_area_starts_a_page_and_holds_exactly_its_rows(
    made: tuple[ReportResult, list[str]], plan: Plan
) -> None:
    result, texts = made
    frame = plan.neighbourhoods
    own_numbers = {fid: squeezed(name) for fid, name in frame["name"].items() if "号院" in name}
    for area, pages in result.area_pages.items():
        text = "".join(texts[page - 1] for page in pages)
        members = set(frame.index[frame["area_id"] == area])
        for fid, name in frame["name"].items():
            if fid in members:
                assert squeezed(name) in text
            elif fid in own_numbers and not any(own_numbers[fid] in own_numbers.get(m, "") for m in members):
                assert own_numbers[fid] not in text
        for facility in plan.standard.facilities:
            assert squeezed(facility.zh) in text
        assert squeezed(plan.areas.loc[area, "name"]) in texts[pages[0] - 1]
    starts = [pages[0] for pages in result.area_pages.values()]
    assert len(set(starts)) == len(starts)


def test_a_long_table_continues_under_its_title(made: tuple[ReportResult, list[str]]) -> None:
    result, texts = made
    assert len(result.area_pages[1]) > 1
    assert "片区1化龙池片区（续）" in texts[result.area_pages[1][1] - 1]
    assert "（续）" not in texts[result.area_pages[1][0] - 1]


def test_every_name_is_found_in_the_text(made: tuple[ReportResult, list[str]], plan: Plan) -> None:
    text = "".join(made[1])
    for name in [*plan.neighbourhoods["name"], *plan.areas["name"]]:
        assert squeezed(name) in text
    for name in HOSTILE:  # markup stays text
        assert squeezed(name) in text


def test_the_numbers_are_those_of_the_plan(made: tuple[ReportResult, list[str]], plan: Plan) -> None:
    figures = Figures(sample_words("zh"))
    result, texts = made
    assert figures.number(plan.areas["households"].sum()) in texts[0]
    for area, pages in result.area_pages.items():
        row, text = plan.areas.loc[area], "".join(texts[page - 1] for page in pages)
        assert figures.number(row["households"]) in text
        for key in ("elevator", "elder_care", "nursery"):
            shown = figures.deficit(
                row[f"{key}_deficit_low"],
                row[f"{key}_deficit_high"],
                row[f"{key}_deficit"],
                row[f"{key}_state"],
            )
            assert shown in text
        assert "标准未设值" in text
        assert "部分核实" in text
    assert "GB55038-20254.2.4" in "".join(texts)


def test_reasons_and_assumptions_are_printed(made: tuple[ReportResult, list[str]]) -> None:
    text = "".join(made[1])
    for sentence in (
        "30米内无相邻小区",
        "被浏阳河隔断，达不到最小规模",
        "未加载图层<b>roads</b>，未考虑阻隔。",
        "取值1处/小区（暂定值，待会议确认，王工，2026-11-20）",
        "未达配建人口规模、由街道（社区）统筹配置的需求",
    ):
        assert sentence in text


def test_columns_of_which_nothing_is_known_are_named_instead_of_printed(tmp_path: Path) -> None:
    plan = sample_plan(3, 3, 1)
    areas, people = plan.areas.copy(), plan.neighbourhoods.copy()
    for frame in (areas, people):
        frame[["population", "year_min", "year_max", "buildings"]] = float("nan")
    areas[["consent_asked_share", "consent_yes_share"]] = 0.9
    unknown = dataclasses.replace(plan, areas=areas, neighbourhoods=people)
    report.write_pdf(unknown, tmp_path / "r.pdf", sample_words("zh"), Page(figures=("none",)))
    texts = page_texts(tmp_path / "r.pdf")
    assert "各行均无数据、未列出：楼栋数、人口、建成年代。" in texts[1]
    assert "各行均无数据、未列出：建成年代、楼栋数" in texts[2]
    assert texts[1].count("无数据") == 1


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a4_has_the_same_rows(plan: Plan, tmp_path: Path, language: str) -> None:
    result = report.write_pdf(plan, tmp_path / "r.pdf", sample_words(language), Page(report="a4"))
    texts = page_texts(tmp_path / "r.pdf")
    assert result.pages == len(texts)
    for area, pages in result.area_pages.items():
        text = "".join(texts[page - 1] for page in pages)
        for name in plan.neighbourhoods.loc[plan.neighbourhoods["area_id"] == area, "name"]:
            assert squeezed(name) in text
    document = pypdfium2.PdfDocument(tmp_path / "r.pdf")
    assert document[0].get_size() == pytest.approx((841.89, 595.28), abs=0.1)
    document.close()


def test_area_pages_can_be_left_out(plan: Plan, tmp_path: Path) -> None:
    result = report.write_pdf(
        plan, tmp_path / "r.pdf", sample_words("zh"), Page(area_pages=False, figures=("none",))
    )
    assert result.area_pages == {}
    assert result.pages == len(page_texts(tmp_path / "r.pdf")) == 4


def test_the_same_plan_gives_the_same_text_and_time(plan: Plan, tmp_path: Path) -> None:
    for name in ("a.pdf", "b.pdf"):
        report.write_pdf(plan, tmp_path / name, sample_words("zh"), Page(area_pages=False))
    assert page_texts(tmp_path / "a.pdf") == page_texts(tmp_path / "b.pdf")
    assert b"20261123093000" in (tmp_path / "a.pdf").read_bytes()


def test_what_cannot_be_reported_is_a_sentence(plan: Plan, tmp_path: Path) -> None:
    words = sample_words("en")
    with pytest.raises(RenomapError) as fault:
        report.write_pdf(plan, tmp_path / "r.pdf", words, Page(report="B5"))
    assert fault.value.code == "outputs.paper"
    with pytest.raises(RenomapError) as fault:
        report.write_pdf(sample_plan(0, 0, 3), tmp_path / "r.pdf", words)
    assert fault.value.code == "outputs.no-areas"
    with pytest.raises(RenomapError) as fault:
        report.write_pdf(plan, tmp_path / "no" / "r.pdf", words)
    assert fault.value.code == "outputs.no-folder"
    assert list(tmp_path.iterdir()) == []


def test_a_standard_of_many_facilities_keeps_every_row(tmp_path: Path) -> None:
    """More than fits beside the map: the table moves to a page of its own instead of being cut."""
    plan = sample_plan(1, 5, 0)
    base = sample_standard()
    last = base.facilities[-1]
    more = tuple(
        dataclasses.replace(last, key=f"extra{k}", zh=f"附加设施{k:02d}", clause="很长的条文" * 12)
        for k in range(90)
    )
    plan = dataclasses.replace(plan, standard=dataclasses.replace(base, facilities=(*base.facilities, *more)))
    result = report.write_pdf(plan, tmp_path / "r.pdf", sample_words("zh"))
    texts = page_texts(tmp_path / "r.pdf")
    text = "".join(texts[page - 1] for page in result.area_pages[1])
    assert len(result.area_pages[1]) > 1
    for facility in plan.standard.facilities:
        assert squeezed(facility.zh) in text


def test_columns_are_as_wide_as_their_longest_word() -> None:
    table = {
        "head": ["Neighbourhoods", "Remark"],
        "align": ["right", "left"],
        "widths": [1.0, 9.0],
        "rows": [["6", "a long remark of many short words"]],
    }
    fit(table, 100.0, 8.0)
    assert sum(table["widths"]) == pytest.approx(100.0)
    assert table["widths"][0] > 14 * 0.55 * 8.0 * 25.4 / 72
    one_line = table_height(table)
    table["rows"] *= 2
    assert table_height(table) > one_line
    assert lines("汉" * 10, 10 * 8.0 * 25.4 / 72, 8.0) == 1
    assert lines("汉" * 11, 10 * 8.0 * 25.4 / 72, 8.0) == 2
    assert PAPERS["A3"].body == (390.0, 255.0)
