"""The cells of workbooks and CSV files, row by row, so that a long list never stands in memory twice."""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from renomap.errors import RenomapError
from renomap.model.feedback import Feedback
from renomap.sources import encoding as enc
from renomap.sources.containers import RATIO_FROM, WORST_RATIO, DataSet, Kind
from renomap.sources.options import AUTO

_MOST_UNPACKED = 2 * 1024**3
_MOST_TEXT = 200 * 1024**2
_MOST_COLUMNS = 400
_EMPTY_ROWS_END = 2000
#: About 1 GB of cells; a list of a whole city's buildings (some 50,000) has a tenth of it.
_MOST_CELLS = 12_000_000
_CHECK_EVERY = 500

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#: No repetition goes past the next ``<``: however long a sheet's text is, no part of it is looked at twice.
_MERGE = re.compile(
    rb'<(?:\w{1,20}:)?mergeCell\s[^<>]{0,200}?ref="([A-Z]{1,3}[0-9]{1,7}:[A-Z]{1,3}[0-9]{1,7})"'
)

#: What the library raises on a damaged workbook: besides its own faults those of ZIP, XML and of odd values.
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    OSError,
    SyntaxError,
    NotImplementedError,
)

Row = tuple[Any, ...]
#: First column, first row, last column, last row; all from 1.
Block = tuple[int, int, int, int]


@dataclass(frozen=True)
class Grid:
    """The cells of a sheet: ``rows`` may be taken once, empty cells at the end of a row are left out.
    ``encoding`` is how the text of a CSV file was decoded."""

    name: str
    rows: Iterator[Row]
    encoding: enc.Encoding | None = None


def grids(data_set: DataSet, encoding: str, feedback: Feedback) -> Generator[Grid, None, None]:
    """The visible sheets of a workbook, or the one of a CSV file; close it to close the file.

    Parameters
    ----------
    data_set : DataSet
        Of kind WORKBOOK or TABLE.
    encoding : str
        For CSV; ``auto`` detects.
    feedback : Feedback
        Told how far the rows are, asked for cancellation every few hundred of them.

    Raises
    ------
    RenomapError
        ``sources.unreadable``, ``sources.archive-too-large``, ``sources.table-too-long``.
    """
    if data_set.kind is Kind.TABLE:
        yield _csv_grid(data_set, encoding, feedback)
    else:
        yield from _workbook_grids(data_set.path, data_set.name, feedback)


def _csv_grid(data_set: DataSet, encoding: str, feedback: Feedback) -> Grid:
    raw = data_set.path.read_bytes()
    bom = raw.startswith(b"\xef\xbb\xbf")
    if bom:
        raw, found = raw[3:], enc.Encoding(enc.UTF8, 1.0)
    elif encoding != AUTO:
        found = enc.Encoding(enc.known_encoding(encoding), 1.0, ascii=raw.isascii())
    else:
        found = enc.detect(raw.splitlines())
    text = raw.decode(found.name, errors="replace")
    sample = text[:20_000]
    try:
        dialect: type[csv.Dialect] | str = csv.Sniffer().sniff(sample, delimiters=",;\t|")
    except csv.Error:
        dialect = "excel-tab" if "\t" in sample and "," not in sample else "excel"
    csv.field_size_limit(10_000_000)
    rows = _csv_rows(csv.reader(io.StringIO(text), dialect), data_set.name)
    return Grid(data_set.stem, _counted(rows, data_set.name, text.count("\n") + 1, feedback), found)


def _csv_rows(reader: Iterable[list[str]], name: str) -> Iterator[Row]:
    try:
        for row in reader:
            yield tuple(row)
    except csv.Error as error:
        raise RenomapError("sources.unreadable", name=name, reason=str(error)) from None


