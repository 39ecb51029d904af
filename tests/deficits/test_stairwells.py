"""Stairwells: inventory, then building field, then an estimate; storeys decide which count."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from deficit_frames import CRS, grid, line_of, one_area

from renomap.deficits import standards
from renomap.deficits.assess import assess
from renomap.deficits.inputs import prepare
from renomap.deficits.stairwells import Buildings, buildings_with_flats, count, estimate

NATIONAL = standards.load("national")
ELEVATOR = line_of(NATIONAL, "elevator")


def buildings(*rows: tuple[float, float, float | None, float | None], use: object = None) -> gpd.GeoDataFrame:
    """(x of the building, storeys, stairwells, elevators), each 45 m by 10 m."""
    return gpd.GeoDataFrame(
        {
            "floors": np.array([row[1] for row in rows], dtype=float),
            "stairwells": np.array([row[2] for row in rows], dtype=float),
            "elevators": np.array([row[3] for row in rows], dtype=float),
            "use": use,
        },
        geometry=[shapely.box(row[0], 5, row[0] + 45, 15) for row in rows],
        crs=CRS,
    )


def need(frame: gpd.GeoDataFrame, layer: gpd.GeoDataFrame | None) -> tuple[float, bool]:
    inputs = prepare(frame, layer, None, NATIONAL)
    return inputs.need[ELEVATOR, 0], bool(inputs.need_high[ELEVATOR, 0] == inputs.need[ELEVATOR, 0])


@pytest.mark.parametrize(
    ("shape", "stairwells"),
    [
        (shapely.box(0, 0, 60, 12), 4),
        (shapely.box(0, 0, 12, 59.9), 3),
        (shapely.box(0, 0, 25, 25), 1),
        (shapely.box(0, 0, 8, 8), 1),
        # An L of two wings, 60 m and 48 m beyond the corner: 108 - 6 m along the middle.
        (shapely.union(shapely.box(0, 0, 60, 12), shapely.box(0, 0, 12, 60)), 7),
        # A closed block of 60 m, 12 m deep: taken as 179 m, its middle line is 4 x 48 = 192 m.
        (shapely.difference(shapely.box(0, 0, 60, 60), shapely.box(12, 12, 48, 48)), 11),
    ],
)
def test_length_gives_stairwells(shape: shapely.Geometry, stairwells: int) -> None:
    assert estimate(np.array([shape]), 15.0).tolist() == [stairwells]


def test_inventory_comes_first() -> None:
    assert need(grid(1, stairwells=7.0, floors=6.0), buildings((2, 6, 3, None))) == (7, True)


def test_then_the_building_then_its_length() -> None:
    assert need(grid(1), buildings((2, 6, 5, None))) == (5, True)
    assert need(grid(1), buildings((2, 6, None, None))) == (3, True)


def test_storeys_decide() -> None:
    assert need(grid(1), buildings((2, 3, 5, None), (2, 4, 2, None))) == (2, True)
    assert need(grid(1, stairwells=7.0, floors=3.0), None) == (0, True)
    # 8 stairwells listed, buildings say 6 of them tall and 2 low.
    assert need(grid(1, stairwells=8.0), buildings((2, 3, 1, None), (2, 6, 3, None))) == (6, True)


def test_what_nobody_states_is_unknown() -> None:
    assert np.isnan(need(grid(1), None)[0])
    assert np.isnan(need(grid(1, stairwells=7.0), None)[0])
    assert np.isnan(need(grid(1), buildings((2, None, 3, None)))[0])
    partly = need(grid(1), buildings((2, 6, 3, None), (2, None, 2, None)))
    assert partly == (3, False), "a building of unknown height may add to the need"
    assert need(grid(1, floors=6.0), buildings((2, 6, 3, None), (2, None, 2, None))) == (5, True)


def test_other_buildings_do_not_count() -> None:
    assert np.isnan(need(grid(1), buildings((2, 6, 5, None), use="other"))[0])


@pytest.mark.parametrize(
    ("installed", "low", "high", "state"),
    [
        ([0.0, 0.0], 7, 7, "short"),
        ([4.0, 3.0], 0, 0, "met"),
        ([1.0, 0.0], 6, 6, "short"),
        ([9.0, 0.0], 3, 3, "short"),  # what one building has in excess is no use to another
        ([np.nan, 0.0], 0, 7, "unknown"),
    ],
)
def test_elevators_of_buildings(installed: list[float], low: float, high: float, state: str) -> None:
    frame = grid(1)
    layer = buildings((2, 6, 4, installed[0]), (2, 6, 3, installed[1]))
    row = assess(frame, layer, None, *one_area(frame), NATIONAL).areas.loc[1]
    assert row["elevator_need"] == 7
    assert (row["elevator_deficit_low"], row["elevator_deficit_high"]) == (low, high)
    assert row["elevator_state"] == state


def test_estimates_are_flagged() -> None:
    notes = prepare(grid(2), buildings((2, 6, None, None)), None, NATIONAL).notes
    note = next(note for note in notes if note.code == "deficits.stairwells-estimated")
    assert (note.fids, note.params["metres"]) == ((1,), 15.0)


def test_no_buildings_at_all() -> None:
    frame = grid(2)
    found = count(np.full(2, np.nan), np.full(2, np.nan), buildings_with_flats(frame, None, 15.0), 4)
    assert np.isnan(found.count).all()
    assert np.isinf(found.high).all()


def test_an_inventory_is_divided_by_all_the_stairwells_that_are_seen() -> None:
    """Two tall, two low and four of unknown height: of 16 listed at least 4 count, at most 12."""
    found = Buildings(
        home=np.zeros(3, np.int64),
        floors=np.array([6.0, 3.0, np.nan]),
        wells=np.array([2.0, 2.0, 4.0]),
        guessed=np.zeros(3, bool),
        elevators=np.zeros(3),
    )
    counted = count(np.array([16.0]), np.array([np.nan]), found, 4)
    assert (counted.count[0], counted.high[0], bool(counted.guessed[0])) == (4, 12, True)


def test_without_storeys_asked_for_every_building_counts() -> None:
    """Buildings of unknown storeys, of none above ground, and a neighbourhood that states none."""
    found = Buildings(
        home=np.array([0, 0]),
        floors=np.array([np.nan, 0.0]),
        wells=np.array([2.0, 3.0]),
        guessed=np.array([False, False]),
        elevators=np.array([1.0, np.nan]),
    )
    told = count(np.array([np.nan, 4.0]), np.array([np.nan, np.nan]), found, 0)
    np.testing.assert_array_equal(told.count, [5, 4])
    np.testing.assert_array_equal(told.high, [5, 4])
    np.testing.assert_array_equal(told.guessed, [False, False])
    np.testing.assert_array_equal(told.equipped, [np.nan, np.nan])


def test_elevators_are_counted_up_to_the_stairwells_of_tall_buildings() -> None:
    found = Buildings(
        home=np.array([0, 0, 1, 1]),
        floors=np.array([6.0, 3.0, 6.0, np.nan]),
        wells=np.array([2.0, 3.0, 2.0, 2.0]),
        guessed=np.array([True, False, False, False]),
        elevators=np.array([5.0, 1.0, 1.0, 0.0]),
    )
    told = count(np.array([np.nan, 8.0]), np.full(2, np.nan), found, 4)
    np.testing.assert_array_equal(told.equipped, [2, np.nan])  # a building may be tall and have some
    np.testing.assert_array_equal(told.guessed, [True, False])
    np.testing.assert_array_equal(told.count, [2, 4])  # of 8 listed, 2 of 4 are sure to be tall
    np.testing.assert_array_equal(told.high, [2, 8])
