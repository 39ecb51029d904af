"""Supply that crosses an area's line goes to the nearest that lacks it, each unit once."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely
from deficit_frames import grid, per_area, places, several
from hypothesis import given
from hypothesis import strategies as st

from renomap.deficits import standards
from renomap.deficits.assess import assess
from renomap.deficits.rules import Range
from renomap.deficits.sharing import NO_AREA, Allotted, Offers, allot, nearby, remaining

#: Two areas side by side, 100 m apart.
OUTLINES = np.array([shapely.box(0, 0, 100, 100), shapely.box(200, 0, 300, 100)])


def offers(*rows: tuple[float, float, int]) -> Offers:
    """(x at y = 50, amount, area it stands in)."""
    return Offers(
        key=np.arange(len(rows), dtype=np.int64),
        amount=np.array([row[1] for row in rows], dtype=float),
        area=np.array([row[2] for row in rows], dtype=np.int64),
        geometry=np.array([shapely.Point(row[0], 50) for row in rows], dtype=object),
    )


def share(offered: Offers, lack: list[float], spare: list[float], radius_m: float | None) -> Allotted:
    wants = np.array(lack, dtype=float)
    pairs = nearby(offered, offered.amount > 0, wants > 0, OUTLINES, radius_m)
    return allot(offered, pairs, wants, np.array(spare, dtype=float))


def ranges(*ends: tuple[float, float]) -> Range:
    return Range(np.array([low for low, _ in ends], float), np.array([high for _, high in ends], float))


def test_the_nearest_area_is_served_first_and_the_rest_goes_on() -> None:
    found = share(offers((120, 500, NO_AREA)), [300, 300], [0, 0], 300)
    assert found.gifts == ((0, 0, 300.0, 20.0), (0, 1, 200.0, 80.0))
    assert found.received.tolist() == [300, 200]


def test_a_tie_goes_to_the_smaller_id() -> None:
    found = share(offers((150, 100, NO_AREA)), [300, 300], [0, 0], 300)
    assert found.received.tolist() == [100, 0]


def test_beyond_the_radius_nothing_is_given() -> None:
    far = share(offers((120, 500, NO_AREA)), [0, 300], [0, 0], 79.9)
    near = share(offers((120, 500, NO_AREA)), [0, 300], [0, 0], 80.0)
    unset = share(offers((120, 500, NO_AREA)), [0, 300], [0, 0], None)
    assert (far.received.sum(), near.received.sum(), unset.received.sum()) == (0, 300, 0)


def test_an_area_gives_only_what_it_does_not_need() -> None:
    two = offers((50, 400, 0), (60, 400, 0))
    found = share(two, [0, 900], [500, 0], 300)
    assert found.received.tolist() == [0, 500]
    assert found.given.tolist() == [500, 0]


def test_a_place_of_unknown_size_may_meet_all_or_nothing() -> None:
    unknown, lack = offers((120, np.nan, NO_AREA)), ranges((300, 300), (300, 300))
    pairs = nearby(unknown, np.array([True]), np.array([True, True]), OUTLINES, 50)
    found = remaining(unknown, ranges((0, np.inf)), pairs, lack, ranges((0, 0), (0, 0)))
    assert (found.low.tolist(), found.high.tolist()) == ([0, 300], [300, 300])
    assert allot(unknown, pairs, lack.low, np.zeros(2)).received.sum() == 0


def test_what_a_nearer_area_may_take_is_not_sure_to_come() -> None:
    """The nearer area lacks 0 to 200 of 300: 100 to 300 are left for the farther one, which lacks 250."""
    place, lack = offers((120, 300, NO_AREA)), ranges((0, 200), (250, 250))
    pairs = nearby(place, np.array([True]), np.array([True, True]), OUTLINES, 300)
    found = remaining(place, ranges((300, 300)), pairs, lack, ranges((0, 0), (0, 0)))
    assert (found.low.tolist(), found.high.tolist()) == ([0, 0], [0, 150])


def test_an_area_of_unknown_need_may_keep_what_it_has() -> None:
    place, lack = offers((50, 400, 0)), ranges((0, 100), (300, 300))
    pairs = nearby(place, np.array([True]), np.array([True, True]), OUTLINES, 300)
    found = remaining(place, ranges((400, 400)), pairs, lack, ranges((0, 400), (0, 0)))
    assert (found.low.tolist(), found.high.tolist()) == ([0, 0], [100, 300])


@given(
    st.lists(
        st.tuples(st.integers(-100, 400), st.integers(0, 300), st.sampled_from([NO_AREA, 0, 1])), max_size=8
    ),
    st.lists(st.integers(0, 500), min_size=2, max_size=2),
    st.lists(st.integers(0, 500), min_size=2, max_size=2),
)
def test_nothing_is_given_twice_nor_beyond_need(
    rows: list[tuple[int, int, int]], lack: list[int], spare: list[int]
) -> None:
    offered = offers(*rows)
    wants = np.array(lack, dtype=float)
    found = share(offered, lack, spare, 300)
    by_row = np.zeros(len(rows))
    for row, area, amount, metres in found.gifts:
        by_row[row] += amount
        assert amount > 0
        assert area != offered.area[row]
        assert metres <= 300
    assert (by_row <= offered.amount).all()
    assert (found.received <= wants).all()
    assert (found.given <= spare).all()
    assert found.received.sum() == sum(gift[2] for gift in found.gifts)
    pairs = nearby(offered, offered.amount > 0, wants > 0, OUTLINES, 300)
    owns = np.array(spare, dtype=float)
    left = remaining(
        offered, Range(offered.amount, offered.amount), pairs, Range(wants, wants), Range(owns, owns)
    )
    assert left.low.tolist() == left.high.tolist() == (wants - found.received).tolist()


def test_a_rich_area_helps_its_neighbour_and_keeps_what_it_needs() -> None:
    """Area 1 needs 300 and has 700; area 2, 10 m on, needs 300 and has nothing: 300 go across."""
    frame = grid(8, households=151.0, elder_m2=0.0)
    assignment, outlines = several(frame, [1] * 4 + [2] * 4)
    centre = places(("elder_care", 215.0, 25.0, 700.0, None))
    found = assess(
        frame.drop(columns="elder_m2").assign(elder_m2=np.where(frame.index == 4, np.nan, 0.0)),
        None,
        centre,
        assignment,
        outlines,
        standards.with_meeting(
            standards.load("changsha"), [standards.parse_meeting("elder_care.survey=complete")]
        ),
    )
    assert found.areas["elder_care_supply"].tolist() == [400, 300]
    assert found.areas["elder_care_deficit"].tolist() == [0, 0]
    assert found.shared[["area", "amount", "source"]].to_numpy().tolist() == [[2, 300.0, "elder_care 0"]]
    assert found.shared["distance_m"].iloc[0] == pytest.approx(25.0)


def test_a_car_park_offers_what_its_own_neighbourhood_leaves() -> None:
    """30 spaces of which its own 20 households need 20: 10 go across, though the area has 50 more."""
    frame = grid(3, households=[20.0, 10.0, 40.0], parking_spaces=[0.0, 60.0, 0.0])
    assignment, outlines = several(frame, [1, 1, 2])
    park = places(("parking", 25.0, 25.0, 30.0, True))
    one_each = standards.with_meeting(
        standards.load("national"), [standards.parse_meeting("parking.rate=1/household")]
    )
    found = assess(frame, None, park, assignment, outlines, one_each)
    assert found.shared[["area", "amount"]].to_numpy().tolist() == [[2, 10.0]]
    assert found.areas["parking_supply"].tolist() == [80, 10]
    assert found.areas["parking_deficit"].tolist() == [0, 30]


def test_what_is_not_shared_stays() -> None:
    frame = grid(8, households=151.0, elder_m2=0.0)
    assignment, outlines = several(frame, [1] * 4 + [2] * 4)
    centre = places(("elder_care", 215.0, 25.0, 700.0, False))
    found = assess(frame, None, centre, assignment, outlines, standards.load("changsha"))
    assert found.areas["elder_care_supply"].tolist() == [700, 0]
    assert found.areas["elder_care_deficit"].tolist() == [0, 300]
    assert found.shared.empty


def test_an_area_below_the_trigger_lends_all_it_has() -> None:
    """4 x 151 x 3.2 = 1,932.8 persons need no clinic of their own, 12 x 151 x 3.2 = 5,798.4 do: 120 m2."""
    frame = grid(16, households=151.0, clinic_m2=0.0)
    assignment, outlines = several(frame, [1] * 4 + [2] * 12)
    clinic = places(("clinic", 215.0, 25.0, 150.0, None))
    found = assess(frame, None, clinic, assignment, outlines, per_area(standards.load("changsha"))).areas
    assert found["clinic_state"].tolist() == ["below_trigger", "met"]
    assert found["clinic_supply"].tolist() == [30.0, 120.0]
    assert found["clinic_deficit"].tolist() == [0.0, 0.0]


class _Ways:
    """Ways from every place to the two areas, as said."""

    def __init__(self, *metres: float) -> None:
        self._metres = metres

    def metres(self, places: Any, outlines: Any, limit_m: float) -> Any:
        return np.tile(self._metres[: len(outlines)], (len(places), 1))


def test_a_way_that_nobody_knows_may_serve_or_not() -> None:
    """500 m2 within the radius of both; the way to the first is unknown, to the second 200 m: the second gets
    200 to 300, since the first may take 300 before it."""
    place, lack = offers((120, 500, NO_AREA)), ranges((300, 300), (300, 300))
    everyone = (np.array([True]), np.array([True, True]))
    pairs = nearby(place, *everyone, OUTLINES, 300, _Ways(np.nan, 200.0))
    assert (pairs.row.tolist(), pairs.area.tolist(), pairs.metres.tolist()) == ([0], [1], [200.0])
    found = remaining(place, ranges((500, 500)), pairs, lack, ranges((0, 0), (0, 0)))
    assert (found.low.tolist(), found.high.tolist()) == ([0, 0], [300, 100])
    far = nearby(place, *everyone, OUTLINES, 300, _Ways(np.inf, 301.0))
    assert len(far.row) == len(far.unknown[0]) == 0
