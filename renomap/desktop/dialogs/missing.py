"""What is known of a neighbourhood that was drawn in: its name and, if anybody knows, its households."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from renomap.editing.missing import NewNeighbourhood
from renomap.session.speech import Speech

_MOST_HOUSEHOLDS = 99_999


class MissingDialog(QDialog):
    """Name, chosen from those that wait for a place or written anew, and households, which may be unknown."""

    def __init__(
        self, speech: Speech, waiting: Sequence[NewNeighbourhood] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._waiting = {item.name: item for item in waiting}
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
        self.name.currentTextChanged.connect(self._on_named)
        row = QHBoxLayout()
        row.addWidget(self.households, 1)
        row.addWidget(self.unknown)
        form = QFormLayout()
        form.addRow(speech("window.missing.name"), self.name)
        form.addRow(speech("window.missing.households"), row)
        hint = QLabel(speech("window.missing.hint"), wordWrap=True)
        hint.setProperty("role", "faint")
        buttons = QDialogButtonBox()
        take = buttons.addButton(speech("window.missing.take"), QDialogButtonBox.ButtonRole.AcceptRole)
        take.setDefault(True)
        buttons.addButton(speech("window.cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addWidget(hint)
        layout.addWidget(buttons)
        self.name.setFocus()

    @property
    def told(self) -> NewNeighbourhood:
        """What was filled in, with everything else that is known of a name that was waiting."""
        name = self.name.currentText().strip()
        waiting = self._waiting.get(name, NewNeighbourhood())
        households = None if self.unknown.isChecked() else float(self.households.value())
        return NewNeighbourhood(name, households, waiting.values)

    def _on_named(self, name: str) -> None:
        known = self._waiting.get(name.strip())
        if known is not None and known.households is not None:
            self.unknown.setChecked(False)
            self.households.setValue(round(known.households))
