"""Values that somebody gave by hand stay when the next edition of the survey comes in."""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import pandas as pd

from renomap.model.layer import BY_HAND, Layer

#: Columns that one field of the reader's stands for, where they are more than the field itself.
_COLUMNS: Final = {"year": ("year_min", "year_max"), "households": ("households", "households_flag")}


def keep_by_hand(
    old: Layer, frame: gpd.GeoDataFrame, readings: pd.DataFrame
) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """The new rows and their readings with the values that the old layer has by hand.

    A planner who has corrected a number would not look for it again, and most surveys repeat their old
    mistakes; whoever wants the survey's number clears the cell and types it.

    Parameters
    ----------
    old : Layer
        The layer as it was.
    frame : GeoDataFrame
        New rows under the old fids.
    readings : DataFrame
        Readings of the new rows, ``model.layer.READING_COLUMNS``.
    """
    given = old.readings[(old.readings["method"] == BY_HAND).to_numpy(dtype=bool)]
    given = given[given["fid"].isin(frame.index).to_numpy(dtype=bool)]
    if given.empty:
        return frame, readings
    kept = frame.copy()
    for field, rows in given.groupby("field", sort=True):
        fids = rows["fid"].astype("int64").to_numpy()
        for name in _COLUMNS.get(str(field), (str(field),)):
            if name in kept and name in old.frame:
                column = kept[name].copy()
                column.loc[fids] = old.frame.loc[fids, name]
                kept[name] = column
    told = set(zip(given["fid"].astype(int), given["field"], strict=True))
    others = [
        (int(fid), name) not in told for fid, name in zip(readings["fid"], readings["field"], strict=True)
    ]
    parts = [
        part for part in (readings[pd.Series(others, index=readings.index, dtype=bool)], given) if len(part)
    ]
    return kept, pd.concat(parts, ignore_index=True)
