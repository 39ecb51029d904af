"""Help: the keys, and what this is."""

from __future__ import annotations

from PySide6.QtWidgets import QMessageBox

from renomap import __version__
from renomap.desktop.verbs.base import Verbs


class HelpVerbs(Verbs):
    """The verbs of the menu."""

    def keys(self) -> None:
        """Show the keys of the map."""
        say = self.session.speech
        QMessageBox.information(self.window, say("window.action.keys"), say("window.keys-text"))

    def about(self) -> None:
        """Say what this is."""
        say = self.session.speech
        QMessageBox.about(self.window, say("window.action.about"), say("window.about", version=__version__))
