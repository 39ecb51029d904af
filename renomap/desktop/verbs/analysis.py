"""Analysis: walk the problems and mend them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from renomap.desktop.desk import Desk
from renomap.desktop.verbs import view
from renomap.model.change import ChangeSet
from renomap.session.schemes import free_colour

if TYPE_CHECKING:
    from renomap.model.feedback import Feedback
    from renomap.session.problem import ListedProblem
    from renomap.steps.why import Proposal, WhyArea, WhyUnit


def standard(desk: Desk) -> None:
    """Choose the standard and settle what it leaves open."""
    from renomap.desktop.dialogs.standard import StandardDialog

    desk.show(StandardDialog(desk.session, desk.project, desk.window))


def next_problem(desk: Desk) -> None:
    """Go to the next problem."""
    desk.problems.walk(1)


def last_problem(desk: Desk) -> None:
    """Go to the problem before."""
    desk.problems.walk(-1)


def visit_problem(desk: Desk, problem: ListedProblem) -> None:
    """Show and choose what a problem is about."""
    plan, document = desk.session.planner.plan, desk.session.document
    if plan is None:
        return
    fids = [fid for fid in problem.fids if fid in plan.neighbourhoods.index]
    area = problem.area if problem.area in plan.areas.index else None
    if fids or area is not None:
        document.select(fids, area)
        view.zoom_selection(desk)


def why(desk: Desk) -> None:
    """Say why the chosen neighbourhood is in its area, or what holds the chosen area as it is."""
    from renomap.steps.why import why_area, why_unit

    plan, work, chosen = desk.plan, desk.session.planner.work, desk.session.document.selection
    if work is None or not desk.session.planner.is_current:
        return

    def ask(feedback: Feedback) -> WhyUnit | WhyArea:
        if len(chosen.fids) == 1:
            return why_unit(plan, work, next(iter(chosen.fids)), feedback)
        assert chosen.area is not None
        return why_area(plan, work, chosen.area, feedback)

    def told(why: WhyUnit | WhyArea) -> None:
        if desk.session.document.project is plan.project:
            desk.answer(lambda facts: facts.show_why(why))

    desk.session.runner.start("job.why", ask, told, key="why")


def carry_out(desk: Desk, proposal: Proposal) -> None:
    """Make a move that was proposed; one undo step."""
    from renomap.steps.why import carried_out

    if desk.session.planner.is_current:
        plan, colour = desk.plan, free_colour(desk.project)
        desk.change(lambda: carried_out(plan, proposal, colour))


def apply_fix(desk: Desk, fix: ChangeSet) -> None:
    """Mend a problem; one undo step."""
    if desk.session.planner.is_current:
        desk.change(lambda: fix)
