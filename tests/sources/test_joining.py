from __future__ import annotations

import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from renomap.sources.joining import fold_name, loose_name, match


def units(*rows: tuple) -> pd.DataFrame:
    """Rows of (name, street, geometry or None) with fids from 10."""
    full = [(*row, *(None,) * (3 - len(row))) for row in rows]
    return pd.DataFrame(
        {
            "code": [None] * len(full),
            "name": [row[0] for row in full],
            "street": [row[1] for row in full],
            "community": [None] * len(full),
            "geometry": [row[2] or shapely.box(0, 0, 1, 1) for row in full],
        },
        index=range(10, 10 + len(full)),
        dtype=object,
    )


def rows(*items: tuple) -> pd.DataFrame:
    full = [(*item, *(None,) * (3 - len(item))) for item in items]
    return pd.DataFrame(
        {
            "code": [item[2] for item in full],
            "name": [item[0] for item in full],
            "street": [item[1] for item in full],
            "community": [None] * len(full),
        },
        index=range(1, len(full) + 1),
        dtype=object,
    )


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("金谷苑（一期）", "金谷苑(1期)"),
        ("ＡＢ花园", "ab花园"),
        ("甲 苑\r\n", "甲苑"),
        ("“阳光”家园", "阳光家园"),
    ],
)
def test_names_that_are_written_differently(left: str, right: str) -> None:
    assert fold_name(left) == fold_name(right)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("朝阳小区", "朝阳"),
        ("冶金厅家属区", "冶金厅家属院"),
        ("塑料厂职工宿舍", "塑料厂宿舍"),
        ("马坡里社区", "马坡里"),
    ],
)
def test_names_that_are_loosely_the_same(left: str, right: str) -> None:
    assert loose_name(left) == loose_name(right)


def test_河东花园_is_not_河东新村() -> None:
    assert loose_name("河东花园") != loose_name("河东新村")


def test_code_before_name() -> None:
    table = units(("甲苑",), ("乙苑",))
    table["code"] = ["A1", "A2"]
    pairs = match(table, rows(("乙苑", None, "A1")))
    assert pairs.by_row == {1: 10}
    assert pairs.how == {1: "code"}


def test_one_name_at_two_places_is_not_joined() -> None:
    pairs = match(units(("甲苑",), ("甲苑",)), rows(("甲苑",)))
    assert pairs.by_row == {}
    assert pairs.ambiguous == {1: (10, 11)}


def test_the_subdistrict_tells_them_apart() -> None:
    pairs = match(units(("甲苑", "东街道"), ("甲苑", "西街道")), rows(("甲苑", "西街道"), ("甲苑", "东街道")))
    assert pairs.by_row == {1: 11, 2: 10}


def test_the_position_tells_them_apart() -> None:
    table = units(("甲苑", None, shapely.box(0, 0, 100, 100)), ("甲苑", None, shapely.box(500, 0, 600, 100)))
    pairs = match(table, rows(("甲苑",)), [shapely.Point(550, 50)])
    assert pairs.by_row == {1: 11}


def test_two_rows_for_one_place_are_not_joined() -> None:
    pairs = match(units(("甲苑",)), rows(("甲苑",), ("甲苑",)))
    assert pairs.by_row == {}
    assert pairs.ambiguous == {1: (10,), 2: (10,)}


def test_the_same_name_in_another_subdistrict_proves_nothing() -> None:
    pairs = match(units(("甲苑", "东街道")), rows(("甲苑", "西街道")))
    assert pairs.by_row == {}
    assert pairs.ambiguous == {1: (10,)}


def test_what_is_left_over_and_what_it_might_be() -> None:
    pairs = match(
        units(("夜明珠钢材市场宿舍",), ("远处新村",)), rows(("夜明珠钢建材市场宿舍",), ("湖滨公馆",))
    )
    assert pairs.unmatched_rows == (1, 2)
    assert pairs.unmatched_fids == (10, 11)
    assert pairs.suggestions == {1: (10,)}


NAMES = st.sampled_from(["甲苑", "甲苑小区", "乙里", "乙里社区", "丙村", None, "甲 苑"])


@given(st.lists(NAMES, max_size=8), st.lists(NAMES, max_size=8))
def test_never_many_to_many_and_nobody_is_lost(left: list, right: list) -> None:
    table, inventory = units(*((name,) for name in left)), rows(*((name,) for name in right))
    pairs = match(table, inventory)
    assert len(set(pairs.by_row.values())) == len(pairs.by_row)
    everyone = [*pairs.by_row, *pairs.ambiguous, *pairs.unmatched_rows]
    assert sorted(everyone) == list(inventory.index)
    assert set(pairs.by_row.values()) | set(pairs.unmatched_fids) == set(table.index)
