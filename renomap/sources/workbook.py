"""The cells of .xlsx workbooks, row by row, so that a long list never stands in memory twice."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Generator, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from renomap.errors import RenomapError
from renomap.model.feedback import Feedback
from renomap.sources.containers import RATIO_FROM, WORST_RATIO
from renomap.sources.grid import MOST_COLUMNS, CellGrid, Row, Uncomputed, counted

_MOST_UNPACKED = 2 * 1024**3
_MOST_TEXT = 200 * 1024**2

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#: No repetition goes past the next ``<``: however long a sheet's text is, no part of it is looked at twice.
_MERGE = re.compile(
    rb'<(?:\w{1,20}:)?mergeCell\s[^<>]{0,200}?ref="([A-Z]{1,3}[0-9]{1,7}:[A-Z]{1,3}[0-9]{1,7})"'
)
#: The end of a cell that holds a formula and no result.
_NO_RESULT = re.compile(rb"(?:</f>|<f[^<>]{0,200}/>)\s{0,20}(?:<v>\s{0,20}</v>|<v\s{0,20}/>)?\s{0,20}</c>")

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
    RuntimeError,  # a damaged flag says that an entry is encrypted
    struct.error,
)

#: First column, first row, last column, last row; all from 1.
Block = tuple[int, int, int, int]


def workbook_grids(path: Path, name: str, feedback: Feedback) -> Generator[CellGrid, None, None]:
    """The sheets of a workbook; hidden ones by their name only. A formula whose result is not stored stands
    as ``Uncomputed``.

    Raises
    ------
    RenomapError
        ``sources.workbook-damaged``, ``sources.archive-too-large``, ``sources.table-too-long``.
    """
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    formulas = None
    try:
        with zipfile.ZipFile(path) as archive:
            if _is_bomb(archive.infolist()):
                raise RenomapError("sources.archive-too-large", name=name)
            blocks = _merged_blocks(archive, feedback)
            lacking = _lacks_results(archive, feedback)
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        if lacking:
            formulas = openpyxl.load_workbook(path, read_only=True)
    except RenomapError:
        raise
    except (InvalidFileException, *_DAMAGE) as error:
        raise RenomapError("sources.workbook-damaged", name=name) from error
    try:
        for sheet in book.worksheets:
            if sheet.sheet_state != "visible":
                yield CellGrid(str(sheet.title), iter(()), hidden=True)
                continue
            title, total = str(sheet.title), sheet.max_row or 0
            merged = blocks.get(title, [])
            width = max([sheet.max_column or 0, *(block[2] for block in merged)])
            sheet.reset_dimensions()  # some programs write a size that is too small
            cells = _cells(sheet, name, formulas[title] if formulas else None)
            rows = counted(cells, name, total, feedback)
            try:
                yield CellGrid(title, unmerged(rows, merged, min(width, MOST_COLUMNS)))
            finally:
                cells.close()
    finally:
        book.close()
        if formulas:
            formulas.close()


def _lacks_results(archive: zipfile.ZipFile, feedback: Feedback) -> bool:
    """Whether any sheet holds a formula whose result is not stored."""
    for each in archive.namelist():
        if not (each.startswith("xl/worksheets/") and each.endswith(".xml")):
            continue
        with archive.open(each) as text:
            tail = b""
            while chunk := text.read(1 << 20):
                feedback.check()
                if _NO_RESULT.search(tail + chunk):
                    return True
                tail = chunk[-300:]
    return False


def _cells(sheet: Any, name: str, formulas: Any | None) -> Generator[Row, None, None]:
    """The rows of a sheet; damage inside is met only when they are read."""
    try:
        if formulas is None:
            yield from sheet.iter_rows(values_only=True)
            return
        formulas.reset_dimensions()
        both = zip(sheet.iter_rows(values_only=True), formulas.iter_rows(values_only=True), strict=False)
        for values, written in both:
            yield tuple(
                Uncomputed() if value is None and cell is not None else value
                for value, cell in zip(values, written, strict=False)
            )
    except _DAMAGE as error:
        raise RenomapError("sources.workbook-damaged", name=name) from error


def _is_bomb(entries: Sequence[zipfile.ZipInfo]) -> bool:
    """Whether a workbook unpacks to more than the cells of any survey; its texts are kept in memory whole."""
    texts = sum(entry.file_size for entry in entries if entry.filename.endswith("sharedStrings.xml"))
    swollen = (
        entry.file_size > RATIO_FROM and entry.file_size > WORST_RATIO * max(entry.compress_size, 1)
        for entry in entries
    )
    return texts > _MOST_TEXT or sum(entry.file_size for entry in entries) > _MOST_UNPACKED or any(swollen)


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


def unmerged(rows: Iterable[Row], blocks: Sequence[Block], width: int) -> Iterator[Row]:
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
