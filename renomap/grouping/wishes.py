"""What a planner brings to a grouping beside neighbourhoods and links: wishes, facts, and what is decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from renomap.model.problem import AUTO


@dataclass(frozen=True, eq=False)
class Wishes:
    """How many areas of what size, and what makes a plan good.

    Parameters
    ----------
    count : int or 'auto', 'most', 'fewest'
    bounds, weights : Mapping
        Overrule the preset key by key; None as a bound drops it. Weights are rescaled to sum to 1 over the
        terms that have data.
    targets : Mapping
        Wished size of an area in ``households`` or ``count`` (neighbourhoods); overrules the preset key by
        key. Where both are wished, 'auto' begins at the geometric mean of the numbers they ask for.
    """

    count: int | str = AUTO
    bounds: Mapping[str, float | None] = field(default_factory=dict)
    weights: Mapping[str, float] = field(default_factory=dict)
    targets: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class NeighbourhoodFacts:
    """What is known of the neighbourhoods beside their own columns; None = nothing.

    Parameters
    ----------
    nest, community : Series, optional
        Administrative unit per fid: the one an area may not leave, and the 社区 of the administrative term.
    attributes : DataFrame, optional
        Index fid; numbers to be alike within an area (known deficits per household...), beside the year
        built. NaN = unknown.
    pooling : optional
        Has ``threshold`` (f,), ``gain`` (f, rows of the frame) and ``population`` (rows,), in the frame's
        row order.
    """

    nest: pd.Series[Any] | None = None
    community: pd.Series[Any] | None = None
    attributes: pd.DataFrame | None = None
    pooling: Any | None = None


@dataclass(frozen=True, eq=False)
class Decided:
    """What is settled before the search.

    Parameters
    ----------
    eligible : Series, optional
        Per fid; units that are not drop out with their links. Missing = eligible.
    previous, locked : Series, optional
        Area per fid (<= 0 or NaN = none) of the scheme to stay close to, and of the areas that are to be
        kept as they are.
    must_link, cannot_link : pairs of fids
        Must-linked units that do not touch are joined by the fewest units between them.
    """

    eligible: pd.Series[bool] | None = None
    previous: pd.Series[int] | None = None
    locked: pd.Series[int] | None = None
    must_link: Iterable[tuple[int, int]] = ()
    cannot_link: Iterable[tuple[int, int]] = ()
