"""Neighbourhoods of an inventory that have no boundary yet: a list to place or draw, kept in the project."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any, Final

import pandas as pd

from renomap.model.fields import COLUMNS
from renomap.model.project import Project
from renomap.model.roles import Role

#: Key of ``Project.meta``: a tuple of mappings, one per row, with what is known of it.
WAITING: Final = "waiting"
#: What a row has besides canonical columns of neighbourhoods: where it stands, where it lies (degrees of WGS
#: 84, or NaN), why it waits (``unmatched``, ``ambiguous``, ``no-shape``) and the fids it could be meant for.
PLACE_COLUMNS: Final = ("file", "sheet", "row", "lon", "lat", "reason", "suggestions")
#: Why a row of a layer waits that has no shape there.
NO_SHAPE: Final = "no-shape"


def waiting(project: Project) -> pd.DataFrame:
    """The rows that wait for a boundary.

    Returns
    -------
    DataFrame
        Index ``id`` (int64, ascending; a new row's is above all in the list); the canonical columns of
        neighbourhoods that any row knows, and those of ``PLACE_COLUMNS``. Unknown is NaN or None. Empty with
        no column but ``name`` where nothing waits.
    """
    entries: tuple[Mapping[str, Any], ...] = tuple(project.meta.get(WAITING, ()))
    index = pd.Index([int(entry["id"]) for entry in entries], name="id", dtype="int64")
    known = {key for entry in entries for key in entry}
    names = [
        name for name in (*COLUMNS[Role.NEIGHBOURHOODS], *PLACE_COLUMNS) if name in known or name == "name"
    ]
    columns = {name: pd.Series([entry.get(name) for entry in entries], index=index) for name in names}
    return pd.DataFrame(columns, index=index)


def with_waiting(project: Project, rows: pd.DataFrame) -> Project:
    """The project with more rows that wait; a row of the same file, sheet and row takes the former's place.

    Parameters
    ----------
    rows : DataFrame
        Canonical columns and those of ``PLACE_COLUMNS``, any index.
    """
    entries: list[Mapping[str, Any]] = list(project.meta.get(WAITING, ()))
    last = max((int(entry["id"]) for entry in entries), default=0)
    new: list[dict[str, Any]] = [{"id": last + number} for number in range(1, len(rows) + 1)]
    for name in (*COLUMNS[Role.NEIGHBOURHOODS], *PLACE_COLUMNS):
        if name in rows and rows[name].notna().any():
            for entry, value in zip(new, rows[name].tolist(), strict=True):
                if _said(value):
                    entry[name] = _plain(value)
    fresh = {_place(entry) for entry in new}
    return _with(project, [*(entry for entry in entries if _place(entry) not in fresh), *new])


def _place(entry: Mapping[str, Any]) -> tuple[Any, ...]:
    return entry.get("file"), entry.get("sheet"), entry.get("row")


def without_waiting(project: Project, ids: Collection[int]) -> Project:
    """The project without these rows of the list."""
    gone = {int(each) for each in ids}
    return _with(project, [entry for entry in project.meta.get(WAITING, ()) if int(entry["id"]) not in gone])


def _with(project: Project, entries: list[Mapping[str, Any]]) -> Project:
    meta = {key: value for key, value in project.meta.items() if key != WAITING}
    return replace(project, meta=meta | {WAITING: tuple(entries)} if entries else meta)


def _said(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return bool(value)
    return value is not None and value == value  # NaN differs from itself


def _plain(value: Any) -> Any:
    """Plain values that a file can keep."""
    if isinstance(value, list | tuple):
        return tuple(_plain(item) for item in value)
    return value.item() if hasattr(value, "item") else value
