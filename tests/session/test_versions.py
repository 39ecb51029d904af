"""Versions are kept, compared with and gone back to; all of it can be undone and is in the file."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from test_document import small_project

from renomap.errors import RenomapError
from renomap.model.change import apply, difference
from renomap.model.project import Project
from renomap.model.version import BEFORE_GROUPING, BEFORE_IMPORT, BEFORE_RETURN, BY_HAND
from renomap.session.versions import (
    KEPT_BY_ITSELF,
    forgotten,
    returned,
    scheme_of,
    version_title,
    with_version,
)
from renomap.store.coding import decode_change, encode_change
from renomap.store.projectfile import open_project, save
from renomap.wording.catalogue import words

MAY = dt.datetime(2026, 5, 12, 14, 3, 59)
JUNE = dt.datetime(2026, 6, 2, 9, 30)


def painted(project: Project) -> Project:
    """The first neighbourhood is in no area."""
    scheme = project.schemes[0]
    assignment = scheme.assignment.copy()
    assignment.iloc[0] = 0
    return project.with_scheme(replace(scheme, assignment=assignment))


def test_a_version_is_a_change_that_replays_and_is_undone(tmp_path: Path) -> None:
    before = small_project()
    after = with_version(before, BY_HAND, note=" 5 月 12 日会议 ", by="王工", at=MAY)
    (version,) = after.versions
    assert (version.note, version.by, version.at) == ("5 月 12 日会议", "王工", "2026-05-12T14:03")
    assert version.scheme is before.scheme
    assert version_title(version, words("zh")) == "5 月 12 日会议（2026-05-12 14:03）"
    change = decode_change(encode_change(difference(before, after, "x")))
    assert apply(before, change).versions[0].scheme.assignment.equals(version.scheme.assignment)
    assert apply(apply(before, change), change.inverse).versions == ()
    assert set(change.touched) == {("version", "version_1", ""), ("project", "", "versions")}
    save(after, tmp_path / "p.gpkg")
    (again,) = open_project(tmp_path / "p.gpkg").versions
    assert (again.key, again.note, again.by, again.at) == (version.key, version.note, "王工", version.at)
    assert again.scheme.assignment.equals(version.scheme.assignment)
    assert again.scheme.areas["name"].tolist() == version.scheme.areas["name"].tolist()


def test_going_back_keeps_what_is_left_and_the_survey() -> None:
    first = with_version(small_project(), BY_HAND, note="五月", at=MAY)
    now = painted(first)
    back = returned(now, "version_1", at=JUNE)
    assert back.scheme is not None
    assert back.scheme.assignment.equals(first.schemes[0].assignment)
    assert [version.cause for version in back.versions] == [BY_HAND, BEFORE_RETURN]
    assert back.versions[1].scheme is now.scheme
    forward = returned(back, "version_2", at=JUNE)
    assert forward.scheme is not None
    assert now.scheme is not None
    assert forward.scheme.assignment.equals(now.scheme.assignment)
    gone = replace(now, schemes=(), active=None)
    assert returned(gone, "version_1", at=JUNE).scheme is first.scheme


def test_neighbourhoods_that_came_since_are_in_no_area() -> None:
    project = with_version(small_project(), BY_HAND, note="五月", at=MAY)
    layer = project.neighbourhoods
    assert layer is not None
    more = layer.frame.iloc[[0]].set_axis([999], axis=0).rename_axis("fid")
    import pandas as pd

    wider = project.with_layer(replace(layer, frame=pd.concat([layer.frame, more]).sort_index()))
    assert scheme_of(project.versions[0], wider).assignment[999] == 0


def test_what_keeps_itself_is_not_kept_twice_and_only_the_newest_stay() -> None:
    project = with_version(small_project(), BY_HAND, note="五月", at=MAY)
    assert with_version(project, BEFORE_IMPORT, at=JUNE) is project
    for number in range(KEPT_BY_ITSELF + 2):
        scheme = project.schemes[0]
        project = project.with_scheme(replace(scheme, title=f"方案 {number}"))
        project = with_version(project, BEFORE_GROUPING, at=JUNE)
    titles = [version.scheme.title for version in project.versions]
    assert project.versions[0].note == "五月"
    assert titles[1:] == [f"方案 {number}" for number in range(2, KEPT_BY_ITSELF + 2)]
    keys = [version.key for version in project.versions]
    assert len(set(keys)) == len(keys)
    assert len(forgotten(project, keys[0]).versions) == len(keys) - 1


def test_without_areas_there_is_nothing_to_keep() -> None:
    bare = replace(small_project(), schemes=(), active=None)
    assert with_version(bare, BEFORE_IMPORT, at=MAY) is bare
    with pytest.raises(RenomapError, match=r"window\.scheme-none"):
        with_version(bare, BY_HAND, note="五月", at=MAY)
    with pytest.raises(RenomapError, match=r"versions\.none"):
        forgotten(bare, "version_1")
