"""Table 10: totals that add themselves up against the survey, and what was assumed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from xlsxwriter.utility import xl_col_to_name

from renomap.model.plan import Plan
from renomap.outputs.community_tables import community_summary
from renomap.outputs.data_notes import data_notes
from renomap.outputs.numbers import EXCHANGE_DECIMALS, Figures, Kind, known_sum, missing
from renomap.outputs.plain_text import clean
from renomap.outputs.table import Column, Table, column, made
from renomap.outputs.workbook import Formula, SheetWriter
from renomap.wording.names import facility_name, titled, unit_name

#: Quantity, its column in table 1 and in table 2 (None: rows are counted), the plan's total of the survey.
CHECKED: tuple[tuple[str, str, str | None, str], ...] = (
    ("neighbourhoods", "neighbourhoods", None, "neighbourhoods"),
    ("households", "households", "households", "households"),
)
_TOLERANCE = 0.5
_WIDTHS = (34, 16, 16, 16, 16, 14, 12)


def write_check(
    pen: SheetWriter, book: Any, plan: Plan, words: Mapping[str, str], areas: Table, people: Table
) -> None:
    """Write the sheet: sums of tables 1 and 2 as formulas beside the plan's totals, then data and method."""
    sheet = book.add_worksheet(words["outputs.sheet.check"])
    pen.page(sheet, words["outputs.sheet.check"])
    columns = [
        Column(
            name, words[f"outputs.col.{name}"], None if name in ("quantity", "check") else Kind.COUNT, width
        )
        for name, width in zip(
            ("quantity", "in-areas", "outside", "sum", "total", "difference", "check"), _WIDTHS, strict=True
        )
    ]
    pen.heading(sheet, 0, columns)
    sheet.freeze_panes(1, 1)
    r = 1
    for quantity in CHECKED:
        pen.row(sheet, r, columns, _checked(quantity, r, plan, words, areas, people))
        r += 1
    sheet.write_string(r, 0, clean(words["outputs.check-note"]), pen.formats["missing"])
    r = _facts(pen, sheet, r + 2, plan, words)
    r = _handed_up(pen, sheet, r + 1, plan, words)
    r = _communities(pen, sheet, r + 1, plan, words)
    r = _shared(pen, sheet, r + 1, plan, words)
    _assumptions(pen, sheet, r + 1, plan, words)


def _checked(
    quantity: tuple[str, str, str | None, str],
    r: int,
    plan: Plan,
    words: Mapping[str, str],
    areas: Table,
    people: Table,
) -> list[Any]:
    """In areas (table 1) + outside (table 2) = sum, against the plan's total; unknown if nothing is known."""
    name, in_areas, counted, total_key = quantity
    taken = f'{_cells(people, "area-id")},">0"'
    left = [row for row in people.rows if row[people.position("area-id")] == ""]
    inside = known_sum([row[areas.position(in_areas)] for row in areas.rows])
    if counted is None:
        outside: float | None = float(len(left))
        formula = f"=COUNT({_cells(people, 'fid')})-COUNTIFS({taken})"
    else:
        outside = known_sum([row[people.position(counted)] for row in left])
        cells = _cells(people, counted)
        formula = f"=SUM({cells})-SUMIFS({cells},{taken})"
    row = r + 1
    summed = known_sum([inside, outside])
    total = plan.totals.get(total_key)
    cells_of_row = [
        _computed(f"=SUM({_cells(areas, in_areas)})", inside),
        _computed(formula, outside),
        _computed(f"=SUM(B{row}:C{row})", summed),
        total,
    ]
    if summed is None or missing(total):
        return [words[f"outputs.col.{name}"], *cells_of_row, None, None]
    difference = round(summed - float(str(total)), EXCHANGE_DECIMALS)
    verdict = words["outputs.check-good" if abs(difference) < _TOLERANCE else "outputs.check-bad"]
    quoted = [words[f"outputs.check-{end}"].replace('"', '""') for end in ("good", "bad")]
    return [
        words[f"outputs.col.{name}"],
        *cells_of_row,
        Formula(f"=D{row}-E{row}", difference),
        Formula(f'=IF(ABS(F{row})<{_TOLERANCE},"{quoted[0]}","{quoted[1]}")', verdict, None),
    ]


def _computed(formula: str, value: float | None) -> Formula | None:
    return None if value is None else Formula(formula, value)


def _cells(table: Table, key: str) -> str:
    """Reference of a column's cells on its sheet; at least one row, so that none is legal too."""
    letter = xl_col_to_name(table.position(key))
    sheet = table.title.replace("'", "''")
    return f"'{sheet}'!${letter}$2:${letter}${max(2, len(table.rows) + 1)}"


