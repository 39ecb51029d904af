"""Paint: neighbourhoods change areas; what is locked stays, drawn boundaries follow."""

from __future__ import annotations

from collections.abc import Iterable

import geopandas as gpd
import numpy as np

from renomap.editing.ground import bring_ground
from renomap.editing.schemes import (
    NewArea,
    active_scheme,
    area_name,
    change,
    free_area_id,
    known_fids,
    movable,
    require_open,
    with_area,
    with_members,
)
from renomap.model.change import ChangeSet
from renomap.model.project import Project
from renomap.model.scheme import UNASSIGNED


def paint(
    project: Project,
    fids: Iterable[int],
    area: int | NewArea,
    *,
    territories: gpd.GeoSeries | None = None,
    only_unassigned: bool = False,
) -> ChangeSet:
    """Put neighbourhoods into an area.

    Members of locked areas are skipped. Strokes of one gesture are joined by ``ChangeSet.merge``: the first
    touch keeps what was before.

    Parameters
    ----------
    fids : neighbourhoods, in any order, repeated or not
    area : int or NewArea
        An id, 0 = out of every area, or the area to be created; it takes ``schemes.free_area_id``.
    territories : GeoSeries, index fid, optional
        Ground of each neighbourhood (``grouping.territories``): with it, drawn boundaries that lose or gain a
        member lose or gain its territory. Without it they stay as they are.
    only_unassigned : bool
        Take only neighbourhoods that are in no area.

    Returns
    -------
    ChangeSet
        ``editing.step-paint``, ``editing.step-erase`` or ``editing.step-new-area``; empty where nothing
        changes.

    Errors
    ------
    ``editing.no-scheme``, ``editing.no-area``, ``editing.locked``, ``editing.no-neighbourhood``.
    """
    scheme = active_scheme(project)
    if not isinstance(area, NewArea) and area != UNASSIGNED:
        require_open(scheme, [area])
    index = movable(scheme, known_fids(scheme, fids))
    if isinstance(area, NewArea):
        target, code = free_area_id(scheme), "editing.step-new-area"
    else:
        target, code = int(area), "editing.step-paint" if area else "editing.step-erase"
    former = scheme.assignment.loc[index].to_numpy()
    wanted = (former == UNASSIGNED) if only_unassigned else (former != target)
    index = index[wanted]
    if len(index) == 0:
        return ChangeSet(code)
    after = scheme
    if territories is not None:
        rows = project.neighbourhoods
        assert rows is not None  # a scheme has neighbourhoods
        after = bring_ground(after, index.to_numpy(dtype=np.int64), target, rows.frame.geometry, territories)
    if isinstance(area, NewArea):
        after = with_area(after, target, area)
    after = with_members(after, index, target)
    return change(project, after, code, name=area_name(after, target), count=len(index))


def erase(project: Project, fids: Iterable[int], *, territories: gpd.GeoSeries | None = None) -> ChangeSet:
    """Take neighbourhoods out of their areas; see ``paint``."""
    return paint(project, fids, UNASSIGNED, territories=territories)
