"""What all verbs share: the session, the window that they ask in, and how a refusal is told."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from renomap.desktop.canvas.surface import Pointer
from renomap.errors import RenomapError
from renomap.model.change import ChangeSet
from renomap.model.plan import Plan
from renomap.model.project import Project

if TYPE_CHECKING:
    from renomap.desktop.commands import Commands
    from renomap.session.easel import Easel


class Verbs:
    """The verbs of one menu: for each action a method of its code, without arguments.

    An action that can be on or off has a second method, its name with ``_is_on`` at the end.
    """

    def __init__(self, commands: Commands) -> None:
        self.commands = commands
        self.session = commands.session
        self.window = commands.window

    @property
    def project(self) -> Project:
        """The open project; the action's reason has made sure that there is one."""
        project = self.session.document.project
        assert project is not None
        return project

    @property
    def plan(self) -> Plan:
        """The plan as far as it is made; the action's reason has made sure that there is one."""
        plan = self.session.planner.plan
        assert plan is not None
        return plan

    @property
    def area(self) -> int:
        """The chosen area; the action's reason has made sure that there is one."""
        area = self.session.document.selection.area
        assert area is not None
        return area

    def foresee(self, make: Callable[[Easel], ChangeSet]) -> None:
        """Show on the map and in numbers what a change would mean, in the middle of the map."""
        canvas = self.window.canvas
        (x, y), (across, down) = canvas.view.centre, canvas.view.size
        canvas.outlook.ask(make, Pointer(x, y, across / 2, down / 2))

    def change(self, make: Callable[[], ChangeSet]) -> None:
        """Make a change and apply it, or say why it cannot be made."""
        self.guarded(lambda: self.session.document.apply(make()))

    def guarded(self, step: Callable[[], None]) -> None:
        """Do something; what the world refuses is told in a sentence."""
        try:
            step()
        except RenomapError as fault:
            self.commands.show_fault(fault)
