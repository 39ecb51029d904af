"""Banners above the map: a question that waits until it is answered, and who else holds the project."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from renomap.model.note import Note
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
        session.keeper.recovery_offered.connect(self.refresh)
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
            code = "window.recovery" if offer.fault is None else "window.recovery-partly"
            self._text.setText(say(code, count=len(offer.changes), total=offer.total, step=step))
            self.restore.setText(say("window.recovery-restore"))
            self.discard.setText(say("window.recovery-discard"))


class NoticeBanner(QFrame):
    """What was noticed while opening or recovering, until it has been read."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._notices: list[Note] = []
        self.setObjectName("banner")
        self._text = QLabel(wordWrap=True)
        self.seen = QPushButton()
        self.seen.clicked.connect(self._on_seen)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 12, 6)
        row.addWidget(self._text, 1)
        row.addWidget(self.seen)
        session.keeper.noticed.connect(self._on_noticed)
        session.document.replaced.connect(self._on_seen)
        session.speech.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the notices that have not been read, one below the other."""
        say = self._session.speech
        self.setVisible(bool(self._notices))
        self._text.setText("\n".join(say(note.code, **note.params) for note in self._notices))
        self.seen.setText(say("window.notice-seen"))

    def _on_noticed(self, note: Note) -> None:
        self._notices.append(note)
        self.refresh()

    def _on_seen(self) -> None:
        self._notices.clear()
        self.refresh()


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
