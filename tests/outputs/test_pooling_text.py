"""What is said of places and of households newly served: numbers worked by hand, ranges where unknown."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from plan_sample import sample_plan, sample_words

from renomap.model.plan import Plan
from renomap.outputs import plan_tables
from renomap.outputs.findings import NOT_ASKED
from renomap.outputs.numbers import threshold_text
from renomap.outputs.pooling_text import pooling_sentences
from renomap.outputs.workings import facility_working

ZH, EN = sample_words("zh"), sample_words("en")
PLAN = sample_plan(2, 8, 0, first=1)
KEY = "elder_care"


def row_of_ten(**values: Any) -> Plan:
    """Area 1: 1,208 households of 8, care is short by 300; two places cover all, one leaves 302 out."""
    said = {
        "households": 1208.0,
        "households_known": 8,
        "neighbourhoods": 8,
        f"{KEY}_sites_low": 2.0,
        f"{KEY}_sites_high": 2.0,
        f"{KEY}_sites": 2.0,
        f"{KEY}_out_of_reach": 302.0,
        f"{KEY}_newly_low": 1208.0,
        f"{KEY}_newly_high": 1208.0,
        f"{KEY}_state": "short",
        **values,
    }
    areas = PLAN.areas.copy()
    for name, value in said.items():
        areas[name] = areas[name].astype(object)
        areas.at[1, name] = value
    return replace(PLAN, areas=areas)


def told(plan: Plan) -> str:
    facility = plan.standard.facility(KEY)
    assert facility is not None
    (text,) = [line for line in pooling_sentences(plan, 1, ZH) if line.startswith(facility.zh)]
    return text


def test_one_place_serves_906_and_leaves_302() -> None:
    text = told(row_of_ten())
    assert "一处可服务 906 户，302 户超出服务半径；全覆盖需 2 处" in text
    assert text.endswith("新增服务 1,208 户。")


def test_what_is_unknown_is_a_range_or_at_least() -> None:
    partly = told(row_of_ten(households_known=6, **{f"{KEY}_newly_low": 600.0, f"{KEY}_sites_high": 3.0}))
    assert "一处可服务 ≥906 户，≥302 户超出服务半径" in partly
    assert "全覆盖需 2–3 处" in partly
    assert "新增服务 600–1,208 户" in partly
    more = told(row_of_ten(households_known=6, **{f"{KEY}_newly_low": 600.0, f"{KEY}_newly_high": None}))
    assert "新增服务 ≥600 户" in more
    nobody = told(row_of_ten(households_known=6, **{f"{KEY}_newly_low": 0.0, f"{KEY}_newly_high": None}))
    assert nobody.endswith("新增服务 户数待核。")
    open_end = told(row_of_ten(**{f"{KEY}_out_of_reach": None}))
    assert "一处可服务的户数待核" in open_end
    assert ZH["outputs.no-data"] not in open_end


@pytest.mark.parametrize("words", [ZH, EN])
def test_table_3_has_ends_for_places_and_newly_served(words: Any) -> None:
    plan = row_of_ten(**{f"{KEY}_newly_low": 600.0})
    table = plan_tables.deficits(plan, words, only=1)
    at = table.position
    heads = [column.key for column in table.columns]
    assert "served-pooled" not in heads
    assert len({column.title for column in table.columns}) == len(heads)
    rows = dict(zip((item.key for item in plan.standard.facilities), table.rows, strict=True))
    named = ("sites-low", "sites-high", "out-of-reach", "newly-low", "newly-high")
    assert [rows[KEY][at(name)] for name in named] == [2.0, 2.0, 302.0, 600.0, 1208.0]
    assert [rows["elevator"][at(name)] for name in named] == [NOT_ASKED] * 5


def test_workings_give_formula_inputs_rule_and_status_of_places_and_newly_served() -> None:
    lines = facility_working(row_of_ten(), 1, KEY, ZH)
    text = "\n".join(lines)
    assert "至少 2 处才能覆盖全部 8 个小区；一处可服务 906 户，302 户超出服务半径。" in text
    assert "新增服务 = 单独达不到配建条件、现有设施也未满足的小区户数 = 1,208 户" in text
    assert lines[-1].startswith("依据：")
    met = row_of_ten(**{f"{KEY}_state": "met", f"{KEY}_newly_low": 0.0, f"{KEY}_newly_high": 0.0})
    assert "新增服务 = 0 户：无缺口。" in "\n".join(facility_working(met, 1, KEY, ZH))
    one = row_of_ten(**{f"{KEY}_sites_low": 1.0, f"{KEY}_sites_high": 1.0, f"{KEY}_out_of_reach": 0.0})
    assert "一处即可覆盖全部 8 个小区" in "\n".join(facility_working(one, 1, KEY, ZH))
    for words in (ZH, EN):
        assert "{" not in "".join(facility_working(row_of_ten(), 1, KEY, words))


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.8, "80%"),
        (2 / 3, "2/3"),
        (0.667, "66.7%"),
        (0.5, "50%"),
        (0.29, "29%"),
        (1.0, "100%"),
        (0.75, "75%"),
    ],
)
def test_thresholds_are_told_as_they_are_set(share: float, text: str) -> None:
    assert threshold_text(share) == text


def test_the_heading_of_the_verdict_is_the_presets_own_threshold() -> None:
    consent = PLAN.preset.consent
    assert consent is not None
    assert consent.yes_min is not None
    third = replace(consent, yes_min=replace(consent.yes_min, value=2 / 3))
    unset = "意愿结论（本规则未设要求）"
    for rule, heads in (
        (third, ("意愿结论（各小区两率均须达到 80% + 2/3）", "意愿结论（两率均须达到 80% + 2/3）")),
        (replace(third, rule="sum"), ("意愿结论（两率均须达到 80% + 2/3）",) * 2),
        (None, (unset, unset)),
    ):
        plan = replace(PLAN, preset=replace(PLAN.preset, consent=rule))
        tables = (plan_tables.areas(plan, ZH), plan_tables.neighbourhoods(plan, ZH))
        assert tuple(table.columns[table.position("verdict")].title for table in tables) == heads
