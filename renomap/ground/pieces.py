"""Pieces: what overlays and buffers leave of areas, in order."""

from __future__ import annotations

from typing import Any

import shapely


def closed(shape: shapely.Geometry, radius: float, **corners: Any) -> shapely.Geometry:
    """The shape with everything filled that is narrower than twice the radius."""
    return _sound(shapely.buffer(_sound(shapely.buffer(shape, radius, **corners)), -radius, **corners))


def opened(shape: shapely.Geometry, radius: float, **corners: Any) -> shapely.Geometry:
    """The shape without everything that is narrower than twice the radius."""
    return _sound(shapely.buffer(_sound(shapely.buffer(shape, -radius, **corners)), radius, **corners))


def _sound(shape: shapely.Geometry) -> shapely.Geometry:
    """A buffer with right angles can cross itself, and overlays refuse such a shape."""
    if shapely.is_valid(shape):
        return shape
    return polygons(shapely.make_valid(shape, method="structure"))


def polygons(shape: shapely.Geometry) -> shapely.Geometry:
    """Only the areas of what an overlay gave, without specks."""
    parts = shapely.get_parts(shape)
    parts = parts[(shapely.get_dimensions(parts) == 2) & (shapely.area(parts) > 0.01)]
    if len(parts) == 0:
        return shapely.Polygon()
    return parts[0] if len(parts) == 1 else shapely.multipolygons(parts)


def attached(shape: shapely.Geometry, land: shapely.Geometry) -> shapely.Geometry:
    """Those parts of a shape on which some of the land lies."""
    parts = shapely.get_parts(polygons(shape))
    shapely.prepare(parts)
    kept = parts[shapely.intersects(parts, land)]
    if len(kept) == 0:
        return shapely.Polygon()
    return kept[0] if len(kept) == 1 else shapely.multipolygons(kept)
