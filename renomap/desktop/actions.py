"""Actions: every command of the window is a row of one table, with its key and why it cannot be used now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QToolBar, QToolButton

from renomap.desktop.look import icon

if TYPE_CHECKING:
    from renomap.desktop.commands import Commands

Reason = Callable[["Commands"], str | None]
MENUS: tuple[str, ...] = ("file", "edit", "view", "data", "areas", "analysis", "report", "window", "help")


def always(_: Commands) -> None:
    """Nothing stands in the way."""


def needs_project(commands: Commands) -> str | None:
    """A project must be open."""
    return None if commands.session.document.project is not None else "window.reason.no-project"


def needs_plan(commands: Commands) -> str | None:
    """Neighbourhoods must be loaded and counted."""
    return None if commands.session.planner.plan is not None else "window.reason.no-neighbourhoods"


def needs_edit(commands: Commands) -> str | None:
    """The project must be ours to change."""
    holder = commands.session.document.holder
    return needs_plan(commands) or (holder.code if holder is not None else None)


def needs_areas(commands: Commands) -> str | None:
    """A scheme with areas must be there."""
    plan = commands.session.planner.plan
    if plan is None or plan.areas.empty:
        return "window.reason.no-areas"
    return None


def needs_problems(commands: Commands) -> str | None:
    """There must be something wrong."""
    return None if commands.session.planner.problems else "window.reason.no-problems"


def needs_selection(commands: Commands) -> str | None:
    """Something must be chosen."""
    chosen = commands.session.document.selection
    return None if chosen.fids or chosen.area is not None else "window.reason.no-selection"


def needs_scheme(commands: Commands) -> str | None:
    """There must be a scheme that we may change."""
    project = commands.session.document.project
    missing = project is None or project.scheme is None
    return needs_edit(commands) or ("window.reason.no-scheme" if missing else None)


def needs_area(commands: Commands) -> str | None:
    """One area must be chosen."""
    chosen = commands.session.document.selection.area is not None
    return needs_scheme(commands) or (None if chosen else "window.reason.no-area")


def needs_two_areas(commands: Commands) -> str | None:
    """Neighbourhoods of two or more areas must be chosen."""
    return needs_scheme(commands) or (None if len(commands.chosen_areas()) > 1 else "window.reason.one-area")


def needs_pair(commands: Commands) -> str | None:
    """Two neighbourhoods must be chosen."""
    pair = len(commands.session.document.selection.fids) == 2
    return needs_scheme(commands) or (None if pair else "window.reason.no-pair")


def needs_undo(commands: Commands) -> str | None:
    """There must be a step to undo."""
    return None if commands.session.document.undo_stack.canUndo() else "window.reason.no-undo"


def needs_redo(commands: Commands) -> str | None:
    """There must be a step to redo."""
    return None if commands.session.document.undo_stack.canRedo() else "window.reason.no-redo"


@dataclass(frozen=True)
class Row:
    """One action; its words are ``window.action.<code>``, ``name`` is the method of ``Commands`` it calls."""

    code: str
    menu: str
    icon: str = ""
    keys: str = ""
    reason: Reason = always
    bar: str = ""  # '' = not in the toolbar, 'icon', or 'text' = icon with its words
    line: bool = False  # a line above it
    choice: str = ""  # one of a group that excludes each other

    @property
    def name(self) -> str:
        """Method of ``Commands``."""
        return self.code.replace("-", "_")


ROWS: tuple[Row, ...] = (
    Row("open", "file", "folder-open-outline", "Ctrl+O", bar="icon"),
    Row("sample", "file", "map-search-outline"),
    Row("save", "file", "content-save-outline", "Ctrl+S", needs_project, "icon", line=True),
    Row("save-as", "file", "content-save-move-outline", "Ctrl+Shift+S", needs_project),
    Row("close", "file", "close", "Ctrl+W", needs_project, line=True),
    Row("quit", "file", "exit-to-app", "Ctrl+Q"),
    Row("undo", "edit", "undo", "Ctrl+Z", needs_undo, "icon"),
    Row("redo", "edit", "redo", "Ctrl+Y", needs_redo, "icon"),
    Row("select-all", "edit", "select-all", "Ctrl+A", needs_plan, line=True),
    Row("select-none", "edit", "select-off", "Ctrl+Shift+A", needs_selection),
    Row("zoom-all", "view", "fit-to-page-outline", "Ctrl+Shift+F", needs_plan, "icon"),
    Row("zoom-selection", "view", "magnify-scan", "Ctrl+J", needs_selection),
    Row("zoom-in", "view", "magnify-plus-outline", "Ctrl++", needs_plan),
    Row("zoom-out", "view", "magnify-minus-outline", "Ctrl+-", needs_plan),
    Row("group", "areas", "vector-polygon", "Ctrl+G", needs_edit, "text"),
    Row("new-scheme", "areas", "file-plus-outline", "", needs_edit),
    Row("select", "areas", "cursor-default-outline", "V", needs_plan, "icon", line=True, choice="tool"),
    Row("paint", "areas", "brush-outline", "B", needs_scheme, "icon", choice="tool"),
    Row("paint-rectangle", "areas", "rectangle-outline", "R", needs_scheme, "icon", choice="tool"),
    Row("paint-lasso", "areas", "lasso", "L", needs_scheme, "icon", choice="tool"),
    Row("erase", "areas", "eraser", "E", needs_scheme, "icon", choice="tool"),
    Row("draw", "areas", "shape-polygon-plus", "D", needs_scheme, "icon", choice="tool"),
    Row("reshape", "areas", "vector-curve", "G", needs_area, "icon", choice="tool"),
    Row("split", "areas", "content-cut", "X", needs_area, "icon", choice="tool"),
    Row("only-unassigned", "areas", "circle-off-outline", "U", needs_scheme, choice="switch"),
    Row("lock", "areas", "lock-outline", "K", needs_area, line=True),
    Row("rename", "areas", "pencil-outline", "F2", needs_area),
    Row("merge", "areas", "set-merge", "M", needs_two_areas),
    Row("dissolve", "areas", "delete-outline", "Del", needs_area),
    Row("link", "areas", "link-variant", "", needs_pair, line=True),
    Row("cut", "areas", "link-variant-off", "", needs_pair),
    Row("import-report", "data", "clipboard-text-outline", "", needs_project),
    Row("next-problem", "analysis", "skip-next-outline", "F8", needs_problems),
    Row("last-problem", "analysis", "skip-previous-outline", "Shift+F8", needs_problems),
    Row("pack", "report", "briefcase-outline", "Ctrl+P", needs_areas, "text"),
    Row("chinese", "view", choice="language", line=True),
    Row("english", "view", choice="language"),
    Row("reset-layout", "window", "dock-window", line=True),
    Row("keys", "help", "keyboard-outline", "F1"),
    Row("about", "help", "information-outline"),
)


class Actions:
    """The table as Qt's actions: worded, enabled with reasons, and put into menus and the toolbar."""

    def __init__(self, commands: Commands) -> None:
        self._commands = commands
        session = commands.session
        self.by_code = {row.code: self._made(row) for row in ROWS}
        self._soon = QTimer(commands, interval=0, singleShot=True)
        self._soon.timeout.connect(self.refresh)
        document = session.document
        for signal in (
            document.changed,
            document.replaced,
            document.selected,
            document.named,
            document.undo_stack.indexChanged,
            session.planner.planned,
            session.keeper.recovery_answered,
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
        return menus

    def fill_bar(self, bar: QToolBar) -> None:
        """The actions of the toolbar, a line between menus."""
        last = ""
        for row in ROWS:
            if not row.bar:
                continue
            if last and row.menu != last:
                bar.addSeparator()
            last = row.menu
            bar.addAction(self.by_code[row.code])
            button = bar.widgetForAction(self.by_code[row.code])
            if row.bar == "text" and isinstance(button, QToolButton):
                button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)

    def refresh(self) -> None:
        """Word every action and enable those that nothing stands in the way of."""
        say = self._commands.session.speech
        for row in ROWS:
            action, reason = self.by_code[row.code], row.reason(self._commands)
            text = say(f"window.action.{row.code}")
            keys = (
                f" ({action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)})" if row.keys else ""
            )
            action.setText(text)
            action.setEnabled(reason is None)
            action.setToolTip(f"{text}{keys}" + (f"\n{self._commands.reason_text(reason)}" if reason else ""))
            if row.code in ("undo", "redo") and reason is None:
                stack = self._commands.session.document.undo_stack
                step = stack.undoText() if row.code == "undo" else stack.redoText()
                action.setText(say(f"window.action.{row.code}-step", step=step))
                action.setToolTip(f"{action.text()}{keys}")
            if row.choice:
                action.setChecked(self._commands.is_chosen(row.choice, row.code))

    def _made(self, row: Row) -> QAction:
        action = QAction(self._commands)
        if row.icon:
            action.setIcon(icon(row.icon))
        if row.keys:
            action.setShortcut(QKeySequence(row.keys))
        action.setCheckable(bool(row.choice))
        action.triggered.connect(lambda: getattr(self._commands, row.name)())
        return action
