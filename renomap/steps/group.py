"""Group: find the areas of a project and add them to it as a scheme."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from renomap.deficits import meeting, pooling, presets, standards
from renomap.editing.schemes import free_key
from renomap.errors import RenomapError
from renomap.grouping import eligibility, onward, problem, search
from renomap.grouping.wishes import Decided, NeighbourhoodFacts, Wishes
from renomap.model.feedback import Feedback, Silent
from renomap.model.preset import WIDEST_GAP_M, Preset
from renomap.model.problem import Problem, Reason, Result
from renomap.model.project import Project
from renomap.model.roles import Role
from renomap.model.scheme import UNASSIGNED, Scheme, no_overrides
from renomap.model.settings import GroupSettings, RunFigures
from renomap.steps import numbering, warming
from renomap.steps.following import following
from renomap.steps.frames import frame_of, neighbourhood_frame
from renomap.steps.groundwork import Groundwork, lay_ground
from renomap.steps.naming import dress_areas
from renomap.steps.options import EVERYTHING, GroupOptions
from renomap.steps.scope import Scope, scope_of, whole
from renomap.steps.size_flags import size_flags


@dataclass(frozen=True)
class Grouping:
    """What a run of the engine gave: the project with the new scheme, the problem and its result."""

    project: Project
    scheme: Scheme
    problem: Problem
    result: Result
    work: Groundwork
    scope: Scope


def group(
    project: Project, options: GroupOptions | None = None, feedback: Feedback | None = None
) -> Grouping:
    """Group the eligible neighbourhoods into contiguous areas and make that the active scheme.

    Raises
    ------
    RenomapError
        Unknown preset, weight or nesting, contradicting bounds, a count that cannot be reached, a scope that
        holds nothing: each by name.
    """
    options = options or GroupOptions()
    feedback = feedback or Silent()
    warming.start()
    chosen = presets.for_project(options.preset or project.preset)
    preset = presets.load(chosen)
    settings = replace(chosen_settings(options, preset), preset=chosen)
    overrides = project.scheme.overrides if project.scheme is not None else None
    work = lay_ground(project, preset, settings, feedback, overrides)
    scope = scope_of(project, options, joining(project, preset), work)
    task = build_problem(project, preset, settings, work, scope)
    warming.ready(feedback)
    feedback.progress(0.4, "steps.progress-search")
    solve = onward.solve_on if options.onward else search.solve
    result = solve(
        task, seed=options.seed, time_limit=options.time_limit, feedback=feedback, start=scope.start
    )
    # whoever stopped the search wants its plan: there is nothing left to ask
    asked = feedback if result.complete else Silent()
    scheme = new_scheme(project, options, settings, task, result, work, scope, asked)
    standard = standard_under(project, preset)
    grouped = following(project, replace(project.with_scheme(scheme), preset=chosen, standard=standard))
    return Grouping(grouped, scheme, task, result, work, scope)


def chosen_settings(options: GroupOptions, preset: Preset) -> GroupSettings:
    """The settings a scheme keeps: everything that decides its areas."""
    gap = preset.gap_m if options.gap_m is None else options.gap_m
    if not np.isfinite(gap) or gap < 0:
        raise RenomapError("steps.gap-negative", gap=gap)
    if gap > WIDEST_GAP_M:
        raise RenomapError("steps.gap-wide", gap=gap, widest=WIDEST_GAP_M)
    bounds = {key: bound.value for key, bound in preset.bounds.items()} | dict(options.bounds)
    for key, value in bounds.items():
        if value is None:
            continue
        if not np.isfinite(value) or value < 0:
            raise RenomapError("steps.bound-negative", bound=key, value=value)
        if value == 0 and key.endswith("_max"):
            raise RenomapError("steps.bound-zero", bound=key)
    seconds = options.time_limit
    if seconds is not None and not (np.isfinite(seconds) and seconds > 0):
        raise RenomapError("steps.time-limit", seconds=seconds)
    return GroupSettings(
        preset=preset.key,
        areas=options.areas,
        bounds={key: value for key, value in bounds.items() if value is not None},
        given=tuple(sorted(options.bounds)),
        gap_m=float(gap),
        within=options.within,
        targets={key: float(value) for key, value in options.targets.items()},
        weights=dict(preset.weights) | dict(options.weights),
        seed=options.seed,
        time_limit=options.time_limit,
        only=options.only,
    )


def standard_under(project: Project, preset: Preset) -> str:
    """What a project that is grouped by a preset is judged by, as ``Project.standard`` keeps it.

    The preset brings its standard, unless the planner has chosen one that is not the former preset's own.
    """
    keeps_own = project.standard != presets.load(project.preset).standard
    return project.standard if keeps_own else standards.for_project(preset.standard)


def joining(project: Project, preset: Preset) -> pd.Series[bool]:
    """Index fid: the neighbourhoods that the preset lets join."""
    joins: pd.Series[bool] = eligibility.judge(neighbourhood_frame(project), preset)["eligibility"].isin(
        preset.joining
    )
    return joins


def build_problem(
    project: Project,
    preset: Preset,
    settings: GroupSettings,
    work: Groundwork,
    scope: Scope | None = None,
    *,
    pooled: bool = True,
) -> Problem:
    """The grouping problem of a project: what takes part, what binds, what is wished for.

    Without a scope whatever the preset lets join. Pooling is weighed by the standard of ``standard_under``,
    by which the deficits of the areas are judged afterwards; not ``pooled``: not at all, which is quicker.
    """
    rows = neighbourhood_frame(project)
    if scope is None:
        scope = whole(joining(project, preset))
    standard = meeting.with_meeting(standards.load(standard_under(project, preset)), project.meeting)
    previous = project.scheme.assignment if project.scheme is not None else None
    wishes = Wishes(
        count=settings.areas,
        bounds=settings.given_bounds,
        weights=settings.weights,
        targets=settings.targets,
    )
    facts = NeighbourhoodFacts(
        nest=work.within.units,
        community=_community(rows),
        pooling=pooling.pooling_arrays(rows, standard, frame_of(project, Role.BUILDINGS), work.links)
        if pooled
        else None,
    )
    decided = Decided(
        eligible=scope.takes_part,
        previous=previous,
        locked=scope.locked,
        must_link=scope.together,
        cannot_link=scope.apart,
    )
    return problem.build(rows, work.links, preset, wishes, facts, decided)


def _community(rows: gpd.GeoDataFrame) -> pd.Series[str] | None:
    if "community" in rows.columns and rows["community"].notna().any():
        community: pd.Series[str] = rows["community"]
        return community
    return None


def new_scheme(
    project: Project,
    options: GroupOptions,
    settings: GroupSettings,
    task: Problem,
    result: Result,
    work: Groundwork,
    scope: Scope,
    feedback: Feedback | None = None,
) -> Scheme:
    """A scheme from the engine's labels, with areas numbered, named and coloured; what stays is as it was."""
    rows = neighbourhood_frame(project)
    found = pd.Series(np.asarray(result.labels, dtype=np.int64), index=np.asarray(task.keys))
    labels: pd.Series[int] = found.reindex(rows.index, fill_value=-1).astype("int64")
    numbers = _numbers(project, rows, labels, work, scope)
    fresh = labels.map(numbers).fillna(UNASSIGNED).astype("int64")
    assignment = scope.stays.where(scope.stays > 0, fresh)
    former = _former(project, options)
    areas = dress_areas(project, assignment, former=former, feedback=feedback)
    key = free_key(project)
    named = presets.load(settings.preset or project.preset).zh
    title = options.title or f"{named} {len(project.schemes) + 1}"
    scattered: dict[str, Mapping[str, Any]] = {}
    if former is not None and scope.goes_on:
        scattered |= _still_scattered(former, set(task.keys.tolist()))
    scattered |= {str(item.fid): _reason(item.reason) for item in result.scattered}
    kept = replace(settings, result=_figures(result), within=work.within.spec, scattered=scattered)
    overrides = no_overrides() if project.scheme is None else project.scheme.overrides
    scheme = Scheme(key, title, assignment, areas, overrides, kept)
    return replace(scheme, areas=areas.assign(size_flag=_size_flags(project, scheme, work)))


