"""The attribute table as Qt sees it: rows as positions, texts written when they are looked at."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor

from renomap.desktop.look import ACCENT, FAINT
from renomap.desktop.panels.table_columns import ShownColumn, ShownTable

_Index = QModelIndex | QPersistentModelIndex
_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
Positions = npt.NDArray[np.intp]


class TableModel(QAbstractTableModel):
    """A sheet, of which the rows of ``order`` and the columns of ``columns`` are seen.

    Sorting and sifting never touch the cells, only the order of positions, so that thousands of rows take a
    few milliseconds. What is unknown stays at the end, whichever way the rows are sorted.
    """

    edited = Signal(int, str, str)

    def __init__(self, unknown: str = "—", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.sheet = ShownTable("", np.array([], dtype=np.int64))
        self.columns: tuple[ShownColumn, ...] = ()
        self.order: Positions = np.array([], dtype=np.intp)
        self.unknown = unknown
        self.may_edit = False
        self.tips: dict[tuple[int, str], str] = {}
        self.by_hand: frozenset[tuple[int, str]] = frozenset()
        self._kept: npt.NDArray[np.bool_] = np.array([], dtype=bool)
        self._sorted_by: tuple[str, bool] = ("", True)
        self._pending: dict[tuple[int, str], str] = {}
        self._texts: list[str] | None = None

    # what is shown

    def set_sheet(
        self, sheet: ShownTable, columns: tuple[ShownColumn, ...], tips: dict[tuple[int, str], str]
    ) -> None:
        """Show another table, or the same with other values; ``tips`` say where a value comes from."""
        same = np.array_equal(sheet.ids, self.sheet.ids) and sheet.subject == self.sheet.subject
        same = same and [c.key for c in columns] == [c.key for c in self.columns]
        kept = self._kept if same else np.ones(len(sheet.ids), dtype=bool)

        def put() -> None:
            self.sheet, self.columns, self.tips, self._kept = sheet, columns, tips, kept
            self._pending.clear()
            self._texts = None
            self._arrange()

        if same:
            self._rearrange(put)
        else:
            self.beginResetModel()
            put()
            self.endResetModel()

    def sift(self, text: str, among: npt.NDArray[np.bool_] | None) -> None:
        """Show only rows with the text in one of their texts that are also ``among`` those marked."""
        kept = np.ones(len(self.sheet.ids), dtype=bool) if among is None else among.copy()
        for word in text.casefold().split():
            kept &= self._containing(word)

        def put() -> None:
            self._kept = kept
            self._arrange()

        self._rearrange(put)

    def id_at(self, row: int) -> int:
        """Id of the thing in a row that is seen."""
        return int(self.sheet.ids[self.order[row]])

    def rows_of(self, ids: frozenset[int]) -> Positions:
        """Rows, as they are seen, of these things, ascending."""
        return np.flatnonzero(np.isin(self.sheet.ids[self.order], list(ids)))

    def plain(self, row: int, column: int) -> str:
        """A value as a spreadsheet takes it: digits without groups, empty where unknown."""
        position, shown = int(self.order[row]), self.columns[column]
        value = shown.values[position]
        if pd.isna(value):
            return ""
        if shown.is_number and shown.key != "year":
            return f"{float(value):.10g}"
        return " ".join(shown.text(position).split())

    # Qt

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.order)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.columns)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal or section >= len(self.columns):
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.title[:1].upper() + column.title[1:]
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{column.title} ({column.tip})" if column.tip else column.title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if column.is_number else _LEFT
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        column, position = self.columns[index.column()], int(self.order[index.row()])
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if column.is_number else _LEFT
        key = (int(self.sheet.ids[position]), column.field or column.key)
        if role == Qt.ItemDataRole.DisplayRole:
            return self._pending.get(key) or column.text(position) or self.unknown
        if role == Qt.ItemDataRole.EditRole:
            return self._pending.get(key) or column.text(position)
        if role == Qt.ItemDataRole.ForegroundRole:
            if key in self._pending or key in self.by_hand:
                return QColor(ACCENT)
            return None if column.text(position) else QColor(FAINT)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self.tips.get(key) or column.text(position) or None
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        can = self.may_edit and index.isValid() and self.columns[index.column()].field
        return flags | Qt.ItemFlag.ItemIsEditable if can else flags

    def setData(self, index: _Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        column, position = self.columns[index.column()], int(self.order[index.row()])
        text = str(value).strip()
        if role != Qt.ItemDataRole.EditRole or not column.field or text == column.text(position):
            return False
        key = (int(self.sheet.ids[position]), column.field)
        self._pending[key] = text or self.unknown  # until the plan answers
        self.edited.emit(*key, text)
        return True

    def forget(self, fid: int, field: str) -> None:
        """Show the old value again: the new one was refused."""
        self._pending.pop((fid, field), None)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        key = self.columns[column].key if 0 <= column < len(self.columns) else ""

        def put() -> None:
            self._sorted_by = (key, order == Qt.SortOrder.AscendingOrder)
            self._arrange()

        self._rearrange(put)

    def _rearrange(self, put: Callable[[], None]) -> None:
        """Let ``put`` change which rows are where; what is chosen or being edited stays with its row."""
        self.layoutAboutToBeChanged.emit()
        old = self.persistentIndexList()
        positions = [int(self.order[index.row()]) for index in old]
        put()
        rows = {int(position): row for row, position in enumerate(self.order)}
        new = [
            self.index(rows[position], index.column()) if position in rows else QModelIndex()
            for index, position in zip(old, positions, strict=True)
        ]
        self.changePersistentIndexList(old, new)
        self.layoutChanged.emit()

    def _arrange(self) -> None:
        rows = np.flatnonzero(self._kept)
        key, ascending = self._sorted_by
        column = next((c for c in self.columns if c.key == key), None)
        if column is not None:
            rows = rows[_order(column.values[rows], ascending)]
        self.order = rows

    def _containing(self, word: str) -> npt.NDArray[np.bool_]:
        if self._texts is None:
            columns = [c.values for c in self.sheet.columns if not c.is_number]
            self._texts = [
                "\n".join(str(values[i]) for values in columns if values[i]).casefold()
                for i in range(len(self.sheet.ids))
            ]
        return np.fromiter((word in text for text in self._texts), dtype=bool, count=len(self._texts))


def _order(values: npt.NDArray[Any], ascending: bool) -> Positions:
    """Stable order of values; unknown ones last in both directions."""
    unknown = pd.isna(values)
    known = np.flatnonzero(~unknown)
    ranked = values[known]
    if ranked.dtype == object:
        _, ranked = np.unique(ranked.astype(str), return_inverse=True)
    places = np.argsort(ranked if ascending else -ranked, kind="stable")
    return np.concatenate([known[places], np.flatnonzero(unknown)])
