"""One table of the programme as Qt sees it: the rows of what is chosen, and an empty one to type into."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor

from renomap.desktop.look import FAINT
from renomap.model.programme_columns import TABLES, CellKind
from renomap.session.speech import Speech
from renomap.sources.programme_words import Names
from renomap.steps.programme_edit import NEIGHBOURHOOD, STAMPED, editable, is_number, unknown

_Index = QModelIndex | QPersistentModelIndex
#: Columns that hold a share.
SHARES: Final = ("fee_rate",)
#: The label of the empty row below the others.
NEW: Final = 0


class ProgrammeModel(QAbstractTableModel):
    """Rows of one table in the order of their ids; a text that is typed goes out through ``edited``."""

    edited = Signal(int, str, str)

    def __init__(self, speech: Speech, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._say = speech
        self.table = "works"
        self.frame = pd.DataFrame()
        #: The columns of the frame, for a cell is much dearer by way of the frame.
        self._values: Mapping[str, Any] = {}
        self.columns: tuple[str, ...] = ()
        self.names: Mapping[str, Names] = {}
        self.places: Mapping[int, str] = {}
        self.projects: Mapping[int, str] = {}
        self.buildings: Mapping[int, str] = {}
        self.may_edit = False

    def show(self, table: str, frame: pd.DataFrame) -> None:
        """Show these rows; the same rows with other values keep the cell that is chosen."""
        columns = tuple(column for column in editable(table) if column != "exited")
        columns += STAMPED.get(table, ())
        values = {str(name): column.array for name, column in frame.items()}
        same = table == self.table and frame.index.equals(self.frame.index) and columns == self.columns
        if same:
            self.frame, self._values = frame, values
            if not self.rowCount():
                return
            last = self.index(self.rowCount() - 1, self.columnCount() - 1)
            self.dataChanged.emit(self.index(0, 0), last)
            return
        self.beginResetModel()
        self.table, self.frame, self._values, self.columns = table, frame, values, columns
        self.endResetModel()

    def label_at(self, row: int) -> int:
        """Id of the row that is seen there; ``NEW`` of the empty one."""
        return int(self.frame.index[row]) if row < len(self.frame) else NEW

    def text(self, row: int, column: int) -> str:
        """A value as it is read and typed; '' unknown."""
        if row >= len(self.frame):
            return ""
        name = self.columns[column]
        value = self._values[name][row]
        if name == NEIGHBOURHOOD:
            return self._place(row, int(value))
        if name == "building":
            return self.buildings.get(int(value), str(value)) if value else ""
        return self.worded(name, value)

    def worded(self, name: str, value: Any) -> str:
        """A value of a column in words."""
        if unknown(value):
            return ""
        about = TABLES[self.table][name]
        if about.of is not None:
            return self._say(f"programme.word.{name}.{value}")
        if about.kind is CellKind.YEAR:
            return f"{int(value)}"
        if about.kind is CellKind.FLAG:
            return "✓" if value else ""
        if name in SHARES:
            return f"{100 * float(value):.6g}%"
        if is_number(self.table, name):
            return f"{float(value):,.6g}" if about.kind is CellKind.NUMBER else f"{float(value):,.0f}"
        if name == "scope":
            known = self.names.get("item", {})
            return self._say("list.between").join(self._scope(part, known) for part in str(value).split())
        named = self.names.get(name, {}).get(str(value))
        return str(value) if not named else named[0 if self._say.language == "zh" else 1]

    def _scope(self, key: str, items: Names) -> str:
        if key in items:
            return items[key][0 if self._say.language == "zh" else 1]
        return self._say.words.get(f"category.{key}", key)

    def _place(self, row: int, fid: int) -> str:
        if fid:
            return self.places.get(fid, str(fid))
        project = int(self._values["project"][row]) if "project" in self._values else 0
        return self.projects.get(project, "")

    # Qt

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.frame) + (1 if self.may_edit else 0)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.columns)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role != Qt.ItemDataRole.DisplayRole or section < 0:
            return None
        if orientation == Qt.Orientation.Vertical:
            return "＋" if section >= len(self.frame) else str(section + 1)
        if section >= len(self.columns):
            return None
        text = self._say(f"programme.{self.table}.{self.columns[section]}")
        return text[:1].upper() + text[1:]

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        name = self.columns[index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if is_number(self.table, name) else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ForegroundRole and self._is_proposed(index.row()):
            return QColor(FAINT)
        if role == Qt.ItemDataRole.ToolTipRole and self._is_proposed(index.row()):
            return self._say("window.programme.proposed")
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole, Qt.ItemDataRole.ToolTipRole):
            return self.text(index.row(), index.column())
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        if not self.may_edit or not index.isValid():
            return flags
        stamped = self.columns[index.column()] in STAMPED.get(self.table, ())
        return flags if stamped else flags | Qt.ItemFlag.ItemIsEditable

    def setData(self, index: _Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        text = str(value).strip()
        if role != Qt.ItemDataRole.EditRole or text == self.text(index.row(), index.column()):
            return False
        self.edited.emit(self.label_at(index.row()), self.columns[index.column()], text)
        return True

    def _is_proposed(self, row: int) -> bool:
        origins = self._values.get("origin", ())
        return row < len(origins) and origins[row] == "proposed"
