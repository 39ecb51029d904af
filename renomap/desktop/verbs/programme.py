"""The programme by hand: values typed, pasted, taken away; tables imported; works proposed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from PySide6.QtWidgets import QFileDialog, QInputDialog, QMessageBox

from renomap.desktop.desk import Desk
from renomap.desktop.naming import in_the_window
from renomap.desktop.panels.programme_model import NEW
from renomap.errors import RenomapError
from renomap.model.change import ChangeSet, apply, difference
from renomap.model.note import Severity
from renomap.model.programme_columns import TABLES, Stage
from renomap.model.project import Project
from renomap.sources.programme_tables import read_cells
from renomap.sources.programme_words import head_of
from renomap.steps import programme_edit
from renomap.steps.import_table import TakenRows, import_table, names_of, take
from renomap.steps.projects import project_of_area, project_of_neighbourhood
from renomap.steps.record import RecordSubject, move, propose
from renomap.steps.steps_taken import in_turn
from renomap.store.user import user_name

#: Tables that are asked for when a spreadsheet is imported, most used first.
TABLES_IN: Final = (
    "works",
    "funds",
    "events",
    "surveys",
    "units",
    "projects",
    "problems",
    "upkeep",
    "demands",
    "estimates",
    "operations",
    "history",
)
_FILES: Final = "*.xlsx *.xls *.xlsm *.et *.ods *.csv"


def gates(desk: Desk) -> None:
    """Show what is settled for the chosen area, and what is not."""
    _open(desk, "gates")


def works(desk: Desk) -> None:
    """Show what is done in the chosen area."""
    _open(desk, "works")


def money(desk: Desk) -> None:
    """Show what the chosen area costs and who pays."""
    _open(desk, "money")


def acceptance(desk: Desk) -> None:
    """Show how far the works of the chosen area are, and what stands against its acceptance."""
    _open(desk, "acceptance")


def _open(desk: Desk, page: str) -> None:
    desk.programme.turn_to(page)  # before it is seen, so that it is filled once
    desk.docks.raise_("programme")


def import_programme(desk: Desk) -> None:
    """Ask for a spreadsheet and which table it is, and take its rows; one undo step."""
    say, settings = desk.session.speech, desk.session.settings
    title = say("window.action.programme-import")
    name, _ = QFileDialog.getOpenFileName(desk.window, title, settings.folder, f"{title} ({_FILES})")
    if not name:
        return
    settings.folder = str(Path(name).parent)
    choices = [say(f"programme.{table}") for table in TABLES_IN]
    chosen, sure = QInputDialog.getItem(desk.window, title, say("window.programme.which"), choices, 0, False)
    if sure:
        table = TABLES_IN[choices.index(chosen)]
        desk.guarded(lambda: _taken_in(desk, Path(name), table))


def _taken_in(desk: Desk, path: Path, table: str) -> None:
    _imported(desk, import_table(desk.project, path, "", table, by=user_name() or "-"), table)


def _imported(desk: Desk, taken: TakenRows, table: str) -> None:
    """Apply what was taken; a box only where something is to be looked at."""
    say = desk.session.speech
    desk.session.document.apply(difference(desk.project, taken.project, "change.import-programme"))
    desk.docks.raise_("programme")
    params = {"table": f"programme.{table}", "count": taken.added, "changed": taken.changed}
    told = say("steps.programme-taken", **params)
    desk.status.tell(told)
    doubts = [note for note in taken.notes if note.severity is Severity.WARNING]
    if doubts:
        box = QMessageBox(desk.window)
        box.setWindowTitle(say("window.action.programme-import"))
        box.setText(told)
        lines = [
            say(note.code, **in_the_window(note.params, say("window.problems.overrule"))) for note in doubts
        ]
        box.setInformativeText("\n\n".join(lines))
        desk.show(box)


def propose_works(desk: Desk) -> None:
    """Make rows of works for everything that is known to lack; one undo step."""

    def step() -> None:
        after, count = propose(desk.project, {}, desk.plan)
        desk.session.document.apply(difference(desk.project, after, "change.propose-works", count=count))
        desk.status.tell(desk.session.speech("change.propose-works", count=count))
        _open(desk, "works")

    desk.guarded(step)


def give(desk: Desk, label: int, column: str, text: str) -> None:
    """Set a value somebody typed; in the empty row it makes a new one."""
    panel = desk.programme
    table = panel.table

    def make() -> ChangeSet:
        values = programme_edit.typed(
            desk.project, table, column, text, names_of(desk.project), panel.fid_of(label)
        )
        if label != NEW:
            return _stamped(desk, programme_edit.edit(desk.project, table, label, values))
        return _stamped(desk, _added(desk, table, [values]))

    before = desk.project
    desk.change(make)
    if desk.project is before:  # a change shows itself; what was refused is shown as it was
        panel.refresh()


def move_to(desk: Desk, target: RecordSubject, to: Stage, year: float, reason: str) -> None:
    """Move what is chosen to another list, with the history; one undo step, refused where gates are open."""

    def step() -> ChangeSet:
        plan, project = desk.session.planner.plan, desk.project
        view = plan.programme if plan is not None and plan.project is project else None
        by = user_name() or "-"
        after = move(project, target, to, year, reason=reason or None, by=by, view=view)
        return difference(project, after, "change.move-list", to=f"programme.word.stage.{to}")

    before = desk.project
    desk.change(step)
    if desk.project is not before:
        desk.status.tell(desk.session.speech("change.move-list", to=f"programme.word.stage.{to}"))
        desk.programme.moving.reason.clear()
    desk.programme.refresh()


def paste(desk: Desk, values: Sequence[Sequence[str]], row: int, column: int) -> None:
    """Lay a block over the table: a header of the table's own says what is what, else it goes by place."""
    panel = desk.programme
    table, project = panel.table, desk.project
    known = [head for text in values[0] if (head := head_of(text, table)) is not None]

    def step() -> None:
        if len(values) > 1 and len(known) > 1:
            found = read_cells(
                [tuple(cell or None for cell in line) for line in values], table, names_of(project)
            )
            if found is not None:
                taken = take(project, found, table, by=user_name() or "-")
                _imported(desk, replace(taken, notes=(*found.notes, *taken.notes)), table)
                return
        desk.session.document.apply(_stamped(desk, _laid(desk, values, row, column)))

    desk.guarded(step)
    panel.refresh()


