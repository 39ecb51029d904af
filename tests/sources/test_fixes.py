from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely
from survey_files import frame, square, write

from renomap.model.layer import Layer
from renomap.model.note import Note
from renomap.sources.checks import check
from renomap.sources.fixes import fixed
from renomap.sources.reading import read


def survey(tmp_path: Path, shapes: list, **columns: list) -> tuple[Layer, Note]:
    reading = read([write(tmp_path / "a.gpkg", {"小区": frame(shapes, **columns)})])
    return reading.layers[0], check(reading.layers)[0]


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
