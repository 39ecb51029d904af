"""Idle rooms accepted or refused for what areas lack; what is accepted is planned and changes no deficit."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from renomap.errors import RenomapError
from renomap.model.plan import Plan
from renomap.model.programme_columns import Action, Origin, SiteDecision, WorkStatus
from renomap.model.programme_rules import Rules, WorkItem, WorkLayer
from renomap.model.project import Project
from renomap.programme.idle_sites import decisions, pairs_of, siting_of
from renomap.programme.siting import Pairing, Siting, m2_of, share_of
from renomap.programme.siting_check import violations
from renomap.programme.works import hosts
from renomap.steps.plan import active_preset
from renomap.steps.programme import rules_of


@dataclass(frozen=True)
class SiteChoice:
    """A room for what an area lacks of a facility: layer and number of the room's row."""

    layer: str
    site: int
    area: int
    facility: str


def choice_of(pair: Pairing) -> SiteChoice:
    """What a pair is about."""
    return SiteChoice(pair.site.layer, pair.site.number, pair.lack.area, pair.lack.facility)


def checked_siting(plan: Plan) -> Siting:
    """The rooms to propose, gone over by the check.

    Raises
    ------
    RenomapError
        ``programme.sites-unsound`` where the check finds a rule broken.
    """
    found = siting_of(plan)
    refused = [
        n for n, row in decisions(plan, found.pairs).items() if row["decision"] == SiteDecision.REFUSED
    ]
    broken = violations(found, refused)
    if broken:
        raise RenomapError("programme.sites-unsound", what="; ".join(broken))
    return found


def decide(
    plan: Plan,
    chosen: SiteChoice,
    decision: SiteDecision,
    *,
    by: str,
    reason: str | None = None,
    basis: str | None = None,
    at: str | None = None,
) -> Project:
    """The project of the plan with a room accepted or refused; a decision on the same is replaced.

    What is accepted makes a row of works in the member of the area with most households, in place of one that
    was proposed there for the same; the deficit stays what it is. What was accepted before and is refused
    now loses its row of works.

    Parameters
    ----------
    by, at
        Who decides, and on which day, today by default.
    reason : str or None
        Why; needed of a refusal.
    basis : str or None
        What the row of works is said to rest on.

    Raises
    ------
    RenomapError
        ``programme.sites-no-pair`` (not within reach, or not for that use), ``programme.sites-taken`` (the
        room was accepted for something else), ``programme.sites-no-reason``.
    """
    pairs = pairs_of(plan)
    pair = next((one for one in pairs if choice_of(one) == chosen), None)
    if pair is None:
        raise RenomapError("programme.sites-no-pair", site=chosen.site, area=chosen.area)
    if decision is SiteDecision.REFUSED and not (reason or "").strip():
        raise RenomapError("programme.sites-no-reason", name=pair.site.name or pair.site.number)
    if decision is SiteDecision.ACCEPTED:
        _require_free(plan, pair)
    project, work = _without(plan, chosen), 0
    fid = hosts(plan.neighbourhoods)[chosen.area]
    if decision is SiteDecision.ACCEPTED:
        project, work = _with_work(project, pair, fid, basis)
    row: dict[str, Any] = {
        "layer": chosen.layer,
        "site": chosen.site,
        "fid": fid,
        "facility": chosen.facility,
        "decision": decision.value,
        "m2": None if math.isnan(pair.site.m2) else pair.site.m2,
        "reason": reason,
        "by": by,
        "at": at or dt.date.today().isoformat(),
        "work": work,
    }
    return replace(project, programme=project.programme.with_rows("siting", [row]))


def withdraw(plan: Plan, chosen: SiteChoice) -> Project:
    """The project of the plan without a decision on that room, and without the works that it made.

    The project itself where nothing was decided.
    """
    return _without(plan, chosen)


def _require_free(plan: Plan, pair: Pairing) -> None:
    """Refuse a room that is taken, or of which less is left than this would take."""
    rows = plan.project.programme.siting
    mine = (rows["layer"] == pair.site.layer) & (rows["site"] == pair.site.number)
    taken = rows[mine & (rows["decision"] == SiteDecision.ACCEPTED)]
    here = _rows_of(plan, choice_of(pair))
    others = taken.index.difference(here)
    if not len(others):
        return
    known = decisions(plan, pairs_of(plan))
    used = [m2_of(pairs_of(plan)[n]) for n, row in known.items() if row["id"] in others]
    if pair.site.divisible and len(used) == len(others) and sum(used) + m2_of(pair) <= pair.site.m2:
        return
    raise RenomapError("programme.sites-taken", name=pair.site.name or pair.site.number)


def _rows_of(plan: Plan, chosen: SiteChoice) -> pd.Index[int]:
    """Labels of all decisions on that room for that area and facility."""
    rows = plan.project.programme.siting
    area = rows["fid"].map(plan.neighbourhoods["area_id"]).fillna(0)
    mine = (rows["layer"] == chosen.layer) & (rows["site"] == chosen.site) & (area == chosen.area)
    return rows.index[mine & (rows["facility"] == chosen.facility)]


def _without(plan: Plan, chosen: SiteChoice) -> Project:
    programme = plan.project.programme
    gone = _rows_of(plan, chosen)
    if not len(gone):
        return plan.project
    made = programme.works.index.intersection(programme.siting.loc[gone, "work"].tolist())
    programme = programme.with_table("siting", programme.siting.drop(gone))
    programme = programme.with_table("works", programme.works.drop(made))
    return replace(plan.project, programme=programme)


def _with_work(project: Project, pair: Pairing, fid: int, basis: str | None) -> tuple[Project, int]:
    """The project with the work that puts the room to use, and its id; 0 where the catalogue has no such."""
    item = _item(rules_of(project.programme, active_preset(project)), pair.lack.facility)
    if item is None:
        return project, 0
    works = project.programme.works
    same = (works["fid"] == fid) & (works["item"] == item.key) & (works["origin"] == Origin.PROPOSED)
    programme = project.programme.with_table("works", works[~same])
    programme = programme.with_rows("works", [_work(pair, item, fid, basis)])
    return replace(project, programme=programme), int(programme.works.index.max())


def _work(pair: Pairing, item: WorkItem, fid: int, basis: str | None) -> Mapping[str, Any]:
    given = share_of(pair) if pair.counted else pair.amount
    return {
        "fid": fid,
        "item": item.key,
        # Land gets something new; a room that stands is altered.
        "action": Action.ADD.value if item.layer is WorkLayer.GROUND else Action.ALTER.value,
        "quantity": None if math.isnan(given) else given,
        "unit": item.unit,
        "status": WorkStatus.PLANNED.value,
        "origin": Origin.TYPED.value,
        "basis": basis,
        "note": pair.site.name or None,
    }


def _item(rules: Rules, facility: str) -> WorkItem | None:
    return next((item for item in rules.items if item.facility == facility), None)
