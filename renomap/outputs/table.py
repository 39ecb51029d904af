"""A table before it is written: columns with their kind of number and rows of raw values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from renomap.model.words import sentence
from renomap.outputs.numbers import Figures, Kind
from renomap.outputs.plain_text import one_line

#: Keys of columns of free remarks.
REMARKS = ("remark", "remarks", "note", "siting-told")


@dataclass(frozen=True)
class Column:
    """A column: what stands at its head and what in its cells.

    Parameters
    ----------
    key, title : str
        Stable name and heading.
    kind : Kind or None
        Kind of its numbers; None = text.
    width : float
        Width on a sheet in characters.
    value : callable
        The raw cell of an item, see ``made``.
    """

    key: str
    title: str
    kind: Kind | None = None
    width: float = 10.0
    wrap: bool = False
    value: Callable[..., Any] = field(default=lambda *item: None, compare=False, repr=False)


@dataclass(frozen=True)
class Table:
    """Columns and rows of raw values; None or NaN is unknown, '' is meant to be empty."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]

    def position(self, key: str) -> int:
        """Where a column stands."""
        return next(k for k, column in enumerate(self.columns) if column.key == key)

    def picked(self, keys: Sequence[str]) -> Table:
        """The table with only those columns, in that order."""
        at = [self.position(key) for key in keys]
        rows = tuple(tuple(row[k] for k in at) for row in self.rows)
        return Table(self.title, tuple(self.columns[k] for k in at), rows)

    def texts(self, figures: Figures) -> list[list[str]]:
        """Every cell as it is printed."""
        return [
            [printed(value, column.kind, figures) for column, value in zip(self.columns, row, strict=True)]
            for row in self.rows
        ]


def made(title: str, columns: Sequence[Column], items: Iterable[tuple[Any, ...]]) -> Table:
    """A table with a row for each item; its parts are handed to ``value`` of every column.

    >>> made("", [Column("n", "n", value=lambda a, b: a + b)], [(1, 2), (3, 4)]).rows
    ((3,), (7,))
    """
    rows = tuple(tuple(column.value(*item) for column in columns) for item in items)
    return Table(title, tuple(columns), rows)


def for_template(
    table: Table,
    figures: Figures,
    shares: Sequence[tuple[str, float]] | None = None,
    total: Sequence[Any] | None = None,
) -> dict[str, Any]:
    """A table for the report's template: headings, alignment, shares of the width, printed cells.

    ``shares`` picks columns by key with their shares; without it all columns stand, shared as on a sheet.
    ``total`` is a row of raw values to stand below. A column in which nothing is known or filled in is named
    in ``omitted`` instead of being printed: a wall of words for nothing hides what there is.
    """
    columns = list(table.columns) if shares is None else [table.columns[table.position(k)] for k, _ in shares]
    widths = [column.width for column in columns] if shares is None else [share for _, share in shares]
    keys = [column.key for column in columns]
    rows = table.picked(keys).texts(figures)
    unknown = figures.words["outputs.no-data"]
    kept = [k for k in range(len(columns)) if not rows or any(row[k] not in (unknown, "") for row in rows)]
    left_out = [one_line(columns[k].title) for k in range(len(columns)) if k not in kept + _idle(columns)]
    made: dict[str, Any] = {
        "head": [one_line(columns[k].title) for k in kept],
        "align": ["left" if columns[k].kind is None else "right" for k in kept],
        "widths": [widths[k] for k in kept],
        "rows": [[one_line(row[k]) for k in kept] for row in rows],
        "omitted": "",
    }
    if left_out:
        params = {"columns": figures.words["outputs.join"].join(left_out)}
        made["omitted"] = sentence(figures.words, "outputs.omitted", params)
    if total is not None:
        (texts,) = Table(table.title, table.columns, (tuple(total),)).picked(keys).texts(figures)
        made["total"] = [one_line(texts[k]) for k in kept]
    return made


def _idle(columns: Sequence[Column]) -> list[int]:
    """Columns that nobody misses where they are empty: remarks."""
    return [k for k, column in enumerate(columns) if column.key in REMARKS]


def printed(value: Any, kind: Kind | None, figures: Figures) -> str:
    """A raw cell as it is printed; a text in a column of numbers stays as it is."""
    if isinstance(value, str) and (not value or kind is not None):
        return value
    return figures.text(value) if kind is None else figures.number(value, kind)


def column(
    words: Mapping[str, str],
    name: str,
    kind: Kind | None,
    width: float,
    value: Callable[..., Any],
    *,
    wrap: bool = False,
) -> Column:
    """A column whose heading stands in the catalogue under ``outputs.col.<name>``."""
    return Column(name, words[f"outputs.col.{name}"], kind, width, wrap, value)
