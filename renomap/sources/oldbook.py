"""Workbooks of other programs and years: .xls, .et, .xlsb, .ods."""

from __future__ import annotations

import datetime
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

from renomap.errors import RenomapError
from renomap.model.feedback import Feedback
from renomap.sources.grid import MOST_COLUMNS, CellGrid, Row, counted
from renomap.sources.workbook import Block, unmerged


def old_grids(path: Path, name: str, feedback: Feedback) -> Generator[CellGrid, None, None]:
    """The sheets of a workbook that openpyxl does not read.

    Raises
    ------
    RenomapError
        ``sources.workbook-damaged``, ``sources.workbook-locked``, ``sources.table-too-long``.
    """
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError
    from python_calamine import SheetTypeEnum as Type
    from python_calamine import SheetVisibleEnum as Visible

    try:
        with path.open("rb") as file, CalamineWorkbook.from_filelike(file) as book:
            for about in book.sheets_metadata:
                if about.typ is not Type.WorkSheet:
                    continue
                if about.visible is not Visible.Visible:
                    yield CellGrid(about.name, iter(()), hidden=True)
                    continue
                sheet = book.get_sheet_by_name(about.name)
                blocks = _blocks(sheet.merged_cell_ranges or [])
                width = max([sheet.total_width, *(block[2] for block in blocks)])
                rows = counted(_cells(sheet), name, sheet.total_height, feedback)
                yield CellGrid(about.name, unmerged(rows, blocks, min(width, MOST_COLUMNS)))
    except PasswordError as error:
        raise RenomapError("sources.workbook-locked", name=name) from error
    except (CalamineError, OSError, ValueError) as error:
        raise RenomapError("sources.workbook-damaged", name=name) from error


def _blocks(ranges: list[tuple[tuple[int, int], tuple[int, int]]]) -> list[Block]:
    return [(first[1] + 1, first[0] + 1, last[1] + 1, last[0] + 1) for first, last in ranges]


def _cells(sheet: Any) -> Iterator[Row]:
    """The rows from the first of the sheet on; the library leaves out the empty ones above and beside."""
    top, left = sheet.start or (0, 0)
    for _ in range(top):
        yield ()
    for row in sheet.iter_rows():
        yield (None,) * left + tuple(_plain(cell) for cell in row)


def _plain(cell: Any) -> Any:
    """A cell as the other reader would have it: blanks are nothing, whole numbers are int, days have a
    time."""
    if cell == "":
        return None
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return int(cell)
    if isinstance(cell, datetime.date) and not isinstance(cell, datetime.datetime):
        return datetime.datetime(cell.year, cell.month, cell.day)
    return cell
