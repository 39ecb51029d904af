"""A saved project comes back exactly; a failed save leaves the old file as it was."""

from __future__ import annotations

import os
import resource as limits
import sqlite3
import subprocess
import sys
import textwrap
import warnings
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from kept_project import CRS, make_layer, make_project, same

from renomap.errors import RenomapError
from renomap.model.layer import Layer
from renomap.model.project import Project
from renomap.model.roles import Role
from renomap.store import projectfile
from renomap.store.drafts import STALE_S
from renomap.store.projectfile import is_project, open_project, previous, save


def test_a_project_comes_back_exactly(tmp_path: Path) -> None:
    path = tmp_path / "规划 (一科)#1! 'q'.gpkg"
    project = make_project()
    save(project, path)
    back = open_project(path)
    assert same(replace(back, meta={}), replace(project, meta={}))
    assert str(back.meta) == str(project.meta)
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


values = {
    "object": st.one_of(st.none(), st.text(), st.floats(), st.integers(-(2**40), 2**40), st.booleans()),
    "texts": st.one_of(st.none(), st.text()),
    "float64": st.floats(),
    "float32": st.floats(width=32),
    "int64": st.integers(-(2**63), 2**63 - 1),
    "uint64": st.integers(0, 2**64 - 1),
    "int16": st.integers(-(2**15), 2**15 - 1),
    "bool": st.booleans(),
    "Int64": st.one_of(st.none(), st.integers(-(2**60), 2**60)),
    "str": st.one_of(st.none(), st.text()),
    "category": st.sampled_from(["甲", "乙", None]),
    "datetime64[ms]": st.one_of(st.none(), st.datetimes().map(lambda d: d.replace(microsecond=0))),
}
names = st.text(min_size=1, max_size=6).filter(lambda s: s != "geometry")
shapes = st.sampled_from(
    [
        shapely.box(0, 0, 1, 1 / 3),
        shapely.MultiPolygon([shapely.box(0, 0, 1, 1)]),
        shapely.MultiPolygon([shapely.box(0, 0, 1, 1), shapely.box(4, 4, 5, 5)]),
        shapely.Point(1e-9, 1e9),
        shapely.LineString([(0, 0), (1, 1)]),
    ]
)


@st.composite
def frames(draw: st.DrawFn) -> gpd.GeoDataFrame:
    fids = draw(st.lists(st.integers(0, 2**40), unique=True, max_size=5))
    columns = {}
    for name in draw(st.lists(names, unique=True, max_size=5)):
        dtype = draw(st.sampled_from(sorted(values)))
        drawn = [draw(values[dtype]) for _ in fids]
        columns[name] = pd.Series(drawn, dtype="object" if dtype == "texts" else dtype)
    geometry = gpd.GeoSeries([draw(shapes) for _ in fids], crs=CRS)
    frame = gpd.GeoDataFrame(columns, geometry=geometry, crs=CRS, index=pd.RangeIndex(len(fids)))
    frame.index = pd.Index(fids, name="fid", dtype="int64")
    return frame


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(frame=frames())
def test_any_frame_comes_back_exactly(frame: gpd.GeoDataFrame, tmp_path: Path) -> None:
    project = Project(CRS, (Layer("things", "东西", Role.REFERENCE, frame),))
    path = tmp_path / "p.gpkg"
    save(project, path)
    assert same(open_project(path), project)


def test_other_programs_see_layers_and_areas(tmp_path: Path) -> None:
    path = tmp_path / "p.gpkg"
    save(make_project(), path)
    assert {name for name, _ in pyogrio.list_layers(path)} == {
        "compounds",
        "layer_areas_2",
        "programme_projects",
        "programme_units",
        "programme_works",
        "areas",
        "renomap_rows",
    }
    areas = pyogrio.read_dataframe(path, layer="areas", fid_as_index=True)
    assert areas["name"].tolist() == ["甲片区", "乙片区"]
    assert areas.geometry.area.tolist() == [81.0, 1.0]  # drawn as it is, derived as the members
    assert areas.crs == CRS


def test_a_change_made_in_another_program_is_read(tmp_path: Path) -> None:
    path = tmp_path / "p.gpkg"
    save(make_project(), path)
    with closing(sqlite3.connect(path)) as connection, connection:
        for (trigger,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type='trigger'"
        ).fetchall():
            connection.execute(f'DROP TRIGGER "{trigger}"')
        connection.execute("UPDATE compounds SET households = 200 WHERE fid = 7")
        connection.execute("DELETE FROM compounds WHERE fid = 0")
    frame = open_project(path).layers[0].frame
    assert frame["households"].to_dict() == {3: 0.1 + 0.2, 7: 200.0}
    assert frame["mixed"].to_dict() == {3: None, 7: 300}


def test_three_previous_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "p.gpkg"
    for number in range(6):
        save(replace(make_project(), form={"title": str(number)}), path)
    kept = previous(path)
    assert [old.name for old in kept] == ["p.bak1.gpkg", "p.bak2.gpkg", "p.bak3.gpkg"]
    assert [open_project(old).form["title"] for old in (path, *kept)] == ["5", "4", "3", "2"]


