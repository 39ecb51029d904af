"""The fewest columns of a table of yes and no that cover every row: branch and bound, exact."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

#: Branches looked at before the range found so far is told; a count, not a time, so that runs agree.
BRANCHES: Final = 20_000


def least(covers: npt.NDArray[np.bool_], branches: int = BRANCHES) -> tuple[int, int]:
    """Bounds of the fewest columns that cover all rows; equal where the search came to its end.

    Parameters
    ----------
    covers : bool (rows, columns)
        Each row is covered by at least one column.
    branches : int
        Branches looked at before the search gives up.

    Examples
    --------
    >>> least(np.array([[1, 1, 0], [0, 1, 1], [1, 0, 1]], bool))
    (2, 2)
    """
    columns = _undominated(_masks(np.unique(np.unique(covers, axis=0), axis=1)))
    everyone = 0
    for column in columns:
        everyone |= column
    search = _Search(columns, _greedy(columns, everyone), branches)
    low = len(search.apart(everyone))
    if low < search.best:
        search.descend(everyone, 0)
    return (search.best, search.best) if search.left > 0 else (low, search.best)


def _masks(covers: npt.NDArray[np.bool_]) -> list[int]:
    """Each column as a whole number with a bit per row."""
    packed = np.packbits(covers, axis=0, bitorder="little")
    return [int.from_bytes(packed[:, column].tobytes(), "little") for column in range(packed.shape[1])]


def _undominated(columns: list[int]) -> list[int]:
    """The columns that no other contains, widest first."""
    kept: list[int] = []
    for column in sorted(set(columns), key=lambda mask: (-mask.bit_count(), mask)):
        if all(column & ~other for other in kept):
            kept.append(column)
    return kept


def _greedy(columns: list[int], open_rows: int) -> int:
    count = 0
    while open_rows:
        open_rows &= ~max(columns, key=lambda column: (column & open_rows).bit_count())
        count += 1
    return count


class _Search:
    """Depth first over the open row with the fewest columns."""

    def __init__(self, columns: list[int], best: int, branches: int) -> None:
        self.best = best
        self.left = branches
        rows = max(columns).bit_length()
        self._of_row = [[column for column in columns if column >> row & 1] for row in range(rows)]
        #: Rows that share a column with each row.
        self._beside = [0] * rows
        for row, covering in enumerate(self._of_row):
            for column in covering:
                self._beside[row] |= column
        self._order = sorted(range(rows), key=lambda row: (self._beside[row].bit_count(), row))

    def apart(self, open_rows: int) -> list[int]:
        """Open rows of which no two share a column: as many columns are needed at least."""
        found = []
        for row in self._order:
            if open_rows >> row & 1:
                found.append(row)
                open_rows &= ~self._beside[row]
        return found

    def descend(self, open_rows: int, taken: int) -> None:
        """Cover the open rows with fewer columns in all than the best so far, if that can be done."""
        if not open_rows:
            self.best = taken
            return
        self.left -= 1
        if self.left <= 0:
            return
        needed = self.apart(open_rows)
        if taken + len(needed) >= self.best:
            return
        row = min(needed, key=lambda one: (len(self._of_row[one]), one))
        useful = {column & open_rows for column in self._of_row[row]}
        for rows in _undominated(list(useful)):
            if taken + 1 >= self.best or self.left <= 0:
                return
            self.descend(open_rows & ~rows, taken + 1)