def _workbook_grids(path: Path, name: str, feedback: Feedback) -> Generator[Grid, None, None]:
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with zipfile.ZipFile(path) as archive:
            if _is_bomb(archive.infolist()):
                raise RenomapError("sources.archive-too-large", name=name)
            blocks = _merged_blocks(archive, feedback)
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except RenomapError:
        raise
    except (InvalidFileException, *_DAMAGE) as error:
        raise RenomapError("sources.unreadable", name=name, reason=str(error)[:200]) from None
    try:
        for sheet in book.worksheets:
            if sheet.sheet_state == "visible":
                title, total = str(sheet.title), sheet.max_row or 0
                merged = blocks.get(title, [])
                width = max([sheet.max_column or 0, *(block[2] for block in merged)])
                sheet.reset_dimensions()  # some programs write a size that is too small
                cells = _cells(sheet, name)
                rows = _counted(cells, name, total, feedback)
                try:
                    yield Grid(title, _unmerged(rows, merged, min(width, _MOST_COLUMNS)))
                finally:
                    cells.close()
    finally:
        book.close()


def _cells(sheet: Any, name: str) -> Generator[Row, None, None]:
    """The rows of a sheet; damage inside is met only when they are read."""
    try:
        yield from sheet.iter_rows(values_only=True)
    except _DAMAGE as error:
        raise RenomapError("sources.unreadable", name=name, reason=str(error)[:200]) from None


def _is_bomb(entries: Sequence[zipfile.ZipInfo]) -> bool:
    """Whether a workbook unpacks to more than the cells of any survey; its texts are kept in memory whole."""
    texts = sum(entry.file_size for entry in entries if entry.filename.endswith("sharedStrings.xml"))
    swollen = (
        entry.file_size > RATIO_FROM and entry.file_size > WORST_RATIO * max(entry.compress_size, 1)
        for entry in entries
    )
    return texts > _MOST_TEXT or sum(entry.file_size for entry in entries) > _MOST_UNPACKED or any(swollen)


def _counted(cells: Iterable[Row], name: str, total: int, feedback: Feedback) -> Iterator[Row]:
    """Rows without the empty cells at their end, up to where the sheet is empty for long."""
    empty = filled = 0
    for number, row in enumerate(cells):
        if number % _CHECK_EVERY == 0:
            feedback.check()
            feedback.progress(min(number / total, 1.0) if total else 0.0, "sources.progress-rows")
        last = next((c for c in range(min(len(row), _MOST_COLUMNS) - 1, -1, -1) if row[c] is not None), -1)
        empty = empty + 1 if last < 0 else 0
        filled += last + 1
        if empty > _EMPTY_ROWS_END:
            return
        if filled > _MOST_CELLS:
            raise RenomapError("sources.table-too-long", name=name, cells=_MOST_CELLS)
        yield row[: last + 1]


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
                tail = (tail + chunk)[-300:]  # a block may stand across two chunks; twice found is once kept
        found[str(sheet.get("name"))] = [range_boundaries(ref.decode()) for ref in dict.fromkeys(refs)]
    return found


def _unmerged(rows: Iterable[Row], blocks: Sequence[Block], width: int) -> Iterator[Row]:
    """Every cell of a merged block gets its value, but a block wider than half the table stays a title."""
    starting: dict[int, list[Block]] = {}
    for block in blocks:
        if block[2] - block[0] + 1 <= max(width / 2, 3) and block[0] <= width:
            starting.setdefault(block[1], []).append(block)
    active: list[tuple[Block, Any]] = []
    for number, row in enumerate(rows, start=1):
        active = [(block, value) for block, value in active if block[3] >= number]
        taken = {column for block, _ in active for column in range(block[0], block[2] + 1)}
        for block in starting.get(number, ()):
            columns = range(block[0], block[2] + 1)
            if taken.isdisjoint(
                columns
            ):  # no sheet has blocks that overlap; of a damaged one the first counts
                taken.update(columns)
                active.append((block, row[block[0] - 1] if block[0] <= len(row) else None))
        yield _spread(row, active, width) if active else row


def _spread(row: Row, active: Sequence[tuple[Block, Any]], width: int) -> Row:
    cells = [*row, *(None,) * max(width - len(row), 0)]
    for (first, _, last, _), value in active:
        cells[first - 1 : last] = [value] * (min(last, width) - first + 1)
    return tuple(cells)
