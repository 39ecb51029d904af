"""The areas of the scheme with the three deficits that always come first."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QLabel,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from renomap.desktop.look import LOCKED_SIZE, locked_swatch, numbered_swatch
from renomap.desktop.naming import FIRST_FACILITIES, short_name
from renomap.desktop.panels.programme_text import Progress, progress_of
from renomap.desktop.panels.schemes import SchemeBar
from renomap.model.plan import Plan
from renomap.outputs.findings import is_missized, size_text
from renomap.outputs.numbers import Figures
from renomap.session.session import Session
from renomap.session.speech import Speech
from renomap.wording.deficits import lack_name, lack_unit
from renomap.wording.names import facility_name

OWN_COLUMNS = 2
NAME_PX = 116
SAMPLED_ROWS = 40
HEADING_PX = 18  # what a heading needs beside its words
NUMBER_PX = 72  # a longer heading is cut; its tip says it whole
SORT = int(Qt.ItemDataRole.UserRole)
_Index = QModelIndex | QPersistentModelIndex


class AreaModel(QAbstractTableModel):
    """A row per area of a plan: name, count, households, deficits of the first facilities of its standard."""

    def __init__(self, speech: Speech, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._speech = speech
        self.plan: Plan | None = None
        self._rows: list[dict[Any, Any]] = []
        self._progress: dict[int, Progress] | None = None

    def set_plan(self, plan: Plan | None) -> None:
        """Show another plan."""
        self.beginResetModel()
        self.plan = plan
        # As plain rows: a table view asks each cell several times, and a row of a frame is dear to make.
        self._rows = (
            [] if plan is None else plan.areas[self._needed(plan)].reset_index(names="id").to_dict("records")
        )
        view = None if plan is None else plan.programme
        self._progress = None if view is None else progress_of(view, self._speech)
        self.endResetModel()

    def area(self, row: int) -> int:
        """Id of the area in a row."""
        assert self.plan is not None
        return int(self.plan.areas.index[row])

    def row_of(self, area: int | None) -> int | None:
        """Row of an area, or None."""
        if self.plan is None or area not in self.plan.areas.index:
            return None
        return int(self.plan.areas.index.get_loc(area))

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if self.plan is None or parent.isValid() else len(self.plan.areas)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return OWN_COLUMNS + len(self._facilities()) + (self._progress is not None)

    def _is_progress(self, column: int) -> bool:
        """Whether a column is that of the programme, where there is one: behind the households."""
        return self._progress is not None and column == OWN_COLUMNS

    def _facility(self, column: int) -> Any:
        """The facility that a column is about."""
        return self._facilities()[column - OWN_COLUMNS - (self._progress is not None)]

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole and section > 0:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        say = self._speech
        if section < OWN_COLUMNS:
            text = say(("window.areas.name", "window.areas.households")[section])
        elif self._is_progress(section):
            text = say("window.areas.progress")
        else:
            facility = self._facility(section)
            name, unit = lack_name(facility, say.words), lack_unit(facility, say.words)
            if role == Qt.ItemDataRole.ToolTipRole and name != facility_name(facility, say.words):
                return say("window.areas.lack-tip", lack=name, unit=unit)
            if role == Qt.ItemDataRole.ToolTipRole:
                return say("window.areas.deficit-tip", facility=name, unit=unit)
            text = short_name(facility, say)
        return text if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole) else None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = self._rows[index.row()], index.column()
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.DecorationRole and column == 0:
            looks = locked_swatch if row.get("locked") else numbered_swatch
            return looks(str(row["colour"]), int(row["id"]), hollow=is_missized(row))
        if self._is_progress(column):
            return self._of_progress(int(row["id"]), role)
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(row, column)
        if role == SORT:
            return self._value(row, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(row, column)
        return None

    def _of_progress(self, area: int, role: int) -> Any:
        """The dot of an area with the gates it has passed; its colour, its order and what it means."""
        assert self._progress is not None
        found = self._progress[area]
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{found.sign} {found.done}/{found.gates}"
        if role == Qt.ItemDataRole.ForegroundRole:
            return QColor(found.colour)
        if role == SORT:
            return float(found.done)
        return found.told if role == Qt.ItemDataRole.ToolTipRole else None

    def _needed(self, plan: Plan) -> list[str]:
        wanted = [
            "name",
            "colour",
            "locked",
            "size_flag",
            "reason",
            "reason_params",
            "households",
            "households_known",
            "neighbourhoods",
        ]
        parts = ("deficit_low", "deficit_high", "deficit", "state")
        wanted += [f"{facility.key}_{part}" for facility in self._facilities() for part in parts]
        return [name for name in wanted if name in plan.areas.columns]

    def _facilities(self) -> tuple[Any, ...]:
        return () if self.plan is None else self.plan.standard.facilities[:FIRST_FACILITIES]

    def _text(self, row: Any, column: int) -> str:
        figures = Figures(self._speech.words)
        if column == 0:
            return str(row["name"])
        if column < OWN_COLUMNS:
            return figures.number(row["households"])
        key = self._facility(column).key
        values = (row.get(f"{key}_{name}") for name in ("deficit_low", "deficit_high", "deficit", "state"))
        return figures.deficit(*values)

    def _value(self, row: Any, column: int) -> Any:
        if column == 0:
            return str(row["name"])
        if column < OWN_COLUMNS:
            value = row["households"]
        else:
            key = self._facility(column).key
            value = row.get(f"{key}_deficit")
            value = row.get(f"{key}_deficit_low") if value != value else value
        return -1.0 if value is None or value != value else float(value)

    def _tip(self, row: Any, column: int) -> str | None:
        if column == 0:
            told = [size_text(row, self._speech.words)]
            told += [self._speech("window.areas.locked")] if row.get("locked") else []
            return "\n".join(text for text in told if text) or None
        if column < OWN_COLUMNS:
            known = Figures(self._speech.words).of(row["households_known"], row["neighbourhoods"])
            return self._speech("window.areas.known", known=known)
        key = self._facility(column).key
        return Figures(self._speech.words).state(row.get(f"{key}_state"))


class AreasPanel(QWidget):
    """The list; choosing a row chooses the area everywhere, and the other way round."""

    group_wanted = Signal()
    visited = Signal(int)
    menu_wanted = Signal(QPoint)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._several: tuple[int, ...] = ()
        self._following = False
        self.model = AreaModel(session.speech, self)
        self._sorted = QSortFilterProxyModel(self, sortRole=SORT)
        self._sorted.setSourceModel(self.model)
        self.table = QTableView(self)
        self.table.setModel(self._sorted)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.setSortingEnabled(True)
        self.table.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        self.table.setAlternatingRowColors(True)
        # Columns as wide as the rows that are seen: asked of 777 areas they made the window stand still.
        self.table.horizontalHeader().setResizeContentsPrecision(SAMPLED_ROWS)
        self.table.setShowGrid(False)
        self.table.setIconSize(LOCKED_SIZE)
        self.table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.table.setWordWrap(False)  # wrapped text is cut twice
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(26)
        self.table.setTabKeyNavigation(False)
        self._empty = QLabel(wordWrap=True, alignment=Qt.AlignmentFlag.AlignCenter)
        self._empty.setProperty("role", "empty")
        self._group = QPushButton()
        self._group.setProperty("primary", True)
        self._group.clicked.connect(self.group_wanted)
        nothing = QWidget()
        column = QVBoxLayout(nothing)
        column.addStretch()
        column.addWidget(self._empty)
        column.addWidget(self._group, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch()
        self.schemes = SchemeBar(session)
        self._pages = QStackedWidget()
        invitation = QScrollArea()
        invitation.setWidgetResizable(True)
        invitation.setFrameShape(QFrame.Shape.NoFrame)
        invitation.setWidget(nothing)  # a page that is not shown must not keep the list tall
        self._pages.addWidget(invitation)
        self._pages.addWidget(self.table)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.schemes)
        layout.addWidget(self._pages)
        self.table.selectionModel().selectionChanged.connect(self._on_row_chosen)
        self.table.clicked.connect(self._on_clicked)
        self.table.customContextMenuRequested.connect(self._on_menu)
        self.table.doubleClicked.connect(lambda index: self.visited.emit(self._area(index)))
        session.planner.planned.connect(self._on_planned)
        session.document.changed.connect(self._on_changed)
        session.document.selected.connect(self._on_selected)
        session.speech.changed.connect(self._say)
        self._say()
        self._on_planned(session.planner.plan)

    def _say(self) -> None:
        say = self._session.speech
        self.table.setAccessibleName(say("window.dock.areas"))
        project = self._session.document.project
        has_data = project is not None and project.neighbourhoods is not None
        is_coming, has_plan = self._awaits_areas(), self._session.planner.plan is not None
        state = "under-way" if has_data else "no-data"
        if has_plan:
            state = "computing" if is_coming else "empty"
        self._empty.setText(say(f"window.areas.{state}"))
        self._group.setText(say("window.action.group"))
        self._group.setVisible(has_plan and not is_coming)
        self.model.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, self.model.columnCount() - 1)
        self._fit_columns()

    def _awaits_areas(self) -> bool:
        """Whether the scheme has areas that the plan does not show yet: it is still that of before."""
        plan, project = self._session.planner.plan, self._session.document.project
        scheme = None if project is None else project.scheme
        is_current = plan is not None and plan.project is project
        return not is_current and scheme is not None and len(scheme.areas) > 0

    def _on_changed(self) -> None:
        """A grouping was taken or done again: say at once that its areas are being worked out."""
        if self._pages.currentIndex() == 0:
            self._say()

    def _on_planned(self, plan: Plan | None) -> None:
        self.model.set_plan(plan)
        self._pages.setCurrentIndex(1 if plan is not None and len(plan.areas) else 0)
        self._say()
        self._on_selected()

    def _fit_columns(self) -> None:
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setStretchLastSection(False)
        across = Qt.Orientation.Horizontal
        for column in range(1, header.count()):
            # Qt leaves room for the arrow of sorting in every heading; the names need it more.
            words = header.fontMetrics().horizontalAdvance(str(self.model.headerData(column, across)))
            needed = max(self.table.sizeHintForColumn(column), words + HEADING_PX)
            header.resizeSection(column, min(needed, NUMBER_PX))
        room = self.table.viewport().width() - sum(header.sectionSize(i) for i in range(1, header.count()))
        header.resizeSection(0, max(NAME_PX, room))

    def _area(self, index: QModelIndex) -> int:
        return self.model.area(self._sorted.mapToSource(index).row())

    def _chosen(self) -> tuple[int, ...]:
        """The areas of the rows that are chosen, ascending."""
        return tuple(sorted(self._area(index) for index in self.table.selectionModel().selectedRows()))

    def _on_row_chosen(self) -> None:
        if self._following:
            return
        areas, document = self._chosen(), self._session.document
        if len(areas) == 1 and (areas[0] != document.selection.area or self._several):
            self._several = ()
            document.select((), areas[0])
        elif len(areas) > 1:
            self._choose_several(areas)

    def _choose_several(self, areas: tuple[int, ...]) -> None:
        """Choose all neighbourhoods of several areas, as merging takes them; the rows stay chosen."""
        project = self._session.document.project
        scheme = None if project is None else project.scheme
        if scheme is not None:
            self._several = areas
            self._session.document.select(scheme.assignment.index[scheme.assignment.isin(areas)])

    def _on_clicked(self, index: QModelIndex) -> None:
        """A click on the row of the area that is chosen leaves the neighbourhood that is shown."""
        if self._session.document.selection.fids and len(self._chosen()) == 1:
            self._session.document.select((), self._area(index))

    def _on_menu(self, at: QPoint) -> None:
        if self.table.indexAt(at).isValid():
            self.menu_wanted.emit(self.table.viewport().mapToGlobal(at))

    def _on_selected(self) -> None:
        chosen, project = self._session.document.selection, self._session.document.project
        scheme = None if project is None else project.scheme
        if self._several and scheme is not None:
            held = frozenset(scheme.assignment.index[scheme.assignment.isin(self._several)])
            if chosen.fids == held and chosen.area is None and self._chosen() == self._several:
                return
        self._several = ()
        self._following = True
        self._follow()
        self._following = False

    def _follow(self) -> None:
        """Choose the row of the area that is chosen, or none."""
        row = self.model.row_of(self._session.document.selection.area)
        selection = self.table.selectionModel()
        if row is None:
            selection.clearSelection()
            return
        index = self._sorted.mapFromSource(self.model.index(row, 0))
        flags = QItemSelectionModel.SelectionFlag
        selection.select(index, flags.ClearAndSelect | flags.Rows)
        self.table.scrollTo(index)
