"""Surplus meets shortage between linked neighbourhoods only, each unit once."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renomap.deficits.reach import meet


def pairs(*links: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    both = np.array(links, dtype=np.int64).reshape(-1, 2)
    return both[:, 0], both[:, 1]


def run(
    shortage: list[float], surplus: list[float], *links: tuple[int, int], labels: list[int] | None = None
):
    areas = np.array(labels or [0] * len(shortage), dtype=np.int64)
    return meet(np.array(shortage, float), np.array(surplus, float), pairs(*links), areas, max(areas) + 1)


def test_next_door_helps_and_farther_does_not() -> None:
    found = run([10, 0, 0], [0, 0, 10], (0, 1), (1, 2))
    assert (found.unmet[0], found.left[0]) == (10, 10)
    found = run([10, 0, 0], [0, 4, 10], (0, 1), (1, 2))
    assert (found.unmet[0], found.left[0]) == (6, 10)


def test_one_surplus_is_used_once() -> None:
    found = run([10, 0, 10], [0, 15, 0], (0, 1), (1, 2))
    assert (found.unmet[0], found.left[0]) == (5, 0)


def test_the_best_use_is_found() -> None:
    """Serving the middle from the left first would leave the right one short: 2 takes from 3, 0 from 1."""
    found = run([5, 0, 5, 0], [0, 5, 0, 5], (0, 1), (1, 2), (2, 3))
    assert found.unmet[0] == 0


def test_areas_do_not_mix_and_nobody_outside_gives() -> None:
    found = run([10, 0, 0], [0, 10, 10], (0, 1), (0, 2), labels=[0, 1, -1])
    assert found.unmet.tolist() == [10, 0]


def test_unlimited_surplus_meets_what_it_reaches() -> None:
    found = run([10, 0, 10], [0, np.inf, 0], (0, 1))
    assert found.unmet[0] == 10


def test_fractions_leave_nothing_behind() -> None:
    found = run([30.6, 0], [0, 30.6], (0, 1))
    assert (found.unmet[0], found.left[0]) == (0, pytest.approx(0, abs=1e-9))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_cut_bound_and_conservation(data: st.DataObject) -> None:
    """Max flow equals the least cut: checked against all subsets of takers (Hall's condition)."""
    n = data.draw(st.integers(2, 7))
    net = np.array(data.draw(st.lists(st.integers(-20, 20), min_size=n, max_size=n)), dtype=float)
    every = [(a, b) for a in range(n) for b in range(a + 1, n)]
    links = data.draw(st.lists(st.sampled_from(every), unique=True))
    shortage, surplus = np.maximum(-net, 0), np.maximum(net, 0)
    found = run(list(shortage), list(surplus), *links)
    takers = np.flatnonzero(shortage)
    worst = 0.0
    for mask in range(1 << len(takers)):
        chosen = {int(t) for i, t in enumerate(takers) if mask >> i & 1}
        near = {b if a in chosen else a for a, b in links if (a in chosen) != (b in chosen)}
        worst = max(worst, shortage[list(chosen)].sum() - surplus[list(near)].sum() if chosen else 0.0)
    assert found.unmet[0] == pytest.approx(worst)
    assert found.left[0] == pytest.approx(surplus.sum() - (shortage.sum() - worst))