def remove(desk: Desk, labels: Sequence[int]) -> None:
    """Take the chosen rows away."""
    if labels:
        desk.change(lambda: programme_edit.remove(desk.project, desk.programme.table, labels))


def _stamped(desk: Desk, change: ChangeSet) -> ChangeSet:
    """The change with who made it and when in the steps for gates, in their turn or refused."""
    return in_turn(desk.project, change, by=user_name() or "-", at=dt.date.today().isoformat())


def _laid(desk: Desk, values: Sequence[Sequence[str]], row: int, column: int) -> ChangeSet:
    model, table, names = desk.programme.model, desk.programme.table, names_of(desk.project)
    old: dict[int, dict[str, Any]] = {}
    new: list[dict[str, Any]] = []
    for down, line in enumerate(values):
        told: dict[str, Any] = {}
        label = model.label_at(row + down)
        for name, text in zip(model.columns[column:], line, strict=False):
            fid = told.get("fid", desk.programme.fid_of(label))
            told |= programme_edit.typed(desk.project, table, name, text.strip(), names, fid)
        if label == NEW:
            new.append(told)
        else:
            old[label] = told
    change = programme_edit.edit_rows(desk.project, table, old) if old else ChangeSet(programme_edit.CODE)
    if not new:
        return change
    return change.merge(_added(desk, table, new, apply(desk.project, change)))


def _added(desk: Desk, table: str, rows: list[dict[str, Any]], project: Project | None = None) -> ChangeSet:
    """New rows on what is chosen, unless they name a neighbourhood; an area without a project gets one."""
    before = desk.project if project is None else project
    panel, after = desk.programme, before
    fids, area = panel.fids(), panel.area()
    tie: dict[str, int] = {}
    if "project" in TABLES[table] and area and len(fids) != 1:
        after, tie["project"] = project_of_area(after, area)
    elif "fid" in TABLES[table] and len(fids) == 1:
        tie["fid"] = fids[0]
    if table == "projects":
        return _project_row(after, rows[0], area, fids)
    known = [{**tie, **row} if "fid" not in row else row for row in rows]
    change = programme_edit.add(after, table, known)
    if after is before:  # a comparison of all rows would take longer than the change
        return change
    return difference(before, after, programme_edit.CODE, **change.params).merge(change)


def _project_row(project: Project, row: dict[str, Any], area: int, fids: tuple[int, ...]) -> ChangeSet:
    if not area and len(fids) != 1:
        raise RenomapError("steps.programme-no-tie")
    after, label = project_of_area(project, area) if area else project_of_neighbourhood(project, fids[0])
    after = apply(after, programme_edit.edit(after, "projects", label, row))
    return difference(project, after, programme_edit.CODE, table="programme.projects")
