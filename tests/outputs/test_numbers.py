"""One rounding rule: half away from zero, unknown is a word, something is never printed as nothing."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from plan_sample import sample_words

from renomap.model.rounding import rounded, written
from renomap.model.standard import State
from renomap.outputs.numbers import Figures, Kind, exchanged, missing, spreadsheet_format

ZH, EN = Figures(sample_words("zh")), Figures(sample_words("en"))


@pytest.mark.parametrize("value", [None, np.nan, float("inf"), pd.NA, pd.NaT, "", "  ", np.float64("nan")])
def test_unknown_is_a_word_and_never_zero(value: object) -> None:
    assert missing(value)
    assert ZH.number(value) == "无数据"
    assert EN.number(value) == "no data"
    assert exchanged(value) is None


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (1208, Kind.COUNT, "1,208"),
        (241.6, Kind.M2, "242"),
        (2.5, Kind.COUNT, "3"),  # half away from zero, as a spreadsheet rounds; Python alone would say 2
        (0.5, Kind.COUNT, "1"),
        (12.345, Kind.HA, "12.35"),
        (12.3, Kind.HA, "12.30"),
        (0, Kind.COUNT, "0"),
        (-0.2, Kind.COUNT, "0"),
        (0.4, Kind.COUNT, "0.4"),
        (0.01, Kind.COUNT, "0.1"),
        (1985.0, Kind.YEAR, "1985"),
        (0.8342, Kind.PERCENT, "83.42%"),
        (724.8, Kind.WAN, "724.8"),
    ],
)
def test_numbers_are_rounded_by_their_kind(value: float, kind: Kind, text: str) -> None:
    assert ZH.number(value, kind) == text


@given(st.floats(min_value=0, max_value=1e7, allow_nan=False), st.integers(min_value=0, max_value=3))
def test_rounding_is_never_off_by_more_than_half_a_unit(value: float, decimals: int) -> None:
    unit = Decimal(1).scaleb(-decimals)
    assert abs(rounded(value, decimals) - Decimal(round(value, 4))) <= unit / 2 + Decimal("1e-9")


@given(st.floats(min_value=0, max_value=1e7, allow_nan=False))
def test_a_map_writes_a_number_as_the_report_does(value: float) -> None:
    assert written(value) == ZH.number(value) == EN.number(value)


def test_money_is_shown_in_ten_thousands() -> None:
    assert ZH.wan(1208 * 6000) == "724.8"
    assert ZH.wan(np.nan) == "无数据"


def test_a_partial_sum_says_of_how_many() -> None:
    assert ZH.partial(865, 5, 6) == "865（5/6 已知）"
    assert EN.partial(865, 5, 6) == "865 (5 of 6 known)"
    assert EN.partial(865, 6, 6) == "865"
    assert EN.partial(np.nan, 0, 6) == "no data"


def test_years_and_shares() -> None:
    assert EN.years(1985, 1992) == "1985–1992"
    assert EN.years(1985, 1985) == "1985"
    assert EN.years(np.nan, 1990) == "1990"
    assert EN.years(np.nan, None) == "no data"
    assert EN.percent(649, 778) == "83.42%"
    assert EN.percent(1, 0) == "no data"


@pytest.mark.parametrize(
    ("low", "high", "deficit", "state", "text"),
    [
        (300, 300, 300, State.SHORT, "300"),
        (0, 0, 0, State.MET, "0"),
        (20, 300, np.nan, State.UNKNOWN, "20–300"),
        # The members whose need is known lack 300; how much the others lack nobody knows.
        (300, np.nan, np.nan, State.SHORT, "≥300"),
        (0, np.nan, np.nan, State.UNKNOWN, "未知"),
        (299.8, 300.2, np.nan, State.SHORT, "300"),
        (np.nan, np.nan, np.nan, State.UNKNOWN, "未知"),
        (np.nan, np.nan, np.nan, State.NOT_SET, "—"),
        (np.nan, np.nan, np.nan, "below_trigger", "—"),
    ],
)
def test_a_deficit_is_a_number_a_range_or_no_number(
    low: float, high: float, deficit: float, state: str, text: str
) -> None:
    assert ZH.deficit(low, high, deficit, state) == text


def test_spreadsheets_show_what_the_report_prints() -> None:
    assert spreadsheet_format(Kind.HA) == "#,##0.00"
    assert spreadsheet_format(Kind.COUNT) == "#,##0"
    assert spreadsheet_format(Kind.PERCENT) == "#,##0.00%"
    assert spreadsheet_format(Kind.YEAR) == "0"
