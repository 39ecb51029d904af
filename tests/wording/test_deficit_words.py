"""One deficit, one text: on map, list, slide, table and in a sentence."""

from __future__ import annotations

import pytest
from plan_sample import sample_plan, sample_standard, sample_words

from renomap.outputs.numbers import Figures
from renomap.wording.deficits import (
    deficit_heading,
    deficit_phrase,
    deficit_text,
    lack_name,
    lack_unit,
    state_text,
)

ZH = sample_words("zh")
NAN = float("nan")


@pytest.mark.parametrize(
    ("low", "high", "deficit", "state", "text", "phrase"),
    [
        (61.0, 114.0, NAN, "short", "61–114", "不少于 61（至多 114）"),
        (0.0, 150.0, NAN, "unknown", "0–150", "至多 150"),
        (8.0, NAN, NAN, "short", "≥8", "不少于 8"),
        (8.0, 8.0, NAN, "short", "≥8", "不少于 8"),
        (300.0, 300.0, 300.0, "short", "300", "300"),
        (0.0, 0.0, 0.0, "met", "0", "0"),
        (NAN, NAN, NAN, "unknown", "未知", "未知"),
        (0.0, NAN, NAN, "unknown", "未知", "未知"),
        (NAN, NAN, NAN, "not_set", "—", "—"),
    ],
)
def test_a_deficit_is_written_by_one_rule(
    low: float, high: float, deficit: float, state: str, text: str, phrase: str
) -> None:
    assert deficit_text(low, high, deficit, state, ZH) == text
    assert Figures(ZH).deficit(low, high, deficit, state) == text
    assert deficit_phrase(low, high, deficit, state, ZH) == phrase


def test_elevators_are_not_a_deficit() -> None:
    elevator, parking = sample_standard().facilities[:2]
    assert lack_name(elevator, ZH) == "待加装单元（可行性另核）"
    assert lack_unit(elevator, ZH) == "个"
    assert state_text("short", elevator, ZH) == "待加装"
    assert (lack_name(parking, ZH), state_text("short", parking, ZH)) == ("机动车停车位", "有缺口")


def test_the_map_says_what_the_list_says() -> None:
    from renomap.cartography.themes import theme_of

    plan = sample_plan(2, 3, 0, first=1)
    areas = plan.areas.assign(
        elder_care_deficit=NAN, elder_care_deficit_low=0.0, elder_care_deficit_high=[150.0, NAN],
        elder_care_state="unknown",
    )  # fmt: skip
    plan = type(plan)(**{**plan.__dict__, "areas": areas})
    told = theme_of(plan, "deficit:elder_care", ZH)
    assert list(told.figures.values()) == ["缺 0–150 m²", "待调查"]
    fills = told.fill_classes
    assert fills is not None
    (name,) = {entry.text for entry in told.groups[0].entries if set(entry.classes) & set(fills.tolist())}
    assert name == ZH["state.unknown"]


def test_a_map_of_elevators_is_called_after_stairwells_wherever_it_stands() -> None:
    """On the map, in the list of maps of the proposal, on its slide; and 0 of them is no deficit of 0."""
    from renomap.cartography.themes import theme_of
    from renomap.outputs.slides_content import deck

    plan = sample_plan(2, 3, 0, first=1)
    elevator, parking = plan.standard.facilities[:2]
    areas = plan.areas.assign(
        elevator_deficit=0.0, elevator_deficit_low=0.0, elevator_deficit_high=0.0, elevator_state="met"
    )
    plan = type(plan)(**{**plan.__dict__, "areas": areas})
    told = theme_of(plan, "deficit:elevator", ZH)
    assert told.heading == deficit_heading(elevator, ZH) == "待加装单元分布图"
    assert deficit_heading(parking, ZH) == "机动车停车位缺口分析图"
    assert set(told.figures.values()) == {"无待加装单元"}
    assert "待加装单元分布图" in [slide.title for slide in deck(plan, ZH).slides]
