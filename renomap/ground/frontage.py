"""Frontage: how much of its boundary each neighbourhood turns towards another."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from renomap.ground.cells import grid
from renomap.ground.segments import Floats, Ints, Scene
from renomap.model.feedback import Feedback

#: From this much frontage on two neighbourhoods are linked: more than corners have that meet. An assumption
#: of this program, tried on the labelled pairs of tests/data/town_of_pairs.
FRONTAGE_MIN_M = 10.0
#: Frontage is rounded to this many decimals, so that the order of additions does not show.
DECIMALS = 4
#: Units measured at first, and about how long it may take to the next look at the cancel button.
BATCH, BATCH_SECONDS = 64, 0.04
#: Neighbours of a unit that are made room for at first.
ROOM = 24
#: A unit lies in another when this share of its boundary touches or overlaps it.
INSIDE_SHARE = 0.99


@dataclass(frozen=True)
class Frontages:
    """Frontage of pairs of bodies ``a < b``, sorted and unique; only pairs with frontage both ways.

    ``length_m`` is the smaller of the two directions; ``sights`` (k, 4) the middle of the longest clear
    part seen from ``a``: x, y of its foot on a, x, y of the nearest point of b.
    """

    a: Ints
    b: Ints
    length_m: Floats
    sights: Floats


def measure(scene: Scene, gap_m: float, reach_m: float, feedback: Feedback) -> Frontages:
    """Frontage of all pairs of units of a scene.

    Frontage(i, j) is the length of i's boundary from which the straight segment to the nearest point of j
    is at most the gap, lies within 45 degrees of the outward normal, and crosses no third neighbourhood and
    no hard barrier; contact or overlap counts in full; the smaller of the two directions. A
    unit that lies in another, whose own boundary then looks away, counts with the whole of its boundary.

    Parameters
    ----------
    scene : Scene
        Units, hard barriers and roads.
    gap_m, reach_m : float
        Greatest gap, and greatest gap where a road lies between (``reach_m >= gap_m``), metres.
    """
    from renomap.ground.kernels.frontage import TOUCH_M, frontages

    n = len(scene.over_first) - 1
    gap_m = max(gap_m, TOUCH_M)
    reach_m = max(reach_m, gap_m)
    cells = grid(scene.segs, max(40.0, reach_m))
    found = []
    begin, batch = 0, BATCH
    while begin < n:
        feedback.check()
        feedback.progress(begin / n, "ground.measuring")
        began = time.perf_counter()
        end = min(n, begin + batch)
        stopped, room = begin, ROOM * batch
        while stopped < end:
            *rows, stopped = frontages(scene, cells, begin, end, gap_m, reach_m, room)
            room *= 4
        found.append(rows)
        took = max(time.perf_counter() - began, 1e-4)
        begin, batch = end, max(1, int(batch * min(4.0, BATCH_SECONDS / took)))
    if not found:
        none = np.empty(0, np.int32)
        return Frontages(none, none, np.empty(0), np.empty((0, 4)))
    here = np.concatenate([rows[0] for rows in found]).astype(np.int64)
    there = np.concatenate([rows[1] for rows in found]).astype(np.int64)
    figures = np.concatenate([rows[2] for rows in found])
    figures[:, 3:7] += np.asarray(scene.origin * 2)
    return _both_ways(here, there, figures, _perimeters(scene, n), n)


def _perimeters(scene: Scene, n: int) -> Floats:
    segs = scene.segs[: scene.first[n]]
    lengths = np.hypot(segs[:, 2] - segs[:, 0], segs[:, 3] - segs[:, 1])
    return np.bincount(scene.owner[: len(segs)], weights=lengths, minlength=n).astype(np.float64)


def _both_ways(
    here: npt.NDArray[np.int64], there: npt.NDArray[np.int64], figures: Floats, perimeter: Floats, n: int
) -> Frontages:
    """Pairs from the two directions: the smaller frontage, or all of a unit that lies in the other."""
    key = np.minimum(here, there) * n + np.maximum(here, there)
    keys, at = np.unique(key, return_inverse=True)
    clear = np.zeros((len(keys), 2))
    way = (here > there).astype(np.int64)
    clear[at, way] = figures[:, 0]
    inside = np.zeros(len(keys))
    nested = figures[:, 1] >= INSIDE_SHARE * perimeter[here]
    np.maximum.at(inside, at[nested], figures[nested, 1])
    length = np.round(np.maximum(clear.min(axis=1), inside), DECIMALS)
    sights = np.zeros((len(keys), 4))
    back = way == 1
    sights[at[back]] = figures[back][:, [5, 6, 3, 4]]
    sights[at[~back]] = figures[~back, 3:7]
    some = length > 0
    a, b = np.divmod(keys[some], n)
    return Frontages(a.astype(np.int32), b.astype(np.int32), length[some], sights[some])


def in_order(fids: npt.NDArray[np.int64]) -> npt.NDArray[np.intp]:
    """Positions in order of fid: what is computed in that order cannot depend on the order of the rows."""
    return np.argsort(fids, kind="stable")


def least_gap(shapes: npt.NDArray[np.object_], a: Ints, b: Ints) -> Floats:
    """Least distance of pairs, metres; 0 for contact or overlap."""
    if len(a) == 0:
        return np.empty(0)
    distances: Floats = shapely.distance(shapes[a], shapes[b])
    return distances
