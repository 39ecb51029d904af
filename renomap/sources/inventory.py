"""The inventory workbook joined to the neighbourhoods: its values fill theirs, and what found no partner is
listed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely

from renomap.model.fields import COLUMNS, NUMBER
from renomap.model.layer import Layer
from renomap.model.note import Note, Severity
from renomap.model.roles import Role
from renomap.sources.canonical import Canonical, canonical
from renomap.sources.joining import Pairs, match
from renomap.sources.synonyms import meanings
from renomap.sources.workbook import Sheet

#: Differences smaller than this share are rounding.
_ROUNDING = 0.005
_NAMED = 20
#: What and where a neighbourhood is the map says; the inventory only fills what the map leaves open.
_OF_THE_MAP = frozenset(("code", "name", "district", "street", "community"))
#: Follow from others.
_NOT_FILLED = frozenset(("origin", "households_flag"))


@dataclass(frozen=True)
class Joined:
    """``layer`` with the values filled in, ``unplaced`` the rows without a neighbourhood (canonical columns,
    ``sheet``, ``row``,
    ``lon``, ``lat``, ``reason``, ``suggestions`` as fids), ``notes`` the counts."""

    layer: Layer
    unplaced: pd.DataFrame
    notes: tuple[Note, ...]


def join(layer: Layer, sheets: Sequence[Sheet], name: str, by_user: Mapping[str, str]) -> Joined:
    """Join the tables of an inventory to a layer of neighbourhoods.

    Parameters
    ----------
    layer : Layer
        Role neighbourhoods, in the project's coordinates.
    sheets : sequence of Sheet
        Tables of one row per neighbourhood; tables of one row per building are left out with a note.
    name : str
        File name, for the notes.
    by_user : Mapping
        Column -> canonical name, said by the user.

    Returns
    -------
    Joined
        A value the inventory knows wins over the map's; where both know one and differ, a note lists it.
        Values it does not know leave the map's as they are.
    """
    notes: list[Note] = [note for sheet in sheets for note in sheet.notes]
    usable = [sheet for sheet in sheets if not sheet.per_building]
    for sheet in sheets:
        if sheet.per_building:
            notes.append(
                Note("sources.sheet-per-building", {"sheet": sheet.name, "file": name}, Severity.WARNING)
            )
    if not usable:
        return Joined(layer, pd.DataFrame(), tuple(notes))
    table, parsed, doubled = _stacked(usable, by_user, name)
    notes += parsed.notes
    if doubled:
        params = {"file": name, "count": doubled}
        notes.append(Note("sources.inventory-doubled", params, Severity.WARNING))
    places = _places(parsed, layer)
    pairs = match(layer.frame, parsed.frame, places)
    filled, conflicts, readings = _filled(layer, parsed, pairs, table)
    notes += conflicts
    notes += _counts(pairs, layer.frame, parsed.frame, name)
    return Joined(
        replace(layer, frame=filled, readings=readings), _unplaced(table, parsed, pairs), tuple(notes)
    )


def listed(sheets: Sequence[Sheet], name: str, by_user: Mapping[str, str]) -> pd.DataFrame:
    """The rows of an inventory that has no map to be joined to: a list to place or draw, as
    ``Joined.unplaced``."""
    usable = [sheet for sheet in sheets if not sheet.per_building]
    if not usable:
        return pd.DataFrame()
    table, parsed, _ = _stacked(usable, by_user, name)
    return _unplaced(table, parsed, Pairs({}, {}, {}, tuple(table.index), (), {}))


def _stacked(
    sheets: Sequence[Sheet], by_user: Mapping[str, str], name: str
) -> tuple[pd.DataFrame, Canonical, int]:
    """All sheets as one table, its canonical columns, and how many rows repeated an earlier one and were
    dropped.

    The index is the row number from 1; the columns ``sheet`` and ``row`` say where a row stands.
    """
    parts = []
    for sheet in sheets:
        part = sheet.rows.copy()
        part["\0sheet"], part["\0row"] = sheet.name, part.index
        parts.append(part)
    table = pd.concat(parts, ignore_index=True)
    told = [meaning.column for meaning in meanings(map(str, table.columns), Role.NEIGHBOURHOODS, by_user)]
    once = ~table[told].astype(str).duplicated().to_numpy()
    table = table[once].set_index(pd.RangeIndex(1, int(once.sum()) + 1, name="fid"))
    return table, _read(table, by_user, name), int((~once).sum())


def _read(table: pd.DataFrame, by_user: Mapping[str, str], name: str) -> Canonical:
    fields = table.drop(columns=["\0sheet", "\0row"]).reset_index(drop=True)
    fids = np.arange(1, len(table) + 1, dtype=np.int64)
    return canonical(fields, fids, Role.NEIGHBOURHOODS, by_user, name)


def _places(parsed: Canonical, layer: Layer) -> list[Any] | None:
    """Points of the rows in project coordinates where the table has longitudes and latitudes; taken as WGS
    84."""
    lon, lat = parsed.extra.get("lon"), parsed.extra.get("lat")
    if lon is None or lat is None or layer.frame.crs is None:
        return None
    good = np.isfinite(lon) & np.isfinite(lat) & (np.abs(lon) <= 180) & (np.abs(lat) <= 90)
    change = pyproj.Transformer.from_crs("EPSG:4326", layer.frame.crs, always_xy=True)
    x, y = change.transform(np.where(good, lon, 0.0), np.where(good, lat, 0.0))
    points = shapely.points(x, y)
    return [point if ok else None for point, ok in zip(points, good, strict=True)]


def _filled(
    layer: Layer, parsed: Canonical, pairs: Pairs, table: pd.DataFrame
) -> tuple[gpd.GeoDataFrame, list[Note], pd.DataFrame]:
    frame = layer.frame.copy()
    rows = np.array(list(pairs.by_row), dtype=np.int64)
    fids = np.array([pairs.by_row[row] for row in rows], dtype=np.int64)
    notes: list[Note] = []
    if not len(rows):
        return frame, notes, layer.readings
    at = frame.index.get_indexer(fids)
    for name, kind in COLUMNS[Role.NEIGHBOURHOODS].items():
        if name in _NOT_FILLED:
            continue
        new = parsed.frame[name].to_numpy()[rows - 1]
        known = ~pd.isna(new)
        if not known.any():
            continue
        values = frame[name].to_numpy(copy=True)
        old = values[at]
        notes += _conflict(name, kind, old, new, fids, layer.title)
        if name in _OF_THE_MAP:
            known &= pd.isna(old)
        values[at[known]] = new[known]
        frame[name] = pd.Series(values, index=frame.index, dtype=float if kind == NUMBER else object)
        if name == "households":
            flags = frame["households_flag"].to_numpy(dtype=object, copy=True)
            flags[at[known]] = parsed.frame["households_flag"].to_numpy()[rows - 1][known]
            frame["households_flag"] = pd.Series(flags, index=frame.index, dtype=object)
    _extra_columns(frame, table, parsed, rows, at)
    return frame, notes, _readings(layer, parsed, pairs)


def _extra_columns(
    frame: gpd.GeoDataFrame, table: pd.DataFrame, parsed: Canonical, rows: Any, at: Any
) -> None:
    """Columns of the table that mean nothing canonical pass through, under their own name where that is
    free."""
    used = {meaning.column for meaning in parsed.used}
    taken = {str(name).casefold() for name in frame.columns}
    for column in table.columns:
        name = str(column)
        if name in used or name.startswith("\0") or name.casefold() in taken:
            continue
        values = np.full(len(frame), None, dtype=object)
        cells = table[column].to_numpy(dtype=object)[rows - 1]
        values[at] = [
            None if pd.isna(cell) else cell if isinstance(cell, (int, float)) else str(cell) for cell in cells
        ]
        numbers = all(value is None or isinstance(value, (int, float)) for value in values)
        frame[name] = pd.Series(values, index=frame.index, dtype=float if numbers else object)


def _conflict(name: str, kind: str, old: Any, new: Any, fids: Any, title: str) -> list[Note]:
    """Where map and inventory both know a value and differ. Names that were matched differ in writing
    only."""
    if name in ("name", "code"):
        return []
    both = ~pd.isna(old) & ~pd.isna(new)
    if kind == NUMBER:
        a, b = old.astype(float), new.astype(float)
        differ = both & (np.abs(a - b) > _ROUNDING * np.maximum(np.abs(a), np.abs(b)))
    else:
        differ = both & (old != new)
    where = np.flatnonzero(differ)
    if not len(where):
        return []
    code = "sources.inventory-other-place" if name in _OF_THE_MAP else "sources.inventory-conflict"
    examples = "; ".join(f"{old[i]} / {new[i]}" for i in where[:3])
    params = {"field": name, "count": len(where), "examples": examples}
    named = tuple(int(fid) for fid in fids[where][:_NAMED])
    return [Note(code, params, Severity.WARNING, layer=title, fids=named)]


def _readings(layer: Layer, parsed: Canonical, pairs: Pairs) -> pd.DataFrame:
    """The layer's readings with those of the joined rows, which replace the map's own of the same cell."""
    mine = parsed.readings[parsed.readings["fid"].isin(list(pairs.by_row))].copy()
    if mine.empty:
        return layer.readings
    mine["fid"] = [pairs.by_row[int(row)] for row in mine["fid"]]
    old = layer.readings
    if not len(old):
        return mine.reset_index(drop=True)
    told = set(zip(mine["fid"], mine["field"], strict=True))
    kept = old[[(fid, name) not in told for fid, name in zip(old["fid"], old["field"], strict=True)]]
    return pd.concat([kept, mine], ignore_index=True)


def _counts(pairs: Pairs, units: gpd.GeoDataFrame, rows: pd.DataFrame, file: str) -> list[Note]:
    params: dict[str, Any] = {
        "file": file,
        "rows": len(rows),
        "matched": len(pairs.by_row),
        "by_code": sum(how == "code" for how in pairs.how.values()),
        "by_name": sum(how == "name" for how in pairs.how.values()),
        "loosely": sum(how == "name_loose" for how in pairs.how.values()),
        "ambiguous": len(pairs.ambiguous),
        "unmatched": len(pairs.unmatched_rows),
        "without": len(pairs.unmatched_fids),
        "units": len(units),
    }
    notes = [Note("sources.inventory-joined", params)]
    names = rows["name"]
    if params["loosely"]:
        loose = [row for row, how in pairs.how.items() if how == "name_loose"]
        examples = "; ".join(f"{names[row]} = {units.at[pairs.by_row[row], 'name']}" for row in loose[:5])
        named = tuple(pairs.by_row[row] for row in loose[:_NAMED])
        notes.append(
            Note(
                "sources.inventory-loose",
                {"count": len(loose), "examples": examples},
                Severity.GUESS,
                fids=named,
                confidence=0.8,
            )
        )
    for code, labels in (
        ("sources.inventory-ambiguous", list(pairs.ambiguous)),
        ("sources.inventory-unmatched", list(pairs.unmatched_rows)),
    ):
        if labels:
            listed = "、".join(_with_suggestion(row, names, pairs, units) for row in labels[:_NAMED])
            notes.append(Note(code, {"count": len(labels), "names": listed}, Severity.WARNING))
    if pairs.unmatched_fids:
        named = tuple(pairs.unmatched_fids[:200])
        notes.append(
            Note(
                "sources.inventory-without",
                {"count": len(pairs.unmatched_fids)},
                Severity.WARNING,
                fids=named,
            )
        )
    return notes


def _with_suggestion(row: int, names: pd.Series, pairs: Pairs, units: gpd.GeoDataFrame) -> str:
    likely = [str(units.at[fid, "name"]) for fid in pairs.suggestions.get(row, ())[:1]]
    return f"{names[row]}" + (f" (→ {likely[0]}?)" if likely else "")


def _unplaced(table: pd.DataFrame, parsed: Canonical, pairs: Pairs) -> pd.DataFrame:
    rows = [*pairs.ambiguous, *pairs.unmatched_rows]
    out = parsed.frame.loc[rows].copy()
    out["sheet"] = table.loc[rows, "\0sheet"].to_numpy()
    out["row"] = table.loc[rows, "\0row"].to_numpy()
    for axis in ("lon", "lat"):
        values = parsed.extra.get(axis)
        out[axis] = np.nan if values is None else values[np.array(rows, dtype=int) - 1]
    out["reason"] = ["ambiguous" if row in pairs.ambiguous else "unmatched" for row in rows]
    out["suggestions"] = [list(pairs.ambiguous.get(row, pairs.suggestions.get(row, ()))) for row in rows]
    return out.reset_index(drop=True)
