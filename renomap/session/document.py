"""The open project: the one door for changes, unlimited undo, one selection for all views."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from renomap.errors import RenomapError
from renomap.model.change import ChangeSet, apply, difference
from renomap.model.project import Project
from renomap.model.scheme import UNASSIGNED
from renomap.steps.following import with_projects


@dataclass(frozen=True)
class Selection:
    """What is chosen: neighbourhoods by ``fid``, and the area the panels speak of."""

    fids: frozenset[int] = frozenset()
    area: int | None = None


class Document(QObject):
    """One open project. Every change of it goes through ``apply`` and can be undone."""

    changed = Signal(ChangeSet)
    replaced = Signal()
    selected = Signal()
    named = Signal()

    def __init__(
        self, parent: QObject | None = None, describe: Callable[[ChangeSet], str] | None = None
    ) -> None:
        super().__init__(parent)
        self._describe = describe or (lambda change: change.code)
        self._project: Project | None = None
        self._selection = Selection()
        self.path: Path | None = None
        self.holder: RenomapError | None = None
        self.undo_stack = QUndoStack(self)
        self._fresh = False
        self._saved_at = 0

    @property
    def project(self) -> Project | None:
        """The project as it is now, or None before one is opened. A value; keep it as long as you like."""
        return self._project

    @property
    def selection(self) -> Selection:
        """What is chosen."""
        return self._selection

    @property
    def is_changed(self) -> bool:
        """Whether there is something to save."""
        return self._fresh or not self.undo_stack.isClean()

    @property
    def steps_to_save(self) -> int:
        """How many undo steps lie between the saved state and the present one."""
        return abs(self.undo_stack.index() - self._saved_at)

    def replace(
        self,
        project: Project | None,
        path: Path | None = None,
        holder: RenomapError | None = None,
        *,
        fresh: bool = False,
    ) -> None:
        """Open another project. ``holder`` is why it can only be read (``store.read-only``).

        ``fresh`` says that the project itself is in no file of the user's yet and would be missed.
        """
        self._project = project
        self._fresh, self._saved_at = fresh, 0
        self._selection = Selection()
        self.path, self.holder = path, holder
        self.undo_stack.clear()
        self.replaced.emit()
        self.named.emit()
        self.selected.emit()

    def apply(self, change: ChangeSet) -> None:
        """Make a change; nothing happens where it is empty. Projects follow the areas that it moves.

        Raises RenomapError ``store.read-only`` where somebody else holds the project.
        """
        if self.holder is not None:
            raise self.holder
        if change:
            followed = change if self._project is None else with_projects(self._project, change)
            self.undo_stack.push(ApplyChange(self, followed))

    def apply_project(self, after: Project, code: str, **params: Any) -> None:
        """Make the change that leads to ``after``, which was derived from the present project."""
        if self._project is None:
            raise ValueError("no project is open")
        self.apply(difference(self._project, after, code, **params))

    def select(self, fids: Iterable[int] = (), area: int | None = None) -> None:
        """Choose neighbourhoods, or an area, instead of what was chosen; what is not there is not chosen."""
        self._choose(self._there(Selection(frozenset(int(fid) for fid in fids), area)))

    def area_of(self, fids: Collection[int]) -> int | None:
        """The area that all of these neighbourhoods belong to now; None where they differ or are in none.

        A plan may still be that of a moment ago, when an area of this number was another.
        """
        scheme = None if self._project is None else self._project.scheme
        if scheme is None or not fids:
            return None
        areas = set(scheme.assignment.reindex(list(fids)).dropna().astype(int))
        return areas.pop() if len(areas) == 1 and areas != {UNASSIGNED} else None

    def _choose(self, selection: Selection) -> None:
        if selection != self._selection:
            self._selection = selection
            self.selected.emit()

    def retell(self) -> None:
        """Name the undo steps anew, in another language."""
        for at in range(self.undo_stack.count()):
            step = self.undo_stack.command(at)
            if isinstance(step, ApplyChange):
                step.setText(self._describe(step.change))

    def mark_saved(self, path: Path, saved_at: int) -> None:
        """The state after ``saved_at`` undo steps is now in the file ``path``."""
        self.path = path
        self._fresh, self._saved_at = False, saved_at
        if saved_at == self.undo_stack.index():
            self.undo_stack.setClean()
        else:  # something was done while the file was being written
            self.undo_stack.resetClean()
        self.named.emit()

    def _put(self, change: ChangeSet) -> None:
        assert self._project is not None
        self._project = apply(self._project, change)
        before, self._selection = self._selection, self._there(self._selection)
        self.changed.emit(change)
        if before != self._selection:
            self.selected.emit()

    def _there(self, selection: Selection) -> Selection:
        """What of a selection the project has; a change may take away what was chosen."""
        project = self._project
        if project is None or selection == Selection():
            return selection
        units, scheme, area = project.neighbourhoods, project.scheme, selection.area
        fids = [] if units is None else [fid for fid in selection.fids if fid in units.frame.index]
        known = scheme is not None and area is not None and area in scheme.areas.index
        return Selection(frozenset(fids), area if known else None)


class ApplyChange(QUndoCommand):
    """One undo step: a change, when it was made, and what was chosen then."""

    def __init__(self, document: Document, change: ChangeSet) -> None:
        super().__init__(document._describe(change))
        self.change = change
        self.at = dt.datetime.now()
        self._document = document
        self._selection = document.selection

    def redo(self) -> None:
        self._document._put(self.change)

    def undo(self) -> None:
        self._document._put(self.change.inverse)
        self._document.select(self._selection.fids, self._selection.area)
