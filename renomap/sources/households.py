"""Households that no survey gives, estimated from the buildings inside; unknown where there are none."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from renomap.model.overlay import NOWHERE, holder


def estimate(
    neighbourhoods: gpd.GeoSeries,
    buildings: gpd.GeoDataFrame,
    m2_per_household: float,
    storeys: float | None = None,
) -> tuple[pd.Series, pd.Series]:
    """Households of each neighbourhood from the floors of its buildings.

    Sum of footprint x storeys of the residential buildings inside (a building belongs to the neighbourhood
    that holds most of it) over the floor area per household, rounded to whole households.

    Parameters
    ----------
    neighbourhoods : GeoSeries
        Polygons, index fid.
    buildings : GeoDataFrame
        Polygons with ``floors`` and ``use``, same CRS in metres.
    m2_per_household : float
        Floor area per household, m2.
    storeys : float, optional
        Storeys assumed of buildings that state none; None: they add nothing.

    Returns
    -------
    households : Series
        float, index of ``neighbourhoods``; NaN where no building with known storeys is inside. Buildings
        whose storeys are unknown add nothing, so the estimate is low where ``share`` is below 1.
    share : Series
        Share of the footprint of its residential buildings whose storeys are known, 0..1; NaN without
        building.
    """
    footprint = shapely.area(np.asarray(buildings.geometry.values))
    floors = buildings["floors"].to_numpy(dtype=float)
    if storeys is not None:
        floors = np.where(np.isnan(floors), storeys, floors)
    lived_in = _lived_in(buildings["use"])
    home = np.full(len(buildings), NOWHERE, dtype=np.int64)
    rows = np.flatnonzero(lived_in)
    home[rows] = holder(neighbourhoods, buildings.geometry.iloc[rows])
    inside = home != NOWHERE
    table = pd.DataFrame(
        {
            "fid": home[inside],
            "all": footprint[inside],
            "known": np.where(np.isnan(floors[inside]), 0.0, footprint[inside]),
            "floors": np.nan_to_num(footprint[inside] * floors[inside]),
        }
    )
    sums = table.groupby("fid").sum().reindex(neighbourhoods.index)
    households = (sums["floors"] / m2_per_household).round()
    return households.where(households > 0), sums["known"] / sums["all"]


def _lived_in(use: pd.Series) -> npt.NDArray[np.bool_]:
    """All but those known to be something else."""
    return np.asarray(use.isna() | (use == "residential"), dtype=bool)
