"""Pooling between linked neighbourhoods: how much of a shortage the surplus next door can meet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from renomap.deficits.rules import Floats, Positions

#: Parts of a unit that are told apart; the flow is solved in whole numbers.
PARTS: Final = 1000.0
_LARGEST: Final = float(2**31 - 2)


@dataclass(frozen=True)
class Met:
    """Per area (k,): shortage left after pooling, and surplus left over."""

    unmet: Floats
    left: Floats


def meet(
    shortage: Floats, surplus: Floats, pairs: tuple[Positions, Positions], labels: Positions, k: int
) -> Met:
    """Meet as much shortage as possible from the surplus of linked neighbourhoods of the same area.

    Every unit of surplus is used at most once and goes to a direct neighbour only: a space three compounds
    away is no space. What is met in total is the maximum flow from surplus to shortage, which is a unique
    number although the flow is not, so the result does not depend on the order of rows.

    Parameters
    ----------
    shortage, surplus : float arrays (n,)
        >= 0, no NaN; a neighbourhood has one or the other. ``surplus`` inf means as much as anyone may want,
        ``shortage`` inf that it takes all that it can reach and still lacks.
    pairs : two int arrays
        Positions of neighbourhoods that may share.
    labels : int array (n,)
        Area of each neighbourhood, -1 = none.
    k : int
        Number of areas.
    """
    inside = labels >= 0
    unmet = np.bincount(labels[inside], shortage[inside], minlength=k).astype(np.float64)
    left = np.bincount(labels[inside], surplus[inside], minlength=k).astype(np.float64)
    giver = np.concatenate(pairs)
    taker = np.concatenate(pairs[::-1])
    same = (labels[giver] == labels[taker]) & inside[giver]
    live = same & (surplus[giver] > 0) & (shortage[taker] > 0)
    if not live.any():
        return Met(unmet, left)
    giver, taker = giver[live], taker[live]
    reachable = np.bincount(taker, surplus[giver], minlength=len(shortage))
    met = _flow(np.where(np.isinf(shortage), reachable, shortage), surplus, giver, taker)
    areas = labels[np.unique(taker)]
    total = np.bincount(areas, met[np.unique(taker)], minlength=k)
    nothing_left = (total > 0) & (unmet - total < 1 / PARTS)
    return Met(np.where(nothing_left, 0.0, unmet - total), np.maximum(left - total, 0.0))


def _flow(shortage: Floats, surplus: Floats, giver: Positions, taker: Positions) -> Floats:
    """What each neighbourhood (n,) receives in a maximum flow."""
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import maximum_flow

    n = len(shortage)
    wanted = np.zeros(n)
    wanted[taker] = shortage[taker]
    most = wanted.sum()
    offered = np.zeros(n)
    offered[giver] = np.minimum(surplus[giver], most)
    parts = min(PARTS, _LARGEST / max(most, 1.0))
    wants = np.rint(wanted * parts).astype(np.int32)
    offers = np.rint(offered * parts).astype(np.int32)
    takers, givers = np.flatnonzero(wants), np.flatnonzero(offers)
    source, sink = n, n + 1
    rows = np.concatenate([np.full(len(givers), source), giver, takers])
    columns = np.concatenate([givers, taker, np.full(len(takers), sink)])
    capacity = np.concatenate([offers[givers], np.minimum(offers[giver], wants[taker]), wants[takers]])
    graph = csr_matrix((capacity.astype(np.int32), (rows, columns)), shape=(n + 2, n + 2))
    flow = maximum_flow(graph, source, sink).flow
    into = -flow[[sink], :n].toarray().ravel()
    received: Floats = np.where(into == wants, wanted, into / parts)
    return np.where(into > 0, received, 0.0)
