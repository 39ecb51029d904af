"""What is known of a neighbourhood that was drawn in: its name and, if anybody knows, its households."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from renomap.desktop.dialogs.answers import answer_box
from renomap.session.speech import Speech

_MOST_HOUSEHOLDS = 99_999


@dataclass(frozen=True)
class NewNeighbourhood:
    """What the planner says of a new neighbourhood: name, households, or the row of the list it is."""

    name: str = ""
    households: float | None = None
    row: int | None = None


class MissingDialog(QDialog):
    """Name, chosen from those that wait for a place or written anew, and households, which may be unknown."""

    def __init__(self, speech: Speech, waiting: pd.DataFrame, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        names = waiting["name"].dropna()
        self._waiting = dict(zip(names.astype(str), names.index.astype(int).tolist(), strict=True))
        self.setWindowTitle(speech("window.missing.title"))
        self.name = QComboBox(editable=True, minimumContentsLength=22)
        self.name.addItems(list(self._waiting))
        self.name.setCurrentText("")
        self.name.setAccessibleName(speech("window.missing.name"))
        self.households = QSpinBox()
        self.households.setRange(0, _MOST_HOUSEHOLDS)
        self.households.setAccessibleName(speech("window.missing.households"))
        self.households.setEnabled(False)
        self.unknown = QCheckBox(speech("window.missing.unknown"))
        self.unknown.setChecked(True)
        self.unknown.toggled.connect(lambda on: self.households.setEnabled(not on))
        self.listed = QLabel(speech("window.missing.listed"), wordWrap=True)
        self.listed.hide()
        self.name.currentTextChanged.connect(self._on_named)
        row = QHBoxLayout()
        row.addWidget(self.households, 1)
        row.addWidget(self.unknown)
        form = QFormLayout()
        form.addRow(speech("window.missing.name"), self.name)
        form.addRow(speech("window.missing.households"), row)
        hint = QLabel(speech("window.missing.hint"), wordWrap=True)
        hint.setProperty("role", "faint")
        buttons, _ = answer_box(self, speech("window.missing.take"), speech("window.cancel"))
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addWidget(self.listed)
        layout.addWidget(hint)
        layout.addWidget(buttons)
        self.name.setFocus()

    @property
    def answer(self) -> NewNeighbourhood:
        """What was filled in, or which row of the list it is, whose values come along."""
        name = self.name.currentText().strip()
        if name in self._waiting:
            return NewNeighbourhood(name, row=self._waiting[name])
        return NewNeighbourhood(name, None if self.unknown.isChecked() else float(self.households.value()))

    def _on_named(self, name: str) -> None:
        listed = name.strip() in self._waiting
        self.listed.setVisible(listed)
        self.unknown.setEnabled(not listed)
        self.households.setEnabled(not listed and not self.unknown.isChecked())
