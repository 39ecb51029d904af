"""What is proposed for a deficit: a room that is at hand, a site to be found, or handed up."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
from plan_sample import sample_plan
from shapely.geometry import Point

from renomap.deficits.remedies import Remedy, remedies
from renomap.model.layer import Layer
from renomap.model.plan import Plan
from renomap.model.roles import Role


def _lacking(rooms: list[tuple[str, float, float, str]], high: float = 300.0) -> Plan:
    """Two areas that lack elderly care; rooms at a distance (m) east of the whole plan."""
    plan = sample_plan(2, 3, 0, first=1)
    areas = plan.areas.assign(elder_care_state="short", elder_care_deficit_high=high)
    _, y0, x1, y1 = areas.total_bounds
    frame = gpd.GeoDataFrame(
        {
            "name": [r[0] for r in rooms],
            "area_m2": [r[1] for r in rooms],
            "usable_for": [r[3] for r in rooms],
        },
        geometry=[Point(x1 + r[2], (y0 + y1) / 2) for r in rooms],
        crs=areas.crs,
    )
    layers = (*plan.project.layers, Layer("sites", "存量资源", Role.SITES, frame))
    return replace(plan, areas=areas, project=replace(plan.project, layers=layers))


def _of(plan: Plan) -> list[tuple[Remedy, str]]:
    return [value for (_, key), value in remedies(plan).items() if key == "elder_care"]


def test_a_room_answers_one_deficit_only() -> None:
    told = _of(_lacking([("旧食堂", 400.0, 0.0, "社区食堂、养老")]))
    assert sorted(told) == [(Remedy.SOLVABLE, "旧食堂"), (Remedy.TO_SITE, "")]


def test_a_room_too_small_too_far_unknown_or_for_another_use_answers_none() -> None:
    rooms = [
        ("小", 290.0, 0.0, "养老"),
        ("远", 400.0, 5000.0, "养老"),
        ("不详", float("nan"), 0.0, "养老"),
        ("商业", 400.0, 0.0, "便民商业"),
        ("未填", 400.0, 0.0, ""),
    ]
    assert _of(_lacking(rooms)) == [(Remedy.TO_SITE, "")] * 2


def test_an_open_deficit_is_answered_by_no_room() -> None:
    assert _of(_lacking([("旧食堂", 9999.0, 0.0, "养老")], float("nan"))) == [(Remedy.TO_SITE, "")] * 2


def test_elevators_are_looked_at_one_by_one_and_what_is_below_the_trigger_is_handed_up() -> None:
    plan = sample_plan(2, 3, 0, first=1)
    areas = plan.areas.assign(
        elevator_state=["short", "met"], clinic_state=["below_trigger", "not_set"], nursery_state="met"
    )
    told = remedies(replace(plan, areas=areas))
    ids = [int(i) for i in areas.index]
    assert told[ids[0], "elevator"] == (Remedy.FEASIBILITY, "")
    assert told[ids[0], "clinic"] == (Remedy.HANDED_UP, "")
    assert not {(ids[1], "elevator"), (ids[1], "clinic"), (ids[0], "nursery")} & set(told)
