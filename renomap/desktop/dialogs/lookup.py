"""Go anywhere by its name: commands, areas, neighbourhoods, facilities and themes, also by pinyin."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QLabel, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from renomap.session.speech import Speech
from renomap.wording.spelling import place_of

#: Rows that are shown of all that fit.
MOST: Final = 60
_STEPS: Final = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


@dataclass(frozen=True)
class Destination:
    """Something to go to: what it is called, what stands beside the name, and what goes there."""

    name: str
    beside: str
    go: Callable[[], object]


def found(places: Sequence[Destination], typed: str) -> list[Destination]:
    """The places whose name is typed: those that begin so first, shorter ones before longer ones."""
    met = [(at, place) for place in places if (at := place_of(typed, place.name)) is not None]
    if typed.strip():
        met.sort(key=lambda pair: (pair[0] > 0, len(pair[1].name)))
    return [place for _, place in met[:MOST]]


class LookupDialog(QDialog):
    """A line to type into and what fits; Enter goes to the first, the arrows choose another."""

    def __init__(self, speech: Speech, places: Sequence[Destination], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._places = places
        self._shown: list[Destination] = []
        self.setWindowTitle(speech("window.lookup.title"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.typed = QLineEdit(placeholderText=speech("window.lookup.hint"), clearButtonEnabled=True)
        self.typed.setAccessibleName(speech("window.lookup.title"))
        self.list = QListWidget()
        self.list.setAccessibleName(speech("window.lookup.list"))
        self._none = QLabel(speech("window.lookup.none"))
        self._none.setProperty("role", "faint")
        column = QVBoxLayout(self)
        for widget in (self.typed, self.list, self._none):
            column.addWidget(widget)
        self.resize(520, 400)
        self.typed.installEventFilter(self)
        self.typed.textChanged.connect(self._fill)
        self.typed.returnPressed.connect(self._go)
        self.list.itemActivated.connect(lambda _: self._go())
        self.list.itemClicked.connect(lambda _: self._go())
        self._fill("")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows that are struck in the line walk in the list."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() in _STEPS:
            self.list.event(event)
            return True
        return super().eventFilter(watched, event)

    def _fill(self, typed: str) -> None:
        self._shown = found(self._places, typed)
        self.list.clear()
        for place in self._shown:
            self.list.addItem(
                QListWidgetItem(f"{place.name}    {place.beside}" if place.beside else place.name)
            )
        self.list.setCurrentRow(0)
        self._none.setVisible(not self._shown)

    def _go(self) -> None:
        at = self.list.currentRow()
        if 0 <= at < len(self._shown):
            place = self._shown[at]
            self.accept()
            place.go()
