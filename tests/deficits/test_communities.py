"""Facilities of level community: due by the residents of the community, met by all that it has."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from deficit_frames import CRS, grid, places, several
from hypothesis import given, settings
from hypothesis import strategies as st

from renomap.deficits import standards
from renomap.deficits.assess import Assessment, assess
from renomap.deficits.communities import COLUMNS
from renomap.errors import RenomapError
from renomap.model.standard import Level, Standard

NAN = np.nan
NATIONAL = standards.load("national")
COMPLETE = standards.with_meeting(NATIONAL, [standards.parse_meeting("survey.residents=complete")])


def found(
    frame: gpd.GeoDataFrame,
    labels: list[int],
    standard: Standard = NATIONAL,
    facilities: gpd.GeoDataFrame | None = None,
    boundaries: gpd.GeoDataFrame | None = None,
) -> Assessment:
    assignment, outlines = several(frame, labels)
    return assess(frame, None, facilities, assignment, outlines, standard, None, boundaries)


def verdict(told: Assessment, key: str = "clinic", community: str = "甲社区") -> pd.Series:
    rows = told.communities
    return rows[(rows["facility"] == key) & (rows["community"] == community)].iloc[0]


def three(*population: float, **values: object) -> gpd.GeoDataFrame:
    return grid(
        len(population), population=list(population), **({"community": "甲社区", "clinic_m2": 0.0} | values)
    )


@pytest.mark.parametrize(
    ("population", "standard", "state", "required"),
    [
        ((2000.0, 2000.0, NAN), NATIONAL, "unknown", NAN),
        ((2600.0, 2600.0), NATIONAL, "short", 120),
        ((2600.0, 2600.0, NAN), NATIONAL, "short", 120),
        ((2000.0, 2000.0), NATIONAL, "unknown", NAN),
        ((2000.0, 2000.0), COMPLETE, "below_trigger", 0),
        ((2000.0, 2000.0, NAN), COMPLETE, "unknown", NAN),
        ((2500.0, 2500.0), COMPLETE, "short", 120),
    ],
)
def test_the_trigger_by_hand(
    population: tuple[float, ...], standard: Standard, state: str, required: float
) -> None:
    row = verdict(found(three(*population), [1] * len(population), standard))
    assert row["state"] == state
    assert row["required"] == pytest.approx(required, nan_ok=True)
    assert row["population"] == np.nansum(population)
    assert row["population_known"] == np.sum(~np.isnan(population))


def test_what_is_not_due_requires_nothing() -> None:
    row = verdict(found(three(2000.0, 2000.0), [1, 1], COMPLETE))
    assert (row["required"], row["deficit_low"], row["deficit_high"], row["deficit"]) == (0, 0, 0, 0)


def test_residents_outside_every_area_count() -> None:
    """2,600 in area 1, 2,600 in none: the community is due, and so says the area."""
    told = found(three(2600.0, 2600.0), [1, 0])
    assert verdict(told)["state"] == "short"
    assert verdict(told)["areas"] == (1,)
    assert told.areas.loc[1, "clinic_state"] == "short"
    for suffix in ("need", "required", "deficit", "deficit_low", "deficit_high", "sites"):
        assert np.isnan(told.areas.loc[1, f"clinic_{suffix}"])
    assert told.areas.loc[1, "clinic_supply"] == 0
    assert "clinic" not in set(told.below_trigger["facility"])


@pytest.mark.parametrize(
    ("given", "state"),
    [(4999.0, "below_trigger"), (5000.0, "short"), (NAN, "unknown"), (0.0, "below_trigger")],
)
def test_a_stated_population_decides(given: float, state: str) -> None:
    row = verdict(found(three(2000.0, NAN, community_population=[given, NAN]), [1, 1]))
    assert row["state"] == state
    assert row["given_population"] == pytest.approx(given, nan_ok=True)


def test_two_different_statements_are_none() -> None:
    row = verdict(found(three(2000.0, 2000.0, community_population=[4000.0, 9000.0]), [1, 1]))
    assert (row["state"], np.isnan(row["given_population"])) == ("unknown", True)


def test_the_survey_holds_more_than_the_statement() -> None:
    """6,000 are counted, so a statement of 4,000 is out of date; what is counted is there."""
    assert verdict(found(three(3000.0, 3000.0, community_population=4000.0), [1, 1]))["state"] == "short"


@pytest.mark.parametrize(
    ("clinic", "state", "low", "high"),
    [
        ([80.0, 40.0], "met", 0, 0),
        ([80.0, 39.0], "short", 1, 1),
        ([80.0, NAN], "unknown", 0, 40),
        ([200.0, NAN], "met", 0, 0),
        ([NAN, NAN], "unknown", 0, 120),
    ],
)
def test_supply_of_all_its_neighbourhoods(clinic: list[float], state: str, low: float, high: float) -> None:
    row = verdict(found(three(2600.0, 2600.0, clinic_m2=clinic), [1, 0]))
    assert (row["state"], row["deficit_low"], row["deficit_high"]) == (state, low, high)
    assert row["deficit"] == pytest.approx(low if low == high else NAN, nan_ok=True)
    assert row["supply_known"] == np.sum(~np.isnan(clinic))


def test_equal_names_in_two_streets_are_two_communities() -> None:
    frame = three(2600.0, 2600.0, street=["东街道", "西街道"])
    told = found(frame, [1, 1]).communities
    clinic = told[told["facility"] == "clinic"]
    assert clinic["street"].tolist() == ["东街道", "西街道"]
    assert clinic["state"].tolist() == ["unknown", "unknown"]


def test_what_an_area_shows() -> None:
    """甲 is short, 乙 met, 丙 unknown (3,000 persons), and one neighbourhood has no community."""
    frame = grid(
        4,
        population=[6000.0, 6000.0, 3000.0, 9000.0],
        community=["甲", "乙", "丙", None],
        clinic_m2=[0.0, 120.0, 0.0, 0.0],
    )
    shown = {
        (1, 1, 1, 1): ["short"],
        (0, 1, 0, 0): ["met"],
        (0, 1, 1, 0): ["unknown"],
        (0, 1, 0, 1): ["unknown"],
        (1, 2, 3, 4): ["short", "met", "unknown", "unknown"],
    }
    for labels, states in shown.items():
        assert found(frame, list(labels)).areas["clinic_state"].tolist() == states


def test_without_communities_nothing_can_be_said() -> None:
    told = found(grid(2, population=9000.0, clinic_m2=0.0), [1, 1])
    assert told.communities.empty
    assert list(told.communities.columns) == list(COLUMNS)
    assert told.areas["clinic_state"].tolist() == ["unknown"]


def community_lines(*rows: tuple[str, float, float, float]) -> gpd.GeoDataFrame:
    """Strips (name, from x, to x, population)."""
    return gpd.GeoDataFrame(
        {"name": [row[0] for row in rows], "level": "community", "population": [row[3] for row in rows]},
        geometry=[shapely.box(row[1], -500, row[2], 500) for row in rows],
        crs=CRS,
    )


def test_boundaries_name_count_and_place() -> None:
    """Neighbourhoods without a name get the polygon's; its population decides; a place on open ground 40 m
    from 甲 (x 0-50) but inside 乙 (x 60-110) is 乙's."""
    frame = grid(2, population=[3000.0, 3000.0], clinic_m2=0.0)
    lines = community_lines(("甲", -100, 55, 5000.0), ("乙", 55, 300, 4000.0))
    told = found(frame, [1, 1], boundaries=lines)
    assert [verdict(told, community=name)["state"] for name in "甲乙"] == ["short", "below_trigger"]
    lines["population"] = 6000.0
    clinic = places(("clinic", 57.0, 80.0, 120.0, None))  # nearer to 乙's square? both; the line decides
    told = found(frame, [1, 1], facilities=clinic, boundaries=lines)
    assert [verdict(told, community=name)["supply"] for name in "甲乙"] == [0, 120]
    assert [verdict(told, community=name)["state"] for name in "甲乙"] == ["short", "met"]
    west = places(("clinic", 54.0, 80.0, 120.0, None))
    told = found(frame, [1, 1], facilities=west, boundaries=lines)
    assert [verdict(told, community=name)["supply"] for name in "甲乙"] == [120, 0]


