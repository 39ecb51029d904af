"""A workbook in which every text stays a text: the pen that tables are written with."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from renomap.outputs.atomic import new_file
from renomap.outputs.numbers import EXCHANGE_DECIMALS, AtLeast, Kind, missing, spreadsheet_format
from renomap.outputs.plain_text import clean
from renomap.outputs.table import Column, Table

_LONGEST_HEADING = 200
FONT = "Microsoft YaHei"


@contextmanager
def new_workbook(path: Path) -> Iterator[Any]:
    """An open XlsxWriter workbook that stands at ``path`` when all of it is written, or not at all.

    Texts never become formulas, links or numbers.

    Raises
    ------
    RenomapError
        Those of ``atomic.new_file``.
    """
    import xlsxwriter

    options = {"strings_to_numbers": False, "strings_to_formulas": False, "strings_to_urls": False}
    with new_file(path) as draft:
        book = xlsxwriter.Workbook(str(draft), options)
        yield book
        book.close()


@dataclass(frozen=True)
class Formula:
    """A cell that computes: the formula and the value it has now."""

    text: str
    value: float | str
    kind: Kind | None = Kind.COUNT


class SheetWriter:
    """Writes sheets into an open XlsxWriter workbook, all in one hand.

    Parameters
    ----------
    book : xlsxwriter.Workbook
        The open workbook.
    words : Mapping
        Catalogue, for the word of missing values and for page headings.
    stamp : str
        Printed in the heading of every sheet.
    """

    def __init__(self, book: Any, words: Mapping[str, str], stamp: str) -> None:
        self._book = book
        self._words = words
        self._stamp = stamp
        base = {"font_name": FONT, "font_size": 10, "valign": "top"}
        line = {"bottom": 4, "bottom_color": "#BFBFBF"}
        self.formats: dict[object, Any] = {
            "head": book.add_format(
                {
                    **base,
                    "bold": True,
                    "text_wrap": True,
                    "valign": "vcenter",
                    "bg_color": "#E9EEF4",
                    "bottom": 1,
                }
            ),
            "text": book.add_format({**base, **line}),
            "wrap": book.add_format({**base, **line, "text_wrap": True}),
            "missing": book.add_format({**base, **line, "font_color": "#8C8C8C", "align": "right"}),
            "title": book.add_format({**base, "bold": True, "font_size": 12}),
            "total": book.add_format({**base, "bold": True, "top": 1}),
        }
        for kind, least in itertools.product(Kind, (False, True)):
            number = {**base, "num_format": spreadsheet_format(kind, least=least), "align": "right"}
            self.formats[kind, least, False] = book.add_format({**number, **line})
            self.formats[kind, least, True] = book.add_format({**number, "bold": True, "top": 1})

    def sheet(self, table: Table, *, held: int = 2) -> Any:
        """A sheet with a frozen heading row and ``held`` frozen columns; returns it for more rows below."""
        columns, rows = table.columns, table.rows
        sheet = self._book.add_worksheet(table.title)
        self.page(sheet, table.title)
        self.heading(sheet, 0, columns)
        sheet.freeze_panes(1, min(held, len(columns)))
        sheet.repeat_rows(0)
        if rows:
            sheet.autofilter(0, 0, len(rows), len(columns) - 1)
        for r, row in enumerate(rows, start=1):
            self.row(sheet, r, columns, row)
        return sheet

    def page(self, sheet: Any, name: str) -> None:
        """Print set-up: landscape A3, one page wide, name above, version and page number below."""
        sheet.set_landscape()
        sheet.set_paper(8)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(0.5, 0.5, 0.8, 0.7)
        title = clean(name).replace("&", "&&")[:_LONGEST_HEADING]
        sheet.set_header(f"&C&14&B{title}")
        sheet.set_footer(f"&L{self._words['outputs.stamp']} {self._stamp}&R&P / &N")

    def heading(self, sheet: Any, r: int, columns: Sequence[Column]) -> None:
        """A row of headings."""
        sheet.set_row(r, 32)
        for c, column in enumerate(columns):
            if r == 0:
                sheet.set_column(c, c, column.width)
            sheet.write_string(r, c, clean(column.title), self.formats["head"])

    def row(self, sheet: Any, r: int, columns: Sequence[Column], values: Sequence[Any]) -> None:
        """A row of cells, one per column."""
        for c, (column, value) in enumerate(zip(columns, values, strict=True)):
            self.cell(sheet, r, c, value, column.kind, wrap=column.wrap)

    def cell(
        self,
        sheet: Any,
        r: int,
        c: int,
        value: Any,
        kind: Kind | None,
        *,
        wrap: bool = False,
        total: bool = False,
    ) -> None:
        """One cell: a number of a kind, a text as it stands, a computed value, or the word for no data."""
        if isinstance(value, Formula):
            least = isinstance(value.value, AtLeast)
            style = self.formats[value.kind, least, total] if value.kind else None
            sheet.write_formula(r, c, value.text, style or self.formats["total"], value.value)
        elif isinstance(value, str) and not value:
            sheet.write_blank(r, c, None, self.formats["total" if total else "text"])
        elif missing(value):
            sheet.write_string(r, c, self._words["outputs.no-data"], self.formats["missing"])
        elif kind is not None and not isinstance(value, str):
            style = self.formats[kind, isinstance(value, AtLeast), total]
            sheet.write_number(r, c, round(float(value), EXCHANGE_DECIMALS), style)
        else:
            style = self.formats["total" if total else "wrap" if wrap else "text"]
            sheet.write_string(r, c, clean(str(value)), style)
