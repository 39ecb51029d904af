"""A change restores exactly what was, merges associatively and costs little."""

from __future__ import annotations

import time
from dataclasses import fields, replace
from itertools import pairwise

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from renomap.model.change import Address, ChangeSet, Rows, Swap, apply, difference
from renomap.model.layer import Layer
from renomap.model.programme import Programme, with_rows
from renomap.model.project import Project
from renomap.model.roles import Role
from renomap.model.scheme import Scheme
from renomap.model.settings import GroupSettings

CRS = "EPSG:4547"


def make_frame(fids: list[int]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {
            "name": [None if fid % 5 == 0 else f"小区{fid}" for fid in fids],
            "households": [np.nan if fid % 3 == 0 else float(fid) for fid in fids],
            "count": np.array(fids, dtype=np.int32),
            "flag": [fid % 2 == 0 for fid in fids],
        },
        geometry=[shapely.box(fid, 0, fid + 1, 1) for fid in fids],
        crs=CRS,
        index=pd.Index(fids, name="fid", dtype="int64"),
    )


def make_areas(ids: list[int]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"name": [f"片区{i}" for i in ids], "colour": ["#aabbcc"] * len(ids), "locked": [False] * len(ids)},
        geometry=[None] * len(ids),
        crs=CRS,
        index=pd.Index(ids, name="id", dtype="int64"),
    )


def make_project(n: int = 6) -> Project:
    fids = list(range(n))
    layer = Layer("compounds", "小区", Role.NEIGHBOURHOODS, make_frame(fids))
    assignment = pd.Series([1] * n, index=layer.frame.index, name="area", dtype="int64")
    scheme = Scheme("s1", "方案一", assignment, make_areas([1, 2]), settings=GroupSettings(gap_m=30.0))
    return Project(CRS, (layer,), (scheme,), "s1")


def same(a: object, b: object) -> bool:
    """Equal to the last bit, but for the count of versions."""
    if isinstance(a, pd.DataFrame):
        if type(a) is not type(b) or not isinstance(b, pd.DataFrame):
            return False
        frames = a.columns.equals(b.columns) and (a.dtypes == b.dtypes).all() and a.index.name == b.index.name
        alike = getattr(a, "crs", None) == getattr(b, "crs", None)
        return bool(frames and alike and a.index.equals(b.index)) and a.equals(b)
    if isinstance(a, pd.Series):
        return isinstance(b, pd.Series) and a.equals(b) and a.name == b.name and a.dtype == b.dtype
    if isinstance(a, Project | Layer | Scheme | Programme):
        return type(a) is type(b) and all(
            same(getattr(a, item.name), getattr(b, item.name)) for item in fields(a) if item.name != "version"
        )
    if isinstance(a, tuple):
        return isinstance(b, tuple) and len(a) == len(b) and all(map(same, a, b))
    return a == b


class Edits:
    """Random edits of a project, each a plain function of values as steps and tools write them."""

    @staticmethod
    def paint(project: Project, draw: st.DrawFn) -> Project:
        scheme = project.schemes[0]
        assignment = scheme.assignment.copy()
        chosen = (
            draw(st.sets(st.sampled_from(sorted(assignment.index)), max_size=4)) if len(assignment) else set()
        )
        assignment.loc[sorted(chosen)] = draw(st.integers(0, 3))
        return project.with_scheme(replace(scheme, assignment=assignment))

    @staticmethod
    def rename(project: Project, draw: st.DrawFn) -> Project:
        layer = project.layers[0]
        frame = layer.frame.copy()
        if len(frame):
            fid = draw(st.sampled_from(sorted(frame.index)))
            frame.loc[fid, "name"] = draw(st.sampled_from(["甲", "乙", None]))
            frame.loc[fid, "households"] = draw(st.sampled_from([np.nan, 3.0, 151.0]))
        return project.with_layer(replace(layer, frame=frame))

    @staticmethod
    def reshape(project: Project, draw: st.DrawFn) -> Project:
        layer = project.layers[0]
        frame = layer.frame.copy()
        if len(frame):
            fid = draw(st.sampled_from(sorted(frame.index)))
            frame.loc[[fid], "geometry"] = [shapely.box(fid, 0, fid + 1, draw(st.integers(1, 3)))]
        return project.with_layer(replace(layer, frame=frame))

    @staticmethod
    def add_or_drop(project: Project, draw: st.DrawFn) -> Project:
        layer = project.layers[0]
        fids = draw(st.sets(st.integers(0, 8)))
        new = sorted(fids - set(layer.frame.index))
        kept = layer.frame.loc[sorted(fids & set(layer.frame.index))]
        parts = [part for part in (kept, make_frame(new)) if len(part)]
        frame = pd.concat(parts).sort_index() if parts else layer.frame.iloc[:0]
        return project.with_layer(replace(layer, frame=frame))

    @staticmethod
    def add_column(project: Project, draw: st.DrawFn) -> Project:
        layer = project.layers[0]
        frame = layer.frame.copy()
        frame["extra"] = draw(st.sampled_from([1.5, 2.5]))
        return project.with_layer(replace(layer, frame=frame))

    @staticmethod
    def lock(project: Project, draw: st.DrawFn) -> Project:
        scheme = project.schemes[0]
        areas = scheme.areas.copy()
        areas["locked"] = draw(st.booleans())
        drawn = draw(st.sampled_from([None, shapely.box(0, 0, 2, 2)]))
        areas.loc[[1], "geometry"] = gpd.GeoSeries([drawn], index=[1], crs=CRS)
        return project.with_scheme(
            replace(scheme, areas=areas, settings=GroupSettings(seed=draw(st.integers(0, 80))))
        )

    @staticmethod
    def import_or_remove(project: Project, draw: st.DrawFn) -> Project:
        rest = tuple(layer for layer in project.layers if layer.key != "roads")
        if len(rest) < len(project.layers):
            return replace(project, layers=rest)
        road = Layer("roads", "道路", Role.ROADS, make_frame([draw(st.integers(0, 3))]))
        return replace(project, layers=(road, *rest) if draw(st.booleans()) else (*rest, road))

    @staticmethod
    def change_road(project: Project, draw: st.DrawFn) -> Project:
        layer = project.layer("roads")
        if layer is None:
            return project
        frame = layer.frame.copy()
        frame["count"] = np.int32(draw(st.integers(0, 9)))
        return project.with_layer(replace(layer, frame=frame))

    @staticmethod
    def programme(project: Project, draw: st.DrawFn) -> Project:
        works = project.programme.works
        kept = works.loc[sorted(draw(st.sets(st.sampled_from([1, 2, 3]))) & set(works.index))].copy()
        kept["cost"] = draw(st.sampled_from([np.nan, 240000.0]))
        row = {
            "fid": draw(st.integers(1, 5)),
            "item": draw(st.sampled_from(["roof", None])),
            "start": "2026-05",
        }
        return replace(
            project, programme=project.programme.with_table("works", with_rows("works", kept, [row]))
        )

    @staticmethod
    def set_values(project: Project, draw: st.DrawFn) -> Project:
        return replace(
            project, form={"author": draw(st.sampled_from("甲乙"))}, standard=draw(st.sampled_from("ab"))
        )


