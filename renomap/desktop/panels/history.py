"""The history: the steps of this session, each with the time it was made."""

from __future__ import annotations

import datetime as dt

from PySide6.QtCore import QModelIndex, QPersistentModelIndex
from PySide6.QtGui import QUndoCommand, QUndoStack
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QUndoView, QWidget


class History(QUndoView):
    """The list of steps; a click goes back to one or forward again."""

    def __init__(self, stack: QUndoStack, parent: QWidget | None = None) -> None:
        super().__init__(stack, parent)
        self._stack = stack
        self.setItemDelegate(_Timed(self))

    def time_of(self, row: int) -> str:
        """When the step of a row was made, as hours and minutes; '' for the state before all steps."""
        if not 0 < row <= self._stack.count():
            return ""
        at = _made(self._stack.command(row - 1))
        return "" if at is None else f"{at:%H:%M}"


class _Timed(QStyledItemDelegate):
    """The time before the words of a step."""

    def __init__(self, view: History) -> None:
        super().__init__(view)
        self._view = view

    def initStyleOption(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().initStyleOption(option, index)
        time = self._view.time_of(index.row())
        if time:
            option.text = f"{time}  {option.text}"


def _made(command: QUndoCommand | None) -> dt.datetime | None:
    """When a step was made; of several in one, the first."""
    while command is not None:
        at = getattr(command, "at", None)
        if isinstance(at, dt.datetime):
            return at
        command = command.child(0) if command.childCount() else None
    return None