def test_what_is_not_ours_is_told_apart(tmp_path: Path) -> None:
    foreign = tmp_path / "survey.gpkg"
    pyogrio.write_dataframe(make_layer().frame[["name", "geometry"]], foreign, driver="GPKG")
    text = tmp_path / "text.gpkg"
    text.write_text("not a database", encoding="utf-8")
    for path in (foreign, text, tmp_path):
        assert not is_project(path)
    for path in (foreign, text):
        with pytest.raises(RenomapError) as caught:
            open_project(path)
        assert caught.value.code == "store.not-a-project"
    with pytest.raises(RenomapError) as caught:
        open_project(tmp_path / "missing.gpkg")
    assert caught.value.code == "store.file-missing"


def stamp(path: Path, version: int) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        text = f'{{"version": {version}, "program": "9.9"}}'
        connection.execute("UPDATE renomap_rows SET json = ? WHERE kind = 'format'", (text,))


def test_a_newer_file_is_refused_and_an_older_one_migrated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "p.gpkg"
    save(make_project(), path)
    stamp(path, projectfile.FORMAT + 1)
    with pytest.raises(RenomapError) as caught:
        open_project(path)
    assert caught.value.code == "store.newer"
    stamp(path, 0)

    def from_zero(rows: projectfile.Rows) -> projectfile.Rows:
        return [
            (kind, key, {**value, "preset": "guangzhou"} if kind == "project" else value)
            for kind, key, value in rows
        ]

    monkeypatch.setitem(projectfile.MIGRATIONS, 0, from_zero)
    assert open_project(path).preset == "guangzhou"


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE renomap_rows SET json = '{}' WHERE kind = 'project'",
        "UPDATE renomap_rows SET json = '{' WHERE kind = 'scheme'",
        "UPDATE renomap_rows SET json = '{}' WHERE kind = 'format'",
        "DELETE FROM renomap_rows WHERE kind = 'format'",
        "DELETE FROM renomap_rows WHERE kind = 'project'",
    ],
)
def test_a_damaged_file_is_named(harm: str, tmp_path: Path) -> None:
    path = tmp_path / "p.gpkg"
    save(make_project(), path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(harm)
    with pytest.raises(RenomapError) as caught:
        open_project(path)
    assert caught.value.code == "store.damaged"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("missing/p.gpkg", "store.folder-missing"),
        ("p.shp", "store.wrong-ending"),
        ("folder.gpkg", "store.is-a-folder"),
    ],
)
def test_impossible_places_are_refused_with_a_reason(tmp_path: Path, name: str, code: str) -> None:
    (tmp_path / "folder.gpkg").mkdir()
    with pytest.raises(RenomapError) as caught:
        save(make_project(), tmp_path / name)
    assert caught.value.code == code
    assert [p.name for p in tmp_path.iterdir()] == ["folder.gpkg"]


def save_under_a_limit(path: Path, size: int) -> str:
    """Save in a process that may not write files larger than ``size`` bytes, as on a full disk."""
    script = f"""
        import resource, sys
        sys.path[:0] = {[str(Path(__file__).parent)]!r}
        from pathlib import Path
        from test_projectfile import make_project, save, RenomapError
        project = make_project()
        resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}))
        try:
            save(project, Path({str(path)!r}))
        except RenomapError as error:
            print(error.code)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return done.stdout.strip()


@pytest.mark.skipif(not hasattr(limits, "RLIMIT_FSIZE"), reason="needs a limit of file sizes")
@pytest.mark.parametrize("size", [20_000, 100_000, 130_000])
def test_a_full_disk_leaves_the_old_file(tmp_path: Path, size: int) -> None:
    path = tmp_path / "p.gpkg"
    save(make_project(), path)
    before = path.read_bytes()
    assert save_under_a_limit(path, size) in ("store.disk-full", "store.write-failed")
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["p.gpkg"]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="the administrator may write anywhere")
def test_a_read_only_folder_is_told(tmp_path: Path) -> None:
    path = tmp_path / "p.gpkg"
    save(make_project(), path)
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(RenomapError) as caught:
            save(make_project(), path)
        assert caught.value.code == "store.not-writable"
        assert same(open_project(path).layers[0].frame, make_layer().frame)
    finally:
        tmp_path.chmod(0o700)


def test_a_killed_save_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "p.gpkg"
    save(make_project(), path)
    before = path.read_bytes()

    class Killed(BaseException):
        pass

    def kill(*_: object) -> None:
        raise Killed

    for step in ("_write_rows", "_verify", "_sync", "_keep_previous"):
        with monkeypatch.context() as patch:
            patch.setattr(projectfile, step, kill)
            with pytest.raises(Killed):
                save(replace(make_project(), crs="EPSG:4546", layers=()), path)
        assert path.read_bytes() == before


def test_drafts_of_killed_saves_go_after_a_day(tmp_path: Path) -> None:
    old, fresh = tmp_path / ".renomap-0123456789ab.gpkg", tmp_path / ".renomap-ba9876543210.gpkg"
    old.touch()
    fresh.touch()
    long_ago = old.stat().st_mtime - STALE_S - 1
    os.utime(old, (long_ago, long_ago))
    save(Project("EPSG:4547"), tmp_path / "p.gpkg")
    assert not old.exists()
    assert fresh.exists()


def test_nothing_is_said_about_warnings(tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        save(make_project(), tmp_path / "p.gpkg")
        open_project(tmp_path / "p.gpkg")
