"""What became of each neighbourhood and why: in an area, may not join, reached by nobody, or left over."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from renomap.deficits import presets
from renomap.ground.links import collect
from renomap.model.links import Links
from renomap.model.preset import Preset
from renomap.model.scheme import Scheme
from renomap.model.settings import GroupSettings
from renomap.steps.fates import fates, size_reasons
from renomap.steps.groundwork import Groundwork
from renomap.steps.within import FREE, Within

CRS = "EPSG:4547"
FIDS = np.arange(1, 6, dtype=np.int64)
INDEX = pd.Index(FIDS, name="fid")


@pytest.fixture(scope="module")
def preset() -> Preset:
    return presets.load("changsha")


def row_of_five(*pairs: tuple[int, int]) -> Links:
    """Links of five squares in a row between these positions."""
    a, b = np.array(pairs, dtype=np.int32).reshape(-1, 2).T
    m = len(a)
    return Links(FIDS, a, b, np.full(m, 50.0), np.full(m, 10.0), np.zeros(m), np.ones(m, np.int8), [""] * m)


def on_the_ground(links: Links, within: Within = FREE, river: float | None = None) -> Groundwork:
    """Ground with those links, and a river at this x."""
    water = None
    if river is not None:
        bed = shapely.LineString([(river, -100), (river, 200)])
        water = gpd.GeoDataFrame({"kind": ["river"], "name": ["浏阳河"]}, geometry=[bed], crs=CRS)
    return Groundwork(collect(water=water), links, within, 30.0)


def judged(*classes: str) -> pd.DataFrame:
    return pd.DataFrame(
        {"eligibility": list(classes), "reason": [f"eligibility.{each}" for each in classes]}, index=INDEX
    )


def scheme_with(**settings: Any) -> Scheme:
    return Scheme("s", "s", pd.Series(0, index=INDEX), gpd.GeoDataFrame(), settings=GroupSettings(**settings))


def told(found: pd.DataFrame) -> list[tuple[str, str | None]]:
    return list(zip(found["fate"], found["reason"], strict=True))


ALL = judged(*["eligible"] * 5)


def test_each_fate_with_its_reason(preset: Preset) -> None:
    assignment = pd.Series([1, 0, 0, 0, 0], index=INDEX)
    classes = judged("eligible", "pending", "not_eligible", "eligible", "capped")
    found = fates(assignment, classes, on_the_ground(row_of_five((0, 1), (2, 3))), preset, None)
    assert told(found) == [
        ("assigned", None),
        ("unassigned", "fate.left-out"),
        ("excluded", "eligibility.not_eligible"),
        ("scattered", "fate.no-link"),  # its only link leads to one that may not join
        ("excluded", "eligibility.capped"),
    ]
    wider = fates(
        assignment, classes, on_the_ground(row_of_five((3, 4))), replace(preset, join_capped=True), None
    )
    assert told(wider)[3:] == [("unassigned", "fate.left-out")] * 2


def test_a_link_over_the_administrative_line_reaches_nobody(preset: Preset) -> None:
    units = pd.Series(["东", "西", None, None, "西"], index=INDEX, dtype=object)
    work = on_the_ground(row_of_five((0, 1), (1, 2), (2, 3), (3, 4)), Within("street", units, None))
    found = fates(pd.Series(0, index=INDEX), ALL, work, preset, None)
    # the two of unknown unit are a unit of their own
    assert found["fate"].tolist() == ["scattered", "scattered", "unassigned", "unassigned", "scattered"]


def test_what_the_engine_said_stands_until_the_neighbourhood_is_in_an_area(preset: Preset) -> None:
    why = {"code": "grouping.reason.oversize", "params": {"total": 5000}}
    scheme = scheme_with(scattered={"1": why, "2": why, "77": why})
    work = on_the_ground(row_of_five((0, 1), (1, 2), (2, 3), (3, 4)))
    found = fates(pd.Series([0, 1, 0, 0, 0], index=INDEX), ALL, work, preset, scheme)
    assert told(found)[:3] == [
        ("scattered", "grouping.reason.oversize"),
        ("assigned", None),
        ("unassigned", "fate.left-out"),
    ]
    assert found["params"][1] == {"total": 5000}


def people(*areas: int) -> gpd.GeoDataFrame:
    """Five squares of 50 m, 10 m apart, in these areas."""
    shapes = [shapely.box(60 * i, 0, 60 * i + 50, 50) for i in range(5)]
    return gpd.GeoDataFrame({"area_id": list(areas)}, geometry=shapes, crs=CRS, index=INDEX)


def flagged(*broken: tuple[str, str, float, float] | None) -> pd.DataFrame:
    """Flags of areas 1, 2, ... of two neighbourhoods each."""
    rows = [item or (None, None, np.nan, np.nan) for item in broken]
    columns = ["size_flag", "size_rule", "size_value", "size_bound"]
    table = pd.DataFrame(rows, columns=columns, index=range(1, len(rows) + 1), dtype=object)
    return table.assign(known=2, neighbourhoods=2)


def test_an_area_that_is_too_small_says_by_how_much_and_what_isolates_it() -> None:
    small = flagged(("undersized", "households_min", 90.0, 300.0), None)
    rows, links = people(1, 1, 2, 2, 2), row_of_five((0, 1), (2, 3), (3, 4))
    plain = size_reasons(small, rows, on_the_ground(links, river=1000))
    assert plain["reason"].tolist() == ["size.below", None]
    told = plain["reason_params"][1]
    assert (told["value"], told["bound"], told["barrier"], told["partly"]) == ("90", "300", "", "")
    # a river between 110 and 120 parts area 1 from its neighbour
    cut_off = size_reasons(small, rows, on_the_ground(links, river=115))["reason_params"][1]
    assert (cut_off["barrier"], cut_off["cut"]) == ("浏阳河", "size.cut-off")


def test_an_area_that_is_too_large_is_isolated_by_nothing() -> None:
    large = flagged(("oversized", "area_ha_max", 109.44, 60.0))
    rows, links = people(1, 1, 2, 2, 2), row_of_five((0, 1), (2, 3), (3, 4))
    why = size_reasons(large, rows, on_the_ground(links, river=115)).loc[1]
    assert why["reason"] == "size.above"
    assert (why["reason_params"]["value"], why["reason_params"]["cut"]) == ("109.44", "")


def test_nobody_near_isolates_nothing() -> None:
    alone = flagged(("undersized", "count_min", 2.0, 3.0))
    why = size_reasons(alone, people(1, 1, 1, 1, 1), on_the_ground(row_of_five()))
    assert why["reason_params"][1]["barrier"] == ""


def test_nobody_is_scattered_while_links_are_sought(preset: Preset) -> None:
    """The map is shown before links are found: who may join is no case of its own yet, who may not stays."""
    work = replace(on_the_ground(row_of_five()), linked=False)
    classes = judged("eligible", "pending", "not_eligible", "eligible", "eligible")
    found = fates(pd.Series(0, index=INDEX), classes, work, preset, None)
    assert told(found) == [
        ("unassigned", "fate.links-sought"),
        ("unassigned", "fate.links-sought"),
        ("excluded", "eligibility.not_eligible"),
        ("unassigned", "fate.links-sought"),
        ("unassigned", "fate.links-sought"),
    ]
