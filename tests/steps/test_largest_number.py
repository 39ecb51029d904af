"""A number that no survey can have is unknown, or refused, at every door, and stays so after reopening."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from renomap.errors import RenomapError
from renomap.model.fields import LARGEST
from renomap.model.project import Project
from renomap.steps.edit_value import Cell, edit_value, edit_values
from renomap.steps.import_ import import_sources
from renomap.store.projectfile import open_project, save

WRITTEN = ("1e300", "1e15", "1.1e15", "9" * 400, "-1e300", "9" * 3_000, "100", "1e999", "5")
READ = (np.nan, LARGEST, np.nan, np.nan, np.nan, np.nan, 100.0, np.nan, 5.0)
NAMES = tuple(f"{number}号苑" for number in range(len(WRITTEN)))


def features(path: Path, values: tuple[object, ...]) -> Path:
    """Squares in a row with those households, and a year of the same text."""
    rows = [
        {
            "type": "Feature",
            "properties": {"小区名称": name, "户数": value, "建成年代": value},
            "geometry": {
                "type": "Polygon",
                "coordinates": [
                    [
                        [112.9 + x, 28.2 + y]
                        for x, y in ((at, 0), (at + 0.0008, 0), (at + 0.0008, 0.001), (at, 0))
                    ]
                ],
            },
        }
        for at, name, value in zip(np.arange(len(values)) * 0.001, NAMES, values, strict=True)
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": rows}), encoding="utf-8")
    return path


def households(project: Project) -> list[float]:
    layer = project.neighbourhoods
    assert layer is not None
    assert not ((layer.frame["households"].isna()) ^ (layer.frame["households_flag"] == "unknown")).any()
    return layer.frame["households"].tolist()


def test_texts_of_a_map(tmp_path: Path) -> None:
    project = import_sources([features(tmp_path / "a.geojson", WRITTEN)])
    assert households(project) == pytest.approx(READ, nan_ok=True)
    save(project, tmp_path / "a.gpkg")
    assert households(open_project(tmp_path / "a.gpkg")) == pytest.approx(READ, nan_ok=True)


def test_numbers_of_a_map(tmp_path: Path) -> None:
    values = (1e300, 1e15, 1.1e15, 1e308, -1e300, 2e15, 100, 1.7e308, 5)
    project = import_sources([features(tmp_path / "a.geojson", values)])
    assert households(project) == pytest.approx(READ, nan_ok=True)
    save(project, tmp_path / "a.gpkg")
    assert households(open_project(tmp_path / "a.gpkg")) == pytest.approx(READ, nan_ok=True)


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_cells_of_an_inventory(tmp_path: Path, ending: str) -> None:
    shapes = features(tmp_path / "a.geojson", (None,) * len(WRITTEN))
    table = tmp_path / f"清单.{ending}"
    if ending == "csv":
        rows = "".join(f"{name},{text}\n" for name, text in zip(NAMES, WRITTEN, strict=True))
        table.write_text("小区名称,户数\n" + rows, encoding="utf-8")
    else:
        book = openpyxl.Workbook()
        book.active.append(["小区名称", "户数"])
        for name, text in zip(NAMES, WRITTEN, strict=True):
            number = float(text)
            book.active.append([name, number if np.isfinite(number) and abs(number) < 1e300 else text])
        book.save(table)
    assert households(import_sources([shapes, table])) == pytest.approx(READ, nan_ok=True)


def test_by_hand_and_pasted(tmp_path: Path) -> None:
    project = import_sources([features(tmp_path / "a.geojson", (1,) * len(WRITTEN))])
    for text in ("1e300", "9" * 150, "1.1e15"):
        with pytest.raises(RenomapError) as raised:
            edit_value(project, 3, "households", text)
        assert raised.value.code == "steps.value-too-large"
    done = edit_values(project, [Cell(3, "households", "1e300"), Cell(2, "households", "1e15")])
    assert (done.taken, [cell.fid for cell, _ in done.refused]) == (1, [3])
