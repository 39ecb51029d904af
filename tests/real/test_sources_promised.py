"""Every file of the real data, whatever it is, against what the data's own description promises of it.

The table was written from that description before the reader was run on it. ``read`` promises rows per
layer (those without a shape not counted), the project system where the description says where the data lie,
and columns; ``ask`` a question with an answer; ``refuse`` a sentence; ``list`` rows to place or draw;
``as FILE`` that a companion opens its shapefile; ``read|ask`` that the description leaves open whether the
numbers say where they are. Where the outcome is another and rightly so, ``differs`` says which and
``because`` why.
"""

from __future__ import annotations

import csv
import os
import time
from pathlib import Path

import numpy as np
import pytest

from renomap.errors import RenomapError
from renomap.model.note import Question
from renomap.sources.options import ImportOptions
from renomap.sources.reading import Reading, read
from renomap.wording.catalogue import error_sentence, note_sentence, words

DATA = os.environ.get("RENOMAP_REAL_DATA")
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(DATA is None, reason="RENOMAP_REAL_DATA names no folder of real data"),
]
SLOWEST_S = 10.0
PARTS = ("", "_lines", "_points")
#: Layers of OpenStreetMap and of geodatabases that a description need not list.
SOME_LAYERS = (".osm", ".pbf", ".gdb.zip")


def promises() -> list[dict[str, str]]:
    with (Path(__file__).parent / "promised_outcomes.csv").open(encoding="utf-8", newline="") as table:
        rows = list(csv.DictReader(table))
    promised = {row["file"]: row for row in rows}
    for row in rows:
        if row["promise"].startswith("as "):
            row |= promised[row["promise"][3:]] | {"file": row["file"]}
    return rows


def reading_of(row: dict[str, str]) -> Reading | RenomapError:
    """What comes of a file, points alone welcome as in a project; anything but a sentence is a fault."""
    path = Path(str(DATA)) / row["file"]
    lists = path.suffix in (".xlsx", ".csv")
    try:
        return read([path], ImportOptions(joins_project=not lists))
    except RenomapError as error:
        return error


def plain(error: RenomapError) -> bool:
    """Whether an error is one whole line in both languages."""
    said = [error_sentence(words(language), error) for language in ("en", "zh")]
    reason = str(error.params.get("reason", ""))
    return not any("\n" in each or "{" in each.replace(reason, "") for each in said)


def counted(reading: Reading, title: str) -> int:
    """Rows of a layer and of the parts of another dimension it was split into."""
    names = {title + part for part in PARTS}
    return sum(len(layer.frame) for layer in reading.layers if layer.title in names)


def mojibake(text: str) -> bool:
    """Latin letters with accents in rows, as bytes of GBK read in a western encoding look."""
    rows = any(all("\u00a0" <= char <= "\u00ff" for char in text[i : i + 3]) for i in range(len(text) - 2))
    return rows or "\ufffd" in text


@pytest.mark.parametrize("row", promises(), ids=lambda row: row["file"])
def test_a_file_comes_out_as_its_description_promises(row: dict[str, str]) -> None:
    started = time.perf_counter()
    found = reading_of(row)
    assert time.perf_counter() - started < SLOWEST_S
    assert not isinstance(found, RenomapError) or plain(found)
    if row["differs"]:
        assert row["differs"] == (found.code if isinstance(found, RenomapError) else "read")
        return
    if isinstance(found, RenomapError):
        assert row["promise"] not in ("read", "list"), str(found)
        if "ask" in row["promise"]:
            assert isinstance(found, Question), str(found)
        return
    assert row["promise"] in ("read", "read|ask", "list"), [layer.title for layer in found.layers]
    if row["promise"] == "list":
        assert len(found.unplaced) == int(row["rows"])
        return
    assert found.crs == (row["system"] or found.crs)
    for layer in found.layers:
        assert layer.frame.geometry.is_valid.all()
        assert np.isfinite(layer.frame.total_bounds).all()
    if row["rows"].isdecimal():
        assert sum(len(layer.frame) for layer in found.layers) == int(row["rows"])
    elif row["rows"]:
        told = {
            title: int(count) for title, _, count in (each.rpartition("=") for each in row["rows"].split(";"))
        }
        assert {title: counted(found, title) for title in told} == told
        if not row["file"].endswith(SOME_LAYERS):
            assert sum(len(layer.frame) for layer in found.layers) == sum(told.values())
    columns = {str(column) for layer in found.layers for column in layer.frame.columns}
    assert set(filter(None, row["columns"].split(";"))) <= columns
    texts = {
        value
        for layer in found.layers
        for column in layer.frame.columns.drop("geometry")
        for value in layer.frame[column].tolist()
        if isinstance(value, str)
    }
    assert not [text for text in texts | columns if mojibake(text)]
    for note in found.notes:
        assert "{" not in note_sentence(words("zh"), note).replace(str(note.params), "")


def test_no_file_is_left_out() -> None:
    root = Path(str(DATA))
    files = {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}
    assert files == {row["file"] for row in promises()}
