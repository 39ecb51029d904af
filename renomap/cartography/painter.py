"""Drawing layers with a painter: the one function behind screen, picture, paper and print preview."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from renomap.cartography.labels import place_labels
from renomap.cartography.layers import FloatArray, IntArray, LabelLayer, MapLayer, MarkerLayer, ShapeLayer
from renomap.cartography.lettering import draw_label
from renomap.cartography.markers import marker_path, marker_places
from renomap.cartography.paths import EXACT, Shapes, painter_paths, shapes_of
from renomap.cartography.qt import QtCore, QtGui
from renomap.cartography.states import kept_state, pen_of
from renomap.cartography.symbols import HATCHES, Symbol
from renomap.cartography.underlays import UnderlayLayer
from renomap.cartography.warping import draw_underlay
from renomap.model.feedback import Feedback, Silent
from renomap.model.mapview import MapView

#: Outlines of things that are mostly smaller than this are left out: they would only blacken the picture.
OUTLINE_PX = 4.0
HATCH_BATCH = 64
DOTS = "dots"
RIM = 0.35  # width of a marker's white rim, of which half shows, in half widths of the marker
ObjectArray = npt.NDArray[np.object_]
_NO_PEN = QtCore.Qt.PenStyle.NoPen
_NO_BRUSH = QtCore.Qt.BrushStyle.NoBrush


def draw_map(
    painter: QtGui.QPainter, view: MapView, layers: Sequence[MapLayer], feedback: Feedback | None = None
) -> None:
    """Paint layers, the first at the bottom, into the rectangle (0, 0, *view.size) of the painter.

    Nothing is painted behind the layers. All widths are millimetres of the medium, through ``view.dpi``. On
    pictures geometry is simplified to half a pixel, on paper (PDF, printer) every vertex is drawn. The
    painter's state is the same afterwards.

    Parameters
    ----------
    painter : QPainter
        Active; may belong to an image, a PDF writer, a printer or a picture. Any thread, one at a time.
    view : MapView
        What is shown and how large; ``size`` in units of the painter.
    layers : sequence of MapLayer
        ``MapContent.layers``, or some of them: the canvas draws each into an image of its own.
    feedback : Feedback, optional
        ``check`` is called between pieces of a few milliseconds.

    Raises
    ------
    Cancelled
        Whatever ``feedback.check`` raises; the painter stays usable.
    """
    feedback = feedback or Silent()
    with kept_state(painter):
        painter.setClipRect(QtCore.QRectF(0.0, 0.0, *view.size), QtCore.Qt.ClipOperation.IntersectClip)
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        for layer in layers:
            feedback.check()
            if isinstance(layer, ShapeLayer):
                _draw_shapes(painter, view, layer, feedback)
            elif isinstance(layer, MarkerLayer):
                _draw_markers(painter, view, layer, feedback)
            elif isinstance(layer, UnderlayLayer):
                draw_underlay(painter, view, layer, feedback)
            else:
                _draw_labels(painter, view, layer, feedback)


@dataclass(frozen=True)
class _Tools:
    """Pens and brush of one symbol, widths in metres for the painter's map transform."""

    brush: QtGui.QBrush | None
    pen: QtGui.QPen | None
    casing: QtGui.QPen | None


def _draw_shapes(painter: QtGui.QPainter, view: MapView, layer: ShapeLayer, feedback: Feedback) -> None:
    shapes = shapes_of(layer.frame)
    classes = _drawn_classes(layer, view)
    if not len(shapes) or not (classes >= 0).any():
        return
    exact = painter.paintEngine().type() != QtGui.QPaintEngine.Type.Raster
    tools = [_tools(item, view, _outlined(shapes, view, exact)) for item in layer.symbols]
    resolution = EXACT if exact else view.resolution
    extent = _widened(view, layer.symbols)
    passes = ["casing"] if any(item.casing for item in tools) else []
    if any(item.brush or item.pen for item in tools):
        passes.append("body")
    for part in passes:
        with kept_state(painter):
            painter.setTransform(_map_transform(view, shapes.origin), True)
            current = -1
            for number, chunk in enumerate(shapes.chunks(classes, extent, resolution)):
                if number % 16 == 0:
                    feedback.check()
                if chunk.cls != current:
                    current = chunk.cls
                    _take(painter, tools[current], part)
                painter.drawPath(chunk.path)
    _draw_hatches(painter, view, layer, shapes, classes, feedback)


