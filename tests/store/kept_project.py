"""A project with one of everything, and what it means for two of them to be the same."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from renomap.model.layer import READING_COLUMNS, Layer
from renomap.model.note import Note, Severity
from renomap.model.programme import Programme
from renomap.model.project import Project
from renomap.model.roles import Role
from renomap.model.scheme import Scheme
from renomap.model.settings import GroupSettings, RunFigures
from renomap.model.standard import MeetingValue
from renomap.model.version import BY_HAND, Version

CRS = "EPSG:4547"


def same(a: Any, b: Any) -> bool:
    """Equal to the last bit, dtypes and kinds of missing values included."""
    if isinstance(a, pd.DataFrame):
        return (
            type(a) is type(b)
            and list(a.columns) == list(b.columns)
            and a.dtypes.tolist() == b.dtypes.tolist()
            and a.index.equals(b.index)
            and a.index.dtype == b.index.dtype
            and a.index.name == b.index.name
            and getattr(a, "crs", None) == getattr(b, "crs", None)
            and all(same_values(a[name], b[name]) for name in a.columns)
        )
    if isinstance(a, pd.Series):
        return a.dtype == b.dtype and a.name == b.name and a.index.equals(b.index) and same_values(a, b)
    if isinstance(a, Project | Layer | Scheme | Programme | Note | MeetingValue | Version):
        return type(a) is type(b) and all(same(getattr(a, f.name), getattr(b, f.name)) for f in fields(a))
    if isinstance(a, tuple):
        return isinstance(b, tuple) and len(a) == len(b) and all(map(same, a, b))
    return type(a) is type(b) and a == b


def same_values(a: pd.Series[Any], b: pd.Series[Any]) -> bool:
    if a.dtype == "geometry":
        return [shapely.to_wkb(x) for x in a] == [shapely.to_wkb(x) for x in b]
    return all(
        type(x) is type(y) and (x is y or x == y or (x != x and y != y)) for x, y in zip(a, b, strict=True)
    )


def make_layer(key: str = "compounds", n: int = 3) -> Layer:
    frame = gpd.GeoDataFrame(
        {
            "name": pd.Series(["桂花坪小区", None, ""][:n], dtype=object),
            "households": [151.0, np.nan, 0.1 + 0.2][:n],
            "NAME": pd.Series(["a", "b", None][:n], dtype="str"),
            "建成年代": np.array([1985, 1990, 2001][:n], dtype=np.int32),
            "geom": [1, 2, 3][:n],
            "flag": [True, False, True][:n],
            "mixed": pd.Series(["约300户", 300, None][:n], dtype=object),
            "surveyed": pd.to_datetime(["2026-05-12", None, "2026-05-13 08:30"][:n], format="ISO8601"),
            "kind": pd.Categorical(["甲", "乙", None][:n]),
        },
        geometry=[
            shapely.box(0, 0, 1, 1),
            shapely.MultiPolygon([shapely.box(2, 0, 3, 1)]),
            shapely.box(5, 0, 6, 1),
        ][:n],
        crs=CRS,
    )
    frame.index = pd.Index([0, 7, 3][:n], name="fid", dtype="int64")
    readings = pd.DataFrame(
        [[7, "households", "约300户", 300.0, "about", "approximate"]], columns=list(READING_COLUMNS)
    )
    return Layer(key, "小区 2026", Role.NEIGHBOURHOODS, frame, 4, False, True, "普查.shp", readings)


def make_project() -> Project:
    layer = make_layer()
    areas = gpd.GeoDataFrame(
        {
            "name": ["甲片区", "乙片区"], "colour": ["#aabbcc", "#112233"], "locked": [True, False],
            "kind": ["drawn", "derived"], "status": ["", "草案"], "note": [None, "注"],
            "size_flag": [None, "undersized"],
        },
        geometry=[shapely.box(0, 0, 9, 9), None],
        crs=CRS,
        index=pd.Index([1, 2], name="id", dtype="int64"),
    )  # fmt: skip
    assignment = pd.Series([1, 0, 2], index=layer.frame.index, dtype="int64", name="area")
    overrides = pd.DataFrame({"a": [0], "b": [7], "action": ["link"], "reason": ["人行桥"]})
    made = RunFigures(2, 0.5, {"shape": 0.25, "pooling": None}, "proven", made="2026-05-12T09:00:00")
    left = {"7": {"code": "grouping.reason.no-fit", "params": {"area": 2}}}
    settings = GroupSettings(
        "changsha", 2, {"households_min": 300.0}, ("count_max", "households_min"), 30.0, result=made,
        scattered=left,
    )  # fmt: skip
    scheme = Scheme("s1", "方案一", assignment, areas, overrides, settings)
    empty = Layer(
        "areas",
        "空",
        Role.ROADS,
        gpd.GeoDataFrame(
            {"name": pd.Series(dtype=object)},
            geometry=[],
            crs=CRS,
            index=pd.Index([], dtype="int64", name="fid"),
        ),
    )
    note = Note("import.guess", {"n": 3}, Severity.GUESS, "compounds", (0, 7), (1.5, 2.5), 0.8)
    meeting = MeetingValue("parking", "rate", "0.6/household", "王工", "2026-05-12T09:00")
    return Project(
        CRS, (layer, empty), (scheme,), "s1", "changsha", "changsha", (meeting,), {"author": "设计院"},
        (note,), {"a": (1, float("nan"))}, make_programme(),
        (Version("version_1", "五月会议", "王工", "2026-05-12T09:00", BY_HAND, scheme),),
    )  # fmt: skip


def make_programme() -> Programme:
    works = [
        {
            "fid": 3,
            "item": "pipes",
            "quantity": 1.2,
            "start": "2026-05",
            "end": "2026-08-31",
            "origin": "typed",
        },
        {"fid": 7, "building": 2, "item": "roof", "cost": 240000},
    ]
    programme = Programme("changsha").with_rows("works", works)
    rows = [{"scheme": "s1", "area": 1, "name": "甲片区", "fixed": True, "members": "0 3"}]
    return programme.with_rows("projects", rows).with_rows(
        "units", [{"fid": 7, "stage": "annual", "year": 2027}]
    )
