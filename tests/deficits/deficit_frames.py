"""Small survey frames that tests of the deficits room build their areas from."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from renomap.model.links import Links
from renomap.model.standard import Level, Standard

CRS = "EPSG:4547"
SIDE = 50.0
PITCH = 60.0


def grid(n: int, columns: int | None = None, **values: object) -> gpd.GeoDataFrame:
    """n square compounds of 50 m, 10 m apart, in rows of ``columns``; fids from 1."""
    per_row = columns or n
    at = np.arange(n)
    x, y = at % per_row * PITCH, at // per_row * PITCH
    index = pd.Index(at + 1, name="fid", dtype="int64")
    return gpd.GeoDataFrame(values, geometry=shapely.box(x, y, x + SIDE, y + SIDE), index=index, crs=CRS)


def one_area(frame: gpd.GeoDataFrame, area: int = 1) -> tuple[pd.Series, gpd.GeoSeries]:
    """All neighbourhoods in one area whose outline is their convex hull."""
    return several(frame, [area] * len(frame))


def several(frame: gpd.GeoDataFrame, labels: list[int]) -> tuple[pd.Series, gpd.GeoSeries]:
    """Assignment by labels; outlines are the hulls of the members."""
    assignment = pd.Series(labels, index=frame.index, dtype="int64")
    ids = sorted({label for label in labels if label})
    hulls = [frame.geometry[assignment == one].union_all().convex_hull for one in ids]
    return assignment, gpd.GeoSeries(hulls, index=pd.Index(ids, dtype="int64"), crs=CRS)


def chain(frame: gpd.GeoDataFrame, gap_m: float = 10.0) -> Links:
    """Each neighbourhood linked with the next."""
    n = len(frame) - 1
    a = np.arange(n, dtype=np.int32)
    return Links(
        fids=frame.index.to_numpy(dtype=np.int64),
        a=a,
        b=a + np.int32(1),
        frontage_m=np.full(n, SIDE),
        gap_m=np.full(n, gap_m),
        cost=np.zeros(n),
        kind=np.ones(n, dtype=np.int8),
        via=[""] * n,
    )


def places(*rows: tuple[str, float, float, float | None, bool | None]) -> gpd.GeoDataFrame:
    """A facility layer of points: (facility, x, y, capacity, shared)."""
    return gpd.GeoDataFrame(
        {
            "name": [f"{row[0]} {i}" for i, row in enumerate(rows)],
            "facility": [row[0] for row in rows],
            "capacity": pd.Series([row[3] for row in rows], dtype="float64").to_numpy(),
            "shared": pd.Series([row[4] for row in rows], dtype=object).to_numpy(),
        },
        geometry=[shapely.Point(row[1], row[2]) for row in rows],
        index=pd.Index(range(1, len(rows) + 1), name="fid", dtype="int64"),
        crs=CRS,
    )


def line_of(standard: Standard, key: str) -> int:
    """Position of a facility in a standard."""
    return [item.key for item in standard.facilities].index(key)


def per_area(standard: Standard, key: str = "clinic") -> Standard:
    """The standard with a facility judged per area and pooled there, as a table of one's own may say."""
    changed = tuple(
        replace(item, level=Level.AREA, base="area", pooled=True) if item.key == key else item
        for item in standard.facilities
    )
    return replace(standard, facilities=changed)
