"""The tables of a programme hold unknown as unknown, whatever they are made from."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from renomap.model.dates import interval
from renomap.model.programme import Programme, fids_of, fitted, frame_of, no_rows, text_of
from renomap.model.programme_columns import TABLES, CellKind


def test_a_row_that_says_nothing_is_unknown_in_every_column() -> None:
    for table, columns in TABLES.items():
        (row,) = frame_of(table, [{}]).to_dict("records")
        for name, column in columns.items():
            if column.kind in (CellKind.ID, CellKind.COUNT, CellKind.FLAG):
                assert row[name] == {CellKind.ID: 0, CellKind.COUNT: 1, CellKind.FLAG: False}[column.kind]
            else:
                assert row[name] is None or np.isnan(row[name]), (table, name)


def test_rows_get_the_ids_that_follow() -> None:
    programme = Programme().with_rows("funds", [{"source": "city"}, {"source": "district"}])
    fewer = programme.with_table("funds", programme.funds.drop(1)).with_rows("funds", [{"planned": 5}])
    assert fewer.funds.index.tolist() == [2, 3]
    assert fewer.funds["planned"].tolist()[1] == 5.0
    assert not Programme()
    assert fewer


def test_what_a_column_cannot_hold_is_refused_or_unknown() -> None:
    with pytest.raises(ValueError, match="no column"):
        frame_of("works", [{"colour": "red"}])
    with pytest.raises(ValueError, match="none of"):
        frame_of("units", [{"fid": 1, "stage": "built yesterday"}])
    with pytest.raises(ValueError):
        frame_of("events", [{"start": "2026-13"}])
    odd = pd.DataFrame({"fid": [3, None], "stage": ["pool", "?"], "year": ["2027", "next"]}, index=[4, 2])
    mended = fitted("units", odd)
    assert mended.index.tolist() == [2, 4]
    assert mended["fid"].tolist() == [0, 3]
    assert mended["stage"].tolist() == [None, "pool"]
    assert np.isnan(mended["year"].iloc[0])
    assert mended["year"].iloc[1] == 2027
    assert mended.dtypes.equals(no_rows("units").dtypes)
    assert fitted("units", mended) is mended


def test_a_month_is_all_of_its_days() -> None:
    assert interval("2024-02") == (date(2024, 2, 1), date(2024, 2, 29))
    assert interval("2026-12") == (date(2026, 12, 1), date(2026, 12, 31))
    assert interval("2026-05-03") == (date(2026, 5, 3), date(2026, 5, 3))
    assert interval(None) is None


def test_members_are_read_as_they_were_written() -> None:
    assert text_of([15, 3, 12]) == "3 12 15"
    assert fids_of("3 12 15") == (3, 12, 15)
    assert text_of([]) is None
    assert fids_of(None) == ()
