"""The next survey brought into a project: decisions stay, and every difference is listed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from renomap.model.fields import COLUMNS, NUMBER, PLACED
from renomap.model.layer import Layer
from renomap.model.note import Note, Severity
from renomap.model.project import Project
from renomap.model.roles import Role
from renomap.model.scheme import UNASSIGNED, Scheme
from renomap.model.waiting import NO_SHAPE, waiting, with_waiting, without_waiting
from renomap.sources.by_hand import keep_by_hand
from renomap.sources.completion import with_households, with_tables
from renomap.sources.joining import fold_name, match
from renomap.sources.options import ImportOptions
from renomap.sources.reading import Reading
from renomap.sources.schemes import schemes_of

#: Two outlines are one place when they share at least this part of their union.
SAME_PLACE = 0.5
#: A boundary that differs by less (m) has not moved: rounding of exports and of transformations.
MOVED_M = 0.05
_NAMED = 30
#: Key of ``Project.meta`` under which the highest fid ever given is remembered.
LAST_FID = "last_fid"
_DERIVED = frozenset(("households_flag", "origin"))
#: Rows that no survey of boundaries has; they stay until one has them.
_BY_HAND = ("drawn", PLACED)
CHANGE_COLUMNS = ("kind", "fid", "name", "field", "before", "after")


@dataclass(frozen=True)
class Update:
    """The outcome of a re-import.

    ``project`` is the project after it (``model.change.difference`` makes the undoable change); ``changes``
    has a row per difference of the neighbourhoods: ``kind`` (added, removed, renamed, moved, changed, kept),
    ``fid``, ``name``, and for changed values ``field``, ``before``, ``after``; for moved ones ``after`` is
    the distance of the centres in metres. ``notes`` are the counts, and what the reading itself had to say.
    """

    project: Project
    changes: pd.DataFrame
    notes: tuple[Note, ...]
    unplaced: pd.DataFrame


def update(project: Project, reading: Reading, options: ImportOptions | None = None) -> Update:
    """Bring a reading into a project.

    Parameters
    ----------
    project : Project
        With layers and schemes.
    reading : Reading
        What was read, in any project system; it is brought into that of the project.
    options : ImportOptions, optional
        ``m2_per_household``, where households are estimated again.

    Returns
    -------
    Update
        Neighbourhoods are matched by id, code, overlap and name and keep their fid; new ones get fids above
        all that were ever used. Assignments, drawn boundaries, links and 补绘 rows stay. Values the new
        survey has win; a column it does not have at all stays as it was. Other layers are replaced by those
        of the same role and title, or added. A layer of role AREAS becomes a further scheme; a table alone is
        joined to the neighbourhoods of the project.
    """
    options = options or ImportOptions()
    if reading.layers and not any(len(layer.frame) for layer in project.layers):
        project = replace(project, crs=reading.crs)  # a list takes the system of the first map that comes
    layers = [_brought(layer, project.crs) for layer in reading.layers]
    notes: list[Note] = list(reading.notes)
    unplaced = reading.unplaced
    before, result = project.neighbourhoods, project
    surveyed = False
    for layer in layers:
        old = _counterpart(layer, result)
        if layer.role is Role.AREAS:
            continue
        if old is None:
            result = result.with_layer(replace(layer, key=_free_key(layer.key, result)))
        elif layer.role is Role.NEIGHBOURHOODS:
            result, surveyed = _with_survey(result, old, layer), True
        else:
            result = result.with_layer(_next_edition(old, layer))
    units = result.neighbourhoods
    if units is not None:
        if reading.sheets:
            units, more, unplaced = with_tables(units, reading.sheets, options)
            notes += more
        units, more = with_households(units, result.layers_of(Role.BUILDINGS), options)
        notes += more
        if units is not before:
            result = with_units(result.with_layer(units), units.frame.index)
    if len(unplaced):
        here = (unplaced["reason"] == NO_SHAPE).to_numpy()  # may have been drawn since
        result = with_waiting(_placed_waiting(with_waiting(result, unplaced[here])), unplaced[~here])
    else:
        result = _placed_waiting(result)
    units = result.neighbourhoods
    changes = _no_changes()
    if before is not None and units is not None:
        changes = differences(before.frame, units.frame, surveyed=surveyed)
    drawn = [layer for layer in layers if layer.role is Role.AREAS]
    schemes, more_notes = schemes_of([*result.layers, *drawn], [scheme.key for scheme in result.schemes])
    for scheme in schemes:
        result = result.with_scheme(scheme)
    notes += [*more_notes, *_notes(changes)]
    return Update(replace(result, notes=(*project.notes, *notes)), changes, tuple(notes), unplaced)


def _placed_waiting(project: Project) -> Project:
    """Rows of earlier inventories that waited for a boundary joined to the neighbourhoods that have come:
    their values fill what the map does not know, and they wait no more."""
    rows, units = waiting(project), project.neighbourhoods
    if units is None or not len(rows):
        return project
    known = list(COLUMNS[Role.NEIGHBOURHOODS])
    pairs = match(
        units.frame, rows.reindex(columns=known).astype(object).where(lambda cell: cell.notna(), None)
    )
    if not pairs.by_row:
        return project
    frame = units.frame.copy()
    labels, fids = list(pairs.by_row), list(pairs.by_row.values())
    for name in known:
        if name not in rows or name in _DERIVED:
            continue
        mine = rows.loc[labels, name].set_axis(pd.Index(fids, dtype="int64"))
        lacking = frame.loc[fids, name].isna() & mine.notna()
        frame.loc[mine.index[lacking], name] = mine[lacking]
        if name == "households":
            flags = (
                rows["households_flag"] if "households_flag" in rows else pd.Series("reported", rows.index)
            )
            frame.loc[mine.index[lacking], "households_flag"] = flags.loc[labels].set_axis(mine.index)[
                lacking
            ]
    return without_waiting(project.with_layer(replace(units, frame=frame)), labels)


def _no_changes() -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype=object) for name in CHANGE_COLUMNS})


def _brought(layer: Layer, crs: str) -> Layer:
    return layer if layer.frame.crs == crs else replace(layer, frame=layer.frame.to_crs(crs))


def _counterpart(layer: Layer, project: Project) -> Layer | None:
    """The layer of the project that this one is the next edition of."""
    same = project.layers_of(layer.role)
    by_title = next((item for item in same if item.title == layer.title), None)
    if by_title is None and layer.role is Role.NEIGHBOURHOODS and same:
        return same[0]
    return by_title


def _next_edition(old: Layer, new: Layer) -> Layer:
    """The new rows under the old layer's name, lock and visibility."""
    return replace(
        new, key=old.key, title=old.title, version=old.version + 1, locked=old.locked, visible=old.visible
    )


