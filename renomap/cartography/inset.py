"""The inset: all areas lightly, the one of the sheet marked, and a frame around what the sheet shows."""

from __future__ import annotations

import geopandas as gpd
import numpy as np

from renomap.cartography.ground import frames_of, water
from renomap.cartography.layers import MapLayer, ShapeLayer
from renomap.cartography.painter import draw_map
from renomap.cartography.pencil import RULE, Pencil, Rect
from renomap.cartography.qt import QtCore
from renomap.cartography.states import kept_state
from renomap.cartography.symbols import symbol
from renomap.model.derived import once
from renomap.model.mapview import MapView
from renomap.model.plan import Plan
from renomap.model.roles import Role

HEADING_MM = 4.0
MARGIN = 0.04


def draw_inset(pencil: Pencil, plan: Plan, area: int | None, view: MapView, at: Rect, title: str) -> None:
    """Draw the whole plan small into ``at`` (mm) under its title.

    Parameters
    ----------
    area : int, optional
        The area to mark; the others are outlines.
    view : MapView
        Of the sheet; its extent gets a frame.
    """
    pencil.text(title, at.x, at.y, 7.0, bold=True)
    at = Rect(at.x, at.y + HEADING_MM, at.w, at.h - HEADING_MM)
    pencil.rect(at, fill="#ffffff", stroke=RULE)
    inner = at.inset(0.6)
    small = MapView((0.0, 0.0), 1.0, (inner.w * pencil.mm, inner.h * pencil.mm), view.dpi)
    small = small.fitted(_bounds(plan), MARGIN)
    with kept_state(pencil.painter):
        pencil.painter.translate(inner.x * pencil.mm, inner.y * pencil.mm)
        draw_map(pencil.painter, small, _layers(plan, area))
        left, top = small.to_screen(view.extent[0], view.extent[3])
        right, bottom = small.to_screen(view.extent[2], view.extent[1])
        frame = symbol("inset.frame")
        box = QtCore.QRectF(left, top, right - left, bottom - top)
        pencil.painter.setBrush(QtCore.Qt.BrushStyle.NoBrush)
        pencil.painter.setPen(pencil.pen(frame.stroke, frame.stroke_mm))
        whole = QtCore.QRectF(0.0, 0.0, *small.size)
        pencil.painter.drawRect(box.intersected(whole))


def _layers(plan: Plan, area: int | None) -> list[MapLayer]:
    layers, _ = water(frames_of(plan, Role.WATER))
    if not len(plan.areas):
        nobody = np.zeros(len(plan.neighbourhoods), dtype=np.int64)
        return [*layers, ShapeLayer("inset", plan.neighbourhoods, nobody, (symbol("inset.area"),))]
    marked = (plan.areas.index.to_numpy() == (-1 if area is None else area)).astype(np.int64)
    # Simplified: in a picture of a few centimetres the corners of streets would only add weight.
    shapes = once(plan.areas, "inset shapes", lambda: _coarse(plan.areas))
    return [*layers, ShapeLayer("inset", shapes, marked, (symbol("inset.area"), symbol("inset.marked")))]


def _coarse(areas: gpd.GeoDataFrame) -> gpd.GeoSeries:
    xmin, ymin, xmax, ymax = areas.total_bounds
    return areas.geometry.simplify(max(xmax - xmin, ymax - ymin) / 1000.0)


def _bounds(plan: Plan) -> tuple[float, float, float, float]:
    frame = plan.areas if len(plan.areas) else plan.neighbourhoods
    xmin, ymin, xmax, ymax = (float(v) for v in frame.total_bounds)
    return (xmin, ymin, xmax, ymax)
