"""``programme``, ``record`` and ``plan``: may we start, what is done, what does it cost, who pays."""

from __future__ import annotations

import argparse
import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from renomap.commands.places import require_file, same_file
from renomap.commands.screen import Bar, say_json
from renomap.commands.writing import writing
from renomap.errors import RenomapError
from renomap.model.programme_columns import Stage
from renomap.model.programme_view import ProgrammeFinding, ProgrammeView
from renomap.model.project import Project
from renomap.model.words import sentence
from renomap.programme import files
from renomap.programme.acceptance import share
from renomap.sources.dates import read_date
from renomap.steps.judge import judge_by
from renomap.steps.record import NO_YEAR, RecordSubject, move, propose, record, roll, view_of
from renomap.store import projectfile
from renomap.store.user import user_name
from renomap.wording.names import titled
from renomap.wording.programme import finding_line, finding_text

Words = Mapping[str, str]
#: How a list is named on the command line.
LISTS: Mapping[str, Stage] = {
    "survey": Stage.SURVEY, "pool": Stage.POOL, "annual": Stage.ANNUAL, "long": Stage.ANNUAL,
    "building": Stage.BUILDING, "built": Stage.BUILT, "done": Stage.HANDED_OVER,
    "handed_over": Stage.HANDED_OVER, "exited": Stage.EXITED,
}  # fmt: skip


def run_programme(arguments: argparse.Namespace, words: Words, bar: Bar) -> int:
    """``renomap programme``: exit 1 with ``--check`` where the programme has errors."""
    if arguments.output is not None:
        require_file(arguments.output, (arguments.project,), endings=(".xlsx", ".csv"))
    changes = bool(arguments.programme or arguments.set or arguments.propose)
    with writing(arguments.project, update=True) as held:
        before = project = projectfile.open_project(arguments.project)
        if arguments.programme:
            kept = files.for_project(arguments.programme)
            project = replace(project, programme=replace(project.programme, rules=kept))
        if arguments.set:
            project = judge_by(project, None, arguments.set, by=user_name() or "-")
        if arguments.propose:
            project, _ = propose(project, {})
        view = view_of(project)
        if changes and project is not before:
            projectfile.save(project, arguments.project, expected=held)
    if arguments.output is not None:
        from renomap.outputs.tables import write_programme_csv, write_programme_xlsx
        from renomap.steps.plan import make_plan

        write = write_programme_csv if arguments.output.suffix.lower() == ".csv" else write_programme_xlsx
        write(make_plan(project), arguments.output, words)
    bar.done()
    if arguments.json:
        say_json(programme_json(view, project, words))
    elif view is None:
        print(sentence(words, "commands.programme-empty"))
    else:
        _say(view, project, words)
    errors = [] if view is None else [one for one in view.findings if one.severity == "error"]
    return 1 if arguments.check and errors else 0


def run_record(arguments: argparse.Namespace, words: Words, bar: Bar) -> int:
    """``renomap record``: a step taken for a gate or a procedure."""
    gate, _, nth = arguments.gate.partition(".")
    row: dict[str, Any] = {"gate": gate, "round": _round(nth) if nth else 1}
    for name in ("start", "end"):
        text = getattr(arguments, name)
        if text is not None:
            row[name] = read_date(text)
            if row[name] is None:
                raise RenomapError("commands.no-date", option=f"--{name}", text=text)
    for name in ("result", "body", "evidence", "document", "override"):
        if getattr(arguments, name) is not None:
            row[name] = getattr(arguments, name)
    with changing(arguments) as (project, save):
        after = record(project, target_named(arguments.of), row, by=user_name() or "-")
        save(after)
    return _told(after, arguments, words, bar, "commands.recorded", {"gate": arguments.gate})


