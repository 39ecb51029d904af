"""What a run may change, and that all else stays exactly as it is."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import box

from renomap.errors import RenomapError
from renomap.model.feedback import Silent
from renomap.model.layer import Layer
from renomap.model.project import Project
from renomap.model.roles import Role
from renomap.model.scheme import UNASSIGNED, Scheme
from renomap.steps.group import group
from renomap.steps.naming import areas_beside, members_ground
from renomap.steps.numbering import match_areas
from renomap.steps.options import GroupOptions

CRS = "EPSG:4547"
BOUNDS = {"households_min": 300.0, "households_max": 1000.0}


@cache
def town() -> Project:
    """Six by six blocks of 150 households, 10 m apart, grouped once; area 1 is locked and drawn by hand."""
    place = np.arange(36)
    x, y = 60.0 * (place % 6), 60.0 * (place // 6)
    frame = gpd.GeoDataFrame(
        {"name": [f"n{i}" for i in place], "households": 150.0 + place, "year_max": 1990.0},
        geometry=[box(a, b, a + 50, b + 50) for a, b in zip(x, y, strict=True)],
        crs=CRS,
        index=pd.Index(place + 1, name="fid", dtype="int64"),
    )
    layer = Layer("neighbourhoods", "小区", Role.NEIGHBOURHOODS, frame)
    project = group(Project(CRS, (layer,)), GroupOptions(bounds=BOUNDS)).project
    areas = scheme(project).areas.copy()
    areas["locked"] = areas.index == 1
    areas["kind"] = np.where(areas.index == 1, "drawn", "derived")
    areas["name"] = [f"area {area}" for area in areas.index]
    shape = frame.geometry[scheme(project).assignment == 1].union_all().buffer(7)
    areas.loc[1, "geometry"] = shape
    return project.with_scheme(replace(scheme(project), areas=areas))


def scheme(project: Project) -> Scheme:
    assert project.scheme is not None
    return project.scheme


def again(project: Project, **options: object) -> Scheme:
    return group(project, GroupOptions(bounds=BOUNDS, **options)).scheme  # type: ignore[arg-type]


def assert_same_rows(after: Scheme, before: Scheme, areas: list[int]) -> None:
    for area in areas:
        for column in ("name", "colour", "locked", "kind", "status", "note", "size_flag"):
            assert after.areas.at[area, column] == before.areas.at[area, column], (area, column)
        one, other = after.areas.geometry[area], before.areas.geometry[area]
        assert (one is None and other is None) or one.equals(other)


def test_a_locked_area_stays_and_may_be_given_up() -> None:
    before = scheme(town())
    after = again(town(), seed=2, areas=8)
    assert after.assignment[before.assignment == 1].eq(1).all()
    assert (after.assignment == 1).sum() == (before.assignment == 1).sum()
    assert_same_rows(after, before, [1])
    assert len(after.areas) == 8
    given_up = again(town(), areas=8, only="everything")
    assert not given_up.areas["locked"].any()
    assert given_up.areas["kind"].eq("derived").all()


def test_only_what_is_in_no_area() -> None:
    before = scheme(town())
    cleared = before.assignment.where(~before.assignment.isin([2, 3]), UNASSIGNED)
    project = town().with_scheme(replace(before, assignment=cleared, areas=before.areas.drop([2, 3])))
    after = again(project, only="unassigned", areas=2)
    stayed = cleared > 0
    assert after.assignment[stayed].equals(cleared[stayed])
    kept = sorted(set(cleared[stayed]))
    assert_same_rows(after, before, kept)
    fresh = sorted(set(after.areas.index) - set(kept))
    assert fresh == [before.areas.index.max() + 1, before.areas.index.max() + 2]
    assert set(after.assignment[~stayed]) <= {*fresh, UNASSIGNED}


def test_a_selection_is_shared_out_among_itself_and_the_rests_of_its_areas() -> None:
    before = scheme(town())
    free = [area for area in before.areas.index if area != 1]
    beside = free[:2]
    chosen = tuple(before.assignment.index[before.assignment.isin(beside)][::2].tolist())
    locked = tuple(before.assignment.index[before.assignment == 1][:1].tolist())
    after = again(town(), only="selected", fids=chosen + locked)
    others = ~before.assignment.index.isin(chosen)
    assert after.assignment[others].equals(before.assignment[others])
    untouched = [area for area in before.areas.index if area not in beside]
    assert_same_rows(after, before, untouched)
    totals = (
        pd.Series(town().layers[0].frame["households"])
        .groupby(after.assignment)
        .sum()
        .drop(0, errors="ignore")
    )
    assert totals.between(300, 1000).all()


def test_a_warm_start_is_never_made_worse() -> None:
    warm = group(town(), GroupOptions(bounds=BOUNDS, warm=True))
    assert warm.result.terms["stability"] >= 0.5
    assert set(warm.scheme.areas.index) <= {*scheme(town()).areas.index}
    assert warm.scheme.settings.result.objective >= 0.0


def test_the_same_rules_again_change_no_name_no_number_and_no_colour() -> None:
    before = scheme(town())
    after = again(town())
    assert after.assignment.equals(before.assignment)
    assert_same_rows(after, before, before.areas.index.tolist())


@pytest.mark.parametrize(("areas", "seed"), [(7, 3), (9, 2), (12, 1)])
def test_with_other_rules_an_area_that_is_the_same_keeps_its_looks(areas: int, seed: int) -> None:
    before = scheme(town())
    after = again(town(), areas=areas, seed=seed)
    households = town().layers[0].frame["households"]
    matches = match_areas(before.assignment, after.assignment, households)
    same = sorted(set(after.areas.index) & set(before.areas.index))
    assert matches == {area: area for area in same}, "an area has its number where it is the same, only there"
    for area in same:
        assert after.areas.at[area, "name"] == f"area {area}"
        assert after.areas.at[area, "colour"] == before.areas.at[area, "colour"]
    assert after.areas["name"].is_unique
    shapes = members_ground(town(), after.assignment, Silent())
    colours = after.areas["colour"]
    for one, other in areas_beside(shapes.geometry):
        assert colours[one] != colours[other] or {one, other} <= set(same)


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"only": "some"}, "steps.only-unknown"),
        ({"only": "selected"}, "steps.only-nothing"),
        ({"only": "unassigned"}, "steps.only-nothing"),
        ({"only": "selected", "fids": (99,)}, "steps.only-stranger"),
    ],
)
def test_a_scope_that_holds_nothing_is_told(options: dict[str, object], code: str) -> None:
    with pytest.raises(RenomapError) as told:
        again(town(), **options)
    assert told.value.code == code


def test_a_part_needs_a_plan_to_be_part_of() -> None:
    bare = replace(town(), schemes=(), active=None)
    with pytest.raises(RenomapError) as told:
        again(bare, only="unassigned")
    assert told.value.code == "steps.only-without-scheme"
