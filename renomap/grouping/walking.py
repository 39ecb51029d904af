"""The longest walk inside each area, for all areas at once."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

Numbers = npt.NDArray[Any]

#: Sizes of areas that are worked on side by side; larger ones one by one.
STEPS: Final = (1, 2, 4, 8, 16, 32, 64)
#: Cells of the tables held at a time: 32 MB.
CELLS: Final = 4_000_000


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
    order = np.argsort(area, kind="stable")
    place = np.zeros(len(area), dtype=np.int64)
    first = int((area < 0).sum())
    place[order[first:]] = np.arange(len(area) - first) - (np.cumsum(size) - size)[area[order[first:]]]
    longest = np.zeros(areas)
    below = 1
    for step in STEPS[1:]:
        here = np.flatnonzero((size > below) & (size <= step))
        for part in np.array_split(here, max(1, -(-len(here) * step * step // CELLS))):
            longest[part] = _side_by_side(part, size, step, place, area, a, b, length)
        below = step
    for large in np.flatnonzero(size > below).tolist():
        mine = area[a] == large
        ends = (place[a[mine]], place[b[mine]])
        # 1 nm stands for none, as 0 would mean 'no link'
        paths = csr_array((np.maximum(length[mine], 1e-9), ends), shape=(size[large], size[large]))
        longest[large] = dijkstra(paths, directed=False).max()
    return longest


def _side_by_side(
    part: Numbers,
    size: Numbers,
    step: int,
    place: Numbers,
    area: Numbers,
    a: Numbers,
    b: Numbers,
    length: Numbers,
) -> Numbers:
    """Floyd's algorithm on a table per area, all tables at once."""
    row = np.full(len(size), -1)
    row[part] = np.arange(len(part))
    mine = row[area[a]] >= 0
    at, one, two = row[area[a[mine]]], place[a[mine]], place[b[mine]]
    far = np.full((len(part), step, step), np.inf)
    np.minimum.at(far, (at, one, two), length[mine])
    np.minimum.at(far, (at, two, one), length[mine])
    own = np.arange(step)
    far[:, own, own] = 0.0
    for k in range(step):
        np.minimum(far, far[:, :, k, None] + far[:, None, k, :], out=far)
    there = own < size[part, None]
    far[~(there[:, :, None] & there[:, None, :])] = 0.0
    return np.asarray(far.max(axis=(1, 2), initial=0.0))
