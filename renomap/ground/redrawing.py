"""Redrawing: which outlines of an earlier assignment still stand; a stroke redraws what it touched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from renomap.model.scheme import UNASSIGNED

Boxes = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Former:
    """Outlines drawn before over the same ground (the same territories, links and lines).

    ``assignment`` is indexed by ``fid``, ``outlines`` is what ``outline.outlines`` gave for it, and ``drawn``
    the boundaries drawn by hand that it was given.
    """

    assignment: pd.Series[int]
    outlines: gpd.GeoDataFrame
    drawn: gpd.GeoSeries | None = None


class Standing:
    """Tells of each area, asked in ascending order, whether its former outline would come out the same.

    An outline depends on its members, on who is assigned within ``reach`` metres of their ground, on
    boundaries drawn by hand there, and on the outlines drawn before it there. It lies within the
    gap of the box of its members' ground, but for strips over crossings: an outline with such a strip, or of
    several parts, is always drawn anew. ``ground`` is the territories and the land of the neighbourhoods,
    ``by_hand`` the drawn boundaries before and now.
    """

    def __init__(
        self,
        former: Former,
        assignment: pd.Series[int],
        ground: tuple[gpd.GeoSeries, gpd.GeoSeries],
        by_hand: tuple[Mapping[int, shapely.Geometry], Mapping[int, shapely.Geometry]],
        reach: float,
    ) -> None:
        fids = ground[0].index
        now = assignment.reindex(fids, fill_value=UNASSIGNED).to_numpy()
        was = former.assignment.reindex(fids, fill_value=UNASSIGNED).to_numpy()
        own, land = (shapely.bounds(part.reindex(fids).to_numpy()) for part in ground)
        boxes = np.hstack([np.fmin(own[:, :2], land[:, :2]), np.fmax(own[:, 2:], land[:, 2:])])
        moved = now != was
        self._shapes = dict(zip(former.outlines.index, former.outlines.geometry.to_numpy(), strict=True))
        plain = (former.outlines["parts"] == 1) & ~former.outlines["corridor"]
        touched = {*now[moved].tolist(), *was[moved].tolist()} | {*by_hand[0]} | {*by_hand[1]}
        self._plain = {int(area) for area in plain.index[plain.to_numpy()]} - touched
        members = pd.DataFrame(boxes).groupby(now)
        low, high = members[[0, 1]].min(), members[[2, 3]].max()
        self._boxes = pd.concat([low - reach, high + reach], axis=1)
        left = [self._shapes[area] for area in touched if area in self._shapes]
        hands = {area for area in touched if by_hand[0].get(area) != by_hand[1].get(area)}
        drawn = [shape for hand in by_hand for area, shape in hand.items() if area in hands]
        self._fresh: Boxes = np.vstack([boxes[moved], _boxes_of([*left, *drawn])])

    def outline(self, area: int) -> shapely.Geometry | None:
        """The former outline, of one part and without strips, if nothing changed where it could matter."""
        if area not in self._plain:
            return None
        x0, y0, x1, y1 = self._boxes.loc[area].to_numpy()
        fresh = self._fresh
        near = (fresh[:, 0] <= x1) & (fresh[:, 2] >= x0) & (fresh[:, 1] <= y1) & (fresh[:, 3] >= y0)
        return None if near.any() else self._shapes[area]

    def redrawn(self, area: int, shape: shapely.Geometry) -> None:
        """Tell how an outline came out that was drawn anew; later ones near it follow where it differs."""
        was = self._shapes.get(area)
        if was is None or not shapely.equals_exact(was, shape):
            self._fresh = np.vstack([self._fresh, _boxes_of([shape] if was is None else [shape, was])])


def _boxes_of(shapes: list[shapely.Geometry]) -> Boxes:
    boxes: Boxes = shapely.bounds(np.array(shapes, dtype=object)).reshape(-1, 4)
    return boxes
