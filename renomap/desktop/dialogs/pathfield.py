"""A file name to be typed or looked for, and where a finished file is."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget

from renomap.session.speech import Speech


class PathField(QWidget):
    """The path of a file to be written; ``kinds`` is the filter of the file dialog."""

    changed = Signal()

    def __init__(self, speech: Speech, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._speech = speech
        self.kinds = ""
        self.text = QLineEdit()
        self.text.setAccessibleName(name)
        self.browse = QPushButton(speech("window.browse"))
        self.browse.setAutoDefault(False)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.text, 1)
        row.addWidget(self.browse)
        self.setFocusProxy(self.text)
        self.text.textChanged.connect(lambda _: self.changed.emit())
        self.browse.clicked.connect(self._on_browse)

    @property
    def path(self) -> Path | None:
        """What is written there, or None where nothing is."""
        text = self.text.text().strip()
        return Path(text).expanduser() if text else None

    def set_path(self, path: Path) -> None:
        """Write a path there."""
        self.text.setText(str(path))

    def _on_browse(self) -> None:
        # That a file is replaced stands below the field, in plain sight: asked once is enough.
        keep = QFileDialog.Option.DontConfirmOverwrite
        title = self.text.accessibleName()
        name, _ = QFileDialog.getSaveFileName(
            self.window(), title, self.text.text(), self.kinds, options=keep
        )
        if name:
            self.text.setText(name)


class WrittenLine(QWidget):
    """Says what was written, with buttons that show it."""

    def __init__(self, speech: Speech, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._path: Path | None = None
        self.told = QLabel(wordWrap=True)
        self.open_file, self.open_folder = (
            QPushButton(speech(f"window.export.open-{what}")) for what in ("file", "folder")
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.told, 1)
        for button in (self.open_file, self.open_folder):
            button.setAutoDefault(False)
            row.addWidget(button)
        self.open_file.clicked.connect(lambda: self._show(self._path))
        self.open_folder.clicked.connect(lambda: self._show(self._path.parent if self._path else None))
        self.tell("")

    def tell(self, text: str, written: Path | None = None) -> None:
        """Show a sentence; the buttons where there is a file to look at."""
        self._path = written
        self.told.setText(text)
        self.open_file.setVisible(written is not None)
        self.open_folder.setVisible(written is not None)

    def _show(self, path: Path | None) -> None:
        if path is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
