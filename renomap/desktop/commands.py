"""Commands: the verbs of all menus, what is asked about them, and how faults are told."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QInputDialog, QMessageBox

from renomap.desktop.dialogs.fault import FaultDialog
from renomap.desktop.verbs.analysis import AnalysisVerbs
from renomap.desktop.verbs.areas import AreaVerbs
from renomap.desktop.verbs.base import Verbs
from renomap.desktop.verbs.data import DataVerbs
from renomap.desktop.verbs.edit import EditVerbs
from renomap.desktop.verbs.file import FileVerbs
from renomap.desktop.verbs.help import HelpVerbs
from renomap.desktop.verbs.report import ReportVerbs
from renomap.desktop.verbs.view import ViewVerbs
from renomap.desktop.verbs.window import WindowVerbs
from renomap.errors import RenomapError
from renomap.session.session import Session

if TYPE_CHECKING:
    from renomap.desktop.window import Window


class Commands(QObject):
    """The window's verbs, a group for each menu."""

    def __init__(self, session: Session, window: Window) -> None:
        super().__init__(window)
        self.session = session
        self.window = window
        self.file = FileVerbs(self)
        self.edit = EditVerbs(self)
        self.view = ViewVerbs(self)
        self.data = DataVerbs(self)
        self.areas = AreaVerbs(self)
        self.analysis = AnalysisVerbs(self)
        self.report = ReportVerbs(self)
        self.help = HelpVerbs(self)
        self.docks = WindowVerbs(self)
        self._by_menu: dict[str, Verbs] = {
            "file": self.file,
            "edit": self.edit,
            "view": self.view,
            "data": self.data,
            "areas": self.areas,
            "analysis": self.analysis,
            "report": self.report,
            "window": self.docks,
            "help": self.help,
        }

    def verb(self, menu: str, code: str) -> Callable[[], None]:
        """What the action ``code`` of a menu does; a tool's action gives the left button to the tool."""
        if code in self.window.tools:
            return lambda: self.window.use_tool(code)
        verb: Callable[[], None] = getattr(self._by_menu[menu], code.replace("-", "_"))
        return verb

    def preview(self, menu: str, code: str) -> None:
        """Show what an action would do, where its verbs can tell; the pointer rests on it."""
        show = getattr(self._by_menu[menu], f"{code.replace('-', '_')}_preview", None)
        if show is not None and self.window.actions_.by_code[code].isEnabled():
            show()
        else:
            self.end_preview()

    def end_preview(self) -> None:
        """Show no action's outcome any more."""
        tool = self.window.canvas.tool
        if tool is None or not tool.is_busy:
            self.window.canvas.outlook.clear()

    def is_on(self, menu: str, code: str) -> bool:
        """Whether an action that can be on or off is on."""
        if code in self.window.tools:
            tool = self.window.canvas.tool
            return tool is not None and tool.code == code
        return bool(getattr(self._by_menu[menu], f"{code.replace('-', '_')}_is_on")())

    def chosen_areas(self) -> tuple[int, ...]:
        """The areas of all that is chosen, ascending."""
        plan, chosen = self.session.planner.plan, self.session.document.selection
        if plan is None:
            return ()
        found = set(plan.neighbourhoods["area_id"].reindex(list(chosen.fids)).dropna().astype(int))
        found |= {chosen.area} if chosen.area is not None else set()
        return tuple(sorted(area for area in found if area in plan.areas.index))

    def reason_text(self, code: str) -> str:
        """Why something cannot be done now."""
        holder = self.session.document.holder
        if holder is not None and holder.code == code:
            return self.session.speech.error(holder)
        return self.session.speech(code)

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
        top = window.mapToGlobal(window.canvas.mapTo(window, window.canvas.rect().topLeft())).y() + 8
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

    def show_fault(self, fault: Exception) -> None:
        """The world's faults are a sentence; ours are a dialog with what we need to mend them."""
        if isinstance(fault, RenomapError):
            say = self.session.speech
            QMessageBox.warning(self.window, say("window.name"), say.error(fault))
        else:
            FaultDialog(fault, self.session.speech, self.window).exec()
