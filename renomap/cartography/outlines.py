"""Boundaries of areas as lines, each drawn once however many areas share it."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from renomap.cartography.layers import IntArray, LegendEntry, MapLayer, ShapeLayer
from renomap.cartography.symbols import symbol
from renomap.model.derived import once
from renomap.model.members import members_ground
from renomap.model.plan import Plan
from renomap.model.scheme import MISSIZED

GRID_M = 0.01
ObjectArray = npt.NDArray[np.object_]


def outlines_of(
    plan: Plan, words: Mapping[str, str], area: int | None
) -> tuple[list[MapLayer], list[LegendEntry]]:
    """The layers of boundaries with their legend; nothing where the plan has no areas.

    Below the range lines (片区范围线) a thin line goes round the members' ground (实施范围), on large scales
    only. On the sheet of one ``area`` the boundaries of the others are thin and their members have no line.
    """
    if not len(plan.areas):
        return [], []
    lines = once(plan.areas, f"outlines {area}", lambda: _boundary_lines(plan.areas, area))
    codes = ("outline-elsewhere", "outline", "missized")
    symbols = (symbol("area.elsewhere"), symbol("area.outline"), symbol("area.missized"))
    classes = lines["class"].to_numpy(dtype=np.int64)
    layer = ShapeLayer("outlines", lines, classes, symbols)
    entries = [
        LegendEntry(words[f"maps.legend.{codes[k]}"], "outlines", (k,), (symbols[k],), "line")
        for k in (1, 2, 0)
        if (classes == k).any()
    ]
    shown = members_ground(plan) if area is None else members_ground(plan).loc[[area]]
    rims = once(plan.areas, f"members' rims {area}", lambda: shown.boundary)
    rim = symbol("area.members")
    ground = ShapeLayer("members_ground", rims, np.zeros(len(rims), dtype=np.int64), (rim,))
    entries.insert(
        1, LegendEntry(words["maps.legend.members-ground"], "members_ground", (0,), (rim,), "line")
    )
    return [ground, layer], entries


def _boundary_lines(areas: gpd.GeoDataFrame, area: int | None) -> gpd.GeoDataFrame:
    """Boundaries as lines drawn once, so that the dashes of two areas do not fill each other's gaps.

    Class 1 are the outlines of the sheet's area or, without one, of all areas; 2 those of areas
    whose size does not fit and that no other area shares; 0 the outlines of the other areas.
    """
    pieces, piece, owner = once(areas, "border pieces", lambda: _border_pieces(areas))
    misfit = areas["size_flag"].isin(MISSIZED).to_numpy()
    strength = np.where(misfit, 1, 2)  # the line of an area that fits wins
    if area is not None:
        strength = np.where(areas.index.to_numpy() == area, strength, 0)
    strongest = np.zeros(len(pieces), dtype=np.int64)
    np.maximum.at(strongest, piece, strength[owner])
    rows: list[shapely.Geometry] = []
    classes: list[int] = []
    for value, cls in ((0, 0), (1, 2), (2, 1)):
        joined = shapely.line_merge(shapely.multilinestrings(pieces[strongest == value]))
        lines = shapely.get_parts(joined)
        rows += list(lines)
        classes += [cls] * len(lines)
    return gpd.GeoDataFrame({"class": np.array(classes, dtype=np.int64)}, geometry=rows, crs=areas.crs)


def _border_pieces(areas: gpd.GeoDataFrame) -> tuple[ObjectArray, IntArray, IntArray]:
    """All boundaries parted where areas meet, and pairs (piece, row of an area that it bounds)."""
    rings = shapely.boundary(np.asarray(areas.geometry.values, dtype=object))
    # Snapped to a centimetre: two sides of a border may differ in the last digit.
    merged = shapely.line_merge(shapely.union_all(rings, grid_size=GRID_M))
    pieces: ObjectArray = np.array(
        [part for part in shapely.get_parts(merged) if not part.is_empty],
        dtype=object,
    )
    middles = shapely.line_interpolate_point(pieces, 0.5, normalized=True)
    piece, owner = shapely.STRtree(rings).query(middles, predicate="dwithin", distance=3 * GRID_M)
    return pieces, piece.astype(np.int64), owner.astype(np.int64)
