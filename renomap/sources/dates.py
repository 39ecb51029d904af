"""Reading a date as people write it: ``2025年9月``, ``2025.9.1``, ``20250901``, a count of days."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Final

from renomap.model.dates import interval
from renomap.sources.values import EXCEL_EPOCH, SERIALS, fold

_DAY: Final = re.compile(r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})[日号]?$")
_CLOCK: Final = re.compile(r"[T\s]\d{1,2}:\d\d.*$")
_MONTH: Final = re.compile(r"^(\d{4})[-/.年](\d{1,2})月?(?:份|初|底|上旬|中旬|下旬)?$")
_PACKED: Final = re.compile(r"^((?:19|20)\d\d)(\d\d)(\d\d)?$")
_TWO_DIGITS: Final = re.compile(r"^'?(\d\d)[-/.年](\d{1,2})(?:[-/.月](\d{1,2})[日号]?|月)$")


def read_date(raw: Any) -> str | None:
    """The date that a cell says, as the tables of a programme keep it; None where it says none.

    A day stays a day, a month a month (``2025年9月`` is ``2025-09``); a number that can only be a
    spreadsheet's count of days is turned into its day. A year alone is no date.

    >>> read_date("2025年9月"), read_date(45901), read_date("2025.9.1")
    ('2025-09', '2025-09-01', '2025-09-01')
    """
    if raw is None or isinstance(raw, bool):
        return None
    if isinstance(raw, datetime | date):
        return None if raw != raw else f"{raw:%Y-%m-%d}"
    if isinstance(raw, int | float):
        return _of_number(float(raw))
    text = fold(_CLOCK.sub("", str(raw)))
    if _PACKED.match(text) is None and text.replace(".", "", 1).isdecimal() and len(text.split(".")[0]) == 5:
        return _of_number(float(text))
    for pattern in (_DAY, _MONTH, _PACKED, _TWO_DIGITS):
        found = pattern.match(text)
        if found:
            return _joined([part for part in found.groups() if part])
    return None


def read_dates(values: Iterable[Any]) -> list[str | None]:
    """``read_date`` of every value, in order."""
    return [read_date(value) for value in values]


def _of_number(number: float) -> str | None:
    if math.isnan(number) or math.isinf(number):
        return None
    whole = int(number)
    if whole in SERIALS:
        return date.fromordinal(EXCEL_EPOCH.toordinal() + whole).isoformat()
    found = _PACKED.match(str(whole)) if number == whole else None
    if found:
        return _joined([part for part in found.groups() if part])
    month = round(number * 100) % 100  # 2025.9 and 2025.09 are numbers to a spreadsheet
    tenth = round(number * 10) % 10
    if 1900 < whole < 2100 and number != whole:
        return _joined([str(whole), str(tenth if math.isclose(number * 10, round(number * 10)) else month)])
    return None


def _joined(parts: list[str]) -> str | None:
    year = parts[0] if len(parts[0]) == 4 else f"20{parts[0]}"
    text = "-".join([year, *(f"{int(part):02d}" for part in parts[1:])])
    try:
        interval(text)
    except ValueError:
        return None
    return text
