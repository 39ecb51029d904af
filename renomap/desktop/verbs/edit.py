"""Editing in general: steps back and forward, and what is chosen."""

from __future__ import annotations

from typing import Final

from PySide6.QtGui import QGuiApplication, QImage

from renomap.desktop.desk import Desk
from renomap.model.feedback import Feedback

#: A slide in full: sharp on a projector and on A4.
COPY_PX: Final = (2400, 1350)
COPY_DPI: Final = 200.0


def undo(desk: Desk) -> None:
    """One step back."""
    desk.session.document.undo_stack.undo()


def redo(desk: Desk) -> None:
    """One step forward again."""
    desk.session.document.undo_stack.redo()


def copy_map(desk: Desk) -> None:
    """Put what the window shows, with legend, scale bar and north arrow, into the clipboard."""
    plan, theme, view = (
        desk.session.shown.as_shown(desk.plan),
        desk.canvas.theme,
        desk.canvas.view,
    )
    words = desk.session.speech.words

    def work(feedback: Feedback) -> QImage:
        from renomap.cartography.sheet import map_image
        from renomap.cartography.style import Style

        style = Style("compact", dpi=COPY_DPI)
        return map_image(plan, theme, words, COPY_PX, bounds=view.extent, style=style, feedback=feedback)

    def done(image: QImage) -> None:
        QGuiApplication.clipboard().setImage(image)
        desk.status.tell(desk.session.speech("window.copied-map"))

    desk.session.runner.start("job.copy-map", work, done, key="copy-map")


def select_all(desk: Desk) -> None:
    """Choose every neighbourhood."""
    desk.session.document.select(desk.plan.neighbourhoods.index)


def select_none(desk: Desk) -> None:
    """Choose nothing."""
    desk.session.document.select()


def snapping(desk: Desk) -> None:
    """Let points snap to what is on the map, or not."""
    desk.session.settings.snapping = not desk.session.settings.snapping
    desk.canvas.options_changed.emit()


def snapping_is_on(desk: Desk) -> bool:
    """Whether points snap."""
    return desk.session.settings.snapping