def test_a_place_beyond_the_line_is_taken_once_from_the_nearest() -> None:
    """3 m from 甲's square and 7 m from 乙's, but inside 乙: 甲 keeps the 200 m² of its own."""
    frame = grid(2, population=[3000.0, 3000.0], clinic_m2=[200.0, 0.0])
    lines = community_lines(("甲", -100, 52, 6000.0), ("乙", 52, 300, 6000.0))
    told = found(frame, [1, 1], facilities=places(("clinic", 53.0, 25.0, 120.0, None)), boundaries=lines)
    assert [verdict(told, community=name)["supply"] for name in "甲乙"] == [200, 120]


def test_without_a_radius_the_nearest_within_a_walk() -> None:
    """A toilet has no radius in the standard: 200 m away it is the community's, 400 m away nobody's."""
    frame = three(6000.0, toilet_m2=0.0)
    near = found(frame, [1], facilities=places(("toilet", 250.0, 25.0, 30.0, None)))
    far = found(frame, [1], facilities=places(("toilet", 450.0, 25.0, 30.0, None)))
    assert [verdict(told, "toilet")["supply"] for told in (near, far)] == [30, 0]


def test_a_place_of_unknown_size_leaves_the_verdict_open() -> None:
    frame = three(6000.0)
    row = verdict(found(frame, [1], facilities=places(("clinic", 25.0, 25.0, None, None))))
    assert (row["state"], row["deficit_low"], row["deficit_high"]) == ("unknown", 0, 120)


