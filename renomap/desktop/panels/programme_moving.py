"""The line that moves what is chosen to another list, and says beforehand whether the gates allow it."""

from __future__ import annotations

from datetime import date
from typing import Final

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QSpinBox,
    QWidget,
)

from renomap.desktop.look import FAINT, INK, SELECTION
from renomap.errors import RenomapError
from renomap.model.programme_columns import Stage
from renomap.session.session import Session
from renomap.steps.record import NO_YEAR, RecordSubject, move

#: Lists that have a year.
_DATED: Final = (Stage.ANNUAL, Stage.BUILDING, Stage.BUILT)
_YEARS: Final = 12


class MovingBar(QWidget):
    """List, year, reason and a button; ``move_wanted`` tells the target and all three."""

    move_wanted = Signal(object, object, float, str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._target: RecordSubject | None = None
        self.stage, self.year = QComboBox(), QSpinBox()
        self.reason, self.button, self.told = QLineEdit(), QPushButton(), QLabel()
        for stage in Stage:
            self.stage.addItem("", stage)
        self.stage.setCurrentIndex(list(Stage).index(Stage.POOL))
        this_year = date.today().year
        self.year.setRange(this_year - _YEARS, this_year + _YEARS)
        self.year.setValue(this_year)
        self.reason.setMinimumWidth(150)
        self.told.setWordWrap(True)
        # A long list of what is open makes the line higher, never the dock wider.
        self.told.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 2, 6, 2)
        self._to = QLabel()
        for widget in (self._to, self.stage, self.year, self.reason, self.button):
            row.addWidget(widget)
        row.addWidget(self.told, 1)
        self.stage.currentIndexChanged.connect(self._check)
        self.year.valueChanged.connect(self._check)
        self.reason.textChanged.connect(self._check)
        self.button.clicked.connect(self._on_move)

    def say(self) -> None:
        """Put on the words of the language."""
        say = self._session.speech
        self._to.setText(say("window.programme.move-to"))
        for index, stage in enumerate(Stage):
            self.stage.setItemText(index, say(f"programme.word.stage.{stage}"))
        self.reason.setPlaceholderText(say("window.programme.reason"))
        self.button.setText(say("window.programme.move"))
        self._check()

    def aim(self, target: RecordSubject | None) -> None:
        """What is moved; None = nothing that could be."""
        self._target = target
        self.setEnabled(target is not None and self._session.document.holder is None)
        self._check()

    def chosen(self) -> tuple[Stage, float, str | None]:
        """List, year (NaN = none) and reason as they are set."""
        stage = Stage(self.stage.currentData())
        year = float(self.year.value()) if stage in _DATED else NO_YEAR
        return stage, year, self.reason.text().strip() or None

    def _check(self) -> None:
        """Say what holds the move up, by the rules that a move is refused by."""
        stage, year, reason = self.chosen()
        self.year.setEnabled(not np.isnan(year))
        project, say = self._session.document.project, self._session.speech
        if project is None or self._target is None or not self.isVisible():
            self.told.setText("")
            self.button.setEnabled(False)
            return
        if not self._session.planner.is_current:
            # Gates are judged by the numbers of the plan; deriving them here would hold up every typed cell.
            # The dock aims again as soon as the plan is there.
            self._tell(say("window.programme.checking"), FAINT)
            self.button.setEnabled(False)
            return
        plan = self._session.planner.plan
        view = None if plan is None else plan.programme
        try:
            after = move(project, self._target, stage, year, reason=reason, by="-", view=view)
        except RenomapError as error:
            self.button.setEnabled(False)
            self._tell(say.error(error), SELECTION)
            return
        moves = len(after.programme.history) > len(project.programme.history)
        self.button.setEnabled(moves)
        self._tell(say("window.programme.may-move" if moves else "window.programme.is-there"), INK)

    def _tell(self, text: str, colour: str) -> None:
        self.told.setText(text)
        self.told.setStyleSheet(f"color: {colour}")
        self.told.setToolTip(text)

    def _on_move(self) -> None:
        stage, year, reason = self.chosen()
        self.move_wanted.emit(self._target, stage, year, reason or "")
