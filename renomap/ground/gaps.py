"""How the choice of the gap changes who is connected: the chart a planner reads before choosing."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd

from renomap.ground.links import Ground, find_links
from renomap.model.connection import connected
from renomap.model.feedback import Feedback, Silent
from renomap.model.links import Links

#: Gaps of the chart, metres: contact, alley, lane, street, the usual gap, wide streets.
GAPS_M: tuple[float, ...] = (0.0, 5.0, 12.0, 20.0, 30.0, 50.0, 80.0, 120.0)


def gap_chart(
    neighbourhoods: gpd.GeoSeries,
    ground: Ground,
    gaps: Sequence[float] = GAPS_M,
    *,
    gap_road_m: float = 60.0,
    overrides: pd.DataFrame | None = None,
    feedback: Feedback | None = None,
) -> pd.DataFrame:
    """Links, pieces and scattered units for a series of gaps.

    Parameters
    ----------
    neighbourhoods, ground, gap_road_m, overrides
        As for ``ground.find_links``; the greater gap over roads is never less than the gap itself.
    gaps : sequence of float
        Gaps to try, metres.

    Returns
    -------
    DataFrame
        A row a gap, in the order given: ``gap_m``, ``links`` (pairs), ``pieces`` (connected sets of two or
        more), ``scattered`` (units without any link). Figures of the chart equal those of a run with that
        gap.
    """
    feedback = feedback or Silent()
    rows = []
    for at, gap_m in enumerate(gaps):
        feedback.progress(at / len(gaps), "ground.charting")
        links = find_links(
            neighbourhoods,
            ground,
            gap_m=gap_m,
            gap_road_m=max(gap_m, gap_road_m),
            overrides=overrides,
            feedback=feedback,
        )
        pieces, scattered = count_pieces(links)
        rows.append((float(gap_m), len(links), pieces, scattered))
    return pd.DataFrame(rows, columns=["gap_m", "links", "pieces", "scattered"])


def count_pieces(links: Links) -> tuple[int, int]:
    """Connected sets of two or more units, and units without a link."""
    sizes = np.bincount(connected(len(links.fids), links.a, links.b))
    return int((sizes > 1).sum()), int((sizes == 1).sum())
