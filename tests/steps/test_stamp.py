"""The version stamp: another for every change of the numbers, the same for what is only looked at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from renomap.model.layer import Layer
from renomap.model.project import Project
from renomap.model.roles import Role
from renomap.model.scheme import LINK_COLUMNS, Scheme
from renomap.model.standard import MeetingValue
from renomap.model.underlay import Underlay, with_underlays
from renomap.steps.stamp import version_stamp

NOW = dt.datetime(2026, 11, 23, 9, 5)
Edit = Callable[[Project], Project]


@pytest.fixture
def project() -> Project:
    index = pd.Index([1, 2], name="fid", dtype="int64")
    shapes = [shapely.box(0, 0, 50, 50), shapely.box(60, 0, 110, 50)]
    frame = gpd.GeoDataFrame({"households": [151.0, np.nan]}, geometry=shapes, crs="EPSG:4547", index=index)
    areas = gpd.GeoDataFrame(
        {"name": [""], "colour": ["#999999"], "locked": [False], "kind": ["derived"], "size_flag": [None]},
        geometry=gpd.GeoSeries([None], crs="EPSG:4547").values,
        crs="EPSG:4547",
        index=pd.Index([1], name="id", dtype="int64"),
    )
    scheme = Scheme("s", "s", pd.Series([1, 1], index=index), areas)
    layer = Layer("n", "n", Role.NEIGHBOURHOODS, frame)
    return Project("EPSG:4547", (layer,), (scheme,), "s")


def with_frame(project: Project, **columns: object) -> Project:
    layer = project.layers[0]
    return project.with_layer(replace(layer, frame=layer.frame.assign(**columns)))


def with_areas(project: Project, **columns: object) -> Project:
    scheme = project.schemes[0]
    return project.with_scheme(replace(scheme, areas=scheme.areas.assign(**columns)))


def other_shape_in_the_same_box(project: Project) -> Project:
    bent = shapely.Polygon([(0, 0), (50, 0), (50, 50), (20, 40), (0, 50)])
    return with_frame(project, geometry=[bent, project.layers[0].frame.geometry[2]])


def drawn(project: Project) -> Project:
    return with_areas(project, kind=["drawn"], geometry=[shapely.box(0, 0, 120, 60)])


def cut(project: Project) -> Project:
    overrides = pd.DataFrame([(1, 2, "cut", "围墙", "张三", "2026-11-30")], columns=list(LINK_COLUMNS))
    return project.with_scheme(replace(project.schemes[0], overrides=overrides))


def moved(project: Project) -> Project:
    scheme = project.schemes[0]
    return project.with_scheme(replace(scheme, assignment=scheme.assignment.where([True, False], 0)))


def met(project: Project) -> Project:
    return replace(project, meeting=(MeetingValue("parking", "rate", "0.6", "", ""),))


def test_its_form(project: Project) -> None:
    stamp = version_stamp(project, NOW)
    assert stamp[:14] == "20261123-0905-"
    assert len(stamp) == 22
    int(stamp[14:], 16)


@pytest.mark.parametrize(
    "edit",
    [
        lambda project: with_frame(project, households=[151.0, 0.0]),  # unknown is not nothing
        other_shape_in_the_same_box,
        drawn,
        lambda project: with_areas(project, name=["东园片区"]),
        cut,
        moved,
        met,
        lambda project: replace(project, standard="changsha"),
    ],
)
def test_what_changes_numbers_changes_it(project: Project, edit: Edit) -> None:
    assert version_stamp(edit(project), NOW) != version_stamp(project, NOW)


@pytest.mark.parametrize(
    "edit",
    [
        lambda project: replace(project, form={"title": "示例"}),
        lambda project: with_areas(project, colour=["#123456"], locked=[True]),
        lambda project: with_underlays(project, [Underlay("a.tif", "a")]),
        lambda project: with_frame(project),
    ],
)
def test_what_is_only_looked_at_does_not(project: Project, edit: Edit) -> None:
    assert version_stamp(edit(project), NOW) == version_stamp(project, NOW)
