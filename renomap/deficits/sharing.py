"""Supply that crosses an area's line: each unit of capacity goes to the nearest area that lacks it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from renomap.deficits.rules import TINY, Flags, Floats, Positions

NO_AREA = -1


@dataclass(frozen=True)
class Offers:
    """Rows of one facility that others may use.

    ``key`` (r,) is the row's fid; ``amount`` what it may give (NaN = unknown); ``area`` the position of the
    area it stands in, ``NO_AREA`` outside all.
    """

    key: Positions
    amount: Floats
    area: Positions
    geometry: npt.NDArray[np.object_]


@dataclass(frozen=True)
class Allotted:
    """``received`` and ``given`` (k,) per area; ``gifts`` = (row, area, amount, metres).

    ``doubt`` (k,): a place of unknown capacity that is open to others is within reach.
    """

    received: Floats
    given: Floats
    gifts: tuple[tuple[int, int, float, float], ...]
    doubt: Flags


def allot(
    offers: Offers, lack: Floats, spare: Floats, outlines: npt.NDArray[np.object_], radius_m: float | None
) -> Allotted:
    """Give what is offered to areas that lack it, nearest first.

    Pairs of row and area are served in order of distance (to the millimetre) from the row to the outline,
    then position of the area, then key of the row. An area gives only what it does not need itself.

    Parameters
    ----------
    offers : Offers
        r rows.
    lack : float (k,)
        What each area still needs, >= 0; 0 where it needs nothing or nobody knows.
    spare : float (k,)
        What each area can give in all, >= 0.
    outlines : array of polygons (k,)
        In order of area id.
    radius_m : float or None
        Reach from the outline; without one nothing outside an area counts.
    """
    k = len(lack)
    received, given, doubt = np.zeros(k), np.zeros(k), np.zeros(k, dtype=bool)
    gifts: list[tuple[int, int, float, float]] = []
    useful = np.isnan(offers.amount) | (offers.amount > 0)
    wanting = np.flatnonzero(lack > 0)
    if radius_m is None or not useful.any() or not len(wanting):
        return Allotted(received, given, (), doubt)
    rows = np.flatnonzero(useful)
    tree = shapely.STRtree(outlines[wanting])
    at, to = tree.query(offers.geometry[rows], predicate="dwithin", distance=radius_m)
    row, area = rows[at], wanting[to]
    abroad = offers.area[row] != area
    row, area = row[abroad], area[abroad]
    metres = shapely.distance(offers.geometry[row], outlines[area])
    doubt[area[np.isnan(offers.amount[row])]] = True
    rest = offers.amount.copy()
    own = spare.copy()
    for pick in np.lexsort((offers.key[row], area, np.round(metres, 3))):
        r, a, home = int(row[pick]), int(area[pick]), int(offers.area[row[pick]])
        amount = min(rest[r], lack[a] - received[a], own[home] if home != NO_AREA else np.inf)
        if np.isnan(amount) or amount < TINY:
            continue
        rest[r] -= amount
        received[a] += amount
        if home != NO_AREA:
            own[home] -= amount
            given[home] += amount
        gifts.append((r, a, float(amount), float(metres[pick])))
    return Allotted(received, given, tuple(gifts), doubt)
