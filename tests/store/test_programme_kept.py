"""A programme lies in the project file as tables that other programs read, and comes back the same."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyogrio
import pytest
from kept_project import make_programme, make_project, same

from renomap.model.change import apply, difference
from renomap.model.programme import Programme
from renomap.model.settings import GroupSettings
from renomap.store import projectfile
from renomap.store.journal import Journal, read_journal
from renomap.store.projectfile import open_project, save

FORMER = Path(__file__).parents[1] / "data" / "project_format_1.gpkg"


def test_the_tables_are_attribute_tables_with_ids_and_iso_dates(tmp_path: Path) -> None:
    path = tmp_path / "p.gpkg"
    save(make_project(), path)
    tables = [name for name, kind in pyogrio.list_layers(path) if kind is None]
    assert set(tables) >= {"programme_works", "programme_projects", "programme_units"}
    assert "programme_funds" not in tables
    works = pyogrio.read_dataframe(path, layer="programme_works", fid_as_index=True)
    assert works.index.tolist() == [1, 2]
    assert works["fid"].tolist() == [3, 7]
    assert works["start"].tolist()[0] == "2026-05"
    assert np.isnan(works["cost"].tolist()[0])


def test_an_empty_programme_leaves_no_table(tmp_path: Path) -> None:
    path = tmp_path / "p.gpkg"
    save(replace(make_project(), programme=Programme()), path)
    assert not [name for name, _ in pyogrio.list_layers(path) if name.startswith("programme_")]
    assert not open_project(path).programme


def test_what_another_program_changes_is_taken_over_and_said(tmp_path: Path) -> None:
    path = tmp_path / "p.gpkg"
    save(make_project(), path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE programme_works SET cost = 1000, status = 'nearly' WHERE id = 1")
    project = open_project(path)
    assert project.programme.works["cost"].tolist() == [1000, 240000]
    assert project.programme.works["status"].tolist() == [None, None]
    (note,) = [note for note in project.notes if note.code == projectfile.CHANGED_OUTSIDE]
    assert note.params["layers"] == "programme_works"


def test_a_project_of_the_former_format_opens_and_is_saved_as_of_now(tmp_path: Path) -> None:
    path = tmp_path / "p.gpkg"
    shutil.copy(FORMER, path)
    project = open_project(path)
    layer, wanted = project.layers[0], make_project()
    # its settings were a mapping of nothing but meaningless values
    wanted = wanted.with_scheme(replace(wanted.schemes[0], settings=GroupSettings()))
    assert layer.frame["checkup_date"].tolist() == [None] * 3
    assert layer.frame["pipes_bad_km"].isna().all()
    kept = replace(layer, frame=layer.frame[wanted.layers[0].frame.columns])
    former = replace(project, layers=(kept, *project.layers[1:]))
    assert same(former, replace(wanted, programme=project.programme, meta=project.meta, versions=()))
    assert not project.programme
    save(replace(project, programme=make_programme()), path)
    assert same(open_project(path).programme, make_programme())


@pytest.mark.parametrize("torn", [False, True])
def test_edits_of_a_programme_come_back_from_the_journal(tmp_path: Path, torn: bool) -> None:
    states = [make_project()]
    programme = states[0].programme
    for table, frame in (
        ("works", programme.works.assign(cost=[3.0, 4.0])),
        ("units", programme.units.drop(1)),
        ("funds", programme.with_rows("funds", [{"source": "city", "planned": 906000}]).funds),
    ):
        programme = programme.with_table(table, frame)
        states.append(replace(states[0], programme=programme))
    path = tmp_path / "p.journal"
    journal = Journal(path, "base")
    for before, after in pairwise(states):
        journal.append(difference(before, after, "change.programme"))
    journal.close()
    if torn:  # the program was ended in the middle of a line
        path.write_bytes(path.read_bytes()[:-20])
    project = states[0]
    recorded = read_journal(path)
    assert recorded is not None
    for change in recorded.changes:
        project = apply(project, change)
    assert same(project.programme, states[2 if torn else 3].programme)
