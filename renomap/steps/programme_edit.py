"""Rows of a programme set, added and taken away by hand; each is one change that can be undone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from renomap.errors import RenomapError
from renomap.model.change import Address, ChangeSet, Rows
from renomap.model.programme import frame_of, with_rows
from renomap.model.programme_columns import TABLES, CellKind, Origin
from renomap.model.project import Project
from renomap.sources.joining import fold_name
from renomap.sources.programme_cells import Cells
from renomap.sources.programme_words import Names
from renomap.steps.import_table import building_named

CODE: Final = "change.programme-row"
#: What a row hangs on is edited under this name, as the name of a neighbourhood.
NEIGHBOURHOOD: Final = "fid"
#: Columns that the program fills in.
_DERIVED: Final = (
    "members",
    "households",
    "origin",
    "scheme",
    "area",
    "project",
    "works",
    "work",
)
#: Columns of steps that the program fills in and that are shown: who entered a step, and when.
STAMPED: Final[Mapping[str, tuple[str, ...]]] = {"events": ("by", "at")}
#: Columns of ``works`` in the order in which they are filled in; the others follow.
_FIRST: Final = (
    *("fid", "building", "item", "action", "quantity", "unit", "price", "cost", "start", "end"),
    "status",
)


def editable(table: str) -> tuple[str, ...]:
    """Columns of a table that can be typed into; of works those that are filled in most first."""
    derived = (*_DERIVED, *STAMPED.get(table, ()))
    columns = [name for name in TABLES[table] if name not in derived]
    if table != "works":
        return tuple(columns)
    return tuple(sorted(columns, key=lambda name: _FIRST.index(name) if name in _FIRST else len(_FIRST)))


def typed(
    project: Project, table: str, column: str, text: str, names: Mapping[str, Names], fid: int = 0
) -> dict[str, Any]:
    """The values that a typed text means, by column; an empty text or a dash is unknown.

    ``fid`` is the neighbourhood of the row, in which a building is looked for by its name.

    Raises
    ------
    RenomapError
        ``steps.programme-unreadable``; ``steps.programme-no-name`` and ``-no-building`` for a neighbourhood
        or building that is not there.
    """
    if column == NEIGHBOURHOOD:
        return {NEIGHBOURHOOD: _fid(project, text)}
    if column == "building":
        building = building_named(project, fid, text) if text else 0
        if text and not building:
            raise RenomapError("steps.programme-no-building", text=text)
        return {"building": building}
    cells = Cells(table, names, {})
    read = cells.row({column: text}, 1)
    if read:
        return read
    if any(note.code == "sources.programme-cells" for note in cells.notes()):
        raise RenomapError("steps.programme-unreadable", text=text, field=f"programme.{table}.{column}")
    return {column: None}


def edit(project: Project, table: str, label: int, values: Mapping[str, Any]) -> ChangeSet:
    """Set values of one row. A proposed row that is touched is a typed one from then on."""
    frame = project.programme.table(table)
    before = frame.loc[[label]]
    row = {name: before.iloc[0][name] for name in frame.columns} | dict(values)
    if "origin" in row and row["origin"] == Origin.PROPOSED:
        row["origin"] = Origin.TYPED.value
    return _change(table, before, frame_of(table, [row], first=label))


def edit_rows(project: Project, table: str, values: Mapping[int, Mapping[str, Any]]) -> ChangeSet:
    """Set values of several rows at once, by label."""
    frame = project.programme.table(table)
    before = frame.loc[sorted(values)]
    after = [edit(project, table, label, each).steps for label, each in sorted(values.items())]
    rows = [step.after for steps in after for step in steps.values() if isinstance(step, Rows)]
    kept = before[~before.index.isin([label for each in rows for label in each.index])]
    merged = pd.concat([*rows, kept]).sort_index() if rows else before
    return _change(table, before, merged)


def add(project: Project, table: str, rows: Sequence[Mapping[str, Any]]) -> ChangeSet:
    """Add rows; each must say what it hangs on.

    Raises RenomapError ``steps.programme-no-tie`` where one does not.
    """
    ties = [name for name in ("project", "fid") if name in TABLES[table]]
    if any(not any(row.get(name) for name in ties) for row in rows):
        raise RenomapError("steps.programme-no-tie")
    frame = project.programme.table(table)
    given = [{"origin": Origin.TYPED, **row} if "origin" in TABLES[table] else row for row in rows]
    after = with_rows(table, frame, given)
    return _change(table, frame.iloc[:0], after.loc[after.index.difference(frame.index)])


def remove(project: Project, table: str, labels: Iterable[int]) -> ChangeSet:
    """Take rows away."""
    frame = project.programme.table(table)
    gone = frame.loc[frame.index.intersection(list(labels))]
    return _change(table, gone, frame.iloc[:0])


def options_of(table: str, column: str, names: Mapping[str, Names]) -> tuple[str, ...]:
    """The values that a column is chosen from, as they are kept; none where anything may be typed."""
    about = TABLES[table][column]
    if about.of is not None:
        return tuple(item.value for item in about.of)
    return tuple(names.get(column, {}))


def is_number(table: str, column: str) -> bool:
    """Whether a column holds numbers."""
    return TABLES[table][column].kind in (CellKind.NUMBER, CellKind.MONEY, CellKind.YEAR, CellKind.COUNT)


def _change(table: str, before: pd.DataFrame, after: pd.DataFrame) -> ChangeSet:
    step = Rows(before, after).trimmed()
    if not len(step.before) and not len(step.after):
        return ChangeSet(CODE)
    return ChangeSet(CODE, {Address("programme", "", table): step}, {"table": f"programme.{table}"})


def _fid(project: Project, text: str) -> int:
    layer = project.neighbourhoods
    names = pd.Series(dtype=object) if layer is None else layer.frame["name"]
    found = [int(str(fid)) for fid, name in names.items() if fold_name(name) == fold_name(text)]
    if len(found) != 1:
        raise RenomapError("steps.programme-no-name", text=text)
    return found[0]


def unknown(value: Any) -> bool:
    """Whether a cell says nothing."""
    return value is None or bool(isinstance(value, float) and np.isnan(value))
