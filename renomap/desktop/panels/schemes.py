"""The bar of schemes above the list of areas: which one is active, others, and what can be done to it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QMenu, QSizePolicy, QToolButton, QWidget

from renomap.desktop.look import icon
from renomap.outputs.findings import sizes_text
from renomap.session.session import Session


class SchemeBar(QWidget):
    """The project's schemes; hidden while there is none. ``wanted`` tells the key of another one."""

    wanted = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._label = QLabel()
        self.list = QComboBox()
        self.list.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.list.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.list.setMinimumContentsLength(12)
        self._label.setBuddy(self.list)
        self.more = QToolButton(popupMode=QToolButton.ToolButtonPopupMode.InstantPopup, autoRaise=True)
        self.more.setIcon(icon("dots-vertical"))
        self.more.setMenu(QMenu(self.more))
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 6, 6, 6)
        row.addWidget(self._label)
        row.addWidget(self.list, 1)
        row.addWidget(self.more)
        self.list.activated.connect(lambda at: self.wanted.emit(self.list.itemData(at)))
        for signal in (session.document.changed, session.document.replaced, session.speech.changed):
            signal.connect(self.refresh)
        self.refresh()

    def set_actions(self, actions: Sequence[QAction]) -> None:
        """What the button offers."""
        menu = self.more.menu()
        menu.clear()
        menu.addActions(list(actions))

    def refresh(self) -> None:
        """List the schemes of now."""
        say, project = self._session.speech, self._session.document.project
        self._label.setText(say("window.schemes.label"))
        self.list.setAccessibleName(say("window.schemes.label"))
        self.more.setAccessibleName(say("window.schemes.more"))
        self.more.setToolTip(say("window.schemes.more"))
        schemes = () if project is None else project.schemes
        self.list.clear()
        for scheme in schemes:
            self.list.addItem(scheme.title, scheme.key)
            self.list.setItemData(
                self.list.count() - 1,
                say(
                    "window.schemes.tip",
                    title=scheme.title,
                    areas=len(scheme.areas),
                    sizes=sizes_text(scheme.areas["size_flag"], say.words),
                ),
                int(Qt.ItemDataRole.ToolTipRole),
            )
        if project is not None and project.active is not None:
            self.list.setCurrentIndex(self.list.findData(project.active))
        self.list.setToolTip(self.list.currentText())
        self.setVisible(bool(schemes))
