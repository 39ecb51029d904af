"""Pieces too large to be listed whole: a few neighbouring areas at a time are chosen anew, exactly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from renomap.grouping.arrays import connected_parts
from renomap.grouping.choosing import Program
from renomap.grouping.listing import Listing, list_areas
from renomap.grouping.run import Run
from renomap.linear import solver
from renomap.model.problem import Flags, Ints

#: Nodes of a window at most, sets looked at for one, and areas listed for all at full effort; a window with
#: too many sets is paid for with all of them.
NODES = 40
SETS = 40_000
ROOM = 500_000
#: Times that every area gets a window.
ROUNDS = 3
ROUNDING = 1e-9


@dataclass(frozen=True)
class _Draft:
    """Labels of all nodes, changed window by window; ``left`` marks nodes in no legal area."""

    label: Ints
    left: Flags

    def put(self, members: Ints, places: list[Ints], left: Flags) -> None:
        """Give some nodes new areas, told by their places among them; those left are alone for now."""
        nodes = len(self.label)
        self.left[members] = left
        self.label[members[left]] = 2 * nodes + members[left]
        for inside in places:
            self.label[members[inside]] = nodes + members[inside].min()


def choose_in_windows(run: Run) -> None:
    """Improve the pieces that are not solved, window by window, until no window can be improved.

    A window is an area, or nodes left over, with the areas around that fit. What it holds is replaced by what
    is best for its nodes: as few left over as can be, then the number of areas that brings the piece nearest
    to the wished, then cost. The work is limited by counting, so that the result depends on the problem
    alone.
    """
    if solver() is None:
        return
    label = run.arrays.plan.node["label"].copy()
    draft = _Draft(label, np.isin(label, run.illegal()))
    open_nodes = np.flatnonzero(~run.solved[run.arrays.piece])
    room, tried = int(ROOM * min(run.effort, 4.0)), set()
    for _ in range(ROUNDS):
        before = label.copy()
        first = open_nodes[np.unique(label[open_nodes], return_index=True)[1]]
        for node in first[np.argsort(~draft.left[first], kind="stable")].tolist():
            areas = _around(run, draft, int(label[node]))
            while len(areas) > 1 and room > 0:
                members = np.flatnonzero(np.isin(label, areas)).astype(np.int32)
                key = label[members].tobytes() + members.tobytes()
                if key in tried:
                    break
                tried.add(key)
                run.clock.look_up()
                listing = list_areas(run, members, SETS)
                room -= SETS if listing is None else len(listing)
                if listing is not None:
                    _rechoose(run, draft, members, listing)
                    break
                areas.pop()
            if room <= 0:
                break
        if np.array_equal(before, label):
            break
    run.load(connected_parts(run.arrays, label))


def _around(run: Run, draft: _Draft, area: int) -> list[int]:
    """An area and those around it, from the one it has most links with, while their nodes fit a window."""
    plan, label, found, count = run.arrays.plan, draft.label, [area], int((draft.label == area).sum())
    while True:
        members = np.flatnonzero(np.isin(label, found))
        rows = [plan.link["to"][row["start"] : row["hold"]] for row in plan.node[members]]
        near = label[np.concatenate(rows)]
        near = near[~np.isin(near, found)]
        if len(near) == 0:
            return found
        numbers, links = np.unique(near, return_counts=True)
        following = int(numbers[np.argmax(links)])
        count += int((label == following).sum())
        if count > NODES:
            return found
        found.append(following)


def _rechoose(run: Run, draft: _Draft, members: Ints, listing: Listing) -> None:
    """Put the best areas for the nodes of a window in place of what is there, where they are better."""
    label, left = draft.label[members], draft.left[members]
    legal = np.unique(label[~left])
    ideal = len(legal) + _missing(run, draft, int(run.arrays.piece[members[0]]))
    program = Program(listing, max(1, int(np.floor(ideal + 0.5))), ideal)
    found = program.best(run.expected) if program.relax() else None
    if found is None:
        return
    places = [listing.place[listing.start[k] : listing.start[k + 1]] for k in found.areas.tolist()]
    spare = np.ones(len(members), dtype=bool)
    spare[np.concatenate([*places, np.zeros(0, np.int32)])] = False
    now = sum(listing.cost[_number(listing, label == area)] for area in legal.tolist())
    before = (int(left.sum()), abs(len(legal) - ideal), now - ROUNDING)
    if (int(spare.sum()), abs(len(places) - ideal), listing.cost[found.areas].sum()) < before:
        draft.put(members, places, spare)


def _missing(run: Run, draft: _Draft, piece: int) -> float:
    """How many areas more a piece would ideally have."""
    have = len(np.unique(draft.label[(run.arrays.piece == piece) & ~draft.left]))
    return float(run.goal()[1][piece]) - have


def _number(listing: Listing, inside: Flags) -> int:
    """The number of a listed area."""
    size = np.diff(listing.start)
    owner = np.repeat(np.arange(len(listing)), size)
    same = np.bincount(owner, inside[listing.place], minlength=len(listing)) == inside.sum()
    return int(np.flatnonzero(same & (size == inside.sum()))[0])
