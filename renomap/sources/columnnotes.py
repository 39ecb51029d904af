"""What is said of the columns and the cells of a table: taken for what, kept, unread, interpreted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from renomap.model.fields import COLUMNS
from renomap.model.note import LEAVE_OUT, GuessKind, Note, Severity
from renomap.model.roles import Role
from renomap.sources.addresses import ColumnOptions
from renomap.sources.synonyms import PSEUDO, Meaning, meaning_of, synonym_names
from renomap.sources.values import fold, says_nothing

#: Roles whose columns are figures; of the others only the names matter.
_SURVEYED = (Role.NEIGHBOURHOODS, Role.BUILDINGS, Role.FACILITIES)
#: Columns that tell the kind of a row beside the one called so.
KIND_COLUMNS = {
    Role.FACILITIES: ("amenity", "social_facility", "healthcare", "shop", "leisure"),
    Role.WATER: ("waterway", "natural", "water"),
}
#: What those columns fill.
_KIND_OF = {Role.FACILITIES: "facility", Role.WATER: "kind"}
#: Of the cells that say nothing, how many are quoted, and how much of each.
_MOST_WORDS, _LONGEST_WORD = 8, 24
#: How a cell was read that says something else than what its column asks; how many of them are named.
_UNREAD = ("unreadable", "day")
_NAMED = 20
#: Of a column, how many cells are shown as samples, among how many rows they are looked for, how long.
_SAMPLES, _LOOKED_AT, _LONGEST_SAMPLE = 3, 500, 12
#: How a day without a time ends as a text.
_MIDNIGHT = " 00:00:00"


def filled_cells(fields: pd.DataFrame) -> dict[str, int]:
    """Column -> how many of its cells say anything; a dash or 不详 says nothing."""
    counts = {}
    for column in fields.columns:
        known = fields[column].dropna()
        if known.dtype == object:
            empty = {text for text in set(known) if isinstance(text, str) and says_nothing(fold(text))}
            known = known[~known.isin(empty)] if empty else known
        counts[str(column)] = len(known)
    return counts


def samples(values: pd.Series[Any]) -> tuple[str, ...]:
    """The first different cells of a column that say anything, as written, shortened where they are long.

    >>> samples(pd.Series(["—", "90年代", None, "90年代", 2001.0]))
    ('90年代', '2001')
    """
    found: dict[str, None] = {}
    for value in values.iloc[:_LOOKED_AT].dropna():
        text = f"{value:.12g}" if isinstance(value, float) else " ".join(str(value).split())
        text = text.removesuffix(_MIDNIGHT)
        if not text or says_nothing(fold(text)):
            continue
        found[text if len(text) <= _LONGEST_SAMPLE else f"{text[: _LONGEST_SAMPLE - 1]}…"] = None
        if len(found) == _SAMPLES:
            break
    return tuple(found)


def columns_note(
    fields: pd.DataFrame, used: tuple[Meaning, ...], role: Role, said: ColumnOptions, title: str
) -> list[Note]:
    """Which column means what, leaving out those that are called what they are; every column can be given
    another meaning. Columns that tell the kind of a row are read, and shown so."""
    columns = [str(name) for name in fields.columns]
    read = {name: _KIND_OF[role] for name in columns if fold(name) in KIND_COLUMNS.get(role, ())}
    read |= {meaning.column: meaning.canonical for meaning in used}
    told = [meaning for meaning in used if meaning.column != meaning.canonical]
    if not told and not (set(columns) - set(read) and role in _SURVEYED):
        return []
    choices = (*_choices(role), LEAVE_OUT)
    guesses = [
        said.guess(
            GuessKind.FIELD, name, read.get(name, LEAVE_OUT), choices, samples=samples(fields.iloc[:, at])
        )
        for at, name in enumerate(columns)
    ]
    if not told:
        unread = [name for name in columns if name not in read]
        params: dict[str, Any] = {"layer": title, "columns": unread[:_NAMED]}
        params["overrule"] = f"--field {title}.NAME=CANONICAL"
        return [Note("sources.columns-unread", params, layer=title, guesses=tuple(guesses))]
    sure = all(meaning.exact or meaning.by_user for meaning in told)
    params = {
        "layer": title,
        "pairs": {meaning.column: f"field.{meaning.canonical}" for meaning in told},
        "overrule": f"--field {title}.NAME=CANONICAL",
    }
    severity = Severity.INFO if sure else Severity.GUESS
    confidence = 0.95 if sure else 0.5
    return [Note("sources.columns", params, severity, title, confidence=confidence, guesses=tuple(guesses))]


def left_notes(
    fields: pd.DataFrame, used: Sequence[Meaning], role: Role, said: ColumnOptions, title: str
) -> list[Note]:
    """The filled columns that fill nothing: those whose meaning another column has, and those that mean
    nothing here and are kept as they came. What the user leaves out needs no remark."""
    filled = filled_cells(fields)
    chosen = {meaning.canonical: meaning.column for meaning in used}
    read = {*chosen.values(), *COLUMNS[role], *KIND_COLUMNS.get(role, ())}
    second: dict[str, str] = {}
    kept: list[str] = []
    for column, count in filled.items():
        if not count or column in read or fold(column) in read or said.fields.get(column) == LEAVE_OUT:
            continue
        meant = meaning_of(column, role)
        if meant is not None and meant[0].canonical in chosen:
            second[column] = chosen[meant[0].canonical]
        else:
            kept.append(column)
    notes = []
    if second:
        params: dict[str, Any] = {"layer": title, "pairs": second, "count": len(second)}
        notes.append(Note("sources.columns-second", params, Severity.INFO, layer=title))
    if kept and used and role in _SURVEYED:
        params = {"layer": title, "columns": kept[:_NAMED], "count": len(kept)}
        notes.append(Note("sources.columns-kept", params, Severity.INFO, layer=title))
    return notes


def _choices(role: Role) -> tuple[str, ...]:
    """What a column of a layer may mean: years as one, and nothing that follows from other columns."""
    names = [
        name for name in COLUMNS[role] if name not in ("year_min", "year_max", "households_flag", "origin")
    ]
    return (*names, *(name for name in PSEUDO if name in synonym_names(role)))


def reading_notes(readings: pd.DataFrame, title: str) -> list[Note]:
    """One remark per field whose values had to be interpreted, with examples; one for all that say
    nothing."""
    notes = []
    silent = readings[(readings["flag"] == "unknown") & ~readings["method"].isin(_UNREAD)]
    for name, rows in readings[readings["flag"] != "unknown"].groupby("field", sort=False):
        shown = rows.drop_duplicates("method").head(4)
        pairs = zip(shown["raw"].tolist(), shown["value"].tolist(), strict=True)
        examples = [f"{raw.removesuffix(_MIDNIGHT)} → {_short(value)}" for raw, value in pairs]
        params = {"layer": title, "field": f"field.{name}", "count": len(rows), "examples": examples}
        fids = tuple(int(fid) for fid in rows["fid"].head(50))
        notes.append(Note("sources.values", params, Severity.GUESS, layer=title, fids=fids, confidence=0.9))
    if len(silent):
        fields = {f"field.{name}": int(n) for name, n in silent["field"].value_counts(sort=False).items()}
        words = [str(raw)[:_LONGEST_WORD] for raw in dict.fromkeys(silent["raw"].tolist())][:_MOST_WORDS]
        params = {"layer": title, "count": len(silent), "fields": fields, "words": words}
        notes.append(Note("sources.values-unknown", params, Severity.INFO, layer=title))
    return notes


def unread_note(readings: pd.DataFrame, names: pd.Series[Any], title: str) -> list[Note]:
    """The cells that say something which could not be read as a number or a year."""
    rows = readings[readings["method"].isin(_UNREAD)]
    if not len(rows):
        return []
    cells = []
    for fid, raw in zip(rows["fid"][:_NAMED], rows["raw"][:_NAMED], strict=True):
        whose = names.get(fid)
        who = whose if isinstance(whose, str) else f"#{fid}"
        cells.append(f"{who} {raw.removesuffix(_MIDNIGHT)[:_LONGEST_WORD]}")
    fields = {f"field.{name}": int(n) for name, n in rows["field"].value_counts(sort=False).items()}
    params = {"layer": title, "count": len(rows), "cells": cells, "fields": fields}
    fids = tuple(int(fid) for fid in rows["fid"].head(50))
    return [Note("sources.cells-unreadable", params, Severity.WARNING, title, fids)]


def _short(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
