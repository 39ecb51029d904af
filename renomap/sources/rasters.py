"""Pictures that lie on the ground: which files can be an underlay, and where their pixels are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from renomap.errors import RenomapError
from renomap.sources.geotiff import Affine, corner_of, read_geotiff
from renomap.sources.mbtiles import MbTiles, open_mbtiles
from renomap.sources.webtiles import WebTiles

TILES: Final = (".mbtiles",)
TIFFS: Final = (".tif", ".tiff")
PICTURES: Final = (".png", ".jpg", ".jpeg", ".webp", ".bmp", *TIFFS)


@dataclass(frozen=True)
class RasterPicture:
    """A picture file with the place of its pixels.

    ``affine`` (a, b, c, d, e, f): ``x = a col + b row + c``, ``y = d col + e row + f`` for corners of pixels,
    in ``crs`` ('' = it does not say which).
    """

    path: Path
    affine: Affine
    crs: str


Raster = MbTiles | WebTiles | RasterPicture


def is_raster(path: Path) -> bool:
    """Whether a file may be an underlay, by its ending."""
    return path.suffix.lower() in (*TILES, *PICTURES)


def open_raster(path: Path) -> Raster:
    """Find out where a picture lies.

    A world file (``.pgw``, ``.jgw``, ``.tfw``, ``.pngw``, ``.wld``...) wins over the tags of a GeoTIFF; a
    ``.prj`` beside the picture says its system.

    Raises
    ------
    RenomapError
        ``sources.raster-missing``, ``sources.raster-unreadable``, ``sources.raster-placeless`` (neither world
        file nor tags), ``sources.tiles-are-vectors``.
    """
    if not path.is_file():
        raise RenomapError("sources.raster-missing", path=str(path))
    if path.suffix.lower() in TILES:
        return open_mbtiles(path)
    affine, crs = read_geotiff(path) if path.suffix.lower() in TIFFS else (None, "")
    world = _world_file(path)
    affine = _read_world(world) if world is not None else affine
    if affine is None or affine[0] * affine[4] == affine[1] * affine[3]:
        raise RenomapError("sources.raster-placeless", path=path.name)
    return RasterPicture(path, affine, crs or _prj(path))


def _world_file(path: Path) -> Path | None:
    ending = path.suffix[1:]
    names = {f".{ending[0]}{ending[-1]}w".lower(), f".{ending}w".lower(), ".wld"}
    beside = (item for item in path.parent.iterdir() if item.stem == path.stem)
    return next((item for item in sorted(beside) if item.suffix.lower() in names), None)


def _read_world(path: Path) -> Affine:
    try:
        a, d, b, e, c, f = (float(line.replace(",", ".")) for line in path.read_text("ascii").split()[:6])
    except (ValueError, OSError) as error:
        raise RenomapError("sources.raster-unreadable", path=path.name) from error
    return corner_of((a, b, c, d, e, f))  # a world file speaks of the middle of the first pixel


def _prj(path: Path) -> str:
    beside = path.with_suffix(".prj")
    return beside.read_text("utf-8", errors="replace").strip() if beside.is_file() else ""
