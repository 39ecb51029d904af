"""Scores on fixed scales: the example of the specification, and ranges that hold whatever comes out."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renomap.model.programme_rules import Factor
from renomap.programme import files
from renomap.programme.ranking import ranks, scores

FACTORS = files.load("national").factors
NAN = math.nan
KEYS = ("hazard", "basic", "consent", "owner", "pooling", "funded", "age", "elderly")
#: Shares of the scales, of the specification.
A = (0.5, 0.6, 0.25, 0.5, 1.0, 0.7, 0.5, 0.7)
ROWS = {
    1: A,
    2: (0.1, 0.9, *A[2:4], 0.0, *A[5:]),
    3: (NAN, *A[1:]),
    4: (NAN, NAN, *A[2:]),
}


def values(shares: dict[int, tuple[float, ...]], factors: tuple[Factor, ...] = FACTORS) -> pd.DataFrame:
    assert tuple(one.key for one in factors) == KEYS
    rows = [
        [one.zero + share * (one.full - one.zero) for share, one in zip(row, factors, strict=True)]
        for row in shares.values()
    ]
    return pd.DataFrame(rows, index=pd.Index(list(shares), dtype="int64"), columns=list(KEYS))


def test_t09_the_example_of_the_specification() -> None:
    frame = values(ROWS)
    found = scores(frame, frame, FACTORS)
    assert found["score_low"].tolist() == pytest.approx([56.25, 42.25, 43.75, 31.75])
    assert found["score_high"].tolist() == pytest.approx([56.25, 42.25, 68.75, 76.75])
    assert found["known_weight"].tolist() == pytest.approx([1, 1, 0.75, 0.55])
    assert ranks(found, pd.Series(None, index=found.index, dtype=object)).tolist() == [1, 3, 2, 4]


def test_ties_by_code_and_less_known_after() -> None:
    frame = values({1: A, 2: A, 3: A, 4: (1.0, NAN, NAN, *A[3:])})
    found = scores(frame, frame, FACTORS)
    codes = pd.Series([None, "B", "A", "0"], index=found.index, dtype=object)
    assert ranks(found, codes).tolist() == [3, 2, 1, 4]


share = st.floats(-0.5, 1.5)


@pytest.mark.property
@settings(max_examples=60, deadline=None)
@given(row=st.tuples(*[share] * 8), unknown=st.sets(st.integers(0, 7)), raised=st.integers(0, 7))
def test_the_score_lies_in_its_range_whatever_comes_out(
    row: tuple[float, ...], unknown: set[int], raised: int
) -> None:
    open_row = tuple(NAN if nth in unknown else value for nth, value in enumerate(row))
    higher = tuple(value + 0.3 if nth == raised else value for nth, value in enumerate(row))
    frame = values({1: row, 2: open_row, 3: higher})
    found = scores(frame, frame, FACTORS)
    assert found.loc[2, "score_low"] - 1e-9 <= found.loc[1, "score_low"] <= found.loc[2, "score_high"] + 1e-9
    assert found.loc[3, "score_low"] >= found.loc[1, "score_low"] - 1e-9, "more of a factor never lowers it"
    assert 0 <= found.loc[1, "score_low"] <= 100 + 1e-9