def _drawn_classes(layer: ShapeLayer, view: MapView) -> IntArray:
    """The layer's classes without those that this scale leaves out."""
    hidden = [k for k, item in enumerate(layer.symbols) if item.max_scale and view.scale > item.max_scale]
    if not hidden:
        return layer.classes
    shown: IntArray = np.where(np.isin(layer.classes, hidden), -1, layer.classes)
    return shown


def _outlined(shapes: Shapes, view: MapView, exact: bool) -> bool:
    if exact or not shapes.areal:
        return True
    side = shapes.bounds[:: max(1, len(shapes) // 512)]
    return float(np.nanmedian(side[:, 2] - side[:, 0])) / view.resolution >= OUTLINE_PX


def _tools(item: Symbol, view: MapView, outlined: bool) -> _Tools:
    mm = view.px_per_mm * view.resolution
    item = item.at(view.scale)
    pen = pen_of(item.stroke, item.stroke_mm, mm, item.dash) if item.stroke and outlined else None
    casing = pen_of(item.casing, item.stroke_mm + 2 * item.casing_mm, mm) if item.casing else None
    return _Tools(QtGui.QBrush(QtGui.QColor(item.fill)) if item.fill else None, pen, casing)


def _take(painter: QtGui.QPainter, tools: _Tools, part: str) -> None:
    if part == "casing":
        painter.setBrush(_NO_BRUSH)
        painter.setPen(tools.casing if tools.casing else _NO_PEN)
        return
    painter.setBrush(tools.brush if tools.brush else _NO_BRUSH)
    painter.setPen(tools.pen if tools.pen else _NO_PEN)


def _map_transform(view: MapView, origin: tuple[float, float]) -> QtGui.QTransform:
    px, py = view.to_screen(*origin)
    return QtGui.QTransform(1.0 / view.resolution, 0.0, 0.0, -1.0 / view.resolution, px, py)


def _widened(view: MapView, symbols: Sequence[Symbol]) -> tuple[float, float, float, float]:
    """The view's extent and half of the widest line around it."""
    widest = max((item.width_mm(view.scale) + 2 * item.casing_mm for item in symbols), default=0.0)
    margin = widest * view.px_per_mm * view.resolution
    xmin, ymin, xmax, ymax = view.extent
    return (xmin - margin, ymin - margin, xmax + margin, ymax + margin)


def _draw_hatches(
    painter: QtGui.QPainter,
    view: MapView,
    layer: ShapeLayer,
    shapes: Shapes,
    classes: IntArray,
    feedback: Feedback,
) -> None:
    """Hatches as lines cut to the shapes: they have widths on paper and look alike on every medium."""
    for cls, item in enumerate(layer.symbols):
        if not item.hatch:
            continue
        rows = shapes.visible(view.extent)
        rows = rows[classes[rows] == cls]
        mm = view.px_per_mm * view.resolution
        with kept_state(painter):
            painter.setTransform(_map_transform(view, shapes.origin), True)
            painter.setBrush(_NO_BRUSH)
            painter.setPen(hatch_pen(item, mm))
            for first in range(0, len(rows), HATCH_BATCH):
                feedback.check()
                batch = rows[first : first + HATCH_BATCH]
                lines = hatch_lines(shapes.geometry[batch], view.extent, item, mm)
                owner = np.arange(len(lines)) // 8
                for path in painter_paths(
                    lines, owner, int(owner[-1]) + 1 if len(owner) else 0, shapes.origin
                ):
                    painter.drawPath(path)


def hatch_pen(item: Symbol, mm: float) -> QtGui.QPen:
    """The pen of a hatch; a millimetre is ``mm`` units of the painter. Dots are dashes without length."""
    dash = (0.001, item.hatch_mm) if item.hatch == DOTS else ()
    pen = pen_of(item.hatch_colour, item.hatch_stroke_mm, mm, dash)
    pen.setCapStyle(QtCore.Qt.PenCapStyle.RoundCap)
    return pen


def hatch_lines(
    polygons: ObjectArray, extent: tuple[float, float, float, float], item: Symbol, mm: float
) -> ObjectArray:
    """Hatch lines of each polygon, ``item.hatch_mm`` apart; ``mm`` is the length of a millimetre in metres.

    The lines of all polygons lie on one grid, so that the hatch runs on across a border.
    """
    step = item.hatch_mm * mm
    shown = shapely.clip_by_rect(polygons, *extent)
    bounds = shapely.bounds(shown)
    hatched = np.empty(len(polygons), dtype=object)
    for k, shape in enumerate(shown):
        if shape.is_empty:
            hatched[k] = shapely.LineString()
            continue
        segments = [_segments(bounds[k], angle, step) for angle in HATCHES[item.hatch]]
        hatched[k] = shapely.multilinestrings(np.concatenate(segments)) if segments else shapely.LineString()
    # Clipping can leave degenerate rings; polygons are valid by contract and are cut themselves.
    cut: ObjectArray = np.asarray(shapely.intersection(hatched, polygons))
    return cut


def _segments(bounds: FloatArray, angle: float, step: float) -> FloatArray:
    """Parallel segments (k, 2, 2) that cover a box, at multiples of ``step`` from the origin."""
    direction = np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))])
    normal = np.array([-direction[1], direction[0]])
    corners = np.array([(x, y) for x in bounds[[0, 2]] for y in bounds[[1, 3]]])
    across, along = corners @ normal, corners @ direction
    offsets = np.arange(np.ceil(across.min() / step), np.floor(across.max() / step) + 1) * step
    ends = np.array([along.min(), along.max()])
    segments: FloatArray = offsets[:, None, None] * normal + ends[None, :, None] * direction
    return segments


