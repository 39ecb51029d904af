"""The attribute table: neighbourhoods, areas or any layer, sifted, sorted, chosen together with the map."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from renomap.desktop.canvas.mapcanvas import MapCanvas
from renomap.desktop.look import SELECTION
from renomap.desktop.panels.pasting import lay_block, read_block
from renomap.desktop.panels.table_columns import AREAS, NEIGHBOURHOODS, sheet_of
from renomap.desktop.panels.table_model import TableModel
from renomap.model.layer import BY_HAND
from renomap.model.plan import Plan
from renomap.model.roles import Role
from renomap.model.scheme import UNASSIGNED
from renomap.session.session import Session

ALL, OUTSIDE, CHOSEN = "all", "unassigned", "selected"
WIDEST_PX: Final = 220
_SAMPLED_ROWS: Final = 12
_REST_MS: Final = 150


class CellTable(QTableView):
    """A table in which keys that can be typed belong to the cell, not to the tools of the map."""

    copy_wanted = Signal()
    paste_wanted = Signal()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            none, shift = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
            typed = event.text().isprintable() and bool(event.text()) and event.modifiers() in (none, shift)
            can = bool(self.model().flags(self.currentIndex()) & Qt.ItemFlag.ItemIsEditable)
            keys = QKeySequence.StandardKey
            if (can and (typed or event.key() == Qt.Key.Key_F2)) or (
                event.matches(keys.Copy) or event.matches(keys.Paste)
            ):
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_wanted.emit()
        elif event.matches(QKeySequence.StandardKey.Paste):
            self.paste_wanted.emit()
        else:
            super().keyPressEvent(event)


class TablePanel(QWidget):
    """The dock. It is filled only while it is seen."""

    visited = Signal(object)
    value_given = Signal(int, str, str)
    block_given = Signal(object)
    area_named = Signal(int, str)

    def __init__(self, session: Session, canvas: MapCanvas, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._canvas = canvas
        self._stale = True
        self._following = False
        self._chosen: frozenset[int] = frozenset()
        self.model = TableModel(parent=self)
        self.table = CellTable()
        self._dress_table()
        self.subject, self.show_only = QComboBox(), QComboBox()
        self.search = QLineEdit()
        self.search.setClearButtonEnabled(True)
        self.all_columns = QCheckBox()
        self.count = QLabel()
        self.count.setProperty("role", "faint")
        self.copy = QPushButton()
        self.copy.setProperty("flat", True)
        self._labels = [QLabel(), QLabel(), QLabel()]
        bar = QHBoxLayout()
        bar.setContentsMargins(8, 4, 8, 4)
        bar.setSpacing(8)
        for label, widget in zip(self._labels, (self.subject, self.search, self.show_only), strict=True):
            label.setBuddy(widget)
            bar.addWidget(label)
            bar.addWidget(widget, 1 if widget is self.search else 0)
        for plain in (self.all_columns, self.copy, self.count):
            bar.addWidget(plain)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(bar)
        layout.addWidget(self.table, 1)
        self._soon = QTimer(self, interval=_REST_MS, singleShot=True)
        self._soon.timeout.connect(self._sift)
        self._connect()
        self._say()

    def _dress_table(self) -> None:
        table = self.table
        table.setModel(self.model)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        triggers = QAbstractItemView.EditTrigger
        table.setEditTriggers(triggers.SelectedClicked | triggers.AnyKeyPressed | triggers.EditKeyPressed)
        table.setSortingEnabled(True)
        table.horizontalHeader().setSortIndicator(-1, table.horizontalHeader().sortIndicatorOrder())
        table.horizontalHeader().setResizeContentsPrecision(_SAMPLED_ROWS)
        table.horizontalHeader().setHighlightSections(False)
        table.setAlternatingRowColors(True)
        table.setShowGrid(False)
        table.setTabKeyNavigation(False)
        table.setWordWrap(False)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(24)
        table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)

    def _connect(self) -> None:
        session = self._session
        self.subject.activated.connect(lambda _: self._fill())
        self.show_only.activated.connect(lambda _: self._sift())
        self.search.textChanged.connect(lambda _: self._soon.start())
        self.all_columns.toggled.connect(lambda _: self._fill())
        self.copy.clicked.connect(self.copy_rows)
        self.table.copy_wanted.connect(self.copy_rows)
        self.table.paste_wanted.connect(self.paste)
        self.table.doubleClicked.connect(lambda _: self._visit())
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._on_rows_chosen())
        self.model.edited.connect(self._on_edited)
        session.planner.planned.connect(self._on_planned)
        session.document.selected.connect(self._on_selected)
        session.speech.changed.connect(self._say)

    # filling

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self._on_planned()

    def _say(self) -> None:
        say = self._session.speech
        for label, code in zip(self._labels, ("subject", "find", "show"), strict=True):
            label.setText(say(f"window.table.{code}"))
        for widget, code in ((self.subject, "subject"), (self.search, "find"), (self.show_only, "show")):
            widget.setAccessibleName(say(f"window.table.{code}"))
        self.search.setPlaceholderText(say("window.table.find-hint"))
        self.all_columns.setText(say("window.table.all-columns"))
        self.copy.setText(say("window.table.copy"))
        self.table.setAccessibleName(say("window.dock.table"))
        self.table.setToolTip(say("window.table.edit-hint"))
        self.model.unknown = say("window.table.unknown")
        self._on_planned()

    def _on_planned(self) -> None:
        self._stale = not self.isVisible()
        if self._stale:
            return
        plan = self._session.planner.plan
        self._fill_choices(plan)
        self._fill()

    def _fill_choices(self, plan: Plan | None) -> None:
        say, chosen, only = self._session.speech, self.subject.currentData(), self.show_only.currentData()
        self.subject.clear()
        self.show_only.clear()
        if plan is None:
            return
        self.subject.addItem(_headed(say("window.role.neighbourhoods")), NEIGHBOURHOODS)
        if len(plan.areas):
            self.subject.addItem(_headed(say("window.role.areas")), AREAS)
        for layer in plan.project.layers:
            if layer.role is not Role.NEIGHBOURHOODS:
                name = say("window.layers.further", name=say(f"window.role.{layer.role}"), title=layer.title)
                self.subject.addItem(_headed(name), layer.key)
        for code, text in ((ALL, "everything"), (OUTSIDE, "unassigned"), (CHOSEN, "selected")):
            self.show_only.addItem(say(f"window.table.{text}"), code)
        for area, name in plan.areas["name"].items():
            self.show_only.addItem(say("window.table.in-area", name=str(name)), int(area))
        self.subject.setCurrentIndex(max(0, self.subject.findData(chosen)))
        self.show_only.setCurrentIndex(max(0, self.show_only.findData(only)))

    def _fill(self) -> None:
        plan, subject = self._session.planner.plan, self.subject.currentData()
        if plan is None or subject is None:
            return
        self._canvas.overlay.clear("table")
        sheet = sheet_of(plan, subject, self._session.speech)
        shown = self.all_columns.isChecked()
        columns = tuple(c for c in sheet.columns if shown or c.key not in sheet.extra)
        old = [column.key for column in self.model.columns]
        self.model.may_edit = self._session.document.holder is None
        tips, by_hand = self._tips(plan) if subject == NEIGHBOURHOODS else ({}, frozenset())
        self.model.by_hand = by_hand
        self._following = True
        self.model.set_sheet(sheet, columns, tips)
        self._following = False
        self.show_only.setEnabled(subject == NEIGHBOURHOODS)
        if [column.key for column in columns] != old:
            self.table.resizeColumnsToContents()
            header = self.table.horizontalHeader()
            for section in range(header.count()):
                header.resizeSection(section, min(header.sectionSize(section) + 6, WIDEST_PX))
        self._sift()

    def _tips(self, plan: Plan) -> tuple[dict[tuple[int, str], str], frozenset[tuple[int, str]]]:
        """What was written where a value was not plain, and which values somebody typed here."""
        layer, say = plan.project.neighbourhoods, self._session.speech
        assert layer is not None
        table = layer.readings
        tips, by_hand = {}, set()
        for fid, name, raw, method in zip(
            table["fid"], table["field"], table["raw"], table["method"], strict=True
        ):
            key = (int(fid), str(name))
            if method == BY_HAND:
                by_hand.add(key)
                tips[key] = say("window.table.by-hand", text=raw or self.model.unknown)
            else:
                tips[key] = say("window.table.read", raw=raw)
        return tips, frozenset(by_hand)

    def _sift(self) -> None:
        self._following = True
        self.model.sift(self.search.text(), self._among())
        self._following = False
        say = self._session.speech
        shown, total = f"{self.model.rowCount():,}", f"{len(self.model.sheet.ids):,}"
        self.count.setText(say("window.table.rows", shown=shown, total=total))
        self._mark_chosen()

    def _among(self) -> npt.NDArray[np.bool_] | None:
        plan, only = self._session.planner.plan, self.show_only.currentData()
        if plan is None or self.model.sheet.subject != NEIGHBOURHOODS or only in (None, ALL):
            return None
        if only == CHOSEN:
            return np.isin(self.model.sheet.ids, list(self._chosen))
        wanted = UNASSIGNED if only == OUTSIDE else only
        found: npt.NDArray[np.bool_] = plan.neighbourhoods["area_id"].to_numpy() == wanted
        return found

    # choosing

    def _on_selected(self) -> None:
        """The map, a list or an undo step has chosen; what this table itself chose does not sift it anew."""
        if self._following or self._stale:
            return
        self._chosen = self._session.document.selection.fids
        if self.show_only.currentData() == CHOSEN:
            self._sift()
        else:
            self._mark_chosen()

    def _mark_chosen(self) -> None:
        selection = self._session.document.selection
        subject = self.model.sheet.subject
        if subject == NEIGHBOURHOODS:
            rows = self.model.rows_of(selection.fids)
        elif subject == AREAS:
            rows = self.model.rows_of(frozenset() if selection.area is None else frozenset({selection.area}))
        else:
            return
        chosen, last = QItemSelection(), self.model.columnCount() - 1
        for run in np.split(rows, np.flatnonzero(np.diff(rows) > 1) + 1) if len(rows) else ():
            chosen.select(self.model.index(int(run[0]), 0), self.model.index(int(run[-1]), last))
        self._following = True
        self.table.selectionModel().select(chosen, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self._following = False
        if len(rows) and not self.table.hasFocus():
            at = self.model.index(int(rows[0]), max(self.table.columnAt(0), 0))
            self.table.scrollTo(at)

    def _on_rows_chosen(self) -> None:
        plan = self._session.planner.plan
        if self._following or plan is None:
            return
        ids = [self.model.id_at(index.row()) for index in self.table.selectionModel().selectedRows()]
        self._following = True
        if self.model.sheet.subject == NEIGHBOURHOODS:
            document = self._session.document
            document.select(ids, document.area_of(ids))
        elif self.model.sheet.subject == AREAS:
            self._session.document.select((), ids[0] if ids else None)
        else:
            self._canvas.overlay.show("table", self._shapes(plan, ids), stroke=SELECTION, width=3.0, level=5)
        self._following = False

    def _shapes(self, plan: Plan, ids: list[int]) -> Any:
        layer = plan.project.layer(self.model.sheet.subject)
        return [] if layer is None else layer.frame.geometry.loc[ids].to_list()

    def _visit(self) -> None:
        """Zoom to what is in the row that was double-clicked."""
        plan, index = self._session.planner.plan, self.table.currentIndex()
        if plan is None or not index.isValid():
            return
        subject, thing = self.model.sheet.subject, self.model.id_at(index.row())
        frame = plan.neighbourhoods if subject == NEIGHBOURHOODS else plan.areas if subject == AREAS else None
        shape = self._shapes(plan, [thing])[0] if frame is None else frame.geometry.loc[thing]
        self.visited.emit(shape.bounds)

    # editing, copying and pasting

    def _on_edited(self, thing: int, field: str, text: str) -> None:
        if self.model.sheet.subject == AREAS:
            self.area_named.emit(thing, text)
        else:
            self.value_given.emit(thing, field, text)

    def refuse(self, thing: int, field: str) -> None:
        """The value was not taken: show the old one again."""
        self.model.forget(thing, field)
        self.table.viewport().update()

    def paste(self) -> None:
        """Give the cells from the current one on what the clipboard holds."""
        at, values = self.table.currentIndex(), read_block(QGuiApplication.clipboard().text())
        if not at.isValid() or not values or not self.model.may_edit:
            return
        rows = sorted(index.row() for index in self.table.selectionModel().selectedRows())
        self.block_given.emit(lay_block(self.model, values, (at.row(), at.column()), rows))

    def copy_rows(self) -> None:
        """Put the chosen rows, or all that are seen, into the clipboard with their headings."""
        chosen = sorted(index.row() for index in self.table.selectionModel().selectedRows())
        rows = chosen or range(self.model.rowCount())
        lines = ["\t".join(column.title for column in self.model.columns)]
        columns = range(self.model.columnCount())
        lines += ["\t".join(self.model.plain(row, column) for column in columns) for row in rows]
        QGuiApplication.clipboard().setText("\n".join(lines))


def _headed(text: str) -> str:
    """A word that begins a line of a list."""
    return text[:1].upper() + text[1:]
