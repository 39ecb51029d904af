"""Tables as people make them: title rows above the header, merged cells, several sheets, totals below."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pandas as pd

from renomap.errors import RenomapError
from renomap.model.feedback import Feedback
from renomap.model.note import Note, Severity
from renomap.model.roles import Role
from renomap.sources import encoding as enc
from renomap.sources.options import AUTO
from renomap.sources.synonyms import header_key, meaning_of
from renomap.sources.values import fold

#: Rows among which the header is looked for.
_HEADER_WITHIN = 25
_MOST_UNPACKED = 1024**3
_MOST_COLUMNS = 400
_EMPTY_ROWS_END = 2000
#: No city has as many neighbourhoods (the largest have some twenty thousand); a longer list is of flats or
#: persons.
_MOST_ROWS = 100_000

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]+[0-9]+:[A-Z]+[0-9]+)"')

_TOTALS = frozenset(("合计", "总计", "小计", "共计", "总数", "汇总", "total", "sum"))
_PER_BUILDING = frozenset(("楼号", "楼栋号", "栋号", "幢号", "住宅楼号", "楼栋名称"))

Row = tuple[Any, ...]
#: First column, first row, last column, last row; all from 1.
Block = tuple[int, int, int, int]


@dataclass(frozen=True)
class Sheet:
    """A table found in a workbook or a CSV file.

    ``rows`` has the headers as columns (made to differ) and the cells as they came; codes that Excel keeps
    as numbers are texts. ``first_row`` is the row of the sheet (from 1) where the data begin.
    """

    name: str
    rows: pd.DataFrame
    first_row: int
    known: int
    per_building: bool
    notes: tuple[Note, ...] = field(default_factory=tuple)


def read_tables(path: Path, encoding: str, feedback: Feedback) -> list[Sheet]:
    """All sheets that hold a table with at least one header the synonyms know.

    Parameters
    ----------
    path : Path
        ``.xlsx``, ``.xlsm``, ``.csv`` or ``.tsv``.
    encoding : str
        For CSV; ``auto`` detects.
    feedback : Feedback
        Asked for cancellation every thousand rows.

    Raises
    ------
    RenomapError
        ``sources.unreadable``, ``sources.archive-too-large``, ``sources.table-empty``.
    """
    found: list[Sheet] = []
    if path.suffix.lower() in (".csv", ".tsv", ".txt"):
        grids: Iterator[tuple[str, list[Row]]] = iter([(path.stem, _csv_rows(path, encoding))])
    else:
        grids = _workbook_rows(path, feedback)
    for name, grid in grids:
        sheet = _sheet(name, grid)
        if sheet is not None:
            found.append(sheet)
    if not found:
        raise RenomapError("sources.table-empty", name=path.name)
    return found


def _csv_rows(path: Path, encoding: str) -> list[Row]:
    raw = path.read_bytes()
    bom = raw.startswith(b"\xef\xbb\xbf")
    name = enc.known_encoding(encoding) if encoding != AUTO else enc.detect(raw.splitlines()).name
    text = raw[3:].decode("utf-8", errors="replace") if bom else raw.decode(name, errors="replace")
    sample = text[:20_000]
    try:
        dialect: type[csv.Dialect] | str = csv.Sniffer().sniff(sample, delimiters=",;\t|")
    except csv.Error:
        dialect = "excel-tab" if "\t" in sample and "," not in sample else "excel"
    csv.field_size_limit(10_000_000)
    try:
        return [tuple(row) for row in csv.reader(io.StringIO(text), dialect)]
    except csv.Error as error:
        raise RenomapError("sources.unreadable", name=path.name, reason=str(error)) from None


def _workbook_rows(path: Path, feedback: Feedback) -> Iterator[tuple[str, list[Row]]]:
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with zipfile.ZipFile(path) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > _MOST_UNPACKED:
                raise RenomapError("sources.archive-too-large", name=path.name)
            blocks = _merged_blocks(archive, feedback)
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except RenomapError:
        raise
    except (
        InvalidFileException,
        zipfile.BadZipFile,
        KeyError,
        ValueError,
        TypeError,
        OSError,
        SyntaxError,
    ) as error:
        raise RenomapError("sources.unreadable", name=path.name, reason=str(error)[:200]) from None
    try:
        for sheet in book.worksheets:
            if sheet.sheet_state == "visible":
                rows = _rows(sheet, path.name, feedback)
                yield str(sheet.title), _unmerged(rows, blocks.get(str(sheet.title), []))
    finally:
        book.close()


def _rows(sheet: Any, name: str, feedback: Feedback) -> list[Row]:
    """The cells of a sheet, row by row, without the empty ones at the end of rows and sheet."""
    rows: list[Row] = []
    empty = 0
    width = min(sheet.max_column or _MOST_COLUMNS, _MOST_COLUMNS)
    for number, row in enumerate(sheet.iter_rows(values_only=True, max_col=width)):
        if number % 1000 == 0:
            feedback.check()
        last = next((c for c in range(len(row) - 1, -1, -1) if row[c] is not None), -1)
        rows.append(row[: last + 1])
        empty = empty + 1 if last < 0 else 0
        if empty > _EMPTY_ROWS_END:
            break
        if number > _MOST_ROWS:
            raise RenomapError("sources.table-too-long", name=name, rows=_MOST_ROWS)
    return rows[: len(rows) - empty]


def _merged_blocks(archive: zipfile.ZipFile, feedback: Feedback) -> dict[str, list[Block]]:
    """Sheet title -> merged blocks; the streaming reader does not know them, so they are read from the
    sheets' own text."""
    from openpyxl.utils import range_boundaries

    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {link.get("Id"): str(link.get("Target")) for link in links}
    found: dict[str, list[Block]] = {}
    for sheet in book.iter(f"{{{_MAIN}}}sheet"):
        target = targets.get(sheet.get(f"{{{_RELATIONS}}}id"), "").lstrip("/")
        name = target if target.startswith("xl/") else f"xl/{target}"
        if name not in archive.namelist():
            continue
        refs: list[bytes] = []
        with archive.open(name) as text:
            tail = b""
            while chunk := text.read(1 << 20):
                feedback.check()
                refs += _MERGE.findall(tail + chunk)
                tail = (tail + chunk)[-200:]  # a block may stand across two chunks; twice found is once kept
        found[str(sheet.get("name"))] = [range_boundaries(ref.decode()) for ref in dict.fromkeys(refs)]
    return found


