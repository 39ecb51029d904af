"""The longest walk inside each area, for all areas at once."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

Numbers = npt.NDArray[Any]

#: Units of an area that gets a table of its walks; larger ones are walked from unit to unit.
TABLE: Final = 64
#: Cells of the tables held at a time: what stays in the processor's cache.
CELLS: Final = 100_000


def longest_walks(
    area: Numbers, areas: int, a: Numbers, b: Numbers, length: Numbers
) -> npt.NDArray[np.float64]:
    """The longest shortest path between two units of each area over links inside it.

    Parameters
    ----------
    area : (n,) int
        Number 0 .. areas-1 of each unit, -1 = none.
    a, b, length : (m,)
        Ends and metres (>= 0) of the links that may be walked.

    Returns
    -------
    (areas,) float64
        Metres; infinite where an area is not connected, 0 for a single unit or none.
    """
    inside = (area[a] == area[b]) & (area[a] >= 0)
    a, b, length = a[inside], b[inside], length[inside]
    size = np.bincount(area[area >= 0], minlength=areas)
    members = np.argsort(area, kind="stable")[int((area < 0).sum()) :]
    place = np.zeros(len(area), dtype=np.int64)
    place[members] = np.arange(len(members)) - (np.cumsum(size) - size)[area[members]]
    # areas in the order of their sizes, links in the order of their areas: what is alike lies together
    order = np.argsort(size, kind="stable")
    rank = np.empty(areas, dtype=np.int64)
    rank[order] = np.arange(areas)
    by_area = np.argsort(rank[area[a]], kind="stable")
    owner, one, two = rank[area[a]][by_area], place[a[by_area]], place[b[by_area]]
    length = length[by_area]
    longest = np.zeros(areas)
    start = int(np.searchsorted(size[order], 2))
    while start < areas:
        units = int(size[order[start]])
        alike = int(np.searchsorted(size[order], units, side="right"))
        stop = min(alike, start + max(1, CELLS // units**2))
        links = slice(*np.searchsorted(owner, (start, stop)))
        walks = _side_by_side if units <= TABLE else _one_by_one
        longest[order[start:stop]] = walks(
            stop - start, units, owner[links] - start, one[links], two[links], length[links]
        )
        start = stop
    return longest


def _side_by_side(
    areas: int, units: int, owner: Numbers, one: Numbers, two: Numbers, length: Numbers
) -> Numbers:
    """Floyd's algorithm on a table per area, all tables at once."""
    far = np.full((units, units, areas), np.inf)
    np.minimum.at(far, (one, two, owner), length)
    np.minimum.at(far, (two, one, owner), length)
    own = np.arange(units)
    far[own, own] = 0.0
    for via in range(units):
        np.minimum(far, far[:, via, None] + far[None, via], out=far)
    return np.asarray(far.max(axis=(0, 1)))


def _one_by_one(
    areas: int, units: int, owner: Numbers, one: Numbers, two: Numbers, length: Numbers
) -> Numbers:
    longest = np.zeros(areas)
    for area in range(areas):
        mine = owner == area
        # 1 nm stands for none, as 0 would mean 'no link'
        paths = csr_array((np.maximum(length[mine], 1e-9), (one[mine], two[mine])), shape=(units, units))
        longest[area] = dijkstra(paths, directed=False).max()
    return longest
