"""The cells of one sheet as every reader of tables hands them over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from renomap.errors import RenomapError
from renomap.model.feedback import Feedback
from renomap.model.note import Note
from renomap.sources import encoding as enc

MOST_COLUMNS = 400
_EMPTY_ROWS_END = 2000
#: About 1 GB of cells; a list of a whole city's buildings (some 50,000) has a tenth of it.
_MOST_CELLS = 12_000_000
_CHECK_EVERY = 500

Row = tuple[Any, ...]


class Uncomputed:
    """A formula whose result no program has stored; says nothing where a text is wanted."""

    def __str__(self) -> str:
        return ""


@dataclass(frozen=True)
class CellGrid:
    """The cells of a sheet: ``rows`` may be taken once, empty cells at the end of a row are left out.
    ``encoding`` is how the text of a CSV file was decoded, ``hidden`` whether the sheet is not shown (then it
    has no rows), ``notes`` what is to be said of the file."""

    name: str
    rows: Iterator[Row]
    encoding: enc.Encoding | None = None
    hidden: bool = False
    notes: tuple[Note, ...] = field(default_factory=tuple)


def counted(cells: Iterable[Row], name: str, total: int, feedback: Feedback) -> Iterator[Row]:
    """Rows without the empty cells at their end, up to where the sheet is empty for long."""
    empty = filled = 0
    for number, row in enumerate(cells):
        if number % _CHECK_EVERY == 0:
            feedback.check()
            feedback.progress(min(number / total, 1.0) if total else 0.0, "sources.progress-rows")
        last = next((c for c in range(min(len(row), MOST_COLUMNS) - 1, -1, -1) if row[c] is not None), -1)
        empty = empty + 1 if last < 0 else 0
        filled += last + 1
        if empty > _EMPTY_ROWS_END:
            return
        if filled > _MOST_CELLS:
            raise RenomapError("sources.table-too-long", name=name, cells=_MOST_CELLS)
        yield row[: last + 1]
