"""Drawing pictures under the map: warped to the project's plane, square by square, exact to half a pixel."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np

from renomap.cartography.qt import QtCore, QtGui
from renomap.cartography.states import kept_state
from renomap.cartography.underlays import Points, UnderlayLayer, Way
from renomap.errors import RenomapError
from renomap.model.feedback import Feedback
from renomap.model.mapview import MapView
from renomap.sources.mbtiles import TILE_PX, MbTiles
from renomap.sources.rasters import RasterPicture

#: Pixels by which a place may be off; squares are halved until they keep it.
LARGEST_ERROR_PX: Final = 0.4
LEAST_SQUARE_PX: Final = 16
PRINT_DPI: Final = 200.0
#: Pixels of the largest picture that is decoded whole.
MOST_PIXELS: Final = 150_000_000


def draw_underlay(painter: QtGui.QPainter, view: MapView, layer: UnderlayLayer, feedback: Feedback) -> None:
    """Paint a picture into the view; on paper by way of an image of ``PRINT_DPI``."""
    if painter.paintEngine().type() != QtGui.QPaintEngine.Type.Raster:
        share = min(1.0, PRINT_DPI / view.dpi)
        size = (max(1, round(view.size[0] * share)), max(1, round(view.size[1] * share)))
        coarse = replace(
            view, size=size, resolution=view.resolution * view.size[0] / size[0], dpi=view.dpi * share
        )
        image = QtGui.QImage(*size, QtGui.QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(0)
        inner = QtGui.QPainter(image)
        try:
            draw_underlay(inner, coarse, layer, feedback)
        finally:
            inner.end()
        painter.drawImage(QtCore.QRectF(0.0, 0.0, *view.size), image)
        return
    found = _mosaic(view, layer, feedback)
    if found is None:
        return
    image, affine = found
    inverse = np.linalg.inv(np.array([[*affine[:3]], [*affine[3:]], [0.0, 0.0, 1.0]]))
    with kept_state(painter):
        painter.setOpacity(painter.opacity() * layer.opacity)
        painter.setRenderHint(QtGui.QPainter.RenderHint.SmoothPixmapTransform)
        for square, transform in _squares(view, layer.way, inverse):
            feedback.check()
            with kept_state(painter):
                painter.setClipRect(square, QtCore.Qt.ClipOperation.IntersectClip)
                painter.setTransform(transform, True)
                painter.drawImage(0, 0, image)


def ground_of(layer: UnderlayLayer) -> tuple[float, float, float, float] | None:
    """Bounds of a picture in the project's plane; None where it is everywhere or nowhere."""
    raster = layer.raster
    if isinstance(raster, RasterPicture):
        image = decoded(raster.path, layer.stamp)
        columns, rows = (0, image.width()), (0, image.height())
        a, b, c, d, e, f = raster.affine
        corners = [(a * x + b * y + c, d * x + e * y + f) for x in columns for y in rows]
    elif isinstance(raster, MbTiles):
        found = raster.bounds()
        corners = [] if found is None else [(found[i], found[j]) for i in (0, 2) for j in (1, 3)]
    else:
        corners = []
    if not corners:
        return None
    there = layer.way.back(np.array(corners))
    (xmin, ymin), (xmax, ymax) = there.min(axis=0), there.max(axis=0)
    return (float(xmin), float(ymin), float(xmax), float(ymax)) if np.isfinite(there).all() else None


def _squares(view: MapView, way: Way, inverse: Points) -> Iterator[tuple[QtCore.QRect, QtGui.QTransform]]:
    """Parts of the view on whole pixels, each with the transform from the picture's pixels to the view's."""
    waiting = [(0, 0, round(view.size[0]), round(view.size[1]))]
    while waiting:
        left, top, right, bottom = waiting.pop()
        if right <= left or bottom <= top:
            continue
        xs, ys = np.meshgrid(np.linspace(left, right, 5), np.linspace(top, bottom, 5))
        there = np.column_stack([xs.ravel(), ys.ravel(), np.ones(xs.size)])
        here = _pixels(there[:, :2], view, way, inverse)
        if not np.isfinite(here).all():
            continue
        # view pixel -> picture pixel as an affine map, by least squares over 25 places
        fit, *_ = np.linalg.lstsq(there, here, rcond=None)
        scale = np.sqrt(abs(np.linalg.det(fit[:2])))
        if scale == 0.0:
            continue
        error = np.abs(there @ fit - here).max() / scale
        if error > LARGEST_ERROR_PX and max(right - left, bottom - top) > LEAST_SQUARE_PX:
            x, y = (left + right) // 2, (top + bottom) // 2
            waiting += [(left, top, x, y), (x, top, right, y), (left, y, x, bottom), (x, y, right, bottom)]
            continue
        back = np.linalg.inv(np.column_stack([fit, [0.0, 0.0, 1.0]]))
        transform = QtGui.QTransform(back[0, 0], back[0, 1], back[1, 0], back[1, 1], back[2, 0], back[2, 1])
        yield QtCore.QRect(left, top, right - left, bottom - top), transform


def _pixels(places: Points, view: MapView, way: Way, inverse: Points) -> Points:
    """Pixels of the picture at pixels of the view."""
    xmin, _, _, ymax = view.extent
    ground = np.column_stack([xmin + places[:, 0] * view.resolution, ymax - places[:, 1] * view.resolution])
    there = way(ground)
    pixels: Points = np.column_stack([there, np.ones(len(there))]) @ inverse.T
    return pixels[:, :2]


def _mosaic(
    view: MapView, layer: UnderlayLayer, feedback: Feedback
) -> tuple[QtGui.QImage, tuple[float, ...]] | None:
    """The part of the raster that the view needs as one image, with the affine from its pixels."""
    if isinstance(layer.raster, RasterPicture):
        return decoded(layer.raster.path, layer.stamp), layer.raster.affine
    tiles = layer.tiles(view)
    if tiles is None:
        return None
    size = ((tiles.right - tiles.left) * TILE_PX, (tiles.bottom - tiles.top) * TILE_PX)
    image = QtGui.QImage(*size, QtGui.QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QtGui.QPainter(image)
    try:
        for column, row, data in layer.raster.read(tiles):
            feedback.check()
            at = QtCore.QRect((column - tiles.left) * TILE_PX, (row - tiles.top) * TILE_PX, TILE_PX, TILE_PX)
            painter.drawImage(at, QtGui.QImage.fromData(data))
    finally:
        painter.end()
    x, y = tiles.corner
    return image, (tiles.resolution, 0.0, x, 0.0, -tiles.resolution, y)


@lru_cache(maxsize=2)
def decoded(path: Path, stamp: tuple[Any, ...]) -> QtGui.QImage:
    """A picture file as an image, kept until its file changes.

    Raises RenomapError ``sources.raster-too-large``, ``sources.raster-unreadable``.
    """
    reader = QtGui.QImageReader(str(path))
    reader.setAutoTransform(False)
    size = reader.size()
    if size.width() * size.height() > MOST_PIXELS:
        raise RenomapError("sources.raster-too-large", path=path.name)
    reader.setAllocationLimit(0)
    image = reader.read()
    if image.isNull():
        raise RenomapError("sources.raster-unreadable", path=path.name)
    return image.convertToFormat(QtGui.QImage.Format.Format_ARGB32_Premultiplied)
