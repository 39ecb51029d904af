"""Pieces too large to be listed whole: a few neighbouring areas at a time are chosen anew, exactly."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from renomap.grouping.choosing import Program
from renomap.grouping.linear import solver
from renomap.grouping.listing import Listing, list_areas
from renomap.grouping.run import Run
from renomap.model.problem import Ints

#: Nodes of a window at most, sets looked at for one, and areas listed for all at full effort.
NODES = 40
SETS = 40_000
ROOM = 500_000
#: Times that every area gets a window.
ROUNDS = 3
ROUNDING = 1e-9


def choose_in_windows(run: Run) -> None:
    """Improve the pieces that are not solved, window by window, until no window can be improved.

    A window is an area with those around it that fit. Its areas are replaced by the cheapest for its nodes:
    as many, or one less where the piece has more than wished for. The work is limited by counting, so that
    the result depends on the problem alone.
    """
    if solver() is None:
        return
    label = run.arrays.plan.node["label"].copy()
    illegal = np.isin(label, run.illegal())
    open_nodes = np.flatnonzero(~run.solved[run.arrays.piece] & ~illegal)
    room, tried = int(ROOM * min(run.effort, 4.0)), set()
    for _ in range(ROUNDS):
        before = label.copy()
        for first in open_nodes[np.unique(label[open_nodes], return_index=True)[1]].tolist():
            if room <= 0:
                break
            areas = _around(run, label, int(label[first]), illegal)
            while len(areas) > 1 and room > 0:
                members = np.flatnonzero(np.isin(label, areas)).astype(np.int32)
                key = label[members].tobytes() + members.tobytes()
                if key in tried:
                    break
                tried.add(key)
                run.clock.look_up()
                listing = list_areas(run, members, SETS)
                room -= SETS if listing is None else len(listing)
                if listing is None:
                    areas.pop()
                    continue
                _rechoose(run, label, members, listing)
                break
        if np.array_equal(before, label):
            break
    run.load(label)


def _around(run: Run, label: Ints, area: int, illegal: npt.NDArray[np.bool_]) -> list[int]:
    """An area and those around it, from the one it has most links with, while their nodes fit a window."""
    plan, found, count = run.arrays.plan, [area], int((label == area).sum())
    while True:
        members = np.flatnonzero(np.isin(label, found))
        rows = [plan.link["to"][row["start"] : row["hold"]] for row in plan.node[members]]
        near = np.concatenate(rows)
        near = label[near[~illegal[near]]]
        near = near[~np.isin(near, found)]
        if len(near) == 0:
            return found
        numbers, links = np.unique(near, return_counts=True)
        following = int(numbers[np.argmax(links)])
        count += int((label == following).sum())
        if count > NODES:
            return found
        found.append(following)


def _rechoose(run: Run, label: Ints, members: Ints, listing: Listing) -> None:
    """Put the best areas for the nodes of a window in place of those there, where they are better."""
    present = np.unique(label[members])
    have, ideal = _piece_count(run, label, int(run.arrays.piece[members[0]]))
    fewer = abs(have - 1 - ideal) < abs(have - ideal)
    program = Program(listing, len(present) - fewer, float(len(present) - fewer))
    if not program.relax() or program.left() or program.count() not in (len(present), len(present) - fewer):
        return
    found = program.best(run.expected)
    if found is None or len(found.areas) > len(present):
        return
    now = sum(_cost_of(listing, label[members] == area) for area in present.tolist())
    cost = listing.costs(run.expected)[found.areas].sum()
    covered = sum(int(listing.start[k + 1] - listing.start[k]) for k in found.areas.tolist())
    if covered == len(members) and (len(found.areas) < len(present) or cost < now - ROUNDING):
        for number, area in enumerate(found.areas.tolist()):
            inside = listing.place[listing.start[area] : listing.start[area + 1]]
            label[members[inside]] = present[number]


def _piece_count(run: Run, label: Ints, piece: int) -> tuple[int, float]:
    """How many areas a piece has, and how many would be ideal."""
    return len(np.unique(label[run.arrays.piece == piece])), float(run.goal()[1][piece])


def _cost_of(listing: Listing, inside: npt.NDArray[np.bool_]) -> float:
    """The cost of an area as listed; infinite where it is not."""
    size = np.diff(listing.start)
    owner = np.repeat(np.arange(len(listing)), size)
    same = np.bincount(owner, inside[listing.place], minlength=len(listing)) == inside.sum()
    where = np.flatnonzero(same & (size == inside.sum()))
    return float(listing.cost[where[0]]) if len(where) else np.inf
