"""Every line of the table of values that surveys contain (domain standards 4.3), and more of their kind."""

from __future__ import annotations

import datetime as dt

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import box

from renomap.deficits.presets import load
from renomap.grouping.eligibility import judge
from renomap.sources.values import parse_number, parse_years

NUMBERS = [
    # raw, value, flag
    ("约300户", 300, "approximate"),
    ("300余户", 300, "lower_bound"),
    ("３００", 300, "reported"),
    ("无", 0, "reported"),
    ("0", 0, "reported"),
    ("/", None, "unknown"),
    ("—", None, "unknown"),
    ("", None, "unknown"),
    (None, None, "unknown"),
    (float("nan"), None, "unknown"),
    ("1.2万", 12_000, "reported"),
    ("2栋+3栋", 5, "derived"),
    ("1,758", 1758, "reported"),
    ("有(2部)", 2, "reported"),
    ("有（2部）", 2, "reported"),
    ("不详", None, "unknown"),
    ("有", None, "unknown"),
    ("三百余户", 300, "lower_bound"),
    ("十二栋", 12, "reported"),
    ("两部", 2, "reported"),
    ("300-350户", 325, "approximate"),
    ("300+", 300, "lower_bound"),
    ("近300户", 300, "approximate"),
    ("不足300", 300, "approximate"),
    ("约1.2万户", 12_000, "approximate"),
    ("1200多户", 1200, "lower_bound"),
    ("共12栋", 12, "reported"),
    ("85%", 0.85, "reported"),
    ("3.5万㎡", 35_000, "reported"),
    ("2.5公顷", 25_000, "reported"),
    ("3亩", 2000, "reported"),
    ("80m²", 80, "reported"),
    ("1、2号楼", None, "unknown"),
    ("见附件", None, "unknown"),
    ("\r\n300\n", 300, "reported"),
    (300, 300, "reported"),
    (12.5, 12.5, "reported"),
    (dt.date(2024, 3, 1), None, "unknown"),
]

YEARS = [
    # raw, first, last, flag
    ("90年代", 1990, 1999, "approximate"),
    ("1998年", 1998, 1998, "reported"),
    ("98年", 1998, 1998, "doubtful"),
    ("1998-2002", 1998, 2002, "approximate"),
    ("2000年前", None, 2000, "approximate"),
    ("2000年以前", None, 2000, "approximate"),
    ("2005年后", 2005, None, "approximate"),
    (35796, 1998, 1998, "doubtful"),
    ("35796", 1998, 1998, "doubtful"),
    ("不详", None, None, "unknown"),
    ("八十年代", 1980, 1989, "approximate"),
    ("80年代初", 1980, 1983, "approximate"),
    ("80年代末", 1986, 1989, "approximate"),
    ("80-90年代", 1980, 1999, "approximate"),
    ("80年代以前", None, 1979, "approximate"),
    ("上世纪90年代", 1990, 1999, "approximate"),
    ("一九九八年", 1998, 1998, "reported"),
    ("1998/05", 1998, 1998, "reported"),
    ("199805", 1998, 1998, "reported"),
    ("1985、1987", 1985, 1987, "approximate"),
    (dt.datetime(1998, 5, 1), 1998, 1998, "reported"),
    (1998.0, 1998, 1998, "reported"),
    (0, None, None, "unknown"),
    ("", None, None, "unknown"),
    ("很早", None, None, "unknown"),
]


#: The table of domain standards 4.3, line by line: raw, value, method, flag.
TABLE = [
    ("约300户", 300, "about", "approximate"),
    ("1.2万", 12_000, "unit", "reported"),
    ("300余户", 300, "at_least", "lower_bound"),
    ("2栋+3栋", 5, "sum", "derived"),
    ("３００", 300, "full_width", "reported"),
    ("1,758", 1758, "thousands", "reported"),
    ("无", 0, "none_word", "reported"),
    ("0", 0, "number", "reported"),
    ("/", None, "dash", "unknown"),
    ("—", None, "dash", "unknown"),
    ("", None, "blank", "unknown"),
    ("有(2部)", 2, "with_unit", "reported"),
    ("不详", None, "unknown_word", "unknown"),
]
#: Its lines of years: raw, first, last, method, flag, and whether the neighbourhood is eligible (to 2000).
TABLE_OF_YEARS = [
    ("90年代", 1990, 1999, "decade", "approximate", "eligible"),
    ("1998年", 1998, 1998, "year", "reported", "eligible"),
    ("98年", 1998, 1998, "two_digits", "doubtful", "eligible"),
    ("1998-2002", 1998, 2002, "range", "approximate", "pending"),
    ("2000年前", None, 2000, "before", "approximate", "eligible"),
    (35796, 1998, 1998, "excel_serial", "doubtful", "eligible"),
    ("不详", None, None, "unknown_word", "unknown", "pending"),
]


@pytest.mark.parametrize(("raw", "value", "method", "flag"), TABLE)
def test_a_line_of_the_table(raw: str, value: float | None, method: str, flag: str) -> None:
    read = parse_number(raw)
    assert (read.value, read.method, read.flag) == (value, method, flag)


@pytest.mark.parametrize(("raw", "first", "last", "method", "flag", "eligible"), TABLE_OF_YEARS)
def test_a_line_of_the_table_of_years(
    raw: object, first: int | None, last: int | None, method: str, flag: str, eligible: str
) -> None:
    read = parse_years(raw)
    assert (read.first, read.last, read.method, read.flag) == (first, last, method, flag)
    years = pd.DataFrame({"year_min": [read.first], "year_max": [read.last]}, dtype=float)
    frame = gpd.GeoDataFrame(years.assign(renovation=None), geometry=[box(0, 0, 80, 80)])
    assert judge(frame, load("guangzhou"))["eligibility"].tolist() == [eligible]


@pytest.mark.parametrize(("raw", "value", "flag"), NUMBERS)
def test_a_number_as_people_write_it(raw: object, value: float | None, flag: str) -> None:
    read = parse_number(raw)
    assert (read.value if read.value is None else pytest.approx(value)) == read.value
    assert (read.value is None) == (value is None)
    assert read.flag == flag
    assert read.method


@pytest.mark.parametrize(("raw", "first", "last", "flag"), YEARS)
def test_a_year_as_people_write_it(raw: object, first: int | None, last: int | None, flag: str) -> None:
    read = parse_years(raw)
    assert (read.first, read.last, read.flag) == (first, last, flag)


def test_a_header_in_ten_thousand_square_metres() -> None:
    assert parse_number("3.5", factor=1e4).value == 35_000
    assert parse_number(3.5, factor=1e4).value == 35_000


def test_a_cell_that_cannot_be_in_the_headers_unit_is_doubted() -> None:
    read = parse_number("35000", factor=1e4)
    assert (read.value, read.method, read.flag) == (35_000, "unit_suspect", "doubtful")


def test_a_unit_in_the_cell_wins_over_the_header() -> None:
    assert parse_number("35000㎡", factor=1e4).value == 35_000


@given(st.text(max_size=30))
def test_no_text_is_too_odd(text: str) -> None:
    number, years = parse_number(text), parse_years(text)
    assert number.flag == "unknown" or number.value is not None
    assert number.value is None or number.value >= 0 or "-" in text or "－" in text or "﹣" in text
    assert years.first is None or years.last is None or years.first <= years.last


@given(st.integers(0, 99_999_999))
def test_digits_are_read_as_they_stand(number: int) -> None:
    assert parse_number(str(number)).value == number
    assert parse_number(f"{number:,}").value == number
    assert parse_number(f"约{number}户").value == number
