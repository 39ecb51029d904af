"""Actions: the table of actions as Qt's, worded, enabled with reasons, in menus and in the toolbar."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QToolBar, QToolButton

from renomap.desktop.action_table import MENUS, ROWS, Row
from renomap.desktop.desk import Desk
from renomap.desktop.look import icon


class Actions:
    """The table as Qt's actions: worded, enabled with reasons, and put into menus and the toolbar."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        session = desk.session
        self.by_code = {row.code: self._made(row) for row in ROWS}
        self._soon = QTimer(desk.window, interval=0, singleShot=True)
        self._soon.timeout.connect(self.refresh)
        document = session.document
        for signal in (
            document.changed,
            document.replaced,
            document.selected,
            document.named,
            session.shown.changed,
            document.undo_stack.indexChanged,
            session.planner.planned,
            session.keeper.recovery_answered,
            session.comparing.changed,
        ):
            signal.connect(self._soon.start)
        session.speech.changed.connect(self.refresh)
        self.refresh()

    def fill_menus(self, bar: QMenuBar) -> dict[str, QMenu]:
        """A menu for each of ``MENUS``, by code; a menu without actions is filled by the window."""
        menus = {code: bar.addMenu(code) for code in MENUS}
        for row in ROWS:
            menu = menus[row.menu]
            if row.line:
                menu.addSeparator()
            menu.addAction(self.by_code[row.code])
        for menu in menus.values():
            menu.setToolTipsVisible(True)
            menu.aboutToHide.connect(self._desk.end_preview)
        return menus

    def fill_bar(self, bar: QToolBar) -> list[QToolButton]:
        """The actions of the toolbar, a line between menus; the buttons that say their words."""
        last, worded = "", []
        for row in ROWS:
            if not row.bar:
                continue
            if last and row.menu != last:
                bar.addSeparator()
            last = row.menu
            bar.addAction(self.by_code[row.code])
            button = bar.widgetForAction(self.by_code[row.code])
            if row.bar == "text" and isinstance(button, QToolButton):
                worded.append(button)
        return worded

    def refresh(self) -> None:
        """Word every action and enable those that nothing stands in the way of."""
        say = self._desk.session.speech
        for row in ROWS:
            action, reason = self.by_code[row.code], row.reason(self._desk)
            text = say(f"window.action.{row.code}")
            keys = (
                f" ({action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)})" if row.keys else ""
            )
            action.setText(text)
            action.setEnabled(reason is None)
            action.setToolTip(f"{text}{keys}" + (f"\n{self._desk.reason_text(reason)}" if reason else ""))
            if row.code in ("undo", "redo") and reason is None:
                stack = self._desk.session.document.undo_stack
                step = stack.undoText() if row.code == "undo" else stack.redoText()
                action.setText(say(f"window.action.{row.code}-step", step=step))
                action.setToolTip(f"{action.text()}{keys}")
            if row.is_on is not None:
                action.setChecked(row.is_on(self._desk))

    def _made(self, row: Row) -> QAction:
        action = QAction(self._desk.window)
        if row.icon:
            action.setIcon(icon(row.icon))
        if row.keys:
            action.setShortcuts([QKeySequence(keys) for keys in row.keys.split(" | ")])
        action.setCheckable(row.is_on is not None)
        action.hovered.connect(lambda: self._preview(action, row.preview))
        action.triggered.connect(lambda: self._carry_out(row))
        return action

    def _preview(self, action: QAction, show: Callable[[Desk], None] | None) -> None:
        """Show what an action would do, where it can tell; the pointer rests on it."""
        if show is not None and action.isEnabled():
            show(self._desk)
        else:
            self._desk.end_preview()

    def _carry_out(self, row: Row) -> None:
        """Do it, or say why not: the reason may have come up after the action was last enabled.

        Keys struck in quick succession arrive before the window has drawn breath to look again.
        """
        reason = row.reason(self._desk)
        if reason is None:
            row.does(self._desk)
        else:
            self._desk.status.tell(self._desk.reason_text(reason), warning=True)
            self.refresh()  # an action with a tick has changed it by itself
