"""Sizes of areas: flags, figures and the sentence, by hand; what came in earlier words; the round trip."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from random import Random

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from renomap.deficits import presets
from renomap.grouping import eligibility
from renomap.model.feedback import Silent
from renomap.model.layer import Layer
from renomap.model.project import Project
from renomap.model.roles import Role
from renomap.model.scheme import Scheme, count_sizes, no_overrides
from renomap.model.settings import GroupSettings
from renomap.outputs.findings import size_text, sizes_text
from renomap.sources.schemes import scheme_of
from renomap.steps.fates import size_reasons
from renomap.steps.groundwork import Groundwork, lay_ground
from renomap.steps.size_flags import size_flags, size_params
from renomap.store.earlier import areas_of_now, scheme_of_now
from renomap.wording.catalogue import words

CRS = "EPSG:4547"
WORDS = words("zh")


def town(households: list[float], areas: list[int], side: float = 100.0) -> gpd.GeoDataFrame:
    """Squares in a row, 10 m apart, with households and the area each is in."""
    shapes = [shapely.box(i * (side + 10), 0, i * (side + 10) + side, side) for i in range(len(areas))]
    index = pd.Index(np.arange(1, len(areas) + 1), name="fid")
    return gpd.GeoDataFrame(
        {"households": households, "area_id": areas}, geometry=shapes, crs=CRS, index=index
    )


def ground(people: gpd.GeoDataFrame) -> Groundwork:
    layer = Layer("n", "小区", Role.NEIGHBOURHOODS, people)
    return lay_ground(Project(crs=CRS, layers=(layer,)), presets.load("national"), GroupSettings(), Silent())


@cache
def ground_of_row(members: int) -> Groundwork:
    """The ground of a row of so many: it hangs on the shapes alone."""
    return ground(town([1.0] * members, [1] * members))


def flags(
    people: gpd.GeoDataFrame,
    scheme: Scheme | None = None,
    preset: str = "national",
    work: Groundwork | None = None,
) -> pd.DataFrame:
    ids = pd.Index(sorted(set(people["area_id"]) - {0}), name="id")
    rules = presets.load(preset)
    joins = eligibility.judge(people, rules)["eligibility"].isin(rules.joining)
    return size_flags(ids, people, joins, 3.2, work or ground(people), scheme, rules)


def held_to(**bounds: float) -> Scheme:
    areas = gpd.GeoDataFrame({"name": []}, geometry=gpd.GeoSeries([], crs=CRS), crs=CRS)
    return Scheme("s", "", pd.Series(dtype="int64"), areas, no_overrides(), GroupSettings(bounds=bounds))


def test_each_area_is_told_by_its_own_figures() -> None:
    # 1: 200 households of at least 300; 2: 400, one neighbourhood; 3: 5,000 of at most 4,000; 4: fits
    people = town([100, 100, 400, 2500, 2500, 300, 300], [1, 1, 2, 3, 3, 4, 4])
    found = flags(people)
    assert found["size_flag"].tolist() == ["undersized", "single", "oversized", None]
    assert found["size_rule"].tolist() == ["households_min", None, "households_max", None]
    assert found["size_value"].tolist()[::2] == [200.0, 5000.0]
    counts = count_sizes(found["size_flag"])
    assert (counts.fitting, counts.single, counts.undersized, counts.oversized) == (2, 1, 1, 1)
    told = sizes_text(found["size_flag"], WORDS)
    assert told == "2 个符合规模（其中单个小区 1 个），另有 1 个规模不足、1 个规模超限"


def test_where_all_fit_nothing_else_is_said() -> None:
    assert sizes_text(pd.Series([None, None], dtype=object), WORDS) == "2 个符合规模"


def test_land_is_that_of_the_neighbourhoods_and_the_upper_bound_goes_first() -> None:
    # 3 x 1 ha, 240 households: above 2.5 ha and below 300 households
    people = town([80, 80, 80], [1, 1, 1])
    found = flags(people, held_to(area_ha_max=2.5, households_min=300))
    assert found.loc[1, "size_flag"] == "oversized"
    reasons = size_reasons(found, people, ground(people))
    row = {**found.loc[1].to_dict(), **reasons.loc[1].to_dict()}
    assert size_text(row, WORDS) == "规模超限：小区用地 3.00 ha，上限 2.5 ha"


def test_land_under_two_neighbourhoods_counts_once_as_it_is_printed() -> None:
    people = town([200, 200], [1, 1])
    same = people.set_geometry([shapely.box(0, 0, 100, 100), shapely.box(50, 0, 150, 100)])
    assert flags(same, held_to(area_ha_max=1.6)).loc[1, "size_flag"] is None
    assert flags(same, held_to(area_ha_max=1.4)).loc[1, "size_value"] == 1.5


def test_a_bound_that_is_met_exactly_is_kept_and_a_hair_more_is_shown() -> None:
    people = town([150, 150], [1, 1])
    assert flags(people, held_to(area_ha_max=2.0)).loc[1, "size_flag"] is None
    broken = {
        "size_flag": "oversized",
        "size_rule": "area_ha_max",
        "size_value": 60.004,
        "size_bound": 60.0,
        "known": 2,
        "neighbourhoods": 2,
    }
    assert size_params(broken, "")[1]["value"] == "60.004"


def told(people: gpd.GeoDataFrame, scheme: Scheme | None = None) -> str:
    """What is printed of area 1."""
    found = flags(people, scheme)
    reasons = size_reasons(found, people, ground(people))
    return size_text({**found.loc[1].to_dict(), **reasons.loc[1].to_dict()}, WORDS)


def test_what_unknown_households_could_make_large_enough_is_to_check() -> None:
    people = town([100, 110, np.nan], [1, 1, 1])
    found = flags(people)
    assert (found.loc[1, "size_flag"], found.loc[1, "known"]) == ("to_check", 2)
    assert told(people) == "规模待核：已知户数 210 户（2/3 个小区有数据），下限 300 户"
    counts = count_sizes(found["size_flag"])
    assert (counts.fitting, counts.undersized, counts.to_check) == (0, 0, 1)
    assert sizes_text(found["size_flag"], WORDS) == "0 个符合规模，另有 1 个规模待核"


def test_what_unknown_households_could_make_too_large_is_to_check() -> None:
    """Within an upper bound by what is known is not within it: an unknown member may hold anything."""
    people = town([1500, 2000, np.nan], [1, 1, 1])
    found = flags(people)
    assert found.loc[1, ["size_flag", "size_rule", "known"]].tolist() == ["to_check", "households_max", 2]
    assert told(people) == "规模待核：已知户数 3,500 户（2/3 个小区有数据），上限 4,000 户"
    unknown = town([np.nan, np.nan, np.nan], [1, 1, 1])
    crowded = held_to(households_max=4000)
    assert told(unknown, crowded) == "规模待核：户数未知，上限 4,000 户"
    assert told(town([2000, 2000, np.nan], [1, 1, 1])).startswith("规模待核：已知户数 4,000 户")
    # a lower bound that is not reached yet is told first
    assert told(town([100, 110, np.nan], [1, 1, 1])).endswith("下限 300 户")


def test_a_lower_bound_of_households_is_not_all_of_them() -> None:
    """ "100余户": neither surely below the least size nor surely within the largest."""
    people = town([100, 110], [1, 1])
    counted = people.assign(households_flag=["reported", "lower_bound"])
    assert flags(people).loc[1, "size_flag"] == "undersized"
    assert flags(counted).loc[1, ["size_flag", "size_rule", "known"]].tolist() == [
        "to_check", "households_min", 1,
    ]  # fmt: skip
    enough = counted.assign(households=[1000.0, 1000.0])
    assert flags(enough).loc[1, ["size_flag", "size_rule"]].tolist() == ["to_check", "households_max"]


def test_a_bound_that_no_unknown_household_could_mend_decides() -> None:
    # more than the upper bound already; and below a bound on something that is known of all
    crowd = town([2500, 2500, np.nan], [1, 1, 1])
    assert flags(crowd).loc[1, "size_flag"] == "oversized"
    assert told(crowd) == "规模超限：户数 5,000 户（2/3 个小区已知），上限 4,000 户"
    few = flags(town([100, 110, np.nan], [1, 1, 1]), held_to(households_min=300, count_min=4))
    assert few.loc[1, ["size_flag", "size_rule"]].tolist() == ["undersized", "count_min"]


@given(
    st.lists(st.tuples(st.one_of(st.none(), st.integers(0, 2000)), st.booleans()), min_size=2, max_size=5),
    st.integers(1, 3000),
    st.randoms(use_true_random=False),
)
@settings(max_examples=25, deadline=None)
def test_no_completion_contradicts_a_flag(
    known: list[tuple[int | None, bool]], least: int, chance: Random
) -> None:
    """Too small stays too small, too large too large and fitting fitting, whatever is unknown turns out."""
    scheme = held_to(households_min=least, households_max=4000, walk_m_max=10_000)
    areas = [1] * len(known)
    kinds = ["unknown" if n is None else "reported" if whole else "lower_bound" for n, whole in known]
    people = town([np.nan if n is None else float(n) for n, _ in known], areas).assign(households_flag=kinds)
    if people["households"].isna().mean() > 0.5:
        return  # sized by count
    work = ground_of_row(len(known))
    flag = flags(people, scheme, work=work).loc[1, "size_flag"]
    for _ in range(3):
        more = [0 if whole and n is not None else chance.randint(0, 3000) for n, whole in known]
        full = [float((n or 0) + extra) for (n, _), extra in zip(known, more, strict=True)]
        after = flags(town(full, areas), scheme, work=work).loc[1, "size_flag"]
        assert flag == "to_check" or after == flag


def test_where_households_are_mostly_unknown_the_number_of_neighbourhoods_decides() -> None:
    found = flags(town([np.nan] * 5, [1, 1, 2, 2, 2]))
    assert found["size_flag"].tolist() == ["undersized", None]
    assert found["size_rule"].tolist() == ["count_min", None]


def test_a_walk_that_is_too_long_is_a_size_too_large() -> None:
    found = flags(town([100] * 12, [1] * 12))
    assert found.loc[1, ["size_flag", "size_rule"]].tolist() == ["oversized", "walk_m_max"]
    assert found.loc[1, "size_value"] == pytest.approx(1210.0)


def test_what_earlier_versions_wrote_is_read() -> None:
    earlier = gpd.GeoDataFrame(
        {"name": "", "locked": False, "kind": "derived", "undersized": [True, True, False]},
        geometry=[None] * 3,
        crs=CRS,
        index=pd.Index([1, 2, 3], name="id"),
    )
    areas = areas_of_now(earlier)
    assert areas["size_flag"].tolist() == ["undersized", "undersized", None]
    told = {"2": {"code": "grouping.reason.residue-above", "params": {}}}
    scheme = Scheme(
        "s", "", pd.Series(dtype="int64"), areas, no_overrides(), {"undersized": told, "gap_m": 30}
    )
    now = scheme_of_now(scheme)
    assert now.areas["size_flag"].tolist() == ["undersized", "oversized", None]
    assert now.settings == GroupSettings(gap_m=30)


def test_flags_and_bounds_come_back_with_the_areas(tmp_path: Path) -> None:
    people = town([100, 100, 400, 400], [1, 1, 2, 2])
    drawn = gpd.GeoDataFrame(
        {
            "id": [1, 2],
            "name": ["甲", "乙"],
            "size_flag": ["undersized", None],
            "size_rule": ["households_min", None],
            "size_bound": [250.0, np.nan],
        },
        geometry=[shapely.box(-5, -5, 215, 105), shapely.box(215, -5, 435, 105)],
        crs=CRS,
    )
    drawn.to_file(tmp_path / "areas.geojson", driver="GeoJSON")
    back = gpd.read_file(tmp_path / "areas.geojson").to_crs(CRS)
    layer = Layer("a", "片区", Role.AREAS, back)
    scheme, _ = scheme_of(layer, people, "imported_1")
    assert scheme.areas["size_flag"].tolist() == ["undersized", None]
    assert scheme.settings.bounds == {"households_min": 250.0}
    again = flags(people.assign(area_id=scheme.assignment), scheme)
    assert again["size_flag"].tolist() == ["undersized", None]
    # painted larger, it fits
    larger = flags(people.assign(area_id=[1, 1, 1, 2]), scheme)
    assert larger["size_flag"].tolist() == [None, "single"]