def _free_key(key: str, project: Project) -> str:
    taken = {item.key for item in project.layers}
    base = key.rstrip("0123456789").rstrip("_")
    return next(name for n in range(1, 10_000) if (name := base if n == 1 else f"{base}_{n}") not in taken)


def with_units(project: Project, fids: pd.Index[int]) -> Project:
    """Every scheme told of the neighbourhoods there are now: gone ones forgotten, new ones in no area."""
    for scheme in project.schemes:
        assignment = scheme.assignment.reindex(fids, fill_value=UNASSIGNED).astype("int64")
        links = scheme.overrides
        links = links[links["a"].isin(fids) & links["b"].isin(fids)].reset_index(drop=True)
        told: Scheme = replace(scheme, assignment=assignment, overrides=links)
        project = project.with_scheme(told, active=scheme.key == project.active)
    return project


def _with_survey(project: Project, old: Layer, new: Layer) -> Project:
    """The new edition of the neighbourhoods under the fids of the old one; 补绘 rows that it lacks stay."""
    partner = match_rows(old.frame, new.frame)
    last = fresh = max(int(project.meta.get(LAST_FID, 0)), *map(int, old.frame.index), 0)
    fids = np.empty(len(new.frame), dtype=np.int64)
    for i, label in enumerate(new.frame.index):
        fresh += int(label) not in partner
        fids[i] = partner.get(int(label), fresh)
    frame = new.frame.set_axis(pd.Index(fids, name="fid"))
    frame = _with_old_columns(old.frame, frame)
    drawn = old.frame[old.frame["origin"].isin(_BY_HAND) & ~old.frame.index.isin(frame.index)]
    if len(drawn):
        frame = pd.concat([frame, drawn.reindex(columns=frame.columns)])
    frame = gpd.GeoDataFrame(frame.sort_index(), geometry="geometry", crs=old.frame.crs)
    readings = new.readings.copy()
    if len(readings):
        names = dict(zip(new.frame.index.tolist(), fids.tolist(), strict=True))
        readings["fid"] = [names[int(fid)] for fid in readings["fid"]]
    frame, readings = keep_by_hand(old, frame, readings)
    layer = replace(_next_edition(old, new), frame=frame, readings=readings)
    return replace(project.with_layer(layer), meta={**project.meta, LAST_FID: max(last, fresh)})


