"""The tables of a plan as a workbook, or its deficits as CSV."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from renomap.errors import RenomapError
from renomap.model.plan import Plan
from renomap.outputs import (
    acceptance_tables,
    community_tables,
    plan_tables,
    programme_money,
    programme_tables,
    siting_lines,
    tally_tables,
    year_columns,
)
from renomap.outputs.atomic import new_file
from renomap.outputs.chart_sheet import write_charts
from renomap.outputs.check_sheet import write_check
from renomap.outputs.findings import NOT_ASKED, has_communities
from renomap.outputs.link_table import manual_links
from renomap.outputs.numbers import EXCHANGE_DECIMALS, Figures, missing
from renomap.outputs.table import Table
from renomap.outputs.workbook import Formula, SheetWriter, new_workbook


def write_xlsx(plan: Plan, path: Path, words: Mapping[str, str]) -> None:
    """Write the workbook.

    Sheets: 1 areas, 1b what else the survey holds of them (where it does), 2 neighbourhoods, 2b links and
    cuts by hand (where there are any), 3 deficits per area and facility, 3b per neighbourhood, 3c per
    community (where there are any), who is in no area with the reason, 5 idle rooms and 5b what
    they could do (where there is such a layer), 4 and 6 to 9e the programme (where there is one), 10 totals
    with check sums and assumptions, charts (where there are areas).
    Numbers carry four decimals and are shown after ``numbers.DECIMALS``; money is in 万元 of whole yuan; what
    is unknown is a word. Totals are formulas that carry their values. Texts never become formulas, links or
    numbers.

    Raises
    ------
    RenomapError
        Those of ``atomic.new_file``.
    """
    with new_workbook(path) as book:
        book.set_properties({"title": str(plan.project.form.get("title") or ""), "comments": plan.stamp})
        pen = SheetWriter(book, words, plan.stamp)
        areas, people = plan_tables.areas(plan, words), plan_tables.neighbourhoods(plan, words)
        first = pen.sheet(areas)
        if areas.rows:
            _total_row(pen, first, areas, plan_tables.totals(plan, areas, Figures(words)))
        others = tally_tables.tallies(plan, words)
        if others.rows:
            pen.sheet(others)
        pen.sheet(people)
        links = manual_links(plan, words)
        if links.rows:
            pen.sheet(links, held=3)
        pen.sheet(plan_tables.deficits(plan, words), held=3)
        pen.sheet(plan_tables.own_deficits(plan, words))
        if has_communities(plan):
            pen.sheet(community_tables.communities(plan, words), held=2)
        pen.sheet(plan_tables.outside(plan, words), held=3)
        rooms = tally_tables.sites(plan, words)
        if rooms.rows:
            pen.sheet(rooms)
            used = siting_lines.siting_table(plan, words)
            if used.rows:
                pen.sheet(used, held=2)
        _programme(pen, plan, words)
        write_check(pen, book, plan, words, areas, people)
        if len(plan.areas):
            write_charts(pen, book, plan, words)


def write_programme_xlsx(plan: Plan, path: Path, words: Mapping[str, str]) -> None:
    """Write the sheets of the programme alone, as in ``write_xlsx``.

    Raises
    ------
    RenomapError
        ``outputs.no-programme`` where no table of it has rows; those of ``atomic.new_file``.
    """
    if plan.programme is None:
        raise RenomapError("outputs.no-programme")
    with new_workbook(path) as book:
        book.set_properties({"title": str(plan.project.form.get("title") or ""), "comments": plan.stamp})
        _programme(SheetWriter(book, words, plan.stamp), plan, words)


def write_programme_csv(plan: Plan, path: Path, words: Mapping[str, str]) -> None:
    """Write sheet 6, the list of projects, as ``write_csv`` does.

    Raises
    ------
    RenomapError
        ``outputs.no-programme`` as above; those of ``atomic.new_file``.
    """
    if plan.programme is None:
        raise RenomapError("outputs.no-programme")
    write_csv(programme_tables.projects(plan, plan.programme, words), path)


def _programme(pen: SheetWriter, plan: Plan, words: Mapping[str, str]) -> None:
    """The sheets of the programme that have rows."""
    view = plan.programme
    if view is None:
        return
    ledger = programme_money.ledger(view, words)
    for table, held in (
        (programme_tables.problems(plan, words), 1),
        (programme_tables.preparation(plan, view, words), 2),
        (programme_tables.projects(plan, view, words), 3),
        (programme_tables.works(plan, view, words), 4),
        (programme_tables.companies(view, words), 1),
        (year_columns.years_table(plan, words), 3),
        (acceptance_tables.progress(view, words), 2),
        (programme_money.costs(view, words), 3),
        (programme_money.funds(view, words), 3),
    ):
        if table.rows:
            pen.sheet(table, held=held)
    if ledger.rows:
        sheet = pen.sheet(ledger, held=2)
        for c, (column, value) in enumerate(
            zip(ledger.columns, programme_money.ledger_total(ledger, words), strict=True)
        ):
            pen.cell(sheet, len(ledger.rows) + 1, c, value, column.kind, total=True)
    for table in (
        programme_tables.surveys(plan, words),
        programme_tables.votes(plan, view, words),
        acceptance_tables.acceptance(plan, view, words),
        programme_tables.lists(view, words),
        programme_tables.history(plan, words),
        programme_tables.upkeep(plan, words),
        programme_tables.coverage(view, words),
    ):
        if table.rows:
            pen.sheet(table, held=1)


def _total_row(pen: SheetWriter, sheet: Any, table: Table, totals: Sequence[Any]) -> None:
    from xlsxwriter.utility import xl_rowcol_to_cell

    below = len(table.rows) + 1
    for c, (column, value) in enumerate(zip(table.columns, totals, strict=True)):
        cell = value
        if column.key in plan_tables.SUMMED and value is not None:  # a sum of words would be 0
            first, last = xl_rowcol_to_cell(1, c), xl_rowcol_to_cell(below - 1, c)
            cell = Formula(f"=SUM({first}:{last})", value, column.kind)
        pen.cell(sheet, below, c, cell, column.kind, total=True)


def write_deficits_csv(plan: Plan, path: Path, words: Mapping[str, str]) -> None:
    """Write table 3, the deficits of areas, as ``write_csv`` does."""
    write_csv(plan_tables.deficits(plan, words), path)


def write_neighbourhoods_csv(plan: Plan, path: Path, words: Mapping[str, str]) -> None:
    """Write table 2, a row for each neighbourhood, as ``write_csv`` does."""
    write_csv(plan_tables.neighbourhoods(plan, words), path)


def write_csv(table: Table, path: Path) -> None:
    """Write one table as CSV in UTF-8 with a byte order mark so that Excel reads Chinese.

    A text that a spreadsheet would take for a formula gets an apostrophe in front. Unknown is empty.
    Raises the errors of ``atomic.new_file``.
    """
    with (
        new_file(path) as draft,
        draft.open("w", encoding="utf-8-sig", newline="", errors="replace") as handle,
    ):
        writer = csv.writer(handle)
        writer.writerow([column.title for column in table.columns])
        writer.writerows([[_csv_cell(value) for value in row] for row in table.rows])


def _csv_cell(value: Any) -> Any:
    if missing(value) or value == NOT_ASKED:
        return ""
    if isinstance(value, str):
        return f"'{value}" if value[0] in "=+-@\t\r" else value
    number = round(float(value), EXCHANGE_DECIMALS)
    return int(number) if number.is_integer() else number
