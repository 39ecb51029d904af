"""Pieces: what is left of the areas that an overlay gave."""

from __future__ import annotations

import shapely


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
