"""Tables as people make them: titles above the header, several sheets, totals below, rows of buildings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Any, Final

import pandas as pd

from renomap.errors import RenomapError
from renomap.model.feedback import Feedback
from renomap.model.note import LEAVE_OUT, Guess, GuessKind, Note, Question, Severity
from renomap.model.roles import Role
from renomap.sources.addresses import file_names, layer_names, said_of, source_of
from renomap.sources.containers import DataSet
from renomap.sources.options import AUTO, ImportOptions
from renomap.sources.synonyms import header_key, meaning_of
from renomap.sources.values import fold
from renomap.sources.vector import encoding_note, samples_of
from renomap.sources.workbook import Grid, Row, grids

#: Rows among which the header is looked for.
_HEADER_WITHIN = 25
_TOTALS = frozenset(("合计", "总计", "小计", "共计", "总数", "汇总", "total", "sum"))
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
class Sheet:
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


def read_tables(data_set: DataSet, options: ImportOptions, feedback: Feedback) -> list[Sheet]:
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
    encoding = said_of(options.encoding_of, file_names(data_set), options.encoding)
    found: list[Sheet] = []
    unread: list[Guess] = []
    left_out = False
    with closing(grids(data_set, encoding, feedback)) as each:
        for grid in each:
            if said_of(options.rows, layer_names(data_set, grid.name)) == LEAVE_OUT:
                left_out = True
                continue
            sheet = _sheet(data_set, grid, options)
            if isinstance(sheet, Sheet):
                found.append(sheet)
            elif sheet is not None:
                unread.append(sheet)
    if not found and not left_out:
        guess = unread[0] if unread else Guess(GuessKind.HEADER, source_of(data_set), open=True)
        raise Question("sources.table-empty", guess, name=data_set.name)
    return found


def _sheet(data_set: DataSet, grid: Grid, options: ImportOptions) -> Sheet | Guess | None:
    """The table of a sheet; the question where its header is, if that cannot be seen; None if it is empty."""
    names = layer_names(data_set, grid.name)
    said = _said_header(said_of(options.headers, names), grid.name)
    head = list(islice(grid.rows, max(_HEADER_WITHIN + 1, said or 0)))
    if not any(head):
        return None
    top, depth = (said - 1, 1) if said else _header(head)
    numbers = [str(number) for number in range(1, min(len(head), 8) + 1)]
    where = Guess(GuessKind.HEADER, source_of(data_set), grid.name, "", "", tuple(numbers), open=True)
    if top is None or top >= len(head):
        return where
    rows, totals = _table(head, top, depth, grid.rows)
    of = _rows_of(rows, said_of(options.rows, names))
    notes = []
    if totals:
        params: dict[str, Any] = {"sheet": grid.name, "count": totals}
        notes.append(Note("sources.totals-left-out", params, layer=grid.name))
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
    return Sheet(data_set, grid.name, rows, of, tuple(notes))


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
        cells = [fold(str(cell)) for cell in rows[column] if cell is not None and str(cell).strip()]
        single = sum(
            bool(_ONE_BUILDING.match(cell)) or (key in _PER_BUILDING and cell.isdecimal()) for cell in cells
        )
        if cells and single >= 0.5 * len(cells):
            return BUILDINGS
    return UNITS


def _table(head: list[Row], top: int, depth: int, rest: Iterable[Row]) -> tuple[pd.DataFrame, int]:
    """The rows below the header under its names, and how many of them were totals and left out."""
    width = max(len(row) for row in head[top : top + depth])
    headers = [
        _joined([row[c] if c < len(row) else None for row in head[top : top + depth]]) for c in range(width)
    ]
    used = [c for c, text in enumerate(headers) if text]
    data: list[list[Any]] = [[] for _ in used]
    places: list[int] = []
    totals = 0
    first = top + depth
    meant = [meaning_of(headers[c], Role.NEIGHBOURHOODS) for c in used]
    named = next((i for i, hit in enumerate(meant) if hit is not None and hit[0].canonical == "name"), None)
    for number, row in enumerate(chain(head[first:], rest), start=first + 1):
        cells = [row[c] if c < len(row) else None for c in used]
        filled = sum(cell is not None and bool(str(cell).strip()) for cell in cells)
        if not filled or (filled == 1 < len(used) and not _is_name(cells, named)):
            continue  # an empty row, or a footnote in its first cell
        if any(isinstance(cell, str) and fold(cell) in _TOTALS for cell in cells[:4]):
            totals += 1
            continue
        for column, cell in zip(data, cells, strict=True):
            column.append(cell)
        places.append(number)
    names = _distinct([headers[c] for c in used])
    index = pd.Index(places, name="row", dtype="int64")
    columns = {
        name: pd.Series(cells, index=index, dtype=object) for name, cells in zip(names, data, strict=True)
    }
    return _codes_as_text(pd.DataFrame(columns, index=index)), totals


def _is_name(cells: Sequence[Any], named: int | None) -> bool:
    """Whether the only cell of a row is the name of a neighbourhood of which nothing else is known."""
    cell = None if named is None else cells[named]
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


def _joined(cells: Sequence[Any]) -> str:
    """One header of two rows: the lower one where the synonyms know it, else both together."""
    texts = list(
        dict.fromkeys(" ".join(str(cell).split()) for cell in cells if cell is not None and str(cell).strip())
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


def _codes_as_text(frame: pd.DataFrame) -> pd.DataFrame:
    """Codes and names that a workbook keeps as numbers are texts: 430102 and not 430102.0."""
    out = frame.copy()
    for column in out.columns:
        hit = meaning_of(str(column), Role.NEIGHBOURHOODS)
        if hit is not None and hit[0].canonical in ("code", "name"):
            out[column] = [_code_text(cell) for cell in out[column]]
    return out


def _code_text(cell: Any) -> Any:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return cell if cell is None else str(cell)
