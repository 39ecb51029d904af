"""Which things hang together: the connected parts of a graph, for every room that asks."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt


def connected(n: int, a: npt.NDArray[Any], b: npt.NDArray[Any]) -> npt.NDArray[np.int32]:
    """The connected part of each of ``n`` things.

    Parameters
    ----------
    n : int
    a, b : (m,) int
        Positions of the two ends of each pair that hangs together, in any order, repeated or not.

    Returns
    -------
    (n,) int32
        Parts are numbered 0.. without gaps, in no order that means anything; a thing without a pair is a part
        by itself. Empty for n = 0.
    """
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    if n == 0:
        return np.zeros(0, dtype=np.int32)
    pairs = coo_matrix((np.ones(len(a), bool), (a, b)), shape=(n, n))
    return np.asarray(connected_components(pairs, directed=False)[1], dtype=np.int32)
