"""Padlocks on the map: which areas no edit may change, seen at a glance."""

from __future__ import annotations

from typing import Final

import numpy as np
import shapely
from PySide6.QtCore import QObject

from renomap.desktop.canvas.mapcanvas import MapCanvas
from renomap.desktop.look import INK
from renomap.editing.schemes import locked_areas
from renomap.session.session import Session

_NAME: Final = "padlocks"
#: Width of the body on the screen, pixels.
SIZE_PX: Final = 11.0
_BODY: Final = shapely.box(-0.5, -0.4, 0.5, 0.4)
_BOW: Final = shapely.Point(0.0, 0.4).buffer(0.36).difference(shapely.Point(0.0, 0.4).buffer(0.2))
_PADLOCK: Final = shapely.union(_BODY, _BOW)


class Padlocks(QObject):
    """A padlock at the northern end of each locked area, of one size whatever the scale."""

    def __init__(self, session: Session, canvas: MapCanvas) -> None:
        super().__init__(canvas)
        self._session = session
        self._canvas = canvas
        session.planner.planned.connect(self._draw)
        session.document.changed.connect(self._draw)
        canvas.view_changed.connect(self._draw)

    def _draw(self) -> None:
        plan, project = self._session.planner.plan, self._session.document.project
        scheme = None if project is None else project.scheme
        locked = (
            [] if scheme is None or plan is None else sorted(locked_areas(scheme) & set(plan.areas.index))
        )
        if plan is None or not locked:
            self._canvas.overlay.clear(_NAME)
            return
        size = SIZE_PX * self._canvas.view.resolution
        shapes = [
            shapely.transform(_PADLOCK, lambda points, at=at: points * size + at)
            for at in _northern_ends(plan.areas.geometry.loc[locked].to_numpy(), size)
        ]
        self._canvas.overlay.show(_NAME, shapes, stroke="#ffffff", width=1.0, fill=INK, level=6)


def _northern_ends(shapes: np.ndarray, size: float) -> list[np.ndarray]:
    """A place just inside the northernmost corner of each shape."""
    places = []
    for shape in shapes:
        corners = shapely.get_coordinates(shape)
        top = corners[np.argmax(corners[:, 1])]
        inside = shapely.get_coordinates(shapely.point_on_surface(shape))[0]
        away = inside - top
        length = float(np.hypot(*away)) or 1.0
        places.append(top + away * min(1.6 * size / length, 1.0))
    return places
