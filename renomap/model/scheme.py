"""A scheme (方案): one way to group the neighbourhoods into areas."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import pandas as pd

UNASSIGNED = 0
LINK_COLUMNS = ("a", "b", "action", "reason")


def no_overrides() -> pd.DataFrame:
    """An empty table of link overrides: ``a``, ``b`` (fids, a < b), ``action`` (link | cut), ``reason``."""
    return pd.DataFrame(
        {
            "a": pd.Series(dtype="int64"),
            "b": pd.Series(dtype="int64"),
            "action": pd.Series(dtype=object),
            "reason": pd.Series(dtype=object),
        }
    )


@dataclass(frozen=True)
class Scheme:
    """One alternative plan.

    Parameters
    ----------
    assignment : Series
        int64, index ``fid`` of every neighbourhood, value the area id (>= 1) or ``UNASSIGNED`` (0).
    areas : GeoDataFrame
        Index ``id`` (int64 >= 1). Columns: ``name`` (str), ``colour`` ('#rrggbb'), ``locked`` (bool),
        ``kind`` ('derived' | 'drawn'), ``status`` (str), ``note`` (str), ``undersized`` (bool: 规模不足, set
        by the engine); geometry = the boundary drawn by hand, None where the outline is derived.
    overrides : DataFrame
        The user's links and cuts, see ``no_overrides``.
    settings : Mapping
        What made the scheme: preset, bounds, weights, gap, within, seed, result figures. Plain JSON values.
    """

    key: str
    title: str
    assignment: pd.Series[int]
    areas: gpd.GeoDataFrame
    overrides: pd.DataFrame = field(default_factory=no_overrides)
    settings: Mapping[str, Any] = field(default_factory=dict)
