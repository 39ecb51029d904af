"""Dates as the tables of a programme keep them: of a day, or of a month where only that is known."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

#: A date as it is written on a title block: year, month and perhaps day.
_WRITTEN = re.compile(r"(\d{4})\s*[-./年]\s*(\d{1,2})(?:\s*[-./月]\s*(\d{1,2}))?\s*[月日]?")


class Interval(NamedTuple):
    """The days a date may be, both included."""

    first: date
    last: date


@lru_cache(maxsize=8192)
def interval(text: str | None) -> Interval | None:
    """The days that a date of a table stands for: one day, or all days of a month; None for no date.

    Raises ValueError where the text is neither.

    >>> interval("2026-02")
    Interval(first=datetime.date(2026, 2, 1), last=datetime.date(2026, 2, 28))
    """
    if text is None:
        return None
    parts = [int(part) for part in text.split("-")]
    if len(parts) == 3:
        day = date(*parts)
        return Interval(day, day)
    year, month = parts
    following = date(year + month // 12, month % 12 + 1, 1)
    return Interval(date(year, month, 1), following - timedelta(days=1))


def is_possible(text: str) -> bool:
    """Whether a date as it is written on a title block is a day or month of the calendar.

    What is not written in figures (春季, draft) is nobody's mistake and holds.

    >>> [is_possible(text) for text in ("2026-11-30", "2026年2月", "2026-13-45", "2026/2/30", "春季", "")]
    [True, True, False, False, True, True]
    """
    written = _WRITTEN.fullmatch(text.strip())
    if written is None:
        return True
    year, month, day = (int(part or 1) for part in written.groups())
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
