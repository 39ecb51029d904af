"""From a frame, links and a preset to a problem."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from engine_cases import chain, preset, row_of_squares

from renomap.errors import RenomapError
from renomap.grouping import explain, problem, search
from renomap.grouping.wishes import Decided, NeighbourhoodFacts, Wishes


def test_units_stand_in_the_order_of_their_fids_whatever_the_rows() -> None:
    frame = row_of_squares(
        [100, 200, 300, 400], year_min=[1980, 1990, 1985, 2000], year_max=[1980, 1990, 1985, 2000]
    )
    links = chain(frame)
    straight = problem.build(frame, links, preset())
    shuffled = problem.build(frame.iloc[[2, 0, 3, 1]], links, preset())
    assert straight.keys.tolist() == shuffled.keys.tolist() == [1, 2, 3, 4]
    for name in ("a", "b", "frontage", "length", "attributes"):
        np.testing.assert_array_equal(getattr(straight, name), getattr(shuffled, name))


def test_a_link_is_as_long_as_the_way_between_inner_points() -> None:
    frame = row_of_squares([100, 100])
    assert problem.build(frame, chain(frame), preset()).length.tolist() == [60.0]


def test_unknown_households_add_nothing_and_are_told() -> None:
    frame = row_of_squares([400, None, 400])
    built = problem.build(frame, chain(frame), preset())
    assert built.capacity("households").known.tolist() == [400, 0, 400]
    assert not built.by_count
    assert [note.code for note in built.notes] == ["grouping.note.some-unknown"]
    assert search.solve(built).areas == 1  # 800 households are nearest to one area of 1,225


def test_sizes_go_by_count_where_most_households_are_unknown() -> None:
    frame = row_of_squares([400, None, None, None, None, None])
    built = problem.build(frame, chain(frame), preset())
    assert built.by_count
    assert (built.target.capacity, built.target.value) == ("count", 8.0)
    count = built.capacity("count")
    assert (count.lower, count.upper) == (3.0, 20.0)
    assert built.capacity("households") is None


def test_each_piece_goes_by_what_is_known_of_it() -> None:
    # ten neighbourhoods of 245 households, a break, sixteen of which nothing is known
    frame = row_of_squares([245.0] * 10 + [None] * 16)
    links = chain(frame)
    whole = np.flatnonzero(links.a != 9)
    links = replace(
        links,
        a=links.a[whole],
        b=links.b[whole],
        frontage_m=links.frontage_m[whole],
        gap_m=links.gap_m[whole],
        cost=links.cost[whole],
        kind=links.kind[whole],
        via=[""] * len(whole),
    )
    built = problem.build(frame, links, preset())
    assert [note.code for note in built.notes] == ["grouping.note.by-count-pieces"]
    assert dict(built.notes[0].params) == {"pieces": 1, "units": 16}
    result = search.solve(built)
    # 2,450 households / 1,225 = 2 areas; 16 neighbourhoods / 8 = 2 areas
    assert np.bincount(result.labels).tolist() == [5, 5, 8, 8]
    assert not result.scattered
    assert not result.undersized
    found = {(item.name, item.side): item.limit for item in explain.area(built, result.labels, 3).bindings}
    assert found["count", "lower"] == 3.0
    assert ("households", "lower") not in found
    assert ("count", "lower") not in {
        (item.name, item.side) for item in explain.area(built, result.labels, 0).bindings
    }


def test_crossed_bounds_are_refused_where_pieces_differ_too() -> None:
    frame = row_of_squares([245.0] * 4 + [None] * 4)
    links = chain(frame)
    whole = np.flatnonzero(links.a != 3)
    columns = ("a", "b", "frontage_m", "gap_m", "cost", "kind")
    links = replace(links, via=[""] * len(whole), **{name: getattr(links, name)[whole] for name in columns})
    crossed = {"households_min": 900.0, "households_max": 300.0}
    with pytest.raises(RenomapError, match=r"grouping\.bounds-crossed"):
        search.solve(problem.build(frame, links, preset(), Wishes(bounds=crossed)))


def test_bounds_are_overruled_and_dropped() -> None:
    frame = row_of_squares([400, 400, 400])
    built = problem.build(
        frame,
        chain(frame),
        preset(),
        Wishes(bounds={"households_min": 500, "area_ha_max": None, "walk_m_max": 100}),
    )
    assert built.capacity("households").lower == 500
    assert built.capacity("area_ha") is None
    assert built.walk_max == 100


def test_an_administrative_line_and_a_walk_too_long_make_links_unusable() -> None:
    frame = row_of_squares([400, 400, 400])
    nest = pd.Series(["x", "x", "y"], index=frame.index)
    assert problem.build(
        frame, chain(frame), preset(), facts=NeighbourhoodFacts(nest=nest)
    ).usable.tolist() == [
        True,
        False,
    ]
    assert not problem.build(frame, chain(frame), preset(walk_m_max=59)).usable.any()


def test_excluded_units_drop_out_with_their_links() -> None:
    frame = row_of_squares([400, 400, 400])
    eligible = pd.Series([True, False, True], index=frame.index)
    built = problem.build(frame, chain(frame), preset(), decided=Decided(eligible=eligible))
    assert built.keys.tolist() == [1, 3]
    assert len(built.a) == 0


def test_weights_are_rescaled_over_the_terms_with_data() -> None:
    frame = row_of_squares([400, 400, 400])
    built = problem.build(frame, chain(frame), preset())  # no years, no costs, no communities, nothing before
    assert built.weights == pytest.approx(
        {"compactness": 0.2 / 0.45, "target": 0.15 / 0.45, "walk": 0.1 / 0.45}
    )
    chosen = {"target": 0, "walk": 0}
    assert problem.build(frame, chain(frame), preset(), Wishes(weights=chosen)).weights == {
        "compactness": 1.0
    }


def test_units_to_stay_together_are_bridged() -> None:
    frame = row_of_squares([100] * 5)
    built = problem.build(frame, chain(frame), preset(households_min=0), decided=Decided(must_link=[(1, 3)]))
    assert built.together.tolist() == [[0, 1], [1, 2]]
    labels = search.solve(built, seed=1).labels
    assert len(set(labels[:3])) == 1


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (Wishes(bounds={"households": 3}), "grouping.unknown-bound"),
        (Wishes(weights={"beauty": 1}), "grouping.unknown-term"),
        (Wishes(weights={"target": -1}), "grouping.bad-weight"),
        (Wishes(count="many"), "grouping.bad-count"),
        (Decided(must_link=[(1, 99)]), "grouping.unknown-unit"),
        (Decided(eligible=pd.Series(False, index=[1, 2, 3])), "grouping.no-units"),
    ],
)
def test_bad_wishes_are_named(given: Wishes | Decided, code: str) -> None:
    frame = row_of_squares([400, 400, 400])
    with pytest.raises(RenomapError) as caught:
        problem.build(frame, chain(frame), preset(), **{type(given).__name__.lower(): given})
    assert caught.value.code == code
