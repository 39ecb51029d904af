"""A comparison of two schemes as a workbook: areas, neighbourhoods that moved, indicators."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from renomap.model.comparison import Comparison
from renomap.model.plan import Plan
from renomap.outputs.findings import facility_name, neighbourhood_name
from renomap.outputs.numbers import Kind, missing
from renomap.outputs.table import Column, Table
from renomap.outputs.workbook import Pen, new_workbook
from renomap.wording.deficits import lack_unit


def write_xlsx(found: Comparison, path: Path, words: Mapping[str, str], after: Plan) -> None:
    """Write the workbook: sheets of indicators, areas and moved neighbourhoods.

    Raises
    ------
    RenomapError
        Those of ``atomic.new_file``.
    """
    with new_workbook(path) as book:
        pen = Pen(book, words, after.stamp)
        for table in (indicators(found, words, after), areas(found, words), moved(found, words)):
            pen.sheet(table)


def indicators(found: Comparison, words: Mapping[str, str], after: Plan) -> Table:
    """A row per indicator and figure of a facility: both sides and what is more or less on the second."""
    facilities = {item.key: item for item in after.standard.facilities}
    rows = []
    for row in found.totals.to_dict("records"):
        subject, figure = row["subject"], row["figure"]
        item = facilities.get(subject)
        name = words[f"compare.total.{subject}"] if not figure else subject
        if item is not None:
            name = facility_name(item, words)
        kind = words[f"compare.figure.{figure}"] if figure else ""
        unit = "" if item is None or figure.startswith("newly") else lack_unit(item, words)
        rows.append((name, kind, unit, row["before"], row["after"], row["after"] - row["before"]))
    columns = (
        _column(words, "subject", None, 26),
        _column(words, "figure", None, 22),
        _column(words, "unit", None, 10),
        Column("before", found.one, Kind.COUNT, 16),
        Column("after", found.two, Kind.COUNT, 16),
        _column(words, "more", Kind.COUNT, 12),
    )
    return Table(words["compare.sheet.totals"], columns, tuple(rows))


def areas(found: Comparison, words: Mapping[str, str]) -> Table:
    """A row per area of either side, with what it is on the other."""
    rows = tuple(
        (
            words[f"compare.state.{row['state']}"],
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
