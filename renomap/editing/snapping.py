"""Snap to what is on the map: the nearest corner within reach, else the nearest point of a line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

VERTEX: Final = "vertex"
EDGE: Final = "edge"


@dataclass(frozen=True)
class Snap:
    """Where the cursor would snap to.

    ``kind`` is 'vertex' or 'edge'; ``source`` the key of the layer as given, ``label`` the index label of the
    thing there; ``distance_m`` from the cursor.
    """

    kind: str
    x: float
    y: float
    source: str
    label: int
    distance_m: float


class Snapper:
    """Corners and lines of some layers, indexed once. Later changes of the layers are not seen.

    Parameters
    ----------
    layers : Mapping of key to GeoSeries
        Points, lines or polygons in project coordinates, int64 index. Missing and empty ones are passed over.
    """

    def __init__(self, layers: Mapping[str, gpd.GeoSeries]) -> None:
        self._keys = tuple(layers)
        points, edges, of_points, of_edges = [], [], [], []
        for number, series in enumerate(layers.values()):
            labels = series.index.to_numpy(dtype=np.int64)
            places, at, segments, segment_at = _pieces(series.to_numpy())
            points.append(places)
            edges.append(segments)
            of_points.append(np.stack([np.full(len(at), number), labels[at]], axis=1))
            of_edges.append(np.stack([np.full(len(segment_at), number), labels[segment_at]], axis=1))
        self._places = np.concatenate([np.zeros((0, 2)), *points])
        self._point_of = np.concatenate([np.zeros((0, 2), dtype=np.int64), *of_points])
        self._edge_of = np.concatenate([np.zeros((0, 2), dtype=np.int64), *of_edges])
        segments = np.concatenate([np.zeros((0, 2, 2)), *edges])
        self._points = shapely.STRtree(shapely.points(self._places))
        self._edges = shapely.STRtree(shapely.linestrings(segments))

    def __len__(self) -> int:
        """Number of corners."""
        return len(self._places)

    def snap(self, x: float, y: float, tolerance_m: float) -> Snap | None:
        """The nearest corner within the tolerance, else the nearest point of an edge, else None.

        ``tolerance_m`` is the 12 px of the screen in metres of the map. Ties go to the layer given first,
        then to the smaller label.
        """
        cursor = shapely.Point(x, y)
        at = self._nearest(self._points, cursor, tolerance_m, self._point_of)
        if at is not None:
            px, py = self._places[at].tolist()
            return self._found(VERTEX, px, py, self._point_of[at], float(np.hypot(px - x, py - y)))
        at = self._nearest(self._edges, cursor, tolerance_m, self._edge_of)
        if at is None:
            return None
        line = shapely.shortest_line(self._edges.geometries[at], cursor)
        (px, py), _ = shapely.get_coordinates(line).tolist()
        return self._found(EDGE, px, py, self._edge_of[at], float(shapely.length(line)))

    def _nearest(
        self, tree: shapely.STRtree, cursor: shapely.Point, tolerance_m: float, owner: npt.NDArray[np.int64]
    ) -> int | None:
        if len(tree) == 0 or not tolerance_m > 0:
            return None
        _, found = tree.query_nearest(
            np.array([cursor], dtype=object), max_distance=tolerance_m, return_distance=False
        )
        if len(found) == 0:
            return None
        order = np.lexsort((found, owner[found, 1], owner[found, 0]))
        return int(found[order[0]])

    def _found(self, kind: str, x: float, y: float, owner: npt.NDArray[np.int64], distance: float) -> Snap:
        return Snap(kind, x, y, self._keys[int(owner[0])], int(owner[1]), distance)


def _pieces(
    shapes: npt.NDArray[np.object_],
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64], npt.NDArray[np.float64], npt.NDArray[np.int64]]:
    """Corners and edges of geometries, each with the position of the geometry it belongs to."""
    parts, part_of = shapely.get_parts(shapes, return_index=True)
    rings, ring_of = shapely.get_rings(parts, return_index=True)
    curve = shapely.get_dimensions(parts) == 1
    lines = np.concatenate([rings, parts[curve]])
    line_of = np.concatenate([part_of[ring_of], part_of[curve]]).astype(np.int64)
    xy, of_line = shapely.get_coordinates(lines, return_index=True)
    joined = of_line[:-1] == of_line[1:]
    segments = np.stack([xy[:-1], xy[1:]], axis=1)[joined]
    segment_of = line_of[of_line[:-1][joined]]
    single = shapely.get_dimensions(parts) == 0
    dots, of_dot = shapely.get_coordinates(parts[single], return_index=True)
    places = np.concatenate([xy, dots])
    place_of = np.concatenate([line_of[of_line], part_of[single][of_dot].astype(np.int64)])
    return places, place_of, segments, segment_of
