"""Guides: what a line that is drawn may follow, and the line that an area would have by itself."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from renomap.editing.ground import drawn_boundaries
from renomap.editing.tracing import Ways
from renomap.ground.land import Land, streets_of
from renomap.ground.links import Ground
from renomap.ground.outline import outlines
from renomap.ground.territories import hard_zone
from renomap.model.derived import once
from renomap.model.scheme import UNASSIGNED
from renomap.session.stroke_context import StrokeContext

#: Areas further away than this have no say in where a line runs, metres.
NEAR_M = 100.0


def roads_of(context: StrokeContext) -> Ways:
    """Edges of streets, banks, railways and barriers, and administrative lines."""
    return once(context, "roads", lambda: Ways(_grounds(context.land.ground), _admin(context.land)))


def lines_of(context: StrokeContext) -> Ways:
    """The same, and the borders of areas as they are shown."""

    def make() -> Ways:
        shown = context.plan.areas.geometry
        borders = shown[~(shown.isna() | shown.is_empty)].to_numpy()
        return Ways(_grounds(context.land.ground), np.concatenate([_admin(context.land), borders]))

    return once(context, "lines", make)


def derived_line(context: StrokeContext, area: int) -> shapely.Geometry:
    """The range line that an area would have if nobody had drawn it; others that are drawn stay."""
    known: dict[int, shapely.Geometry] = once(context, "derived lines", dict)
    if area not in known:
        known[area] = _derived(context, area)
    return known[area]


def _derived(context: StrokeContext, area: int) -> shapely.Geometry:
    shown = context.plan.areas.geometry
    near = shown[shapely.dwithin(shown.to_numpy(), shown.loc[area], NEAR_M)].index
    around = context.assignment.where(context.assignment.isin(near), UNASSIGNED)
    scheme = context.project.scheme
    drawn = {} if scheme is None else drawn_boundaries(scheme)
    others = gpd.GeoSeries({key: drawn[key] for key in near if key in drawn and key != area}, crs=shown.crs)
    return outlines(around, context.land, drawn=others).geometry.get(area, shapely.Polygon())


def _grounds(ground: Ground) -> npt.NDArray[np.object_]:
    """Streets and barriers with their width; the ground outlives plan and context."""
    return once(
        ground.hard, "followed grounds", lambda: np.concatenate([streets_of(ground), hard_zone(ground)])
    )


def _admin(land: Land) -> npt.NDArray[np.object_]:
    return np.empty(0, dtype=object) if land.within is None else np.asarray(land.within.values)
