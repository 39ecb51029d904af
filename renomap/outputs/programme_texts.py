"""How the figures of a programme read: money as a range, gates with their counts, where a project stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from renomap.model.plan import Plan
from renomap.model.programme_columns import Outcome
from renomap.model.programme_rules import Gate, Rules
from renomap.model.programme_view import ProgrammeView
from renomap.model.words import sentence
from renomap.outputs.numbers import YUAN_PER_WAN, AtLeast, Figures, Kind, missing
from renomap.outputs.table import Column
from renomap.programme import gates
from renomap.wording.names import titled

Row = Mapping[Any, Any]


def column(
    words: Mapping[str, str], name: str, kind: Kind | None = None, width: float = 12, **more: Any
) -> Column:
    """A column of a sheet of the programme under its usual heading."""
    return Column(name, words[f"outputs.programme.col.{name}"], kind, width, **more)


def item_name(key: Any, rules: Rules, words: Mapping[str, str]) -> str:
    """Name of a work or of a cost on top of works, '未分项' of what an estimate says beyond the items; else
    the key.
    """
    if key == "":
        return words["outputs.programme.not-itemised"]
    found = rules.item(str(key)) or rules.addon(str(key))
    return str(key) if found is None else titled(found, words)


def word(column: str, value: Any, words: Mapping[str, str]) -> str | None:
    """The word of a choice in a table of the programme; None where it is unknown."""
    return None if missing(value) else words.get(f"programme.word.{column}.{value}", str(value))


def wan(yuan: Any) -> Any:
    """Whole yuan as 万元, still a number; what is the least there can be stays so."""
    if missing(yuan):
        return None
    value = float(yuan) / YUAN_PER_WAN
    return AtLeast(value) if isinstance(yuan, AtLeast) else value


def least(low: Any, high: Any) -> Any:
    """Yuan: the least an amount can be; unknown where it only says that it is not below nothing.

    >>> least(0.0, None), least(5.0, 5.0)
    (None, 5.0)
    """
    if missing(low) or (missing(high) and low <= 0):
        return None
    return AtLeast(low) if missing(high) else low


def total_span(rows: pd.DataFrame, name: str, figures: Figures) -> str:
    """The sum of ``<name>_low`` and ``<name>_high`` of all projects as ``span`` writes it.

    Where the most of one is open, the sum is what all come to at least: known parts of it count, too.
    """
    high = rows[f"{name}_high"].sum(min_count=1) if rows[f"{name}_high"].notna().all() else None
    return span(rows[f"{name}_low"].sum(min_count=1), high, figures)


def span(low: Any, high: Any, figures: Figures) -> str:
    """万元: ``480.0``, ``0.0–480.0``, ``≥120.0`` where the most is open; a word where nothing is known."""
    low = least(low, high)
    if missing(low):
        return figures.words["outputs.no-data"]
    if missing(high):
        return figures.wan(low)
    below, above = figures.wan(low), figures.wan(high)
    return below if below == above else f"{below}–{above}"


def cost_text(row: Row, figures: Figures) -> str:
    """The cost of a project with its level, and of how many items where some are not known."""
    words = figures.words
    if missing(row["cost_low"]):
        return words["outputs.programme.no-cost"] if row["cost_items"] else words["outputs.no-data"]
    text = span(row["cost_low"], row["cost_high"], figures)
    level = word("level", row["cost_level"], words)
    if row["cost_known"] < row["cost_items"]:
        params = {"known": f"{row['cost_known']}/{row['cost_items']}"}
        text += sentence(words, "outputs.programme.items-known", params)
    return text if level is None else f"{text}{sentence(words, 'outputs.programme.level', {'level': level})}"


def stands_text(row: Row, words: Mapping[str, str]) -> str:
    """Where a project stands, with the year; a word where its members stand on several lists."""
    if missing(row["stands"]):
        return words["outputs.programme.mixed"]
    text = words.get(f"programme.word.stage.{row['stands']}", words["outputs.programme.long"])
    return text if missing(row["year"]) else f"{text} {int(row['year'])}"


def gate_text(gate: Gate, row: Row, figures: Figures) -> str:
    """State of a gate: its word, then members or rounds where not all, then the date of its last step."""
    words = figures.words
    text = words[f"programme.gate-state.{row['state']}"]
    if row["state"] not in gates.PASSED and (gate.scope == "neighbourhood" or gate.rounds > 1):
        text += f" {row['done']}/{row['of']}"
    return f"{text} {row['end']}" if row["state"] == gates.DONE and not missing(row["end"]) else text


def held_text(view: ProgrammeView, plan: Plan, key: int, words: Mapping[str, str], most: int = 3) -> str:
    """What holds up the start on site: the gates with the first members that fail; '' where nothing does."""
    held = dict(view.projects["held"])[key]
    rows = view.gates[(view.gates["area"] == key) & view.gates["gate"].isin(held)]
    told = []
    names = {gate.key: titled(gate, words) for gate in view.rules.gates}
    for row in rows.to_dict("records"):
        fids = row["failing"]
        who = [str(plan.neighbourhoods["name"].get(fid) or fid) for fid in fids[:most]]
        members = words["outputs.join"].join(who)
        if len(fids) == row["of"] > 1:
            members = sentence(words, "outputs.programme.all-members", {"count": len(fids)})
        elif len(fids) > most:
            members += sentence(words, "outputs.programme.and-more", {"count": len(fids)})
        if members:
            params = {"gate": names[row["gate"]], "members": members}
            told.append(sentence(words, "outputs.programme.held-by", params))
        else:
            told.append(names[row["gate"]])
    return words["outputs.semicolon"].join(told)


def next_procedure(plan: Plan, view: ProgrammeView, project: int, words: Mapping[str, str]) -> str:
    """The procedure (前期手续) of a project that is due first and not passed, with who does it and by when.

    '' where none is entered as open.
    """
    events = plan.project.programme.events
    names = {one.key: titled(one, words) for one in view.rules.procedures}
    own = events[(events["project"] == project) & (project > 0) & events["gate"].isin(list(names))]
    done = set(own.loc[own["result"] == Outcome.PASSED, "gate"])
    rows = own[~own["gate"].isin(done)].sort_values("due", kind="stable", na_position="last")
    if not len(rows):
        return ""
    row = rows.iloc[0]
    told = [] if missing(row["body"]) else [str(row["body"])]
    if not missing(row["due"]):
        told.append(sentence(words, "outputs.programme.due", {"date": row["due"]}))
    params = {"step": names[row["gate"]], "told": words["outputs.join"].join(told)}
    return sentence(words, "outputs.programme.next-told" if told else "outputs.programme.next", params)


def programme_facts(plan: Plan, area: int, figures: Figures) -> list[tuple[str, str]]:
    """Label and text of what the programme says of an area; nothing where there is no programme."""
    view, words = plan.programme, figures.words
    if view is None or area not in view.projects.index:
        return []
    row = view.projects.loc[[area]].to_dict("records")[0]
    who = [text for text in (row["company"], row["person"]) if not missing(text)]
    held = held_text(view, plan, area, words, most=2)
    gates_text = f"{row['gates_done']}/{row['gates']}"
    return [
        (words["outputs.programme.col.stands"], stands_text(row, words)),
        (words["outputs.programme.col.gates"], gates_text),
        (words["outputs.programme.fact.cost"], cost_text(row, figures)),
        (words["outputs.programme.fact.gap"], span(row["gap_low"], row["gap_high"], figures)),
        (words["outputs.programme.fact.financed"], span(row["financed_low"], row["financed_high"], figures)),
        (words["outputs.programme.fact.who"], words["outputs.join"].join(who) or words["outputs.not-given"]),
        (words["outputs.programme.col.held"], held or words["programme.approved"]),
    ]
