"""Every row of the shipped standards and presets against a table copied by hand from the sources.

Beside each row stands the clause that it rests on. ``partly`` in place of ``verified``: read in copies of the
official text only. ``community`` in place of "one in each area": due from 5,000 persons, and an area's own
members are not the people that trigger speaks of.
"""

from __future__ import annotations

from typing import Any

import pytest

from renomap.deficits import presets, standards
from renomap.model.preset import Bound
from renomap.model.standard import Facility

PEOPLE = {"population_min": 5000}
BUILDING, EACH, AREA, COMMUNITY = "building", "neighbourhood", "area", "community"
Row = tuple[Any, ...]

#: key: unit, base, rate, of how many, minimum size, trigger, supply, radius, level, category, status
NATIONAL: dict[str, Row] = {
    # GB 55038-2025 4.2.4, new buildings: entrance floor 4 or higher, at least one per 单元
    "elevator": (
        "elevator", "stairwell", 1, 1, None, {"floors_min": 4}, "elevators", 0, BUILDING, "better", "partly"
    ),
    # 完整居住社区建设标准（试行）#10: existing areas, no number; GB 50180 radius 150 m
    "parking": (
        "space", "household", None, 1, None, {}, "parking_spaces", 150, AREA, "better", "verified-as-absent"
    ),
    # 15 m² per 100 households and 日间照料中心 ≥ 350 m² (#4): both from memory
    "elder_care": (
        "m2", "household", 15, 100, 350, {}, "elder_m2", 300, AREA, "upgrade", "unverified"
    ),
    # #1: 建筑面积以 800 m² 为宜
    "service_station": (
        "m2", "community", None, 1, 800, PEOPLE, "service_m2", 300, COMMUNITY, "upgrade", "unverified"
    ),
    # GB 50180: ≤ 300 m (read); #2: ≥ 2200 m² (memory)
    "kindergarten": (
        "m2", "community", None, 1, 2200, PEOPLE, "kinder_m2", 300, COMMUNITY, "upgrade", "partly"
    ),
    # 十四五 target: 4.5 places per 1,000 persons, second hand
    "nursery_places": (
        "place", "person", 4.5, 1000, None, {}, "nursery_places", 300, AREA, "upgrade", "partly"
    ),
    # #5: ≥ 120 m²
    "clinic": (
        "m2", "community", None, 1, 120, PEOPLE, "clinic_m2", 300, COMMUNITY, "upgrade", "unverified"
    ),
    # #6: ≥ 300 m², or two to three of 50-100 m²
    "shop": (
        "m2", "community", None, 1, 300, PEOPLE, "shop_m2", 300, COMMUNITY, "upgrade", "unverified"
    ),
    # #14: at least one of ≥ 150 m²
    "activity_ground": (
        "m2", "neighbourhood", None, 1, 150, {}, "activity_m2", 300, EACH, "better", "partly"
    ),
    # GB 50180, five-minute circle: 1.0 m² a person; 口袋公园 ≥ 400 m²
    "green": (
        "m2", "person", 1.0, 1, 400, {}, "green_m2", 300, AREA, "better", "unverified"
    ),
    # practice: 10-20 % of spaces; level area, on the spot
    "ev_charging": (
        "charger", "parking", 0.10, 1, None, {}, "chargers", 0, AREA, "better", "example"
    ),
    # indicator of the health check: 小区 without it are counted
    "ebike": (
        "site", "neighbourhood", 1, 1, None, {}, "ebike_sites", 0, EACH, "better", "partly"
    ),
    # GB 50180: 生活垃圾收集点, 70 m
    "waste": (
        "point", "neighbourhood", 1, 1, None, {}, "waste_points", 70, EACH, "basic", "unverified"
    ),
    # #13: 公厕 ≥ 30 m²
    "toilet": (
        "m2", "community", None, 1, 30, PEOPLE, "toilet_m2", None, COMMUNITY, "better", "unverified"
    ),
    # GB 50180 table B: 250-1200 m², 500 m
    "culture_station": (
        "m2", "community", None, 1, 250, PEOPLE, "culture_m2", 500, COMMUNITY, "upgrade", "unverified"
    ),
    # GB 50180 table B: 770-1310 m² of land, ≥ 800 preferred, 300 m
    "sports_court": (
        "m2", "community", None, 1, 800, PEOPLE, "court_m2", 300, COMMUNITY, "better", "unverified"
    ),
    # list of 提升类 and code 216; share of elderly and radius from memory
    "canteen": (
        "site", "area", 1, 1, None, {"elderly_share_min": 0.20}, "canteens", 500, AREA, "upgrade", "partly"
    ),
    # list of 提升类
    "parcel": (
        "site", "neighbourhood", 1, 1, None, {}, "parcel_sites", None, EACH, "upgrade", "partly"
    ),
    # #8: four of six types is a proposal
    "shops_other": (
        "type", "community", 4, 1, None, PEOPLE, "shop_types", 300, COMMUNITY, "upgrade", "unverified"
    ),
    # GB 50180 table B: 120-200 m² of land, 400 m, over 5,000 persons
    "waste_station": (
        "m2_land", "community", None, 1, 120, PEOPLE, "waste_station_m2", 400, COMMUNITY,
        "basic", "unverified"
    ),
    # GB 50180: 1-2 per dwelling, new
    "bike_parking": (
        "place", "household", 1, 1, None, {}, "bike_places", None, EACH, "better", "unverified"
    ),
    # #10: 防止乱停车和占用消防通道现象
    "fire_access": (
        "neighbourhood", "neighbourhood", 1, 1, None, {}, "fire_lane_ok", None, EACH, "basic", "partly"
    ),
    # list of 提升类
    "security": (
        "neighbourhood", "neighbourhood", 1, 1, None, {}, "has_security", None, EACH, "upgrade", "partly"
    ),
    # indicator of the health check: 未实施物业管理的小区
    "property": (
        "neighbourhood", "neighbourhood", 1, 1, None, {}, "property_mgmt", None, EACH, "better", "partly"
    ),
    # practice
    "barrier_free": (
        "site", "stairwell", 1, 1, None, {}, "ramps", None, BUILDING, "better", "unverified"
    ),
}  # fmt: skip

