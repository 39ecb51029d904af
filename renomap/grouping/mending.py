"""Making a plan legal, and giving what cannot be made legal to whoever can take it."""

from __future__ import annotations

from renomap.grouping.kernels import mend as kernel
from renomap.grouping.run import Run

#: Trees tried before an area is split, and re-cuts tried before it is given up.
TREES = 16
RECUTS = 40
NUDGES = 4


def nudge(run: Run) -> None:
    """Re-cut illegal areas with their neighbours; the number of areas stays."""
    plan, ground, scratch = run.arrays.plan, run.arrays.ground, run.arrays.scratch
    for _ in range(NUDGES):
        illegal = run.to_mend().tolist()
        for area in illegal:
            run.clock.look_up()
            kernel.mend_area(plan, ground, scratch, area, RECUTS, run.chance)
        if not illegal:
            break


def mend(run: Run) -> None:
    """Re-cut illegal areas with their neighbours, split those that are too large, merge those that are too
    small.

    With a free number of areas only; ``restore_count`` brings an exact one back.
    """
    plan, ground, scratch = run.arrays.plan, run.arrays.ground, run.arrays.scratch
    waiting = run.to_mend().tolist()
    room = 2 * run.arrays.nodes
    while waiting and room > 0:
        area = waiting.pop()
        room -= 1
        run.clock.look_up()
        if plan.area[area]["size"] == 0 or kernel.is_legal(plan, ground, area):
            continue
        if _too_small(run, area):
            if kernel.merge_if_legal(plan, ground, scratch, area) < 0:
                kernel.mend_area(plan, ground, scratch, area, RECUTS, run.chance)
            continue
        if kernel.mend_area(plan, ground, scratch, area, RECUTS, run.chance):
            continue
        waiting += _split(run, area)


def _too_small(run: Run, area: int) -> bool:
    plan = run.arrays.plan
    capacities = int(plan.rule[0]["capacities"])
    return bool((plan.sums[area, :capacities] < plan.column["lower"][:capacities]).any())


def _split(run: Run, area: int) -> list[int]:
    """Split an area that is too large.

    Returns the parts that may be split further. Taken back where nothing legal comes of it.
    """
    plan, ground, scratch = run.arrays.plan, run.arrays.ground, run.arrays.scratch
    extra = kernel.split_area(plan, ground, scratch, area, TREES, run.chance)
    if extra < 0:
        return []
    parts = [area, extra]
    good = [part for part in parts if kernel.is_legal(plan, ground, part)]
    again = []
    for part in parts:
        if part in good:
            continue
        if _too_small(run, part):
            merged = kernel.merge_if_legal(plan, ground, scratch, part)
            if merged >= 0 or kernel.mend_area(plan, ground, scratch, part, RECUTS, run.chance):
                good.append(part)
        else:
            again.append(part)
    if not good and not again:
        kernel.unsplit(plan, ground, area, extra)
    return again


def restore_count(run: Run) -> None:
    """Bring the number of legal areas back to the exact number wanted, as far as they stay legal."""
    wanted = run.wanted()
    if wanted is None:
        return
    plan, ground, scratch = run.arrays.plan, run.arrays.ground, run.arrays.scratch
    lead = int(plan.rule[0]["lead"])
    illegal = set(run.illegal().tolist())
    legal = [area for area in range(run.used) if plan.area[area]["size"] > 0 and area not in illegal]
    surplus = len(legal) - wanted
    legal.sort(key=lambda area: (float(plan.sums[area, lead]), area))
    for area in legal:
        run.clock.look_up()
        if surplus > 0 and kernel.merge_if_legal(plan, ground, scratch, area) >= 0:
            surplus -= 1
    for area in reversed(legal):
        run.clock.look_up()
        if surplus < 0 and plan.area[area]["size"] > 1:
            extra = kernel.split_area(plan, ground, scratch, area, TREES, run.chance)
            if kernel.is_legal(plan, ground, area) and kernel.is_legal(plan, ground, extra):
                surplus += 1
            else:
                kernel.unsplit(plan, ground, area, extra)


def settle(run: Run) -> None:
    """Give the units of areas that stay illegal to neighbours that can take them; the rest is left over."""
    plan, ground, scratch = run.arrays.plan, run.arrays.ground, run.arrays.scratch
    changed = True
    while changed:
        changed = False
        for area in run.illegal().tolist():
            if plan.area[area]["size"] == 0:
                continue
            if run.wanted() is None or _too_small(run, area):
                changed |= kernel.merge_if_legal(plan, ground, scratch, area) >= 0
            if plan.area[area]["size"] > 0:
                changed |= kernel.give_away(plan, ground, scratch, area) > 0
        if changed:
            run.refresh()
