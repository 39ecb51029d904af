"""The members of each area: their rows of the survey, and their ground (实施范围), what is renewed."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from renomap.model.derived import once
from renomap.model.feedback import Feedback
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
    of_each = united(plan.neighbourhoods.geometry, plan.neighbourhoods["area_id"])
    shapes = of_each.reindex(plan.areas.index).to_numpy()
    whole = [shape if shapely.get_dimensions(shape) == 2 else shapely.Polygon() for shape in shapes]
    return gpd.GeoSeries(np.array(whole, dtype=object), index=plan.areas.index, crs=plan.areas.crs)


def united(land: gpd.GeoSeries, owner: pd.Series[int], feedback: Feedback | None = None) -> gpd.GeoSeries:
    """The ground of each owner as one shape; ground of two members is there once.

    Parameters
    ----------
    land : GeoSeries
        Of each member, None where it has no shape.
    owner : Series of int
        Whose each member is, in the order of ``land``.
    feedback : Feedback, optional
        Asked before every owner.

    Returns
    -------
    GeoSeries
        Index the owners, ascending; in the CRS of ``land``. Empty without members.
    """
    keys = owner.to_numpy(dtype=np.int64)
    order = np.argsort(keys, kind="stable")
    known, begin = np.unique(keys[order], return_index=True)
    shapes = np.empty(len(known), dtype=object)
    # cut out of one array: asking a frame for the rows of each of 2,000 areas takes longer than uniting them
    for at, part in enumerate(np.split(land.to_numpy()[order], begin[1:])[: len(known)]):
        if feedback is not None:
            feedback.check()
        shapes[at] = shapely.union_all(part)
    return gpd.GeoSeries(shapes, index=pd.Index(known, name=owner.name), crs=land.crs)
