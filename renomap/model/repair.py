"""Shapes made fit to work with: valid, two-dimensional, none empty, of one dimension; every change is
said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from renomap.model.note import Note, Severity

Shapes = npt.NDArray[np.object_]
Ids = npt.NDArray[np.int64]

#: Rows named in a note; the count is always complete.
MOST_NAMED = 50
#: No projected system has coordinates as far from its origin: 41 500 km with the number of a zone in front.
FARTHEST_M = 1e8

#: Vertices from which on a ring is looked at in another way first.
_LONG = 20_000


@dataclass(frozen=True)
class Repaired:
    """``keep`` are the positions of the rows that have a shape left, ``shapes`` their shapes, ``notes`` what
    was done."""

    keep: npt.NDArray[np.int64]
    shapes: Shapes
    notes: tuple[Note, ...]


def repair(shapes: Shapes, fids: Ids, title: str, dimension: int) -> Repaired:
    """Mend the shapes of a layer.

    Parameters
    ----------
    shapes : object array
        Two-dimensional geometries in metres, or None.
    fids : int64 array
        Their ids, for the notes.
    title : str
        The layer, for the notes.
    dimension : int
        0, 1 or 2: what the layer is made of; other parts of collections are left out.

    Returns
    -------
    Repaired
        Polygons and lines only where they have area or length. Invalid polygons are rebuilt by shapely's
        structure method (which keeps what is enclosed) and listed with the change of their area.
    """
    out = shapes.copy()
    notes: list[Note] = []
    nothing = shapely.is_missing(out) | shapely.is_empty(out)
    wild = ~nothing & ~(np.abs(shapely.bounds(out)) <= FARTHEST_M).all(axis=1)
    out[wild] = None
    notes += _note("sources.coordinates-wild", wild, fids, title)
    mixed = ~nothing & ~wild & (shapely.get_type_id(out) == shapely.GeometryType.GEOMETRYCOLLECTION)
    for i in np.flatnonzero(mixed):
        out[i] = of_dimension(out[i], dimension)
    notes += _note("sources.collection", mixed, fids, title)
    notes += _make_valid(out, fids, title, dimension)
    gone = shapely.is_missing(out) | shapely.is_empty(out)
    if dimension == 2:
        gone |= ~(shapely.area(out) > 0)
    elif dimension == 1:
        gone |= ~(shapely.length(out) > 0)
    notes += _note("sources.no-shape", gone & ~wild, fids, title)
    keep = np.flatnonzero(~gone)
    return Repaired(keep, out[keep], tuple(notes))


def valid(shapes: Shapes) -> npt.NDArray[np.bool_]:
    """Which shapes are valid, as ``shapely.is_valid``, in a time near that of their length.

    The library compares each edge with all whose boxes meet its own: 500,000 edges that run to and fro take
    most of a minute. A ring that goes once around its centre, angle by angle, cannot cross itself; where the
    edges are many that is looked at first.
    """
    result = np.zeros(len(shapes), dtype=bool)
    long = (shapely.get_num_coordinates(shapes) > _LONG) & (
        shapely.get_type_id(shapes) == shapely.GeometryType.POLYGON
    )
    for i in np.flatnonzero(long):
        result[i] = _goes_around(shapes[i])
    rest = ~result
    result[rest] = shapely.is_valid(shapes[rest])
    return result


def _goes_around(polygon: shapely.Polygon) -> bool:
    """Whether a polygon without holes is one closed turn around its centre, each vertex farther round."""
    if shapely.get_num_interior_rings(polygon):
        return False
    xy = shapely.get_coordinates(polygon)
    if not np.isfinite(xy).all():
        return False
    centre = (xy.min(axis=0) + xy.max(axis=0)) / 2
    x, y = (xy - centre).T
    nearest = float(np.hypot(x, y).min())
    if nearest == 0:
        return False
    least = 8 * np.finfo(np.float64).eps * float(np.abs(xy).max()) / nearest  # what rounding does to an angle
    angle = np.arctan2(y, x)
    step = (np.diff(angle) + np.pi) % (2 * np.pi) - np.pi
    once = abs(abs(step.sum()) - 2 * np.pi) < 1e-6 and np.abs(step).max() < np.pi / 2
    return bool(once and ((step > least).all() or (step < -least).all()))


def _make_valid(out: Shapes, fids: Ids, title: str, dimension: int) -> list[Note]:
    invalid = np.flatnonzero(~(valid(out) | shapely.is_missing(out)))
    if not len(invalid):
        return []
    before = shapely.area(out[invalid])
    fixed = shapely.make_valid(out[invalid], method="structure", keep_collapsed=False)
    for i, shape in zip(invalid, fixed, strict=True):
        out[i] = of_dimension(shape, dimension)
    change = np.abs(shapely.area(out[invalid]) - before)
    params = {"count": len(invalid), "area_m2": round(float(np.nansum(change)), 1)}
    named = tuple(int(each) for each in fids[invalid][:MOST_NAMED])
    return [Note("sources.made-valid", params, Severity.WARNING, layer=title, fids=named)]


def of_dimension(shape: shapely.Geometry | None, dimension: int) -> shapely.Geometry | None:
    """The parts of a shape that have this dimension, as one shape; None where there are none."""
    if shape is None or shapely.get_type_id(shape) != shapely.GeometryType.GEOMETRYCOLLECTION:
        return shape if shape is not None and shapely.get_dimensions(shape) == dimension else None
    parts = [shape]
    while any(shapely.get_type_id(part) == shapely.GeometryType.GEOMETRYCOLLECTION for part in parts):
        parts = list(shapely.get_parts(parts))
    parts = [
        part for part in parts if shapely.get_dimensions(part) == dimension and not shapely.is_empty(part)
    ]
    if not parts:
        return None
    if dimension == 2:
        return shapely.union_all(parts)
    return parts[0] if len(parts) == 1 else shapely.union_all(parts)


def snapped(shapes: Shapes, grid: float) -> Shapes:
    """Shapes with their vertices on a grid, valid; one that the library cannot bear never stops the others.

    Parameters
    ----------
    shapes : object array (n,)
        Geometries or None; valid or not, as a projection leaves outlines with a hair-thin spike.
    grid : float
        Spacing in the unit of the coordinates.

    Returns
    -------
    object array (n,)
        What is thinner than the grid is left out (an empty shape where nothing else is). A shape that cannot
        be snapped even when made valid first is returned as it is.
    """
    try:
        return np.asarray(shapely.set_precision(shapes, grid))
    except shapely.errors.GEOSException:
        out = np.array(shapes, dtype=object)
        for i, shape in enumerate(shapes):
            out[i] = _snapped(shape, grid)
        return out


def _snapped(shape: shapely.Geometry, grid: float) -> shapely.Geometry:
    valid = shapely.make_valid(shape, method="structure", keep_collapsed=False)
    for each in (shape, valid, shapely.set_precision(valid, grid, mode="pointwise")):
        try:
            return shapely.set_precision(each, grid)
        except shapely.errors.GEOSException:
            continue
    return valid


def identical(shapes: Shapes, fields: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Rows that repeat an earlier one in shape and every column: the same thing twice.

    Returns
    -------
    bool array
        True for the repetition, False for the first. Shapes count as the same whatever vertex they start at.
    """
    if not len(shapes):
        return np.zeros(0, dtype=bool)
    measure = pd.DataFrame(shapely.bounds(shapes)).round(3)
    suspect = measure.duplicated(keep=False).to_numpy()
    again = np.zeros(len(shapes), dtype=bool)
    if not suspect.any():
        return again
    rows = np.flatnonzero(suspect)
    table = fields.iloc[rows].astype(str).reset_index(drop=True)
    table["\0shape"] = shapely.to_wkb(shapely.normalize(snapped(shapes[rows], 0.001)))
    again[rows] = table.duplicated().to_numpy()
    return again


def _note(code: str, rows: npt.NDArray[np.bool_], fids: Ids, title: str) -> list[Note]:
    if not rows.any():
        return []
    named: Sequence[int] = [int(each) for each in fids[rows][:MOST_NAMED]]
    return [Note(code, {"count": int(rows.sum())}, Severity.WARNING, layer=title, fids=tuple(named))]
