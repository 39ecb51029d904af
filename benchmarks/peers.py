"""What REDCAP, GerryChain and spopt make of one piece of the planner's problem, run as by an informed user.

A peer gets the units of a connected piece, the links among them and the number of areas. REDCAP gets the
minimum and three of its linkages, GerryChain the mean size with the bounds as its tolerance and five seeds,
Skater of spopt the number and, where sizes go by count, the minimum (its floor counts units). None of them
knows a maximum of hectares or of the walk.
"""

from __future__ import annotations

import importlib
import signal
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from renomap.model.problem import Problem

#: A peer that has no answer for a piece by then gets none: GerryChain may look for a balanced cut for ever.
#: Seconds of processor time, so that a busy machine changes no figure.
PATIENCE_S = 10
ATTEMPTS = 2000
LINKAGES = ("fullorder-wardlinkage", "fullorder-averagelinkage", "fullorder-completelinkage")
SEEDS = (1, 2, 3, 4, 5)


@dataclass(frozen=True)
class Piece:
    """A connected part of a plan with more than one area: units, links among them, and how many areas."""

    units: np.ndarray
    a: np.ndarray
    b: np.ndarray
    count: int


def neighbours(piece: Piece) -> list[list[int]]:
    """The neighbours of each unit of a piece, as places in it."""
    rows: list[list[int]] = [[] for _ in piece.units]
    for i, j in zip(piece.a.tolist(), piece.b.tolist(), strict=True):
        rows[i].append(j)
        rows[j].append(i)
    return rows


def sizes(problem: Problem, piece: Piece) -> tuple[str, np.ndarray, float, float]:
    """What the areas of a piece are sized by: name, value of each unit, least and largest sum.

    A lower bound that every unit reaches by itself is none: pieces are sized by households or by count.
    """
    for capacity in problem.capacities:
        values = capacity.known[piece.units]
        if capacity.lower > 0 and values.min() < capacity.lower:
            same = [item.upper for item in problem.capacities if item.name == capacity.name]
            return capacity.name, values, capacity.lower, min(same)
    return "count", np.ones(len(piece.units)), 1.0, np.inf


def redcap(problem: Problem, piece: Piece, linkage: str) -> np.ndarray:
    """pygeoda's REDCAP on coordinates, with the least size of an area."""
    import pygeoda

    rows = neighbours(piece)
    with tempfile.NamedTemporaryFile("w", suffix=".gal") as file:
        file.write(f"0 {len(rows)} x id\n")
        file.writelines(f"{i} {len(near)}\n{' '.join(map(str, near))}\n" for i, near in enumerate(rows))
        file.flush()
        weights = pygeoda.read_gal(file.name, [str(i) for i in range(len(rows))])
    where = problem.points[piece.units]
    data = [((x - x.mean()) / max(x.std(), 1e-9)).tolist() for x in where.T]
    _, values, lower, _ = sizes(problem, piece)
    found = pygeoda.redcap(
        piece.count, weights, data, linkage,
        bound_variable=values.tolist(), min_bound=float(lower), scale_method="raw", cpu_threads=1,
    )  # fmt: skip
    return np.asarray(found["Clusters"]) - 1


def gerrychain(problem: Problem, piece: Piece, seed: int) -> np.ndarray:
    """Recursive tree partition to the mean size, within the bounds of that size."""
    import networkx as nx
    from gerrychain import Graph
    from gerrychain.partition import recursive_tree_part
    from gerrychain.tree import bipartition_tree

    _, size, lower, upper = sizes(problem, piece)
    graph = nx.Graph()
    graph.add_nodes_from((i, {"pop": float(value)}) for i, value in enumerate(size))
    graph.add_edges_from(zip(piece.a.tolist(), piece.b.tolist(), strict=True))
    mean = float(size.sum()) / piece.count
    slack = max(0.05, min(1 - lower / mean, upper / mean - 1))
    cut = partial(bipartition_tree, max_attempts=ATTEMPTS)
    found = recursive_tree_part(
        Graph.from_networkx(graph), range(piece.count), mean, "pop", slack, bipartition_tree_fn=cut, rng=seed
    )
    return np.array([found[i] for i in range(len(size))])


def skater(problem: Problem, piece: Piece) -> np.ndarray:
    """spopt's Skater on coordinates."""
    import geopandas as gpd
    from libpysal.weights import W
    from spopt.region import Skater

    where = problem.points[piece.units]
    frame = gpd.GeoDataFrame({"x": where[:, 0], "y": where[:, 1]}, geometry=gpd.points_from_xy(*where.T))
    name, _, lower, _ = sizes(problem, piece)
    floor = int(lower) if name == "count" else 1
    weights = W(dict(enumerate(neighbours(piece))), silence_warnings=True)
    model = Skater(frame, weights, ["x", "y"], n_clusters=piece.count, floor=max(1, floor))
    model.solve()
    return np.asarray(model.labels_)


#: Each peer with the ways in which it is tried, the usual one first.
PEERS: dict[str, list[Callable[[Problem, Piece], np.ndarray]]] = {
    "redcap": [partial(redcap, linkage=linkage) for linkage in LINKAGES],
    "gerrychain": [partial(gerrychain, seed=seed) for seed in SEEDS],
    "spopt skater": [skater],
}


LIBRARIES = {"redcap": "pygeoda", "gerrychain": "gerrychain.tree", "spopt skater": "spopt.region"}


def installed() -> list[str]:
    """The peers that can be asked. Their libraries are loaded here, so that no patience is spent on that."""
    found = []
    for name, library in LIBRARIES.items():
        with suppress(ImportError), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            importlib.import_module(library)
            found.append(name)
    return found


@contextmanager
def _patience(seconds: int) -> Iterator[None]:
    def late(*_: object) -> None:
        raise TimeoutError

    signal.signal(signal.SIGPROF, late)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def answers(name: str, problem: Problem, piece: Piece) -> list[np.ndarray]:
    """The plans of a peer for a piece that have the number of areas asked for, the usual one first."""
    found: list[np.ndarray] = []
    for way in PEERS[name]:
        try:
            with _patience(PATIENCE_S), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                labels: Any = way(problem, piece)
        except (Exception, SystemExit):
            if not found and name == "gerrychain":
                break  # where no balanced cut is found, another seed mostly finds none either
            continue
        if len(np.unique(labels)) == piece.count:
            found.append(np.asarray(labels))
    return found
