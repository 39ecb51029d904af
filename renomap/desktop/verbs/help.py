"""Help: the keys, a file for those who support the program, and what this is."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QMessageBox

from renomap import __version__
from renomap.desktop.desk import Desk


def keys(desk: Desk) -> None:
    """Show the keys of the map."""
    say = desk.session.speech
    QMessageBox.information(desk.window, say("window.action.keys"), say("window.keys-text"))


def diagnosis(desk: Desk) -> None:
    """Ask for a file and write into it what whoever supports the program needs, without anything surveyed."""
    from renomap.outputs.atomic import new_file
    from renomap.session.diagnosis import diagnosis

    session, say = desk.session, desk.session.speech
    start = Path(session.settings.folder) / say("window.diagnosis.file")
    name, _ = QFileDialog.getSaveFileName(
        desk.window, say("window.diagnosis.title"), str(start), "TXT (*.txt)"
    )
    if name:
        text = diagnosis(session.document.project, session.settings, session.faults.faults)
        with new_file(Path(name)) as draft:
            draft.write_text(text, encoding="utf-8")
        desk.status.tell(say("window.diagnosis.written", path=name))


def about(desk: Desk) -> None:
    """Say what this is."""
    say = desk.session.speech
    QMessageBox.about(desk.window, say("window.action.about"), say("window.about", version=__version__))
