"""Online tiles: not a single request before they are switched on, then from the cache without a network."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from desk import EAST, NORTH, Desk, town
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QColor, QImage

from renomap.cartography.underlays import underlay_key
from renomap.errors import RenomapError
from renomap.model.underlay import Underlay, add_underlay
from renomap.sources.webtiles import open_web_tiles


class Service:
    """A tile service on this machine that paints every tile green and remembers what it was asked."""

    def __init__(self) -> None:
        image = QImage(256, 256, QImage.Format.Format_RGB32)
        image.fill(QColor("#30a040"))
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        image.save(buffer, "PNG")
        tile = bytes(buffer.data().data())
        self.asked: list[str] = []
        paths = self.asked

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                paths.append(self.path)
                self.send_response(200)
                self.end_headers()
                self.wfile.write(tile)

            def log_message(self, format: str, *args: object) -> None:
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()
        self.address = f"http://127.0.0.1:{self.server.server_port}/{{z}}/{{x}}/{{y}}.png?tk={{key}}"

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    monkeypatch.setenv("RENOMAP_TILE_CACHE", str(tmp_path / "tiles"))
    made = Service()
    yield made
    made.stop()


def beside(desk: Desk) -> QColor:
    picture = desk.canvas.picture
    px, py = picture.view.to_screen(EAST - 20.0, NORTH - 20.0)
    return picture.image.pixelColor(int(px), int(py))


def test_nothing_is_asked_before_it_is_switched_on(desk: Desk, service: Service) -> None:
    desk.open(town())
    project = desk.session.document.project
    tiles = Underlay(service.address, "tiles", opacity=1.0)
    desk.session.document.apply(add_underlay(project, tiles))
    desk.settle()
    assert service.asked == []
    assert beside(desk).alpha() == 0
    desk.window.layers.tree.setCurrentItem(desk.window.layers.item(underlay_key(tiles)))
    desk.session.tiles.allow(service.address, False, "secret")
    desk.window.layers.picture.online.setChecked(True)
    desk.until(lambda: beside(desk).green() > 150)
    assert service.asked
    assert all(path.endswith("tk=secret") for path in service.asked)
    assert "secret" not in str(desk.session.document.project.meta)
    desk.settle()
    count = len(set(service.asked))
    assert len(service.asked) == count  # none was asked for twice
    desk.canvas.zoom(1.01)
    desk.settle()
    assert len(service.asked) == count  # what is cached is not asked for again


def test_what_was_seen_shows_without_a_network(desk: Desk, service: Service) -> None:
    desk.open(town())
    project = desk.session.document.project
    desk.session.tiles.allow(service.address, True)
    desk.session.document.apply(add_underlay(project, Underlay(service.address, "tiles", opacity=1.0)))
    desk.until(lambda: desk.canvas.picture is not None and beside(desk).green() > 150)
    desk.settle()
    asked = len(service.asked)
    desk.session.tiles.allow(service.address, False)
    desk.canvas.zoom(0.99)
    desk.settle()
    assert beside(desk).green() > 150
    assert len(service.asked) == asked


@pytest.mark.parametrize("address", ["photo.tif", "https://example.org/{z}/{x}.png", "ftp://a/{z}/{x}/{y}"])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(RenomapError) as caught:
        open_web_tiles(address)
    assert caught.value.code == "sources.tiles-address"