def _facts(pen: SheetWriter, sheet: Any, r: int, plan: Plan, words: Mapping[str, str]) -> int:
    figures = Figures(words)
    totals = plan.totals
    facts = [
        (words["outputs.stamp"], plan.stamp),
        (words["outputs.scheme"], plan.scheme.title if plan.scheme else ""),
        (words["outputs.standard"], f"{titled(plan.standard, words)} {plan.standard.edition}"),
        (words["outputs.preset"], titled(plan.preset, words)),
        (words["outputs.report.crs"], plan.project.crs),
        (words["outputs.report.data-date"], plan.project.form.get("data_date", "")),
        (words["outputs.report.data-source"], plan.project.form.get("data_source", "")),
        (
            words["outputs.households-exact"],
            figures.of(totals.get("households_known"), totals.get("neighbourhoods")),
        ),
        *(
            (words[f"outputs.fate.{fate}"], figures.number(totals.get(fate)))
            for fate in ("assigned", "scattered", "excluded", "unassigned")
        ),
    ]
    for title, value in facts:
        pen.cell(sheet, r, 0, title, None)
        pen.cell(sheet, r, 1, value, None)
        r += 1
    return r


def _handed_up(pen: SheetWriter, sheet: Any, r: int, plan: Plan, words: Mapping[str, str]) -> int:
    if not len(plan.below_trigger):
        return r
    sheet.write_string(r, 0, words["outputs.handed-up"], pen.formats["title"])
    col = partial(column, words)
    columns = (
        col("facility", None, 10, lambda need: _named(plan, need["facility"], words)[0]),
        col("street", None, 10, lambda need: need["street"]),
        col("population", Kind.COUNT, 10, lambda need: need["population"]),
        col("need", Kind.COUNT, 10, lambda need: _needed(need["need"], words)),
        col("unit", None, 10, lambda need: _named(plan, need["facility"], words)[1]),
    )
    return _written(
        pen, sheet, r, made("", columns, ((need,) for need in plan.below_trigger.to_dict("records")))
    )


def _needed(need: Any, words: Mapping[str, str]) -> Any:
    return words["outputs.by-place"] if missing(need) else need


def _written(pen: SheetWriter, sheet: Any, r: int, table: Table) -> int:
    """Write heads and rows of a table below its title in row ``r``; the next free row."""
    pen.heading(sheet, r + 1, table.columns)
    r += 2
    for row in table.rows:
        pen.row(sheet, r, table.columns, row)
        r += 1
    return r


def _communities(pen: SheetWriter, sheet: Any, r: int, plan: Plan, words: Mapping[str, str]) -> int:
    """Where what is handed up to the communities ends: a verdict per community, as the report tells it."""
    told = community_summary(plan, Figures(words))
    if not told["rows"]:
        return r
    sheet.write_string(r, 0, words["outputs.report.communities"], pen.formats["title"])
    columns = tuple(Column(title, title, None, 16) for title in told["head"])
    return _written(pen, sheet, r, Table("", columns, tuple(map(tuple, told["rows"]))))


def _shared(pen: SheetWriter, sheet: Any, r: int, plan: Plan, words: Mapping[str, str]) -> int:
    if not len(plan.shared):
        return r
    sheet.write_string(r, 0, words["outputs.shared-supply"], pen.formats["title"])
    col = partial(column, words)
    columns = (
        col("facility", None, 10, lambda share: _named(plan, share["facility"], words)[0]),
        col("area-id", Kind.YEAR, 10, lambda share: share["area"]),
        col("source", None, 10, lambda share: share["source"]),
        col("amount", Kind.COUNT, 10, lambda share: share["amount"]),
        col("unit", None, 10, lambda share: _named(plan, share["facility"], words)[1]),
        col("distance" if plan.walks is None else "walk", Kind.METRE, 10, lambda share: share["distance_m"]),
    )
    return _written(pen, sheet, r, made("", columns, ((share,) for share in plan.shared.to_dict("records"))))


def _named(plan: Plan, key: str, words: Mapping[str, str]) -> tuple[str, str]:
    facility = plan.standard.facility(str(key))
    return (
        (str(key), "") if facility is None else (facility_name(facility, words), unit_name(facility, words))
    )


def _assumptions(pen: SheetWriter, sheet: Any, r: int, plan: Plan, words: Mapping[str, str]) -> None:
    sheet.write_string(r, 0, words["outputs.assumptions"], pen.formats["title"])
    for note in data_notes(plan, words):
        r += 1
        pen.cell(sheet, r, 0, note.topic, None)
        pen.cell(sheet, r, 1, note.text, None)
