"""What a planner with a small screen, a keyboard or a screen reader would stumble over in a window."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSlider,
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QFrame,
    QGroupBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QScrollBar,
    QStyle,
    QStyleOptionComboBox,
    QTabBar,
    QTableView,
    QTextEdit,
    QToolButton,
    QWidget,
)

#: 1366 x 768 at 150 %.
WIDTH, HEIGHT = 911, 512
CONTROLS = (
    QAbstractButton,
    QComboBox,
    QLineEdit,
    QAbstractSpinBox,
    QAbstractItemView,
    QTextEdit,
    QPlainTextEdit,
    QAbstractSlider,
    QTabBar,
)
_LOOKED_AT = 400


def stumbles(window: QWidget) -> list[str]:
    """All that is wrong with a shown dialog; empty where nothing is."""
    return [*too_large(window), *cut_texts(window), *off_screen(window), *unreached(window)]


def too_large(window: QWidget) -> Iterator[str]:
    """Whether the window, or the least that it can shrink to, is larger than the screen."""
    for name, size in (("size", window.size()), ("least size", window.minimumSizeHint())):
        if size.width() > WIDTH or size.height() > HEIGHT:
            yield f"{name} {size.width()} x {size.height()}"


def cut_texts(window: QWidget) -> Iterator[str]:
    """Texts that are wider (or, wrapped, higher) than what holds them."""
    for widget in visible(window):
        for text, need, room in _texts(widget):
            if text and need > room + 1:
                yield f"cut: {_name(widget)} {text!r} needs {need}, has {room}"


def off_screen(window: QWidget) -> Iterator[str]:
    """Controls and texts that are neither inside the window nor where a scroll bar can bring them."""
    for widget in visible(window):
        if not isinstance(widget, (*CONTROLS, QLabel, QGroupBox)) or _is_part(widget):
            continue
        holder = _scrolls(widget, window)
        inside = holder.rect() if holder is not window else window.rect()
        at = QRect(widget.mapTo(holder, widget.rect().topLeft()), widget.size())
        if not inside.contains(at):
            yield f"off-screen: {_name(widget)} at {at.getRect()} of {inside.getRect()}"


def unreached(window: QWidget) -> Iterator[str]:
    """Controls that Tab does not come to, and controls that have no name for a screen reader."""
    reached = tabbed(window)
    for widget in controls(window):
        if not widget.isEnabled():
            continue
        if not (widget in reached or _by_arrows(widget, reached)):
            yield f"Tab does not reach {_name(widget)} {_text(widget)!r}"
        if not named(widget):
            yield f"no name: {_name(widget)}"


def visible(window: QWidget) -> list[QWidget]:
    """The window's widgets that are shown."""
    return [widget for widget in window.findChildren(QWidget) if widget.isVisibleTo(window)]


def controls(window: QWidget) -> list[QWidget]:
    """What a hand can use, without the parts that controls are made of."""
    drawn = [widget for widget in visible(window) if isinstance(widget, CONTROLS) or _own(widget)]
    return [widget for widget in drawn if not _is_part(widget)]


def tabbed(window: QWidget) -> list[QWidget]:
    """The widgets that Tab comes to, from the first one round to it again."""
    window.activateWindow()
    for first in _chain(window):  # a control that is off takes no focus
        first.setFocus(Qt.FocusReason.TabFocusReason)
        if window.focusWidget() is not None:
            break
    start = window.focusWidget()
    reached = [] if start is None else [start]
    for _ in range(_LOOKED_AT):
        QTest.keyClick(window.focusWidget() or window, Qt.Key.Key_Tab)
        now = window.focusWidget()
        if now is None or now in reached:
            break
        reached.append(now)
    return reached


def _chain(window: QWidget) -> Iterator[QWidget]:
    """What has the focus, then the widgets of the window in the order of Tab."""
    focused = window.focusWidget()
    if focused is not None:
        yield focused
    widget = window.nextInFocusChain()
    for _ in range(_LOOKED_AT):
        if widget is None or widget is window or not window.isAncestorOf(widget):
            return
        yield widget
        widget = widget.nextInFocusChain()


def named(widget: QWidget) -> bool:
    """Whether a screen reader has something to say: a name, a text, or a label that is its buddy."""
    if widget.accessibleName() or _text(widget):
        return True
    labels = [label for label in widget.window().findChildren(QLabel) if label.text()]
    return any(label.buddy() is widget for label in labels)


def _own(widget: QWidget) -> bool:
    """A control that the program draws itself."""
    is_ours = type(widget).__module__.startswith("renomap") and not isinstance(widget, QFrame)
    return is_ours and bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)


