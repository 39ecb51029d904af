"""Why: why a neighbourhood is in its area and what holds an area as it is, with moves that can be made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from renomap.deficits import presets
from renomap.editing import assign
from renomap.editing.schemes import NewArea, active_scheme, locked_areas
from renomap.grouping import explain
from renomap.grouping.explain import Binding
from renomap.model.change import ChangeSet, apply
from renomap.model.feedback import Feedback
from renomap.model.plan import Plan
from renomap.model.problem import AUTO, NO_AREA, Problem, Violation
from renomap.model.project import Project
from renomap.model.scheme import UNASSIGNED
from renomap.steps import warming
from renomap.steps.groundwork import Groundwork
from renomap.steps.group import build_problem, chosen_settings, joining
from renomap.steps.options import GroupOptions
from renomap.steps.scope import whole

#: How far around an isolated area it is looked for what parts it from others, metres.
AROUND_M = 200.0


@dataclass(frozen=True)
class Broken:
    """A rule that a move would break: ``grouping.rule.<rule>`` with its params, and the area it is about."""

    rule: str
    area: int
    params: Mapping[str, Any]


@dataclass(frozen=True)
class Proposal:
    """Neighbourhoods that could change area.

    Parameters
    ----------
    moves : Mapping of fid to area id
        0 = an area of its own.
    beside : int
        The other area concerned, 0 = none.
    change : Mapping
        Difference of each weighted term of the objective, positive = better; ``total`` that of the whole.
    broken : tuple of Broken
        Empty for a move that breaks no rule.
    """

    moves: Mapping[int, int]
    beside: int
    change: Mapping[str, float]
    total: float
    broken: tuple[Broken, ...]


@dataclass(frozen=True)
class WhyUnit:
    """Why a neighbourhood is in its area (0 = in none): every move, the best legal one first.

    ``takes_part`` is False for one that may not join any area.
    """

    fid: int
    area: int
    takes_part: bool
    proposals: tuple[Proposal, ...]


@dataclass(frozen=True)
class WhyArea:
    """What holds an area as it is.

    ``bindings`` tightest first; ``isolated`` where no usable link leads out, ``barriers`` names what parts it
    from what is near; ``barred`` are neighbourhoods beside it that may not join; ``swaps`` the best exchange
    with each neighbouring area.
    """

    area: int
    bindings: tuple[Binding, ...]
    isolated: bool
    barriers: tuple[str, ...]
    barred: tuple[int, ...]
    swaps: tuple[Proposal, ...]


def why_unit(plan: Plan, work: Groundwork, fid: int, feedback: Feedback) -> WhyUnit:
    """Every move of a neighbourhood to an area it touches, judged by the rules and wishes of its scheme."""
    case = _case(plan, work, feedback)
    area = int(active_scheme(plan.project).assignment.get(fid, UNASSIGNED))
    if fid not in set(case.problem.keys.tolist()):
        return WhyUnit(fid, area, takes_part=False, proposals=())
    told = explain.unit(case.problem, case.labels, fid)
    proposals = tuple(
        case.proposal(move, dict.fromkeys(move.fids, case.area(move.to)), case.area(move.to))
        for move in told.moves
    )
    return WhyUnit(fid, area, takes_part=True, proposals=proposals)


def why_area(plan: Plan, work: Groundwork, area: int, feedback: Feedback) -> WhyArea:
    """What binds an area, what isolates it, and its best exchange with each neighbour.

    Errors: ``grouping.unknown-area`` where none of its members takes part.
    """
    case = _case(plan, work, feedback)
    label = case.ids.index(area) if area in case.ids else NO_AREA - 1
    told = explain.area(case.problem, case.labels, label, feedback=feedback)
    swaps = []
    for move in told.swaps:
        other = case.area(move.to)
        own = active_scheme(plan.project).assignment.loc[list(move.fids)]
        moves = {fid: other if int(own.loc[fid]) == area else area for fid in move.fids}
        swaps.append(case.proposal(move, moves, other))
    barriers = _around(plan, work, area) if told.isolated else ()
    return WhyArea(area, told.bindings, told.isolated, barriers, told.barred, tuple(swaps))


def carried_out(plan: Plan, proposal: Proposal, colour: str) -> ChangeSet:
    """A proposal as one change; ``colour`` dresses an area that it makes.

    Errors: as ``editing.assign.paint``.
    """
    project = plan.project
    made: ChangeSet | None = None
    for area in dict.fromkeys(proposal.moves.values()):
        fids = [fid for fid, to in proposal.moves.items() if to == area]
        target = NewArea("", colour) if area == UNASSIGNED else area
        step = assign.paint(project, fids, target, territories=plan.territories)
        project = apply(project, step)
        made = step if made is None else made.merge(step)
    return made or ChangeSet("editing.step-paint")


@dataclass(frozen=True)
class _Case:
    """The grouping problem of the active scheme and its answer as it stands."""

    problem: Problem
    labels: npt.NDArray[np.int32]
    ids: tuple[int, ...]

    def area(self, label: int) -> int:
        return self.ids[label] if 0 <= label < len(self.ids) else UNASSIGNED

    def proposal(self, move: explain.Move, moves: Mapping[int, int], beside: int) -> Proposal:
        broken = tuple(self._broken(item) for item in move.broken)
        return Proposal(moves, beside, move.change, move.total, broken)

    def _broken(self, item: Violation) -> Broken:
        return Broken(item.rule, self.area(item.label), item.params)


def _case(plan: Plan, work: Groundwork, feedback: Feedback) -> _Case:
    project, scheme = plan.project, active_scheme(plan.project)
    key = scheme.settings.preset or project.preset
    preset = presets.load(key)
    settings = scheme.settings.over(chosen_settings(GroupOptions(preset=key), preset))
    found = settings.result
    if settings.areas == AUTO and found is not None and found.areas:
        # the size aimed at is the one that the number found implies
        settings = replace(settings, areas=found.areas)
    closed = locked_areas(scheme)
    locked: pd.Series[int] = scheme.assignment.where(scheme.assignment.isin(list(closed)), UNASSIGNED)
    scope = replace(whole(joining(project, preset)), locked=locked if closed else None)
    # the scheme is judged by itself: compared with itself it would always be best
    alone: Project = replace(project, schemes=(), active=None)
    warming.wait(feedback)
    problem = build_problem(alone, preset, settings, work, scope)
    assigned = scheme.assignment.reindex(problem.keys, fill_value=UNASSIGNED).to_numpy()
    ids = tuple(sorted({int(area) for area in assigned} - {UNASSIGNED}))
    labels = np.full(len(assigned), NO_AREA, dtype=np.int32)
    known = assigned != UNASSIGNED
    labels[known] = np.searchsorted(np.array(ids, dtype=np.int64), assigned[known]).astype(np.int32)
    feedback.progress(0.3, "job.why")
    return _Case(problem, labels, ids)


def _around(plan: Plan, work: Groundwork, area: int) -> tuple[str, ...]:
    """Names of what lies between an area and the neighbourhoods near it, the nearest first."""
    frame = plan.neighbourhoods
    inside = frame["area_id"] == area
    ground = shapely.union_all(frame.geometry[inside].to_numpy())
    others = frame.geometry[~inside].to_numpy()
    away = shapely.distance(others, ground)
    near = np.argsort(away, kind="stable")
    lines = [shapely.shortest_line(ground, others[at]) for at in near if away[at] <= AROUND_M]
    return tuple(dict.fromkeys(name for name in map(work.ground.barrier_across, lines) if name))