def _unmerged(rows: list[Row], blocks: Sequence[Block]) -> list[Row]:
    """Every cell of a merged block gets its value, but a block wider than half the table stays a title."""
    if not blocks:
        return rows
    width = max((len(row) for row in rows), default=0)
    grid = [[*row, *(None,) * (width - len(row))] for row in rows]
    for first_col, first_row, last_col, last_row in blocks:
        if last_col - first_col + 1 > max(width / 2, 3) or first_row > len(grid) or first_col > width:
            continue
        value = grid[first_row - 1][first_col - 1]
        for r in range(first_row - 1, min(last_row, len(grid))):
            grid[r][first_col - 1 : last_col] = [value] * (min(last_col, width) - first_col + 1)
    return [tuple(row) for row in grid]


def _sheet(name: str, grid: list[Row]) -> Sheet | None:
    top, depth = _header(grid)
    if top is None:
        return None
    width = max(len(row) for row in grid[top : top + depth])
    headers = [
        _joined([row[c] if c < len(row) else None for row in grid[top : top + depth]]) for c in range(width)
    ]
    used = [c for c, text in enumerate(headers) if text]
    names = _distinct([headers[c] for c in used])
    body = grid[top + depth :]
    data: list[list[Any]] = []
    places: list[int] = []
    totals = 0
    for number, row in enumerate(body):
        cells = [row[c] if c < len(row) else None for c in used]
        filled = sum(cell is not None and bool(str(cell).strip()) for cell in cells)
        if filled <= min(1, len(used) - 1):
            continue  # an empty row, or a footnote in its first cell
        if any(isinstance(cell, str) and fold(cell) in _TOTALS for cell in cells[:4]):
            totals += 1
            continue
        data.append(cells)
        places.append(top + depth + number + 1)
    known = _known(headers)
    frame = pd.DataFrame(data, columns=names, index=pd.Index(places, name="row"), dtype=object)
    keys = {header_key(text)[0] for text in headers if text}
    notes = []
    if totals:
        params = {"sheet": name, "count": totals}
        notes.append(Note("sources.totals-left-out", params, Severity.INFO, layer=name))
    return Sheet(
        name, _codes_as_text(frame), top + depth + 1, known, bool(keys & _PER_BUILDING), tuple(notes)
    )


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
