"""Numbers made dense without sorting: of hundreds of thousands of units, a hundred times in a run."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[Any]


def dense(numbers: Numbers) -> tuple[Numbers, Numbers]:
    """The distinct numbers in ascending order, and the place of each number among them.

    As ``np.unique(numbers, return_inverse=True)``, for integers >= 0; quick where they are not much larger
    than there are numbers.
    """
    if int(numbers.max(initial=-1)) > 100 * len(numbers) + 1000:
        distinct, at = np.unique(numbers, return_inverse=True)
        return distinct, at.ravel()
    there = np.zeros(int(numbers.max(initial=-1)) + 1, dtype=bool)
    there[numbers] = True
    return np.flatnonzero(there), (np.cumsum(there) - 1)[numbers]


def by_first(numbers: Numbers) -> npt.NDArray[np.int32]:
    """Renumber integers >= 0 so that numbers 0.. appear in ascending order of their first occurrence."""
    distinct, at = dense(numbers)
    first = np.empty(len(distinct), dtype=np.int64)
    first[at[::-1]] = np.arange(len(at))[::-1]  # of several writes to one place the last one stays
    rank = np.empty(len(distinct), dtype=np.int32)
    rank[np.argsort(first, kind="stable")] = np.arange(len(distinct), dtype=np.int32)
    return np.asarray(rank[at])
