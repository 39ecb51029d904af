"""All legal areas of a piece as columns: which nodes each holds and what it costs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from renomap.grouping.kernels import listing as kernel
from renomap.grouping.run import Run
from renomap.model.problem import Floats, Ints

#: A piece with more nodes is searched, and so is one that can hold more areas than this.
LARGEST = 400
MOST_AREAS = 100_000
#: Sets looked at for one piece: a third of a second. Where bounds do not cut their growing short, there are
#: too many.
MOST_SETS = 300_000
MEAN_UNITS = 12
#: Units of the largest area that is listed, and one more.
MOST_UNITS = 41
#: Sets looked at in one call of the kernel at first; the clock finds the right number.
FIRST_CALL = 512


@dataclass(frozen=True)
class Listing:
    """Areas k = 0..: their places ``place[start[k]:start[k+1]]`` among the nodes listed, and their costs.

    ``mean`` is the part of the costs that stands for means over ``expected`` areas.
    """

    nodes: int
    start: npt.NDArray[np.int64]
    place: Ints
    cost: Floats
    mean: Floats
    expected: float

    def __len__(self) -> int:
        """Number of areas."""
        return len(self.cost)

    def costs(self, expected: float) -> Floats:
        """Costs where another number of areas is expected."""
        return self.cost + self.mean * (self.expected / expected - 1.0)


def list_areas(run: Run, members: Ints, most: int = MOST_SETS) -> Listing | None:
    """Every legal area of some nodes, or None where there are more than ``most`` sets to look at.

    Areas come in a definite order; costs are those of the search less the borders inside, so that the costs
    of a partition add up to its cost less a constant.
    """
    plan, n = run.arrays.plan, len(members)
    if n > LARGEST:
        return None
    far = _far(run, members)
    trial = np.zeros(n + 2, kernel.TRIAL)
    sums, border = np.zeros((n + 2, plan.features.shape[1])), np.zeros(n + 2)
    progress, start = np.zeros(3, np.int64), np.zeros(MOST_AREAS + 1, np.int64)
    place, cost = np.zeros(MEAN_UNITS * MOST_AREAS, np.int32), np.zeros(MOST_AREAS)
    mean = np.zeros(MOST_AREAS)
    walks = np.zeros((MOST_UNITS, MOST_UNITS, MOST_UNITS))
    status = 0
    plan.node["place"][members] = np.arange(n)
    try:
        for size in run.clock.slices(most, FIRST_CALL):
            status = kernel.list_areas(
                plan,
                run.arrays.ground,
                members,
                far,
                trial,
                sums,
                border,
                walks,
                progress,
                start,
                place,
                cost,
                mean,
                size,
            )
            if status:
                break
    finally:
        plan.node["place"][members] = -1
        run.arrays.ground.unit["place"] = -1
    if status != 1:
        return None
    listed = int(progress[2])
    return Listing(
        n,
        start[: listed + 1].copy(),
        place[: start[listed]].copy(),
        cost[:listed].copy(),
        mean[:listed].copy(),
        run.expected,
    )


def _far(run: Run, members: Ints) -> Floats:
    """Walking distance between the first units of every two nodes, over all units of the nodes."""
    if not np.isfinite(run.arrays.plan.rule[0]["walk_max"]):
        return np.zeros((len(members), len(members)))
    node, (unit, walk, _) = run.arrays.plan.node[members], run.arrays.ground
    units = np.concatenate([unit["of_node"][row["unit"] : row["unit"] + row["units"]] for row in node])
    at = np.full(len(unit), -1)
    at[units] = np.arange(len(units))
    rows = [slice(unit["start"][u], unit["end"][u]) for u in units.tolist()]
    to = np.concatenate([at[walk["to"][row]] for row in rows])
    source = np.repeat(np.arange(len(units)), [row.stop - row.start for row in rows])
    length = np.concatenate([walk["length"][row] for row in rows])
    inside = to >= 0
    matrix = csr_array(
        (np.maximum(length[inside], 1e-9), (source[inside], to[inside])), shape=(len(units), len(units))
    )
    first = at[unit["of_node"][node["unit"]]]
    return np.ascontiguousarray(dijkstra(matrix, indices=first)[:, first])
