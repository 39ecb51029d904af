"""What differs between two schemes, as three lists: areas, neighbourhoods that moved, indicators."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableView,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from renomap.desktop.look import FAINT, SELECTION
from renomap.model.comparison import BETTER, SAME, UNSURE, WORSE, Comparison
from renomap.outputs import comparison_tables
from renomap.outputs.numbers import Figures, missing
from renomap.outputs.table import Table
from renomap.session.session import Session
from renomap.steps.adopting import Adoption

_Index = QModelIndex | QPersistentModelIndex
_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_TONES: Final = {BETTER: "#1b7f4b", WORSE: SELECTION, UNSURE: FAINT, SAME: FAINT}
#: Lists, in the order of the tabs.
AREAS, MOVED, TOTALS = "areas", "moved", "totals"
#: No column but that of names is wider.
WIDEST_PX: Final = 100


class Lines(QAbstractTableModel):
    """A table of values as Qt sees it; ``tones`` gives a row of it its colour."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._table = Table("", (), ())
        self._texts: list[list[str]] = []
        self._tones: list[str | None] = []

    def show(self, table: Table, figures: Figures, tones: list[str | None]) -> None:
        """Show another table."""
        self.beginResetModel()
        self._table, self._tones = table, tones
        self._texts = table.texts(figures)
        self.endResetModel()

    def rowCount(self, parent: _Index | None = None) -> int:
        return len(self._texts)

    def columnCount(self, parent: _Index | None = None) -> int:
        return len(self._table.columns)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        column = self._table.columns[index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self._texts[index.row()][index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _LEFT if column.kind is None else _RIGHT
        if role == Qt.ItemDataRole.ForegroundRole and self._tones[index.row()]:
            return QColor(self._tones[index.row()])
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and role in (
            Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole
        ):  # fmt: skip
            return self._table.columns[section].title
        return None


class DifferencesPanel(QWidget):
    """Lists of a comparison. ``area_visited`` tells (ours, theirs), ``fid_visited`` a neighbourhood;
    ``area_wanted`` and ``fid_wanted`` what is to be taken over from the other side."""

    area_visited = Signal(object, object)
    fid_visited = Signal(int)
    area_wanted = Signal(int)
    fid_wanted = Signal(int)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._found: Comparison | None = None
        self._adoption: Adoption | None = None
        self._area_rows: list[int] = []
        self.told = QLabel(wordWrap=True)
        self.told.setContentsMargins(10, 8, 10, 8)
        self.tabs = QTabWidget()
        self.views: dict[str, QTableView] = {}
        for code in (AREAS, MOVED, TOTALS):
            self.views[code] = view = self._made_view()
            view.clicked.connect(lambda _, code=code: self._visit(code))
            view.activated.connect(lambda _, code=code: self._visit(code))
            view.selectionModel().currentRowChanged.connect(lambda *_: self._show_adopt())
            self.tabs.addTab(view, code)
        self.tabs.currentChanged.connect(lambda _: self._show_adopt())
        self.adopt = QPushButton()
        self.adopt.clicked.connect(self._on_adopt)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.told)
        column.addWidget(self.tabs, 1)
        column.addWidget(self.adopt)
        session.speech.changed.connect(self._fill)

    def _made_view(self) -> QTableView:
        view = QTableView()
        view.setModel(Lines(view))
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        view.setAlternatingRowColors(True)
        view.setShowGrid(False)
        view.verticalHeader().hide()
        view.verticalHeader().setDefaultSectionSize(26)
        return view

    def show_adoption(self, adoption: Adoption | None) -> None:
        """Show another comparison; None shows nothing."""
        self._found = None if adoption is None else adoption.found
        self._adoption = adoption
        self._fill()

    def _fill(self) -> None:
        found, say = self._found, self._session.speech
        for position, code in enumerate((AREAS, MOVED, TOTALS)):
            self.tabs.setTabText(position, say(f"window.compare.{code}"))
            self.views[code].setAccessibleName(say(f"window.compare.{code}"))
        if found is None or self._adoption is None:
            self.told.setText("")
            self._show_adopt()
            return
        self.told.setText(say("window.compare.told", **comparison_tables.summary(found)))
        figures = Figures(say.words)
        states = [comparison_tables.state_of(row) for row in found.areas.to_dict("records")]
        # what differs comes first: most areas of two schemes are alike
        self._area_rows = sorted(range(len(states)), key=lambda at: states[at] == SAME)
        areas = comparison_tables.brief_areas(found, say.words)
        sorted_areas = replace(areas, rows=tuple(areas.rows[at] for at in self._area_rows))
        tables: dict[str, tuple[Table, list[str | None]]] = {
            AREAS: (sorted_areas, [_TONES.get(states[at]) for at in self._area_rows]),
            MOVED: (comparison_tables.moved(found, say.words), [None] * len(found.moved)),
            TOTALS: (
                comparison_tables.brief_indicators(found, say.words, self._adoption.theirs),
                [_TONES.get(verdict) for verdict in comparison_tables.brief_verdicts(found)],
            ),
        }
        for code, (table, tones) in tables.items():
            self._lines(code).show(table, figures, tones)
            self._spread(code)
        self._show_adopt()

    def _spread(self, code: str) -> None:
        """Columns as wide as what stands in them, the one of names as wide as there is room."""
        header = self.views[code].horizontalHeader()
        names = 1 if code == AREAS else 0
        header.setMinimumSectionSize(40)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.views[code].resizeColumnsToContents()
        for at in range(self._lines(code).columnCount()):
            header.resizeSection(at, min(header.sectionSize(at), WIDEST_PX))
        header.setSectionResizeMode(names, QHeaderView.ResizeMode.Stretch)

    def _lines(self, code: str) -> Lines:
        lines = self.views[code].model()
        assert isinstance(lines, Lines)
        return lines

    def _code(self) -> str:
        return (AREAS, MOVED, TOTALS)[self.tabs.currentIndex()]

    def _row(self, code: str) -> int | None:
        at = self.views[code].currentIndex()
        return at.row() if at.isValid() else None

    def _visit(self, code: str) -> None:
        row = self._row(code)
        if row is None or self._found is None:
            return
        if code == MOVED:
            self.fid_visited.emit(int(self._found.moved["fid"].iloc[row]))
        elif code == AREAS:
            line = self._found.areas.iloc[self._area_rows[row]]
            self.area_visited.emit(_id(line["before"]), _id(line["after"]))

    def _wanted(self) -> int | None:
        """The area or neighbourhood that could be taken over."""
        code = self._code()
        row = self._row(code)
        if row is None or self._found is None or code == TOTALS:
            return None
        if code == MOVED:
            return int(self._found.moved["fid"].iloc[row])
        line = self._found.areas.iloc[self._area_rows[row]]
        differs = line["state"] != SAME or line["came"] or line["went"]
        return _id(line["after"]) if differs else None

    def _show_adopt(self) -> None:
        say, found = self._session.speech, self._found
        title = "" if found is None else found.two
        one = "neighbourhood" if self._code() == MOVED else "area"
        self.adopt.setText(say(f"window.compare.adopt-{one}"))
        self.adopt.setToolTip(say(f"window.compare.adopt-{one}-tip", title=title))
        self.adopt.setEnabled(self._wanted() is not None and self._session.document.holder is None)
        self.adopt.setVisible(self._code() != TOTALS)

    def _on_adopt(self) -> None:
        wanted = self._wanted()
        if wanted is not None:
            (self.fid_wanted if self._code() == MOVED else self.area_wanted).emit(wanted)


def _id(value: Any) -> int | None:
    return None if missing(value) else int(value)
