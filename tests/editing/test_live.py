"""What a stroke breaks is known before the button is released; sums follow it exactly."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
import pytest
from editing_town import Town, after, scheme_of
from hypothesis import given, settings
from hypothesis import strategies as st

from renomap.editing import assign
from renomap.editing.findings import ABOVE, BELOW, LINE_CROSSED, OVER_CROSSING, TORN, TORN_BY
from renomap.editing.graph import build_graph, pieces
from renomap.editing.live import Stroke, foresee
from renomap.editing.rules import AreaRules, Limit, limits
from renomap.editing.tally import amounts, tally
from renomap.errors import RenomapError
from renomap.model.links import KINDS, Links

TOWN = Town()
GRAPH = build_graph(TOWN.links)
AMOUNTS = amounts(
    {"households": TOWN.frame["households"].to_numpy(), "area_ha": TOWN.frame.area.to_numpy() / 1e4}
)


def stroke(
    target: int, values: np.ndarray | None = None, rules: AreaRules | None = None, **options: object
) -> Stroke:
    labels = GRAPH.labels(scheme_of(TOWN.project()).assignment) if values is None else values.astype(np.int64)
    return Stroke(GRAPH, labels, target, tally(AMOUNTS, labels), rules, **options)  # type: ignore[arg-type]


def codes(found: Stroke, fids: list[int]) -> list[tuple[str, int, tuple[int, ...]]]:
    return [(item.code, item.area, item.fids) for item in found.touch(fids).findings]


def test_a_stroke_along_a_border_breaks_nothing() -> None:
    effect = stroke(1).touch([5, 13])
    assert effect.fids == (5, 13)
    assert effect.areas == (1, 2)
    assert effect.findings == ()
    moved = TOWN.frame["households"].loc[[5, 13]].sum()
    assert effect.before.change(effect.after, 1, "households") == moved
    assert effect.before.change(effect.after, 2, "households") == -moved


def test_the_piece_that_would_come_loose_is_hatched() -> None:
    # the middle row of area 2 is 13 14 15 16; with the corner 5 cut off by 13 and 6
    found = stroke(1)
    assert codes(found, [13]) == []
    assert codes(found, [6]) == [(TORN, 1, (6,)), (TORN, 2, (5,))]
    assert codes(found, [5]) == []  # taking the corner as well mends both


def test_an_island_of_the_target_is_hatched() -> None:
    assert codes(stroke(1), [8]) == [(TORN, 1, (8,))]
    assert codes(stroke(1), [7, 8]) == [(TORN, 1, (7, 8))]


def test_a_change_foreseen_names_the_target_first() -> None:
    labels = GRAPH.labels(scheme_of(TOWN.project()).assignment)
    wanted = np.where(labels == 2, 4, labels)
    counted = tally(AMOUNTS, labels)
    merged = foresee(GRAPH, labels, wanted, counted, AreaRules(), target=4)
    assert (merged.areas, set(merged.to), merged.findings) == ((4, 2), {4}, ())
    assert foresee(GRAPH, labels, wanted, counted, AreaRules()).areas == (2, 4)


def test_what_was_torn_before_is_not_the_strokes_fault() -> None:
    values = scheme_of(TOWN.project()).assignment.to_numpy().copy()
    values[7] = 1  # fid 8 is an island of area 1
    assert codes(stroke(1, values), [5]) == []
    assert codes(stroke(1, values), [40]) == [(TORN, 1, (8, 40))]


def test_locked_areas_and_only_unassigned() -> None:
    assert stroke(1, locked=frozenset({2})).touch([5]).fids == ()
    assert stroke(1, locked=frozenset({1})).touch([5]).fids == ()
    values = scheme_of(TOWN.project()).assignment.to_numpy().copy()
    values[4] = 0
    assert stroke(1, values, only_unassigned=True).touch([5, 6]).fids == (5,)


def test_the_eraser_and_a_new_area() -> None:
    assert codes(stroke(0), [1]) == []
    assert codes(stroke(0), [2, 9]) == [(TORN, 1, (1,))]
    assert codes(stroke(9), [1, 8]) == [(TORN, 9, (8,))]


def test_bounds_that_held_and_hold_no_more() -> None:
    rules = AreaRules(limits({"count_min": 12, "count_max": 13, "households_min": 1, "walk_m_max": 900}))
    assert [item.name for item in rules.limits] == ["count", "households"]
    found = stroke(1, rules=rules)
    assert codes(found, [5]) == [(BELOW, 2, ())]
    assert codes(found, [13]) == [(ABOVE, 1, ()), (BELOW, 2, ())]
    exempt = AreaRules(rules.limits, exempt=frozenset({1, 2}))
    assert codes(stroke(1, rules=exempt), [5, 13]) == []
    finding = found.effect().findings[0]
    assert finding.params["total"] == 14
    assert finding.params["limit"] == 13


def test_an_administrative_line_between() -> None:
    nest = pd.Series(["甲" if (fid - 1) % 8 < 4 else "乙" for fid in TOWN.fids], index=TOWN.fids)
    graph = build_graph(TOWN.links, nest)
    labels = graph.labels(scheme_of(TOWN.project()).assignment)
    found = Stroke(graph, labels, 1, tally(AMOUNTS, labels))
    assert codes(found, [5]) == [(LINE_CROSSED, 1, (5,))]


def test_neighbourhoods_of_an_unknown_unit_are_a_unit_of_their_own() -> None:
    known = pd.Series({fid: "甲" if (fid - 1) % 8 < 4 else None for fid in TOWN.fids.tolist()})
    missing = known.dropna()
    for nest in (known, missing):
        graph = build_graph(TOWN.links, nest)
        west, east = (np.isin(TOWN.fids, fids) for fids in (missing.index, known.index[known.isna()]))
        crossing = west[TOWN.links.a] & east[TOWN.links.b]
        assert crossing.sum() == 6
        assert (graph.usable == ~crossing).all()


def test_what_lies_between_is_named() -> None:
    rules = AreaRules(between=lambda loose, rest: "浏阳河")
    finding = stroke(1, rules=rules).touch([8]).findings[0]
    assert finding.code == TORN_BY
    assert finding.params["via"] == "浏阳河"


def test_an_area_that_only_a_bridge_holds_together() -> None:
    kind = TOWN.links.kind.copy()
    # everything between the columns 4 and 5 is a river; one bridge between 4 and 5, one far in the north
    river = TOWN.links.a % 8 == 3
    river &= TOWN.links.b == TOWN.links.a + 1
    bridge = river & np.isin(TOWN.links.a, [3, 43])
    kind[bridge] = KINDS.index("crossing")
    keep = ~river | bridge
    names = {3: "湘江桥", 43: "别处的桥"}
    via = [names[at] if b else "" for at, b in zip(TOWN.links.a[keep].tolist(), bridge[keep], strict=True)]
    fields = (TOWN.links.a, TOWN.links.b, TOWN.links.frontage_m, TOWN.links.gap_m, TOWN.links.cost, kind)
    a, b, frontage, gap, cost, kind = (values[keep] for values in fields)
    graph = build_graph(Links(TOWN.links.fids, a, b, frontage, gap, cost, kind, via))
    labels = graph.labels(scheme_of(TOWN.project()).assignment)
    found = Stroke(graph, labels, 1, tally(AMOUNTS, labels))
    finding = found.touch([5]).findings[0]
    assert (finding.code, finding.fids, finding.params["via"]) == (OVER_CROSSING, (5,), ("湘江桥",))
    assert codes(found, [13]) == [(OVER_CROSSING, 1, (5, 13))]
    gone = Stroke(graph, labels, 1, tally(AMOUNTS, labels))
    assert codes(gone, [13]) == [(TORN, 1, (13,))]


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**31), st.integers(1, 6), st.integers(1, 25), st.integers(1, 4))
def test_live_answers_equal_those_from_scratch(seed: int, target: int, count: int, at_once: int) -> None:
    rng = np.random.default_rng(seed)
    labels = np.asarray(scheme_of(TOWN.project(*rng.integers(1, 4, 2).tolist())).assignment, dtype=np.int64)
    whole = {area: len(pieces(GRAPH.near, np.flatnonzero(labels == area).tolist())) for area in range(1, 10)}
    found = Stroke(GRAPH, labels, target, tally(AMOUNTS, labels))
    now = labels.copy()
    touched = rng.integers(0, len(labels), count)
    for units in (touched[at : at + at_once] for at in range(0, count, at_once)):
        effect = found.touch(TOWN.fids[units].tolist())
        now[units] = target
        torn = {
            area: tuple(sorted(TOWN.fids[unit] for piece in parts[1:] for unit in piece))
            for area in range(1, 10)
            if len(parts := pieces(GRAPH.near, np.flatnonzero(now == area).tolist())) > max(1, whole[area])
        }
        assert {item.area: item.fids for item in effect.findings} == torn
        full = tally(AMOUNTS, now)
        pd.testing.assert_frame_equal(effect.after.frame(), full.frame(), check_exact=True)
    painted = after(
        TOWN.with_assignment(labels),
        assign.paint(TOWN.with_assignment(np.where(labels == 0, 0, labels)), effect.fids, target)
        if target in set(labels.tolist())
        else assign.erase(TOWN.with_assignment(labels), []),
    )
    if target in set(labels.tolist()):
        assert (scheme_of(painted).assignment.to_numpy() == now).all()


def test_sums_are_exact_and_unknown_is_not_nothing() -> None:
    counted = amounts({"m2": np.array([0.1, 0.2, np.nan, 0.3])})
    start = tally(counted, np.array([1, 1, 2, 0]))
    assert start.total(1, "m2").value == pytest.approx(0.3)
    assert np.isnan(start.total(2, "m2").value)
    assert (start.total(2, "m2").known, start.total(2, "m2").count) == (0, 1)
    there = start.moved(np.array([0, 3]), np.array([1, 0]), 2)
    assert (there.total(2, "m2").known, there.total(2, "m2").count) == (2, 3)
    back = there.moved(np.array([0, 3]), np.array([2, 2]), np.array([1, 0]))
    pd.testing.assert_frame_equal(back.frame(), start.frame(), check_exact=True)
    assert start.moved(np.array([2]), np.array([2]), 0).count(2) == 0
    assert list(start.moved(np.array([2]), np.array([2]), 0).frame().index) == [1]


def test_amounts_too_large_to_be_exact_are_refused() -> None:
    with pytest.raises(RenomapError, match="amount-too-large"):
        amounts({"m2": np.array([1e13])})
    with pytest.raises(RenomapError, match="amount-too-large"):
        amounts({"m2": np.array([np.inf])})


@pytest.mark.parametrize("per_side", [(5, 2), (15, 10)])
def test_a_stroke_costs_as_little_with_many_areas(per_side: tuple[int, int]) -> None:
    town = Town(100, 50)
    graph = build_graph(town.links)
    labels = graph.labels(scheme_of(town.project(*per_side)).assignment)
    counted = amounts({name: np.arange(5000.0) for name in "abcdef"})
    found = Stroke(
        graph, labels, 1, tally(counted, labels), AreaRules((Limit("a", 1, 1e9), Limit("count", 5, 900)))
    )
    found.touch([1])
    took = []
    for fid in range(20, 320):
        start = time.perf_counter()
        found.touch([fid])
        took.append(time.perf_counter() - start)
    assert np.quantile(took, 0.5) < 0.033
