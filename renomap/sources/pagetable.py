"""Tables in web pages: what many office systems call a workbook."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from renomap.model.feedback import Feedback
from renomap.sources import encoding as enc
from renomap.sources.containers import DataSet
from renomap.sources.content import text_encoding, without_mark
from renomap.sources.grid import CellGrid, Row, counted
from renomap.sources.options import AUTO

_CHARSET = re.compile(rb"charset\s{0,8}=\s{0,8}[\"']?([\w-]{1,40})", re.IGNORECASE)
_MOST_SPAN = 200


def page_grids(data_set: DataSet, encoding: str, feedback: Feedback) -> list[CellGrid]:
    """A grid for every table of a page, in order."""
    raw = data_set.path.read_bytes()
    marked = text_encoding(raw[:8192])
    label = _CHARSET.search(raw[:4096])
    if marked:
        found = enc.Encoding(marked, 1.0)
    elif encoding != AUTO:
        found = enc.Encoding(enc.known_encoding(encoding), 1.0)
    else:
        found = enc.detect(raw.splitlines(), enc.label_encoding(label[1].decode() if label else None, 0))
    reader = _Tables()
    reader.feed(without_mark(raw).decode(found.name, errors="replace"))
    reader.close()
    tables = [rows for rows in reader.tables if rows]
    names = [data_set.stem if not i else f"{data_set.stem}_{i + 1}" for i in range(len(tables))]
    return [
        CellGrid(name, counted(iter(rows), data_set.name, len(rows), feedback), found)
        for name, rows in zip(names, tables, strict=True)
    ]


class _Tables(HTMLParser):
    """Collects cells; a cell that spans columns stands in the first of them, one that spans rows in all."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[list[Row]] = []
        self._row: list[str | None] = []
        self._text: list[str] | None = None
        self._span = (1, 1)
        self._below: dict[int, tuple[int, str | None]] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._end_row()
            self.tables.append([])
            self._below = {}
        elif tag == "tr":
            self._end_row()
        elif tag in ("td", "th"):
            self._end_cell()
            told = dict(attrs)
            self._text = []
            self._span = (_count(told.get("colspan")), _count(told.get("rowspan")))
        elif tag == "br" and self._text is not None:
            self._text.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self._end_cell()
        elif tag in ("tr", "table"):
            self._end_row()

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)

    def close(self) -> None:
        super().close()
        self._end_row()

    def _end_cell(self) -> None:
        if self._text is None:
            return
        value = " ".join("".join(self._text).split()) or None
        self._text = None
        self._from_above()
        wide, high = self._span
        for at in range(wide):
            if high > 1:
                self._below[len(self._row)] = (high - 1, value if at == 0 else None)
            self._row.append(value if at == 0 else None)

    def _from_above(self) -> None:
        while len(self._row) in self._below:
            left, value = self._below.pop(len(self._row))
            if left > 1:
                self._below[len(self._row)] = (left - 1, value)
            self._row.append(value)

    def _end_row(self) -> None:
        self._end_cell()
        if self._row and self.tables:
            self._from_above()
            self.tables[-1].append(tuple(self._row))
        self._row = []


def _count(text: str | None) -> int:
    return max(1, min(int(text), _MOST_SPAN)) if text and text.isascii() and text.isdecimal() else 1
