"""What `renomap compare` takes and tells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pandas as pd

from renomap.errors import RenomapError
from renomap.model.comparison import SAME, Comparison
from renomap.model.feedback import Feedback
from renomap.model.plan import Plan
from renomap.model.project import Project
from renomap.model.words import sentence
from renomap.outputs.comparison_programme import programme_table
from renomap.outputs.comparison_tables import summary
from renomap.outputs.findings import neighbourhood_name
from renomap.outputs.numbers import missing
from renomap.session.versions import as_kept, version_title
from renomap.steps.plan import make_plan
from renomap.store import projectfile

_MOST_TOLD = 20
#: What columns of ``Comparison.programme`` are called in ``--json``.
_TOLD: Final = {"key": "id", "before": "a", "after": "b"}


def with_active(project: Project, wanted: str) -> Project:
    """The project with the scheme of that title or key as the active one."""
    found = [item for item in project.schemes if wanted in (item.key, item.title)]
    if not found:
        known = ", ".join(item.title for item in project.schemes) or "-"
        raise RenomapError("commands.no-such-scheme", scheme=wanted, known=known)
    return replace(project, active=found[0].key)


def plan_of(path: Path, named: str, feedback: Feedback, words: Mapping[str, str]) -> Plan:
    """The plan of one side: a scheme or a version of the project, or the active scheme of another file.

    A version is named by its key or by what it was called; of two that are called alike it is the newer.
    """
    if named.lower().endswith(projectfile.ENDING) and Path(named).exists():
        return make_plan(projectfile.open_project(Path(named)), feedback)
    project = projectfile.open_project(path)
    schemes = {name for scheme in project.schemes for name in (scheme.key, scheme.title)}
    kept = [each for each in project.versions if named in (each.key, each.note)]
    if named in schemes or not kept:
        return make_plan(with_active(project, named), feedback)
    return make_plan(as_kept(project, kept[-1].key, version_title(kept[-1], words)), feedback)


def comparison_json(found: Comparison) -> dict[str, Any]:
    """The object of ``--json``: ``moved``, ``areas``, ``totals``, ``settings``, ``programme`` and ``alone``.

    Null is unknown or none.
    """
    totals: dict[str, Any] = {}
    for row in found.totals.to_dict("records"):
        at = totals.setdefault(row["subject"], {})
        pair = {"a": _plain(row["before"]), "b": _plain(row["after"])}
        at.update({row["figure"]: pair} if row["figure"] else pair)
    moved = found.moved.rename(columns={"before": "from", "after": "to"})
    settings = found.settings.to_dict("records")
    return {
        "a": found.one,
        "b": found.two,
        "moved": _records(moved[["fid", "name", "households", "from", "to"]]),
        "areas": _records(found.areas),
        "totals": totals,
        "settings": {row["key"]: {"a": row["before"], "b": row["after"]} for row in settings},
        "programme": [
            {_TOLD.get(str(name), str(name)): value for name, value in row.items()}
            for row in found.programme.to_dict("records")
        ],
        "alone": _records(found.alone),
    }


def say_comparison(found: Comparison, words: Mapping[str, str], after: Plan) -> None:
    """The same for a reader: how much moved, which areas changed, the first of the neighbourhoods."""
    print(sentence(words, "compare.told", summary(found)))
    for area in found.areas[found.areas["state"] != SAME].to_dict("records"):
        names = {"before": area["before_name"] or "-", "after": area["after_name"] or "-"}
        print("  " + sentence(words, f"compare.area.{area['state']}", names))
    nowhere = words["compare.nowhere"]
    for row in found.moved.head(_MOST_TOLD).to_dict("records"):
        ends = {"before": row["before_name"] or nowhere, "after": row["after_name"] or nowhere}
        name = neighbourhood_name(row["fid"], row["name"], words)
        print("  " + sentence(words, "compare.moved", ends | {"name": name}))
    if len(found.moved) > _MOST_TOLD:
        print("  " + sentence(words, "compare.more", {"count": len(found.moved) - _MOST_TOLD}))
    rows = programme_table(found, words, after).rows
    for _, name, fact, one, two in rows[:_MOST_TOLD]:
        told = {"name": name, "fact": fact, "before": one, "after": two}
        print("  " + sentence(words, "compare.fact-line", told))
    if len(rows) > _MOST_TOLD:
        print("  " + sentence(words, "compare.more", {"count": len(rows) - _MOST_TOLD}))


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(key): _plain(value) for key, value in row.items()} for row in table.to_dict("records")]


def _plain(value: Any) -> Any:
    if value is None or (not isinstance(value, str) and pd.isna(value)) or missing(value):
        return None
    if isinstance(value, str):
        return value
    return int(value) if float(value).is_integer() else float(value)
