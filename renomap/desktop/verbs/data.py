"""Data: what the layers hold and what the import made of them."""

from __future__ import annotations

from renomap.desktop.verbs.base import Verbs


class DataVerbs(Verbs):
    """The verbs of the menu."""

    def import_report(self) -> None:
        """Show what the import read and guessed."""
        from renomap.desktop.dialogs.report import ImportReport

        dialog = ImportReport(self.project, self.session.speech, self.window)
        dialog.exec()
        dialog.deleteLater()
