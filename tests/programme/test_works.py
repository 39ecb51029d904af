"""Works: proposals, sums, what is taken down, and the order on site."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from renomap.model.programme import frame_of
from renomap.programme import files, site_order, who, works

RULES = files.load("national")
FIDS = pd.Index([1, 2, 3], name="fid")
NEIGHBOURHOODS = pd.DataFrame(
    {
        "area_id": [7, 7, 0],
        "households": [100.0, 200, 300],
        "roof_bad_m2": [130.0, np.nan, 0],
        "elevator_deficit": [3.0, np.nan, 2],
        "waste_deficit": [1.0, 0, 0],
    },
    index=FIDS,
)
AREAS = pd.DataFrame(
    {"elder_care_deficit_low": [300.0], "elder_care_deficit_high": [400.0]}, index=pd.Index([7])
)


def table(*rows: dict[str, Any]) -> pd.DataFrame:
    return frame_of("works", rows)


def propose(there: pd.DataFrame) -> pd.DataFrame:
    return works.proposed(there, NEIGHBOURHOODS, AREAS, RULES, {"elder_care": True}, {"elder_care": "20 ㎡"})


def test_what_is_known_to_lack_is_proposed_once() -> None:
    typed = table({"fid": 1, "item": "roof", "quantity": 99, "origin": "typed"})
    found = propose(typed)
    got = {(row.fid, row.item): row.quantity for row in found.itertuples()}
    assert got.pop((2, "elder_care")) is not None, "in the member of most households"
    assert got == {(1, "roof"): 99, (1, "elevator"): 3, (3, "elevator"): 2, (1, "waste"): 1}
    care = found[found["item"] == "elder_care"].iloc[0]
    assert (care["quantity_low"], care["quantity_high"], care["basis"]) == (300, 400, "20 ㎡")
    pd.testing.assert_frame_equal(propose(found), found)
    pd.testing.assert_frame_equal(found.loc[typed.index], typed)


ROWS = st.lists(
    st.tuples(
        st.sampled_from([1, 2, 3]),
        st.sampled_from(["roof", "elevator", "waste", "gas"]),
        st.sampled_from(["typed", "imported", "proposed"]),
        st.integers(1, 9),
    ),
    max_size=8,
)


@given(ROWS)
def test_a_proposal_never_touches_a_typed_row(rows: list[tuple[int, str, str, int]]) -> None:
    before = table(
        *({"fid": fid, "item": item, "origin": origin, "quantity": n} for fid, item, origin, n in rows)
    )
    typed = before[before["origin"] != "proposed"]
    after = propose(before)
    pd.testing.assert_frame_equal(after[after["origin"] != "proposed"], typed)


def test_T17_basic_needs_without_works_are_listed_and_unknown_ones_apart() -> None:
    found = works.not_listed(table({"fid": 1, "item": "roof"}), NEIGHBOURHOODS, RULES)
    state = {(row.fid, row.item): row.state for row in found.itertuples()}
    assert (1, "roof") not in state
    assert (state[1, "waste"], state[2, "roof"]) == ("missing", "unknown")
    assert (3, "roof") not in state, "0 m² of bad roof is no need"


def test_one_item_is_not_counted_for_buildings_and_for_the_whole() -> None:
    rows = table(
        {"fid": 1, "item": "roof"},
        {"fid": 1, "item": "roof", "building": 5},
        {"fid": 2, "item": "roof", "building": 6},
        {"fid": 2, "item": "roof", "building": 7},
    )
    assert works.counted_twice(rows) == ((1, "roof"),)


@pytest.mark.parametrize(
    ("areas", "down", "verdict"),
    [
        ([2100, 7900], 1, "above"),
        ([2000, 8000], 1, "within"),
        ([np.nan, *[1000] * 9], 1, "to_check"),
        ([5000, *[1000] * 8, np.nan], 1, "to_check"),
        ([3000, np.nan, 7000], 2, "above"),
        ([1000, 9000], 0, "within"),
    ],
)
def test_T22_above_a_fifth_taken_down_is_told(areas: list[float], down: int, verdict: str) -> None:
    action = pd.Series(["demolish"] * down + [None] * (len(areas) - down), dtype=object)
    found = works.demolished(pd.Series(areas, dtype=float), action, RULES.demolished_max)
    assert found.verdict == verdict
    if verdict == "to_check":
        assert found.unknown == tuple(np.flatnonzero(np.isnan(areas)))
    if areas == [2100, 7900]:
        assert (found.low, found.high) == (0.21, 0.21)


def test_heritage_is_not_taken_down_without_a_reason() -> None:
    rows = table(
        {"fid": 1, "item": "clearing", "action": "demolish"},
        {"fid": 1, "item": "clearing", "action": "demolish", "override": "经批准"},
        {"fid": 2, "item": "clearing", "action": "demolish"},
    )
    assert works.against_heritage(rows, pd.Series({1: "书院旧宅", 2: "none"})) == (1,)


def on_site(*rows: dict[str, Any]) -> list[tuple[str, int, int]]:
    found = site_order.out_of_order(table(*({"fid": 1, **row} for row in rows)), RULES)
    return [(one.kind, one.first, one.second) for one in found]


ROAD = {"item": "road", "start": "2026-05-01", "end": "2026-08-01"}


def test_T15_paving_before_pipes_names_both() -> None:
    assert on_site(ROAD, {"item": "pipes", "start": "2026-07-01", "end": "2026-07-20"}) == [
        ("underground_first", 1, 2)
    ]
    assert on_site(ROAD, {"item": "pipes", "start": "2026-04-01", "end": "2026-05-01"}) == []
    assert on_site({**ROAD, "start": "2026-05"}, {"item": "pipes", "end": "2026-05"}) == [("to_check", 1, 2)]
    assert on_site(ROAD, {"item": "pipes", "fid": 2, "start": "2026-07-01", "end": "2026-07-02"}) == []
    assert on_site(ROAD, {"item": "pipes"}) == [], "without dates there is no verdict"


def test_T16_over_the_year_and_T18_dug_twice() -> None:
    assert on_site({"item": "roof", "start": "2026-11", "end": "2027-02"}) == [("over_the_year", 1, 0)]
    assert on_site({"item": "roof", "start": "2026-11", "end": "2026-02"}) == [("end_before_start", 1, 0)]
    assert on_site({"item": "pipes", "year": 2026}, {"item": "gas", "year": 2028}) == [("dug_twice", 1, 2)]
    assert (
        on_site(
            {"item": "elevator", "building": 4, "year": 2026},
            {"item": "elevator", "building": 5, "year": 2028},
        )
        == []
    ), "the pits of two buildings are two places"
    assert on_site(
        {"item": "pipes", "start": "2026-01", "end": "2026-02"},
        {"item": "gas", "start": "2026-06", "end": "2026-07"},
    ) == [("dig_together", 1, 2)]


def test_pipes_of_one_area_in_two_years_are_told() -> None:
    rows = table(
        {"fid": 1, "item": "pipes", "start": "2026-03"},
        {"fid": 2, "item": "gas", "year": 2028},
        {"fid": 3, "item": "pipes", "year": 2030},
        {"fid": 2, "item": "roof", "year": 2031},
    )
    assert site_order.apart_in_area(rows, RULES, pd.Series({1: 7, 2: 7, 3: 8})) == {7: (2026, 2028)}
    assert site_order.apart_in_area(rows, RULES, pd.Series({1: 7, 2: 8, 3: 9})) == {}


def test_companies_with_their_areas_and_projects_that_lack_somebody() -> None:
    projects = frame_of(
        "projects",
        [
            {"area": 1, "company": "甲", "person": "张", "phone": "1", "reported_on": "2026-11-01"},
            {"area": 2, "company": "甲", "reported_on": "2026-09"},
            {"area": 3},
        ],
    )
    numbers = pd.DataFrame(
        {"households": [100.0, np.nan, 5], "cost_low": 1.0, "cost_high": [1.0, 2, np.nan]},
        index=projects.index,
    )
    found = who.by_company(projects, numbers)
    assert found.loc["甲"].tolist() == [2, 100, 1, 3, 2]
    assert list(found.index) == ["甲", ""]
    assert who.lacking(projects)["lacks"].to_dict() == {
        2: ("person", "phone"),
        3: ("company", "person", "phone"),
    }


@pytest.mark.parametrize(
    ("new", "gone", "verdict"),
    [
        ((4000.0, 4000.0), [2000.0], "within"),
        ((4001.0, 4001.0), [2000.0], "above"),
        ((3000.0, 5000.0), [2000.0], "to_check"),
        ((1000.0, np.inf), [2000.0], "to_check"),
        ((5000.0, np.inf), [2000.0], "above"),
        ((4000.0, 4000.0), [2000.0, np.nan], "within"),
        ((9000.0, 9000.0), [2000.0, np.nan], "to_check"),
        (None, [2000.0], None),
    ],
)
def test_two_square_metres_may_be_built_for_one(
    new: tuple[float, float] | None, gone: list[float], verdict: str | None
) -> None:
    assert works.rebuilt(new, pd.Series(gone), RULES.rebuilt_max).verdict == verdict
