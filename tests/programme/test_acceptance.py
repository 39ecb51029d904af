"""Acceptance: nine of ten to the last answer, nobody asked, what is left undone and what is being mended."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from renomap.model.programme import Programme
from renomap.programme import acceptance, files

SHENYANG, CHANGSHA = files.load("shenyang"), files.load("changsha")
#: Every basic condition is known and needs nothing.
SOUND = {
    item.column or f"{item.facility}_deficit": 0.0 for item in SHENYANG.items if item.category == "basic"
}


def row_of(rules: Any = SHENYANG, fids: tuple[int, ...] = (1,), **tables: Any) -> dict[Any, Any]:
    programme = Programme()
    conditions = tables.pop("conditions", {})
    for name, rows in tables.items():
        programme = programme.with_rows(name, rows)
    index = pd.Index(fids, name="fid")
    people = pd.DataFrame({**SOUND, **conditions}, index=index)
    area_of = pd.Series(7, index=index)
    found = acceptance.of_areas(programme, rules, people, area_of, pd.Index([7]))
    return dict(found.to_dict("records")[0])


def survey(answers: float, yes: float, fid: int = 1) -> dict[str, Any]:
    return {"fid": fid, "kind": "acceptance", "returned": answers, "yes": yes}


@pytest.mark.parametrize(
    ("answers", "yes", "residents"),
    [
        (10_000, 8_999, "not_met"),
        (10_000, 9_000, "met"),
        (10, 9, "met"),
        (0, 0, "no_sample"),
        (np.nan, 0, "to_check"),
        (10, np.nan, "to_check"),
        (10, 11, "to_check"),
    ],
)
def test_t11_nine_of_ten_are_satisfied(answers: float, yes: float, residents: str) -> None:
    found = row_of(surveys=[survey(answers, yes)])
    assert found["residents"] == residents
    assert (found["accepted"] == "met") == (residents == "met")
    elsewhere = row_of(CHANGSHA, surveys=[survey(answers, yes)])
    assert (elsewhere["residents"], elsewhere["refused"]) == (None, ()), "no share is set: not judged"


def test_nobody_asked_is_no_sample_and_a_member_not_asked_leaves_it_open() -> None:
    assert row_of()["refused"] == ("no_sample",)
    found = row_of(fids=(1, 2), surveys=[survey(100, 100)])
    assert (found["residents"], found["surveyed"], found["members"]) == ("to_check", 1, 2)
    assert row_of(fids=(1, 2), surveys=[survey(100, 100), survey(10, 0, 2)])["residents"] == "met"


def test_basic_works_and_needs_hold_it_up_until_done_or_dropped_with_a_reason() -> None:
    asked = {"surveys": [survey(10, 10)]}
    pipes = {"fid": 1, "item": "pipes"}
    assert row_of(**asked, works=[pipes])["works_open"] == ((1, "pipes"),)
    assert row_of(**asked, works=[{**pipes, "status": "done"}])["accepted"] == "met"
    lacks = {"conditions": {"pipes_bad_km": 2.0}}
    assert row_of(**asked, **lacks)["needs_unlisted"] == ((1, "pipes"),)
    dropped = {**pipes, "status": "dropped"}
    assert row_of(**asked, **lacks, works=[dropped])["accepted"] == "not_met"
    assert row_of(**asked, **lacks, works=[{**dropped, "override": "已列入市政工程"}])["accepted"] == "met"
    open_one = row_of(**asked, conditions={"pipes_bad_km": np.nan})
    assert (open_one["needs_unknown"], open_one["accepted"]) == (((1, "pipes"),), "to_check")
    care = {"fid": 1, "item": "care", "status": "planned"}
    assert row_of(**asked, works=[care])["accepted"] == "met", "only basic items are due"


def test_problems_need_dated_remedies() -> None:
    asked = {"surveys": [survey(10, 10)]}
    problem = {"fid": 1, "text": "井盖破损"}
    remedy = {"fid": 1, "item": "other", "end": "2026-12"}
    assert row_of(**asked, problems=[problem])["refused"] == ("problems_open",)
    assert row_of(**asked, problems=[{**problem, "solved": "2026-10"}])["accepted"] == "met"
    found = row_of(**asked, problems=[{**problem, "works": "1"}], works=[remedy])
    assert (found["accepted"], found["problems_remedied"]) == ("met", (1,))
    for works, ids in (([{**remedy, "end": None}], "1"), ([remedy], "1 2"), ([remedy], "修补")):
        found = row_of(**asked, problems=[{**problem, "works": ids}], works=works)
        assert found["refused"] == ("problems_open",)


@given(st.integers(0, 5000), st.integers(0, 5000))
def test_the_verdict_is_that_of_whole_numbers(yes: int, more: int) -> None:
    answers = yes + more
    expected = "no_sample" if answers == 0 else "met" if 10 * yes >= 9 * answers else "not_met"
    assert row_of(surveys=[survey(answers, yes)])["residents"] == expected
