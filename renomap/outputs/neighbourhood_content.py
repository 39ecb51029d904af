"""What stands on the sheet of a neighbourhood (一小区一图), as plain values for the template."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
import pandas as pd

from renomap.deficits.rules import is_set
from renomap.deficits.whole import whole_amount
from renomap.model.plan import Plan
from renomap.model.programme_columns import Action, WorkStatus
from renomap.model.programme_view import ProgrammeView
from renomap.model.standard import Level, State
from renomap.model.words import sentence
from renomap.outputs import plan_tables
from renomap.outputs.community_tables import community_line
from renomap.outputs.consent_text import consent_shares
from renomap.outputs.findings import NOT_ASKED, facility_lines, line_deficit, neighbourhood_name, reason_text
from renomap.outputs.numbers import Figures, missing
from renomap.outputs.plain_text import one_line
from renomap.outputs.programme_money import PARTS, funded
from renomap.outputs.programme_tables import buildings_of
from renomap.outputs.programme_texts import cost_text, item_name, span, stands_text, word
from renomap.outputs.work_texts import quantity_text, without_mobiles
from renomap.programme.cost import LEVELS
from renomap.wording.deficits import state_text
from renomap.wording.names import facility_name, name_and_unit

#: Columns of table 2 that are the facts of the sheet.
FACTS: Final = (
    "street",
    "community",
    "years",
    "land",
    "buildings",
    "stairwells",
    "households",
    "population",
    "floors",
    "floor-area-m2",
    "elderly",
    "parking",
    "elevators",
    "property",
)
_WORK_COLUMNS: Final = (
    ("number", "right", 6),
    ("item", "left", 22),
    ("building", "left", 16),
    ("action", "left", 9),
    ("quantity", "right", 14),
    ("cost", "right", 14),
    ("status", "left", 9),
)
_DEFICIT_COLUMNS: Final = (
    ("facility", "left", 30),
    ("own-deficit", "right", 16),
    ("area-deficit", "right", 16),
    ("state", "left", 16),
)
Pair = list[str]
Row = Mapping[Any, Any]


@dataclass(frozen=True)
class SheetSource:
    """What the sheets of a plan are made from, looked up once for all of them.

    ``public``: without mobile numbers, persons and funding gaps.
    """

    plan: Plan
    figures: Figures
    public: bool

    @cached_property
    def facts(self) -> dict[int, list[Pair]]:
        """Names and values of the facts, by fid."""
        table = plan_tables.neighbourhoods(self.plan, self.figures.words).picked(FACTS)
        heads = [one_line(column.title) for column in table.columns]
        texts = table.texts(self.figures)
        fids = [int(str(fid)) for fid in self.plan.neighbourhoods.index]
        return {
            fid: [[head, one_line(text)] for head, text in zip(heads, row, strict=True)]
            for fid, row in zip(fids, texts, strict=True)
        }

    @cached_property
    def rows(self) -> dict[int, dict[str, Any]]:
        """Columns of the neighbourhoods, by fid."""
        frame = self.plan.neighbourhoods
        records = frame.drop(columns=frame.geometry.name).to_dict("records")
        return {int(str(fid)): row for fid, row in zip(frame.index, records, strict=True)}

    @cached_property
    def works(self) -> dict[int, pd.DataFrame]:
        """Rows of works that were not dropped, by fid; those of the whole neighbourhood first."""
        works = self.plan.project.programme.works
        works = works[(works["status"] != WorkStatus.DROPPED) & works["item"].notna()]
        return {
            int(str(fid)): rows.sort_values("building", kind="stable") for fid, rows in works.groupby("fid")
        }

    @cached_property
    def costs(self) -> dict[int, dict[str, Any]]:
        """Least and most of every work, by its id."""
        view = self.plan.programme
        rows = {} if view is None else view.works[["low", "high"]].to_dict("index")
        return {int(str(label)): {str(k): v for k, v in row.items()} for label, row in rows.items()}

    @cached_property
    def numbers(self) -> dict[int, int]:
        """By key of a project the id of its row, 0 = it has none."""
        view = self.plan.programme
        if view is None:
            return {}
        keys, ids = view.projects.index.tolist(), view.projects["project"].tolist()
        return {int(key): int(number) for key, number in zip(keys, ids, strict=True)}

    @cached_property
    def upkeep(self) -> dict[int, dict[str, Any]]:
        """Who looks after a neighbourhood, by fid."""
        return _last_by_fid(self.plan.project.programme.upkeep)

    @cached_property
    def units(self) -> dict[int, dict[str, Any]]:
        """Lists and persons, by fid."""
        return _last_by_fid(self.plan.project.programme.units)

    @cached_property
    def buildings(self) -> Mapping[int, str]:
        """Names of buildings."""
        return buildings_of(self.plan)

    @cached_property
    def stated(self) -> set[int]:
        """Keys of projects whose money somebody has entered."""
        return set() if self.plan.programme is None else set(funded(self.plan.programme))

    @property
    def words(self) -> Mapping[str, str]:
        """Catalogue of the sheets' language."""
        return self.figures.words

    def key(self, fid: int) -> int:
        """Of the project that a neighbourhood is in; 0 = none."""
        view = self.plan.programme
        return 0 if view is None else int(view.neighbourhoods["key"].get(fid, 0))


