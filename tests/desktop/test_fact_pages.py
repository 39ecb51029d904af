"""The facts of an area and of a neighbourhood tell consent as the report does."""

from __future__ import annotations

from dataclasses import replace
from html import escape

import pytest
from plan_sample import sample_plan

from renomap.desktop.naming import lack_title
from renomap.desktop.panels.fact_pages import CONSENT, area_page, neighbourhood_page, summary_page
from renomap.model.programme import Programme
from renomap.outputs.findings import facility_lines, verdict_text
from renomap.session.speech import Speech
from renomap.steps.programme import with_programme
from renomap.wording.statuses import households_status, population_status


@pytest.mark.parametrize(("language", "verdict"), [("zh", "未达到"), ("en", "not reached")])
def test_consent_is_told_with_shares_verdict_and_names(language: str, verdict: str) -> None:
    plan, say = sample_plan(3, 6, 1), Speech(language)
    people = plan.neighbourhoods[plan.neighbourhoods["area_id"] == 3]
    failing = people[people["consent"] == "not_met"]
    page = area_page(plan, 3, say, ())
    assert verdict in page
    whole = area_page(plan, 3, say, (CONSENT,))
    assert all(name in whole for name in failing["name"])
    asked = failing.iloc[0]["consent_asked_share"]
    own = neighbourhood_page(plan, int(failing.index[0]), say)
    assert verdict in own
    assert f"{100 * asked:.2f}%" in own


def test_sums_of_partly_known_members_and_parts_of_places_are_told() -> None:
    plan, say = sample_plan(3, 6, 1), Speech("zh")
    members = int(plan.areas.loc[3, "neighbourhoods"])
    areas = plan.areas.assign(population=2_380.0, population_known=members - 1)
    fid = int(plan.neighbourhoods.index[0])
    people = plan.neighbourhoods.assign(nursery_need=4.3)
    partly = replace(plan, areas=areas, neighbourhoods=people)
    assert f"2,380（{members - 1}/{members} 已知）" in area_page(partly, 3, say, ())
    assert ">5</td>" in neighbourhood_page(partly, fid, say)


def test_what_a_number_rests_on_is_told_as_on_the_page_of_the_report() -> None:
    plan, say = sample_plan(3, 6, 1), Speech("zh")
    member = plan.neighbourhoods.index[plan.neighbourhoods["area_id"] == 3][0]
    people = plan.neighbourhoods.copy()
    people.loc[member, ["households_flag", "population"]] = ["estimated", float("nan")]
    partly = replace(plan, neighbourhoods=people)
    page = area_page(partly, 3, say, ())
    for status in (households_status(partly, say.words, 3), population_status(partly, say.words, 3)):
        assert status
        assert f"（{status}）" in page


@pytest.mark.parametrize("language", ["zh", "en"])
def test_each_deficit_has_its_state_and_remedy_as_in_the_report(language: str) -> None:
    plan, say = sample_plan(3, 6, 1), Speech(language)
    page = area_page(plan, 3, say, ())
    for line in facility_lines(plan, 3):
        assert escape(verdict_text(plan, 3, line, say.words)) in page
    assert say("wording.remedy.feasibility") in page  # elevators wait to be added; they are no deficit
    assert say.words["state.short.elevator"] in page
    elevator = plan.standard.facility("elevator")
    assert elevator is not None
    assert lack_title(elevator, say, "window.theme.deficit") == say("wording.lack.elevator")


def test_all_projects_answer_five_questions_where_there_is_a_programme() -> None:
    bare, say = sample_plan(), Speech("zh")
    assert summary_page(bare, say) == ""
    programme = Programme(rules="changsha").with_rows("units", [{"fid": 1, "stage": "annual", "year": 2026}])
    page = summary_page(with_programme(bare, replace(bare.project, programme=programme)), say)
    for nth in range(1, 6):
        assert escape(say(f"outputs.programme.question-{nth}")) in page
    assert say("outputs.programme.money-open") in page, "what is not filled in says so"
