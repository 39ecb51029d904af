"""Docks of the window: where they stand at first, and that they come back as they were left."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDockWidget, QMainWindow, QTabBar, QWidget

from renomap.session.settings import Settings

#: Raised when docks come or go, so that an old layout is not put onto a new window.
VERSION: Final = 7
_LEFT = Qt.DockWidgetArea.LeftDockWidgetArea
_RIGHT = Qt.DockWidgetArea.RightDockWidgetArea
_BELOW = Qt.DockWidgetArea.BottomDockWidgetArea
#: Side of each dock; those not named stand on the left.
_LOWER: Final = ("table", "programme", "years", "siting")
_SIDES: Final = {"facts": _RIGHT, "history": _RIGHT, **dict.fromkeys(_LOWER, _BELOW)}
#: Docks that share the place of another, behind it.
_BEHIND: Final = {"layers": "areas", "history": "facts", **dict.fromkeys(_LOWER[1:], "table")}
#: Share of the window's width that the map has at least when docks are put back.
MAP_SHARE: Final = 0.6
#: Widths of the docks at the sides where the window has room for them, and the least that is still read.
_WIDTHS: Final = {"areas": 404, "facts": 320}
_LEAST_WIDTHS: Final = {"areas": 318, "facts": 220}
#: In a lower window problems stand behind the areas: one above the other, neither would show a row.
LOW: Final = 640
#: Docks that are not there until they are asked for.
_CLOSED: Final = _LOWER
#: Heights below which a dock is of no use: a table of one row; it opens with as much at least.
_ROOM: Final = {"table": 260, "programme": 300, "years": 300, "siting": 260}


class Docks:
    """The docks by code. They are seen only while a project is open and no meeting is on."""

    def __init__(self, window: QMainWindow, widgets: dict[str, QWidget]) -> None:
        self._window = window
        self._hidden_for: set[str] = set()
        self._is_stacked = False
        self.by_code: dict[str, QDockWidget] = {}
        for code, widget in widgets.items():
            dock = self.by_code[code] = QDockWidget()
            dock.setObjectName(code)
            dock.setWidget(widget)
            window.addDockWidget(_SIDES.get(code, _LEFT), dock)
        for code, front in _BEHIND.items():
            window.tabifyDockWidget(self.by_code[front], self.by_code[code])
            self.by_code[front].raise_()
        for code in _CLOSED:
            self.by_code[code].close()
        self._first = self._kept = window.saveState(VERSION)

    @property
    def toggles(self) -> list[QAction]:
        """The actions that show or hide a dock, in the order of the docks."""
        return [dock.toggleViewAction() for dock in self.by_code.values()]

    def reset(self) -> None:
        """Docks as at the first start."""
        self._window.restoreState(self._first, VERSION)
        docks = self.by_code
        sides = [docks[code] for code in _WIDTHS]
        widths = self._fitting(*_WIDTHS.values())
        self._window.resizeDocks(sides, widths, Qt.Orientation.Horizontal)
        self._window.resizeDocks([docks["areas"], docks["problems"]], [460, 230], Qt.Orientation.Vertical)
        self._kept = self._window.saveState(VERSION)
        self._tidy()
        self._stack_when_low()

    def show(self, shown: bool, why: str = "project") -> None:
        """Show the docks as they were when they were last seen, or none of them as long as anything that was
        given as ``why`` keeps them away."""
        before = not self._hidden_for
        self._hidden_for = self._hidden_for - {why} if shown else self._hidden_for | {why}
        shown = not self._hidden_for
        if shown == before:
            return
        if not shown:
            self._kept = self._window.saveState(VERSION)
        if shown:
            self._window.restoreState(self._kept, VERSION)
            self._tidy()
            self._leave_room()
        else:
            for dock in self.by_code.values():
                dock.hide()
            # Qt leaves the tabs of docks that share a place on the page that follows.
            direct = Qt.FindChildOption.FindDirectChildrenOnly
            for bar in self._window.findChildren(QTabBar, options=direct):
                bar.hide()
        for action in self.toggles:
            action.setEnabled(shown)

    def raise_(self, code: str) -> None:
        """Bring a dock to the front, opening it where it was closed, unless docks are kept away."""
        if self._hidden_for:
            return
        dock = self.by_code[code]
        self._stack_when_low()
        dock.show()
        dock.raise_()
        if dock.height() < _ROOM.get(code, 0):
            self._window.resizeDocks([dock], [_ROOM[code]], Qt.Orientation.Vertical)

    def toggle(self, code: str) -> None:
        """Open a dock, or close it."""
        dock = self.by_code[code]
        self._stack_when_low()
        dock.toggleViewAction().trigger()
        if dock.isVisible() and dock.height() < _ROOM.get(code, 0):
            self._window.resizeDocks([dock], [_ROOM[code]], Qt.Orientation.Vertical)

    def recall(self, settings: Settings) -> None:
        """Docks as in the last run."""
        if not settings.layout.isEmpty():
            self._window.restoreState(settings.layout, VERSION)
            self._kept = self._window.saveState(VERSION)

    def remember(self, settings: Settings) -> None:
        """Let the next run begin with the docks of now."""
        settings.layout = self.state

    def _tidy(self) -> None:
        """Qt leaves tab bars without tabs behind when a layout is put back."""
        direct = Qt.FindChildOption.FindDirectChildrenOnly
        for bar in self._window.findChildren(QTabBar, options=direct):
            if not any(bar.tabText(i) for i in range(bar.count())):
                bar.hide()

    def _leave_room(self) -> None:
        """Docks as wide as in a larger window would leave too little of the map."""
        self._stack_when_low()
        sides = [self.by_code[code] for code in _WIDTHS]
        taken = [dock.width() for dock in sides]
        widths = self._fitting(*taken)
        if widths != taken and not any(dock.isFloating() or dock.isHidden() for dock in sides):
            self._window.resizeDocks(sides, widths, Qt.Orientation.Horizontal)

    def _fitting(self, left: int, right: int) -> list[int]:
        """Widths at the sides, in the ratio of those that are wanted, that leave the map its share."""
        most = round(self._window.width() * (1 - MAP_SHARE))
        if left + right <= most:
            return [left, right]
        left = max(left * most // (left + right), _LEAST_WIDTHS["areas"])
        return [left, max(most - left, _LEAST_WIDTHS["facts"])]

    def _stack_when_low(self) -> None:
        """Put problems behind the areas in a low window, and below them again in a higher one."""
        areas, problems = self.by_code["areas"], self.by_code["problems"]
        if areas.isFloating() or problems.isFloating():
            return
        stacked = problems in self._window.tabifiedDockWidgets(areas)
        if self._window.height() < LOW and not stacked:
            self._window.tabifyDockWidget(self.by_code["layers"], problems)
            areas.raise_()
            self._is_stacked = True
        elif self._window.height() >= LOW and stacked and self._is_stacked:
            self._window.addDockWidget(_LEFT, problems, Qt.Orientation.Vertical)
            self._is_stacked = False

    @property
    def state(self) -> QByteArray:
        """The docks as they are now, or as they were when they were last seen."""
        return self._window.saveState(VERSION) if not self._hidden_for else self._kept
