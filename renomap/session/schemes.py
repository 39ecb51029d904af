"""Schemes by hand: an empty one to paint, a copy to compare with."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import geopandas as gpd
import pandas as pd

from renomap.model.project import Project
from renomap.model.scheme import UNASSIGNED, Scheme
from renomap.steps.frames import neighbourhood_frame
from renomap.steps.group import free_key

_TEXTS = ("name", "colour", "kind", "status", "note")


def empty_scheme(project: Project, title: str) -> Scheme:
    """A scheme without areas, judged by the project's preset."""
    rows = neighbourhood_frame(project)
    columns: dict[str, pd.Series[Any]] = {name: pd.Series(dtype=object) for name in _TEXTS}
    flags = {name: pd.Series(dtype=bool) for name in ("locked", "undersized")}
    index = pd.Index([], dtype="int64", name="id")
    areas = gpd.GeoDataFrame(columns | flags, geometry=gpd.GeoSeries([], crs=project.crs), index=index)
    assignment = pd.Series(UNASSIGNED, index=rows.index, dtype="int64")
    return Scheme(free_key(project), title, assignment, areas, settings={"preset": project.preset})


def copied_scheme(project: Project, scheme: Scheme, title: str) -> Scheme:
    """A scheme to go on from, under another key."""
    return replace(scheme, key=free_key(project), title=title)