KINDS = [getattr(Edits, name) for name in vars(Edits) if not name.startswith("_")]


@st.composite
def histories(draw: st.DrawFn) -> list[Project]:
    states = [make_project()]
    for kind in draw(st.lists(st.sampled_from(KINDS), min_size=3, max_size=6)):
        states.append(kind(states[-1], draw))
    return states


def changes_of(states: list[Project]) -> list[ChangeSet]:
    return [difference(a, b, "change.test") for a, b in pairwise(states)]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(histories())
def test_every_change_leads_there_and_back_exactly(states: list[Project]) -> None:
    project = states[0]
    changes = changes_of(states)
    for change, state in zip(changes, states[1:], strict=True):
        project = apply(project, change)
        assert same(project, state)
    for change, state in zip(reversed(changes), reversed(states[:-1]), strict=True):
        project = apply(project, change.inverse)
        assert same(project, state)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(histories())
def test_merging_is_associative_and_means_one_after_the_other(states: list[Project]) -> None:
    a, b, c = changes_of(states)[:3]
    left, right = a.merge(b).merge(c), a.merge(b.merge(c))
    assert left.touched.keys() == right.touched.keys()
    for address, labels in left.touched.items():
        other = right.touched[address]
        assert (labels is None and other is None) or labels.equals(other)
    for merged in (left, right):
        assert same(apply(states[0], merged), states[3])
        assert same(apply(states[3], merged.inverse), states[0])


def test_only_the_rows_that_differ_are_kept() -> None:
    project = make_project()
    layer = project.layers[0]
    frame = layer.frame.copy()
    frame.loc[3, "households"] = 7.0
    change = difference(project, project.with_layer(replace(layer, frame=frame)), "change.edit")
    (address,) = change.steps
    assert address == Address("layer", "compounds", "frame")
    assert change.touched[address].tolist() == [3]


def test_equal_projects_differ_in_nothing() -> None:
    assert not difference(make_project(), make_project(), "change.none")


def test_a_stroke_back_and_forth_leaves_no_rows() -> None:
    project = make_project()
    scheme = project.schemes[0]
    painted = project.with_scheme(replace(scheme, assignment=scheme.assignment.replace(1, 2)))
    there = difference(project, painted, "change.paint")
    assert not there.merge(there.inverse)


def test_versions_only_go_up() -> None:
    project = make_project()
    layer = project.layers[0]
    edited = project.with_layer(replace(layer, frame=layer.frame.assign(flag=True)))
    change = difference(project, edited, "change.edit")
    after = apply(project, change)
    assert after.layers[0].version == 1
    assert apply(after, change.inverse).layers[0].version == 2


def test_a_value_given_to_apply_is_not_changed() -> None:
    project = make_project()
    kept = project.layers[0].frame.copy(deep=True)
    frame = project.layers[0].frame.assign(households=5.0)
    change = difference(project, project.with_layer(replace(project.layers[0], frame=frame)), "change.edit")
    apply(project, change)
    assert same(project.layers[0].frame, kept)


def test_a_change_of_another_project_is_refused() -> None:
    project = make_project(4)
    rows = make_frame([9])
    step = Rows(rows, rows.assign(flag=True))
    address = Address("layer", "compounds", "frame")
    with pytest.raises(ValueError, match="does not have"):
        apply(project, ChangeSet("change.edit", {address: step}))
    with pytest.raises(ValueError, match="does not have"):
        apply(project, ChangeSet("change.edit", {Address("layer", "gone", "title"): Swap("a", "b")}))


def test_five_thousand_rows_cost_a_few_milliseconds() -> None:
    project = make_project(5000)
    layer = project.layers[0]
    frame = layer.frame.copy()
    frame.loc[range(0, 5000, 2), "households"] = 9.0
    change = difference(project, project.with_layer(replace(layer, frame=frame)), "change.edit")
    seconds = []
    for _ in range(5):
        start = time.thread_time()
        apply(project, change)
        seconds.append(time.thread_time() - start)
    assert min(seconds) < 0.02  # 2-3 ms on a quiet machine
