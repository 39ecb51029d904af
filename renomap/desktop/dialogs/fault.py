"""The dialog for a fault of our own: what happened, ready to be copied and sent."""

from __future__ import annotations

import platform
import traceback

from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from renomap import __version__
from renomap.session.speech import Speech


class FaultDialog(QDialog):
    """Says that nothing is lost, shows the traceback, copies it."""

    def __init__(self, fault: BaseException, speech: Speech, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(speech("window.fault.title"))
        self.resize(640, 360)
        told = QLabel(speech("window.fault.text"), wordWrap=True)
        system = f"renomap {__version__}, Python {platform.python_version()}, {platform.platform()}"
        trace = "".join(traceback.format_exception(fault))
        self.details = QPlainTextEdit(f"{system}\n\n{trace}", readOnly=True)
        self.details.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.details.setAccessibleName(speech("window.fault.title"))
        buttons = QDialogButtonBox()
        copy = buttons.addButton(speech("window.fault.copy"), QDialogButtonBox.ButtonRole.ActionRole)
        close = buttons.addButton(speech("window.close"), QDialogButtonBox.ButtonRole.RejectRole)
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.details.toPlainText()))
        close.clicked.connect(self.reject)
        layout = QVBoxLayout(self)
        for widget in (told, self.details, buttons):
            layout.addWidget(widget)
