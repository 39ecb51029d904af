"""Projects follow their areas: what happens to them when areas merge, split, dissolve or are copied.

Facts about neighbourhoods and buildings stay where they are. What was decided or given for a project as a
whole (steps, funds, estimates, income) goes where most of its households go. Nothing is ever deleted: a
project whose area is gone is given up with the reason.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd

from renomap.model.change import ChangeSet, apply, difference
from renomap.model.programme import Programme, with_rows
from renomap.model.project import Project
from renomap.model.scheme import UNASSIGNED, Scheme

DISSOLVED: Final = "撤销"
MERGED: Final = "并入其他片区"
#: Tables with rows of a project as a whole.
_OF_PROJECTS: Final = ("events", "funds", "estimates", "operations")


def with_projects(project: Project, change: ChangeSet) -> ChangeSet:
    """The change with what it means for the projects of the areas; the change itself where nothing."""
    if not len(project.programme.projects) or not change.touches("scheme"):
        return change
    after = apply(project, change)
    followed = following(project, after)
    if followed is after:
        return change
    return change.merge(difference(after, followed, change.code))


def following(before: Project, after: Project) -> Project:
    """``after`` with projects that follow their areas from ``before``.

    An area that is gone hands its project to the area that has most of its households now, or if that one
    has a project, the steps and money of it (each keeps the members it was for). A new area that took more
    households than were left behind takes the project along. A scheme that is new gets copies of the
    projects of the active one whose areas it has. The project of a neighbourhood by itself is that of the
    area, once one of the active scheme has taken it in. ``after`` itself where nothing changes.
    """
    programme = after.programme
    old = {scheme.key: scheme for scheme in before.schemes}
    for scheme in after.schemes:
        was = old.get(scheme.key)
        if was is None:
            programme = _copied(programme, before.scheme, scheme, _households(after))
        elif was is not scheme and not (
            was.assignment is scheme.assignment and was.areas.index.equals(scheme.areas.index)
        ):
            programme = _moved(programme, was, scheme, _households(after))
    now = after.scheme
    if now is not None and old.get(now.key) is not now:
        programme = _taken_in(programme, now, _households(after))
    return after if programme is after.programme else replace(after, programme=programme)


def _taken_in(programme: Programme, now: Scheme, households: pd.Series[float]) -> Programme:
    """Projects of single neighbourhoods that an area has become those of the area, the largest one first."""
    rows = programme.projects
    alone = rows[(rows["area"] == 0) & (rows["fid"] > 0) & rows["exited"].isna()]
    area_of = now.assignment.reindex(alone["fid"], fill_value=UNASSIGNED)
    alone = alone.assign(now=area_of.to_numpy(), homes=households.reindex(alone["fid"]).to_numpy())
    alone = alone[alone["now"].isin(now.areas.index)].sort_values(["homes", "fid"], ascending=[False, True])
    if not len(alone):
        return programme
    own = rows[(rows["scheme"] == now.key) & (rows["area"] > 0) & rows["exited"].isna()]
    taken = {int(area): int(str(label)) for label, area in own["area"].items()}
    projects = rows.copy()
    for label, area in zip(map(int, alone.index), map(int, alone["now"]), strict=True):
        if area in taken:
            projects.loc[label, "exited"] = MERGED
            programme = _handed(programme, label, taken[area])
        else:
            name = str(now.areas.at[area, "name"] or projects.at[label, "name"])
            projects.loc[label, "scheme"] = now.key
            projects.loc[label, "area"] = area
            projects.loc[label, "fid"] = 0
            projects.loc[label, "name"] = name
            taken[area] = label
    return programme.with_table("projects", projects)


def _moved(programme: Programme, was: Scheme, now: Scheme, households: pd.Series[float]) -> Programme:
    rows = programme.projects
    own = rows[(rows["scheme"] == now.key) & (rows["area"] > 0) & rows["exited"].isna()]
    gone = set(was.areas.index) - set(now.areas.index)
    come = set(now.areas.index) - set(was.areas.index)
    taken = {int(str(area)): int(str(label)) for label, area in own["area"].items()}
    projects = rows.copy()
    heirs = {area: _heir(area, was, now, households, come) for area in taken}
    weight = {area: float(households.reindex(_members(was, area)).sum()) for area in taken}
    for area in sorted(heirs, key=lambda each: (each in gone, -weight[each], each)):
        label, target = taken[area], heirs[area]
        if target == area:
            continue
        del taken[area]
        if target == UNASSIGNED:
            projects.loc[label, "exited"] = DISSOLVED
        elif target in taken:
            projects.loc[label, "exited"] = MERGED
            programme = _handed(programme, label, taken[target])
        else:
            projects.loc[label, "area"] = target
            taken[target] = label
    return programme if projects.equals(rows) else programme.with_table("projects", projects)


def _heir(area: int, was: Scheme, now: Scheme, households: pd.Series[float], come: set[int]) -> int:
    """The area that the project of ``area`` is of now; UNASSIGNED where there is none."""
    members = _members(was, area)
    where = now.assignment.reindex(members, fill_value=UNASSIGNED)
    weight = households.reindex(members).fillna(1.0).groupby(where).sum()
    weight = weight.drop(UNASSIGNED, errors="ignore")
    if area in now.areas.index:  # it is still there, and loses its project only to a new, larger part of it
        weight = weight[[each for each in weight.index if each == area or each in come]]
    if not len(weight):
        return area if area in now.areas.index else UNASSIGNED
    best = weight.max()
    return area if weight.get(area) == best else int(weight.index[weight == best].min())


def _members(scheme: Scheme, area: int) -> pd.Index[int]:
    return scheme.assignment.index[scheme.assignment == area]


def _handed(programme: Programme, one: int, other: int) -> Programme:
    """Steps and money of one project become those of another."""
    for name in _OF_PROJECTS:
        frame = programme.table(name)
        if (frame["project"] == one).any():
            project = frame["project"].where(frame["project"] != one, other)
            programme = programme.with_table(name, frame.assign(project=project))
    return programme


def _copied(programme: Programme, was: Scheme | None, now: Scheme, households: pd.Series[float]) -> Programme:
    rows = programme.projects
    if was is None or (rows["scheme"] == now.key).any():
        return programme
    own = rows[(rows["scheme"] == was.key) & (rows["area"] > 0) & rows["exited"].isna()]
    for label, row in own.iterrows():
        area = int(row["area"])
        before, after = set(_members(was, area)), set(_members(now, area))
        if 2 * len(before & after) < min(len(before), len(after)) or not after:
            continue
        copy = {str(name): value for name, value in row.items()} | {"scheme": now.key}
        projects = with_rows("projects", programme.projects, [copy])
        programme = programme.with_table("projects", projects)
        number = int(np.max(projects.index))
        for name in _OF_PROJECTS:
            frame = programme.table(name)
            copies = frame[frame["project"] == label].assign(project=number).itertuples(False, None)
            rows_of = [dict(zip(map(str, frame.columns), row, strict=True)) for row in copies]
            programme = programme.with_table(name, with_rows(name, frame, rows_of))
    return programme


def _households(project: Project) -> pd.Series[float]:
    layer = project.neighbourhoods
    return pd.Series(dtype=np.float64) if layer is None else layer.frame["households"]
