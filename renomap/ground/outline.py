"""Outlines: the range lines of all areas of a scheme, none over another, shared borders the same."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from renomap.ground.land import Land, TakenGround, Town
from renomap.ground.pieces import polygons
from renomap.ground.range_line import NOTCH_M, REACH_M, land_line, range_line
from renomap.ground.redrawing import Former, Standing
from renomap.model.feedback import Feedback, Silent
from renomap.model.overlay import NOWHERE, holder
from renomap.model.scheme import UNASSIGNED


def outlines(
    assignment: pd.Series[int],
    land: Land,
    *,
    drawn: gpd.GeoSeries | None = None,
    former: Former | None = None,
    feedback: Feedback | None = None,
) -> gpd.GeoDataFrame:
    """The outline of each area: the line that a planner would draw round its members (片区范围线).

    See ``range_line.range_line`` for where it runs. Outlines never overlap; areas draw in the order of their
    ids, and ground that two could have is the first one's. A boundary drawn by hand stands as it is and cuts
    the derived ones.

    Parameters
    ----------
    assignment : Series
        int64, index ``fid``, the area id or 0.
    drawn : GeoSeries, optional
        Index area id, boundaries drawn by hand; missing and empty ones are derived.
    former : Former, optional
        Outlines drawn before over the same ground; the result is the same with and without them, but only
        what has changed is drawn.

    Returns
    -------
    GeoDataFrame
        Index ``id`` (int64, sorted): geometry (Polygon or MultiPolygon), ``parts`` (int), ``corridor``
        (bool: a strip over a crossing or by the user's word is part of it). Areas without members and
        without a drawn boundary do not appear.
    """
    by_hand = _by_hand(drawn)
    members = assignment[assignment != UNASSIGNED].to_numpy()
    ids = np.unique(np.concatenate([members, [*by_hand]])).astype(np.int64)
    standing = None
    if former is not None:
        hands = _by_hand(former.drawn), by_hand
        shown = land.territories, land.neighbourhoods
        standing = Standing(former, assignment, shown, hands, max(REACH_M, land.gap_m + NOTCH_M))
    found = _drawn_in_turn(ids, Town.of(assignment, land), by_hand, standing, feedback or Silent())
    geometry = [shape for shape, _ in found]
    index = pd.Index(ids, name="id")
    return gpd.GeoDataFrame(
        {
            "parts": np.array([len(shapely.get_parts(shape)) for shape in geometry], dtype=np.int64),
            "corridor": np.array([corridor for _, corridor in found], dtype=bool),
        },
        geometry=gpd.GeoSeries(geometry, crs=land.neighbourhoods.crs, index=index),
        index=index,
    )


def _drawn_in_turn(
    ids: npt.NDArray[np.int64],
    town: Town,
    by_hand: dict[int, shapely.Geometry],
    standing: Standing | None,
    feedback: Feedback,
) -> list[tuple[shapely.Geometry, bool]]:
    """Outline of each area, and whether a strip is part of it; earlier ones take ground from later ones."""
    found: list[tuple[shapely.Geometry, bool]] = []
    before = TakenGround([*by_hand.values()])
    taken = shapely.union_all(list(by_hand.values())) if by_hand else shapely.Polygon()
    for done, area in enumerate(ids.tolist()):
        feedback.check()
        feedback.progress(done / len(ids), "ground.outlining")
        if area in by_hand:
            found.append((by_hand[area], False))
            continue
        corridor = False
        shape = None if standing is None else standing.outline(area)
        if shape is None:
            try:
                shape, corridor = range_line(town, area, before)
            except shapely.errors.GEOSException:  # one odd shape among thousands stops no plan
                shape = land_line(town, area, before)
            shape = polygons(shapely.difference(shape, taken)) if by_hand else shape
            if standing is not None:
                standing.redrawn(area, shape)
        found.append((shape, corridor))
        before.add(shape)
    return found


def _by_hand(drawn: gpd.GeoSeries | None) -> dict[int, shapely.Geometry]:
    """Drawn boundaries by area; where two overlap the smaller id keeps the ground."""
    kept: dict[int, shapely.Geometry] = {}
    if drawn is None:
        return kept
    for area, shape in drawn[~(drawn.isna() | drawn.is_empty)].sort_index().items():
        others = shapely.union_all(list(kept.values()))
        kept[int(area)] = polygons(shapely.difference(shape, others)) if kept else shape
    return kept


def enclosed(
    neighbourhoods: gpd.GeoSeries, assignment: pd.Series[int], shapes: gpd.GeoSeries
) -> pd.Series[int]:
    """Which area encloses each neighbourhood without renewing it (不改造小区).

    Parameters
    ----------
    neighbourhoods : GeoSeries
        Index ``fid``.
    assignment : Series
        int64, index ``fid``, the area id or 0.
    shapes : GeoSeries
        Index area id, the outlines.

    Returns
    -------
    Series
        int64, index as ``neighbourhoods``: of a neighbourhood that is in no area the id of the area whose
        outline holds most of it, else 0.

    Examples
    --------
    >>> from shapely import box
    >>> town = gpd.GeoSeries([box(0, 0, 9, 9), box(20, 0, 29, 9)], index=[7, 8])
    >>> enclosed(town, pd.Series(0, index=[7, 8]), gpd.GeoSeries([box(-5, -5, 15, 15)], index=[3])).to_list()
    [3, 0]
    """
    inside = pd.Series(UNASSIGNED, index=neighbourhoods.index, dtype="int64")
    free = assignment.reindex(neighbourhoods.index, fill_value=UNASSIGNED) == UNASSIGNED
    free &= ~(neighbourhoods.isna() | neighbourhoods.is_empty)
    found = holder(shapes, neighbourhoods[free])
    inside[free] = np.where(found == NOWHERE, UNASSIGNED, found)
    return inside
