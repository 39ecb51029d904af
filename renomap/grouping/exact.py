"""Exact search: pieces of a dozen nodes are solved to the optimum instead of searched."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from renomap.grouping import kernel_exact as kernel
from renomap.grouping.run import Run
from renomap.model.problem import MOST, Ints

#: Nodes of the largest piece that is solved exactly: 3^13 / 2 steps for each area are a few milliseconds.
LARGEST = 13


def solve_small_pieces(run: Run) -> npt.NDArray[np.bool_]:
    """Put the best partition of every small legal piece in place of what the search found.

    The number of areas of a piece stays, except that as many as possible are made for a count of 'most'.
    The optimum is that of the costs of the search: sums over areas, for the number of areas at hand.

    Returns
    -------
    (pieces,) bool
        The pieces whose partition is proven optimal.
    """
    arrays = run.arrays
    label = arrays.plan.node["label"].copy()
    illegal = set(run.illegal().tolist())
    proven = np.zeros(arrays.pieces, dtype=bool)
    fresh = run.used
    order = np.argsort(arrays.piece, kind="stable")
    ends = np.searchsorted(arrays.piece[order], np.arange(arrays.pieces + 1))
    for piece in np.flatnonzero(np.diff(ends) <= LARGEST).tolist():
        members = order[ends[piece] : ends[piece + 1]].astype(np.int32)
        areas = np.unique(label[members])
        if illegal.intersection(areas.tolist()):
            continue
        run.clock.look_up()
        found = best_partition(run, members, len(areas))
        if found is not None:
            label[members] = found + fresh
            fresh += len(members)
            proven[piece] = True
    run.load(label)
    return proven


def best_partition(run: Run, members: Ints, count: int) -> Ints | None:
    """The cheapest partition of some nodes into ``count`` legal areas (or as many as can be), or None if
    there
    is none.

    Returns the number of the area of each member, from 0.
    """
    cost = _costs(run, members)
    everything = len(cost) - 1
    best = np.where(np.arange(len(cost)) == 0, 0.0, np.inf)
    choices: list[npt.NDArray[np.int64]] = []
    totals: list[float] = []
    most = len(members) if run.problem.count == MOST else count
    for _ in range(most):
        choice = np.zeros(len(cost), np.int64)
        kernel.best_partitions(cost, best, choice, len(choices) + 1)
        choices.append(choice)
        totals.append(float(best[everything]))
    possible = [k for k, total in enumerate(totals) if total < np.inf]
    if run.problem.count != MOST:
        possible = [k for k in possible if k == count - 1]
    if not possible:
        return None
    label = np.zeros(len(members), dtype=np.int32)
    rest = everything
    for k in range(possible[-1], -1, -1):
        area = int(choices[k][rest])
        label[[i for i in range(len(members)) if area >> i & 1]] = k
        rest ^= area
    return label


def _costs(run: Run, members: Ints) -> npt.NDArray[np.float64]:
    """Cost of every set of the members as an area; infinite where it is none."""
    plan, n = run.arrays.plan, len(members)
    place = {int(node): i for i, node in enumerate(members)}
    near = np.zeros(n, dtype=np.int64)
    for i, node in enumerate(members.tolist()):
        for other in plan.link["to"][plan.node[node]["start"] : plan.node[node]["hold"]].tolist():
            near[i] |= 1 << place[other]
    cost = np.full(1 << n, np.inf)
    done = 1
    for size in run.clock.slices((1 << n) - 1, 1024):
        kernel.cost_of_sets(
            plan, run.arrays.ground, run.arrays.scratch.sub, members, near, cost, done, done + size
        )
        done += size
    return cost
