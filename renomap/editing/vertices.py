"""Corners of boundaries: all boundaries that share one move it together."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from shapely import Geometry

from renomap.editing.boundaries import settle
from renomap.editing.coverage import GRID_M, NOBODY, REACH_M, Boundaries, Claim, near, polygonal
from renomap.editing.ground import boundaries
from renomap.editing.schemes import active_scheme, area_name, require_open
from renomap.editing.slender import CORNER_M
from renomap.errors import RenomapError
from renomap.model.change import ChangeSet
from renomap.model.project import Project
from renomap.model.scheme import Scheme

Place = tuple[float, float]
Coordinates = npt.NDArray[np.float64]
#: Corners nearer than this are one.
SAME_M: Final = REACH_M


def move_vertex(
    project: Project,
    area: int,
    at: Place,
    to: Place,
    outlines: gpd.GeoSeries,
    *,
    may_join: pd.Series[bool] | None = None,
) -> ChangeSet:
    """Move the corner of a boundary that lies at a place; boundaries that share the corner move with it.

    They are drawn from then on. Other areas in the way are cut, members follow as in ``boundaries.draw``.

    Parameters
    ----------
    at, to : (x, y) in project coordinates; ``at`` within 1 cm of the corner
    outlines : GeoSeries, index area id, boundaries as they are shown now

    Errors
    ------
    ``editing.no-vertex``, ``editing.self-crossing`` (a boundary would cross itself), ``editing.needle``,
    ``editing.locked`` (the area, or another one that shares the corner), ``editing.no-area``.
    """
    return _edit(project, area, at, to, outlines, "editing.step-vertex", may_join)


def remove_vertex(
    project: Project,
    area: int,
    at: Place,
    outlines: gpd.GeoSeries,
    *,
    may_join: pd.Series[bool] | None = None,
) -> ChangeSet:
    """Remove a corner; boundaries that share it lose it together.

    Errors: as ``move_vertex``, ``editing.last-vertices``, ``editing.junction`` (the boundaries part there, so
    that without the corner ground between them would be lost).
    """
    return _edit(project, area, at, None, outlines, "editing.step-remove-vertex", may_join)


def add_vertex(
    project: Project,
    area: int,
    at: Place,
    to: Place,
    outlines: gpd.GeoSeries,
    *,
    may_join: pd.Series[bool] | None = None,
) -> ChangeSet:
    """Put a corner into the border at a place and move it; boundaries that share the border get it too.

    Errors: ``editing.no-edge``, else as ``move_vertex``.
    """
    scheme = active_scheme(project)
    require_open(scheme, [area])
    current = boundaries(scheme, outlines)
    spot = shapely.Point(at)
    if area not in _passing(current, spot):
        raise RenomapError("editing.no-edge")
    current[area] = _inserted(current[area], np.array(at))
    return _moved(project, scheme, current, area, at, to, "editing.step-add-vertex", may_join)


def corners(shape: Geometry) -> Coordinates:
    """Corners of a boundary without the repeated first one, (n, 2): where handles are shown."""
    rings = _rings(shape)
    return np.concatenate([ring[:-1] for ring in rings]) if rings else np.zeros((0, 2))


def bent(shape: Geometry, at: Place, to: Place) -> Geometry:
    """A boundary with what lies at a place moved: a corner, or one that is put into the line there.

    Only to be looked at: neighbours are not asked, nor whether it crosses itself.
    """
    spot = np.array(at)
    return _replaced(_inserted(shape, spot), spot, np.array(to))


def arms(shape: Geometry, at: Place) -> tuple[Place, ...]:
    """The corners before and after a place on a boundary: where the lines lead that a hand pulls there."""
    spot = np.array(at)
    found: list[Place] = []
    for ring in _rings(_inserted(shape, spot)):
        places = ring[:-1]
        for k in np.flatnonzero(np.hypot(*(places - spot).T) <= SAME_M).tolist():
            for other in (places[k - 1], places[(k + 1) % len(places)]):
                found.append((float(other[0]), float(other[1])))
    return tuple(found)


def _edit(
    project: Project,
    area: int,
    at: Place,
    to: Place | None,
    outlines: gpd.GeoSeries,
    code: str,
    may_join: pd.Series[bool] | None,
) -> ChangeSet:
    scheme = active_scheme(project)
    require_open(scheme, [area])
    return _moved(project, scheme, boundaries(scheme, outlines), area, at, to, code, may_join)


def _moved(
    project: Project,
    scheme: Scheme,
    current: Boundaries,
    area: int,
    at: Place,
    to: Place | None,
    code: str,
    may_join: pd.Series[bool] | None,
) -> ChangeSet:
    spot = np.array(at)
    if area not in current or np.hypot(*(corners(current[area]) - spot).T).min() > SAME_M:
        raise RenomapError("editing.no-vertex")
    sharing = _passing(current, shapely.Point(at))
    require_open(scheme, sharing)
    sharing = _noded(sharing, current, spot)
    if to is None and len({_beside(shape, spot) for shape in sharing.values()}) > 1:
        raise RenomapError("editing.junction")
    place = None if to is None else _landing(sharing, current, spot, np.array(to))
    new = {other: _replaced(shape, spot, place) for other, shape in sharing.items()}
    for other, shape in new.items():
        if not shapely.is_valid(shape):
            raise RenomapError("editing.self-crossing", name=area_name(scheme, other))
    # What all of them leave is open ground; what one takes from another is its gain alone.
    left = [Claim(NOBODY, _beyond(current[one], new[one]), frozenset({one})) for one in sorted(new)]
    gains = [Claim(one, _beyond(new[one], current[one])) for one in sorted(new)]
    return settle(project, scheme, current, area, left + gains, code, may_join)


def _landing(sharing: Boundaries, current: Boundaries, spot: Coordinates, to: Coordinates) -> Coordinates:
    """Where a corner comes to lie: on another one where a hand can mean no difference, else on the grid."""
    around = near(current, [*sharing.values(), shapely.buffer(shapely.Point(to), CORNER_M)])
    places = np.concatenate([corners(shape) for shape in around.values()])
    places = places[np.hypot(*(places - spot).T) > SAME_M]
    away = np.hypot(*(places - to).T)
    if len(away) and away.min() < CORNER_M:
        return np.asarray(places[away.argmin()], dtype=float)
    return np.asarray(np.round(to / GRID_M) * GRID_M, dtype=float)


def _passing(current: Boundaries, spot: Geometry) -> dict[int, Geometry]:
    """Boundaries that pass through a place, with a corner there or without."""
    rims = {area: shapely.boundary(shape) for area, shape in near(current, [spot]).items()}
    return {area: current[area] for area, rim in rims.items() if shapely.distance(rim, spot) <= SAME_M}


def _noded(sharing: Boundaries, current: Boundaries, spot: Coordinates) -> dict[int, Geometry]:
    """Boundaries with a corner wherever a neighbour has one: only what is shared moves together."""
    around = near(current, sharing.values())
    places = np.unique(np.concatenate([spot[None], *(corners(shape) for shape in around.values())]), axis=0)
    return {area: _inserted(shape, places) for area, shape in sharing.items()}


def _beside(shape: Geometry, spot: Coordinates) -> frozenset[Place]:
    """The corners before and after the one at a place, whatever the direction of the ring."""
    found: set[Place] = set()
    for ring in _rings(shape):
        open_ring = np.round(ring[:-1] / SAME_M) * SAME_M
        for at in np.flatnonzero(np.hypot(*(ring[:-1] - spot).T) <= SAME_M).tolist():
            found |= {tuple(open_ring[k % len(open_ring)].tolist()) for k in (at - 1, at + 1)}
    return frozenset(found)


def _beyond(one: Geometry, other: Geometry) -> Geometry:
    return polygonal(shapely.difference(one, other))


def _rings(shape: Geometry) -> list[Coordinates]:
    rings = shapely.get_rings(shapely.get_parts(shape))
    return [shapely.get_coordinates(ring) for ring in rings]


def _replaced(shape: Geometry, spot: Coordinates, to: Coordinates | None) -> Geometry:
    """The boundary with the corner at ``spot`` moved, or left out where ``to`` is None."""

    def ring(points: Coordinates) -> Coordinates:
        hit = np.hypot(*(points - spot).T) <= SAME_M
        if not hit.any():
            return points
        if to is not None:
            return np.where(hit[:, None], to, points)
        kept = points[:-1][~hit[:-1]]
        if len(kept) < 3:
            raise RenomapError("editing.last-vertices")
        return np.concatenate([kept, kept[:1]])

    return _rebuilt(shape, ring)


def _inserted(shape: Geometry, places: Coordinates) -> Geometry:
    """The boundary with a corner at each place, (2,) or (k, 2), that a ring passes and where none is yet."""
    wanted = places.reshape(-1, 2)

    def ring(points: Coordinates) -> Coordinates:
        line, spots = shapely.linestrings(points), shapely.points(wanted)
        known = shapely.STRtree(shapely.points(points)).query(spots, "dwithin", SAME_M)[0]
        fresh = shapely.dwithin(line, spots, SAME_M)
        fresh[known] = False
        if not fresh.any():
            return points
        along = shapely.line_locate_point(line, spots[fresh])
        order = np.argsort(along, kind="stable")
        order = order[np.diff(along[order], prepend=-np.inf) > SAME_M]  # two places at one corner are one
        reached = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
        at = np.clip(np.searchsorted(reached, along[order], side="right"), 1, len(points) - 1)
        return np.insert(points, at, wanted[fresh][order], axis=0)

    return _rebuilt(shape, ring)


def _rebuilt(shape: Geometry, ring: Callable[[Coordinates], Coordinates]) -> Geometry:
    parts = []
    for part in shapely.get_parts(shape):
        shell, *holes = [ring(points) for points in _rings(part)]
        parts.append(shapely.Polygon(shell, holes))
    return parts[0] if len(parts) == 1 else shapely.multipolygons(parts)
