"""Editing in general: steps back and forward, and what is chosen."""

from __future__ import annotations

from typing import Final

from PySide6.QtGui import QGuiApplication, QImage

from renomap.desktop.verbs.base import Verbs
from renomap.model.feedback import Feedback

#: A slide in full: sharp on a projector and on A4.
COPY_PX: Final = (2400, 1350)
COPY_DPI: Final = 200.0


class EditVerbs(Verbs):
    """The verbs of the menu."""

    def undo(self) -> None:
        """One step back."""
        self.session.document.undo_stack.undo()

    def redo(self) -> None:
        """One step forward again."""
        self.session.document.undo_stack.redo()

    def copy_map(self) -> None:
        """Put what the window shows, with legend, scale bar and north arrow, into the clipboard."""
        plan, theme, view = (
            self.session.shown.as_shown(self.plan),
            self.window.canvas.theme,
            self.window.canvas.view,
        )
        words = self.session.speech.words

        def work(feedback: Feedback) -> QImage:
            from renomap.cartography.sheet import map_image

            return map_image(plan, theme, words, COPY_PX, COPY_DPI, bounds=view.extent, feedback=feedback)

        def done(image: QImage) -> None:
            QGuiApplication.clipboard().setImage(image)
            self.window.status.tell(self.session.speech("window.copied-map"))

        self.session.runner.start("job.copy-map", work, done, key="copy-map")

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
