"""Time grows with the length of what is read, whatever stands in it: a text that is repeated is the worst."""

from __future__ import annotations

import contextlib
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from renomap.errors import RenomapError
from renomap.model.feedback import Silent
from renomap.model.roles import Role
from renomap.sources import cad, joining, osm, sheets, synonyms, values
from renomap.sources.containers import table_file
from renomap.sources.options import ImportOptions

#: Of this many characters a repetition in a repetition would take minutes.
LONG = 60_000
#: What all of one reader's texts may take; they take a tenth.
MOST_S = 6.0

PARTS = (
    *(
        "(",
        "(a",
        "（<",
        "1",
        "一",
        "十",
        "百一",
        "1,000",
        "1.",
        "1+",
        "1平",
        "约",
        "3栋",
        "19",
        "80-",
        "1980年",
    ),
    *(
        "90年代",
        "1年代",
        "-",
        "—",
        "小区",
        "宿舍",
        "a ",
        " ",
        "\\a",
        "\\a;",
        '"',
        '"a"=>"',
        '\\"',
        "{",
        "M",
        "\u200b",
    ),
)
READERS: dict[str, Callable[[str], Any]] = {
    "number": values.parse_number,
    "years": values.parse_years,
    "header": lambda text: synonyms.meaning_of(text, Role.NEIGHBOURHOODS),
    "name": joining.loose_name,
    "text of a drawing": cad._plain,
    "tags": lambda text: osm._TAG.findall(text),
    "building": sheets._ONE_BUILDING.match,
    "footnote": sheets._FOOTNOTE.search,
}


@pytest.mark.parametrize("reader", READERS)
def test_no_text_takes_more_than_its_length(reader: str) -> None:
    start = time.process_time()
    for part in PARTS:
        READERS[reader]((part * LONG)[:LONG])
        assert time.process_time() - start < MOST_S, part


def book_with(path: Path, merges: bytes) -> Path:
    """A workbook of one neighbourhood whose sheet says that of its merged cells."""
    plain = path.with_name("plain.xlsx")
    book = openpyxl.Workbook()
    for row in (["小区名称", "户数"], ["甲苑", 120]):
        book.active.append(row)
    book.save(plain)
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name.endswith("sheet1.xml"):
                data = data.replace(b"</sheetData>", b"</sheetData>" + merges)
            new.writestr(name, data)
    return path


@pytest.mark.parametrize(
    "merges",
    [
        b"<mergeCells>" + b"<mergeCell " * 300_000 + b"</mergeCells>",
        b"<mergeCell " + b'x="1" ' * 300_000,
        b'<mergeCell ref="' + b"A" * 1_000_000,
        b"<" + b"a" * 1_000_000 + b":mergeCell ",
        b'<mergeCell ref="' + b"A1:B2" * 300_000 + b'"/>',
    ],
)
def test_merged_cells_of_a_hostile_sheet_are_read_or_refused_at_once(tmp_path: Path, merges: bytes) -> None:
    path = book_with(tmp_path / "a.xlsx", merges)
    assert path.stat().st_size < 20_000
    start = time.process_time()
    with contextlib.suppress(RenomapError):
        sheets.read_tables(table_file(path), ImportOptions(), Silent())
    assert time.process_time() - start < MOST_S


def test_blocks_that_overlap_take_no_longer_than_others(tmp_path: Path) -> None:
    many = b"".join(b'<mergeCell ref="A%d:A%d"/>' % (row, 1_000_000 - row) for row in range(1, 10_000))
    path = book_with(tmp_path / "a.xlsx", b"<mergeCells>" + many + b"</mergeCells>")
    start = time.process_time()
    [found] = sheets.read_tables(table_file(path), ImportOptions(), Silent())
    assert found.rows["户数"].tolist() == [120]
    assert time.process_time() - start < MOST_S
