"""Sheets of progress and acceptance, read back: amounts by item, rates that are cut, what is against it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from plan_sample import sample_plan, sample_words

from renomap.model.plan import Plan
from renomap.model.programme import Programme
from renomap.outputs import acceptance_tables
from renomap.outputs.acceptance_texts import rate_text
from renomap.outputs.tables import write_xlsx
from renomap.steps.programme import with_programme

ZH = sample_words("zh")


@pytest.fixture(scope="module")
def plan() -> Plan:
    """Area 1: pipes half done with half of the rest open, and 8,999 of 10,000 satisfied."""
    bare = sample_plan()
    area = int(str(bare.areas.index[0]))
    members = [int(str(fid)) for fid in bare.neighbourhoods.index[bare.neighbourhoods["area_id"] == area]]
    pipes = {"item": "pipes", "unit": "km"}
    programme = Programme(rules="shenyang")
    for name, rows in {
        "projects": [{"scheme": None, "area": area, "person": "张三", "reported_on": "2026-10-01"}],
        "works": [
            {"fid": members[0], **pipes, "quantity": 1.5, "status": "done"},
            {"fid": members[0], **pipes, "quantity": 0.5, "status": "ongoing"},
        ],
        "surveys": [
            {"fid": fid, "kind": "acceptance", "issued": 20_000, "returned": 10_000, "yes": 8_999}
            for fid in members
        ],
    }.items():
        programme = programme.with_rows(name, rows)
    return with_programme(bare, replace(bare.project, programme=programme))


def test_sheets_of_progress_and_acceptance(plan: Plan, tmp_path: Path) -> None:
    write_xlsx(plan, tmp_path / "out.xlsx", ZH)
    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    (cells,) = [row for row in book["6e 实施进度"].iter_rows() if row[6].value == "km"]
    done = [cell.value for cell in cells]
    assert done[2:5] == ["施工", "张三", "2026-10-01"]
    assert done[7:] == [2, 1.5, "75%–100%", "1/2"]
    assert "≥" in cells[8].number_format, "a range is shown from its least"
    (row,) = [row for row in book["9 满意度与验收"].iter_rows(values_only=True) if row[3] == "未办理"]
    members = len(plan.neighbourhoods[plan.neighbourhoods["area_id"] == plan.areas.index[0]])
    assert row[4:10] == (
        f"{members}/{members}",
        20_000 * members,
        10_000 * members,
        0.5,
        8_999 * members,
        0.8999,
    )
    assert row[10] == "未达到"
    assert "低于 90%" in row[12]
    assert "老化管线改造" in row[12], "basic works are not done"


def test_a_programme_without_works_and_surveys_has_no_such_sheet(plan: Plan) -> None:
    bare = Programme(rules="changsha").with_rows("projects", [{"area": int(str(plan.areas.index[0]))}])
    other = with_programme(plan, replace(plan.project, programme=bare))
    assert other.programme is not None
    assert not acceptance_tables.progress(other.programme, ZH).rows
    assert not acceptance_tables.acceptance(other, other.programme, ZH).rows


def test_a_rate_is_cut_and_never_rounded_up() -> None:
    assert [rate_text(value, ZH) for value in (0.89999, 0.9, 0.8999)] == ["89.99%", "90.00%", "89.99%"]
