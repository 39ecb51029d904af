"""Data: what the layers hold and what the import made of them."""

from __future__ import annotations

from renomap.desktop.verbs.base import Verbs
from renomap.editing.missing import lock_layer, remove_neighbourhood


class DataVerbs(Verbs):
    """The verbs of the menu."""

    def import_report(self) -> None:
        """Show what the import read and guessed."""
        from renomap.desktop.dialogs.report import ImportReport

        dialog = ImportReport(self.project, self.session.speech, self.window)
        dialog.exec()
        dialog.deleteLater()

    def unlock_neighbourhoods(self) -> None:
        """Open the padlock of the neighbourhoods for drawing what the survey lacks, or close it."""
        project = self.project
        layer = project.neighbourhoods
        assert layer is not None
        self.change(lambda: lock_layer(project, layer.key, not layer.locked))

    def unlock_neighbourhoods_is_on(self) -> bool:
        """Whether neighbourhoods can be drawn."""
        project = self.session.document.project
        layer = None if project is None else project.neighbourhoods
        return layer is not None and not layer.locked

    def remove_missing(self) -> None:
        """Remove the chosen neighbourhood, which was drawn by hand."""
        (fid,) = self.session.document.selection.fids
        project = self.project
        self.change(lambda: remove_neighbourhood(project, fid))
        self.session.document.select()
