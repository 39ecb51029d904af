"""Years of projects by hand and by the solver, and what each year may cost."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QInputDialog

from renomap.desktop.desk import Desk
from renomap.errors import RenomapError
from renomap.model.change import ChangeSet, difference
from renomap.model.feedback import Feedback
from renomap.model.project import Project
from renomap.model.standard import CAP
from renomap.outputs.numbers import Figures
from renomap.outputs.phasing_texts import result_text
from renomap.programme.budget import NONE
from renomap.programme.phasing import Phasing
from renomap.steps.judge import judge_by
from renomap.steps.phase import budget_for, phased, with_years
from renomap.store.user import user_name

THEME = "programme-year"


def years(desk: Desk) -> None:
    """Show the board of years, and the map by year beside it."""
    desk.docks.raise_("years")
    plan = desk.session.planner.plan
    if plan is not None and plan.programme is not None:
        desk.canvas.set_theme(THEME)


def give_year(desk: Desk, key: int, year: int | None) -> None:
    """Plan a project for a year, or for none; what somebody chose the solver leaves. One undo step.

    A project that is on the list of a year is moved there and not here.
    """

    def step() -> ChangeSet:
        view = desk.plan.programme
        listed = {} if view is None else view.projects["year"].dropna().to_dict()
        if view is not None and key in listed:
            name = view.projects["name"].to_dict()[key]
            raise RenomapError("window.years.listed", name=name, year=int(listed[key]))
        after = with_years(desk.project, {key: year}, fixed=True)
        return difference(desk.project, after, "change.plan-year", year=year or "change.no-year")

    desk.change(step)
    desk.years.board.refresh()


def solve(desk: Desk) -> None:
    """Give a year to every project whose year nobody fixed, within the caps; one undo step."""
    plan, say = desk.plan, desk.session.speech
    if plan.programme is None:
        return
    budget = budget_for(plan.project, plan.programme)

    def work(_: Feedback) -> tuple[Project, Phasing]:
        return phased(plan, budget)

    def done(found: tuple[Project, Phasing]) -> None:
        after, phasing = found
        if desk.session.document.project is not plan.project:
            desk.years.tell(say("window.years.changed"))
            return
        desk.session.document.apply(difference(plan.project, after, "change.plan-years"))
        placed = say("window.years.placed", count=len(phasing.years), open=len(phasing.unplaced))
        desk.years.tell(placed + result_text(phasing, budget, Figures(say.words)))

    desk.session.runner.start("job.phase", work, done, failed=desk.show_fault, key="phase")


def set_cap(desk: Desk, year: int) -> None:
    """Ask what a year may cost; a value of the meeting, with who set it and when."""
    say = desk.session.speech
    key = str(year)
    was = next((one.value for one in desk.project.meeting if (one.facility, one.key) == (CAP, key)), "")
    title = say("window.years.cap", year=year)
    text, sure = QInputDialog.getText(desk.window, title, say("window.years.cap-text"), text=was)
    if not sure:
        return

    def step() -> ChangeSet:
        given = text.strip() or NONE
        after = judge_by(desk.project, None, [f"{CAP}.{key}={given}"], by=user_name() or "-")
        if given == NONE:
            left = tuple(one for one in after.meeting if (one.facility, one.key) != (CAP, key))
            after = replace(after, meeting=left)
        return difference(desk.project, after, "change.set-cap", year=year)

    desk.change(step)
