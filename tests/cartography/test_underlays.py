"""Pictures under the map lie where they belong: chequers made here, their corners looked for on the map."""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from pyproj import Transformer
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QColor, QImage, QPainter, QPdfWriter

from renomap.cartography.painter import draw_map
from renomap.cartography.underlays import UnderlayLayer, layer_of, underlay_layers
from renomap.cartography.warping import ground_of
from renomap.errors import RenomapError
from renomap.model.change import apply
from renomap.model.mapview import MapView
from renomap.model.project import Project
from renomap.model.underlay import (
    PRINTED,
    Underlay,
    add_underlay,
    change_underlay,
    remove_underlay,
    underlays_of,
)
from renomap.sources.mbtiles import HALF, open_mbtiles
from renomap.sources.offsets import wgs84_to_gcj02
from renomap.sources.rasters import open_raster
from renomap.wording.catalogue import words

CRS = "EPSG:4547"  # CGCS2000, zone of 114 degrees east
PLACE = (112.98, 28.20)  # Changsha
ZOOM = 17
CHECK = 32
RED, BLUE = QColor("#d02020"), QColor("#2030d0")


def project_xy(lon: float, lat: float) -> tuple[float, float]:
    return Transformer.from_crs("EPSG:4326", CRS, always_xy=True).transform(lon, lat)


