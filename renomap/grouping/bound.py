"""How far from the best possible a plan can be at most: bounds that hold for every legal plan."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from renomap.grouping.feasibility import Outlook
from renomap.model.problem import MOST, Problem


@dataclass(frozen=True)
class Bound:
    """What no legal plan can exceed (fall below, for the fewest areas) and how it compares with a plan.

    ``gap`` is the distance as a share of the plan's own value; ``proof`` is 'optimal' or 'bound'.
    """

    value: float
    gap: float
    proof: str


def of_count(problem: Problem, outlook: Outlook, areas: int) -> Bound:
    """Bound on the number of areas, for counts of 'most' and 'fewest'.

    At most: per piece, the units that reach a lower bound alone, plus for each component of the rest the
    whole number of times its total contains the bound. At least: per piece, its total divided by an upper
    bound, rounded up.
    """
    if problem.count == MOST:
        value = int(outlook.high.sum()) + outlook.locked
        gap = (value - areas) / max(areas, 1)
    else:
        value = int(np.minimum(outlook.low, np.maximum(outlook.high, 1)).sum()) + outlook.locked
        gap = (areas - value) / max(areas, 1)
    return Bound(float(value), max(0.0, gap), "optimal" if gap <= 0 else "bound")


def of_objective(problem: Problem, outlook: Outlook, objective: float) -> Bound:
    """Bound on the objective: the weighted sum of what each term can reach by itself."""
    best = dict.fromkeys(problem.weights, 1.0)
    if "compactness" in best:
        best["compactness"] = _most_compact(problem, outlook)
    if "pooling" in best:
        best["pooling"] = _most_pooled(problem, outlook)
    value = sum(problem.weights[term] * most for term, most in best.items())
    gap = (value - objective) / objective if objective > 0 else np.inf
    return Bound(float(value), float(max(0.0, gap)), "optimal" if gap <= 1e-12 else "bound")


def _most_compact(problem: Problem, outlook: Outlook) -> float:
    """Links that no area can hold are cut in every plan.

    Unusable ones, and those of units that are left over.
    """
    total = float(problem.frontage.sum())
    if total <= 0:
        return 1.0
    loose = np.zeros(len(problem), dtype=bool)
    for leftover in outlook.leftovers:
        if len(leftover.units) == 1:
            loose[leftover.units] = True
    cut = ~problem.usable & (outlook.piece[problem.a] >= 0) & (outlook.piece[problem.b] >= 0)
    cut &= outlook.piece[problem.a] != outlook.piece[problem.b]
    cut |= loose[problem.a] | loose[problem.b]
    return 1.0 - float(problem.frontage[cut].sum()) / total


def _most_pooled(problem: Problem, outlook: Outlook) -> float:
    """A facility can only become due in an area if its whole piece has the people for it."""
    pooling = problem.pooling
    total = float(pooling.gain.sum()) if pooling is not None else 0.0
    if pooling is None or total <= 0:
        return 1.0
    inside = outlook.piece >= 0
    people = np.bincount(
        outlook.piece[inside], np.nan_to_num(pooling.population)[inside], minlength=max(outlook.pieces, 1)
    )
    reached = 0.0
    for threshold, gain in zip(pooling.threshold, pooling.gain, strict=True):
        can = ~inside | (people[np.where(inside, outlook.piece, 0)] >= threshold)
        reached += float(gain[can].sum())
    return reached / total
