"""Reports: what is handed over to the meeting."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog

from renomap.desktop.verbs.base import Verbs
from renomap.model.feedback import Feedback


class ReportVerbs(Verbs):
    """The verbs of the menu."""

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

        def done(_: object) -> None:
            self.window.status.tell(say("window.packed", folder=str(folder)))
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

        paper, area_pages = settings.paper, settings.area_pages

        def work(feedback: Feedback) -> list[Path]:
            return pack(plan, folder, words, paper=paper, area_pages=area_pages, feedback=feedback)

        self.session.runner.start("job.pack", work, done, key="pack")
