"""Frames of a project by role: the same object each time, so that nothing is derived from it twice."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import replace
from types import FrameType
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from programme_town import CRS, make_town

from renomap.grouping import eligibility
from renomap.model.layer import Layer
from renomap.model.project import Project
from renomap.model.roles import Role
from renomap.programme import rounds
from renomap.steps import frames
from renomap.steps.demo import sample_project
from renomap.steps.frames import frame_of
from renomap.steps.plan import make_plan


def roads(key: str, y: float) -> Layer:
    line = shapely.LineString([(500_000, y), (500_400, y)])
    frame = gpd.GeoDataFrame(
        {"name": [key], "kind": ["secondary"]}, geometry=[line], crs=CRS, index=pd.Index([1], name="fid")
    )
    return Layer(key, key, Role.ROADS, frame)


def small_town() -> Project:
    """Nine neighbourhoods in a row, the first eight in one area, and two layers of roads beside them."""
    project = make_town()
    return replace(project, layers=(*project.layers, roads("old", 104), roads("new", -6)))


def test_a_stroke_leaves_the_frames_of_other_layers_the_objects_they_were() -> None:
    project = sample_project()
    roads = frame_of(project, Role.ROADS)
    assert roads is not None
    assert (roads["layer"] == project.layers_of(Role.ROADS)[0].key).all()
    after = replace(project, meta={**project.meta, "changed": "yes"})
    assert frame_of(after, Role.ROADS) is roads
    (layer,) = project.layers_of(Role.ROADS)
    assert "layer" not in layer.frame


def test_a_role_that_no_layer_has_gives_none() -> None:
    project = replace(sample_project(), layers=())
    assert frame_of(project, Role.ROADS) is None


def test_several_layers_are_joined_once_until_one_of_them_is_another() -> None:
    project = small_town()
    joined = frame_of(project, Role.ROADS)
    assert joined is not None
    assert joined["layer"].tolist() == ["old", "new"]
    assert joined.index.tolist() == [0, 1]
    assert frame_of(replace(project, meta={"changed": "yes"}), Role.ROADS) is joined
    other = frame_of(replace(project, layers=(*project.layers[:-1], roads("new", -8))), Role.ROADS)
    assert other is not joined
    assert other is not None
    assert other.geometry[1].bounds[1] == -8
    assert other.crs == joined.crs == CRS


def test_a_plan_prepares_what_it_needs_once() -> None:
    """Joined layers, consent and eligibility: counted in the calls of the real thing."""
    once = {
        function.__code__: function.__name__
        for function in (frames._joined, rounds.with_consent, eligibility.judge)
    }
    called: Counter[str] = Counter()

    def count(frame: FrameType, event: str, _: Any) -> None:
        if event == "call" and frame.f_code in once:
            called[once[frame.f_code]] += 1

    project = small_town()
    before = sys.getprofile()
    sys.setprofile(count)
    try:
        make_plan(project)
    finally:
        sys.setprofile(before)
    assert called == {"_joined": 1, "with_consent": 1, "judge": 1}
