"""The sheet of charts: native ones, each beside the numbers it draws."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from renomap.cartography.symbols import token
from renomap.model.plan import Plan
from renomap.outputs.chart_data import Bars, plan_bars
from renomap.outputs.numbers import Kind
from renomap.outputs.plain_text import clean
from renomap.outputs.workbook import SheetWriter

#: Column of the charts, their width (pixels), and the height of a bar and of a row of the sheet (pixels).
_AT, _WIDTH, _BAR_PX, _ROW_PX = 5, 760, 17, 20
_LONGEST_SHEET = 31
#: Rows of a printed page, and letters of a note on a line below the numbers.
_PAGE_ROWS, _NOTE_LETTERS = 62, 26


def write_charts(pen: SheetWriter, book: Any, plan: Plan, words: Mapping[str, str]) -> None:
    """Deficits by area alone and pooled, households by decade, what is known: numbers left, chart right.

    What has a range or is unknown has neither number nor bar, and is named below the numbers.
    """
    title = words["outputs.sheet.charts"][:_LONGEST_SHEET]
    sheet = book.add_worksheet(title)
    pen.page(sheet, title)
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 3, 13)
    top = page = 0
    breaks = []
    for bars in plan_bars(plan, words):
        end = _block(pen, book, sheet, bars, top, words)
        if end - page > _PAGE_ROWS and top > page:
            breaks.append(top)
            page = top
        top = end
    sheet.set_h_pagebreaks(breaks)


def _block(pen: SheetWriter, book: Any, sheet: Any, bars: Bars, top: int, words: Mapping[str, str]) -> int:
    """The numbers and the chart of one; the row where the next begins."""
    first, last = top + 2, top + 1 + len(bars.names)
    sheet.write_string(top, 0, clean(bars.title), pen.formats["title"])
    for c, (name, values) in enumerate(bars.series, start=1):
        sheet.write_string(top + 1, c, clean(name), pen.formats["head"])
        for r, value in enumerate(values, start=first):
            # A word would be drawn as a bar of no length.
            pen.cell(sheet, r, c, "" if value is None else value, Kind.COUNT)
    for r, name in enumerate(bars.names, start=first):
        sheet.write_string(r, 0, clean(name), pen.formats["text"])
    note = bars.note(words)
    if note:
        sheet.merge_range(last + 1, 0, last + 1, len(bars.series), clean(note), pen.formats["wrap"])
        sheet.set_row_pixels(last + 1, _ROW_PX * (1 + len(note) // _NOTE_LETTERS))
    high = 90 + _BAR_PX * len(bars.names) * len(bars.series)
    if bars.names:
        sheet.insert_chart(top, _AT, _chart(book, sheet.get_name(), bars, first, last, high))
    return int(max(last + 4, top + high // _ROW_PX + 2))


def _chart(book: Any, sheet: str, bars: Bars, first: int, last: int, high: int) -> Any:
    chart = book.add_chart({"type": "bar"})
    for c, (name, _) in enumerate(bars.series, start=1):
        chart.add_series(
            {
                "name": name,
                "categories": [sheet, first, 0, last, 0],
                "values": [sheet, first, c, last, c],
                "fill": {"color": token("accent" if c == len(bars.series) else "outside")},
                "data_labels": {"value": True, "num_format": "#,##0"},
                "gap": 50,
            }
        )
    chart.set_title({"name": bars.title, "name_font": {"size": 12}})
    # The first name stands above, as in the numbers beside.
    chart.set_y_axis({"reverse": True})
    chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}, "min": 0})
    chart.set_legend({"position": "bottom"} if len(bars.series) > 1 else {"none": True})
    chart.set_size({"width": _WIDTH, "height": high})
    return chart
