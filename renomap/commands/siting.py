"""``sites``: which idle room for what lacks, and what was decided of it."""

from __future__ import annotations

import argparse
import math
from collections.abc import Mapping
from typing import Any

from renomap.commands.programme import changing
from renomap.commands.screen import Bar, say_json
from renomap.errors import RenomapError
from renomap.model.plan import Plan
from renomap.model.programme_columns import SiteDecision
from renomap.model.reach import reach_of
from renomap.model.standard import SITE
from renomap.model.words import sentence
from renomap.outputs.numbers import Figures, Kind
from renomap.outputs.siting_lines import SiteLine, basis_of, owner_of, siting_lines, siting_note, way_word
from renomap.programme.idle_sites import pairs_of
from renomap.programme.siting import Pairing
from renomap.steps.judge import judge_by
from renomap.steps.plan import make_plan
from renomap.steps.sites import checked_siting, choice_of, decide, withdraw
from renomap.store import projectfile
from renomap.store.user import user_name

Words = Mapping[str, str]


def run_sites(arguments: argparse.Namespace, words: Words, bar: Bar) -> int:
    """``renomap sites``; the project is written only where something is decided or set."""
    asked = (arguments.accept, arguments.refuse, arguments.withdraw, arguments.set)
    if not any(asked) and arguments.output is None:
        plan = make_plan(projectfile.open_project(arguments.project), bar)
    else:
        with changing(arguments) as (project, save):
            sets = [f"{SITE}.{text}" for text in arguments.set]
            plan = make_plan(judge_by(project, None, sets, by=user_name() or "-"), bar)
            plan = _decided(plan, arguments, words, bar)
            save(plan.project)
    found = checked_siting(plan)
    lines = siting_lines(plan, words)
    bar.done()
    if arguments.json:
        say_json({"distance": reach_of(plan.project.meeting), "sites": [_json(line, plan) for line in lines]})
        return 0
    print(siting_note(plan, words))
    for line in lines:
        print(_text(line, plan, words))
    if not found.pairs:
        print(words["outputs.siting.none"])
    return 0


def _decided(plan: Plan, arguments: argparse.Namespace, words: Words, bar: Bar) -> Plan:
    """The plan with what the options decide, one after the other."""
    by, reason = user_name() or "-", arguments.reason
    for text in arguments.withdraw:
        plan = make_plan(withdraw(plan, choice_of(_named(plan, text))), bar, former=plan)
    for texts, decision in (
        (arguments.refuse, SiteDecision.REFUSED),
        (arguments.accept, SiteDecision.ACCEPTED),
    ):
        for text in texts:
            pair = _named(plan, text)
            basis = basis_of(plan, pair, words)
            project = decide(plan, choice_of(pair), decision, by=by, reason=reason, basis=basis)
            plan = make_plan(project, bar, former=plan)
    return plan


def _named(plan: Plan, text: str) -> Pairing:
    """The pair of ``SITE:AREA:FACILITY``, the site by its number or its name."""
    site, _, rest = text.rpartition(":")
    facility = rest
    site, _, area = site.rpartition(":")
    if not site or not area.isdecimal():
        raise RenomapError("commands.sites-form", text=text)
    found = [
        pair
        for pair in pairs_of(plan)
        if site in (str(pair.site.number), pair.site.name)
        and (pair.lack.area, pair.lack.facility) == (int(area), facility)
    ]
    if len(found) != 1:
        raise RenomapError("programme.sites-no-pair", site=site, area=area)
    return found[0]


def _json(line: SiteLine, plan: Plan) -> dict[str, Any]:
    pair = line.pair
    site, lack = pair.site, pair.lack
    return {
        "site": site.number, "layer": site.layer, "name": site.name, "m2": _number(site.m2),
        "owner": owner_of(plan, pair), "area": lack.area, "area_name": line.area, "facility": lack.facility,
        "deficit_low": lack.low, "deficit_high": _number(lack.high), "households": _number(lack.households),
        "radius_m": lack.radius_m, "distance_m": _number(round(pair.distance_m, 1)),
        "amount": _number(pair.amount), "verdict": pair.verdict.value, "standing": line.standing,
        "decided": line.told,
    }  # fmt: skip


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def _text(line: SiteLine, plan: Plan, words: Words) -> str:
    figures = Figures(words)
    params = {
        "standing": line.standing_text,
        "site": line.site,
        "m2": figures.number(line.pair.site.m2, Kind.M2),
        "area": line.area,
        "facility": line.facility,
        "lacking": line.lacking,
        "metres": figures.number(line.pair.distance_m, Kind.METRE),
        "way": way_word(plan, words),
        "verdict": line.verdict,
    }
    return sentence(words, "commands.sites-line", params)
