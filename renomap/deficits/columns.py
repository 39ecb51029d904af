"""A column of a survey frame as numbers or texts; a missing column is unknown throughout."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from renomap.deficits.rules import Floats

_ANSWERS = {"yes": 1.0, "no": 0.0, True: 1.0, False: 0.0}


def numbers(frame: gpd.GeoDataFrame, column: str) -> Floats:
    """The column as float64, NaN for unknown; 'yes' and 'no' read as 1 and 0, other words as unknown.

    Values below 0 or infinite are unknown too: no count of a survey can be that.
    """
    if column not in frame:
        return np.full(len(frame), np.nan)
    raw = frame[column]
    if raw.dtype.kind in "Ob" or isinstance(raw.dtype, pd.StringDtype):
        raw = pd.to_numeric(raw.astype(object).map(lambda value: _ANSWERS.get(value, value)), errors="coerce")
    values: Floats = raw.to_numpy(dtype=np.float64, na_value=np.nan)
    return np.where(np.isfinite(values) & (values >= 0), values, np.nan)


def texts(frame: gpd.GeoDataFrame, column: str) -> list[str | None]:
    """The column as texts, None for unknown."""
    if column not in frame:
        return [None] * len(frame)
    return [value if isinstance(value, str) and value else None for value in frame[column]]
