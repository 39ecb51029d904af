"""The bundled typeface, and text as outlines that look the same on every machine."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import groupby

from renomap.assets import resource
from renomap.cartography.qt import QtCore, QtGui

FONT_FILES: tuple[str, ...] = ("fonts/NotoSansSC-Regular.otf", "fonts/NotoSansSC-Bold.otf")
#: Outlines are made once at this size and scaled, so that a text has the same shape at every zoom.
MASTER_PX = 64.0

_application: list[QtGui.QGuiApplication] = []


def ensure_application() -> QtCore.QCoreApplication:
    """The running Qt application, or a new one without a screen (for the command line).

    Call it from the main thread before drawing outside the window.
    """
    running = QtGui.QGuiApplication.instance()
    if running is not None:
        return running
    # The platform is named here, not in the environment: without a display Qt would end the process.
    _application.append(QtGui.QGuiApplication(["renomap", "-platform", "offscreen"]))
    return _application[0]


@cache
def family() -> str:
    """Name of the bundled font family, registered with Qt at the first call."""
    ensure_application()
    names: list[str] = []
    for name in FONT_FILES:
        number = QtGui.QFontDatabase.addApplicationFont(str(resource(name)))
        names += QtGui.QFontDatabase.applicationFontFamilies(number)
    return names[0] if names else QtGui.QGuiApplication.font().family()


@lru_cache(maxsize=8)
def master_font(bold: bool = False) -> QtGui.QFont:
    """The font outlines are made with: unhinted, so that widths grow in proportion with the size.

    Alone: Qt would take what the face lacks from any other font that is loaded, such as one of icons.
    """
    font = QtGui.QFont(family())
    font.setStyleStrategy(QtGui.QFont.StyleStrategy.NoFontMerging)
    font.setPixelSize(int(MASTER_PX))
    font.setBold(bold)
    font.setHintingPreference(QtGui.QFont.HintingPreference.PreferNoHinting)
    return font


@lru_cache(maxsize=64)
def _face(name: str, bold: bool) -> QtGui.QFont:
    font = QtGui.QFont(master_font(bold))
    font.setFamily(name)
    return font


@lru_cache(maxsize=1024)
def _metrics(name: str, bold: bool) -> QtGui.QFontMetricsF:
    return QtGui.QFontMetricsF(_face(name, bold))


#: Printed for a character that no font of the machine has: the printers' mark for a missing sort.
MISSING = "〓"


@lru_cache(maxsize=16384)
def legible(text: str) -> str:
    """The text with ``MISSING`` for what cannot be drawn, so that no map shows empty boxes.

    What the bundled face lacks is drawn with a font of the machine if one has it (``_family_of``).
    """
    return text if text.isascii() else "".join(c if _family_of(c) else MISSING for c in text)


@lru_cache(maxsize=16384)
def _family_of(character: str) -> str:
    """The bundled family if it has the character, else the first family of the machine that does; or empty.

    Fonts that the program has loaded itself are not asked: icons of the window stand where letters should.
    A font of coloured pictures is none either: it has no outlines.
    """
    if character.isspace() or _metrics(family(), False).inFontUcs4(ord(character)):
        return family()
    if unicodedata.category(character).startswith("C"):
        return ""
    return next((name for name in _of_the_machine() if _outlined(name, character)), "")


def _of_the_machine() -> list[str]:
    """Families that are installed, those for Chinese first."""
    database = QtGui.QFontDatabase
    loaded: set[str] = set()
    number = 0
    while names := database.applicationFontFamilies(number):
        loaded.update(names)
        number += 1
    chinese = {
        name
        for script in (database.WritingSystem.SimplifiedChinese, database.WritingSystem.TraditionalChinese)
        for name in database.families(script)
    }
    installed = [name for name in database.families() if name not in loaded and database.isScalable(name)]
    return sorted(installed, key=lambda name: (name not in chinese, name))


def _outlined(name: str, character: str) -> bool:
    if not _metrics(name, False).inFontUcs4(ord(character)):
        return False
    path = QtGui.QPainterPath()
    path.addText(0.0, 0.0, _face(name, False), character)
    return not path.isEmpty()


def _runs(text: str) -> Iterator[tuple[str, str]]:
    """Pieces of a text, each with the family that draws it; one piece where the bundled face does."""
    if text.isascii():
        yield family(), text
        return
    for name, piece in groupby(legible(text), key=_family_of):
        yield name, "".join(piece)


@lru_cache(maxsize=16384)
def text_width(text: str, bold: bool = False) -> float:
    """Width of a line of text in units of its font size (1.0 = one em)."""
    return sum(_metrics(name, bold).horizontalAdvance(piece) for name, piece in _runs(text)) / MASTER_PX


@lru_cache(maxsize=8192)
def text_path(text: str, bold: bool, size_px: float) -> QtGui.QPainterPath:
    """Outline of a line of text, its baseline starting at (0, 0). Treat it as read-only.

    In the size it is drawn in: a pen takes twice as long around a path that is scaled.
    """
    path = QtGui.QPainterPath()
    x = 0.0
    for name, piece in _runs(text):
        path.addText(x, 0.0, _face(name, bold), piece)
        x += _metrics(name, bold).horizontalAdvance(piece)
    sized = QtGui.QTransform.fromScale(size_px / MASTER_PX, size_px / MASTER_PX).map(path)
    sized.setFillRule(QtCore.Qt.FillRule.WindingFill)
    return sized


@lru_cache(maxsize=8192)
def whole_path(text: str, bold: bool, size_px: float) -> QtGui.QPainterPath:
    """``text_path`` with its points on whole units, for media whose units are finer than the eye."""
    path = QtGui.QPainterPath(text_path(text, bold, size_px))
    for k in range(path.elementCount()):
        element = path.elementAt(k)
        path.setElementPositionAt(k, round(element.x), round(element.y))
    return path


def shortened(text: str, size_px: float, width_px: float, bold: bool = False) -> str:
    """The text, or its beginning with an ellipsis, so that it is at most ``width_px`` wide."""
    if text_width(text, bold) * size_px <= width_px:
        return text
    kept = text
    while kept and text_width(kept + "…", bold) * size_px > width_px:
        kept = kept[:-1]
    return kept + "…" if kept else ""


def wrapped(text: str, size_px: float, width_px: float, bold: bool = False) -> list[str]:
    """The text in lines of at most ``width_px``; breaks at spaces, and between Chinese characters.

    Closing punctuation is not put at the beginning of a line, an opening bracket not at its end. An empty
    text gives no line.
    """
    lines: list[str] = []
    line = ""
    for piece in _pieces(text):
        if (
            line
            and text_width((line + piece).rstrip(), bold) * size_px > width_px
            and piece[0] not in _CLOSING
        ):
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
    if line.strip():
        lines.append(line.rstrip())
    return lines


_CLOSING = frozenset(",.;:!?)]，。；：！？）】》、%”’")
_OPENING = frozenset("([（【《“‘")


def _pieces(text: str) -> list[str]:
    pieces: list[str] = []
    for character in text:
        wide = ord(character) >= 0x2E80
        before = pieces[-1][-1] if pieces else ""
        goes_on = not wide and character != " " and before not in ("", " ") and ord(before) < 0x2E80
        if goes_on or before in _OPENING or (character == " " and pieces):
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces
