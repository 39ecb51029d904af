"""Boundaries of areas as lines, each drawn once however many areas share it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from renomap.cartography.layers import LegendEntry, MapLayer, ShapeLayer, once
from renomap.cartography.symbols import symbol
from renomap.model.plan import Plan


def outlines_of(
    plan: Plan, words: Mapping[str, str], area: int | None
) -> tuple[list[MapLayer], list[LegendEntry]]:
    """The layer of boundaries with its legend; nothing where the plan has no areas.

    On the sheet of one ``area`` the boundaries of the others are thin.
    """
    if not len(plan.areas):
        return [], []
    lines = once(plan.areas, f"outlines {area}", lambda: _boundary_lines(plan.areas, area))
    codes = ("outline-elsewhere", "outline", "undersized")
    symbols = (symbol("area.elsewhere"), symbol("area.outline"), symbol("area.undersized"))
    classes = lines["class"].to_numpy(dtype=np.int64)
    layer = ShapeLayer("outlines", lines, classes, symbols)
    entries = [
        LegendEntry(words[f"maps.legend.{codes[k]}"], "outlines", (k,), (symbols[k],), "line")
        for k in (1, 2, 0)
        if (classes == k).any()
    ]
    return [layer], entries


def _boundary_lines(areas: gpd.GeoDataFrame, area: int | None) -> gpd.GeoDataFrame:
    """Boundaries as lines drawn once, so that the dashes of two areas do not fill each other's gaps.

    Class 1 are the outlines of the sheet's area or, without one, of all areas; 2 those of undersized areas
    that no other area shares; 0 the outlines of the other areas.
    """
    shapes = np.asarray(areas.geometry.values)
    small = (
        areas["undersized"].fillna(False).astype(bool).to_numpy()
        if "undersized" in areas
        else np.zeros(len(areas))
    )
    level = np.where(small.astype(bool), 2, 1)
    if area is not None:
        level = np.where(areas.index.to_numpy() == area, level, 0)
    taken: Any = shapely.MultiLineString()
    rows, classes = [], []
    for cls in (1, 2, 0):
        merged = shapely.union_all(shapely.boundary(shapes[level == cls]))
        lines = shapely.line_merge(shapely.difference(merged, shapely.buffer(taken, 0.05)))
        parts = [part for part in shapely.get_parts(lines) if shapely.get_type_id(part) == 1]
        rows += parts
        classes += [cls] * len(parts)
        taken = shapely.union(taken, merged)
    return gpd.GeoDataFrame({"class": classes}, geometry=rows, crs=areas.crs)
