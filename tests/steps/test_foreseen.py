"""How many areas are foreseen before grouping, against what grouping makes."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import box

from renomap.deficits import presets
from renomap.model.feedback import Silent
from renomap.model.layer import Layer
from renomap.model.project import Project
from renomap.model.roles import Role
from renomap.steps.foreseen import foreseen_count
from renomap.steps.groundwork import Groundwork, lay_ground
from renomap.steps.group import chosen_settings, group
from renomap.steps.options import GroupOptions

CHANGSHA = presets.load("changsha")


def town() -> Project:
    """Two rows of eight squares, 151 households each, of four streets; two small ones far away."""
    place = np.arange(16)
    x, y = 90.0 * (place % 8), 90.0 * (place // 8)
    shapes = [box(a, b, a + 80, b + 80) for a, b in zip(x, y, strict=True)]
    shapes += [box(2000, 0, 2080, 80), box(2090, 0, 2170, 80)]
    streets = [f"街道{'甲乙丙丁'[k % 8 // 2]}" for k in place.tolist()] + ["街道丁"] * 2
    frame = gpd.GeoDataFrame(
        {"households": [151.0] * 16 + [60.0] * 2, "year_max": 1990.0, "street": streets},
        geometry=shapes,
        crs="EPSG:4547",
        index=pd.Index(np.arange(1, 19), name="fid", dtype="int64"),
    )
    layer = Layer("neighbourhoods", "小区", Role.NEIGHBOURHOODS, frame)
    return Project("EPSG:4547", (layer,), preset="changsha")


def ground(project: Project) -> Groundwork:
    return lay_ground(project, CHANGSHA, chosen_settings(GroupOptions(), CHANGSHA), Silent())


@pytest.mark.parametrize(("within", "areas"), [("none", 3), (None, 5)])
def test_streets_and_pieces_are_counted_one_by_one(within: str | None, areas: int) -> None:
    """2,416 households in one piece are two areas; in four streets of 604 four; two of 60 one more."""
    project = town()
    found = foreseen_count(project, CHANGSHA, {}, {}, within=within, work=ground(project))
    assert found.asked == {"households": 2, "count": 2}
    assert found.taken == areas
    made = group(project, GroupOptions(preset="changsha", within=within))
    assert abs(len(made.scheme.areas) - found.taken) <= 2


def test_without_the_ground_the_whole_is_one_piece() -> None:
    assert foreseen_count(town(), CHANGSHA, {}, {}).taken == 2


def test_demands_that_contradict_each_other_foresee_by_the_whole() -> None:
    project, bounds = town(), {"households_min": 900.0, "households_max": 800.0}
    crossed = foreseen_count(project, CHANGSHA, {}, bounds, work=ground(project))
    assert crossed == foreseen_count(project, CHANGSHA, {}, bounds)
