"""Who is whose neighbour, built once and asked during every stroke."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd

from renomap.model.links import CROSSING, Links
from renomap.model.scheme import UNASSIGNED

#: For each position the positions next to it.
Near = Sequence[Sequence[int]]


@dataclass(frozen=True, eq=False)
class Graph:
    """Links as compressed rows, for questions about few units among many.

    Parameters
    ----------
    fids : (n,) int64
        The neighbourhood at each position, in the order of ``Links.fids``.
    indptr : (n + 1,) int32
        ``indices[indptr[i]:indptr[i + 1]]`` are the positions that a usable link joins to i.
    indices, link : int32
        Position at the other end, and the row of ``links`` that leads there.
    links : Links
        All links, also those that may not hold an area together.
    usable : (m,) bool
        False where a link crosses the administrative line that areas may not cross.
    """

    fids: npt.NDArray[np.int64]
    indptr: npt.NDArray[np.int32]
    indices: npt.NDArray[np.int32]
    link: npt.NDArray[np.int32]
    links: Links
    usable: npt.NDArray[np.bool_]

    def __len__(self) -> int:
        """Number of neighbourhoods."""
        return len(self.fids)

    @cached_property
    def near(self) -> Near:
        """Neighbours over every usable link, as plain lists: a search of some hundred steps needs no more."""
        return _lists(self.indptr, self.indices)

    @cached_property
    def plain(self) -> Near:
        """Neighbours over the usable links that need no bridge, tunnel or crossing."""
        if not (self.links.kind == CROSSING).any():
            return self.near
        keep = self.links.kind[self.link] != CROSSING
        counts = np.concatenate([[0], np.cumsum(keep)])
        return _lists(counts[self.indptr], self.indices[keep])

    @cached_property
    def barred(self) -> Near:
        """Neighbours over links that may not be used; empty where every link may."""
        rows = np.flatnonzero(~self.usable)
        found: list[list[int]] = [[] for _ in self.fids] if len(rows) else []
        for a, b in zip(self.links.a[rows].tolist(), self.links.b[rows].tolist(), strict=True):
            found[a].append(b)
            found[b].append(a)
        return found

    @cached_property
    def _order(self) -> pd.Index[int]:
        return pd.Index(self.fids)

    def positions(self, fids: Iterable[int]) -> npt.NDArray[np.intp]:
        """Positions of fids; fids that are not in the graph are left out."""
        found = self._order.get_indexer(pd.Index(np.fromiter(fids, dtype=np.int64)))
        return np.asarray(found[found >= 0], dtype=np.intp)

    def labels(self, assignment: pd.Series[int]) -> npt.NDArray[np.int64]:
        """Area id of each position, ``UNASSIGNED`` where the assignment has no such fid."""
        return np.asarray(assignment.reindex(self._order, fill_value=UNASSIGNED), dtype=np.int64)

    def frontage_to(
        self, units: Iterable[int], labels: Sequence[int] | npt.NDArray[np.int64]
    ) -> dict[int, float]:
        """Metres of frontage from units to each area that a usable link leads to; ``UNASSIGNED`` left out."""
        own = set(units)
        found: dict[int, float] = {}
        for i in own:
            for k in range(self.indptr[i], self.indptr[i + 1]):
                j = int(self.indices[k])
                area = int(labels[j])
                if j not in own and area != UNASSIGNED:
                    found[area] = found.get(area, 0.0) + float(self.links.frontage_m[self.link[k]])
        return found


def build_graph(links: Links, nest: pd.Series[str] | None = None) -> Graph:
    """A graph of links.

    Parameters
    ----------
    links : Links
    nest : Series of str, index fid, optional
        Administrative unit of each neighbourhood; a link between two different units is not usable. All that
        are unknown or missing are one more unit, as for the engine (``grouping.problem.build``).
    """
    usable = np.ones(len(links), dtype=bool)
    if nest is not None:
        unit = pd.factorize(nest.reindex(links.fids))[0]
        usable = unit[links.a] == unit[links.b]
    rows = np.flatnonzero(usable).astype(np.int32)
    start = np.concatenate([links.a[rows], links.b[rows]])
    end = np.concatenate([links.b[rows], links.a[rows]])
    order = np.lexsort((end, start))
    indptr = np.concatenate([[0], np.cumsum(np.bincount(start, minlength=len(links.fids)))]).astype(np.int32)
    number = np.concatenate([rows, rows])[order]
    return Graph(links.fids, indptr, end[order].astype(np.int32), number, links, usable)


def pieces(near: Near, units: Iterable[int]) -> list[list[int]]:
    """Connected pieces of some units, the one with most units first, ties by the smallest position."""
    left = set(units)
    found = []
    for seed in sorted(left):
        if seed not in left:
            continue
        left.discard(seed)
        piece = [seed]
        for i in piece:  # grows while it is read
            for j in near[i]:
                if j in left:
                    left.discard(j)
                    piece.append(j)
        found.append(sorted(piece))
    return sorted(found, key=lambda piece: (-len(piece), piece[0]))


def stays_whole(near: Near, labels: Sequence[int], area: int, taken: Iterable[int]) -> bool:
    """Whether an area that was in one piece still is after units were taken out of it.

    Looks only as far around the units taken as it must: their former neighbours have to reach each other.

    Parameters
    ----------
    near : neighbours per position
    labels : area id per position, after the units were taken
    area : the area that lost them
    taken : positions that it lost
    """
    wanted = {j for i in taken for j in near[i] if labels[j] == area}
    if len(wanted) < 2:
        return True
    seed = min(wanted)
    wanted.discard(seed)
    seen, queue = {seed}, [seed]
    for i in queue:
        for j in near[i]:
            if labels[j] == area and j not in seen:
                seen.add(j)
                queue.append(j)
                wanted.discard(j)
        if not wanted:
            return True
    return False


def _lists(indptr: npt.NDArray[np.int32], indices: npt.NDArray[np.int32]) -> Near:
    flat, ends = indices.tolist(), indptr.tolist()
    return [flat[a:b] for a, b in pairwise(ends)]
