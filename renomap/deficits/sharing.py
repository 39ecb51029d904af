"""Supply that crosses an area's line: each unit of capacity goes to the nearest area that lacks it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely

from renomap.deficits.rules import TINY, Flags, Floats, Positions, Range
from renomap.model.reach import Walks

NO_AREA = -1
_NOBODY: Final[Positions] = np.zeros(0, dtype=np.int64)


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
class Nearby:
    """Pairs of a row and an area within its reach, nearest first: ``row``, ``area`` and ``metres`` (p,).

    ``unknown`` (q,): row and area that lie within the radius in a straight line, and nobody knows the way
    between them: the row may serve the area, or not.
    """

    row: Positions
    area: Positions
    metres: Floats
    unknown: tuple[Positions, Positions] = (_NOBODY, _NOBODY)


@dataclass(frozen=True)
class Allotted:
    """``received`` and ``given`` (k,) per area; ``gifts`` = (row, area, amount, metres)."""

    received: Floats
    given: Floats
    gifts: tuple[tuple[int, int, float, float], ...]


def nearby(
    offers: Offers,
    giving: Flags,
    wanting: Flags,
    outlines: npt.NDArray[np.object_],
    radius_m: float | None,
    walks: Walks | None = None,
) -> Nearby:
    """Who may get what: each row with each area that stands elsewhere and is within the radius.

    In order of distance (to the millimetre) from the row to the outline, then position of the area, then key
    of the row.

    Parameters
    ----------
    offers : Offers
        r rows.
    giving : bool array (r,)
        Rows that may give something.
    wanting : bool array (k,)
        Areas that may lack something.
    outlines : array of polygons (k,)
        In order of area id.
    radius_m : float or None
        Reach from the outline; without one nothing outside an area counts.
    walks : Walks or None
        Ways along the roads that have to be within the radius; None = straight lines.
    """
    rows, lacking = np.flatnonzero(giving), np.flatnonzero(wanting)
    if radius_m is None or not len(rows) or not len(lacking):
        return Nearby(_NOBODY, _NOBODY, np.zeros(0))
    tree = shapely.STRtree(outlines[lacking])
    at, to = tree.query(offers.geometry[rows], predicate="dwithin", distance=radius_m)
    row, area = rows[at], lacking[to]
    abroad = offers.area[row] != area
    row, area = row[abroad], area[abroad]
    metres = shapely.distance(offers.geometry[row], outlines[area])
    unknown = (_NOBODY, _NOBODY)
    if walks is not None and len(row):
        metres = _walked(walks, offers.geometry, outlines, (row, area), radius_m)
        lost = np.isnan(metres)
        unknown = (row[lost], area[lost])
        near = metres <= radius_m
        row, area, metres = row[near], area[near], metres[near]
    order = np.lexsort((offers.key[row], area, np.round(metres, 3)))
    return Nearby(row[order], area[order], metres[order], unknown)


def _walked(
    walks: Walks,
    places: npt.NDArray[np.object_],
    outlines: npt.NDArray[np.object_],
    pairs: tuple[Positions, Positions],
    radius_m: float,
) -> Floats:
    """The way of each pair of a row and an area."""
    rows, row_at = np.unique(pairs[0], return_inverse=True)
    areas, area_at = np.unique(pairs[1], return_inverse=True)
    found: Floats = walks.metres(places[rows], outlines[areas], radius_m)[row_at, area_at]
    return found


def allot(offers: Offers, pairs: Nearby, lack: Floats, spare: Floats) -> Allotted:
    """Give what is offered to areas that lack it, nearest first.

    An area gives only what it does not need itself; a row of unknown amount gives nothing.

    Parameters
    ----------
    offers : Offers
        r rows.
    pairs : Nearby
        Of these rows, in the order in which they are served.
    lack : float (k,)
        What each area still needs, >= 0; 0 where it needs nothing or nobody knows.
    spare : float (k,)
        What each area can give in all, >= 0.
    """
    received, given = np.zeros(len(lack)), np.zeros(len(lack))
    gifts: list[tuple[int, int, float, float]] = []
    rest, own = offers.amount.copy(), spare.copy()
    for at in range(len(pairs.row)):
        r, a = int(pairs.row[at]), int(pairs.area[at])
        home = int(offers.area[r])
        amount = min(rest[r], lack[a] - received[a], own[home] if home != NO_AREA else np.inf)
        if np.isnan(amount) or amount < TINY:
            continue
        rest[r] -= amount
        received[a] += amount
        if home != NO_AREA:
            own[home] -= amount
            given[home] += amount
        gifts.append((r, a, float(amount), float(pairs.metres[at])))
    return Allotted(received, given, tuple(gifts))


def remaining(offers: Offers, amount: Range, pairs: Nearby, lack: Range, spare: Range) -> Range:
    """What each area can still lack after sharing, whatever the unknown values are.

    The same rule as ``allot`` run on ranges, pair by pair in the same order: a place may be taken by an area
    whose lack is unknown, so what it leaves for the next is a range too. Exact where nothing is unknown.

    Parameters
    ----------
    amount : Range (r,)
        What each row may give; the other parameters are those of ``allot`` with both ends.

    Returns
    -------
    Range (k,)
    """
    got_low, got_high = np.zeros(len(lack.low)), np.zeros(len(lack.low))
    rest_low, rest_high = amount.low.copy(), amount.high.copy()
    own_low, own_high = spare.low.copy(), spare.high.copy()
    # What may be given over a way that nobody knows is taken first: that leaves the others the least.
    for r, a, reached in (*_each(*pairs.unknown, reached=False), *_each(pairs.row, pairs.area, reached=True)):
        home = int(offers.area[r])
        least, most = rest_low[r], rest_high[r]
        mine_low, mine_high = (own_low[home], own_high[home]) if home != NO_AREA else (np.inf, np.inf)
        # What was got at most leaves the least to want, and the other way round.
        want_low, want_high = _left(lack.low[a], got_high[a]), _left(lack.high[a], got_low[a])
        got_high[a] += min(most, mine_high, want_low)
        rest_low[r] = _left(least, min(want_high, mine_high))
        if home != NO_AREA:
            own_low[home] = _left(mine_low, min(most, want_high))
        if not reached:
            continue  # nothing of it is sure
        got_low[a] += min(least, mine_low, want_high)
        rest_high[r] = _left(most, min(want_low, mine_low))
        if home != NO_AREA:
            own_high[home] = _left(mine_high, min(least, want_low))
    return lack.less(Range(got_low, got_high))


def _each(rows: Positions, areas: Positions, *, reached: bool) -> list[tuple[int, int, bool]]:
    """Row and area of each pair, and whether the one certainly reaches the other."""
    return [(int(r), int(a), reached) for r, a in zip(rows, areas, strict=True)]


def _left(of: float, taken: float) -> float:
    return 0.0 if taken >= of else of - taken
