"""Every real file against the outcome its description promises: read, asked or refused, nothing else."""

from __future__ import annotations

import csv
import os
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from renomap.errors import RenomapError
from renomap.session.texts import error_sentence, words
from renomap.sources.options import ImportOptions
from renomap.sources.reading import Reading, read

DATA = os.environ.get("RENOMAP_REAL_DATA")
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(DATA is None, reason="RENOMAP_REAL_DATA names no folder of real data"),
]

COMPANIONS = {".shx", ".prj", ".cpg", ".qpj", ".sbn", ".sbx", ".md"}
SLOWEST_S = 10.0


def outcomes() -> list[dict[str, str]]:
    with (Path(__file__).parent / "expected_outcomes.csv").open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))


def options(row: dict[str, str]) -> ImportOptions:
    lon, _, lat = row["near"].partition(",")
    near = (float(lon), float(lat)) if row["near"] else None
    # Points alone are read where they join a project; a table alone is refused where there is none.
    is_table = row["file"].endswith((".csv", ".xlsx"))
    return ImportOptions(crs=row["crs"] or "auto", near=near, joins_project=not is_table)


def texts(reading: Reading) -> set[str]:
    return {
        value
        for layer in reading.layers
        for column in layer.frame.columns.drop("geometry")
        for value in layer.frame[column].tolist()
        if isinstance(value, str)
    }


@pytest.mark.parametrize(
    "row", outcomes(), ids=lambda row: f"{row['file']} {row['crs'][:9]}{row['near']}".strip()
)
def test_outcome(row: dict[str, str]) -> None:
    started = time.perf_counter()
    path = Path(str(DATA)) / row["file"]
    if row["outcome"] == "read":
        reading = read([path], options(row))
        assert reading.crs == row["system"]
        assert ";".join(f"{layer.title}={len(layer.frame)}" for layer in reading.layers) == row["layers"]
        for layer in reading.layers:
            assert layer.frame.geometry.is_valid.all()
            assert np.isfinite(layer.frame.total_bounds).all()
        if row["sample"]:
            assert row["sample"] in texts(reading)
    else:
        with pytest.raises(RenomapError) as raised:
            read([path], options(row))
        assert raised.value.code == row["code"]
        if row["outcome"] == "ask":
            assert "EPSG:4547" in raised.value.params["candidates"]
        for language in ("en", "zh"):
            said = error_sentence(words(language), raised.value)
            assert "\n" not in said
            assert "{" not in said
    assert time.perf_counter() - started < SLOWEST_S


def test_the_table_leaves_no_file_out() -> None:
    root = Path(str(DATA))
    files = {
        str(path.relative_to(root))
        for path in root.rglob("*")
        if path.is_file() and path.suffix not in COMPANIONS and path.parent.name != "LICENSES"
    }
    files -= {
        str(path.relative_to(root)) for path in root.rglob("*.dbf") if path.with_suffix(".shp").is_file()
    }
    assert files <= {row["file"] for row in outcomes()}


def mojibake(text: str) -> bool:
    """Latin letters with accents in rows, as bytes of GBK read in a western encoding look."""
    return any(all("\u00a0" <= char <= "\u00ff" for char in text[i : i + 3]) for i in range(len(text) - 2))


@pytest.mark.parametrize(
    "row", [row for row in outcomes() if row["outcome"] == "read"], ids=lambda row: row["file"]
)
def test_no_silent_mojibake(row: dict[str, str]) -> None:
    reading = read([Path(str(DATA)) / row["file"]], options(row))
    columns: set[Any] = {str(column) for layer in reading.layers for column in layer.frame.columns}
    garbled = [text for text in texts(reading) | columns if mojibake(text) or "\ufffd" in text]
    assert garbled == []
