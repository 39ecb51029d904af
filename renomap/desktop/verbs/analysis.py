"""Analysis: walk the problems and mend them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from renomap.desktop.verbs.base import Verbs
from renomap.model.change import ChangeSet
from renomap.session.schemes import free_colour

if TYPE_CHECKING:
    from renomap.model.feedback import Feedback
    from renomap.session.problems import Problem
    from renomap.steps.why import Proposal, WhyArea, WhyUnit


class AnalysisVerbs(Verbs):
    """The verbs of the menu."""

    def standard(self) -> None:
        """Choose the standard and settle what it leaves open."""
        from renomap.desktop.dialogs.standard import StandardDialog

        self.commands.show(StandardDialog(self.session, self.project, self.window))

    def next_problem(self) -> None:
        """Go to the next problem."""
        self.window.problems.walk(1)

    def last_problem(self) -> None:
        """Go to the problem before."""
        self.window.problems.walk(-1)

    def visit_problem(self, problem: Problem) -> None:
        """Show and choose what a problem is about."""
        plan, document = self.session.planner.plan, self.session.document
        if plan is None:
            return
        fids = [fid for fid in problem.fids if fid in plan.neighbourhoods.index]
        area = problem.area if problem.area in plan.areas.index else None
        if fids or area is not None:
            document.select(fids, area)
            self.commands.view.zoom_selection()

    def why(self) -> None:
        """Say why the chosen neighbourhood is in its area, or what holds the chosen area as it is."""
        from renomap.steps.why import why_area, why_unit

        plan, work, chosen = self.plan, self.session.planner.work, self.session.document.selection
        if work is None or not self.session.planner.is_current:
            return

        def ask(feedback: Feedback) -> WhyUnit | WhyArea:
            if len(chosen.fids) == 1:
                return why_unit(plan, work, next(iter(chosen.fids)), feedback)
            assert chosen.area is not None
            return why_area(plan, work, chosen.area, feedback)

        def told(why: WhyUnit | WhyArea) -> None:
            if self.session.document.project is plan.project:
                for facts in self.window.facts_panels:
                    facts.show_why(why)

        self.session.runner.start("job.why", ask, told, key="why")

    def carry_out(self, proposal: Proposal) -> None:
        """Make a move that was proposed; one undo step."""
        from renomap.steps.why import carried_out

        if self.session.planner.is_current:
            plan, colour = self.plan, free_colour(self.project)
            self.change(lambda: carried_out(plan, proposal, colour))

    def apply_fix(self, fix: ChangeSet) -> None:
        """Mend a problem; one undo step."""
        if self.session.planner.is_current:
            self.change(lambda: fix)