def match_rows(old: gpd.GeoDataFrame, new: gpd.GeoDataFrame) -> dict[int, int]:
    """Which new row is which old one: new label -> old fid, one to one.

    By the fid that our own export carries, by code, by overlap (at least half of the union, the best of both
    sides), by name; a key that two rows share proves nothing and is passed over.
    """
    pairs: dict[int, int] = {}
    for left, right in ((_exported(new), _labels(old)), (_codes(new), _codes(old))):
        _pair(pairs, left, right)
    for label, fid in _overlapping(old, new):
        if label not in pairs and fid not in pairs.values():
            pairs[label] = fid
    _pair(pairs, _names(new, pairs), _names(old, pairs.values()))
    return pairs


def _pair(pairs: dict[int, int], left: dict[int, str], right: dict[int, str]) -> None:
    """Add the pairs whose key is unique on both sides."""
    mine, theirs = _unique(left), _unique(right)
    taken = set(pairs.values())
    for key in sorted(mine.keys() & theirs.keys()):
        if mine[key] not in pairs and theirs[key] not in taken:
            pairs[mine[key]] = theirs[key]


def _unique(keys: dict[int, str]) -> dict[str, int]:
    counts = pd.Series(list(keys.values()), dtype=object).value_counts()
    return {key: label for label, key in keys.items() if key and counts[key] == 1}


def _exported(frame: gpd.GeoDataFrame) -> dict[int, str]:
    """The fid of our own export, which comes in beside ``area_id`` and so is not any program's row number."""
    if "fid_source" not in frame or "area_id" not in frame:
        return {}
    return _texts(frame.index, frame["fid_source"])


def _labels(frame: gpd.GeoDataFrame) -> dict[int, str]:
    return {int(fid): str(int(fid)) for fid in frame.index}


def _codes(frame: gpd.GeoDataFrame) -> dict[int, str]:
    return _texts(frame.index, frame["code"])


def _texts(labels: pd.Index[int], values: pd.Series[Any]) -> dict[int, str]:
    out: dict[int, str] = {}
    for label, value in zip(labels, values, strict=True):
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        out[int(label)] = "" if pd.isna(value) else str(value).strip()
    return out


def _names(frame: gpd.GeoDataFrame, taken: Iterable[int]) -> dict[int, str]:
    used = set(taken)
    return {
        int(label): fold_name(name)
        for label, name in zip(frame.index, frame["name"], strict=True)
        if int(label) not in used
    }


def _overlapping(old: gpd.GeoDataFrame, new: gpd.GeoDataFrame) -> list[tuple[int, int]]:
    """Pairs (new, old) that share at least ``SAME_PLACE`` of their union, best first."""
    a, b = np.asarray(new.geometry.values, dtype=object), np.asarray(old.geometry.values, dtype=object)
    i, j = shapely.STRtree(b).query(a, predicate="intersects")
    shared = shapely.area(shapely.intersection(a[i], b[j]))
    ratio = shared / (shapely.area(a[i]) + shapely.area(b[j]) - shared)
    order = np.argsort(-ratio, kind="stable")
    order = order[ratio[order] >= SAME_PLACE]
    return [(int(new.index[i[k]]), int(old.index[j[k]])) for k in order]