def _draw_markers(painter: QtGui.QPainter, view: MapView, layer: MarkerLayer, feedback: Feedback) -> None:
    for number, (k, (px, py), size) in enumerate(zip(*marker_places(layer, view), strict=True)):
        if number % 64 == 0:
            feedback.check()
        draw_marker(painter, layer.symbols[layer.classes[k]], float(px), float(py), float(size))


def draw_marker(painter: QtGui.QPainter, item: Symbol, px: float, py: float, size_px: float) -> None:
    """A marker with a white rim, its middle at (px, py)."""
    half = size_px / 2
    with kept_state(painter):
        painter.translate(px, py)
        painter.scale(half, half)
        path = marker_path(item.marker)
        rim = QtGui.QPen(QtGui.QColor("#ffffff"), RIM)
        rim.setJoinStyle(QtCore.Qt.PenJoinStyle.RoundJoin)
        painter.strokePath(path, rim)
        painter.fillPath(_filled(item.marker), QtGui.QColor("#ffffff"))
        painter.fillPath(path, QtGui.QColor(item.fill or "#000000"))


def _filled(name: str) -> QtGui.QPainterPath:
    """The marker without its openings: the white behind it."""
    path = QtGui.QPainterPath(marker_path(name))
    path.setFillRule(QtCore.Qt.FillRule.WindingFill)
    return path


def _draw_labels(painter: QtGui.QPainter, view: MapView, layer: LabelLayer, feedback: Feedback) -> None:
    # The last placed are the least: greater labels are painted over the halo of lesser ones.
    everything = place_labels(layer.labels, view, feedback, layer.avoid, layer.marks)
    for number, placed in enumerate(reversed(everything)):
        if number % 8 == 0:
            feedback.check()
        draw_label(painter, view, placed)
