"""A comparison of two schemes as a workbook: areas, neighbourhoods that moved, indicators."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from renomap.model.comparison import CHANGED, GONE, MONEY_FIGURES, NEW, RENAMED, SAME, Comparison
from renomap.model.plan import Plan
from renomap.model.words import sentence
from renomap.outputs.comparison_programme import programme_table
from renomap.outputs.findings import neighbourhood_name
from renomap.outputs.numbers import Figures, Kind, missing
from renomap.outputs.programme_texts import span
from renomap.outputs.table import Column, Table
from renomap.outputs.workbook import SheetWriter, new_workbook
from renomap.wording.deficits import lack_unit
from renomap.wording.names import facility_name

#: Subject, what of it, and the rows of its lower and upper end.
_Pair = tuple[str, str, Mapping[Any, Any], Mapping[Any, Any]]


def write_xlsx(found: Comparison, path: Path, words: Mapping[str, str], after: Plan) -> None:
    """Write the workbook: sheets of indicators, areas and moved neighbourhoods, and of the programme where
    anything of it differs.

    Raises
    ------
    RenomapError
        Those of ``atomic.new_file``.
    """
    with new_workbook(path) as book:
        pen = SheetWriter(book, words, after.stamp)
        for table in (indicators(found, words, after), areas(found, words), moved(found, words)):
            pen.sheet(table)
        if len(found.programme):
            pen.sheet(programme_table(found, words, after))


def summary(found: Comparison) -> dict[str, Any]:
    """What a sentence says of a comparison as a whole: titles, how many moved with their households, how many
    areas are the same, renamed, new and gone."""
    states = found.areas["state"].value_counts()
    return {
        "one": found.one,
        "two": found.two,
        "moved": len(found.moved),
        "households": f"{found.moved['households'].sum():,.0f}",
        "unknown": int(found.moved["households"].isna().sum()),
        **{state: int(states.get(state, 0)) for state in (SAME, RENAMED, NEW, GONE)},
    }


def indicators(found: Comparison, words: Mapping[str, str], after: Plan) -> Table:
    """A row per indicator and figure of a facility: both sides and what is more or less on the second."""
    facilities = {item.key: item for item in after.standard.facilities}
    rows = []
    for row in found.totals.to_dict("records"):
        subject, figure = row["subject"], row["figure"]
        item = facilities.get(subject)
        name = words.get(f"compare.total.{subject}", subject)
        if item is not None:
            name = facility_name(item, words)
        kind = words[f"compare.figure.{figure}"] if figure else ""
        unit = words["compare.unit.yuan"] if figure in MONEY_FIGURES else ""
        if item is not None and not figure.startswith("newly"):
            unit = lack_unit(item, words)
        more = row["after"] - row["before"]
        rows.append((name, kind, unit, row["before"], row["after"], more, _verdict(row, words)))
    columns = (
        _column(words, "subject", None, 26),
        _column(words, "figure", None, 22),
        _column(words, "unit", None, 10),
        Column("before", found.one, Kind.COUNT, 16),
        Column("after", found.two, Kind.COUNT, 16),
        _column(words, "more", Kind.COUNT, 12),
        _column(words, "verdict", None, 12),
    )
    return Table(words["compare.sheet.totals"], columns, tuple(rows))


def areas(found: Comparison, words: Mapping[str, str]) -> Table:
    """A row per area of either side, with what it is on the other."""
    rows = tuple(
        (
            words[f"compare.state.{state_of(row)}"],
            _text(row["before_name"]),
            _text(row["after_name"]),
            row["households_before"] if row["before_name"] is not None else "",
            row["households_after"] if row["after_name"] is not None else "",
            row["came"],
            row["went"],
        )
        for row in found.areas.to_dict("records")
    )
    columns = (
        _column(words, "state", None, 12),
        Column("before", found.one, None, 26),
        Column("after", found.two, None, 26),
        _column(words, "households-before", Kind.COUNT, 14),
        _column(words, "households-after", Kind.COUNT, 14),
        _column(words, "came", Kind.COUNT, 10),
        _column(words, "went", Kind.COUNT, 10),
    )
    return Table(words["compare.sheet.areas"], columns, rows)


def state_of(row: Mapping[Any, Any]) -> str:
    """What became of an area, of a row of ``Comparison.areas``: its ``state``, or that it is the same and has
    other neighbourhoods."""
    return CHANGED if row["state"] == SAME and (row["came"] or row["went"]) else str(row["state"])


def brief_areas(found: Comparison, words: Mapping[str, str]) -> Table:
    """The areas in four columns, for a narrow place; rows as ``Comparison.areas`` has them."""
    figures, rows = Figures(words), []
    for row in found.areas.to_dict("records"):
        names = [str(name) for name in (row["before_name"], row["after_name"]) if not missing(name)]
        households = [
            figures.number(row[f"households_{side}"])
            for side in ("before", "after")
            if not missing(row[f"{side}_name"])
        ]
        moves = [f"{sign}{row[way]}" for sign, way in (("+", "came"), ("−", "went")) if row[way]]
        state = words[f"compare.state.{state_of(row)}"]
        rows.append((state, _arrow(names), _arrow(households), " ".join(moves)))
    columns = (
        _column(words, "state", None, 6),
        _column(words, "area", None, 20),
        _column(words, "households", Kind.COUNT, 14),
        _column(words, "moves", Kind.COUNT, 8),
    )
    return Table(words["compare.sheet.areas"], columns, tuple(rows))


def brief_indicators(found: Comparison, words: Mapping[str, str], after: Plan) -> Table:
    """A row per indicator, and of each facility its deficit and whom sharing serves anew, each as a range;
    rows as ``brief_verdicts`` has them."""
    facilities, figures = {item.key: item for item in after.standard.facilities}, Figures(words)
    rows = []
    for subject, name, low, high in _pairs(found):
        item = facilities.get(subject)
        called = words.get(f"compare.total.{subject}", subject)
        if name == "money":
            ends = [span(low[side], high[side], figures) for side in ("before", "after")]
            rows.append((called, *ends, _verdict(low, words)))
            continue
        if item is not None:
            unit = lack_unit(item, words) if name == "deficit" else words["compare.unit.households"]
            params = {"facility": facility_name(item, words), "unit": unit}
            called = sentence(words, f"compare.brief.{name}", params)
        ends = [
            figures.deficit(low[side], high[side], low[side] if low[side] == high[side] else None, None)
            if name
            else figures.number(low[side])
            for side in ("before", "after")
        ]
        rows.append((called, *ends, _verdict(low, words)))
    columns = (
        _column(words, "subject", None, 22),
        Column("before", found.one, Kind.COUNT, 12),
        Column("after", found.two, Kind.COUNT, 12),
        _column(words, "verdict", None, 8),
    )
    return Table(words["compare.sheet.totals"], columns, tuple(rows))


def _verdict(row: Mapping[Any, Any], words: Mapping[str, str]) -> str:
    return words[f"compare.verdict.{row['verdict']}"] if row["verdict"] else ""


def brief_verdicts(found: Comparison) -> list[str]:
    """The verdict of each row of ``brief_indicators``."""
    return [str(low["verdict"]) for _, _, low, _ in _pairs(found)]


def _pairs(found: Comparison) -> list[_Pair]:
    """Rows of ``Comparison.totals``, the two ends of a range together: subject, what of it, low, high."""
    rows = {(row["subject"], row["figure"]): row for row in found.totals.to_dict("records")}
    pairs: list[_Pair] = []
    for (subject, figure), row in rows.items():
        if not figure:
            pairs.append((str(subject), "", row, row))
        elif figure.endswith("_low"):
            name = figure.removesuffix("_low")
            pair = (row, rows[subject, f"{name}_high"])
            # a facility that is not shared serves nobody anew on either side
            if name != "newly" or any(end[side] != 0 for end in pair for side in ("before", "after")):
                pairs.append((str(subject), name, *pair))
    return pairs


def _arrow(texts: list[str]) -> str:
    """One text where both are alike, else from one to the other."""
    return " → ".join(dict.fromkeys(texts))


def moved(found: Comparison, words: Mapping[str, str]) -> Table:
    """A row per neighbourhood that is in another area."""
    rows = tuple(
        (
            neighbourhood_name(row["fid"], row["name"], words),
            np.nan if missing(row["households"]) else row["households"],
            row["before_name"] or words["compare.nowhere"],
            row["after_name"] or words["compare.nowhere"],
        )
        for row in found.moved.to_dict("records")
    )
    columns = (
        _column(words, "name", None, 28),
        _column(words, "households", Kind.COUNT, 12),
        Column("before", found.one, None, 26),
        Column("after", found.two, None, 26),
    )
    return Table(words["compare.sheet.moved"], columns, rows)


def _column(words: Mapping[str, str], name: str, kind: Kind | None, width: float) -> Column:
    return Column(name, words[f"compare.column.{name}"], kind, width)


def _text(value: Any) -> str:
    return "" if missing(value) else str(value)
