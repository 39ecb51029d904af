"""How many places of a radius have every member within reach of one, and whom a single place leaves out.

A place may stand anywhere, distances are straight lines. Any set of members that one place can reach is
also reached from one of them or from the centre of a circle of that radius through two of them: those are
the places tried, and the least number of them is a minimum set cover, solved exactly in ``covering``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely

from renomap.deficits.covering import least
from renomap.deficits.rules import Floats

#: Metres by which a member may lie beyond the radius: representative points are good to the millimetre.
SLACK_M: Final = 1e-3
#: What the arithmetic of a circle through two points may err by, metres.
ROUNDING_M: Final = 1e-6
#: Areas with more members try circles around members only, and tell a range: pairs grow with the square.
MANY: Final = 150


@dataclass(frozen=True)
class Reach:
    """Places needed per area, and whom one leaves out.

    Parameters
    ----------
    low, high : float (k,)
        Least number of places that cover the members; equal where it is known exactly. NaN for areas without
        members.
    out_of_reach : float (k,)
        Known households of the members that one place of the best position leaves uncovered; the best
        position leaves the fewest. 0 where one place covers all. While households of some members are
        unknown it is the least that can be left out. NaN where only members of unknown households are left
        out, for areas without members, and where the places tried are not all.
    """

    low: Floats
    high: Floats
    out_of_reach: Floats

    @property
    def number(self) -> Floats:
        """The number of places where it is known exactly, NaN elsewhere."""
        return np.where(self.low == self.high, self.low, np.nan)


def sites(
    points: Floats, labels: npt.NDArray[np.int64], k: int, radius_m: float | None, households: Floats
) -> Reach:
    """Least number of places per area, and the households that a single one leaves out.

    Parameters
    ----------
    points : float (n, 2)
        Representative points of the neighbourhoods, metres.
    labels : int (n,)
        Area 0..k-1 of each, -1 = none or not asked for.
    k : int
        Number of areas.
    radius_m : float or None
        None: no limit, one place serves all.
    households : float (n,)
        NaN = unknown.
    """
    members = np.bincount(labels[labels >= 0], minlength=k)
    low = np.where(members > 0, 1.0, np.nan)
    reach = Reach(low, low.copy(), np.where(members > 0, 0.0, np.nan))
    if radius_m is None:
        return reach
    chosen = np.flatnonzero(labels >= 0)
    order = chosen[np.argsort(labels[chosen], kind="stable")]
    clusters = shapely.multipoints(points[order], indices=labels[order], out=np.full(k, None, dtype=object))
    wide = np.flatnonzero(shapely.minimum_bounding_radius(clusters) > radius_m + SLACK_M)
    starts = np.searchsorted(labels[order], wide)
    for area, start in zip(wide, starts, strict=True):
        own = order[start : start + members[area]]
        covers = _covers(points[own], radius_m + SLACK_M)
        whole = members[area] <= MANY
        fewest, most = least(covers)
        reach.low[area] = fewest if whole else _apart(points[own], radius_m + SLACK_M)
        reach.high[area] = most
        reach.out_of_reach[area] = _left_out(covers, households[own]) if whole and most > 1 else np.nan
        if most == 1:
            reach.out_of_reach[area] = 0.0
    return reach


def _covers(points: Floats, radius_m: float) -> npt.NDArray[np.bool_]:
    """Who is reached from each place tried: a row per member, a column per place."""
    # From the corner of the members: the same wherever on the plane the area lies.
    local = np.round(points - points.min(axis=0), 3)
    places = np.unique(local, axis=0)
    if len(points) <= MANY:
        places = np.vstack([places, _through_two(places, radius_m)])
    across, up = (np.subtract.outer(local[:, side], places[:, side]) for side in (0, 1))
    reached: npt.NDArray[np.bool_] = across**2 + up**2 <= (radius_m + ROUNDING_M) ** 2
    return reached


def _through_two(points: Floats, radius_m: float) -> Floats:
    """Centres of the two circles of that radius through each pair of points that has them."""
    a, b = np.triu_indices(len(points), 1)
    step = points[b] - points[a]
    length = np.hypot(step[:, 0], step[:, 1])
    fits = (length > 0) & (length <= 2 * radius_m)
    step, length, start = step[fits], length[fits], points[a[fits]]
    height = np.sqrt(np.maximum(radius_m**2 - (length / 2) ** 2, 0.0))
    normal = np.column_stack([-step[:, 1], step[:, 0]]) / length[:, None] * height[:, None]
    middle = start + step / 2
    return np.vstack([middle + normal, middle - normal])


def _left_out(covers: npt.NDArray[np.bool_], households: Floats) -> float:
    """Known households that the best single place leaves out; NaN where all left out are unknown."""
    known = np.nan_to_num(households, nan=0.0)
    left = known.sum() - known @ covers
    # Of places that leave out as few households, the one that leaves out the fewest members.
    best = np.lexsort((-covers.sum(axis=0), np.round(left, 6)))[0]
    missed = ~covers[:, best]
    if missed.any() and np.isnan(households[missed]).all():
        return float("nan")
    return float(known[missed].sum())


def _apart(points: Floats, radius_m: float) -> int:
    """Members of whom no two share a circle, taken one by one: each needs a place of its own."""
    taken: list[Floats] = []
    for point in points[np.lexsort((points[:, 1], points[:, 0]))]:
        if all(np.hypot(*(point - other)) > 2 * radius_m + ROUNDING_M for other in taken):
            taken.append(point)
    return len(taken)
