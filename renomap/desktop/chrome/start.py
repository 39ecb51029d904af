"""The start page: recent projects, what was left behind, the sample."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from renomap.desktop.dialogs.unfinished import unfinished_line
from renomap.desktop.look import FAINT, icon
from renomap.session.recent import recent_projects
from renomap.session.session import Session

_PATH = int(Qt.ItemDataRole.UserRole)
_MISSING = _PATH + 1


class StartPage(QWidget):
    """Shown while no project is open; nothing on it is modal."""

    open_wanted = Signal()
    sample_wanted = Signal()
    file_chosen = Signal(Path)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._title, self._line, self._recent_title, self._hint = QLabel(), QLabel(), QLabel(), QLabel()
        self._title.setProperty("role", "title")
        self._line.setProperty("role", "faint")
        self._recent_title.setProperty("role", "heading")
        self._hint.setProperty("role", "drop")
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._hint.setMinimumHeight(64)
        self._told = QLabel(wordWrap=True)
        self._told.setProperty("role", "faint")
        self._open, self._sample = QPushButton(icon("folder-open-outline", "#ffffff"), ""), QPushButton()
        self._open.setProperty("primary", True)
        self._sample.setIcon(icon("map-search-outline"))
        self._open.clicked.connect(self.open_wanted)
        self._sample.clicked.connect(self.sample_wanted)
        self.recent = QListWidget()
        self.recent.setIconSize(QSize(22, 22))
        self.recent.setMaximumHeight(300)
        self.recent.setSpacing(3)
        self.recent.itemActivated.connect(self._on_chosen)
        QShortcut(
            QKeySequence(QKeySequence.StandardKey.Delete), self.recent, self._on_removed,
            context=Qt.ShortcutContext.WidgetShortcut,
        )  # fmt: skip
        self.recent.itemClicked.connect(self._on_chosen)
        buttons = QHBoxLayout()
        for button in (self._open, self._sample):
            button.setMinimumHeight(38)
            buttons.addWidget(button)
        buttons.addStretch()
        column = QVBoxLayout()
        for widget in (self._title, self._line):
            column.addWidget(widget)
        column.addSpacing(18)
        column.addLayout(buttons)
        column.addSpacing(6)
        column.addWidget(self._hint)
        column.addSpacing(22)
        column.addWidget(self._recent_title)
        column.addWidget(self.recent)
        column.addWidget(self._told)
        column.addStretch()
        inner = QWidget()
        inner.setLayout(column)
        inner.setMaximumWidth(640)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(24, 56, 24, 24)
        outer.addStretch(1)
        outer.addWidget(inner, 4)
        outer.addStretch(1)
        session.speech.changed.connect(self.refresh)

    def refresh(self) -> None:
        """Say everything and list the files anew."""
        say = self._session.speech
        self._title.setText(say("window.start.title"))
        self._line.setText(say("window.start.line"))
        self._hint.setText(say("window.start.drop"))
        self._open.setText(say("window.action.open"))
        self._sample.setText(say("window.action.sample"))
        self._recent_title.setText(say("window.start.recent"))
        self.recent.setAccessibleName(say("window.start.recent"))
        self.recent.clear()
        self._told.setText("")
        for left in self._session.keeper.left_behind():
            self._add(left.path, unfinished_line(left, say), "backup-restore")
        for entry in recent_projects(self._session.settings):
            folder = str(entry.path.parent)
            if entry.missing is not None:
                line = say("window.start.missing", folder=folder, reason=entry.missing)
                self._add(entry.path, f"{entry.path.stem}\n{line}", "file-question-outline", missing=True)
                continue
            when = f"{entry.changed:%Y-%m-%d %H:%M}"
            parts = [part for part in (entry.place, when, folder) if part]
            self._add(entry.path, f"{entry.path.stem}\n{'  ·  '.join(parts)}", "map-outline")
        shown = self.recent.count() > 0
        self.recent.setVisible(shown)
        self._recent_title.setVisible(shown)

    def _add(self, path: Path, text: str, symbol: str, *, missing: bool = False) -> None:
        item = QListWidgetItem(icon(symbol), text)
        item.setData(_PATH, str(path))
        item.setData(_MISSING, missing)
        item.setToolTip(str(path))
        if missing:  # grey, but in reach, so that it can be read and removed
            item.setForeground(QBrush(QColor(FAINT)))
            item.setToolTip(f"{path}\n{self._session.speech('window.start.remove')}")
        self.recent.addItem(item)

    def _on_chosen(self, item: QListWidgetItem) -> None:
        if item.data(_MISSING):
            self._told.setText(self._session.speech("window.start.remove"))
            return
        self.file_chosen.emit(Path(item.data(_PATH)))

    def _on_removed(self) -> None:
        item = self.recent.currentItem()
        if item is not None and item.data(_MISSING):
            self._session.settings.forget_files(Path(item.data(_PATH)))
            self.refresh()
