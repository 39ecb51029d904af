"""Index: what is at a place of the map."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import shapely

from renomap.model.plan import Plan


class MapIndex:
    """Answers what is under the pointer or in a box; empty without a plan."""

    def __init__(self, plan: Plan | None) -> None:
        self.plan = plan

    @cached_property
    def _tree(self) -> shapely.STRtree:
        shapes = [] if self.plan is None else self.plan.neighbourhoods.geometry.to_numpy()
        return shapely.STRtree(shapes)

    @cached_property
    def _fids(self) -> np.ndarray:
        return (
            np.array([], dtype=np.int64) if self.plan is None else self.plan.neighbourhoods.index.to_numpy()
        )

    def at(self, x: float, y: float) -> int | None:
        """The neighbourhood at a point; where several overlap, the smallest."""
        found = self._tree.query(shapely.Point(x, y), predicate="intersects")
        if len(found) == 0:
            return None
        areas = shapely.area(self._tree.geometries[found])
        return int(self._fids[found[np.argmin(areas)]])

    def in_box(self, box: shapely.Polygon, *, inside: bool) -> frozenset[int]:
        """Neighbourhoods inside a box, or also those that it touches."""
        found = self._tree.query(box, predicate="contains" if inside else "intersects")
        return frozenset(int(fid) for fid in self._fids[found])

    def touching(self, shape: shapely.Geometry, *, whole: bool = False) -> list[int]:
        """Neighbourhoods that a shape meets, or (``whole``) whose middle it holds, ascending."""
        found = self._tree.query(shape, predicate="intersects")
        if whole:
            found = found[shapely.intersects(shape, shapely.point_on_surface(self._tree.geometries[found]))]
        return sorted(int(fid) for fid in self._fids[found])

    def area_at(self, x: float, y: float) -> int | None:
        """The area whose outline holds a point."""
        if self.plan is None or self.plan.areas.empty:
            return None
        shapes = self.plan.areas.geometry.to_numpy()
        held = np.flatnonzero(shapely.intersects_xy(shapes, x, y))
        return int(self.plan.areas.index[held[0]]) if len(held) else None
