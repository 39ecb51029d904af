"""What stands in a finding of the programme, in an answer to a guess and beside a facility's name."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from plan_sample import sample_plan, sample_standard, sample_words

from renomap.errors import RenomapError
from renomap.model.note import GuessKind
from renomap.model.preset import Bound
from renomap.model.programme_view import ProgrammeFinding
from renomap.model.standard import Status
from renomap.wording.catalogue import choice_label, error_sentence
from renomap.wording.deficits import none_text, state_text
from renomap.wording.names import name_and_unit, unit_name
from renomap.wording.programme import finding_line, finding_text
from renomap.wording.statuses import subsidies_status

ZH, EN = sample_words("zh"), sample_words("en")
HERITAGE = ZH["programme.finding.heritage"]
GATE = SimpleNamespace(zh="方案审查", en="Review")
VIEW: Any = SimpleNamespace(projects=pd.DataFrame({"name": ["南堤片区", "无"]}, index=[1, 0]))
NAMES = {1: "建湘里", 2: "化龙池", 3: "东茅街", 4: "白果园"}


def _finding(kind: str, key: int = 0, **more: Any) -> ProgrammeFinding:
    return ProgrammeFinding(kind, "warning", key, **more)


@pytest.mark.parametrize(
    ("kind", "params", "text"),
    [
        ("heritage", None, HERITAGE),
        ("nobody", {"lacks": ("designer", "year")}, "项目还没有填写：责任设计师、计划年度。"),
        ("stale", {"gate": GATE}, "“方案审查”办理后小区有变动，需复核。"),
        ("basic_missing", {"items": (GATE, "供水")}, "基础类应改未列：方案审查、供水。"),
        ("cost_unusual", {"each": 160000},
         "户均投资 160000 元，超出通常范围（1 万至 15 万元/户，未核实），请复核。"),
        ("turn_open", {"gate": "招标", "before": "审查", "round": 2, "before_round": 1.0},
         "“招标”第 2 轮与“审查”第 1 轮的先后，日期只到月，待核。"),
    ],
)  # fmt: skip
def test_a_finding_names_what_it_is_about(kind: str, params: dict[str, Any] | None, text: str) -> None:
    assert finding_text(_finding(kind, params=params), ZH) == text


@pytest.mark.parametrize(
    ("key", "fids", "before"),
    [
        (0, (), ""),
        (1, (), "南堤片区："),
        (8, (), ""),  # a project that the view does not know
        (1, (1, 2, 3), "南堤片区·建湘里、化龙池、东茅街："),
        (1, (1, 2, 3, 4), "南堤片区·建湘里、化龙池、东茅街等共 4 个："),
        (-2, (), "化龙池："),  # a neighbourhood that is a project by itself
        (-2, (1,), "建湘里："),
        (0, (9,), "9："),  # one without a name
    ],
)
def test_a_finding_stands_behind_its_project_and_members(
    key: int, fids: tuple[int, ...], before: str
) -> None:
    assert finding_line(_finding("heritage", key, fids=fids), VIEW, NAMES, ZH) == before + HERITAGE


@pytest.mark.parametrize(
    ("code", "meridian"),
    [(4513, 75), (4533, 135), (4534, 75), (4554, 135), (4526, 114), (4547, 114), (4512, None), (4555, None)],
)
def test_a_zone_of_the_plane_is_called_after_its_meridian(code: int, meridian: int | None) -> None:
    value = f"EPSG:{code}"
    expected = value if meridian is None else f"{value}（中央经线 {meridian}°E）"
    assert choice_label(ZH, GuessKind.CRS, value) == expected
    assert choice_label(ZH, GuessKind.FIELD, value) == value  # of a column it is a text as any other


def test_an_error_quotes_the_ends_of_a_long_word_only() -> None:
    def told(text: str) -> str:
        return error_sentence({"code": "{name}"}, RenomapError("code", name=text))

    assert told("甲" * 120 + "乙" * 120) == "甲" * 120 + "乙" * 120
    assert told("甲" * 120 + "中" + "乙" * 120) == "甲" * 120 + "…" + "乙" * 120
    assert told("a\tb\nc") == "a b c"


def test_a_name_is_followed_by_its_unit_unless_it_says_it() -> None:
    elevator, parking = sample_standard().facilities[:2]
    assert name_and_unit(parking, EN) == "parking spaces"
    assert name_and_unit(replace(parking, en="Spaces for cars"), EN) == "Spaces for cars"
    assert name_and_unit(parking, ZH) == "机动车停车位 (个)"
    assert unit_name(replace(parking, unit="berth"), ZH) == "berth"
    assert (none_text(elevator, ZH), none_text(parking, ZH)) == ("无待加装单元", ZH["maps.legend.none"])


def test_a_state_that_is_missing_is_no_data() -> None:
    elevator, parking = sample_standard().facilities[:2]
    missing = [state_text(state, parking, ZH) for state in (None, float("nan"), pd.NA)]
    assert missing == [ZH["outputs.no-data"]] * 3
    assert state_text("never_heard_of", elevator, ZH) == "never_heard_of"


def test_subsidies_say_how_far_their_rates_are_checked_each_word_once() -> None:
    plan = sample_plan(2, 2, 0)
    people = plan.neighbourhoods.assign(households_flag="estimated")
    rates = {"city": Bound(1.0, "", Status.VERIFIED), "other": Bound(1.0, "", Status.PARTLY)}
    plan = replace(plan, neighbourhoods=people, preset=replace(plan.preset, subsidy=rates))
    assert subsidies_status(plan, ZH) == ["已核实", "含估算"]
    both = {**rates, "district_min": Bound(2.0, "", Status.VERIFIED)}
    assert subsidies_status(replace(plan, preset=replace(plan.preset, subsidy=both)), ZH) == [
        "已核实",
        "含估算",
    ]
    assert subsidies_status(replace(plan, preset=replace(plan.preset, subsidy={})), ZH) == []
