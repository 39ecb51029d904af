"""Desk: what a command may touch of the window; verbs, reasons and menus know it, never the window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Literal

from PySide6.QtWidgets import QDialog, QInputDialog, QMainWindow, QMessageBox

from renomap.desktop.canvas.mapcanvas import MapCanvas
from renomap.desktop.canvas.surface import Pointer
from renomap.desktop.canvas.tool import Tool
from renomap.desktop.canvas.trail import ViewTrail
from renomap.desktop.chrome.docks import Docks
from renomap.desktop.chrome.meeting import Meeting
from renomap.desktop.chrome.status import StatusBar
from renomap.desktop.dialogs.fault import FaultDialog
from renomap.desktop.panels.facts import FactsPanel
from renomap.desktop.panels.problems import ProblemsPanel
from renomap.desktop.panels.programme import ProgrammePanel
from renomap.desktop.panels.schemes import SchemeBar
from renomap.desktop.panels.siting import SitingPanel
from renomap.desktop.panels.table import TablePanel
from renomap.desktop.panels.years import YearsPanel
from renomap.errors import RenomapError
from renomap.model.change import ChangeSet
from renomap.model.plan import Plan
from renomap.model.project import Project
from renomap.session.session import Session
from renomap.session.stroke_context import StrokeContext

#: Tools that paint with the chosen area, the usual one first.
PAINTERS: Final = ("paint", "paint-rectangle", "paint-lasso")
#: What is done with changes that are not saved.
Unsaved = Literal["save", "drop", "stay"]


@dataclass(eq=False)
class Desk:
    """The session and the parts of the window that commands work with.

    ``window`` is what dialogs stand on and nothing else; ``tools`` are by the code of their action, and
    ``painter`` is the one of ``PAINTERS`` that was used last.
    """

    window: QMainWindow
    session: Session
    canvas: MapCanvas
    trail: ViewTrail
    status: StatusBar
    docks: Docks
    meeting: Meeting
    problems: ProblemsPanel
    table: TablePanel
    programme: ProgrammePanel
    years: YearsPanel
    siting: SitingPanel
    schemes: SchemeBar
    facts_panels: tuple[FactsPanel, ...]
    tools: dict[str, Tool] = field(default_factory=dict)
    painter: str = PAINTERS[0]

    # what is worked on

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

    def chosen_areas(self) -> tuple[int, ...]:
        """The areas of all that is chosen, ascending."""
        plan, chosen = self.session.planner.plan, self.session.document.selection
        if plan is None:
            return ()
        found = set(plan.neighbourhoods["area_id"].reindex(list(chosen.fids)).dropna().astype(int))
        found |= {chosen.area} if chosen.area is not None else set()
        return tuple(sorted(area for area in found if area in plan.areas.index))

    # what is done

    def change(self, make: Callable[[], ChangeSet]) -> None:
        """Make a change and apply it, or say why it cannot be made."""
        self.guarded(lambda: self.session.document.apply(make()))

    def guarded(self, step: Callable[[], None]) -> None:
        """Do something; what the world refuses is told in a sentence."""
        try:
            step()
        except RenomapError as fault:
            self.show_fault(fault)

    def foresee(self, make: Callable[[StrokeContext], ChangeSet]) -> None:
        """Show on the map and in numbers what a change would mean, in the middle of the map."""
        (x, y), (across, down) = self.canvas.view.centre, self.canvas.view.size
        self.canvas.previewer.ask(make, Pointer(x, y, across / 2, down / 2))

    def end_preview(self) -> None:
        """Show no action's outcome any more."""
        tool = self.canvas.tool
        if tool is None or not tool.is_busy:
            self.canvas.previewer.clear()

    def use_tool(self, code: str) -> None:
        """Give the left button to this tool and say what it does."""
        if code in PAINTERS:
            self.painter = code
        self.canvas.set_tool(self.tools[code])
        if self.session.document.project is not None:
            self.status.tell(self.session.speech(f"window.help.{code}"))

    def has_tool(self, code: str) -> bool:
        """Whether this tool has the left button."""
        tool = self.canvas.tool
        return tool is not None and tool.code == code

    def speak(self, language: str) -> None:
        """Speak another language and remember it."""
        self.session.settings.language = language
        self.session.speech.switch(language)

    def finish_typing(self) -> None:
        """Take what stands in a cell or field that is still being typed into."""
        typed_into = self.window.focusWidget()
        if typed_into is not None:
            typed_into.clearFocus()

    # what is asked and told

    def reason_text(self, code: str) -> str:
        """Why something cannot be done now."""
        holder = self.session.document.holder
        if holder is not None and holder.code == code:
            return self.session.speech.error(holder)
        return self.session.speech(code)

    def answer(self, tell: Callable[[FactsPanel], None]) -> None:
        """Tell something where facts are shown, and bring that to the front: it may stand behind a tab."""
        for facts in self.facts_panels:
            tell(facts)
        self.docks.raise_("facts")

    def show(self, dialog: QDialog) -> None:
        """Show a dialog beside the map, which stays in reach; it goes when it is closed."""
        dialog.finished.connect(dialog.deleteLater)
        dialog.show()
        dialog.raise_()
        dialog.activateWindow()

    def put_beside(self, dialog: QDialog) -> None:
        """Move a dialog to the right edge of the window, where it covers least of the map."""
        window, room = self.window, self.window.screen().availableGeometry()
        frame = window.frameGeometry()
        left = min(frame.right(), room.right()) - dialog.width() - 12
        top = window.mapToGlobal(self.canvas.mapTo(window, self.canvas.rect().topLeft())).y() + 8
        lowest = room.bottom() - dialog.frameGeometry().height()
        dialog.move(max(left, room.left()), max(min(top, lowest), room.top()))

    def ask_text(self, title: str, question: str, text: str, then: Callable[[str], None]) -> None:
        """Ask for a line of text; ``then`` gets it unless the question is closed."""
        dialog = QInputDialog(self.window)
        dialog.setWindowTitle(title)
        dialog.setLabelText(question)
        dialog.setTextValue(text)
        say = self.session.speech
        dialog.setOkButtonText(say("window.apply"))
        dialog.setCancelButtonText(say("window.cancel"))
        dialog.textValueSelected.connect(then)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def ask_unsaved(self) -> Unsaved:
        """Ask what to do with changes that are not saved, before they would be lost."""
        document, say = self.session.document, self.session.speech
        box = QMessageBox(
            QMessageBox.Icon.Question, say("window.name"), say("window.leave"), parent=self.window
        )
        steps = document.steps_to_save
        box.setInformativeText(say("window.leave-steps", count=steps) if steps else say("window.leave-never"))
        roles = QMessageBox.ButtonRole
        save = box.addButton(say("window.leave-save"), roles.AcceptRole)
        drop = box.addButton(say("window.leave-drop"), roles.DestructiveRole)
        box.addButton(say("window.cancel"), roles.RejectRole)
        box.setDefaultButton(save)
        box.exec()
        clicked = box.clickedButton()
        box.deleteLater()
        return "save" if clicked is save else "drop" if clicked is drop else "stay"

    def show_fault(self, fault: Exception) -> None:
        """The world's faults are a sentence; ours are a dialog with what we need to mend them."""
        self.session.faults.note(fault)
        if isinstance(fault, RenomapError):
            say = self.session.speech
            QMessageBox.warning(self.window, say("window.name"), say.error(fault))
        else:
            FaultDialog(fault, self.session.speech, self.window).exec()
