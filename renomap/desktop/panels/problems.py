"""The list of problems: what is wrong, where, and the button that mends it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from renomap.desktop.look import SELECTION, WARNING, icon
from renomap.desktop.naming import in_the_window
from renomap.model.note import Severity
from renomap.session.problem import ListedProblem
from renomap.session.session import Session
from renomap.wording.programme import finding_line

_SIGNS = {
    Severity.ERROR: ("alert-octagon-outline", SELECTION),
    Severity.WARNING: ("alert-outline", WARNING),
    Severity.GUESS: ("help-circle-outline", "#43505e"),
    Severity.INFO: ("information-outline", "#43505e"),
}


class ProblemsPanel(QWidget):
    """A problem leaves the list only when its own test passes again."""

    visited = Signal(object)
    fix_wanted = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.list = QListWidget()
        self.list.setWordWrap(True)
        self.list.setIconSize(QSize(16, 16))
        self.list.setAlternatingRowColors(True)
        self.list.itemClicked.connect(lambda _: self._visit())
        self.list.itemActivated.connect(lambda _: self._visit())
        self.list.currentRowChanged.connect(lambda _: self._show_fix())
        self._none = QLabel(alignment=Qt.AlignmentFlag.AlignCenter, wordWrap=True)
        self._none.setProperty("role", "empty")
        self.fix = QPushButton()
        self.fix.clicked.connect(self._on_fix)
        foot = QHBoxLayout()
        foot.setContentsMargins(8, 4, 8, 6)
        foot.addWidget(self.fix)
        foot.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._none)
        layout.addWidget(self.list, 1)
        layout.addLayout(foot)
        self._stale = True
        session.planner.planned.connect(self._refresh)
        session.speech.changed.connect(self._refresh)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self._fill()

    def walk(self, step: int) -> None:
        """Go to the next (1) or the last (-1) problem, round and round."""
        if self._stale:
            self._fill()
        count = self.list.count()
        if count:
            row = self.list.currentRow()
            self.list.setCurrentRow((row + step) % count if row >= 0 else (0 if step > 0 else count - 1))
            self._visit()

    def _problem(self) -> ListedProblem | None:
        row = self.list.currentRow()
        problems = self._session.planner.problems
        return problems[row] if 0 <= row < len(problems) else None

    def _refresh(self) -> None:
        """Tell the problems anew; a list that is not seen waits until it is."""
        if self.isVisible():
            self._fill()
        else:
            self._stale = True

    def _fill(self) -> None:
        self._stale = False
        say, problems = self._session.speech, self._session.planner.problems
        row = self.list.currentRow()
        self.list.setAccessibleName(say("window.dock.problems"))
        self.list.clear()
        for problem in problems:
            item = QListWidgetItem(icon(*_SIGNS[problem.severity]), self._told(problem))
            self.list.addItem(item)
        self.list.setVisible(bool(problems))
        self._none.setVisible(not problems)
        self._none.setText(say("window.problems.none") if self._session.planner.plan is not None else "")
        if 0 <= row < len(problems):
            self.list.setCurrentRow(row)
        self._show_fix()

    def _told(self, problem: ListedProblem) -> str:
        say, plan = self._session.speech, self._session.planner.plan
        if problem.finding is None or plan is None or plan.programme is None:
            return say(problem.code, **in_the_window(problem.params, say("window.problems.overrule")))
        names = plan.neighbourhoods["name"].to_dict()
        return finding_line(problem.finding, plan.programme, names, say.words)

    def _show_fix(self) -> None:
        problem, say = self._problem(), self._session.speech
        fix = None if problem is None else problem.fix
        self.fix.setVisible(fix is not None)
        if fix is not None:
            self.fix.setText(say(fix.code, **fix.params))

    def _visit(self) -> None:
        problem = self._problem()
        if problem is not None:
            self.visited.emit(problem)

    def _on_fix(self) -> None:
        problem = self._problem()
        if problem is not None and problem.fix is not None:
            self.fix_wanted.emit(problem.fix)
