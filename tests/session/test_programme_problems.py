"""Findings of the programme in the list of problems: what they are about, and the fix where there is one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from plan_sample import sample_plan, sample_words

from renomap.model.change import apply
from renomap.model.note import Severity
from renomap.model.plan import Plan
from renomap.model.programme import Programme
from renomap.session.problem import ListedProblem
from renomap.session.programme_problems import of_programme
from renomap.steps.programme import with_programme
from renomap.wording.programme import finding_line

ZH = sample_words("zh")


@pytest.fixture(scope="module")
def plan() -> Plan:
    """The first neighbourhood of area 1 leaks, is planned for this year, and is paved before its pipes."""
    bare = sample_plan()
    people = bare.neighbourhoods
    fid = int(str(people.index[people["area_id"] == bare.areas.index[0]][0]))
    told = people.assign(roof_bad_m2=pd.Series({fid: 300.0}).reindex(people.index))
    programme = Programme(rules="changsha").with_rows(
        "units", [{"fid": fid, "stage": "annual", "year": 2026}]
    )
    works: list[dict[str, Any]] = [
        {"fid": fid, "item": "road", "start": "2026-05-01", "end": "2026-05-20"},
        {"fid": fid, "item": "pipes", "start": "2026-07-01", "end": "2026-07-20"},
    ]
    programme = programme.with_rows("works", works)
    bare = replace(bare, neighbourhoods=told)
    return with_programme(bare, replace(bare.project, programme=programme))


def found(plan: Plan, kind: str) -> ListedProblem:
    (one,) = [each for each in of_programme(plan) if each.code == f"programme.finding.{kind}"]
    return one


def test_nothing_is_said_without_a_programme() -> None:
    assert of_programme(sample_plan()) == ()


def test_errors_come_first_and_know_their_place(plan: Plan) -> None:
    problems = of_programme(plan)
    assert problems[0].severity is Severity.ERROR
    paved = found(plan, "site_underground_first")
    assert paved.area == plan.areas.index[0]
    assert paved.fids == (int(plan.project.programme.works.at[1, "fid"]),)
    assert paved.fix is None


def test_the_line_names_project_and_neighbourhood(plan: Plan) -> None:
    paved = found(plan, "site_underground_first")
    assert paved.finding is not None
    assert plan.programme is not None
    names = plan.neighbourhoods["name"].to_dict()
    line = finding_line(paved.finding, plan.programme, names, ZH)
    area = plan.areas.at[plan.areas.index[0], "name"]
    assert line == f"{area}·{names[paved.fids[0]]}：应先地下后地上：小区道路、老化管线改造。"


def test_the_fix_lists_the_basic_need_that_is_known_to_lack(plan: Plan) -> None:
    missing = found(plan, "basic_missing")
    assert missing.fix is not None
    assert missing.fix.params == {"count": 1}
    after = apply(plan.project, missing.fix)
    row = after.programme.works.iloc[-1]
    assert (row["fid"], row["item"], row["quantity"], row["origin"]) == (
        missing.fids[0], "roof", 300.0, "proposed",
    )  # fmt: skip
    assert len(after.programme.works) == 3
    left = with_programme(replace(plan, project=after), after)
    assert not [each for each in of_programme(left) if each.code == "programme.finding.basic_missing"]


def test_the_fix_confirms_a_gate_for_the_members_of_now(plan: Plan) -> None:
    """A review taken for two members of an area of more; confirmed, it is done, and says who came since."""
    area = int(str(plan.areas.index[0]))
    people = plan.neighbourhoods
    members = sorted(people.index[people["area_id"] == area])
    taken = [
        {
            "project": 1,
            "gate": "review",
            "round": nth,
            "start": f"2026-0{nth}-01",
            "result": "passed",
            "members": " ".join(map(str, members[1:])),
            "evidence": "会议纪要",
        }
        for nth in (1, 2)
    ]
    key = None if plan.project.scheme is None else plan.project.scheme.key
    programme = Programme("changsha").with_rows("projects", [{"area": area, "scheme": key}])
    project = replace(plan.project, programme=programme.with_rows("events", taken))
    stale = with_programme(plan, project)
    one = found(stale, "stale")
    assert one.area == area
    assert one.fix is not None
    after = with_programme(stale, apply(project, one.fix))
    assert not [each for each in of_programme(after) if each.code == "programme.finding.stale"]
    assert after.programme is not None
    states = after.programme.gates.set_index(["area", "gate"])["state"]
    assert states[area, "review"] == "done"
    events = after.project.programme.events
    assert events["members"].tolist() == [" ".join(map(str, members))] * 2
    assert events["evidence"].str.startswith("会议纪要；").all()
    assert events["evidence"].str.contains(str(people.at[members[0], "name"]), regex=False).all()
