"""Sheets of buildings added up to neighbourhoods."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from survey_files import book, frame, square, write

from renomap.sources.reading import Reading, read

HEADER = ["小区名称", "楼号", "层数", "单元数", "户数", "电梯数", "建成年代", "是否危房", "用途"]
ROWS = [
    ["甲苑", "1栋", 6, 3, 36, 0, 1988, "否", "住宅"],
    ["甲苑", "2栋", 7, 2, "约28户", None, 1992, "D级", "住宅"],
    ["甲苑", "3栋", 2, 1, 0, 0, 2001, "否", "商业"],
    ["乙苑", "1栋", 18, 2, 144, 4, "2000年前", "否", "住宅"],
    [None, "9栋", 6, 1, 12, 0, 1990, "否", "住宅"],
]


def joined(tmp_path: Path, **sheets: list[list[object]]) -> Reading:
    map_ = write(tmp_path / "m.gpkg", {"小区": frame([square(0), square(1)], 小区名称=["甲苑", "乙苑"])})
    return read([map_, book(tmp_path / "b.xlsx", **sheets)])


def test_buildings_are_added_up(tmp_path: Path) -> None:
    reading = joined(tmp_path, 楼栋=[HEADER, *ROWS])
    first, second = (reading.layers[0].frame.loc[fid] for fid in (1, 2))
    names = [
        "buildings",
        "stairwells",
        "floors",
        "households",
        "elevators",
        "year_min",
        "year_max",
        "unsafe_buildings",
    ]
    assert [first[name] for name in names] == [2, 5, 7, 64, 0, 1988, 1992, 1]
    assert [second[name] for name in names[:5]] == [1, 2, 18, 144, 4]
    assert np.isnan(second["year_min"])
    assert second["year_max"] == 2000
    assert second["unsafe_buildings"] == 0
    assert first["households_flag"] == "derived"
    readings = reading.layers[0].readings
    lower = readings[(readings["field"] == "elevators") & (readings["flag"] == "lower_bound")]
    assert lower[["fid", "raw", "value"]].to_numpy().tolist() == [[1, "1/2", 0.0]]


def test_a_building_nobody_appraised_is_neither_safe_nor_unsafe(tmp_path: Path) -> None:
    told = {"甲苑": ["不详", "C级", "-"], "乙苑": [None, "未调查"]}
    rows = [[name, f"{i}栋", 6, state] for name, states in told.items() for i, state in enumerate(states)]
    layer = joined(tmp_path, 楼栋=[["小区名称", "楼号", "层数", "是否危房"], *rows]).layers[0]
    assert layer.frame.loc[1, "unsafe_buildings"] == 1
    assert np.isnan(layer.frame.loc[2, "unsafe_buildings"])
    lower = layer.readings[layer.readings["field"] == "unsafe_buildings"]
    assert lower[["fid", "raw", "flag"]].to_numpy().tolist() == [[1, "1/3", "lower_bound"]]


def test_the_report_says_what_was_added_up(tmp_path: Path) -> None:
    note = next(
        n for n in joined(tmp_path, 楼栋=[HEADER, *ROWS]).notes if n.code == "sources.buildings-summed"
    )
    told = {key: note.params[key] for key in ("buildings", "count", "other", "unnamed", "partial")}
    assert told == {"buildings": 3, "count": 2, "other": 1, "unnamed": 1, "partial": 1}


def test_a_sum_fills_and_never_replaces(tmp_path: Path) -> None:
    units = [["小区名称", "户数", "单元数"], ["甲苑", 70, None], ["乙苑", 144, None]]
    reading = joined(tmp_path, 小区=units, 楼栋=[HEADER, *ROWS])
    layer = reading.layers[0].frame
    assert layer["households"].tolist() == [70, 144]
    assert layer["stairwells"].tolist() == [5, 2]
    note = next(n for n in reading.notes if n.code == "sources.sums-differ")
    assert (note.params["field"], note.fids) == ("field.households", (1,))


@pytest.mark.parametrize(
    ("cells", "of"),
    [
        (["1栋", "2栋", "A座"], "buildings"),
        (["12号楼", "3#", "东楼"], "buildings"),
        ([1, 2, 3], "buildings"),
        (["1-12栋", "1、2、3栋", "共5栋"], "neighbourhoods"),
    ],
)
def test_a_column_of_building_numbers_makes_rows_of_buildings(
    tmp_path: Path, cells: list[object], of: str
) -> None:
    rows = [
        ["小区名称", "楼号", "户数"],
        *([name, cell, 10] for name, cell in zip("甲乙丙", cells, strict=True)),
    ]
    note = next(n for n in joined(tmp_path, 表=rows).notes if n.code == "sources.sheet")
    assert note.params["rows"] == f"role.{of}"


def test_how_many_buildings_is_no_building(tmp_path: Path) -> None:
    rows = [["小区名称", "楼栋", "户数"], ["甲苑", 5, 100], ["乙苑", 3, 80]]
    assert joined(tmp_path, 表=rows).layers[0].frame["buildings"].tolist() == [5, 3]


def test_many_buildings_take_no_time(tmp_path: Path) -> None:
    rows = [[f"{i // 20}苑", f"{i % 20 + 1}栋", 6, 3, 36, 0, 1988, "否", "住宅"] for i in range(4000)]
    reading = joined(tmp_path, 楼栋=[HEADER, *rows])
    assert len(reading.unplaced) == 200
    assert reading.unplaced["households"].unique().tolist() == [720]
