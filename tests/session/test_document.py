"""One door for changes; undo leads back exactly; what was chosen comes back with it."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from pytestqt.qtbot import QtBot

from renomap.errors import RenomapError
from renomap.model.layer import Layer
from renomap.model.project import Project
from renomap.model.roles import Role
from renomap.model.scheme import Scheme
from renomap.model.settings import GroupSettings
from renomap.session.document import Document


def small_project() -> Project:
    frame = gpd.GeoDataFrame(
        {"name": ["甲", "乙", "丙"], "households": [100.0, 200.0, 300.0]},
        geometry=[shapely.box(x, 0, x + 90, 90) for x in (0, 100, 200)],
        crs="EPSG:4547",
        index=pd.Index([0, 1, 2], name="fid", dtype="int64"),
    )
    areas = gpd.GeoDataFrame(
        {"name": ["一", "二"], "colour": ["#88aacc", "#ccaa88"], "locked": False, "kind": "derived",
         "status": "", "note": "", "size_flag": None},
        geometry=[None, None], crs="EPSG:4547", index=pd.Index([1, 2], name="id", dtype="int64"),
    )  # fmt: skip
    assignment = pd.Series([1, 1, 2], index=frame.index, dtype="int64")
    scheme = Scheme("s1", "方案一", assignment, areas, settings=GroupSettings(preset="changsha"))
    layer = Layer("compounds", "小区", Role.NEIGHBOURHOODS, frame)
    return Project("EPSG:4547", (layer,), (scheme,), "s1", preset="changsha", standard="changsha")


def painted(project: Project, fid: int, area: int) -> Project:
    scheme = project.schemes[0]
    assignment = scheme.assignment.copy()
    assignment.loc[fid] = area
    return project.with_scheme(replace(scheme, assignment=assignment))


def areas_of(document: Document) -> list[int]:
    assert document.project is not None
    return document.project.schemes[0].assignment.tolist()


def test_changes_go_and_come_back(qtbot: QtBot) -> None:
    document = Document()
    document.replace(small_project())
    start = document.project
    document.select([1], 1)
    document.apply_project(painted(document.project, 1, 2), "change.paint")
    assert areas_of(document) == [1, 2, 2]
    assert document.is_changed
    document.select([])
    document.undo_stack.undo()
    assert areas_of(document) == [1, 1, 2]
    assert (document.selection.fids, document.selection.area) == (frozenset({1}), 1)
    assert document.project.schemes[0].assignment.equals(start.schemes[0].assignment)
    document.undo_stack.redo()
    assert areas_of(document) == [1, 2, 2]


def test_signals_speak_of_what_has_happened(qtbot: QtBot) -> None:
    document = Document()
    with qtbot.waitSignal(document.replaced):
        document.replace(small_project())
    with qtbot.waitSignal(document.changed) as heard:
        document.apply_project(painted(document.project, 0, 2), "change.paint")
    assert heard.args[0].code == "change.paint"
    with qtbot.waitSignal(document.selected):
        document.select([2])
    with qtbot.assertNotEmitted(document.selected):
        document.select([2])


def test_an_empty_change_is_no_step(qtbot: QtBot) -> None:
    document = Document()
    document.replace(small_project())
    document.apply_project(document.project, "change.paint")
    assert document.undo_stack.count() == 0


def test_who_may_only_read_changes_nothing(qtbot: QtBot) -> None:
    document = Document()
    document.replace(small_project(), holder=RenomapError("store.read-only", who="a", since="b"))
    with pytest.raises(RenomapError, match=r"store\.read-only"):
        document.apply_project(painted(document.project, 0, 2), "change.paint")
    assert areas_of(document) == [1, 1, 2]


def test_what_a_change_takes_away_is_not_chosen_any_more(qtbot: QtBot) -> None:
    document = Document()
    document.replace(small_project())
    told: list[object] = []
    document.selected.connect(lambda: told.append(document.selection))
    document.select([1, 77], 2)
    assert (document.selection.fids, document.selection.area) == (frozenset({1}), 2)
    document.apply_project(without_area(document.project, 2), "change.dissolve")
    assert (document.selection.fids, document.selection.area) == (frozenset({1}), None)
    assert len(told) == 2
    document.undo_stack.undo()
    assert document.selection.area == 2
    document.select([], 9)
    assert document.selection.area is None


def without_area(project: Project | None, area: int) -> Project:
    assert project is not None
    scheme = project.schemes[0]
    assignment = scheme.assignment.replace(area, 0)
    return project.with_scheme(replace(scheme, assignment=assignment, areas=scheme.areas.drop(index=area)))
