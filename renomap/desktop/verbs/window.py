"""The window itself."""

from __future__ import annotations

from renomap.desktop.verbs.base import Verbs


class WindowVerbs(Verbs):
    """The verbs of the menu."""

    def reset_layout(self) -> None:
        """Put the docks back where they were at first."""
        self.window.docks.reset()