def sheet_of(source: SheetSource, fid: int) -> dict[str, Any]:
    """One sheet; every number is already a text, what is unknown is said to be."""
    words, row = source.words, source.rows[fid]
    name = one_line(neighbourhood_name(fid, row.get("name"), words))
    kind = words["outputs.sheets.public" if source.public else "outputs.sheets.internal"]
    return {
        "form": "neighbourhood",
        "fid": fid,
        "map": str(fid),
        "title": sentence(words, "outputs.sheets.title", {"name": name}),
        "note": kind,
        "facts": [*_place(source, fid, row), *source.facts[fid]],
        "deficits": _deficits(source, row),
        "told": _told(source, row),
        "works": _works(source, fid),
        "money": _money(source, fid),
        "consent": one_line(consent_shares(source.plan, row, source.figures)),
        "contact": _contact(source, fid),
    }


def building_works(source: SheetSource, fid: int) -> dict[int, tuple[str, tuple[str, ...]]]:
    """By building, the numbers of its works in the table of the sheet and what they do."""
    found: dict[int, tuple[list[str], list[str]]] = {}
    rows = source.works.get(fid)
    for nth, row in enumerate([] if rows is None else rows.to_dict("records"), start=1):
        if row["building"]:
            numbers, actions = found.setdefault(int(row["building"]), ([], []))
            numbers.append(str(nth))
            actions.append(str(row["action"]) if not missing(row["action"]) else Action.ALTER.value)
    return {fid: ("·".join(numbers), tuple(actions)) for fid, (numbers, actions) in found.items()}


def _last_by_fid(table: pd.DataFrame) -> dict[int, dict[str, Any]]:
    return {int(row["fid"]): {str(k): v for k, v in row.items()} for row in table.to_dict("records")}


def _place(source: SheetSource, fid: int, row: Row) -> list[Pair]:
    """Area, project and stage of a neighbourhood; why it is in no area."""
    words, plan, view = source.words, source.plan, source.plan.programme
    area = int(row.get("area_id") or 0)
    if area:
        home = f"{area} {plan.areas['name'].get(area)}"
    else:
        fate = source.figures.coded("outputs.fate", row.get("fate"))
        home = words["outputs.semicolon"].join(filter(None, (fate, reason_text(row, words))))
    pairs = [[words["outputs.col.area"], one_line(home)]]
    key = source.key(fid)
    if view is None:
        return pairs
    project = words["outputs.sheets.not-in-project"]
    if source.numbers.get(key):
        (row_of,) = view.projects.loc[[key]].to_dict("records")
        project = one_line(" ".join(str(one) for one in (row_of["code"], row_of["name"]) if not missing(one)))
    pairs.append([words["outputs.sheets.project"], project])
    return [
        *pairs,
        [words["outputs.sheets.stage"], stands_text(view.neighbourhoods.loc[fid].to_dict(), words)],
    ]


def _table(columns: tuple[tuple[str, str, int], ...], rows: list[list[str]], words: Mapping[str, str]) -> Any:
    counts = range(1, len(rows) + 1)
    return {
        "head": [words[f"outputs.sheets.{name}"] for name, _, _ in columns],
        "align": [side for _, side, _ in columns],
        "widths": [width for _, _, width in columns],
        "rows": rows,
        "rest": {str(n): sentence(words, "outputs.sheets.left-out", {"count": n}) for n in counts},
    }


def _deficits(source: SheetSource, row: Row) -> Any:
    """What lacks in the neighbourhood or in its area; what is due per community is told in a sentence."""
    figures, words, plan = source.figures, source.words, source.plan
    area = int(row.get("area_id") or 0)
    lines = {line.facility.key: line for line in facility_lines(plan, area)} if area else {}
    rows = []
    for facility in plan.standard.facilities:
        if facility.level is Level.COMMUNITY:
            continue
        line, value = lines.get(facility.key), row.get(f"{facility.key}_deficit")
        short = line is not None and line.state == State.SHORT
        if not short and (value is None or missing(value) or float(value) <= 0):
            continue
        amount = whole_amount(facility.unit, value)
        rows.append(
            [
                one_line(name_and_unit(facility, words)),
                figures.number(amount) if is_set(facility) else NOT_ASKED,
                NOT_ASKED if line is None else line_deficit(line, figures),
                NOT_ASKED if line is None else state_text(line.state, facility, words),
            ]
        )
    return _table(_DEFICIT_COLUMNS, rows, words)


