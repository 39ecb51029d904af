"""Progress: sums by item that keep what is unknown, stages that are never guessed, reports that are old."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from renomap.model.programme import frame_of
from renomap.programme import progress

AREA_OF = pd.Series([7, 7], index=pd.Index([1, 2], name="fid"))


def summed(*rows: dict[str, Any]) -> pd.DataFrame:
    works = frame_of("works", [{"fid": 1, "item": "pipes", "unit": "km", **row} for row in rows])
    return progress.by_item(progress.of_rows(works), AREA_OF)


def test_done_of_planned_is_summed_item_by_item() -> None:
    found = summed(
        {"quantity": 4, "status": "done"},
        {"quantity": 6, "done_quantity": 1.5, "status": "ongoing", "fid": 2},
        {"quantity": 10, "status": "planned"},
        {"quantity": 99, "status": "dropped"},
        {"item": "elevator", "unit": "台", "quantity": 3, "done_quantity": 2},
    ).set_index("item")
    assert found.loc["pipes", list(progress.SUMS)].tolist() == [20, 20, 5.5, 5.5]
    assert found.loc["pipes", ["share_low", "share_high", "rows", "finished"]].tolist() == [
        0.275,
        0.275,
        3,
        1,
    ]
    assert found.at["elevator", "share_low"] == pytest.approx(2 / 3)


def test_what_is_not_told_stays_a_range_or_unknown() -> None:
    assert summed({"quantity": 8, "status": "ongoing"}).loc[0, ["done_low", "done_high"]].tolist() == [0, 8]
    ranged = summed({"quantity_low": 4, "quantity_high": 8, "done_quantity": 2, "status": "ongoing"})
    assert ranged.loc[0, ["share_low", "share_high"]].tolist() == [0.25, 0.5]
    unknown = summed({"quantity": 4, "status": "done"}, {"status": "ongoing"})
    assert np.isnan(unknown.at[0, "planned_low"])
    assert np.isnan(unknown.at[0, "share_low"])
    assert summed({"item": "pipes", "fid": 5, "quantity": 1}).empty, "in no project"


@pytest.mark.parametrize(
    ("statuses", "lists", "stage"),
    [
        ([], {}, "unknown"),
        ([], {1: "annual", 2: "pool"}, "preparing"),
        ([], {1: "annual"}, "unknown"),
        ([], {1: "building"}, "building"),
        ([], {1: "built", 2: "built"}, "built"),
        (["planned"], {}, "not_begun"),
        (["planned"], {1: "annual"}, "preparing"),
        (["planned", "ongoing"], {1: "annual"}, "building"),
        (["done", "planned"], {}, "building"),
        (["done", "dropped"], {1: "building", 2: "building"}, "built"),
        (["done", None], {1: "building", 2: "building"}, "unknown"),
        (["ongoing", None], {}, "building"),
        (["done"], {1: "handed_over", 2: "handed_over"}, "accepted"),
        (["done"], {1: "handed_over", 2: "built"}, "built"),
    ],
)
def test_the_stage_is_told_by_works_and_then_by_lists(
    statuses: list[str | None], lists: dict[int, str], stage: str
) -> None:
    works = frame_of("works", [{"fid": 1, "item": "pipes", "status": one} for one in statuses])
    where = pd.Series(lists, dtype=object)
    found = progress.stages(progress.of_rows(works), AREA_OF, where, pd.Index([7]))
    assert found[7] == stage


def test_a_report_is_old_after_so_many_days_and_none_is_no_report() -> None:
    on = dt.date(2026, 11, 30)
    assert progress.stale("2026-10-16", on, 45) is False
    assert progress.stale("2026-10-15", on, 45) is True
    assert progress.stale("2026-10", on, 45) is False, "a month counts as its last day"
    assert progress.stale(None, on, 45) is None


STATUSES = st.sampled_from(["planned", "ongoing", "done", None])
DONE = st.one_of(st.none(), st.integers(0, 50))


@given(st.lists(st.tuples(st.integers(1, 50), DONE, STATUSES), min_size=1, max_size=6))
def test_low_is_never_above_high(rows: list[tuple[int, int | None, str | None]]) -> None:
    found = summed(
        *({"quantity": planned, "done_quantity": done, "status": status} for planned, done, status in rows)
    ).iloc[0]
    assert found["done_low"] <= found["done_high"]
    assert found["share_low"] <= found["share_high"]
