"""Shares of consent that a meeting sets in place of the city's."""

from __future__ import annotations

import pytest

from renomap.errors import RenomapError
from renomap.model.preset import Bound, Consent
from renomap.model.standard import MeetingValue, Status
from renomap.programme.shares import consent_of

RULE = Consent(Bound(0.8, "长沙", Status.PARTLY), Bound(0.8, "长沙", Status.PARTLY), "sum")


def said(**values: str) -> list[MeetingValue]:
    return [MeetingValue("consent", key, value, "王工", "2026-11-30T10:00") for key, value in values.items()]


def test_a_share_of_the_meeting_wins_and_says_who_set_it() -> None:
    found = consent_of(said(yes_min="66.7%"), RULE)
    assert found is not None
    assert found.yes_min is not None
    assert (found.yes_min.value, found.yes_min.status) == (pytest.approx(0.667), Status.MEETING)
    assert "王工" in found.yes_min.source
    assert (found.asked_min, found.rule) == (RULE.asked_min, "sum")
    assert consent_of([], RULE) is RULE


def test_none_asks_for_no_share_and_a_city_without_a_rule_gets_one() -> None:
    assert consent_of(said(asked_min="none"), RULE) == Consent(None, RULE.yes_min, "sum")
    made = consent_of(said(yes_min="0.9"), None)
    assert made is not None
    assert made.asked_min is None


@pytest.mark.parametrize("value", ["0", "1.2", "80", "viel", "120%"])
def test_what_is_no_share_is_refused(value: str) -> None:
    with pytest.raises(RenomapError) as caught:
        consent_of(said(yes_min=value), RULE)
    assert caught.value.code == "programme.set-share"


def test_another_key_is_refused() -> None:
    with pytest.raises(RenomapError) as caught:
        consent_of(said(min="0.8"), RULE)
    assert caught.value.code == "programme.set-item"
