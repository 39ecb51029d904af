"""The dock of idle rooms (存量资源利用): what each could do for which lack, accepted or refused."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from renomap.desktop.look import FAINT, SELECTION, icon
from renomap.desktop.panels.differences import Lines
from renomap.model.programme_columns import SiteDecision
from renomap.outputs.numbers import Figures
from renomap.outputs.siting_lines import SiteLine, siting_lines, siting_note, siting_table
from renomap.programme.siting import Pairing
from renomap.session.session import Session

_TONES: Final = {"accepted": "#1b7f4b", "proposed": None, "left": FAINT, "refused": SELECTION}
#: Widest column but the last, pixels.
_WIDEST: Final = 240


class SitingPanel(QWidget):
    """``decided`` tells the pair, the decision and the reason; ``withdrawn`` the pair; ``shown``, for the
    map, all lines and the chosen one (None = none), and ``visited`` the pair that is clicked.
    """

    decided = Signal(object, object, str)
    withdrawn = Signal(object)
    shown = Signal(object, object)
    visited = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.lines: tuple[SiteLine, ...] = ()
        self.view = QTableView()
        self._model = Lines(self.view)
        self.view.setModel(self._model)
        self.view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.view.setAlternatingRowColors(True)
        self.view.setShowGrid(False)
        self.view.setTabKeyNavigation(False)
        self.view.verticalHeader().hide()
        self.view.verticalHeader().setDefaultSectionSize(26)
        self.view.horizontalHeader().setStretchLastSection(True)
        self.view.selectionModel().currentRowChanged.connect(lambda *_: self._on_row())
        self.view.clicked.connect(lambda _: self._visit())
        self.view.activated.connect(lambda _: self._visit())
        self.accept, self.refuse, self.back = QPushButton(), QPushButton(), QPushButton()
        self.reason, self.told = QLineEdit(), QLabel()
        self._assemble()
        session.planner.planned.connect(self.refresh)
        session.document.replaced.connect(self.refresh)
        session.speech.changed.connect(self.refresh)

    def _assemble(self) -> None:
        self.accept.setIcon(icon("check"))
        self.refuse.setIcon(icon("close"))
        self.accept.clicked.connect(lambda: self._decide(SiteDecision.ACCEPTED))
        self.refuse.clicked.connect(lambda: self._decide(SiteDecision.REFUSED))
        self.back.clicked.connect(self._withdraw)
        self.reason.textChanged.connect(lambda _: self._may())
        self.reason.setMinimumWidth(120)
        self.told.setProperty("role", "faint")
        self.told.setWordWrap(True)
        self.told.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        bar = QHBoxLayout()
        bar.setContentsMargins(8, 4, 8, 4)
        bar.setSpacing(8)
        for widget, share in (
            (self.accept, 0), (self.reason, 2), (self.refuse, 0), (self.back, 0), (self.told, 3),
        ):  # fmt: skip
            bar.addWidget(widget, share)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(bar)
        column.addWidget(self.view, 1)

    @property
    def chosen(self) -> SiteLine | None:
        """The line that is chosen."""
        row = self.view.currentIndex().row()
        return self.lines[row] if 0 <= row < len(self.lines) else None

    def choose(self, row: int) -> None:
        """Choose a line by its row."""
        self.view.selectRow(row)

    def refresh(self) -> None:
        """Show the plan as it is; a dock that is not seen waits until it is."""
        if not self.isVisible():
            return
        say, plan = self._session.speech, self._session.planner.plan
        was = self.chosen
        self.lines = () if plan is None else siting_lines(plan, say.words)
        if plan is not None:
            table = siting_table(plan, say.words)
            self._model.show(table, Figures(say.words), [_TONES[line.standing] for line in self.lines])
        self.view.resizeColumnsToContents()
        header = self.view.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        for column in range(self._model.columnCount() - 1):
            self.view.setColumnWidth(column, min(self.view.columnWidth(column), _WIDEST))
        self._say()
        if was is not None:
            self._find(was.pair)
        self._on_row()

    def showEvent(self, event: object) -> None:
        super().showEvent(event)  # type: ignore[arg-type]
        self.refresh()

    def hideEvent(self, event: object) -> None:
        super().hideEvent(event)  # type: ignore[arg-type]
        self.shown.emit((), None)

    def _find(self, pair: Pairing) -> None:
        """Choose the line about the same room, area and facility, wherever it stands now."""
        for row, line in enumerate(self.lines):
            if (line.pair.site, line.pair.lack) == (pair.site, pair.lack):
                self.choose(row)

    def _say(self) -> None:
        say = self._session.speech
        self.accept.setText(say("window.siting.accept"))
        self.refuse.setText(say("window.siting.refuse"))
        self.back.setText(say("window.siting.withdraw"))
        self.reason.setPlaceholderText(say("window.siting.reason"))
        self.reason.setAccessibleName(say("window.siting.reason"))
        self.view.setAccessibleName(say("window.dock.siting"))
        plan = self._session.planner.plan
        known = plan is not None and bool(self.lines)
        self.told.setText(siting_note(plan, say.words) if plan and known else say("outputs.siting.none"))
        self.told.setToolTip(self.told.text())

    def _on_row(self) -> None:
        self._may()
        self.shown.emit(self.lines, self.chosen)

    def _may(self) -> None:
        line = self.chosen
        open_ = line is not None and self._session.document.holder is None
        decided = line is not None and line.standing in (
            SiteDecision.ACCEPTED.value, SiteDecision.REFUSED.value,
        )  # fmt: skip
        self.accept.setEnabled(open_ and line is not None and line.standing != SiteDecision.ACCEPTED)
        has_reason = bool(self.reason.text().strip())
        self.refuse.setEnabled(open_ and has_reason)
        self.back.setEnabled(open_ and decided)

    def _decide(self, decision: SiteDecision) -> None:
        line = self.chosen
        if line is not None:
            reason = self.reason.text().strip()
            self.reason.clear()
            self.decided.emit(line.pair, decision, reason)

    def _visit(self) -> None:
        line = self.chosen
        if line is not None:
            self.visited.emit(line.pair)

    def _withdraw(self) -> None:
        line = self.chosen
        if line is not None:
            self.withdrawn.emit(line.pair)
