"""Help: the keys, and what this is."""

from __future__ import annotations

from PySide6.QtWidgets import QMessageBox

from renomap import __version__
from renomap.desktop.desk import Desk


def keys(desk: Desk) -> None:
    """Show the keys of the map."""
    say = desk.session.speech
    QMessageBox.information(desk.window, say("window.action.keys"), say("window.keys-text"))


def about(desk: Desk) -> None:
    """Say what this is."""
    say = desk.session.speech
    QMessageBox.about(desk.window, say("window.action.about"), say("window.about", version=__version__))
