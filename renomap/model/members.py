"""Members' ground (实施范围): the land of the neighbourhoods of each area, what is renewed."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely

from renomap.model.derived import once
from renomap.model.plan import Plan


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
