"""Neighbourhoods of which only the position is known: their discs are marked, so that nobody takes them for
boundaries."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from renomap.cartography.layers import LegendEntry, MapLayer, ShapeLayer
from renomap.cartography.symbols import symbol
from renomap.model.derived import once
from renomap.model.fields import PLACED
from renomap.model.plan import Plan

DISCS = "discs"


def discs_of(plan: Plan, words: Mapping[str, str]) -> tuple[list[MapLayer], list[LegendEntry]]:
    """A layer of dashed rims with its line of the legend; nothing where there are no discs."""
    frame = plan.neighbourhoods
    if "origin" not in frame or not (frame["origin"] == PLACED).any():
        return [], []
    rows = once(frame, DISCS, lambda: frame.loc[frame["origin"] == PLACED, ["geometry"]])
    look = symbol("neighbourhood.disc")
    layer = ShapeLayer(DISCS, rows, np.zeros(len(rows), dtype=np.int64), (look,))
    return [layer], [LegendEntry(words["maps.legend.disc"], DISCS, (0,), (look,), "polygon", counted=True)]
