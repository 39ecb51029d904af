"""Rebuilding: what owners pay, balance and sensitivities by hand, and that unknown decides nothing."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renomap.errors import RenomapError
from renomap.programme import rebuild, rebuild_files
from renomap.programme.rebuild import OwnerRow, RebuildCase

YONGAN, ZHEGONG = rebuild_files.prices("yongan"), rebuild_files.prices("zhegong")
CASE = RebuildCase(
    name="示例", prices=YONGAN, owners=(OwnerRow("1幢", 100, 80, 100, 95),), sales=((10, 100, 12_000),),
    construction_m2=11_000, construction_price=3_200, premium=1_500_000, other=0, subsidies=1_400_000,
    representatives=(("1幢", ("张三",)),),
)  # fmt: skip


@pytest.mark.parametrize(
    ("prices", "own", "new", "yuan", "given_up"),
    [
        (YONGAN, 80, 100, 280_000, 0),
        (YONGAN, 80, 80, 120_000, 0),
        (YONGAN, 80, 70, 105_000, 10),
        (ZHEGONG, 45, 73, 761_950, 0),
    ],
)
def test_t23_what_an_owner_pays(prices: Any, own: float, new: float, yuan: float, given_up: float) -> None:
    found = rebuild.payment(own, new, prices)
    assert (found.yuan, found.given_up_m2, found.over_m2) == (yuan, given_up, 0)


def test_more_than_may_be_had_is_told() -> None:
    assert rebuild.payment(45, 80, ZHEGONG).over_m2 == 7
    assert math.isnan(rebuild.payment(math.nan, 80, ZHEGONG).yuan)


def test_t23_the_balance_and_both_sensitivities() -> None:
    found = rebuild.balance(CASE)
    assert (found.income, found.cost, found.low, found.high) == (41_400_000, 36_700_000, 4_700_000, 4_700_000)
    assert found.verdict == rebuild.BALANCED
    lower, dearer = rebuild.worse(CASE, sales=True), rebuild.worse(CASE, construction=True)
    both = rebuild.worse(CASE, sales=True, construction=True)
    assert [round(one.low) for one in (lower, dearer, both)] == [3_500_000, 1_180_000, -20_000]
    assert both.verdict == rebuild.SHORT
    sale, cost = rebuild.break_even(found)
    assert sale == pytest.approx(-4.7 / 12)
    assert cost == pytest.approx(4.7 / 35.2)


def test_unknown_terms_leave_it_open_unless_the_sign_is_settled() -> None:
    found = rebuild.balance(replace(CASE, subsidies=math.nan))
    assert (found.low, found.high, found.verdict) == (3_300_000, math.inf, rebuild.BALANCED)
    found = rebuild.balance(replace(CASE, premium=math.nan))
    assert (found.high, found.verdict, found.unknown) == (6_200_000, rebuild.TO_CHECK, ("premium",))
    assert rebuild.balance(replace(CASE, premium=math.nan, other=9e6)).verdict == rebuild.SHORT
    given = rebuild.balance(replace(CASE, owners=(OwnerRow("1幢", 100, 80, 70),), premium=0, sales=()))
    assert (given.unpriced_m2, given.unknown) == (1000, ("given_up",)), "what is given up has no price"
    assert all(math.isnan(one) for one in rebuild.break_even(rebuild.balance(replace(CASE, other=math.nan))))


def test_t27_every_building_is_represented_and_signed_by_shares() -> None:
    owners = tuple(OwnerRow(f"{n}幢", 10, 80, 80, 9) for n in range(1, 14))
    names = tuple((f"{n}幢", (f"代表{n}",)) for n in range(1, 14) if n != 7)
    case = replace(CASE, owners=owners, representatives=names)
    assert rebuild.unrepresented(case) == ("7幢",)
    assert rebuild.unrepresented(replace(case, representatives=(*names, ("7幢", ("代表7",))))) == ()
    assert rebuild.signed_share(case, "1幢") == 0.9
    assert math.isnan(rebuild.signed_share(replace(case, owners=(OwnerRow("1幢", 10, 80, 80),)), "1幢"))


@given(st.floats(10, 200), st.floats(10, 200), st.floats(0, 50))
def test_more_floor_area_never_costs_less(own: float, new: float, more: float) -> None:
    for prices in (YONGAN, ZHEGONG):
        assert rebuild.payment(own, new + more, prices).yuan >= rebuild.payment(own, new, prices).yuan - 1e-6


def test_a_file_with_a_wrong_key_or_an_unknown_profile_is_refused_by_line(tmp_path: Path) -> None:
    path = tmp_path / "case.toml"
    path.write_text('name = "甲"\nprices = "yongan"\n[money]\nlabour = 1\n', encoding="utf-8")
    with pytest.raises(RenomapError, match="table-key") as told:
        rebuild_files.case(path)
    assert told.value.params["line"] == 4
    path.write_text('name = "甲"\nprices = "nowhere"\n', encoding="utf-8")
    with pytest.raises(RenomapError, match="unknown-rebuild"):
        rebuild_files.case(path)
