"""Areas chosen from a list: the list is complete, the choice the best there is, windows improve the rest."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from brute_force import Everything
from engine_cases import FULL_WEIGHTS, grid, plane
from hypothesis import example, given, settings
from hypothesis import strategies as st

from renomap.grouping import feasibility, search
from renomap.grouping.arrays import Arrays, build_arrays
from renomap.grouping.choosing import Program, choose_areas
from renomap.grouping.listing import list_areas
from renomap.grouping.objective import walks
from renomap.grouping.problem import target_for
from renomap.grouping.run import Clock, Run, seeded
from renomap.grouping.windows import choose_in_windows
from renomap.model.feedback import Silent
from renomap.model.problem import Problem


def run_of(task: Problem, label: list[int] | None = None) -> Run:
    """A run at its start, with a plan (all units in one area unless told)."""
    forecast = feasibility.check(task)
    expected = max(1.0, float(forecast.wanted.sum()))
    arrays = build_arrays(task, feasibility.must_groups(task), forecast.searched, expected)
    run = Run(task, forecast, arrays, seeded(1), 1.0, Clock(Silent(), None), expected)
    run.load(np.array(label if label else [0] * arrays.nodes, np.int32))
    return run


def all_nodes(arrays: Arrays) -> np.ndarray:
    return np.arange(arrays.nodes, dtype=np.int32)


def connected_sets(task: Problem) -> set[frozenset[int]]:
    """Connected sets that keep bounds and the longest walk, by trying every set."""
    households = task.capacities[0]
    found = set()
    for size in range(1, len(task) + 1):
        for members in combinations(range(len(task)), size):
            total = households.known[list(members)].sum()
            labels = np.full(len(task), -1)
            labels[list(members)] = 0
            longest = walks(task, labels)[0]
            if (
                households.lower <= total <= households.upper
                and np.isfinite(longest)
                and longest <= task.walk_max
            ):
                found.add(frozenset(members))
    return found


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    lower=st.sampled_from([0.0, 200.0, 500.0]),
    upper=st.sampled_from([700.0, 1500.0, np.inf]),
    walk=st.sampled_from([300.0, 800.0, np.inf]),
)
def test_every_legal_area_is_listed_once(seed: int, lower: float, upper: float, walk: float) -> None:
    task = plane(9, seed, lower=lower, upper=upper, walk_max=walk, weights=FULL_WEIGHTS)
    run = run_of(replace(task, usable=np.ones(len(task.a), dtype=bool)))
    if run.arrays.nodes < 9:
        return  # a unit by itself too large for the bound
    listing = list_areas(run, all_nodes(run.arrays))
    assert listing is not None
    sets = [
        frozenset(listing.place[i:j].tolist()) for i, j in zip(listing.start, listing.start[1:], strict=False)
    ]
    assert len(sets) == len(set(sets))
    assert set(sets) == connected_sets(run.problem)


def test_costs_of_a_partition_are_those_of_the_search() -> None:
    task = plane(12, 4, lower=0.0, upper=1500.0, walk_max=900.0, weights=FULL_WEIGHTS | {"walk": 0.2})
    run = run_of(task)
    listing = list_areas(run, all_nodes(run.arrays))
    assert listing is not None
    found = Program(listing, 3, 3.0)
    assert found.relax()
    choice = found.best(run.expected)
    assert choice is not None
    label = np.zeros(12, np.int32)
    for number, area in enumerate(choice.areas.tolist()):
        label[listing.place[listing.start[area] : listing.start[area + 1]]] = number
    run.load(label)
    run.keep()
    whole = run.arrays.plan.link["border"].sum() / 2
    assert run.best is not None
    assert run.best.cost.sum() == pytest.approx(listing.cost[choice.areas].sum() + whole)


def test_a_full_list_is_given_up() -> None:
    run = run_of(grid(6, 6, lower=100.0))
    assert list_areas(run, all_nodes(run.arrays), 1000) is None
    assert (run.arrays.plan.node["place"] == -1).all()
    assert (run.arrays.ground.unit["place"] == -1).all()


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10_000))
@example(455)
def test_the_choice_is_the_best_for_its_number(seed: int) -> None:
    task = plane(10, seed, lower=300.0, upper=900.0, weights=FULL_WEIGHTS)
    result = search.solve(task, effort=0.05)
    if result.scattered or result.undersized or result.pieces > 1:
        return
    assert task.target is not None
    # an answer is judged by the size that its number of areas implies
    size = target_for(result.areas, task.target, task.capacities)
    best, _ = Everything(replace(task, target=size)).best(result.areas)
    assert result.objective >= best - 1e-9


def test_as_many_as_can_be_are_covered_and_the_number_is_the_nearest() -> None:
    # A row of seven, 100 each, at least 300: seven in two areas; a unit of 900 beside no one's bound is too
    # large for 700, so the row is all there is. The wish is one area of 700.
    row = grid(1, 7, lower=300.0, upper=400.0)
    run = run_of(row)
    proven = choose_areas(run)
    assert proven.all()
    assert sorted(run.arrays.plan.area["size"][: run.used].tolist()) == [3, 4]
    # With at most 300 one of seven must be left, whichever end it is at
    left = search.solve(grid(1, 7, lower=300.0, upper=300.0))
    assert (left.areas, len(left.scattered)) == (2, 1)


def test_windows_mend_what_no_single_move_does() -> None:
    # A grid cut into rows where squares cut less: 6 x 6 in four areas of nine
    task = grid(6, 6, lower=900.0, upper=900.0, count=4)
    rows = np.repeat(np.arange(4), 9).tolist()
    run = run_of(replace(task, count="auto", target=None), rows)
    run.keep()
    assert run.best is not None
    before = run.best.cost.sum()
    choose_in_windows(run)
    run.keep()
    assert run.best.cost.sum() < before - 1e-6
    assert (run.arrays.plan.sums[: run.used, 0] == 900.0).all()


def test_windows_take_in_what_is_left_over() -> None:
    # A row of eight, 300 to 400 an area: with three and three the last two are left, with four and four none
    run = run_of(grid(1, 8, lower=300.0, upper=400.0), [0, 0, 0, 1, 1, 1, 2, 2])
    assert len(run.illegal()) == 1
    choose_in_windows(run)
    assert len(run.illegal()) == 0
    assert sorted(run.arrays.plan.area["size"][: run.used].tolist()) == [4, 4]


def test_long_walks_are_found_with_few_sources() -> None:
    from renomap.grouping.kernels.moves import cost_all

    task = plane(30, 5, walk_max=np.inf, weights={"walk": 1.0})
    run = run_of(task, (np.arange(30) % 1).tolist())
    cost_all(run.arrays.plan, run.arrays.ground)
    rule = run.arrays.plan.rule[0]
    longest = walks(task, np.zeros(30, np.int64))[0]
    if np.isfinite(longest):
        assert run.arrays.plan.area["cost"][0] == pytest.approx(rule["walk_weight"] * longest)
