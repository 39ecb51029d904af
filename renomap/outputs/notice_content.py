"""What the two notices of a project say (方案公示, 施工公示牌), and what they still lack."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from renomap.errors import RenomapError
from renomap.model.plan import Plan
from renomap.model.programme_columns import WorkStatus
from renomap.model.programme_view import ProgrammeView
from renomap.model.words import sentence
from renomap.outputs.findings import neighbourhood_name
from renomap.outputs.numbers import Figures, at_least, missing
from renomap.outputs.plain_text import one_line
from renomap.outputs.programme_texts import cost_text, item_name
from renomap.outputs.work_texts import quantity_text

#: The plan on display, and the board at the site.
PLAN, BOARD = "plan", "board"
NOTICES: Final = (PLAN, BOARD)
#: Gates that a notice is given for: the plan on display, the works.
DISPLAY, BUILD = "notice", "build"
_PARTIES: Final = ("company", "coordinator", "operator", "designer")
Row = Mapping[Any, Any]


@dataclass(frozen=True)
class Notices:
    """``sheets`` as the template takes them; ``lacking`` a phrase for each sheet that could not be made."""

    sheets: tuple[dict[str, Any], ...]
    lacking: tuple[str, ...]


def notices(plan: Plan, words: Mapping[str, str], key: int | None = None) -> Notices:
    """Both notices of every project, or of the one of that key.

    Parameters
    ----------
    key : int, optional
        Of ``ProgrammeView.projects``: the id of an area, or minus the fid of a neighbourhood.

    Raises
    ------
    RenomapError
        ``outputs.notices-none`` where there is no such project; ``outputs.notices-incomplete``, which lists
        what is empty, where no sheet could be made.
    """
    view = plan.programme
    keys = [] if view is None else [int(k) for k in view.projects.index[view.projects["project"] > 0]]
    keys = [one for one in keys if key in (None, one)]
    if view is None or not keys:
        raise RenomapError("outputs.notices-none")
    sheets, lacking = [], []
    for one in keys:
        for kind in NOTICES:
            made, empty = _notice(plan, view, one, kind, Figures(words))
            if not empty:
                sheets.append(made)
                continue
            told = {"project": made["name"], "sheet": words[f"outputs.notice.{kind}"]}
            told["what"] = words["outputs.join"].join(empty)
            lacking.append(sentence(words, "outputs.notice.lacking", told))
    if not sheets:
        raise RenomapError("outputs.notices-incomplete", lacking=words["outputs.semicolon"].join(lacking))
    return Notices(tuple(sheets), tuple(lacking))


def _notice(
    plan: Plan, view: ProgrammeView, key: int, kind: str, figures: Figures
) -> tuple[dict[str, Any], list[str]]:
    """One sheet, and the names of what it must have and does not."""
    words = figures.words
    (shown,) = view.projects.loc[[key]].to_dict("records")
    number = int(shown["project"])
    (row,) = plan.project.programme.projects.loc[[number]].to_dict("records")
    works = _works_of(plan, view, key)
    events = _events_of(plan, number)
    name = one_line(str(shown["name"]))
    content = content_lines(view, works, figures)
    parties = _parties(row, works, words)
    phone = _text(row["supervision_phone"])
    facts = [
        (words["outputs.notice.code"], _text(row["code"])),
        (words["outputs.notice.members"], _members(plan, view, key, figures)),
    ]
    due: list[tuple[str, str]]
    if kind == PLAN:
        period, place = _period(events, words)
        cost = cost_text(shown, figures)
        due = [
            (words["outputs.notice.period"], period),
            (words["outputs.notice.feedback"], _text(row["feedback"])),
            (words["outputs.notice.telephone"], phone),
        ]
        facts += [(words["outputs.notice.cost"], cost), *due, (words["outputs.notice.place"], place)]
    else:
        start, end = _dates(works, events)
        due = [
            (words["outputs.notice.start"], start),
            (words["outputs.notice.end"], end),
            (words["outputs.notice.telephone"], phone),
        ]
        facts += due
    empty = [words["outputs.notice.content"]] if not content else []
    empty += [words["outputs.notice.parties"]] if not parties else []
    empty += [label for label, text in due if not text]
    told = {
        "kind": kind,
        "key": key,
        "name": name,
        "title": sentence(
            words, "outputs.notice.title", {"name": name, "sheet": words[f"outputs.notice.{kind}"]}
        ),
        "content": content,
        "parties": [[label, text] for label, text in parties],
        "facts": [[label, one_line(text)] for label, text in facts if text],
    }
    return told, empty


def content_lines(view: ProgrammeView, works: pd.DataFrame, figures: Figures) -> list[str]:
    """Works summed by item, in the order of the catalogue: ``老化管线改造 1.27 km``."""
    words, order = figures.words, {key: nth for nth, key in enumerate(view.rules.order)}
    lines = []
    for key, rows in sorted(works.groupby("item"), key=lambda one: order.get(str(one[0]), len(order))):
        item = view.rules.item(str(key))
        low = rows["quantity"].fillna(rows["quantity_low"])
        unit = item.unit if item is not None else next(iter(rows["unit"].dropna()), "")
        told: dict[str, Any] = {"item": item_name(key, view.rules, words), "open": int(low.isna().sum())}
        if low.isna().all():
            lines.append(sentence(words, "outputs.notice.content-open", told))
            continue
        high = rows["quantity"].fillna(rows["quantity_high"]).where(low.notna())
        open_end = bool((low.notna() & high.isna()).any())
        told["quantity"] = quantity_text(low.sum(), None if open_end else high.sum(), unit, words)
        code = "outputs.notice.content-partly" if told["open"] else "outputs.notice.content-line"
        lines.append(one_line(sentence(words, code, told)))
    return lines


def _works_of(plan: Plan, view: ProgrammeView, key: int) -> pd.DataFrame:
    fids = view.neighbourhoods.index[view.neighbourhoods["key"] == key]
    works = plan.project.programme.works
    return works[works["fid"].isin(fids) & (works["status"] != WorkStatus.DROPPED) & works["item"].notna()]


def _events_of(plan: Plan, project: int) -> pd.DataFrame:
    events = plan.project.programme.events
    return events[events["project"] == project]


def _parties(row: Row, works: pd.DataFrame, words: Mapping[str, str]) -> list[tuple[str, str]]:
    told = [(words[f"outputs.notice.{name}"], _text(row[name])) for name in _PARTIES]
    builders = list(dict.fromkeys(one_line(text) for text in works["parties"].dropna()))
    told.append((words["outputs.notice.builders"], words["outputs.join"].join(builders)))
    return [(label, text) for label, text in told if text]


def _members(plan: Plan, view: ProgrammeView, key: int, figures: Figures) -> str:
    words = figures.words
    (row,) = view.projects.loc[[key]].to_dict("records")
    fids = view.neighbourhoods.index[view.neighbourhoods["key"] == key]
    names = [neighbourhood_name(fid, plan.neighbourhoods.loc[fid, "name"], words) for fid in fids]
    homes = at_least(row["households"], row["households_known"], row["neighbourhoods"])
    params = {
        "count": len(names),
        "households": figures.number(homes),
        "names": words["outputs.join"].join(names),
    }
    return sentence(words, "outputs.notice.members-line", params)


def _period(events: pd.DataFrame, words: Mapping[str, str]) -> tuple[str, str]:
    """From when to when the plan is on display in its last round, and by whom; '' where not entered."""
    rows = events[events["gate"] == DISPLAY].sort_values("round", kind="stable")
    if not len(rows):
        return "", ""
    row = rows.iloc[-1]
    if missing(row["start"]) or missing(row["end"]):
        return "", _text(row["body"])
    told = {"start": row["start"], "end": row["end"]}
    return sentence(words, "outputs.notice.period-line", told), _text(row["body"])


def _dates(works: pd.DataFrame, events: pd.DataFrame) -> tuple[str, str]:
    """Begin and end of the works: as entered for the gate, else of all works where every one has its date."""
    rows = events[events["gate"] == BUILD]
    entered = {} if not len(rows) else rows.iloc[-1].to_dict()
    start, end = _text(entered.get("start")), _text(entered.get("end")) or _text(entered.get("due"))
    if not start and len(works) and works["start"].notna().all():
        start = str(works["start"].min())
    if not end and len(works) and works["end"].notna().all():
        end = str(works["end"].max())
    return start, end


def _text(value: Any) -> str:
    return "" if missing(value) else one_line(str(value))
