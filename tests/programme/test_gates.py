"""Gates and their order: golden cases of the specification, and that no order that breaks them gets in."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from renomap.errors import RenomapError
from renomap.model.programme import frame_of, with_rows
from renomap.model.programme_rules import Before, Needs
from renomap.programme import files, gates, turns
from renomap.wording.catalogue import error_sentence, words

CHANGSHA = files.load("changsha")
FIDS = pd.Index([1, 2], name="fid")
AREA_OF = pd.Series([7, 7], index=FIDS)
SIX = [
    {"gate": gate, "round": nth, "start": day, "end": day, "result": "passed", "members": "1 2"}
    for gate, first in (("consult", 1), ("notice", 11), ("review", 21))
    for nth in (1, 2)
    for day in (f"2026-03-{first + nth:02d}",)
]


def facts(events: list[dict[str, Any]], **changed: Any) -> gates.GateFacts:
    frame = frame_of("events", events)
    of_project = frame["fid"] == 0
    given = gates.GateFacts(
        fields=pd.DataFrame({"checkup_date": ["2025-09", "2025-10"]}, index=FIDS),
        upkeep=pd.DataFrame({"party_branch": "有", "management": ["自管", "物业"]}, index=FIDS),
        stage=pd.Series("annual", index=FIDS),
        consent=pd.Series("met", index=FIDS),
        events=frame.assign(area=np.where(of_project, 7, 0)),
        accepted=pd.Series({7: None}, dtype=object),
    )
    return replace(given, **changed)


def judged(given: gates.GateFacts, rules: Any = CHANGSHA, area_of: pd.Series[int] = AREA_OF) -> pd.DataFrame:
    members = gates.of_members(rules, given, area_of.index)
    return gates.of_areas(rules, given, members, area_of, [7])


def held(found: pd.DataFrame, step: Before = Before.SITE) -> dict[str, tuple[int, ...]]:
    rows = gates.holding_up(found, CHANGSHA, step)
    return dict(zip(rows["gate"], rows["failing"], strict=True))


def test_T03_approved_with_all_six_and_not_with_five() -> None:
    assert held(judged(facts(SIX))) == {}
    for left_out in range(6):
        five = [event for nth, event in enumerate(SIX) if nth != left_out]
        assert list(held(judged(facts(five)))) == [SIX[left_out]["gate"]]
    counted = gates.counted(judged(facts(SIX)), pd.Index([7]))
    assert counted.loc[7].tolist() == [7, 9], "works and acceptance are still to come"


def test_T01_no_checkup_holds_up_the_pool_and_names_the_member() -> None:
    fields = pd.DataFrame({"checkup_date": ["2025-09", None]}, index=FIDS)
    assert held(judged(facts(SIX, fields=fields)), Before.POOL) == {"checkup": (2,)}
    assert held(judged(facts([], fields=fields.iloc[:0])), Before.POOL) == {"checkup": (1, 2)}
    assert held(judged(facts([])), Before.POOL) == {}, "later gates do not hold up the pool"


def test_a_field_that_says_none_is_not_filled_in() -> None:
    upkeep = pd.DataFrame({"party_branch": ["无", "有"], "management": "自管"}, index=FIDS)
    assert held(judged(facts(SIX, upkeep=upkeep))) == {"branch": (1,)}


def test_T02_consent_holds_up_unknown_is_unknown_and_no_rule_asks_nothing() -> None:
    consent = pd.Series(["not_met", "to_check"], index=FIDS)
    found = judged(facts(SIX, consent=consent)).set_index("gate").loc["consent"]
    assert (found["state"], found["done"], found["of"], found["failing"]) == (gates.OPEN, 0, 2, (1, 2))
    unknown = judged(facts(SIX, consent=pd.Series(["met", "to_check"], index=FIDS)))
    assert unknown.set_index("gate").at["consent", "state"] == gates.UNKNOWN
    free = judged(facts(SIX, consent=pd.Series([None, None], index=FIDS, dtype=object)))
    assert free.set_index("gate").at["consent", "state"] == gates.NOT_ASKED


def test_other_members_make_it_stale_and_the_same_ones_good_again() -> None:
    more = pd.Series([7, 7, 7], index=pd.Index([1, 2, 3], name="fid"))
    three = facts(
        SIX,
        fields=pd.DataFrame({"checkup_date": "2025"}, index=more.index),
        upkeep=pd.DataFrame({"party_branch": "有", "management": "自管"}, index=more.index),
        stage=pd.Series("annual", index=more.index),
        consent=pd.Series("met", index=more.index),
    )
    assert list(held(judged(three, area_of=more))) == ["consult", "notice", "review"]
    assert held(judged(three)) == {}


def test_a_returned_step_does_not_count_and_the_next_passed_one_does() -> None:
    returned = [*SIX[:5], {**SIX[5], "result": "returned"}]
    assert list(held(judged(facts(returned)))) == ["review"]
    assert held(judged(facts([*returned, SIX[5]]))) == {}


def test_a_gate_is_passed_over_only_where_the_city_allows_it() -> None:
    events = [*SIX[:5], {"gate": "review", "round": 2, "override": "市里同意"}]
    assert list(held(judged(facts(events)))) == ["review"]
    allowed = replace(
        CHANGSHA, gates=tuple(replace(gate, waivable=gate.key == "review") for gate in CHANGSHA.gates)
    )
    assert judged(facts(events), allowed).set_index("gate").at["review", "state"] == gates.WAIVED
    with pytest.raises(RenomapError, match="not-waivable"):
        turns.check(frame_of("events", []), events[-1], CHANGSHA)


@pytest.mark.parametrize(
    ("rules", "before", "row", "code"),
    [
        ("changsha", [], {"gate": "notice", "round": 2}, "programme.before-nothing"),
        (
            "changsha",
            [{"gate": "notice", "end": "2026-03-09"}],
            {"gate": "notice", "round": 2, "start": "2026-03-08"},
            "programme.out-of-turn",
        ),
        (
            "changsha",
            [{"gate": "notice", "end": "2026-03"}],
            {"gate": "notice", "round": 2, "start": "2026-02"},
            "programme.out-of-turn",
        ),
        ("jiulongpo", [], {"gate": "decide", "start": "2026-03"}, "programme.before-nothing"),
        ("changsha", [], {"gate": "notice", "round": 3}, "programme.round-beyond"),
        ("changsha", [], {"gate": "luck"}, "programme.gate-unknown"),
        (
            "changsha",
            [],
            {"gate": "notice", "start": "2026-03", "end": "2026-02"},
            "programme.end-before-start",
        ),
    ],
)
def test_T21_a_step_before_the_one_it_needs_is_refused(
    rules: str, before: list[dict[str, Any]], row: dict[str, Any], code: str
) -> None:
    events = frame_of("events", [{"result": "passed", **event} for event in before])
    with pytest.raises(RenomapError) as caught:
        turns.check(events, {"result": "passed", **row}, files.load(rules))
    assert caught.value.code == code
    assert error_sentence(words("zh"), caught.value)


@pytest.mark.parametrize("start", ["2026-03-09", "2026-03", "2026-04"])
def test_equal_days_and_months_that_may_fit_are_let_in(start: str) -> None:
    events = frame_of("events", [{"gate": "notice", "end": "2026-03-09", "result": "passed"}])
    row = {"gate": "notice", "round": 2, "start": start, "result": "passed"}
    turns.check(events, row, CHANGSHA)
    found = turns.out_of_turn(with_rows("events", events, [row]), CHANGSHA)
    assert [one.verdict for one in found] == ([turns.UNDECIDED] if start == "2026-03" else [])


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["propose", "discuss", "confer", "professional", "decide", "build"]),
        st.integers(1, 9),
        st.booleans(),
    ),
    max_size=12,
)


@given(STEPS)
def test_no_order_that_breaks_the_gates_gets_in(steps: list[tuple[str, int, bool]]) -> None:
    rules, events = files.load("jiulongpo"), frame_of("events", [])
    for gate, day, passed in steps:
        row = {
            "gate": gate,
            "start": f"2026-03-0{day}",
            "end": f"2026-03-0{day}",
            "result": "passed" if passed else "returned",
        }
        try:
            turns.check(events, row, rules)
        except RenomapError:
            continue
        events = with_rows("events", events, [row])
    days: dict[str, int] = {}
    for event in events[events["result"] == "passed"].itertuples():
        days[str(event.gate)] = int(str(event.start)[-1])  # the last that passed
    order = [gate.key for gate in rules.gates if gate.needs is Needs.EVENTS]
    taken = [days.get(key) for key in order]
    known = [day for day in taken if day is not None]
    assert taken[: len(known)] == sorted(known), "in turn, none left out"
