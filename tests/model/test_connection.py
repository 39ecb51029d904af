"""Connected parts: against walking along the pairs."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from renomap.model.connection import connected


@settings(deadline=None)  # scipy is imported when it is first asked
@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), max_size=12))
def test_two_share_a_part_where_a_way_leads_from_one_to_the_other(pairs: list[tuple[int, int]]) -> None:
    a, b = np.array(pairs, dtype=np.int32).reshape(-1, 2).T
    part = connected(9, a, b)
    assert sorted(set(part.tolist())) == list(range(part.max() + 1))
    for start in range(9):
        reached = {start}
        for _ in range(9):
            reached |= {j for pair in pairs for j in pair if reached & set(pair)}
        assert set(np.flatnonzero(part == part[start]).tolist()) == reached


def test_a_pair_said_often_is_a_pair() -> None:
    often = np.zeros(256, dtype=np.int32)  # adds up to nothing in a byte
    assert connected(2, often, often + 1).tolist() == [0, 0]


def test_nothing_has_no_parts() -> None:
    none = np.zeros(0, dtype=np.int32)
    assert connected(0, none, none).tolist() == []
    assert sorted(connected(2, none, none).tolist()) == [0, 1]
