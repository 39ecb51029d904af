from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from survey_files import frame, square, write

from renomap.model.change import apply, difference
from renomap.model.layer import Layer
from renomap.model.note import Note
from renomap.model.scheme import Scheme
from renomap.model.words import sentence
from renomap.sources.checks import check
from renomap.sources.fixes import fixed
from renomap.sources.reading import read
from renomap.steps.check import check as steps_check
from renomap.steps.check import repair
from renomap.steps.import_ import import_sources
from renomap.wording.catalogue import words


def survey(tmp_path: Path, shapes: list, **columns: list) -> tuple[Layer, Note]:
    reading = read([write(tmp_path / "a.gpkg", {"小区": frame(shapes, **columns)})])
    return reading.layers[0], check(reading.layers)[0]


def one_area(crs: str) -> gpd.GeoDataFrame:
    content = {
        "name": "甲片区",
        "colour": "#111111",
        "locked": False,
        "kind": "derived",
        "status": "",
        "note": "",
    }
    index = pd.Index([1], name="id", dtype="int64")
    return gpd.GeoDataFrame(content | {"size_flag": None}, geometry=[None], index=index, crs=crs)


def test_the_larger_gives_up_what_two_share(tmp_path: Path) -> None:
    big, small = square(0), shapely.affinity.translate(square(1, size=60), 10, 20)
    layer, note = survey(tmp_path, [big, shapely.affinity.translate(small, -60, 0)])
    after = fixed(layer, note)
    assert after is not None
    assert check([after]) == ()
    assert after.frame.geometry.loc[2].equals(layer.frame.geometry.loc[2])
    assert after.frame.union_all().area == pytest.approx(layer.frame.union_all().area)
    assert after.version == layer.version + 1
    assert fixed(after, note) is None


def test_a_place_drawn_twice_is_one_that_knows_what_both_knew(tmp_path: Path) -> None:
    twice = [square(0), shapely.affinity.translate(square(0), 1, 1)]
    layer, note = survey(tmp_path, twice, 小区名称=["甲苑", "甲苑(旧)"], 户数=[np.nan, 80])
    after = fixed(layer, note)
    assert after is not None
    assert after.frame.index.tolist() == [1]
    assert after.frame.loc[1, "name"] == "甲苑"
    assert after.frame.loc[1, "households"] == 80
    assert after.frame.loc[1, "households_flag"] == "reported"
    assert len(layer.frame) == 2


def test_remarks_without_a_repair(tmp_path: Path) -> None:
    layer, _ = survey(tmp_path, [square(0), square(0, 1, 3)])
    assert fixed(layer, Note("sources.check-sliver", fids=(2,))) is None


@pytest.mark.parametrize(
    ("code", "columns", "field"),
    [
        ("year", {"建成年代": [1990, 2050, 1991]}, "year_max"),
        ("no-household", {"户数": [10, 0, 10]}, "households"),
    ],
)
def test_a_value_that_cannot_be_becomes_unknown(
    tmp_path: Path, code: str, columns: dict[str, list], field: str
) -> None:
    layer, note = survey(tmp_path, [square(0), square(1), square(2)], **columns)
    assert note.code == f"sources.check-{code}"
    after = fixed(layer, note)
    assert after is not None
    assert np.isnan(after.frame.loc[2, field])
    assert check([after]) == ()


def test_a_mended_defect_is_one_undoable_change_of_the_project(tmp_path: Path) -> None:
    shapes = [square(0), square(1), shapely.affinity.translate(square(0), 1, 1)]
    project = import_sources(
        [write(tmp_path / "a.gpkg", {"小区": frame(shapes, 小区名称=["甲苑", "乙苑", "旧甲"])})]
    )
    assignment = pd.Series([1, 1, 1], index=pd.Index([1, 2, 3], name="fid"), dtype="int64")
    project = project.with_scheme(Scheme("a", "一", assignment, one_area(project.crs)))
    note = next(note for note in steps_check(project) if note.code == "sources.check-same-place")
    change = repair(project, note)
    assert change is not None
    assert change.code == "sources.fix-drop_second"
    after = apply(project, change)
    assert after.layers[0].frame.index.tolist() == [1, 2]
    assert after.schemes[0].assignment.index.tolist() == [1, 2]
    assert not difference(apply(after, change.inverse), project, "same")
    assert repair(after, note) is None
    for language in ("en", "zh"):
        assert "{" not in sentence(words(language), change.code, change.params)


def test_the_subdistrict_of_the_map_is_taken(tmp_path: Path) -> None:
    layers = {
        "小区": frame([square(0)], 小区名称=["甲苑"], 社区=["桂花"]),
        "社区": frame([shapely.box(394_000, 3_120_000, 397_000, 3_122_000)], 社区名称=["枫林社区"]),
    }
    project = import_sources([write(tmp_path / "a.gpkg", layers)])
    note = next(note for note in steps_check(project) if note.code == "sources.check-boundary")
    change = repair(project, note)
    assert change is not None
    assert apply(project, change).layers[0].frame.loc[1, "community"] == "枫林社区"