#: What a city says otherwise.
OTHERWISE: dict[str, dict[str, Row]] = {
    "national": {},
    # 湖南省社区养老服务设施配建若干规定, 2025-01-01: ≥ 20 m² per 100 households, in all ≥ 300 m²
    "changsha": {
        "elder_care": ("m2", "household", 20, 100, 300, {}, "elder_m2", 300, AREA, "upgrade", "partly")
    },
    # 粤 2018 实施意见: 15-20 m² per 100 households in what is built; no minimum size was read
    "guangzhou": {
        "elder_care": ("m2", "household", 15, 100, None, {}, "elder_m2", 300, AREA, "upgrade", "partly")
    },
}  # fmt: skip

#: Persons per household and status: 2.2 million persons in 686,000 households; rounded elsewhere.
PERSONS = {
    "national": (3.2, "unverified"),
    "changsha": (3.2, "unverified"),
    "guangzhou": (3.207, "verified"),
}

#: Numbers of the presets: value and status.
PRESETS: dict[str, dict[str, tuple[float, str]]] = {
    "national": {
        "households_min": (300, "unverified"),  # smallest 居住街坊
        "households_max": (4000, "unverified"),  # 12,000 persons / 3.2
        "area_ha_max": (60, "unverified"),  # two circles of 300 m
        "walk_m_max": (1000, "unverified"),  # two legs of a five-minute circle
        "target households": (1200, "unverified"),  # mean of Changsha, rounded
        "target count": (8, "unverified"),  # 8.1 Changsha, 10.2 Luoyang
        "year": (2000, "partly"),  # 国办发〔2020〕23号, read in a summary
        "year capped": (2005, "example"),  # Hunan, Henan
        "asked": (2 / 3, "unverified"),  # practice of Yizheng
        "yes": (2 / 3, "unverified"),
    },
    "changsha": {
        "households_min": (300, "unverified"),
        "households_max": (4000, "unverified"),
        "area_ha_max": (60, "unverified"),
        "walk_m_max": (1000, "unverified"),
        "target households": (1225, "verified"),  # 131,100 households / 107 areas
        "target count": (8, "verified"),  # 869 neighbourhoods / 107 areas
        "year": (2000, "partly"),
        "year capped": (2005, "partly"),  # Hunan: 2001-2005 up to a share that is not known
        "asked": (0.80, "partly"),  # 改造意愿征求达到 80 %: of what is not said
        "yes": (0.80, "partly"),
        "subsidy city": (6000, "verified"),
        "subsidy district_min": (6000, "verified"),  # not below
    },
    "guangzhou": {
        "households_min": (300, "unverified"),
        "households_max": (13480, "unverified"),  # 20 x 674
        "count_min": (3, "unverified"),
        "count_max": (20, "unverified"),
        "area_ha_max": (60, "unverified"),
        "walk_m_max": (1000, "unverified"),
        "target households": (5392, "unverified"),  # 8 x 674
        "target count": (8, "unverified"),
        "year": (2000, "verified"),  # 2000 年年底以前建成
        "asked": (2 / 3, "unverified"),
        "yes": (2 / 3, "unverified"),
    },
}


