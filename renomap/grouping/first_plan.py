"""A first plan with the wanted number of areas in every piece.

Cut from a long tree, merged or split to count.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from renomap.grouping.arrays import connected_parts
from renomap.grouping.kernels import build, mend
from renomap.grouping.kernels.state import load_labels, uniform
from renomap.grouping.run import Run
from renomap.model.problem import MOST, Ints

#: Rounds of carrying excess at full effort: ten bring most of what there is to gain, hundreds the rest. So
#: many that all rounds together serve about ROUNDS_TIMES_NODES nodes, which is a second or two.
ROUNDS = (60, 3000)
ROUNDS_TIMES_NODES = 2_000_000
LEAST_ROUNDS = 10

#: Rounds of levelling sizes where a first plan with an exact number of areas breaks a bound.
LEVELLINGS = 5

#: Steps of the bisection that finds where to cut the tree for an exact number of parts.
BISECTIONS = 12


def first_plan(run: Run) -> None:
    """Make a first plan, legal or not; afterwards ``run`` holds it with its costs."""
    order, parent = _long_tree(run)
    if run.problem.count == MOST:
        _cut(run, order, parent, np.full(run.arrays.pieces, _lower(run)))
    elif _likeness_alone(run):
        # nothing but likeness is asked for: merging like with like beats cutting to size
        _cut(run, order, parent, np.full(run.arrays.pieces, _lower(run)))
        _merge_to_count(run)
    else:
        _cut_to_count(run, order, parent)
        _merge_to_count(run)
    _split_to_count(run)
    if run.wanted() is not None:
        _level(run)
    run.refresh()
    run.clock.have_plan = True


def take_up(run: Run, start: pd.Series[int]) -> None:
    """Start from a plan: area per fid, <= 0 or missing = none.

    Torn areas fall into their connected parts, and units without area form areas piece by piece.
    """
    arrays = run.arrays
    ids = pd.to_numeric(start.reindex(run.problem.keys), errors="coerce").fillna(0).to_numpy()
    codes = np.where(ids > 0, np.unique(ids, return_inverse=True)[1], -1)
    inside = np.flatnonzero(arrays.node_of >= 0)
    of_node = np.full(arrays.nodes, -1, dtype=np.int64)
    of_node[arrays.node_of[inside][::-1]] = codes[inside][::-1]  # a node goes with its first unit
    run.load(connected_parts(arrays, of_node))


def gain_areas(run: Run) -> None:
    """Carry excess from area to area until no plan could have more areas or the effort is spent."""
    run.keep()  # a first plan to look at, soon
    most = int(run.forecast.high.sum())
    rounds = np.clip(ROUNDS_TIMES_NODES / run.arrays.nodes, *ROUNDS)
    for _ in range(max(LEAST_ROUNDS, int(rounds * run.effort))):
        if run.count() >= most:
            break
        _carry(run)
        run.sweeps += 1
    run.refresh()
    run.keep()


def _likeness_alone(run: Run) -> bool:
    rule = run.arrays.plan.rule[0]
    bounded = bool(np.isfinite(run.arrays.plan.column["upper"][: int(rule["capacities"])]).any())
    return (
        bool(rule["similarity_weight"] > 0 and rule["target_weight"] == 0 and rule["border"] == 0)
        and not bounded
    )


def _lower(run: Run) -> float:
    rule = run.arrays.plan.rule[0]
    return max(float(run.arrays.plan.column[rule["lead"]]["lower"]), 0.0)


def _long_tree(run: Run) -> tuple[Ints, Ints]:
    """Order and parents of a long tree over every piece."""
    node, link, n = run.arrays.plan.node, run.arrays.plan.link, run.arrays.nodes
    order, parent = np.zeros(n, np.int32), np.full(n, -1, np.int32)
    free = (node["hold"] - node["start"]).astype(np.int32)
    by = np.lexsort((free, run.arrays.piece))
    roots = by[np.searchsorted(run.arrays.piece[by], np.arange(run.arrays.pieces))].astype(np.int32)
    progress = np.array([0, 0, -1], dtype=np.int64)
    for size in run.clock.slices(2 * n + len(roots) + 1, 4096):
        build.long_tree(node, link, roots, order, parent, free, progress, size)
    return order, parent


def _cut(run: Run, order: Ints, parent: Ints, goal: npt.NDArray[np.float64]) -> Ints:
    """Cut the tree at a goal per piece and load the parts as areas; returns the parts per piece."""
    plan = run.arrays.plan
    label, found = np.zeros(run.arrays.nodes, np.int32), np.zeros(run.arrays.pieces, np.int32)
    sums = np.zeros((run.arrays.nodes, int(plan.rule[0]["capacities"])))
    parts = build.cut_tree(plan, order, parent, run.arrays.piece, goal, sums, label, found)
    load_labels(plan, label, parts)
    run.clock.look_up()
    return found


def _cut_to_count(run: Run, order: Ints, parent: Ints) -> None:
    """Bisect the goal of every piece until the tree falls into the wanted number of parts, or a few more."""
    plan, wanted = run.arrays.plan, run.forecast.wanted
    lead = plan.features[:, int(plan.rule[0]["lead"])]
    mean = np.bincount(run.arrays.piece, lead, minlength=run.arrays.pieces) / np.maximum(wanted, 1)
    low, high = 0.5 * mean, mean
    for _ in range(BISECTIONS):
        goal = (low + high) / 2
        found = _cut(run, order, parent, goal)
        low, high = np.where(found >= wanted, goal, low), np.where(found >= wanted, high, goal)
    _cut(run, order, parent, low)


def _ranked(run: Run) -> tuple[int, Ints, Ints, Ints]:
    """Areas by their distance from one drawn by lot in every piece.

    How many, rank, order, and none served.
    """
    area_rank, area_order, seen = (np.zeros(run.arrays.nodes, np.int32) for _ in range(3))
    reached = build.rank_areas(run.arrays.plan, _random_roots(run), area_rank, area_order, seen)
    return reached, area_rank, area_order, seen


def _carry(run: Run) -> None:
    """One round of carrying excess in every piece towards an area drawn by lot."""
    reached, rank, order, seen = _ranked(run)
    done = 0
    for size in run.clock.slices(reached, 64):
        stop = reached - done
        build.carry(
            run.arrays.plan, run.arrays.scratch, run.chance, rank, order, seen, stop - size, stop, _lower(run)
        )
        done += size


def _level(run: Run) -> None:
    """Rounds of levelling the sizes in every piece, until the bounds are kept or the rounds are spent."""
    plan = run.arrays.plan
    lead = plan.features[:, int(plan.rule[0]["lead"])]
    total = np.bincount(run.arrays.piece, lead, minlength=run.arrays.pieces)
    for _ in range(LEVELLINGS):
        if len(run.illegal()) == 0:
            break
        reached, rank, order, seen = _ranked(run)
        left = np.stack([total, run.count_by_piece()], axis=1).astype(np.float64)
        done = 0
        for size in run.clock.slices(reached, 64):
            stop = reached - done
            build.level(
                plan,
                run.arrays.scratch,
                run.chance,
                rank,
                order,
                seen,
                stop - size,
                stop,
                run.arrays.piece,
                left,
            )
            done += size


def _random_roots(run: Run) -> Ints:
    """A random node of every piece."""
    by = np.argsort(run.arrays.piece, kind="stable")
    size = np.bincount(run.arrays.piece, minlength=run.arrays.pieces)
    draw = np.array([uniform(run.chance) for _ in range(run.arrays.pieces)])
    return np.asarray(by[np.cumsum(size) - size + (draw * size).astype(np.int64)], dtype=np.int32)


def _merge_to_count(run: Run) -> None:
    """Merge the cheapest pairs of areas in the pieces that have too many."""
    merge(run, np.maximum(run.count_by_piece() - np.maximum(run.forecast.wanted, 1), 0).astype(np.int32))


def merge(run: Run, excess: Ints) -> None:
    """Merge the cheapest pairs of adjacent areas, ``excess`` times in each piece."""
    arrays = run.arrays
    partner, change = np.full(arrays.nodes, -2, np.int32), np.zeros(arrays.nodes)
    for size in run.clock.slices(int(excess.sum()), 4):
        build.merge_down(arrays.plan, arrays.scratch.sub, arrays.piece, excess, partner, change, size)
    run.refresh()


def _split_to_count(run: Run) -> None:
    """Split the largest areas of the pieces that have too few."""
    if run.problem.count == MOST:
        return
    arrays = run.arrays
    lead = int(arrays.plan.rule[0]["lead"])
    missing = np.maximum(run.forecast.wanted - run.count_by_piece(), 0)
    for piece in np.flatnonzero(missing).tolist():
        for _ in range(int(missing[piece])):
            area = arrays.plan.area[: run.used]
            mine = (area["size"] > 1) & (arrays.piece[area["first"]] == piece)
            if not mine.any():
                break
            largest = int(np.argmax(np.where(mine, arrays.plan.sums[: run.used, lead], -1.0)))
            mend.split_area(arrays.plan, arrays.ground, arrays.scratch, largest, 8, run.chance)
            run.clock.look_up()
