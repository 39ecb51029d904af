"""What must hold for any survey: scale, place and order of rows, capacity counted once, unknown never 0."""

from __future__ import annotations

from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import pandas as pd
from deficit_frames import CRS, grid, several
from hypothesis import given, settings
from hypothesis import strategies as st

from renomap.deficits import standards
from renomap.deficits.areas import assess_areas
from renomap.deficits.assess import Assessment, assess
from renomap.deficits.inputs import prepare
from renomap.model.standard import Level, Standard, State

#: One line of every kind, so that the many examples stay quick.
KINDS = ("elevator", "parking", "elder_care", "clinic", "canteen", "green", "ev_charging", "ebike")
_CHANGSHA = standards.with_meeting(
    standards.load("changsha"), [standards.parse_meeting("parking.rate=0.6/household")]
)
STANDARD = replace(_CHANGSHA, facilities=tuple(item for item in _CHANGSHA.facilities if item.key in KINDS))
FACILITIES = ("elder_care", "clinic", "parking", "canteen", "ebike")
COLUMNS = 4

amounts = st.one_of(st.none(), st.integers(0, 400).map(float))


@dataclass(frozen=True)
class Town:
    """A survey with areas, ready to be assessed."""

    frame: gpd.GeoDataFrame
    facilities: gpd.GeoDataFrame | None
    assignment: pd.Series
    outlines: gpd.GeoSeries

    def assess(self, standard: Standard = STANDARD) -> Assessment:
        return assess(self.frame, None, self.facilities, self.assignment, self.outlines, standard)


def column(draw: st.DrawFn, n: int, values: st.SearchStrategy[float | None]) -> np.ndarray:
    return np.array(draw(st.lists(values, min_size=n, max_size=n)), dtype=float)


@st.composite
def towns(draw: st.DrawFn) -> Town:
    """Rows of four compounds; each row is one area or none."""
    rows = draw(st.integers(1, 4))
    n = rows * COLUMNS
    frame = grid(
        n,
        columns=COLUMNS,
        households=column(draw, n, st.one_of(st.none(), st.integers(1, 900).map(float))),
        elderly=column(draw, n, st.one_of(st.none(), st.integers(0, 300).map(float))),
        stairwells=column(draw, n, st.one_of(st.none(), st.integers(1, 30).map(float))),
        floors=column(draw, n, st.one_of(st.none(), st.integers(1, 9).map(float))),
        elevators=column(draw, n, st.one_of(st.none(), st.integers(0, 5).map(float))),
        elder_m2=column(draw, n, amounts),
        clinic_m2=column(draw, n, amounts),
        parking_spaces=column(draw, n, amounts),
        street=np.array(
            draw(st.lists(st.sampled_from(["甲", "乙", None]), min_size=n, max_size=n)), dtype=object
        ),
    )
    kinds = draw(st.lists(st.sampled_from([0, 1, 1]), min_size=rows, max_size=rows))
    labels = [(row + 1) * kinds[row] for row in range(rows) for _ in range(COLUMNS)]
    assignment, outlines = several(frame, labels)
    count = draw(st.integers(0, 6))
    facilities = gpd.GeoDataFrame(
        {
            "name": [f"场所{i}" for i in range(count)],
            "facility": np.array(
                draw(st.lists(st.sampled_from(FACILITIES), min_size=count, max_size=count)), dtype=object
            ),
            "capacity": column(draw, count, amounts),
            "shared": np.array(
                draw(st.lists(st.sampled_from([True, False, None]), min_size=count, max_size=count)),
                dtype=object,
            ),
        },
        geometry=gpd.points_from_xy(
            draw(st.lists(st.integers(-150, 400), min_size=count, max_size=count)),
            draw(st.lists(st.integers(-150, 400), min_size=count, max_size=count)),
        ),
        index=pd.Index(np.arange(count) + 100, dtype="int64"),
        crs=CRS,
    )
    return Town(frame, facilities if count else None, assignment, outlines)


