"""Magnet: points go to the corners and lines near the pointer, and a mark shows where."""

from __future__ import annotations

from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely

from renomap.desktop.canvas.surface import Pointer, Surface
from renomap.desktop.look import SELECTION
from renomap.editing.snapping import EDGE, VERTEX, Snap, Snapper
from renomap.editing.vertices import SAME_M
from renomap.model.roles import Role
from renomap.session.guides import roads_of
from renomap.session.session import Session

SNAP_PX: Final = 12.0
_MARK: Final = "snap"
_MARK_PX: Final = 6.4


class Magnet:
    """What points snap to: areas, neighbourhoods, their territories, roads and road edges, each indexed once.

    Corners come before lines. Held Ctrl and the switch of the settings suspend it.
    """

    def __init__(self, session: Session, canvas: Surface) -> None:
        self._session = session
        self._canvas = canvas
        self._snappers: dict[str, tuple[Any, Snapper]] = {}

    def find(self, pointer: Pointer, besides: shapely.Geometry | None = None) -> Snap | None:
        """What the pointer would snap to now, but for what lies on ``besides``."""
        if pointer.ctrl or not self._session.settings.snapping or self._session.planner.plan is None:
            return None
        reach = SNAP_PX * self._canvas.view.resolution
        found = [snapper.snap(pointer.x, pointer.y, reach) for snapper in self._layers()]
        near = [snap for snap in found if snap is not None]
        context = self._session.planner.context
        edge = None if context is None else roads_of(context).near((pointer.x, pointer.y), reach)
        if edge is not None:
            (x, y), is_corner = edge
            away = float(np.hypot(x - pointer.x, y - pointer.y))
            near.append(Snap(VERTEX if is_corner else EDGE, x, y, "road-edges", 0, away))
        if besides is not None:
            near = [
                snap for snap in near if shapely.distance(shapely.Point(snap.x, snap.y), besides) > SAME_M
            ]
        return min(near, key=lambda snap: (snap.kind != VERTEX, snap.distance_m), default=None)

    def place(self, pointer: Pointer, besides: shapely.Geometry | None = None) -> tuple[float, float]:
        """Where a point of this pointer goes; the mark shows it."""
        snap = self.find(pointer, besides)
        self.mark(snap)
        return (pointer.x, pointer.y) if snap is None else (snap.x, snap.y)

    def mark(self, snap: Snap | None) -> None:
        """A ring at a corner, a diamond on a line, nothing where nothing is near."""
        if snap is None:
            self._canvas.overlay.clear(_MARK)
            return
        ring = shapely.Point(snap.x, snap.y).buffer(
            _MARK_PX * self._canvas.view.resolution, quad_segs=8 if snap.kind == VERTEX else 1
        )
        self._canvas.overlay.show(_MARK, [ring], stroke=SELECTION, width=2.0, level=9)

    def _layers(self) -> list[Snapper]:
        plan, project = self._session.planner.plan, self._session.document.project
        assert plan is not None
        assert project is not None
        frames: dict[str, Any] = {"areas": plan.areas, "territories": plan.territories}
        for role in (Role.NEIGHBOURHOODS, Role.ROADS):
            frames |= {f"{role}-{layer.key}": layer.frame for layer in project.layers_of(role)}
        for name, frame in frames.items():  # frames are values: the same object has the same lines
            if name not in self._snappers or self._snappers[name][0] is not frame:
                series = frame if isinstance(frame, gpd.GeoSeries) else frame.geometry
                self._snappers[name] = (frame, Snapper({name: series}))
        self._snappers = {name: self._snappers[name] for name in frames}
        return [snapper for _, snapper in self._snappers.values()]
