"""Banners above the map: a question that waits until it is answered, and who else holds the project."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from renomap.session.session import Session


class RecoveryBanner(QFrame):
    """Offers the changes of a journal that a killed process left behind."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.setObjectName("banner")
        self._text = QLabel(wordWrap=True)
        self.restore, self.discard = QPushButton(), QPushButton()
        self.restore.setProperty("primary", True)
        self.restore.clicked.connect(session.keeper.accept_recovery)
        self.discard.clicked.connect(session.keeper.refuse_recovery)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 12, 6)
        row.addWidget(self._text, 1)
        row.addWidget(self.restore)
        row.addWidget(self.discard)
        session.keeper.recovery_offered.connect(lambda _: self.refresh())
        session.keeper.recovery_answered.connect(self.refresh)
        session.document.replaced.connect(self.refresh)
        session.speech.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the offer while there is one."""
        offer, say = self._session.keeper.offer, self._session.speech
        self.setVisible(offer is not None)
        if offer is not None:
            last = offer.changes[-1]
            step = say(last.code, **last.params)
            self._text.setText(say("window.recovery", count=len(offer.changes), step=step))
            self.restore.setText(say("window.recovery-restore"))
            self.discard.setText(say("window.recovery-discard"))


class ReadOnlyBanner(QFrame):
    """Says who else has the project open, as long as it can only be read; a copy is the way on."""

    copy_wanted = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.setObjectName("banner")
        self._text = QLabel(wordWrap=True)
        self.copy = QPushButton()
        self.copy.clicked.connect(self.copy_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 12, 6)
        row.addWidget(self._text, 1)
        row.addWidget(self.copy)
        for signal in (session.document.replaced, session.document.named, session.speech.changed):
            signal.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show who holds the project, if somebody does."""
        holder, say = self._session.document.holder, self._session.speech
        held = holder is not None and holder.code == "store.read-only"
        self.setVisible(held)
        if held and holder is not None:
            self._text.setText(say.error(holder))
            self.copy.setText(say("window.action.save-as"))
