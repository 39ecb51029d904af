"""Exact search: pieces of up to about 25 nodes are solved to the optimum, or told how far they can be off."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from renomap.grouping import feasibility
from renomap.grouping.bound import Proof
from renomap.grouping.choosing import choose_areas
from renomap.grouping.pieces import LARGEST, Allowance, BestPartition, Piece, list_areas
from renomap.grouping.run import Run
from renomap.model.problem import AUTO, FEWEST, MOST, Ints

#: Areas listed at most of one piece, and sets looked at for a whole plan: about a second.
ROOM = 2_000_000
WORK = 400_000_000

#: Numbers of areas tried, the nearest to the wished first, before a piece is left as the search made it.
COUNTS = 5


def solve_small_pieces(run: Run) -> Proof:
    """Put the best partition of every small piece in place of what the search found.

    The number of areas of a piece is the one that is asked for: the nearest to the wished ('auto'), the
    largest or the least that can be; with an exact number the piece keeps what the search gave it. Costs are
    those of the search: sums over areas, for the number of areas at hand. The work is limited by counting, so
    that the result depends on the problem alone.

    Parameters
    ----------
    run : Run
        Holds the plan, before and after. Where it has another number of areas than its costs expect, and that
        is the one asked for, the costs are made to expect it and the pieces are solved again.
    """
    allowance = Allowance(WORK)
    proof = _solve_all(run, allowance)
    areas = int(proof.count.sum()) + run.forecast.locked
    if run.problem.count == AUTO and areas != run.expected and run.has_means() and proof.settled.all():
        run.expect(areas)
        run.solved = choose_areas(run)
        proof = _solve_all(run, allowance)
    return replace(proof, areas=int(run.expected))


def _solve_all(run: Run, allowance: Allowance) -> Proof:
    arrays = run.arrays
    label = arrays.plan.node["label"].copy()
    illegal = np.isin(label, run.illegal())
    ideal = feasibility.ideal_counts(run.problem, run.forecast)
    gap = np.full(arrays.pieces, np.inf)
    settled = np.zeros(arrays.pieces, dtype=bool)
    order = np.argsort(arrays.piece, kind="stable")
    ends = np.searchsorted(arrays.piece[order], np.arange(arrays.pieces + 1))
    size = np.diff(ends)
    for number in np.argsort(size, kind="stable").tolist():
        members = order[ends[number] : ends[number + 1]].astype(np.int32)
        whole = not illegal[members].any()
        if run.solved[number] or (whole and run.forecast.high[number] <= 1):
            gap[number], settled[number] = 0.0, run.solved[number] and run.wanted() is None
            continue
        if size[number] > LARGEST or allowance.left <= 0:
            continue
        run.clock.look_up()
        piece = list_areas(run, members, allowance, ROOM)
        if piece is None:
            continue
        own = _sets(label[members]) if whole else ()
        answer, certain = _asked(run, piece, own, _counts(run, number, len(own), ideal[number]))
        if answer is None:
            continue
        label[members] = _labels(answer.areas, members, len(label))
        gap[number], settled[number] = max(0.0, answer.cost - answer.bound), certain
    run.load(label)
    legal, count = _state(run)
    if run.problem.count == AUTO:
        settled |= legal & (count == np.maximum(run.forecast.wanted, 1))
    settled |= legal & _forced(run)
    rough = np.isinf(gap) & legal
    gap[rough] = _rough_gaps(run, count)[rough]
    return Proof(gap, settled & legal, count, 0)


def _state(run: Run) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.int64]]:
    """Whether every area of a piece is legal, and how many it has."""
    legal = np.ones(run.arrays.pieces, dtype=bool)
    legal[run.arrays.piece[run.arrays.plan.area["first"][run.illegal()]]] = False
    return legal, run.count_by_piece()


def _forced(run: Run) -> npt.NDArray[np.bool_]:
    """The pieces that can have one number of areas only, in plans with the number asked for."""
    low, high = np.minimum(run.forecast.low, run.forecast.high), run.forecast.high
    wanted = run.wanted()
    free = low < high
    if wanted is not None and (free.sum() <= 1 or wanted in (int(low.sum()), int(high.sum()))):
        return np.ones(len(low), dtype=bool)
    return ~free


def _rough_gaps(run: Run, count: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """What each piece costs beyond what its areas must cost at least.

    No cost is negative; sizes miss the target by what their sum misses; with n areas at least n - 1 borders
    are cut; a gain needs the people of the whole piece.
    """
    plan, piece, pieces = run.arrays.plan, run.arrays.piece, run.arrays.pieces
    rule = plan.rule[0]
    used = np.flatnonzero(run.alive)
    cost = np.bincount(piece[plan.area["first"][used]], plan.area["cost"][used], minlength=pieces)
    source = np.repeat(np.arange(run.arrays.nodes), plan.node["end"] - plan.node["start"])
    once = source < plan.link["to"]
    cut = once & (plan.node["label"][source] != plan.node["label"][plan.link["to"]])
    cost += np.bincount(piece[source[cut]], plan.link["border"][cut], minlength=pieces)
    size = np.bincount(piece, plan.features[:, int(rule["target_column"])], minlength=pieces)
    cost -= rule["target_weight"] * np.abs(size / rule["target"] - count)
    squares = int(rule["capacities"]) + 1 + int(rule["attributes"])
    people = np.bincount(piece, plan.features[:, squares + 1], minlength=pieces) if rule["gains"] else size
    for column in range(squares + 2, squares + 2 + int(rule["gains"])):
        gain = np.bincount(piece, plan.features[:, column], minlength=pieces)
        cost -= rule["pooling_weight"] * gain * (people < plan.column[column]["due"])
    return np.asarray(np.maximum(cost, 0.0))


def _counts(run: Run, number: int, own: int, ideal: float) -> list[int | str]:
    """Numbers of areas to try in turn."""
    count, forecast = run.problem.count, run.forecast
    if count in (MOST, FEWEST):
        return [count]
    if count != AUTO:
        shared = int(forecast.wanted[number])
        return [own] if own and run.is_met() else [shared, own or shared]
    low, high = int(forecast.low[number]), int(forecast.high[number])
    possible = range(max(1, min(low, high)), max(1, high) + 1)
    return list(sorted(possible, key=lambda k: (abs(k - ideal), -k))[:COUNTS])


def _asked(
    run: Run, piece: Piece, own: tuple[int, ...], counts: list[int | str]
) -> tuple[BestPartition | None, bool]:
    """The answer for the first number that can be, and whether that number is certain."""
    for count in counts:
        mine = own if isinstance(count, str) or len(own) == count else ()
        answer = piece.best(count, mine)
        if answer.areas:
            free = isinstance(run.problem.count, str)
            return answer, free and (answer.proven or not isinstance(count, str))
        if not answer.proven:
            break
    return None, False


def _sets(label: Ints) -> tuple[int, ...]:
    """The areas of a piece as sets of its nodes."""
    bit = np.left_shift(np.int64(1), np.arange(len(label)))
    return tuple(int(bit[label == area].sum()) for area in np.unique(label))


def _labels(areas: tuple[int, ...], members: Ints, beyond: int) -> Ints:
    """Labels of the members: numbers that no area of another piece has."""
    label = np.zeros(len(members), dtype=np.int32)
    for area in areas:
        inside = (area >> np.arange(len(members))) & 1 == 1
        label[inside] = beyond + members[inside][0]
    return label