quick = settings(max_examples=12, deadline=None)


@quick
@given(towns(), st.integers(2, 9))
def test_need_follows_households(town: Town, factor: int) -> None:
    more = replace(town, frame=town.frame.assign(households=town.frame["households"] * factor))
    need, scaled = town.assess(), more.assess()
    for key in ("elder_care", "parking"):
        np.testing.assert_allclose(
            scaled.neighbourhoods[f"{key}_need"], need.neighbourhoods[f"{key}_need"] * factor, equal_nan=True
        )
        above = need.areas[f"{key}_need"] * factor - scaled.areas[f"{key}_need"]
        assert (scaled.areas[f"{key}_need"].isna() == need.areas[f"{key}_need"].isna()).all()
        # Spaces are rounded up in each area: of what is needed less than one is added, then multiplied.
        counted = factor if key == "parking" else 0.0
        assert above.dropna().between(-1e-6, counted + 1e-6).all()


@quick
@given(towns(), st.integers(-500, 500), st.integers(-500, 500))
def test_where_the_town_lies_changes_nothing(town: Town, dx: int, dy: int) -> None:
    moved = replace(
        town,
        frame=town.frame.set_geometry(town.frame.translate(dx, dy)),
        outlines=town.outlines.translate(dx, dy),
        facilities=None
        if town.facilities is None
        else town.facilities.set_geometry(town.facilities.translate(dx, dy)),
    )
    here, there = town.assess(), moved.assess()
    pd.testing.assert_frame_equal(here.areas, there.areas)
    pd.testing.assert_frame_equal(here.neighbourhoods, there.neighbourhoods)
    pd.testing.assert_frame_equal(here.shared, there.shared)


@quick
@given(towns(), st.randoms(use_true_random=False))
def test_order_of_rows_changes_nothing(town: Town, random: object) -> None:
    order = list(range(len(town.frame)))
    random.shuffle(order)  # type: ignore[attr-defined]
    shuffled = replace(
        town,
        frame=town.frame.iloc[order],
        assignment=town.assignment.iloc[order[::-1]],
        outlines=town.outlines.iloc[::-1],
        facilities=None if town.facilities is None else town.facilities.iloc[::-1],
    )
    one, other = town.assess(), shuffled.assess()
    pd.testing.assert_frame_equal(one.areas, other.areas)
    pd.testing.assert_frame_equal(one.neighbourhoods, other.neighbourhoods.sort_index())
    assert list(other.neighbourhoods.index) == list(shuffled.frame.index)
    pd.testing.assert_frame_equal(one.shared, other.shared)
    pd.testing.assert_frame_equal(one.below_trigger, other.below_trigger)


@quick
@given(towns())
def test_every_unit_of_capacity_is_counted_once(town: Town) -> None:
    found = town.assess()
    if town.facilities is not None:
        given_away = found.shared.groupby("fid")["amount"].sum()
        capacity = town.facilities["capacity"].fillna(1.0)  # a canteen or site without a number is one
        assert (given_away <= capacity.reindex(given_away.index) + 1e-6).all()
        assert town.facilities["shared"].reindex(found.shared["fid"]).ne(False).all()
    for key, field in (("elder_care", "elder_m2"), ("clinic", "clinic_m2"), ("parking", "parking_spaces")):
        stated = town.frame[field][town.assignment > 0].sum()
        listed = 0.0
        if town.facilities is not None:
            listed = town.facilities["capacity"][(town.facilities["facility"] == key).to_numpy(bool)].sum()
        assert found.areas[f"{key}_supply"].sum() <= stated + listed + 1e-6


