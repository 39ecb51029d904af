"""What the dock of the programme says beside its tables: gates, works and money of one project."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from html import escape
from typing import Any, Final

import numpy as np

from renomap.desktop.look import FAINT, SELECTION, WARNING
from renomap.model.programme_columns import Stage
from renomap.model.programme_rules import Payer
from renomap.model.programme_view import ProgrammeView
from renomap.outputs.acceptance_texts import against, residents_text
from renomap.outputs.programme_texts import item_name
from renomap.outputs.progress_texts import range_text, reported_text, stage_text
from renomap.session.session import Session
from renomap.session.speech import Speech
from renomap.wording.names import titled
from renomap.wording.programme import finding_text

_SIGNS: Final = {
    "done": ("●", "#2f7d4f"), "waived": ("●", WARNING), "open": ("○", SELECTION),
    "unknown": ("◐", WARNING), "stale": ("◐", WARNING), "not_asked": ("–", FAINT),
}  # fmt: skip
_PER: Final = 1e4


def page_text(page: str, session: Session, key: int) -> str:
    """The text of a page in HTML; a hint where nothing, or nothing that has numbers, is chosen."""
    plan, say = session.planner.plan, session.speech
    view = None if plan is None else plan.programme
    if view is None:
        return f"<p style='color:{FAINT}'>{escape(say('window.programme.no-numbers'))}</p>"
    if key not in view.projects.index:
        return f"<p style='color:{FAINT}'>{escape(say('window.programme.choose'))}</p>"
    names = dict(plan.neighbourhoods["name"].dropna()) if page == "acceptance" and plan is not None else {}
    writers: dict[str, Callable[[ProgrammeView, int, Speech], str]] = {
        "gates": _gates, "works": _works, "money": _money, "acceptance": partial(_acceptance, names=names),
    }  # fmt: skip
    return writers[page](view, key, say) + _findings(view, key, say)


@dataclass(frozen=True)
class Progress:
    """How far the preparation of a project is: a sign and its colour, gates passed, and what that means."""

    sign: str
    colour: str
    done: int
    gates: int
    told: str


def progress_of(view: ProgrammeView, say: Speech) -> dict[int, Progress]:
    """By key of ``ProgrammeView.projects``: full where nothing holds up the start on site, half where it only
    has to be looked at again, empty where gates are open, a dash where the project is on no list yet.
    """
    names = {gate.key: titled(gate, say.words) for gate in view.rules.gates}
    doubtful = view.gates[view.gates["state"].isin(["unknown", "stale"])]
    doubts = {int(str(key)): frozenset(rows) for key, rows in doubtful.groupby("area")["gate"]}
    found = {}
    columns = ("held", "stands", "year", "gates_done", "gates")
    for key, held, stands, year, done, gates in zip(
        view.projects.index, *(view.projects[name] for name in columns), strict=True
    ):
        state = "open" if held else "done"
        if stands == Stage.SURVEY:
            state = "not_asked"
        elif held and doubts.get(int(key), frozenset()).issuperset(held):
            state = "unknown"
        told = say(f"programme.stands.{stands}") + ("" if np.isnan(year) else f" {year:.0f}")
        if held:
            lacks = say("list.between").join(names[gate] for gate in held)
            told += "\n" + say("window.programme.held", gates=lacks)
        found[int(key)] = Progress(*_SIGNS[state], int(done), int(gates), told)
    return found


def yuan(low: float, high: float, say: Speech) -> str:
    """Yuan as 10,000 yuan: a number, a floor where the rest is unknown, or a range."""
    if np.isnan(low):
        return say("window.programme.unknown")
    least = f"{low / _PER:,.2f}"
    if np.isnan(high):
        return f"≥ {least}"
    return least if low == high else f"{least}–{high / _PER:,.2f}"


def _gates(view: ProgrammeView, key: int, say: Speech) -> str:
    row: dict[Any, Any] = view.projects.loc[[key]].to_dict("records")[0]
    stands = say(f"programme.stands.{row['stands']}")
    year = "" if np.isnan(row["year"]) else f" {row['year']:.0f}"
    lines = [
        _line(say("window.programme.stage"), stands + year),
        _line(say("window.programme.passed"), f"{row['gates_done']}/{row['gates']}"),
    ]
    states = view.gates[view.gates["area"] == key].set_index("gate")
    for gate in view.rules.gates:
        state = states.loc[gate.key]
        sign, colour = _SIGNS[str(state["state"])]
        name = titled(gate, say.words)
        told = say(f"window.programme.state.{state['state']}")
        count = f" {state['done']}/{state['of']}" if state["of"] > 1 else ""
        lines.append(
            f"<tr><td><span style='color:{colour}'>{sign}</span> {escape(name)}</td>"
            f"<td align='right'>{escape(told)}{count}</td></tr>"
        )
    return _table(lines)


def _works(view: ProgrammeView, key: int, say: Speech) -> str:
    row: dict[Any, Any] = view.projects.loc[[key]].to_dict("records")[0]
    lines = [
        _line(say("window.programme.cost"), yuan(row["cost_low"], row["cost_high"], say)),
        _line(say("window.programme.known"), f"{row['cost_known']:.0f}/{row['cost_items']:.0f}")
        if row["cost_items"] > 0
        else "",
    ]
    if not np.isnan(row["cost_per_household"]):
        lines.append(_line(say("window.programme.per-household"), f"{row['cost_per_household']:,.0f}"))
    for line in view.costs[view.costs["area"] == key].to_dict("records"):
        item = view.rules.item(str(line["item"])) or view.rules.addon(str(line["item"]))
        name = str(line["item"]) if item is None else titled(item, say.words)
        low = line["low"] if line["low"] or not np.isnan(line["high"]) else float("nan")
        lines.append(_line(name or say("window.programme.rest"), yuan(low, line["high"], say)))
    return _table(lines)


def _money(view: ProgrammeView, key: int, say: Speech) -> str:
    row: dict[Any, Any] = view.projects.loc[[key]].to_dict("records")[0]
    lines = [_line(say("window.programme.cost"), yuan(row["cost_low"], row["cost_high"], say))]
    for payer in Payer:
        if row[payer.value] > 0:
            told = yuan(row[payer.value], row[payer.value], say)
            lines.append(_line(say(f"window.programme.payer.{payer}"), told))
    for name in ("gap", "financed", "arranged_gap"):
        told = yuan(row[f"{name}_low"], row[f"{name}_high"], say)
        lines.append(_line(say(f"window.programme.{name}"), f"<b>{told}</b>"))
    if row["left"] > 0:
        lines.append(_line(say("window.programme.left"), yuan(row["left"], row["left"], say)))
    return _table(lines)


def _acceptance(view: ProgrammeView, key: int, say: Speech, names: Mapping[int, str]) -> str:
    """Stage, last report and every item, then both parts of acceptance and what stands against it."""
    row: dict[Any, Any] = view.projects.loc[[key]].to_dict("records")[0]
    words = say.words
    reported = reported_text(row["reported_on"], view, dt.date.today(), words)
    lines = [
        _line(say("window.programme.progress"), f"<b>{escape(stage_text(row['progress'], words))}</b>"),
        _line(say("programme.projects.person"), escape(row["person"] or words["outputs.not-given"])),
        _line(say("programme.projects.reported_on"), escape(reported)),
    ]
    for item in view.progress[view.progress["area"] == key].to_dict("records"):
        done, planned = (range_text(item[f"{n}_low"], item[f"{n}_high"], words) for n in ("done", "planned"))
        name = item_name(item["item"], view.rules, words)
        lines.append(_line(name, escape(f"{done} / {planned} {item['unit']}")))
    told = [f"<p>{escape(residents_text(view, key, words))}</p>"]
    if view.acceptance.at[key, "surveyed"] or view.acceptance.at[key, "professional"]:
        told += [
            f"<p style='color:{SELECTION}'>{escape(one)}</p>" for one in against(view, key, names, words)
        ]
    return _table(lines) + "".join(told)


def _findings(view: ProgrammeView, key: int, say: Speech) -> str:
    colours = {"error": SELECTION, "warning": WARNING}
    told = []
    for one in view.findings:
        if one.key == key:
            text = escape(finding_text(one, say.words))
            told.append(f"<p style='color:{colours.get(one.severity, FAINT)}'>{text}</p>")
    return "".join(told)


def _line(name: str, value: str) -> str:
    return f"<tr><td>{escape(name[:1].upper() + name[1:])}</td><td align='right'>{value}</td></tr>"


def _table(lines: list[str]) -> str:
    return f"<table width='100%' cellspacing='0' cellpadding='2'>{''.join(lines)}</table>"
