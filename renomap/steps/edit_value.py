"""One value of the survey set by hand: read as an import reads it, and marked as given by hand."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pandas as pd

from renomap.errors import RenomapError
from renomap.model.change import ChangeSet, difference
from renomap.model.fields import COLUMNS, NUMBER, TEXT
from renomap.model.layer import BY_HAND, READING_COLUMNS, Layer
from renomap.model.project import Project
from renomap.model.roles import Role
from renomap.sources import kinds
from renomap.sources.values import parse_number, parse_years

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
    columns = {name for name, kind in COLUMNS[role].items() if kind in (NUMBER, TEXT)}
    return frozenset((columns - _DERIVED - {"year_min", "year_max"}) | {YEAR})


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
        ``steps.value-unreadable``, ``steps.value-negative``.
    """
    layer = project.neighbourhoods
    if layer is None or field not in editable(layer.role) or fid not in layer.frame.index:
        raise ValueError(f"no value {field!r} of {fid} to edit")
    said = _said(field, text.strip())
    frame = layer.frame.copy()
    for name, value in said.values.items():
        column = frame[name].copy()
        column.loc[fid] = value
        frame[name] = column.astype(layer.frame[name].dtype)
    if all(_same(layer.frame.at[fid, name], frame.at[fid, name]) for name in said.values):
        return ChangeSet("steps.edit-value")
    after = project.with_layer(replace(layer, frame=frame, readings=_readings(layer, fid, field, text, said)))
    row = layer.frame.loc[fid]
    return difference(
        project, after, "steps.edit-value", field=f"field.{field}", name=str(row["name"] or fid)
    )


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
    if COLUMNS[Role.NEIGHBOURHOODS][field] == TEXT:
        value = text or None
        return _Said({field: value}, value, "unknown" if value is None else "reported")
    return _number(field, text)


def _number(field: str, text: str) -> _Said:
    read = parse_number(text)
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


def _readings(layer: Layer, fid: int, field: str, text: str, said: _Said) -> pd.DataFrame:
    old = layer.readings
    kept = old[~((old["fid"] == fid) & (old["field"] == field)).to_numpy(dtype=bool)]
    row = pd.DataFrame([(fid, field, text, said.shown, BY_HAND, said.flag)], columns=list(READING_COLUMNS))
    row = row.astype(dict.fromkeys(READING_COLUMNS, object))
    joined = pd.concat([kept.astype(object), row], ignore_index=True) if len(kept) else row
    return joined.astype({"value": object})
