"""A layer: rows with geometry that play one role."""

from __future__ import annotations

from dataclasses import dataclass, field

import geopandas as gpd
import pandas as pd

from renomap.model.roles import Role

READING_COLUMNS = ("fid", "field", "raw", "value", "method", "flag")
#: The method of a reading that somebody typed.
BY_HAND = "by_hand"


def no_readings() -> pd.DataFrame:
    """An empty table of readings."""
    return pd.DataFrame({name: pd.Series(dtype=object) for name in READING_COLUMNS})


@dataclass(frozen=True)
class Layer:
    """Rows of one role in project coordinates. A value: an edit makes a new layer with ``version`` + 1.

    Parameters
    ----------
    key : str
        Unique within the project, ASCII, also the table name in the project file.
    title : str
        Name as the user knows it (the source layer's name); ``--within TITLE.FIELD`` looks it up.
    frame : GeoDataFrame
        Index ``fid`` (int64, unique, never reused), valid 2-D geometry without empties, CRS in metres.
        Canonical columns of ``model.fields`` are present for the role; all other columns passed through.
    readings : DataFrame
        One row per value that was not simply a number or a text: ``fid, field, raw, value, method, flag``.
    source : str
        File (name only) the rows came from.
    """

    key: str
    title: str
    role: Role
    frame: gpd.GeoDataFrame
    version: int = 0
    locked: bool = True
    visible: bool = True
    source: str = ""
    readings: pd.DataFrame = field(default_factory=no_readings)
