"""The question before a file is overwritten that somebody has changed since it was opened."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from renomap.desktop.dialogs.changes import ChangeTree
from renomap.session.speech import Speech


class OverwritingDialog(QDialog):
    """Shows what the file has that the open project has not, and asks what to do."""

    overwrite_wanted = Signal(object)
    save_as_wanted = Signal()

    def __init__(
        self, speech: Speech, path: Path, changes: pd.DataFrame | None, parent: QWidget | None = None
    ) -> None:
        """``changes`` leads from the open project to the file; None where that is no project any more."""
        super().__init__(parent)
        self.setWindowTitle(speech("window.overwriting.title"))
        listed = changes is not None and len(changes) > 0
        self.resize(620, 380 if listed else 140)
        code = "window.overwriting.text" if listed else "window.overwriting.elsewhere"
        if changes is None:
            code = "window.overwriting.unreadable"
        told = QLabel(speech(code, path=str(path)), wordWrap=True)
        self.tree = ChangeTree(speech)
        self.tree.set_changes(changes)
        self.tree.expandAll()
        self.tree.setVisible(listed)
        buttons = QDialogButtonBox()
        role = QDialogButtonBox.ButtonRole
        self.overwrite = buttons.addButton(speech("window.overwriting.overwrite"), role.DestructiveRole)
        self.save_as = buttons.addButton(speech("window.action.save-as"), role.AcceptRole)
        cancel = buttons.addButton(speech("window.cancel"), role.RejectRole)
        self.overwrite.setAutoDefault(False)
        self.save_as.setDefault(True)
        self.save_as.clicked.connect(lambda: self._answer(self.save_as_wanted.emit))
        self.overwrite.clicked.connect(lambda: self._answer(lambda: self.overwrite_wanted.emit(path)))
        cancel.clicked.connect(self.reject)
        layout = QVBoxLayout(self)
        for widget in (told, self.tree, buttons):
            layout.addWidget(widget)
        if not listed:
            layout.insertStretch(1)

    def _answer(self, act: Callable[[], None]) -> None:
        self.accept()
        act()
