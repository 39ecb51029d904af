"""What is proposed for a deficit: a room that is at hand, a site to be found, or handed up."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
from plan_sample import sample_plan
from shapely.geometry import Point

from renomap.deficits import standards
from renomap.deficits.remedies import Remedy, remedies
from renomap.model.layer import Layer
from renomap.model.plan import Plan
from renomap.model.roles import Role
from renomap.programme.idle_sites import answered


def _lacking(rooms: list[tuple[str, float, float, str]], high: float = 300.0) -> Plan:
    """Two areas that lack elderly care; rooms at a distance (m) east of the whole plan."""
    plan = replace(sample_plan(2, 3, 0, first=1), standard=standards.load("changsha"))
    areas = plan.areas.assign(
        elder_care_state="short", elder_care_deficit_low=300.0, elder_care_deficit_high=high
    )
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


def told_of(plan: Plan) -> dict[tuple[int, str], tuple[Remedy, str]]:
    return remedies(plan, answered(plan))


def _of(plan: Plan) -> list[tuple[Remedy, str]]:
    return [value for (_, key), value in told_of(plan).items() if key == "elder_care"]


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
    told = told_of(replace(plan, areas=areas))
    ids = [int(i) for i in areas.index]
    assert told[ids[0], "elevator"] == (Remedy.FEASIBILITY, "")
    assert told[ids[0], "clinic"] == (Remedy.HANDED_UP, "")
    assert not {(ids[1], "elevator"), (ids[1], "clinic"), (ids[0], "nursery")} & set(told)


def test_an_unknown_deficit_gets_no_room_and_a_condition_no_site() -> None:
    plan = _lacking([("旧食堂", 400.0, 0.0, "养老")])
    areas = plan.areas.assign(
        elder_care_state="unknown", property_state=["short", "unknown"], property_deficit_high=2.0
    )
    told = told_of(replace(plan, areas=areas))
    one, two = (int(i) for i in areas.index)
    assert told[one, "elder_care"] == told[two, "elder_care"] == (Remedy.TO_SURVEY, "")
    assert told[one, "property"] == (Remedy.WORKS, "")
    assert told[two, "property"] == (Remedy.TO_SURVEY, "")


def test_rooms_go_where_together_they_answer_most() -> None:
    plan = _lacking([("远处会议室", 300.0, 250.0, "养老"), ("会议室", 400.0, 0.0, "养老")])
    told = _of(plan)
    assert sorted(told) == [(Remedy.SOLVABLE, "会议室"), (Remedy.SOLVABLE, "远处会议室")]


def test_a_room_answers_the_one_place_of_a_facility_that_is_counted_by_places() -> None:
    plan = _lacking([("水泵房旁公房", 590.0, 0.0, "社区食堂")])
    areas = plan.areas.assign(canteen_state="short", canteen_deficit_low=1.0, canteen_deficit_high=1.0)
    told = [v for (_, key), v in told_of(replace(plan, areas=areas)).items() if key == "canteen"]
    assert sorted(told) == [(Remedy.SOLVABLE, "水泵房旁公房"), (Remedy.TO_SITE, "")]


def test_what_is_accepted_is_told_as_planned_even_where_the_deficit_is_not_sure() -> None:
    plan = _lacking([])
    areas = plan.areas.assign(elder_care_state=["unknown", "short"])
    one, two = (int(i) for i in areas.index)
    rooms = {(one, "elder_care"): "旧食堂", (two, "elder_care"): "会议室"}
    told = remedies(replace(plan, areas=areas), rooms, planned=[(one, "elder_care")])
    assert told[one, "elder_care"] == (Remedy.PLANNED, "旧食堂")
    assert told[two, "elder_care"] == (Remedy.SOLVABLE, "会议室")
