"""The dock of the programme: what is settled, done and paid for the area or neighbourhood that is chosen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pandas as pd
from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QGuiApplication, QShowEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from renomap.desktop.panels.pasting import read_block
from renomap.desktop.panels.programme_model import ProgrammeModel
from renomap.desktop.panels.programme_moving import MovingBar
from renomap.desktop.panels.programme_text import page_text
from renomap.desktop.panels.table import CellTable
from renomap.model.change import ChangeSet
from renomap.model.project import Project
from renomap.model.roles import Role
from renomap.outputs.findings import neighbourhood_name
from renomap.session.session import Session
from renomap.steps.import_table import names_of
from renomap.steps.programme_edit import NEIGHBOURHOOD, options_of
from renomap.steps.projects import running
from renomap.steps.record import RecordSubject

#: Tables of each page, the first one shown first.
PAGES: Final[Mapping[str, tuple[str, ...]]] = {
    "gates": ("events", "surveys", "units", "upkeep", "projects"),
    "works": ("works", "problems", "demands"),
    "money": ("funds", "estimates", "operations"),
    "acceptance": ("surveys", "works", "problems", "projects"),
}
#: Width of the text that invites to begin.
_TEXT_PX: Final = 640
_WIDEST_PX: Final = 230
#: Beside the text of a flat button.
_AROUND_PX: Final = 14
#: Rows that the width of columns is asked of.
SAMPLED_ROWS: Final = 12
_Index = QModelIndex | QPersistentModelIndex


class _Choices(QStyledItemDelegate):
    """Offers the values of a column that has a list of them; others may be typed where the rules are open."""

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: _Index) -> QWidget:
        model = index.model()
        assert isinstance(model, ProgrammeModel)
        column = model.columns[index.column()]
        options = () if column == NEIGHBOURHOOD else options_of(model.table, column, model.names)
        if not options:
            return super().createEditor(parent, option, index)
        box = QComboBox(parent)
        box.setEditable(True)
        box.addItems(["", *(model.worded(column, value) for value in options)])
        return box

    def setEditorData(self, editor: QWidget, index: _Index) -> None:
        if isinstance(editor, QComboBox):
            editor.setCurrentText(str(index.data(Qt.ItemDataRole.EditRole) or ""))
        else:
            super().setEditorData(editor, index)

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: _Index) -> None:
        if isinstance(editor, QComboBox):
            model.setData(index, editor.currentText())
        else:
            super().setModelData(editor, model, index)


class ProgrammePanel(QWidget):
    """Four pages, each with what follows from the tables on the left and the tables to type into."""

    given = Signal(int, str, str)
    pasted = Signal(object, int, int)
    removed = Signal(object)
    move_wanted = Signal(object, object, float, str)
    import_wanted = Signal()
    propose_wanted = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._begun = False
        self.page, self.shown = "gates", {page: tables[0] for page, tables in PAGES.items()}
        self.model = ProgrammeModel(session.speech, self)
        self.model.edited.connect(self.given)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._invitation())
        self._stack.addWidget(self._pages())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._stack)
        session.document.changed.connect(self._on_changed)
        session.document.selected.connect(self.refresh)
        session.document.replaced.connect(self._on_replaced)
        session.planner.planned.connect(self.refresh)
        session.speech.changed.connect(self._say)
        self._say()

    def turn_to(self, page: str) -> None:
        """Show a page of ``PAGES``."""
        self.tabs.setCurrentIndex(list(PAGES).index(page))

    def begin(self) -> None:
        """Show the tables of a programme that has no rows yet."""
        self._begun = True
        self.refresh()

    @property
    def table(self) -> str:
        """The table that is shown."""
        return self.shown[self.page]

    # made of

    def _invitation(self) -> QWidget:
        page = QWidget()
        self._title, self._text = QLabel(), QLabel()
        self._title.setProperty("role", "title")
        self._text.setWordWrap(True)
        self._text.setFixedWidth(_TEXT_PX)
        self.import_, self.propose, self.start = QPushButton(), QPushButton(), QPushButton()
        self.import_.clicked.connect(self.import_wanted)
        self.propose.clicked.connect(self.propose_wanted)
        self.start.clicked.connect(self.begin)
        buttons = QHBoxLayout()
        for button in (self.import_, self.propose, self.start):
            buttons.addWidget(button)
        buttons.addStretch()
        column = QVBoxLayout(page)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(10)
        column.addWidget(self._title)
        column.addWidget(self._text)
        column.addLayout(buttons)
        column.addStretch()
        scroll = QScrollArea()  # a low dock scrolls; it cuts no text
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setWidget(page)
        return scroll

    def _pages(self) -> QWidget:
        page = QWidget()
        self.tabs = QTabBar()
        self.tabs.setExpanding(False)
        for _ in PAGES:
            self.tabs.addTab("")
        self.tabs.currentChanged.connect(self._on_tab)
        self.subject = QLabel()
        self.subject.setProperty("role", "faint")
        head = QHBoxLayout()
        head.setContentsMargins(8, 2, 8, 0)
        head.setSpacing(16)
        head.addWidget(self.tabs)
        head.addWidget(self.subject, 1)
        self.text = QLabel(wordWrap=True, alignment=Qt.AlignmentFlag.AlignTop)
        self.text.setTextFormat(Qt.TextFormat.RichText)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.text.setContentsMargins(10, 6, 10, 6)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(self.text)
        split = QSplitter()
        split.addWidget(scroll)
        split.addWidget(self._tables())
        split.setSizes([360, 760])
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(head)
        column.addWidget(split, 1)
        return page

    def _tables(self) -> QWidget:
        side = QWidget()
        self._group = QButtonGroup(self)
        self._buttons = {name: QPushButton() for tables in PAGES.values() for name in tables}
        bar = QHBoxLayout()
        bar.setContentsMargins(6, 2, 6, 2)
        for name, button in self._buttons.items():
            button.setCheckable(True)
            button.setProperty("flat", True)
            self._group.addButton(button)
            button.clicked.connect(lambda _=False, name=name: self._on_table(name))
            bar.addWidget(button)
        bar.addStretch()
        self.delete = QPushButton()
        self.delete.setProperty("flat", True)
        self.delete.clicked.connect(lambda: self.removed.emit(self._chosen_labels()))
        bar.addWidget(self.delete)
        self.view = CellTable()
        self.view.setModel(self.model)
        self.view.setItemDelegate(_Choices(self.view))
        self.view.setAlternatingRowColors(True)
        self.view.horizontalHeader().setResizeContentsPrecision(SAMPLED_ROWS)
        self.view.verticalHeader().setDefaultSectionSize(24)
        self.view.copy_wanted.connect(self.copy)
        self.view.paste_wanted.connect(self.paste)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        self.moving = MovingBar(self._session)
        self.moving.move_wanted.connect(self.move_wanted)
        column.addLayout(bar)
        column.addWidget(self.moving)
        column.addWidget(self.view, 1)
        return side

    # what happens

    def _say(self) -> None:
        say = self._session.speech
        self._title.setText(say("window.programme.empty-title"))
        self._text.setText(say("window.programme.empty-text"))
        self._text.setMinimumHeight(self._text.heightForWidth(_TEXT_PX))
        self.import_.setText(say("window.action.programme-import"))
        self.propose.setText(say("window.action.programme-propose"))
        self.start.setText(say("window.programme.begin"))
        self.delete.setText(say("window.programme.delete"))
        self.view.setToolTip(say("window.programme.edit-hint"))
        self.view.setAccessibleName(say("window.dock.programme"))
        for index, page in enumerate(PAGES):
            self.tabs.setTabText(index, say(f"window.programme.{page}"))
        for name, button in self._buttons.items():
            text = say(f"programme.{name}")
            button.setText(text[:1].upper() + text[1:])
            self._hold(button)
        self.moving.say()
        self.refresh()

    def _hold(self, button: QPushButton) -> None:
        """Room for the text of a button as it is once chosen: bold."""
        bold = QFont(button.font())
        bold.setBold(True)
        wide = QFontMetrics(bold).horizontalAdvance(button.text())
        button.setMinimumWidth(wide + _AROUND_PX)

    def _on_changed(self, change: ChangeSet) -> None:
        if change.touches("programme"):
            self.refresh()

    def _on_replaced(self) -> None:
        self._begun = False
        self.refresh()

    def _on_tab(self, index: int) -> None:
        self.page = list(PAGES)[index]
        self.refresh()

    def _on_table(self, name: str) -> None:
        self.shown[self.page] = name
        self.refresh()

    def refresh(self) -> None:
        """Show the rows and the numbers of what is chosen; a dock that is not seen waits until it is."""
        if not self.isVisible():
            return
        project = self._session.document.project
        is_empty = project is None or (not project.programme and not self._begun)
        self._stack.setCurrentIndex(0 if is_empty else 1)
        self.propose.setEnabled(self._session.planner.plan is not None)
        if project is None or is_empty or project.neighbourhoods is None:
            return
        for name, button in self._buttons.items():
            button.setVisible(name in PAGES[self.page])
            button.setChecked(name == self.table)
        model = self.model
        model.may_edit = self._session.document.holder is None
        model.names = names_of(project)
        frame = self._rows(project)
        self._name(project, frame)
        before = (model.table, model.columns, len(model.frame) == 0)
        model.show(self.table, frame)
        if before != (model.table, model.columns, len(model.frame) == 0):
            self.view.resizeColumnsToContents()
            for column in range(model.columnCount()):
                width = min(max(self.view.columnWidth(column) + 8, 70), _WIDEST_PX)
                self.view.setColumnWidth(column, width)
        self.text.setText(page_text(self.page, self._session, self.key()))
        self.moving.setVisible(self.page == "gates")
        self.moving.aim(self._target())
        self.subject.setText(self._subject())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def _name(self, project: Project, frame: pd.DataFrame) -> None:
        """Names of what the rows hang on; of thousands of places only those that are shown."""
        assert project.neighbourhoods is not None
        shown = set(self.fids()) | (set(frame["fid"].unique().tolist()) if "fid" in frame else set())
        called, say = project.neighbourhoods.frame["name"], self._session.speech
        called = called[called.index.isin(list(shown))]
        self.model.places = {
            int(str(fid)): neighbourhood_name(fid, name, say.words) for fid, name in called.items()
        }
        projects = project.programme.projects["name"]
        self.model.projects = _names(projects, set(projects.index))
        buildings = project.layers_of(Role.BUILDINGS)
        if buildings and "building" in frame:
            self.model.buildings = _names(buildings[0].frame["name"], set(frame["building"]) - {0})

    def fids(self) -> tuple[int, ...]:
        """Neighbourhoods of what is chosen: those that are, else the members of the chosen area."""
        project, chosen = self._session.document.project, self._session.document.selection
        if chosen.area is not None and project is not None and project.scheme is not None:
            assignment = project.scheme.assignment
            members = frozenset(int(fid) for fid in assignment.index[assignment == chosen.area])
            if not chosen.fids or chosen.fids >= members:
                return tuple(sorted(members))
        return tuple(sorted(chosen.fids))

    def fid_of(self, label: int) -> int:
        """The neighbourhood that a row hangs on, of the empty row the one that is chosen; 0 = none."""
        frame, fids = self.model.frame, self.fids()
        if label in frame.index and "fid" in frame:
            return int(frame["fid"].loc[label])
        return fids[0] if len(fids) == 1 else 0

    def area(self) -> int:
        """The chosen area, or that of the chosen neighbourhood; 0 = none."""
        project, chosen = self._session.document.project, self._session.document.selection
        if chosen.area is not None:
            return chosen.area
        if project is None or project.scheme is None or len(chosen.fids) != 1:
            return 0
        return int(project.scheme.assignment.get(next(iter(chosen.fids)), 0))

    def key(self) -> int:
        """The row of ``ProgrammeView.projects`` that is spoken of; 0 = none."""
        chosen = self._session.document.selection
        return self.area() or (-next(iter(chosen.fids)) if len(chosen.fids) == 1 else 0)

    def _target(self) -> RecordSubject | None:
        """What is moved from list to list: the chosen area, or the one neighbourhood."""
        fids, area = self.fids(), self.area()
        if len(fids) == 1:
            return RecordSubject(fid=fids[0])
        return RecordSubject(area=area) if area else None

    def _rows(self, project: Project) -> pd.DataFrame:
        """Rows of the table that hang on what is chosen; all rows where nothing is."""
        frame = project.programme.table(self.table)
        fids, area = self.fids(), self.area()
        if not fids and not area:
            return frame
        rows = running(project)
        if self.table == "projects":
            return frame[frame.index.isin(rows.index) & ((frame["area"] == area) | frame["fid"].isin(fids))]
        wanted = frame["fid"].isin(fids)
        if "project" in frame and area:
            wanted |= frame["project"].isin(rows.index[rows["area"] == area])
        return frame[wanted]

    def _subject(self) -> str:
        project, say, fids, area = (
            self._session.document.project,
            self._session.speech,
            self.fids(),
            self.area(),
        )
        assert project is not None
        if area and len(fids) != 1 and project.scheme is not None and area in project.scheme.areas.index:
            return str(project.scheme.areas.at[area, "name"] or area)
        if len(fids) == 1:
            return self.model.places.get(fids[0], str(fids[0]))
        return say("window.programme.all") if not fids else say("window.programme.several", count=len(fids))

    def _chosen_labels(self) -> tuple[int, ...]:
        rows = {index.row() for index in self.view.selectionModel().selectedIndexes()}
        return tuple(self.model.label_at(row) for row in sorted(rows) if row < len(self.model.frame))

    def copy(self) -> None:
        """Put the chosen rows, or all, into the clipboard with their headings."""
        rows = sorted({index.row() for index in self.view.selectionModel().selectedIndexes()})
        columns = range(self.model.columnCount())
        horizontal = Qt.Orientation.Horizontal
        lines = ["\t".join(str(self.model.headerData(column, horizontal)) for column in columns)]
        whole = rows if len(rows) > 1 else range(len(self.model.frame))
        lines += ["\t".join(self.model.text(row, column) for column in columns) for row in whole]
        QGuiApplication.clipboard().setText("\n".join(lines))

    def paste(self) -> None:
        """Lay what the clipboard holds over the cells from the current one on; rows below the last are new
        ones.
        """
        values = read_block(QGuiApplication.clipboard().text())
        at = self.view.currentIndex()
        if values and self.model.may_edit:
            self.pasted.emit(values, max(at.row(), 0), max(at.column(), 0))


def _names(names: pd.Series[str], shown: set[int]) -> dict[int, str]:
    """Id -> name of buildings, the id itself where there is no name."""
    here = names[names.index.isin(list(shown))]
    return {int(str(key)): str(name or key) for key, name in here.items()}
