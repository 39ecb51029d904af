"""What is done with a programme: a step recorded, a neighbourhood moved to a list, a year rolled on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import pandas as pd

from renomap.errors import RenomapError
from renomap.grouping import eligibility
from renomap.model.plan import Plan
from renomap.model.programme import text_of
from renomap.model.programme_columns import Origin, Stage
from renomap.model.programme_view import ProgrammeView
from renomap.model.project import Project
from renomap.model.scheme import UNASSIGNED
from renomap.model.standard import Level
from renomap.programme import acceptance, consent, gates, lists, rounds, turns, works
from renomap.steps.frames import neighbourhood_frame
from renomap.steps.plan import active_preset, make_plan
from renomap.steps.programme import programme_view, rules_of
from renomap.steps.projects import (
    households_of,
    members_of,
    project_of_area,
    project_of_neighbourhood,
)

#: For lists that have no year.
NO_YEAR: Final = float("nan")


@dataclass(frozen=True)
class RecordSubject:
    """What an action is about: an area of the active scheme, or one neighbourhood; the other one is 0."""

    area: int = 0
    fid: int = 0


def view_of(project: Project) -> ProgrammeView | None:
    """All of the programme that needs no outlines and no deficits, at once; None where it has no rows.

    The full one comes with the plan (``steps.plan.make_plan``), and is taken where an acceptance has begun:
    it is refused while basic deficits are open.
    """
    preset = active_preset(project)
    if acceptance.begun(project.programme, rules_of(project.programme, preset)):
        return make_plan(project).programme
    people = rounds.with_consent(neighbourhood_frame(project), project.programme.surveys)
    people = people.join(consent.judge(people, preset.consent))
    scheme = project.scheme
    if scheme is None:
        ids: pd.Index[int] = pd.Index([], dtype="int64", name="id")
        areas, assignment = pd.DataFrame({"name": pd.Series(dtype=object)}, index=ids), None
    else:
        ids, assignment = scheme.areas.index, scheme.assignment
        areas = pd.DataFrame({"name": scheme.areas["name"]}, index=ids)
    area_of = UNASSIGNED if assignment is None else assignment.reindex(people.index, fill_value=UNASSIGNED)
    may_join = eligibility.judge(people, preset)["eligibility"]
    people = people.assign(area_id=area_of, eligibility=may_join)
    judged = consent.of_areas(people[people["area_id"] != UNASSIGNED], ids, preset.consent)
    return programme_view(project, people, areas.join(judged), preset)


def record(
    project: Project,
    of: RecordSubject,
    row: Mapping[str, Any],
    *,
    by: str | None = None,
    at: str | None = None,
) -> Project:
    """The project with a step taken for a gate or procedure; it keeps the members and households of now.

    Parameters
    ----------
    row : mapping
        Columns of the table ``events``; ``gate`` at least.
    by, at
        Who enters it, and on which day, today by default.

    Raises
    ------
    RenomapError
        Those of ``programme.turns.check``, ``steps.programme-no-target``.
    """
    rules = rules_of(project.programme, active_preset(project))
    gate = rules.gate(str(row["gate"]))
    of_members = gate is not None and gate.scope == "neighbourhood"
    project, number = _project_of(project, of)
    events = project.programme.events
    if of.fid and of_members:
        turns.check(events[events["fid"] == of.fid], dict(row), rules)
        tie = {"fid": of.fid}
    else:
        turns.check(events[events["project"] == number], dict(row), rules)
        tie = {"project": number}
    members = (of.fid,) if "fid" in tie else members_of(project, number)
    entered = {"by": by, "at": at or _today()}
    taken_for = {"members": text_of(members), "households": households_of(project, members)}
    stamped = {**row, **tie, **entered, **taken_for}
    return replace(project, programme=project.programme.with_rows("events", [stamped]))


def move(
    project: Project,
    of: RecordSubject,
    to: Stage,
    year: float,
    *,
    reason: str | None,
    by: str,
    at: str | None = None,
    view: ProgrammeView | None = None,
) -> Project:
    """The project with a neighbourhood, or all of an area, on another list; the history tells of each.

    ``view``: the numbers of the project's programme, derived anew where None.

    Raises
    ------
    RenomapError
        Those of ``programme.lists.check_move``: gates that are not passed, named with the members that hold
        them up; ``programme.not-accepted`` with all that stands against an acceptance;
        ``steps.programme-no-target``.
    """
    project, number = _project_of(project, of)
    fids = (of.fid,) if of.fid else members_of(project, number)
    area, fid = (int(str(project.programme.projects.at[number, name])) for name in ("area", "fid"))
    key = area or -fid
    if view is None or key not in view.projects.index:
        view = make_plan(project).programme if to is Stage.HANDED_OVER else view_of(project)
    assert view is not None
    assert project.neighbourhoods is not None
    held = _held(view, key, fids, to)
    names = project.neighbourhoods.frame["name"].fillna("").to_dict()
    if to is Stage.HANDED_OVER:
        _refuse_unaccepted(view, key, names)
    units = project.programme.units
    known = units.drop_duplicates("fid", keep="last").set_index("fid")["stage"]
    stages = {Stage(str(known[fid])) if known.get(fid) is not None else Stage.SURVEY for fid in fids}
    for was in stages:
        lists.check_move(to, year, was, held, view.rules, reason, names)
    units, history = lists.moved(
        units, project.programme.history, fids, to, year, by=by, at=at or _today(), reason=reason
    )
    return _with_lists(project, units, history)


def roll(project: Project, closed: int, *, by: str, at: str | None = None) -> tuple[Project, int]:
    """The project with what was not finished in a year moved to the next one, and how many were."""
    programme = project.programme
    units, history = lists.rolled(programme.units, programme.history, closed, by=by, at=at or _today())
    return _with_lists(project, units, history), len(history) - len(programme.history)


def propose(project: Project, basis: Mapping[str, str], plan: Plan | None = None) -> tuple[Project, int]:
    """The project with works for everything that is known to lack, and how many rows are proposed.

    ``basis``: by item, what a proposed row is said to be based on. Rows that were typed or imported stay.
    ``plan``: of this project, made where None.
    """
    plan = plan or make_plan(project)
    pooled = {each.key: each.pooled and each.level is Level.AREA for each in plan.standard.facilities}
    rules = rules_of(project.programme, active_preset(project))
    table = works.proposed(project.programme.works, plan.neighbourhoods, plan.areas, rules, pooled, basis)
    after = replace(project, programme=project.programme.with_table("works", table))
    return after, int((table["origin"] == Origin.PROPOSED).sum())


def _held(view: ProgrammeView, key: int, fids: tuple[int, ...], to: Stage) -> pd.DataFrame:
    """The gates that hold up a move of these neighbourhoods; of their own gates only where they fail."""
    if to not in lists.ASKED:
        return view.gates.iloc[:0]
    judged = view.gates[view.gates["area"] == key]
    held = gates.holding_up(judged, view.rules, lists.ASKED[to])
    own = {gate.key for gate in view.rules.gates if gate.scope == "neighbourhood"}
    failing = [tuple(fid for fid in row if fid in fids) for row in held["failing"]]
    held = held.assign(failing=pd.Series(failing, index=held.index, dtype=object))
    return held[[gate not in own or bool(row) for gate, row in zip(held["gate"], failing, strict=True)]]


def _refuse_unaccepted(view: ProgrammeView, key: int, names: Mapping[int, str]) -> None:
    row = view.acceptance.loc[[key]].to_dict("records")[0]
    against = acceptance.told(row, view.rules, names, {item.key: item.zh for item in view.rules.items})
    if against:
        said: dict[str, Any] = {f"say_{why}": "" for why in (*acceptance.REFUSED, *acceptance.UNDECIDED)}
        for why, params in against.items():
            said |= {f"say_{why}": f"programme.accept.{why}", **params}
        raise RenomapError("programme.not-accepted", **said)


def _project_of(project: Project, of: RecordSubject) -> tuple[Project, int]:
    try:
        return project_of_neighbourhood(project, of.fid) if of.fid else project_of_area(project, of.area)
    except ValueError as error:
        raise RenomapError("steps.programme-no-target", area=of.area or "-", fid=of.fid or "-") from error


def _with_lists(project: Project, units: pd.DataFrame, history: pd.DataFrame) -> Project:
    programme = project.programme.with_table("units", units).with_table("history", history)
    return replace(project, programme=programme)


def _today() -> str:
    return dt.date.today().isoformat()
