"""What a spreadsheet puts into the clipboard, laid over the attribute table."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from renomap.desktop.panels.table_model import TableModel
from renomap.steps.edit_value import Cell


@dataclass(frozen=True)
class Block:
    """Values for cells of the table. ``fixed`` are titles of columns that cannot be edited but were given
    values; ``beyond`` counts values for which the table has no row or column."""

    cells: tuple[Cell, ...]
    fixed: tuple[str, ...] = ()
    beyond: int = 0


def read_block(text: str) -> list[list[str]]:
    """Rows of values of a text as spreadsheets copy it: tabs between, quotes around line ends."""
    return list(csv.reader(io.StringIO(text.rstrip("\r\n")), delimiter="\t"))


def lay_block(
    model: TableModel, values: Sequence[Sequence[str]], at: tuple[int, int], rows: Sequence[int]
) -> Block:
    """Values from the cell ``at`` (row, column, as they are seen) to the right and down.

    A single value goes into that column of all ``rows``, those that are chosen, as in a spreadsheet.
    """
    row, column = at
    if len(values) == 1 and len(values[0]) == 1 and len(rows) > 1:
        places = [(each, column, values[0][0]) for each in rows]
    else:
        places = [
            (row + down, column + across, text)
            for down, line in enumerate(values)
            for across, text in enumerate(line)
        ]
    inside = [place for place in places if place[0] < model.rowCount() and place[1] < model.columnCount()]
    open_ = [place for place in inside if model.columns[place[1]].field]
    fixed = dict.fromkeys(
        model.columns[column].title for _, column, text in inside if not model.columns[column].field and text
    )
    cells = tuple(Cell(model.id_at(row), model.columns[column].field, text) for row, column, text in open_)
    return Block(cells, tuple(fixed), len(places) - len(inside))
