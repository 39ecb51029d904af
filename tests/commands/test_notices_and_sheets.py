"""Sheets of neighbourhoods and notices through the command line, the PDF read back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from test_programme import Run, kept, make_town, run, with_values

__all__ = ["run"]  # the fixture of the other commands of the programme

COMPANY, PHONE, MOBILE = "城东建设公司", "0731-88880000", "13812345678"
PROJECT: dict[str, Any] = {
    "scheme": "s1",
    "area": 1,
    "name": "甲里片区",
    "company": COMPANY,
    "person": "周工",
    "phone": MOBILE,
    "supervision_phone": PHONE,
    "feedback": "社区居委会意见箱",
}
WORKS = [
    {"fid": 1, "item": "pipes", "quantity": 1.25, "cost": 2_000_000, "start": "2026-05", "end": "2026-09"},
    {"fid": 2, "item": "pipes", "quantity": 0.5, "start": "2026-06", "end": "2026-10-20"},
]
ON_DISPLAY = [
    {"project": 1, "gate": "notice", "round": 2, "start": "2026-03-05", "end": "2026-03-13", "body": "街道办"}
]


def pages_of(path: Path) -> list[str]:
    """The text of every page, without its line breaks."""
    with pypdfium2.PdfDocument(path) as file:
        return [page.get_textpage().get_text_range().replace("\r\n", "") for page in file]


def town(folder: Path, works: Any = WORKS, events: Any = ON_DISPLAY, **project: Any) -> Path:
    return kept(make_town("national"), folder, projects=[{**PROJECT, **project}], works=works, events=events)


def test_t12_a_notice_holds_works_parties_and_telephone(tmp_path: Path, run: Run) -> None:
    out = tmp_path / "notices.pdf"
    code, told, said = run("report", town(tmp_path), "-o", out, "--pages", "notices", "--paper", "A4")
    assert code == 0, said
    assert (told["pages"], told["lacking"]) == (2, [])
    display, board = pages_of(out)
    for text in ("甲里片区 方案公示", "2026-03-05 至 2026-03-13", "社区居委会意见箱", "街道办"):
        assert text in display
    for text in ("甲里片区 施工公示牌", "2026-05", "2026-10-20"):
        assert text in board
    for page in (display, board):
        assert "老化管线改造 1.75 km" in page, "works are summed by item"
        assert COMPANY in page
        assert PHONE in page


@pytest.mark.parametrize(
    ("change", "empty"),
    [
        ({"works": []}, "改造内容"),
        ({"company": None}, "参建方"),
        ({"supervision_phone": None}, "监督电话"),
    ],
)
def test_t12_no_notice_while_anything_is_empty(
    tmp_path: Path, run: Run, change: dict[str, Any], empty: str
) -> None:
    out = tmp_path / "notices.pdf"
    code, _, said = run("report", town(tmp_path, **change), "-o", out, "--pages", "notices")
    assert code == 2
    assert empty in said
    assert not out.exists()


def test_a_notice_without_its_dates_is_left_out_and_told(tmp_path: Path, run: Run) -> None:
    out = tmp_path / "notices.pdf"
    code, told, _ = run(
        "report", town(tmp_path, events=[]), "-o", out, "--pages", "notices", "--of", "AREA:1"
    )
    assert (code, told["pages"]) == (0, 1)
    (phrase,) = told["lacking"]
    assert "公示期" in phrase
    assert "施工公示牌" in pages_of(out)[0]


def test_t13_a_page_for_each_neighbourhood_with_its_name(tmp_path: Path, run: Run) -> None:
    source, out = town(tmp_path), tmp_path / "sheets.pdf"
    code, told, said = run("report", source, "-o", out, "--pages", "neighbourhoods")
    assert code == 0, said
    layer = make_town("national").neighbourhoods
    assert layer is not None
    pages = pages_of(out)
    assert told["pages"] == len(pages) == len(layer.frame)
    for name in layer.frame["name"]:
        assert sum(f"{name} 改造一张图" in page for page in pages) == 1, name
    (own,) = [page for page in pages if "甲里小区 改造一张图" in page]
    for text in ("1.25 km", "200.0", COMPANY, "周工", MOBILE, "资金缺口"):
        assert text in own
    (other,) = [page for page in pages if "乙里小区 改造一张图" in page]
    assert "0.50 km" in other
    assert "无数据" in other, "a cost that nobody knows is said to be unknown"


def test_the_public_sheet_holds_no_mobile_no_person_and_no_gap(tmp_path: Path, run: Run) -> None:
    source, out = town(tmp_path), tmp_path / "sheets.pdf"
    code, told, said = run(
        "report", source, "-o", out, "--pages", "neighbourhoods", "--public", "--of", "N:1", "--grey"
    )
    assert (code, told["pages"]) == (0, 1), said
    (page,) = pages_of(out)
    for text in (MOBILE, "周工", "资金缺口"):
        assert text not in page
    for text in (PHONE, COMPANY, "公开版"):
        assert text in page


def test_everything_in_one_file_with_bookmarks(tmp_path: Path, run: Run) -> None:
    town_of = with_values(make_town("national"))
    source, out = kept(town_of, tmp_path, projects=[PROJECT]), tmp_path / "all.pdf"
    code, told, said = run(
        "report", source, "-o", out, "--pages", "all", "--paper", "A4", "--figures", "none"
    )
    assert code == 0, said
    with pypdfium2.PdfDocument(out) as file:
        assert len(file) == told["pages"]
        titles = [one.get_title() for one in file.get_toc()]
    assert any("甲里小区 改造一张图" in title for title in titles)
    assert "改造内容" in told["lacking"][0]
