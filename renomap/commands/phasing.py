"""``phase``: the order of projects, and a year for each within the caps of the years."""

from __future__ import annotations

import argparse
import re
from collections.abc import Mapping
from typing import Any

from renomap.commands.programme import changing, target_named
from renomap.commands.screen import Bar, say_json
from renomap.errors import RenomapError
from renomap.model.plan import Plan
from renomap.model.project import Project
from renomap.model.standard import CAP, CAPACITY, WEIGHT
from renomap.model.words import sentence
from renomap.outputs.numbers import Figures
from renomap.outputs.phasing_texts import result_text, score_text, weights_note, why_text
from renomap.programme.budget import Budget
from renomap.programme.phasing import Phasing
from renomap.steps.judge import judge_by
from renomap.steps.phase import budget_for, phased, with_years
from renomap.steps.plan import make_plan
from renomap.steps.record import RecordSubject
from renomap.store.user import user_name

Words = Mapping[str, str]


def run_phase(arguments: argparse.Namespace, words: Words, bar: Bar) -> int:
    """``renomap phase``."""
    with changing(arguments) as (project, save):
        options = ((CAP, arguments.cap), (CAPACITY, arguments.capacity), (WEIGHT, arguments.weight))
        sets = [f"{name}.{text}" for name, texts in options for text in texts]
        project = judge_by(project, None, sets, by=user_name() or "-")
        for text in arguments.fix:
            project = _fixed(project, text)
        plan = make_plan(project, bar)
        if plan.programme is None:
            raise RenomapError("programme.no-rows")
        budget = budget_for(project, plan.programme, _years(arguments.years))
        if arguments.rank_only:
            found = None
        else:
            project, found = phased(plan, budget, time_limit=arguments.time_limit)
            save(project)
    bar.done()
    if arguments.json:
        say_json(phase_json(plan, budget, found))
    else:
        _say(plan, budget, found, words)
    return 0


def phase_json(plan: Plan, budget: Budget, found: Phasing | None) -> dict[str, Any]:
    """What the command prints with ``--json``; amounts in yuan, null unknown."""
    view = plan.programme
    assert view is not None
    table = view.projects.join(view.ranking)
    why = {} if found is None else {one.key: one for one in found.unplaced}
    projects = []
    for key, row in table.sort_values("rank").to_dict("index").items():
        number = int(str(key))
        open_one = why.get(number)
        projects.append(
            {
                "area": max(number, 0),
                "fid": max(-number, 0),
                "name": row["name"],
                "rank": int(row["rank"]),
                "score_low": round(row["score_low"], 6),
                "score_high": round(row["score_high"], 6),
                "known_weight": round(row["known_weight"], 6),
                "year": None if found is None else found.years.get(number),
                "fixed": bool(row["year_fixed"]),
                "why": None if open_one is None else open_one.why,
                "short": None if open_one is None or open_one.why != "no_room" else open_one.short,
                "displaced_by": [] if open_one is None else list(open_one.by),
            }
        )
    told: dict[str, Any] = {"years": list(budget.years), "projects": projects}
    told["caps"] = {str(year): cap for year, cap in sorted(budget.caps.items())}
    told["unlimited"] = list(budget.unlimited)
    if found is not None:
        told |= {"benefit": round(found.benefit, 6), "bound": round(found.bound, 6), "proven": found.proven}
        told["over"] = [{"year": year, "source": source, "yuan": by} for year, source, by in found.over]
    return told


def _fixed(project: Project, text: str) -> Project:
    named, equals, year = text.rpartition("=")
    if not equals or not re.fullmatch(r"none|[12]\d{3}", year):
        raise RenomapError("commands.phase-fix", text=text)
    target: RecordSubject = target_named(named)
    key = target.area or -target.fid
    try:
        return with_years(project, {key: None if year == "none" else int(year)}, fixed=True)
    except ValueError as error:
        raise RenomapError("steps.programme-no-target", of=named) from error


def _years(text: str | None) -> range:
    if text is None:
        return range(0)
    found = re.fullmatch(r"([12]\d{3})-([12]\d{3})", text)
    if not found or not 0 <= int(found[2]) - int(found[1]) < 15:
        raise RenomapError("commands.phase-years", text=text)
    return range(int(found[1]), int(found[2]) + 1)


def _say(plan: Plan, budget: Budget, found: Phasing | None, words: Words) -> None:
    view, figures = plan.programme, Figures(words)
    assert view is not None
    names = view.projects["name"].to_dict()
    for key, row in view.ranking.sort_values("rank").to_dict("index").items():
        params = {"rank": row["rank"], "name": names[key] or key, "score": score_text(row, figures)}
        print(sentence(words, "commands.phase-rank", params))
    note = weights_note(view, words)
    if note:
        print(note)
    if found is None:
        return
    for year in budget.years:
        listed = [str(names[key] or key) for key, its in found.years.items() if its == year]
        print(sentence(words, "commands.phase-year", {"year": year, "names": listed or "—"}))
    for one in found.unplaced:
        params = {"name": names[one.key] or one.key, "why": why_text(one, plan, figures)}
        print(sentence(words, "commands.phase-without", params))
    print(result_text(found, budget, figures))
