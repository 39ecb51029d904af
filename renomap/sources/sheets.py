"""Tables as people make them: titles above the header, several sheets, totals below, rows of buildings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from typing import Any, Final, Literal

import pandas as pd

from renomap.errors import RenomapError
from renomap.model.feedback import Feedback
from renomap.model.note import LEAVE_OUT, Guess, GuessKind, Note, Question, Severity
from renomap.model.roles import Role
from renomap.sources import spoilt
from renomap.sources.addresses import file_names, layer_names, option_of, source_of
from renomap.sources.containers import DataSet
from renomap.sources.grid import CellGrid, Row, Uncomputed
from renomap.sources.grids import grids
from renomap.sources.options import AUTO, ImportOptions
from renomap.sources.synonyms import header_key, meaning_of
from renomap.sources.values import fold
from renomap.sources.vector import encoding_note, samples_of

#: Rows among which the header is looked for.
_HEADER_WITHIN = 25
TOTALS = frozenset(("合计", "总计", "小计", "共计", "总数", "汇总", "total", "sum"))
_PER_BUILDING = frozenset(
    ("楼号", "楼栋号", "栋号", "幢号", "住宅楼号", "楼栋名称", "楼栋编号", "楼幢号", "ldmc", "ldh")
)
#: One building, not how many: 3栋, 12号楼, A座, 5#.
_ONE_BUILDING = re.compile(
    r"^\D{0,12}\d{1,4}[a-z]?(号楼|栋|幢|号|座|#|楼)$|^[a-z甲乙丙丁东西南北]座?(栋|幢|号楼|座)$"
)
#: What stands below tables: 注:..., 填表人, 单位(盖章).
_FOOTNOTE = re.compile(r"[:;。]|^(注|说明|备注|填表|填报|制表|审核|单位|日期|联系|附)|盖章|签字")
#: What a row of a sheet can be.
UNITS: Final = Role.NEIGHBOURHOODS.value
BUILDINGS: Final = Role.BUILDINGS.value
ROW_KINDS: Final = (UNITS, BUILDINGS, LEAVE_OUT)


@dataclass(frozen=True)
class SourceSheet:
    """A table found in a workbook or a CSV file.

    ``rows`` has the headers as columns (made to differ), the row of the sheet (from 1) as index and the cells
    as they came; codes that Excel keeps as numbers are texts. ``of`` says what a row is.
    """

    data_set: DataSet
    name: str
    rows: pd.DataFrame
    of: str = UNITS
    notes: tuple[Note, ...] = field(default_factory=tuple)

    @property
    def file(self) -> str:
        """Name of its file."""
        return self.data_set.name


def read_tables(data_set: DataSet, options: ImportOptions, feedback: Feedback) -> list[SourceSheet]:
    """All sheets that hold a table with at least two headers the synonyms know, or that the user names.

    Parameters
    ----------
    data_set : DataSet
        Of kind WORKBOOK or TABLE.
    options : ImportOptions
        ``encoding``, ``encoding_of``, ``rows`` and ``headers`` are used.
    feedback : Feedback
        Progress and cancellation.

    Raises
    ------
    RenomapError
        Those of ``workbook.grids``; ``sources.table-empty`` (a Question about the header of the first sheet
        with cells), ``sources.header-bad``, ``sources.unknown-rows``.
    """
    encoding = option_of(options.encoding_of, file_names(data_set), options.encoding)
    found: list[SourceSheet] = []
    unread: list[Guess] = []
    hidden: list[str] = []
    left_out = False
    with closing(grids(data_set, encoding, feedback)) as each:
        for grid in each:
            if option_of(options.rows, layer_names(data_set, grid.name)) == LEAVE_OUT:
                left_out = True
                continue
            if grid.hidden:
                hidden.append(grid.name)
                continue
            sheet = _sheet(data_set, grid, options)
            if isinstance(sheet, SourceSheet):
                found.append(sheet)
            elif sheet is not None:
                unread.append(sheet)
    if not found and not left_out:
        guess = unread[0] if unread else Guess(GuessKind.HEADER, source_of(data_set), open=True)
        raise Question("sources.table-empty", guess, name=data_set.name)
    if found and (unread or hidden):
        told = replace(found[0], notes=(*found[0].notes, _unread_note(data_set, unread, hidden)))
        return [told, *found[1:]]
    return found


def _unread_note(data_set: DataSet, unread: Sequence[Guess], hidden: Sequence[str]) -> Note:
    """The sheets that are not read: hidden, or without a header that can be seen."""
    params = {"name": data_set.name, "sheets": [*(guess.layer for guess in unread), *hidden]}
    params["overrule"] = unread[0].hint("N") if unread else ""
    code = "sources.sheets-unread" if unread else "sources.sheets-hidden"
    severity = Severity.GUESS if unread else Severity.WARNING
    return Note(code, params, severity, confidence=0.5 if unread else None, guesses=tuple(unread))


def _sheet(data_set: DataSet, grid: CellGrid, options: ImportOptions) -> SourceSheet | Guess | None:
    """The table of a sheet; the question where its header is, if that cannot be seen; None if it is empty."""
    names = layer_names(data_set, grid.name)
    said = _said_header(option_of(options.headers, names), grid.name)
    head = list(islice(grid.rows, max(_HEADER_WITHIN + 1, said or 0)))
    if not any(head):
        return None
    top, depth = (said - 1, 1) if said else _header(head)
    numbers = [str(number) for number in range(1, min(len(head), 8) + 1)]
    where = Guess(GuessKind.HEADER, source_of(data_set), grid.name, "", "", tuple(numbers), open=True)
    if top is None or top >= len(head):
        return where
    body = _table(head, top, depth, grid.rows)
    mended = spoilt.mended(body.rows, body.columns)
    rows = mended.rows
    of = _rows_of(rows, option_of(options.rows, names))
    notes = [*grid.notes, *spoilt.notes_of(mended, grid.name)]
    params: dict[str, Any]
    if body.totals:
        params = {"sheet": grid.name, "count": body.totals}
        notes.append(Note("sources.totals-left-out", params, layer=grid.name))
    if body.headless:
        params = {"sheet": grid.name, "columns": list(body.headless)}
        notes.append(Note("sources.columns-headless", params, Severity.WARNING, grid.name))
    if grid.encoding is not None and not grid.encoding.ascii:
        texts = samples_of([str(name) for name in rows.columns], [rows[name].tolist() for name in rows])
        notes.append(encoding_note(data_set, grid.name, grid.encoding, texts))
    params = {
        "sheet": grid.name,
        "file": data_set.name,
        "row": top + 1,
        "count": len(rows),
        "rows": f"role.{of}",
    }
    kinds = Guess(GuessKind.ROWS, source_of(data_set), grid.name, "", of, ROW_KINDS)
    where = Guess(
        GuessKind.HEADER, source_of(data_set), grid.name, "", str(top + 1), tuple(numbers), open=True
    )
    params["overrule"] = f"{where.hint('N')} / {kinds.hint('neighbourhoods|buildings|none')}"
    notes.append(
        Note("sources.sheet", params, Severity.INFO, grid.name, confidence=0.9, guesses=(where, kinds))
    )
    return SourceSheet(data_set, grid.name, rows, of, tuple(notes))


def _said_header(text: str, sheet: str) -> int | None:
    if text == AUTO:
        return None
    if not text.isdecimal() or not 1 <= int(text) <= 10_000:
        raise RenomapError("sources.header-bad", row=text[:20], sheet=sheet)
    return int(text)


def _rows_of(rows: pd.DataFrame, said: str) -> str:
    """What the rows are: of a column for the number of a building, most cells must name one building."""
    if said != AUTO:
        if said not in ROW_KINDS:
            raise RenomapError("sources.unknown-rows", rows=said[:30], known=", ".join(ROW_KINDS))
        return said
    for column in rows.columns:
        key = header_key(str(column))[0]
        if key not in _PER_BUILDING and key not in ("楼栋", "栋", "幢"):
            continue
        texts = [fold(str(cell)) for cell in rows[column] if cell is not None and str(cell).strip()]
        single = sum(
            bool(_ONE_BUILDING.match(text)) or (key in _PER_BUILDING and text.isdecimal()) for text in texts
        )
        if texts and single >= 0.5 * len(texts):
            return BUILDINGS
    return UNITS


@dataclass(frozen=True)
class _Body:
    """``rows`` below the header under its names, the place of each column in the sheet (from 0), how many
    ``totals`` were left out, and the letters of the columns that hold cells and have no name."""

    rows: pd.DataFrame
    columns: tuple[int, ...]
    totals: int
    headless: tuple[str, ...]


def _table(head: list[Row], top: int, depth: int, rest: Iterable[Row]) -> _Body:
    headers = _headers(head[top : top + depth])
    used = [c for c, text in enumerate(headers) if text]
    meant = [meaning_of(headers[c], Role.NEIGHBOURHOODS) for c in used]
    named = next((i for i, hit in enumerate(meant) if hit is not None and hit[0].canonical == "name"), None)
    first = top + depth
    kept: list[list[Any]] = []
    places: list[int] = []
    headless: set[int] = set()
    totals = 0
    for number, row in enumerate(chain(head[first:], rest), start=first + 1):
        here = [_cell(row, c) for c in used]
        match _kind_of(here, named):
            case "total":
                totals += 1
            case "data":
                kept.append(here)
                places.append(number)
                headless.update(c for c, cell in enumerate(row) if _says_something(cell))
    index = pd.Index(places, name="row", dtype="int64")
    columns = {
        name: pd.Series([row[i] for row in kept], index=index, dtype=object)
        for i, name in enumerate(_distinct([headers[c] for c in used]))
    }
    letters = tuple(spoilt.letter(c) for c in sorted(headless.difference(used)))
    return _Body(pd.DataFrame(columns, index=index), tuple(used), totals, letters)


def _headers(rows: Sequence[Row]) -> list[str]:
    """The header of every column of a sheet, of rows that lie above each other; '' where it has none."""
    return [_joined([_cell(row, c) for row in rows]) for c in range(max(map(len, rows)))]


def _cell(row: Row, column: int) -> Any:
    return row[column] if column < len(row) else None


def _kind_of(cells: Sequence[Any], named: int | None) -> Literal["data", "total", "none"]:
    """What a row below the header is: ``none`` is an empty one, or a footnote in its first cell."""
    filled = sum(_says_something(cell) for cell in cells)
    if not filled or (filled == 1 < len(cells) and not _is_name(cells, named)):
        return "none"
    if any(isinstance(cell, str) and fold(cell) in TOTALS for cell in cells[:4]):
        return "total"
    return "data"


def _says_something(cell: Any) -> bool:
    return cell is not None and (isinstance(cell, Uncomputed) or bool(str(cell).strip()))


def _is_name(row: Sequence[Any], named: int | None) -> bool:
    """Whether the only cell of a row is the name of a neighbourhood of which nothing else is known."""
    cell = None if named is None else row[named]
    return isinstance(cell, str) and 0 < len(cell.strip()) <= 30 and not _FOOTNOTE.search(fold(cell))


def _known(headers: Sequence[Any]) -> int:
    """How many cells the synonyms of a neighbourhood know, each canonical name once."""
    found = set()
    for text in headers:
        if isinstance(text, str) and 0 < len(text) < 40:
            hit = meaning_of(text, Role.NEIGHBOURHOODS)
            if hit is not None and hit[0].exact:
                found.add(hit[0].canonical)
    return len(found)


def _header(grid: list[Row]) -> tuple[int | None, int]:
    """Where the header is and whether it takes one row or two; (None, 0) where no row knows two headers."""
    best, most = None, 1
    for number, row in enumerate(grid[:_HEADER_WITHIN]):
        known = _known(row)
        if known > most:
            best, most = number, known
    if best is None:
        return None, 0
    above = grid[best - 1] if best else ()
    if best and _known(above) >= 1 and _known(_stacked(above, grid[best])) > most:
        return best - 1, 2
    below = grid[best + 1] if best + 1 < len(grid) else ()
    if _known(_stacked(grid[best], below)) > most and not any(
        isinstance(cell, (int, float)) for cell in below
    ):
        return best, 2
    return best, 1


def _stacked(upper: Row, lower: Row) -> list[str]:
    width = max(len(upper), len(lower))
    return [
        _joined([upper[c] if c < len(upper) else None, lower[c] if c < len(lower) else None])
        for c in range(width)
    ]


def _joined(stack: Sequence[Any]) -> str:
    """One header of two rows: the lower one where the synonyms know it, else both together."""
    texts = list(
        dict.fromkeys(" ".join(str(cell).split()) for cell in stack if cell is not None and str(cell).strip())
    )
    if len(texts) > 1 and meaning_of(texts[-1], Role.NEIGHBOURHOODS):
        return texts[-1]
    return "".join(texts)


def _distinct(names: Sequence[str]) -> list[str]:
    seen: dict[str, int] = {}
    out = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        out.append(name if seen[name] == 1 else f"{name}_{seen[name]}")
    return out
