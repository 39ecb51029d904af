"""A tile service that hangs, drips or sends elsewhere costs a tile and never the closing of the window."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from renomap.session import fetching
from renomap.session.download import Download
from renomap.session.fetching import TileFetcher
from renomap.session.settings import Settings
from renomap.sources.webtiles import open_web_tiles

PICTURE = b"\x89PNG" + b"0" * 1000


class Service:
    """A server on this machine that answers as the beginning of the path says."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.over = over = threading.Event()
        asked = self.asked

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append(self.path)
                kind = self.path.split("/")[1]
                if kind == "drip-head":
                    self.drip(b"HTTP/1.0 200 OK\r\nX: " + b"x" * 60)
                    return
                self.send_response(302 if kind in ("other", "file", "within") else 200)
                if kind in ("other", "file", "within"):
                    port = self.server.server_port
                    where = {"other": f"http://localhost:{port}/good", "file": "file:///etc/hosts"}
                    self.send_header("Location", where.get(kind, "/good/there"))
                if kind == "short":
                    self.send_header("Content-Length", str(2 * len(PICTURE)))
                self.end_headers()
                if kind == "drip":
                    self.drip(b"x" * 60)
                elif kind == "huge":
                    self.wfile.write(PICTURE * 100)
                elif kind in ("good", "short"):
                    self.wfile.write(PICTURE)

            def drip(self, data: bytes) -> None:
                for at in range(len(data)):
                    try:
                        self.wfile.write(data[at : at + 1])
                    except OSError:
                        return
                    if over.wait(0.1):
                        return

            def log_message(self, format: str, *args: object) -> None:
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()
        self.address = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def service() -> Iterator[Service]:
    made = Service()
    yield made
    made.over.set()
    made.server.shutdown()
    made.server.server_close()
    made.thread.join()


@pytest.mark.parametrize("path", ["good", "within"])
def test_what_comes_is_read_also_from_another_place_of_the_same_host(service: Service, path: str) -> None:
    assert Download(f"{service.address}/{path}", 5.0, 10_000).read() == PICTURE


@pytest.mark.parametrize("path", ["drip", "drip-head"])
def test_the_deadline_is_that_of_the_whole_answer(service: Service, path: str) -> None:
    start = time.monotonic()
    with pytest.raises((OSError, ValueError)):
        Download(f"{service.address}/{path}", 0.4, 10_000).read()
    assert time.monotonic() - start < 2.0


@pytest.mark.parametrize("path", ["other", "file", "huge", "short"])
def test_another_host_and_half_a_picture_are_refused(service: Service, path: str) -> None:
    with pytest.raises((OSError, ValueError)):
        Download(f"{service.address}/{path}", 5.0, 10_000).read()
    assert len(service.asked) == 1


@pytest.mark.usefixtures("qapp")
def test_closing_does_not_wait_for_a_service_that_drips(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RENOMAP_TILE_CACHE", str(tmp_path))
    monkeypatch.setattr(fetching, "SECONDS", 60.0)
    fetcher = TileFetcher(Settings(tmp_path / "settings.ini"))
    tiles = open_web_tiles(f"{service.address}/drip/{{z}}/{{x}}/{{y}}")
    fetcher.allow(tiles.address, True)
    fetcher.want(tiles, [(3, 1, column) for column in range(20)])
    until = time.monotonic() + 5.0
    while len(service.asked) < fetching.THREADS and time.monotonic() < until:
        time.sleep(0.01)
    start = time.monotonic()
    fetcher.close()
    assert time.monotonic() - start < fetching.CLOSING_SECONDS
    assert not [each for each in threading.enumerate() if each.name.startswith("renomap-tiles")]
    assert len(service.asked) == fetching.THREADS
