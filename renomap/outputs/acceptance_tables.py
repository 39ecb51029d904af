"""Sheets and pages of progress (实施进度) and acceptance (验收移交) of projects."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from renomap.model.plan import Plan
from renomap.model.programme_view import ProgrammeView
from renomap.outputs.acceptance_texts import against, professional_text
from renomap.outputs.numbers import AtLeast, Kind
from renomap.outputs.programme_tables import names_of
from renomap.outputs.programme_texts import column, item_name
from renomap.outputs.progress_texts import share_text, stage_text
from renomap.outputs.table import Table
from renomap.programme.acceptance import share
from renomap.programme.progress import ACCEPTED, BUILT

_Words = Mapping[str, str]


def progress(view: ProgrammeView, words: _Words) -> Table:
    """Sheet 6e, 实施进度: a row for each project and item, what is done of what is planned.

    Of a range the least is shown, as 'at least'; the share of an item says the whole range.
    """
    columns = (
        column(words, "key", Kind.YEAR, 7),
        column(words, "name", None, 24),
        column(words, "progress", None, 10),
        column(words, "person", None, 10),
        column(words, "reported-on", None, 12),
        column(words, "item", None, 18),
        column(words, "unit", None, 8),
        column(words, "planned-quantity", Kind.QUANTITY, 12),
        column(words, "done-quantity", Kind.QUANTITY, 12),
        column(words, "done-share", None, 12),
        column(words, "finished-rows", None, 10),
    )
    projects = view.projects.to_dict("index")
    rows = []
    for item in view.progress.to_dict("records"):
        key = int(item["area"])
        row = projects[key]
        rows.append(
            (
                max(key, 0) or "",
                row["name"],
                stage_text(row["progress"], words),
                row["person"] or "",
                row["reported_on"] or "",
                item_name(item["item"], view.rules, words),
                item["unit"],
                _least(item["planned_low"], item["planned_high"]),
                _least(item["done_low"], item["done_high"]),
                share_text(item, words),
                f"{item['finished']}/{item['rows']}",
            )
        )
    return Table(words["outputs.sheet.programme-progress"], columns, tuple(rows))


def acceptance(plan: Plan, view: ProgrammeView, words: _Words) -> Table:
    """Sheet 9, 满意度与验收: projects built or being accepted, and what stands against it."""
    columns = (
        column(words, "key", Kind.YEAR, 7),
        column(words, "name", None, 24),
        column(words, "progress", None, 10),
        column(words, "professional", None, 10),
        column(words, "surveyed", None, 12),
        *(column(words, name, Kind.COUNT, 10) for name in ("issued", "answers")),
        column(words, "return-rate", Kind.PERCENT, 10),
        column(words, "satisfied", Kind.COUNT, 10),
        column(words, "satisfied-rate", Kind.PERCENT, 10),
        column(words, "residents-verdict", None, 12),
        column(words, "remedied", Kind.COUNT, 12),
        column(words, "against", None, 60, wrap=True),
    )
    known = names_of(plan)
    rows = tuple(
        _accepted(int(str(key)), row, view, known, words)
        for key, row in view.acceptance.to_dict("index").items()
        if row["surveyed"] or row["professional"] or view.projects.at[key, "progress"] in (BUILT, ACCEPTED)
    )
    return Table(words["outputs.sheet.programme-acceptance"], columns, rows)


def _accepted(
    key: int, row: Mapping[Any, Any], view: ProgrammeView, names: Mapping[int, str], words: _Words
) -> tuple[Any, ...]:
    project = view.projects.loc[[key]].to_dict("records")[0]
    return (
        max(key, 0) or "",
        project["name"],
        stage_text(project["progress"], words),
        professional_text(row["professional"], words),
        f"{row['surveyed']}/{row['members']}",
        row["issued"],
        row["answers"],
        _cut(share(row, "answers")),
        row["satisfied"],
        _cut(share(row)),
        words[f"programme.residents.{row['residents']}"],
        len(row["problems_remedied"]),
        " ".join(against(view, key, names, words)),
    )


def _cut(value: float) -> float:
    """A share cut after two places of its percentage: 89.999 % is not shown as 90 %."""
    return value if math.isnan(value) else math.floor(value * 10_000 + 1e-7) / 10_000


def _least(low: float, high: float) -> Any:
    return low if low == high or math.isnan(low) else AtLeast(low)
