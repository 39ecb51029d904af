"""What any plan could reach: the least of each term, and how many terms can be a share better at once.

Peers get pieces with their units, links and number of areas. Where all legal areas of a piece can be listed,
a plan of it is a choice of that many areas that hold each unit once: an integer program, solved here by the
solver of scipy and not by the engine. A piece with too many areas counts with what no plan can go below by
arithmetic: for the spread, what the sum of sizes misses; for the other terms nothing. So all that is told
here holds for every plan that keeps the rules, whoever makes it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from peers import Piece
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, csr_array, hstack

from renomap.grouping import feasibility
from renomap.grouping.arrays import build_arrays
from renomap.grouping.listing import Listing, list_areas
from renomap.grouping.run import Clock, Run, seeded
from renomap.model.feedback import Silent
from renomap.model.problem import Problem

#: The four terms under the names of the objective.
WEIGHTED = ("target", "crossings", "walk", "compactness")
CUT = WEIGHTED.index("compactness")
#: Better by this share is what is asked for in two terms.
SHARE = 0.15
#: Sets looked at for one piece, and seconds for one integer program.
SETS, PATIENCE_S = 1_000_000, 30.0
#: Areas of a program that are taken whole; of more, parts may be taken, which bounds all plans as well.
WHOLE = 2_000
ROUNDING = 1e-6


@dataclass(frozen=True)
class Beside:
    """Columns from 0 to 1 beside the areas: some ``terms`` and so many ``times`` the columns keep a limit."""

    cost: np.ndarray
    times: np.ndarray
    limit: np.ndarray
    terms: np.ndarray
    whole: bool = True


@dataclass(frozen=True)
class Choices:
    """The legal areas of all pieces that can be listed, as columns of a program.

    ``rows`` (units and pieces, areas) holds a 1 for each unit and for the piece of an area, and a choice adds
    up to ``sums``. A choice has the terms ``rest + chosen @ terms``, as shares of the whole plan.
    """

    rows: csr_array
    sums: np.ndarray
    terms: np.ndarray
    rest: np.ndarray
    listed: int

    def least(self, term: int) -> float:
        """What no plan can go below in one term."""
        return float(self.rest[term]) + self._bound(self.terms[:, term])

    def most_better(self, than: np.ndarray, candidates: np.ndarray) -> int:
        """How many of some terms can be better than others by the share at once, at most."""
        if candidates.sum() < 2 or len(self.terms) > WHOLE:
            return int(candidates.sum())
        chosen = int(self.sums[self.sums > 1].sum()) + len(self.sums)
        most = self.rest + chosen * self.terms.max(axis=0, initial=0.0)
        wish = np.diag(most)[candidates][:, candidates]
        limit = (1 - SHARE) * than + most
        bound = self._bound(
            np.zeros(len(self.terms)), Beside(-np.ones(len(wish)), wish, limit[candidates], candidates)
        )
        return int(np.floor(ROUNDING - bound))

    def least_worse(self, than: np.ndarray) -> float:
        """The share by which some term must be worse than others, at least; 0 where none must be."""
        every = np.ones(len(than), dtype=bool)
        beside = Beside(np.ones(1), -than[:, None], than, every, whole=False)
        return max(0.0, self._bound(np.zeros(len(self.terms)), beside))

    def _bound(self, cost: np.ndarray, beside: Beside | None = None) -> float:
        """What choices cost at least; of very many areas, what parts of areas would cost."""
        rows, kinds = self.rows, np.full(len(cost), float(len(cost) <= WHOLE))
        limits = []
        if beside is not None:
            rows = hstack([rows, csr_array((rows.shape[0], len(beside.cost)))])
            table = np.hstack([self.terms.T[beside.terms], beside.times])
            limits = [LinearConstraint(table, -np.inf, beside.limit - self.rest[beside.terms])]
            cost = np.append(cost, beside.cost)
            kinds = np.append(kinds, np.full(len(beside.cost), float(beside.whole)))
        found = milp(
            cost,
            constraints=[LinearConstraint(rows, self.sums, self.sums), *limits],
            integrality=kinds,
            bounds=Bounds(0, 1),
            # to presolve columns that are so alike takes a hundred times as long as to solve
            options={"time_limit": PATIENCE_S, "mip_rel_gap": 0.0, "presolve": False},
        )
        bound = found.mip_dual_bound if found.mip_dual_bound is not None else found.fun
        return -np.inf if bound is None else float(bound)


def choices(problem: Problem, pieces: list[Piece], scale: np.ndarray) -> Choices:
    """All legal areas of the pieces; ``scale`` (4,) turns sums of terms into shares of the plan."""
    runs = [_run(replace(problem, weights={term: 1.0})) for term in WEIGHTED]
    target = problem.target
    assert target is not None
    size = problem.capacity(target.capacity).known / target.value
    owners, places, terms, sums = [], [], [], []
    rest, columns, rows, listed = np.zeros(4), 0, 0, 0
    rest[CUT] = _between(problem, pieces)
    for piece in pieces:
        lists = [_listed(run, piece) for run in runs]
        rest[CUT] += _border(problem, piece)
        if any(item is None for item in lists):
            rest[0] += abs(size[piece.units].sum() - piece.count)
            rest[CUT] -= _border(problem, piece)
            continue
        raw = np.stack([_raw(problem, item, term) for term, item in enumerate(lists)], axis=1)
        inside = _table(lists[0])
        if piece.count == 2:  # an area of two leaves the other
            paired = _paired(inside)
            inside, raw = inside[paired], raw[paired]
        m, n = inside.shape
        owner, place = inside.nonzero()
        places += [place + rows, np.full(m, rows + n)]
        owners += [owner + columns, np.arange(m) + columns]
        terms.append(raw)
        sums += [np.ones(n), [piece.count]]
        columns, rows, listed = columns + m, rows + n + 1, listed + 1
    where = (np.concatenate(places), np.concatenate(owners))
    matrix = coo_array((np.ones(len(where[0])), where), shape=(rows, columns)).tocsr()
    scale = np.maximum(scale, 1e-9)
    return Choices(matrix, np.concatenate(sums), np.concatenate(terms) / scale, rest / scale, listed)


def _run(problem: Problem) -> Run:
    forecast = feasibility.check(problem)
    expected = max(1.0, float(forecast.wanted.sum()))
    arrays = build_arrays(problem, feasibility.must_groups(problem), forecast.searched, expected)
    return Run(problem, forecast, arrays, seeded(1), 1.0, Clock(Silent(), None), expected)


def _listed(run: Run, piece: Piece) -> Listing | None:
    """The legal areas of a piece; only where no units are tied together."""
    nodes = run.arrays.node_of[piece.units]
    assert len(np.unique(nodes)) == len(nodes)
    assert (nodes >= 0).all()
    return list_areas(run, nodes.astype(np.int32), SETS)


def _table(listing: Listing) -> csr_array:
    """Which units (columns) each area (rows) holds."""
    ones = np.ones(len(listing.place), dtype=bool)
    return csr_array((ones, listing.place, listing.start), shape=(len(listing), listing.nodes))


def _paired(inside: csr_array) -> np.ndarray:
    """The areas of which the rest of the piece is one as well."""
    rows = [np.packbits(row).tobytes() for row in inside.toarray()]
    rests = [np.packbits(~row).tobytes() for row in inside.toarray()]
    known = set(rows)
    return np.array([rest in known for rest in rests], dtype=bool)


def _raw(problem: Problem, listing: Listing, term: int) -> np.ndarray:
    """What each area adds to a term, from its cost where nothing else counts."""
    by = (
        listing.expected,
        problem.crossing.sum(),
        listing.expected * problem.walk_max,
        problem.frontage.sum(),
    )
    return listing.cost * by[term]


def _border(problem: Problem, piece: Piece) -> float:
    """The frontage of the links within a piece."""
    inside = np.zeros(len(problem), dtype=bool)
    inside[piece.units] = True
    return float(problem.frontage[inside[problem.a] & inside[problem.b]].sum())


def _between(problem: Problem, pieces: list[Piece]) -> float:
    """The frontage between pieces, which every plan cuts."""
    part = np.full(len(problem), -1)
    for number, piece in enumerate(pieces):
        part[piece.units] = number
    one, two = part[problem.a], part[problem.b]
    return float(problem.frontage[(one >= 0) & (two >= 0) & (one != two)].sum())
