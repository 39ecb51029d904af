"""The banner above the map: a question that waits until it is answered, and never blocks."""

from __future__ import annotations

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
            self._text.setText(say("window.recovery", count=len(offer.changes)))
            self.restore.setText(say("window.recovery-restore"))
            self.discard.setText(say("window.recovery-discard"))
