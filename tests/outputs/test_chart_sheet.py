"""Charts draw what is known and name what is not; those of the workbook stand beside their numbers."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from plan_sample import sample_plan, sample_words

from renomap.model.plan import Plan
from renomap.outputs.chart_data import decade_bars, facility_bars, known_bars, plan_bars, pooling_bars
from renomap.outputs.findings import facility_lines
from renomap.outputs.numbers import missing
from renomap.outputs.tables import write_xlsx

ZH = sample_words("zh")


@pytest.fixture(scope="module")
def plan() -> Plan:
    return sample_plan(4, 5, 4)


def test_a_deficit_without_one_number_has_no_bar_and_is_named(plan: Plan) -> None:
    for facility in plan.standard.facilities[:3]:
        bars = facility_bars(plan, facility, ZH)
        assert len(bars.names) + len(bars.left_out) == len(plan.areas)
        for name, pooled in zip(bars.names, bars.series[1][1], strict=True):
            area = int(name.split(" ")[0])
            (line,) = (one for one in facility_lines(plan, area) if one.facility.key == facility.key)
            assert pooled == line.deficit
        assert bool(bars.note(ZH)) == bool(bars.left_out)


def test_bars_of_one_chart_have_one_unit(plan: Plan) -> None:
    for area in plan.areas.index:
        bars = pooling_bars(plan, int(area), ZH)
        assert bars is None or len({len(values) for _, values in bars.series}) == 1


def test_households_of_the_decades_are_all_known_households(plan: Plan) -> None:
    inside = plan.neighbourhoods[plan.neighbourhoods["area_id"] != 0]
    (series,) = decade_bars(plan, ZH).series
    assert sum(value or 0.0 for value in series[1]) == inside["households"].sum()
    known, unknown = (values for _, values in known_bars(plan, ZH).series)
    assert {a + b for a, b in zip(known, unknown, strict=True)} == {len(inside)}
    assert known[0] == sum(not missing(value) for value in inside["households"])


def test_the_sheet_has_a_chart_beside_each_block_of_numbers(plan: Plan, tmp_path: Path) -> None:
    write_xlsx(plan, tmp_path / "t.xlsx", ZH)
    sheet = openpyxl.load_workbook(tmp_path / "t.xlsx")[ZH["outputs.sheet.charts"]]
    drawn = [bars for bars in plan_bars(plan, ZH) if bars.names]
    assert len(sheet._charts) == len(drawn)
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(max_col=3)]
    titles = [row[0] for row in rows]
    for bars in drawn:
        top = titles.index(bars.title)
        told = rows[top + 2 : top + 2 + len(bars.names)]
        assert [row[0] for row in told] == list(bars.names)
        for c, (_, values) in enumerate(bars.series, start=1):
            for row, value in zip(told, values, strict=True):
                # A word would be drawn as a bar of no length.
                assert row[c] == (None if value is None else pytest.approx(value, abs=1e-4))
