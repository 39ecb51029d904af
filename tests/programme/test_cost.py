"""What works cost: golden numbers, and that what is unknown stays so."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from renomap.model.programme import frame_of
from renomap.programme import cost, files

ORDER = files.load("national").order
AREA_OF = pd.Series([7, 7, 8], index=pd.Index([1, 2, 3], name="fid"))


def priced(*rows: dict[str, Any], prices: dict[str, float] | None = None) -> pd.DataFrame:
    return cost.of_rows(frame_of("works", rows), prices or {})


def estimated(*rows: dict[str, Any]) -> pd.DataFrame:
    frame = frame_of("estimates", rows).assign(key=7, area=7)
    bases = pd.DataFrame({"households": {7: 100.0}, "floor_area_m2": {7: np.nan}})
    return cost.of_estimates(frame, bases)


def total(rows: pd.DataFrame, estimates: pd.DataFrame | None = None) -> pd.Series[Any]:
    found = cost.lines(rows, AREA_OF, estimated() if estimates is None else estimates, ORDER)
    areas: pd.Series[Any] = cost.of_areas(found, pd.Index([7, 8])).loc[7]
    return areas


def test_elevators_of_a_range_and_a_price_of_the_meeting() -> None:
    works = {"fid": 1, "item": "elevator", "quantity_low": 61, "quantity_high": 114}
    found = total(priced(works, prices={"elevator": 600_000}))
    assert (found["cost_low"], found["cost_high"]) == (36_600_000, 68_400_000)
    second = total(priced(works, {"fid": 2, "item": "roof", "quantity": 100}, prices={"elevator": 600_000}))
    assert (second["cost_low"], second["cost_known"], second["cost_items"]) == (36_600_000, 1, 2)
    assert np.isnan(second["cost_high"])


def test_no_price_and_no_quantity_are_unknown_not_free() -> None:
    rows = priced(
        {"fid": 1, "item": "roof", "quantity": 10},
        {"fid": 1, "item": "wall", "price": 130},
        {"fid": 1, "item": "road", "cost": 5},
        {"fid": 1, "item": "gas", "quantity": 1, "price": 2, "status": "dropped"},
        {"fid": 1, "item": "gas", "action": "keep"},
    )
    assert list(rows["lacks"]) == ["price", "quantity", None]
    assert rows["low"].isna().tolist() == [True, True, False]
    found = total(priced({"fid": 1, "item": "roof", "quantity": 10}))
    assert np.isnan(found["cost_low"])
    assert np.isnan(total(priced())["cost_low"]), "no works is no cost of nothing"


@pytest.mark.parametrize(
    ("estimate", "low", "level"),
    [
        ({"level": "rough", "amount": 900}, 1000, "estimate"),
        ({"level": "budget", "amount": 900}, 900, "budget"),
        ({"level": "contract", "amount": 400, "item": "roof"}, 800, "estimate"),
        ({"level": "contract", "amount": 450, "work": 1}, 850, "estimate"),
        ({"level": "rough", "rate": 3, "per": "households", "item": "gas"}, 1300, "rough"),
        ({"level": "rough", "rate": 3, "per": "floor_area_m2"}, 1000, "estimate"),
    ],
)
def test_a_later_level_takes_the_place_of_an_earlier_one(
    estimate: dict[str, Any], low: float, level: str
) -> None:
    rows = priced(
        {"fid": 1, "item": "roof", "cost": 600},
        {"fid": 2, "item": "wall", "cost": 400},
        {"fid": 3, "item": "wall", "cost": 77},
    )
    found = total(rows, estimated(estimate))
    assert (found["cost_low"], found["cost_high"], found["cost_level"]) == (low, low, level)


def test_a_rough_sum_covers_works_without_prices() -> None:
    rows = priced({"fid": 1, "item": "roof", "cost": 600}, {"fid": 2, "item": "wall", "quantity": 5})
    found = cost.lines(rows, AREA_OF, estimated({"level": "rough", "amount": 1500}), ORDER)
    assert found[["item", "low"]].to_numpy().tolist() == [["roof", 600], ["wall", 0], ["", 900]]
    less = total(rows, estimated({"level": "rough", "amount": 500}))
    assert less["cost_low"] == 600
    assert np.isnan(less["cost_high"]), "less than a part of it says nothing of the whole"


def test_an_estimate_of_one_member_is_not_that_of_the_area() -> None:
    rows = priced({"fid": 1, "item": "roof", "quantity": 5}, {"fid": 2, "item": "wall", "cost": 400})
    found = total(rows, estimated({"fid": 1, "level": "rough", "amount": 1500}))
    assert (found["cost_low"], found["cost_high"], found["cost_level"]) == (1900, 1900, "rough")


def test_a_total_is_spread_over_items_in_whole_yuan() -> None:
    parts = cost.spread(1001, np.array([600.0, 400.0, 1.0]))
    assert parts.sum() == 1001
    assert parts.tolist() == [600, 400, 1]


def test_what_comes_on_top_is_a_share_of_the_items_and_part_of_an_estimate_of_all() -> None:
    """5 and 8 % of 3,333,333 yuan in whole yuan; of a range both ends; of what is not known the least."""
    addons = {"other_costs": 0.08, "reserve": 0.05}
    rows = priced(
        {"fid": 1, "item": "roof", "cost": 3_333_333},
        {"fid": 2, "item": "roof", "cost": 1_000_000},
        {"fid": 2, "item": "pipes"},
        {"fid": 3, "item": "elevator", "quantity_low": 1, "quantity_high": 3, "price": 600_000},
        {"fid": 4, "item": "roof", "cost": 1_000_000},
    )
    contract = estimated({"level": "contract", "amount": 2_000_000}).assign(area=4)
    each = pd.Series([1, 2, 3, 4], index=[1, 2, 3, 4])
    found = cost.lines(rows, each, contract, ORDER, addons).set_index(["area", "item"])
    assert found.loc[(1, "other_costs"), ["low", "high"]].tolist() == [266_667, 266_667]
    assert found.loc[(1, "reserve"), ["low", "high"]].tolist() == [166_667, 166_667]
    assert found.loc[(2, "reserve"), "low"] == 50_000
    assert np.isnan(found.loc[(2, "reserve"), "high"])
    assert found.loc[(3, "other_costs"), ["low", "high"]].tolist() == [48_000, 144_000]
    areas = cost.of_areas(found.reset_index(), pd.Index([1, 2, 3, 4]))
    assert areas["cost_low"].tolist() == [3_766_667, 1_130_000, 678_000, 2_000_000]
    assert areas["cost_high"].tolist()[2:] == [2_034_000, 2_000_000]
    bare = cost.lines(rows, each, contract, ORDER)
    assert not set(addons) & set(bare["item"]), "none is shipped"
