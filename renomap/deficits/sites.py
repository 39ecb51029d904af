"""How many places of a radius it takes to have every member within reach of one."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import shapely

from renomap.deficits.rules import Floats

#: Metres by which a point may lie outside a circle that runs through it.
SLACK_M: Final = 1e-3
#: Areas with more members try circles around members only: pairs grow with the square of their number.
MANY: Final = 120


def sites(points: Floats, labels: npt.NDArray[np.int64], k: int, radius_m: float | None) -> Floats:
    """Number of sites per area, straight-line distance.

    One site where the smallest circle around the members has at most the radius; else greedily, each time the
    circle that covers most of the members still left. A site may stand anywhere, so the circles tried are
    those through two members and those around one (around one only in areas of more than ``MANY`` members,
    far beyond what any preset allows). Greedy may need one more than the least possible, never fewer.

    Parameters
    ----------
    points : float (n, 2)
        Representative points of the neighbourhoods, metres.
    labels : int (n,)
        Area 0..k-1 of each, -1 = none or not asked for.
    k : int
        Number of areas.
    radius_m : float or None
        None: no limit, one site serves all.

    Returns
    -------
    float (k,)
        NaN for areas without members.
    """
    members = np.bincount(labels[labels >= 0], minlength=k)
    count = np.where(members > 0, 1.0, np.nan)
    if radius_m is None:
        return count
    chosen = np.flatnonzero(labels >= 0)
    order = chosen[np.argsort(labels[chosen], kind="stable")]
    clusters = shapely.multipoints(points[order], indices=labels[order], out=np.full(k, None, dtype=object))
    wide = np.flatnonzero(shapely.minimum_bounding_radius(clusters) > radius_m + SLACK_M)
    starts = np.searchsorted(labels[order], wide)
    for area, start in zip(wide, starts, strict=True):
        count[area] = _greedy(points[order[start : start + members[area]]], radius_m)
    return count


def _greedy(points: Floats, radius_m: float) -> int:
    # Millimetres from the corner of the members: the same wherever on the plane the area lies.
    local = np.round(points - points.min(axis=0), 3)
    local = local[np.lexsort((local[:, 1], local[:, 0]))]
    centres = local if len(local) > MANY else np.vstack([local, _through_two(local, radius_m)])
    across, up = (np.subtract.outer(local[:, side], centres[:, side]) for side in (0, 1))
    covered = (
        across**2 + up**2 <= (radius_m + SLACK_M) ** 2
    )  # a row for each member, a column for each circle
    gain = covered.sum(axis=0)
    left = np.ones(len(local), dtype=bool)
    count = 0
    while left.any():
        taken = left & covered[:, np.argmax(gain)]
        gain -= covered[taken].sum(axis=0)  # each member is taken off once, however many sites there are
        left &= ~taken
        count += 1
    return count


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