def test_types_of_shops_are_counted_once() -> None:
    row = verdict(found(three(6000.0, shop_types=[1.0]), [1]), "shops_other")
    assert (row["required"], row["deficit"], row["state"]) == (4, 3, "short")


def test_the_declaration_is_a_value_of_the_meeting() -> None:
    assert COMPLETE.meeting[0].facility == "survey"
    assert COMPLETE.facilities == NATIONAL.facilities
    with pytest.raises(RenomapError) as caught:
        standards.with_meeting(NATIONAL, [standards.parse_meeting("survey.residents=some")])
    assert caught.value.code == "deficits.set-value"


def test_a_value_set_per_area_is_read_as_per_community() -> None:
    value = standards.parse_meeting("shops_other.rate=5/area")
    item = standards.with_meeting(NATIONAL, [value]).facility("shops_other")
    assert item is not None
    assert (item.rate, item.base) == (5, "community")


HEAD = 'key = "own"\nextends = "national"\nzh = "本地"\nen = "Own"\n[[facility]]\nkey = "clinic"\n'


@pytest.mark.parametrize("said", ['base = "area"\nsource = "x"\nstatus = "partly"', 'level = "area"'])
def test_tables_that_say_area_keep_meaning_it(said: str) -> None:
    item = standards.parse(HEAD + said, "own.toml").facility("clinic")
    assert item is not None
    assert (item.level, item.base, item.pooled, item.min_size) == (Level.AREA, "area", True, 120)


def test_a_community_needs_the_base_of_one() -> None:
    with pytest.raises(RenomapError) as caught:
        standards.parse(HEAD + 'base = "household"\nsource = "x"\nstatus = "partly"', "own.toml")
    assert caught.value.code == "deficits.table-community-base"


people = st.one_of(st.none(), st.integers(0, 4000).map(float))
rooms = st.one_of(st.none(), st.integers(0, 150).map(float))


