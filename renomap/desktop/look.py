"""Look: the typeface, the colours and the icons of the window."""

from __future__ import annotations

from functools import cache
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QApplication

from renomap.assets import resource
from renomap.cartography import fonts

ACCENT: Final = "#1b6ca8"
INK: Final = "#1f2933"
FAINT: Final = "#66727f"
LINE: Final = "#d5dbe1"
GROUND: Final = "#f4f6f8"
PAPER: Final = "#ffffff"
NUMBERED_SIZE: Final = QSize(25, 17)
LOCKED_SIZE: Final = QSize(42, 17)
SELECTION: Final = "#d9480f"
WARNING: Final = "#b45309"
BASE_PT: Final = 9.5


def dress(application: QApplication, *, large: bool = False) -> None:
    """Give the application its typeface and colours; ``large`` for a meeting's projector."""
    application.setStyle("Fusion")
    font = QFont(fonts.family())
    font.setPointSizeF(BASE_PT * (1.5 if large else 1.0))
    application.setFont(font)
    application.setPalette(_palette())
    sheet = resource("styles/window.qss").read_text(encoding="utf-8")
    names = {"accent": ACCENT, "ink": INK, "faint": FAINT, "line": LINE, "ground": GROUND, "paper": PAPER}
    for name, colour in (names | {"warning": WARNING}).items():
        sheet = sheet.replace(f"@{name}", colour)
    application.setStyleSheet(sheet.replace("@icons", resource("icons").as_posix()))


def _palette() -> QPalette:
    palette = QPalette()
    roles = QPalette.ColorRole
    for role, colour in (
        (roles.Window, GROUND),
        (roles.WindowText, INK),
        (roles.Base, PAPER),
        (roles.AlternateBase, "#f8fafb"),
        (roles.Text, INK),
        (roles.Button, GROUND),
        (roles.ButtonText, INK),
        (roles.ToolTipBase, PAPER),
        (roles.ToolTipText, INK),
        (roles.Highlight, ACCENT),
        (roles.HighlightedText, PAPER),
        (roles.PlaceholderText, FAINT),
        (roles.Link, ACCENT),
    ):
        palette.setColor(role, QColor(colour))
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor("#a3adb8"))
    return palette


@cache
def icon(name: str, colour: str = "#43505e") -> QIcon:
    """An icon of the Material Design set, such as 'folder-open-outline'."""
    import qtawesome

    made: QIcon = qtawesome.icon(f"mdi6.{name}", color=colour, color_disabled="#b8c0c8")
    return made


@cache
def numbered_swatch(colour: str, number: int, *, hollow: bool = False) -> QIcon:
    """A swatch with the number by which the map calls an area where its name has no room."""
    width, height, sharp = NUMBERED_SIZE.width(), NUMBERED_SIZE.height(), 2.0
    pixmap = QPixmap(NUMBERED_SIZE * sharp)
    pixmap.setDevicePixelRatio(sharp)
    pixmap.fill(Qt.GlobalColor.transparent)
    fill = QColor(colour)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(fill.darker(150))
    painter.setBrush(Qt.BrushStyle.NoBrush if hollow else fill)
    painter.drawRoundedRect(QRectF(0.5, 0.5, width - 1, height - 1), 3, 3)
    font = painter.font()
    font.setPixelSize(11 if number < 1000 else 9)
    painter.setFont(font)
    painter.setPen(QColor(INK if hollow or fill.lightnessF() > 0.45 else PAPER))
    painter.drawText(QRectF(0, 0, width, height), Qt.AlignmentFlag.AlignCenter, str(number))
    painter.end()
    return QIcon(pixmap)


@cache
def locked_swatch(colour: str, number: int, *, hollow: bool = False) -> QIcon:
    """The numbered swatch of an area that no edit may change, a padlock beside it."""
    width, sharp = NUMBERED_SIZE.width(), 2.0
    pixmap = QPixmap(LOCKED_SIZE * sharp)
    pixmap.setDevicePixelRatio(sharp)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.drawPixmap(0, 0, numbered_swatch(colour, number, hollow=hollow).pixmap(NUMBERED_SIZE, sharp))
    icon("lock", INK).paint(painter, width + 2, 1, LOCKED_SIZE.width() - width - 2, LOCKED_SIZE.height() - 2)
    painter.end()
    return QIcon(pixmap)


@cache
def swatch(colour: str, *, hollow: bool = False, size: int = 12) -> QIcon:
    """A small square of an area's colour, as lists and menus show it; hollow where its size is wrong."""
    pixmap = QPixmap(size, size)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QColor(colour).darker(150))
    painter.setBrush(Qt.BrushStyle.NoBrush if hollow else QColor(colour))
    painter.drawRoundedRect(1, 1, size - 3, size - 3, 2, 2)
    painter.end()
    return QIcon(pixmap)
