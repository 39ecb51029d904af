"""Cells that a spreadsheet program has damaged: emptied, and named by their place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any, Final

import pandas as pd

from renomap.model.note import Note, Severity
from renomap.model.roles import Role
from renomap.sources.grid import Uncomputed
from renomap.sources.synonyms import meaning_of

_ERRORS: Final = frozenset(
    ("#REF!", "#N/A", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#####")
)
#: A number of which only the first digits are left.
_POWER = re.compile(r"^\d(\.\d+)?[eE]\+\d{2}$")
#: From here on a spreadsheet keeps no number digit by digit.
_CUT: Final = 1e15
_NAMES: Final = ("code", "name")
_NAMED: Final = 20


@dataclass(frozen=True)
class Mended:
    """``rows`` without the damaged cells; ``damaged`` and ``uncomputed`` name them (``B7``), with what stood
    there."""

    rows: pd.DataFrame
    damaged: tuple[str, ...]
    uncomputed: tuple[str, ...]


def letter(column: int) -> str:
    """The letters of a column counted from 0: ``A``, ``Z``, ``AA``."""
    text = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(65 + rest) + text
    return text


def mended(rows: pd.DataFrame, columns: Sequence[int]) -> Mended:
    """Empty the cells that say nothing true any more.

    Parameters
    ----------
    rows : DataFrame
        Headers as columns, rows of the sheet (from 1) as index, cells as they came.
    columns : sequence of int
        Place of each column in the sheet, from 0.

    Returns
    -------
    Mended
        Cells in error, formulas without a result, and codes and names that were turned into days or cut to
        fifteen digits are None. Other codes and names that a workbook keeps as numbers are texts: 430102 and
        not 430102.0.
    """
    out = rows.copy()
    damaged: list[str] = []
    uncomputed: list[str] = []
    for at, name in zip(columns, rows.columns, strict=True):
        hit = meaning_of(str(name), Role.NEIGHBOURHOODS)
        is_name = hit is not None and hit[0].canonical in _NAMES
        cells = []
        for number, cell in zip(rows.index, rows[name], strict=True):
            place = f"{letter(at)}{number}"
            if isinstance(cell, Uncomputed):
                uncomputed.append(place)
            elif _is_damaged(cell, is_name):
                damaged.append(f"{place} {_shown(cell)}")
            else:
                cells.append(_text(cell) if is_name else cell)
                continue
            cells.append(None)
        out[name] = pd.Series(cells, index=rows.index, dtype=object)
    return Mended(out, tuple(damaged), tuple(uncomputed))


def notes_of(found: Mended, sheet: str) -> list[Note]:
    """The remarks that name the cells of a sheet that were emptied."""
    notes = []
    for code, cells in (
        ("sources.cells-damaged", found.damaged),
        ("sources.formulas-uncomputed", found.uncomputed),
    ):
        if cells:
            params = {"sheet": sheet, "count": len(cells), "cells": list(cells[:_NAMED])}
            notes.append(Note(code, params, Severity.WARNING, layer=sheet))
    return notes


def _is_damaged(cell: Any, is_name: bool) -> bool:
    if isinstance(cell, str):
        plain = cell.strip()
        return plain.upper() in _ERRORS or (is_name and _POWER.match(plain) is not None)
    if not is_name:
        return False
    return isinstance(cell, (date, time, timedelta)) or (isinstance(cell, float) and abs(cell) >= _CUT)


def _shown(cell: Any) -> str:
    if isinstance(cell, float):
        return f"{cell:.5E}"
    return str(cell).removesuffix(" 00:00:00")


def _text(cell: Any) -> Any:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return cell if cell is None else str(cell)
