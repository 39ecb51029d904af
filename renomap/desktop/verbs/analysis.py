"""Analysis: walk the problems and mend them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from renomap.desktop.verbs.base import Verbs
from renomap.model.change import ChangeSet

if TYPE_CHECKING:
    from renomap.session.problems import Problem


class AnalysisVerbs(Verbs):
    """The verbs of the menu."""

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

    def apply_fix(self, fix: ChangeSet) -> None:
        """Mend a problem; one undo step."""
        if self.session.planner.is_current:
            self.change(lambda: fix)
