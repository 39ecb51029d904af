"""Every real data set in full: which layers come out, in which system, asked with which candidates.

What was read is written and read again without a change.
What the description of the data promises of every file stands in ``test_sources_promised``.
"""

from __future__ import annotations

import csv
import os
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely
from pandas.testing import assert_frame_equal

from renomap.errors import RenomapError
from renomap.model.project import Project
from renomap.sources.options import ImportOptions
from renomap.sources.reading import Reading, read
from renomap.store.projectfile import open_project, save
from renomap.wording.catalogue import error_sentence, words

DATA = os.environ.get("RENOMAP_REAL_DATA")
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(DATA is None, reason="RENOMAP_REAL_DATA names no folder of real data"),
]

SLOWEST_S = 10.0


def outcomes() -> list[dict[str, str]]:
    with (Path(__file__).parent / "expected_outcomes.csv").open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))


def options(row: dict[str, str]) -> ImportOptions:
    lon, _, lat = row["near"].partition(",")
    near = (float(lon), float(lat)) if row["near"] else None
    # Points alone are read where they join a project.
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
def test_outcome(row: dict[str, str], tmp_path: Path) -> None:
    started = time.perf_counter()
    path = Path(str(DATA)) / row["file"]
    reading = None
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
    if reading is not None and reading.crs and not row["crs"] and not row["near"]:
        project = Project(reading.crs, reading.layers, notes=reading.notes)
        save(project, tmp_path / "a.gpkg")
        require_same(open_project(tmp_path / "a.gpkg"), project)


def require_same(back: Project, project: Project) -> None:
    """Every row and value as it was, and every remark."""
    assert back.notes == project.notes
    assert [layer.key for layer in back.layers] == [layer.key for layer in project.layers]
    for layer, its in zip(project.layers, back.layers, strict=True):
        assert_frame_equal(
            pd.DataFrame(its.frame.drop(columns="geometry")),
            pd.DataFrame(layer.frame.drop(columns="geometry")),
        )
        assert shapely.equals_exact(
            its.frame.geometry.values, layer.frame.geometry.values, normalize=False
        ).all()
        assert_frame_equal(its.readings, layer.readings)
