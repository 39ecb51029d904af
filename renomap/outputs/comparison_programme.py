"""What differs between two programmes, in words: a row per list, project or neighbourhood and fact."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from renomap.model.comparison import Comparison
from renomap.model.plan import Plan
from renomap.outputs.findings import neighbourhood_name
from renomap.outputs.numbers import Figures, missing
from renomap.outputs.programme_texts import span
from renomap.outputs.table import Column, Table
from renomap.programme.lists import LONG
from renomap.wording.names import titled


def programme_table(found: Comparison, words: Mapping[str, str], after: Plan) -> Table:
    """A row per fact that differs; every value is a text, the unknown a word.

    ``after`` is the second side: gates are named as its rules name them.
    """
    gates = {} if after.programme is None else {one.key: one for one in after.programme.rules.gates}
    figures = Figures(words)

    def told(fact: str, value: Any) -> str:
        if value is None:
            return words["outputs.no-data"]
        if fact == "held":
            names = [titled(gates[key], words) if key in gates else key for key in value]
            return words["outputs.join"].join(names) or words["compare.nothing"]
        if fact in ("cost", "gap", "financed"):
            low, high = value
            return span(low, high, figures)
        if fact in ("year", "planned_year"):
            return str(value)
        if fact == "stands":
            return _list_name(value, words)
        return words[f"outputs.consent.{value}"] if fact == "consent" else figures.number(value)

    rows = tuple(
        (
            words[f"compare.scope.{row['scope']}"],
            _subject(row, words),
            words[f"compare.fact.{row['fact']}"],
            told(str(row["fact"]), row["before"]),
            told(str(row["fact"]), row["after"]),
        )
        for row in found.programme.to_dict("records")
    )
    columns = (
        Column("scope", words["compare.column.scope"], None, 10),
        Column("name", words["compare.column.called"], None, 26),
        Column("fact", words["compare.column.fact"], None, 22),
        Column("before", found.one, None, 26),
        Column("after", found.two, None, 26),
    )
    return Table(words["compare.sheet.programme"], columns, rows)


def _subject(row: Mapping[Any, Any], words: Mapping[str, str]) -> str:
    if row["scope"] == "list":
        return _list_name(row["name"], words)
    if row["scope"] == "neighbourhood" or missing(row["name"]):
        return neighbourhood_name(abs(row["key"]), row["name"], words)
    return str(row["name"])


def _list_name(key: str, words: Mapping[str, str]) -> str:
    return words["outputs.programme.long"] if key == LONG else words[f"programme.word.stage.{key}"]
