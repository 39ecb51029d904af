"""Reports: what is handed over to the meeting."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog

from renomap.desktop.desk import Desk
from renomap.desktop.dialogs.page import usual_page
from renomap.model.feedback import Feedback
from renomap.model.page import page_of

if TYPE_CHECKING:
    from renomap.outputs.pack import Pack


def report_pdf(desk: Desk) -> None:
    """Export the report."""
    ask_export(desk, "report")


def export_map(desk: Desk) -> None:
    """Export the map as a picture."""
    ask_export(desk, "picture")


def export_tables(desk: Desk) -> None:
    """Export the tables."""
    ask_export(desk, "tables")


def export_web(desk: Desk) -> None:
    """Export the web map."""
    ask_export(desk, "web")


def ask_export(desk: Desk, kind: str) -> None:
    """Ask how and where to export, a kind chosen already."""
    from renomap.desktop.dialogs.export import ExportDialog

    theme = desk.canvas.theme
    desk.show(ExportDialog(desk.session, desk.plan, kind, theme, desk.window))


def pack(desk: Desk) -> None:
    """Ask for a folder and write the meeting pack there."""
    from renomap.steps.handover import pack

    plan, say, settings = desk.plan, desk.session.speech, desk.session.settings
    start = Path(settings.folder) / say("window.files.pack")
    name, _ = QFileDialog.getSaveFileName(
        desk.window, say("window.pack.where"), str(start), options=QFileDialog.Option.ShowDirsOnly
    )
    if not name:
        return
    folder, words = Path(name), say.words

    def done(made: Pack) -> None:
        kept = say.words["list.between"].join(path.name for path in made.kept)
        code = "window.packed-kept" if kept else "window.packed"
        told = say(code, folder=str(folder), kept=kept)
        desk.status.tell(f"{told}{say('window.pack.lacks', what=say(made.lacks))}" if made.lacks else told)
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    shown = desk.session.comparing.with_comparison(desk.session.shown.as_shown(plan))
    page = page_of(plan.project, usual_page(desk.session))

    def work(feedback: Feedback) -> Pack:
        return pack(shown, folder, words, page, feedback=feedback)

    desk.session.runner.start("job.pack", work, done, key="pack")
