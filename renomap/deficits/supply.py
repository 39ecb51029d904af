"""What there is: the survey's own counts and the rows of a facility layer, nothing counted twice."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from renomap.deficits.columns import numbers, texts
from renomap.deficits.meeting import COMPLETE, SURVEY, surveyed
from renomap.deficits.rules import COUNTED_UNITS, Flags, Floats, PoolingWay, Positions, pooling
from renomap.model.note import Note, Severity
from renomap.model.overlay import holder
from renomap.model.standard import Standard

NOBODY = -1
LAYER = "facilities"


@dataclass(frozen=True)
class Places:
    """Rows of the facility layer that a line of the standard counts, sorted by ``fid``.

    ``facility`` (r,) is the line's position in the standard; ``home`` the position of the neighbourhood the
    row stands in (or serves), ``NOBODY`` for open ground; ``capacity`` NaN = unknown; ``shared`` False only
    where stated.
    """

    facility: Positions
    fid: Positions
    name: tuple[str | None, ...]
    layer: tuple[str, ...]
    capacity: Floats
    shared: Flags
    home: Positions
    geometry: npt.NDArray[np.object_]

    def of(self, facility: int) -> Positions:
        """Positions of the rows of one line of the standard."""
        return np.flatnonzero(self.facility == facility)

    def where(self, keep: Flags) -> Places:
        """The rows for which ``keep`` is true."""
        at = np.flatnonzero(keep)
        return Places(
            facility=self.facility[at],
            fid=self.fid[at],
            name=tuple(self.name[i] for i in at),
            layer=tuple(self.layer[i] for i in at),
            capacity=self.capacity[at],
            shared=self.shared[at],
            home=self.home[at],
            geometry=self.geometry[at],
        )


@dataclass(frozen=True)
class Supply:
    """What n neighbourhoods have of f facilities.

    ``sure`` (f, n) is what is certainly there; ``known`` says whether that is all of it. A neighbourhood that
    nobody surveyed has ``sure`` 0 and ``known`` False, which is not the same as having none.
    """

    sure: Floats
    known: Flags
    places: Places
    notes: tuple[Note, ...]


def supply(
    neighbourhoods: gpd.GeoDataFrame,
    facilities: gpd.GeoDataFrame | None,
    standard: Standard,
    elevators: Floats,
) -> Supply:
    """Put the survey's columns and the facility layer together.

    - The neighbourhood's column is the survey of what stands inside it; NaN is unknown.
    - A row inside a neighbourhood whose column states more than 0 of the same facility is taken as part of
      that number and left out (noted). Beside a stated 0, or beside silence, it adds; beside silence the
      whole stays unknown.
    - A row on open ground serves the area it lies in; of a facility that does not pool over the whole area it
      serves the nearest neighbourhood within the radius.
    - A row without a capacity is one site or point where the facility is counted in those; else unknown.
    - If the meeting has set ``survey=complete``, the layer lists all there is: silence then means none.

    Parameters
    ----------
    neighbourhoods : GeoDataFrame
        Index ``fid`` sorted; the ``supply_field`` columns of the standard where the survey has them.
    facilities : GeoDataFrame or None
        Columns of the role and, if there, ``layer``.
    standard : Standard
        f lines.
    elevators : float array (n,)
        Elevators counted from buildings, NaN = unknown; stands in where the survey is silent.
    """
    columns = [numbers(neighbourhoods, item.supply_field) for item in standard.facilities]
    stated = np.array(columns).reshape(len(columns), len(neighbourhoods))
    complete = surveyed(standard)
    for f, item in enumerate(standard.facilities):
        if item.supply_field == "elevators":
            stated[f] = np.where(np.isnan(stated[f]), elevators, stated[f])
        if item.key in complete and facilities is not None:
            stated[f] = np.nan_to_num(stated[f], nan=0.0)
    found, inside = _places(neighbourhoods, facilities, standard)
    at_home = found.home != NOBODY
    same = np.zeros(len(found.fid), dtype=bool)
    same[at_home] = stated[found.facility[at_home], found.home[at_home]] > 0
    same &= inside
    notes = _notes(neighbourhoods, standard, stated, found, same)
    found = found.where(~same)
    sure, known = np.nan_to_num(stated, nan=0.0), ~np.isnan(stated)
    served = found.home != NOBODY
    lines, homes, amounts = found.facility[served], found.home[served], found.capacity[served]
    np.add.at(sure, (lines, homes), np.nan_to_num(amounts, nan=0.0))
    known[lines[np.isnan(amounts)], homes[np.isnan(amounts)]] = False
    return Supply(sure, known, found, notes)


def _places(
    neighbourhoods: gpd.GeoDataFrame, facilities: gpd.GeoDataFrame | None, standard: Standard
) -> tuple[Places, Flags]:
    """The rows of the layer that the standard knows, and whether each stands inside its home."""
    keys = {item.key: f for f, item in enumerate(standard.facilities)}
    if facilities is None or facilities.empty:
        none = np.zeros(0, dtype=np.int64)
        empty = Places(none, none, (), (), np.zeros(0), np.zeros(0, bool), none, np.zeros(0, object))
        return empty, np.zeros(0, dtype=bool)
    rows = facilities.sort_index()
    line = np.array([keys.get(key or "", NOBODY) for key in texts(rows, "facility")], dtype=np.int64)
    rows, line = rows[line != NOBODY], line[line != NOBODY]
    home = neighbourhoods.index.get_indexer(holder(neighbourhoods.geometry, rows.geometry))
    inside = home != NOBODY
    shapes = np.asarray(rows.geometry.values)
    for f, item in enumerate(standard.facilities):
        if pooling(item) is not PoolingWay.AREA and item.radius_m is not None:
            stray = np.flatnonzero((line == f) & ~inside)
            home[stray] = _nearest(neighbourhoods, shapes[stray], item.radius_m)
    capacity = numbers(rows, "capacity")
    counted = np.array([item.unit in COUNTED_UNITS for item in standard.facilities], dtype=bool)
    capacity = np.where(np.isnan(capacity) & counted[line], 1.0, capacity)
    shared = numbers(rows, "shared") != 0  # unknown counts as open to others
    places = Places(
        facility=line,
        fid=rows.index.to_numpy(dtype=np.int64),
        name=tuple(texts(rows, "name")),
        layer=tuple(name or LAYER for name in texts(rows, "layer")),
        capacity=capacity,
        shared=shared,
        home=home.astype(np.int64),
        geometry=shapes,
    )
    return places, inside


def _nearest(neighbourhoods: gpd.GeoDataFrame, shapes: npt.NDArray[np.object_], radius_m: float) -> Positions:
    """Position of the nearest neighbourhood within the radius, ties to the smaller fid, or ``NOBODY``."""
    home = np.full(len(shapes), NOBODY, dtype=np.int64)
    polygons = np.asarray(neighbourhoods.geometry.values)
    thing, polygon = shapely.STRtree(polygons).query(shapes, predicate="dwithin", distance=radius_m)
    distance = np.round(shapely.distance(shapes[thing], polygons[polygon]), 3)
    order = np.lexsort((polygon, distance, thing))[::-1]
    home[thing[order]] = polygon[order]
    return home


def _notes(
    neighbourhoods: gpd.GeoDataFrame, standard: Standard, stated: Floats, found: Places, same: Flags
) -> tuple[Note, ...]:
    """What a planner has to know about the counting, one remark of a kind for all facilities."""
    fids = neighbourhoods.index.to_numpy()
    twice = np.flatnonzero(same)
    vague = np.flatnonzero(np.isnan(found.capacity) & ~same)
    silent = np.isnan(stated).sum(axis=1) * (np.bincount(found.facility, minlength=len(stated)) > 0)
    notes: list[Note] = []
    if len(twice):
        params = _counts(standard, np.bincount(found.facility[twice], minlength=len(stated)))
        at = tuple(int(one) for one in np.unique(fids[found.home[twice]]))
        notes.append(Note("deficits.same-place", params, Severity.INFO, fids=at))
    if len(vague):
        params = _counts(standard, np.bincount(found.facility[vague], minlength=len(stated)))
        at = tuple(int(one) for one in found.fid[vague])
        notes.append(Note("deficits.capacity-unknown", params, Severity.WARNING, LAYER, at))
    if silent.any():
        params = {**_counts(standard, silent), "overrule": f"--set FACILITY.{SURVEY}={COMPLETE}"}
        notes.append(Note("deficits.layer-incomplete", params, Severity.WARNING))
    return tuple(notes)


def _counts(standard: Standard, counts: Positions) -> dict[str, str | int]:
    """The facilities that are counted, with their numbers, as texts for a sentence in either language."""
    some = [(item, int(n)) for item, n in zip(standard.facilities, counts, strict=True) if n]
    return {
        "count": sum(n for _, n in some),
        "names_zh": "、".join(f"{item.zh} {n}" for item, n in some),
        "names_en": ", ".join(f"{item.en} {n}" for item, n in some),
    }