def chequers(size: int, left: int = 0, top: int = 0) -> QImage:
    """Squares of 32 pixels in red and blue, counted from pixel (left, top) of a larger chequerboard."""
    image = QImage(size, size, QImage.Format.Format_RGB32)
    image.fill(RED)
    painter = QPainter(image)
    for x in range(0, size, CHECK):
        for y in range(0, size, CHECK):
            if ((left + x) // CHECK + (top + y) // CHECK) % 2:
                painter.fillRect(x, y, CHECK, CHECK, BLUE)
    painter.end()
    return image


def encoded(image: QImage) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(buffer.data().data())


def tiles(path: Path, centre: tuple[float, float], kind: str = "png") -> Path:
    """Five by five tiles around a place (EPSG:3857), rows counted from the south as the format wants."""
    side = 2 * HALF / 2**ZOOM
    column, row = int((centre[0] + HALF) / side), int((HALF - centre[1]) / side)
    with sqlite3.connect(path) as file:
        file.execute("create table metadata (name text, value text)")
        file.execute("insert into metadata values ('format', ?)", (kind,))
        file.execute(
            "create table tiles (zoom_level integer, tile_column integer, tile_row integer, tile_data blob)"
        )
        for x in range(column - 2, column + 3):
            for y in range(row - 2, row + 3):
                data = encoded(chequers(256, 0, 0))
                file.execute("insert into tiles values (?, ?, ?, ?)", (ZOOM, x, 2**ZOOM - 1 - y, data))
    file.close()
    return path


def drawn(layer: UnderlayLayer, view: MapView) -> QImage:
    image = QImage(int(view.size[0]), int(view.size[1]), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    draw_map(painter, view, [layer])
    painter.end()
    return image


def assert_chequers(
    image: QImage, view: MapView, to_picture: Callable[[float, float], tuple[float, float]]
) -> None:
    """Every pixel more than one pixel away from an edge has the colour of the picture there."""
    looked_at = 0
    for px in np.arange(7.5, image.width() - 7, 9.0):
        for py in np.arange(7.5, image.height() - 7, 9.0):
            around = [to_picture(*view.to_map(px + dx, py + dy)) for dx in (-1.5, 1.5) for dy in (-1.5, 1.5)]
            squares = {(int(c // CHECK), int(r // CHECK)) for c, r in around}
            if len(squares) > 1:
                continue
            ((column, row),) = squares
            wanted = BLUE if (column + row) % 2 else RED
            found = image.pixelColor(int(px), int(py))
            assert abs(found.red() - wanted.red()) <= 2, (px, py)
            assert abs(found.blue() - wanted.blue()) <= 2, (px, py)
            looked_at += 1
    assert looked_at > 500


@pytest.mark.parametrize("gcj02", [False, True])
@pytest.mark.parametrize("resolution", [0.5, 1.0])
def test_tiles_lie_where_they_belong(tmp_path: Path, gcj02: bool, resolution: float) -> None:
    there = Transformer.from_crs("EPSG:4326", "EPSG:3857", always_xy=True)
    back = Transformer.from_crs(CRS, "EPSG:4326", always_xy=True)

    def mercator(x: float, y: float) -> tuple[float, float]:
        lon, lat = back.transform(x, y)
        if gcj02:
            lon, lat = (float(v[0]) for v in wgs84_to_gcj02(np.array([lon]), np.array([lat])))
        return there.transform(lon, lat)

    centre = project_xy(*PLACE)
    path = tiles(tmp_path / "photo.mbtiles", mercator(*centre))
    layer = layer_of(Underlay(str(path), "photo", gcj02=gcj02, opacity=1.0), CRS)
    view = MapView(centre, resolution, (400.0, 300.0))
    step = 2 * HALF / 2**ZOOM / 256

    def to_picture(x: float, y: float) -> tuple[float, float]:
        east, north = mercator(x, y)
        return (east + HALF) / step, (HALF - north) / step

    assert_chequers(drawn(layer, view), view, to_picture)


def test_a_picture_with_a_world_file_lies_where_it_says(tmp_path: Path) -> None:
    """Turned by 20 degrees, half a metre a pixel; a world file speaks of the middle of the first pixel."""
    x, y = project_xy(*PLACE)
    a, d = 0.5 * np.cos(np.radians(20)), 0.5 * np.sin(np.radians(20))
    b, e = d, -a
    chequers(512).save(str(tmp_path / "scan.png"))
    (tmp_path / "scan.pgw").write_text("\n".join(map(repr, map(float, (a, d, b, e, x, y)))))
    layer = layer_of(Underlay(str(tmp_path / "scan.png"), "scan", opacity=1.0), CRS)
    middle = (x + 256 * (a + b), y + 256 * (d + e))
    view = MapView(middle, 0.5, (330.0, 330.0))
    inverse = np.linalg.inv(np.array([[a, b], [d, e]]))

    def to_picture(east: float, north: float) -> tuple[float, float]:
        column, row = inverse @ np.array([east - x, north - y])
        return column + 0.5, row + 0.5

    assert_chequers(drawn(layer, view), view, to_picture)


def geotiff(path: Path, image: QImage, grey: bool, keys: dict[int, int], corner: tuple[float, float]) -> Path:
    """A TIFF without compression, written by hand: one strip, and the tags that say where it lies."""
    size = image.width()
    pixels = [image.pixelColor(x, y) for y in range(size) for x in range(size)]
    data = bytes(v for p in pixels for v in ((p.red(),) if grey else (p.red(), p.green(), p.blue())))
    directory = [1, 1, 0, len(keys), *(v for key, value in keys.items() for v in (key, 0, 1, value))]
    blocks = {
        258: (3, struct.pack("<3H", 8, 8, 8)),
        33550: (12, struct.pack("<3d", 0.5, 0.5, 0.0)),
        33922: (12, struct.pack("<6d", 0.0, 0.0, 0.0, *corner, 0.0)),
        34735: (3, struct.pack(f"<{len(directory)}H", *directory)),
    }
    plain = {
        256: size,
        257: size,
        259: 1,
        262: 1 if grey else 2,
        277: 1 if grey else 3,
        278: size,
        279: len(data),
    }
    if grey:
        del blocks[258]
        plain[258] = 8
    at = 8 + 2 + 12 * (len(plain) + len(blocks) + 1) + 4
    entries, tail = [], b""
    for tag, (kind, raw) in blocks.items():
        entries.append((tag, kind, len(raw) // {3: 2, 12: 8}[kind], at + len(tail)))
        tail += raw
    plain[273] = at + len(tail)
    entries += [(tag, 4, 1, value) for tag, value in plain.items()]
    head = struct.pack("<2sHIH", b"II", 42, 8, len(entries))
    path.write_bytes(
        head + b"".join(struct.pack("<HHII", *e) for e in sorted(entries)) + b"\0" * 4 + tail + data
    )
    return path


@pytest.mark.parametrize("point", [False, True])
def test_a_geotiff_in_colour_lies_where_its_tags_say(tmp_path: Path, point: bool) -> None:
    x, y = project_xy(*PLACE)
    keys = {1024: 1, 1025: 2 if point else 1, 3072: 4547}
    path = geotiff(tmp_path / "photo.tif", chequers(256), False, keys, (x, y))
    layer = layer_of(Underlay(str(path), "photo", opacity=1.0), CRS)
    assert layer.raster.crs == "EPSG:4547"
    view = MapView((x + 64, y - 64), 0.5, (240.0, 240.0))
    half = 0.5 if point else 0.0
    assert_chequers(
        drawn(layer, view), view, lambda east, north: ((east - x) / 0.5 + half, (y - north) / 0.5 + half)
    )


def test_a_grey_geotiff_is_read_in_another_system_than_the_projects(tmp_path: Path) -> None:
    """In zone 111 (EPSG:4546), shown in zone 114: turned by the convergence of meridians."""
    way = Transformer.from_crs(CRS, "EPSG:4546", always_xy=True)
    x, y = project_xy(*PLACE)
    east, north = way.transform(x, y)
    path = geotiff(tmp_path / "grey.tif", chequers(256), True, {1024: 1, 3072: 4546}, (east, north))
    layer = layer_of(Underlay(str(path), "grey", opacity=1.0), CRS)
    view = MapView((x + 64, y - 64), 0.5, (200.0, 200.0))
    image = drawn(layer, view)
    for px, py in ((60.5, 60.5), (100.5, 140.5), (150.5, 90.5)):
        there = way.transform(*view.to_map(px, py))
        column, row = (there[0] - east) / 0.5, (north - there[1]) / 0.5
        if min(column % CHECK, row % CHECK) < 2 or max(column % CHECK, row % CHECK) > CHECK - 2:
            continue
        wanted = BLUE if (int(column // CHECK) + int(row // CHECK)) % 2 else RED
        assert image.pixelColor(int(px), int(py)).red() == wanted.red()


def test_opacity_and_paper(tmp_path: Path) -> None:
    x, y = project_xy(*PLACE)
    path = geotiff(tmp_path / "photo.tif", chequers(256), False, {3072: 4547}, (x, y))
    project = apply(Project(CRS), add_underlay(Project(CRS), Underlay(str(path), "photo", opacity=0.8)))
    view = MapView((x + 64, y - 64), 0.5, (240.0, 240.0))
    for printed, strength in ((False, 0.8), (True, 0.8 * PRINTED)):
        (layer,), said = underlay_layers(project, words("zh"), printed=printed)
        assert said == []
        assert drawn(layer, view).pixelColor(120, 120).alpha() == pytest.approx(255 * strength, abs=2)


def test_on_paper_it_is_a_picture_of_the_page(tmp_path: Path) -> None:
    x, y = project_xy(*PLACE)
    path = geotiff(tmp_path / "photo.tif", chequers(256), False, {3072: 4547}, (x, y))
    layer = layer_of(Underlay(str(path), "photo"), CRS)
    writer = QPdfWriter(str(tmp_path / "page.pdf"))
    writer.setResolution(1200)
    painter = QPainter(writer)
    draw_map(painter, MapView((x + 64, y - 64), 0.05, (2400.0, 2400.0), 1200.0), [layer])
    painter.end()
    assert b"/Image" in (tmp_path / "page.pdf").read_bytes()


def test_a_project_keeps_its_underlays_in_order() -> None:
    project = Project(CRS)
    for name in ("a", "b", "a"):
        project = apply(project, add_underlay(project, Underlay(name, name)))
    assert [item.path for item in underlays_of(project)] == ["b", "a"]
    project = apply(project, change_underlay(project, Underlay("b", "b", opacity=0.3)))
    assert underlays_of(project)[0].opacity == 0.3
    project = apply(project, remove_underlay(project, "b"))
    project = apply(project, remove_underlay(project, "a"))
    assert project.meta == {}


def test_a_file_that_is_gone_is_a_sentence_on_the_map() -> None:
    project = apply(Project(CRS), add_underlay(Project(CRS), Underlay("/nowhere/photo.tif", "photo")))
    layers, (said,) = underlay_layers(project, words("en"), printed=True)
    assert layers == []
    assert "/nowhere/photo.tif" in said


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("plain.png", b"\x89PNG", "sources.raster-placeless"),
        ("bad.tif", b"not a tiff at all", "sources.raster-unreadable"),
        ("bad.mbtiles", b"no tiles in here", "sources.raster-unreadable"),
    ],
)
def test_what_is_no_underlay_is_refused(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(RenomapError) as caught:
        open_raster(path)
    assert caught.value.code == code


def test_vector_tiles_are_refused(tmp_path: Path) -> None:
    path = tiles(tmp_path / "vector.mbtiles", (0.0, 0.0), "pbf")
    with pytest.raises(RenomapError, match="vectors"):
        open_mbtiles(path)


def test_a_coarser_level_is_taken_from_afar(tmp_path: Path) -> None:
    path = tiles(tmp_path / "photo.mbtiles", (0.0, 0.0))
    source = open_mbtiles(path)
    assert (source.least, source.most) == (ZOOM, ZOOM)
    assert source.covering((-100, -100, 100, 100), 0.01).zoom == ZOOM
    assert len(source.covering((-100, -100, 100, 100), 1.0)) == 4


@pytest.mark.parametrize("gcj02", [False, True])
def test_a_picture_knows_its_ground(tmp_path: Path, gcj02: bool) -> None:
    x, y = project_xy(*PLACE)
    plain = geotiff(tmp_path / "photo.tif", chequers(256), False, {3072: 4547}, (x, y))
    ground = ground_of(layer_of(Underlay(str(plain), "photo"), CRS))
    assert ground == pytest.approx((x, y - 128, x + 128, y), abs=1e-6)
    there = Transformer.from_crs("EPSG:4326", "EPSG:3857", always_xy=True)
    path = tiles(tmp_path / "photo.mbtiles", there.transform(*PLACE))
    layer = layer_of(Underlay(str(path), "photo", gcj02=gcj02), CRS)
    points = np.array([[x, y], [x + 400.0, y - 300.0]])
    assert layer.way.back(layer.way(points)) == pytest.approx(points, abs=1e-3)
    xmin, ymin, xmax, ymax = ground_of(layer)
    assert 1_000 < xmax - xmin < 1_600  # five tiles of 306 m in the plane of the tiles, less by the cosine
    shift = np.hypot((xmin + xmax) / 2 - x, (ymin + ymax) / 2 - y)
    assert bool(shift > 200) is gcj02
