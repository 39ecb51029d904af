"""Tables of the programme as people keep them in spreadsheets: works, funds, dates of steps, problems."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pandas as pd

from renomap.errors import RenomapError
from renomap.model.feedback import Feedback
from renomap.model.note import LEAVE_OUT, Note, Severity
from renomap.model.programme_columns import TABLES, CellKind
from renomap.sources.addresses import layer_names, option_of, options_of_columns
from renomap.sources.canonical import clean_text
from renomap.sources.containers import table_file
from renomap.sources.dates import read_date
from renomap.sources.grid import Row
from renomap.sources.grids import grids
from renomap.sources.options import AUTO, ImportOptions
from renomap.sources.programme_cells import Cells
from renomap.sources.programme_words import (
    TIES,
    Head,
    Names,
    columns_of,
    head_named,
    head_of,
    money_unit,
)
from renomap.sources.sheets import TOTALS
from renomap.sources.values import fold

_HEADER_WITHIN: Final = 25
_SHEET_UNIT: Final = re.compile(r"单位[:：]?\s*(亿元|万元|元)")


@dataclass(frozen=True)
class FoundRows:
    """The rows of one sheet.

    ``rows`` are values by column, only what is said; ``ties`` has the columns ``TIES`` (texts or None) in the
    order of the rows, ``places`` their rows in the sheet (from 1); ``name`` says file and sheet.
    """

    name: str
    rows: tuple[Mapping[str, Any], ...]
    ties: pd.DataFrame
    places: tuple[int, ...]
    notes: tuple[Note, ...] = field(default=())


def read_file(
    path: Path, sheet: str, table: str, names: Mapping[str, Names], said: ImportOptions, feedback: Feedback
) -> list[FoundRows]:
    """The rows of a table of the programme in a workbook or CSV file.

    Parameters
    ----------
    sheet : str
        The one to read; '' reads every sheet in which a header is recognised.
    table : str
        One of ``model.programme_columns.TABLES``.
    names : mapping
        By column (``item``, ``source``, ``gate``): the keys of the city's rules with their names.
    said : ImportOptions
        ``encoding``, ``headers``, ``fields`` and ``units`` are used.

    Raises
    ------
    RenomapError
        Those of ``table_file`` and ``grids``; ``sources.programme-no-sheet``, ``-no-header``, ``-no-column``.
    """
    data_set = table_file(path)
    found: list[FoundRows] = []
    there: list[str] = []
    with closing(grids(data_set, option_of(said.encoding_of, {path.name}, said.encoding), feedback)) as each:
        for grid in each:
            there.append(grid.name)
            if grid.hidden or (sheet and fold(grid.name) != fold(sheet)):
                continue
            reader = _Reader(f"{path.name}:{grid.name}", table, names)
            reader.header = option_of(said.headers, layer_names(data_set, grid.name))
            cells = list(grid.rows)
            headers = [str(cell) for row in cells[:_HEADER_WITHIN] for cell in row if cell is not None]
            places = layer_names(data_set, grid.name)
            reader.fields = options_of_columns(said.fields, places, headers)
            reader.units = options_of_columns(said.units, places, headers)
            rows = reader.read(cells)
            if rows is not None:
                found.append(rows)
    if sheet and not any(fold(name) == fold(sheet) for name in there):
        raise RenomapError("sources.programme-no-sheet", name=path.name, sheet=sheet, sheets=", ".join(there))
    if not found:
        known = ", ".join(columns_of(table))
        raise RenomapError(
            "sources.programme-no-header", name=path.name, table=f"programme.{table}", known=known
        )
    return found


def read_cells(cells: Sequence[Row], table: str, names: Mapping[str, Names]) -> FoundRows | None:
    """The rows of a table as they are pasted, header first; None where no header is recognised."""
    return _Reader("", table, names).read(cells)


class _Reader:
    """Reads the cells of one sheet."""

    def __init__(self, name: str, table: str, names: Mapping[str, Names]) -> None:
        self.name, self.table, self.names = name, table, names
        self.header = AUTO
        self.fields: Mapping[str, str] = {}
        self.units: Mapping[str, str] = {}

    def read(self, cells: Sequence[Row]) -> FoundRows | None:
        top, depth = self._top(cells)
        if top is None:
            return None
        headers = self._headers(cells, top, depth)
        heads = {c: head for c, text in enumerate(headers) if (head := self._head(text)) is not None}
        taken: dict[str, int] = {}
        for c, head in list(heads.items()):
            if taken.setdefault(head.column, c) != c:
                del heads[c]
        reader = Cells(self.table, self.names, self._factors(cells[:top], headers, heads))
        body = {
            number: {head: row[c] if c < len(row) else None for c, head in heads.items()}
            for number, row in enumerate(cells[top + depth :], start=top + depth + 1)
            if _is_row(row, heads)
        }
        reader.guess_units(
            {head.column: [told.get(head) for told in body.values()] for head in heads.values()}
        )
        rows = [
            reader.row({head.column: cell for head, cell in told.items() if not head.is_tie}, number)
            for number, told in body.items()
        ]
        ties = [
            {head.column[4:]: _name(cell) for head, cell in told.items() if head.is_tie}
            for told in body.values()
        ]
        frame = pd.DataFrame(ties, columns=list(TIES), index=range(len(rows)), dtype=object)
        frame = frame.astype(object).where(frame.notna(), None)
        notes = (self._told(top, headers, heads, len(rows)), *self._unread(headers, heads), *reader.notes())
        return FoundRows(self.name, tuple(rows), frame, tuple(body), notes)

    def _head(self, text: str) -> Head | None:
        said = self.fields.get(text)
        if said is None or said == AUTO:
            return head_of(text, self.table) if text else None
        if said == LEAVE_OUT:
            return None
        head = head_named(said, self.table, text)
        if head is None:
            known = ", ".join(columns_of(self.table))
            raise RenomapError(
                "sources.programme-no-column", column=said, table=f"programme.{self.table}", known=known
            )
        return head

    def _top(self, cells: Sequence[Row]) -> tuple[int | None, int]:
        """The row of the header (from 0) and how many rows it takes."""
        if self.header != AUTO:
            if not self.header.isdecimal() or not 1 <= int(self.header) <= len(cells):
                raise RenomapError("sources.header-bad", row=self.header[:20], sheet=self.name)
            return int(self.header) - 1, 1
        best, most, depth = None, 1, 1
        for number in range(min(len(cells), _HEADER_WITHIN)):
            one, two = (self._known(self._headers(cells, number, n)) for n in (1, 2))
            below = self._known(self._headers(cells, number + 1, 1))
            if one > most:
                best, most, depth = number, one, 1
            if two > max(most, one, below) and _only_texts(cells[number + 1]):
                best, most, depth = number, two, 2
        return best, depth

    def _headers(self, cells: Sequence[Row], top: int, depth: int) -> list[str]:
        """The texts of the header; of two rows the lower one where it is known, else both together."""
        rows = cells[top : top + depth]
        width = max((len(row) for row in rows), default=0)
        out = []
        for c in range(width):
            texts = [" ".join(str(row[c]).split()) for row in rows if c < len(row) and row[c] is not None]
            lower = len(texts) > 1 and self._head(texts[-1]) is not None
            out.append(texts[-1] if lower else "".join(dict.fromkeys(texts)))
        return out

    def _known(self, headers: Sequence[str]) -> int:
        heads = {head.column for text in headers if (head := self._head(text)) is not None}
        return len(heads) if any(not column.startswith("tie:") for column in heads) else 0

    def _factors(
        self, above: Sequence[Row], headers: Sequence[str], heads: Mapping[int, Head]
    ) -> dict[str, float | None]:
        """Yuan of the unit of every column of money; None where nothing says it."""
        title = " ".join(str(cell) for row in above for cell in row if cell is not None)
        told = _SHEET_UNIT.search(title) or _SHEET_UNIT.search(" ".join(headers))
        of_sheet = None if told is None else money_unit(told[1])
        factors: dict[str, float | None] = {}
        for c, head in heads.items():
            about = TABLES[self.table].get(head.column)
            if about is not None and about.kind is CellKind.MONEY:
                said = self.units.get(headers[c])
                given = money_unit(said) if said not in (None, AUTO) else None
                factors[head.column] = given or head.factor or (None if head.column == "price" else of_sheet)
        return factors

    def _told(self, top: int, headers: Sequence[str], heads: Mapping[int, Head], count: int) -> Note:
        params = {
            "sheet": self.name, "table": f"programme.{self.table}", "row": top + 1, "count": count,
            "columns": {headers[c]: _word(head, self.table) for c, head in heads.items()},
            "overrule": f"--header {self.name}=N / --field NAME=COLUMN",
        }  # fmt: skip
        return Note("sources.programme-sheet", params, Severity.GUESS, self.name, confidence=0.9)

    def _unread(self, headers: Sequence[str], heads: Mapping[int, Head]) -> Iterator[Note]:
        left = [text for c, text in enumerate(headers) if text and c not in heads and not _is_number(text)]
        if left:
            params = {"sheet": self.name, "columns": left, "overrule": "--field NAME=COLUMN"}
            yield Note("sources.programme-unread", params, Severity.WARNING, self.name)


def _is_row(row: Row, heads: Mapping[int, Head]) -> bool:
    """Whether a row says something: not empty, no total, no footnote in its first cell."""
    here = [row[c] for c in heads if c < len(row) and row[c] is not None and str(row[c]).strip()]
    if not here or any(isinstance(cell, str) and fold(cell) in TOTALS for cell in row[:4]):
        return False
    return len(here) > 1 or len(heads) == 1


def _only_texts(row: Row) -> bool:
    return not any(isinstance(cell, int | float) or read_date(cell) for cell in row if cell is not None)


def _is_number(header: str) -> bool:
    return fold(header) in ("序号", "编号", "no", "no.", "#")


def _name(cell: Any) -> str | None:
    if cell is None or cell != cell:
        return None
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return clean_text(str(cell))


def _word(head: Head, table: str) -> str:
    """The code of what a column is called."""
    return f"programme.tie.{head.column[4:]}" if head.is_tie else f"programme.{table}.{head.column}"
