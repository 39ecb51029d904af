"""The order of the phases: first plan, more areas, annealing, mending, what is left over."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
import pandas as pd

from renomap.errors import Cancelled
from renomap.grouping import choosing, first_plan, mending, windows
from renomap.grouping.arrays import build_arrays
from renomap.grouping.bound import Proof
from renomap.grouping.exact import solve_small_pieces
from renomap.grouping.feasibility import Forecast, must_groups
from renomap.grouping.kernels import moves as kernel_moves
from renomap.grouping.kernels.state import uniform
from renomap.grouping.pieces import TABLE
from renomap.grouping.run import Clock, Run, Stopped, seeded
from renomap.model.feedback import Feedback
from renomap.model.problem import MOST, Flags, Ints, Problem

#: Steps of annealing per area and unit of effort; each is one recut and so many flips and swaps.
STEPS_PER_AREA = 200
STEPS = 5000  # at least, as few areas are soon re-cut but hard to get right
FLIPS = 16

#: The starting temperature in units of the mean rise in cost of a random flip.
HEAT = 0.8

#: Rounds of annealing where the number of areas is free; between them pieces try to do with an area less.
ROUNDS = 4

#: How often a run of annealing compares its plan with the best so far.
CHECKPOINTS = 16


@dataclass(frozen=True)
class Improved:
    """What a search found.

    ``labels`` (n,) is -1 for units that were not searched; ``illegal[label]`` marks areas that break a
    rule; ``proof`` is what is known of the pieces, None if the search was stopped.
    """

    labels: Ints
    illegal: Flags
    sweeps: int
    complete: bool
    proof: Proof | None


def search(
    problem: Problem,
    forecast: Forecast,
    seed: int,
    effort: float,
    time_limit: float | None,
    feedback: Feedback,
    start: pd.Series[int] | None,
) -> Improved:
    """Find a plan for the searched units of a problem; see ``search.solve``."""
    deadline = None if time_limit is None else time.perf_counter() + time_limit
    expected = _areas_expected(problem, forecast)
    arrays = build_arrays(problem, must_groups(problem), forecast.searched, expected, feedback.check)
    run = Run(problem, forecast, arrays, seeded(seed), effort, Clock(feedback, deadline), expected)
    complete, proof = True, None
    try:
        feedback.progress(0.02, "grouping.phase.first")
        if start is None:
            _from_nothing(run)
        else:
            _from_start(run, start)
        proof = _perfect(run)
    except Stopped:
        complete = False
    except Cancelled:  # told while progress was reported
        if not run.clock.have_plan:
            raise
        complete = False
    return _finished(run, complete, proof)


def _areas_expected(problem: Problem, forecast: Forecast) -> float:
    """How many areas the terms that are means will be taken over: wanted and locked."""
    wanted = forecast.high if problem.count == MOST else np.maximum(forecast.wanted, 1)
    return max(1.0, float(wanted.sum()) + forecast.locked)


def _from_nothing(run: Run) -> None:
    """Make a plan and improve it."""
    first_plan.first_plan(run)
    if run.problem.count == MOST:
        first_plan.gain_areas(run)
    mending.nudge(run)
    run.keep()
    solved = choosing.choose_areas(run)
    run.keep()
    if run.wanted() in (None, run.count()):
        run.solved = solved
    if len(run.to_mend()) and run.wanted() is None:
        _anneal(run, 0.3, HEAT)
        _legalise(run)
    rounds = 1 if run.wanted() is not None or run.problem.count == MOST else ROUNDS
    for turn in range(rounds):
        if turn > 0:
            _shake(run)
        _anneal(run, 1.0 / rounds, HEAT)
    if len(run.to_mend()):
        _legalise(run)
        _anneal(run, 0.3, 0.2 * HEAT)
    if run.wanted() is None and run.problem.count != MOST and not run.solved.all():
        assert run.best is not None
        run.load(run.best.label)
        windows.choose_in_windows(run)
        run.take()


def _shake(run: Run) -> None:
    """Back to the best plan, with an area less in about half of the pieces that have more than wished for.

    What a re-cut cannot find, borders shifted along a chain of areas, annealing finds from there.
    """
    assert run.best is not None
    run.load(run.best.label)
    have, ideal = run.count_by_piece(), run.goal()[1]
    draw = np.array([uniform(run.chance) for _ in range(run.arrays.pieces)])
    spare = (have > 1) & ~run.solved & (np.abs(have - 1 - ideal) < np.abs(have - ideal))
    first_plan.merge(run, (spare & (draw < 0.5)).astype(np.int32))


def _from_start(run: Run, start: pd.Series[int]) -> None:
    """Take up a plan and improve it gently."""
    first_plan.take_up(run, start)
    run.clock.have_plan = True
    run.keep()
    if run.problem.count == MOST:
        first_plan.gain_areas(run)
    _legalise(run)
    mending.restore_count(run)
    run.refresh()
    run.keep()
    _anneal(run, 1.0, 0.2 * HEAT)
    _legalise(run)


def _perfect(run: Run) -> Proof:
    """Solve the small pieces of the best plan exactly, as far as the work allowed goes."""
    assert run.best is not None
    run.clock.feedback.progress(0.95, "grouping.phase.exact")
    run.load(run.best.label)
    proof = solve_small_pieces(run)
    run.take()
    return proof


def _legalise(run: Run) -> None:
    """Mend what is illegal."""
    if len(run.to_mend()) == 0:
        return
    run.clock.feedback.progress(0.1, "grouping.phase.legal")
    mending.nudge(run)
    mending.mend(run)
    run.refresh()
    mending.restore_count(run)
    run.refresh()
    run.keep()


def _anneal(run: Run, share: float, heat: float) -> None:
    """Anneal the plan for a share of the effort; pieces that will be solved exactly are left alone."""
    arrays = run.arrays
    active, areas = _to_anneal(run)
    if areas == 0:
        return
    total = max(CHECKPOINTS, int(run.effort * share * max(STEPS, STEPS_PER_AREA * areas)))
    rise = kernel_moves.typical_rise(arrays.plan, arrays.scratch.sub, run.chance, 2000)
    progress = np.zeros(1, np.int64)
    for turn in range(CHECKPOINTS):
        run.clock.feedback.progress(0.1 + 0.9 * turn / CHECKPOINTS, "grouping.phase.better")
        steps = (turn + 1) * total // CHECKPOINTS - turn * total // CHECKPOINTS
        for size in run.clock.slices(steps, 64):
            kernel_moves.anneal(
                arrays.plan,
                arrays.ground,
                arrays.scratch,
                active,
                run.chance,
                progress,
                size,
                total,
                heat * rise,
                FLIPS,
            )
        run.refresh()
        run.keep()
        run.sweeps += 1


def _to_anneal(run: Run) -> tuple[Ints, int]:
    """Nodes of the pieces worth annealing, and how many areas these have.

    Worth it are pieces of several areas that are too large to be solved by a table, or hold an illegal area.
    """
    piece, per_piece = run.arrays.piece, run.count_by_piece()
    worth = (per_piece > 1) & (np.bincount(piece, minlength=run.arrays.pieces) > TABLE)
    illegal = run.illegal()
    worth[piece[run.arrays.plan.area["first"][illegal]]] = True
    worth &= (per_piece > 1) & ~run.solved
    return np.flatnonzero(worth[piece]).astype(np.int32), int(per_piece[worth].sum())


def _finished(run: Run, complete: bool, proof: Proof | None) -> Improved:
    """The best plan as labels of units, its left-overs given to whoever can take them."""
    run.clock.over = True
    if run.best is None:
        run.refresh()
        run.keep()
    assert run.best is not None
    run.load(run.best.label)
    mending.settle(run)
    illegal = run.illegal()
    flags = np.zeros(run.used, dtype=bool)
    flags[illegal] = True
    return Improved(run.arrays.spread(run.arrays.plan.node["label"]), flags, run.sweeps, complete, proof)
