"""How a number is rounded and written: one rule for report, tables and web map."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from numbers import Real
from typing import Any

import pandas as pd

from renomap.model.rounding import EXCHANGE_DECIMALS, rounded, written
from renomap.model.words import sentence
from renomap.wording.deficits import deficit_text

__all__ = [
    "AT_LEAST",
    "DECIMALS",
    "EXCHANGE_DECIMALS",
    "YUAN_PER_WAN",
    "AtLeast",
    "Figures",
    "Kind",
    "at_least",
    "exchanged",
    "known_sum",
    "missing",
    "spreadsheet_format",
]

YUAN_PER_WAN = 10_000
M2_PER_HA = 10_000.0


#: What stands before a number that is the least there can be.
AT_LEAST = "≥"


class AtLeast(float):
    """A number that is the least there can be: what is unknown may add to it. Written with ``≥``."""


class Kind(StrEnum):
    """What is counted; decides the decimals."""

    COUNT = "count"  # people, households, rooms, spaces, pieces
    M2 = "m2"
    HA = "ha"
    WAN_M2 = "wan_m2"  # 万m2
    WAN = "wan"  # 万元
    PERCENT = "percent"  # of a share 0..1, as spreadsheets hold it
    YEAR = "year"
    METRE = "metre"
    QUANTITY = "quantity"  # in the unit of the item: pieces, m2, km


DECIMALS: Mapping[Kind, int] = {
    Kind.COUNT: 0,
    Kind.M2: 0,
    Kind.HA: 2,
    Kind.WAN_M2: 2,
    Kind.WAN: 1,
    Kind.PERCENT: 2,  # a share of 79.96 % is not one of 80 %
    Kind.YEAR: 0,
    Kind.METRE: 0,
    Kind.QUANTITY: 2,  # a pipe of 1.27 km is not one of 1 km
}


def missing(value: Any) -> bool:
    """Whether a value is unknown: None, NaN, NaT, NA or not finite. An empty text is unknown, too."""
    # Asked of every cell of every table: the usual types first, they need no look at abstract classes.
    if type(value) is float:
        return not math.isfinite(value)
    if type(value) is int:
        return False
    if value is None or value is pd.NA or value is pd.NaT:
        return True
    if isinstance(value, str):
        return not value.strip()
    if isinstance(value, Real):
        return not math.isfinite(value)
    return False


def at_least(value: Any, known: Any, members: Any) -> Any:
    """The value as the least there can be where it is known of fewer members than there are."""
    return AtLeast(value) if not missing(value) and int(known) < int(members) else value


def exchanged(value: Any) -> float | None:
    """The number as other programs get it: four decimals, None where unknown."""
    return None if missing(value) else round(float(value), EXCHANGE_DECIMALS)


def known_sum(values: Sequence[Any]) -> float | None:
    """Sum of what is known, with four decimals; None where there are values and none is known, 0 of none."""
    known = [float(value) for value in values if not missing(value)]
    return None if values and not known else round(sum(known), EXCHANGE_DECIMALS)


def spreadsheet_format(kind: Kind, *, least: bool = False) -> str:
    """The cell format that shows a number, or one that is the least there can be, as it is printed."""
    if kind is Kind.YEAR:
        return "0"
    decimals = DECIMALS[kind]
    digits = "#,##0" + ("." + "0" * decimals if decimals else "")
    digits = f"{digits}%" if kind is Kind.PERCENT else digits
    return f'"{AT_LEAST}"{digits}' if least else digits


@dataclass(frozen=True)
class Figures:
    """Writes numbers in the words of a language, ready to be read; unknown is a word, never 0."""

    words: Mapping[str, str]

    def number(self, value: Any, kind: Kind = Kind.COUNT) -> str:
        """``1,208``, ``12.30``, ``83.40%`` of 0.834, ``≥1,208`` of an ``AtLeast``; a word if unknown.

        What is not nothing but would round to 0 gets one more decimal.
        """
        if missing(value):
            return self.words["outputs.no-data"]
        if isinstance(value, AtLeast):
            return AT_LEAST + self.number(float(value), kind)
        if kind is Kind.PERCENT:
            return f"{rounded(100 * float(value), DECIMALS[kind])}%"
        return written(float(value), DECIMALS[kind], grouped=kind is not Kind.YEAR)

    def text(self, value: Any) -> str:
        """A text as it is, or the word for no data."""
        return self.words["outputs.no-data"] if missing(value) else str(value)

    def wan(self, yuan: Any) -> str:
        """Whole yuan as 万元."""
        if missing(yuan):
            return self.number(yuan)
        wan = float(yuan) / YUAN_PER_WAN
        return self.number(AtLeast(wan) if isinstance(yuan, AtLeast) else wan, Kind.WAN)

    def percent(self, part: Any, whole: Any) -> str:
        """``83.33%``; the word for no data if either is unknown or the whole is nothing."""
        if missing(part) or missing(whole) or float(whole) <= 0:
            return self.words["outputs.no-data"]
        return self.number(float(part) / float(whole), Kind.PERCENT)

    def of(self, known: Any, total: Any) -> str:
        """``18 of 21``: how many of all are known."""
        return sentence(self.words, "outputs.of", {"known": self.number(known), "total": self.number(total)})

    def partial(self, value: Any, known: Any, total: Any, kind: Kind = Kind.COUNT) -> str:
        """A sum of what is known, with its count where something is unknown."""
        if missing(value):
            return self.words["outputs.no-data"]
        return self.counted(self.number(value, kind), known, total)

    def counted(self, text: str, known: Any, total: Any) -> str:
        """What is said of members, with the count of those who are known where that is some but not all."""
        if text == self.words["outputs.no-data"] and not missing(known) and not int(known):
            return text
        if missing(known) or missing(total) or int(known) >= int(total):
            return text
        return sentence(self.words, "outputs.partial", {"value": text, "known": self.of(known, total)})

    def years(self, first: Any, last: Any) -> str:
        """``1985`` or ``1985-1992``."""
        if missing(first) and missing(last):
            return self.words["outputs.no-data"]
        low, high = (first, last) if not missing(first) and not missing(last) else (first, first)
        if missing(low):
            low = high = last
        a, b = self.number(low, Kind.YEAR), self.number(high, Kind.YEAR)
        return a if a == b else f"{a}–{b}"

    def deficit(self, low: Any, high: Any, deficit: Any, state: Any) -> str:
        """As ``wording.deficits.deficit_text``."""
        return deficit_text(low, high, deficit, state, self.words)

    def state(self, state: Any) -> str:
        """The word of a facility's state."""
        return self.coded("state", state)

    def coded(self, group: str, value: Any) -> str:
        """The word of a coded value such as a flag; the value itself if the catalogue has none."""
        if missing(value):
            return self.words["outputs.no-data"]
        return self.words.get(f"{group}.{value}", str(value))


def threshold_text(share: float) -> str:
    """A share (0..1) that is asked for: ``80%``, ``66.7%``, and ``2/3`` where a percentage would round it."""
    if abs(100 * share - round(100 * share)) > 1e-9:
        simple = Fraction(share).limit_denominator(9)
        if abs(float(simple) - share) < 1e-9:
            return f"{simple.numerator}/{simple.denominator}"
    return f"{100 * share:g}%"
