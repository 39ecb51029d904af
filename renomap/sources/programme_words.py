"""Which column of a programme's table a header means, and which value a word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from renomap.assets import table
from renomap.model.programme_columns import TABLES, CellKind
from renomap.sources.joining import fold_name
from renomap.sources.synonyms import header_key

#: What a row hangs on is told by columns of these names, beside those of the table itself.
TIES: Final = ("neighbourhood", "code", "street", "community", "building", "area", "project", "project_code")
#: One cell that holds both dates.
PERIOD: Final = "period"
_UNIT: Final = re.compile(r"(亿元|万元|元)")
_FACTORS: Final[Mapping[str, float]] = {"亿元": 1e8, "万元": 1e4, "元": 1.0}
#: A word behind one of these says the opposite.
_NOT: Final = ("未", "不", "没", "待", "非")

#: Key -> its names.
Names = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Head:
    """What a header means: a column of the table or one of ``TIES``; yuan that its unit is, None if none."""

    column: str
    factor: float | None = None

    @property
    def is_tie(self) -> bool:
        """Whether it says what a row hangs on."""
        return self.column.startswith("tie:")


def head_of(header: str, name: str) -> Head | None:
    """What a header of that table means; None where the words do not know it.

    >>> head_of("投资（万元）", "works")
    Head(column='cost', factor=10000.0)
    """
    key, _ = header_key(header)
    found = _heads(name).get(key)
    if found is None:
        found = _heads(name).get(_UNIT.sub("", key))
    return None if found is None else Head(found, money_unit(header))


def money_unit(text: str) -> float | None:
    """How many yuan the unit is that a text names; None where it names none."""
    found = _UNIT.search(text)
    return None if found is None else _FACTORS[found[1]]


def columns_of(name: str) -> tuple[str, ...]:
    """Columns of the table that a user may name for a header, ties last."""
    own = [column for column, about in TABLES[name].items() if about.kind is not CellKind.ID]
    return (*own, *(tie for tie in TIES if tie not in own))


def head_named(column: str, name: str, header: str) -> Head | None:
    """What the user says a header means; None where the table has no such column."""
    if column in TABLES[name] or column == PERIOD:
        return Head(column, money_unit(header))
    return Head(f"tie:{column}") if column in TIES else None


def known_words(column: str) -> Names:
    """The words that are shipped for the values of a column."""
    found: Names = table("programme_columns")["words"].get(column.removeprefix("to_"), {})
    return found


def meant(text: str, *names: Names) -> str | None:
    """The key that a text names: as a whole, else by the longest name that it holds or is part of.

    None where nothing fits, where two fit equally, and where the name stands behind a word like 未.
    """
    folded = fold_name(text)
    if not folded:
        return None
    pairs = [
        (key, fold_name(word)) for each in names for key, words in each.items() for word in (key, *words)
    ]
    exact = [key for key, word in pairs if word == folded]
    if exact:
        return exact[0]
    fits = [(len(word), key) for key, word in pairs if len(word) >= 2 and _holds(folded, word)]
    longest = {key for size, key in fits if size == max(fits)[0]}
    if len(longest) == 1:
        return longest.pop()
    parts = {key for key, word in pairs if len(folded) >= 2 and folded in word}
    return parts.pop() if not fits and len(parts) == 1 else None


def _holds(text: str, word: str) -> bool:
    at = text.find(word)
    return at >= 0 and not (at and text[at - 1] in _NOT)


@cache
def _heads(name: str) -> dict[str, str]:
    words = table("programme_columns")
    found: dict[str, str] = {}
    for section, prefix in ((words["ties"], "tie:"), (words.get(name, {}), "")):
        for column, headers in section.items():
            found.update(dict.fromkeys(_keys((column, *headers)), prefix + column))
    return found


def _keys(headers: Iterable[str]) -> list[str]:
    return [header_key(header)[0] for header in headers]
