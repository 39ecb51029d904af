"""Why is this here: moves with their change, rules that forbid others, one click to make a move."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from desk import Desk, town
from PySide6.QtCore import QUrl
from PySide6.QtTest import QTest

from renomap.desktop.verbs import edit
from renomap.editing import areas as whole_areas
from renomap.editing import assign
from renomap.grouping import objective
from renomap.model.change import apply
from renomap.model.feedback import Silent
from renomap.model.project import Project
from renomap.steps.group import build_problem, chosen_settings
from renomap.steps.options import GroupOptions
from renomap.steps.why import Proposal, why_area, why_unit


def bounded(project: Project, **bounds: float) -> Project:
    """The town whose scheme has these bounds and no others."""
    scheme = project.scheme
    given = replace(scheme.settings, bounds=bounds, given=tuple(sorted(bounds)))
    return project.with_scheme(replace(scheme, settings=given))


def beside(desk: Desk, fid: int) -> Proposal:
    """The move of a neighbourhood into area 2."""
    planner = desk.session.planner
    told = why_unit(planner.plan, planner.work, fid, Silent())
    return next(item for item in told.proposals if item.beside == 2)


def why(desk: Desk) -> str:
    QTest.qWait(10)
    desk.window.actions_.by_code["why"].trigger()
    desk.until(lambda: "为什么在这里\n" in desk.window.facts.page.toPlainText())
    return str(desk.window.facts.page.toPlainText())


def test_every_move_is_judged_as_the_engine_judges(desk: Desk) -> None:
    desk.open(bounded(town(), households_min=500.0))
    planner = desk.session.planner
    told = why_unit(planner.plan, planner.work, 1, Silent())
    assert told.area == 1
    move = next(item for item in told.proposals if item.beside == 2)
    assert not move.broken
    assert move.moves == {1: 2}
    alone = next(item for item in told.proposals if item.beside == 0)
    assert [item.rule for item in alone.broken] == ["below"]
    project = planner.plan.project
    settings = project.scheme.settings.over(
        chosen_settings(GroupOptions(preset="changsha"), planner.plan.preset)
    )
    bare = replace(project, schemes=(), active=None)
    problem = build_problem(bare, planner.plan.preset, settings, planner.work)
    labels = np.array([0, 0, 1, 1] * 3)
    moved = labels.copy()
    moved[1] = 1
    before, after = objective.terms(problem, labels), objective.terms(problem, moved)
    for term, change in move.change.items():
        assert change == pytest.approx(after[term] - before[term])
    weighted = sum(weight * move.change[term] for term, weight in problem.weights.items())
    assert move.total == pytest.approx(weighted)


def test_the_rule_that_forbids_is_named_and_its_removal_allows(desk: Desk) -> None:
    """In the middle of a column the neighbourhood holds its area together."""
    project = town(2, 3)
    desk.open(bounded(project, households_min=0.0))
    planner = desk.session.planner
    move = beside(desk, 2)
    assert {item.rule for item in move.broken} == {"connected"}
    assert move.broken[0].area == 1
    scheme = planner.plan.project.scheme
    freed = scheme.assignment.copy()
    freed.loc[0] = 0
    loose = planner.plan.project.with_scheme(replace(scheme, assignment=freed))
    desk.session.document.apply_project(loose, "change.group", title="x")
    desk.settle()
    again = beside(desk, 2)
    assert not again.broken


def test_locked_areas_forbid(desk: Desk) -> None:
    project = bounded(town())
    desk.open(apply(project, whole_areas.lock(project, 2)))
    move = beside(desk, 1)
    assert "locked" in {item.rule for item in move.broken}


def test_an_area_tells_bounds_and_exchanges(desk: Desk) -> None:
    desk.open(bounded(town(), households_min=500.0, households_max=700.0))
    planner = desk.session.planner
    told = why_area(planner.plan, planner.work, 1, Silent())
    assert [(item.name, item.side) for item in told.bindings][:2] == [
        ("households", "upper"),
        ("households", "lower"),
    ]
    assert told.bindings[0].value == 627.0
    assert not told.isolated
    (swap,) = told.swaps
    assert sorted(swap.moves.values()) == [1, 2]
    assert not swap.broken


def test_the_page_tells_it_and_a_click_makes_the_move(desk: Desk) -> None:
    desk.open(bounded(town()))
    desk.session.document.select([1], 1)
    text = why(desk)
    assert "现属“西片区”" in text
    assert "改划到东片区" in text
    assert "可行的调整" in text
    number = desk.window.facts.page.toHtml().index("move:")
    target = desk.window.facts.page.toHtml()[number : number + 6]
    desk.window.facts.page.anchorClicked.emit(QUrl(target))
    assert desk.areas_now[1] == 2
    desk.settle()
    assert "为什么在这里\n" not in desk.window.facts.page.toPlainText().replace("为什么在这里 ›", "")
    edit.undo(desk.window.desk)
    assert desk.areas_now[1] == 1
    desk.settle()


def test_an_exchange_is_one_step(desk: Desk) -> None:
    desk.open(bounded(town()))
    desk.session.document.select((), 1)
    assert "互换" in why(desk)
    steps = desk.session.document.undo_stack.count()
    desk.window.facts.page.anchorClicked.emit(QUrl("move:0"))
    assert desk.session.document.undo_stack.count() == steps + 1
    assert sorted(desk.areas_now) == [1] * 6 + [2] * 6
    desk.window.facts.page.anchorClicked.emit(QUrl("why:"))
    desk.settle()
    desk.window.facts.page.anchorClicked.emit(QUrl("back:"))
    assert "设施缺口" in desk.window.facts.page.toPlainText()


def test_what_takes_no_part_says_so(desk: Desk) -> None:
    project = bounded(town())
    layer = project.neighbourhoods
    frame = layer.frame.copy()
    frame.loc[0, ["year_min", "year_max"]] = 2015.0
    project = project.with_layer(replace(layer, frame=frame))
    desk.open(apply(project, assign.erase(project, [0])))
    desk.session.document.select([0])
    assert "不参与划片" in why(desk)
