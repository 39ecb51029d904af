"""Outlines of real areas read back from every file: a coverage, no two overlap."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pytest
import shapely

DATA = os.environ.get("RENOMAP_REAL_DATA")
pytestmark = pytest.mark.skipif(DATA is None, reason="RENOMAP_REAL_DATA names no folder of real data")


def run(*words: object) -> None:
    command = [sys.executable, "-m", "renomap", *(str(word) for word in words), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def worst_overlap(shapes: npt.NDArray[np.object_]) -> float:
    """The largest ground (m²) that two of the shapes both claim."""
    one, two = shapely.STRtree(shapes).query(shapes)
    pairs = one < two
    return float(shapely.area(shapely.intersection(shapes[one[pairs]], shapes[two[pairs]])).max(initial=0.0))


# ``least``: so many areas at any speed of the machine, as five seconds of search find 49 to 57 of the first.
@pytest.mark.parametrize(
    ("source", "least"),
    [
        pytest.param("cn_beijing/beijing_dongzhimen_demo.gpkg", 40, marks=pytest.mark.long),
        pytest.param("cn_shanghai/shanghai_west_compounds_named.gpkg", 300, marks=pytest.mark.long),
        pytest.param("cn_beijing/beijing_compounds_all_wgs84.gpkg", 600, marks=pytest.mark.long),
    ],
)
def test_outlines_read_back_are_a_coverage(source: str, least: int, tmp_path: Path) -> None:
    project = tmp_path / "p.gpkg"
    run("import", Path(str(DATA)) / source, "-o", project)
    run("group", project, "-o", project, "--preset", "changsha", "--time-limit", "5")
    files = {ending: tmp_path / f"out.{ending}" for ending in ("gpkg", "geojson", "html")}
    for path in files.values():
        run("export", project, "-o", path)
    page = files["html"].read_text(encoding="utf-8")
    key = '"outlines":'
    outlines, _ = json.JSONDecoder().raw_decode(page[page.index(key) + len(key) :])
    plane = gpd.read_file(files["gpkg"], layer="areas")
    read = {
        "gpkg": plane,
        "geojson": gpd.read_file(files["geojson"]),
        "html": gpd.GeoDataFrame.from_features(outlines, crs="EPSG:4326"),
    }
    for name, table in read.items():
        shapes = table.geometry.to_numpy()
        assert len(shapes) == len(plane) >= least
        assert shapely.coverage_is_valid(shapes), name
        worst = worst_overlap(np.asarray(table.to_crs(plane.crs).geometry.to_numpy()))
        print(f"{source} {name}: {len(shapes)} areas, worst overlap {worst:.6f} m²")
        assert worst <= 0.01, name
