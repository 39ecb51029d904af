"""Asking a tile service, in the background and only where the user has switched it on for this machine."""

from __future__ import annotations

import queue
import sqlite3
import threading
import time
from collections.abc import Iterable
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from renomap.session.download import Download
from renomap.session.settings import Settings
from renomap.sources.webtiles import Tile, WebTiles

THREADS: Final = 2
#: For a whole tile, from the question to its last byte.
SECONDS: Final = 5.0
#: For which the window waits when it closes; what then still hangs (the look-up of a name) ends by itself.
CLOSING_SECONDS: Final = 1.0
LARGEST: Final = 4_000_000
#: A tile that did not come is not asked for again so soon.
AGAIN_SECONDS: Final = 60.0
#: Arrivals are told together, so that the map is not drawn for each of them.
TOLD_MS: Final = 300
_PICTURES: Final = (b"\x89PNG", b"\xff\xd8\xff", b"RIFF", b"GIF8")


class TileFetcher(QObject):
    """Gets missing tiles into the cache. Never waits for anything on the main thread."""

    arrived = Signal()
    _done = Signal(str, object, bool)

    def __init__(self, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._threads: list[threading.Thread] = []
        self._waiting: queue.SimpleQueue[tuple[WebTiles, Tile, str] | None] = queue.SimpleQueue()
        self._under_way: set[Download] = set()
        self._asked: dict[tuple[str, Tile], float] = {}
        self._closed = False
        # read by the threads, for which settings are not made
        self._switched_off: set[str] = set()
        self._soon = QTimer(self, interval=TOLD_MS, singleShot=True)
        self._soon.timeout.connect(self.arrived)
        self._done.connect(self._on_done)

    def is_allowed(self, address: str) -> bool:
        """Whether the user lets this machine ask that address."""
        return address in self._settings.tiles_online

    def allow(self, address: str, allowed: bool, key: str | None = None) -> None:
        """Let this machine ask the address, or no longer; maps are drawn again, and ask for what they lack.

        The key stays on this machine.
        """
        others = [item for item in self._settings.tiles_online if item != address]
        self._settings.tiles_online = [*others, address] if allowed else others
        (self._switched_off.discard if allowed else self._switched_off.add)(address)
        if key is not None:
            self._settings.store.setValue(_key_of(address), key)
        self.arrived.emit()

    def want(self, source: WebTiles, tiles: Iterable[Tile]) -> None:
        """Ask for tiles that the cache lacks; nothing happens for an address that was not switched on."""
        if self._closed or not self.is_allowed(source.address):
            return
        now = time.monotonic()
        key = str(self._settings.store.value(_key_of(source.address), ""))
        for tile in tiles:
            name = (source.address, tile)
            if now - self._asked.get(name, -AGAIN_SECONDS) < AGAIN_SECONDS:
                continue
            self._asked[name] = now
            self._waiting.put((source, tile, key))
        while not self._waiting.empty() and len(self._threads) < THREADS:
            number = len(self._threads)
            self._threads.append(
                threading.Thread(target=self._work, name=f"renomap-tiles-{number}", daemon=True)
            )
            self._threads[-1].start()

    def close(self) -> None:
        """Ask for nothing more, end what is under way, and wait a moment for that."""
        self._closed = True
        for download in tuple(self._under_way):
            download.stop()
        for _ in self._threads:
            self._waiting.put(None)
        until = time.monotonic() + CLOSING_SECONDS
        for thread in self._threads:
            thread.join(max(until - time.monotonic(), 0.0))

    def _work(self) -> None:
        while (wanted := self._waiting.get()) is not None:
            self._get(*wanted)

    def _get(self, source: WebTiles, tile: Tile, key: str) -> None:
        if self._closed or source.address in self._switched_off:
            return
        download = Download(source.url(tile, key), SECONDS, LARGEST)
        self._under_way.add(download)
        came = False
        try:
            if not self._closed:  # closed meanwhile: it may have been too late to be stopped
                data = download.read()
                came = data.startswith(_PICTURES)
            if came and not self._closed:
                source.keep([(tile, data)])
        except (OSError, ValueError, sqlite3.Error):
            came = False  # a service that does not answer leaves a hole in the picture, nothing more
        finally:
            self._under_way.discard(download)
        if not self._closed:
            self._done.emit(source.address, tile, came)

    def _on_done(self, address: str, tile: Tile, came: bool) -> None:
        if came:
            self._asked.pop((address, tile), None)
            self._soon.start()


def _key_of(address: str) -> str:
    return f"tiles/key/{address.encode().hex()}"
