"""Coordinate systems: what the file claims against what the numbers say."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import shapely
from survey_files import frame, shapefile, square, write

from renomap.errors import RenomapError
from renomap.sources import crs, offsets
from renomap.sources.options import ImportOptions
from renomap.sources.reading import read

SQUARES = [square(i) for i in range(3)]


def centre(path: Path, options: ImportOptions | None = None) -> tuple[str, float, float]:
    """System of the reading and the middle of its first shape."""
    reading = read([path], options)
    point = reading.layers[0].frame.geometry.iloc[0].centroid
    return reading.crs, point.x, point.y


def as_crs(code: str) -> list[shapely.Geometry]:
    return list(gpd.GeoSeries(SQUARES, crs="EPSG:4547").to_crs(code))


TRUE = (SQUARES[0].centroid.x, SQUARES[0].centroid.y)


@pytest.mark.parametrize(
    "code", ["EPSG:4547", "EPSG:4526", "EPSG:4490", "EPSG:4326", "EPSG:3857", "EPSG:32649"]
)
def test_whatever_the_file_is_in_it_lands_in_the_zone(tmp_path: Path, code: str) -> None:
    system, x, y = centre(
        write(tmp_path / "a.gpkg", {"小区": frame(as_crs(code), code, 小区名称=list("甲乙丙"))})
    )
    assert system == "EPSG:4547"
    assert (x, y) == pytest.approx(TRUE, abs=0.01)


def test_a_zone_of_its_own_is_kept_even_if_another_is_nearer(tmp_path: Path) -> None:
    shapes = as_crs("EPSG:4546")
    assert centre(write(tmp_path / "a.gpkg", {"小区": frame(shapes, "EPSG:4546")}))[0] == "EPSG:4546"


def test_metres_without_a_system_ask_with_candidates(tmp_path: Path) -> None:
    path = shapefile(tmp_path / "小区.shp", SQUARES, None)
    with pytest.raises(RenomapError) as raised:
        read([path])
    assert raised.value.code == "sources.crs-undecided"
    assert "EPSG:4547" in raised.value.params["candidates"]
    for options in (ImportOptions(near=(112.9, 28.2)), ImportOptions(crs="EPSG:4547")):
        system, x, y = centre(path, options)
        assert system == "EPSG:4547"
        assert (x, y) == pytest.approx(TRUE, abs=0.001)


def test_a_place_far_from_every_candidate_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RenomapError) as raised:
        read([shapefile(tmp_path / "小区.shp", SQUARES, None)], ImportOptions(near=(112.9, 40.0)))
    assert raised.value.code == "sources.near-far"


def test_the_zone_of_the_other_layers_settles_it(tmp_path: Path) -> None:
    roads = frame([shapely.LineString([(395_000, 3_120_990), (395_400, 3_120_990)])], 等级=["支路"])
    known = write(tmp_path / "roads.gpkg", {"道路": roads})
    reading = read([shapefile(tmp_path / "小区.shp", SQUARES, None), known])
    assert reading.crs == "EPSG:4547"
    assert any(note.code == "sources.crs-neighbour" for note in reading.notes)


def test_a_prefix_names_the_zone(tmp_path: Path) -> None:
    shapes = [shapely.transform(shape, lambda xy: xy + np.array([38e6, 0])) for shape in SQUARES]
    system, x, y = centre(shapefile(tmp_path / "小区.shp", shapes, None))
    assert system == "EPSG:4547"
    assert (x, y) == pytest.approx(TRUE, abs=0.001)


def test_the_wrong_twin_of_a_zone_is_put_right(tmp_path: Path) -> None:
    """A .prj of the zone without number over eastings with number, and the other way round."""
    with_number = [shapely.transform(shape, lambda xy: xy + np.array([38e6, 0])) for shape in SQUARES]
    for shapes, claimed in ((with_number, "EPSG:4547"), (SQUARES, "EPSG:4526")):
        path = write(tmp_path / f"{claimed[-4:]}.gpkg", {"小区": frame(shapes, claimed)})
        reading = read([path])
        point = reading.layers[0].frame.geometry.iloc[0].centroid
        assert reading.crs == "EPSG:4547"
        assert (point.x, point.y) == pytest.approx(TRUE, abs=0.001)
        assert any(note.code == "sources.crs-contradicted" for note in reading.notes)


def swapped(shapes: list[shapely.Geometry]) -> list[shapely.Geometry]:
    return [shapely.transform(shape, lambda xy: xy[:, ::-1]) for shape in shapes]


@pytest.mark.parametrize("code", ["EPSG:4547", "EPSG:4526", "EPSG:4490"])
def test_north_before_east_is_noticed(tmp_path: Path, code: str) -> None:
    reading = read([write(tmp_path / "a.gpkg", {"小区": frame(swapped(as_crs(code)), code)})])
    point = reading.layers[0].frame.geometry.iloc[0].centroid
    assert (point.x, point.y) == pytest.approx(TRUE, abs=0.01)
    note = next(note for note in reading.notes if note.code == "sources.axes-swapped")
    assert note.severity == "warning"


def test_a_prj_that_lies_about_degrees_asks(tmp_path: Path) -> None:
    path = shapefile(tmp_path / "小区.shp", SQUARES, "EPSG:4326")
    with pytest.raises(RenomapError) as raised:
        read([path])
    assert raised.value.code == "sources.crs-undecided"
    assert centre(path, ImportOptions(near=(112.9, 28.2)))[1:] == pytest.approx(TRUE, abs=0.001)


def test_a_prj_that_claims_metres_over_degrees_is_not_believed(tmp_path: Path) -> None:
    path = write(tmp_path / "a.gpkg", {"小区": frame(as_crs("EPSG:4490"), "EPSG:4547")})
    reading = read([path])
    point = reading.layers[0].frame.geometry.iloc[0].centroid
    assert (point.x, point.y) == pytest.approx(TRUE, abs=0.01)
    assert any(note.code == "sources.crs-contradicted" for note in reading.notes)


def test_local_metres_are_refused_unless_the_user_knows_the_system(tmp_path: Path) -> None:
    local = [shapely.transform(shape, lambda xy: xy - np.array([394_000, 3_120_000])) for shape in SQUARES]
    path = shapefile(tmp_path / "小区.shp", local, None)
    with pytest.raises(RenomapError) as raised:
        read([path])
    assert raised.value.code == "sources.crs-local"
    wkt = pyproj.CRS(
        "+proj=tmerc +lat_0=0 +lon_0=114 +k=1 +x_0=106000 +y_0=-3120000 +ellps=GRS80 +units=m +type=crs"
    ).to_wkt()
    system, x, y = centre(path, ImportOptions(crs=wkt))
    assert system == "EPSG:4547"
    assert (x, y) == pytest.approx(TRUE, abs=0.5)


@pytest.mark.parametrize("frame_name", ["gcj02", "bd09"])
def test_the_user_names_a_shift(tmp_path: Path, frame_name: str) -> None:
    forward = offsets.wgs84_to_gcj02 if frame_name == "gcj02" else offsets.wgs84_to_bd09
    shifted = [
        shapely.transform(shape, lambda xy: np.column_stack(forward(xy[:, 0], xy[:, 1])))
        for shape in as_crs("EPSG:4326")
    ]
    path = tmp_path / "小区.geojson"
    frame(shifted, "EPSG:4326").to_file(path, driver="GeoJSON", COORDINATE_PRECISION=9)
    assert centre(path, ImportOptions(crs=frame_name))[1:] == pytest.approx(TRUE, abs=0.01)


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (ImportOptions(crs="EPSG:999999"), "sources.unknown-crs"),
        (ImportOptions(crs="长沙独立"), "sources.unknown-crs"),
        (ImportOptions(near=(28.2, 112.9)), "sources.near-bad"),
    ],
)
def test_options_nobody_can_follow(tmp_path: Path, options: ImportOptions, code: str) -> None:
    with pytest.raises(RenomapError) as raised:
        read([write(tmp_path / "a.gpkg", {"小区": frame(SQUARES)})], options)
    assert raised.value.code == code


def test_zones_by_formula() -> None:
    """The cities of domain standards 4.1: Changsha, Guangzhou, Shenyang, Chongqing, Hangzhou."""
    places = {
        (112.94, 28.20): 4547,
        (113.26, 23.13): 4547,
        (123.43, 41.8): 4550,
        (106.55, 29.56): 4545,
        (120.15, 30.28): 4549,
    }
    for (lon, lat), code in places.items():
        assert crs.zone_crs(lon, lat) == f"EPSG:{code}"
    assert crs.zone_crs(14.4, 50.1) == "EPSG:32633"
    assert crs.zone_crs(151.2, -33.9) == "EPSG:32756"
