"""The list of problems: every rule that a scheme breaks, each with a fix where there is one."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from renomap.editing import rules as area_rules
from renomap.editing.areas import dissolve
from renomap.editing.assign import erase, paint
from renomap.editing.findings import (
    CUT,
    EMPTY,
    LEFT_ALONE,
    LEFT_OVER,
    LINE_CROSSED,
    OUTSIDE,
    PARTS,
    TORN,
    TORN_BY,
    Finding,
)
from renomap.editing.graph import Graph, pieces
from renomap.editing.ground import MAJORITY, drawn_boundaries, shares
from renomap.editing.rules import AreaRules
from renomap.editing.schemes import active_scheme, area_name, locked_areas
from renomap.editing.tally import Tally
from renomap.model.change import ChangeSet, apply
from renomap.model.note import Severity
from renomap.model.project import Project
from renomap.model.scheme import UNASSIGNED

#: A boundary that leaves less of a neighbourhood outside does not cut it: digitising is not better.
WHOLE = 0.98


@dataclass(frozen=True)
class Context:
    """What the checks know besides the project.

    Parameters
    ----------
    graph : Graph
    counted : Tally
        Totals of the active scheme as it is.
    rules : AreaRules
    eligible : Series of bool, index fid, optional
        Neighbourhoods that may be in an area; missing = may. Only these can be left over.
    territories : GeoSeries, index fid, optional
        Handed to ``assign.paint`` in the fixes.
    """

    graph: Graph
    counted: Tally
    rules: AreaRules
    eligible: pd.Series[bool] | None = None
    territories: gpd.GeoSeries | None = None


def problems(project: Project, context: Context, areas: Collection[int] | None = None) -> tuple[Finding, ...]:
    """Every rule that the active scheme breaks.

    Parameters
    ----------
    areas : ids, optional
        Only these areas; neighbourhoods left over are then not looked for. None = the whole scheme.

    Returns
    -------
    tuple of Finding
        By area id, then by rule; neighbourhoods left over at the end. A fix is worked out for what is torn,
        empty, or outside its boundary; it is never given where the area is locked.
    """
    scheme = active_scheme(project)
    labels = context.graph.labels(scheme.assignment)
    order = np.argsort(labels, kind="stable")
    start = np.searchsorted(labels[order], np.unique(labels))
    groups = dict(zip(np.unique(labels).tolist(), np.split(order, start[1:]), strict=True))
    chosen = sorted({*scheme.areas.index.tolist(), *groups} - {UNASSIGNED})
    found: list[Finding] = []
    for area in chosen:
        if areas is None or area in areas:
            found += _of_area(project, context, area, groups.get(area, order[:0]), labels)
    found += _of_boundaries(project, areas)
    found.sort(key=lambda item: item.area)
    if areas is None:
        found += _left_over(project, context, groups.get(UNASSIGNED, order[:0]), labels)
    return tuple(found)


def _of_area(
    project: Project,
    context: Context,
    area: int,
    units: npt.NDArray[np.intp],
    labels: npt.NDArray[np.int64],
) -> Iterable[Finding]:
    scheme = active_scheme(project)
    locked = area in locked_areas(scheme)
    if len(units) == 0:
        fix = None if locked else replace(dissolve(project, [area]), code="editing.fix-dissolve")
        yield Finding(EMPTY, area, params={"name": area_name(scheme, area)}, severity=Severity.INFO, fix=fix)
        return
    rules, members = context.rules, units.tolist()
    for item in area_rules.connection(context.graph, rules, area, members):
        torn = item.code in (TORN, TORN_BY, LINE_CROSSED)
        yield (replace(item, fix=_mended(project, context, members, labels)) if torn and not locked else item)
    yield from area_rules.sizes(rules, context.counted, area)
    yield from area_rules.walk(context.graph, rules, area, members)


def _mended(
    project: Project, context: Context, members: list[int], labels: npt.NDArray[np.int64]
) -> ChangeSet | None:
    """Each loose piece goes to the unlocked area with which it has most frontage, else out of the area."""
    graph, closed = context.graph, locked_areas(active_scheme(project))
    smaller = sorted(pieces(graph.near, members), key=lambda piece: _weight(context, piece))[:-1]
    moves: dict[int, list[int]] = {}
    for piece in smaller:
        beside = graph.frontage_to(piece, labels)
        open_to = {other: metres for other, metres in beside.items() if other not in closed}
        best = max(open_to, key=lambda other: (open_to[other], -other), default=UNASSIGNED)
        moves.setdefault(best, []).extend(graph.fids[piece].tolist())
    return _painted(project, context, moves)


def _weight(context: Context, piece: list[int]) -> tuple[int, int, int]:
    """Households of a piece, its size, and the smallest position last: which piece is the area itself."""
    counted = context.counted.amounts
    households = 0
    if "households" in counted.names:
        households = int(counted.rows[piece, counted.column("households")].sum())
    return households, len(piece), -piece[0]


def _painted(project: Project, context: Context, moves: dict[int, list[int]]) -> ChangeSet | None:
    """One change for several moves, named after the largest."""
    joined: ChangeSet | None = None
    for area, fids in sorted(moves.items(), key=lambda move: (-len(move[1]), move[0])):
        if area == UNASSIGNED:
            step = replace(erase(project, fids, territories=context.territories), code="editing.fix-release")
        else:
            step = replace(
                paint(project, fids, area, territories=context.territories), code="editing.fix-join"
            )
        project = apply(project, step)
        joined = step if joined is None else joined.merge(step)
    return joined or None


def _of_boundaries(project: Project, areas: Collection[int] | None) -> Iterable[Finding]:
    """Neighbourhoods that a drawn boundary cuts or leaves out, and boundaries in several parts."""
    scheme, layer = active_scheme(project), project.neighbourhoods
    drawn = drawn_boundaries(scheme)
    if not drawn or layer is None:
        return
    rows = layer.frame
    for area, shape in drawn.items():
        if areas is not None and area not in areas:
            continue
        name = area_name(scheme, area)
        parts = len(shapely.get_parts(shape))
        if parts > 1:
            yield Finding(PARTS, area, params={"name": name, "parts": parts})
        met = rows.index[rows.sindex.query(shape, predicate="intersects")]
        own = scheme.assignment.index[scheme.assignment.to_numpy() == area].intersection(rows.index)
        fids = met.union(own)
        share = shares(rows.geometry, fids, {area: shape})[area]
        for fid, inside in zip(fids.tolist(), share.tolist(), strict=True):
            member = fid in own
            params: dict[str, Any] = {
                "name": name,
                "unit": _unit_name(rows, fid),
                "fid": fid,
                "share": round(100 * inside),
            }
            if member and inside <= MAJORITY:
                fix = None
                if area not in locked_areas(scheme):
                    fix = replace(erase(project, [fid]), code="editing.fix-release")
                yield Finding(OUTSIDE, area, (fid,), params, fix=fix)
            elif 1 - WHOLE < inside < WHOLE and (member or inside > MAJORITY):
                yield Finding(CUT, area, (fid,), params)


def _left_over(
    project: Project, context: Context, units: npt.NDArray[np.intp], labels: npt.NDArray[np.int64]
) -> Iterable[Finding]:
    """Eligible neighbourhoods in no area, a finding for each connected piece of them."""
    scheme, graph = active_scheme(project), context.graph
    if context.eligible is not None:
        allowed = context.eligible.reindex(graph.fids, fill_value=True).to_numpy(dtype=bool)
        units = units[allowed[units]]
    closed = locked_areas(scheme)
    for piece in pieces(graph.near, units.tolist()):
        fids = tuple(sorted(graph.fids[piece].tolist()))
        beside = graph.frontage_to(piece, labels)
        open_to = {other: metres for other, metres in beside.items() if other not in closed}
        if not open_to:
            yield Finding(LEFT_ALONE, fids=fids, params={"count": len(fids)}, severity=Severity.INFO)
            continue
        best = max(open_to, key=lambda other: (open_to[other], -other))
        params = {"count": len(fids), "name": area_name(scheme, best)}
        fix = _painted(project, context, {best: list(fids)})
        yield Finding(LEFT_OVER, fids=fids, params=params, severity=Severity.INFO, fix=fix)


def _unit_name(rows: gpd.GeoDataFrame, fid: int) -> str:
    name = rows.at[fid, "name"] if "name" in rows.columns else None
    return name if isinstance(name, str) and name else "outputs.unnamed"  # worded with ``fid``
