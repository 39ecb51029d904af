"""The language the window speaks now, which can change while it is open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QObject, Signal

from renomap.errors import RenomapError
from renomap.model.note import Note
from renomap.model.words import sentence
from renomap.wording.catalogue import error_sentence, note_sentence, words


class Speech(QObject):
    """Sentences of the present language; ``changed`` when it is another."""

    changed = Signal()

    def __init__(self, language: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.language = language

    @property
    def words(self) -> Mapping[str, str]:
        """The whole catalogue."""
        return words(self.language)

    def switch(self, language: str) -> None:
        """Speak another language from now on."""
        if language != self.language:
            self.language = language
            self.changed.emit()

    def __call__(self, code: str, **params: Any) -> str:
        """The sentence of a code."""
        return sentence(self.words, code, params)

    def error(self, error: RenomapError) -> str:
        """What the user reads of an error of the world."""
        return error_sentence(self.words, error)

    def note(self, note: Note) -> str:
        """What the user reads of a remark."""
        return note_sentence(self.words, note)
