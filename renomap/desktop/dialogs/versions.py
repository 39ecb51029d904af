"""The versions of the project: what was kept when and by whom; compare with one, go back to it, forget it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from renomap.model.version import BY_HAND, Version
from renomap.session.session import Session


class VersionsDialog(QDialog):
    """``compare_wanted``, ``return_wanted`` and ``forget_wanted`` tell the key of the chosen version,
    ``keep_wanted`` that the state of now is to be kept."""

    keep_wanted = Signal()
    compare_wanted = Signal(str)
    return_wanted = Signal(str)
    forget_wanted = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        say = session.speech
        self.setWindowTitle(say("versions.window").rstrip("…"))
        self.resize(640, 360)
        told = QLabel(say("versions.told"))
        told.setWordWrap(True)
        told.setProperty("role", "faint")
        self.list = QTreeWidget()
        self.list.setRootIsDecorated(False)
        self.list.setAlternatingRowColors(True)
        self.list.setHeaderLabels([say(f"versions.column.{name}") for name in ("at", "name", "by", "scheme")])
        self.list.setAccessibleName(say("versions.window"))
        self.list.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.list.header().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self.list.itemSelectionChanged.connect(self._enable)
        self.list.itemActivated.connect(lambda *_: self._tell(self.compare_wanted))
        self.keep = QPushButton(say("versions.keep"))
        self.compare = QPushButton(say("versions.compare"))
        self.back = QPushButton(say("versions.back"))
        self.forget = QPushButton(say("versions.forget"))
        for button in (self.keep, self.compare, self.back, self.forget):
            button.setAutoDefault(False)
        self.keep.clicked.connect(self.keep_wanted)
        self.compare.clicked.connect(lambda: self._tell(self.compare_wanted))
        self.back.clicked.connect(lambda: self._tell(self.return_wanted))
        self.forget.clicked.connect(lambda: self._tell(self.forget_wanted))
        foot = QHBoxLayout()
        foot.addWidget(self.keep)
        foot.addStretch(1)
        for button in (self.forget, self.back, self.compare):
            foot.addWidget(button)
        column = QVBoxLayout(self)
        column.addWidget(told)
        column.addWidget(self.list, 1)
        column.addLayout(foot)
        session.document.changed.connect(self.fill)
        session.document.replaced.connect(self.reject)
        self.fill()

    def fill(self) -> None:
        """List the versions of now, the newest first; the one that was chosen stays chosen."""
        project, chosen = self._session.document.project, self._chosen()
        self.list.clear()
        for version in reversed(() if project is None else project.versions):
            item = QTreeWidgetItem(self.list, self._texts(version))
            item.setData(0, Qt.ItemDataRole.UserRole, version.key)
            if version.key == chosen:
                self.list.setCurrentItem(item)
        first = self.list.topLevelItem(0)
        if self._chosen() is None and first is not None:
            self.list.setCurrentItem(first)
        self._enable()

    def _texts(self, version: Version) -> list[str]:
        say = self._session.speech
        name = version.note
        if version.cause != BY_HAND:
            name = say(f"versions.{version.cause}", scheme=version.scheme.title, name=version.note)
        return [version.at.replace("T", " "), name, version.by, version.scheme.title]

    def _chosen(self) -> str | None:
        item = self.list.currentItem()
        return None if item is None else str(item.data(0, Qt.ItemDataRole.UserRole))

    def _enable(self) -> None:
        held = self._session.document.holder is not None
        some = self._chosen() is not None
        self.compare.setEnabled(some)
        self.back.setEnabled(some and not held)
        self.forget.setEnabled(some and not held)
        self.keep.setEnabled(not held)

    def _tell(self, signal: SignalInstance) -> None:
        key = self._chosen()
        if key is not None:
            signal.emit(key)
