"""The inventory workbook joined to the neighbourhoods: its values fill theirs, and what found no partner is
listed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely

from renomap.errors import RenomapError
from renomap.model.fields import COLUMNS, NUMBER
from renomap.model.layer import Layer
from renomap.model.note import Guess, GuessKind, Note, Severity
from renomap.model.roles import Role
from renomap.sources.addresses import columns_of, file_names, option_of, source_of
from renomap.sources.canonical import Canonical, canonical
from renomap.sources.columnnotes import filled_cells
from renomap.sources.discs import Floats, positions
from renomap.sources.joining import Pairs, match
from renomap.sources.options import AUTO, ImportOptions
from renomap.sources.sheets import BUILDINGS, UNITS, SourceSheet
from renomap.sources.summing import summed
from renomap.sources.synonyms import meanings

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


def join(layer: Layer, sheets: Sequence[SourceSheet], options: ImportOptions) -> Joined:
    """Join the tables of one inventory to a layer of neighbourhoods.

    Parameters
    ----------
    layer : Layer
        Role neighbourhoods, in the project's coordinates.
    sheets : sequence of SourceSheet
        Tables of one file. Those of one row per building are added up per neighbourhood first.
    options : ImportOptions
        ``fields``, ``units`` and ``joins`` are used.

    Returns
    -------
    Joined
        A value the inventory knows wins over the map's; where both know one and differ, a note lists it.
        Values it does not know leave the map's as they are. Sums of buildings only fill what neither knows.
    """
    notes: list[Note] = [note for sheet in sheets for note in sheet.notes]
    unplaced: list[pd.DataFrame] = []
    for listing in listings(sheets, options):
        notes += listing.parsed.notes
        if listing.doubled:
            params = {"file": listing.name, "count": listing.doubled}
            notes.append(Note("sources.inventory-doubled", params, Severity.WARNING))
        by = option_of(options.joins, file_names(sheets[0].data_set))
        pairs = match(layer.frame, listing.parsed.frame, _places(listing, layer), _columns_of(by))
        filled, conflicts, readings = _filled(layer, listing, pairs)
        layer = replace(layer, frame=filled, readings=readings)
        notes += [*conflicts, *_counts(pairs, layer.frame, listing, by)]
        unplaced.append(_unplaced(listing, pairs))
    rows = [each for each in unplaced if len(each)]
    return Joined(layer, pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(), tuple(notes))


@dataclass(frozen=True)
class InventoryListing:
    """One row per neighbourhood, as an inventory tells it.

    ``table`` holds the cells as they came under an index from 1 (of buildings the first of each), ``parsed``
    their canonical columns under the same index, ``source`` the file for remarks, ``name`` what the user
    reads, ``doubled`` how many rows repeated an earlier one, ``sums`` whether it was added up from buildings,
    ``system`` what the user says its coordinates are.
    """

    table: pd.DataFrame
    parsed: Canonical
    source: str
    name: str
    doubled: int = 0
    sums: bool = False
    system: str = AUTO

    @property
    def source_name(self) -> str:
        """Name of the file without its path."""
        return PurePath(self.source).name

    @property
    def lonlat(self) -> tuple[Floats, Floats]:
        """Longitudes and latitudes of WGS 84 in the order of the rows; NaN where the table has none."""
        axes = [self.parsed.extra.get(axis) for axis in ("lon", "lat")]
        lon, lat = (np.full(len(self.table), np.nan) if axis is None else axis for axis in axes)
        return positions(lon, lat, self.system)


def listings(sheets: Sequence[SourceSheet], options: ImportOptions) -> list[InventoryListing]:
    """The sheets of one file as lists of neighbourhoods: all that list them as one, then one per sheet of
    buildings."""
    found = []
    units = [sheet for sheet in sheets if sheet.of == UNITS]
    if units:
        found.append(_stacked(units, options))
    for sheet in sheets:
        if sheet.of == BUILDINGS:
            said = columns_of(options, sheet.data_set, sheet.name, sheet.rows.columns)
            sums = summed(sheet.rows, said, sheet.name)
            table = _marked(sheet).iloc[sums.first - 1].set_index(sums.parsed.frame.index)
            name = f"{sheet.file}:{sheet.name}"
            found.append(
                InventoryListing(
                    table, sums.parsed, source_of(sheet.data_set), name, 0, True, _system(sheet, options)
                )
            )
    return found


def listed(sheets: Sequence[SourceSheet], options: ImportOptions) -> tuple[pd.DataFrame, tuple[Note, ...]]:
    """The rows of inventories that have no map to be joined to: a list to place or draw, as
    ``Joined.unplaced``, and what was read."""
    notes = [note for sheet in sheets for note in sheet.notes]
    parts: list[pd.DataFrame] = []
    for file in dict.fromkeys(sheet.file for sheet in sheets):
        for listing in listings([sheet for sheet in sheets if sheet.file == file], options):
            notes += listing.parsed.notes
            if not (listing.sums and parts):  # buildings of neighbourhoods that are listed already
                nobody = Pairs({}, {}, {}, tuple(listing.table.index), (), {})
                parts.append(_unplaced(listing, nobody))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(), tuple(notes)


def _marked(sheet: SourceSheet) -> pd.DataFrame:
    """The rows with the sheet and the row where they stand."""
    marked = sheet.rows.copy()
    marked["\0sheet"], marked["\0row"] = sheet.name, sheet.rows.index
    return marked


def _stacked(sheets: Sequence[SourceSheet], options: ImportOptions) -> InventoryListing:
    """All sheets of a file as one list without the rows that repeat an earlier one."""
    table = pd.concat([_marked(sheet) for sheet in sheets], ignore_index=True)
    data_set = sheets[0].data_set
    columns = [name for name in table.columns if not str(name).startswith("\0")]
    said = columns_of(options, data_set, data_set.stem, columns, layer="")
    filled = filled_cells(table[columns])
    known = meanings(map(str, columns), Role.NEIGHBOURHOODS, said.fields, filled=filled)
    told = [meaning.column for meaning in known]
    once = ~table[told].astype(str).duplicated().to_numpy()
    table = table[once].set_index(pd.RangeIndex(1, int(once.sum()) + 1, name="fid"))
    fids = np.arange(1, len(table) + 1, dtype=np.int64)
    parsed = canonical(
        table[columns].reset_index(drop=True), fids, Role.NEIGHBOURHOODS, said, data_set.name, places=True
    )
    doubled, system = int((~once).sum()), _system(sheets[0], options)
    return InventoryListing(table, parsed, source_of(data_set), data_set.name, doubled, system=system)


def _system(sheet: SourceSheet, options: ImportOptions) -> str:
    return option_of(options.crs_of, file_names(sheet.data_set), options.crs)


def _columns_of(by: str) -> tuple[str, ...]:
    """The columns that join, in the order they are tried."""
    if by == AUTO:
        return ("code", "name")
    if by not in ("code", "name"):
        raise RenomapError("sources.unknown-join", by=by[:30])
    return (by,)


def _places(listing: InventoryListing, layer: Layer) -> list[Any] | None:
    """Points of the rows in project coordinates where the table has longitudes and latitudes."""
    lon, lat = listing.lonlat
    if layer.frame.crs is None or not np.isfinite(lon).any():
        return None
    good = np.isfinite(lon)
    change = pyproj.Transformer.from_crs("EPSG:4326", layer.frame.crs, always_xy=True)
    x, y = change.transform(np.where(good, lon, 0.0), np.where(good, lat, 0.0))
    points = shapely.points(x, y)
    return [point if ok else None for point, ok in zip(points, good, strict=True)]


def _filled(
    layer: Layer, listing: InventoryListing, pairs: Pairs
) -> tuple[gpd.GeoDataFrame, list[Note], pd.DataFrame]:
    parsed = listing.parsed
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
        notes += _conflict(name, kind, old, new, fids, layer.title, listing.sums)
        if name in _OF_THE_MAP or listing.sums:
            known &= pd.isna(old)
        values[at[known]] = new[known]
        frame[name] = pd.Series(values, index=frame.index, dtype=float if kind == NUMBER else object)
        if name == "households":
            flags = frame["households_flag"].to_numpy(dtype=object, copy=True)
            flags[at[known]] = parsed.frame["households_flag"].to_numpy()[rows - 1][known]
            frame["households_flag"] = pd.Series(flags, index=frame.index, dtype=object)
    if not listing.sums:
        _extra_columns(frame, listing.table, parsed, rows, at)
    return frame, notes, _readings(layer, frame, parsed, pairs)


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


def _conflict(name: str, kind: str, old: Any, new: Any, fids: Any, title: str, sums: bool) -> list[Note]:
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
    code = "sources.inventory-conflict"
    if sums:
        code = "sources.sums-differ"
    elif name in _OF_THE_MAP:
        code = "sources.inventory-other-place"
    examples = [f"{old[i]} / {new[i]}" for i in where[:3]]
    params = {"field": f"field.{name}", "count": len(where), "examples": examples}
    named = tuple(int(fid) for fid in fids[where][:_NAMED])
    return [Note(code, params, Severity.WARNING, layer=title, fids=named)]


def _readings(layer: Layer, frame: gpd.GeoDataFrame, parsed: Canonical, pairs: Pairs) -> pd.DataFrame:
    """The layer's readings with those of the joined rows, which replace the map's own of the same cell."""
    mine = parsed.readings[parsed.readings["fid"].isin(list(pairs.by_row))].copy()
    mine["fid"] = [pairs.by_row[int(row)] for row in mine["fid"]]
    used = [
        value is None or name not in frame or frame.at[fid, name] == value
        for fid, name, value in zip(mine["fid"], mine["field"], mine["value"], strict=True)
    ]
    mine = mine[np.array(used, dtype=bool)]
    if mine.empty:
        return layer.readings
    old = layer.readings
    if not len(old):
        return mine.reset_index(drop=True)
    told = set(zip(mine["fid"], mine["field"], strict=True))
    kept = old[[(fid, name) not in told for fid, name in zip(old["fid"], old["field"], strict=True)]]
    return pd.concat([kept, mine], ignore_index=True)


def _counts(pairs: Pairs, units: gpd.GeoDataFrame, listing: InventoryListing, by: str) -> list[Note]:
    rows = listing.parsed.frame
    guess = Guess(GuessKind.JOIN, listing.source, "", "", by, (AUTO, "code", "name"))
    params: dict[str, Any] = {
        "file": listing.name,
        "overrule": guess.hint("code|name"),
        "rows": len(rows),
        "matched": len(pairs.by_row),
        "by_code": sum(how in ("code", "code_zeros") for how in pairs.how.values()),
        "by_name": sum(how == "name" for how in pairs.how.values()),
        "loosely": sum(how == "name_loose" for how in pairs.how.values()),
        "ambiguous": len(pairs.ambiguous),
        "unmatched": len(pairs.unmatched_rows),
        "without": len(pairs.unmatched_fids),
        "units": len(units),
    }
    notes = [Note("sources.inventory-joined", params, guesses=(guess,))]
    names = rows["name"]
    notes += _zeros_note(pairs, units, rows["code"], guess)
    if params["loosely"]:
        loose = [row for row, how in pairs.how.items() if how == "name_loose"]
        examples = [f"{names[row]} = {units.at[pairs.by_row[row], 'name']}" for row in loose[:5]]
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
            listed = [_with_suggestion(row, names, pairs, units) for row in labels[:_NAMED]]
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


def _zeros_note(pairs: Pairs, units: gpd.GeoDataFrame, codes: pd.Series[Any], guess: Guess) -> list[Note]:
    """The question whether codes that differ by the zeros at their beginning are the same."""
    rows = [row for row, how in pairs.how.items() if how == "code_zeros"]
    if not rows:
        return []
    examples = [f"{codes[row]} = {units.at[pairs.by_row[row], 'code']}" for row in rows[:5]]
    params = {"count": len(rows), "examples": examples, "overrule": guess.hint("name")}
    fids = tuple(pairs.by_row[row] for row in rows[:_NAMED])
    code = "sources.inventory-zeros"
    return [Note(code, params, Severity.GUESS, fids=fids, confidence=0.7, guesses=(guess,))]


def _with_suggestion(row: int, names: pd.Series, pairs: Pairs, units: gpd.GeoDataFrame) -> str:
    likely = [str(units.at[fid, "name"]) for fid in pairs.suggestions.get(row, ())[:1]]
    return f"{names[row]}" + (f" (→ {likely[0]}?)" if likely else "")


def _unplaced(listing: InventoryListing, pairs: Pairs) -> pd.DataFrame:
    table, parsed = listing.table, listing.parsed
    rows = [*pairs.ambiguous, *pairs.unmatched_rows]
    out = parsed.frame.loc[rows].copy()
    out["file"] = listing.source_name
    out["sheet"] = table.loc[rows, "\0sheet"].to_numpy()
    out["row"] = table.loc[rows, "\0row"].to_numpy()
    for axis, values in zip(("lon", "lat"), listing.lonlat, strict=True):
        out[axis] = values[np.array(rows, dtype=int) - 1]
    out["reason"] = ["ambiguous" if row in pairs.ambiguous else "unmatched" for row in rows]
    out["suggestions"] = [list(pairs.ambiguous.get(row, pairs.suggestions.get(row, ()))) for row in rows]
    return out.reset_index(drop=True)