@settings(max_examples=60, deadline=None)
@given(st.data(), st.integers(1, 6), st.sampled_from(["", "given", "complete"]))
def test_no_completion_contradicts_a_verdict(data: st.DataObject, n: int, way: str) -> None:
    """Unknown persons and supply become known, and unless all residents are stated more of them turn up."""

    def drawn(values: st.SearchStrategy[float | None]) -> np.ndarray:
        return np.array(data.draw(st.lists(values, min_size=n, max_size=n)), dtype=float)

    names = np.array(data.draw(st.lists(st.sampled_from(["甲", "乙"]), min_size=n, max_size=n)), dtype=object)
    frame = grid(n, community=names, population=drawn(people), clinic_m2=drawn(rooms))
    fill = grid(
        n, population=drawn(st.integers(0, 4000).map(float)), clinic_m2=drawn(st.integers(0, 150).map(float))
    )
    full = frame.assign(**{name: frame[name].fillna(fill[name]) for name in ("population", "clinic_m2")})
    total = full.groupby("community")["population"].sum()
    if way != "complete":
        extra = data.draw(st.lists(st.integers(0, 9000), min_size=2, max_size=2))
        total += pd.Series(extra, index=["甲", "乙"]).reindex(total.index)
    if way == "given":
        frame["community_population"] = frame["community"].map(total)
    labels = data.draw(st.lists(st.sampled_from([0, 1, 2]), min_size=n, max_size=n))
    standard = COMPLETE if way == "complete" else NATIONAL
    only = replace(standard, facilities=tuple(item for item in standard.facilities if item.key == "clinic"))
    told = found(frame, labels, only)
    supply = full.groupby("community")["clinic_m2"].sum()
    for row in told.communities.to_dict("records"):
        due = total[row["community"]] >= 5000
        lack = max(0.0, 120 - supply[row["community"]])
        assert row["deficit_low"] <= (lack if due else 0) <= row["deficit_high"]
        assert not (row["state"] == "short" and (not due or lack == 0))
        assert not (row["state"] == "met" and due and lack > 0)
        assert not (row["state"] == "below_trigger" and due)
        if not np.isnan(row["deficit"]):
            assert row["deficit"] == (lack if due else 0)
    for area, state in told.areas["clinic_state"].items():
        homes = {names[i] for i in range(n) if labels[i] == area}
        lacks = [total[one] >= 5000 and supply[one] < 120 for one in homes]
        assert not (state == "short" and not any(lacks))
        assert not (state == "met" and any(lacks))
        assert not (state == "below_trigger" and any(total[one] >= 5000 for one in homes))


def test_a_community_without_a_street_is_the_one_of_its_name() -> None:
    """Two and a half thousand of each side make the five thousand only together."""
    rows = three(2600.0, 2600.0, street=["朝晖街道", None])
    told = found(rows, [1, 1])
    clinics = told.communities[told.communities["facility"] == "clinic"]
    assert clinics[["street", "community", "neighbourhoods"]].to_numpy().tolist() == [
        ["朝晖街道", "甲社区", 2]
    ]
    assert verdict(told)["state"] == "short"
    # Two streets have a community of that name: nobody knows which one is meant.
    both = found(three(2600.0, 2600.0, 2600.0, street=["朝晖街道", None, "南岸街道"]), [1, 1, 1])
    assert (both.communities["facility"] == "clinic").sum() == 3
    alone = found(three(2600.0, 2600.0, street=[None, None]), [1, 1])
    assert verdict(alone)["state"] == "short"


def test_an_area_shows_what_stands_in_it_of_a_communitys_facility() -> None:
    """Of the survey and on its open ground; silence alone is unknown, a stated 0 is 0."""
    frame = grid(6, community="甲社区", clinic_m2=[50.0, NAN, NAN, NAN, 0.0, NAN])
    clinic = places(("clinic", 55.0, 25.0, 70.0, True))
    areas = found(frame, [1, 1, 2, 2, 3, 3], facilities=clinic).areas
    np.testing.assert_array_equal(areas["clinic_supply"], [120, NAN, 0])
    assert areas["clinic_known"].tolist() == [1, 0, 1]
