"""Guides: what a hand that draws may follow, and the line that an area would have by itself."""

from __future__ import annotations

from functools import lru_cache

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from renomap.editing.ground import drawn_boundaries
from renomap.editing.tracing import Ways
from renomap.ground.land import Land, streets_of
from renomap.ground.outline import outlines
from renomap.ground.territories import hard_zone
from renomap.model.scheme import UNASSIGNED
from renomap.session.stroke_context import StrokeContext

#: Areas further away than this have no say in where a line runs, metres.
NEAR_M = 100.0


def roads_of(context: StrokeContext) -> Ways:
    """Edges of streets, banks, railways and barriers, and administrative lines."""
    return _roads(context.land)


@lru_cache(maxsize=1)
def lines_of(context: StrokeContext) -> Ways:
    """The same, and the borders of areas as they are shown."""
    shown = context.plan.areas.geometry
    borders = shown[~(shown.isna() | shown.is_empty)].to_numpy()
    return Ways(_grounds(context.land), np.concatenate([_admin(context.land), borders]))


@lru_cache(maxsize=4)
def derived_line(context: StrokeContext, area: int) -> shapely.Geometry:
    """The range line that an area would have if nobody had drawn it; others that are drawn stay."""
    shown = context.plan.areas.geometry
    near = shown[shapely.dwithin(shown.to_numpy(), shown.loc[area], NEAR_M)].index
    around = context.assignment.where(context.assignment.isin(near), UNASSIGNED)
    scheme = context.project.scheme
    drawn = {} if scheme is None else drawn_boundaries(scheme)
    others = gpd.GeoSeries({key: drawn[key] for key in near if key in drawn and key != area}, crs=shown.crs)
    return outlines(around, context.land, drawn=others).geometry.get(area, shapely.Polygon())


@lru_cache(maxsize=1)
def _grounds(land: Land) -> npt.NDArray[np.object_]:
    return np.concatenate([streets_of(land.ground), hard_zone(land.ground)])


@lru_cache(maxsize=1)
def _roads(land: Land) -> Ways:
    return Ways(_grounds(land), _admin(land))


def _admin(land: Land) -> npt.NDArray[np.object_]:
    return np.empty(0, dtype=object) if land.within is None else np.asarray(land.within.values)
