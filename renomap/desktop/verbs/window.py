"""The window itself."""

from __future__ import annotations

from renomap.desktop.verbs.base import Verbs


class WindowVerbs(Verbs):
    """The verbs of the menu."""

    def meeting(self) -> None:
        """Show only the map and the facts in large type, or the window again."""
        if self.window.meeting.is_on:
            self.window.meeting.leave()
        else:
            self.window.meeting.enter()

    def reset_layout(self) -> None:
        """Put the docks back where they were at first."""
        self.window.docks.reset()
