"""Whole areas: lock, rename, recolour, merge, dissolve, split by choosing members."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from renomap.editing.coverage import Boundaries, Claim
from renomap.editing.graph import Graph, pieces
from renomap.editing.ground import boundaries, drawn_boundaries, resettle
from renomap.editing.schemes import (
    DRAWN,
    NewArea,
    active_scheme,
    area_name,
    change,
    free_area_id,
    known_fids,
    members,
    require_area,
    require_open,
    with_area,
    with_members,
    with_values,
    without_areas,
)
from renomap.errors import RenomapError
from renomap.model.change import ChangeSet
from renomap.model.project import Project
from renomap.model.scheme import UNASSIGNED, Scheme


def lock(project: Project, area: int, locked: bool = True) -> ChangeSet:
    """Lock an area against every edit but its name, colour and note, or open it again."""
    return _set(project, area, "editing.step-lock" if locked else "editing.step-unlock", locked=locked)


def rename(project: Project, area: int, name: str) -> ChangeSet:
    """Give an area another name; '' = named from the ground. Names may be equal, ids are not."""
    return _set(project, area, "editing.step-rename", name=name.strip())


def recolour(project: Project, area: int, colour: str) -> ChangeSet:
    """Give an area another colour, '#rrggbb'. Raises ValueError for anything else."""
    if len(colour) != 7 or colour[0] != "#" or not all(c in "0123456789abcdefABCDEF" for c in colour[1:]):
        raise ValueError(f"not a colour: {colour!r}")
    return _set(project, area, "editing.step-recolour", colour=colour.lower())


def annotate(project: Project, area: int, *, status: str | None = None, note: str | None = None) -> ChangeSet:
    """Set status or note of an area; None leaves it."""
    given = {name: value for name, value in (("status", status), ("note", note)) if value is not None}
    return _set(project, area, "editing.step-annotate", **given)


def dissolve(project: Project, areas: Iterable[int]) -> ChangeSet:
    """Remove areas; their neighbourhoods are in no area afterwards.

    Errors: ``editing.no-area``, ``editing.locked``.
    """
    scheme = active_scheme(project)
    gone = sorted(set(areas))
    require_open(scheme, gone)
    names = tuple(area_name(scheme, area) for area in gone)
    freed = scheme.assignment.index[scheme.assignment.isin(gone).to_numpy()]
    after = without_areas(with_members(scheme, freed, UNASSIGNED), gone)
    return change(project, after, "editing.step-dissolve", name=names, count=len(gone))


def merge(project: Project, areas: Iterable[int], outlines: gpd.GeoSeries | None = None) -> ChangeSet:
    """Make one area of several: the one with most households keeps id, name, colour and note.

    Households count as known; ties go to the area with more neighbourhoods, then to the smaller id. Where
    one of the areas was drawn, so is the result: the union of all their boundaries.

    Parameters
    ----------
    areas : ids of two or more areas
    outlines : GeoSeries, index area id
        Boundaries of the areas that are not drawn; needed only where another one is.

    Errors
    ------
    ``editing.merge-one``, ``editing.no-area``, ``editing.locked``.
    """
    scheme = active_scheme(project)
    chosen = sorted({int(area) for area in areas})
    if len(chosen) < 2:
        raise RenomapError("editing.merge-one")
    require_open(scheme, chosen)
    kept = max(chosen, key=lambda area: (*_size(project, scheme, area), -area))
    gone = [area for area in chosen if area != kept]
    after = scheme
    drawn = drawn_boundaries(scheme)
    if any(area in drawn for area in chosen):
        current: Boundaries = drawn if outlines is None else boundaries(scheme, outlines)
        given = [Claim(kept, current[area]) for area in chosen if area in current]
        after, _ = resettle(scheme, current, given, becoming=[kept], given_up=gone)
    moved = scheme.assignment.index[scheme.assignment.isin(gone).to_numpy()]
    after = without_areas(with_members(after, moved, kept), gone)
    return change(project, after, "editing.step-merge", name=area_name(scheme, kept), count=len(chosen))


def split(project: Project, area: int, fids: Iterable[int], new: NewArea, graph: Graph) -> ChangeSet:
    """Split a derived area: some of its members become a new area.

    The part with more households keeps the id and the name; ``new`` dresses the other, whichever it is. A
    drawn area is split by a line (``splitting.split_by_line``).

    Errors
    ------
    ``editing.split-all`` (one part would be empty), ``editing.split-foreign`` (not all are members),
    ``editing.split-torn`` (a part would not be in one piece), ``editing.split-drawn``, ``editing.no-area``,
    ``editing.locked``.
    """
    scheme = active_scheme(project)
    require_open(scheme, [area])
    if scheme.areas.at[area, "kind"] == DRAWN:
        raise RenomapError("editing.split-drawn", name=area_name(scheme, area))
    chosen, own = known_fids(scheme, fids), members(scheme, area)
    if len(chosen.difference(own)):
        raise RenomapError("editing.split-foreign", name=area_name(scheme, area))
    leaving = leaving_part(project, graph, area, chosen, own.difference(chosen))
    number = free_area_id(scheme)
    after = with_members(with_area(scheme, number, new, like=area), leaving, number)
    return change(project, after, "editing.step-split", name=area_name(scheme, area), count=len(leaving))


def leaving_part(
    project: Project, graph: Graph, area: int, one: pd.Index[int], two: pd.Index[int]
) -> pd.Index[int]:
    """Of two parts of an area the smaller, which takes a new id; refused where a part is empty or torn."""
    scheme = active_scheme(project)
    name = area_name(scheme, area)
    if len(one) == 0 or len(two) == 0:
        raise RenomapError("editing.split-all", name=name)
    for part in (one, two):
        loose = pieces(graph.near, graph.positions(part).tolist())[1:]
        if loose:
            count = sum(len(piece) for piece in loose)
            raise RenomapError("editing.split-torn", name=name, count=count)
    first, second = (_weight(project, part) for part in (one, two))
    return one if first < second else two


def _set(project: Project, area: int, code: str, **values: Any) -> ChangeSet:
    scheme = active_scheme(project)
    require_area(scheme, area)
    name = area_name(scheme, area)
    return change(project, with_values(scheme, area, **values), code, name=name)


def _size(project: Project, scheme: Scheme, area: int) -> tuple[float, int]:
    return _weight(project, members(scheme, area))


def _weight(project: Project, fids: pd.Index[int]) -> tuple[float, int]:
    """Known households of neighbourhoods, then their number."""
    rows = project.neighbourhoods
    if rows is None or "households" not in rows.frame.columns:
        return 0.0, len(fids)
    return float(np.nansum(rows.frame["households"].reindex(fids).to_numpy(dtype=float))), len(fids)
