"""Findings of the programme as lines of the list of problems, and how they are mended where that is known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import partial
from typing import Any

from renomap.model.change import ChangeSet
from renomap.model.note import Severity
from renomap.model.plan import Plan
from renomap.model.programme import fids_of, text_of
from renomap.model.programme_columns import Origin, Outcome
from renomap.model.programme_rules import Gate
from renomap.model.programme_view import ProgrammeFinding
from renomap.model.scheme import UNASSIGNED
from renomap.session.problem import ListedProblem
from renomap.steps import programme_edit
from renomap.steps.projects import households_of
from renomap.steps.record import propose

SEVERITIES = {"error": Severity.ERROR, "warning": Severity.WARNING, "hint": Severity.INFO}
#: Code of the change that lists what basic needs lack.
LISTED = "change.list-missing"
#: Code of the change that takes a gate as passed for the members that an area has now.
HOLDS = "change.still-holds"


def of_programme(plan: Plan) -> tuple[ListedProblem, ...]:
    """What somebody should look at in the plan's programme, errors first; nothing without a programme.

    A finding of a whole area is about all its members; one of a neighbourhood in no area about that one.
    """
    view = plan.programme
    return () if view is None else tuple(_problem(one, plan) for one in view.findings)


def _problem(one: ProgrammeFinding, plan: Plan) -> ListedProblem:
    area = one.key if one.key > 0 else UNASSIGNED
    fids = one.fids or ((-one.key,) if one.key < 0 else ())
    mends = {"basic_missing": _listed, "stale": _still_holding}
    mend = partial(mends[one.kind], one, plan) if one.kind in mends else None
    code = f"programme.finding.{one.kind}"
    return ListedProblem(code, one.params or {}, SEVERITIES[one.severity], area, fids, mend, one)


def _listed(one: ProgrammeFinding, plan: Plan) -> ChangeSet | None:
    """Works for the basic needs that a finding names, of what is known to lack."""
    proposed, _ = propose(plan.project, {}, plan)
    works = proposed.programme.works
    items = [item.key for item in (one.params or {})["items"]]
    rows = works[
        (works["origin"] == Origin.PROPOSED) & works["fid"].isin(one.fids) & works["item"].isin(items)
    ]
    if not len(rows):
        return None
    told = [{str(name): value for name, value in row.items()} for row in rows.to_dict("records")]
    change = programme_edit.add(plan.project, "works", told)
    return ChangeSet(LISTED, change.steps, {"count": len(rows)})


def _still_holding(one: ProgrammeFinding, plan: Plan) -> ChangeSet | None:
    """The steps of a gate confirmed for the members of now; their evidence says for whom they were taken."""
    view = plan.programme
    gate = (one.params or {})["gate"]
    if view is None or not isinstance(gate, Gate):
        return None
    number = int(view.projects["project"][one.key])
    events = plan.project.programme.events
    own = events[(events["project"] == number) & (events["gate"] == gate.key)]
    passed = own[own["result"] == Outcome.PASSED].drop_duplicates("round", keep="last")
    people = plan.neighbourhoods["area_id"]
    members = people.index[people == one.key].tolist() if one.key > 0 else [-one.key]
    now = {"members": text_of(members), "households": households_of(plan.project, tuple(members))}
    names = plan.neighbourhoods["name"].to_dict()
    values = {}
    for label, row in passed.to_dict("index").items():
        was = row["members"]
        if isinstance(was, str) and set(fids_of(was)) != set(members):
            told = (row["evidence"], _moved(set(fids_of(was)), set(members), names))
            values[int(str(label))] = {**now, "evidence": "；".join(filter(None, told))}
    if not values:
        return None
    change = programme_edit.edit_rows(plan.project, "events", values)
    return ChangeSet(HOLDS, change.steps)


def _moved(was: set[int], now: set[int], names: Mapping[Any, Any]) -> str:
    """Who came and who left since a step was taken, as it is kept beside its evidence."""
    parts = [
        f"{sign}{names.get(fid) or fid}"
        for sign, fids in (("+", now - was), ("-", was - now))
        for fid in sorted(fids)
    ]
    return f"{dt.date.today():%Y-%m-%d} 确认仍有效（{' '.join(parts)}）"
