"""How far from the best possible a plan can be at most: bounds that hold for every legal plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from renomap.grouping.feasibility import Forecast
from renomap.model.problem import MOST, Problem, Result

#: Terms that are means over areas: what they weigh depends on how many areas there are.
MEANS = ("target", "administrative", "walk")

EXACT = 1e-9


@dataclass(frozen=True)
class Proof:
    """What is known of the pieces of a plan.

    Parameters
    ----------
    gap : (pieces,) float
        How much less any other partition of the piece can cost at most, for the number of areas it has; 0 =
        optimal, inf = unknown.
    settled : (pieces,) bool
        That number is the only one possible, or proven to be the nearest to the wished, the largest or the
        least that can be.
    count : (pieces,) int64
        The number of areas of each piece.
    areas : int
        The number of areas of the whole plan for which costs stand for means over areas.
    """

    gap: npt.NDArray[np.float64]
    settled: npt.NDArray[np.bool_]
    count: npt.NDArray[np.int64]
    areas: int


@dataclass(frozen=True)
class ProvenBound:
    """What no legal plan can exceed (fall below, for the fewest areas) and how it compares with a plan.

    ``gap`` is the distance as a share of the plan's own value; ``proof`` is 'optimal' or 'bound'.
    """

    value: float
    gap: float
    proof: str


def of_count(problem: Problem, forecast: Forecast, result: Result, proof: Proof | None) -> ProvenBound:
    """Bound on the number of areas, for counts of 'most' and 'fewest'.

    At most: per piece, the units that reach a lower bound alone, plus for each component of the rest the
    whole number of times its total contains the bound. At least: per piece, its total divided by an upper
    bound, rounded up. Where a piece was solved exactly, the number found.
    """
    most = problem.count == MOST
    each = forecast.high if most else np.minimum(forecast.low, np.maximum(forecast.high, 1))
    if proof is not None:
        each = np.where(proof.settled, proof.count, each)
    value = int(each.sum()) + forecast.locked
    gap = (value - result.areas if most else result.areas - value) / max(result.areas, 1)
    return ProvenBound(float(value), max(0.0, gap), "optimal" if gap <= 0 else "bound")


def of_objective(problem: Problem, forecast: Forecast, result: Result, proof: Proof | None) -> ProvenBound:
    """Bound on the objective for the number of areas that was asked for.

    The better of two: what the pieces can gain at most, where the costs of the search tell the objective
    exactly, and the weighted sum of what each term can reach by itself.
    """
    most = _most_by_term(problem, forecast)
    value = sum(problem.weights[term] * best for term, best in most.items())
    gain = _most_gained(problem, forecast, result, proof)
    if proof is not None and np.isfinite(gain):
        least = result.objective + gain
        if _may_clip_target(problem, forecast, proof.count):
            # a plan with every size far off scores 0 for the target and not less, as its costs say
            least = max(least, value - problem.weights.get("target", 0.0) * most.get("target", 0.0))
        value = min(value, least)
    gap = (value - result.objective) / result.objective if result.objective > 0 else np.inf
    return ProvenBound(float(value), float(max(0.0, gap)), "optimal" if gap <= EXACT else "bound")


def _most_by_term(problem: Problem, forecast: Forecast) -> Mapping[str, float]:
    best = dict.fromkeys(problem.weights, 1.0)
    if "compactness" in best:
        best["compactness"] = _most_compact(problem, forecast)
    if "pooling" in best:
        best["pooling"] = _most_pooled(problem, forecast)
    return best


def _most_gained(problem: Problem, forecast: Forecast, result: Result, proof: Proof | None) -> float:
    """What all pieces together can gain at most; infinite where costs do not tell the objective."""
    if proof is None or not (proof.settled & np.isfinite(proof.gap)).all():
        return np.inf
    weight = problem.weights.get
    if weight("stability", 0.0) > 0:
        return np.inf  # a matching of all areas; the costs follow a stand-in
    if weight("walk", 0.0) > 0 and not np.isfinite(problem.walk_max):
        return np.inf
    if result.areas != proof.areas and any(weight(term, 0.0) > 0 for term in MEANS):
        return np.inf
    if weight("compactness", 0.0) > 0:
        one, two = forecast.piece[problem.a], forecast.piece[problem.b]
        if (~problem.usable & (one == two) & (one >= 0) & (problem.frontage > 0)).any():
            return np.inf  # within one area it counts as not cut, of which costs know nothing
    return float(proof.gap.sum())


def _may_clip_target(problem: Problem, forecast: Forecast, count: npt.NDArray[np.int64]) -> bool:
    """Whether sizes can be off by more than the whole target on average, where the term stops at 0.

    The sum of distances is convex in the sizes, so in each piece it is largest where all sizes but one are at
    a bound.
    """
    target = problem.target
    capacity = problem.capacity(target.capacity) if target else None
    if target is None or capacity is None or problem.weights.get("target", 0.0) <= 0:
        return False
    size = capacity.known / target.value
    inside = forecast.searched
    total = np.bincount(forecast.piece[inside], size[inside], minlength=forecast.pieces)
    off = 0.0
    if forecast.locked:
        fixed = problem.fixed >= 0
        off = float(np.abs(np.bincount(problem.fixed[fixed], size[fixed]) - 1.0).sum())
    low = capacity.lower / target.value
    for whole, areas in zip(total.tolist(), count.tolist(), strict=True):
        high = min(capacity.upper / target.value, whole - (areas - 1) * low)
        full = int(np.clip((whole - areas * low) // (high - low), 0, areas)) if high > low else areas
        last = whole - full * high - (areas - full - 1) * low
        off += full * abs(high - 1.0) + max(0, areas - full - 1) * abs(low - 1.0)
        off += abs(last - 1.0) if full < areas else 0.0
    return bool(off > count.sum() + forecast.locked)


def _most_compact(problem: Problem, forecast: Forecast) -> float:
    """Links that no area can hold are cut in every plan.

    Unusable ones, and those of units that are left over.
    """
    total = float(problem.frontage.sum())
    if total <= 0:
        return 1.0
    loose = np.zeros(len(problem), dtype=bool)
    for leftover in forecast.leftovers:
        if len(leftover.units) == 1:
            loose[leftover.units] = True
    cut = ~problem.usable & (forecast.piece[problem.a] >= 0) & (forecast.piece[problem.b] >= 0)
    cut &= forecast.piece[problem.a] != forecast.piece[problem.b]
    cut |= loose[problem.a] | loose[problem.b]
    return 1.0 - float(problem.frontage[cut].sum()) / total


def _most_pooled(problem: Problem, forecast: Forecast) -> float:
    """A facility can only become due in an area if its whole piece has the people for it."""
    pooling = problem.pooling
    total = float(pooling.gain.sum()) if pooling is not None else 0.0
    if pooling is None or total <= 0:
        return 1.0
    inside = forecast.piece >= 0
    people = np.bincount(
        forecast.piece[inside], np.nan_to_num(pooling.population)[inside], minlength=max(forecast.pieces, 1)
    )
    reached = 0.0
    for threshold, gain in zip(pooling.threshold, pooling.gain, strict=True):
        can = ~inside | (people[np.where(inside, forecast.piece, 0)] >= threshold)
        reached += float(gain[can].sum())
    return reached / total