def run_plan(arguments: argparse.Namespace, words: Words, bar: Bar) -> int:
    """``renomap plan``: move to another list, or roll a year on."""
    by = arguments.by or user_name() or "-"
    with changing(arguments) as (project, save):
        count = len(project.programme.history)
        for text in arguments.move:
            named, equals, to = text.rpartition("=")
            stage, _, year = to.partition(":")
            if not equals or stage not in LISTS:
                raise RenomapError("commands.plan-move", text=text, known=", ".join(LISTS))
            number = _year(year) if year else NO_YEAR
            project = move(project, target_named(named), LISTS[stage], number, reason=arguments.reason, by=by)
        if arguments.roll is not None:
            project, _ = roll(project, arguments.roll, by=by)
        save(project)
    moved = len(project.programme.history) - count
    return _told(project, arguments, words, bar, "commands.moved", {"count": moved})


def programme_json(view: ProgrammeView | None, project: Project, words: Words) -> dict[str, Any]:
    """What the three commands print with ``--json``; amounts in yuan, null unknown."""
    if view is None:
        return {"rules": None, "projects": [], "lists": {}, "totals": {}, "problems": [], "history": 0}
    table = view.projects
    projects = [_project_json(int(str(key)), view, words) for key in table.index]
    lists = {str(name): _plain(row.to_dict()) for name, row in view.lists.iterrows()}
    sums = ("cost_low", "cost_high", "gap_low", "gap_high", "financed_low", "financed_high")
    return {
        "rules": view.rules.key,
        "projects": projects,
        "lists": lists,
        "coverage": {str(name): _plain(row) for name, row in view.coverage.to_dict("index").items()},
        "neighbourhoods": _neighbourhoods_json(view),
        "totals": {name: number_or_null(table[name].sum(min_count=len(table))) for name in sums},
        "problems": [_finding_json(one, words) for one in view.findings],
        "history": len(project.programme.history),
    }


def _project_json(key: int, view: ProgrammeView, words: Words) -> dict[str, Any]:
    row: dict[Any, Any] = view.projects.loc[[key]].to_dict("records")[0]
    states = view.gates[view.gates["area"] == key].set_index("gate")["state"]
    money = view.money[view.money["key"] == key]
    names = (
        "name", "code", "mode", "company", "person", "phone", "neighbourhoods", "households",
        "households_known", "stands", "year", "consent", "gates_done", "gates", "cost_low", "cost_high",
        "cost_known", "cost_items", "cost_level", "cost_per_household", "gap_low", "gap_high",
        "financed_low", "financed_high", "arranged_gap_low", "arranged_gap_high", "left", "remarks",
        "income", "income_known", "yield_low", "yield_high",
        "demolished_low", "demolished_high", "demolished", "rebuilt_low", "rebuilt_high", "rebuilt",
    )  # fmt: skip
    told = {name: _value(row[name]) for name in names}
    return {
        "id": int(row["project"]),
        "kind": "area" if key > 0 else "neighbourhood",
        "area": max(key, 0),
        "fid": max(-key, 0),
        **told,
        "acceptance": acceptance_json(view, key),
        "gate_states": {str(gate): str(state) for gate, state in states.items()},
        "approved": not row["held"],
        "used": {_pot(one): number_or_null(one["used"]) for one in money.to_dict("records")},
        "unused": {_pot(one): number_or_null(one["left"]) for one in money.to_dict("records")},
        "works": {
            str(line["item"]): {"low": number_or_null(line["low"]), "high": number_or_null(line["high"])}
            for line in view.costs[view.costs["area"] == key].to_dict("records")
        },
        "problems": [_finding_json(one, words) for one in view.findings if one.key == key],
    }


def acceptance_json(view: ProgrammeView, key: int) -> dict[str, Any]:
    """All that the acceptance of a project is judged by; works and needs as pairs of a fid and an item."""
    row: dict[Any, Any] = view.acceptance.loc[[key]].to_dict("records")[0]
    shares = {"return_rate": share(row, "answers"), "satisfied_rate": share(row)}
    told = {**_plain(row), **{name: number_or_null(value) for name, value in shares.items()}}
    return {name: [*map(_value, value)] if isinstance(value, list) else value for name, value in told.items()}


def _neighbourhoods_json(view: ProgrammeView) -> list[dict[str, Any]]:
    rows = view.neighbourhoods[view.neighbourhoods["key"] != 0]
    return [{"fid": int(str(fid)), **_plain(row.to_dict())} for fid, row in rows.iterrows()]


