"""The facts of an area and of a neighbourhood tell consent as the report does."""

from __future__ import annotations

import pytest
from plan_sample import sample_plan

from renomap.desktop.panels.fact_pages import area_page, neighbourhood_page
from renomap.session.speech import Speech


@pytest.mark.parametrize(("language", "verdict"), [("zh", "未达到"), ("en", "not reached")])
def test_consent_is_told_with_shares_verdict_and_names(language: str, verdict: str) -> None:
    plan, say = sample_plan(3, 6, 1), Speech(language)
    people = plan.neighbourhoods[plan.neighbourhoods["area_id"] == 3]
    failing = people[people["consent"] == "not_met"]
    page = area_page(plan, 3, say, ())
    assert verdict in page
    assert all(name in page for name in failing["name"])
    asked = failing.iloc[0]["consent_asked_share"]
    own = neighbourhood_page(plan, int(failing.index[0]), say)
    assert verdict in own
    assert f"{100 * asked:.2f}%" in own
