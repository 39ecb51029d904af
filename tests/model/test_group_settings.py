"""What made the areas of a scheme, and how former files kept it."""

from __future__ import annotations

from dataclasses import asdict, replace

import geopandas as gpd
import pandas as pd

from renomap.model.scheme import Scheme
from renomap.model.settings import BY_HAND, GroupSettings, RunFigures, settings_of_mapping
from renomap.store.coding import decode, encode

MADE = GroupSettings(
    preset="changsha",
    areas=4,
    bounds={"households_min": 300.0, "count_max": 9.0},
    given=("area_ha_max", "count_max"),
    gap_m=30.0,
    within="none",
    targets={"households": 900.0},
    weights={"shape": 0.4},
    seed=7,
    result=RunFigures(4, 0.25, {"shape": 0.5}, "proven", 0.25, 0.0, True, "2026-05-12T09:00:00"),
    scattered={"12": {"code": "grouping.reason.no-fit", "params": {}}},
)


def test_what_a_former_file_keeps_is_read_whole_with_its_scheme() -> None:
    former = asdict(MADE) | {"given": list(MADE.given), "undersized": {}, "weights": dict(MADE.weights)}
    del former["source"], former["layer"]
    assert settings_of_mapping(former) == MADE
    scheme = Scheme("s", "甲", pd.Series(dtype="int64"), gpd.GeoDataFrame(geometry=[]), settings=former)
    scheme = replace(scheme, areas=scheme.areas.assign(size_flag=None))
    assert decode(encode(scheme)).settings == MADE
    assert decode(encode(replace(scheme, settings=MADE))).settings == MADE


def test_values_of_another_kind_are_as_nobody_chose_them() -> None:
    assert settings_of_mapping({"gap": 3, "bounds": [1], "seed": None, "preset": 5, "result": "x"}) == BY_HAND


def test_what_a_scheme_leaves_open_is_filled_and_what_it_says_stays() -> None:
    usual = GroupSettings(preset="national", gap_m=20.0, weights={"shape": 1.0}, given=())
    assert BY_HAND.over(usual) == usual
    assert MADE.over(usual) == MADE
    assert GroupSettings(gap_m=0.0).over(usual) == replace(usual, gap_m=0.0)


def test_a_bound_that_was_switched_off_binds_nothing() -> None:
    assert MADE.given_bounds == {"area_ha_max": None, "count_max": 9.0}