def _pot(row: Mapping[Any, Any]) -> str:
    return f"{row['source']}:{row['scope']}" if row["scope"] else str(row["source"])


def _finding_json(one: ProgrammeFinding, words: Words) -> dict[str, Any]:
    return {
        "kind": one.kind, "severity": one.severity, "key": one.key, "fids": list(one.fids),
        "works": list(one.works), "text": finding_text(one, words),
    }  # fmt: skip


def _say(view: ProgrammeView, project: Project, words: Words) -> None:
    layer = project.neighbourhoods
    names = {} if layer is None else layer.frame["name"].to_dict()
    for key, row in view.projects.iterrows():
        held = [titled(gate, words) for gate in view.rules.gates if gate.key in row["held"]]
        params = {
            "name": row["name"] or key, "stands": f"programme.stands.{row['stands']}",
            "done": row["gates_done"], "gates": row["gates"], "held": held or "—",
            "cost": _range(row["cost_low"], row["cost_high"], words),
            "gap": _range(row["gap_low"], row["gap_high"], words),
            "financed": _range(row["financed_low"], row["financed_high"], words),
        }  # fmt: skip
        print(sentence(words, "commands.programme-line", params))
    for one in view.findings:
        print(f"  {'!' if one.severity == 'error' else '~'} {finding_line(one, view, names, words)}")


def _range(low: float, high: float, words: Words) -> str:
    """Yuan as 10,000 yuan: one number where it is known, a floor or a range where it is not."""
    if np.isnan(low):
        return words["commands.programme-unknown"]
    least = f"{low / 1e4:,.2f}"
    if np.isnan(high):
        return f"≥ {least}"
    return least if low == high else f"{least}–{high / 1e4:,.2f}"


class changing:
    """The project that a command changes, held while it does; the second value saves it."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        self.source, self.output = arguments.project, arguments.output or arguments.project
        require_file(self.output, endings=(projectfile.ENDING,))
        self.held = writing(self.output, update=same_file(self.source, self.output))

    def __enter__(self) -> tuple[Project, Any]:
        expected = self.held.__enter__()
        try:
            project = projectfile.open_project(self.source)
        except BaseException as error:
            self.held.__exit__(type(error), error, error.__traceback__)
            raise
        return project, lambda after: projectfile.save(after, self.output, expected=expected)

    def __exit__(self, *fault: Any) -> None:
        self.held.__exit__(*fault)


def _told(
    project: Project, arguments: argparse.Namespace, words: Words, bar: Bar, code: str, params: dict[str, Any]
) -> int:
    bar.done()
    if arguments.json:
        say_json(programme_json(view_of(project), project, words))
    else:
        print(sentence(words, code, {**params, "path": str(arguments.output or arguments.project)}))
    return 0


def target_named(text: str) -> RecordSubject:
    """``AREA:12`` or ``N:345`` (else ``commands.no-target``)."""
    kind, _, number = text.partition(":")
    if kind not in ("AREA", "N") or not number.isdecimal() or int(number) == 0:
        raise RenomapError("commands.no-target", text=text)
    return RecordSubject(area=int(number)) if kind == "AREA" else RecordSubject(fid=int(number))


def _round(text: str) -> int:
    if not text.isdecimal():
        raise RenomapError("commands.no-round", text=text)
    return int(text)


def _year(text: str) -> float:
    if not text.isdecimal() or not 1990 <= int(text) <= 2100:
        raise RenomapError("commands.no-year", text=text)
    return float(text)


def _plain(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(name): _value(value) for name, value in row.items()}


def _value(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return list(value)
    if isinstance(value, float):
        return number_or_null(value)
    return value.item() if isinstance(value, np.generic) else value


def number_or_null(value: float) -> float | int | None:
    """A number as JSON takes it: whole where it is, null where it is unknown or has no end."""
    number = float(value)
    if not math.isfinite(number):
        return None
    return int(number) if number.is_integer() else number