def _told(source: SheetSource, row: Row) -> list[str]:
    """Of the area what is met and what is to be surveyed, and the verdicts of the community."""
    words, plan = source.words, source.plan
    area = int(row.get("area_id") or 0)
    lines = facility_lines(plan, area) if area else []
    told = []
    for code, state in (("met", State.MET), ("open", State.UNKNOWN)):
        names = [
            facility_name(line.facility, words)
            for line in lines
            if line.state == state and line.facility.level is not Level.COMMUNITY
        ]
        if names:
            told.append(
                sentence(words, f"outputs.sheets.{code}", {"names": words["outputs.join"].join(names)})
            )
    community = community_line(plan, row.get("street"), row.get("community"), source.figures)
    return [one_line(text) for text in (*told, community) if text] or [words["outputs.sheets.no-deficits"]]


def _works(source: SheetSource, fid: int) -> Any:
    words, view, rows = source.words, source.plan.programme, []
    found = source.works.get(fid)
    for nth, (label, row) in enumerate({} if found is None else found.to_dict("index").items(), start=1):
        assert view is not None  # works are rows of the programme
        item = view.rules.item(str(row["item"]))
        known = not missing(row["quantity"])
        low, high = (row["quantity"],) * 2 if known else (row["quantity_low"], row["quantity_high"])
        unit = item.unit if item is not None else row["unit"]
        place = words["outputs.sheets.whole"]
        if row["building"]:
            place = source.buildings.get(int(row["building"]), str(int(row["building"])))
        cost = source.costs[int(str(label))]
        rows.append(
            [
                str(nth),
                one_line(item_name(row["item"], view.rules, words)),
                one_line(place),
                word("action", row["action"], words) or "",
                quantity_text(low, high, "" if missing(unit) else str(unit), words),
                span(cost["low"], cost["high"], source.figures),
                word("status", row["status"], words) or "",
            ]
        )
    return _table(_WORK_COLUMNS, rows, words)


def _money(source: SheetSource, fid: int) -> list[Pair]:
    """Cost of the works of the neighbourhood; cost of its project and who pays it."""
    words, figures, view = source.words, source.figures, source.plan.programme
    if view is None:
        return [[words["outputs.sheets.own-cost"], words["outputs.no-data"]]]
    pairs = [[words["outputs.sheets.own-cost"], cost_text(_own_cost(source, view, fid), figures)]]
    key = source.key(fid)
    if not key:
        return pairs
    row = view.projects.loc[[key]].to_dict("records")[0]
    pairs.append([words["outputs.sheets.project-cost"], cost_text(row, figures)])
    payers = [
        f"{words[f'programme.payer.{part}']} {figures.wan(row[part])}"
        for part in PARTS
        if part != "gap" and key in source.stated and not missing(row[part]) and row[part]
    ]
    pairs.append(
        [words["outputs.sheets.payers"], words["outputs.join"].join(payers) or words["outputs.no-data"]]
    )
    if not source.public:
        pairs.append([words["outputs.sheets.gap"], span(row["gap_low"], row["gap_high"], figures)])
    return [[label, one_line(text)] for label, text in pairs]


def _own_cost(source: SheetSource, view: ProgrammeView, fid: int) -> dict[str, Any]:
    """The works of a neighbourhood as a row that ``cost_text`` reads."""
    found = source.works.get(fid)
    rows = view.works.loc[[] if found is None else found.index]
    known, levels = rows["high"].notna(), list(rows["level"].dropna())
    return {
        "cost_low": rows["low"].sum(min_count=1),
        "cost_high": rows["high"].sum() if len(rows) and known.all() else np.nan,
        "cost_known": int(known.sum()),
        "cost_items": len(rows),
        "cost_level": min(levels, key=LEVELS.index) if levels else None,
    }


def _contact(source: SheetSource, fid: int) -> list[Pair]:
    """Who answers for the neighbourhood; in public no persons and no mobile numbers."""
    words, key = source.words, source.key(fid)
    number = source.numbers.get(key, 0)
    project: Row = {} if not number else source.plan.project.programme.projects.loc[number].to_dict()
    persons = (
        {}
        if source.public
        else {"person": project.get("person"), "warden": source.units.get(fid, {}).get("person")}
    )
    told = [
        (words["outputs.notice.company"], project.get("company")),
        (words["outputs.sheets.person"], persons.get("person")),
        (words["outputs.sheets.phone"], project.get("phone")),
        (words["outputs.notice.telephone"], project.get("supervision_phone")),
        (words["outputs.sheets.warden"], persons.get("warden")),
        (words["outputs.sheets.management"], source.upkeep.get(fid, {}).get("management")),
    ]
    given = [[label, "" if missing(value) else one_line(str(value))] for label, value in told]
    if source.public:
        hidden = (words["outputs.sheets.person"], words["outputs.sheets.warden"])
        given = [[label, without_mobiles(text)] for label, text in given if label not in hidden]
    return [[label, text or words["outputs.not-given"]] for label, text in given]
