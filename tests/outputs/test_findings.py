"""What is said of a facility or a neighbourhood: nameless ones, surplus that helps nobody, meeting values."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from plan_sample import sample_plan, sample_words

from renomap.model.problem import Result
from renomap.model.standard import Level, MeetingValue
from renomap.outputs.area_content import area_content
from renomap.outputs.findings import (
    FacilityLine,
    facility_lines,
    facility_total,
    meeting_text,
    neighbourhood_name,
    proof_text,
    required_text,
    span_text,
    uneven_text,
)
from renomap.outputs.numbers import Figures
from renomap.outputs.report_content import content

ZH, EN = sample_words("zh"), sample_words("en")


@pytest.mark.parametrize("name", [None, "", np.nan])
def test_a_nameless_neighbourhood_is_called_by_its_number(name: object) -> None:
    assert neighbourhood_name(12, name, ZH) == "小区 #12"
    assert neighbourhood_name(12, name, EN) == "Neighbourhood #12"
    assert neighbourhood_name(12, "南塘小区", ZH) == "南塘小区"


def _line(*, required: float, supply: float, deficit: float) -> FacilityLine:
    plan = sample_plan()
    (line,) = [one for one in facility_lines(plan, int(plan.areas.index[0])) if one.facility.key == "nursery"]
    return replace(line, required=required, supply=supply, deficit=deficit, state="short")


def test_a_deficit_beyond_need_less_supply_is_explained() -> None:
    # 26 chargers are needed and 25 stand in one place that the others cannot reach: 24 are lacking.
    line = _line(required=26.0, supply=25.0, deficit=24.0)
    linked = replace(line.facility, level=Level.AREA, linked=True, radius_m=150.0)
    assert "150 米" in uneven_text(replace(line, facility=linked), ZH)
    alone = replace(line.facility, pooled=False)
    assert uneven_text(replace(line, facility=alone), ZH) == "各小区分别计算，余量不互相抵补"
    assert uneven_text(_line(required=26.0, supply=2.0, deficit=24.0), ZH) == ""
    assert uneven_text(_line(required=26.0, supply=30.0, deficit=0.0), ZH) == ""


def test_newly_served_are_summed_as_a_range_over_the_areas_concerned() -> None:
    plan = sample_plan(2, 6, 0, first=1)
    facility = plan.standard.facility("ebike")
    assert facility is not None
    areas = plan.areas.assign(ebike_newly_low=[0.0, 300.0], ebike_newly_high=[0.0, 500.0])
    total = facility_total(replace(plan, areas=areas), facility)
    assert (total.newly_low, total.newly_high, total.gaining) == (300, 500, 1)


def test_one_open_end_opens_the_sum_of_newly_served() -> None:
    plan = sample_plan(2, 6, 0, first=1)
    facility = plan.standard.facility("ebike")
    assert facility is not None
    areas = plan.areas.assign(ebike_newly_low=[100.0, 300.0], ebike_newly_high=[150.0, np.nan])
    total = facility_total(replace(plan, areas=areas), facility)
    assert (total.newly_low, total.newly_high, total.gaining) == (400, None, 2)
    figures = Figures(ZH)
    assert span_text(total.newly_low, total.newly_high, figures) == "≥400"
    assert span_text(0.0, None, figures) == ZH["outputs.unknown"]  # not less than nothing says nothing
    assert span_text(0.0, 120.0, figures) == "0–120"


@pytest.mark.parametrize(
    ("need", "need_high", "required", "said"),
    [
        (241.6, np.nan, 300.0, ("≥242", "≥300")),  # of some members nobody knows how many live there
        (np.nan, np.nan, 300.0, ("无数据", "≥300")),  # of none
        (241.6, 280.0, 300.0, ("≥242", "300")),  # whatever the rest is, the least size is enough
        (241.6, 340.0, 300.0, ("≥242", "≥300")),
        (241.6, 241.6, 300.0, ("242", "300")),
    ],
)
def test_what_unknown_members_may_add_to_is_printed_as_the_least(
    need: float, need_high: float, required: float, said: tuple[str, str]
) -> None:
    """In the table of an area and on the web map alike; elderly care needs a place of 300 m² at least."""
    plan = sample_plan(1, 4, 0)
    columns = {"need": need, "need_high": need_high, "required": required, "state": "short"}
    areas = plan.areas.assign(**{f"elder_care_{name}": value for name, value in columns.items()})
    plan = replace(plan, areas=areas)
    area = int(plan.areas.index[0])
    (line,) = [line for line in facility_lines(plan, area) if line.facility.key == "elder_care"]
    rows = area_content(plan, area, Figures(ZH))["deficits"]["rows"]
    (row,) = [row for row in rows if row[0].startswith(line.facility.zh)]
    assert tuple(row[1:3]) == said
    assert required_text(line, Figures(ZH)) == said[1]


def test_a_subsidy_of_partly_known_or_estimated_households_says_so() -> None:
    plan = sample_plan(1, 4, 0)
    members = plan.neighbourhoods.assign(households_flag="estimated")
    areas = plan.areas.assign(city_subsidy=7_248_000.0, district_subsidy=7_248_000.0, households_known=3)
    plan = replace(plan, areas=areas, neighbourhoods=members)
    area, figures = int(plan.areas.index[0]), Figures(ZH)
    assert int(plan.areas["neighbourhoods"].iloc[0]) == 4
    facts = dict(area_content(plan, area, figures)["figures"])
    assert facts["补助测算(万元)"].startswith("市级 ≥724.8，区级不少于 724.8（3/4")
    assert "含估算" in facts["补助测算(万元)"]
    table = content(plan, ZH, area_pages=False)["area_table"]
    for row in (table["rows"][0], table["total"]):
        printed = dict(zip(table["head"], row, strict=True))
        assert (printed["市补测算(万元)"], printed["区补测算（不低于，万元）"]) == ("≥724.8", "≥724.8")
        assert "含估算" in printed["补助取值"]


def test_a_sum_of_which_nothing_is_known_is_no_range() -> None:
    plan, words = sample_plan(), sample_words("zh")
    numbers = [name for name in plan.areas if "elder_care_deficit" in name or "elder_care_newly" in name]
    areas = plan.areas.assign(**dict.fromkeys(numbers, np.nan), elder_care_state="unknown")
    areas["elder_care_deficit_low"] = 0.0
    told = content(replace(plan, areas=areas), words, area_pages=False)["totals"][2]
    assert told["value"] == words["outputs.unknown"]
    assert told["note"] == words["outputs.report.none-known"]


def test_meeting_values_are_said_in_the_language_of_the_page() -> None:
    line = _line(required=1.0, supply=1.0, deficit=0.0)
    facility = replace(line.facility, unit="space", base="household", rate=0.6, rate_per=1.0)
    value = MeetingValue(facility.key, "rate", "0.6/household", "王工", "2026-11-20T09:30:00")
    assert meeting_text(facility, value, ZH) == "取值 0.6 个/户（暂定值，待会议确认，王工，2026-11-20）"
    told = meeting_text(facility, value, EN)
    assert told == "0.6 spaces per household (provisional, set for this meeting, 王工, 2026-11-20)"
    radius = MeetingValue(facility.key, "radius_m", "none", "", "")
    assert meeting_text(facility, radius, ZH) == "不设服务半径（暂定值，待会议确认）"
    assert all("{" not in meeting_text(facility, replace(value, key=key), ZH) for key in _keys())


def _keys() -> list[str]:
    prefix = "outputs.meeting-key."
    return [code.removeprefix(prefix) for code in ZH if code.startswith(prefix)]


@pytest.mark.parametrize(
    ("asked", "proof", "gap", "complete", "zh"),
    [
        (12, "optimal", 0.0, True, "在指定 12 个片区和现行规则下已证明最优。"),
        ("auto", "optimal", 0.0, True, "在 12 个片区和现行规则下已证明最优。"),
        ("most", "optimal", 0.0, True, "在现行规则下已证明片区数量最多。"),
        (12, "bound", 0.1, True, "在指定 12 个片区和现行规则下，与最优相差不超过 10.0%。"),
        ("auto", "bound", 0.034, True, "在 12 个片区和现行规则下，与最优相差不超过 3.4%。"),
        ("auto", "bound", 0.478, True, "未证明最优。"),
        ("auto", "not_proven", None, True, "未证明最优。"),
        (12, "bound", 0.01, False, "已提前停止，此为当时最优。"),
    ],
)
def test_a_proof_says_which_question_it_answers(
    asked: int | str, proof: str, gap: float | None, complete: bool, zh: str
) -> None:
    done = Result(np.zeros(1, np.int32), 12, {}, 0.6, proof=proof, gap=gap, complete=complete, asked=asked)
    assert proof_text(done, ZH) == zh
    assert "%" not in proof_text(replace(done, gap=0.478), EN)
