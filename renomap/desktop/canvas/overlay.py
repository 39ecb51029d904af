"""Overlay: what moves above the map without drawing the map anew, in map coordinates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPen, QTransform
from PySide6.QtWidgets import (
    QAbstractGraphicsShapeItem,
    QGraphicsItem,
    QGraphicsItemGroup,
    QGraphicsScene,
    QStyleOptionGraphicsItem,
    QWidget,
)

from renomap.cartography.paths import painter_paths
from renomap.model.mapview import MapView

#: So many features are one path; of more each is its own, since Qt fills one path of thousands in a time that
#: grows faster than their number.
TOGETHER: Final = 40


class Outlines(QAbstractGraphicsShapeItem):
    """Paths that are drawn alike, one after the other."""

    def __init__(self, parent: QGraphicsItem) -> None:
        super().__init__(parent)
        self._paths: list[QPainterPath] = []
        self._bounds = QRectF()

    def set_paths(self, paths: list[QPainterPath]) -> None:
        """Draw these from now on."""
        self.prepareGeometryChange()
        self._paths = paths
        self._bounds = QRectF()
        for path in paths:
            self._bounds = self._bounds.united(path.boundingRect())
        self.update()

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        painter.setPen(self.pen())
        painter.setBrush(self.brush())
        for path in self._paths:
            painter.drawPath(path)


class Overlay:
    """Named outlines above the map. Coordinates are metres from an origin, so that floats stay exact."""

    def __init__(self, scene: QGraphicsScene) -> None:
        self._root = QGraphicsItemGroup()
        self._root.setHandlesChildEvents(False)
        scene.addItem(self._root)
        self._items: dict[str, Outlines] = {}
        self._origin = (0.0, 0.0)

    def set_origin(self, x: float, y: float) -> None:
        """Measure from here from now on; what is shown is cleared."""
        self._origin = (x, y)
        for name in list(self._items):
            self.clear(name)

    def follow(self, view: MapView) -> None:
        """Put everything where the view shows it."""
        px, py = view.to_screen(*self._origin)
        self._root.setTransform(QTransform(1 / view.resolution, 0, 0, -1 / view.resolution, px, py))

    def show(
        self,
        name: str,
        shapes: Sequence[Any],
        *,
        stroke: str | None = None,
        width: float = 2.0,
        fill: str | None = None,
        pattern: Qt.BrushStyle = Qt.BrushStyle.SolidPattern,
        dash: Sequence[float] = (),
        level: float = 0.0,
    ) -> None:
        """Show geometries (project coordinates) under a name instead of what had it; widths in pixels."""
        array = np.empty(len(shapes), dtype=object)
        array[:] = list(shapes)
        whole = len(array) <= TOGETHER  # a few may overlap, and are one surface then
        owner = np.zeros(len(array), dtype=np.int64) if whole else np.arange(len(array), dtype=np.int64)
        paths = painter_paths(array, owner, 1 if whole else len(array), self._origin)
        item = self._item(name, level)
        pen = QPen(QColor(stroke), width) if stroke else QPen(Qt.PenStyle.NoPen)
        pen.setCosmetic(True)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        if dash:
            pen.setDashPattern(list(dash))
        item.setPen(pen)
        item.setBrush(QBrush(QColor(fill), pattern) if fill else QBrush(Qt.BrushStyle.NoBrush))
        item.set_paths(paths)
        item.setVisible(True)

    def clear(self, name: str) -> None:
        """Show nothing under the name."""
        item = self._items.get(name)
        if item is not None:
            item.set_paths([])
            item.setVisible(False)

    def rename(self, old: str, new: str) -> None:
        """Let what is shown under a name go on under another; what had that name goes."""
        self.clear(new)
        if old in self._items:
            gone = self._items.pop(new, None)
            self._items[new] = self._items.pop(old)
            if gone is not None:
                self._items[old] = gone

    def place(self, name: str) -> QRectF:
        """Where on the screen what is shown under the name lies."""
        return self._items[name].sceneBoundingRect()

    def names(self, prefix: str | tuple[str, ...]) -> list[str]:
        """Names of all that is shown and begins so, or with one of these."""
        return [name for name, item in self._items.items() if name.startswith(prefix) and item.isVisible()]

    def shown(self, name: str) -> bool:
        """Whether something is shown under the name."""
        return name in self._items and self._items[name].isVisible()

    def _item(self, name: str, level: float) -> Outlines:
        item = self._items.get(name)
        if item is None:
            item = self._items[name] = Outlines(self._root)
            item.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        item.setZValue(level)
        return item