@quick
@given(towns())
def test_a_range_is_a_range_and_agrees_with_the_state(town: Town) -> None:
    found = town.assess().areas
    for item in STANDARD.facilities:
        low, high = found[f"{item.key}_deficit_low"], found[f"{item.key}_deficit_high"]
        deficit, state = found[f"{item.key}_deficit"], found[f"{item.key}_state"]
        if item.level is Level.COMMUNITY:  # an area shows the state of its communities, and no sums of theirs
            assert low.isna().all()
            assert deficit.isna().all()
            continue
        assert (low.notna() | (state == State.NOT_SET)).all()
        assert not (low > high + 1e-6).any()
        certain = deficit.notna()
        assert (low[certain] == high[certain]).all()
        assert (deficit[certain] == high[certain]).all()
        assert (low[state == State.SHORT] > 0).all()
        assert (deficit[state == State.MET] == 0).all()
        assert not (deficit[state == State.UNKNOWN] > 0).any()
        need, most = found[f"{item.key}_need"], found[f"{item.key}_need_high"]
        assert not (need > most).any()
        assert deficit[state == State.NOT_SET].isna().all()


@quick
@given(towns())
def test_pooling_never_lacks_more_than_each_by_itself(town: Town) -> None:
    found = town.assess()
    full = town.frame[["households", "parking_spaces"]].notna().all(axis=1)
    whole = full[town.assignment > 0].groupby(town.assignment[town.assignment > 0]).all()
    for area in whole[whole].index:
        pooled, separate = found.areas.loc[area, ["parking_deficit_high", "parking_deficit_separate"]]
        assert pooled <= separate + 1e-6


@quick
@given(towns(), st.sampled_from(["households", "elder_m2", "clinic_m2", "parking_spaces"]))
def test_unknown_is_never_nothing(town: Town, column: str) -> None:
    """Forgetting a column can widen a range but never settle one that was open, nor call a shortage met."""
    before = town.assess().areas
    after = replace(town, frame=town.frame.assign(**{column: np.nan})).assess().areas
    for key in ("elder_care", "clinic", "parking"):
        known, forgotten = before[f"{key}_state"], after[f"{key}_state"]
        assert not ((known == State.SHORT) & (forgotten == State.MET)).any()
        if town.facilities is None and column != "households":
            assert not ((known == State.UNKNOWN) & (forgotten != State.UNKNOWN)).any()


@quick
@given(towns())
def test_some_areas_are_exactly_those_rows_of_all(town: Town) -> None:
    inputs = prepare(town.frame, None, town.facilities, STANDARD)
    all_areas = assess_areas(inputs, town.assignment, town.outlines)
    for area in town.outlines.index:
        one = assess_areas(inputs, town.assignment, town.outlines, areas=[area])
        pd.testing.assert_frame_equal(one.areas, all_areas.areas.loc[[area]])
        mine = all_areas.shared["area"] == area
        assert one.shared.to_numpy().tolist() == all_areas.shared[mine].to_numpy().tolist()


def test_nothing_given_is_nothing_found() -> None:
    empty = grid(0)
    found = assess(
        empty,
        None,
        None,
        pd.Series(dtype="int64"),
        gpd.GeoSeries(index=pd.Index([], dtype="int64"), crs=CRS),
        STANDARD,
    )
    assert found.areas.empty
    assert found.neighbourhoods.empty
    assert found.shared.empty


def test_an_area_without_members_is_unknown_throughout() -> None:
    frame = grid(2, households=151.0)
    assignment, outlines = several(frame, [1, 1])
    outlines = pd.concat([outlines, outlines.rename({1: 2}).translate(500, 0)])
    found = assess(frame, None, None, assignment, outlines, STANDARD).areas.loc[2]
    assert found["elder_care_state"] == State.UNKNOWN
    assert np.isnan(found["elder_care_required"])
    assert found["elder_care_known"] == 0


def test_frames_are_left_as_they_are() -> None:
    frame = grid(4, households=151.0, elder_m2=np.nan)
    assignment, outlines = several(frame, [1, 1, 2, 0])
    before = frame.copy(), assignment.copy(), outlines.copy()
    assess(frame, frame.assign(floors=6.0), None, assignment, outlines, STANDARD)
    pd.testing.assert_frame_equal(frame, before[0])
    pd.testing.assert_series_equal(assignment, before[1])
    assert outlines.equals(before[2])
