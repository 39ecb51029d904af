"""Dates as the tables of a programme keep them: of a day, or of a month where only that is known."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple


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
