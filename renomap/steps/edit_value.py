"""Values of the survey set by hand: read as an import reads them, and marked as given by hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pandas as pd

from renomap.errors import RenomapError
from renomap.model.change import ChangeSet, difference
from renomap.model.fields import COLUMNS, DATE, NUMBER, TEXT
from renomap.model.layer import BY_HAND, READING_COLUMNS, Layer
from renomap.model.project import Project
from renomap.model.roles import Role
from renomap.sources import kinds
from renomap.sources.dates import read_date
from renomap.sources.values import IMPOSSIBLE, parse_number, parse_years

YEAR: Final = "year"
#: Columns that say where others come from.
_DERIVED: Final = frozenset(("households_flag", "origin"))
#: Columns whose words are those of a table, and how they are read.
_CODED: Final = {"renovation": kinds.renovation, "property_mgmt": kinds.property_mgmt}
#: What stands for a value that is taken back to unknown; the words of the parser count as well.
_NOTHING: Final = frozenset(("", "—", "-", "/"))


@dataclass(frozen=True)
class _Said:
    """What a typed text says: values by column, and the one shown in the list of readings."""

    values: dict[str, Any]
    shown: Any
    flag: str


def editable(role: Role) -> frozenset[str]:
    """Fields of a role that can be set by hand; ``year`` stands for ``year_min`` and ``year_max``."""
    if role is not Role.NEIGHBOURHOODS:
        return frozenset()
    columns = {name for name, kind in COLUMNS[role].items() if kind in (NUMBER, TEXT, DATE)}
    return frozenset((columns - _DERIVED - {"year_min", "year_max"}) | {YEAR})


@dataclass(frozen=True)
class Cell:
    """A value as it is written, and of which neighbourhood and field (``editable``) it is."""

    fid: int
    field: str
    text: str


@dataclass(frozen=True)
class Edited:
    """What came of several values: one change, how many are others now, what was refused and why."""

    change: ChangeSet
    taken: int
    refused: tuple[tuple[Cell, RenomapError], ...] = ()


def edit_value(project: Project, fid: int, field: str, text: str) -> ChangeSet:
    """Set a value of a neighbourhood.

    Parameters
    ----------
    project : Project
        With a layer of neighbourhoods that has ``fid``.
    field : str
        One of ``editable``; any other raises ValueError.
    text : str
        As people write it: ``约300户``, ``90年代``, ``1.2万``. Empty, a dash or 未知 makes the value unknown.

    Returns
    -------
    ChangeSet
        The row and a reading with method ``by_hand``, which replaces the reading that the value had. Empty
        where nothing changes.

    Raises
    ------
    RenomapError
        ``steps.value-unreadable``, ``-no-date``, ``-negative``, ``-too-large``.
    """
    layer = _layer(project)
    said = {Cell(fid, field, text): _said(field, text.strip())} if _has(layer, fid, field) else None
    if said is None:
        raise ValueError(f"no value {field!r} of {fid} to edit")
    after, taken = _edited(project, said)
    if not taken:
        return ChangeSet("steps.edit-value")
    name = layer.frame.at[fid, "name"] or "outputs.unnamed"  # worded with ``fid``
    return difference(project, after, "steps.edit-value", field=f"field.{field}", name=name, fid=fid)


def edit_values(project: Project, cells: Iterable[Cell]) -> Edited:
    """Set several values in one step, each as ``edit_value`` does; what cannot be read changes nothing.

    Of several values for the same cell the last counts. Raises ValueError for a cell that there is not.
    """
    layer, said, refused = _layer(project), {}, []
    for cell in {(cell.fid, cell.field): cell for cell in cells}.values():
        if not _has(layer, cell.fid, cell.field):
            raise ValueError(f"no value {cell.field!r} of {cell.fid} to edit")
        try:
            said[cell] = _said(cell.field, cell.text.strip())
        except RenomapError as fault:
            refused.append((cell, fault))
    after, taken = _edited(project, said)
    change = difference(project, after, "steps.edit-values", count=taken)
    return Edited(change, taken, tuple(refused))


def _layer(project: Project) -> Layer:
    layer = project.neighbourhoods
    if layer is None:
        raise ValueError("no neighbourhoods to edit")
    return layer


def _has(layer: Layer, fid: int, field: str) -> bool:
    return field in editable(layer.role) and fid in layer.frame.index


def _edited(project: Project, said: Mapping[Cell, _Said]) -> tuple[Project, int]:
    """The project with these values, and how many of them differ from what was there."""
    layer = _layer(project)
    columns: dict[str, Any] = {}
    changed: dict[Cell, _Said] = {}
    for cell, each in said.items():
        if all(_same(layer.frame.at[cell.fid, name], value) for name, value in each.values.items()):
            continue
        changed[cell] = each
        for name, value in each.values.items():
            columns.setdefault(name, layer.frame[name].copy()).loc[cell.fid] = value
    if not changed:
        return project, 0
    frame = layer.frame.copy()
    for name, column in columns.items():
        frame[name] = column.astype(layer.frame[name].dtype)
    return project.with_layer(replace(layer, frame=frame, readings=_readings(layer, changed))), len(changed)


def _said(field: str, text: str) -> _Said:
    if field == YEAR:
        years = parse_years(text)
        if years.first is None and years.last is None and not _says_nothing(text):
            raise RenomapError("steps.value-unreadable", text=text, field=f"field.{field}")
        low = np.nan if years.first is None else float(years.first)
        high = np.nan if years.last is None else float(years.last)
        return _Said({"year_min": low, "year_max": high}, text or None, years.flag)
    if field in _CODED:
        (word,) = _CODED[field](pd.Series([text], dtype=object))
        if word is None and not _says_nothing(text):
            raise RenomapError("steps.value-unreadable", text=text, field=f"field.{field}")
        return _Said({field: word}, word, "unknown" if word is None else "reported")
    if COLUMNS[Role.NEIGHBOURHOODS][field] == DATE:
        day = read_date(text)
        if day is None and not _says_nothing(text):
            raise RenomapError("steps.value-no-date", text=text, field=f"field.{field}")
        return _Said({field: day}, day, "unknown" if day is None else "reported")
    if COLUMNS[Role.NEIGHBOURHOODS][field] == TEXT:
        value = text or None
        return _Said({field: value}, value, "unknown" if value is None else "reported")
    return _number(field, text)


def _number(field: str, text: str) -> _Said:
    read = parse_number(text)
    if read.method == IMPOSSIBLE:
        raise RenomapError("steps.value-too-large", field=f"field.{field}")
    if read.value is None and not _says_nothing(text):
        raise RenomapError("steps.value-unreadable", text=text, field=f"field.{field}")
    if read.value is not None and read.value < 0:
        raise RenomapError("steps.value-negative", field=f"field.{field}")
    values: dict[str, Any] = {field: np.nan if read.value is None else read.value}
    if field == "households":
        values["households_flag"] = "unknown" if read.value is None else read.flag
    return _Said(values, read.value, read.flag)


def _says_nothing(text: str) -> bool:
    return text in _NOTHING or parse_number(text).method in ("blank", "dash", "unknown_word")


def _same(one: Any, other: Any) -> bool:
    return bool(one == other) or (pd.isna(one) and pd.isna(other))


def _readings(layer: Layer, changed: Mapping[Cell, _Said]) -> pd.DataFrame:
    old = layer.readings
    places = {(cell.fid, cell.field) for cell in changed}
    again = [(fid, field) in places for fid, field in zip(old["fid"], old["field"], strict=True)]
    kept = old[~np.array(again, dtype=bool)]
    rows = [
        (cell.fid, cell.field, cell.text.strip(), said.shown, BY_HAND, said.flag)
        for cell, said in changed.items()
    ]
    given = pd.DataFrame(rows, columns=list(READING_COLUMNS)).astype(dict.fromkeys(READING_COLUMNS, object))
    joined = pd.concat([kept.astype(object), given], ignore_index=True) if len(kept) else given
    return joined.astype({"value": object})
