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
from pyproj.exceptions import CRSError

from renomap.errors import RenomapError
from renomap.model.project import Project
from renomap.model.underlay import PRINTED, Underlay, underlays_of
from renomap.model.words import sentence
from renomap.sources.mbtiles import MbTiles
from renomap.sources.offsets import wgs84_to_gcj02
from renomap.sources.rasters import Raster, open_raster

MERCATOR: Final = "EPSG:3857"
DEGREES: Final = "EPSG:4326"
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
        return (self.key, self.stamp, self.opacity)


def underlay_key(number: int) -> str:
    """Key on the map of the underlay of that place in the project's order."""
    return "underlay" if number == 0 else f"underlay_{number + 1}"


def underlay_layers(
    project: Project, words: Mapping[str, str], *, printed: bool
) -> tuple[list[UnderlayLayer], list[str]]:
    """The underlays of a project, the lowest first, and a sentence on each that cannot be drawn.

    ``printed`` ones are paler. Keys are ``underlay``, ``underlay_2``... in the project's order.
    """
    layers, said = [], []
    for number, item in enumerate(underlays_of(project)):
        key = underlay_key(number)
        try:
            layers.append(layer_of(item, project.crs, key, PRINTED if printed else 1.0))
        except RenomapError as error:
            said.append(sentence(words, error.code, error.params))
    return layers, said


def layer_of(item: Underlay, crs: str, key: str = "underlay", strength: float = 1.0) -> UnderlayLayer:
    """One underlay, ready to be drawn.

    Raises RenomapError: those of ``sources.rasters.open_raster``, ``sources.raster-crs``.
    """
    path = Path(item.path)
    raster = open_raster(path)
    raster_crs = MERCATOR if isinstance(raster, MbTiles) else item.crs or raster.crs or crs
    try:
        way = _way(crs, raster_crs, item.gcj02)
    except CRSError as error:
        raise RenomapError("sources.raster-crs", path=path.name) from error
    stamp = (str(path), path.stat().st_mtime_ns, crs, raster_crs, item.gcj02)
    return UnderlayLayer(key, raster, way, item.opacity * strength, stamp)


@lru_cache(maxsize=16)
def _way(crs: str, raster_crs: str, gcj02: bool) -> Way:
    return Way(crs, raster_crs, gcj02)
