"""The report's page on what differs from another scheme, read back from the PDF."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pypdfium2
import pytest
from plan_sample import sample_plan, sample_words

from renomap.model.comparison import BETTER, UNSURE
from renomap.model.page import Page
from renomap.model.plan import Plan
from renomap.outputs import comparison_tables
from renomap.outputs.report import write_pdf
from renomap.outputs.report_content import content
from renomap.steps.compare import beside, compare


@pytest.fixture(scope="module")
def pair() -> tuple[Plan, Plan]:
    """A plan, and the same before the first neighbourhood of area 2 came from area 1."""
    after = sample_plan(3, 4, 6, first=30)
    frame = after.neighbourhoods.copy()
    fid = frame.index[frame["area_id"] == 2][0]
    frame.loc[fid, "area_id"] = 1
    return replace(after, neighbourhoods=frame), after


def test_the_page_says_what_moved_and_stands_in_the_pdf(pair: tuple[Plan, Plan], tmp_path: Path) -> None:
    before, after = pair
    plan, path = beside(after, before), tmp_path / "report.pdf"
    data = content(plan, sample_words("zh"), area_pages=False)
    assert len(data["comparison_moved"]["rows"]) == 1
    assert len(data["comparison_areas"]["rows"]) == 2
    write_pdf(plan, path, sample_words("zh"), Page(area_pages=False))
    document = pypdfium2.PdfDocument(path)
    texts = [page.get_textpage().get_text_range() for page in document]
    document.close()
    assert any("归属变化的小区" in text and "指标对比" in text for text in texts)


def test_a_report_of_one_scheme_has_no_such_page(pair: tuple[Plan, Plan]) -> None:
    assert "comparison_told" not in content(pair[1], sample_words("zh"), area_pages=False)


def _with_money(plan: Plan, gap: tuple[float, float], held: tuple[str, ...]) -> Plan:
    """The plan with a programme of one project that costs 4.8 m yuan."""
    row = {"cost_low": 4.8e6, "cost_high": 4.8e6, "held": held}
    row |= {
        f"{name}_{end}": value
        for name in ("gap", "financed")
        for end, value in zip(("low", "high"), gap, strict=True)
    }
    return replace(plan, programme=SimpleNamespace(projects=pd.DataFrame([row], index=[1])))  # type: ignore[arg-type]


def test_money_and_gates_are_compared_and_an_open_end_leaves_the_verdict_open(
    pair: tuple[Plan, Plan],
) -> None:
    before = _with_money(pair[0], (2e6, 2e6), ("consent",))
    after = _with_money(pair[1], (1.5e6, 1.5e6), ())
    found = compare(before, after)
    rows = found.totals.set_index(["subject", "figure"])
    assert rows.loc[("gap", "money_low")].tolist() == [2e6, 1.5e6, BETTER]
    assert rows.loc[("cleared", "")].tolist() == [0, 1, BETTER]
    assert rows.loc[("cost", "money_high"), "verdict"] == ""
    told = {
        row[0]: row[1:] for row in comparison_tables.brief_indicators(found, sample_words("zh"), after).rows
    }
    assert told["资金缺口（不含融资，万元）"] == ("200.0", "150.0", "更优")
    unsure = compare(before, _with_money(pair[1], (0.0, np.nan), ())).totals.set_index(["subject", "figure"])
    assert unsure.loc[("gap", "money_low"), "verdict"] == UNSURE
