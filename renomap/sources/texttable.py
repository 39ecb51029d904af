"""Tables of text: commas, semicolons, tabulators; any encoding, UTF-16 among them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator

from renomap.errors import RenomapError
from renomap.model.feedback import Feedback
from renomap.sources import encoding as enc
from renomap.sources.containers import DataSet
from renomap.sources.content import text_encoding, without_mark
from renomap.sources.grid import CellGrid, Row, counted
from renomap.sources.options import AUTO

_SAMPLE = 20_000
#: Old programs end a line with a carriage return alone.
_LINE_END = re.compile(r"\r\n?")


def text_grid(data_set: DataSet, encoding: str, feedback: Feedback) -> CellGrid:
    """The one sheet of a table of text.

    Raises
    ------
    RenomapError
        ``sources.text-damaged`` where the cells cannot be told apart, ``sources.table-too-long``.
    """
    raw = data_set.path.read_bytes()
    marked = text_encoding(raw[:8192])
    raw = without_mark(raw)
    if marked:
        name = enc.UTF8 if marked == "utf-8" else marked
        found = enc.Encoding(name, 1.0 if name == enc.UTF8 else 0.95)
    elif encoding != AUTO:
        found = enc.Encoding(enc.known_encoding(encoding), 1.0, ascii=raw.isascii())
    else:
        found = enc.detect(raw.splitlines())
    text = _LINE_END.sub("\n", raw.decode(found.name, errors="replace")).replace("\0", "")
    csv.field_size_limit(10_000_000)
    rows = _rows(csv.reader(io.StringIO(text), _dialect(text[:_SAMPLE])), data_set.name)
    return CellGrid(data_set.stem, counted(rows, data_set.name, text.count("\n") + 1, feedback), found)


def _dialect(sample: str) -> type[csv.Dialect] | str:
    """How cells are separated: the separator of the first line that has one, as most lines have it."""
    try:
        return csv.Sniffer().sniff(sample, delimiters=",;\t|")
    except csv.Error:
        return "excel-tab" if "\t" in sample and "," not in sample else "excel"


def _rows(reader: Iterable[list[str]], name: str) -> Iterator[Row]:
    try:
        for row in reader:
            yield tuple(row)
    except csv.Error as error:
        raise RenomapError("sources.text-damaged", name=name) from error
