"""The planner's problem: preset changsha on the sample town and on real compounds, against peers on the same
graph.

    python benchmarks/bench_planner.py DATA [CASE...]

DATA is the folder of real data (cn_beijing, cn_shanghai). Peers (spopt, pygeoda, gerrychain) are used where
they are installed. Each peer gets the pieces of our plan one by one, with the same units, links and number
of areas: REDCAP the minimum, GerryChain the mean size with the bounds as its tolerance, spopt (Skater) the
number alone. A piece where a peer fails or hangs keeps what we found there, which favours the peer.

Columns: seconds from polygons to verified plan (links, problem, search), then spread (mean of |size -
target| / target), crossings (cost of the links needed inside areas, share of all), walk (mean over areas of
the longest shortest path, metres), frontage cut (share of all), and areas that break a rule. The seconds
run from polygons to the verified plan.
"""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from renomap.deficits import presets
from renomap.grouping import objective, search, verify
from renomap.model.feedback import Silent
from renomap.model.problem import Problem, Result
from renomap.steps.groundwork import lay_ground
from renomap.steps.group import build_problem, chosen_settings
from renomap.steps.import_ import open_or_import
from renomap.steps.options import GroupOptions

BEIJING = "cn_beijing/beijing_compounds_all_wgs84.gpkg"
SHANGHAI = "cn_shanghai/shanghai_west_compounds_named.gpkg"
CASES: dict[str, tuple[str, dict[str, Any]]] = {
    "town": ("", {}),
    "demo": ("cn_beijing/beijing_dongzhimen_demo.gpkg", {"within": "subdistricts.乡"}),
    "beijing 30": (BEIJING, {"gap_m": 30.0}),
    "beijing 80": (BEIJING, {"gap_m": 80.0}),
    "shanghai 30": (SHANGHAI, {"gap_m": 30.0}),
    "shanghai 80": (SHANGHAI, {"gap_m": 80.0}),
}
PATIENCE_S = 5


@dataclass(frozen=True)
class Piece:
    """A connected part of the plan with more than one area: units, links among them, and the areas found."""

    units: np.ndarray
    a: np.ndarray
    b: np.ndarray
    count: int


def task_of(data: Path, case: str) -> tuple[Problem, float]:
    """The problem of a case and the seconds from polygons to it."""
    file, given = CASES[case]
    path = data / file if file else Path(__file__).parent.parent / "sample_data" / "town.gpkg"
    project = open_or_import(path)
    preset = presets.load("changsha")
    settings = chosen_settings(GroupOptions(preset="changsha", **given), preset)
    began = time.perf_counter()
    work = lay_ground(project, preset, settings, Silent())
    problem = build_problem(project, preset, settings, work)
    return problem, time.perf_counter() - began


