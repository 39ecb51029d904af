"""What an area holds besides dwellings and facilities: unsafe buildings, city spots, heritage, idle rooms."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from renomap.model.fields import HERITAGE_NONE
from renomap.model.scheme import UNASSIGNED
from renomap.sources.kinds import heritage

SUMMED = ("unsafe_buildings", "city_spots_m2")


def tallies(
    neighbourhoods: gpd.GeoDataFrame, outlines: gpd.GeoSeries, sites: gpd.GeoDataFrame | None
) -> pd.DataFrame:
    """A row per area.

    Parameters
    ----------
    neighbourhoods : GeoDataFrame
        Members and others, with ``area_id``; canonical columns.
    outlines : GeoSeries
        Outline of each area, index area id, metres; the rows of the result in this order.
    sites : GeoDataFrame or None
        Idle rooms and ground (role sites); None where the survey has no such layer.

    Returns
    -------
    DataFrame
        ``unsafe_buildings`` and ``city_spots_m2``: sums of the known values of the members, NaN where none
        is known. ``heritage_names``: distinct texts of the members joined by the enumeration comma, None
        where no member names any. Each has ``<column>_known`` (``heritage_known``), the count of members of
        whom it is known; of heritage ``none`` is known. ``idle_sites`` and ``idle_sites_m2``: count and sum
        of the known areas of the sites that lie in the outline or on its border (a site on two goes to the
        first), ``idle_sites_m2_known`` the count of those with a known area; NaN without such a layer.
    """
    ids = outlines.index
    members = neighbourhoods[neighbourhoods["area_id"] != UNASSIGNED]
    of = members["area_id"]
    table = pd.DataFrame(index=ids)
    for name in SUMMED:
        values = members[name].astype(float).groupby(of)
        table[name] = values.sum(min_count=1).reindex(ids)
        table[f"{name}_known"] = values.count().reindex(ids, fill_value=0).astype("int64")
    told = pd.Series(heritage(members["heritage"]), index=members.index, dtype=object)
    table["heritage_known"] = told.notna().groupby(of).sum().reindex(ids, fill_value=0).astype("int64")
    named = told[told.notna() & (told != HERITAGE_NONE)]
    names = named.groupby(of.loc[named.index]).agg(lambda texts: "、".join(dict.fromkeys(texts)))
    table["heritage_names"] = pd.Series([names.get(area) for area in ids.tolist()], index=ids, dtype=object)
    return table.join(_sites(outlines, sites))


def _sites(outlines: gpd.GeoSeries, sites: gpd.GeoDataFrame | None) -> pd.DataFrame:
    ids = outlines.index
    names = ["idle_sites", "idle_sites_m2", "idle_sites_m2_known"]
    if sites is None:
        return pd.DataFrame(np.nan, index=ids, columns=names)
    shapes = np.asarray(sites.geometry.values, dtype=object)
    area, site = shapely.STRtree(shapes).query(np.asarray(outlines.values), predicate="intersects")
    owner = np.full(len(shapes), len(ids))
    np.minimum.at(owner, site, area)
    surface = sites["area_m2"].astype(float).reset_index(drop=True)
    inside = owner < len(ids)
    by_area = surface[inside].groupby(owner[inside])
    rows = pd.RangeIndex(len(ids))
    table = pd.DataFrame(
        {
            "idle_sites": by_area.size().reindex(rows, fill_value=0).astype(float),
            "idle_sites_m2": by_area.sum(min_count=1).reindex(rows),
            "idle_sites_m2_known": by_area.count().reindex(rows, fill_value=0).astype(float),
        }
    )
    return table.set_index(ids)
