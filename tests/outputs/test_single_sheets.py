"""Neighbourhood sheets: batches joined, stopped without a trace, in the words of both languages."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pypdfium2
import pytest
from plan_sample import sample_plan

from renomap.errors import Cancelled, RenomapError
from renomap.model.feedback import Silent
from renomap.model.page import Page
from renomap.model.plan import Plan
from renomap.outputs import neighbourhood_sheets, notice_sheet, single_sheets
from renomap.outputs.work_texts import quantity_text, without_mobiles
from renomap.wording.catalogue import words


@pytest.fixture(scope="module")
def plan() -> Plan:
    return sample_plan()


class Stopping(Silent):
    """Stops at the check of that number; keeps what was said of the progress."""

    def __init__(self, at: int) -> None:
        self.left, self.parts = at, list[float]()

    def check(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise Cancelled

    def progress(self, fraction: float, code: str) -> None:
        self.parts.append(fraction)


def test_batches_are_one_file_with_a_bookmark_for_each(
    plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(single_sheets, "BATCH", 2)
    path, watch = tmp_path / "s.pdf", Stopping(10_000)
    area = int(str(plan.areas.index[0]))
    members = int((plan.neighbourhoods["area_id"] == area).sum())
    assert members > 2
    count = neighbourhood_sheets.write_pdf(
        plan, path, words("en"), Page(report="A4"), key=area, feedback=watch
    )
    with pypdfium2.PdfDocument(path) as file:
        assert len(file) == count == members
        marks = list(file.get_toc())
        assert [mark.get_dest().get_index() for mark in marks] == list(range(members))
        last = file[members - 1].get_textpage().get_text_range()
    assert f"Page {members} of {members}" in last, "numbers go on over the batches"
    assert watch.parts == sorted(watch.parts)


def test_stopped_or_refused_nothing_is_left(plan: Plan, tmp_path: Path) -> None:
    path, before = tmp_path / "s.pdf", set(Path(tempfile.gettempdir()).glob("renomap-sheets-*"))
    path.write_text("kept")
    with pytest.raises(Cancelled):
        neighbourhood_sheets.write_pdf(plan, path, words("zh"), feedback=Stopping(2))
    assert [one.name for one in tmp_path.iterdir()] == ["s.pdf"]
    assert path.read_text() == "kept"
    assert set(Path(tempfile.gettempdir()).glob("renomap-sheets-*")) <= before
    with pytest.raises(RenomapError) as told:
        neighbourhood_sheets.write_pdf(plan, path, words("zh"), key=99_999)
    assert told.value.code == "maps.area-unknown"
    with pytest.raises(RenomapError) as told:
        notice_sheet.write_pdf(plan, path, words("zh"))
    assert told.value.code == "outputs.notices-none"


def test_a_quantity_keeps_its_decimals_and_its_bounds() -> None:
    zh, nan = words("zh"), float("nan")
    cases = [(1.27, 1.27), (3.0, 5.0), (3.0, nan), (nan, nan), (1200.0, 1200.0)]
    told = [quantity_text(low, high, "km", zh) for low, high in cases]
    assert told == ["1.27 km", "3–5 km", "≥3 km", "无数据", "1,200 km"]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("13812345678", ""),
        ("+86 138-1234-5678", ""),
        ("周工 13812345678、0731-88880000", "周工、0731-88880000"),
        ("0731-88880000", "0731-88880000"),
        ("城东公司（示例）", "城东公司（示例）"),
        ("91430100138123456789", "91430100138123456789"),
    ],
)
def test_mobile_numbers_go_and_others_stay(text: str, left: str) -> None:
    assert without_mobiles(text) == left
