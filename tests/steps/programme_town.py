"""A town of eight neighbourhoods of 151 households in one area, and a ninth that stands alone."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from renomap.model.fields import COLUMNS, NUMBER
from renomap.model.layer import Layer
from renomap.model.project import Project
from renomap.model.roles import Role
from renomap.model.scheme import Scheme
from renomap.model.settings import GroupSettings

CRS = "EPSG:4547"
FIDS = pd.Index(range(1, 10), name="fid", dtype="int64")


def make_town(preset: str = "changsha") -> Project:
    """Area 1 of the fids 1 to 8, named 甲 to 辛; fid 9, named 壬, is in no area. Two buildings in fid 1."""
    x = 500_000.0
    rows = len(FIDS)
    frame = gpd.GeoDataFrame(
        {
            name: np.full(rows, np.nan)
            if kind == NUMBER
            else pd.Series([None] * rows, dtype=object).to_numpy()
            for name, kind in COLUMNS[Role.NEIGHBOURHOODS].items()
        },
        geometry=[shapely.box(x + 100 * i, 0, x + 100 * i + 98, 98) for i in range(rows)],
        crs=CRS,
        index=FIDS,
    )
    frame["name"] = [f"{sign}里小区" for sign in "甲乙丙丁戊己庚辛壬"]
    frame["code"] = [f"CS{fid:03d}" for fid in FIDS]
    frame["households"], frame["households_flag"] = 151.0, "reported"
    frame["street"], frame["community"], frame["year_min"], frame["year_max"] = (
        "桂花街道",
        "桂花社区",
        1985.0,
        1985.0,
    )
    frame["origin"] = "survey"
    blocks = gpd.GeoDataFrame(
        {"name": ["1栋", "2栋"], "use": "residential", "floors": 6.0, "stairwells": 2.0, "households": 30.0,
         "elevators": 0.0, "year_min": 1985.0, "year_max": 1985.0, "unsafe": False},
        geometry=[shapely.box(x + 5, 5, x + 40, 20), shapely.box(x + 5, 40, x + 40, 55)],
        crs=CRS,
        index=pd.Index([1, 2], name="fid", dtype="int64"),
    )  # fmt: skip
    areas = gpd.GeoDataFrame(
        {"name": ["甲里片区"], "colour": ["#64a4d2"], "locked": [False], "kind": ["derived"], "status": [""],
         "note": [None], "size_flag": [None]},
        geometry=[None], crs=CRS, index=pd.Index([1], name="id", dtype="int64"),
    )  # fmt: skip
    assignment = pd.Series([1] * 8 + [0], index=FIDS, dtype="int64", name="area_id")
    scheme = Scheme("s1", "方案一", assignment, areas, settings=GroupSettings(preset=preset))
    layers = (
        Layer("neighbourhoods", "小区", Role.NEIGHBOURHOODS, frame),
        Layer("buildings", "楼栋", Role.BUILDINGS, blocks),
    )
    return Project(CRS, layers, (scheme,), "s1", preset, preset)
