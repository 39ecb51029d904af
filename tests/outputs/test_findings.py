"""What is said of a facility or a neighbourhood: nameless ones, surplus that helps nobody, meeting values."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from plan_sample import sample_plan, sample_words

from renomap.model.problem import Result
from renomap.model.standard import Level, MeetingValue
from renomap.outputs.findings import (
    FacilityLine,
    facility_lines,
    facility_total,
    meeting_text,
    neighbourhood_name,
    proof_text,
    uneven_text,
)

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
    assert uneven_text(replace(line, facility=alone), ZH) == "余量不互补"
    assert uneven_text(_line(required=26.0, supply=2.0, deficit=24.0), ZH) == ""
    assert uneven_text(_line(required=26.0, supply=30.0, deficit=0.0), ZH) == ""


def test_newly_served_are_summed_as_a_range_over_the_areas_concerned() -> None:
    plan = sample_plan(2, 6, 0, first=1)
    facility = plan.standard.facility("ebike")
    assert facility is not None
    areas = plan.areas.assign(ebike_newly_low=[0.0, 300.0], ebike_newly_high=[0.0, 500.0])
    total = facility_total(replace(plan, areas=areas), facility)
    assert (total.gain_low, total.gain, total.gaining) == (300, 500, 1)


def test_meeting_values_are_said_in_the_language_of_the_page() -> None:
    line = _line(required=1.0, supply=1.0, deficit=0.0)
    facility = replace(line.facility, unit="space", base="household", rate=0.6, rate_per=1.0)
    value = MeetingValue(facility.key, "rate", "0.6/household", "王工", "2026-11-20T09:30:00")
    assert meeting_text(facility, value, ZH) == "取值 0.6 个/户（本次会议取值，王工，2026-11-20 09:30）"
    told = meeting_text(facility, value, EN)
    assert told == "0.6 spaces per household (set for this meeting, 王工, 2026-11-20 09:30)"
    radius = MeetingValue(facility.key, "radius_m", "none", "", "")
    assert meeting_text(facility, radius, ZH) == "不设服务半径（本次会议取值）"
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