def _with_old_columns(old: gpd.GeoDataFrame, new: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """What the new survey does not ask at all stays as it was; ``households_flag`` goes with
    ``households``."""
    out = new.copy()
    for name in old.columns:
        if name == "geometry" or name in _DERIVED:
            continue
        if name not in out or (name in COLUMNS[Role.NEIGHBOURHOODS] and out[name].isna().all()):
            column = old[name].reindex(out.index)
            number = COLUMNS[Role.NEIGHBOURHOODS].get(name) == NUMBER
            out[name] = column if number else column.astype(object).where(column.notna(), None)
            if name == "households":
                flags = old["households_flag"].reindex(out.index)
                out["households_flag"] = flags.astype(object).where(flags.notna(), "unknown")
    return out


def differences(old: gpd.GeoDataFrame, new: gpd.GeoDataFrame, *, surveyed: bool = False) -> pd.DataFrame:
    """A row per difference of two states of the neighbourhoods, matched by fid; columns ``CHANGE_COLUMNS``.

    ``surveyed`` says that the new state comes from a survey: rows that stay although it lacks them are named.
    """
    rows: list[dict[str, Any]] = []

    def add(kind: str, fid: Any, name: object, **more: Any) -> None:
        rows.append({"kind": kind, "fid": int(fid), "name": name, **more})

    matched = old.index.intersection(new.index)
    labels = matched.to_numpy()
    for fid in new.index.difference(old.index):
        add("added", fid, new.at[fid, "name"])
    for fid in old.index.difference(new.index):
        add("removed", fid, old.at[fid, "name"])
    for fid in matched[new.loc[matched, "origin"].isin(_BY_HAND).to_numpy()] if surveyed else ():
        add("kept", fid, new.at[fid, "name"])
    # A project that an earlier version wrote lacks the columns that have come since: unknown.
    fields = list(dict.fromkeys([*COLUMNS[Role.NEIGHBOURHOODS], *new.columns]))
    before, after = (state.reindex(index=matched, columns=fields) for state in (old, new))
    for name, kind in COLUMNS[Role.NEIGHBOURHOODS].items():
        if name in _DERIVED:
            continue
        for i in np.flatnonzero(_differ(before[name], after[name], kind)):
            values = {"field": name, "before": before[name].iloc[i], "after": after[name].iloc[i]}
            add("renamed" if name == "name" else "changed", labels[i], after["name"].iloc[i], **values)
    a, b = before.geometry.to_numpy(), after.geometry.to_numpy()
    far = shapely.distance(shapely.centroid(a), shapely.centroid(b))
    for i in np.flatnonzero(shapely.hausdorff_distance(a, b) > MOVED_M):
        add("moved", labels[i], after["name"].iloc[i], after=round(float(far[i]), 1))
    return pd.DataFrame(rows, columns=list(CHANGE_COLUMNS)) if rows else _no_changes()


def _differ(a: pd.Series[Any], b: pd.Series[Any], kind: str) -> npt.NDArray[np.bool_]:
    if kind == NUMBER:
        x, y = a.to_numpy(dtype=float), b.to_numpy(dtype=float)
        return np.asarray(~((np.isnan(x) & np.isnan(y)) | np.isclose(x, y, rtol=1e-9, atol=1e-9)))
    missing = a.isna().to_numpy() & b.isna().to_numpy()
    return np.asarray(~missing & (a.to_numpy(dtype=object) != b.to_numpy(dtype=object)), dtype=bool)


def _notes(changes: pd.DataFrame) -> Sequence[Note]:
    """One remark per kind of difference, or one that nothing differs."""
    notes = []
    for kind in ("added", "removed", "renamed", "moved", "changed", "kept"):
        rows = changes[changes["kind"] == kind]
        if not len(rows):
            continue
        fids = tuple(dict.fromkeys(int(fid) for fid in rows["fid"]))
        called = dict(zip(rows["fid"], rows["name"], strict=True))
        names = [str(name) if isinstance(name, str) else f"#{fid}" for fid, name in called.items()]
        names = [*names[:_NAMED], "…"] if len(names) > _NAMED else names
        params = {"count": len(fids), "values": len(rows), "names": names}
        severity = Severity.WARNING if kind == "removed" else Severity.INFO
        notes.append(Note(f"sources.update-{kind}", params, severity, fids=fids[:_NAMED]))
    return notes
