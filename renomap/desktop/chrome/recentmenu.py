"""The menu of recent projects: those that are gone stay in it, grey, with the reason."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from renomap.session.recent import recent_projects
from renomap.session.session import Session


class RecentMenu(QMenu):
    """Filled whenever it is opened; ``chosen`` gives the file."""

    chosen = Signal(Path)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.setToolTipsVisible(True)
        self.aboutToShow.connect(self.fill)
        session.speech.changed.connect(self._say)
        self._say()
        self.fill()

    def fill(self) -> None:
        """List the projects of now."""
        say = self._session.speech
        self.clear()
        for number, item in enumerate(recent_projects(self._session.settings), start=1):
            mark = f"&{number} " if number < 10 else ""
            action = self.addAction(mark + item.path.stem.replace("&", "&&"))
            action.setEnabled(item.missing is None)
            line = str(item.path)
            action.setToolTip(line if item.missing is None else f"{line}\n{say(item.missing)}")
            action.triggered.connect(lambda _=False, path=item.path: self.chosen.emit(path))
        self.setEnabled(not self.isEmpty())
        if not self.isEmpty():
            self.addSeparator()
            self.addAction(say("window.recent.clear")).triggered.connect(self._clear)

    def _clear(self) -> None:
        self._session.settings.forget_files()
        self.fill()

    def _say(self) -> None:
        self.setTitle(self._session.speech("window.recent.title"))
