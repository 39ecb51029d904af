"""Single cells of a programme's table: money in its unit, dates, words of a choice, keys of the rules."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, Final

import numpy as np

from renomap.model.note import Note, Severity
from renomap.model.programme_columns import TABLES, CellKind
from renomap.sources.canonical import clean_text
from renomap.sources.dates import read_date
from renomap.sources.programme_words import PERIOD, Names, known_words, meant
from renomap.sources.values import fold, parse_number, parse_years

_BETWEEN: Final = re.compile(r"\s*(?:至|到|~|～|—{1,2}|–)\s*|\s+-\s+")
_RANGE: Final = re.compile(r"^(\d+(?:\.\d+)?)\s*(?:-|~|～|—|–|至|到)\s*(\d+(?:\.\d+)?)\D{0,4}$")
_SAYS_NOTHING: Final = ("blank", "dash", "unknown_word")
_YES: Final = frozenset(("是", "有", "锁定", "√", "✓", "yes", "true", "1"))
_ORDINALS: Final = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "首": 1, "初": 1}
#: Columns whose texts are keys of the rules.
KEYED: Final = ("item", "source", "gate")
#: Except where a column of such a name is any text: what an estimate goes by.
FREE: Final = (("estimates", "source"),)
_PARTS: Final = re.compile(r"[、,，;；/\s]+")
#: A column of no unit is in 10,000 yuan where its median and its largest number are below these: nobody
#: pays for a roof with 800 yuan, nor for a project with a billion.
_SMALL, _LARGE = 10_000.0, 100_000.0
_NAMED: Final = 20


class Cells:
    """Reads the cells of one table and remembers what it could not read."""

    def __init__(self, table: str, names: Mapping[str, Names], factors: Mapping[str, float | None]) -> None:
        self.table, self.names, self.factors = table, names, dict(factors)
        self._unread: list[str] = []
        self._unknown: dict[str, list[str]] = defaultdict(list)
        self._guessed: list[str] = []

    def guess_units(self, cells: Mapping[str, list[Any]]) -> None:
        """Decide the unit of columns of money whose header and sheet name none, by the size of all cells."""
        for column, factor in self.factors.items():
            if factor is not None:
                continue
            read = [parse_number(cell) for cell in cells.get(column, ())]
            plain = [item.value for item in read if item.value and item.method not in ("unit", "with_unit")]
            small = column != "price" and plain and max(plain) < _LARGE and np.median(plain) < _SMALL
            self.factors[column] = 1e4 if small else 1.0
            if small:
                self._guessed.append(f"programme.{self.table}.{column}")

    def row(self, cells: Mapping[str, Any], number: int) -> dict[str, Any]:
        """The values that a row says, by column; what a cell does not say is left out."""
        out: dict[str, Any] = {}
        for column, cell in cells.items():
            if column == PERIOD:
                start, end = _halves(cell)
                out |= self._value("start", start, number) | self._value("end", end, number)
            else:
                out |= self._value(column, cell, number)
        return out

    def notes(self) -> Iterator[Note]:
        """What could not be read, or was decided by the program."""
        if self._guessed:
            params: dict[str, Any] = {"columns": self._guessed, "overrule": "--unit NAME=元"}
            yield Note("sources.programme-unit", params, Severity.GUESS, confidence=0.7)
        if self._unread:
            params = {"count": len(self._unread), "cells": self._unread[:_NAMED]}
            yield Note("sources.programme-cells", params, Severity.WARNING)
        for column, texts in self._unknown.items():
            distinct = list(dict.fromkeys(texts))
            params = {"column": f"programme.{self.table}.{column}", "texts": distinct[:_NAMED]}
            yield Note("sources.programme-words", params, Severity.WARNING)

    def _value(self, column: str, cell: Any, number: int) -> dict[str, Any]:
        if cell is None or cell != cell or not str(cell).strip():
            return {}
        about = TABLES[self.table][column]
        read: Any = None
        if about.kind in (CellKind.NUMBER, CellKind.MONEY):
            return self._number(column, cell, number, about.kind)
        if about.kind is CellKind.YEAR:
            years = parse_years(cell)
            read = years.first if years.first == years.last else None
        elif about.kind is CellKind.COUNT:
            read = _count(cell)
        elif about.kind is CellKind.DATE:
            read = read_date(cell)
        elif about.kind is CellKind.FLAG:
            return {column: fold(str(cell)) in _YES}
        elif about.of is not None:
            read = meant(str(cell), known_words(column))
        else:
            read = self._text(column, _plain(cell))
        if read is None:
            if not _says_nothing(cell):
                self._unread.append(f"{number}: {_plain(cell)}")
            return {}
        return {column: read}

    def _number(self, column: str, cell: Any, number: int, kind: CellKind) -> dict[str, Any]:
        factor = (self.factors.get(column) or 1.0) if kind is CellKind.MONEY else 1.0
        text = fold(str(cell))
        if column == "quantity" and self.table == "works" and (found := _RANGE.match(text)):
            low, high = sorted(float(part) for part in found.groups())
            return {"quantity_low": low, "quantity_high": high}
        if text.endswith(("亿元", "亿")):
            cell, factor = text.rstrip("元").rstrip("亿"), 1e8
        elif kind is CellKind.MONEY and text.endswith("元") and not text.endswith("万元"):
            factor = 1.0
        read = parse_number(cell)
        if read.value is None or read.value < 0:
            if not _says_nothing(cell):
                self._unread.append(f"{number}: {_plain(cell)}")
            return {}
        value = read.value if read.method == "unit" and kind is CellKind.MONEY else read.value * factor
        if kind is CellKind.MONEY and column != "price":
            value = float(round(value))
        if column == "fee_rate" and value > 1:
            value /= 100
        return {column: value}

    def _text(self, column: str, text: str) -> str | None:
        said = clean_text(text)
        if said is None or _says_nothing(said):
            return None
        if column == "scope":
            parts = [self._key("scope", part) for part in _PARTS.split(said) if part]
            return " ".join(dict.fromkeys(parts))
        keyed = column in KEYED and (self.table, column) not in FREE
        return self._key(column, said) if keyed else said

    def _key(self, column: str, text: str) -> str:
        """The key that a text names, or the text itself where the rules have none: nothing gets lost."""
        own = self.names.get("item" if column == "scope" else column, {})
        shipped = known_words(column)
        if column == "scope":
            shipped = {**known_words("item"), **shipped}
        known = {key: words for key, words in shipped.items() if key in own or column == "scope"}
        found = meant(text, own, known)
        if found is None:
            self._unknown[column].append(text)
        return text if found is None else found


def _halves(cell: Any) -> tuple[Any, Any]:
    """Both dates of a cell such as ``2025.9.1至2025.9.7``; the second None where there is one only."""
    parts = _BETWEEN.split(str(cell).strip(), maxsplit=1)
    return (parts[0], parts[1]) if len(parts) == 2 else (cell, None)


def _count(cell: Any) -> int | None:
    text = fold(str(cell))
    for sign, value in _ORDINALS.items():
        if sign in text:
            return value
    read = parse_number(cell).value
    return None if read is None or not 1 <= read <= 99 else int(read)


def _plain(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _says_nothing(cell: Any) -> bool:
    return parse_number(cell).method in _SAYS_NOTHING
