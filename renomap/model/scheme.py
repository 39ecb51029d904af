"""A scheme (方案): one way to group the neighbourhoods into areas."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

import geopandas as gpd
import pandas as pd

from renomap.model.settings import BY_HAND, GroupSettings

UNASSIGNED = 0
LINK_COLUMNS = ("a", "b", "action", "reason", "by", "at")


class SizeFlag(StrEnum):
    """How the size of an area differs from what is wished for; frames hold the plain text, None = it fits."""

    UNDERSIZED = "undersized"  # 规模不足: below a lower bound
    OVERSIZED = "oversized"  # 规模超限: above an upper bound, whatever else it is below
    TO_CHECK = "to_check"  # 规模待核: what is unknown decides whether it keeps a bound
    SINGLE = "single"  # 单个小区: keeps the bounds, but one neighbourhood is no 片区


#: Flags of the areas that break a bound.
MISSIZED: Final = (SizeFlag.UNDERSIZED.value, SizeFlag.OVERSIZED.value)

#: Flags that come with a bound: it is broken, or not known to be kept.
NOT_FITTING: Final = (*MISSIZED, SizeFlag.TO_CHECK.value)


@dataclass(frozen=True)
class SizeCounts:
    """How many areas there are; ``fitting`` keep the bounds, ``single`` of these are one neighbourhood."""

    areas: int
    fitting: int
    single: int
    undersized: int
    oversized: int
    to_check: int


def count_sizes(flags: pd.Series[Any]) -> SizeCounts:
    """Count the areas by their ``size_flag``."""
    of = {flag: int((flags == flag.value).sum()) for flag in SizeFlag}
    small, large, open_ = of[SizeFlag.UNDERSIZED], of[SizeFlag.OVERSIZED], of[SizeFlag.TO_CHECK]
    fitting = len(flags) - small - large - open_
    return SizeCounts(len(flags), fitting, of[SizeFlag.SINGLE], small, large, open_)


def no_overrides() -> pd.DataFrame:
    """An empty table of link overrides: ``a``, ``b`` (fids, a < b), ``action`` (link | cut), ``reason``,
    ``by`` (who set it) and ``at`` (ISO date).

    Projects of earlier versions have no ``by`` and ``at``; both are empty or NaN where nobody kept them.
    """
    return pd.DataFrame(
        {
            "a": pd.Series(dtype="int64"),
            "b": pd.Series(dtype="int64"),
            "action": pd.Series(dtype=object),
            "reason": pd.Series(dtype=object),
            "by": pd.Series(dtype=object),
            "at": pd.Series(dtype=object),
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
        ``kind`` ('derived' | 'drawn'), ``status`` (str), ``note`` (str), ``size_flag`` (a value of
        ``SizeFlag`` or None: as the engine left it; the plan judges the areas as they are now); geometry =
        the boundary drawn by hand, None where the outline is derived.
    overrides : DataFrame
        The user's links and cuts, see ``no_overrides``.
    settings : GroupSettings
        What made the scheme: preset, bounds, weights, gap, nesting, seed, what the search found.
    """

    key: str
    title: str
    assignment: pd.Series[int]
    areas: gpd.GeoDataFrame
    overrides: pd.DataFrame = field(default_factory=no_overrides)
    settings: GroupSettings = BY_HAND
