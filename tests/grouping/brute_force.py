"""The best partition of up to 14 units from all sets of them: slow, plain, apart from the engine.

Each set is judged from the problem itself, by its own code: connected, within the bounds, walks, pairs, and
what it scores. Then every set is cut in all ways into a first area and a rest.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

from renomap.model.problem import Problem

Numbers = np.ndarray[Any, np.dtype[Any]]


class Everything:
    """All sets of the units of a problem, judged."""

    def __init__(self, task: Problem) -> None:
        n, first = len(task), task.capacities[0]
        x = task.attributes if task.attributes.size else np.zeros((n, 1))
        spread = float(((x - x.mean(axis=0)) ** 2).sum()) or 1.0
        community = task.community if len(task.community) else np.full(n, -1)
        heavy = task.community_weight if len(task.community_weight) else np.ones(n)
        self.task = task
        self.legal, *self.parts = _judge(
            task.a.astype(np.int64),
            task.b.astype(np.int64),
            task.usable,
            task.frontage / (task.frontage.sum() or 1.0),
            task.crossing / (task.crossing.sum() or 1.0),
            task.length,
            first.known,
            first.lower,
            first.upper,
            task.walk_max,
            task.target.value if task.target else 1.0,
            x,
            spread,
            community.astype(np.int64),
            heavy.astype(float),
            task.together.astype(np.int64),
            task.apart.astype(np.int64),
        )

    def counts(self) -> list[int]:
        """The numbers of areas that legal plans can have."""
        scores, _ = _cut(np.where(self.legal, 0.0, -np.inf), len(self.task), len(self.task), True)
        return [count for count in range(1, len(self.task) + 1) if scores[count] > -np.inf]

    def best(self, count: int) -> tuple[float, Numbers]:
        """Score and labels of the best plan with so many areas; -inf and nothing where there is none."""
        weight = self.task.weights.get
        inside, off, within, needed, main = self.parts
        value = weight("compactness", 0.0) * inside - weight("similarity", 0.0) * within
        value += weight("target", 0.0) * (1 - off) / count + weight("administrative", 0.0) * main / count
        value -= weight("crossings", 0.0) * needed
        scores, labels = _cut(np.where(self.legal, value, -np.inf), count, len(self.task), False)
        return float(scores[count]) + weight("similarity", 0.0) + weight("crossings", 0.0), labels


@numba.njit(cache=True)
def _judge(
    a,
    b,
    usable,
    frontage,
    crossing,
    length,
    size,
    lower,
    upper,
    walk_max,
    target,
    x,
    spread,
    community,
    heavy,
    together,
    apart,
):  # type: ignore[no-untyped-def]
    n, m = len(size), len(a)
    sets = 1 << n
    legal = np.zeros(sets, np.bool_)
    inside, off, within = np.zeros(sets), np.zeros(sets), np.zeros(sets)
    needed, main = np.zeros(sets), np.zeros(sets)
    order = np.argsort(crossing)
    far, group, tally = np.zeros((n, n)), np.zeros(n, np.int64), np.zeros(n + 10)
    for s in range(1, sets):
        total, members = 0.0, 0
        for i in range(n):
            group[i] = i
            if s >> i & 1:
                total += size[i]
                members += 1
        if total < lower - 1e-6 or total > upper + 1e-6:
            continue
        fits = True
        for k in range(len(together)):
            fits = fits and (s >> together[k, 0] & 1) == (s >> together[k, 1] & 1)
        for k in range(len(apart)):
            fits = fits and not ((s >> apart[k, 0] & 1) and (s >> apart[k, 1] & 1))
        groups, cost, cover = members, 0.0, 0.0
        for k in range(m):
            e = order[k]
            if (s >> a[e] & 1) and (s >> b[e] & 1):
                cover += frontage[e]
                if usable[e] and group[a[e]] != group[b[e]]:
                    old, new = group[b[e]], group[a[e]]
                    for i in range(n):
                        if group[i] == old:
                            group[i] = new
                    groups -= 1
                    cost += crossing[e]
        if not fits or groups > 1:
            continue
        if walk_max < np.inf:
            for i in range(n):
                for j in range(n):
                    far[i, j] = 0.0 if i == j else np.inf
            for e in range(m):
                if usable[e] and (s >> a[e] & 1) and (s >> b[e] & 1):
                    far[a[e], b[e]] = far[b[e], a[e]] = min(far[a[e], b[e]], length[e])
            longest = 0.0
            for k in range(n):
                for i in range(n):
                    for j in range(n):
                        far[i, j] = min(far[i, j], far[i, k] + far[k, j])
            for i in range(n):
                for j in range(n):
                    if (s >> i & 1) and (s >> j & 1):
                        longest = max(longest, far[i, j])
            if longest > walk_max + 1e-6:
                continue
        legal[s] = True
        inside[s], needed[s], off[s] = cover, cost, abs(total / target - 1.0)
        for d in range(x.shape[1]):
            mean = 0.0
            for i in range(n):
                if s >> i & 1:
                    mean += x[i, d] / members
            for i in range(n):
                if s >> i & 1:
                    within[s] += (x[i, d] - mean) ** 2 / spread
        tally[:] = 0.0
        everyone, most = 0.0, 0.0
        for i in range(n):
            if s >> i & 1:
                everyone += heavy[i]
                if community[i] >= 0:
                    tally[community[i]] += heavy[i]
                    most = max(most, tally[community[i]])
        main[s] = most / everyone if everyone > 0 else 1.0
    return legal, inside, off, within, needed, main


@numba.njit(cache=True)
def _cut(value, count, n, every):  # type: ignore[no-untyped-def]
    sets = 1 << n
    score = np.full((count + 1, sets), -np.inf)
    taken = np.zeros((count + 1, sets), np.int64)
    score[0, 0] = 0.0
    for k in range(1, count + 1):
        for s in range(1, sets):
            if k == count and s != sets - 1 and not every:
                continue
            low = s & -s
            rest = s ^ low
            part = rest
            while True:
                area = part | low
                found = value[area] + score[k - 1, s ^ area]
                if found > score[k, s]:
                    score[k, s], taken[k, s] = found, area
                if part == 0:
                    break
                part = (part - 1) & rest
    labels = np.full(n, -1, np.int32)
    left = sets - 1
    if score[count, left] > -np.inf:
        for k in range(count, 0, -1):
            for i in range(n):
                if taken[k, left] >> i & 1:
                    labels[i] = k - 1
            left ^= taken[k, left]
    return score[:, sets - 1].copy(), labels
