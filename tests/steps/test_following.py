"""Projects follow their areas; facts of neighbourhoods stay, and nothing is deleted."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from programme_town import make_town

from renomap.editing.areas import dissolve, merge
from renomap.model.change import ChangeSet, apply, difference
from renomap.model.programme_columns import TABLES
from renomap.model.project import Project
from renomap.steps.following import DISSOLVED, MERGED, following, with_projects


def assigned(project: Project, areas: list[int]) -> Project:
    """The town with its nine neighbourhoods in these areas."""
    scheme = project.schemes[0]
    ids = sorted({area for area in areas if area})
    like = make_town().schemes[0].areas.iloc[[0] * len(ids)]
    table = gpd.GeoDataFrame(like.set_axis(pd.Index(ids, dtype="int64", name="id")))
    assignment = pd.Series(areas, index=scheme.assignment.index, dtype="int64", name="area_id")
    return project.with_scheme(replace(scheme, assignment=assignment, areas=table))


@pytest.fixture
def town() -> Project:
    project = assigned(make_town(), [1, 1, 1, 1, 1, 2, 2, 2, 0])
    programme = project.programme.with_rows(
        "projects", [{"scheme": "s1", "area": 1, "name": "甲"}, {"scheme": "s1", "area": 2, "name": "乙"}]
    )
    programme = programme.with_rows("funds", [{"project": 2, "source": "city", "planned": 5.0}])
    programme = programme.with_rows("events", [{"project": 2, "gate": "review", "members": "6 7 8"}])
    return replace(project, programme=programme.with_rows("works", [{"fid": 6, "item": "roof"}]))


def done(project: Project, change: ChangeSet) -> Project:
    change = with_projects(project, change)
    after = apply(project, change)
    back = apply(after, change.inverse)
    for name, frame in back.programme.tables():
        assert frame.equals(project.programme.table(name)), name
    return after


def test_merged_projects_keep_steps_with_their_members(town: Project) -> None:
    programme = done(town, merge(town, [1, 2])).programme
    assert programme.projects["exited"].tolist() == [None, MERGED]
    assert programme.events[["project", "members"]].values.tolist() == [[1, "6 7 8"]]
    assert programme.funds["project"].tolist() == [1]
    assert programme.works.equals(town.programme.works)


def test_a_dissolved_project_is_given_up_not_deleted(town: Project) -> None:
    programme = done(town, dissolve(town, [2])).programme
    assert programme.projects["exited"].tolist() == [None, DISSOLVED]
    assert programme.events.equals(town.programme.events)


def test_the_larger_part_of_a_split_keeps_the_project(town: Project) -> None:
    small = assigned(town, [1, 1, 1, 3, 3, 2, 2, 2, 0])
    assert following(town, small).programme is small.programme
    large = assigned(town, [3, 3, 3, 1, 1, 2, 2, 2, 0])
    assert following(town, large).programme.projects["area"].tolist() == [3, 2]


def test_a_copied_scheme_has_copies_of_projects_and_their_money(town: Project) -> None:
    copy = town.with_scheme(replace(town.schemes[0], key="s2", title="方案二"))
    programme = following(town, copy).programme
    assert programme.projects[["scheme", "area"]].values.tolist() == [
        ["s1", 1],
        ["s1", 2],
        ["s2", 1],
        ["s2", 2],
    ]
    assert programme.funds["project"].tolist() == [2, 4]
    assert len(programme.works) == 1


@pytest.mark.property
@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.integers(0, 4), min_size=9, max_size=9), st.lists(st.integers(0, 4), min_size=9, max_size=9)
)
def test_no_redrawing_loses_a_fact(first: list[int], second: list[int]) -> None:
    base = assigned(make_town(), first)
    rows = [{"scheme": "s1", "area": area} for area in sorted(set(first) - {0})]
    programme = base.programme.with_rows("projects", rows)
    events = [{"project": label, "gate": "review"} for label in programme.projects.index]
    base = replace(base, programme=programme.with_rows("events", events))
    change = with_projects(base, difference(base, assigned(base, second), "change.test"))
    after = apply(base, change).programme
    for name in TABLES:
        assert after.table(name).index.equals(base.programme.table(name).index)
    running = after.projects[after.projects["exited"].isna()]
    assert running["area"].is_unique
    assert set(running["area"]) <= set(second)
    assert apply(apply(base, change), change.inverse).programme.projects.equals(base.programme.projects)


def test_a_project_of_one_neighbourhood_goes_to_the_area_that_takes_it_in() -> None:
    """Fids 1 and 2 join area 1, fid 7 area 2, fid 9 stays alone; of two in one area one project is left."""
    alone = assigned(make_town(), [0] * 9)
    frame = alone.neighbourhoods
    assert frame is not None
    programme = alone.programme.with_rows(
        "projects", [{"fid": fid, "name": f"N{fid}"} for fid in (2, 1, 7, 9)]
    )
    rows = [{"project": number, "source": "city", "planned": 1.0} for number in (1, 2, 3, 4)]
    alone = replace(alone, programme=programme.with_rows("funds", rows))
    grouped = assigned(alone, [1, 1, 1, 0, 0, 2, 2, 2, 0])
    change = difference(alone, grouped, "x")
    programme = done(alone, change).programme
    assert programme.projects[["area", "fid", "scheme"]].values.tolist() == [
        [0, 2, None], [1, 0, "s1"], [2, 0, "s1"], [0, 9, None],
    ]  # fmt: skip
    assert programme.projects["exited"].tolist() == [MERGED, None, None, None]
    assert programme.funds["project"].tolist() == [2, 2, 3, 4]
