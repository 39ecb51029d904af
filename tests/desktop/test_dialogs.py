"""Every dialog at 1366 x 768 with 150 %: no text cut, nothing off-screen, all reached by Tab and named."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from desk import Desk, town
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QDialog, QLabel, QPushButton, QWidget

from renomap.desktop.dialogs.fault import FaultDialog
from renomap.desktop.dialogs.grouping import GroupingDialog
from renomap.desktop.dialogs.report import ImportReport

WIDTH, HEIGHT = 911, 512

DIALOGS: dict[str, Callable[[Desk], QDialog]] = {
    "grouping": lambda desk: GroupingDialog(desk.session, desk.session.document.project, desk.window),
    "report": lambda desk: ImportReport(desk.session.document.project, desk.session.speech, desk.window),
    "fault": lambda desk: FaultDialog(ValueError("x"), desk.session.speech, desk.window),
}


def named(widget: QWidget) -> bool:
    """Whether a screen reader has something to say: a name, a text, or a label that is its buddy."""
    if widget.accessibleName() or (isinstance(widget, QPushButton) and widget.text()):
        return True
    buddies = [label.buddy() for label in widget.window().findChildren(QLabel)]
    return widget in buddies or any(parent in buddies for parent in (widget.parent(), widget.focusProxy()))


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", sorted(DIALOGS))
def test_a_dialog_fits_a_small_screen(desk: Desk, name: str, language: str) -> None:
    desk.open(town())
    desk.window.speak(language)
    dialog = DIALOGS[name](desk)
    dialog.show()
    desk.until(lambda: not desk.session.runner.jobs)
    QApplication.processEvents()
    assert dialog.width() <= WIDTH
    assert dialog.height() <= HEIGHT
    assert dialog.minimumSizeHint().width() <= WIDTH
    assert dialog.minimumSizeHint().height() <= HEIGHT
    for label in dialog.findChildren(QLabel):
        if label.isVisible() and not label.wordWrap():
            assert label.sizeHint().width() <= label.width() + 1, label.text()
    for button in dialog.findChildren(QPushButton):
        if button.isVisible():
            assert button.fontMetrics().horizontalAdvance(button.text()) <= button.width(), button.text()
    for combo in dialog.findChildren(QComboBox):
        if combo.isVisible():
            widest = max(
                combo.fontMetrics().horizontalAdvance(combo.itemText(i)) for i in range(combo.count())
            )
            assert widest <= combo.width() - 24, combo.currentText()
    reached: list[QWidget] = []
    first = dialog.focusWidget() or dialog.nextInFocusChain()
    first.setFocus()
    for _ in range(60):
        QTest.keyClick(dialog.focusWidget() or dialog, Qt.Key.Key_Tab)
        now = dialog.focusWidget()
        if now is None or now in reached:
            break
        reached.append(now)
    for button in dialog.findChildren(QPushButton):
        if button.isVisible() and button.isEnabled():
            assert button in reached or button is first, button.text()
    for widget in reached:
        assert named(widget), type(widget).__name__
    dialog.reject()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_window_fits_a_small_screen(desk: Desk, language: str) -> None:
    desk.open(town())
    desk.window.speak(language)
    desk.window.resize(WIDTH, HEIGHT)
    QApplication.processEvents()
    assert desk.window.width() <= WIDTH
    assert desk.window.height() <= HEIGHT
    desk.settle()
