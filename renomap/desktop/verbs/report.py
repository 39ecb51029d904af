"""Reports: what is handed over to the meeting."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog

from renomap.desktop.dialogs.page import usual_page
from renomap.desktop.verbs.base import Verbs
from renomap.model.feedback import Feedback
from renomap.model.page import page_of

if TYPE_CHECKING:
    from renomap.outputs.pack import Pack


class ReportVerbs(Verbs):
    """The verbs of the menu."""

    def report_pdf(self) -> None:
        """Export the report."""
        self.ask_export("report")

    def export_map(self) -> None:
        """Export the map as a picture."""
        self.ask_export("map-png")

    def export_tables(self) -> None:
        """Export the tables."""
        self.ask_export("tables")

    def export_web(self) -> None:
        """Export the web map."""
        self.ask_export("web")

    def ask_export(self, kind: str) -> None:
        """Ask how and where to export, a kind chosen already."""
        from renomap.desktop.dialogs.export import ExportDialog

        theme = self.window.canvas.theme
        self.commands.show(ExportDialog(self.session, self.plan, kind, theme, self.window))

    def pack(self) -> None:
        """Ask for a folder and write the meeting pack there."""
        from renomap.steps.handover import pack

        plan, say, settings = self.plan, self.session.speech, self.session.settings
        start = Path(settings.folder) / say("window.files.pack")
        name, _ = QFileDialog.getSaveFileName(
            self.window, say("window.pack.where"), str(start), options=QFileDialog.Option.ShowDirsOnly
        )
        if not name:
            return
        folder, words = Path(name), say.words

        def done(made: Pack) -> None:
            kept = say.words["list.between"].join(path.name for path in made.kept)
            code = "window.packed-kept" if kept else "window.packed"
            self.window.status.tell(say(code, folder=str(folder), kept=kept))
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

        shown = self.session.shown.as_shown(plan)
        page = page_of(plan.project, usual_page(self.session))

        def work(feedback: Feedback) -> Pack:
            return pack(shown, folder, words, page, feedback=feedback)

        self.session.runner.start("job.pack", work, done, key="pack")
