"""The application: start-up order, language, last resort for faults of our own."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import (
    QLibraryInfo,
    QMessageLogContext,
    QTimer,
    QtMsgType,
    QTranslator,
    qInstallMessageHandler,
)
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from renomap.assets import resource
from renomap.desktop import input_method, look
from renomap.desktop.housekeeping import Housekeeper
from renomap.desktop.verbs import file
from renomap.desktop.window import Window
from renomap.session.session import Session
from renomap.session.settings import Settings
from renomap.session.speech import Speech
from renomap.steps import warming
from renomap.wording.catalogue import words

#: Seconds a thread may keep the lock of Python: rendering must not delay the mouse (measured: 12 -> 3 ms).
SWITCH_SECONDS = 0.001


def run(path: Path | None, language: str) -> int:
    """Show the window on a file, or on the sample town, until it is closed; returns the exit code.

    ``language`` is what the system speaks; what the user has chosen in the menu wins.
    """
    sys.setswitchinterval(SWITCH_SECONDS)
    application = _application(language)
    application.setApplicationName("renomap")
    application.setDesktopFileName("renomap")
    application.setWindowIcon(QIcon(str(resource("icons/renomap.svg"))))
    look.dress(application)
    settings = Settings()
    session = Session(settings.language or language, settings)
    translator = QtWords(session.speech, application)
    window = Window(session)
    sys.excepthook = lambda kind, fault, trace: _on_fault(window, fault, trace)
    window.show()
    window.keep_inside()
    warming.start(ground=True)
    # The first frame is on the screen before the slow libraries are imported.
    QTimer.singleShot(0, lambda: file.begin(window.desk, path))
    housekeeper = Housekeeper(application)
    window.canvas.pointed.connect(lambda _: housekeeper.hand_moved())
    window.canvas.view_changed.connect(housekeeper.hand_moved)
    code = application.exec()
    housekeeper.stop()
    application.removeTranslator(translator.translator)
    sys.excepthook = sys.__excepthook__
    return code


def _application(language: str) -> QApplication:
    """Qt's application; without a screen that answers it would abort, so say so in a sentence."""

    def told(kind: QtMsgType, _context: QMessageLogContext, _text: str | None) -> None:
        if kind is QtMsgType.QtFatalMsg:
            print(words(language)["commands.no-screen"], file=sys.stderr, flush=True)
            os._exit(2)

    input_method.choose()
    before = qInstallMessageHandler(told)
    try:
        application = QApplication.instance() or QApplication(sys.argv[:1])
    finally:
        qInstallMessageHandler(before)
    assert isinstance(application, QApplication)
    return application


class QtWords:
    """The words of Qt's own dialogs, in the language of the window."""

    def __init__(self, speech: Speech, application: QApplication) -> None:
        self.translator = QTranslator(application)
        self._speech = speech
        self._application = application
        speech.changed.connect(self._load)
        self._load()

    def _load(self) -> None:
        self._application.removeTranslator(self.translator)
        if self._speech.language == "zh":
            folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
            self.translator.load("qtbase_zh_CN", folder)
            self._application.installTranslator(self.translator)


def _on_fault(window: Window, fault: BaseException, trace: TracebackType | None) -> None:
    sys.__excepthook__(type(fault), fault, trace)
    if isinstance(fault, Exception):
        window.desk.show_fault(fault)