def _row(item: Facility) -> Row:
    return (
        item.unit,
        item.base,
        item.rate,
        item.rate_per,
        item.min_size,
        dict(item.trigger),
        item.supply_field,
        item.radius_m,
        item.level.value,
        item.category,
        item.status.value,
    )


@pytest.mark.parametrize("name", sorted(OTHERWISE))
def test_rows_of_a_standard(name: str) -> None:
    assert {item.key: _row(item) for item in standards.load(name).facilities} == {
        **NATIONAL,
        **OTHERWISE[name],
    }


@pytest.mark.parametrize("name", sorted(OTHERWISE))
def test_who_shares_is_what_the_level_says(name: str) -> None:
    """An area pools what is of its level, parking only between neighbours; a community is one whole."""
    facilities = standards.load(name).facilities
    assert [item.key for item in facilities if item.linked] == ["parking"]
    assert {item.key for item in facilities if item.pooled} == {
        key for key, row in NATIONAL.items() if row[8] == AREA
    }


@pytest.mark.parametrize("name", sorted(PERSONS))
def test_persons_per_household(name: str) -> None:
    standard = standards.load(name)
    assert (standard.persons_per_household, standard.persons_status.value) == PERSONS[name]


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_numbers_of_a_preset(name: str) -> None:
    preset = presets.load(name)
    consent = preset.consent
    found: dict[str, Bound | None] = {
        **preset.bounds,
        **{f"target {key}": bound for key, bound in preset.targets.items()},
        "year": preset.year_max,
        "year capped": preset.year_max_capped,
        "asked": consent and consent.asked_min,
        "yes": consent and consent.yes_min,
        **{f"subsidy {key}": bound for key, bound in preset.subsidy.items()},
    }
    assert {key: (bound.value, bound.status.value) for key, bound in found.items() if bound} == PRESETS[name]
    assert (preset.standard, preset.gap_m, preset.gap_road_m) == (name, 30, 60)
    assert (preset.within, preset.join_capped, dict(preset.weights)) == ("street", False, {})
    assert consent is not None
    assert consent.rule == "each"


def test_no_file_is_shipped_that_is_not_in_these_tables() -> None:
    assert set(standards.available()) == set(OTHERWISE)
    assert set(presets.available()) == set(PRESETS)
