"""Shapes of points, told apart by their form alone (grey print), and their places beside each other."""

from __future__ import annotations

from functools import cache
from math import cos, pi, sin

import numpy as np

from renomap.cartography.layers import FloatArray, IntArray, MarkerLayer
from renomap.cartography.qt import QtCore, QtGui
from renomap.model.mapview import MapView

#: Where so many points are in the picture, they are left lying over each other.
MOST_MOVED = 400
#: Markers shrink on maps smaller than 1:SHRINK_FROM, down to a share that still shows their form.
SHRINK_FROM, LEAST_SHARE = 8000.0, 0.55

# Corners in a square from -1 to 1, y down. Every shape is one or two closed rings; the second is cut out.
Ring = tuple[tuple[float, float], ...]
_HOUSE: Ring = ((-1, -0.05), (0, -1), (1, -0.05), (0.72, -0.05), (0.72, 0.95), (-0.72, 0.95), (-0.72, -0.05))
_DOOR: Ring = ((-0.22, 0.95), (0.22, 0.95), (0.22, 0.25), (-0.22, 0.25))
_SQUARE: Ring = ((-0.85, -0.85), (0.85, -0.85), (0.85, 0.85), (-0.85, 0.85))
_PANE: Ring = ((-0.4, -0.4), (-0.4, 0.4), (0.4, 0.4), (0.4, -0.4))
_A = 0.34
_PLUS: Ring = (
    *((-_A, -1), (_A, -1), (_A, -_A), (1, -_A), (1, _A), (_A, _A)),
    *((_A, 1), (-_A, 1), (-_A, _A), (-1, _A), (-1, -_A), (-_A, -_A)),
)
_BOLT: Ring = ((0.25, -1), (-0.75, 0.2), (-0.1, 0.2), (-0.3, 1), (0.75, -0.3), (0.08, -0.3))
_FLAG: Ring = ((-0.8, -1), (-0.5, -1), (0.95, -0.5), (-0.5, 0.05), (-0.5, 1), (-0.8, 1))
_TRIANGLE: Ring = ((0, -0.95), (0.98, 0.8), (-0.98, 0.8))
_DIAMOND: Ring = ((0, -1), (1, 0), (0, 1), (-1, 0))
_TREE: Ring = ((0, -1), (0.85, 0.4), (0.2, 0.4), (0.2, 1), (-0.2, 1), (-0.2, 0.4), (-0.85, 0.4))
_PARKING: Ring = (
    (-0.42, -0.62),
    (0.15, -0.62),
    (0.55, -0.25),
    (0.15, 0.15),
    (-0.12, 0.15),
    (-0.12, 0.65),
    (-0.42, 0.65),
)
_EYE: Ring = ((-0.12, -0.36), (-0.12, -0.11), (0.1, -0.11), (0.25, -0.24), (0.1, -0.36))


_STAR: Ring = tuple(
    ((1.0 if k % 2 == 0 else 0.42) * sin(pi * k / 5), -(1.0 if k % 2 == 0 else 0.42) * cos(pi * k / 5))
    for k in range(10)
)
_BOWL: Ring = (
    (-1, -0.25),
    *((-cos(pi * k / 16), -0.25 + sin(pi * k / 16)) for k in range(1, 16)),
    (1, -0.25),
)
_STEAM: Ring = ((-0.14, -1), (0.14, -1), (0.14, -0.5), (-0.14, -0.5))
_HEXAGON: Ring = tuple((cos(pi * k / 3), sin(pi * k / 3)) for k in range(6))
_HOLE: Ring = ((-0.3, 0), (0, 0.3), (0.3, 0), (0, -0.3))
_CROSS: Ring = tuple((0.75 * (x - y), 0.75 * (x + y)) for x, y in _PLUS)
_LEFT_HALF: Ring = ((-1, -0.7), (-0.14, -0.7), (-0.14, 0.7), (-1, 0.7))
_RIGHT_HALF: Ring = ((0.14, -0.7), (1, -0.7), (1, 0.7), (0.14, 0.7))
_ENVELOPE: Ring = ((-1, -0.7), (0, 0.1), (1, -0.7), (1, 0.7), (-1, 0.7))
_DOWN: Ring = ((0, 0.95), (-0.98, -0.8), (0.98, -0.8))
_GLASS: Ring = ((-0.9, -0.9), (0.9, -0.9), (0.16, 0), (0.9, 0.9), (-0.9, 0.9), (-0.16, 0))
_STEPS: Ring = (
    (-1, 0.85),
    (-1, 0.25),
    (-0.33, 0.25),
    (-0.33, -0.35),
    (0.33, -0.35),
    (0.33, -0.9),
    (1, -0.9),
    (1, 0.85),
)
# Two open pages, and a ring of five corners: free for facilities to come.
_BOOK: Ring = ((0, -0.45), (0.9, -0.85), (0.9, 0.5), (0, 0.9), (-0.9, 0.5), (-0.9, -0.85))
_FOLD: Ring = ((-0.1, -0.25), (0.1, -0.25), (0.1, 0.62), (-0.1, 0.62))
_PENTAGON: Ring = tuple((sin(2 * pi * k / 5), -cos(2 * pi * k / 5)) for k in range(5))


