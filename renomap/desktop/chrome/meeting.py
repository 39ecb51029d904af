"""Meeting mode: five questions, then the map and the facts of what is chosen, in large type."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QAction, QFont
from PySide6.QtWidgets import QMainWindow, QMenu, QToolBar, QWidget

from renomap.desktop.canvas.mapcanvas import MapCanvas
from renomap.desktop.chrome.docks import Docks
from renomap.desktop.look import BASE_PT

#: How much larger letters and symbols are than at the desk, on the map and beside it.
LARGER: Final = 1.4
FACTS_PT: Final = 16.0
#: Share of the window that the facts take.
FACTS_SHARE: Final = 0.3


class Magnified(Protocol):
    """What has letters and lines that a meeting sees larger."""

    def set_magnification(self, factor: float) -> None:
        """Draw so much larger than at the desk."""


class Opening(Protocol):
    """The page on which a meeting begins."""

    def tell(self) -> bool:
        """Fill the page; whether there is anything to tell."""

    def show(self) -> None:
        """Be seen."""

    def hide(self) -> None:
        """Not be seen."""

    def setFocus(self) -> None:
        """Take the keys."""


class Meeting:
    """Turns the window into a slide and back; what was where is put back exactly."""

    def __init__(
        self,
        window: QMainWindow,
        docks: Docks,
        canvas: MapCanvas,
        furniture: Sequence[Magnified],
        facts: QWidget,
        opening: Opening,
    ) -> None:
        self._window = window
        self._docks = docks
        self._canvas = canvas
        self._furniture = furniture
        self._facts = facts
        self._opening = opening
        self._bars: list[QToolBar] = []
        self._place = QRect()
        self._state = Qt.WindowState.WindowNoState
        self.is_on = False
        facts.setStyleSheet(f"QTextBrowser {{ font-size: {FACTS_PT:g}pt; }}")
        facts.hide()

    def enter(self) -> None:
        """Only the page that opens a meeting, then map and facts, as large as the screen."""
        window, mapped = self._window, self._canvas.isVisible()
        self._place, self._state = window.geometry(), window.windowState()
        self._bars = [bar for bar in window.findChildren(QToolBar) if bar.isVisible()]
        self._docks.show(False, "meeting")
        for bar in self._bars:
            bar.hide()
        window.menuBar().hide()
        window.statusBar().hide()
        # Keys go on working without the menu that shows them.
        window.addActions([action for menu in window.menuBar().actions() for action in _actions(menu)])
        self._facts.setFixedWidth(round(window.screen().geometry().width() * FACTS_SHARE))
        self._facts.show()
        self._enlarge(LARGER)
        self.is_on = True
        window.showFullScreen()
        if mapped and self._opening.tell():
            self._canvas.hide()
            self._facts.hide()
            self._opening.show()
            self._opening.setFocus()
        else:
            self._canvas.setFocus()

    def show_map(self) -> None:
        """The map and the facts in place of the opening page."""
        self._opening.hide()
        self._canvas.show()
        self._facts.setVisible(self.is_on)
        self._canvas.setFocus()

    def leave(self) -> None:
        """Everything as it was."""
        window = self._window
        self.is_on = False
        for menu in window.menuBar().actions():
            for action in _actions(menu):
                window.removeAction(action)
        self.show_map()
        window.menuBar().show()
        window.statusBar().show()
        for bar in self._bars:
            bar.show()
        window.setWindowState(self._state)
        if self._state == Qt.WindowState.WindowNoState:
            window.setGeometry(self._place)
        self._docks.show(True, "meeting")
        self._enlarge(1.0)
        self._canvas.setFocus()

    def _enlarge(self, factor: float) -> None:
        self._canvas.set_magnification(factor)
        for piece in self._furniture:
            piece.set_magnification(factor)
        font = QFont(self._canvas.font())
        font.setPointSizeF(BASE_PT * factor)
        self._canvas.setFont(font)


def _actions(opener: QAction) -> list[QAction]:
    """Actions of a menu that have keys; ``opener`` is its title in the menu bar."""
    menu = opener.menu()
    if not isinstance(menu, QMenu):
        return []
    return [action for action in menu.actions() if not action.shortcut().isEmpty()]
