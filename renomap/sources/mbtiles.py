"""MBTiles: a pyramid of map pictures in one file (specification 1.3), read without unpacking."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from math import ceil, floor, log2, pi
from pathlib import Path
from typing import Final

from renomap.errors import RenomapError

#: Half the side of the Web Mercator square, metres (6378137 pi).
HALF: Final = 6_378_137.0 * pi
TILE_PX: Final = 256
#: Tiles of one picture; beyond that a coarser level is taken.
MOST_TILES: Final = 160
Bounds = tuple[float, float, float, float]


@dataclass(frozen=True)
class TileRange:
    """Tiles of a level that cover some ground: columns and rows counted from the north-west."""

    zoom: int
    left: int
    top: int
    right: int  # the first column that is not in it
    bottom: int

    @property
    def resolution(self) -> float:
        """Metres of the Web Mercator plane per pixel."""
        return 2 * HALF / (TILE_PX * float(2**self.zoom))

    @property
    def corner(self) -> tuple[float, float]:
        """The north-west corner in the Web Mercator plane."""
        side = 2 * HALF / 2**self.zoom
        return (self.left * side - HALF, HALF - self.top * side)

    def __len__(self) -> int:
        """How many tiles."""
        return max(0, self.right - self.left) * max(0, self.bottom - self.top)


@dataclass(frozen=True)
class MbTiles:
    """A file of picture tiles in Web Mercator (EPSG:3857). Every read opens it: threads share nothing."""

    path: Path
    least: int
    most: int

    def covering(self, bounds: Bounds, resolution: float) -> TileRange:
        """Tiles for ground (xmin, ymin, xmax, ymax; EPSG:3857) at about that many metres a pixel."""
        wanted = log2(2 * HALF / (TILE_PX * max(resolution, 1e-6)))
        zoom = min(max(ceil(wanted - 0.35), self.least), self.most)
        tiles = _range(bounds, zoom)
        while len(tiles) > MOST_TILES and tiles.zoom > self.least:
            tiles = _range(bounds, tiles.zoom - 1)
        return tiles

    def bounds(self) -> Bounds | None:
        """Ground of all tiles (EPSG:3857), by the finest level; None where there are none.

        Raises RenomapError ``sources.raster-unreadable``.
        """
        query = (
            "select min(tile_column), max(tile_column), min(tile_row), max(tile_row) "
            "from tiles where zoom_level = ?"
        )
        try:
            with closing(_opened(self.path)) as file:
                left, right, low, high = file.execute(query, (self.most,)).fetchone()
        except sqlite3.Error as error:
            raise RenomapError("sources.raster-unreadable", path=self.path.name) from error
        if left is None:
            return None
        side = 2 * HALF / 2**self.most  # rows are counted from the south
        return (left * side - HALF, low * side - HALF, (right + 1) * side - HALF, (high + 1) * side - HALF)

    def read(self, tiles: TileRange) -> Iterator[tuple[int, int, bytes]]:
        """Column, row (from the north-west) and encoded picture of each tile that the file has.

        Raises RenomapError ``sources.raster-unreadable`` where the file is gone or damaged.
        """
        rows = 2**tiles.zoom - 1  # the file counts rows from the south
        query = (
            "select tile_column, tile_row, tile_data from tiles where zoom_level = ? "
            "and tile_column between ? and ? and tile_row between ? and ?"
        )
        span = (tiles.zoom, tiles.left, tiles.right - 1, rows - tiles.bottom + 1, rows - tiles.top)
        try:
            with closing(_opened(self.path)) as file:
                for column, row, data in file.execute(query, span):
                    yield int(column), rows - int(row), bytes(data)
        except sqlite3.Error as error:
            raise RenomapError("sources.raster-unreadable", path=self.path.name) from error


def open_mbtiles(path: Path) -> MbTiles:
    """Look into a file of tiles.

    Raises RenomapError ``sources.raster-unreadable``, ``sources.tiles-are-vectors``.
    """
    try:
        with closing(_opened(path)) as file:
            said = dict(file.execute("select name, value from metadata"))
            least, most = file.execute("select min(zoom_level), max(zoom_level) from tiles").fetchone()
    except sqlite3.Error as error:
        raise RenomapError("sources.raster-unreadable", path=path.name) from error
    if str(said.get("format", "")).lower() in ("pbf", "mvt"):
        raise RenomapError("sources.tiles-are-vectors", path=path.name)
    if least is None:
        raise RenomapError("sources.raster-unreadable", path=path.name)
    return MbTiles(path, int(least), int(most))


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)


def _range(bounds: Bounds, zoom: int) -> TileRange:
    side, count = 2 * HALF / 2**zoom, 2**zoom
    xmin, ymin, xmax, ymax = bounds
    left, right = floor((xmin + HALF) / side), floor((xmax + HALF) / side) + 1
    top, bottom = floor((HALF - ymax) / side), floor((HALF - ymin) / side) + 1
    return TileRange(zoom, max(left, 0), max(top, 0), min(right, count), min(bottom, count))
