"""Supply from the survey and from the facility layer: nothing twice, nothing invented."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from deficit_frames import grid, line_of, one_area, places

from renomap.deficits import standards
from renomap.deficits.assess import assess
from renomap.deficits.columns import numbers
from renomap.deficits.inputs import prepare
from renomap.deficits.supply import Supply, supply
from renomap.model.standard import Standard
from renomap.wording.catalogue import note_sentence, words

NATIONAL = standards.load("national")


def of(frame: gpd.GeoDataFrame, layer: gpd.GeoDataFrame | None, standard: Standard = NATIONAL) -> Supply:
    return supply(frame, layer, standard, np.full(len(frame), np.nan))


def test_the_survey_counts_a_place_inside_once() -> None:
    frame = grid(3, elder_m2=[200.0, 0.0, np.nan])
    layer = places(*[("elder_care", 25.0 + 60 * i, 25.0, 350.0, True) for i in range(3)])
    found = of(frame, layer)
    f = line_of(NATIONAL, "elder_care")
    assert found.sure[f].tolist() == [200, 350, 350]
    assert found.known[f].tolist() == [True, True, False]
    assert [(note.code, note.fids) for note in found.notes if note.code == "deficits.same-place"] == [
        ("deficits.same-place", (1,))
    ]


def test_silence_is_unknown_until_the_meeting_takes_the_layer_as_complete() -> None:
    frame = grid(3)
    layer = places(("elder_care", 25.0, 25.0, 350.0, True))
    f = line_of(NATIONAL, "elder_care")
    open_question = of(frame, layer)
    assert not open_question.known[f].any()
    note = next(note for note in open_question.notes if note.code == "deficits.layer-incomplete")
    assert note.params["overrule"] == "--set FACILITY.survey=complete"
    assert note.params["names_en"] == "Elderly day care 3"
    settled = standards.with_meeting(NATIONAL, [standards.parse_meeting("elder_care.survey=complete")])
    closed = of(frame, layer, settled)
    assert closed.known[f].all()
    assert closed.sure[f].tolist() == [350, 0, 0]
    assert not of(frame, None, settled).known[f].any(), (
        "without a layer there is nothing that could be complete"
    )


def test_a_site_without_a_number_is_one_and_a_room_without_one_is_unknown() -> None:
    frame = grid(1, canteens=0.0, elder_m2=0.0)
    layer = places(("canteen", 25.0, 25.0, None, True), ("elder_care", 25.0, 25.0, None, True))
    found = of(frame, layer)
    assert found.sure[line_of(NATIONAL, "canteen"), 0] == 1
    assert found.known[line_of(NATIONAL, "canteen"), 0]
    assert not found.known[line_of(NATIONAL, "elder_care"), 0]


def test_a_car_park_in_the_street_serves_the_nearest_compound_within_reach() -> None:
    frame = grid(2, parking_spaces=[10.0, 10.0])
    layer = places(("parking", 56.0, 25.0, 30.0, True), ("parking", 25.0, 201.0, 99.0, True))
    found = of(frame, layer)
    assert found.sure[line_of(NATIONAL, "parking")].tolist() == [10, 40]
    assert found.places.home.tolist() == [1, -1]


def test_a_place_on_the_open_ground_of_an_area_counts_for_the_area() -> None:
    frame = grid(8, households=151.0, elder_m2=0.0)
    assignment, outlines = one_area(frame)
    found = assess(
        frame, None, places(("elder_care", 55.0, 25.0, 300.0, False)), assignment, outlines, NATIONAL
    )
    row = found.areas.loc[1]
    assert (row["elder_care_supply"], row["elder_care_deficit"]) == (300, 50)
    assert found.shared.empty
    assert (found.neighbourhoods["elder_care_supply"] == 0).all()


def test_a_place_of_unknown_size_on_the_ground_leaves_the_area_unknown() -> None:
    frame = grid(8, households=151.0, elder_m2=0.0)
    assignment, outlines = one_area(frame)
    layer = places(("elder_care", 55.0, 25.0, None, False))
    row = assess(frame, None, layer, assignment, outlines, NATIONAL).areas.loc[1]
    assert (row["elder_care_deficit_low"], row["elder_care_deficit_high"]) == (0, 350)
    assert row["elder_care_state"] == "unknown"


def test_unknown_kinds_are_left_alone() -> None:
    layer = places(("swimming_pool", 25.0, 25.0, 1.0, True))
    assert len(of(grid(1), layer.assign(facility=None)).places.fid) == 0
    assert len(of(grid(1), layer).places.fid) == 0


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        ([1.0, np.nan], [1, np.nan]),
        (["yes", "no"], [1, 0]),
        (["yes", None], [1, np.nan]),
        ([True, False], [1, 0]),
        (["12", "two"], [12, np.nan]),
        ([-1.0, np.inf], [np.nan, np.nan]),
    ],
)
def test_columns_are_read_without_inventing(raw: list[object], read: list[float]) -> None:
    np.testing.assert_array_equal(numbers(grid(2, value=raw), "value"), read)
    assert np.isnan(numbers(grid(2), "absent")).all()


def test_remarks_read_as_sentences() -> None:
    frame = grid(3, elder_m2=[200.0, 0.0, np.nan])
    layer = places(("elder_care", 25.0, 25.0, 350.0, True), ("elder_care", 85.0, 25.0, None, True))
    notes = of(frame, layer).notes
    assert [note.code for note in notes] == [
        "deficits.same-place",
        "deficits.capacity-unknown",
        "deficits.layer-incomplete",
    ]
    for language in ("zh", "en"):
        for note in notes:
            told = note_sentence(words(language), note)
            assert "{" not in told
            assert ("Elderly day care" if language == "en" else "日间照料中心") in told


def test_one_square_metre_stated_is_a_place_that_is_there() -> None:
    found = of(
        grid(2, elder_m2=[1.0, 0.0]),
        places(*[("elder_care", 25.0 + 60 * i, 25.0, 350.0, True) for i in (0, 1)]),
    )
    assert found.sure[line_of(NATIONAL, "elder_care")].tolist() == [1, 350]


def test_no_space_known_of_is_no_number_of_spaces() -> None:
    """Of the survey, of the street, of neither: unknown is not 0."""
    frame = grid(3, parking_spaces=[7.0, np.nan, np.nan])
    found = prepare(frame, None, places(("parking", 85.0, 25.0, 30.0, True)), NATIONAL)
    f = line_of(NATIONAL, "ev_charging")  # one for ten spaces
    np.testing.assert_allclose(found.need[f], [0.7, 3, np.nan])
    np.testing.assert_allclose(found.need_high[f], [0.7, np.inf, np.inf])
