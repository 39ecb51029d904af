"""The dock of the years (时序安排): the board, the solver beside it and what it said."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from renomap.desktop.look import icon
from renomap.desktop.panels.year_board import YearBoard
from renomap.session.session import Session


class YearsPanel(QWidget):
    """``solve_wanted``: give a year to every project whose year is not fixed."""

    solve_wanted = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.board = YearBoard(session)
        self.solve, self.told = QPushButton(), QLabel()
        self.solve.setIcon(icon("auto-fix"))
        self.solve.clicked.connect(self.solve_wanted)
        self.told.setProperty("role", "faint")
        self.told.setWordWrap(True)
        self.told.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        bar = QHBoxLayout()
        bar.setContentsMargins(8, 4, 8, 4)
        bar.setSpacing(10)
        bar.addWidget(self.solve)
        bar.addWidget(self.told, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(bar)
        column.addWidget(self.board, 1)
        session.document.replaced.connect(lambda: self.tell(""))
        session.planner.planned.connect(self._may)
        session.speech.changed.connect(self._say)
        self._say()

    def tell(self, text: str) -> None:
        """What the solver said; without a text how cards are moved."""
        say = self._session.speech
        self.told.setText(text or say("window.years.hint"))
        self.told.setToolTip(self.told.text())

    def _say(self) -> None:
        self.solve.setText(self._session.speech("window.years.solve"))
        self.tell("")
        self._may()

    def _may(self) -> None:
        plan = self._session.planner.plan
        there = plan is not None and plan.programme is not None
        self.solve.setEnabled(there and self._session.document.holder is None)
