"""Rows of single buildings summed to neighbourhoods; a sum that lacks a building says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from renomap.model.fields import COLUMNS, NUMBER
from renomap.model.layer import READING_COLUMNS
from renomap.model.note import Note, Severity
from renomap.model.roles import Role
from renomap.sources import kinds
from renomap.sources.addresses import ColumnOptions
from renomap.sources.canonical import Canonical, canonical
from renomap.sources.joining import fold_name

#: Of these a neighbourhood has what its tallest, oldest and newest building has.
_EXTREMES: Final[Mapping[str, str]] = {"floors": "max", "year_min": "min", "year_max": "max"}
#: What the first row of a neighbourhood that says it says for all.
_FIRST: Final = ("code", "name", "district", "street", "community", "community_population", "address")
#: Said again on the row of every building; adding them up would count the neighbourhood many times.
_OF_THE_WHOLE: Final = ("land_area_m2", "parking_spaces", "cars", "green_m2", "activity_m2")
#: Read as what they are of a building, not of a neighbourhood.
_OF_BUILDINGS: Final = ("elevators", "floors", "unsafe_buildings")


@dataclass(frozen=True)
class Sums:
    """Neighbourhoods made of the rows of buildings.

    ``parsed`` has one row per neighbourhood, fid from 1 in the order they first appear; ``first`` is the
    table row (from 1) of the first building of each.
    """

    parsed: Canonical
    first: npt.NDArray[np.int64]


def summed(table: pd.DataFrame, said: ColumnOptions, name: str) -> Sums:
    """Add up the buildings of each neighbourhood.

    Parameters
    ----------
    table : DataFrame
        One row per building, columns as they came, any index.
    said : ColumnOptions
        What the user says of the columns.
    name : str
        Sheet, for the notes.

    Returns
    -------
    Sums
        Buildings belong together by code, or by name within a subdistrict where there is no code; rows with
        neither are left out. Non-residential buildings count for nothing. Counts and floor area are added up
        over the buildings that know them: where some do not, the reading is flagged ``lower_bound`` (for
        households the column ``households_flag`` too). Storeys and years are those of the extremes. A value
        of the whole neighbourhood (land, parking) counts only where all its rows agree.
    """
    fields = table.reset_index(drop=True)
    fids = np.arange(1, len(fields) + 1, dtype=np.int64)
    units = canonical(fields, fids, Role.NEIGHBOURHOODS, said, name)
    blocks = canonical(fields, fids, Role.BUILDINGS, ColumnOptions(fields=_own_only(said)), name)
    kept = (blocks.frame["use"] != "other").to_numpy()
    keys = _keys(units.frame)
    rows = np.flatnonzero(kept & (keys != ""))
    owner, distinct = pd.factorize(keys[rows])
    each = blocks.frame.assign(unsafe_buildings=_unsafe(fields, blocks))
    frame, readings = _added_up(units.frame.iloc[rows], each.iloc[rows], owner)
    params = {
        "sheet": name,
        "buildings": len(rows),
        "count": len(distinct),
        "other": int((~kept).sum()),
        "unnamed": int((kept & (keys == "")).sum()),
        "partial": readings["fid"].nunique(),
    }
    notes = (*units.notes, Note("sources.buildings-summed", params, Severity.GUESS, name, confidence=0.9))
    extra = {
        axis: np.asarray(pd.Series(units.extra[axis][rows]).groupby(owner).mean(), dtype=np.float64)
        for axis in ("lon", "lat")
        if axis in units.extra
    }
    first = rows[np.unique(owner, return_index=True)[1]] + 1
    return Sums(Canonical(frame, readings, notes, units.used, extra), first)


def _unsafe(fields: pd.DataFrame, blocks: Canonical) -> npt.NDArray[np.float64]:
    """1 for an unsafe building, 0 for a safe one, NaN where the row does not say."""
    column = next((meaning.column for meaning in blocks.used if meaning.canonical == "unsafe"), None)
    if column is None:
        return np.full(len(fields), np.nan)
    told = kinds.unsafe(fields[column])
    return np.array([np.nan if each is None else float(each) for each in told], dtype=np.float64)


def _own_only(said: ColumnOptions) -> Mapping[str, str]:
    """Meanings the user gave that a building has too."""
    return {column: name for column, name in said.fields.items() if name in COLUMNS[Role.BUILDINGS]}


def _keys(frame: pd.DataFrame) -> npt.NDArray[np.object_]:
    """What tells the neighbourhood of each row: its code, else its name within its subdistrict."""
    keys = []
    for code, name, street in zip(frame["code"], frame["name"], frame["street"], strict=True):
        folded = fold_name(name)
        keys.append(f"#{fold_name(code)}" if fold_name(code) else folded and f"{folded}@{fold_name(street)}")
    return np.array(keys, dtype=object)


def _added_up(
    units: pd.DataFrame, blocks: pd.DataFrame, owner: npt.NDArray[np.int64]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The canonical columns of the neighbourhoods, and a reading for every sum that lacks a building."""
    size = np.asarray(np.bincount(owner), dtype=np.int64)
    index = pd.Index(np.arange(1, len(size) + 1), name="fid", dtype="int64")
    columns: dict[str, Any] = {}
    readings: list[pd.DataFrame] = []
    for name, kind in COLUMNS[Role.NEIGHBOURHOODS].items():
        cells = (blocks if name in _OF_BUILDINGS else units)[name].groupby(owner)
        if name in _EXTREMES:
            values = cells.agg(_EXTREMES[name])
        elif name in _FIRST:
            values = cells.first()
        elif kind != NUMBER or name in _OF_THE_WHOLE:
            values = cells.first().where(cells.nunique() == 1)
        else:
            values, known = cells.sum(min_count=1), np.asarray(cells.count(), dtype=np.int64)
            readings.append(_partial(name, values.to_numpy(), known, size))
        columns[name] = values.to_numpy(dtype=float if kind == NUMBER else object)
    columns["buildings"] = size.astype(float)
    told = pd.concat(readings, ignore_index=True)
    short = set(told.loc[told["field"] == "households", "fid"])
    columns["households_flag"] = [
        "unknown" if np.isnan(value) else "lower_bound" if fid in short else "derived"
        for fid, value in zip(index, columns["households"], strict=True)
    ]
    columns["origin"] = ["survey"] * len(size)
    frame = pd.DataFrame(columns, index=index)
    texts = [name for name, kind in COLUMNS[Role.NEIGHBOURHOODS].items() if kind != NUMBER]
    frame[texts] = frame[texts].astype(object).where(frame[texts].notna(), None)
    return frame, told


def _partial(
    name: str, values: npt.NDArray[np.float64], known: npt.NDArray[np.int64], size: npt.NDArray[np.int64]
) -> pd.DataFrame:
    """The sums of a column that not all buildings know."""
    at = np.flatnonzero((known > 0) & (known < size)) if name != "buildings" else np.empty(0, dtype=int)
    told = {
        "fid": at + 1,
        "field": name,
        "raw": [f"{known[i]}/{size[i]}" for i in at],
        "value": pd.Series(values[at], dtype=object),
        "method": "sum",
        "flag": "lower_bound",
    }
    return pd.DataFrame(told, columns=list(READING_COLUMNS))