def _size_flags(project: Project, scheme: Scheme, work: Groundwork) -> pd.Series[Any]:
    """The size flag of each area, from the sums that the plan prints."""
    preset = presets.load(scheme.settings.preset or project.preset)
    people = neighbourhood_frame(project).assign(area_id=scheme.assignment)
    persons = standards.load(standard_under(project, preset)).persons_per_household
    joins = joining(project, preset)
    judged = size_flags(scheme.areas.index, people, joins, persons, work, scheme, preset)
    flags: pd.Series[Any] = judged["size_flag"]
    return flags


def _numbers(
    project: Project, rows: gpd.GeoDataFrame, labels: pd.Series[int], work: Groundwork, scope: Scope
) -> dict[int, int]:
    """Area id of each label of the engine."""
    order = numbering.reading_order(rows, labels, work.within.units)
    if project.scheme is None:
        return order
    former = project.scheme.areas.index
    before = project.scheme.assignment.reindex(rows.index, fill_value=UNASSIGNED)
    heirs = numbering.heirs(labels, before, scope.stays, rows["households"])
    last = int(max(before.max(), former.max())) if scope.continues else 0
    # nobody takes the number of an area that is gone: the meeting still speaks of it by that number
    return numbering.area_numbers(order, heirs, {*scope.stays.tolist(), *former.tolist()}, above=last)


def _former(project: Project, options: GroupOptions) -> Scheme | None:
    """The scheme whose areas go on where they are the same; locks and drawn boundaries that were given up are
    not kept."""
    former = project.scheme
    if former is None or options.only != EVERYTHING:
        return former
    bare = gpd.GeoSeries([None] * len(former.areas), index=former.areas.index, crs=project.crs)
    areas = former.areas.assign(locked=False, kind="derived").set_geometry(bare)
    return replace(former, areas=areas)


def _still_scattered(former: Scheme, searched: set[int]) -> dict[str, Mapping[str, Any]]:
    """The former reasons of all that did not take part."""
    return {fid: why for fid, why in former.settings.scattered.items() if int(fid) not in searched}


def _figures(result: Result) -> RunFigures:
    return RunFigures(
        areas=result.areas,
        objective=_finite(result.objective),
        terms={name: _finite(value) for name, value in result.terms.items()},
        proof=result.proof,
        bound=_finite(result.bound),
        gap=_finite(result.gap),
        complete=bool(result.complete),
        made=dt.datetime.now().isoformat(timespec="seconds"),
    )


def _finite(value: Any) -> float | None:
    """A figure as JSON can keep it; None where it is unknown or infinite."""
    return None if value is None or not np.isfinite(value) else float(value)


def _parameter(value: Any) -> str | int | float | None:
    """A parameter of a sentence as JSON can keep it: whole where it is whole, else two decimals."""
    if value is None or isinstance(value, str):
        return value
    number = float(value)
    return int(number) if number.is_integer() else round(number, 2)


def _reason(reason: Reason) -> dict[str, Any]:
    return {"code": reason.code, "params": {key: _parameter(value) for key, value in reason.params.items()}}
