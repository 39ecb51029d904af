"""Facilities of level community in tables and sentences: a verdict per community, on whom it rests."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from renomap.model.derived import once
from renomap.model.plan import Plan
from renomap.model.standard import State
from renomap.model.words import sentence
from renomap.outputs.findings import NOT_ASKED, has_communities
from renomap.outputs.numbers import Figures, Kind, missing
from renomap.outputs.plain_text import one_line
from renomap.outputs.table import Table, column, made
from renomap.wording.names import facility_name, unit_name

#: States in the order they are told: what has to be done comes first.
_ORDER: Final = (State.SHORT, State.UNKNOWN, State.MET, State.BELOW_TRIGGER)


def communities(plan: Plan, words: Mapping[str, str]) -> Table:
    """Table 3c: a row per community and facility of that level, communities in the order of their names."""
    figures = Figures(words)
    col = partial(column, words)
    columns = (
        col("street", None, 16, lambda r, item: r["street"]),
        col("community", None, 18, lambda r, item: r["community"]),
        col("neighbourhoods", Kind.COUNT, 9, lambda r, item: r["neighbourhoods"]),
        col("residents", None, 14, lambda r, item: residents_text(r, figures)),
        col(
            "population-known",
            None,
            12,
            lambda r, item: figures.of(r["population_known"], r["neighbourhoods"]),
        ),
        col("facility", None, 26, lambda r, item: facility_name(item, words)),
        col("unit", None, 9, lambda r, item: unit_name(item, words)),
        col("required", Kind.COUNT, 10, lambda r, item: _asked(r, r["required"])),
        col("supply", Kind.COUNT, 10, lambda r, item: r["supply"]),
        col("known", None, 10, lambda r, item: figures.of(r["supply_known"], r["neighbourhoods"])),
        col("deficit", Kind.COUNT, 10, lambda r, item: _asked(r, r["deficit"])),
        col("deficit-low", Kind.COUNT, 10, lambda r, item: _asked(r, r["deficit_low"])),
        col("deficit-high", Kind.COUNT, 10, lambda r, item: _asked(r, r["deficit_high"])),
        col("state", None, 14, lambda r, item: figures.state(r["state"])),
        col(
            "areas-in", None, 16, lambda r, item: words["outputs.join"].join(str(area) for area in r["areas"])
        ),
    )
    rows = (row for record in _condensed(plan) for row in record["facilities"])
    items = ((row, plan.standard.facility(row["facility"])) for row in rows)
    return made(words["outputs.sheet.communities"], columns, items)


def _asked(row: Mapping[str, Any], value: Any) -> Any:
    """The value, or a dash where the standard asks for nothing here."""
    return NOT_ASKED if row["state"] in (State.NOT_SET, State.BELOW_TRIGGER) else value


def residents_text(row: Mapping[str, Any], figures: Figures) -> str:
    """``4,200`` where all residents are stated, ``≥ 3,900`` where only the survey's are known."""
    if not missing(row["given_population"]) and row["given_population"] >= _least(row):
        return figures.number(row["given_population"])
    if missing(row["population"]):
        return figures.words["outputs.no-data"]
    return f"≥ {figures.number(row['population'])}"


def community_lines(plan: Plan, area: int, figures: Figures) -> list[str]:
    """A sentence for each community that has members in an area; one if none is known."""
    if not has_communities(plan):
        return []
    told = [_line(plan, record, figures) for record in _condensed(plan) if area in record["areas"]]
    if not told:
        return [figures.words["outputs.communities-unknown"]]
    return [*told, figures.words["outputs.communities-basis"]]


def community_line(plan: Plan, street: Any, community: Any, figures: Figures) -> str:
    """The sentence of one community; '' where the standard judges none or the survey does not name it."""
    if missing(community) or not has_communities(plan):
        return ""
    for record in _condensed(plan):
        if record["community"] == community and record["street"] == street:
            return _line(plan, record, figures)
    return ""


def community_summary(plan: Plan, figures: Figures) -> dict[str, Any]:
    """The end of the table of what is handed up, ready for the report: a row per community."""
    words = figures.words
    rows = [
        [
            one_line(figures.text(record["street"])),
            one_line(record["community"]),
            figures.number(record["neighbourhoods"]),
            residents_text(record, figures),
            _verdicts(plan, record, figures),
        ]
        for record in _condensed(plan)
    ]
    names = ("street", "community", "neighbourhoods", "residents", "verdicts")
    return {
        "head": [words[f"outputs.col.{name}"] for name in names],
        "align": ["left", "left", "right", "right", "left"],
        "widths": [14, 16, 8, 10, 90],
        "rows": rows,
    }


def facility_line(plan: Plan, area: int, key: str, words: Mapping[str, str]) -> list[str]:
    """One facility in the communities of an area, a sentence each."""
    figures = Figures(words)
    told = []
    for record in _condensed(plan):
        for row in record["facilities"] if area in record["areas"] else ():
            if row["facility"] == key:
                told.append(_say(row, plan, figures, "outputs.community-facility"))
    return told or [words["outputs.communities-unknown"]]


def _line(plan: Plan, record: Mapping[str, Any], figures: Figures) -> str:
    params = {
        "community": record["community"],
        "residents": residents_text(record, figures),
        "verdicts": _verdicts(plan, record, figures),
    }
    return one_line(sentence(figures.words, "outputs.community-line", params))


def _verdicts(plan: Plan, record: Mapping[str, Any], figures: Figures) -> str:
    """The facilities by state: what is short with its numbers, the others by name."""
    words, parts = figures.words, []
    for state in _ORDER:
        rows = [row for row in record["facilities"] if row["state"] == state]
        if rows:
            code = "outputs.community-short" if state is State.SHORT else "outputs.community-name"
            names = words["outputs.join"].join(_say(row, plan, figures, code) for row in rows)
            parts.append(f"{figures.state(state)}{words['outputs.colon']}{names}")
    return one_line(words["outputs.semicolon"].join(parts))


def _say(row: Mapping[str, Any], plan: Plan, figures: Figures, code: str) -> str:
    facility = plan.standard.facility(row["facility"])
    assert facility is not None
    params = {
        "facility": facility_name(facility, figures.words),
        "community": row["community"],
        "residents": residents_text(row, figures),
        "required": NOT_ASKED if missing(row["required"]) else figures.number(row["required"]),
        "supply": figures.number(row["supply"]),
        "unit": unit_name(facility, figures.words),
        "state": figures.state(row["state"]),
    }
    return sentence(figures.words, code, params)


def _least(row: Mapping[str, Any]) -> float:
    return 0.0 if missing(row["population"]) else float(row["population"])


def _condensed(plan: Plan) -> list[dict[str, Any]]:
    """A record per community with the rows of its facilities, in the order of the communities."""
    return once(plan.communities, "by community", lambda: _by_community(plan))


def _by_community(plan: Plan) -> list[dict[str, Any]]:
    told: dict[tuple[Any, Any], dict[str, Any]] = {}
    for row in plan.communities.to_dict("records"):
        named = {str(name): value for name, value in row.items()}
        record = told.setdefault((row["street"], row["community"]), {**named, "facilities": []})
        record["facilities"].append(named)
    return list(told.values())
