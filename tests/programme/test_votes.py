"""Votes of owners and rounds of asking: golden numbers of the specification."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from renomap.model.programme import frame_of
from renomap.model.programme_columns import SurveyKind
from renomap.programme import consent, files, rounds, votes
from renomap.programme.consent import MET, NOT_MET, TO_CHECK

NEEDS = {vote.key: vote for vote in files.load("national").votes}


def both(matter: str, total: float, taking: float, yes: float, **more: Any) -> list[dict[str, Any]]:
    row = {"fid": 1, "kind": "vote", "matter": matter, "total": total, "returned": taking, "yes": yes, **more}
    return [{**row, "counts_by": count} for count in ("persons", "floor_area")]


def judged(rows: list[dict[str, Any]]) -> tuple[str, str]:
    found = votes.judge(frame_of("surveys", rows), tuple(NEEDS.values()))
    return found.at[0, "valid"], found.at[0, "passed"]


@pytest.mark.parametrize(
    ("matter", "taking", "yes", "valid", "passed"),
    [
        ("raising_fund", 100, 75, MET, MET),
        ("raising_fund", 100, 74, MET, NOT_MET),
        ("raising_fund", 99, 99, NOT_MET, NOT_MET),
        ("management", 100, 51, MET, MET),
        ("management", 100, 50, MET, NOT_MET),
        ("rebuilding", np.nan, 80, TO_CHECK, TO_CHECK),
        ("rebuilding", 100, 101, MET, TO_CHECK),
    ],
)
def test_of_150_owners(matter: str, taking: float, yes: float, valid: str, passed: str) -> None:
    assert judged(both(matter, 150, taking, yes)) == (valid, passed)


def test_one_count_alone_never_passes_but_may_fail() -> None:
    assert judged(both("rebuilding", 150, 100, 75)[:1]) == (TO_CHECK, TO_CHECK)
    assert judged(both("rebuilding", 150, 100, 74)[:1]) == (TO_CHECK, NOT_MET)


def test_the_last_round_counts() -> None:
    rows = both("rebuilding", 150, 100, 10) + both("rebuilding", 150, 120, 90, round=2)
    assert judged(rows) == (MET, MET)


def test_a_facility_without_a_vote_is_told() -> None:
    works = frame_of(
        "works",
        [{"fid": fid, "item": item} for fid, item in ((1, "elder_care"), (2, "elder_care"), (3, "roof"))],
    )
    found = votes.judge(frame_of("surveys", both("common_parts", 150, 100, 75)), tuple(NEEDS.values()))
    lacking = votes.lacking(found, works, pd.Index([3]), frozenset(["elder_care"]))
    assert lacking == ((2, "common_parts"), (3, "rebuilding"))


def test_a_round_of_consent_takes_the_place_of_the_survey() -> None:
    rows = pd.DataFrame(
        {
            "households": 151.0,
            "households_flag": "reported",
            "consent_asked": [80.0, 151],
            "consent_yes": 79.0,
        },
        index=pd.Index([1, 2], name="fid"),
    )
    surveys = frame_of(
        "surveys",
        [
            {"fid": 1, "kind": "consent", "round": 2, "returned": 151, "yes": 121, "date": "2026-05"},
            {"fid": 1, "kind": "consent", "round": 1, "returned": 151, "yes": 120, "date": "2026-09-01"},
            {"fid": 2, "kind": "consent", "returned": 151, "counts_by": "floor_area"},
            {"fid": 2, "kind": "acceptance", "returned": 3},
        ],
    )
    now = rounds.with_consent(rows, surveys)
    assert now.loc[1, ["consent_asked", "consent_yes"]].tolist() == [151, 121]
    assert now.loc[2, ["consent_asked", "consent_yes"]].tolist() == [151, 79]
    rule = consent.judge(now, None)
    assert rule["consent_yes_share"].round(4).tolist() == [0.8013, 0.5232]
    assert rounds.with_consent(rows, surveys.iloc[2:]) is rows
    assert rounds.latest(surveys, SurveyKind.ACCEPTANCE).index.tolist() == [2]


def test_the_five_most_wanted_of_an_area() -> None:
    demands = frame_of(
        "demands",
        [{"fid": 1, "item": item, "votes": n} for n, item in enumerate("abcdefg")]
        + [
            {"fid": 2, "item": "a", "votes": 9},
            {"fid": 2, "item": "h"},
            {"fid": 3, "item": "b", "votes": 99},
        ],
    )
    found = rounds.most_wanted(demands, pd.Series({1: 7, 2: 7}))
    assert found["item"].tolist() == ["a", "g", "f", "e", "d"]
    assert found["votes"].tolist() == [9, 6, 5, 4, 3]
