"""The planner's problem: preset changsha on the sample town and on real compounds, against peers.

    python benchmarks/bench_planner.py DATA [CASE...]

DATA is the folder of real data (cn_beijing, cn_shanghai). Peers (``peers.py``) are used where they are
installed. Each gets the pieces of our plan one by one: same units, links and number of areas.

Four terms, less is better: spread (mean of |size - target| / target), crossings (cost of the links needed
inside areas, share of all), walk (mean over areas of the longest shortest path, metres), frontage cut (share
of all). ``broken`` counts areas that break a rule: minimum, maximum, hectares, walk, contiguity.

A plan that breaks rules is not a plan, but peers cannot be told most rules. So there are two comparisons:
as it comes (the usual setting of a peer on all pieces, whatever it breaks; a piece without an answer keeps
what we found, which favours the peer), and lawful (pieces in which some way of running the peer keeps all
rules, the best of these ways by the weights of the problem, and our areas in the same pieces). The last of
the lawful rows takes the best peer piece by piece. ``floor`` is the spread that no plan with as many areas
can go below; ``each term alone`` is the least of a term that is found where nothing else counts; ``no plan
below`` is what no lawful plan of these pieces by anybody can go below (``reach.py``). From that follows how
many terms could be 15 % better than the best peer at all, whatever peers break to get there.

The plan that is compared is the one of median objective of five seeds.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import reach
from peers import Piece, answers, installed
from reach import WEIGHTED

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
TERMS = ("spread", "crossings", "walk m", "cut")
SEEDS = (1, 2, 3, 4, 5)


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


@dataclass(frozen=True)
class Judge:
    """Measures plans piece by piece.

    ``piece`` (n,) numbers the pieces, -1 where there is no choice; ``areas`` counts the areas of each.
    """

    problem: Problem
    piece: np.ndarray
    flagged: frozenset[int]
    areas: np.ndarray

    def measure(self, labels: np.ndarray) -> np.ndarray:
        """A row per piece: what the four terms add up, and areas that break a rule."""
        problem, pieces = self.problem, int(self.piece.max()) + 1
        judged = np.where(self.piece >= 0, labels, -1)
        numbers, at = np.unique(judged[judged >= 0], return_inverse=True)
        inside = judged >= 0
        where = np.zeros(len(numbers), np.int64)
        where[at] = self.piece[inside]
        size = np.bincount(at, problem.capacity(problem.target.capacity).known[inside])
        broken = {
            item.label
            for item in verify.violations(problem, labels, flagged=self.flagged, count=False)
            if item.rule in ("below", "above", "walk", "connected", "together", "apart", "locked")
        }
        walk = objective.walks(problem, judged)
        per_area = (
            np.abs(size / problem.target.value - 1),
            self._crossings(judged, numbers),
            np.where(np.isfinite(walk), walk, problem.walk_max),
        )
        cut = inside[problem.a] & inside[problem.b] & (judged[problem.a] != judged[problem.b])
        columns = [np.bincount(where, values, minlength=pieces) for values in per_area]
        columns.append(np.bincount(self.piece[problem.a[cut]], problem.frontage[cut], minlength=pieces))
        columns.append(np.bincount(where, np.isin(numbers, list(broken)), minlength=pieces))
        return np.stack(columns, axis=1)

    def _crossings(self, judged: np.ndarray, numbers: np.ndarray) -> np.ndarray:
        """Cost of the cheapest links that hold each area together."""
        from scipy.sparse import coo_matrix
        from scipy.sparse.csgraph import minimum_spanning_tree

        problem, n = self.problem, len(judged)
        same = problem.usable & (judged[problem.a] == judged[problem.b]) & (judged[problem.a] >= 0)
        ends = (problem.a[same], problem.b[same])
        # a tree has the same number of links whatever they cost, and a cost of 0 would mean no link
        tree = minimum_spanning_tree(coo_matrix((problem.crossing[same] + 1.0, ends), shape=(n, n))).tocoo()
        return np.bincount(
            np.searchsorted(numbers, judged[tree.row]), tree.data - 1.0, minlength=len(numbers)
        )

    def shares(self, rows: np.ndarray, chosen: np.ndarray) -> np.ndarray:
        """The four terms and the broken areas of the chosen pieces, as the table shows them."""
        scale = np.maximum(self.scale(chosen), 1e-9)
        return np.array([total / by for total, by in zip(rows[chosen].sum(axis=0), scale, strict=True)])

    def scale(self, chosen: np.ndarray) -> np.ndarray:
        """What the terms of the chosen pieces are shares of."""
        problem = self.problem
        inside = np.append(chosen, False)[self.piece]
        link = inside[problem.a] & inside[problem.b]
        areas = max(1, self.areas[chosen].sum())
        return np.array([areas, problem.crossing[link].sum(), areas, problem.frontage[link].sum(), 1])


def peer_rows(judge: Judge, pieces: list[Piece], ours: np.ndarray, labels: np.ndarray, name: str) -> Any:
    """Rows of a peer as it comes and at its lawful best, and in which pieces it has each."""
    ways = [answers(name, judge.problem, piece) for piece in pieces]
    measured = []
    for turn in range(max((len(way) for way in ways), default=0)):
        plan, fresh = labels.astype(np.int64).copy(), int(labels.max()) + 1
        for piece, way in zip(pieces, ways, strict=True):
            if turn < len(way):
                plan[piece.units] = way[turn] + fresh
                fresh = int(plan.max()) + 1
        measured.append(judge.measure(plan))
    answered = np.array([len(way) > 0 for way in ways])
    usual = measured[0] if measured else ours
    best, lawful = ours.copy(), np.zeros(len(pieces), dtype=bool)
    score = np.full(len(pieces), np.inf)
    for turn, rows in enumerate(measured):
        can = np.array([turn < len(way) for way in ways]) & (rows[:, 4] == 0)
        worth = weighed(judge, rows)
        better = can & (worth < score)
        best[better], score[better] = rows[better], worth[better]
        lawful |= better
    return usual, answered, best, lawful


def weighed(judge: Judge, rows: np.ndarray) -> np.ndarray:
    """The four terms of each piece by the weights of the problem."""
    problem = judge.problem
    walk = problem.walk_max if np.isfinite(problem.walk_max) else objective.DEFAULT_WALK_M
    areas = judge.areas.sum()
    scale = np.array(
        [areas, max(problem.crossing.sum(), 1e-9), areas * walk, max(problem.frontage.sum(), 1e-9)]
    )
    weight = np.array([problem.weights.get(term, 0.0) for term in WEIGHTED])
    return np.asarray((rows[:, :4] / scale * weight).sum(axis=1))


def judge_of(problem: Problem, result: Result) -> tuple[Judge, list[Piece]]:
    """The pieces of a plan where there is a choice, and what measures plans in them."""
    pieces = pieces_of(problem, result)
    part = np.full(len(problem), -1)
    for number, piece in enumerate(pieces):
        part[piece.units] = number
    counts = np.array([piece.count for piece in pieces])
    return Judge(problem, part, frozenset(item.label for item in result.undersized), counts), pieces


def alone(problem: Problem) -> np.ndarray:
    """The least of each term that is found where nothing else counts; no plan has all of them at once."""
    least = []
    for number, term in enumerate(WEIGHTED):
        if term == "crossings" and problem.crossing.sum() == 0:
            least.append(0.0)
            continue
        result = search.solve(replace(problem, weights={term: 1.0}))
        judge, pieces = judge_of(problem, result)
        rows = judge.measure(result.labels)
        least.append(float(judge.shares(rows, np.ones(len(pieces), dtype=bool))[number]))
    return np.array([*least, 0.0])


def line(name: str, values: np.ndarray, note: str) -> None:
    spread, crossings, walk, cut, broken = values
    print(f"  {name:22}{spread:7.3f}{crossings:10.3f}{walk:8.0f}{cut:8.3f}{broken:8.0f}  {note}", flush=True)


def verdict(name: str, ours: np.ndarray, theirs: np.ndarray) -> None:
    """How much less than theirs each of our terms is, and what that comes to."""
    change = [0.0 if o == t else o / max(t, 1e-9) - 1 for o, t in zip(ours[:4], theirs[:4], strict=True)]
    told = ", ".join(f"{term} {value:+.0%}" for term, value in zip(TERMS, change, strict=True))
    worse = sum(value > 0.0005 for value in change)
    far = sum(value <= -0.15 for value in change)
    print(f"  against {name}: {told}; worse in {worse}, better by 15 % in {far}", flush=True)


def what_can_be(judge: Judge, pieces: list[Piece], ours: np.ndarray, best: np.ndarray | None) -> None:
    """The least that any plan can reach, and which terms could be 15 % better than the best peer."""
    found = reach.choices(judge.problem, pieces, judge.scale(np.ones(len(pieces), dtype=bool))[:4])
    least = np.array([max(0.0, found.least(term)) for term in range(4)])
    note = f"proven, all legal areas of {found.listed} of {len(pieces)} pieces listed"
    line("  no plan below", np.append(least, 0.0), note)
    if best is None:
        return
    for term, name in enumerate(TERMS):
        if best[term] <= 0:
            print(f"    {name}: nothing to better")
            continue
        share, own = least[term] / best[term] - 1, ours[term] / best[term] - 1
        told = "reached" if own <= -reach.SHARE else "not reached" if share <= -reach.SHARE else "impossible"
        print(f"    {name} 15 % better: {told} (ours {own:+.1%}, no plan below {share:+.1%})")
    can = (best[:4] > 0) & (least <= (1 - reach.SHARE) * best[:4])
    most, worse = found.most_better(best[:4], can), found.least_worse(best[:4])
    print(f"    15 % better at once in any plan: at most {most} of 4 (proven)", end="; ")
    print(
        f"in its worst term any plan is at least {worse:.1%} worse"
        if worse > 0.0005
        else "none worse: may be"
    )


def median_of_seeds(problem: Problem) -> tuple[Result, float, float]:
    """The result of median objective, with the median seconds and seconds of processor time."""
    found = []
    for seed in SEEDS:
        began, cpu = time.perf_counter(), time.process_time()
        result = search.solve(problem, seed=seed)
        found.append((result, time.perf_counter() - began, time.process_time() - cpu))
    result = sorted(found, key=lambda item: item[0].objective)[len(SEEDS) // 2][0]
    return (
        result,
        float(np.median([item[1] for item in found])),
        float(np.median([item[2] for item in found])),
    )


def report(data: Path, case: str) -> None:
    problem, before = task_of(data, case)
    search.solve(problem, effort=0.01)  # loads the kernels from the cache, as imports are left out too
    result, took, cpu = median_of_seeds(problem)
    print(f"{case}: {len(problem)} units, {len(problem.a)} links, {result.areas} areas,", end=" ")
    print(f"{len(result.undersized)} undersized, {len(result.scattered)} scattered,", end=" ")
    print(f"{before + took:.2f} s ({cpu:.2f} s CPU for the search), {len(result.violations)} violations")
    judge, pieces = judge_of(problem, result)
    part, counts = judge.piece, judge.areas
    ours, everything = judge.measure(result.labels), np.ones(len(pieces), dtype=bool)
    size = problem.capacity(problem.target.capacity).known[part >= 0].sum()
    floor = abs(size / counts.sum() / problem.target.value - 1)
    print("  as it comes            spread crossings  walk m     cut  broken")
    line(
        "renomap",
        judge.shares(ours, everything),
        f"{counts.sum()} areas in {len(pieces)} pieces, floor {floor:.3f}",
    )
    line("  each term alone", alone(problem), "least found where nothing else counts")
    usual_rows, lawful_rows = [], {}
    for name in installed():
        began = time.perf_counter()
        usual, answered, best, lawful = peer_rows(judge, pieces, ours, result.labels, name)
        shares = judge.shares(usual, everything)
        if answered.any():
            usual_rows.append(shares)
        lawful_rows[name] = best, lawful
        note = f"{answered.sum()} of {len(pieces)} pieces, {time.perf_counter() - began:.1f} s in all ways"
        line(name, shares, note)
    mine = judge.shares(ours, everything)
    best_of_each = np.min(usual_rows, axis=0) if usual_rows else None
    if best_of_each is not None:
        verdict("the best peer of each term", mine, best_of_each)
    what_can_be(judge, pieces, mine, best_of_each)
    print("  lawful")
    score, best = np.full(len(pieces), np.inf), ours.copy()
    for rows, lawful in lawful_rows.values():
        worth = np.where(lawful, weighed(judge, rows), np.inf)
        best = np.where((worth < score)[:, None], rows, best)
        score = np.minimum(score, worth)
    for name, (rows, lawful) in [*lawful_rows.items(), ("best of them", (best, np.isfinite(score)))]:
        if not lawful.any():
            print(f"  {name}: keeps the rules in no piece")
            continue
        line(name, judge.shares(rows, lawful), f"{lawful.sum()} of {len(pieces)} pieces")
        line("  renomap there", judge.shares(ours, lawful), f"{counts[lawful].sum()} areas")
        verdict(name, judge.shares(ours, lawful), judge.shares(rows, lawful))


if __name__ == "__main__":
    for wanted in sys.argv[2:] or CASES:
        report(Path(sys.argv[1]), wanted)
