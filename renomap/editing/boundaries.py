"""Draw and reshape boundaries: ground changes hands along shared borders, and the members follow it."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
import shapely.ops
from shapely import Geometry

from renomap.editing.coverage import (
    GRID_M,
    NOBODY,
    REACH_M,
    Boundaries,
    Claim,
    near,
    net,
    on_grid,
    united,
)
from renomap.editing.ground import boundaries, holders, resettle, touched
from renomap.editing.schemes import (
    DERIVED,
    NewArea,
    active_scheme,
    area_name,
    change,
    free_area_id,
    locked_areas,
    members,
    require_open,
    with_area,
    with_members,
    with_values,
)
from renomap.editing.slender import drawn_to_corners, require_broad
from renomap.errors import RenomapError
from renomap.model.change import ChangeSet
from renomap.model.project import Project
from renomap.model.scheme import UNASSIGNED, Scheme

#: A smaller outline is a slip of the mouse, square metres.
LEAST_M2 = 1.0
#: Borders shared over less than this do not make two areas neighbours, metres.
LEAST_SHARED_M = 0.05
#: Nor does less than this part of the border of ground that is given up.
LEAST_PART = 0.1
#: An area that loses less ground than this keeps its derived outline, square metres.
TRIFLE_M2 = 0.01


def draw(
    project: Project,
    outline: Geometry,
    area: int | NewArea,
    outlines: gpd.GeoSeries,
    *,
    may_join: pd.Series[bool] | None = None,
) -> ChangeSet:
    """Draw the boundary of a new area, or draw that of an area anew.

    The boundary is the outline without the ground of locked areas; drawn boundaries in its way are cut,
    derived ones give way by themselves. Members are the neighbourhoods with the majority of their surface
    inside; former members of the area that are not leave it.

    Parameters
    ----------
    outline : Polygon in project coordinates
    area : int or NewArea
    outlines : GeoSeries, index area id
        Boundaries as they are shown now (``Plan.areas.geometry``).
    may_join : Series of bool, index fid, optional
        False for neighbourhoods that do not follow into the area (不纳入); missing = may.

    Errors
    ------
    ``editing.too-few-points``, ``editing.self-crossing``, ``editing.too-small``, ``editing.nothing-left``,
    ``editing.nothing-inside``, ``editing.needle``, ``editing.locked``, ``editing.no-area``,
    ``editing.no-scheme``.
    """
    scheme = active_scheme(project)
    shape = checked_outline(outline)
    if isinstance(area, NewArea):
        target = free_area_id(scheme)
        scheme = with_area(scheme, target, area)
    else:
        target = int(area)
        require_open(scheme, [target])
    current = boundaries(scheme, outlines)
    shape = drawn_to_corners(shape, current)
    after, new = resettle(scheme, current, [Claim(target, shape)], becoming=[target], given_up=[target])
    if target not in new:
        raise RenomapError("editing.nothing-left")
    require_broad(after, current, new)
    moved = [shape, current[target]] if target in current else [shape]
    after = _follow(project, after, new, moved, may_join, target)
    if len(members(after, target)) == 0:
        raise RenomapError("editing.nothing-inside")
    return change(project, after, "editing.step-draw", name=area_name(after, target))


def reshape(
    project: Project,
    area: int,
    line: Geometry,
    outlines: gpd.GeoSeries,
    *,
    may_join: pd.Series[bool] | None = None,
) -> ChangeSet:
    """Replace a stretch of an area's boundary by a line that crosses it at least twice.

    Where the line runs outside, the area gains the ground up to it, from the areas there or from open
    ground. Where it runs inside, the smaller side is given up: to the area with which that stretch of border
    was shared (from the point where two such areas meet, straight to the new line), else it becomes open
    ground. Areas whose border moves are drawn from then on; locked ones keep all they have.

    Parameters
    ----------
    line : LineString in project coordinates
    outlines, may_join : see ``draw``

    Errors
    ------
    ``editing.too-few-points``, ``editing.line-misses``, ``editing.needle``, ``editing.locked``,
    ``editing.no-area``.
    """
    scheme = active_scheme(project)
    require_open(scheme, [area])
    current = boundaries(scheme, outlines)
    line = drawn_to_corners(checked_line(line), current)
    if area not in current:
        raise RenomapError("editing.line-misses", name=area_name(scheme, area))
    gained, lost = _redrawn(current[area], line)
    if len(gained) + len(lost) == 0:
        raise RenomapError("editing.line-misses", name=area_name(scheme, area))
    claims = [Claim(area, piece) for piece in gained]
    for piece in lost:
        claims += _bequeath(piece, line, area, current, locked_areas(scheme))
    return settle(project, scheme, current, area, claims, "editing.step-reshape", may_join)


def derive(project: Project, area: int) -> ChangeSet:
    """Give up the drawn boundary of an area: its members decide the outline again.

    Errors: ``editing.locked``, ``editing.no-area``.
    """
    scheme = active_scheme(project)
    require_open(scheme, [area])
    after = with_values(scheme, area, kind=DERIVED, geometry=None)
    return change(project, after, "editing.step-derive", name=area_name(scheme, area))


def settle(
    project: Project,
    scheme: Scheme,
    current: Boundaries,
    area: int,
    claims: Sequence[Claim],
    code: str,
    may_join: pd.Series[bool] | None = None,
) -> ChangeSet:
    """Ground goes as claimed, every area whose border moves is drawn from now on, and members follow."""
    givers = _losers(scheme, current, area, claims)
    takers = {item.area for item in claims if item.area != NOBODY}
    after, new = resettle(scheme, current, claims, becoming={area, *givers, *takers})
    require_broad(after, current, new)
    after = _follow(project, after, new, [item.ground for item in claims], may_join)
    return change(project, after, code, name=area_name(scheme, area))


def checked_outline(outline: Geometry) -> Geometry:
    """A polygon on the grid.

    Errors: ``editing.too-few-points``, ``editing.self-crossing``, ``editing.too-small``.
    """
    if outline.is_empty or shapely.get_num_coordinates(outline) < 4:
        raise RenomapError("editing.too-few-points")
    if not shapely.is_valid(outline):
        if shapely.area(shapely.make_valid(outline)) < LEAST_M2:
            raise RenomapError("editing.too-small", least=LEAST_M2)
        raise RenomapError("editing.self-crossing")
    if shapely.area(outline) < LEAST_M2:
        raise RenomapError("editing.too-small", least=LEAST_M2)
    return on_grid(shapely.force_2d(outline))


def checked_line(line: Geometry) -> Geometry:
    """A line on the grid. Error: ``editing.too-few-points``."""
    snapped = shapely.set_precision(shapely.force_2d(line), GRID_M)
    if snapped.is_empty or shapely.get_dimensions(snapped) != 1:
        raise RenomapError("editing.too-few-points")
    return snapped


def _follow(
    project: Project,
    scheme: Scheme,
    new: Boundaries,
    moved: Sequence[Geometry],
    may_join: pd.Series[bool] | None,
    redrawn: int = UNASSIGNED,
) -> Scheme:
    """Members follow the ground that changed hands.

    A neighbourhood on that ground belongs to the boundary that holds most of it; where none does, it leaves
    an area whose boundary took part and stays in any other. Members of locked areas stay.
    """
    layer = project.neighbourhoods
    if layer is None:
        return scheme
    rows = layer.frame.geometry
    fids = touched(rows, moved).intersection(scheme.assignment.index)
    if redrawn != UNASSIGNED:
        fids = fids.union(members(scheme, redrawn)).intersection(rows.index)
    now = scheme.assignment.loc[fids]
    locked = locked_areas(scheme)
    held = holders(rows, fids, {area: shape for area, shape in new.items() if area not in locked}, now)
    not_concerned = (held == UNASSIGNED) & ~now.isin([*new, redrawn])
    target = held.where(~not_concerned, now)
    stays = now.isin(locked - {UNASSIGNED})
    if may_join is not None:
        stays |= ~may_join.reindex(fids, fill_value=True).astype(bool) & (target != UNASSIGNED)
    target = target.where(~stays, now)
    moving = fids[(target != now).to_numpy()]
    return with_members(scheme, moving, target) if len(moving) else scheme


def _losers(scheme: Scheme, current: Boundaries, area: int, claims: Sequence[Claim]) -> set[int]:
    """Areas other than ``area`` that lose ground to the claims."""
    locked = locked_areas(scheme)
    found = set()
    for item in claims:
        for other, shape in near(current, [item.ground]).items():
            if other in (area, item.area) or other in locked:
                continue
            if item.only_from is not None and other not in item.only_from:
                continue
            if shapely.area(shapely.intersection(shape, item.ground)) > TRIFLE_M2:
                found.add(other)
    return found


def _redrawn(old: Geometry, line: Geometry) -> tuple[list[Geometry], list[Geometry]]:
    """What an area gains and loses when a line replaces the boundary between its crossings."""
    faces = net([old, line])
    points = shapely.point_on_surface(faces)
    inside = shapely.intersects(old, points)
    beside = _shared_length(faces, shapely.buffer(line, REACH_M)) > LEAST_SHARED_M
    part = np.full(len(faces), -1)
    for number, shape in enumerate(shapely.get_parts(old)):
        part[shapely.intersects(shape, points)] = number
    lost = np.zeros(len(faces), dtype=bool)
    for number in np.unique(part[inside]):
        own = np.flatnonzero(inside & (part == number))
        lost[own] = True
        lost[own[np.argmax(shapely.area(faces[own]))]] = False
    kept = faces[inside & ~lost]
    if len(kept) == 0:
        return [], []
    rim = shapely.buffer(shapely.boundary(united(kept)), REACH_M)
    gained = ~inside & beside
    gained[gained] = _shared_off(faces[gained], rim, line) > LEAST_SHARED_M
    return list(faces[gained]), list(faces[lost])


def _shared_length(faces: npt.NDArray[np.object_], band: Geometry) -> npt.NDArray[np.float64]:
    return np.asarray(shapely.length(shapely.intersection(shapely.boundary(faces), band)), dtype=float)


def _shared_off(faces: npt.NDArray[np.object_], band: Geometry, line: Geometry) -> npt.NDArray[np.float64]:
    """Length of border within a band, not counting what runs along the line itself."""
    rims = shapely.difference(shapely.boundary(faces), shapely.buffer(line, REACH_M))
    return np.asarray(shapely.length(shapely.intersection(rims, band)), dtype=float)


def _turning_point(shape: Geometry, end: Geometry) -> Geometry:
    """The corner where a boundary leaves a shared border; bands find it only to about their width."""
    corner = shapely.ops.nearest_points(shapely.extract_unique_points(shape), end)[0]
    return corner if shapely.distance(corner, end) <= 5 * REACH_M else end


def _bequeath(
    piece: Geometry, line: Geometry, area: int, current: Boundaries, locked: frozenset[int]
) -> list[Claim]:
    """Who gets a piece of ground that an area gives up: the areas that shared its border with it."""
    heirs = {
        other: shapely.buffer(shape, REACH_M)
        for other, shape in near(current, [piece]).items()
        if other != area
    }
    old_rim = shapely.difference(shapely.boundary(piece), shapely.buffer(line, REACH_M))
    cuts = []
    for other, band in heirs.items():
        stretch = shapely.intersection(old_rim, band)
        if stretch.is_empty:
            continue
        stretch = stretch if stretch.geom_type == "LineString" else shapely.line_merge(stretch)
        for end in shapely.get_parts(shapely.boundary(stretch)):
            if shapely.distance(end, line) > 10 * REACH_M:
                cuts.append(shapely.shortest_line(_turning_point(current[other], end), line))
    claims = []
    for face in net([piece, *cuts]):
        rim = shapely.intersection(shapely.boundary(face), shapely.buffer(old_rim, REACH_M))
        shared = {other: shapely.length(shapely.intersection(rim, band)) for other, band in heirs.items()}
        best = max(shared, key=lambda other: (shared[other], -other), default=NOBODY)
        # a border that runs straight on to the new line parts nothing, though most of the rim was nobody's
        least = max(LEAST_SHARED_M, LEAST_PART * shapely.length(rim))
        if best != NOBODY and (shared[best] <= least or best in locked):
            best = NOBODY
        claims.append(Claim(best, face, frozenset({area})))
    return claims
