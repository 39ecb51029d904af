"""The toolbar: what is used most, and at its end the theme of the map; narrow windows lose words first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QLabel, QSizePolicy, QToolBar, QToolButton, QWidget

from renomap.desktop.actions import Actions
from renomap.desktop.naming import theme_names
from renomap.session.session import Session


@dataclass(frozen=True)
class Density:
    """How much room the bar takes: words beside icons, the label of the themes, pixels beside an icon."""

    words: bool
    label: bool
    beside_px: int


#: The first that fits is taken. The last fits 1366 pixels at 150 %.
DENSITIES: Final = (
    Density(True, True, 6),
    Density(False, True, 6),
    Density(False, True, 3),
    Density(False, False, 0),
)
_ICON_PX: Final = 20


class MainBar(QToolBar):
    """The actions that the table puts into the bar, and the themes. Nothing needed hides behind an arrow."""

    theme_chosen = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__(iconSize=QSize(_ICON_PX, _ICON_PX), movable=False)
        self._session = session
        self._density: Density | None = None
        self._needs: list[int] = []
        self._worded: list[QToolButton] = []
        self.setObjectName("main")
        self._label = QLabel()
        self._label.setContentsMargins(0, 0, 6, 0)
        self.themes = QComboBox(minimumContentsLength=17)
        self.themes.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._label.setBuddy(self.themes)
        self.themes.activated.connect(lambda _: self.theme_chosen.emit(self.themes.currentData()))

    def fill(self, actions: Actions) -> None:
        """Put the actions into the bar, and the themes at its end."""
        self._worded = actions.fill_bar(self)
        spring = QWidget()
        spring.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.addWidget(spring)
        self._labelled = self.addWidget(self._label)
        self.addWidget(self.themes)
        self._session.speech.changed.connect(self._say)
        self._say()

    def show_themes(self, theme: str) -> None:
        """List the themes that the map can have now; ``theme`` is the one that it has."""
        plan = self._session.planner.plan
        self.themes.clear()
        for code, text in theme_names(plan, self._session.speech):
            self.themes.addItem(text, code)
        self.themes.setCurrentIndex(self.themes.findData(theme))
        self.themes.setEnabled(plan is not None)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _say(self) -> None:
        say = self._session.speech
        self.setWindowTitle(say("window.toolbar"))
        self._label.setText(say("window.theme"))
        self.themes.setAccessibleName(say("window.theme"))
        self._needs = []
        if self.isVisible():
            self._fit()

    def _fit(self) -> None:
        """Be as roomy as the window allows, once there is something in the bar."""
        if not self._worded:
            return
        if not self._needs:  # once for all widths
            for density in DENSITIES:
                self._take(density)
                self._needs.append(self.sizeHint().width())
        fitting = (d for d, need in zip(DENSITIES, self._needs, strict=True) if need <= self.width())
        self._take(next(fitting, DENSITIES[-1]))

    def _take(self, density: Density) -> None:
        if density == self._density:
            return
        self._density = density
        styles = Qt.ToolButtonStyle
        style = styles.ToolButtonTextBesideIcon if density.words else styles.ToolButtonIconOnly
        for button in self._worded:
            button.setToolButtonStyle(style)
        self._labelled.setVisible(density.label)
        beside = f"{density.beside_px}px"
        self.setStyleSheet(f"QToolButton {{ padding-left: {beside}; padding-right: {beside} }}")
