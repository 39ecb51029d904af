"""What a corrected survey changes in the open project, row by row."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from renomap.outputs.numbers import Figures
from renomap.session.speech import Speech

KINDS: Final = ("added", "removed", "renamed", "moved", "changed", "kept")
#: Rows shown of each kind; the count tells of the others.
MOST: Final = 500


class ChangeTree(QTreeWidget):
    """A branch for each kind of difference, with its count."""

    def __init__(self, speech: Speech, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._speech = speech
        self.setHeaderLabels(
            [speech(f"window.changes.{name}") for name in ("name", "field", "before", "after")]
        )
        self.setAccessibleName(speech("window.changes.title"))
        self.setAlternatingRowColors(True)
        self.header().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)

    def set_changes(self, changes: pd.DataFrame | None) -> None:
        """Show the differences, ``sources.update.CHANGE_COLUMNS``; None or none says so."""
        self.clear()
        say = self._speech
        if changes is None or changes.empty:
            self._branch(say("window.changes.none"))
            return
        for kind in KINDS:
            rows = changes[changes["kind"] == kind]
            if rows.empty:
                continue
            branch = self._branch(say(f"window.changes.{kind}", count=len(rows)))
            branch.addChildren([self._row(row) for row in rows.head(MOST).to_dict("records")])
            if len(rows) > MOST:
                branch.addChild(QTreeWidgetItem([say("window.changes.more", count=len(rows) - MOST)]))
            branch.setExpanded(kind in ("added", "removed"))

    def _branch(self, text: str) -> QTreeWidgetItem:
        branch = QTreeWidgetItem(self, [text])
        branch.setFirstColumnSpanned(True)
        font = branch.font(0)
        font.setBold(True)
        branch.setFont(0, font)
        return branch

    def _row(self, row: dict[Any, Any]) -> QTreeWidgetItem:
        say = self._speech
        name = row["name"] if isinstance(row["name"], str) else say("window.changes.nameless")
        field, before, after = row.get("field"), row.get("before"), row.get("after")
        if row["kind"] == "moved":
            return QTreeWidgetItem([f"{name} ({row['fid']})", "", "", say("window.changes.metres", by=after)])
        label = say.words.get(f"field.{field}", str(field)) if isinstance(field, str) else ""
        values = [self._value(value) if label else "" for value in (before, after)]
        return QTreeWidgetItem([f"{name} ({row['fid']})", label, *values])

    def _value(self, value: Any) -> str:
        if value is None or value != value:
            return self._speech("window.changes.unknown")
        figures = Figures(self._speech.words)
        return figures.number(value) if isinstance(value, float | int) else str(value)
