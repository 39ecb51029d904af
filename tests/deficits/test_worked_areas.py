"""The areas that docs/worked-areas.md works by hand; every number here stands there with its arithmetic."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from deficit_frames import chain, grid, one_area, per_area, places

from renomap.deficits import standards
from renomap.deficits.assess import Assessment, assess
from renomap.model.plan import AREA_FACILITY_SUFFIXES
from renomap.model.standard import Standard

NAN = float("nan")


@pytest.fixture(scope="module")
def changsha() -> Standard:
    value = standards.parse_meeting("parking.rate=0.6/household", by="规划科", at="2026-11-20T09:30")
    # A clinic per area, as a table of one's own may ask for; the shipped one asks per community.
    return per_area(standards.with_meeting(standards.load("changsha"), [value]))


def figures(found: Assessment, facility: str, area: int = 1) -> dict[str, object]:
    """The columns of one facility of one area, without the prefix."""
    row = found.areas.loc[area]
    return {suffix: row[f"{facility}_{suffix}"] for suffix in AREA_FACILITY_SUFFIXES}


def check(found: dict[str, object], **expected: object) -> None:
    for suffix, value in expected.items():
        if isinstance(value, str):
            assert found[suffix] == value, suffix
        else:
            assert found[suffix] == pytest.approx(value, nan_ok=True, abs=1e-9), suffix


@pytest.fixture(scope="module")
def first(changsha: Standard) -> Assessment:
    frame = grid(
        8,
        households=151.0,
        elder_m2=0.0,
        stairwells=9.0,
        floors=6.0,
        elevators=0.0,
        parking_spaces=np.tile([60.0, 120.0], 4),
        street="朝阳街道",
    )
    assignment, outlines = one_area(frame)
    return assess(frame, None, None, assignment, outlines, changsha, chain(frame))


def test_eight_neighbourhoods_get_one_care_centre_together(first: Assessment) -> None:
    check(
        figures(first, "elder_care"),
        need=241.6,
        alone=0,
        required=300,
        sites=1,
        supply=0,
        deficit_low=300,
        deficit_high=300,
        deficit=300,
        known=8,
        deficit_separate=241.6,
        served_alone=0,
        served_pooled=1208,
        newly_low=1208,
        newly_high=1208,
        sites_low=1,
        sites_high=1,
        out_of_reach=0,
        state="short",
    )


def test_members_of_unknown_households_leave_the_newly_served_open(changsha: Standard) -> None:
    """Six times 151 are sure to be served for the first time; nobody knows how many live in the others."""
    frame = grid(8, households=[151.0] * 6 + [np.nan, np.nan], elder_m2=0.0)
    assignment, outlines = one_area(frame)
    found = assess(frame, None, None, assignment, outlines, changsha, chain(frame))
    check(figures(found, "elder_care"), newly_low=906, newly_high=NAN, required=300, state="short")


def test_eight_neighbourhoods_are_below_the_trigger_of_a_clinic(first: Assessment) -> None:
    check(figures(first, "clinic"), required=0, sites=0, deficit=0, served_pooled=0, state="below_trigger")
    handed = first.below_trigger.set_index("facility").loc["clinic"]
    assert handed["street"] == "朝阳街道"
    assert handed["population"] == pytest.approx(3865.6)
    assert np.isnan(handed["need"])


def test_each_stairwell_lacks_its_own_elevator(first: Assessment) -> None:
    check(
        figures(first, "elevator"),
        need=72,
        required=72,
        supply=0,
        deficit=72,
        deficit_separate=72,
        state="short",
    )
    check(figures(first, "elevator"), sites=NAN, alone=NAN, served_alone=NAN, served_pooled=NAN)


def test_parking_surplus_meets_the_shortage_next_door(first: Assessment) -> None:
    check(figures(first, "parking"), need=725, required=725, supply=720, state="short")
    check(figures(first, "parking"), deficit_separate=123, deficit=5, deficit_low=5, deficit_high=5)


def test_parking_surplus_three_compounds_away_is_no_help(changsha: Standard) -> None:
    frame = grid(8, households=151.0, parking_spaces=np.repeat([60.0, 120.0], 4))
    assignment, outlines = one_area(frame)
    found = assess(frame, None, None, assignment, outlines, changsha, chain(frame))
    check(figures(found, "parking"), deficit_separate=123, deficit=93.0, supply=720)


def test_no_parking_standard_is_not_a_deficit_of_nothing() -> None:
    frame = grid(8, households=151.0, parking_spaces=60.0)
    assignment, outlines = one_area(frame)
    found = assess(frame, None, None, assignment, outlines, standards.load("changsha"))
    figure = figures(found, "parking")
    check(figure, supply=480, known=8, state="not_set")
    others = set(AREA_FACILITY_SUFFIXES) - {"supply", "known", "state"}
    assert all(np.isnan(figure[suffix]) for suffix in others)
    assert found.neighbourhoods["parking_need"].isna().all()


def test_twelve_neighbourhoods_make_a_clinic_due(changsha: Standard) -> None:
    frame = grid(12, columns=4, households=151.0, elder_m2=0.0, clinic_m2=0.0)
    assignment, outlines = one_area(frame)
    found = assess(frame, None, None, assignment, outlines, changsha)
    check(
        figures(found, "clinic"),
        need=NAN,
        alone=0,
        required=120,
        sites=1,
        supply=0,
        deficit=120,
        deficit_separate=NAN,
        served_alone=0,
        served_pooled=1812,
        state="short",
    )
    check(figures(found, "elder_care"), need=362.4, required=362.4, deficit=362.4, served_pooled=1812)
    assert "clinic" not in set(found.below_trigger.get("facility", pd.Series(dtype=object)))


def test_a_clinic_across_the_street_counts_as_far_as_it_goes(changsha: Standard) -> None:
    frame = grid(12, columns=4, households=151.0, clinic_m2=0.0)
    assignment, outlines = one_area(frame)
    beyond = places(("clinic", 430.0, 85.0, 80.0, True), ("clinic", 540.0, 85.0, 500.0, True))
    found = assess(frame, None, beyond, assignment, outlines, changsha)
    check(figures(found, "clinic"), supply=80, deficit=40, state="short")
    assert found.shared[["facility", "area", "fid", "amount", "distance_m"]].to_numpy().tolist() == [
        ["clinic", 1, 1, 80.0, 200.0]
    ]


@pytest.fixture(scope="module")
def unknown_supply(changsha: Standard) -> Assessment:
    elder = [120.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, NAN]
    frame = grid(8, households=151.0, elder_m2=elder)
    assignment, outlines = one_area(frame)
    return assess(frame, None, None, assignment, outlines, changsha)


def test_unknown_supply_gives_a_range(unknown_supply: Assessment) -> None:
    check(
        figures(unknown_supply, "elder_care"),
        need=241.6,
        required=300,
        supply=120,
        known=7,
        deficit_low=0,
        deficit_high=180,
        deficit=NAN,
        deficit_separate=NAN,
        state="unknown",
    )
    own = unknown_supply.neighbourhoods["elder_care_deficit"]
    assert own.tolist()[:7] == pytest.approx([0.0] + [30.2] * 6)
    assert np.isnan(own.iloc[7])


def test_unknown_households_leave_the_shortage_certain_but_not_its_size(changsha: Standard) -> None:
    frame = grid(8, households=[151.0] * 7 + [NAN], elder_m2=0.0)
    assignment, outlines = one_area(frame)
    found = figures(assess(frame, None, None, assignment, outlines, changsha), "elder_care")
    check(found, need=211.4, need_high=NAN, required=300, state="short")
    check(found, deficit_low=300, deficit_high=NAN, deficit=NAN)
    check(found, alone=NAN, served_alone=NAN, served_pooled=NAN)


def test_unknown_households_are_never_a_met_need(changsha: Standard) -> None:
    frame = grid(8, households=[151.0] * 7 + [NAN], elder_m2=[400.0] + [0.0] * 7)
    assignment, outlines = one_area(frame)
    found = figures(assess(frame, None, None, assignment, outlines, changsha), "elder_care")
    check(found, supply=400, deficit_low=0, deficit_high=NAN, deficit=NAN, state="unknown")


def test_the_page_says_the_same() -> None:
    page = (Path(__file__).parents[2] / "docs" / "worked-areas.md").read_text(encoding="utf-8")
    for number in (
        "241.6",
        "1,208",
        "3,865.6",
        "122.4",
        "4.8",
        "93.0",
        "5,798.4",
        "1,812",
        "362.4",
        "180",
        "181.2",
        "211.4",
    ):
        assert number in page
