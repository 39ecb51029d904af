"""Tiles from an address of the user's own: what is on this machine already, and what it lacks.

Nothing here touches the network. The cache of an address is an MBTiles file in the user's cache folder, so
that what was looked at once is there without a network, on paper as well.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from renomap.errors import RenomapError
from renomap.sources.mbtiles import Bounds, MbTiles, TileRange

#: Levels that tile services usually have.
LEVELS: Final = (1, 18)
Tile = tuple[int, int, int]  # zoom, column, row from the north-west


@dataclass(frozen=True)
class WebTiles:
    """Tiles of an address with ``{z}``, ``{x}``, ``{y}`` and perhaps ``{key}``, as far as they are cached."""

    address: str
    cache: Path

    @property
    def version(self) -> int:
        """Another number whenever tiles have come."""
        return self.cache.stat().st_mtime_ns if self.cache.exists() else 0

    def covering(self, bounds: Bounds, resolution: float) -> TileRange:
        """Tiles for some ground; see ``MbTiles.covering``."""
        return MbTiles(self.cache, *LEVELS).covering(bounds, resolution)

    def read(self, tiles: TileRange) -> Iterator[tuple[int, int, bytes]]:
        """The tiles that the cache has; see ``MbTiles.read``."""
        if self.cache.exists():
            yield from MbTiles(self.cache, *LEVELS).read(tiles)

    def missing(self, tiles: TileRange) -> list[Tile]:
        """The tiles that the cache lacks, the middle ones first."""
        has = {(column, row) for column, row, _ in self.read(tiles)}
        middle = ((tiles.left + tiles.right - 1) / 2, (tiles.top + tiles.bottom - 1) / 2)
        lacking = [
            (tiles.zoom, column, row)
            for column in range(tiles.left, tiles.right)
            for row in range(tiles.top, tiles.bottom)
            if (column, row) not in has
        ]
        return sorted(lacking, key=lambda tile: (tile[1] - middle[0]) ** 2 + (tile[2] - middle[1]) ** 2)

    def keep(self, tiles: Iterable[tuple[Tile, bytes]]) -> None:
        """Put tiles into the cache."""
        self.cache.parent.mkdir(parents=True, exist_ok=True)
        rows = [(zoom, column, 2**zoom - 1 - row, data) for (zoom, column, row), data in tiles]
        with closing(sqlite3.connect(self.cache, timeout=10.0)) as file, file:
            file.execute("create table if not exists metadata (name text, value text)")
            file.execute(
                "create table if not exists tiles (zoom_level integer, tile_column integer, "
                "tile_row integer, tile_data blob, primary key (zoom_level, tile_column, tile_row))"
            )
            file.executemany("insert or replace into tiles values (?, ?, ?, ?)", rows)

    def url(self, tile: Tile, key: str) -> str:
        """Where a tile would be asked for."""
        zoom, column, row = tile
        parts = {"{z}": str(zoom), "{x}": str(column), "{y}": str(row), "{key}": key}
        url = self.address
        for part, value in parts.items():
            url = url.replace(part, value)
        return url


def is_address(text: str) -> bool:
    """Whether the text is an address of tiles rather than a file."""
    return urlsplit(text).scheme in ("http", "https")


def open_web_tiles(address: str) -> WebTiles:
    """The tiles of an address, without asking for any.

    Raises RenomapError ``sources.tiles-address`` where it is no address with ``{z}``, ``{x}`` and ``{y}``.
    """
    if not is_address(address) or not all(part in address for part in ("{z}", "{x}", "{y}")):
        raise RenomapError("sources.tiles-address", address=address)
    name = sha256(address.encode()).hexdigest()[:16]
    return WebTiles(address, cache_folder() / f"{name}.mbtiles")


def cache_folder() -> Path:
    """Where tiles are kept: RENOMAP_TILE_CACHE, else a folder of the user's cache."""
    given = os.environ.get("RENOMAP_TILE_CACHE")
    if given:
        return Path(given)
    for name in ("XDG_CACHE_HOME", "LOCALAPPDATA"):
        if os.environ.get(name):
            return Path(os.environ[name]) / "renomap" / "tiles"
    try:
        return Path.home() / ".cache" / "renomap" / "tiles"
    except RuntimeError:
        return Path(tempfile.gettempdir()) / "renomap-tiles"
