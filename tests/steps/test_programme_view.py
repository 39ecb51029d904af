"""The view of a programme: the golden ledger from the tables of a project, and its speed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import box

from renomap.deficits import presets
from renomap.errors import RenomapError
from renomap.model.programme import Programme
from renomap.model.programme_view import ProgrammeView
from renomap.model.project import Project
from renomap.model.standard import MeetingValue
from renomap.steps.judge import judge_by
from renomap.steps.programme import programme_view

CRS = "EPSG:4547"
CHANGSHA = presets.load("changsha")


def people(count: int, areas: int, households: float = 151.0) -> gpd.GeoDataFrame:
    """Neighbourhoods in a row, the last two in no area."""
    index = pd.RangeIndex(1, count + 1, name="fid")
    area = np.array([1 + k * areas // count for k in range(count)])
    area[-2:] = 0
    rows = {
        "name": [f"第{fid}小区" for fid in index],
        "area_id": area,
        "households": households,
        "households_flag": "reported",
        "floor_area_m2": 10_000.0,
        "consent": "met",
        "checkup_date": "2025-09",
        "elevator_deficit": 1.0,
    }
    return gpd.GeoDataFrame(rows, index=index, geometry=[box(k, 0, k + 1, 1) for k in range(count)], crs=CRS)


def areas(count: int) -> pd.DataFrame:
    ids = pd.RangeIndex(1, count + 1, name="id")
    return pd.DataFrame({"name": [f"{one}片区" for one in ids], "consent": "met"}, index=ids)


def view(programme: Programme, *, meeting: tuple[MeetingValue, ...] = ()) -> ProgrammeView:
    project = Project(crs=CRS, preset="changsha", programme=programme, meeting=meeting)
    found = programme_view(project, people(10, 1), areas(1), CHANGSHA)
    assert found is not None
    return found


PROJECTS = [{"area": 1, "company": "城投", "person": "张三"}, {"fid": 10, "name": "零星"}, {"area": 9}]
WORKS = [
    {"fid": 1, "item": "pipes", "cost": 7e6},
    {"fid": 2, "item": "roof", "cost": 4e6},
    {"fid": 3, "item": "elevator", "quantity": 10},
    {"fid": 4, "item": "elder_care", "cost": 3e6},
]
FUNDS = [
    {"project": 1, "source": "department", "scope": "elder_care", "planned": 300_000, "programme": "民政"},
    {"fid": 3, "source": "residents", "scope": "elevator", "planned": 1_200_000, "arranged": 1_000_000},
    {"project": 1, "source": "special_bonds", "planned": 2_000_000},
]
PRICE = MeetingValue("works", "elevator.price", "600000/elevator", "会议", "2026-11-30T09:00")


def ledger_of(**changed: Any) -> Programme:
    tables = {"projects": PROJECTS, "works": WORKS, "funds": FUNDS, **changed}
    programme = Programme()
    for name, rows in tables.items():
        programme = programme.with_rows(name, rows)
    return programme


def test_nothing_is_derived_from_an_empty_programme() -> None:
    empty = Project(crs=CRS, preset="changsha")
    assert programme_view(empty, people(10, 1), areas(1), CHANGSHA) is None


def test_facts_of_neighbourhoods_are_derived_before_there_are_areas() -> None:
    programme = ledger_of(
        projects=[], funds=[], units=[{"fid": 1, "stage": "pool"}], works=[{"fid": 1, "item": "pipes"}]
    )
    bare = people(10, 1).assign(area_id=0)
    view = programme_view(Project(CRS, programme=programme, preset="changsha"), bare, areas(0), CHANGSHA)
    assert view is not None
    assert len(view.projects) == 0
    assert view.lists.at["pool", "neighbourhoods"] == 1
    assert "in_no_project" in {one.kind for one in view.findings}


def test_T25_the_golden_ledger_from_the_tables() -> None:
    found = view(ledger_of(), meeting=(PRICE,))
    area = found.projects.loc[1]
    assert (area["households"], area["households_known"], area["neighbourhoods"]) == (1208, 8, 8)
    assert (area["cost_low"], area["cost_high"], area["cost_level"]) == (20e6, 20e6, "estimate")
    assert (area["gap_low"], area["gap_high"]) == (4_800_000, 4_800_000)
    assert (area["financed_low"], area["financed_high"]) == (2_800_000, 2_800_000)
    assert (area["left"], area["remarks"]) == (796_000, ("subsidy_on_upgrade",))
    parts = [area[name] for name in ("fiscal", "companies", "residents", "financing")]
    assert parts == [7_248_000 + 6_452_000 + 300_000, 0, 1_200_000, 2_000_000]
    assert sum(parts) + area["financed_high"] == area["cost_high"]
    assert round(area["cost_per_household"], 2) == round(20e6 / 1208, 2)
    assert (area["arranged_gap_low"], area["arranged_gap_high"]) == (5_000_000, 19_000_000), (
        "of elevators only the residents' arranged money is known, and nothing else is theirs"
    )
    money = found.money.set_index(["key", "source"])
    assert money.at[(1, "city"), "planned"] == 7_248_000
    assert bool(money.at[(1, "city"), "derived"])
    assert found.costs["item"].tolist() == ["pipes", "roof", "elevator", "elder_care"]


def test_without_a_price_there_is_no_total() -> None:
    area = view(ledger_of()).projects.loc[1]
    assert (area["cost_low"], area["cost_known"], area["cost_items"]) == (14e6, 3, 4)
    assert np.isnan(area["cost_high"])
    assert np.isnan(area["cost_per_household"])
    assert np.isnan(area["gap_high"])


def test_a_neighbourhood_may_be_a_project_by_itself() -> None:
    works = [*WORKS, {"fid": 10, "item": "roof", "cost": 5e5}, {"fid": 9, "item": "roof", "cost": 1}]
    found = view(ledger_of(works=works), meeting=(PRICE,))
    assert found.projects.index.tolist() == [1, -10]
    lone = found.projects.loc[-10]
    assert (lone["name"], lone["cost_high"], lone["gap_high"]) == ("零星", 5e5, 0)
    assert [one.fids for one in found.findings if one.kind == "in_no_project"] == [(9,)]
    assert found.neighbourhoods["key"].tolist() == [1] * 8 + [0, -10]
    assert [one.params for one in found.findings if one.kind == "nobody"] == [
        {"lacks": ("company", "person", "phone")},
        {"lacks": ("phone",)},
    ]


def test_gates_lists_and_years_come_together() -> None:
    units = [{"fid": fid, "stage": "annual", "year": 2027} for fid in range(1, 9)]
    upkeep = [{"fid": fid, "party_branch": "有", "management": "自管"} for fid in range(1, 9)]
    events = [
        {"project": 1, "gate": gate, "round": nth, "end": "2026-05", "result": "passed"}
        for gate in ("consult", "notice")
        for nth in (1, 2)
    ]
    found = view(ledger_of(units=units, upkeep=upkeep, events=events))
    area = found.projects.loc[1]
    assert (area["stands"], area["year"]) == ("annual", 2027)
    assert (area["gates_done"], area["gates"], area["held"]) == (6, 9, ("review",))
    assert found.lists.loc["annual", "neighbourhoods"] == 8
    assert (found.lists.loc["difference"] == 0).all()
    less = view(ledger_of(units=units[1:], upkeep=upkeep, events=events)).projects.loc[1]
    assert (less["stands"], less["held"]) == (None, ("reserve", "review"))


def test_T04_a_district_that_pays_less_than_it_must_is_refused() -> None:
    project = Project(crs=CRS, preset="changsha", programme=ledger_of())
    with pytest.raises(RenomapError) as caught:
        judge_by(project, None, ["district.rate=5999"], by="")
    assert caught.value.code == "programme.district-rate"
    with pytest.raises(RenomapError, match=r"programme\.set-price"):
        judge_by(project, None, ["works.roof.price=130/km"], by="")
    more = judge_by(project, None, ["district.rate=7000", "works.elevator.price=600000"], by="")
    found = programme_view(more, people(10, 1), areas(1), CHANGSHA)
    assert found is not None
    assert found.money.set_index(["key", "source"]).at[(1, "district"), "planned"] == 8_456_000


def test_5000_neighbourhoods_with_40000_works_add_up() -> None:
    """How long it takes is measured by ``benchmarks/bench_programme.py``."""
    rng = np.random.default_rng(7)
    crowd, ids = people(5000, 600), areas(600)
    one = Programme().with_rows("works", [{"fid": 1, "item": "roof", "status": "planned", "building": 0}])
    picked = one.works.iloc[np.zeros(40_000, dtype=int)].copy()
    picked.index = pd.RangeIndex(1, 40_001, name="id")
    picked["fid"] = rng.integers(1, 5001, 40_000)
    picked["item"] = rng.choice(["roof", "pipes", "elevator", "road", "wall", "parking"], 40_000)
    picked["quantity"], picked["price"] = 3.0, 1000.0
    programme = ledger_of(
        projects=[{"area": one, "company": "甲"} for one in range(1, 601)],
        units=[{"fid": fid, "stage": "annual", "year": 2027} for fid in range(1, 5001)],
        events=[
            {"project": project, "gate": gate, "round": nth, "end": "2026-05", "result": "passed"}
            for project in range(1, 601)
            for gate in ("consult", "notice", "review")
            for nth in (1, 2)
        ],
    )
    project = Project(crs=CRS, preset="changsha", programme=replace(programme, works=picked))
    found = programme_view(project, crowd, ids, CHANGSHA)
    assert found is not None
    priced = picked[picked["fid"].isin(crowd.index[crowd["area_id"] > 0])]
    assert found.projects["cost_low"].sum() == 3000.0 * len(priced)
    assert found.costs["low"].sum() == found.projects["cost_low"].sum()