def _is_part(widget: QWidget) -> bool:
    """Parts of spin boxes, combo boxes, tables and scroll areas are not controls of their own."""
    if isinstance(widget, QScrollBar | QHeaderView) or widget.objectName().startswith("qt_"):
        return True
    parent = widget.parentWidget()
    while parent is not None and not parent.isWindow():
        if isinstance(parent, QAbstractSpinBox | QComboBox | QHeaderView | QLineEdit | QTabBar):
            return True
        if isinstance(parent, QTableView) and isinstance(widget, QAbstractButton):
            return True  # the corner that selects all
        parent = parent.parentWidget()
    return False


def _by_arrows(widget: QWidget, reached: list[QWidget]) -> bool:
    """Radio buttons of a group share one stop of Tab."""
    if not isinstance(widget, QRadioButton):
        return False
    group, parent = widget.group(), widget.parentWidget()
    fellows = group.buttons() if group is not None else parent.findChildren(QRadioButton)
    return any(fellow in reached for fellow in fellows)


def _scrolls(widget: QWidget, window: QWidget) -> QWidget:
    """The content of the scroll area that can bring the widget into sight, or the window."""
    child, parent = widget, widget.parentWidget()
    while parent is not None and child is not window:
        if isinstance(parent, QScrollArea) and parent.widget() is not None:
            return parent.widget()
        if isinstance(parent, QAbstractScrollArea):
            return parent
        child, parent = parent, parent.parentWidget()
    return window


def _texts(widget: QWidget) -> Iterator[tuple[str, int, int]]:
    """What a widget writes: text, pixels it needs, pixels it has."""
    metrics = widget.fontMetrics()
    if isinstance(widget, QLabel):
        if widget.wordWrap():
            yield widget.text(), widget.heightForWidth(widget.width()), widget.height()
        else:
            yield widget.text(), widget.sizeHint().width(), widget.width()
            yield widget.text(), widget.sizeHint().height(), widget.height()
    elif isinstance(widget, QPushButton | QCheckBox | QRadioButton):
        yield widget.text(), widget.sizeHint().width(), widget.width()
    elif isinstance(widget, QToolButton) and not _is_part(widget):
        shown = widget.toolButtonStyle() != Qt.ToolButtonStyle.ToolButtonIconOnly or widget.icon().isNull()
        yield widget.text() if shown else "", widget.sizeHint().width(), widget.width()
    elif isinstance(widget, QComboBox):
        room = _field_of(widget)
        for at in range(widget.count()):
            icon = 0 if widget.itemIcon(at).isNull() else widget.iconSize().width() + 4
            yield widget.itemText(at), metrics.horizontalAdvance(widget.itemText(at)) + icon, room
    elif isinstance(widget, QGroupBox):
        room = widget.width() - (24 if widget.isCheckable() else 8)
        yield widget.title(), metrics.horizontalAdvance(widget.title()), room
    elif isinstance(widget, QHeaderView) and widget.orientation() == Qt.Orientation.Horizontal:
        yield from _headers(widget)
    elif isinstance(widget, QTabBar):
        shown_tabs = [at for at in range(widget.count()) if widget.isTabVisible(at)]
        yield "tabs", max(widget.tabRect(at).right() for at in shown_tabs), widget.width()
        for at in shown_tabs:
            need = metrics.horizontalAdvance(widget.tabText(at))
            yield widget.tabText(at), need, widget.tabRect(at).width()
    elif isinstance(widget, QAbstractSpinBox):
        shown = widget.text()
        yield shown, metrics.horizontalAdvance(shown), widget.findChild(QLineEdit).width()
    elif isinstance(widget, QLineEdit) and not _is_part(widget):
        hint = widget.placeholderText()
        yield hint, metrics.horizontalAdvance(hint) + 8, widget.width()


def _headers(header: QHeaderView) -> Iterator[tuple[str, int, int]]:
    model = header.model()
    for at in range(header.count()):
        if not header.isSectionHidden(at) and model is not None:
            text = str(model.headerData(at, Qt.Orientation.Horizontal) or "")
            yield text, header.fontMetrics().horizontalAdvance(text) + 6, header.sectionSize(at)


def _field_of(combo: QComboBox) -> int:
    option = QStyleOptionComboBox()
    combo.initStyleOption(option)
    part = QStyle.SubControl.SC_ComboBoxEditField
    return combo.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, combo).width()


def _text(widget: QWidget) -> str:
    return widget.text() if isinstance(widget, QAbstractButton) else ""


def _name(widget: QWidget) -> str:
    said = widget.accessibleName() or widget.objectName()
    return f"{type(widget).__name__}({said})" if said else type(widget).__name__


def settle() -> None:
    """Let layouts and focus come to rest; what was hidden is laid out some moments after it is shown."""
    QTest.qWait(120)