def pieces_of(problem: Problem, result: Result) -> list[Piece]:
    """The parts where there is something to decide: connected, only legal areas, more than one."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    labels, n = result.labels, len(problem)
    placed = (labels >= 0) & ~np.isin(labels, [item.label for item in result.undersized])
    inside = problem.usable & placed[problem.a] & placed[problem.b]
    a, b = problem.a[inside], problem.b[inside]
    _, part = connected_components(coo_matrix((np.ones(len(a)), (a, b)), shape=(n, n)), directed=False)
    found = []
    for number in np.unique(part[placed]):
        units = np.flatnonzero(placed & (part == number))
        count = len(np.unique(labels[units]))
        if count > 1:
            place = np.full(n, -1)
            place[units] = np.arange(len(units))
            mine = part[a] == number
            found.append(Piece(units, place[a[mine]], place[b[mine]], count))
    return found


def measures(problem: Problem, labels: np.ndarray, flagged: set[int], choice: np.ndarray) -> list[float]:
    """Spread, crossings, walk, frontage cut and broken rules of the areas where there is a choice."""
    judged = np.where(choice, labels, -1)
    target = problem.target
    size = problem.capacity(target.capacity).known
    _, at = np.unique(judged[judged >= 0], return_inverse=True)
    total = np.bincount(at, size[judged >= 0])
    inside = choice[problem.a] & choice[problem.b]
    part = replace(problem, frontage=problem.frontage * inside, crossing=problem.crossing * inside)
    terms = objective.terms(part, judged)
    walk = objective.walks(problem, judged)
    broken = verify.violations(problem, labels, flagged=flagged, count=False)
    return [
        float(np.abs(total / target.value - 1).mean()),
        1.0 - terms["crossings"],
        float(np.where(np.isfinite(walk), walk, np.nan).mean()),
        1.0 - terms["compactness"],
        len({item.label for item in broken if item.rule in ("below", "above", "walk", "connected")}),
    ]


def redcap(problem: Problem, piece: Piece) -> np.ndarray:
    import tempfile

    import pygeoda

    rows = neighbours(piece)
    with tempfile.NamedTemporaryFile("w", suffix=".gal") as file:
        file.write(f"0 {len(rows)} x id\n")
        file.writelines(f"{i} {len(near)}\n{' '.join(map(str, near))}\n" for i, near in enumerate(rows))
        file.flush()
        weights = pygeoda.read_gal(file.name, [str(i) for i in range(len(rows))])
    where = problem.points[piece.units]
    data = [((x - x.mean()) / max(x.std(), 1e-9)).tolist() for x in where.T]
    capacity = problem.capacity(problem.target.capacity)
    found = pygeoda.redcap(
        piece.count, weights, data, "fullorder-wardlinkage",
        bound_variable=capacity.known[piece.units].tolist(),
        min_bound=float(capacity.lower), scale_method="raw", cpu_threads=1,
    )  # fmt: skip
    return np.asarray(found["Clusters"]) - 1


def gerrychain(problem: Problem, piece: Piece) -> np.ndarray:
    import networkx as nx
    from gerrychain import Graph
    from gerrychain.tree import recursive_tree_part

    capacity = problem.capacity(problem.target.capacity)
    size = capacity.known[piece.units]
    graph = nx.Graph()
    graph.add_nodes_from((i, {"pop": float(value)}) for i, value in enumerate(size))
    graph.add_edges_from(zip(piece.a.tolist(), piece.b.tolist(), strict=True))
    mean = float(size.sum()) / piece.count
    slack = max(0.05, min(1 - capacity.lower / mean, capacity.upper / mean - 1))
    found = recursive_tree_part(Graph.from_networkx(graph), range(piece.count), mean, "pop", slack, rng=1)
    return np.array([found[i] for i in range(len(size))])


def skater(problem: Problem, piece: Piece) -> np.ndarray:
    import geopandas as gpd
    from libpysal.weights import W
    from spopt.region import Skater

    rows = dict(enumerate(neighbours(piece)))
    where = problem.points[piece.units]
    frame = gpd.GeoDataFrame({"x": where[:, 0], "y": where[:, 1]}, geometry=gpd.points_from_xy(*where.T))
    model = Skater(frame, W(rows, silence_warnings=True), ["x", "y"], n_clusters=piece.count, floor=1)
    model.solve()
    return np.asarray(model.labels_)


def neighbours(piece: Piece) -> list[list[int]]:
    rows: list[list[int]] = [[] for _ in piece.units]
    for i, j in zip(piece.a.tolist(), piece.b.tolist(), strict=True):
        rows[i].append(j)
        rows[j].append(i)
    return rows


@contextmanager
def patience(seconds: int) -> Any:
    """Give up after some seconds: GerryChain looks for a balanced cut for ever."""

    def late(*_: object) -> None:
        raise TimeoutError

    signal.signal(signal.SIGALRM, late)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)


def peer_plan(
    problem: Problem, result: Result, peer: Callable[[Problem, Piece], np.ndarray]
) -> tuple[np.ndarray, int, int]:
    """Our plan with the peer's areas in every piece where it has an answer; answered pieces and all."""
    labels = result.labels.astype(np.int64).copy()
    fresh, answered = int(labels.max()) + 1, 0
    found = pieces_of(problem, result)
    for piece in found:
        try:
            with patience(PATIENCE_S):
                labels[piece.units] = peer(problem, piece) + fresh
        except (Exception, SystemExit):
            continue
        answered += 1
        fresh = int(labels.max()) + 1
    return labels, answered, len(found)


def report(data: Path, case: str) -> None:
    problem, before = task_of(data, case)
    search.solve(problem, effort=0.01)  # loads the kernels from the cache, as imports are left out too
    began = time.perf_counter()
    result = search.solve(problem)
    took = before + time.perf_counter() - began
    flagged = {item.label for item in result.undersized}
    print(f"{case}: {len(problem)} units, {len(problem.a)} links, {result.areas} areas,", end=" ")
    print(f"{len(flagged)} undersized, {len(result.scattered)} scattered,", end=" ")
    print(f"{took:.2f} s, {len(result.violations)} violations")
    choice = np.zeros(len(problem), dtype=bool)
    for piece in pieces_of(problem, result):
        choice[piece.units] = True
    rows = [
        (
            "renomap",
            measures(problem, result.labels, flagged, choice),
            f"{len(np.unique(result.labels[choice]))} areas",
        )
    ]
    for name, peer in (("redcap", redcap), ("gerrychain", gerrychain), ("spopt skater", skater)):
        began = time.perf_counter()
        labels, answered, pieces = peer_plan(problem, result, peer)
        note = f"{answered} of {pieces} pieces, {time.perf_counter() - began:.1f} s"
        rows.append((name, measures(problem, labels, flagged, choice), note))
    print("  engine        spread crossings  walk m     cut  broken")
    for name, (spread, crossings, walk, cut, broken), note in rows:
        print(
            f"  {name:13}{spread:7.3f}{crossings:10.3f}{walk:8.0f}{cut:8.3f}{broken:8.0f}  {note}", flush=True
        )


if __name__ == "__main__":
    for wanted in sys.argv[2:] or CASES:
        report(Path(sys.argv[1]), wanted)
