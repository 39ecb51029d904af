"""Findings of the programme as lines of the list of problems, and how they are mended where that is known."""

from __future__ import annotations

from functools import partial

from renomap.model.change import ChangeSet
from renomap.model.note import Severity
from renomap.model.plan import Plan
from renomap.model.programme_columns import Origin
from renomap.model.programme_view import ProgrammeFinding
from renomap.model.scheme import UNASSIGNED
from renomap.session.problem import ListedProblem
from renomap.steps import programme_edit
from renomap.steps.record import propose

SEVERITIES = {"error": Severity.ERROR, "warning": Severity.WARNING, "hint": Severity.INFO}
#: Code of the change that lists what basic needs lack.
LISTED = "change.list-missing"


def of_programme(plan: Plan) -> tuple[ListedProblem, ...]:
    """What somebody should look at in the plan's programme, errors first; nothing without a programme.

    A finding of a whole area is about all its members; one of a neighbourhood in no area about that one.
    """
    view = plan.programme
    return () if view is None else tuple(_problem(one, plan) for one in view.findings)


def _problem(one: ProgrammeFinding, plan: Plan) -> ListedProblem:
    area = one.key if one.key > 0 else UNASSIGNED
    fids = one.fids or ((-one.key,) if one.key < 0 else ())
    mend = partial(_listed, one, plan) if one.kind == "basic_missing" else None
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