def _disc(radius: float, corners: int = 32) -> Ring:
    return tuple(
        (radius * cos(2 * pi * k / corners), radius * sin(2 * pi * k / corners)) for k in range(corners)
    )


SHAPES: dict[str, tuple[Ring, ...]] = {
    "house": (_HOUSE, _DOOR),
    "block": (_SQUARE, _PANE),
    "plus": (_PLUS,),
    "bolt": (_BOLT,),
    "flag": (_FLAG,),
    "triangle": (_TRIANGLE,),
    "diamond": (_DIAMOND,),
    "tree": (_TREE,),
    "ball": (_disc(0.95), _disc(0.42)),
    "parking": (_disc(1.0), _PARKING, _EYE),
    "disc": (_disc(0.8),),
    "star": (_STAR,),
    "bowl": (_BOWL, _STEAM),
    "hexagon": (_HEXAGON, _disc(0.4, 6)),
    "gem": (_DIAMOND, _HOLE),
    "cross": (_CROSS,),
    "pitch": (_LEFT_HALF, _RIGHT_HALF),
    "envelope": (_ENVELOPE,),
    "down": (_DOWN,),
    "steps": (_STEPS,),
    "glass": (_GLASS,),
    "book": (_BOOK, _FOLD),
    "pentagon": (_PENTAGON, _disc(0.4, 5)),
}


@cache
def marker_path(name: str) -> QtGui.QPainterPath:
    """Outline of a marker in a square from -1 to 1, y down; a disc for an unknown name. Read-only."""
    path = QtGui.QPainterPath()
    path.setFillRule(QtCore.Qt.FillRule.OddEvenFill)
    for ring in SHAPES.get(name, SHAPES["disc"]):
        path.moveTo(*ring[0])
        for corner in ring[1:]:
            path.lineTo(*corner)
        path.closeSubpath()
    return path


def svg_path(name: str) -> str:
    """Outline of a marker as the ``d`` of an SVG path in a square from -1 to 1, as ``marker_path``."""
    rings = SHAPES.get(name, SHAPES["disc"])
    return "".join("M" + " ".join(f"{x:.3g} {y:.3g}" for x, y in ring) + "Z" for ring in rings)


def marker_places(layer: MarkerLayer, view: MapView) -> tuple[IntArray, FloatArray, FloatArray]:
    """Where the markers of a picture stand: beside each other where their points nearly coincide.

    Returns
    -------
    rows : int64 array (k,)
        Positions of the points in the picture, in drawing order.
    places : float64 array (k, 2)
        Pixels of their middles.
    sizes : float64 array (k,)
        Widths in pixels.
    """
    xmin, ymin, xmax, ymax = view.extent
    x, y = layer.points[:, 0], layer.points[:, 1]
    inside = (x >= xmin) & (x <= xmax) & (y >= ymin) & (y <= ymax) & (layer.classes >= 0)
    rows = np.flatnonzero(inside).astype(np.int64)
    share = min(1.0, max(LEAST_SHARE, SHRINK_FROM / view.scale))
    size_mm = np.array([item.size_mm for item in layer.symbols] or [0.0]) * share
    sizes: FloatArray = size_mm[layer.classes[rows]] * layer.sizes[rows] * view.px_per_mm
    places: FloatArray = np.column_stack([(x[rows] - xmin), (ymax - y[rows])]) / view.resolution
    if len(rows) > MOST_MOVED:
        return rows, places, sizes
    for k in range(1, len(rows)):
        reach = (sizes[:k] + sizes[k]) / 2
        home = places[k].copy()
        # Right, left, below, above of where it belongs: the first that is free.
        for dx, dy in ((0, 0), (1, 0), (-1, 0), (0, 1), (0, -1)):
            places[k] = home + np.array([dx, dy]) * sizes[k] * 1.1
            if (np.hypot(*(places[:k] - places[k]).T) >= 0.75 * reach).all():
                break
        else:
            places[k] = home
    return rows, places, sizes
