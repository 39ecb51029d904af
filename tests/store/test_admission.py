"""Files that a bad disk has changed are told or harmless; what other programs changed is made fit to work
with."""

from __future__ import annotations

import random
import sqlite3
import struct
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import shapely
from kept_project import CRS, make_project, same

from renomap.errors import RenomapError
from renomap.model.scheme import UNASSIGNED
from renomap.store.projectfile import CHANGED_OUTSIDE, is_project, open_project, save, saved_mark


def corrupted(raw: bytes, chance: random.Random) -> bytes:
    """Cut short, or with a bit, a byte or a block of a disk gone wrong."""
    at = chance.randrange(len(raw))
    size = chance.choice([0, 1, 1, 16, 512])
    if size == 0:
        return raw[:at]
    return raw[:at] + chance.randbytes(min(size, len(raw) - at)) + raw[at + size :]


def test_damage_is_told_or_harmless_and_never_changes_a_plan(tmp_path: Path) -> None:
    """Tables are open to other programs, whose changes are taken; all else is as it was saved or refused."""
    path, chance = tmp_path / "p.gpkg", random.Random(12)
    project = make_project()
    save(project, path)
    raw = path.read_bytes()
    codes = set()
    for _ in range(50):
        path.write_bytes(corrupted(raw, chance))
        assert saved_mark(path) is None or is_project(path)
        try:
            back = open_project(path)
        except RenomapError as told:
            codes.add(told.code)
            continue
        assert [(layer.key, layer.title, layer.role) for layer in back.layers] == [
            (layer.key, layer.title, layer.role) for layer in project.layers
        ]
        fids = back.layers[0].frame.index
        assert same(back.schemes[0].areas, project.schemes[0].areas)
        assert back.schemes[0].assignment.equals(
            project.schemes[0].assignment.reindex(fids, fill_value=UNASSIGNED)
        )
        assert (back.form, back.meeting, back.preset) == (project.form, project.meeting, project.preset)
        shapes = back.layers[0].frame.geometry
        assert (shapes.is_valid & ~shapes.is_empty & shapes.notna()).all()
    assert codes == {"store.damaged", "store.not-a-project"}


def test_a_ruined_project_points_to_its_previous_versions(tmp_path: Path) -> None:
    path = tmp_path / "p.gpkg"
    save(make_project(), path)
    save(make_project(), path)
    path.write_bytes(b"")
    with pytest.raises(RenomapError) as caught:
        open_project(path)
    assert caught.value.code == "store.damaged"


def edited(path: Path, shape: shapely.Geometry | None, households: float = 9.0) -> None:
    """Another program gives neighbourhood 3 another shape and another number."""
    with closing(sqlite3.connect(path)) as connection, connection:
        for (trigger,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type='trigger'"
        ).fetchall():
            connection.execute(f'DROP TRIGGER "{trigger}"')
        blob = None if shape is None else struct.pack("<2sBBi", b"GP", 0, 1, 4547) + shapely.to_wkb(shape)
        connection.execute("UPDATE compounds SET geom = ?, households = ? WHERE fid = 3", (blob, households))


@pytest.mark.parametrize(
    ("shape", "code"),
    [
        (shapely.Polygon([(5, 0), (6, 1), (6, 0), (5, 1)]), "sources.made-valid"),
        (shapely.GeometryCollection([shapely.box(5, 0, 6, 1), shapely.Point(5, 0)]), "sources.collection"),
        (shapely.box(5, 0, 1e300, 1e300), "sources.coordinates-wild"),
        (shapely.Polygon([(5, 0), (np.inf, 0), (6, 6)]), "sources.coordinates-wild"),
        (None, "sources.no-shape"),
        (shapely.Polygon(), "sources.no-shape"),
        (shapely.Point(5, 0), "sources.no-shape"),
        (shapely.Polygon([(5, 0, 7), (6, 0, 7), (6, 1, 7)]), None),
    ],
)
def test_shapes_of_other_programs_are_made_fit_to_work_with(
    tmp_path: Path, shape: shapely.Geometry | None, code: str | None
) -> None:
    path = tmp_path / "p.gpkg"
    save(make_project(), path)
    edited(path, shape)
    project = open_project(path)
    layer, scheme = project.layers[0], project.schemes[0]
    told = [note.code for note in project.notes[1:]]
    assert told == ([] if code is None else [code]) + [CHANGED_OUTSIDE]
    assert scheme.assignment.index.equals(layer.frame.index)
    assert set(layer.frame.index) == ({0, 7} if code in _GONE else {0, 7, 3})
    shapes = layer.frame.geometry
    assert (shapes.is_valid & ~shapes.is_empty & ~shapes.has_z & (shapes.area > 0)).all()
    assert open_project(path).schemes[0].assignment[7] == 0


_GONE = ("sources.no-shape", "sources.coordinates-wild")


@pytest.mark.parametrize("number", [float("inf"), 1e300])
def test_a_number_that_cannot_be_is_unknown(tmp_path: Path, number: float) -> None:
    path = tmp_path / "p.gpkg"
    save(make_project(), path)
    edited(path, shapely.box(5, 0, 6, 1), number)
    project = open_project(path)
    assert np.isnan(project.layers[0].frame.at[3, "households"])
    told = [(note.code, note.fids) for note in project.notes[1:]]
    assert told == [("store.number-impossible", (3,)), (CHANGED_OUTSIDE, ())]


def test_a_neighbourhood_added_in_another_program_is_in_no_area(tmp_path: Path) -> None:
    path = tmp_path / "p.gpkg"
    save(make_project(), path)
    new = gpd.GeoDataFrame(
        {"name": ["新"]}, geometry=[shapely.MultiPolygon([shapely.box(9, 0, 10, 1)])], crs=CRS
    )
    pyogrio.write_dataframe(new, path, layer="compounds", append=True)
    project = open_project(path)
    assert project.schemes[0].assignment.to_dict() == {0: 1, 3: 2, 7: 0, 8: UNASSIGNED}
