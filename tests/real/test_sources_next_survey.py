"""The next survey of the real compounds of Shanghai: a tenth of the rows renamed, moved, deleted, added."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from renomap.__main__ import main
from renomap.editing.missing import draw_neighbourhood, lock_layer
from renomap.model.change import apply
from renomap.model.project import Project
from renomap.model.scheme import Scheme
from renomap.store import projectfile

DATA = os.environ.get("RENOMAP_REAL_DATA")
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(DATA is None, reason="RENOMAP_REAL_DATA names no folder of real data"),
]
SURVEY = "cn_shanghai/shanghai_west_compounds_named.gpkg"
SEED = 7


def decided(project: Project) -> Project:
    """With decisions of every kind: areas, one of them drawn and locked, a link, a cut, a neighbourhood drawn
    by hand, marks of gates in areas and plan."""
    layer = project.neighbourhoods
    assert layer is not None
    project = apply(project, lock_layer(project, layer.key, locked=False))
    x, y = layer.frame.total_bounds[2:] + 500
    project = apply(project, draw_neighbourhood(project, shapely.box(x, y, x + 80, y + 80), "补绘院落"))
    fids = project.neighbourhoods.frame.index  # type: ignore[union-attr]
    assignment = pd.Series(1 + np.arange(len(fids)) % 40, index=fids, dtype="int64")
    ids = pd.Index(range(1, 41), name="id", dtype="int64")
    areas = gpd.GeoDataFrame(
        {
            "name": [f"片区{number}" for number in ids],
            "colour": "#336699",
            "locked": [number == 1 for number in ids],
            "kind": ["drawn" if number == 2 else "derived" for number in ids],
            "status": ["approved" if number == 3 else "" for number in ids],
            "note": ["待居民会议" if number == 4 else "" for number in ids],
            "size_flag": None,
        },
        geometry=[shapely.box(x, y, x + 300, y + 300) if number == 2 else None for number in ids],
        index=ids,
        crs=project.crs,
    )
    links = pd.DataFrame(
        {"a": [11, 12], "b": [21, 22], "action": ["link", "cut"], "reason": ["有通道", "有围墙"]}
    )
    project = project.with_scheme(Scheme("s1", "方案一", assignment, areas, links))
    return replace(project, form={"title": "示范方案"}, meta={**project.meta, "gates": {"3": "2026-03-01"}})


def next_survey(path: Path) -> tuple[dict[str, set[int]], int]:
    """A corrected file in another row order, and the fids (row numbers of the first) that were changed
    how."""
    table = gpd.read_file(Path(str(DATA)) / SURVEY, layer="compounds").to_crs("EPSG:4549")
    table["fid"] = range(1, len(table) + 1)
    valid = table[table.is_valid]
    each = len(valid) // 10
    chosen = valid["fid"].sample(3 * each, random_state=SEED).to_numpy()
    renamed, moved, removed = (set(map(int, part)) for part in np.split(chosen, 3))
    table.loc[table["fid"].isin(renamed), "name"] = [f"改名{number}" for number in range(each)]
    shift = table["fid"].isin(moved)
    table.loc[shift, "geometry"] = table.loc[shift, "geometry"].translate(4.0, 3.0)
    kept = table[~table["fid"].isin(removed)]
    x, y = table.total_bounds[:2] - 100_00
    fresh = gpd.GeoDataFrame(
        {"name": [f"新增{number}" for number in range(each)]},
        geometry=[shapely.box(x - 60 * i, y, x - 60 * i + 40, y + 40) for i in range(each)],
        crs=table.crs,
    )
    mixed = pd.concat([kept.drop(columns="fid"), fresh]).sample(frac=1, random_state=SEED).to_crs("EPSG:4326")
    gpd.GeoDataFrame(mixed, crs="EPSG:4326").to_file(path, layer="compounds")
    return {"renamed": renamed, "moved": moved, "removed": removed}, each


def test_exactly_what_changed_is_listed_and_every_decision_stays(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, file = tmp_path / "p.gpkg", str(Path(str(DATA)) / SURVEY)
    assert main(["import", file, "-o", str(path)]) == 0
    before = decided(projectfile.open_project(path))
    projectfile.save(before, path)
    planted, each = next_survey(tmp_path / "compounds.gpkg")
    capsys.readouterr()
    assert main(["import", str(tmp_path / "compounds.gpkg"), "-o", str(path), "--update", "--json"]) == 0
    told = pd.DataFrame(json.loads(capsys.readouterr().out)["changes"])
    found = {kind: set(rows["fid"]) for kind, rows in told.groupby("kind")}
    assert {kind: found[kind] for kind in planted} == planted
    assert (told.loc[told["kind"] == "moved", "after"].astype(float) - 5.0).abs().max() < 0.1
    assert len(found["added"]) == each
    assert min(found["added"]) > max(before.neighbourhoods.frame.index)  # type: ignore[union-attr]
    assert set(found) == {"renamed", "moved", "removed", "added", "kept"}
    drawn = before.neighbourhoods.frame  # type: ignore[union-attr]
    assert found["kept"] == set(drawn.index[drawn["origin"] == "drawn"])

    after = projectfile.open_project(path)
    old, new = before.schemes[0], after.schemes[0]
    staying = old.assignment.index.difference(sorted(planted["removed"]))
    assert new.assignment.loc[staying].equals(old.assignment.loc[staying])
    assert (new.assignment.loc[sorted(found["added"])] == 0).all()
    assert new.areas.drop(columns="geometry").equals(old.areas.drop(columns="geometry"))
    assert new.areas.geometry.loc[2].equals(old.areas.geometry.loc[2])
    both = old.overrides[~old.overrides[["a", "b"]].isin(planted["removed"]).any(axis=1)]
    assert new.overrides.to_numpy().tolist() == both.to_numpy().tolist()
    assert (after.form, after.meta["gates"]) == (before.form, before.meta["gates"])
    kept = after.neighbourhoods.frame  # type: ignore[union-attr]
    assert kept.loc[sorted(found["kept"]), "name"].tolist() == ["补绘院落"]
