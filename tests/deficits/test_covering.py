"""Parts of the search for the fewest columns, each by hand; a number has a bit for each row."""

from __future__ import annotations

from renomap.deficits.covering import _greedy, _Search, _undominated


def test_what_another_contains_is_left_out() -> None:
    assert _undominated([0b001, 0b011, 0b100]) == [0b011, 0b100]


def test_the_fullest_first_counts_what_it_takes() -> None:
    assert _greedy([0b011, 0b100], 0b111) == 2


def test_rows_apart_share_no_column() -> None:
    """Rows 1 and 2 share none; row 0 shares one with each."""
    assert _Search([0b011, 0b101], 2, 9).apart(0b111) == [1, 2]
