"""The window itself."""

from __future__ import annotations

from renomap.desktop.desk import Desk


def meeting(desk: Desk) -> None:
    """Show only the map and the facts in large type, or the window again."""
    if desk.meeting.is_on:
        desk.meeting.leave()
    else:
        desk.meeting.enter()


def reset_layout(desk: Desk) -> None:
    """Put the docks back where they were at first."""
    desk.docks.reset()
