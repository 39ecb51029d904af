from __future__ import annotations

from pathlib import Path

import shapely
from survey_files import frame, square, write

from renomap.model.roles import Role
from renomap.sources.options import ImportOptions, overrule
from renomap.sources.reading import Reading, read


def whole(path: Path) -> Path:
    """One row of 30 squares."""
    shape = shapely.MultiPolygon([square(i % 6, i // 6) for i in range(30)])
    return write(path / "小区.gpkg", {"小区": frame([shape], 小区名称=["甲苑"])})


def rows(reading: Reading) -> int:
    [layer] = [layer for layer in reading.layers if layer.role is Role.NEIGHBOURHOODS]
    return len(layer.frame)


def test_a_row_of_many_shapes_is_asked_about(tmp_path: Path) -> None:
    path = whole(tmp_path)
    first = read([path])
    [note] = [note for note in first.notes if note.code == "sources.parts-whole"]
    assert (rows(first), note.params["parts"]) == (1, 30)
    again = read([path], overrule(ImportOptions(), note.guesses[0], "parts"))
    assert rows(again) == 30
    assert "sources.parts-whole" not in {note.code for note in again.notes}


def test_a_few_yards_of_one_neighbourhood_stay_together(tmp_path: Path) -> None:
    shape = shapely.MultiPolygon([square(0), square(1)])
    reading = read([write(tmp_path / "小区.gpkg", {"小区": frame([shape], 小区名称=["甲苑"])})])
    assert rows(reading) == 1
    assert "sources.parts-whole" not in {note.code for note in reading.notes}
