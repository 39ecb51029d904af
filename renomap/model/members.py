"""The members of each area: their rows of the survey, and their ground (实施范围), what is renewed."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from renomap.model.derived import once
from renomap.model.plan import Plan


def members_of(plan: Plan, area: int | None) -> pd.DataFrame:
    """The neighbourhoods of an area (None: of any area) in the plan's order, with all columns of the plan.

    Asked for some hundred times a pack and cut out of the survey once; treat it as read-only.
    """
    kept: dict[int | None, pd.DataFrame] = once(plan.neighbourhoods, "members of areas", dict)
    if area not in kept:
        ids = plan.neighbourhoods["area_id"]
        kept[area] = pd.DataFrame(plan.neighbourhoods.loc[ids > 0 if area is None else ids == area])
    return kept[area]


def members_ground(plan: Plan) -> gpd.GeoSeries:
    """The members' own land of each area as one shape.

    Returns
    -------
    GeoSeries
        Index area id, as ``plan.areas``; (multi)polygons in project CRS, empty where no member has a shape.
    """
    return once(plan.areas, "members' ground", lambda: _grounds(plan))


def _grounds(plan: Plan) -> gpd.GeoSeries:
    area = plan.neighbourhoods["area_id"].to_numpy()
    land = plan.neighbourhoods.geometry.to_numpy()
    shapes = [shapely.union_all(land[area == key]) for key in plan.areas.index.to_numpy()]
    whole = [shape if shapely.get_dimensions(shape) == 2 else shapely.Polygon() for shape in shapes]
    return gpd.GeoSeries(np.array(whole, dtype=object), index=plan.areas.index, crs=plan.areas.crs)
