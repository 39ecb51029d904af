"""What a year can bear: caps on money, in all and by source, and on projects, as a meeting set them.

``cap.2026=3000万``, ``cap.2026:district=1200万``, ``capacity.2026=5``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar

from renomap.errors import RenomapError
from renomap.model.programme_rules import Rules
from renomap.model.standard import CAP, CAPACITY, MeetingValue

NONE: Final = "none"
#: No year's money is above a trillion yuan.
MOST: Final = 1e12
_Key = TypeVar("_Key")
_Limit = TypeVar("_Limit")
_AMOUNT: Final = re.compile(r"(?P<number>[0-9][0-9,]*(?:\.[0-9]+)?)\s*(?P<unit>万元|万|亿元|亿|元|)")
_UNITS: Final = {"": 1, "元": 1, "万": 10_000, "万元": 10_000, "亿": 100_000_000, "亿元": 100_000_000}


@dataclass(frozen=True)
class Budget:
    """Years of a plan and what each can bear; a year without a number is not limited.

    ``caps``: yuan by year. ``source_caps``: yuan by (year, key of a source). ``most``: projects by year.
    ``discount``: what a year later counts, of 1.
    """

    years: tuple[int, ...]
    caps: Mapping[int, float] = field(default_factory=dict)
    source_caps: Mapping[tuple[int, str], float] = field(default_factory=dict)
    most: Mapping[int, int] = field(default_factory=dict)
    discount: float = 1.0

    @property
    def unlimited(self) -> tuple[int, ...]:
        """Years for which no cap on money is given."""
        return tuple(year for year in self.years if year not in self.caps)


def budget_of(values: Sequence[MeetingValue], rules: Rules, years: Sequence[int]) -> Budget:
    """The budget that a meeting has set; a later value of the same key wins, ``none`` lifts a limit.

    Raises
    ------
    RenomapError
        ``programme.set-cap`` (no amount, no such year), ``programme.set-source`` (no such source),
        ``programme.set-capacity``.

    >>> rules = Rules("x", "", "", (), (), ())
    >>> cap = MeetingValue("cap", "2026", "3000万", "王工", "2026-11-30")
    >>> budget_of([cap], rules, range(2026, 2028)).caps
    {2026: 30000000}
    """
    caps: dict[int, float] = {}
    by_source: dict[tuple[int, str], float] = {}
    most: dict[int, int] = {}
    for value in values:
        if value.facility not in (CAP, CAPACITY):
            continue
        text, _, source = value.key.partition(":")
        year = _year(text, value)
        if value.facility == CAPACITY:
            _set(most, year, _whole(value))
        elif not source:
            _set(caps, year, amount_of(value))
        elif rules.source(source) is None:
            known = ", ".join(one.key for one in rules.sources)
            raise RenomapError("programme.set-source", key=f"{CAP}.{value.key}", known=known)
        else:
            _set(by_source, (year, source), amount_of(value))
    discount = 1.0 if rules.discount is None else rules.discount.value
    return Budget(tuple(years), caps, by_source, most, discount)


def amount_of(value: MeetingValue) -> float | None:
    """Yuan of ``3000万``, ``0.3亿`` or ``30000000``; None for ``none`` (else ``programme.set-cap``)."""
    text = value.value.strip()
    if text == NONE:
        return None
    found = _AMOUNT.fullmatch(text)
    amount = float(found["number"].replace(",", "")) * _UNITS[found["unit"]] if found else -1.0
    if not 0 <= amount <= MOST:
        raise RenomapError("programme.set-cap", key=f"{value.facility}.{value.key}", value=value.value)
    return round(amount)


def _set(limits: dict[_Key, _Limit], key: _Key, limit: _Limit | None) -> None:
    if limit is None:
        limits.pop(key, None)
    else:
        limits[key] = limit


def _year(text: str, value: MeetingValue) -> int:
    if not re.fullmatch(r"[12]\d{3}", text):
        raise RenomapError("programme.set-cap", key=f"{value.facility}.{value.key}", value=value.value)
    return int(text)


def _whole(value: MeetingValue) -> int | None:
    text = value.value.strip()
    if text == NONE:
        return None
    if not re.fullmatch(r"\d{1,6}", text):
        raise RenomapError("programme.set-capacity", key=f"{value.facility}.{value.key}", value=value.value)
    return int(text)
