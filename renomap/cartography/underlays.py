"""Pictures under the map, ready to be drawn: where their pixels are, seen from the project's plane."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from pyproj import Transformer
from pyproj.enums import TransformDirection
from pyproj.exceptions import CRSError

from renomap.errors import RenomapError
from renomap.model.mapview import MapView
from renomap.model.project import Project
from renomap.model.underlay import PRINTED, Underlay, underlays_of
from renomap.model.words import sentence
from renomap.sources.mbtiles import TileRange
from renomap.sources.offsets import to_wgs84, wgs84_to_gcj02
from renomap.sources.rasters import Raster, RasterPicture, open_raster
from renomap.sources.webtiles import WebTiles, is_address, open_web_tiles

MERCATOR: Final = "EPSG:3857"
DEGREES: Final = "EPSG:4326"
#: Keys of underlays on the map begin so.
UNDERLAY: Final = "underlay:"
Points = npt.NDArray[np.float64]


class Way:
    """From the project's plane to that of a raster."""

    def __init__(self, crs: str, raster_crs: str, gcj02: bool) -> None:
        self._gcj02 = gcj02
        if gcj02:
            self._first = Transformer.from_crs(crs, DEGREES, always_xy=True)
            self._second = Transformer.from_crs(DEGREES, raster_crs, always_xy=True)
        else:
            self._first = Transformer.from_crs(crs, raster_crs, always_xy=True)

    def __call__(self, points: Points) -> Points:
        """Raster coordinates of points (n, 2) of the project."""
        x, y = self._first.transform(points[:, 0], points[:, 1])
        if self._gcj02:
            x, y = wgs84_to_gcj02(np.asarray(x), np.asarray(y))
            x, y = self._second.transform(x, y)
        return np.column_stack([x, y])

    def back(self, points: Points) -> Points:
        """Project coordinates of points (n, 2) of the raster."""
        x, y = points[:, 0], points[:, 1]
        inverse = TransformDirection.INVERSE
        if self._gcj02:
            lon, lat = self._second.transform(x, y, direction=inverse)
            x, y = to_wgs84("gcj02", np.asarray(lon), np.asarray(lat))
        x, y = self._first.transform(x, y, direction=inverse)
        return np.column_stack([x, y])


@dataclass(frozen=True, eq=False)
class UnderlayLayer:
    """A picture under the map: ``raster`` with the way to it and how strong it is drawn."""

    key: str
    raster: Raster
    way: Way
    opacity: float
    stamp: tuple[Any, ...]

    @property
    def token(self) -> tuple[Any, ...]:
        """Equal tokens draw equal pictures."""
        version = self.raster.version if isinstance(self.raster, WebTiles) else 0
        return (self.key, self.stamp, version, self.opacity)

    def tiles(self, view: MapView) -> TileRange | None:
        """The tiles that a view needs; None for a picture file, or where nothing of it lies there."""
        if isinstance(self.raster, RasterPicture):
            return None
        xmin, ymin, xmax, ymax = view.extent
        along = np.linspace(0.0, 1.0, 9)
        xs, ys = np.meshgrid(xmin + along * (xmax - xmin), ymin + along * (ymax - ymin))
        there = self.way(np.column_stack([xs.ravel(), ys.ravel()]))
        if not np.isfinite(there).all():
            return None
        (left, low), (right, high) = there.min(axis=0), there.max(axis=0)
        resolution = (right - left) / (xmax - xmin) * view.resolution
        tiles = self.raster.covering((left, low, right, high), resolution)
        return tiles if len(tiles) else None


def underlay_key(item: Underlay) -> str:
    """Key on the map: that of the picture, wherever it lies, so that it stays hidden or shown."""
    return f"{UNDERLAY}{item.path}"


def underlay_layers(
    project: Project, words: Mapping[str, str], *, printed: bool
) -> tuple[list[UnderlayLayer], list[str]]:
    """The underlays of a project, the lowest first, and a sentence on each that cannot be drawn.

    ``printed`` ones are paler.
    """
    layers, said = [], []
    for item in underlays_of(project):
        try:
            layers.append(layer_of(item, project.crs, PRINTED if printed else 1.0))
        except RenomapError as error:
            said.append(sentence(words, error.code, error.params))
    return layers, said


def layer_of(item: Underlay, crs: str, strength: float = 1.0) -> UnderlayLayer:
    """One underlay, ready to be drawn.

    Raises RenomapError: those of ``sources.rasters.open_raster``, ``sources.tiles-address``,
    ``sources.raster-crs``.
    """
    path = Path(item.path)
    raster: Raster = open_web_tiles(item.path) if is_address(item.path) else open_raster(path)
    raster_crs = item.crs or raster.crs or crs if isinstance(raster, RasterPicture) else MERCATOR
    try:
        way = _way(crs, raster_crs, item.gcj02)
    except CRSError as error:
        raise RenomapError("sources.raster-crs", path=path.name) from error
    changed = 0 if isinstance(raster, WebTiles) else path.stat().st_mtime_ns
    stamp = (item.path, changed, crs, raster_crs, item.gcj02)
    return UnderlayLayer(underlay_key(item), raster, way, item.opacity * strength, stamp)


@lru_cache(maxsize=16)
def _way(crs: str, raster_crs: str, gcj02: bool) -> Way:
    return Way(crs, raster_crs, gcj02)
