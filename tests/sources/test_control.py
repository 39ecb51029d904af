"""Drawings in numbers of their own brought to the ground by control points."""

from __future__ import annotations

import math
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from survey_files import ORIGIN, shapefile, square

from renomap.commands.importing import import_options
from renomap.commands.parser import make_parser
from renomap.errors import RenomapError
from renomap.sources.control import fitted
from renomap.sources.options import ImportOptions
from renomap.sources.reading import read

SQUARES = [square(0), square(1), square(0, 1)]
#: The drawing is turned by 30 degrees, in millimetres, from a corner of its own.
TURN, SCALE = math.radians(30), 1000.0


def local(xy: np.ndarray) -> np.ndarray:
    x, y = (xy - np.array(ORIGIN)).T
    return SCALE * np.column_stack(
        [x * math.cos(TURN) - y * math.sin(TURN), x * math.sin(TURN) + y * math.cos(TURN)]
    )


def drawing(folder: Path) -> Path:
    return shapefile(
        folder / "小区.shp", list(shapely.transform(np.array(SQUARES, dtype=object), local)), None
    )


def points(path: Path, *, degrees: bool = False, noise: float = 0.0) -> Path:
    ground = np.array([[0, 0], [500, 0], [500, 400], [0, 400]]) + np.array(ORIGIN)
    own = local(ground)
    known = ground + noise * np.array([[1, -1], [-1, 1], [1, 1], [-1, -1]])
    header = "点名,x,y,east,north"
    if degrees:
        there = gpd.GeoSeries(shapely.points(known), crs="EPSG:4547").to_crs("EPSG:4326")
        known, header = np.column_stack([there.x, there.y]), "点名,x,y,经度,纬度"
    rows = (
        f"K{i},{a[0]},{a[1]},{b[0]:.9f},{b[1]:.9f}" for i, (a, b) in enumerate(zip(own, known, strict=True))
    )
    path.write_text("\n".join([header, *rows]), encoding="gb18030")
    return path


@pytest.mark.parametrize("degrees", [False, True])
def test_a_drawing_lands_where_its_points_are(tmp_path: Path, degrees: bool) -> None:
    control = points(tmp_path / "k.csv", degrees=degrees)
    line = ["import", str(drawing(tmp_path)), "-o", "p.gpkg", "--control", f"小区={control}"]
    options = import_options(
        make_parser().parse_args(line if degrees else [*line, "--crs", "小区=EPSG:4547"])
    )
    reading = read([tmp_path / "小区.shp"], options)
    assert reading.crs == "EPSG:4547"
    away = shapely.hausdorff_distance(
        reading.layers[0].frame.geometry.to_numpy(), np.array(SQUARES, dtype=object)
    )
    assert away.max() < 0.01
    note = next(note for note in reading.notes if note.code == "sources.control")
    assert (note.params["points"], note.params["scale"], note.params["turn"]) == (4, 0.001, -30.0)
    assert note.params["rms_m"] == 0


def test_points_in_metres_need_a_system(tmp_path: Path) -> None:
    options = ImportOptions(controls={"小区": str(points(tmp_path / "k.csv"))})
    with pytest.raises(RenomapError) as raised:
        read([drawing(tmp_path)], options)
    assert raised.value.code == "sources.control-system"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("x,y,east,north\n1,2,3", "sources.control-bad"),
        ("x,y,east,north\n1,2,3,4\n1,2,3,4", "sources.control-bad"),
        ("x,y,east,north\n1,2,3,甲", "sources.control-bad"),
        ("x,y,east,north\n0,0,0,0\n100,0,100,0\n100,100,100,900\n", "sources.control-misfit"),
    ],
)
def test_points_that_are_none(tmp_path: Path, content: str, code: str) -> None:
    (tmp_path / "k.csv").write_text(content, encoding="utf-8")
    options = ImportOptions(crs="EPSG:4547", controls={"小区": str(tmp_path / "k.csv")})
    with pytest.raises(RenomapError) as raised:
        read([drawing(tmp_path)], options)
    assert raised.value.code == code


@given(st.floats(-math.pi, math.pi), st.floats(0.001, 1000), st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_any_shift_turn_and_scale_is_found(turn: float, scale: float, east: float, north: float) -> None:
    own = np.array([[0.0, 0.0], [100.0, 0.0], [100.0, 50.0]])
    a, b = scale * math.cos(turn), scale * math.sin(turn)
    ground = np.column_stack([a * own[:, 0] - b * own[:, 1] + east, b * own[:, 0] + a * own[:, 1] + north])
    fit = fitted(own, ground, "k.csv")
    assert fit.scale == pytest.approx(scale, rel=1e-6, abs=1e-7)
    assert np.column_stack(fit.apply(own[:, 0], own[:, 1])) == pytest.approx(ground, abs=1e-5)
