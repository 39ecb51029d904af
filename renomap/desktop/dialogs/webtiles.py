"""An address of tiles and the key for it, as the user has them from a map service."""

from __future__ import annotations

from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFormLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from renomap.desktop.dialogs.answers import answer_box
from renomap.errors import RenomapError
from renomap.model.underlay import Underlay
from renomap.session.speech import Speech
from renomap.sources.webtiles import open_web_tiles


class WebTilesDialog(QDialog):
    """Nothing is asked for before the box is ticked; the key stays on this machine, not in the project."""

    def __init__(self, speech: Speech, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._speech = speech
        self.setWindowTitle(speech("window.tiles.title"))
        self.setMinimumWidth(560)
        self.name = QLineEdit(speech("window.tiles.name-first"))
        self.address = QLineEdit()
        self.address.setPlaceholderText("https://…/{z}/{x}/{y}.png?tk={key}")
        self.key = QLineEdit()
        self.shifted = QCheckBox(speech("window.underlay.gcj02"))
        self.online = QCheckBox(speech("window.underlay.online"))
        form = QFormLayout()
        for field, code in ((self.name, "name"), (self.address, "address"), (self.key, "key")):
            field.setAccessibleName(speech(f"window.tiles.{code}"))
            form.addRow(speech(f"window.tiles.{code}"), field)
        form.addRow("", self.shifted)
        form.addRow("", self.online)
        self.told = QLabel(speech("window.tiles.hint"), wordWrap=True)
        self.told.setProperty("role", "faint")
        buttons, self.take = answer_box(self, speech("window.tiles.take"), speech("window.cancel"))
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addWidget(self.told)
        layout.addWidget(buttons)

    @property
    def picture(self) -> Underlay:
        """The underlay that was described."""
        address = self.address.text().strip()
        return Underlay(address, self.name.text().strip() or address, gcj02=self.shifted.isChecked())

    def accept(self) -> None:
        """Take the address, or say what is wrong with it."""
        try:
            open_web_tiles(self.picture.path)
        except RenomapError as fault:
            self.told.setText(self._speech.error(fault))
            return
        super().accept()
