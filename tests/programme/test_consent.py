"""Consent is judged by two shares of all households; no completion of unknown numbers contradicts it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from renomap.deficits import presets
from renomap.model.preset import Bound, Consent
from renomap.model.standard import Status
from renomap.programme import consent

LEAST = Bound(0.8, "x", Status.EXAMPLE)
BOTH = Consent(LEAST, LEAST)
NAN = np.nan


def rows(*numbers: tuple[float, ...], flag: str = "reported") -> pd.DataFrame:
    names = ["households", "consent_asked", "consent_yes", "consent_no"]
    frame = pd.DataFrame(list(numbers), columns=names, dtype=float)
    return frame.assign(households_flag=flag, area_id=1)


@pytest.mark.parametrize(
    ("base", "asked", "yes", "flag", "verdict"),
    [
        (151, 151, 120, "reported", "not_met"),
        (151, 151, 121, "reported", "met"),
        (100, 100, 80, "reported", "met"),
        (151, 80, 79, "reported", "not_met"),
        (151, 60, 70, "reported", "to_check"),
        (151, NAN, 121, "reported", "to_check"),
        (151, 80, NAN, "reported", "not_met"),
        (151, 151, 121, "estimated", "to_check"),
        (151, 151, 121, "lower_bound", "to_check"),
        (151, 100, 70, "lower_bound", "not_met"),
        (NAN, 100, 90, "unknown", "to_check"),
        (0, 0, 0, "reported", "to_check"),
    ],
)
def test_by_hand(base: float, asked: float, yes: float, flag: str, verdict: str) -> None:
    assert consent.judge(rows((base, asked, yes, NAN), flag=flag), BOTH)["consent"].tolist() == [verdict]


def test_no_share_is_said_of_fewer_households_than_were_asked() -> None:
    """66 asked of an estimate of 57 are no 115.79 %, neither alone nor in the sum of an area."""
    frame = rows((57, 66, 65, NAN), flag="estimated")
    frame = pd.concat([frame, rows((100, 90, 80, NAN))], ignore_index=True)
    assert consent.outgrown(frame).tolist() == [True, False]
    judged = consent.judge(frame, BOTH)
    assert judged["consent_asked_share"].isna().tolist() == [True, False]
    assert judged["consent"].tolist() == ["to_check", "met"]
    area = consent.of_areas(frame.join(judged), pd.Index([1]), BOTH)
    assert area[["consent_asked_share", "consent_yes_share"]].isna().all(axis=None)
    assert area["consent"].item() == "to_check"


def test_an_area_reaches_it_if_every_member_does() -> None:
    frame = rows((100, 100, 100, NAN), (100, 90, 70, NAN))
    frame["consent"] = consent.judge(frame, BOTH)["consent"]
    each = consent.of_areas(frame, pd.Index([1]), BOTH)
    assert (each.consent.item(), each.consent_failing.item()) == ("not_met", (1,))
    assert consent.of_areas(frame, pd.Index([1]), Consent(LEAST, LEAST, "sum")).consent.item() == "met"


@given(st.data())
def test_no_completion_contradicts_a_verdict(data: st.DataObject) -> None:
    base = data.draw(st.integers(1, 12))
    asked = data.draw(st.integers(0, base))
    yes = data.draw(st.integers(0, asked))
    no = data.draw(st.integers(0, asked - yes))
    hidden: list[float] = [v if data.draw(st.booleans()) else NAN for v in (base, asked, yes, no)]
    flag = data.draw(st.sampled_from(["reported", "estimated", "lower_bound"]))
    if flag != "reported":
        hidden[0] = data.draw(st.integers(0 if flag == "lower_bound" else 1, base))
    if np.isnan(hidden[0]):
        flag = "unknown"
    said = consent.judge(rows(tuple(hidden), flag=flag), BOTH)["consent"].item()
    true = "met" if 10 * asked >= 8 * base and 10 * yes >= 8 * base else "not_met"
    assert said in (true, "to_check")


@pytest.mark.parametrize(("yes", "verdict"), [(100, "met"), (99, "not_met")])
def test_two_thirds_are_two_thirds(yes: int, verdict: str) -> None:
    found = consent.judge(rows((150, 150, yes, NAN)), presets.load("guangzhou").consent)
    assert found["consent"].tolist() == [verdict]
