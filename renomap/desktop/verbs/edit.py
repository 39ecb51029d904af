"""Editing in general: steps back and forward, and what is chosen."""

from __future__ import annotations

from renomap.desktop.verbs.base import Verbs


class EditVerbs(Verbs):
    """The verbs of the menu."""

    def undo(self) -> None:
        """One step back."""
        self.session.document.undo_stack.undo()

    def redo(self) -> None:
        """One step forward again."""
        self.session.document.undo_stack.redo()

    def select_all(self) -> None:
        """Choose every neighbourhood."""
        self.session.document.select(self.plan.neighbourhoods.index)

    def select_none(self) -> None:
        """Choose nothing."""
        self.session.document.select()

    def snapping(self) -> None:
        """Let points snap to what is on the map, or not."""
        self.session.settings.snapping = not self.session.settings.snapping
        self.window.canvas.options_changed.emit()

    def snapping_is_on(self) -> bool:
        """Whether points snap."""
        return self.session.settings.snapping
