"""What stands beside a figure: how far it is checked, what is estimated or derived, which date is whose."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from plan_sample import sample_plan, sample_words

from renomap.model.note import Note
from renomap.model.plan import Plan
from renomap.model.standard import Facility
from renomap.wording.dates import dates, printed_on
from renomap.wording.statuses import bracketed, facility_status, households_status, population_status

ZH = sample_words("zh")


def _plan(flags: list[str], population: float = 500.0) -> Plan:
    """Two areas of two members each, and one neighbourhood outside."""
    plan = sample_plan(2, 2, 1)
    people = plan.neighbourhoods.assign(households_flag=flags, households=151.0, population=population)
    return replace(plan, neighbourhoods=people)


def _facility(plan: Plan, key: str) -> Facility:
    found = plan.standard.facility(key)
    assert found is not None
    return found


def test_estimated_households_are_told_of_the_area_that_has_them() -> None:
    plan = _plan(["estimated", "lower_bound", "reported", "reported", "approximate"])
    assert households_status(plan, ZH, 1) == "含估算、下限值"
    assert households_status(plan, ZH, 2) == ""
    assert households_status(plan, ZH) == "含估算、下限值"  # who is in no area counts in no sum


def test_a_number_by_household_is_as_good_as_the_households() -> None:
    plan = _plan(["estimated", "reported", "reported", "reported", "reported"])
    elder = _facility(plan, "elder_care")
    assert facility_status(plan, elder, ZH, 1) == "未核实、含估算"
    assert facility_status(plan, elder, ZH, 2) == "未核实"
    assert facility_status(plan, _facility(plan, "ebike"), ZH, 1) == "已核实"


def test_a_number_by_stairwell_is_as_good_as_the_stairwells() -> None:
    plan = _plan(["reported"] * 5)
    first = int(plan.neighbourhoods.index[plan.neighbourhoods["area_id"] == 1][0])
    guessed = replace(plan, notes=(Note("deficits.stairwells-estimated", fids=(first,)),))
    elevator = _facility(plan, "elevator")
    assert facility_status(plan, elevator, ZH, 1) == "部分核实"
    assert facility_status(guessed, elevator, ZH, 1) == "部分核实、含估算"
    assert facility_status(guessed, elevator, ZH, 2) == "部分核实"


def test_residents_derived_from_households_say_how() -> None:
    assert population_status(_plan(["reported"] * 5), ZH) == ""
    derived = _plan(["reported"] * 5, np.nan)
    assert population_status(derived, ZH, 1) == "含推算：每户 3.2 人，部分核实"
    some = derived.neighbourhoods.assign(population=[500.0, np.nan, 500.0, 500.0, np.nan])
    one = replace(derived, neighbourhoods=some)
    assert [bool(population_status(one, ZH, area)) for area in (1, 2)] == [True, False]


@pytest.mark.parametrize(("status", "text"), [("未核实", "12（未核实）"), ("", "12")])
def test_a_status_stands_in_brackets(status: str, text: str) -> None:
    assert bracketed("12", status, ZH) == text


def test_every_date_says_what_it_is_the_date_of() -> None:
    plan = sample_plan()
    form = {**plan.project.form, "data_date": "2026-10-31"}
    plan = replace(plan, stamp="20261130-0554-30dc3f8c", project=replace(plan.project, form=form))
    assert dates(plan, ZH) == [("数据时点", "2026-10-31"), ("出图日期", "2026-11-30")]
    undated = replace(plan, stamp="test", project=replace(plan.project, form={}))
    assert dates(undated, ZH) == [("数据时点", "未填")]
    assert printed_on("20261130-0554-30dc3f8c") == "2026-11-30"
    assert printed_on("2026") == printed_on("2026113x") == ""
