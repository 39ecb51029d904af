"""A version (版本): a named state of the division that the planner can compare with and go back to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from renomap.model.scheme import Scheme
from renomap.model.standard import MeetingValue

#: What a version was kept for: by hand, or before something that changes much.
BY_HAND: Final = "by-hand"
BEFORE_GROUPING: Final = "before-grouping"
BEFORE_IMPORT: Final = "before-import"
BEFORE_RETURN: Final = "before-return"


@dataclass(frozen=True, eq=False)
class Version:
    """A scheme as it was, with what it was judged by; the survey is not kept with it.

    Parameters
    ----------
    key : str
        No other version of the project has it.
    note : str
        What the planner calls it, such as '5 月 12 日会议'; empty where it was kept by itself.
    by, at : str
        Who kept it and when (ISO date and time, to the minute).
    cause : str
        ``BY_HAND`` or what it was kept before.
    scheme : Scheme
        Shared with the project as long as nothing of it changes.
    standard, preset, meeting
        As in ``model.project.Project``.
    """

    key: str
    note: str
    by: str
    at: str
    cause: str
    scheme: Scheme
    standard: str = "national"
    preset: str = "national"
    meeting: tuple[MeetingValue, ...] = ()
