"""How a picture under the map is shown: its strength, whether its tiles are shifted, and taking it away."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLabel, QPushButton, QSlider, QWidget

from renomap.model.underlay import Underlay
from renomap.session.session import Session
from renomap.sources.webtiles import is_address

_REST_MS = 250


class PictureBar(QWidget):
    """Stands under the list of layers while a picture is the current line."""

    changed = Signal(object)
    removed = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._picture: Underlay | None = None
        self._label = QLabel()
        self.opacity = QSlider(Qt.Orientation.Horizontal)
        self.opacity.setRange(10, 100)
        self.opacity.setPageStep(10)
        self._label.setBuddy(self.opacity)
        self.shifted = QCheckBox()
        self.online = QCheckBox()
        self.remove = QPushButton()
        self.remove.setProperty("flat", True)
        grid = QGridLayout(self)
        grid.setContentsMargins(8, 6, 8, 0)
        grid.addWidget(self._label, 0, 0)
        grid.addWidget(self.opacity, 0, 1)
        grid.addWidget(self.shifted, 1, 0, 1, 2)
        grid.addWidget(self.online, 2, 0, 1, 3)
        grid.addWidget(self.remove, 0, 2)
        grid.setColumnStretch(1, 1)
        # One undo step for a drag of the slider, not one for each of its values.
        self._soon = QTimer(self, interval=_REST_MS, singleShot=True)
        self._soon.timeout.connect(self._tell)
        self.opacity.valueChanged.connect(lambda _: self._soon.start())
        self.shifted.toggled.connect(lambda _: self._tell())
        self.online.toggled.connect(self._on_online)
        self.remove.clicked.connect(self._on_removed)
        session.speech.changed.connect(self._say)
        self._say()
        self.hide()

    def show_picture(self, picture: Underlay | None) -> None:
        """Speak of this picture, or of none."""
        self._soon.stop()
        self._picture = None
        if picture is not None:
            self.opacity.setValue(round(100 * picture.opacity))
            self.shifted.setChecked(picture.gcj02)
            self.online.setVisible(is_address(picture.path))
            self.online.setChecked(self._session.tiles.is_allowed(picture.path))
            self._soon.stop()
        self._picture = picture
        self.setVisible(picture is not None)

    def _say(self) -> None:
        say = self._session.speech
        self._label.setText(say("window.underlay.opacity"))
        self.opacity.setAccessibleName(say("window.underlay.opacity"))
        self.shifted.setText(say("window.underlay.gcj02"))
        self.shifted.setToolTip(say("window.underlay.gcj02-tip"))
        self.online.setText(say("window.underlay.online"))
        self.online.setToolTip(say("window.underlay.online-tip"))
        self.remove.setText(say("window.underlay.remove"))

    def _tell(self) -> None:
        if self._picture is None:
            return
        now = replace(self._picture, opacity=self.opacity.value() / 100, gcj02=self.shifted.isChecked())
        if now != self._picture:
            self._picture = now
            self.changed.emit(now)

    def _on_online(self, allowed: bool) -> None:
        """Let this machine ask the service, or no longer: a setting of the machine, not of the project."""
        if self._picture is not None:
            self._session.tiles.allow(self._picture.path, allowed)

    def _on_removed(self) -> None:
        if self._picture is not None:
            self.removed.emit(self._picture.path)
