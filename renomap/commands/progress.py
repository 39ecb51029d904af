"""``progress``: what is done of what is planned, who answers for it, and what stands against acceptance."""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Mapping
from typing import Any

from renomap.commands.programme import acceptance_json, number_or_null
from renomap.commands.screen import Bar, say_json
from renomap.errors import RenomapError
from renomap.model.dates import interval
from renomap.model.programme_view import ProgrammeView
from renomap.model.project import Project
from renomap.model.words import sentence
from renomap.outputs.acceptance_texts import against, residents_text
from renomap.outputs.progress_texts import done_text, reported_text, stage_text
from renomap.programme.progress import SUMS, stale
from renomap.programme.who import by_company
from renomap.sources.dates import read_date
from renomap.steps.record import view_of
from renomap.store import projectfile

Words = Mapping[str, str]


def run_progress(arguments: argparse.Namespace, words: Words, bar: Bar) -> int:
    """``renomap progress``."""
    project = projectfile.open_project(arguments.project)
    on = _day(arguments.on)
    view = view_of(project)
    bar.done()
    if view is None:
        raise RenomapError("programme.no-rows")
    if arguments.json:
        say_json(progress_json(view, on))
    else:
        _say(view, project, on, words)
    return 0


def progress_json(view: ProgrammeView, on: dt.date) -> dict[str, Any]:
    """What the command prints with ``--json``; amounts in the unit of the item, null unknown."""
    days = view.rules.stale_days
    projects = []
    for key, row in view.projects.to_dict("index").items():
        number = int(str(key))
        items = view.progress[view.progress["area"] == number]
        projects.append(
            {
                "area": max(number, 0),
                "fid": max(-number, 0),
                "name": row["name"],
                "stage": row["progress"],
                "company": row["company"],
                "person": row["person"],
                "reported_on": row["reported_on"],
                "stale": None if days is None else stale(row["reported_on"], on, days.value),
                "items": [_item_json(item) for item in items.to_dict("records")],
                "acceptance": acceptance_json(view, number),
            }
        )
    who = {of: by_company(view.projects, view.projects, of) for of in ("company", "person")}
    told = {
        of: [
            {of: str(name) or None, **{str(column): number_or_null(value) for column, value in row.items()}}
            for name, row in table.to_dict("index").items()
        ]
        for of, table in who.items()
    }
    return {
        "on": on.isoformat(),
        "projects": projects,
        "companies": told["company"],
        "persons": told["person"],
    }


def _item_json(row: Mapping[Any, Any]) -> dict[str, Any]:
    numbers = {name: number_or_null(row[name]) for name in (*SUMS, "share_low", "share_high")}
    head = {"item": row["item"], "unit": row["unit"], "rows": row["rows"], "finished": row["finished"]}
    return {**head, **numbers}


def _say(view: ProgrammeView, project: Project, on: dt.date, words: Words) -> None:
    layer = project.neighbourhoods
    names = {} if layer is None else layer.frame["name"].to_dict()
    for key, row in view.projects.to_dict("index").items():
        number = int(str(key))
        params = {
            "name": row["name"] or key,
            "stage": stage_text(row["progress"], words),
            "person": row["person"] or words["outputs.not-given"],
            "reported": reported_text(row["reported_on"], view, on, words),
        }
        print(sentence(words, "commands.progress-line", params))
        for item in view.progress[view.progress["area"] == number].to_dict("records"):
            print(f"  {done_text(item, view, words)}")
        if view.acceptance.at[number, "surveyed"] or view.acceptance.at[number, "professional"]:
            print(f"  {residents_text(view, number, words)}")
            for why in against(view, number, names, words):
                print(f"    ! {why}")


def _day(text: str | None) -> dt.date:
    if text is None:
        return dt.date.today()
    told = interval(read_date(text))
    if told is None:
        raise RenomapError("commands.no-date", option="--on", text=text)
    return told.last
