"""Shapely geometry as painter paths: in small chunks, kept per frame, coarser where the screen is.

Measured (100,000 footprints): one path of all takes seconds and holds the interpreter all the time, chunks
of 20 to 50 in spatial order take tens of milliseconds; PySide6 keeps the interpreter's lock during a
painter call, so small chunks are also what keeps a window alive while another thread draws.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import floor, log2
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from renomap.cartography.layers import FloatArray, IntArray
from renomap.cartography.qt import QtCore, QtGui
from renomap.model.derived import once

CHUNK = 40  # features a path where a layer is drawn in chunks
SINGLE_LIMIT = 10_000  # layers of more features are drawn in chunks
EXACT = 0.0  # tolerance for paper
TOLERANCE_PX = 0.5  # simplification for the screen
BOX_PX = 1.5  # features smaller than this are drawn as their boxes
RICH = 16  # vertices from which simplifying pays
KEPT_TOLERANCES = 3
_ELEMENT = np.dtype([("type", ">i4"), ("x", ">f8"), ("y", ">f8")])
_WINDING = 1


@dataclass(frozen=True)
class Chunk:
    """A piece of drawing: one path of features of one class."""

    cls: int
    path: QtGui.QPainterPath


class Shapes:
    """Geometry of a layer with everything that makes drawing it again quick.

    Paths are in metres from ``origin``, x right and y up; the painter's transform turns them. Use
    ``shapes_of`` to get the one that belongs to a frame.

    Parameters
    ----------
    geometry : object array (n,)
        Polygons or lines, parts allowed, None and empties are never drawn.
    """

    def __init__(self, geometry: npt.NDArray[np.object_]) -> None:
        self.geometry = geometry
        self.bounds: FloatArray = shapely.bounds(geometry).reshape(-1, 4)
        self.total: FloatArray = _total(self.bounds)
        self.origin = (floor(self.total[0]), floor(self.total[1])) if len(geometry) else (0, 0)
        self.areal = bool(np.any(shapely.get_dimensions(geometry) == 2)) if len(geometry) else False
        self._order: IntArray | None = None
        self._groups: dict[bytes, _Groups] = {}

    def __len__(self) -> int:
        """Number of features."""
        return len(self.geometry)

    def visible(self, extent: tuple[float, float, float, float]) -> IntArray:
        """Positions of the features whose boxes meet the extent, ascending."""
        return _meeting(self.bounds, extent)

    def order(self) -> IntArray:
        """Positions along a Hilbert curve: neighbours in it are neighbours on the ground."""
        if self._order is None:
            drawable = np.flatnonzero(~np.isnan(self.bounds[:, 0]))
            points = shapely.points((self.bounds[:, :2] + self.bounds[:, 2:])[drawable] / 2)
            distance = gpd.GeoSeries(points).hilbert_distance().to_numpy() if len(drawable) else drawable
            self._order = drawable[np.argsort(distance, kind="stable")]
        return self._order

    def chunks(
        self, classes: IntArray, extent: tuple[float, float, float, float], resolution: float
    ) -> Iterator[Chunk]:
        """Paths of what meets the extent, in the order of classes, few features each.

        Parameters
        ----------
        classes : int64 array (n,)
            Class of each feature; negative ones are not drawn. Features of a lower class come first.
        extent : (xmin, ymin, xmax, ymax)
            In metres.
        resolution : float
            Metres per pixel to simplify for; ``EXACT`` (0) keeps every vertex.
        """
        size = CHUNK if len(self) > SINGLE_LIMIT else 1
        groups = self._grouped(classes, size)
        paths = groups.paths(_tolerance(resolution))
        wanted = _meeting(groups.bounds, extent)
        wanted = wanted[groups.classes[wanted] >= 0]
        wanted = wanted[np.argsort(groups.classes[wanted], kind="stable")]
        # A few chunks at a time, so that the first are on the canvas while the others are still being made.
        for first in range(0, len(wanted), 64):
            batch = wanted[first : first + 64]
            missing = [int(g) for g in batch if int(g) not in paths]
            if missing:
                self._build(groups, missing, paths, _tolerance(resolution))
            for g in batch:
                yield Chunk(int(groups.classes[g]), paths[int(g)])

    def _grouped(self, classes: IntArray, size: int) -> _Groups:
        # Single features keep their paths when classes change: only the order of drawing is another.
        key = b"single" if size == 1 else classes.tobytes()
        found = self._groups.get(key)
        if found is None:
            if len(self._groups) >= 3:
                self._groups.pop(next(iter(self._groups)))
            order = np.arange(len(self)) if size == 1 else self.order()
            found = self._groups[key] = _Groups(order, classes, size, self.bounds)
        return found.ordered(classes) if size == 1 else found

    def _build(
        self,
        groups: _Groups,
        missing: list[int],
        paths: dict[int, QtGui.QPainterPath],
        tolerance: float,
    ) -> None:
        members = [groups.members(g) for g in missing]
        rows = np.concatenate(members)
        geometry = _coarser(self.geometry[rows], self.bounds[rows], tolerance)
        owner = np.repeat(np.arange(len(missing)), [len(m) for m in members])
        for g, path in zip(missing, painter_paths(geometry, owner, len(missing), self.origin), strict=True):
            paths[g] = path


class _Groups:
    """How the features of a layer are put together into paths, and the paths made so far by tolerance."""

    def __init__(self, order: IntArray, classes: IntArray, size: int, bounds: FloatArray) -> None:
        self._size = size
        self._paths: dict[float, dict[int, QtGui.QPainterPath]] = {}
        if size == 1:
            self._rows, self._starts = order, np.arange(len(order) + 1)
            self.classes, self.bounds = classes, bounds
            return
        kept = order[classes[order] >= 0]
        self._rows = kept[np.argsort(classes[kept], kind="stable")]
        cls = classes[self._rows]
        first = np.concatenate([[True], cls[1:] != cls[:-1]]) if len(cls) else np.zeros(0, dtype=bool)
        run = np.arange(len(cls)) - np.maximum.accumulate(np.where(first, np.arange(len(cls)), 0))
        self._starts = np.append(np.flatnonzero(run % size == 0), len(cls))
        begin = self._starts[:-1]
        self.classes = cls[begin]
        box = bounds[self._rows]
        self.bounds = np.zeros((len(begin), 4))
        for column, ufunc in enumerate((np.minimum, np.minimum, np.maximum, np.maximum)):
            self.bounds[:, column] = ufunc.reduceat(box[:, column], begin) if len(begin) else 0.0

    def members(self, group: int) -> IntArray:
        return self._rows[self._starts[group] : self._starts[group + 1]]

    def paths(self, tolerance: float) -> dict[int, QtGui.QPainterPath]:
        if tolerance not in self._paths:
            while len(self._paths) >= KEPT_TOLERANCES:
                self._paths.pop(next(iter(self._paths)))
            self._paths[tolerance] = {}
        return self._paths[tolerance]

    def ordered(self, classes: IntArray) -> _Groups:
        """The same single features, drawn by other classes."""
        if classes is self.classes:
            return self
        other = _Groups.__new__(_Groups)
        other.__dict__.update(self.__dict__)
        other.classes = classes
        return other


def painter_paths(
    geometry: npt.NDArray[np.object_], owner: IntArray, count: int, origin: tuple[float, float]
) -> list[QtGui.QPainterPath]:
    """``count`` paths, each of the geometries that name it as their owner.

    Parameters
    ----------
    geometry : object array (m,)
        Polygons or lines with any parts; None and empties add nothing.
    owner : int64 array (m,)
        Position of the path each geometry goes into, ascending.
    origin : (float, float)
        Subtracted from the coordinates (metres).

    Returns
    -------
    list of QPainterPath
        With the winding rule and rings turned so that holes stay open while overlaps are filled once.
    """
    parts, index = shapely.get_parts(geometry, return_index=True)
    owners = owner[index]
    solid = shapely.get_dimensions(parts) == 2
    if solid.any():
        rings, index = shapely.get_rings(shapely.orient_polygons(parts[solid]), return_index=True)
        parts = np.concatenate([rings, parts[~solid]])
        owners = np.concatenate([owners[solid][index], owners[~solid]])
        if not solid.all():
            turn = np.argsort(owners, kind="stable")
            parts, owners = parts[turn], owners[turn]
    points, index = shapely.get_coordinates(parts, return_index=True)
    owners = owners[index]
    elements = np.empty(len(points), dtype=_ELEMENT)
    elements["type"] = 1
    if len(points):
        elements["type"][np.flatnonzero(np.diff(index, prepend=-1))] = 0
    elements["x"] = points[:, 0] - origin[0]
    elements["y"] = points[:, 1] - origin[1]
    cuts = np.searchsorted(owners, np.arange(count + 1))
    return [_path(elements[cuts[k] : cuts[k + 1]]) for k in range(count)]


def _path(elements: npt.NDArray[Any]) -> QtGui.QPainterPath:
    path = QtGui.QPainterPath()
    if len(elements):
        # Qt's own stream format of a path: count, elements, start of the current subpath, fill rule.
        head = len(elements).to_bytes(4, "big")
        tail = (0).to_bytes(4, "big") + _WINDING.to_bytes(4, "big")
        stream = QtCore.QDataStream(QtCore.QByteArray(head + elements.tobytes() + tail))
        stream >> path
    return path


def _coarser(
    geometry: npt.NDArray[np.object_], bounds: FloatArray, tolerance: float
) -> npt.NDArray[np.object_]:
    if tolerance == EXACT:
        return geometry
    coarse: npt.NDArray[np.object_] = geometry.copy()
    side = np.maximum(bounds[:, 2] - bounds[:, 0], bounds[:, 3] - bounds[:, 1])
    areal = shapely.get_dimensions(geometry) == 2
    tiny = areal & (side < BOX_PX * tolerance / TOLERANCE_PX)
    coarse[tiny] = shapely.box(*bounds[tiny].T)
    # Features of few vertices gain nothing: most buildings are rectangles.
    rich = np.flatnonzero(~tiny & (shapely.get_num_coordinates(geometry) > RICH))
    # Topology is not kept, which is three times quicker: a crossing of half a pixel is not seen.
    plain = shapely.simplify(geometry[rich], tolerance, preserve_topology=False)
    kept = ~shapely.is_empty(plain)
    coarse[rich[kept]] = plain[kept]
    return coarse


def _tolerance(resolution: float) -> float:
    """Half a pixel or a little less, in steps of two: zooming a little makes no new paths."""
    return EXACT if resolution <= 0 else TOLERANCE_PX * 2.0 ** floor(log2(resolution))


def _meeting(bounds: FloatArray, extent: tuple[float, float, float, float]) -> IntArray:
    xmin, ymin, xmax, ymax = extent
    return np.flatnonzero(
        (bounds[:, 0] <= xmax) & (bounds[:, 2] >= xmin) & (bounds[:, 1] <= ymax) & (bounds[:, 3] >= ymin)
    )


def _total(bounds: FloatArray) -> FloatArray:
    known = bounds[~np.isnan(bounds[:, 0])]
    if len(known) == 0:
        return np.zeros(4)
    return np.concatenate([known[:, :2].min(axis=0), known[:, 2:].max(axis=0)])


def shapes_of(frame: gpd.GeoDataFrame | gpd.GeoSeries) -> Shapes:
    """The shapes of a frame or series, made once as long as it lives."""
    return once(frame, "shapes", lambda: Shapes(np.asarray(frame.geometry.values, dtype=object)))
