"""Boundaries of a scheme as they are now, and how drawn ones follow what changes hands."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from shapely import Geometry

from renomap.editing.coverage import NOBODY, Boundaries, Claim, near, transfer
from renomap.editing.schemes import DERIVED, DRAWN, locked_areas
from renomap.model.scheme import UNASSIGNED, Scheme

#: A neighbourhood belongs to the boundary that holds more than this share of its surface.
MAJORITY = 0.5
#: Shares are not exact: this much is no difference.
HALF = 1e-6


def drawn_boundaries(scheme: Scheme) -> dict[int, Geometry]:
    """Boundaries drawn by hand, by area id."""
    rows = zip(scheme.areas.index, scheme.areas["kind"], scheme.areas.geometry.to_numpy(), strict=True)
    return {int(area): shape for area, kind, shape in rows if kind == DRAWN and shape is not None}


def boundaries(scheme: Scheme, outlines: gpd.GeoSeries) -> dict[int, Geometry]:
    """The boundary of every area: as drawn, else the outline given.

    ``outlines`` has the index area id; areas that it lacks and nobody drew have no ground.
    """
    found = {
        int(area): shape
        for area, shape in outlines.items()
        if area in scheme.areas.index and shape is not None and not shape.is_empty
    }
    return found | drawn_boundaries(scheme)


def resettle(
    scheme: Scheme,
    current: Boundaries,
    claims: Sequence[Claim],
    *,
    becoming: Collection[int] = (),
    given_up: Collection[int] = (),
) -> tuple[Scheme, dict[int, Geometry]]:
    """The scheme after claims on ground.

    Only boundaries that are drawn, and those of ``becoming``, are stored; derived ones give way by
    themselves, as their outlines leave out what is drawn. Locked areas keep their ground whether drawn or
    derived.

    Parameters
    ----------
    current : boundaries of all areas
    becoming : areas whose boundary is drawn from now on
    given_up : areas that own nothing before the claims (redrawn from nothing)

    Returns
    -------
    scheme
        With the new drawn boundaries; an area that lost all of its own is derived again.
    new : dict
        Boundaries, after the claims, of all areas that took part.
    """
    locked = locked_areas(scheme)
    drawn = drawn_boundaries(scheme)
    concerned = [item.ground for item in claims] + [current[area] for area in becoming if area in current]
    keeping = {
        area: shape
        for area, shape in current.items()
        if (area in drawn or area in becoming or area in locked) and area not in given_up
    }
    kept = near(keeping, concerned)
    new = transfer(kept, claims, locked)
    # A border that got a new corner needs it on its other side as well: go on until nobody else is concerned.
    while wider := _beside_changed(keeping, kept, new):
        kept |= wider
        new = transfer(kept, claims, locked)
    stored = {area: new.get(area) for area in {*kept, *becoming} if area in drawn or area in becoming}
    return _store(scheme, stored), new


def _beside_changed(keeping: Boundaries, kept: Boundaries, new: Boundaries) -> dict[int, Geometry]:
    """Boundaries that were left out of the net though they lie beside one that has changed in it."""
    changed = [
        shape
        for area, shape in kept.items()
        if area not in new or not shapely.equals_identical(shapely.normalize(shape), new[area])
    ]
    return {area: shape for area, shape in near(keeping, changed).items() if area not in kept}


def _store(scheme: Scheme, stored: Mapping[int, Geometry | None]) -> Scheme:
    if not stored:
        return scheme
    areas = scheme.areas.copy()
    shapes = np.array(areas.geometry.array, dtype=object)
    kinds = areas["kind"].array.copy()
    for area, shape in stored.items():
        at = areas.index.get_loc(area)
        shapes[at] = shape
        kinds[at] = DERIVED if shape is None else DRAWN
    areas["kind"] = pd.Series(kinds, index=areas.index)
    areas = areas.set_geometry(gpd.GeoSeries(shapes, index=areas.index, crs=areas.crs))
    return replace(scheme, areas=areas)


def shares(neighbourhoods: gpd.GeoSeries, fids: pd.Index[int], grounds: Boundaries) -> pd.DataFrame:
    """How much of each neighbourhood's surface each boundary holds: index fid, a column per area id, 0..1."""
    shapes = neighbourhoods.loc[fids].to_numpy()
    size = np.maximum(shapely.area(shapes), np.finfo(float).tiny)
    table = {}
    for area, ground in grounds.items():
        shapely.prepare(ground)
        met = np.flatnonzero(shapely.intersects(ground, shapes))
        share = np.zeros(len(shapes))
        share[met] = shapely.area(shapely.intersection(shapes[met], ground)) / size[met]
        table[area] = share
    return pd.DataFrame(table, index=fids)


def holders(
    neighbourhoods: gpd.GeoSeries, fids: pd.Index[int], grounds: Boundaries, now: pd.Series[int] | None = None
) -> pd.Series[int]:
    """The area whose boundary holds the majority of each neighbourhood's surface; 0 where none does.

    With ``now`` (index fid, area ids) a neighbourhood of which its own area holds just half stays there.
    """
    table = shares(neighbourhoods, fids, grounds)
    if table.shape[1] == 0 or len(table) == 0:
        return pd.Series(UNASSIGNED, index=fids, dtype="int64")
    values = table.to_numpy()
    if now is not None:
        values = values + HALF * (table.columns.to_numpy() == now.loc[fids].to_numpy()[:, None])
    best = values.argmax(axis=1)
    area = table.columns.to_numpy(dtype=np.int64)[best]
    held = np.where(values.max(axis=1) > MAJORITY, area, UNASSIGNED)
    return pd.Series(held, index=fids, dtype="int64")


def touched(neighbourhoods: gpd.GeoSeries, grounds: Sequence[Geometry]) -> pd.Index[int]:
    """Fids of the neighbourhoods with surface on some ground, ascending."""
    things = np.array([shape for shape in grounds if not shape.is_empty], dtype=object)
    if len(things) == 0:
        return _fids(neighbourhoods, np.zeros(0, dtype=np.intp))
    _, met = neighbourhoods.sindex.query(things, predicate="intersects")
    return _fids(neighbourhoods, np.unique(met))


def _fids(neighbourhoods: gpd.GeoSeries, positions: npt.NDArray[np.intp]) -> pd.Index[int]:
    found: pd.Index[int] = neighbourhoods.index[positions]
    return found


def bring_ground(
    scheme: Scheme,
    fids: npt.NDArray[np.int64],
    target: int,
    neighbourhoods: gpd.GeoSeries,
    territories: gpd.GeoSeries,
) -> Scheme:
    """Painted neighbourhoods bring their territories: drawn boundaries shrink and grow with them.

    A drawn boundary gives ground only if the neighbourhood was its member or lay in it for the most part, so
    that painting beside a boundary does not nibble at it. ``scheme`` is that before the painting.
    """
    drawn = drawn_boundaries(scheme)
    if not drawn or len(fids) == 0:
        return scheme
    index = pd.Index(fids)
    givers = set(scheme.assignment.loc[index].tolist()) & set(drawn)
    lie_in = holders(neighbourhoods, index, drawn)
    givers |= set(lie_in.tolist())
    givers -= {target, *locked_areas(scheme)}
    receiver = target if target in drawn else NOBODY
    if not (givers - {NOBODY}) and receiver == NOBODY:
        return scheme
    ground = shapely.union_all(territories.reindex(index).dropna().to_numpy())
    claim = Claim(receiver, ground, frozenset(givers | {NOBODY}))
    return resettle(scheme, drawn, [claim])[0]
